"""Reading between pixels: by hand, against grid_sample, at the edges, and its slopes."""

import re

import numpy as np
import pytest
import torch
from deform_strategies import grid_sampled, rngs, tensors
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from strategies import random_layers, values

from convbook import ops, reference

FORMS = pytest.mark.parametrize("form", [reference, ops])
IMAGE = np.array([[0, 8], [20, 28]])


def random_samples(rng):
    image = values(rng, (*rng.integers(1, 3, rng.integers(0, 3)), *rng.integers(1, 5, 2)))
    shape = [(), (3,), (2, 2)][rng.integers(3)]
    return image, rng.uniform(-3, 6, shape), rng.uniform(-3, 6, shape)


def by_grid_sample(image, y, x):
    planes = image.reshape(1, -1, *image.shape[-2:])
    return grid_sampled(planes, y.reshape(1, -1), x.reshape(1, -1)).reshape((*image.shape[:-2], *y.shape))


@FORMS
@pytest.mark.parametrize("y, x, expected", [
    (0, 0, 0), (1, 1, 28), (0.5, 0.5, 14), (0.5, 0.25, 12), (0.25, 0, 5),
    (-0.5, 1, 4),  # half of it lies above the image: (0 + 8) / 2
    (-0.75, 1.5, 1), (1.5, 1.5, 7), (-1, 1, 0), (2, 1, 0), (0, -1, 0), (0, 2, 0),
    (-7.3, 0, 0), (0, 1e30, 0), (np.inf, 0, 0), (0, -np.inf, 0),
])
def test_samples_by_hand_inside_at_the_edge_and_beyond(form, y, x, expected):
    assert_allclose(form.bilinear_sample(IMAGE, y, x), expected, rtol=1e-15)


@FORMS
@random_layers
@given(rng=rngs)
def test_samples_agree_with_grid_sample(form, rng):
    image, y, x = random_samples(rng)
    samples = form.bilinear_sample(image, y, x)
    expected = by_grid_sample(*tensors(image, y, x)).numpy()
    assert (samples.shape, samples.dtype) == (expected.shape, expected.dtype)
    assert_allclose(samples, expected, rtol=1e-10, atol=1e-10)


@random_layers
@given(rng=rngs)
def test_gradients_are_autograds(rng):
    arrays = random_samples(rng)
    leaves = tensors(*arrays, requires_grad=True)
    samples = by_grid_sample(*leaves)
    grad = rng.standard_normal(tuple(samples.shape))
    samples.backward(torch.tensor(grad))
    for found, leaf in zip(ops.bilinear_sample_backward(grad, *arrays), leaves):
        assert found.shape == leaf.shape
        assert_allclose(found, leaf.grad.numpy(), rtol=1e-9, atol=1e-9)


def test_at_a_whole_position_the_slope_is_the_one_to_the_right():
    # 0, 8, 20: 8 up to the middle pixel, 12 after it; before the first 0, after the last -20.
    for x, slope in (-2, 0), (-1, 0), (0, 8), (1, 12), (2, -20), (3, 0), (np.inf, 0), (-np.inf, 0):
        _, grad_y, grad_x = ops.bilinear_sample_backward(1, [[0, 8, 20]], 0, x)
        assert grad_x == slope
    assert ops.bilinear_sample_backward(1, [[5, 8]], 0, -1)[2] == 5


def test_positions_that_share_a_pixel_add_up_in_it():
    grad_image, _, _ = ops.bilinear_sample_backward([1, 10, 100], [[0, 0, 0]], [0, 0, 0], [0, 0.5, 0])
    assert_allclose(grad_image, [[106, 5, 0]])


@FORMS
def test_whole_positions_read_the_pixels_themselves_and_integers_become_float64(form):
    y, x = np.indices((2, 2))
    samples = form.bilinear_sample(IMAGE, y, x)
    assert samples.dtype == np.float64
    assert_array_equal(samples, IMAGE)
    assert form.bilinear_sample(IMAGE.astype("f"), y.astype("f"), x.astype("f")).dtype == np.float32
    assert form.bilinear_sample(IMAGE.astype("f"), y.astype("f"), x.astype("d")).dtype == np.float64


@FORMS
def test_no_positions_give_no_samples(form):
    assert form.bilinear_sample(np.ones((3, 2, 4)), np.ones((0, 5)), np.ones((0, 5))).shape == (3, 0, 5)


def test_without_positions_there_is_no_gradient():
    grad_image, grad_y, grad_x = ops.bilinear_sample_backward(np.ones((3, 0)), np.ones((3, 2, 4)), np.ones(0), np.ones(0))
    assert_array_equal(grad_image, np.zeros((3, 2, 4)))
    assert grad_y.shape == grad_x.shape == (0,)


NUMBERS = "it must be float32, float64 or an integer type up to int64"
BAD = [
    (dict(image=np.ones(3)), ValueError, "image has shape (3,); it must be (..., height, width), both at least 1"),
    (dict(image=np.ones((2, 0))), ValueError, "image has shape (2, 0); it must be (..., height, width), both at least 1"),
    (dict(image=np.ones((2, 3), np.float16)), TypeError, f"image has dtype float16; {NUMBERS}"),
    (dict(y=np.ones(2)), ValueError, "y has shape (2,) and x has shape (3,); they must be the same"),
    (dict(x=1.0), ValueError, "y has shape (3,) and x has shape (); they must be the same"),
    (dict(y="top"), TypeError, f"y has dtype <U3; {NUMBERS}"),
    (dict(x=None), TypeError, f"x has dtype object; {NUMBERS}"),
    (dict(y=[0, np.nan, 1]), ValueError, "y[1]=nan must be a number; inf would sample the zeros far outside"),
    (dict(y=0.5, x=np.nan), ValueError, "x=nan must be a number; inf would sample the zeros far outside"),
    (dict(x=[0, 1, np.nan]), ValueError, "x[2]=nan must be a number; inf would sample the zeros far outside"),
]


@pytest.mark.parametrize("call", [reference.bilinear_sample, ops.bilinear_sample,
                                  lambda **args: ops.bilinear_sample_backward(np.ones(3), **args)])
@pytest.mark.parametrize("change, error, message", BAD)
def test_bad_arguments_are_refused_with_a_whole_message(call, change, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call(**{"image": np.ones((2, 3)), "y": np.ones(3), "x": np.ones(3), **change})


@pytest.mark.parametrize("grad, error, message", [
    (np.ones(3), ValueError, "grad has shape (3,); it must have the output's, (4, 3)"),
    ("1", TypeError, f"grad has dtype <U1; {NUMBERS}"),
])
def test_a_gradient_that_does_not_fit_is_refused(grad, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        ops.bilinear_sample_backward(grad, np.ones((4, 2, 3)), np.ones(3), np.ones(3))
