"""Chapter 9: its worked examples, and what it claims of the package."""

import numpy as np
import pytest
import torch

from convbook import ops, reference
from convbook.blocks import DeformConv2d
from convbook.blocks.sampling import deform_conv2d

PIXELS = np.array([[4, 8], [20, 12]])
GRID = np.array([(u, v) for u in (-1, 0, 1) for v in (-1, 0, 1)])


@pytest.mark.parametrize("form", [ops, reference])
def test_between_four_pixels_by_hand(form):
    assert form.bilinear_sample(PIXELS, [0.5], [0.25]).tolist() == [0.375 * 4 + 0.125 * 8 + 0.375 * 20 + 0.125 * 12] == [11.5]


def test_the_slopes_by_hand_and_by_a_small_step():
    image, y, x = ops.bilinear_sample_backward([1.0], PIXELS, [0.5], [0.25])
    assert image.tolist() == [[0.375, 0.125], [0.375, 0.125]]
    assert (y.tolist(), x.tolist()) == ([0.75 * (20 - 4) + 0.25 * (12 - 8)], [0.5 * (8 - 4) + 0.5 * (12 - 20)]) == ([13.0], [-2.0])
    step = 1e-6
    ahead = ops.bilinear_sample(PIXELS, [0.5 + step, 0.5], [0.25, 0.25 + step])
    assert np.allclose((ahead - 11.5) / step, [13, -2])


def test_the_kink_has_two_slopes_and_the_right_hand_one_is_taken():
    row = np.array([[0.0, 8, 4]])
    before, at, after = ops.bilinear_sample(row, np.zeros(3), [0.75, 1, 1.25])
    assert ((at - before) / 0.25, (after - at) / 0.25) == (8, -4)
    assert ops.bilinear_sample_backward([1.0], row, [0.0], [1.0])[2].tolist() == [-4]


def test_stretching_offsets_are_those_of_the_text():
    offsets = GRID @ np.diag([1.5, 2.5]) - GRID
    assert offsets[0].tolist() == [-0.5, -1.5] and offsets[4].tolist() == [0, 0]


def test_offsets_that_double_the_grid_are_dilation_2():
    rng = np.random.default_rng(0)
    X, W = rng.standard_normal((2, 6, 9)), rng.standard_normal((4, 2, 3, 3))
    offset = np.broadcast_to(GRID.reshape(18, 1, 1), (18, 6, 9))
    assert np.allclose(ops.deform_conv2d(X, offset, W, padding=1), ops.conv2d(X, W, padding=2, dilation=2))


def test_regions_by_hand():
    numbers, region = np.arange(30).reshape(1, 5, 6), [[0, 1, 1, 4, 4]]
    assert ops.deform_roi_pool2d(numbers, region, 2)[0, 0].tolist() == [[10.5, 11.5], [16.5, 17.5]]
    right = np.zeros((1, 2, 2, 2))
    right[0, 1] = 1 / (0.1 * 3)
    assert np.allclose(ops.deform_roi_pool2d(numbers, region, 2, offset=right)[0, 0], [[11.5, 12.5], [17.5, 18.5]])


def test_a_tap_far_outside_reads_nothing_and_learns_nothing():
    lost = torch.full((1, 18, 4, 5), 50.0, requires_grad=True)
    y = deform_conv2d(torch.randn(1, 2, 6, 7), lost, torch.randn(3, 2, 3, 3))
    y.square().sum().backward()
    assert y.abs().max() == 0 and lost.grad.abs().max() == 0


@pytest.mark.parametrize("options, counts", [
    (dict(), (20_754, 41_490, 82_962)),
    (dict(modulated=True), (31_131, 62_235, 124_443)),
    (dict(deform_groups=4), (83_016, 165_960, 331_848)),
])
def test_the_offset_convolution_counts(options, counts):
    assert tuple(sum(p.numel() for p in DeformConv2d(C, 8, 3, **options).offset.parameters()) for C in (128, 256, 512)) == counts
