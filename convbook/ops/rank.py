"""How many separable kernels a 2D kernel is made of: its rank, its best approximations, and their errors."""

from typing import NamedTuple

import numpy as np

from convbook._arguments import array, whole


class Separable(NamedTuple):
    """A kernel as a sum of r columns times rows."""

    columns: np.ndarray  # (..., r, k_h)
    rows: np.ndarray  # (..., r, k_w)
    error: np.ndarray  # (...): |kernel - sum| / |kernel|, in Frobenius norms; 0 for a kernel of zeros


def singular_values(kernel):
    """Singular values of a 2D kernel, largest first: as many as are not 0, so many separable filters it takes.

    Args:
        kernel: (k_h, k_w), or a weight (D, C, k_h, k_w): every slice by itself.
    Returns:
        (..., min(k_h, k_w)), float32 for float32, else float64.
    Raises:
        ValueError: fewer than two axes, or an empty one, or a number that is not finite.
        TypeError: a dtype that is not float32, float64 or an integer, such as float16.

    The corner kernel below has rank 2:

    >>> singular_values([[3, 0], [0, -4]])
    array([4., 3.])

    Same result as numpy.linalg.svd.
    Source: Eckart & Young (1936), https://doi.org/10.1007/BF02288367
    """
    k = finite("kernel", kernel, 2)
    return np.linalg.svd(k.astype(np.float64), compute_uv=False).astype(k.dtype)


def separable_form(kernel, rank=1):
    """The best sum of `rank` separable kernels: no other is closer, in the sum of squares.

        kernel[u, v]  ~  sum over i < r of  columns[i, u] rows[i, v]
        error = sqrt( s_r^2 + s_(r+1)^2 + ... ) / sqrt( s_0^2 + s_1^2 + ... ),    s the singular values

    Args:
        kernel: (k_h, k_w), or a weight (D, C, k_h, k_w): every slice by itself.
        rank: r, from 1 to min(k_h, k_w).
    Returns:
        Separable(columns, rows, error), with columns and rows equally long and the first large entry of each column
        positive; float32 for float32, else float64.
    Raises:
        ValueError, TypeError: as `singular_values`, or rank is out of its bounds.

    Sobel's kernel is one column times one row:

    >>> columns, rows, error = separable_form([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    >>> (columns[0] / columns[0, 0]).round(9).tolist(), bool(error < 1e-12)
    ([1.0, 2.0, 1.0], True)

    Same result as numpy.linalg.svd, cut off after r terms.
    Source: Eckart & Young (1936), https://doi.org/10.1007/BF02288367
    """
    k = finite("kernel", kernel, 2)
    r = whole("rank", rank, at_least=1)
    if r > min(k.shape[-2:]):
        raise ValueError(f"rank={r} must be at most {min(k.shape[-2:])}, "
                         "the shorter side of the kernel")
    U, s, Vt = np.linalg.svd(k.astype(np.float64), full_matrices=False)
    root = np.sqrt(s[..., :r, None])
    columns, rows = U.swapaxes(-1, -2)[..., :r, :] * root, Vt[..., :r, :] * root
    flip = sign(columns)
    size, rest = np.linalg.norm(s, axis=-1), np.linalg.norm(s[..., r:], axis=-1)
    error = rest / np.where(size == 0, 1, size)
    return Separable(*(v.astype(k.dtype) for v in (columns * flip, rows * flip, error)))


def from_separable(columns, rows):
    """Put a kernel together again: the sum of columns times rows.

    Args:
        columns: (..., r, k_h).
        rows: (..., r, k_w), with the same axes before.
    Returns:
        (..., k_h, k_w), in the dtype NumPy promotes both to.
    Raises:
        ValueError: the axes before the last differ, or are none. TypeError: as `singular_values`.

    >>> from_separable([[1, 2, 1]], [[1, 0, -1]])
    array([[ 1,  0, -1],
           [ 2,  0, -2],
           [ 1,  0, -1]])

    Same result as numpy.outer, summed.
    Source: Golub & Van Loan (2013), section 2.4, https://doi.org/10.56021/9781421407944
    """
    columns, rows = array("columns", columns), array("rows", rows)
    if columns.ndim < 2 or rows.shape[:-1] != columns.shape[:-1]:
        raise ValueError(f"columns has shape {columns.shape} and rows {rows.shape}; "
                         "they must be (..., rank, k_h) and (..., rank, k_w)")
    return columns.swapaxes(-1, -2) @ rows


def sign(vectors):
    """(..., 1): the sign of the first entry that is about as large as any of its vector; 1 for zeros."""
    size = np.abs(vectors)
    first = (size >= 0.999 * size.max(axis=-1, keepdims=True)).argmax(axis=-1)[..., None]
    return np.where(np.take_along_axis(vectors, first, axis=-1) < 0, -1.0, 1.0)


def finite(name, value, least_axes):
    value = array(name, value)
    if value.ndim < least_axes or 0 in value.shape:
        raise ValueError(f"{name} has shape {value.shape}; it must have at least {least_axes} axes, none of them empty")
    if not np.isfinite(value).all():
        raise ValueError(f"{name} must be finite")
    return value if value.dtype.kind == "f" else value.astype(np.float64)
