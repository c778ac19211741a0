"""Convolutions as one matrix product for each group: windows as columns, filters as rows."""

from math import prod

from convbook._layers import read_conv
from convbook.ops.windows import padded, windows


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
    N, D, G, K = len(a.x), len(a.w), a.groups, prod(a.w.shape[1:])
    # (N, C, *o, *k): each window a view into the padded image.
    seen = windows(padded(a.x, a.pads, padding_mode), a.kernel_size, a.stride, a.dilation)
    o_axes, k_axes = range(2, 2 + axes), range(2 + axes, 2 + 2 * axes)
    columns = seen.transpose(0, 1, *k_axes, *o_axes).reshape(N, G, K, prod(a.output_size))
    y = a.w.reshape(G, D // G, K) @ columns  # (N, G, D / G, places)
    y = y.reshape(N, D, *a.output_size)
    y += a.b.reshape(D, *[1] * axes)
    return a.unbatch(y)
