"""A small network of flattened convolutions and its standard twin, to train side by side.

Source of the layer: Jin, Dundar & Culurciello (2015), https://arxiv.org/abs/1412.5474. The paper's network, three layers for
CIFAR-10, is larger; the pattern is the same.
"""

from collections import OrderedDict

from torch import nn

from convbook._arguments import flag
from convbook.blocks.flattened import FlattenedConv2d
from convbook.blocks.pieces import head


def flattened_net(widths=(16, 32), *, flattened=True, kernel_size=3, stages=2, in_channels=1, classes=10):
    """A convolution, ReLU and 2 x 2 max pooling for each width, then a global average and one linear layer.

    Args:
        widths: output channels of each convolution.
        flattened: True for L-V-H convolutions; False for the twin: the same widths and kernels, standard convolutions.
        kernel_size: of each convolution, which keeps the size ("same").
        stages: how often L, V, H are repeated, for the flattened ones.
        in_channels: of the images, (N, in_channels, H, W).
        classes: outputs.

    >>> [sum(p.numel() for p in flattened_net(flattened=f, stages=1).parameters()) for f in (True, False)]
    [1290, 5130]
    """
    flag("flattened", flattened)
    layers, before = OrderedDict(), in_channels
    for n, width in enumerate(widths, start=1):
        layers[f"conv{n}"] = (FlattenedConv2d(before, width, kernel_size, stages=stages, padding="same") if flattened else
                              nn.Conv2d(before, width, kernel_size, padding="same"))
        layers[f"relu{n}"], layers[f"pool{n}"], before = nn.ReLU(), nn.MaxPool2d(2), width
    layers["head"] = head(before, classes)
    return nn.Sequential(layers)
