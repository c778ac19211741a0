"""Where a penalty moves the best weights: thresholds, shrinkage, and the exact minimum of a bowl with a penalty."""

from itertools import product
from math import inf, prod

import numpy as np

from convbook._arguments import array, every, floating, number


def soft_threshold(x, threshold):
    """Move every number towards zero by `threshold`, and stop at zero.

        sign(x) max(|x| - t, 0)     is the w that minimises   (w - x)² / 2 + t |w|

    Args:
        x: any shape.
        threshold: t >= 0, or an array of them that broadcasts to the shape of `x`.
    Returns:
        of the shape of `x`; integers stay integers if the threshold is one.
    Raises:
        ValueError: a threshold that is negative or not finite, or does not fit `x`.
        TypeError: a dtype that is not float32, float64 or an integer, such as float16.

    >>> soft_threshold([3, 1, -2, -1], 1)
    array([ 2,  0, -1,  0])

    Same result as torch.nn.functional.softshrink.
    Source: Daubechies, Defrise & De Mol (2004), https://doi.org/10.1002/cpa.20042
    """
    x, t = _read(x, threshold=threshold)
    return np.sign(x) * np.maximum(np.abs(x) - t, 0) + 0  # no negative zeros


def shrink(x, strength):
    """Divide every number by 1 + `strength`: what a squared penalty does where L1 subtracts.

        x / (1 + s)     is the w that minimises   (w - x)² / 2 + s w² / 2

    Args:
        x: any shape.
        strength: s >= 0, or an array of them that broadcasts to the shape of `x`.
    Returns:
        of the shape of `x`; float32 for float32, else float64.
    Raises:
        ValueError, TypeError: as `soft_threshold`.

    >>> shrink([3, 1, -2], 1)
    array([ 1.5,  0.5, -1. ])

    Source: Parikh & Boyd (2014), section 6.1.1, https://doi.org/10.1561/2400000003
    """
    x, s = _read(x, strength=strength)
    return x / (1 + s)


def group_soft_threshold(x, threshold):
    """Soft threshold of whole rows: a row keeps its direction, loses `threshold` of its length, and stops at zero.

        x max(1 - t / |x|, 0)     is the w that minimises   |w - x|² / 2 + t |w|,     |w| the length, not squared

    Args:
        x: (N, ...): each x[n] is one group, for example the kernel of one output channel.
        threshold: t >= 0, one number.
    Returns:
        of the shape of `x`; float32 for float32, else float64.
    Raises:
        ValueError: a threshold that is negative or not finite, or `x` has no axis.
        TypeError: as `soft_threshold`, or a threshold that is not one number.

    A row of length 5 loses one of five parts; one of length 1 vanishes as a whole:

    >>> group_soft_threshold([[3.0, 4.0], [0.6, -0.8]], 1)
    array([[2.4, 3.2],
           [0. , 0. ]])

    Source: Yuan & Lin (2006), equation 2.4, https://doi.org/10.1111/j.1467-9868.2005.00532.x
    """
    x, t = array("x", x), number("threshold", threshold, at_least=0)
    if x.ndim == 0:
        raise ValueError(f"x={x} must have at least one axis, along which the groups lie")
    rows = x.reshape(len(x), prod(x.shape[1:])).astype(floating(x), copy=False)
    largest = np.abs(rows).max(axis=1, keepdims=True, initial=0)  # taken out, so that no square of it overflows
    unit = rows / np.where(largest > 0, largest, 1)
    length = largest * np.sqrt((unit**2).sum(axis=1, keepdims=True))
    kept = np.maximum(1 - t / np.where(length > 0, length, inf), 0) * (length > 0)
    return (rows * kept).reshape(x.shape) + 0


def penalised_minimum(curvature, centre, strength, *, share=1.0):
    """The weights where a quadratic loss plus a penalty is least, exactly.

        (w - c)ᵀ A (w - c) / 2  +  λ ( m Σ |w| + (1 - m) Σ w² / 2 )

    Every weight is positive, negative or zero: for each of the 3ⁿ choices the minimum is one linear system. A solution whose signs
    are as assumed is a candidate; the best candidate is the answer, because the sum is strictly convex.

    Args:
        curvature: A, (n, n), symmetric and positive definite, n at most 6.
        centre: c, (n,): where the loss alone is least.
        strength: λ >= 0.
        share: m, the part of L1, 0 to 1: 1 is L1 (the lasso), 0 is L2 (ridge), between them lies the elastic net.
    Returns:
        w, (n,), float64; what vanishes is exactly 0.
    Raises:
        ValueError: shapes that do not fit, A not symmetric or not positive definite, λ or m out of range.

    With A = I each weight is found alone: L1 subtracts, L2 divides.

    >>> penalised_minimum([[1, 0], [0, 1]], [3, 1], 1)
    array([2., 0.])
    >>> penalised_minimum([[1, 0], [0, 1]], [3, 1], 1, share=0)
    array([1.5, 0.5])

    Same result as scikit-learn's ElasticNet, for the quadratic of its data.
    Source: Tibshirani (1996), https://doi.org/10.1111/j.2517-6161.1996.tb02080.x
    """
    A, c, m = _bowl(curvature, centre, share)
    strength = number("strength", strength, at_least=0)
    n, pull = len(c), A @ c
    best, least = np.zeros(n), inf
    for signs in sorted(product((0, 1, -1), repeat=n), key=lambda s: sum(map(abs, s))):
        on = np.flatnonzero(signs)
        w, s = np.zeros(n), np.array(signs, dtype=float)[on]
        if len(on):
            system = A[np.ix_(on, on)] + strength * (1 - m) * np.eye(len(on))
            w[on] = np.linalg.solve(system, pull[on] - strength * m * s)
        if m > 0 and (w[on] * s <= 0).any():
            continue
        value = (w - c) @ A @ (w - c) / 2 + strength * penalty(w, share=m)
        if value < least - 1e-13:
            best, least = w, value
    return best


def penalty(w, *, share=1.0):
    """m Σ |w| + (1 - m) Σ w² / 2: L1 for m = 1, L2 for m = 0.

    Args:
        w: any shape.
        share: m, 0 to 1.
    Returns:
        a float, summed in float64.
    Raises:
        ValueError: a share that is out of range. TypeError: as `soft_threshold`, or a share that is not a number.

    >>> penalty([3, -4]), penalty([3, -4], share=0)
    (7.0, 12.5)

    Source: Friedman, Hastie & Tibshirani (2010), section 2, https://doi.org/10.18637/jss.v033.i01
    """
    w, share = array("w", w).astype(np.float64), number("share", share, at_least=0, at_most=1)
    return float(share * np.abs(w).sum() + (1 - share) * (w * w).sum() / 2)


def budget_strength(curvature, centre, budget, *, share=1.0):
    """The strength λ whose minimum costs exactly `budget`: the two forms of a penalty, joined.

        minimise the loss, with penalty <= t      has the same w as      minimise the loss + λ · penalty

    Args:
        curvature, centre, share: as in `penalised_minimum`.
        budget: t > 0.
    Returns:
        λ, to rounding; 0 where the bottom of the bowl costs no more than the budget.
    Raises:
        ValueError: as in `penalised_minimum`, or a budget that is not positive.

    >>> round(budget_strength([[1, 0], [0, 1]], [3, 1], 2), 6)
    1.0

    Source: Hastie, Tibshirani & Friedman (2009), section 3.4, https://doi.org/10.1007/978-0-387-84858-7
    """
    A, c, m = _bowl(curvature, centre, share)
    budget = number("budget", budget, above=0)

    def spent(strength):
        return penalty(penalised_minimum(A, c, strength, share=m), share=m)

    if spent(0) <= budget:
        return 0.0
    low, high = 0.0, 1.0
    while spent(high) > budget:
        high *= 2
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (middle, high) if spent(middle) > budget else (low, middle)
    return high


def _read(x, **amount):
    """`x` and the one amount beside it, in the floating type of `x`, so that float32 stays float32."""
    x, ((name, value),) = array("x", x), amount.items()
    value = array(name, value)
    every(name, value, np.isfinite(value) & (value >= 0), "finite and at least 0")
    try:
        fits = np.broadcast_shapes(x.shape, value.shape) == x.shape
    except ValueError:
        fits = False
    if not fits:
        raise ValueError(f"{name} has shape {value.shape}; it must be one number, or broadcast to the shape of x, {x.shape}")
    return x, value.astype(x.dtype) if x.dtype.kind == "f" else value


def _bowl(curvature, centre, share):
    A, c = array("curvature", curvature).astype(float), array("centre", centre).astype(float)
    if c.ndim != 1 or not 1 <= len(c) <= 6 or A.shape != (len(c), len(c)):
        raise ValueError(f"curvature of shape {A.shape} and centre of shape {c.shape} must be (n, n) and (n,), n from 1 to 6")
    every("centre", c, np.isfinite(c), "finite")
    every("curvature", A, np.isfinite(A), "finite")
    if not np.allclose(A, A.T) or np.linalg.eigvalsh(A)[0] <= 0:
        raise ValueError(f"curvature={A.tolist()} must be symmetric and positive definite: a bowl")
    return A, c, number("share", share, at_least=0, at_most=1)
