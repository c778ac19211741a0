"""GoogLeNet: 22 layers, nine Inception modules, 7 million parameters where AlexNet had 61.

Source: Szegedy et al. (2015), table 1 and section 5, https://arxiv.org/abs/1409.4842
"""

from collections import OrderedDict

from torch import nn

from convbook._arguments import flag, whole
from convbook.blocks.inception import InceptionModule
from convbook.blocks.pieces import cbr, cr, head
from convbook.networks._auxiliary import WithAuxiliaryHeads

# Table 1: #1x1, (#3x3 reduce, #3x3), (#5x5 reduce, #5x5), pool proj; a pooling of stride 2 where it has one.
TABLE_1 = {
    "3a": (64, (96, 128), (16, 32), 32),
    "3b": (128, (128, 192), (32, 96), 64),
    "pool3": "max pool",
    "4a": (192, (96, 208), (16, 48), 64),
    "4b": (160, (112, 224), (24, 64), 64),
    "4c": (128, (128, 256), (24, 64), 64),
    "4d": (112, (144, 288), (32, 64), 64),
    "4e": (256, (160, 320), (32, 128), 128),
    "pool4": "max pool",
    "5a": (256, (160, 320), (32, 128), 128),
    "5b": (384, (192, 384), (48, 128), 128),
}


def googlenet(aux=False, classes=1000):
    """Twenty-two layers, nine of them Inception modules.

    Args:
        aux: with the two auxiliary heads, after 4a and 4d. In training the network then returns three outputs,
            (y, y_4a, y_4d), and needs images of the paper's size; its loss is that of y + 0.3 of each other one. In evaluation it
            returns y.
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes), in the paper 224 x 224; without `aux` any sides from 31 up.
    Raises:
        TypeError: aux is not True or False.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in googlenet().parameters())
    6998552

    Source: Szegedy et al. (2015), table 1, https://arxiv.org/abs/1409.4842
    """
    layers = OrderedDict(
        conv1=cr(3, 64, 7, stride=2, padding=3),
        pool1=_pool(),
        norm1=nn.LocalResponseNorm(5),
        conv2=nn.Sequential(OrderedDict(reduce=cr(64, 64, 1), conv=cr(64, 192, 3, padding=1))),
        norm2=nn.LocalResponseNorm(5),
        pool2=_pool())
    channels = 192
    for name, row in TABLE_1.items():
        if row == "max pool":
            layers[name] = _pool()
        else:
            layers[name] = InceptionModule(channels, *row)
            channels = layers[name].out_channels
    layers["head"] = head(channels, classes, dropout=0.4)
    network = nn.Sequential(layers)
    if not flag("aux", aux):
        return network
    return WithAuxiliaryHeads(network, {name: auxiliary_head(layers[name].out_channels, classes) for name in ("4a", "4d")})


def auxiliary_head(channels, classes=1000):
    """Section 5: (N, channels, 14, 14) -> (N, classes), by an average pooling to 4 x 4 and two fully connected layers."""
    return nn.Sequential(OrderedDict(
        pool=nn.AvgPool2d(5, stride=3),
        conv=cr(channels, 128, 1),
        flatten=nn.Flatten(),
        fc1=nn.Linear(4 * 4 * 128, 1024), relu=nn.ReLU(), dropout=nn.Dropout(0.7),
        fc2=nn.Linear(1024, classes)))  # fmt: skip


def small_googlenet(naive=False, *, width=8, in_channels=1, classes=10):
    """Two Inception modules for images as small as 8 x 8, naive or reduced, with batch norm: to train in seconds.

    The branches are equally wide in both; what differs are the 1 x 1 reductions, and the pooled channels that the naive module
    passes through.

    Args:
        naive: figure 2a's modules in the place of 2b's.
        width: of each branch; the reductions are half as wide.
        in_channels: of the images, (N, in_channels, H, W).
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, in_channels, H, W) -> (N, classes).
    Raises:
        TypeError, ValueError: naive is not True or False, or a count too small.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in small_googlenet().parameters())
    3994

    Source: Szegedy et al. (2015), figure 2, https://arxiv.org/abs/1409.4842; the size is ours
    """
    flag("naive", naive)
    half = max(1, whole("width", width, at_least=1) // 2)
    row = (width, width, width, None) if naive else (width, (half, width), (half, width), width)
    first = InceptionModule(2 * width, *row, unit=cbr)
    second = InceptionModule(first.out_channels, *row, unit=cbr)
    return nn.Sequential(OrderedDict(
        conv1=cbr(in_channels, 2 * width, 3, padding=1),
        module1=first, pool=nn.MaxPool2d(2), module2=second,
        head=head(second.out_channels, classes)))  # fmt: skip


def _pool():
    return nn.MaxPool2d(3, stride=2, ceil_mode=True)
