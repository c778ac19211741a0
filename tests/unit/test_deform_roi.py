"""Pooling of regions: by hand, brute force through grid_sample, laws, arrays of every kind."""

import numpy as np
import pytest
from deform_strategies import pooled_by_grid_sample, random_regions, rngs
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from strategies import random_layers, values

from convbook import ops, reference

FORMS = pytest.mark.parametrize("form", [reference, ops])
X = np.arange(24.0).reshape(1, 4, 6)  # row r, column q: 6 r + q


def close(a, b):
    assert a.shape == b.shape
    assert_allclose(a, b, rtol=1e-10, atol=1e-10)


@FORMS
def test_an_aligned_region_is_averaged_in_equal_boxes(form):
    y = form.deform_roi_pool2d(X, [[0, 1, 0, 5, 4]], 2)
    assert_array_equal(y, [[[[X[0, :2, 1:3].mean(), X[0, :2, 3:5].mean()], [X[0, 2:, 1:3].mean(), X[0, 2:, 3:5].mean()]]]])
    close(form.deform_roi_pool2d(X, [[0, 0, 0, 6, 4]], (2, 3)), ops.avg_pool2d(X[None], 2))


@FORMS
def test_bins_share_the_rows_and_columns_that_a_cut_goes_through(form):
    # Three rows in two bins: floor(0), ceil(1.5) = 0, 2 and floor(1.5), ceil(3) = 1, 3; five columns: 0, 3 and 2, 5.
    y = form.deform_roi_pool2d(X, [[0, 0, 0, 5, 3]], 2)
    assert_array_equal(y[0, 0], [[X[0, :2, :3].mean(), X[0, :2, 2:5].mean()], [X[0, 1:3, :3].mean(), X[0, 1:3, 2:5].mean()]])


@FORMS
def test_a_region_at_a_fraction_is_read_between_the_pixels_and_not_rounded(form):
    # On this slope a mean is the value at the mean position: here rows 0.5, 1.5 and columns 1.25, 2.25, 3.25.
    assert form.deform_roi_pool2d(X, [[0, 1.25, 0.5, 4.25, 2.5]], 1).item() == 6 * 1.0 + 2.25
    # 2.5 wide: positions 0, 1, 2 (2 < 2.5), and the same in units of 16 pixels.
    assert form.deform_roi_pool2d(X, [[0, 0, 0, 2.5, 1]], 1).item() == 1
    assert form.deform_roi_pool2d(X, [[0, 0, 0, 40, 16]], 1, spatial_scale=1 / 16).item() == 1


@FORMS
def test_what_reaches_outside_the_image_counts_as_zeros(form):
    x = np.full((1, 2, 2), 8.0)
    assert form.deform_roi_pool2d(x, [[0, 0, 0, 4, 2]], 1).item() == 4
    assert form.deform_roi_pool2d(x, [[0, -1, -1, 1, 1]], 1).item() == 2
    assert form.deform_roi_pool2d(x, [[0, -0.5, 0, 0.5, 1]], 1).item() == 4  # half-way between a zero and the first column
    assert form.deform_roi_pool2d(x, [[0, 7, -9, 9, -7]], 1).item() == 0


@FORMS
def test_a_region_without_width_or_height_has_empty_bins_which_are_zero(form):
    rois = [[0, 1, 1, 1, 3], [0, 1, 1, 3, 1], [0, 2, 2, 2, 2]]
    assert_array_equal(form.deform_roi_pool2d(X, rois, 2, offset=np.ones((3, 2, 2, 2))), np.zeros((3, 1, 2, 2)))


@FORMS
def test_a_region_smaller_than_its_bins_repeats_pixels(form):
    assert_array_equal(form.deform_roi_pool2d(X, [[0, 2, 1, 3, 2]], 3), np.full((1, 1, 3, 3), 8))


@FORMS
def test_an_offset_moves_its_bin_by_gamma_times_the_regions_size(form):
    offset = np.zeros((1, 2, 1, 2))
    offset[0, :, 0, 1] = 2.5, -1.25  # of a region 2 high and 4 wide: dy = 0.1 * 2.5 * 2 = 0.5, dx = 0.1 * -1.25 * 4 = -0.5
    y = form.deform_roi_pool2d(X, [[0, 1, 0, 5, 2]], (1, 2), offset=offset)
    assert_allclose(y[0, 0, 0], [6 * 0.5 + 1.5, 6 * 1.0 + 3.0])
    assert_allclose(form.deform_roi_pool2d(X, [[0, 1, 0, 5, 2]], (1, 2), offset=offset, gamma=0.2)[0, 0, 0],
                    [6 * 0.5 + 1.5, 6 * 1.5 + 2.5])


@FORMS
def test_position_sensitive_bins_read_their_own_maps_class_by_class(form):
    x = np.arange(8.0).reshape(8, 1, 1) * np.ones((8, 3, 4))  # map k holds k
    y = form.deform_ps_roi_pool2d(x, [[0, 0, 0, 4, 3]], 2)
    assert_array_equal(y, [[[[0, 1], [2, 3]], [[4, 5], [6, 7]]]])


@FORMS
def test_position_sensitive_offsets_may_differ_by_class(form):
    x = np.concatenate([X, X, X, X])  # 4 classes, 1 bin; classes 0, 1 and classes 2, 3 move alike
    offset = np.array([1.0, 0, 0, 1.0]).reshape(1, 4, 1, 1)
    y = form.deform_ps_roi_pool2d(x, [[0, 1, 1, 3, 2]], 1, offset=offset, gamma=0.5)  # by 0.5 down, by 1 right
    assert_allclose(y.ravel(), [6 * 1.5 + 1.5] * 2 + [6 + 2.5] * 2)


@FORMS
@pytest.mark.parametrize("sensitive", [False, True])
@random_layers
@given(rng=rngs)
def test_pooling_agrees_with_brute_force(form, sensitive, rng):
    x, rois, bins, options = random_regions(rng, sensitive=sensitive)
    pool = form.deform_ps_roi_pool2d if sensitive else form.deform_roi_pool2d
    y, expected = pool(x, rois, bins, **options), pooled_by_grid_sample(x, rois, bins, **options, sensitive=sensitive)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    assert_allclose(y, expected, rtol=1e-9, atol=1e-9)


@FORMS
@random_layers
@given(rng=rngs)
def test_pooling_is_linear_in_its_input(form, rng):
    x, rois, bins, options = random_regions(rng, sensitive=False)
    x2 = values(rng, x.shape)
    pool = form.deform_roi_pool2d
    close(pool(2 * x - 3 * x2, rois, bins, **options), 2 * pool(x, rois, bins, **options) - 3 * pool(x2, rois, bins, **options))


@FORMS
def test_equal_maps_make_the_position_sensitive_form_the_plain_one(form):
    rng = np.random.default_rng(2)
    x, offset = values(rng, (2, 3, 5, 6)), values(rng, (2, 2, 2, 3))
    rois = [[1, 0.5, 0, 4, 3.5], [0, 2, 1, 6, 4]]
    close(form.deform_ps_roi_pool2d(np.repeat(x, 6, axis=1), rois, (2, 3), offset=offset),
          form.deform_roi_pool2d(x, rois, (2, 3), offset=offset))


@FORMS
@pytest.mark.parametrize("x_type, offset_type, result", [
    (np.float32, None, np.float32), (np.float32, np.float32, np.float32), (np.float32, np.float64, np.float64),
    (np.int32, None, np.float64), (np.uint8, np.float32, np.float64), (np.float64, np.int64, np.float64)])
def test_the_type_is_that_of_x_and_offset_whatever_the_regions(form, x_type, offset_type, result):
    offset = None if offset_type is None else np.zeros((1, 2, 2, 2), offset_type)
    for rois_type in np.int64, np.float32, np.float64:
        y = form.deform_roi_pool2d(X.astype(x_type), np.array([[0, 1, 0, 5, 4]], rois_type), 2, offset=offset)
        assert y.dtype == result
        assert_array_equal(y, [[[[4.5, 6.5], [16.5, 18.5]]]])


@FORMS
def test_no_regions_give_no_results_even_of_no_images(form):
    for N in 0, 2:
        assert form.deform_roi_pool2d(np.ones((N, 6, 4, 5)), np.zeros((0, 5)), (2, 3), offset=np.zeros((0, 2, 2, 3))).shape == (0, 6, 2, 3)
        assert form.deform_ps_roi_pool2d(np.ones((N, 6, 4, 5)), np.zeros((0, 5)), (2, 3)).shape == (0, 1, 2, 3)


@FORMS
def test_an_image_of_one_pixel_works(form):
    assert form.deform_roi_pool2d([[[6.0]]], [[0, 0, 0, 1, 1]], 1).item() == 6
    assert form.deform_roi_pool2d([[[6.0]]], [[0, 0, 0, 3, 2]], 1).item() == 1


def test_a_huge_region_is_pooled_without_its_positions_being_listed():
    assert_allclose(ops.deform_roi_pool2d(X, [[0, 0, 0, 1e9, 1e9]], 1).item(), X.sum() / 1e18)


@FORMS
def test_nothing_is_changed_and_views_give_what_their_copies_give(form):
    rng = np.random.default_rng(3)
    x, rois, offset = rng.standard_normal((9, 6, 14)), rng.uniform(0, 5, (5, 6)), rng.standard_normal((3, 2, 2, 6))
    rois[0], rois[3:] = 0, rois[3:] + 5
    arrays = x.transpose(1, 2, 0)[:, 3::-1, ::2], rois.T[::2], offset.T[::2]
    for array in (x, rois, offset):
        array.flags.writeable = False
    before = [a.copy() for a in arrays]
    for name in "deform_roi_pool2d", "deform_ps_roi_pool2d":
        pool = getattr(form, name)
        y = pool(*arrays[:2], (2, 3), offset=arrays[2])
        assert_array_equal(y, pool(*before[:2], (2, 3), offset=before[2]))
        y[:] = 5
    for a, old in zip(arrays, before):
        assert_array_equal(a, old)
