"""A batch norm folded into the convolution before it."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from strategies import convs, random_layers, values
from torch import nn
from torch.nn.utils import fuse_conv_bn_weights

from convbook import ops

NUMBERS = "it must be float32, float64 or an integer type up to int64"


def batch_norm_of(channels, seed, dtype=np.float64):
    """Running mean and variance, gamma, beta."""
    rng = np.random.default_rng(seed)
    mean, var, gamma, beta = (values(rng, channels, dtype) for _ in range(4))
    return mean, var**2 + dtype(0.1), gamma, beta


def test_a_fold_by_hand():
    w, b = ops.fold_batch_norm([[[4, 2]], [[1, 1]]], [1, 0], [3, 0], [4, 1], [10, 1], [7, 5], eps=0)
    assert_array_equal(w, [[[20, 10]], [[1, 1]]])
    assert_array_equal(b, [5 * (1 - 3) + 7, 5])


@random_layers
@given(layer=convs(2), seed=st.integers(0, 1000))
def test_the_folded_convolution_is_the_convolution_and_then_the_batch_norm(layer, seed):
    x, w, b, options = layer
    options["padding_mode"] = "zeros"
    x = x if x.ndim == 4 else x[None]
    mean, var, gamma, beta = batch_norm_of(len(w), seed)
    folded = ops.fold_batch_norm(w, b, mean, var, gamma, beta, eps=1e-3)
    y = ops.batch_norm(ops.conv2d(x, w, b, **options), mean, var, gamma, beta, eps=1e-3)
    assert_allclose(ops.conv2d(x, *folded, **options), y, rtol=1e-10, atol=1e-10)


@settings(random_layers, max_examples=100)
@given(seed=st.integers(0, 2**32 - 1), axes=st.integers(1, 3), groups=st.integers(1, 3))
def test_so_is_the_folded_transposed_convolution(seed, axes, groups):
    rng = np.random.default_rng(seed)
    C_g, D_g = rng.integers(1, 4, 2)
    k = rng.integers(1, 4, axes)
    kind = [nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d][axes - 1]
    layer = kind(int(groups * C_g), int(groups * D_g), tuple(map(int, k)), groups=groups, stride=2).double()
    mean, var, gamma, beta = batch_norm_of(int(groups * D_g), seed)
    x = torch.tensor(rng.standard_normal((2, groups * C_g, *[3] * axes)))
    with torch.no_grad():
        y = ops.batch_norm(layer(x).numpy(), mean, var, gamma, beta)
        w, b = ops.fold_batch_norm(layer.weight.numpy(), layer.bias.numpy(), mean, var, gamma, beta, transposed=True, groups=groups)
        layer.weight.data, layer.bias.data = torch.tensor(w), torch.tensor(b)
        assert_allclose(layer(x).numpy(), y, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("transposed", [False, True])
def test_pytorch_folds_in_the_same_way(transposed):
    w = np.random.default_rng(0).standard_normal((4, 4, 3, 2))
    mean, var, gamma, beta = batch_norm_of(4, 1)
    arguments = [torch.tensor(v) for v in (w, gamma, mean, var, gamma, beta)]
    expected = fuse_conv_bn_weights(*arguments[:4], 1e-5, *arguments[4:], transpose=transposed)
    for found, wanted in zip(ops.fold_batch_norm(w, gamma, mean, var, gamma, beta, transposed=transposed), expected):
        assert_allclose(found, wanted.detach().numpy(), rtol=1e-12)


def test_what_is_left_out_counts_as_one_and_zero_and_types_are_promoted():
    w = np.ones((2, 3, 1), np.float32)
    mean, var = np.array([1, 2], np.float32), np.array([4, 9], np.float32)
    folded, b = ops.fold_batch_norm(w, None, mean, var, None, None, eps=0)
    assert folded.dtype == b.dtype == np.float32
    assert_allclose(folded[:, 0, 0], [1 / 2, 1 / 3])
    assert_allclose(b, [-1 / 2, -2 / 3])
    assert ops.fold_batch_norm(w, None, mean.astype(np.float64), var, None, None)[0].dtype == np.float64
    assert ops.fold_batch_norm(w.astype(int), None, [1, 2], [4, 9], None, None)[0].dtype == np.float64
    assert_array_equal(w, 1)


@pytest.mark.parametrize("change, error, message", [
    (dict(weight=np.ones((4, 2))), ValueError,
     "weight has shape (4, 2); it must be (out_channels, in_channels / groups, ...) with at least 1 axis of taps, each at least 1"),
    (dict(weight=np.ones((4, 2, 0)), transposed=True), ValueError,
     "weight has shape (4, 2, 0); it must be (in_channels, out_channels / groups, ...) with at least 1 axis of taps, each at least 1"),
    (dict(weight=np.ones((4, 2, 3), np.float16)), TypeError, f"weight has dtype float16; {NUMBERS}"),
    (dict(bias=np.ones(2)), ValueError, "bias has shape (2,); it must be (out_channels,) = (4,)"),
    (dict(bias="b"), TypeError, f"bias has dtype <U1; {NUMBERS}"),
    (dict(running_mean=None), ValueError, "running_mean and running_var must both be given"),
    (dict(running_var=None), ValueError, "running_mean and running_var must both be given"),
    (dict(running_mean=np.ones(2)), ValueError, "running_mean has shape (2,); it must be (channels,) = (4,)"),
    (dict(running_mean="m"), TypeError, f"running_mean has dtype <U1; {NUMBERS}"),
    (dict(running_var=np.ones(2)), ValueError, "running_var has shape (2,); it must be (channels,) = (4,)"),
    (dict(running_var=[1, 1, -1, 1]), ValueError, "running_var[2]=-1 must be at least 0"),
    (dict(gamma=np.ones(3)), ValueError, "gamma has shape (3,); it must be (out_channels,) = (4,)"),
    (dict(gamma="g"), TypeError, f"gamma has dtype <U1; {NUMBERS}"),
    (dict(beta=1), ValueError, "beta has shape (); it must be (out_channels,) = (4,)"),
    (dict(beta="b"), TypeError, f"beta has dtype <U1; {NUMBERS}"),
    (dict(eps=-1), ValueError, "eps=-1 must be finite and at least 0"),
    (dict(eps="1"), TypeError, "eps='1' must be a number"),
    (dict(transposed="yes"), TypeError, "transposed='yes' must be True or False"),
    (dict(groups=0), ValueError, "groups=0 must be at least 1"),
    (dict(groups=2.0), TypeError, "groups=2.0 must be an integer"),
    (dict(groups=3), ValueError, "groups=3 must divide out_channels=4"),
    (dict(groups=3, transposed=True), ValueError, "groups=3 must divide in_channels=4"),
])
def test_bad_arguments_are_refused_with_a_whole_message(change, error, message):
    args = dict(weight=np.ones((4, 2, 3)), bias=None, running_mean=np.ones(4), running_var=np.ones(4), gamma=None, beta=None)
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        ops.fold_batch_norm(**{**args, **change})
