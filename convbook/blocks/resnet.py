"""ResNet's bottleneck: narrow, convolve, widen, and add what came in.

Source: He, Zhang, Ren & Sun (2016), figure 5 and table 1, https://arxiv.org/abs/1512.03385
"""

import torch
from torch import nn

from convbook._arguments import one_of, whole
from convbook.blocks.pieces import cb, cbr

VERSIONS = ("v1", "v1.5")


def shortcut(in_channels, out_channels, stride):
    """The way around a block: the input itself where the shapes agree, else a 1 x 1 convolution with batch norm."""
    if stride == 1 and in_channels == out_channels:
        return nn.Identity()
    return cb(in_channels, out_channels, 1, stride=stride)


class ResNetBottleneck(nn.Module):
    """Three convolutions around which the input is added.

        cbr 1x1 -> width, cbr 3x3 -> width, cb 1x1 -> out;    ReLU(y + shortcut(x))

    Args:
        in_channels, out_channels: channels of input and output, at least 1.
        width: channels between, a quarter of `out_channels` in the paper.
        stride: of the whole block.
        version: which convolution makes the stride: "v1", the first 1 x 1, as published (it never reads three of four pixels
            at stride 2); "v1.5", the 3 x 3, as most libraries have it.
    Shapes:
        (N, in_channels, H, W) -> (N, out_channels, ceil(H / stride), ceil(W / stride)).
    Raises:
        ValueError, TypeError: a count below 1, or an unknown version.

    >>> block = ResNetBottleneck(256, 64, 256)
    >>> sum(p.numel() for p in block.parameters() if p.dim() == 4)  # 256 * 64 + 9 * 64 ** 2 + 64 * 256
    69632

    Source: He et al. (2016), figure 5, https://arxiv.org/abs/1512.03385
    """

    def __init__(self, in_channels, width, out_channels, *, stride=1, version="v1"):
        super().__init__()
        sizes = dict(in_channels=in_channels, width=width, out_channels=out_channels, stride=stride)
        in_channels, width, out_channels, stride = (whole(name, n, at_least=1) for name, n in sizes.items())
        on_1x1, on_3x3 = (stride, 1) if one_of("version", version, VERSIONS) == "v1" else (1, stride)
        self.reduce = cbr(in_channels, width, 1, stride=on_1x1)
        self.spatial = cbr(width, width, 3, stride=on_3x3, padding=1)
        self.expand = cb(width, out_channels, 1)
        self.shortcut = shortcut(in_channels, out_channels, stride)

    def forward(self, x):
        y = self.expand(self.spatial(self.reduce(x)))
        return torch.relu(y + self.shortcut(x))
