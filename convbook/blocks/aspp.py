"""Atrous spatial pyramid pooling: the same map seen at several dilations, side by side.

A 3 x 3 convolution with dilation d spans 2d + 1 pixels and costs the same for every d.

Sources: Chen et al. (2018), DeepLab, figure 7, https://arxiv.org/abs/1606.00915 (version 2, summed);
Chen et al. (2017), figure 5, https://arxiv.org/abs/1706.05587 (version 3, concatenated)
"""

import torch
from torch import nn
from torch.nn import functional as F

from convbook._arguments import whole
from convbook.blocks._arguments import conv2d
from convbook.blocks.pieces import cbr, cr


def _rates(rates):
    if not isinstance(rates, (tuple, list)) or not rates:
        raise ValueError(f"rates={rates!r} must be a tuple of at least one dilation")
    return [whole(f"rates[{i}]", rate, at_least=1) for i, rate in enumerate(rates)]


class ASPP(nn.Module):
    """Version 3: five branches, concatenated, and mixed by a 1 x 1 convolution.

        cbr 1x1;  cbr 3x3 at each rate;  the mean of the whole image, cbr 1x1, spread over it;  then cbr 1x1 of all

    Args:
        in_channels, out_channels: of the whole block; each branch has `out_channels`, too.
        rates: dilations of the 3 x 3 branches; twice as large at output stride 8 as at 16.
    Shapes:
        (N, in_channels, H, W) -> (N, out_channels, H, W). While training, N is at least 2: the branch of the mean has one number a
        channel and image, and batch norm needs two.
    Raises:
        ValueError: no rates, or one below 1.

    >>> sum(p.numel() for p in ASPP(2048).parameters())
    15535104

    Source: Chen et al. (2017), figure 5, https://arxiv.org/abs/1706.05587
    """

    def __init__(self, in_channels, out_channels=256, rates=(6, 12, 18)):
        super().__init__()
        rates = _rates(rates)
        self.branches = nn.ModuleList([cbr(in_channels, out_channels, 1)])
        self.branches.extend(cbr(in_channels, out_channels, 3, padding=rate, dilation=rate) for rate in rates)
        self.whole_image = nn.Sequential(nn.AdaptiveAvgPool2d(1), *cbr(in_channels, out_channels, 1))
        self.mix = cbr((len(rates) + 2) * out_channels, out_channels, 1)

    def forward(self, x):
        seen = [branch(x) for branch in self.branches]
        seen.append(self.whole_image(x).expand(-1, -1, *x.shape[2:]))
        return self.mix(torch.cat(seen, dim=1))


class SummedASPP(nn.Module):
    """Version 2: class scores at each rate, summed.

        sum over rates of  conv 3x3 -> out              on ResNet
        sum over rates of  cr 3x3 -> hidden, cr 1x1 -> hidden, conv 1x1 -> out      on VGG-16, whose fc6, fc7, fc8 these were

    Args:
        in_channels, out_channels: of the block; `out_channels` are classes.
        rates: dilations.
        hidden: width of the long branches, or None for the short ones.
    Shapes:
        (N, in_channels, H, W) -> (N, out_channels, H, W).
    Raises:
        ValueError: no rates, or one below 1.

    >>> sum(p.numel() for p in SummedASPP(2048, 21).parameters()), sum(p.numel() for p in SummedASPP(512, 21, hidden=1024).parameters())
    (1548372, 23162964)

    Source: Chen et al. (2018), figure 7, https://arxiv.org/abs/1606.00915
    """

    def __init__(self, in_channels, out_channels, rates=(6, 12, 18, 24), *, hidden=None):
        super().__init__()

        def branch(rate):
            options = dict(padding=rate, dilation=rate)
            if hidden is None:
                return conv2d(in_channels, out_channels, 3, **options)
            return nn.Sequential(
                *cr(in_channels, hidden, 3, **options), *cr(hidden, hidden, 1), conv2d(hidden, out_channels, 1))

        if hidden is not None:
            hidden = whole("hidden", hidden, at_least=1)
        self.branches = nn.ModuleList(branch(rate) for rate in _rates(rates))

    def forward(self, x):
        return sum(branch(x) for branch in self.branches)


class Enlarge(nn.Module):
    """Bilinear enlargement by a whole factor: how a map of scores comes back to the size of the image."""

    def __init__(self, factor):
        super().__init__()
        self.factor = whole("factor", factor, at_least=1)

    def forward(self, x):
        return F.interpolate(x, scale_factor=self.factor, mode="bilinear", align_corners=False)
