"""The stem and the modules of Inception v4: as its figures draw them, V where nothing is padded.

Source: Szegedy et al. (2017), figures 3 to 8 and table 1, https://arxiv.org/abs/1602.07261
"""

from convbook._arguments import one_of
from convbook.blocks.branches import Branches, Path
from convbook.blocks.pieces import cbr

# Figure 3: three convolutions, then three forks.
STEM = ("3x3/2 32 V, 3x3 32 V, 3x3 64, "
        "{max 3x3/2 V | 3x3/2 96 V}, "
        "{1x1 64, 3x3 96 V | 1x1 64, 1x7 64, 7x1 64, 3x3 96 V}, "
        "{3x3/2 192 V | max 3x3/2 V}")

# A branch a line.
MODULES = {
    "A": ("1x1 96",
          "1x1 64, 3x3 96",
          "1x1 64, 3x3 96, 3x3 96",
          "avg 3x3, 1x1 96"),
    "reduction A": ("3x3/2 384 V",
                    "1x1 192, 3x3 224, 3x3/2 256 V",
                    "max 3x3/2 V"),
    "B": ("1x1 384",
          "1x1 192, 1x7 224, 7x1 256",
          "1x1 192, 7x1 192, 1x7 224, 7x1 224, 1x7 256",
          "avg 3x3, 1x1 128"),
    "reduction B": ("1x1 192, 3x3/2 192 V",
                    "1x1 256, 1x7 256, 7x1 320, 3x3/2 320 V",
                    "max 3x3/2 V"),
    "C": ("1x1 256",
          "1x1 384, {1x3 256 | 3x1 256}",
          "1x1 384, 3x1 448, 1x3 512, {1x3 256 | 3x1 256}",
          "avg 3x3, 1x1 256"),
}


def inception_v4_stem(in_channels=3, *, unit=cbr):
    """From an image to the first module: (N, 3, 299, 299) -> (N, 384, 35, 35).

    >>> inception_v4_stem().out_channels
    384

    Source: Szegedy et al. (2017), figure 3, https://arxiv.org/abs/1602.07261
    """
    return Path(in_channels, STEM, unit=unit)


def inception_v4_module(name, in_channels, *, unit=cbr):
    """Module `name` of Inception v4: (N, in_channels, H, W) -> (N, out_channels, H', W'); the reductions halve the sides.

    Args:
        name: "A", "reduction A", "B", "reduction B" or "C".
        in_channels: C >= 1; in the paper 384, 384, 1024, 1024 and 1536.
        unit: what a convolution is, `cbr` as in the paper.
    Raises:
        ValueError: an unknown name.

    >>> inception_v4_module("reduction A", 384).out_channels
    1024

    Source: Szegedy et al. (2017), figures 4 to 8, https://arxiv.org/abs/1602.07261
    """
    return Branches(in_channels, *MODULES[one_of("name", name, tuple(MODULES))], unit=unit)
