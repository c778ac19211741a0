"""Arrays of every kind: integers, mixed types, empty batches, views, 1 x 1 images."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from convbook import ops, reference

CONV2D = [reference.conv2d, ops.conv2d, ops.conv2d_im2col, ops.conv2d_fft, ops.conv2d_winograd]
EXACT = CONV2D[:3]
ALL = [(name, form) for form in (reference, ops) for name in ("conv1d", "conv2d", "conv3d")]


@pytest.mark.parametrize("name, form", ALL)
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int32, np.int64])
def test_integers_become_int64_and_stay_exact(name, form, dtype):
    axes = int(name[4])
    x, w = np.full((3, *[4] * axes), 100, dtype), np.full((2, 3, *[2] * axes), 100, dtype)
    y = getattr(form, name)(x, w)
    assert y.dtype == np.int64
    assert_array_equal(y, 3 * 2**axes * 100 * 100)


@pytest.mark.parametrize("form", EXACT)
def test_integers_beyond_the_reach_of_floating_point_stay_exact(form):
    assert form([[[2**53, 1]]], [[[[1, 1]]]]).item() == 2**53 + 1


@pytest.mark.parametrize("form", [ops.conv2d_fft, ops.conv2d_winograd])
def test_forms_that_need_fractions_return_integers_as_float64(form):
    x, w = np.arange(20).reshape(1, 4, 5), np.arange(9).reshape(1, 1, 3, 3)
    y = form(x, w)
    assert y.dtype == np.float64
    assert_allclose(y, reference.conv2d(x, w), rtol=1e-12)


@pytest.mark.parametrize("form", CONV2D)
@pytest.mark.parametrize("x_type, w_type, b_type, y_type", [
    (np.float32, np.float32, None, np.float32),
    (np.float32, np.float32, np.float32, np.float32),
    (np.float32, np.float64, np.float32, np.float64),
    (np.uint8, np.float64, None, np.float64),
    (np.float32, np.float32, np.float64, np.float64),
])
def test_mixed_types_are_promoted_as_numpy_promotes_them(form, x_type, w_type, b_type, y_type):
    b = None if b_type is None else np.ones(2, b_type)
    assert form(np.ones((1, 3, 4), x_type), np.ones((2, 1, 3, 3), w_type), b).dtype == y_type


@pytest.mark.parametrize("form", CONV2D)
@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_an_empty_batch_gives_an_empty_batch(form, mode):
    y = form(np.zeros((0, 2, 4, 5)), np.ones((3, 2, 3, 3)), np.ones(3), padding=1, padding_mode=mode)
    assert (y.shape, y.dtype) == ((0, 3, 4, 5), np.float64)


def test_an_empty_batch_has_gradients_of_zero():
    w = np.ones((3, 2, 3, 3))
    grad_x, grad_w, grad_b = ops.conv2d_backward(np.zeros((0, 3, 4, 5)), np.zeros((0, 2, 4, 5)), w, padding=1)
    assert grad_x.shape == (0, 2, 4, 5)
    assert_array_equal(grad_w, np.zeros_like(w))
    assert_array_equal(grad_b, np.zeros(3))


@pytest.mark.parametrize("form", CONV2D)
def test_an_image_of_one_pixel_works(form):
    w = np.arange(9.0).reshape(1, 1, 3, 3)
    assert_allclose(form([[[2.0]]], w, padding=1), [[[8.0]]])
    assert_allclose(form([[[2.0]]], w, padding=1, padding_mode="replicate"), [[[72.0]]])


@pytest.mark.parametrize("form", CONV2D)
def test_nothing_is_changed_and_views_give_what_their_copies_give(form):
    rng = np.random.default_rng(3)
    x, w, b = rng.standard_normal((9, 2, 14)), rng.standard_normal((3, 3, 2, 4)), rng.standard_normal(8)
    arrays = x.transpose(1, 2, 0)[:, ::-2], w.T, b[::2]
    for array in (x, w, b):
        array.flags.writeable = False
    before = [a.copy() for a in arrays]
    y = form(*arrays, padding=(2, 1))
    assert_array_equal(y, form(*before, padding=(2, 1)))
    for a, old in zip(arrays, before):
        assert_array_equal(a, old)


@pytest.mark.parametrize("form", [reference, ops])
def test_the_result_is_the_callers_own_even_when_nothing_is_computed(form):
    x = np.ones((1, 2, 3))
    for y in form.conv2d(x, [[[[1.0]]]]), form.max_pool2d(x, 1), form.avg_pool2d(x, 1):
        y[:] = 5
    assert_array_equal(x, np.ones((1, 2, 3)))


@pytest.mark.parametrize("form", [reference.conv2d, ops.conv2d, ops.conv2d_im2col])
def test_not_a_number_spreads_to_the_windows_that_see_it_and_no_further(form):
    x = np.zeros((1, 3, 5))
    x[0, 1, 4] = np.nan
    assert_array_equal(np.isnan(form(x, np.ones((1, 1, 2, 3))))[0], [[False, False, True], [False, False, True]])
