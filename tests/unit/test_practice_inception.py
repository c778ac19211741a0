"""Practice of chapter 7: every answer of every kind is what convbook and PyTorch compute."""

import itertools

import numpy as np
import pytest
import torch
from torch import nn

from convbook import cost, shapes
from convbook.blocks import InceptionModule
from convbook.explorers.practice import kinds_of
from convbook.networks.googlenet import auxiliary_head
from practice_questions import all_questions, answers
from pricing import conv_weights


@pytest.fixture(scope="module")
def asked():
    return all_questions("inception", range(25))


def weights(C, n1, r3, n3, r5, n5, p):
    with torch.device("meta"):
        module = InceptionModule(C, n1, (r3, n3), (r5, n5), p)
    return conv_weights(module), module.out_channels


def naive(C, n1, n3, n5, n):
    for _ in range(n):
        with torch.device("meta"):
            C = InceptionModule(C, n1, n3, n5).out_channels
    return [C]


def align(k, p, h, w):
    fits = [q for q in range(k) if shapes.conv_output_size(h, k, padding=q) == h]
    assert len(fits) == 1
    return *(shapes.conv_output_size(n, k, padding=p) for n in (h, w)), fits[0]


def worth(k, C, D):
    direct = cost.conv_params(C, D, k, bias=False)
    return [max(r for r in range(1, C + 1) if cost.conv_params(C, r, 1, bias=False) + cost.conv_params(r, D, k, bias=False) < direct)]


def pair(C, M, D):
    return cost.conv_params(C, D, 5, bias=False), cost.conv_params(C, M, 3, bias=False) + cost.conv_params(M, D, 3, bias=False)


def field(n, first, jump, f):
    """Every route, one by one."""
    routes = [shapes.receptive_field([(first, jump, 0, 1), *((k, 1, 0, 1) for k in route)]).size for route in itertools.product((1, 3, 5, 3), repeat=n)]
    return len(routes), max(routes), routes.count(f)


def zeros(C, n1, n3, n5):
    planes = [np.pad(np.ones((n, C, k, k)), ((0, 0), (0, 0), ((5 - k) // 2,) * 2, ((5 - k) // 2,) * 2)) for n, k in ((n1, 1), (n3, 3), (n5, 5))]
    stacked = np.concatenate(planes)
    return stacked.size, np.count_nonzero(stacked == 0)


def pooling(x, i, j, factor, bias):
    pooled = nn.MaxPool2d(3, stride=1, padding=1)(torch.tensor([x], dtype=torch.float64))
    return [factor * pooled[0, i, j].item() + bias]


def auxiliary(C, M, hidden, classes):
    with torch.device("meta"):
        head = nn.Sequential(nn.Conv2d(C, M, 1), nn.Flatten(), nn.Linear(16 * M, hidden), nn.Linear(hidden, classes))
    return [sum(p.numel() for p in head.parameters())]


ANSWERS = [weights, naive, align, worth, pair, field, zeros, pooling, auxiliary]


@pytest.mark.parametrize("compute", ANSWERS, ids=lambda compute: compute.__name__)
def test_every_answer_is_what_convbook_computes(asked, compute):
    for question in asked[compute.__name__]:
        assert answers(question) == pytest.approx(list(compute(**question["given"])), rel=1e-12), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert sorted(compute.__name__ for compute in ANSWERS) == sorted(kinds_of("inception"))


def test_googlenets_own_head_is_counted_in_the_same_way():
    with torch.device("meta"):
        head = auxiliary_head(512)
    assert [sum(p.numel() for p in head.parameters())] == auxiliary(512, 128, 1024, 1000)


def test_padding_with_zeros_would_give_another_answer(asked):
    for question in asked["pooling"]:
        g = question["given"]
        padded = np.pad(np.array(g["x"]), 1)[g["i"]:g["i"] + 3, g["j"]:g["j"] + 3].max()
        assert g["factor"] * padded + g["bias"] != answers(question)[0]


def test_maps_are_never_square_and_the_padding_never_fits_by_chance(asked):
    for question in asked["align"]:
        g = question["given"]
        assert g["h"] != g["w"] and 2 * g["p"] != g["k"] - 1
