"""A 3D filter as a sum of outer products of three vectors: how few, and how near."""

from typing import NamedTuple

import numpy as np

from convbook._arguments import array, number, whole
from convbook.ops.rank import finite, sign


class CP(NamedTuple):
    """A filter as a weighted sum of r outer products of three vectors of length 1."""

    weights: np.ndarray  # (r,), at least 0, largest first
    factors: tuple  # (C, r), (k_h, r), (k_w, r); where the weight is 0, columns of zeros
    error: float  # |x - sum| / |x|; 0 for a filter of zeros
    iterations: int  # how often all three factors were solved for, from the start that did best
    errors: tuple  # of that start and after each of its iterations; never rising


def outer3(a, b, c):
    """The outer product of three vectors, a filter of rank 1.

        x[c, u, v] = a[c] b[u] c[v]

    Args:
        a, b, c: (C,), (k_h,), (k_w,).
    Returns:
        (C, k_h, k_w), in the dtype NumPy promotes the three to.
    Raises:
        ValueError: one is not a vector. TypeError: as `singular_values`.

    >>> outer3([1, 10], [1, 2], [3, 4])
    array([[[ 3,  4],
            [ 6,  8]],
    <BLANKLINE>
           [[30, 40],
            [60, 80]]])

    Same result as numpy.einsum("c,u,v->cuv", a, b, c).
    Source: Kolda & Bader (2009), section 2.1, https://doi.org/10.1137/07070111X
    """
    vectors = [array(name, v) for name, v in (("a", a), ("b", b), ("c", c))]
    for name, v in zip("abc", vectors):
        if v.ndim != 1:
            raise ValueError(f"{name} has shape {v.shape}; it must be a vector")
    return np.einsum("c,u,v->cuv", *vectors)


def from_cp(weights, factors):
    """Put a filter together again: the weighted sum of its outer products.

        x[c, u, v] = sum over i of  weights[i] A[c, i] B[u, i] V[v, i]

    Args:
        weights: (r,).
        factors: A, B, V of shapes (C, r), (k_h, r), (k_w, r), as `cp_decomposition` returns them.
    Returns:
        (C, k_h, k_w), in the dtype NumPy promotes all to.
    Raises:
        ValueError: not three factors, or shapes that do not fit. TypeError: as `singular_values`.

    >>> from_cp([2], ([[1], [10]], [[1]], [[3], [4]])).tolist()
    [[[6, 8]], [[60, 80]]]

    Same result as numpy.einsum("r,cr,ur,vr->cuv", weights, *factors).
    Source: Kolda & Bader (2009), section 3, https://doi.org/10.1137/07070111X
    """
    w = array("weights", weights)
    if not isinstance(factors, (tuple, list)) or len(factors) != 3:
        raise ValueError("factors must be three matrices, (C, r), (k_h, r) and (k_w, r)")
    A, B, V = (array(f"factors[{i}]", f) for i, f in enumerate(factors))
    for name, v, fits in ("weights", w, w.ndim == 1), *((f"factors[{i}]", f, f.ndim == 2 and f.shape[1:] == w.shape)
                                                       for i, f in enumerate((A, B, V))):
        if not fits:
            shape = "(r,)" if name == "weights" else f"(length, r) with r = {len(w)}"
            raise ValueError(f"{name} has shape {v.shape}; it must be {shape}")
    return np.einsum("r,cr,ur,vr->cuv", w, A, B, V)


def cp_decomposition(x, rank=1, *, iterations=500, tolerance=1e-10, restarts=0, seed=0):
    """Write a 3D filter as nearly as one can as a sum of `rank` outer products: alternating least squares.

        x[c, u, v]  ~  sum over i < r of  weights[i] A[c, i] B[u, i] V[v, i]

    Two factors held still, the best third is a linear least-squares problem; solve it for A, for B, for V, and again.
    The error never rises, but it may stop above the least one: unlike for matrices, no direct way to the best sum is known.
    The start takes one outer product after another off what is left of x, each from its singular vectors.

    Args:
        x: (C, k_h, k_w), finite.
        rank: r >= 1; more than any side is fine.
        iterations: the most rounds, >= 0; 0 returns the start.
        tolerance: stop when a round lowers the relative error by no more than this, >= 0.
        restarts: how many more starts, at random, are tried; the best end is kept.
        seed: of the random starts.
    Returns:
        CP(weights, factors, error, iterations, errors); arrays float32 for float32, else float64, computed in float64.
    Raises:
        ValueError: x has not three axes, is empty or not finite; an option is out of its bounds.
        TypeError: as `singular_values`, or an option is of a wrong type.

    >>> found = cp_decomposition(outer3([3, 4], [1, 0], [0, 2]))
    >>> found.weights.round(9), bool(found.error < 1e-10)
    (array([10.]), True)

    Same result as tensorly.decomposition.parafac, up to which local minimum is reached.
    Source: Kolda & Bader (2009), figure 3.3, https://doi.org/10.1137/07070111X
    """
    x = array("x", x)
    if x.ndim != 3 or 0 in x.shape:
        raise ValueError(f"x has shape {x.shape}; it must be (channels, height, width), none of them empty")
    x = finite("x", x, 3)
    r = whole("rank", rank, at_least=1)
    rounds, more = whole("iterations", iterations, at_least=0), whole("restarts", restarts, at_least=0)
    tolerance = number("tolerance", tolerance, at_least=0)
    rng = np.random.default_rng(whole("seed", seed, at_least=0))

    t = x.astype(np.float64)
    size = np.abs(t).max()  # no square of it overflows or vanishes
    t = t / (size or 1)
    starts = [_greedy(t, r)] + [[rng.standard_normal((n, r)) for n in t.shape] for _ in range(more)]
    factors, errors = min((_alternate(t, start, rounds, tolerance) for start in starts), key=lambda end: end[1][-1])
    weights, factors = _unit(factors)
    return CP((weights * size).astype(x.dtype), tuple(f.astype(x.dtype) for f in factors),
              errors[-1], len(errors) - 1, tuple(errors))


def _alternate(t, factors, rounds, tolerance):
    """Alternating least squares from a start; the factors, and the relative errors on the way."""
    unfolded = [np.moveaxis(t, mode, 0).reshape(t.shape[mode], -1) for mode in range(3)]
    norm = np.linalg.norm(t) or 1.0

    def distance(factors):
        return float(np.linalg.norm(t - np.einsum("cr,ur,vr->cuv", *factors)) / norm)

    errors = [distance(factors)]
    for _ in range(rounds):
        new = list(factors)
        for mode in range(3):
            p, q = (new[other] for other in range(3) if other != mode)
            pairs = np.einsum("pr,qr->pqr", p, q).reshape(-1, p.shape[1])  # the Khatri-Rao product
            new[mode] = np.linalg.lstsq(pairs, unfolded[mode].T, rcond=None)[0].T
            weights, new = _unit(new)
            new[mode] = new[mode] * weights
        error = distance(new)
        if error >= errors[-1]:  # all that is left is rounding
            break
        factors = new
        errors.append(error)
        if errors[-2] - error <= tolerance:
            break
    return factors, errors


def _greedy(t, r):
    """Outer products taken off one by one: each the leading pair of the leading slice of what is left."""
    left, terms = t, []
    for _ in range(r):
        # Leading right singular vector over all places, then that as a (k_h, k_w) matrix, again.
        places = np.linalg.svd(left.reshape(len(t), -1), full_matrices=False)[2][0].reshape(t.shape[1:])
        U, _, Vt = np.linalg.svd(places, full_matrices=False)
        b, v = U[:, 0], Vt[0]
        a = left @ v @ b
        left = left - np.einsum("c,u,v->cuv", a, b, v)
        terms.append((a, b, v))
    return [np.stack(vectors, axis=1) for vectors in zip(*terms)]


def _unit(factors):
    """Columns of length 1 (or 0), first large entries of the last two positive; weights, largest first."""
    lengths = [np.linalg.norm(f, axis=0) for f in factors]
    A, B, V = (f / np.where(n == 0, 1, n) for f, n in zip(factors, lengths))
    weights = np.prod(lengths, axis=0)
    flips = [sign(f.T)[:, 0] for f in (B, V)]
    order = np.argsort(-weights, kind="stable")
    dead = weights == 0
    return weights[order], [np.where(dead, 0, f)[:, order] for f in (A * flips[0] * flips[1], B * flips[0], V * flips[1])]
