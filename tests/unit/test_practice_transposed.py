"""Practice of chapter 4: every answer of every kind is what convbook and PyTorch compute."""

import numpy as np
import pytest
import torch
from torch import nn

from convbook import cost, ops, shapes
from convbook.blocks import SubPixelConv2d
from convbook.explorers.practice import kinds_of
from practice_questions import all_questions, answers


@pytest.fixture(scope="module")
def asked():
    return all_questions("transposed")


def size(h, w, k, s, p, extra, d):
    x = np.zeros((1, h, w), dtype=int)
    return ops.conv_transpose2d(x, np.zeros((1, 1, k, k), dtype=int), stride=s, padding=p, output_padding=extra, dilation=d).shape[1:]


def border(k, d, s, p, extra):
    """The zeros around 1 and 2 that make an ordinary convolution give the layer's numbers."""
    x, w = np.array([[1, 2]]), np.arange(1, k + 1).reshape(1, 1, k)
    y = ops.conv_transpose1d(x, w, stride=s, padding=p, output_padding=extra, dilation=d)
    spread = np.zeros((1, s + 1), dtype=int)
    spread[:, ::s] = x
    found = [(s - 1, before, after) for before in range(d * k + 1) for after in range(d * k + s)
             if before + s + 1 + after > d * (k - 1) and np.array_equal(
                 ops.conv1d(np.pad(spread, ((0, 0), (before, after))), w[..., ::-1], dilation=d), y)]
    assert len(found) == 1
    return found[0]


def restore(n, k, s, p):
    direct, weight = torch.zeros(1, 1, n), torch.zeros(1, 1, k)
    small = torch.conv1d(direct, weight, stride=s, padding=p)
    fits = [extra for extra in range(s)
            if torch.conv_transpose1d(small, weight, stride=s, padding=p, output_padding=extra).shape[-1] == n]
    assert len(fits) == 1
    return small.shape[-1], fits[0]


def stamps(x, w, s, p, t):
    return [ops.conv_transpose1d(np.array([x]), np.array([[w]]), stride=s, padding=p)[0, t]]


def matrix(h, w, kh, kw, s):
    C = ops.conv_matrix(np.ones((1, 1, kh, kw), dtype=int), (h, w), stride=s)
    return *C.T.shape, np.count_nonzero(C)


def overlap(kh, kw, sh, sw):
    counts = ops.conv_transpose2d(np.ones((1, 20, 20), dtype=int), np.ones((1, 1, kh, kw), dtype=int), stride=(sh, sw))[0, 10:-10, 10:-10]
    return counts.min(), counts.max()


def priced(C, D, k, s, h, w):
    found = cost.profile(nn.Sequential(nn.ConvTranspose2d(C, D, k, stride=s)), (C, h, w))
    return found.params, found.macs


def shuffle(C, D, s, k, h):
    block = SubPixelConv2d(C, D, k, s)
    assert block(torch.zeros(1, C, h, h + 3)).shape == (1, D, s * h, s * (h + 3))
    return block[0].out_channels, sum(p.numel() for p in block.parameters())


ANSWERS = dict(size=size, border=border, restore=restore, stamps=stamps, matrix=matrix, overlap=overlap, cost=priced, shuffle=shuffle)


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_is_what_convbook_computes(asked, kind):
    for question in asked[kind]:
        assert tuple(answers(question)) == tuple(ANSWERS[kind](**question["given"])), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert set(ANSWERS) == set(kinds_of("transposed"))


def test_rows_and_columns_are_never_equal_and_a_remainder_is_asked_for(asked):
    for kind in ("size", "matrix", "cost"):
        assert all(question["given"]["h"] != question["given"]["w"] for question in asked[kind]), kind
    assert sum(answers(question)[1] > 0 for question in asked["restore"]) > 20


def test_sizes_are_those_of_the_formula(asked):
    for question in asked["size"]:
        g = question["given"]
        expected = [shapes.conv_transpose_output_size(n, g["k"], stride=g["s"], padding=g["p"], output_padding=g["extra"], dilation=g["d"])
                    for n in (g["h"], g["w"])]
        assert answers(question) == expected
