"""Flattened convolution: every filter is three vectors, and each of them is a pass of its own.

Letters: m image, f filter, c channel, p and q a place; Y and X are how many numbers the vectors have.
"""

import numpy as np

from convbook._signatures.flattened import read_flattened


def flattened_conv2d(x, lateral, vertical, horizontal, *, padding="valid"):
    """Convolve with filters that are outer products of three vectors, in three passes.

        L[m, f, p, q] = sum over c  of  lateral[f, c] x[m, c, p, q]
        V[m, f, p, q] = sum over i  of  vertical[f, i] L[m, f, p + i, q]
        H[m, f, p, q] = sum over j  of  horizontal[f, j] V[m, f, p, q + j]

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one.
        lateral: (F, C), across the channels.
        vertical: (F, Y), down the rows.
        horizontal: (F, X), along the columns.
        padding: "valid", "same", or "full": zeros wherever a vector touches the image at all,
            Y - 1 rows and X - 1 columns more. Y - 1 zeros go on each side for that.
    Returns:
        (N, F, o_h, o_w), without N if x had none; dtype as NumPy promotes.
    Raises:
        ValueError: shapes that do not fit, an unknown padding, vectors longer than the image.
        TypeError: as `conv2d`.

    Two channels, subtracted; then the sum of two rows, and three times each number:

    >>> flattened_conv2d([[[5], [7]], [[1], [2]]], [[1, -1]], [[1, 1]], [[3]])
    array([[[27]]])

    Same result as torch.nn.functional.conv2d with torch.einsum("fc,fi,fj->fcij", ...).
    Source: Jin, Dundar & Culurciello (2015), section 3.1, https://arxiv.org/abs/1412.5474
    """
    a = read_flattened(x, lateral, vertical, horizontal, padding)
    z, y, h = a.vectors
    x = np.pad(a.x, [(0, 0), (0, 0), *a.pads])
    (N, C, tall, wide), (F, Y), X = x.shape, y.shape, h.shape[1]

    L = np.zeros((N, F, tall, wide), x.dtype)
    for m, f, p, q in np.ndindex(L.shape):
        L[m, f, p, q] = sum(z[f, c] * x[m, c, p, q] for c in range(C))

    V = np.zeros((N, F, tall - Y + 1, wide), x.dtype)
    for m, f, p, q in np.ndindex(V.shape):
        V[m, f, p, q] = sum(y[f, i] * L[m, f, p + i, q] for i in range(Y))

    H = np.zeros((N, F, tall - Y + 1, wide - X + 1), x.dtype)
    for m, f, p, q in np.ndindex(H.shape):
        H[m, f, p, q] = sum(h[f, j] * V[m, f, p, q + j] for j in range(X))
    return H[0] if a.single else H
