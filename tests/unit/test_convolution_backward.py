"""The gradients of a convolution against autograd, and by hand."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from strategies import convs, random_layers, values

from convbook import ops


def test_the_gradients_of_a_two_tap_kernel_can_be_written_down():
    # y0 = w0 x0 + w1 x1, y1 = w0 x1 + w1 x2; the loss grows by 1 with y0 and by 10 with y1.
    x, w, grad = [[[1, 2, 3]]], [[[[5, 7]]]], [[[1, 10]]]
    grad_x, grad_w, grad_b = ops.conv2d_backward(grad, x, w)
    assert_array_equal(grad_x, [[[5, 7 + 50, 70]]])
    assert_array_equal(grad_w, [[[[1 + 20, 2 + 30]]]])
    assert_array_equal(grad_b, [11])


@pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")
@random_layers
@given(layer=convs(2, modes=["zeros"]))
def test_gradients_are_autograds(layer):
    x, w, _, options = layer
    del options["padding_mode"]
    tx, tw = torch.tensor(x, requires_grad=True), torch.tensor(w, requires_grad=True)
    tb = torch.zeros(len(w), dtype=tw.dtype, requires_grad=True)
    y = F.conv2d(tx, tw, tb, **options)
    grad = values(np.random.default_rng(len(w)), tuple(y.shape))
    y.backward(torch.tensor(grad))
    for found, expected in zip(ops.conv2d_backward(grad, x, w, **options), (tx.grad, tw.grad, tb.grad)):
        assert found.shape == expected.shape
        assert_allclose(found, expected.numpy(), rtol=1e-10, atol=1e-10)


def test_gradients_are_the_slopes_of_the_loss():
    rng = np.random.default_rng(5)
    x, w, options = rng.standard_normal((4, 5, 6)), rng.standard_normal((2, 2, 3, 2)), dict(stride=(2, 1), padding=1, groups=2)
    grad = rng.standard_normal(ops.conv2d(x, w, **options).shape)
    found = ops.conv2d_backward(grad, x, w, **options)

    def loss(x, w):
        return (grad * ops.conv2d(x, w, **options)).sum()

    for array, slopes in (x, found[0]), (w, found[1]):
        for place in list(np.ndindex(array.shape))[::7]:
            old = array[place]
            array[place] = old + 1e-3
            above = loss(x, w)
            array[place] = old - 1e-3
            below = loss(x, w)
            array[place] = old
            assert_allclose((above - below) / 2e-3, slopes[place], rtol=1e-7, atol=1e-9)


def test_float32_gradients_stay_float32():
    x, w = np.ones((1, 3, 4), np.float32), np.ones((2, 1, 2, 2), np.float32)
    assert {g.dtype.name for g in ops.conv2d_backward(ops.conv2d(x, w), x, w)} == {"float32"}


def test_the_three_gradients_share_the_type_that_numpy_promotes_to():
    x, w = np.ones((1, 3, 4), np.float32), np.ones((2, 1, 2, 2), np.float64)
    grad = np.ones((2, 2, 3), np.float32)
    assert [g.dtype.name for g in ops.conv2d_backward(grad, x, w)] == ["float64"] * 3


def test_inputs_that_no_window_sees_have_no_gradient():
    grad_x, _, _ = ops.conv2d_backward(np.ones((1, 1, 2)), np.ones((1, 1, 6)), np.ones((1, 1, 1, 2)), stride=3)
    assert_array_equal(grad_x, [[[1, 1, 0, 1, 1, 0]]])


@pytest.mark.parametrize("grad, message", [
    (np.ones((1, 2, 3)), r"grad has shape \(1, 2, 3\); it must have the output's, \(2, 2, 3\)"),
    (np.ones((1, 2, 2, 3)), r"grad has shape \(1, 2, 2, 3\); it must have the output's, \(2, 2, 3\)"),
])
def test_a_gradient_of_another_shape_than_the_output_is_refused(grad, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        ops.conv2d_backward(grad, np.ones((1, 3, 4)), np.ones((2, 1, 2, 2)))


def test_a_gradient_that_is_no_number_is_refused():
    with pytest.raises(TypeError, match="^grad has dtype <U1; it must be float32, float64 or an integer type up to int64$"):
        ops.conv2d_backward("1", np.ones((1, 3, 4)), np.ones((2, 1, 2, 2)))
