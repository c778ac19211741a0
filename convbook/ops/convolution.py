"""Convolutions along one, two and three axes; `columns` holds the work they share."""

from convbook._signatures.convolution import read_conv
from convbook.ops.columns import convolve


def conv1d(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros"):
    """Slide every filter along a sequence: `reference.conv1d`, vectorised.

    Arguments, result and errors are those of `reference.conv1d`.

    >>> conv1d([[1, 4, 9, 16]], [[[-1, 0, 1]]])
    array([[ 8, 12]])
    """
    return _conv(1, x, weight, bias, stride, padding, dilation, groups, padding_mode)


def conv2d(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros"):
    """Slide every filter over an image: `reference.conv2d`, vectorised.

    Arguments, result and errors are those of `reference.conv2d`.

    >>> conv2d([[[1, 2, 3], [4, 5, 6]]], [[[[1, 10], [100, 1000]]]])
    array([[[5421, 6532]]])
    """
    return _conv(2, x, weight, bias, stride, padding, dilation, groups, padding_mode)


def conv3d(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1, padding_mode="zeros"):
    """Slide every filter through a volume: `reference.conv3d`, vectorised.

    Arguments, result and errors are those of `reference.conv3d`.

    >>> conv3d([[[[1, 2]], [[5, 5]], [[7, 9]]]], [[[[[-1]], [[1]]]]]).ravel()
    array([4, 3, 2, 4])
    """
    return _conv(3, x, weight, bias, stride, padding, dilation, groups, padding_mode)


def _conv(axes, x, weight, bias, stride, padding, dilation, groups, padding_mode):
    a = read_conv(axes, x, weight, bias, stride, padding, dilation, groups, padding_mode)
    return a.unbatch(convolve(a, padding_mode))
