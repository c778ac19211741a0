"""The five modules of Inception v3: factorised into small convolutions (A), into rows and columns (C), widened (E), and halving (B, D).

Source: Szegedy et al. (2016), figures 5, 6, 7 and 10, https://arxiv.org/abs/1512.00567; widths as released,
https://github.com/tensorflow/models/blob/master/research/slim/nets/inception_v3.py
"""

from convbook._arguments import one_of
from convbook.blocks.branches import Branches
from convbook.blocks.pieces import cbr

# A branch a line. {n} is what differs from one module of a letter to the next.
MODULES = {
    "A": ("1x1 64",
          "1x1 48, 5x5 64",
          "1x1 64, 3x3 96, 3x3 96",
          "avg 3x3, 1x1 {n}"),
    "B": ("3x3/2 384 V",
          "1x1 64, 3x3 96, 3x3/2 96 V",
          "max 3x3/2 V"),
    "C": ("1x1 192",
          "1x1 {n}, 1x7 {n}, 7x1 192",
          "1x1 {n}, 7x1 {n}, 1x7 {n}, 7x1 {n}, 1x7 192",
          "avg 3x3, 1x1 192"),
    "D": ("1x1 192, 3x3/2 320 V",
          "1x1 192, 1x7 192, 7x1 192, 3x3/2 192 V",
          "max 3x3/2 V"),
    "E": ("1x1 320",
          "1x1 384, {1x3 384 | 3x1 384}",
          "1x1 448, 3x3 384, {1x3 384 | 3x1 384}",
          "avg 3x3, 1x1 192"),
}


def inception_v3_module(letter, in_channels, n=None, *, unit=cbr):
    """Module `letter` of Inception v3: (N, in_channels, H, W) -> (N, out_channels, H', W'); B and D halve the sides, without padding.

    Args:
        letter: "A", "B", "C", "D" or "E".
        in_channels: C >= 1.
        n: for A the width after the pooling (32 or 64), for C that of the 7-tap convolutions (128, 160 or 192); B, D, E have none.
        unit: what a convolution is, `cbr` as in the paper.
    Raises:
        ValueError: an unknown letter; A or C without n, or B, D or E with it.

    >>> inception_v3_module("A", 192, 32).out_channels, inception_v3_module("B", 288).out_channels
    (256, 768)

    Source: Szegedy et al. (2016), figures 5, 6, 7 and 10, https://arxiv.org/abs/1512.00567
    """
    one_of("letter", letter, tuple(MODULES))
    if (letter in "AC") != (n is not None):
        raise ValueError(f"n={n!r} must be {'a width' if letter in 'AC' else 'left out'} for a module {letter}")
    return Branches(in_channels, *(branch.replace("{n}", str(n)) for branch in MODULES[letter]), unit=unit)
