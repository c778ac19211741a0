"""The two halves of a convolution, each by itself: filter every channel, or mix the channels at every pixel."""

from convbook._signatures.channels import read_depthwise, read_pointwise
from convbook.ops.convolution import conv2d


def depthwise_conv2d(x, weight, bias=None, *, stride=1, padding=0, dilation=1, padding_mode="zeros"):
    """Filter every channel by itself: `reference.depthwise_conv2d`, as a convolution with one group a channel.

    Arguments, result and errors are those of `reference.depthwise_conv2d`.

    >>> x, w = [[[1, 2]], [[5, 9]]], [[[[0, 1]]], [[[-1, 1]]]]
    >>> depthwise_conv2d(x, w * 2).ravel()
    array([2, 1, 9, 4])
    """
    a = read_depthwise(x, weight, bias, stride, padding, dilation, padding_mode)
    return a.unbatch(conv2d(a.x, a.w, a.b, stride=a.stride, padding=padding, dilation=a.dilation,
                            groups=a.groups, padding_mode=padding_mode))


def pointwise_conv2d(x, weight, bias=None):
    """Mix the channels at every pixel: `reference.pointwise_conv2d`, as one matrix product an image.

    Arguments, result and errors are those of `reference.pointwise_conv2d`.

    >>> pointwise_conv2d([[[2]], [[5]]], [[[[1]], [[1]]], [[[-1]], [[1]]]]).ravel()
    array([7, 3])
    """
    a = read_pointwise(x, weight, bias)
    (N, C, h, w), D = a.x.shape, len(a.w)
    y = a.w.reshape(D, C) @ a.x.reshape(N, C, h * w) + a.b[:, None]
    return a.unbatch(y.reshape(N, D, h, w))


def separable_conv2d(x, depthwise, pointwise, bias=None, *, stride=1, padding=0, dilation=1, padding_mode="zeros"):
    """Filter every channel by itself, then mix the channels at every pixel: `reference.separable_conv2d`, vectorised.

    Arguments, result and errors are those of `reference.separable_conv2d`.

    >>> separable_conv2d([[[1, 2]], [[5, 9]]], [[[[-1, 1]]]] * 2, [[[[1]], [[1]]]])
    array([[[5]]])
    """
    x = depthwise_conv2d(x, depthwise, stride=stride, padding=padding, dilation=dilation, padding_mode=padding_mode)
    return pointwise_conv2d(x, pointwise, bias)
