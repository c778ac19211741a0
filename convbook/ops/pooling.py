"""Pooling of all windows at once, along the height and then along the width: k_h + k_w passes over the image, not k_h k_w."""

import numpy as np

from convbook._arguments import flag, floating
from convbook._signatures.pooling import lowest_of, read_pool2d
from convbook.ops.windows import padded


def max_pool2d(x, kernel_size, *, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Keep the largest number of every window: `reference.max_pool2d`, vectorised.

    Arguments, result and errors are those of `reference.max_pool2d`.

    >>> max_pool2d([[[1, 5, 2, 0], [3, 4, 8, 6]]], 2)
    array([[[5, 8]]])
    """
    a = read_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode)
    return a.unbatch(_combined(np.maximum, a, padded(a.x, a.pads, value=lowest_of(a.x.dtype))))


def avg_pool2d(x, kernel_size, *, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Average the numbers of every window: `reference.avg_pool2d`, vectorised.

    Arguments, result and errors are those of `reference.avg_pool2d`.

    >>> avg_pool2d([[[1, 5, 2, 0], [3, 4, 8, 6]]], 2)
    array([[[3.25, 4.  ]]])
    """
    a = read_pool2d(x, kernel_size, stride, padding, 1, ceil_mode)
    include = flag("count_include_pad", count_include_pad)
    rows, columns = (_members(a, axis, include) for axis in (0, 1))
    total = _combined(np.add, a, padded(a.x.astype(floating(a.x), copy=False), a.pads))
    total /= np.outer(rows, columns).astype(total.dtype)
    return a.unbatch(total)


def _combined(ufunc, a, x):
    """All numbers of each window of the padded images x combined: (N, C, o_h, o_w), a new array."""
    for axis, (k, s, d, o) in enumerate(zip(a.kernel_size, a.stride, a.dilation, a.output_size), start=2):
        taps = [x[(*[slice(None)] * axis, slice(d * u, d * u + s * (o - 1) + 1, s))] for u in range(k)]
        x = taps[0].copy()
        for tap in taps[1:]:
            ufunc(x, tap, out=x)
    return x


def _members(a, axis, include_pad):
    """How many taps of each window, along one axis, lie inside the image or, if asked, inside its padding too."""
    n, k, s, p = a.x.shape[2 + axis], a.kernel_size[axis], a.stride[axis], a.pads[axis][0]
    margin = p if include_pad else 0
    starts = s * np.arange(a.output_size[axis]) - p
    return np.minimum(starts + k, n + margin) - np.maximum(starts, -margin)
