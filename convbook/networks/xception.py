"""Xception: Inception's idea to its end, every convolution but two depthwise separable, with shortcuts.

Source: Chollet (2017), figure 5, https://arxiv.org/abs/1610.02357
"""

from collections import OrderedDict

from torch import nn

from convbook.blocks.pieces import cbr, head
from convbook.blocks.xception import XceptionBlock, separable

MIDDLE_BLOCKS = 8


def xception(classes=1000):
    """Inception's idea to its end: all convolutions but two depthwise separable, with shortcuts.

    Args:
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes), in the paper 299 x 299, any sides from 7 up.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in xception().parameters())
    22855952

    Source: Chollet (2017), figure 5, https://arxiv.org/abs/1610.02357
    """
    layers = OrderedDict(
        conv1=cbr(3, 32, 3, stride=2),
        conv2=cbr(32, 64, 3),
        entry1=XceptionBlock(64, 128, 128, pool=True, first_relu=False),
        entry2=XceptionBlock(128, 256, 256, pool=True),
        entry3=XceptionBlock(256, 728, 728, pool=True))
    for number in range(1, MIDDLE_BLOCKS + 1):
        layers[f"middle{number}"] = XceptionBlock(728, 728, 728, 728)
    layers["exit"] = XceptionBlock(728, 728, 1024, pool=True)
    layers["sep1"], layers["relu1"] = separable(1024, 1536), nn.ReLU()
    layers["sep2"], layers["relu2"] = separable(1536, 2048), nn.ReLU()
    layers["head"] = head(2048, classes)
    return nn.Sequential(layers)
