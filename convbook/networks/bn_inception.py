"""BN-Inception, the first network with batch norm: GoogLeNet with two 3 x 3 convolutions for each 5 x 5.

Source: Ioffe & Szegedy (2015), figure 5, https://arxiv.org/abs/1502.03167. The paper's figure and the released models differ in
widths; these are the released ones: Caffe's, and TensorFlow's ("slim"),
https://github.com/tensorflow/models/blob/master/research/slim/nets/inception_v2.py
"""

from collections import OrderedDict
from functools import partial

from torch import nn

from convbook._arguments import one_of
from convbook.blocks.branches import Path
from convbook.blocks.inception_v2 import bn_inception_module, bn_inception_reduction
from convbook.blocks.pieces import cbr, head

# #1x1, (#3x3 reduce, #3x3), (#double 3x3 reduce, #double 3x3), pooling and its projection. 3c and 4e halve the sides and pass the pool through.
CAFFE = {
    "3a": (64, (64, 64), (64, 96), ("avg", 32)),
    "3b": (64, (64, 96), (64, 96), ("avg", 64)),
    "3c": ((128, 160), (64, 96)),
    "4a": (224, (64, 96), (96, 128), ("avg", 128)),
    "4b": (192, (96, 128), (96, 128), ("avg", 128)),
    "4c": (160, (128, 160), (128, 160), ("avg", 128)),
    "4d": (96, (128, 192), (160, 192), ("avg", 128)),
    "4e": ((128, 192), (192, 256)),
    "5a": (352, (192, 320), (160, 224), ("avg", 128)),
    "5b": (352, (192, 320), (192, 224), ("max", 128)),
}
# The slim release differs in two projections, and in its first layer, a separable convolution.
SLIM = CAFFE | {
    "4c": (160, (128, 160), (128, 160), ("avg", 96)),
    "4d": (96, (128, 192), (160, 192), ("avg", 96)),
}
WIDTHS = {"caffe": CAFFE, "slim": SLIM}


def bn_inception(widths="caffe", *, conv_bias=False, classes=1000):
    """The first network with batch norm: GoogLeNet with two 3 x 3 convolutions for each 5 x 5.

    Args:
        widths: "caffe", or "slim", with a depthwise 7 x 7 (eight filters a colour) and a 1 x 1 convolution as its first layer.
        conv_bias: give every convolution a bias, as the Caffe models have it: 10,016 parameters that batch norm takes away again.
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes), in the paper 224 x 224, sides that are multiples of 32.
    Raises:
        ValueError: unknown widths.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in bn_inception().parameters())
    11285224

    Source: Ioffe & Szegedy (2015), figure 5, https://arxiv.org/abs/1502.03167; widths as released, see this file's head
    """
    table = WIDTHS[one_of("widths", widths, tuple(WIDTHS))]
    unit = partial(cbr, bias=True) if conv_bias else cbr
    layers = OrderedDict(
        conv1=_separable_stem(conv_bias) if widths == "slim" else unit(3, 64, 7, stride=2, padding=3),
        stem=Path(64, "max 3x3/2 ceil, 1x1 64, 3x3 192, max 3x3/2 ceil", unit=unit))
    channels = 192
    for name, row in table.items():
        block = bn_inception_module if len(row) == 4 else bn_inception_reduction
        layers[name] = block(channels, *row, unit=unit)
        channels = layers[name].out_channels
    layers["head"] = head(channels, classes)
    return nn.Sequential(layers)


def _separable_stem(conv_bias):
    layers = OrderedDict(depthwise=nn.Conv2d(3, 24, 7, stride=2, padding=3, groups=3, bias=conv_bias))
    layers["pointwise"] = nn.Conv2d(24, 64, 1, bias=conv_bias)
    layers["norm"], layers["relu"] = nn.BatchNorm2d(64), nn.ReLU()
    return nn.Sequential(layers)
