"""The gradients of a deformable convolution: by hand, against autograd through grid_sample, against slopes."""

import re

import numpy as np
import pytest
import torch
from deform_strategies import random_deform, rngs, tensors, torch_deform_conv2d
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from strategies import random_layers, values

from convbook import ops


def test_the_gradients_of_one_moved_tap_can_be_written_down():
    # y0 = w m0 (0.75 * 1 + 0.25 * 5), y1 = w m1 5 at rest; the loss grows by 1 with y0 and by 10 with y1.
    offset = np.zeros((2, 1, 2))
    offset[1, 0, 0] = 0.25
    grad_x, grad_offset, grad_w, grad_b, grad_mask = ops.deform_conv2d_backward(
        [[[1, 10]]], [[[1, 5]]], offset, [[[[4]]]], mask=[[[0.5, 2]]])
    assert_array_equal(grad_x, [[[4 * 0.5 * 0.75, 4 * 0.5 * 0.25 + 10 * 4 * 2]]])
    # dy: half-way below lie zeros; dx: from 1 to 5, and from 5 to the zero after it
    assert_array_equal(grad_offset, [[[4 * 0.5 * -2, 10 * 4 * 2 * -5]], [[4 * 0.5 * 4, 10 * 4 * 2 * -5]]])
    assert_array_equal(grad_w, [[[[0.5 * 2 + 10 * 2 * 5]]]])
    assert_array_equal(grad_b, [11])
    assert_array_equal(grad_mask, [[[4 * 2, 10 * 4 * 5]]])


@random_layers
@given(rng=rngs)
def test_gradients_are_autograds(rng):
    x, offset, w, _, options = random_deform(rng)
    leaves = tensors(x, offset, w, np.zeros(len(w)), options["mask"], requires_grad=True)
    y = torch_deform_conv2d(*leaves[:4], **{**options, "mask": leaves[4]})
    grad = values(rng, tuple(y.shape))
    y.backward(torch.tensor(grad))
    found = ops.deform_conv2d_backward(grad, x, offset, w, **options)
    assert len(found) == 5
    for gradient, leaf in zip(found, leaves):
        if leaf is None:
            assert gradient is None
        else:
            assert gradient.shape == leaf.shape
            assert_allclose(gradient, leaf.grad.numpy(), rtol=1e-8, atol=1e-8)


def test_gradients_are_the_slopes_of_the_loss_away_from_kinks():
    rng = np.random.default_rng(5)
    x, w, mask = rng.standard_normal((4, 5, 6)), rng.standard_normal((2, 2, 3, 2)), rng.standard_normal((12, 3, 7))
    offset = rng.integers(-2, 3, (24, 3, 7)) + rng.uniform(0.1, 0.9, (24, 3, 7))
    options = dict(stride=(2, 1), padding=1)
    grad = rng.standard_normal((2, 3, 7))
    found = ops.deform_conv2d_backward(grad, x, offset, w, mask=mask, **options)

    def loss():
        return (grad * ops.deform_conv2d(x, offset, w, mask=mask, **options)).sum()

    for array, slopes in (x, found[0]), (offset, found[1]), (w, found[2]), (mask, found[4]):
        for place in list(np.ndindex(array.shape))[::7]:
            old = array[place]
            array[place] = old + 1e-3
            above = loss()
            array[place] = old - 1e-3
            below = loss()
            array[place] = old
            assert_allclose((above - below) / 2e-3, slopes[place], rtol=1e-7, atol=1e-9)


def test_at_rest_the_offsets_slope_is_the_one_to_the_right():
    rng = np.random.default_rng(6)
    x, w, offset = rng.standard_normal((2, 4, 5)), rng.standard_normal((1, 2, 3, 3)), np.zeros((18, 2, 3))
    _, found, *_ = ops.deform_conv2d_backward(np.ones((1, 2, 3)), x, offset, w)
    start = ops.deform_conv2d(x, offset, w).sum()
    for place in np.ndindex(offset.shape):
        offset[place] = 0.5
        assert_allclose((ops.deform_conv2d(x, offset, w).sum() - start) / 0.5, found[place], rtol=1e-10, atol=1e-10)
        offset[place] = 0


@random_layers
@given(rng=rngs)
def test_at_rest_the_gradients_are_those_of_the_plain_convolution(rng):
    x, offset, w, _, options = random_deform(rng)
    del options["mask"]
    grad = values(rng, (*offset.shape[:-3], len(w), *offset.shape[-2:]))
    grad_x, _, grad_w, grad_b, _ = ops.deform_conv2d_backward(grad, x, np.zeros_like(offset), w, **options)
    expected = ops.conv2d_backward(grad, x, w, groups=x.shape[-3] // w.shape[1], **options)
    for found, expected in zip((grad_x, grad_w, grad_b), expected):
        assert_allclose(found, expected, rtol=1e-10, atol=1e-10)


def test_taps_far_outside_send_nothing_back():
    offset = np.zeros((2, 1, 3))
    offset[0, 0, 1:] = np.inf, -40
    grad_x, grad_offset, grad_w, grad_b, _ = ops.deform_conv2d_backward([[[1.0, 1, 1]]], [[[5, 6, 7]]], offset, [[[[2]]]])
    assert_array_equal(grad_x, [[[2, 0, 0]]])
    assert_array_equal(grad_offset[:, 0, 1:], np.zeros((2, 2)))
    assert (grad_w.item(), grad_b.item()) == (5, 3)


def test_an_empty_batch_has_gradients_of_zero():
    w = np.ones((3, 2, 3, 3))
    found = ops.deform_conv2d_backward(np.zeros((0, 3, 4, 5)), np.zeros((0, 2, 4, 5)), np.zeros((0, 18, 4, 5)), w, padding=1,
                                       mask=np.zeros((0, 9, 4, 5)))
    assert [g.shape for g in found] == [(0, 2, 4, 5), (0, 18, 4, 5), w.shape, (3,), (0, 9, 4, 5)]
    assert not found[2].any() and not found[3].any()


@pytest.mark.parametrize("types, result", [
    (["f4"] * 5, np.float32), (["f8", "f4", "f4", "f4", "f4"], np.float64), (["f4", "f4", "f4", "f4", "f8"], np.float64),
    (["i4", "i8", "f4", "u1", "f4"], np.float64), (["i8"] * 5, np.float64),
])
def test_all_gradients_share_the_type_that_numpy_promotes_to(types, result):
    shapes = [(2, 2, 3), (1, 3, 4), (8, 2, 3), (2, 1, 2, 2), (4, 2, 3)]
    *arrays, mask = (np.ones(shape, dtype) for shape, dtype in zip(shapes, types))
    assert [g.dtype for g in ops.deform_conv2d_backward(*arrays, mask=mask)] == [result] * 5


def test_nothing_is_changed():
    rng = np.random.default_rng(7)
    arrays = [values(rng, shape) for shape in [(3, 4, 5), (2, 4, 5), (18, 4, 5), (3, 2, 3, 3), (9, 4, 5)]]  # read-only
    before = [a.copy() for a in arrays]
    *args, mask = arrays
    for gradient in ops.deform_conv2d_backward(*args, padding=1, mask=mask):
        gradient[:] = 5
    for a, old in zip(arrays, before):
        assert_array_equal(a, old)


@pytest.mark.parametrize("grad, error, message", [
    (np.ones((1, 2, 3)), ValueError, "grad has shape (1, 2, 3); it must have the output's, (2, 2, 3)"),
    (np.ones((1, 2, 2, 3)), ValueError, "grad has shape (1, 2, 2, 3); it must have the output's, (2, 2, 3)"),
    ("1", TypeError, "grad has dtype <U1; it must be float32, float64 or an integer type up to int64"),
])
def test_a_gradient_that_does_not_fit_is_refused(grad, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        ops.deform_conv2d_backward(grad, np.ones((1, 3, 4)), np.ones((8, 2, 3)), np.ones((2, 1, 2, 2)))
