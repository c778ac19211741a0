"""Two convolutions in a row as one, and a pair of small kernels for a large one."""

import re

import numpy as np
import pytest
import torch

from convbook import ops
from convbook.exercises import solution


def test_a_bump_twice_is_the_bump_of_five():
    assert ops.compose2d(np.array([[[[1, 2, 1]]]]), np.array([[[[1, 2, 1]]]])).tolist() == [[[[1, 4, 6, 4, 1]]]]


@pytest.mark.parametrize("seed", range(40))
def test_the_composition_is_both_layers_in_a_row(seed):
    rng = np.random.default_rng(seed)
    C, M, D, kh, kw, lh, lw = rng.integers(1, 5, 7)
    first, second = rng.standard_normal((M, C, kh, kw)), rng.standard_normal((D, M, lh, lw))
    x = rng.standard_normal((C, kh + lh + 2, kw + lw + 1))
    merged = ops.compose2d(first, second)
    assert merged.shape == (D, C, kh + lh - 1, kw + lw - 1)
    assert np.allclose(ops.conv2d(x, merged), ops.conv2d(ops.conv2d(x, first), second))
    in_a_row = torch.conv2d(torch.conv2d(torch.tensor(x)[None], torch.tensor(first)), torch.tensor(second))
    assert np.allclose(ops.conv2d(x, merged), in_a_row[0].numpy())


def test_a_pointwise_layer_first_is_a_matrix_product_and_limits_the_rank():
    rng = np.random.default_rng(0)
    reduce, weight = rng.standard_normal((2, 7, 1, 1)), rng.standard_normal((5, 2, 3, 3))
    merged = ops.compose2d(reduce, weight)
    assert np.allclose(merged, np.einsum("dmij,mc->dcij", weight, reduce[..., 0, 0]))
    assert np.linalg.matrix_rank(merged.transpose(1, 0, 2, 3).reshape(7, -1)) == 2


def test_the_exercises_of_chapter_7_agree():
    rng = np.random.default_rng(1)
    first, second = rng.standard_normal((3, 2, 3, 3)), rng.standard_normal((4, 3, 5, 5))
    assert np.allclose(solution("inception/compose")(first, second), ops.compose2d(first, second))
    reduce = rng.standard_normal((3, 6))
    assert np.allclose(solution("inception/merge_reduction")(reduce, second), ops.compose2d(reduce[..., None, None], second))
    x, kernels = rng.standard_normal((4, 7)), [rng.standard_normal((k, k)) for k in (1, 3, 5)]
    joined = [ops.conv2d(x[None], w[None, None], padding=len(w) // 2)[0] for w in kernels]
    assert np.allclose(solution("inception/branches")(x, *kernels), joined)


def test_whole_numbers_stay_whole():
    assert ops.compose2d(np.ones((1, 2, 1, 2), dtype=int), np.ones((3, 1, 2, 1), dtype=int)).dtype == np.int64


@pytest.mark.parametrize("C, M, D", [(1, 2, 1), (2, 4, 1), (2, 4, 2)])
def test_twice_as_many_channels_between_imitate_any_layer(C, M, D):
    weight = np.random.default_rng(3).standard_normal((D, C, 5, 5))
    first, second, error = ops.small_pair(weight, hidden=M, steps=80, starts=2)
    assert error < 0.02
    assert np.linalg.norm(ops.compose2d(first, second) - weight) == pytest.approx(error * np.linalg.norm(weight), abs=1e-9)


def test_one_channel_between_does_not_reach_a_ring_of_ones_but_reaches_a_product():
    rng = np.random.default_rng(5)
    product = ops.compose2d(rng.standard_normal((1, 1, 3, 2)), rng.standard_normal((1, 1, 3, 2)))
    assert ops.small_pair(product, hidden=1)[2] < 0.02
    corners = np.zeros((1, 1, 5, 5))
    corners[..., [0, 4], [0, 4]] = 1
    assert ops.small_pair(corners, hidden=1)[2] > 0.3


def test_more_starts_are_never_worse_and_the_same_seed_gives_the_same():
    weight = np.random.default_rng(7).standard_normal((1, 1, 5, 5))
    one, six = (ops.small_pair(weight, hidden=1, starts=n)[2] for n in (1, 6))
    assert six <= one and six == ops.small_pair(weight, hidden=1, starts=6)[2]


def test_zeros_are_imitated_without_a_warning():
    assert ops.small_pair(np.zeros((1, 1, 3, 5)), hidden=1, steps=1, starts=1)[2] == 0


EMPTY = "it must have four axes (out, in, k_h, k_w), each at least 1"


@pytest.mark.parametrize("call, message", [
    (lambda: ops.compose2d(np.ones((2, 1, 3, 3)), np.ones((4, 3, 3, 3))),
     "second has shape (4, 3, 3, 3); it must read 2 channels, as many as first of shape (2, 1, 3, 3) gives"),
    (lambda: ops.compose2d(np.ones((3, 3)), np.ones((1, 1, 3, 3))), f"first has shape (3, 3); {EMPTY}"),
    (lambda: ops.compose2d(np.ones((2, 1, 0, 3)), np.ones((1, 2, 0, 3))), f"first has shape (2, 1, 0, 3); {EMPTY}"),
    (lambda: ops.small_pair(np.full((1, 1, 1, 1), np.nan), hidden=1), "weight[0, 0, 0, 0]=nan must be finite"),
    (lambda: ops.small_pair(np.ones((1, 1, 3, 3)), hidden=1, seed=-1), "seed=-1 must be at least 0"),
    (lambda: ops.small_pair(np.ones((1, 1, 4, 5)), hidden=1), "weight has kernels of 4 x 5; both sides must be odd"),
    (lambda: ops.small_pair(np.ones((1, 1, 5, 5)), hidden=0), "hidden=0 must be at least 1"),
    (lambda: ops.small_pair(np.ones((1, 1, 5, 5)), hidden=1, starts=0), "starts=0 must be at least 1"),
    (lambda: ops.small_pair(np.ones((1, 1, 5, 5)), hidden=1, steps=0), "steps=0 must be at least 1"),
])
def test_whole_messages(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
