"""Xception's blocks: depthwise separable convolutions with nothing between their two steps, and a shortcut around them.

Source: Chollet (2017), figure 5, https://arxiv.org/abs/1610.02357
"""

from collections import OrderedDict

from torch import nn

from convbook._arguments import flag
from convbook.blocks.depthwise import DepthwiseSeparableConv2d
from convbook.blocks.pieces import cb


def separable(in_channels, out_channels):
    """Depthwise 3 x 3, then 1 x 1, then one batch norm, and no nonlinearity: (N, C, H, W) -> (N, D, H, W).

    Where MobileNet has batch norm and ReLU after both steps, Xception has nothing between them; its figure 10 says why:
    with a nonlinearity there it learned more slowly, and to a lower accuracy.

    9 taps for each of 4 channels, 4 x 6 weights, 6 gammas, 6 betas:

    >>> sum(p.numel() for p in separable(4, 6).parameters())
    72
    """
    return DepthwiseSeparableConv2d(in_channels, out_channels, 3, padding=1, form="xception")


class XceptionBlock(nn.Module):
    """Separable convolutions with ReLU before each, and a shortcut from the block's input to its output.

        entry    64 -> 128 -> 128, pooling           shortcut 1x1/2      y = pool(sep(relu(sep(x)))) + shortcut(x)
        middle   728 -> 728 -> 728 -> 728            shortcut identity   the same size
        exit     728 -> 728 -> 1024, pooling         shortcut 1x1/2

    Args:
        channels: channels of the input and after each separable convolution; at least two.
        pool: end with max pooling 3 x 3, stride 2, padding 1, and bring the shortcut to its size.
        first_relu: the ReLU before the first convolution; the very first block has none, since ReLU stands before it already.
    Raises:
        ValueError: fewer than two counts of channels; channels that change without `pool`.

    >>> import torch
    >>> XceptionBlock(4, 6, 6, pool=True)(torch.zeros(2, 4, 7, 10)).shape
    torch.Size([2, 6, 4, 5])

    Source: Chollet (2017), figure 5, https://arxiv.org/abs/1610.02357
    """

    def __init__(self, *channels, pool=False, first_relu=True):
        super().__init__()
        if len(channels) < 2:
            raise ValueError(f"channels={channels} must hold the input's and those after each convolution, at least two")
        pool, first_relu = flag("pool", pool), flag("first_relu", first_relu)
        if channels[0] != channels[-1] and not pool:
            raise ValueError(f"channels={channels} must end as they begin, to be added to the input, unless pool=True")
        layers = OrderedDict()
        for number, (before, after) in enumerate(zip(channels, channels[1:]), start=1):
            if number > 1 or first_relu:
                layers[f"relu{number}"] = nn.ReLU()
            layers[f"sep{number}"] = separable(before, after)
        if pool:
            layers["pool"] = nn.MaxPool2d(3, stride=2, padding=1)
        self.body = nn.Sequential(layers)
        self.shortcut = cb(channels[0], channels[-1], 1, stride=2) if pool else nn.Identity()

    def forward(self, x):
        return self.body(x) + self.shortcut(x)
