"""Padded images and the windows that slide over them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

_NUMPY_MODE = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def padded(x, pads, padding_mode="zeros", value=0):
    """Add (before, after) positions to each of the last axes of x; `value` is what "zeros" adds.

    >>> padded(np.array([[1, 2, 3]]), [(0, 0), (1, 2)], "circular")
    array([[3, 1, 2, 3, 1, 2]])
    """
    if not any(map(any, pads)):
        return x
    if padding_mode != "zeros":
        return np.pad(x, [(0, 0)] * (x.ndim - len(pads)) + list(pads), mode=_NUMPY_MODE[padding_mode])
    sizes = x.shape[-len(pads):]
    wide = np.full((*x.shape[:-len(pads)], *(before + n + after for n, (before, after) in zip(sizes, pads))), value, x.dtype)
    wide[(..., *(slice(before, before + n) for n, (before, _) in zip(sizes, pads)))] = x
    return wide


def windows(x, kernel_size, stride, dilation):
    """All windows of (N, C, *n) padded images, as a view (N, C, *o, *k): no number is copied.

    >>> windows(np.arange(5).reshape(1, 1, 5), (2,), (2,), (1,))
    array([[[[0, 1],
             [2, 3]]]])

    Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.stride_tricks.sliding_window_view.html
    """
    axes = len(kernel_size)
    spans = [d * (k - 1) + 1 for k, d in zip(kernel_size, dilation)]
    every = sliding_window_view(x, spans, axis=tuple(range(2, 2 + axes)))
    return every[(slice(None), slice(None), *(slice(None, None, step) for step in (*stride, *dilation)))]
