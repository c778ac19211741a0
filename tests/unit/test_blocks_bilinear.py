"""The bilinear start of a transposed convolution: it interpolates, channel by channel."""

import re

import pytest
import torch
from torch.nn import functional as F

from convbook.blocks import bilinear_kernel


def test_the_kernels_of_fcn_by_hand():
    assert torch.equal(bilinear_kernel(1, 4)[0, 0, 1], torch.tensor([3.0, 9, 9, 3]) / 16)
    assert torch.equal(bilinear_kernel(1, 3)[0, 0], torch.tensor([[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]]))
    assert torch.equal(bilinear_kernel(1, 1), torch.ones(1, 1, 1, 1))


@pytest.mark.parametrize("s", [2, 4, 6, 8])
def test_away_from_the_borders_it_is_bilinear_interpolation(s):
    x = torch.randn(2, 3, 5, 7)
    y = F.conv_transpose2d(x, bilinear_kernel(3, 2 * s), stride=s, padding=s // 2)
    expected = F.interpolate(x, scale_factor=s, mode="bilinear", align_corners=False)
    assert y.shape == expected.shape
    inside = (..., slice(s, -s), slice(s, -s))
    assert torch.allclose(y[inside], expected[inside], atol=1e-5)
    assert not torch.allclose(y, expected, atol=1e-2)  # at the borders zeros are mixed in


@pytest.mark.parametrize("s", [2, 3, 4, 5])
@pytest.mark.parametrize("odd", [False, True])
def test_its_shares_add_up_to_one_so_that_a_constant_stays_constant(s, odd):
    k = 2 * s - odd
    y = F.conv_transpose2d(torch.ones(1, 1, 4, 5), bilinear_kernel(1, k), stride=s)
    assert torch.allclose(y[..., k - 1:-k + 1, k - 1:-k + 1], torch.ones(()))


@pytest.mark.parametrize("s", [2, 3, 4])
def test_an_odd_kernel_keeps_the_pixels_and_draws_straight_lines_between_them(s):
    x = torch.randn(1, 1, 4, 5)
    y = F.conv_transpose2d(x, bilinear_kernel(1, 2 * s - 1), stride=s, padding=s - 1)
    expected = F.interpolate(x, size=y.shape[2:], mode="bilinear", align_corners=True)
    assert torch.allclose(y[..., ::s, ::s], x) and torch.allclose(y, expected, atol=1e-5)


def test_no_channel_reaches_another():
    w = bilinear_kernel(3, 4)
    assert w.shape == (3, 3, 4, 4) and w.dtype == torch.float32
    for c in range(3):
        for d in range(3):
            assert torch.equal(w[c, d], bilinear_kernel(1, 4)[0, 0] if c == d else torch.zeros(4, 4))


@pytest.mark.parametrize("arguments, error, message", [
    ((0, 4), ValueError, "channels=0 must be at least 1"),
    ((2, 0), ValueError, "k=0 must be at least 1"),
    ((2, 4.0), TypeError, "k=4.0 must be an integer"),
])
def test_a_count_that_does_not_fit_is_named(arguments, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        bilinear_kernel(*arguments)
