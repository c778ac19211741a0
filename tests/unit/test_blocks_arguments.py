"""What blocks refuse, each with a whole message of ours where PyTorch would answer in words of its own; and what deconvnet walks back."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from convbook import blocks
from convbook.blocks import regions, sampling

COUNT = [(0, ValueError, "must be at least 1"), (-1, ValueError, "must be at least 1"), (2.0, TypeError, "must be an integer"),
         (None, TypeError, "must be an integer")]
FLAG = [(2, TypeError, "must be True or False"), (None, TypeError, "must be True or False")]


def rows(build, name, bad=COUNT):
    """Calls of `build` with one argument that does not fit: (call, error, message)."""
    return [(lambda value=value: build(**{name: value}), error, f"{name}={value!r} {fits}") for value, error, fits in bad]


def with_defaults(block, **defaults):
    return lambda **changed: block(**(defaults | changed))


CONV = dict(in_channels=4, out_channels=6, kernel_size=3)
PIECES = [with_defaults(piece, **CONV) for piece in (blocks.cb, blocks.cbr, blocks.cbp, blocks.cr)]
LAYERS = [with_defaults(blocks.DepthwiseSeparableConv2d, **CONV), with_defaults(blocks.DeformConv2d, **CONV),
          with_defaults(blocks.SwitchableAtrousConv2d, **CONV)]


@pytest.mark.parametrize("call, error, message", [
    *(row for build in PIECES + LAYERS for name in ("in_channels", "out_channels", "kernel_size", "stride", "dilation") for row in rows(build, name)),
    *(row for build in PIECES + LAYERS[1:] for row in rows(build, "groups")),
    *(row for build in (*PIECES[:1], *LAYERS, with_defaults(blocks.GlobalDepthwiseConv2d, channels=4, kernel_size=3),
                        with_defaults(blocks.RankOneConv2d, **CONV),
                        with_defaults(blocks.PointwiseGroupConv2d, in_channels=4, out_channels=6, groups=2)) for row in rows(build, "bias", FLAG)),
    *(row for name in ("in_channels", "out_channels")
      for build in (with_defaults(blocks.PointwiseGroupConv2d, in_channels=4, out_channels=6, groups=2),
                    with_defaults(blocks.SubPixelConv2d, **CONV, scale=2), with_defaults(blocks.ResizeConv2d, **CONV, scale=2),
                    with_defaults(blocks.ASPP, in_channels=4, out_channels=6), with_defaults(blocks.SummedASPP, in_channels=4, out_channels=6),
                    with_defaults(blocks.DeformPSRoIPool2d, in_channels=4, out_channels=6, output_size=2))
      for row in rows(build, name)),
    *rows(with_defaults(blocks.SummedASPP, in_channels=4, out_channels=6), "hidden", COUNT[:3]),
    *rows(with_defaults(blocks.stem, in_channels=3, channels=4, kernel_size=7), "kernel_size"),
    *rows(with_defaults(blocks.stem, in_channels=3, channels=4, kernel_size=7), "small", FLAG),
    *rows(with_defaults(blocks.head, channels=3, classes=4), "classes"),
    *rows(with_defaults(blocks.head, channels=3, classes=4), "bias", FLAG),
    *rows(with_defaults(blocks.head, channels=3, classes=4), "dropout",
          [(1.5, ValueError, "must be between 0 and 1"), ("1", TypeError, "must be a number")]),
    *(row for block in (blocks.Dropout, blocks.DropPath) for row in rows(block, "p", [
        (1.0, ValueError, "must be at least 0 and less than 1"), (None, TypeError, "must be a number"), (True, TypeError, "must be a number")])),
    (lambda: blocks.cb(4, 6, 3, padding="full"), ValueError, "padding='full' must be one of 'same', 'valid'"),
    (lambda: blocks.cb(4, 6, 3, groups=3), ValueError, "groups=3 must divide in_channels=4 and out_channels=6"),
    (lambda: blocks.RankOneConv2d(4, 6, 3, padding="same"), TypeError, "padding='same' must be an integer"),
    (lambda: blocks.XceptionBlock(4, 4, pool=1), TypeError, "pool=1 must be True or False"),
    (lambda: blocks.XceptionBlock(4, 4, first_relu=None), TypeError, "first_relu=None must be True or False"),
    (lambda: blocks.Path(4, None), TypeError, "steps=None must be a string, such as '1x1 48, 5x5 64'"),
    (lambda: blocks.Branches(4, "1x1 4", 3), TypeError, "steps=3 must be a string, such as '1x1 48, 5x5 64'"),
    (lambda: blocks.bn_inception_module(192, 64, 64, (64, 96), ("avg", 32)), ValueError, "n3x3=64 must be a pair"),
    (lambda: blocks.bn_inception_module(192, 64, (64, 64), (64, 96), "avg"), ValueError, "pool='avg' must be a pair"),
    (lambda: blocks.bn_inception_reduction(192, (64, 64), (64, 96, 96)), ValueError, "double3x3=(64, 96, 96) must be a pair"),
    (lambda: blocks.as_deformable(nn.Linear(2, 2)), TypeError, "conv has type Linear; it must be a torch.nn.Conv2d"),
    (lambda: blocks.parameter_groups([], 0.1), TypeError, "model has type list; it must be a torch.nn.Module"),
    (lambda: blocks.parameter_groups(nn.ReLU(), 0), ValueError, "learning_rate=0 must be finite and more than 0"),
    (lambda: blocks.parameter_groups(nn.ReLU(), 0.1, factor=None), TypeError, "factor=None must be a number"),
    (lambda: blocks.DeformRoIPool2d(4, 3, spatial_scale=0), ValueError, "spatial_scale=0 must be finite and more than 0"),
    (lambda: blocks.DeformPSRoIPool2d(4, 6, 3, gamma=None), TypeError, "gamma=None must be a number"),
])
def test_a_block_that_cannot_be_built_says_why(call, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()


def zeros(*shape):
    return torch.zeros(*shape)


CALL = dict(x=zeros(2, 4, 6, 7), offset=zeros(2, 8, 5, 6), weight=zeros(6, 2, 2, 2))


@pytest.mark.parametrize("change, error, message", [
    (dict(x=np.zeros((2, 4, 6, 7))), TypeError, "x has type ndarray; it must be a torch.Tensor"),
    (dict(x=zeros(6, 7)), ValueError, "x has shape (6, 7); it must have 3 or 4 axes"),
    (dict(offset=None), TypeError, "offset has type NoneType; it must be a torch.Tensor"),
    (dict(offset=zeros(8, 5, 6)), ValueError, "offset has shape (8, 5, 6); it must have 4 axes"),
    (dict(weight=zeros(6, 2, 2)), ValueError, "weight has shape (6, 2, 2); it must have 4 axes"),
    (dict(weight=zeros(6, 0, 2, 2)), ValueError,
     "weight has shape (6, 0, 2, 2); its second axis must be in_channels / groups, where groups divides in_channels=4 and out_channels=6"),
    (dict(bias=[1, 2]), TypeError, "bias has type list; it must be a torch.Tensor"),
    (dict(bias=zeros(4)), ValueError, "bias has shape (4,); it must be (out_channels,) = (6,)"),
    (dict(mask=0.5), TypeError, "mask has type float; it must be a torch.Tensor"),
    (dict(dilation=6), ValueError, "height: k=2 with dilation=6 spans 7 positions; n=6 with padding=0 has only 6"),
])
def test_deformable_convolution_refuses_what_does_not_fit(change, error, message):
    assert sampling.deform_conv2d(**CALL).shape == (2, 6, 5, 6)
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        sampling.deform_conv2d(**CALL | change)


POOL = dict(x=zeros(2, 4, 6, 7), rois=torch.tensor([[0, 0, 0, 4, 3.0], [1, 1, 1, 4, 4]]), output_size=(2, 2))


@pytest.mark.parametrize("change, error, message", [
    (dict(x=None), TypeError, "x has type NoneType; it must be a torch.Tensor"),
    (dict(rois=[[0, 0, 0, 4, 3]]), TypeError, "rois has type list; it must be a torch.Tensor"),
    (dict(rois=zeros(2, 5) * torch.nan), ValueError, "rois must be finite, times spatial_scale=1, too; it has a number that is not"),
    (dict(spatial_scale=1e308), ValueError, "rois must be finite, times spatial_scale=1e+308, too; it has a number that is not"),
    (dict(rois=torch.tensor([[0, 3.0, 0, 2, 2]])), ValueError, "rois must have x1 <= x2 and y1 <= y2; it has a region that ends before it starts"),
    (dict(offset=zeros(2, 2, 2)), ValueError, "offset has shape (2, 2, 2); it must have 4 axes"),
    (dict(spatial_scale=-1), ValueError, "spatial_scale=-1 must be finite and more than 0"),
    (dict(gamma=float("nan")), ValueError, "gamma=nan must be finite"),
])
def test_pooling_of_regions_refuses_what_does_not_fit(change, error, message):
    for pool in (regions.deform_roi_pool2d, regions.deform_ps_roi_pool2d):
        assert pool(**POOL).shape[0] == 2
        with pytest.raises(error, match=f"^{re.escape(message)}$"):
            pool(**POOL | change)


def test_a_mask_has_one_factor_for_each_bin():
    with pytest.raises(ValueError, match=re.escape("mask has shape (2, 1, 2, 3); it must be (2, 1, 2, 2), one factor for each bin")):
        regions.deform_roi_pool2d(**POOL, mask=zeros(2, 1, 2, 3))
    assert regions.deform_roi_pool2d(**POOL, mask=torch.ones(2, 1, 2, 2)).shape == (2, 4, 2, 2)


@pytest.mark.parametrize("options", [dict(ceil_mode=True), dict(dilation=2), dict(stride=1, padding=1)])
def test_deconvnet_pools_as_the_layer_does(options):
    """Where no ReLU stands between, the projection is the activation times its gradient: the oracle."""
    torch.manual_seed(0)
    layers = nn.Sequential(nn.Conv2d(1, 3, 2, bias=False), nn.MaxPool2d(3, **{"stride": 2} | options)).double()
    x = torch.randn(30, 1, 9, 8, dtype=torch.double, requires_grad=True)
    y = layers(x)
    strongest = y[:, 1].flatten(1).max(dim=1).values
    (gradient,) = torch.autograd.grad(strongest.sum(), x)
    torch.testing.assert_close(blocks.deconvnet(layers, x.detach(), 1), gradient * strongest.detach().view(-1, 1, 1, 1))


@pytest.mark.parametrize("layer, x, error, message", [
    (nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect"), zeros(1, 1, 5, 5), ValueError,
     "layers holds a Conv2d with padding=(1, 1), padding_mode='reflect'; it must be zeros, given in numbers"),
    (nn.Conv2d(1, 1, 3, padding="same"), zeros(1, 1, 5, 5), ValueError,
     "layers holds a Conv2d with padding='same', padding_mode='zeros'; it must be zeros, given in numbers"),
    (nn.Conv2d(1, 1, 3), zeros(1, 5, 5), ValueError, "x has shape (1, 5, 5); it must have 4 axes"),
])
def test_deconvnet_refuses_what_it_cannot_walk_back(layer, x, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        blocks.deconvnet([layer], x, 0)
