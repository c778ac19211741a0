"""Inception v4: a stem that forks, and fourteen modules of three kinds with two reductions between them.

Source: Szegedy et al. (2017), figure 9, https://arxiv.org/abs/1602.07261
"""

from collections import OrderedDict

from torch import nn

from convbook.blocks.inception_v4 import inception_v4_module, inception_v4_stem
from convbook.blocks.pieces import head

# Figure 9 from the stem up: a module, how often.    output at 299 x 299
MODULES = (
    ("A", 4),                                      # 35 x 35 x 384
    ("reduction A", 1),                            # 17 x 17 x 1024
    ("B", 7),
    ("reduction B", 1),                            # 8 x 8 x 1536
    ("C", 3),
)  # fmt: skip


def inception_v4(classes=1000):
    """A stem that forks, and fourteen modules of three kinds with two reductions between them.

    Args:
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes), in the paper 299 x 299, any sides from 75 up.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in inception_v4().parameters())
    42679816

    Source: Szegedy et al. (2017), figure 9, https://arxiv.org/abs/1602.07261
    """
    stem = inception_v4_stem()
    layers, channels = OrderedDict(stem=stem), stem.out_channels
    for name, times in MODULES:
        for number in range(1, times + 1):
            block = inception_v4_module(name, channels)
            layers[name if times == 1 else f"{name}{number}"], channels = block, block.out_channels
    layers["head"] = head(channels, classes, dropout=0.2)
    return nn.Sequential(layers)
