"""Chapter 5's worked example, and the laws of dilation that its page runs, on random shapes."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from convbook import data, gridding, ops, reference, shapes

X = np.array([[1, 0, 2, 1, 0, 1, 3, 0], [2, 1, 0, 3, 1, 0, 1, 2], [0, 2, 1, 1, 2, 3, 0, 1], [1, 3, 0, 2, 0, 1, 2, 1],
              [3, 1, 0, 0, 1, 2, 1, 0], [0, 2, 1, 3, 0, 1, 0, 2], [1, 0, 2, 1, 3, 0, 1, 1]])
W = np.array([[1, 0, -1], [2, 1, 0], [0, -1, 1]])
Y = [[3, 6, 3, 4], [2, 7, -1, 7], [5, 0, 0, 3]]


@pytest.mark.parametrize("module", [ops, reference])
def test_the_worked_example_of_the_page(module):
    assert module.conv2d(X[None], W[None, None], dilation=2)[0].tolist() == Y
    assert Y[0][0] == 1 * 1 + 0 * 2 - 1 * 0 + 2 * 0 + 1 * 1 + 0 * 2 + 0 * 3 - 1 * 0 + 1 * 1


def drawn(seed):
    """An image, a kernel with unequal sides and channels, and a dilation for each axis, that fit each other."""
    rng = np.random.default_rng(seed)
    k, d = rng.integers(1, 4, 2), rng.integers(1, 5, 2)
    sides = d * (k - 1) + rng.integers(1, 9, 2)
    return rng.standard_normal((2, 3, *sides)), rng.standard_normal((4, 3, *k)), d


@settings(max_examples=120)
@given(st.integers(0, 10**6))
def test_a_dilated_convolution_is_an_ordinary_one_with_a_zero_stuffed_kernel(seed):
    x, w, d = drawn(seed)
    wide = np.zeros((*w.shape[:2], *(d * (np.array(w.shape[2:]) - 1) + 1)))
    wide[:, :, ::d[0], ::d[1]] = w
    assert np.allclose(ops.conv2d(x, wide), ops.conv2d(x, w, dilation=tuple(d)))


@settings(max_examples=120)
@given(st.integers(0, 10**6))
def test_each_phase_of_the_output_is_the_dense_kernel_on_one_phase_of_the_input(seed):
    x, w, d = drawn(seed)
    y = ops.conv2d(x, w, dilation=tuple(d))
    for a in range(min(d[0], y.shape[2])):
        for b in range(min(d[1], y.shape[3])):
            assert np.allclose(y[:, :, a::d[0], b::d[1]], ops.conv2d(x[:, :, a::d[0], b::d[1]], w))


@settings(max_examples=60)
@given(st.integers(1, 4), st.integers(1, 9), st.integers(1, 30))
def test_half_of_what_is_lost_on_each_side_keeps_the_size_and_any_other_padding_does_not(half, d, n):
    k = 2 * half + 1
    assert shapes.same_padding(n, k, dilation=d) == (d * half, d * half)
    assert shapes.conv_output_size(n, k, padding=d * half, dilation=d) == n
    assert shapes.conv_output_size(n, k, padding=d * half + 1, dilation=d) == n + 2


def test_doubled_dilations_grow_exponentially_and_read_every_pixel():
    for n in range(1, 7):
        dilations = [2 ** i for i in range(n)]
        assert shapes.receptive_field([(3, 1, 0, d) for d in dilations]).size == 2 ** (n + 1) - 1
        assert gridding.holes(dilations) == 0
        assert shapes.receptive_field([(2, 1, 0, d) for d in dilations]).size == 2 ** n


def test_the_spectrum_of_a_dilated_kernel_repeats():
    w = np.random.default_rng(0).standard_normal(3)
    for d in (2, 3, 4):
        wide = np.zeros(d * 2 + 1)
        wide[::d] = w
        n = 12 * d
        assert np.allclose(np.fft.fft(wide, n), np.tile(np.fft.fft(w, n // d), d))


def test_at_a_rate_as_large_as_the_map_only_the_middle_tap_is_inside():
    x, w = torch.randn(1, 2, 33, 33), torch.randn(3, 2, 3, 3)
    middle = torch.conv2d(x, w[:, :, 1:2, 1:2])
    torch.testing.assert_close(torch.conv2d(x, w, padding=33, dilation=33), middle)
    assert not torch.allclose(torch.conv2d(x, w, padding=32, dilation=32), middle)


def test_scenes_of_the_experiment_hold_background_zeros_and_ones():
    train, test = data.digit_scenes(20, 10, size=(24, 28), most=1, scale=(1.8, 2.6), rotation=10, only=(0, 1))
    assert set(np.unique(train.labels)) == set(np.unique(test.labels)) == {0, 1, 2}
    assert 0.75 < (train.labels == 0).mean() < 0.92
