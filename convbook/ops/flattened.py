"""Flattened convolution: every filter is three vectors, and each of them is a pass of its own."""

import numpy as np

from convbook._signatures.flattened import read_flattened


def flattened_conv2d(x, lateral, vertical, horizontal, *, padding="valid"):
    """Convolve with filters that are outer products of three vectors: `reference.flattened_conv2d`, a shift at a time.

    Arguments, result and errors are those of `reference.flattened_conv2d`.

    >>> flattened_conv2d([[[5], [7]], [[1], [2]]], [[1, -1]], [[1, 1]], [[3]])
    array([[[27]]])
    """
    a = read_flattened(x, lateral, vertical, horizontal, padding)
    z, y, h = a.vectors
    N, C, tall, wide = a.x.shape
    L = (z @ a.x.reshape(N, C, tall * wide)).reshape(N, len(z), tall, wide)
    L = np.pad(L, [(0, 0), (0, 0), *a.pads])  # L of zeros is zero: pad after it
    rows, columns = L.shape[2] - y.shape[1] + 1, L.shape[3] - h.shape[1] + 1
    V = sum(y[:, i, None, None] * L[:, :, i:i + rows] for i in range(y.shape[1]))
    H = sum(h[:, j, None, None] * V[:, :, :, j:j + columns] for j in range(h.shape[1]))
    return H[0] if a.single else H
