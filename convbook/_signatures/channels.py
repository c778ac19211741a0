"""How the arguments of operations on channels are read: shuffling them, filtering each alone, mixing them at a pixel."""

from convbook._arguments import array, whole
from convbook._signatures.convolution import read_conv
from convbook._signatures.layer import read_images


def read_shuffle(x, groups):
    """Read the arguments of a channel shuffle: (images with a batch axis, groups, whether it was left out)."""
    x, single = read_images(2, x)
    groups = whole("groups", groups, at_least=1)
    if x.shape[1] % groups:
        raise ValueError(f"groups={groups} must divide channels={x.shape[1]}")
    return x, groups, single


def read_depthwise(x, weight, bias, stride, padding, dilation, padding_mode):
    """Read the arguments of a depthwise convolution: a convolution with as many groups as channels."""
    C = read_images(2, x)[0].shape[1]
    w = array("weight", weight)
    if w.ndim != 4 or w.shape[1] != 1 or w.shape[0] % C or 0 in w.shape:
        raise ValueError(f"weight has shape {w.shape}; it must be (multiplier * channels, 1, kernel height, kernel width), "
                         f"each at least 1, with channels = {C}")
    return read_conv(2, x, w, bias, stride, padding, dilation, C, padding_mode)


def read_pointwise(x, weight, bias):
    """Read the arguments of a pointwise convolution: its kernel has one tap."""
    C = read_images(2, x)[0].shape[1]
    w = array("weight", weight)
    if w.ndim != 4 or w.shape[1:] != (C, 1, 1) or 0 in w.shape:
        raise ValueError(f"weight has shape {w.shape}; it must be (out_channels, channels, 1, 1), "
                         f"with out_channels at least 1 and channels = {C}")
    return read_conv(2, x, w, bias, 1, 0, 1, 1)
