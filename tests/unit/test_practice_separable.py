"""Practice of chapter 6: every answer of every kind is what convbook, NumPy and PyTorch compute."""

import numpy as np
import pytest

from convbook import cost, kinds, ops
from convbook.blocks import DepthwiseSeparableConv2d
from convbook.explorers.practice import kinds_of
from practice_questions import all_questions, answers


@pytest.fixture(scope="module")
def asked():
    return all_questions("separable")


def steps(k, C, D, h, w):
    block = DepthwiseSeparableConv2d(C, D, k)
    return [row.macs for row in cost.profile(block, (C, h, w)).rows]


def share(h, N, D):
    costs, _ = kinds.compare(D, N, h, h + 3)
    return [100 * costs["depthwise_separable"].macs / costs["standard"].macs]


def rules(h, w, C):
    return [next(N for N in range(1, 200) if cost.conv_macs(C, N, 1, 1) > cost.conv_macs(C, C, (h, w), 1, groups=C))]


def pair(C, D, k):
    return [sum(p.numel() for p in DepthwiseSeparableConv2d(C, D, k, form="mobilenet").parameters())]


def passes(m, h, w):
    column = ops.conv2d(np.zeros((1, h, w)), np.zeros((1, 1, m, 1)))
    row = ops.conv2d(column, np.zeros((1, 1, 1, m)))
    assert column.size * m + row.size * m == cost.separable_macs(m, row.shape[1:])
    return [column.size * m, row.size * m]


def even(m, N):
    o = N - m + 1
    return [max(r for r in range(1, m + 1) if cost.separable_macs(m, o, rank=r) < cost.conv_macs(1, 1, m, o))]


def hidden(K, u, v):
    spot = np.zeros(np.shape(K))
    spot[u, v] = 1
    found = [value for value in range(-12, 13) if np.linalg.matrix_rank(K + value * spot) == 1]
    assert len(found) == 1
    return found


def rank(K):
    return [np.linalg.matrix_rank(K)]


def error(s, r):
    return [100 * ops.separable_form(np.diag(s), r).error]


def dense(filters, mix, d, c, i, j):
    x = np.zeros((len(filters), 2, 3))
    x[c, i, j] = 1  # one lit pixel under the kernel: what comes out is that weight
    return [ops.separable_conv2d(x, np.array(filters, dtype=float)[:, None], np.array(mix, dtype=float)[:, :, None, None])[d, 0, 0]]


ANSWERS = dict(steps=steps, share=share, rules=rules, pair=pair, passes=passes, even=even, hidden=hidden, rank=rank, error=error, dense=dense)


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_is_what_convbook_computes(asked, kind):
    for question in asked[kind]:
        assert answers(question) == pytest.approx(ANSWERS[kind](**question["given"]), rel=1e-12), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert set(ANSWERS) == set(kinds_of("separable"))


def test_sides_and_channels_are_never_equal(asked):
    for kind in ("steps", "passes", "rules"):
        assert all(q["given"]["h"] != q["given"]["w"] for q in asked[kind]), kind
    for kind in ("steps", "pair"):
        assert all(q["given"]["C"] != q["given"]["D"] for q in asked[kind]), kind
