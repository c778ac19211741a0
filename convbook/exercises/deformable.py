"""Chapter 9: read between pixels, find where the taps look, put both together; and cut a region into bins.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

SMALL = np.array([[0.0, 8.0], [20.0, 28.0]])
WIDE = np.array([[3.0, 1.0, 4.0, 1.0], [5.0, 9.0, 2.0, 6.0], [5.0, 3.0, 5.0, 8.0]])


@exercise(
    "deformable/bilinear",
    *(((SMALL, y, x), {}) for y, x in [(0, 1), (1, 0), (0.5, 0), (0, 0.5), (0.5, 0.25), (0.25, 0.75), (1.5, 0), (0, -0.25), (-1, 0), (2.5, 9), (-0.5, -0.5), (1.75, 1.5)]),
    *(((WIDE, y, x), {}) for y, x in [(-0.5, 1), (0.25, 2.5), (1.75, 0.125), (2.5, 3.5), (-7.5, 1)]),
)
def bilinear(image, y, x):
    """One number of an image (h, w) at row y, column x, which may be fractions: bilinear, and zero outside."""
    total = 0.0
    for r in (int(np.floor(y)), int(np.floor(y)) + 1):
        for q in (int(np.floor(x)), int(np.floor(x)) + 1):
            if 0 <= r < image.shape[0] and 0 <= q < image.shape[1]:
                total += (1 - abs(y - r)) * (1 - abs(x - q)) * image[r, q]
    return np.asarray(total)


def _offset(taps, seed):
    return np.random.default_rng(seed).integers(-8, 9, 2 * taps) / 4


@exercise(
    "deformable/tap_positions",
    ((np.array([0.5, -0.25]), (1, 1), 0, 0), {}),
    ((np.array([0.5, -0.25]), (1, 1), 2, 3), {}),
    ((np.zeros(4), (1, 2), 0, 1), {}),
    ((np.array([0.5, 0.0, 0.0, 1.0]), (2, 1), 1, 0), {}),
    ((np.array([0.5, 0.0, 0.0, 1.0]), (1, 2), 1, 2), {"stride": 2}),
    ((_offset(6, 0), (2, 3), 1, 2), {}),
    ((_offset(6, 1), (3, 2), 2, 1), {"padding": 1}),
    ((_offset(6, 2), (2, 3), 3, 1), {"dilation": 2}),
    ((_offset(9, 3), (3, 3), 2, 4), {"stride": 2, "padding": 2, "dilation": 3}),
)
def tap_positions(offset, kernel_size, i, j, stride=1, padding=0, dilation=1):
    """Where the taps of output (i, j) look: (K, 2), row and column of each, from its offsets (2K,) in the layer's order."""
    k_h, k_w = kernel_size
    places = [(stride * i - padding + dilation * u, stride * j - padding + dilation * v) for u in range(k_h) for v in range(k_w)]
    return np.array(places) + np.asarray(offset).reshape(-1, 2)


def _layer(h, w, k_h, k_w, seed, still=False):
    rng = np.random.default_rng(seed)
    shape = (2 * k_h * k_w, h - k_h + 1, w - k_w + 1)
    return rng.integers(0, 9, (h, w)) / 1.0, np.zeros(shape) if still else rng.integers(-6, 7, shape) / 4, rng.integers(-3, 4, (k_h, k_w)) / 1.0


@exercise(
    "deformable/deform_conv2d",
    ((np.array([[1.0, 2.0, 3.0], [5.0, 6.0, 7.0]]), np.zeros((2, 2, 3)), np.array([[10.0]])), {}),
    ((np.array([[1.0, 2.0, 3.0]]), np.array([[[0.5, 0.0, 0.0]], [[0.0, 0.5, 1.0]]]), np.array([[10.0]])), {}),
    (_layer(2, 3, 1, 2, 0, still=True), {}),
    (_layer(2, 3, 2, 1, 1), {}),
    (_layer(3, 4, 2, 2, 2), {}),
    (_layer(4, 5, 3, 2, 3), {}),
    (_layer(5, 6, 3, 3, 4), {}),
)
def deform_conv2d(x, offset, w):
    """A deformable convolution with one channel, stride 1, no padding: x (h, w), offset (2K, o_h, o_w), w (k_h, k_w)."""
    o_h, o_w = offset.shape[1:]
    y = np.zeros((o_h, o_w))
    for i in range(o_h):
        for j in range(o_w):
            places = tap_positions(offset[:, i, j], w.shape, i, j)
            y[i, j] = sum(weight * bilinear(x, *place) for weight, place in zip(w.ravel(), places))
    return y


@exercise("deformable/bin_rows", *(((length, bins, i), {}) for length, bins, i in [
    (2, 1, 0), (2, 2, 1), (4, 2, 0), (4, 2, 1), (3, 2, 0), (3, 2, 1), (5, 3, 1), (7, 2, 1), (7, 3, 0), (7, 3, 2), (10, 4, 2), (2, 3, 1)]))
def bin_rows(length, bins, i):
    """The first row of bin i, and the first row after it, of a region `length` rows high that is cut into `bins`: whole numbers."""
    return i * length // bins, -(-(i + 1) * length // bins)
