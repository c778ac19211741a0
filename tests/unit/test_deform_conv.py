"""Deformable convolution: the worked example, grid_sample as the oracle, laws, arrays of every kind."""

import numpy as np
import pytest
from deform_strategies import by_grid_sample, random_deform, rngs
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from strategies import random_layers, values

from convbook import ops, reference

FORMS = pytest.mark.parametrize("form", [reference.deform_conv2d, ops.deform_conv2d])
X = np.arange(1, 10).reshape(1, 3, 3)  # 1 2 3 / 4 5 6 / 7 8 9


def close(a, b):
    assert a.shape == b.shape
    assert_allclose(a, b, rtol=1e-10, atol=1e-10)


@FORMS
def test_half_a_pixel_by_hand(form):
    # Taps 1, 10, 100, 1000 on 1 2 / 4 5 see 5421. The last tap, moved half a pixel down, sees (5 + 8) / 2 = 6.5:
    # 1 + 20 + 400 + 6500 = 6921; moved half a pixel right instead, (5 + 6) / 2 = 5.5: 5921.
    w = np.array([[[[1, 10], [100, 1000]]]])
    offset = np.zeros((8, 2, 2))
    assert_array_equal(form(X, offset, w), [[[5421, 6532], [8754, 9865]]])
    offset[6, 0, 0] = 0.5  # dy of tap 3
    assert_array_equal(form(X, offset, w), [[[6921, 6532], [8754, 9865]]])
    offset[6:, 0, 0] = 0, 0.5
    assert_array_equal(form(X, offset, w), [[[5921, 6532], [8754, 9865]]])
    # The last tap of the last window, half a pixel below the image: half of 9, so 5 + 60 + 800 + 4500.
    offset[6:, 1, 1] = 0.5, 0
    assert form(X, offset, w)[0, 1, 1] == 5365
    # Masked by 0.5, tap 0 of the second window gives 1 in place of 2.
    mask = np.ones((4, 2, 2))
    mask[0, 0, 1] = 0.5
    assert_array_equal(form(X, offset, w, mask=mask), [[[5921, 6531], [8754, 5365]]])


@random_layers
@given(rng=rngs)
def test_the_fast_form_agrees_with_grid_sample(rng):
    *layer, options = random_deform(rng)
    y, expected = ops.deform_conv2d(*layer, **options), by_grid_sample(*layer, options)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    assert_allclose(y, expected, rtol=1e-9, atol=1e-9)


@random_layers
@given(rng=rngs)
def test_the_loops_agree_with_grid_sample(rng):
    *layer, options = random_deform(rng, more=1)
    y, expected = reference.deform_conv2d(*layer, **options), by_grid_sample(*layer, options)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    assert_allclose(y, expected, rtol=1e-9, atol=1e-9)


@random_layers
@given(rng=rngs)
def test_float32_stays_float32(rng):
    *layer, options = random_deform(rng, dtype=np.float32)
    y = ops.deform_conv2d(*layer, **options)
    assert y.dtype == np.float32
    assert_allclose(y, by_grid_sample(*layer, options), rtol=1e-3, atol=1e-3)


def test_a_layer_of_many_blocks_is_put_together_whole(monkeypatch):
    *layer, options = random_deform(np.random.default_rng(1), more=9, groups=3)
    y = ops.deform_conv2d(*layer, **options)
    grad = values(np.random.default_rng(2), y.shape)
    back = ops.deform_conv2d_backward(grad, *layer[:3], **options)
    monkeypatch.setattr("convbook.ops.deformable.NUMBERS", 1)
    close(ops.deform_conv2d(*layer, **options), y)
    for found, expected in zip(ops.deform_conv2d_backward(grad, *layer[:3], **options), back):
        assert (found is None) == (expected is None)
        if found is not None:
            close(found, expected)


def resting(rng, **more):
    """A layer whose taps stay where they are: (layer, options without mask, shape of offset, of a mask, groups)."""
    x, offset, w, b, options = random_deform(rng, **more)
    del options["mask"]
    mask_shape = (*offset.shape[:-3], offset.shape[-3] // 2, *offset.shape[-2:])
    return (x, np.zeros_like(offset), w, b), options, mask_shape, x.shape[-3] // w.shape[1]


@FORMS
@given(rng=rngs)
@random_layers
def test_without_offsets_it_is_the_plain_convolution_and_a_mask_of_ones_changes_nothing(form, rng):
    (x, offset, w, b), options, mask_shape, G = resting(rng, more=1)
    expected = ops.conv2d(x, w, b, groups=G, **options)
    close(form(x, offset, w, b, **options), expected)
    close(form(x, offset, w, b, mask=np.ones(mask_shape), **options), expected)
    close(form(x, offset, w, b, mask=np.full(mask_shape, 0.5), **options), ops.conv2d(x, w / 2, b, groups=G, **options))


@FORMS
def test_padding_by_name_is_that_of_the_plain_convolution(form):
    rng = np.random.default_rng(4)
    x, w = values(rng, (2, 5, 4)), values(rng, (3, 2, 2, 3))
    close(form(x, np.zeros((12, 5, 4)), w, padding="same"), ops.conv2d(x, w, padding="same"))
    close(form(x, np.zeros((12, 4, 2)), w, padding="valid"), ops.conv2d(x, w))


@FORMS
def test_offsets_by_whole_pixels_read_shifted_pixels(form):
    rng = np.random.default_rng(5)
    x, w = values(rng, (2, 5, 6)), values(rng, (3, 2, 2, 3))
    offset = rng.integers(-2, 3, (12, 4, 4)).astype(float)
    framed, y = np.pad(x, ((0, 0), (9, 9), (9, 9))), np.zeros((3, 4, 4))
    for i, j, u, v in np.ndindex(4, 4, 2, 3):
        dy, dx = offset[2 * (3 * u + v):, i, j][:2].astype(int)
        y[:, i, j] += w[:, :, u, v] @ framed[:, 9 + i + u + dy, 9 + j + v + dx]
    close(form(x, offset, w), y)


@FORMS
def test_offsets_that_spread_the_taps_are_a_dilation_and_equal_ones_a_shift(form):
    rng = np.random.default_rng(6)
    x, w = values(rng, (2, 7, 8)), values(rng, (3, 2, 3, 3))
    spread = np.stack(np.indices((3, 3)), axis=2).reshape(18, 1, 1) - 1
    close(form(x, np.broadcast_to(spread, (18, 7, 8)), w, padding=1), ops.conv2d(x, w, dilation=2, padding=2))
    shift = np.tile([1.0, 2.0], 9).reshape(18, 1, 1)
    close(form(x, np.broadcast_to(shift, (18, 5, 6)), w)[:, :4, :4], ops.conv2d(x, w)[:, 1:, 2:])


@FORMS
@random_layers
@given(rng=rngs)
def test_it_is_linear_in_its_input_and_in_its_weight(form, rng):
    x, offset, w, _, options = random_deform(rng, more=0)
    x2, w2 = values(rng, x.shape), values(rng, w.shape)
    y = form(x, offset, w, **options)
    close(form(2 * x - 3 * x2, offset, w, **options), 2 * y - 3 * form(x2, offset, w, **options))
    close(form(x, offset, 2 * w - 3 * w2, **options), 2 * y - 3 * form(x, offset, w2, **options))


@FORMS
@pytest.mark.parametrize("types, result", [
    ((np.float32, np.float32, np.float32), np.float32),
    ((np.float32, np.float64, np.float32), np.float64),
    ((np.int32, np.float32, np.int8), np.float64),
    ((np.uint8, np.float64, np.int64), np.float64),
    ((np.int64, np.int64, np.int64), np.float64),
])
def test_types_are_promoted_and_integers_become_float64(form, types, result):
    x, offset, w = (np.ones(shape, dtype) for shape, dtype in zip([(1, 3, 4), (8, 2, 3), (2, 1, 2, 2)], types))
    y = form(x, offset, w)
    assert y.dtype == result
    assert_array_equal(y[0], [[4, 4, 2], [2, 2, 1]])


@FORMS
def test_an_empty_batch_gives_an_empty_batch(form):
    y = form(np.zeros((0, 2, 4, 5)), np.zeros((0, 36, 4, 5)), np.ones((3, 2, 3, 3)), padding=1, mask=np.zeros((0, 18, 4, 5)))
    assert (y.shape, y.dtype) == ((0, 3, 4, 5), np.float64)


@FORMS
def test_an_image_of_one_pixel_works_with_a_kernel_larger_than_it(form):
    offset, w = np.zeros((18, 1, 1)), np.arange(1.0, 10).reshape(1, 1, 3, 3)
    assert form([[[2.0]]], offset, w, padding=1) == 2 * 5
    offset[:2, 0, 0] = 1, 0.5  # tap 0, whose weight is 1, comes down to the pixel's row and half-way to its column
    assert form([[[2.0]]], offset, w, padding=1) == 2 * 5 + 1 * 1


@FORMS
def test_infinite_offsets_see_the_zeros_far_outside(form):
    for far in np.inf, -np.inf, 1e300:
        offset = np.zeros((2, 1, 2))
        offset[0, 0, 1] = far
        assert_array_equal(form([[[3, 4]]], offset, [[[[1]]]], [10]), [[[13, 10]]])


@FORMS
def test_not_a_number_reaches_the_samples_beside_it_and_no_further(form):
    x = np.zeros((1, 1, 6))
    x[0, 0, 3] = np.nan
    y = form(x, np.full((2, 1, 6), [[[0.0]], [[0.5]]]), np.ones((1, 1, 1, 1)))
    assert_array_equal(np.isnan(y), [[[False, False, True, True, False, False]]])
    # Its share may be 0: position 2 has the pixels 2 and 3.
    y = form(x, np.zeros((2, 1, 6)), np.ones((1, 1, 1, 1)))
    assert_array_equal(np.isnan(y), [[[False, False, True, True, False, False]]])
    y = form(x, np.full((2, 1, 6), 9.0), np.ones((1, 1, 1, 1)))
    assert_array_equal(y, np.zeros((1, 1, 6)))


@FORMS
def test_nothing_is_changed_and_views_give_what_their_copies_give(form):
    rng = np.random.default_rng(3)
    x, offset, w, b, mask = (rng.standard_normal(shape) for shape in [(9, 2, 14), (3, 6, 24), (3, 2, 2, 4), 8, (3, 3, 12)])
    arrays = x.transpose(1, 2, 0)[:, 3::-1, ::2], offset.T[::2, ::2], w.T, b[::2], mask.T[1::2]
    for array in (x, offset, w, b, mask):
        array.flags.writeable = False
    before = [a.copy() for a in arrays]
    *layer, mask = arrays
    *layer_before, mask_before = before
    y = form(*layer, mask=mask)
    assert_array_equal(y, form(*layer_before, mask=mask_before))
    for a, old in zip(arrays, before):
        assert_array_equal(a, old)


def test_two_runs_give_the_same_bits():
    *layer, options = random_deform(np.random.default_rng(8), more=9)
    assert_array_equal(ops.deform_conv2d(*layer, **options), ops.deform_conv2d(*layer, **options))
