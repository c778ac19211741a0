"""Practice of chapter 3: every answer of every kind is what convbook and PyTorch compute."""

import numpy as np
import pytest
import torch
from torch import nn

from convbook import cost, kinds, ops
from convbook.blocks import GlobalDepthwiseConv2d
from convbook.explorers.practice import kinds_of
from practice_questions import all_questions, answers


@pytest.fixture(scope="module")
def asked():
    return all_questions("depthwise")


def value(x, w, q, i, j):
    return [ops.depthwise_conv2d(np.array(x), np.array(w)[:, None])[q, i, j]]


def order(C, m, q):
    """With a filter of its own for each output, a 1 x 1 image with one channel lit tells which outputs read it."""
    layer = nn.Conv2d(C, m * C, 1, groups=C, bias=False)
    layer.weight.data = torch.arange(1.0, m * C + 1).reshape(-1, 1, 1, 1)
    with torch.no_grad():
        heard = layer(torch.eye(C)[:, :, None, None])[:, :, 0, 0]
    channel = int(heard[:, q].nonzero()[0])
    return [channel, heard[channel].nonzero().flatten().tolist().index(q)]


def parameters(C, m, h, w):
    return [cost.conv_params(C, m * C, (h, w), groups=C)]


def times(C, k, h, w, s, p):
    costs, _ = kinds.compare(C, C, k, (h, w), stride=s, padding=p)
    return [costs["depthwise"].macs, costs["standard"].macs / costs["depthwise"].macs]


def pair(C, D, k, h, w):
    return [cost.conv_macs(C, C, k, (h, w), groups=C), cost.conv_macs(C, D, 1, (h, w))]


def zeros(C, m, h, w):
    """The dense weight, column by column: what each unit image gives."""
    filters = np.ones((m * C, 1, h, w), dtype=int)
    dense = np.zeros((m * C, C, h, w), dtype=int)
    for c in range(C):
        image = np.zeros((C, 2 * h - 1, 2 * w - 1), dtype=int)
        image[c, h - 1, w - 1] = 1
        dense[:, c] = ops.depthwise_conv2d(image, filters)[:, ::-1, ::-1]
    return [int((dense == 0).sum())]


def intensity(C, k, h, w):
    return [cost.arithmetic_intensity(C, C, k, (h, w), (h, w), groups=C, bias=False)]


def pooled(C, h, w, D):
    with torch.device("meta"):
        return [GlobalDepthwiseConv2d(C, (h, w)).weight.numel(), nn.Linear(C * h * w, D).weight.numel()]


ANSWERS = [value, order, parameters, times, pair, zeros, intensity, pooled]


@pytest.mark.parametrize("compute", ANSWERS, ids=lambda compute: compute.__name__)
def test_every_answer_is_what_convbook_computes(asked, compute):
    for question in asked[compute.__name__]:
        assert answers(question) == pytest.approx(compute(**question["given"]), rel=1e-12), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert {compute.__name__ for compute in ANSWERS} == set(kinds_of("depthwise"))


def test_rows_and_columns_are_never_equal_and_multipliers_differ(asked):
    for kind in ("parameters", "times", "pair", "zeros", "intensity", "pooled"):
        assert all(q["given"]["h"] != q["given"]["w"] for q in asked[kind]), kind
    assert {q["given"]["m"] for q in asked["order"]} == {2, 3, 4, 5}
    assert {q["given"]["q"] for q in asked["value"]} == {1, 2, 3}
