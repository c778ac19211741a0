"""Inception v3, as released: convolutions factorised into small ones, and into rows and columns.

The outline in the paper's own table 1 (five modules at 17 x 17) is not the released network, which has four.

Source: Szegedy et al. (2016), https://arxiv.org/abs/1512.00567;
https://github.com/tensorflow/models/blob/master/research/slim/nets/inception_v3.py
"""

from collections import OrderedDict
from functools import partial

from torch import nn

from convbook._arguments import flag
from convbook.blocks.branches import Branches, Path
from convbook.blocks.inception_v3 import MODULES as LETTERS
from convbook.blocks.inception_v3 import inception_v3_module
from convbook.blocks.pieces import cbr, head
from convbook.networks._auxiliary import WithAuxiliaryHeads

STEM = "3x3/2 32 V, 3x3 32 V, 3x3 64, max 3x3/2 V, 1x1 80, 3x3 192 V, max 3x3/2 V"

# Letter and, where modules of a letter differ, the width that differs.     output at 299 x 299
MODULES = {
    "A1": ("A", 32),                                                      # 35 x 35 x 256
    "A2": ("A", 64),                                                      # 35 x 35 x 288
    "A3": ("A", 64),
    "B": ("B",),                                                          # 17 x 17 x 768
    "C1": ("C", 128),
    "C2": ("C", 160),
    "C3": ("C", 160),
    "C4": ("C", 192),
    "D": ("D",),                                                          # 8 x 8 x 1280
    "E1": ("E",),                                                         # 8 x 8 x 2048
    "E2": ("E",),
}  # fmt: skip


# How Keras had it first, in 2016; the size in Xception's table 3 is that of this network. Every convolution has a bias, too.
FIRST_PORT = MODULES | {
    "A2": ("A", 32),
    "A3": ("A", 32),
    "C4": ("1x1 192",
           "1x1 192, 1x7 192, 7x1 192",
           "1x1 160, 7x1 192, 1x7 192, 7x1 192, 1x7 192",
           "avg 3x3, 1x1 192"),
    "D": ("1x1 192, 3x3/2 320 V",
          "1x1 192, 1x7 192, 7x1 192, 3x3/2 192 V",
          "avg 3x3/2 V"),
}


def inception_v3(aux=False, *, first_port=False, classes=1000):
    """Inception with its convolutions factorised into small ones, and into rows and columns.

    Args:
        aux: with the auxiliary head after C4. In training the network then returns two outputs, (y, y_C4), and needs the
            paper's size of image; in evaluation it returns y.
        first_port: the network that Xception's paper compares itself with, as Keras first had it.
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes), in the paper 299 x 299, any sides from 75 up.
    Raises:
        TypeError: an option is not True or False.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in inception_v3().parameters())
    23834568

    Source: Szegedy et al. (2016), https://arxiv.org/abs/1512.00567
    """
    aux, first_port = flag("aux", aux), flag("first_port", first_port)
    unit = partial(cbr, bias=True) if first_port else cbr
    stem = Path(3, STEM, unit=unit)
    layers, channels = OrderedDict(stem=stem), stem.out_channels
    for name, row in (FIRST_PORT if first_port else MODULES).items():
        layers[name] = _module(channels, row, unit)
        channels = layers[name].out_channels
    layers["head"] = head(channels, classes, dropout=0.2)
    network = nn.Sequential(layers)
    return WithAuxiliaryHeads(network, {"C4": auxiliary_head(768, classes)}) if aux else network


def _module(channels, row, unit):
    """A row of the tables above: a letter with its width, or branches of its own."""
    if row[0] in LETTERS:
        return inception_v3_module(row[0], channels, *row[1:], unit=unit)
    return Branches(channels, *row, unit=unit)


def auxiliary_head(channels, classes=1000):
    """(N, channels, 17, 17) -> (N, classes): pooled to 5 x 5, and read whole by a 5 x 5 convolution."""
    return nn.Sequential(OrderedDict(
        pool=nn.AvgPool2d(5, stride=3),
        conv1=cbr(channels, 128, 1),
        conv2=cbr(128, 768, 5),
        head=head(768, classes)))
