"""A real deconvolution, ZFNet's deconvnet, and the checkerboard as a number."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from convbook import ops
from convbook.blocks import deconvnet
from convbook.data import photograph
from convbook.training import checkerboard

RNG = np.random.default_rng(0)


def blurred(x, w):
    return ops.conv2d(x[None], w[None, None], padding=tuple(k // 2 for k in w.shape), padding_mode="circular")[0]


@pytest.mark.parametrize(("size", "taps"), [((9, 12), (3, 5)), ((4, 7), (1, 3)), ((6, 5), (5, 1)), ((3, 3), (3, 3))])
def test_least_squares_undoes_a_circular_convolution(size, taps):
    x, w = RNG.random(size), RNG.random(taps) + np.eye(*taps)[::-1]
    assert np.allclose(ops.deconvolve2d(blurred(x, w), w), x)


def circular_matrix(w, size):
    units = np.eye(np.prod(size)).reshape(-1, *size)
    return np.stack([blurred(unit, w).ravel() for unit in units], axis=1)


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_it_solves_the_least_squares_problem_that_it_states(noise):
    """Also where a frequency is lost: (1, 2, 1) over an even length."""
    w, y = np.array([[1.0, 2.0, 1.0]]), RNG.random((2, 6))
    A = circular_matrix(w, y.shape)
    if noise:
        expected = np.linalg.solve(A.T @ A + noise * np.eye(12), A.T @ y.ravel())
    else:
        expected = np.linalg.lstsq(A, y.ravel(), rcond=1e-10)[0]
    assert np.allclose(ops.deconvolve2d(y, w, noise=noise).ravel(), expected)


def test_a_transposed_convolution_does_not():
    x, w = photograph("china", size=(40, 61), grey=True).astype(float), np.full((3, 3), 1 / 9)
    y = blurred(x, w)
    again = ops.conv_transpose2d(y[None], w[None, None], padding=1)[0]
    assert np.abs(again - x).mean() > np.abs(y - x).mean() > 1e6 * np.abs(ops.deconvolve2d(y, w) - x).mean()


@pytest.mark.parametrize(("y", "kernel", "noise", "error", "message"), [
    (np.ones(4), np.ones((1, 1)), 0, ValueError, "y has shape (4,) and kernel (1, 1); both must be (height, width)"),
    (np.ones((4, 5)), np.ones((2, 3)), 0, ValueError, "kernel has shape (2, 3); its sides must be odd, and at most those of y, (4, 5)"),
    (np.ones((4, 5)), np.ones((5, 3)), 0, ValueError, "kernel has shape (5, 3); its sides must be odd, and at most those of y, (4, 5)"),
    (np.ones((4, 5)), np.ones((3, 3)), -1, ValueError, "noise=-1 must be finite and at least 0"),
    (np.ones((4, 5)), np.ones((3, 3)), float("nan"), ValueError, "noise=nan must be finite and at least 0"),
    (np.ones((4, 5)), np.ones((3, 3)), "1", TypeError, "noise='1' must be a number"),
])
def test_whole_messages(y, kernel, noise, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        ops.deconvolve2d(y, kernel, noise=noise)


# ZFNet's deconvnet

@pytest.mark.parametrize("layers", [
    [nn.Conv2d(2, 3, (3, 2), stride=(2, 1), padding=1, dilation=(1, 2))],
    [nn.Conv2d(2, 4, 3, padding=1), nn.MaxPool2d(2), nn.Conv2d(4, 6, (2, 3), groups=2)],
    [nn.Conv2d(2, 3, 3), nn.MaxPool2d(3, stride=2, padding=1), nn.Conv2d(3, 3, 2, stride=2)],
], ids=["one layer", "pooled, grouped", "overlapping pools"])
def test_without_relu_it_is_the_activation_times_its_gradient(layers):
    torch.manual_seed(0)
    x = torch.randn(3, 2, 11, 13, requires_grad=True)
    y = nn.Sequential(*layers)(x)
    peaks = y[:, 1].flatten(1).amax(dim=1)
    peaks.sum().backward()
    expected = peaks.detach()[:, None, None, None] * x.grad
    assert torch.allclose(deconvnet(layers, x.detach(), 1), expected, atol=1e-5)


def test_a_relu_lets_only_what_is_positive_pass_on_the_way_down():
    """1 x 1 kernels by hand: the signal is 2, then −2·3 = −6 and 2·5 = 10 after the second layer's transpose."""
    first, second = nn.Conv2d(1, 2, 1, bias=False), nn.Conv2d(2, 1, 1, bias=False)
    first.weight.data = torch.tensor([1.0, 1.0]).view(2, 1, 1, 1)
    second.weight.data = torch.tensor([-3.0, 5.0]).view(1, 2, 1, 1)
    x = torch.ones(1, 1, 1, 1)  # up: 1 and 1, then −3 + 5 = 2
    assert deconvnet([first, nn.ReLU(), second], x, 0).item() == 10
    assert deconvnet([first, second], x, 0).item() == 4


def test_only_the_strongest_activation_of_one_feature_is_carried_back():
    conv = nn.Conv2d(1, 2, 1, bias=False)
    conv.weight.data = torch.tensor([1.0, -1.0]).view(2, 1, 1, 1)
    x = torch.tensor([[[[1.0, 3.0, -4.0]]]])
    assert deconvnet([conv], x, 0).tolist() == [[[[0, 3, 0]]]]
    assert deconvnet([conv], x, 1).tolist() == [[[[0, 0, -4]]]]


def test_what_it_cannot_walk_back_is_named():
    with pytest.raises(TypeError, match="^layers holds Linear; it must hold Conv2d, ReLU and MaxPool2d only$"):
        deconvnet([nn.Linear(2, 2)], torch.zeros(1, 1, 2, 2), 0)
    with pytest.raises(ValueError, match="^channel=3 must be less than 3, the channels of the last layer$"):
        deconvnet([nn.Conv2d(1, 3, 1)], torch.zeros(1, 1, 2, 2), 3)


# The checkerboard

@pytest.mark.parametrize(("stride", "size"), [(2, (6, 8)), (3, (9, 6)), (4, (8, 12))])
def test_the_number_is_the_energy_at_the_strides_frequencies(stride, size):
    x = RNG.random((3, *size))
    power = np.abs(np.fft.fft2(x)) ** 2 / np.prod(size) ** 2
    at = power[:, ::size[0] // stride, ::size[1] // stride].sum(axis=(1, 2)) - power[:, 0, 0]
    assert np.isclose(checkerboard(x, stride), np.sqrt(at.mean()))


def test_a_flat_image_has_none_and_a_repeated_tile_has_all_of_its_deviation():
    tile = RNG.random((4, 4))
    assert checkerboard(np.full((8, 12), 0.3), 4) < 1e-12
    assert np.isclose(checkerboard(np.tile(tile, (2, 3)), 4), tile.std())


def test_sides_that_the_stride_does_not_divide_are_named():
    with pytest.raises(ValueError, match=r"^images has shape \(6, 9\); its last two sides must be multiples of stride=2$"):
        checkerboard(np.ones((6, 9)), 2)
    with pytest.raises(ValueError, match="^stride=1 must be at least 2$"):
        checkerboard(np.ones((6, 9)), 1)
