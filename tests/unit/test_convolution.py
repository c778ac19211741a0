"""Convolutions against the worked example and against PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from strategies import MODES, convs, random_layers
from torch import nn

from convbook import ops, reference

FORMS_2D = [reference.conv2d, ops.conv2d, ops.conv2d_im2col, ops.conv2d_fft]


def by_pytorch(x, w, b, options):
    """The same layer as a torch.nn.ConvNd, which is the one that knows padding modes."""
    kind = [nn.Conv1d, nn.Conv2d, nn.Conv3d][w.ndim - 3]
    with torch.no_grad():
        layer = kind(w.shape[1] * options["groups"], w.shape[0], w.shape[2:], bias=b is not None, **options)
        layer.weight = nn.Parameter(torch.tensor(w))
        if b is not None:
            layer.bias = nn.Parameter(torch.tensor(b))
        return layer(torch.tensor(x)).numpy()


def assert_agrees(form, x, w, b, options, rtol=1e-10):
    y, expected = form(x, w, b, **options), by_pytorch(x, w, b, options)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    assert_allclose(y, expected, rtol=rtol, atol=rtol * max(1, np.abs(expected).max()))


X = np.array([[1, 2, 0, 1, 3],
              [0, 1, 2, 3, 1],
              [2, 1, 0, 1, 2],
              [1, 0, 3, 2, 1]])
W = np.array([[1, 0, -1],
              [2, 1, 0]])
# First number: 1*1 + 0*2 - 1*0 + 2*0 + 1*1 + 0*2 = 2; last: 1*0 + 0*1 - 1*2 + 2*3 + 1*2 + 0*1 = 6.
Y = np.array([[2, 5, 4],
              [3, 0, 2],
              [4, 3, 6]])


@pytest.mark.parametrize("form", FORMS_2D)
def test_the_worked_example_gives_the_nine_numbers_printed_on_the_page(form):
    assert_allclose(form(X[None], W[None, None]), Y[None], atol=1e-12)


def test_the_worked_example_in_integers_is_exact_and_stays_integer():
    for form in FORMS_2D[:3]:
        y = form(X[None], W[None, None])
        assert y.dtype == np.int64
        assert_array_equal(y, Y[None])


# warnings: PyTorch announces that it copies the input for "same" with an even kernel.
same_is_copied = pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")


@same_is_copied
@pytest.mark.parametrize("form", [reference.conv1d, ops.conv1d])
@random_layers
@given(layer=convs(1, more=6))
def test_1d_agrees_with_pytorch(form, layer):
    assert_agrees(form, *layer)


@same_is_copied
@pytest.mark.parametrize("form", FORMS_2D)
@random_layers
@given(layer=convs(2))
def test_2d_agrees_with_pytorch(form, layer):
    assert_agrees(form, *layer)


@same_is_copied
@pytest.mark.parametrize("form", [reference.conv3d, ops.conv3d])
@random_layers
@given(layer=convs(3, max_k=3, more=2))
def test_3d_agrees_with_pytorch(form, layer):
    assert_agrees(form, *layer)


@random_layers
@given(layer=convs(2, k=(3, 3), more=6, steps=False))
def test_winograd_agrees_with_pytorch(layer):
    assert_agrees(ops.conv2d_winograd, *layer)


@pytest.mark.parametrize("form", [*FORMS_2D, ops.conv2d_winograd])
@random_layers
@given(layer=convs(2, k=(3, 3), steps=False, dtype=np.float32))
def test_float32_stays_float32_and_agrees_with_pytorch(form, layer):
    assert_agrees(form, *layer, rtol=2e-5)


@same_is_copied
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("k", [(2, 3), (4, 1)])
def test_padding_by_name_is_pytorchs_in_every_mode_even_kernels_included(padding, mode, k):
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 3, 6, 7)), rng.standard_normal((4, 3, *k))
    options = dict(stride=1, padding=padding, dilation=(1, 2), groups=1, padding_mode=mode)
    for form in FORMS_2D:
        assert_agrees(form, x, w, None, options)


@random_layers
@given(layer=convs(2))
def test_im2col_is_pytorchs_unfold(layer):
    x, w, _, options = layer
    options = {**options, "padding_mode": "zeros"}
    del options["groups"]
    if isinstance(options["padding"], str):
        options["padding"] = 1
        x = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(0, 10)] * 2)
    expected = torch.nn.functional.unfold(torch.tensor(x), w.shape[2:], **{k: v for k, v in options.items() if k != "padding_mode"})
    assert_array_equal(ops.im2col(x, w.shape[2:], **options), expected.numpy())
