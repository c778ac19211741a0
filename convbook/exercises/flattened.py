"""Chapter 8: put a filter together, run it in three passes, count its weights, take it apart again.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise


def vectors(*lists):
    """Arrays of floats: what a reader may index with None."""
    return tuple(np.array(numbers, dtype=float) for numbers in lists)


Z, Y, X = vectors([1, 2, -1], [1, -1], [1, 0, 2, -3])
IMAGE = np.random.default_rng(0).integers(0, 5, (3, 4, 6)).astype(float)
ONE = np.einsum("c,i,j->cij", Z, Y, X)


@exercise(
    "flattened/outer3",
    (vectors([2], [3], [4]), {}),
    (vectors([1, 2], [1], [3]), {}),  # channels first
    (vectors([1], [1, 2], [3]), {}),  # then rows
    (vectors([1, 2], [1, -1], [3, 0, 2]), {}),
    ((Z, Y, X), {}),
)
def outer3(z, y, x):
    """The filter (channels, rows, columns) whose number at c, i, j is z[c]·y[i]·x[j]."""
    return z[:, None, None] * y[:, None] * x


@exercise(
    "flattened/three_passes",
    ((IMAGE[:1, :1, :1], *vectors([2], [3], [5])), {}),
    ((IMAGE[:2, :1, :1], *vectors([1, -1], [1], [1])), {}),  # L adds the channels
    ((IMAGE[:1, :3, :1], *vectors([1], [1, 2], [1])), {}),  # V runs down, and y is not turned
    ((IMAGE[:1, :1, :4], *vectors([1], [1], [1, 0, 2])), {}),
    ((IMAGE, Z, Y, X), {}),
)
def three_passes(image, z, y, x):
    """Convolve an image (C, H, W) with the filter z⊗y⊗x, without padding, and without ever making the filter: L, then V, then H.

    The result has H − len(y) + 1 rows and W − len(x) + 1 columns.
    """
    flat = np.tensordot(z, image, axes=1)
    rows, columns = flat.shape[0] - len(y) + 1, flat.shape[1] - len(x) + 1
    down = sum(y[i] * flat[i:i + rows] for i in range(len(y)))
    return sum(x[j] * down[:, j:j + columns] for j in range(len(x)))


@exercise(
    "flattened/weights",
    *(((C, F, Y, X), {"stages": stages}) for C, F, Y, X, stages in [
        (1, 1, 1, 1, 1), (2, 1, 3, 1, 1), (1, 2, 1, 4, 1), (3, 2, 1, 1, 2), (3, 8, 3, 5, 1), (3, 8, 3, 5, 2), (64, 96, 5, 5, 2), (16, 4, 2, 3, 3),
    ]),
)
def weights(C, F, Y, X, stages=2):
    """Weights, without biases, of a flattened layer from C to F channels: so many stages of L, V, H with vectors of Y and X numbers."""
    return F * (C + Y + X) + (stages - 1) * F * (F + Y + X)


@exercise(
    "flattened/three_ranks",
    ((np.ones((1, 1, 1)),), {}),
    ((np.eye(2)[None],), {}),  # one plane that is not separable: (1, 2, 2)
    ((np.eye(2)[:, :, None],), {}),  # (2, 2, 1)
    ((np.eye(2)[:, None],), {}),  # (2, 1, 2)
    ((np.zeros((2, 3, 2)),), {}),
    ((np.stack([np.outer(Y, X), np.outer([1.0, 2.0], X)]),), {}),  # each plane is separable, both together are not
    ((ONE,), {}),
    ((ONE + 0.01 * (np.arange(ONE.size) == 5).reshape(ONE.shape),), {}),
)
def three_ranks(w):
    """Three ranks of a filter w, (C, Y, X): of the matrices whose rows are its channels, its rows, its columns; a tuple of whole numbers.

    Each matrix has a row for every index of one axis, and holds all the other numbers in that row. A filter is one outer product of
    three vectors exactly where all three ranks are 1.
    """
    return tuple(int(np.linalg.matrix_rank(np.moveaxis(w, axis, 0).reshape(w.shape[axis], -1))) for axis in range(3))
