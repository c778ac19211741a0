"""Flattened convolution: equal to the dense kernel of its three vectors, as many weights as the formula, a start that lets a signal through."""

import re
from statistics import mean

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_layers
from torch.nn import functional as F

from convbook.blocks import FlattenedConv2d
from convbook.cost import profile
from convbook.networks import flattened_net

SHAPES = dict(C=st.integers(1, 4), D=st.integers(1, 4), Y=st.integers(1, 4), X=st.integers(1, 4), seed=st.integers(0, 2**32 - 1))


def weights(module):
    return sum(p.numel() for p in module.parameters() if p.ndim == 4)


def padded(x, padding, Y, X):
    """The image with the zeros that a dense convolution of that padding reads."""
    if padding == "valid":
        return x
    if padding == "full":
        return F.pad(x, (X - 1, X - 1, Y - 1, Y - 1))
    return F.pad(x, ((X - 1) // 2, X // 2, (Y - 1) // 2, Y // 2))


def test_the_outer_product_by_hand():
    layer = FlattenedConv2d.from_vectors(z=[[1, -1]], y=[[1, 2]], x=[[3, 0, 5]])
    assert layer.dense_kernel().tolist() == [[[[3, 0, 5], [6, 0, 10]], [[-3, 0, -5], [-6, 0, -10]]]]


@random_layers
@given(padding=st.sampled_from(["full", "same", "valid"]), **SHAPES)
def test_one_stage_is_the_dense_convolution_of_its_outer_products(padding, C, D, Y, X, seed):
    g = torch.Generator().manual_seed(seed)
    z, y, x = (torch.randn(D, n, generator=g, dtype=torch.float64) for n in (C, Y, X))
    images = torch.randn(2, C, Y + 2, X + 3, generator=g, dtype=torch.float64)
    layer = FlattenedConv2d.from_vectors(z, y, x, padding=padding)
    dense = layer.dense_kernel()
    for f in range(D):
        for c in range(C):
            assert torch.allclose(dense[f, c], z[f, c] * torch.outer(y[f], x[f]), rtol=1e-12, atol=1e-12)
    expected = F.conv2d(padded(images, padding, Y, X), dense)
    assert torch.allclose(layer(images), expected, rtol=1e-10, atol=1e-10)
    assert layer(images).shape == expected.shape


@settings(random_layers, max_examples=200)
@given(stages=st.integers(1, 3), **SHAPES)
def test_the_weights_are_those_of_the_formula_and_full_padding_adds_to_the_sides(stages, C, D, Y, X, seed):
    layer = FlattenedConv2d(C, D, (Y, X), stages=stages)
    assert weights(layer) == D * (C + X + Y) + (stages - 1) * D * (D + X + Y)
    assert sum(p.numel() for p in layer.parameters()) == weights(layer) + 3 * stages * D
    assert layer(torch.zeros(1, C, 5, 6)).shape == (1, D, 5 + stages * (Y - 1), 6 + stages * (X - 1))


@settings(random_layers, max_examples=200)
@given(stages=st.integers(1, 3), **SHAPES)
def test_same_keeps_the_size_and_valid_takes_from_it(stages, C, D, Y, X, seed):
    x = torch.zeros(1, C, 11, 12)
    assert FlattenedConv2d(C, D, (Y, X), stages=stages, padding="same")(x).shape == (1, D, 11, 12)
    assert FlattenedConv2d(C, D, (Y, X), stages=stages, padding="valid")(x).shape == (1, D, 11 - stages * (Y - 1), 12 - stages * (X - 1))


def test_the_vectors_come_back_out_of_the_layer():
    given_vectors = [torch.randn(3, n) for n in (2, 4, 5)]
    layer = FlattenedConv2d.from_vectors(*given_vectors)
    assert all(torch.equal(a, b) for a, b in zip(layer.vectors(), given_vectors))


def test_its_multiply_adds_are_those_of_three_passes():
    layer = FlattenedConv2d(3, 8, (3, 5), stages=1, padding="same", bias=False)
    assert [(row.params, row.macs) for row in profile(layer, (3, 10, 12)).rows] == [
        (3 * 8, 3 * 8 * 120), (8 * 3, 8 * 3 * 120), (8 * 5, 8 * 5 * 120)]


def test_a_bias_follows_each_of_the_three_convolutions():
    layer = FlattenedConv2d.from_vectors([[2.0]], [[1.0, 3.0]], [[1.0, -2.0, 4.0]], padding="valid")
    with_bias = FlattenedConv2d(1, 1, (2, 3), stages=1, padding="valid")
    with torch.no_grad():
        for name, b in (("L1", 10.0), ("V1", 100.0), ("H1", 1000.0)):
            getattr(with_bias, name).weight.copy_(getattr(layer, name).weight)
            getattr(with_bias, name).bias.fill_(b)
    x = torch.arange(12.0).reshape(1, 1, 3, 4)
    # 10 is multiplied by 1 + 3 and by 1 - 2 + 4, 100 by 3, 1000 is added as it is.
    assert torch.equal(with_bias(x), layer(x) + 10 * 4 * 3 + 100 * 3 + 1000)


def test_a_gradient_reaches_every_parameter():
    layer = FlattenedConv2d(2, 3, (3, 4))
    layer(torch.randn(2, 2, 5, 6)).square().sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in layer.parameters())


def test_at_the_start_a_signal_comes_through_two_stages_with_its_variance():
    torch.manual_seed(0)
    x, ratios = torch.randn(4, 32, 20, 20), []
    for _ in range(10):
        ratios.append(FlattenedConv2d(32, 64, 3, padding="valid")(x).var().item())
    assert 0.5 < mean(ratios) < 2  # PyTorch's own start would leave 1 / 729


@pytest.mark.parametrize("options, error, message", [
    (dict(in_channels=0), ValueError, "in_channels=0 must be at least 1"),
    (dict(kernel_size=(3, 0)), ValueError, "kernel_size[1]=0 must be at least 1"),
    (dict(kernel_size=(3, 3, 3)), ValueError, "kernel_size=(3, 3, 3) must be one integer, or a tuple of 2, one per axis"),
    (dict(stages=0), ValueError, "stages=0 must be at least 1"),
    (dict(padding="reflect"), ValueError, "padding='reflect' must be one of 'full', 'same', 'valid'"),
    (dict(bias=1), TypeError, "bias=1 must be True or False"),
])
def test_an_argument_that_does_not_fit_is_named(options, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        FlattenedConv2d(**{"in_channels": 2, "out_channels": 3, "kernel_size": 3, **options})


def test_vectors_that_do_not_fit_are_named_with_their_shapes():
    message = ("z has shape (2, 3), y has shape (2, 3), x has shape (1, 3); "
               "they must be (filters, channels), (filters, rows), (filters, columns)")
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        FlattenedConv2d.from_vectors(torch.zeros(2, 3), torch.zeros(2, 3), torch.zeros(1, 3))


def test_two_stages_have_no_dense_kernel_of_their_size():
    with pytest.raises(ValueError, match="^stages=2 must be 1: only one stage is one outer product a filter$"):
        FlattenedConv2d(2, 3, 3).dense_kernel()


def test_the_flattened_net_and_its_twin_differ_in_their_convolutions_alone():
    flat, twin = flattened_net((5, 6), in_channels=2), flattened_net((5, 6), in_channels=2, flattened=False)
    assert weights(twin) == 9 * (2 * 5 + 5 * 6)
    assert weights(flat) == 5 * (2 + 6) + 5 * (5 + 6) + 6 * (5 + 6) + 6 * (6 + 6)
    x = torch.zeros(2, 2, 8, 8)
    for net in (flat, twin):
        assert [tuple(y.shape) for y in (net[:3](x), net[:6](x), net(x))] == [(2, 5, 4, 4), (2, 6, 2, 2), (2, 10)]
    assert [type(layer) for layer in flat if not isinstance(layer, FlattenedConv2d)] == [
        type(layer) for layer in twin if not isinstance(layer, torch.nn.Conv2d)]
