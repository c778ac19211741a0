"""Pooling over all windows at once."""

import numpy as np

from convbook._arguments import flag
from convbook._signatures.pooling import lowest_of, read_pool2d
from convbook.ops.windows import padded, windows


def max_pool2d(x, kernel_size, *, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Keep the largest number of every window: `reference.max_pool2d`, vectorised.

    Arguments, result and errors are those of `reference.max_pool2d`.

    >>> max_pool2d([[[1, 5, 2, 0], [3, 4, 8, 6]]], 2)
    array([[[5, 8]]])
    """
    a = read_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode)
    seen = _windows(a, value=lowest_of(a.x.dtype))
    return a.unbatch(seen.max(axis=(4, 5)))


def avg_pool2d(x, kernel_size, *, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Average the numbers of every window: `reference.avg_pool2d`, vectorised.

    Arguments, result and errors are those of `reference.avg_pool2d`.

    >>> avg_pool2d([[[1, 5, 2, 0], [3, 4, 8, 6]]], 2)
    array([[[3.25, 4.  ]]])
    """
    a = read_pool2d(x, kernel_size, stride, padding, 1, ceil_mode)
    include = flag("count_include_pad", count_include_pad)
    rows, columns = (_members(a, axis, include) for axis in (0, 1))
    dtype = a.x.dtype if a.x.dtype.kind == "f" else np.float64
    total = _windows(a, value=0).sum(axis=(4, 5), dtype=dtype)
    return a.unbatch(total / np.outer(rows, columns).astype(dtype))


def _windows(a, value):
    """Windows (N, C, o_h, o_w, k_h, k_w) over images padded with `value`, cut off after the last output."""
    seen = windows(padded(a.x, a.pads, value=value), a.kernel_size, a.stride, a.dilation)
    return seen[:, :, :a.output_size[0], :a.output_size[1]]


def _members(a, axis, include_pad):
    """How many taps of each window, along one axis, lie inside the image or, if asked, inside its padding too."""
    n, k, s, p = a.x.shape[2 + axis], a.kernel_size[axis], a.stride[axis], a.pads[axis][0]
    margin = p if include_pad else 0
    starts = s * np.arange(a.output_size[axis]) - p
    return np.minimum(starts + k, n + margin) - np.maximum(starts, -margin)
