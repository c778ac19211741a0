"""The modules of BN-Inception, also called Inception v2: two 3 x 3 convolutions in the place of one 5 x 5, batch norm after each.

Source: Ioffe & Szegedy (2015), figure 5, https://arxiv.org/abs/1502.03167
"""

from convbook.blocks._arguments import pairs
from convbook.blocks.branches import Branches
from convbook.blocks.pieces import cbr


def bn_inception_module(in_channels, n1x1, n3x3, double3x3, pool, *, unit=cbr):
    """Four branches that keep the size: (N, in_channels, H, W) -> (N, n1x1 + n3x3[1] + double3x3[1] + pool[1], H, W).

        1x1 | 1x1 -> 3x3 | 1x1 -> 3x3 -> 3x3 | pool -> 1x1

    Args:
        n1x1: width of the 1 x 1 branch.
        n3x3, double3x3: pairs (reduce, width) of the branches with one and with two 3 x 3 convolutions.
        pool: a pair such as ("avg", 32): the pooling, "avg" or "max", and the width of its 1 x 1 convolution.
        unit: what a convolution is, `cbr` as in the paper.
    Raises:
        ValueError: one of the three is no pair, or a branch cannot be read, such as one of width 0.

    The network's first, "3a":

    >>> bn_inception_module(192, 64, (64, 64), (64, 96), ("avg", 32)).out_channels
    256

    Source: Ioffe & Szegedy (2015), figure 5, https://arxiv.org/abs/1502.03167
    """
    (reduce, width), (reduce2, width2), (kind, projected) = pairs(n3x3=n3x3, double3x3=double3x3, pool=pool)
    return Branches(in_channels,
                    f"1x1 {n1x1}",
                    f"1x1 {reduce}, 3x3 {width}",
                    f"1x1 {reduce2}, 3x3 {width2}, 3x3 {width2}",
                    f"{kind} 3x3, 1x1 {projected}", unit=unit)


def bn_inception_reduction(in_channels, n3x3, double3x3, *, unit=cbr):
    """Three branches with stride 2, the pooled one passed through: even sides, (N, C, H, W) -> (N, D, H/2, W/2).

        1x1 -> 3x3/2 | 1x1 -> 3x3 -> 3x3/2 | max 3x3/2

    Arguments as for `bn_inception_module`. The pooling rounds up and the convolutions do not, as in the Caffe models: with
    an odd side the branches end at different sizes, and the block says so.

    >>> bn_inception_reduction(320, (128, 160), (64, 96)).out_channels  # "3c": 160 + 96 + the 320 that are pooled
    576

    Source: Ioffe & Szegedy (2015), figure 5, https://arxiv.org/abs/1502.03167
    """
    (reduce, width), (reduce2, width2) = pairs(n3x3=n3x3, double3x3=double3x3)
    return Branches(in_channels,
                    f"1x1 {reduce}, 3x3/2 {width}",
                    f"1x1 {reduce2}, 3x3 {width2}, 3x3/2 {width2}",
                    "max 3x3/2 ceil", unit=unit)
