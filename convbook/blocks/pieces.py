"""The small pieces that all blocks and networks are made of, in the short words of the book's tables.

How the tables are read:

    conv k/s pP gG -> C     kernel k, stride s, padding P, groups G, output channels C; no g means 1, no p means 0
    cbr                     convolution without bias, batch norm (gamma and beta), ReLU
    cb                      the same without ReLU
    cbp                     the same with PReLU, one slope a channel
    cr                      convolution with bias, ReLU, no batch norm

What is counted, here and in `convbook.cost.profile`:

    MACs         one image; convolutions and linear layers only. Taps on padding count; bias, norm, pooling, shuffles and sums
                 are 0. A transposed convolution counts from its input side, in_C in_H in_W out_C k_h k_w / g.
    parameters   what training changes; the running mean and variance of batch norm are not parameters.
"""

from collections import OrderedDict

from torch import nn

from convbook._arguments import flag, number, whole
from convbook.blocks._arguments import conv2d


def cb(in_channels, out_channels, kernel_size, *, bias=False, **options):
    """Convolution without bias, then batch norm; `options` are Conv2d's stride, padding, dilation, groups.

    The convolution needs no bias: batch norm would take it away with the mean, and adds a learned one of its own. Some
    released models have both all the same, `bias=True`.

    >>> sum(p.numel() for p in cb(3, 2, 5).parameters())  # 3 * 2 * 25 weights, 2 gammas, 2 betas
    154
    """
    return nn.Sequential(OrderedDict(
        conv=conv2d(in_channels, out_channels, kernel_size, bias=bias, **options),
        norm=nn.BatchNorm2d(out_channels)))


def cbr(in_channels, out_channels, kernel_size, **options):
    """Convolution without bias, batch norm, ReLU; `options` as for `cb`.

    >>> [name for name, _ in cbr(3, 2, 5, padding=2).named_children()]
    ['conv', 'norm', 'relu']
    """
    layers = cb(in_channels, out_channels, kernel_size, **options)
    layers.add_module("relu", nn.ReLU())
    return layers


def cbp(in_channels, out_channels, kernel_size, **options):
    """Convolution without bias, batch norm, PReLU with a learned slope for each channel; `options` as for `cb`.

    >>> sum(p.numel() for p in cbp(3, 2, 5).parameters())
    156
    """
    layers = cb(in_channels, out_channels, kernel_size, **options)
    layers.add_module("prelu", nn.PReLU(out_channels))
    return layers


def cr(in_channels, out_channels, kernel_size, **options):
    """Convolution with bias, then ReLU, as networks had it before batch norm; `options` as for `cb`.

    >>> sum(p.numel() for p in cr(3, 2, 5).parameters())
    152
    """
    return nn.Sequential(OrderedDict(
        conv=conv2d(in_channels, out_channels, kernel_size, **options),
        relu=nn.ReLU()))


def stem(in_channels, channels, kernel_size, *, small=False):
    """How a network begins: cbr k/2 and max pooling 3/2 p1, a quarter of the size; for small images, cbr 3/1 p1, all of it.

    >>> import torch
    >>> image = torch.zeros(1, 3, 32, 24)
    >>> stem(3, 5, 7)(image).shape, stem(3, 5, 7, small=True)(image).shape
    (torch.Size([1, 5, 8, 6]), torch.Size([1, 5, 32, 24]))
    """
    kernel_size = whole("kernel_size", kernel_size, at_least=1)
    if flag("small", small):
        return cbr(in_channels, channels, 3, padding=1)
    return nn.Sequential(OrderedDict(
        cbr=cbr(in_channels, channels, kernel_size, stride=2, padding=kernel_size // 2),
        pool=nn.MaxPool2d(3, stride=2, padding=1)))


def head(channels, classes, *, bias=True, dropout=0.0):
    """Global average pooling, then one linear layer: (N, channels, H, W) -> (N, classes), for any H and W.

    >>> sum(p.numel() for p in head(4, 3).parameters())
    15
    """
    channels, classes = whole("channels", channels, at_least=1), whole("classes", classes, at_least=1)
    bias, dropout = flag("bias", bias), number("dropout", dropout, at_least=0, at_most=1)
    return nn.Sequential(OrderedDict(
        pool=nn.AdaptiveAvgPool2d(1),
        flatten=nn.Flatten(),
        **({"dropout": nn.Dropout(dropout)} if dropout else {}),
        fc=nn.Linear(channels, classes, bias=bias)))
