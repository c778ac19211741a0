"""Transposed convolutions as one matrix product: what every pixel stamps; then the stamps are added up.

    columns = W^T x,  (D k_h k_w, h w);  then, tap by tap, y gains its slice of them at every s-th place ("col2im")

Tried, and not kept: an ordinary convolution for each of the s^2 phases of the output (up to eight times as fast for a
large kernel and stride, 5 to 10 times slower on images of a pixel or two); phases summed apart and interleaved at the
end (no faster); columns in blocks small enough for the second-level cache (up to twice as slow).
"""

from math import prod

import numpy as np

from convbook._signatures.transposed import read_conv_transpose

# Columns are made for a few images, or a few rows of one, at a time: about so many numbers at once, 16 MB in float32.
AT_ONCE = 2**22


def conv_transpose1d(x, weight, bias=None, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Stamp every filter along the output: `reference.conv_transpose1d`, vectorised.

    Arguments, result and errors are those of `reference.conv_transpose1d`.

    >>> conv_transpose1d([[1, 2]], [[[1, 10, 100]]], stride=2, padding=1)
    array([[ 10, 102,  20]])
    """
    return _conv_transpose(1, x, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(x, weight, bias=None, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Stamp every filter onto the output, once for each pixel: `reference.conv_transpose2d`, vectorised.

    Arguments, result and errors are those of `reference.conv_transpose2d`.

    >>> conv_transpose2d([[[1, 2]]], [[[[1, 10, 100]]]], stride=2)
    array([[[  1,  10, 102,  20, 200]]])
    """
    return _conv_transpose(2, x, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(x, weight, bias=None, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Stamp every filter into a volume: `reference.conv_transpose3d`, vectorised.

    Arguments, result and errors are those of `reference.conv_transpose3d`.

    >>> conv_transpose3d([[[[1]], [[2]]]], [[[[[1]], [[10]]]]], stride=(2, 1, 1)).ravel()
    array([ 1, 10,  2, 20])
    """
    return _conv_transpose(3, x, weight, bias, stride, padding, output_padding, groups, dilation)


def _conv_transpose(axes, x, weight, bias, stride, padding, output_padding, groups, dilation):
    a = read_conv_transpose(axes, x, weight, bias, stride, padding, output_padding, groups, dilation)
    (N, C, n, *others), (_, D_g, *k), G = a.x.shape, a.w.shape, a.groups
    uncut = [o + before + after for o, (before, after) in zip(a.output_size, a.pads)]
    y = np.zeros((N, G * D_g, *uncut), a.x.dtype)
    w = a.w.reshape(G, C // G, D_g * prod(k)).swapaxes(1, 2)

    each = G * D_g * prod(k) * prod(others)  # numbers in the columns of one row
    images, rows = max(1, AT_ONCE // (each * n)), max(1, AT_ONCE // each)
    for m in range(0, N, images):
        for first in range(0, n, rows):
            some = a.x[m:m + images, :, first:first + rows].swapaxes(0, 1)  # (C, images, rows, *others)
            columns = w @ some.reshape(G, C // G, -1)
            columns = columns.reshape(G * D_g, *k, *some.shape[1:])
            for tap in np.ndindex(*k):
                at = [d * u for d, u in zip(a.dilation, tap)]
                at[0] += a.stride[0] * first
                places = (slice(i, i + s * size, s) for i, s, size in zip(at, a.stride, some.shape[2:]))
                y[m:m + images, :, *places] += columns[:, *tap].swapaxes(0, 1)
    kept = y[:, :, *(slice(before, before + o) for o, (before, _) in zip(a.output_size, a.pads))]
    return a.unbatch(kept + a.b.reshape(-1, *[1] * axes))
