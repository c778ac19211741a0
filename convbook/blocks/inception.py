"""The Inception module of GoogLeNet: four branches that see one input at four scales, with and without 1 x 1 reductions.

Source: Szegedy et al. (2015), figure 2 and table 1, https://arxiv.org/abs/1409.4842
"""

from convbook._arguments import whole
from convbook.blocks.branches import Branches
from convbook.blocks.pieces import cr


class InceptionModule(Branches):
    """1 x 1, 3 x 3 and 5 x 5 convolutions and a max pooling of the same input, concatenated in this order.

        naive     1x1 | 3x3        | 5x5        | max 3x3          (figure 2a)
        reduced   1x1 | 1x1 -> 3x3 | 1x1 -> 5x5 | max 3x3 -> 1x1   (figure 2b)

    Every branch keeps the height and the width, (N, C, H, W) -> (N, D, H, W): paddings 0, 1, 2 and 1.

    Args:
        in_channels: C >= 1.
        n1x1: width of the 1 x 1 branch.
        n3x3, n5x5: width of that branch; or a pair (reduce, width), with a 1 x 1 convolution to `reduce` channels before it.
        pool: width of the 1 x 1 convolution after the pooling; None passes all C channels through.
        unit: what a convolution is: `cr` as in the paper, bias and ReLU; `cbr` for one with batch norm.
    Raises:
        TypeError, ValueError: a width that is not an integer, or below 1; a pair that is not a pair.

    GoogLeNet's first, "3a", naive and reduced: the naive one hands on 416 channels, 192 of them the pooled input's.

    >>> naive, reduced = InceptionModule(192, 64, 128, 32), InceptionModule(192, 64, (96, 128), (16, 32), 32)
    >>> naive.out_channels, reduced.out_channels
    (416, 256)
    >>> [sum(p.numel() for p in module.parameters() if p.ndim == 4) for module in (naive, reduced)]
    [387072, 163328]

    Source: Szegedy et al. (2015), figure 2 and table 1, https://arxiv.org/abs/1409.4842
    """

    def __init__(self, in_channels, n1x1, n3x3, n5x5, pool=None, *, unit=cr):
        n1x1 = whole("n1x1", n1x1, at_least=1)
        pooled = "max 3x3" if pool is None else f"max 3x3, 1x1 {whole('pool', pool, at_least=1)}"
        super().__init__(in_channels, f"1x1 {n1x1}", _maybe_reduced("n3x3", "3x3", n3x3),
                         _maybe_reduced("n5x5", "5x5", n5x5), pooled, unit=unit)


def _maybe_reduced(name, kernel, widths):
    if not isinstance(widths, (tuple, list)):
        return f"{kernel} {whole(name, widths, at_least=1)}"
    if len(widths) != 2:
        raise ValueError(f"{name}={widths!r} must be one width, or a pair (reduce, width)")
    reduce, width = (whole(f"{name}[{i}]", n, at_least=1) for i, n in enumerate(widths))
    return f"1x1 {reduce}, {kernel} {width}"
