"""How the arguments of blocks are read, where PyTorch would answer in words of its own: a Conv2d's counts, a tensor's axes, pairs."""

import torch
from torch import nn

from convbook._arguments import flag, group_count, one_of, per_axis, whole


def conv2d(in_channels, out_channels, kernel_size, **options):
    """An nn.Conv2d of checked arguments; `options` are its stride, padding, dilation, groups and bias.

    >>> conv2d(3, 2, (1, 5), padding="same")
    Conv2d(3, 2, kernel_size=(1, 5), stride=(1, 1), padding=same)
    """
    return nn.Conv2d(**conv2d_arguments(in_channels, out_channels, kernel_size, **options))


def conv2d_arguments(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True):
    """What nn.Conv2d is called with, read and by name.

    >>> conv2d_arguments(0, 2, 3)
    Traceback (most recent call last):
    ValueError: in_channels=0 must be at least 1
    """
    in_channels, out_channels = whole("in_channels", in_channels, at_least=1), whole("out_channels", out_channels, at_least=1)
    if isinstance(padding, str):
        padding = one_of("padding", padding, ("same", "valid"))
    else:
        padding = per_axis("padding", padding, 2, at_least=0)
    return dict(
        in_channels=in_channels, out_channels=out_channels,
        kernel_size=per_axis("kernel_size", kernel_size, 2, at_least=1), stride=per_axis("stride", stride, 2, at_least=1),
        padding=padding, dilation=per_axis("dilation", dilation, 2, at_least=1),
        groups=group_count(groups, in_channels, out_channels), bias=flag("bias", bias))


def tensor(name, value, *axes):
    """Read a tensor that has one of these numbers of axes.

    >>> tensor("x", torch.zeros(2, 3), 3, 4)
    Traceback (most recent call last):
    ValueError: x has shape (2, 3); it must have 3 or 4 axes
    """
    if not torch.is_tensor(value):
        raise TypeError(f"{name} has type {type(value).__name__}; it must be a torch.Tensor")
    if value.ndim not in axes:
        raise ValueError(f"{name} has shape {tuple(value.shape)}; it must have {' or '.join(map(str, axes))} axes")
    return value


def pairs(**values):
    """Read tuples of two, by their names.

    >>> pairs(n3x3=(96, 128), pool=("avg", 32))
    [(96, 128), ('avg', 32)]
    """
    for name, value in values.items():
        if not isinstance(value, (tuple, list)) or len(value) != 2:
            raise ValueError(f"{name}={value!r} must be a pair")
    return [*values.values()]
