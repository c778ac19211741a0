"""Separable, global depthwise and MobileFaceNet's convolutions: their formulas, their laws, their counts."""

import re

import numpy as np
import pytest
import torch
from pricing import conv_weights, priced
from torch import nn
from torch.nn import functional as F

from convbook.blocks import DepthwiseSeparableConv2d, GlobalDepthwiseConv2d, MobileFaceBottleneck


def norm(y, layer):
    return F.batch_norm(y, layer.running_mean, layer.running_var, layer.weight, layer.bias)


@pytest.mark.parametrize("seed", range(20))
def test_the_plain_form_is_a_dense_convolution_of_products(seed):
    # W[d, c] = sum over the m filters of channel c of pointwise[d, c, filter] * depthwise[c, filter]
    rng = np.random.default_rng(seed)
    C, D, m, k_h, k_w, s, p, d = (int(rng.integers(1, high)) for high in (5, 5, 4, 4, 4, 3, 3, 3))
    layer = DepthwiseSeparableConv2d(C, D, (k_h, k_w), stride=s, padding=p, dilation=d, multiplier=m).double()
    x = torch.from_numpy(rng.standard_normal((2, C, 8, 7)))
    depthwise = layer.depthwise.weight.reshape(C, m, k_h, k_w)
    pointwise = layer.pointwise.weight.reshape(D, C, m)
    dense = torch.einsum("dcm,cmij->dcij", pointwise, depthwise)
    torch.testing.assert_close(layer(x), F.conv2d(x, dense, stride=s, padding=p, dilation=d), rtol=0, atol=1e-12)


@pytest.mark.parametrize("form", ["mobilenet", "xception"])
def test_forms_differ_in_what_stands_between_the_steps(form):
    torch.manual_seed(0)
    layer = DepthwiseSeparableConv2d(3, 5, 3, padding=1, form=form).double()
    layer(torch.randn(4, 3, 5, 6).double())
    layer.eval()
    x = torch.randn(2, 3, 7, 4).double()
    if form == "mobilenet":
        y = torch.relu(norm(F.conv2d(x, layer.depthwise.conv.weight, padding=1, groups=3), layer.depthwise.norm))
        y = torch.relu(norm(F.conv2d(y, layer.pointwise.conv.weight), layer.pointwise.norm))
    else:
        y = norm(F.conv2d(F.conv2d(x, layer.depthwise.weight, padding=1, groups=3), layer.pointwise.conv.weight), layer.pointwise.norm)
    torch.testing.assert_close(layer(x), y, rtol=0, atol=1e-12)


def test_the_notes_example_of_a_separable_convolution():
    rows = priced(lambda: DepthwiseSeparableConv2d(3, 128, 3), (3, 7, 7)).rows
    assert [(row.params, row.macs) for row in rows] == [(27, 675), (384, 9_600)]
    assert sum(row.macs for row in rows) == 10_275
    assert priced(lambda: nn.Conv2d(3, 128, 3, bias=False), (3, 7, 7)).macs == 86_400


@pytest.mark.parametrize("build, size, weights, macs", [
    (lambda: nn.Conv2d(512, 512, 3, padding=1, bias=False), 14, 2_359_296, 462_422_016),
    (lambda: DepthwiseSeparableConv2d(512, 512, 3, padding=1), 14, 266_752, 52_283_392),
    (lambda: DepthwiseSeparableConv2d(384, 384, 3, padding=1), 14, 150_912, 29_578_752),
    (lambda: DepthwiseSeparableConv2d(384, 384, 3, padding=1), 10, 150_912, 15_091_200),
])
def test_table_3_of_mobilenet(build, size, weights, macs):
    with torch.device("meta"):
        layer = build()
    found = priced(build, (layer.in_channels if isinstance(layer, nn.Conv2d) else layer.depthwise.in_channels, size, size))
    assert (found.params, found.macs) == (weights, macs)


def test_a_global_depthwise_convolution_of_equal_weights_is_the_average():
    layer = GlobalDepthwiseConv2d(5, (4, 3)).double()
    nn.init.constant_(layer.weight, 1 / 12)
    x = torch.randn(2, 5, 4, 3).double()
    torch.testing.assert_close(layer(x), F.adaptive_avg_pool2d(x, 1), rtol=0, atol=1e-12)


def test_a_global_depthwise_convolution_weighs_each_place_of_each_channel():
    layer = GlobalDepthwiseConv2d(5, (4, 3), bias=True).double()
    x = torch.randn(2, 5, 4, 3).double()
    expected = (layer.weight[:, 0] * x).sum(dim=(2, 3)) + layer.bias
    torch.testing.assert_close(layer(x)[:, :, 0, 0], expected, rtol=0, atol=1e-12)


def test_a_global_depthwise_convolution_costs_as_much_as_it_has_weights():
    found = priced(lambda: GlobalDepthwiseConv2d(1280, 7), (1280, 7, 7))
    assert (found.params, found.macs) == (62_720, 62_720)


@pytest.mark.parametrize("stride, o, activation", [(1, 4, "prelu"), (1, 6, "relu"), (2, 4, "relu"), (2, 6, "prelu")])
def test_mobilefacenets_bottleneck_is_its_formula(stride, o, activation):
    torch.manual_seed(0)
    block = MobileFaceBottleneck(4, o, expansion=3, stride=stride, activation=activation).double()
    block(torch.randn(4, 4, 5, 6).double())
    block.eval()
    x = torch.randn(2, 4, 7, 5).double()

    def act(y, layer):
        y = norm(y, layer.norm)
        return torch.relu(y) if activation == "relu" else F.prelu(y, layer.prelu.weight)

    y = act(F.conv2d(x, block.expand.conv.weight), block.expand)
    y = act(F.conv2d(y, block.depthwise.conv.weight, stride=stride, padding=1, groups=12), block.depthwise)
    y = norm(F.conv2d(y, block.reduce.conv.weight), block.reduce.norm)
    torch.testing.assert_close(block(x), x + y if stride == 1 and o == 4 else y, rtol=0, atol=1e-12)


def test_weights_of_a_bottleneck():
    assert conv_weights(MobileFaceBottleneck(64, 128, expansion=4, stride=2)) == 64 * 256 + 9 * 256 + 256 * 128


@pytest.mark.parametrize("call, error, message", [
    (lambda: DepthwiseSeparableConv2d(3, 4, 3, form="xceptional"), ValueError,
     "form='xceptional' must be one of 'plain', 'mobilenet', 'xception'"),
    (lambda: DepthwiseSeparableConv2d(3, 4, 3, form="mobilenet", bias=True), ValueError,
     "bias=True does not fit form='mobilenet', where batch norm would take it away; it must be False"),
    (lambda: DepthwiseSeparableConv2d(3, 4, 3, multiplier=0), ValueError, "multiplier=0 must be at least 1"),
    (lambda: GlobalDepthwiseConv2d(3, (4, 3, 2)), ValueError, "kernel_size=(4, 3, 2) must be one integer, or a tuple of 2, one per axis"),
    (lambda: GlobalDepthwiseConv2d(3, 4)(torch.zeros(1, 3, 5, 4)), ValueError,
     "x has shape (1, 3, 5, 4); its last two axes must be the kernel's, (4, 4)"),
    (lambda: MobileFaceBottleneck(3, 4, activation="gelu"), ValueError, "activation='gelu' must be one of 'prelu', 'relu'"),
    (lambda: MobileFaceBottleneck(3, 4, expansion=0.5), TypeError, "expansion=0.5 must be an integer"),
])
def test_what_does_not_fit_is_refused(call, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()
