"""Practice of chapter 2: every answer of every kind is what convbook and PyTorch compute."""

import numpy as np
import pytest
import torch
from torch import nn

from convbook import cost, ops
from convbook.blocks import ResNeXtBottleneck, ShuffleUnit
from convbook.explorers.practice import kinds_of
from practice_questions import all_questions, answers


@pytest.fixture(scope="module")
def asked():
    return all_questions("grouped")


def parameters(C, D, k, G):
    return [sum(p.numel() for p in nn.Conv2d(C, D, k, groups=G).parameters())]


def macs(C, D, k, G, s, h, w):
    return [cost.profile(nn.Conv2d(C, D, k, groups=G, stride=s, padding=1), (C, h, w)).macs]


def paths(C, D, groups):
    """Which input reaches which output, (D, C): ones for weights, a channel at a time."""
    x = np.eye(C, dtype=int)[:, :, None, None]
    return ops.conv2d(x, np.ones((D, C // groups, 1, 1), dtype=int), groups=groups)[:, :, 0, 0].T


def heard(C, D, G, d):
    read = np.flatnonzero(paths(C, D, G)[d])
    return [read[0], read[-1]]


def zeros(C, D, k, G):
    return [(paths(C, D, G) == 0).sum() * k * k]


def shuffle(g, n, p, c):
    order = nn.ChannelShuffle(g)(torch.arange(g * n).reshape(1, -1, 1, 1).float()).flatten().int().tolist()
    return [order[p], order.index(c)]


def mixing(C, M, D, g):
    first, second = paths(C, M, g), paths(M, D, g)
    order = ops.channel_shuffle(np.arange(M).reshape(M, 1, 1), g).ravel()
    mixed = (second @ first[order] > 0).sum(axis=1)
    apart = (second @ first > 0).sum(axis=1)
    assert len(set(mixed)) == len(set(apart)) == 1
    return [mixed[0], apart[0]]


def weights(module):
    return sum(p.numel() for p in module.parameters() if p.ndim == 4)


def resnext(N, C, d):
    with torch.device("meta"):
        return [weights(ResNeXtBottleneck(N, N, cardinality=C, path_width=d))]


def share(N, w, G):
    with torch.device("meta"):
        layers = [nn.Conv2d(N, w, 1, bias=False), nn.Conv2d(w, w, 3, padding=1, groups=G, bias=False), nn.Conv2d(w, N, 1, bias=False)]
        rows = cost.profile(nn.Sequential(*layers), (N, 5, 7)).rows
    return [100 * (rows[0].macs + rows[2].macs) / sum(row.macs for row in rows)]


def unit(n, o, g):
    with torch.device("meta"):
        made = ShuffleUnit(n, o, groups=g, form="c")
    return [made.expand[0].out_channels, weights(made)]


ANSWERS = [parameters, macs, heard, zeros, shuffle, mixing, resnext, share, unit]


@pytest.mark.parametrize("compute", ANSWERS, ids=lambda compute: compute.__name__)
def test_every_answer_is_what_convbook_and_pytorch_compute(asked, compute):
    for question in asked[compute.__name__]:
        assert answers(question) == pytest.approx([float(v) for v in compute(**question["given"])], rel=1e-12), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert {compute.__name__ for compute in ANSWERS} == set(kinds_of("grouped"))


def test_sides_differ_and_groups_are_real(asked):
    assert all(q["given"]["h"] != q["given"]["w"] for q in asked["macs"])
    for kind in ("parameters", "macs", "zeros", "heard"):
        assert all(q["given"]["C"] != q["given"]["D"] and q["given"]["G"] > 1 for q in asked[kind]), kind
    assert all(q["given"]["g"] != q["given"]["n"] for q in asked["shuffle"])
