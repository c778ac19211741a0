"""Two convolutions one after the other: the single kernel that they make, and how near a pair of small ones comes to a large one."""

import numpy as np

from convbook._arguments import array, every, whole


def compose2d(first, second):
    """The weight of the one convolution that equals two, the second on the output of the first with nothing between.

        W[d, c, u, v] = sum over m, i, j of second[d, m, i, j] first[m, c, u - i, v - j]

    Taps outside `first` are 0. It holds where no border interferes: without padding, or away from it.

    Args:
        first: (M, C, k_h, k_w).
        second: (D, M, l_h, l_w).
    Returns:
        (D, C, k_h + l_h - 1, k_w + l_w - 1).
    Raises:
        ValueError: a weight without four axes, or with an empty one, or a second layer that does not read as many
            channels as the first gives.

    Two averages of three make a triangle of five:

    >>> ones = np.ones((1, 1, 1, 3))
    >>> compose2d(ones, ones).ravel()
    array([1., 2., 3., 2., 1.])

    Source: Szegedy et al. (2016), section 3.1, https://arxiv.org/abs/1512.00567
    """
    first, second = _weight("first", first), _weight("second", second)
    if second.shape[1] != len(first):
        raise ValueError(f"second has shape {second.shape}; it must read {len(first)} "
                         f"channels, as many as first of shape {first.shape} gives")
    (_, C, k_h, k_w), (D, _, l_h, l_w) = first.shape, second.shape
    kernel = np.zeros((D, C, k_h + l_h - 1, k_w + l_w - 1), np.result_type(first, second))
    for i in range(l_h):
        for j in range(l_w):
            stamp = np.einsum("dm,mcuv->dcuv", second[:, :, i, j], first)
            kernel[:, :, i:i + k_h, j:j + k_w] += stamp
    return kernel


def small_pair(weight, *, hidden, steps=60, starts=6, seed=0):
    """Two layers with smaller kernels whose composition comes near to one given layer: 3 x 3 and 3 x 3 for a 5 x 5.

    Least squares for one of the two with the other held still, in turns, from several random starts. It finds a good pair, not
    always the best one.

    Args:
        weight: (D, C, k_h, k_w), with odd sides; the two kernels are (k_h + 1) / 2 high and (k_w + 1) / 2 wide.
        hidden: channels between the two, M >= 1.
        steps, starts, seed: turns of each start, random starts, and their seed.
    Returns:
        first (M, C, ...), second (D, M, ...), and the error, the share ||weight - composition|| / ||weight||.
    Raises:
        ValueError: even sides, a number that is not finite, a hidden, steps or starts below 1, or a seed below 0.
        TypeError: an option is not an integer, or a dtype not float32, float64 or integer.

    Two hidden channels are enough for this kernel of 25 numbers; one is not:

    >>> kernel = np.arange(25).reshape(1, 1, 5, 5) % 7
    >>> [bool(small_pair(kernel, hidden=M)[2] < 0.01) for M in (1, 2)]
    [False, True]

    Source: the question is that of Szegedy et al. (2016), section 3.1, https://arxiv.org/abs/1512.00567
    """
    weight = _weight("weight", weight).astype(float)
    every("weight", weight, np.isfinite(weight), "finite")
    D, C, h, w = weight.shape
    if h % 2 == 0 or w % 2 == 0:
        raise ValueError(f"weight has kernels of {h} x {w}; both sides must be odd")
    M, steps, starts = whole("hidden", hidden, at_least=1), whole("steps", steps, at_least=1), whole("starts", starts, at_least=1)
    small = (h + 1) // 2, (w + 1) // 2
    rng, best = np.random.default_rng(whole("seed", seed, at_least=0)), None
    for _ in range(starts):
        first = rng.standard_normal((M, C, *small))
        for _ in range(steps):
            second = _other(first, weight.reshape(D, -1)).reshape(D, M, *small)
            # Turned over, the first layer stands where the second stood.
            first = _other(second.transpose(1, 0, 2, 3), weight.transpose(1, 0, 2, 3).reshape(C, -1)).reshape(C, M, *small).transpose(1, 0, 2, 3)
        error = np.linalg.norm(weight - compose2d(first, second)) / (np.linalg.norm(weight) or 1)
        if best is None or error < best[2]:
            best = first, second, float(error)
    return best


def _other(known, targets):
    """Least squares for the layer on the other side of `known`, (M, C, k_h, k_w): one row for each row of `targets`."""
    M, C, k_h, k_w = known.shape
    columns = np.zeros((M, k_h, k_w, C, 2 * k_h - 1, 2 * k_w - 1))
    for i in range(k_h):
        for j in range(k_w):
            columns[:, i, j, :, i:i + k_h, j:j + k_w] = known
    return np.linalg.lstsq(columns.reshape(M * k_h * k_w, -1).T, targets.T, rcond=None)[0].T


def _weight(name, value):
    value = array(name, value)
    if value.ndim != 4 or 0 in value.shape:
        raise ValueError(f"{name} has shape {value.shape}; it must have four axes (out, in, k_h, k_w), each at least 1")
    return value
