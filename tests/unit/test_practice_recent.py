"""Practice of chapter 10: every answer of every kind is what convbook, NumPy and PyTorch compute."""

from math import isqrt

import numpy as np
import pytest
import torch
from torch import nn

from convbook import cost, ops
from convbook.blocks import ShuffleV2Unit, bn_inception_reduction
from convbook.explorers.practice import kinds_of
from convbook.training import smoothed_targets
from practice_questions import all_questions, answers
from pricing import conv_weights


@pytest.fixture(scope="module")
def asked():
    return all_questions("recent", range(40))


def moved(C, D, size, groups=1):
    return cost.conv_bytes(C, D, 1, size, size, groups=groups, bias=False) // 4


def access(C, D, h, w):
    even = isqrt(C * D)
    assert cost.conv_macs(even, even, 1, (h, w)) == cost.conv_macs(C, D, 1, (h, w))
    return moved(C, D, (h, w)), moved(even, even, (h, w))


def groups(C, d, G, h, w):
    D = next(D for D in range(G, 1000, G) if cost.conv_macs(C, D, 1, (h, w), groups=G) == cost.conv_macs(C, d, 1, (h, w)))
    return D, moved(C, d, (h, w)), moved(C, D, (h, w), G)


def thin(n, C, K, D):
    pair = cost.conv_params(C, K, (1, n), bias=False) + cost.conv_params(K, D, (n, 1), bias=False)
    return cost.conv_params(C, D, n, bias=False), pair


def halving(C, h, w):
    conv, pool = (lambda D, s: nn.Conv2d(C, D, 3, padding=1, stride=s, bias=False)), nn.MaxPool2d(2)
    with torch.device("meta"):
        ways = nn.Sequential(conv(2 * C, 1), pool), nn.Sequential(pool, conv(2 * C, 1)), conv(C, 2)
    return [cost.profile(way, (C, h, w)).macs for way in ways]


def smooth(K, e):
    """The softmax of the logits that the answer gives is what is asked for; and PyTorch's loss is least there."""
    targets = smoothed_targets(torch.tensor([0]), K, e)[0].tolist()
    gap = np.log(targets[0] / targets[1])
    logits = torch.tensor([gap] + [0.0] * (K - 1), requires_grad=True)
    nn.functional.cross_entropy(logits[None], torch.tensor([0]), label_smoothing=e).backward()
    assert logits.grad.abs().max() < 1e-6
    return targets[0], targets[1], gap


def unit(C, h, w):
    with torch.device("meta"):
        one = ShuffleV2Unit(C, C)
    return conv_weights(one), cost.profile(one, (C, h, w)).macs


def place(C, c):
    order = ops.channel_shuffle(np.arange(C)[:, None, None], 2).ravel()
    return int(np.flatnonzero(order == c)[0]), int(order[c])


def reuse(C, n):
    """Untouched channels, counted: each unit marks the half that it works on."""
    touched = np.zeros((C, 1, 1))
    for _ in range(n):
        touched[C // 2:] = 1
        touched = ops.channel_shuffle(touched, 2)
    return int((touched == 0).sum()), int(touched.sum())


def inverted(C, D, t, h, w):
    with torch.device("meta"):
        block = nn.Sequential(nn.Conv2d(C, t * C, 1, bias=False), nn.Conv2d(t * C, t * C, 3, padding=1, groups=t * C, bias=False),
                              nn.Conv2d(t * C, D, 1, bias=False))
    return conv_weights(block), cost.profile(block, (C, h, w)).macs


ANSWERS = [access, groups, thin, halving, smooth, unit, place, reuse, inverted]


@pytest.mark.parametrize("compute", ANSWERS, ids=lambda compute: compute.__name__)
def test_every_answer_is_what_convbook_computes(asked, compute):
    for question in asked[compute.__name__]:
        assert answers(question) == pytest.approx(list(compute(**question["given"])), rel=1e-6), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert sorted(compute.__name__ for compute in ANSWERS) == sorted(kinds_of("recent"))


def test_equal_widths_always_move_fewer_numbers_and_groups_always_more(asked):
    assert all(even < uneven for uneven, even in map(answers, asked["access"]))
    assert all(many > one for _, one, many in map(answers, asked["groups"]))


def test_the_side_by_side_way_is_that_of_bn_inception():
    """Its pooling passes all channels on, and its convolutions have stride 2."""
    with torch.device("meta"):
        block = bn_inception_reduction(320, (128, 160), (64, 96))
    assert block.out_channels == 160 + 96 + 320


def test_maps_are_never_square(asked):
    for kind in ("access", "groups", "halving", "unit", "inverted"):
        assert all(q["given"]["h"] != q["given"]["w"] for q in asked[kind]), kind
