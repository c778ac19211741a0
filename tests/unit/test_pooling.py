"""Pooling against PyTorch; laws; messages."""

import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from strategies import pools, random_layers

from convbook import ops, reference

FORMS = pytest.mark.parametrize("form", [reference, ops])
X = np.array([[[1, 5, 2, 0, 7], [3, 4, 8, 6, 9], [2, 2, 1, 3, 0]]])


@FORMS
def test_the_pooling_of_a_small_image_can_be_checked_by_eye(form):
    assert_array_equal(form.max_pool2d(X, 2), [[[5, 8]]])
    assert_array_equal(form.max_pool2d(X, 2, ceil_mode=True), [[[5, 8, 9], [2, 3, 0]]])
    assert_array_equal(form.avg_pool2d(X, 2), [[[3.25, 4.0]]])
    assert_array_equal(form.avg_pool2d(X, 2, ceil_mode=True), [[[3.25, 4.0, 8.0], [2.0, 2.0, 0.0]]])


@FORMS
@random_layers
@given(case=pools(dilated=True))
def test_max_pooling_agrees_with_pytorch(form, case):
    x, options = case
    expected = F.max_pool2d(torch.tensor(x), **options).numpy()
    y = form.max_pool2d(x, **options)
    assert y.dtype == expected.dtype
    assert_array_equal(y, expected)


@FORMS
@random_layers
@given(case=pools(dilated=False))
def test_average_pooling_agrees_with_pytorch(form, case):
    x, options = case
    expected = F.avg_pool2d(torch.tensor(x), **options).numpy()
    y = form.avg_pool2d(x, **options)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    assert_allclose(y, expected, rtol=1e-12, atol=1e-12)


@FORMS
@pytest.mark.parametrize("n, k, s", [(2, 3, 2), (1, 4, 4), (3, 5, 3)])
def test_with_ceil_mode_a_window_may_be_longer_than_the_image_as_in_pytorch(form, n, k, s):
    x = np.random.default_rng(n).standard_normal((2, n, n + 1))
    assert_array_equal(form.max_pool2d(x, k, stride=s, ceil_mode=True), F.max_pool2d(torch.tensor(x), k, s, ceil_mode=True))
    assert_allclose(form.avg_pool2d(x, k, stride=s, ceil_mode=True), F.avg_pool2d(torch.tensor(x), k, s, ceil_mode=True))


@FORMS
def test_an_average_is_a_convolution_with_equal_weights(form):
    x = np.random.default_rng(1).standard_normal((2, 5, 7))
    w = np.full((2, 1, 2, 3), 1 / 6)
    assert_allclose(form.avg_pool2d(x, (2, 3), stride=(1, 2), padding=(1, 1)),
                    ops.conv2d(x, w, stride=(1, 2), padding=1, groups=2), rtol=1e-12, atol=1e-12)


@FORMS
def test_padding_never_wins_a_maximum(form):
    assert_array_equal(form.max_pool2d(-X, 2, stride=1, padding=1)[0, 0], [-1, -1, -2, 0, 0, -7])
    assert form.max_pool2d(np.full((1, 1, 1), -128, np.int8), 2, padding=1)[0, 0, 0] == -128


@FORMS
def test_types_stay_and_only_averages_of_integers_become_float64(form):
    for dtype in np.float32, np.float64:
        assert form.max_pool2d(X.astype(dtype), 2).dtype == form.avg_pool2d(X.astype(dtype), 2).dtype == dtype
    assert form.max_pool2d(X.astype(np.uint8), 2).dtype == np.int64
    assert form.avg_pool2d(X, 2).dtype == np.float64


@FORMS
def test_not_a_number_is_the_maximum_of_its_window(form):
    x = X.astype(float)
    x[0, 0, 0] = np.nan
    assert_array_equal(form.max_pool2d(x, 2), [[[np.nan, 8]]])


@FORMS
def test_an_empty_batch_gives_an_empty_batch(form):
    assert form.max_pool2d(np.zeros((0, 2, 4, 5)), 2).shape == (0, 2, 2, 2)
    assert form.avg_pool2d(np.zeros((0, 2, 4, 5)), 2, padding=1).shape == (0, 2, 3, 3)


BAD = [
    (dict(x=np.ones((4, 5))), ValueError, "x has shape (4, 5); it must be (channels, height, width) or (batch, channels, height, width)"),
    (dict(x="image"), TypeError, "x has dtype <U5; it must be float32, float64 or an integer type up to int64"),
    (dict(x=np.ones((1, 4, 5), np.float16)), TypeError, "x has dtype float16; it must be float32, float64 or an integer type up to int64"),
    (dict(kernel_size=0), ValueError, "kernel_size=0 must be at least 1"),
    (dict(kernel_size="2"), TypeError, "kernel_size='2' must be an integer"),
    (dict(kernel_size=(2, 2, 2)), ValueError, "kernel_size=(2, 2, 2) must be one integer, or a tuple of 2, one per axis"),
    (dict(kernel_size=(2, 6)), ValueError, "width: k=6 with dilation=1 spans 6 positions; n=5 with padding=0 has only 5"),
    (dict(kernel_size=9, stride=1, ceil_mode=True), ValueError, "height: k=9 with dilation=1 spans 9 positions; n=4 with padding=0 has only 4"),
    (dict(stride=0), ValueError, "stride=0 must be at least 1"),
    (dict(stride=1.0), TypeError, "stride=1.0 must be an integer"),
    (dict(padding=2), ValueError, "height: padding=2 must be at most k // 2 = 1, half of the window's taps"),
    (dict(padding=(0, 2)), ValueError, "width: padding=2 must be at most k // 2 = 1, half of the window's taps"),
    (dict(padding=-1), ValueError, "padding=-1 must be at least 0"),
    (dict(padding="same"), TypeError, "padding='same' must be an integer"),
    (dict(ceil_mode=1), TypeError, "ceil_mode=1 must be True or False"),
]


@FORMS
@pytest.mark.parametrize("change, error, message", BAD)
@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
def test_bad_arguments_are_refused_with_a_whole_message(form, name, change, error, message):
    args = {"x": np.ones((1, 4, 5)), "kernel_size": 2, **change}
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        getattr(form, name)(**args)


@FORMS
def test_options_of_one_kind_of_pooling_are_checked_too(form):
    with pytest.raises(ValueError, match="^dilation=0 must be at least 1$"):
        form.max_pool2d(X, 2, dilation=0)
    with pytest.raises(TypeError, match="^count_include_pad='no' must be True or False$"):
        form.avg_pool2d(X, 2, count_include_pad="no")
