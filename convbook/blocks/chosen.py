"""A layer that `convbook.choices` prices, as a module that runs: the counts, the claims and the times are held to it."""

import torch
from torch import nn

from convbook.blocks.deformable import DeformConv2d
from convbook.blocks.shufflenet import ChannelShuffle


def layer_of(offer):
    """The module of one offer, without biases and without nonlinearities, on images (N, C, H, W).

    Args:
        offer: of `convbook.choices.choose`. A sequence runs along the width of images one row high.

    4 channels to 8, from 3 x 3 windows, as 4 filters and 32 weights that mix:

    >>> from convbook.choices import choose
    >>> offer = choose(in_channels=4, out_channels=8, size=6).offers[1]
    >>> offer.name, sum(w.numel() for w in layer_of(offer).parameters())
    ('depthwise_separable', 68)
    """
    paths = [nn.Sequential(*(part for step in branch for part in _parts(step))) for branch in offer.branches]
    return paths[0] if len(paths) == 1 else SideBySide(paths)


class SideBySide(nn.ModuleList):
    """Several modules on one input, their outputs joined along the channels."""

    def forward(self, x):
        return torch.cat([path(x) for path in self], dim=1)


def _parts(step):
    options = dict(stride=step.s, padding=step.p, dilation=step.d, groups=step.G, bias=False)
    match step.kind:
        case "conv":
            return [nn.Conv2d(step.C, step.D, step.k, **options)]
        case "causal":  # zeros before the first step only
            return [nn.ZeroPad2d((step.d[1] * (step.k[1] - 1), 0, 0, 0)), nn.Conv2d(step.C, step.D, step.k, **options | {"padding": 0})]
        case "deform":
            return [DeformConv2d(step.C, step.D, step.k, **options)]
        case "transposed":
            return [nn.ConvTranspose2d(step.C, step.D, step.k, **options, output_padding=step.k[0] % 2)]
        case "channel_shuffle":
            return [ChannelShuffle(step.G)]
        case "pixel_shuffle":
            return [nn.PixelShuffle(2)]
        case "nearest" | "bilinear":
            return [nn.Upsample(scale_factor=2, mode=step.kind)]
        case "average":
            return [nn.AdaptiveAvgPool2d(1)]
        case "max":
            return [nn.MaxPool2d(step.k, step.s, step.p)]
