"""Inception modules on top of each other for 8 x 8 images: deep enough for its gradient to fade, small enough to train in seconds."""

from collections import OrderedDict

from torch import nn

from convbook._arguments import flag, whole
from convbook.blocks.inception import InceptionModule
from convbook.blocks.pieces import cr, head
from convbook.networks._auxiliary import WithAuxiliaryHeads


def inception_stack(depth=4, *, heads=False, unit=cr, width=4, in_channels=1, classes=10):
    """A first convolution, `depth` modules with every branch `width` wide, a pooling after the first of them, a global average.

    Args:
        depth: modules, at least 2.
        heads: with one auxiliary head, half way up: in training the network then returns two outputs.
        unit: what a convolution is: `cr`, bias and ReLU, as GoogLeNet has it; `cbr` with batch norm.
        width: of every branch and every reduction.
        in_channels, classes: of the images, (N, in_channels, H, W), and outputs.

    >>> [sum(p.numel() for p in inception_stack(2, heads=heads).parameters()) for heads in (False, True)]
    [1770, 1940]
    """
    depth, width = whole("depth", depth, at_least=2), whole("width", width, at_least=1)
    layers = OrderedDict(stem=unit(in_channels, 2 * width, 3, padding=1))
    channels = 2 * width
    for number in range(1, depth + 1):
        layers[f"module{number}"] = module = InceptionModule(channels, width, (width, width), (width, width), width, unit=unit)
        channels = module.out_channels
        if number == 1:
            layers["pool"] = nn.MaxPool2d(2)
    network = nn.Sequential(OrderedDict(layers, head=head(channels, classes)))
    if not flag("heads", heads):
        return network
    return WithAuxiliaryHeads(network, {f"module{depth // 2}": head(channels, classes)})


def first_layer(network):
    """The first convolution of such a stack, with heads or without.

    >>> first_layer(inception_stack(heads=True)).kernel_size
    (3, 3)
    """
    return getattr(network, "network", network).stem.conv


def start_anew(network):
    """He's initial weights for every layer with weights, which keep the size of activations from layer to layer; biases 0.

    Source: He et al. (2015), section 2.2, https://arxiv.org/abs/1502.01852
    """
    for layer in network.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network
