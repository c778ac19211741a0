"""Pooling: windows that slide as a convolution's do, over each channel by itself, with nothing learned."""

import numpy as np

from convbook._arguments import flag, floating
from convbook._signatures.pooling import lowest_of, read_pool2d


def max_pool2d(x, kernel_size, *, stride=None, padding=0, dilation=1, ceil_mode=False):
    """Keep the largest number of every window; padded positions never win.

        y[m, c, i, j] = max over u, v of  x[m, c, s_h i + d_h u - p_h, s_w j + d_w v - p_w]

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one; float32, float64 or integers.
        kernel_size: taps, k >= 1; here and below an int, or one per axis.
        stride: distance between neighbouring windows, s >= 1; None means kernel_size, windows side
            by side.
        padding: positions added on each side, at most half of kernel_size.
        dilation: distance between neighbouring taps, d >= 1.
        ceil_mode: whether a last window may overhang the padded image, if it starts inside the
            image.
    Returns:
        (N, C, o_h, o_w), without N if x had none, of x's dtype (int64 for integers).
    Raises:
        ValueError: a window is longer than the padded image, or the padding too large.
        TypeError: an option is not an integer, or a dtype not one of those above.

    >>> max_pool2d([[[1, 5, 2, 0], [3, 4, 8, 6]]], 2)
    array([[[5, 8]]])

    Same result as torch.nn.functional.max_pool2d.
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
    """
    a = read_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode)
    y = np.zeros((*a.x.shape[:2], *a.output_size), a.x.dtype)
    for m, c, i, j in np.ndindex(y.shape):
        y[m, c, i, j] = np.max(_seen(a, m, c, i, j), initial=lowest_of(y.dtype))
    return a.unbatch(y)


def avg_pool2d(x, kernel_size, *, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """Average the numbers of every window.

        y[m, c, i, j] = 1 / count  sum over u, v of  x[m, c, s_h i + u - p_h, s_w j + v - p_w]

    Args:
        x, kernel_size, stride, padding, ceil_mode: as for `max_pool2d`.
        count_include_pad: whether padded zeros count as members of the window. What `ceil_mode`
            lets overhang never does.
    Returns:
        (N, C, o_h, o_w), without N if x had none, of x's dtype; float64 for integers.
    Raises:
        ValueError, TypeError: as `max_pool2d`.

    (1 + 5 + 3 + 4) / 4 and (2 + 0 + 8 + 6) / 4:

    >>> avg_pool2d([[[1, 5, 2, 0], [3, 4, 8, 6]]], 2)
    array([[[3.25, 4.  ]]])

    Same result as torch.nn.functional.avg_pool2d.
    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
    """
    a = read_pool2d(x, kernel_size, stride, padding, 1, ceil_mode)
    include = flag("count_include_pad", count_include_pad)
    y = np.zeros((*a.x.shape[:2], *a.output_size), floating(a.x))
    for m, c, i, j in np.ndindex(y.shape):
        count = len(_window(a, 0, i, include)) * len(_window(a, 1, j, include))
        y[m, c, i, j] = sum(_seen(a, m, c, i, j).astype(y.dtype)) / count
    return a.unbatch(y)


def _seen(a, m, c, i, j):
    """The numbers of channel c of image m under the window of output (i, j), in one row."""
    return np.array([a.x[m, c, r, q] for r in _window(a, 0, i) for q in _window(a, 1, j)], a.x.dtype)


def _window(a, axis, i, include_pad=False):
    """Where output i's taps fall along an axis: those in the image or, if asked, in its padding too."""
    n, k, s, d = a.x.shape[2 + axis], a.kernel_size[axis], a.stride[axis], a.dilation[axis]
    p = a.pads[axis][0]
    margin = p if include_pad else 0
    return [r for r in range(s * i - p, s * i - p + d * k, d) if -margin <= r < n + margin]
