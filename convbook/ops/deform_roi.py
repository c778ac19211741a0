"""Deformable pooling of regions, a bin at a time over all channels.

All positions of a bin lie one apart, so their pixels' weights differ only at the bin's rim, and a bin's sum is one
weighted sum over a box of pixels. (Summed-area tables would need no such sums, but their rounding grows with the image,
and one NaN would reach every bin after it.)
"""

from math import floor

import numpy as np

from convbook._signatures.regions import read_regions


def deform_roi_pool2d(x, rois, output_size, *, spatial_scale=1.0, offset=None, gamma=0.1):
    """Cut each region into bins and average each bin: `reference.deform_roi_pool2d`, vectorised.

    Arguments, result and errors are those of `reference.deform_roi_pool2d`.

    >>> deform_roi_pool2d([[[1, 2, 3]]], [[0, 0, 0, 3, 1]], (1, 2))
    array([[[[1.5, 2.5]]]])
    """
    return _pool(read_regions(x, rois, output_size, spatial_scale, offset, gamma, sensitive=False))


def deform_ps_roi_pool2d(x, rois, output_size, *, spatial_scale=1.0, offset=None, gamma=0.1):
    """Pool regions, each bin from its own map: `reference.deform_ps_roi_pool2d`, vectorised.

    Arguments, result and errors are those of `reference.deform_ps_roi_pool2d`.

    >>> deform_ps_roi_pool2d([[[1, 3, 5, 7]], [[2, 4, 6, 8]]], [[0, 0, 0, 4, 1]], (1, 2))
    array([[[[2., 7.]]]])
    """
    return _pool(read_regions(x, rois, output_size, spatial_scale, offset, gamma, sensitive=True))


def _pool(a):
    (N, C, M, h, w), (R, E), bins = a.x.shape, a.shift.shape[:2], a.bins
    # Channels last, and those that move together side by side: (N, M, E, h, w, C / E).
    x = np.ascontiguousarray(a.x.reshape(N, E, C // E, M, h, w).transpose(0, 3, 1, 4, 5, 2))
    y = np.zeros((R, E, C // E, *bins), a.x.dtype)
    for r in range(R):
        (first_y, rows), (first_x, columns) = (_cut(a.corner[r, axis], a.size[r, axis], bins[axis]) for axis in (0, 1))
        for i, j in np.ndindex(bins):
            n = rows[i] * columns[j]
            if n == 0:
                continue
            maps = x[a.image[r], (i * bins[1] + j) % M]
            for e, (dy, dx) in enumerate(a.shift[r, :, :, i, j]):
                row, g_y = _pixels(first_y[i] + dy, rows[i], h)
                column, g_x = _pixels(first_x[j] + dx, columns[j], w)
                g = np.outer(g_y, g_x).astype(x.dtype)
                y[r, e, :, i, j] = g.ravel() @ maps[e, row, column].reshape(g.size, C // E) / n
    return y.reshape(R, C, *bins)


def _cut(start, length, bins):
    """Where each bin's first position lies along an axis, and how many positions it has."""
    cuts = np.arange(bins + 1) * length / bins
    first, last = np.floor(cuts[:-1]), np.ceil(cuts[1:])
    return start + first, (last - first).astype(int).tolist()


def _pixels(start, count, n):
    """Which pixels `count` positions from `start` on read along an axis of n, and the sum of the weights each gets.

    Positions 0.25, 1.25 and 2.25 read pixels 0 to 3:

    >>> _pixels(0.25, 3, 9)
    (slice(0, 4, None), array([0.75, 1.  , 1.  , 0.25]))
    """
    first = floor(start)
    low, high = max(first, 0), min(first + count + 1, n)
    weights = np.ones(max(high - low, 0))
    if low == first:
        weights[:1] -= start - first
    if high == first + count + 1:
        weights[-1:] -= 1 - (start - first)
    return slice(low, max(low, high)), weights
