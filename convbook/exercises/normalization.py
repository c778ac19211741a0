"""Appendix A2: normalize in groups, keep the running statistics, fold batch norm away, send a gradient back.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

RNG = np.random.default_rng(0)
TINY = np.array([[0.0, 2.0, 4.0, 10.0]])
HAND = np.array([[[0.0, 2], [2, 8], [8, 6], [6, 8]], [[2, 0], [2, 0], [8, 6], [0, 6]]])
SMALL = RNG.integers(-4, 9, (3, 6, 2)).astype(float)
BATCH = RNG.integers(-3, 8, (3, 2, 4)).astype(float)


@exercise(
    "normalization/group_norm",
    ((TINY, 1), {"eps": 0.0}),
    ((TINY, 2), {"eps": 0.0}),
    ((TINY[:, ::-1], 2), {"eps": 1.0}),
    ((HAND, 2), {"eps": 0.0}),
    ((SMALL, 3), {"eps": 0.0}),
    ((SMALL, 6), {"eps": 0.5}),
    ((SMALL * 1e-3, 2), {"eps": 1e-5}),
)
def group_norm(x, groups, eps=1e-5):
    """Group norm without γ and β: x is (N, C, places) or (N, C), and C is a multiple of groups.

    Each group of C / groups neighbouring channels of each image gets mean 0 and variance 1, with eps added to the variance.
    """
    x = np.asarray(x, dtype=float)
    split = x.reshape(len(x), groups, -1)
    mean = split.mean(axis=2, keepdims=True)
    var = ((split - mean) ** 2).mean(axis=2, keepdims=True)
    return ((split - mean) / np.sqrt(var + eps)).reshape(x.shape)


@exercise(
    "normalization/running_statistics",
    ((np.array([[1.0], [5.0]]), np.array([0.0]), np.array([1.0])), {"momentum": 0.5}),
    ((np.array([[1.0, 2], [5, 2]]), np.array([3.0, -1]), np.array([4.0, 2])), {"momentum": 0.25}),
    ((BATCH[:, :1], np.array([2.0]), np.array([3.0])), {"momentum": 0.1}),
    ((BATCH, np.array([2.0, -1.0]), np.array([3.0, 0.5])), {"momentum": 0.1}),
    ((BATCH, np.array([0.0, 0.0]), np.array([1.0, 1.0])), {"momentum": 1.0}),
)
def running_statistics(x, mean, var, momentum=0.1):
    """The running mean and variance of batch norm after one more batch x, (N, C) or (N, C, places), as PyTorch keeps them.

    mean and var hold one number for each channel; the result is one array (2, C): the new means, then the new variances.
    momentum is the share of the new; the variance that is kept divides by one fewer than the count.
    """
    channels = np.moveaxis(np.asarray(x, dtype=float), 1, 0).reshape(len(mean), -1)
    new = np.stack([channels.mean(axis=1), channels.var(axis=1, ddof=1)])
    return (1 - momentum) * np.stack([mean, var]) + momentum * new


@exercise(
    "normalization/fold",
    ((np.array([[[3.0]]]), np.array([0.0]), np.array([1.0]), np.array([4.0]), np.array([6.0]), np.array([5.0])), {"eps": 0.0}),
    ((np.array([[[3.0, 1]], [[2, -1]]]), np.array([1.0, 2]), np.array([3.0, -1]), np.array([4.0, 9]), np.array([10.0, 3]), np.array([7.0, 1])), {"eps": 0.0}),
    ((RNG.integers(-3, 4, (3, 2, 2)).astype(float), np.array([1.0, 0, -2]), np.array([0.0, 2, 1]), np.array([3.0, 0, 8]), np.array([2.0, -1, 3]), np.array([1.0, 4, 0])), {"eps": 1.0}),
)
def fold(weight, bias, mean, var, gamma, beta, eps=1e-5):
    """Fold batch norm in inference into the convolution before it: the weight (D, C, taps) and the bias (D,) of one layer.

    mean, var, gamma, beta hold one number for each of the D output channels. Return one array (D, C · taps + 1): each filter's new
    weights in a row, in their order, and its new bias as the last number.
    """
    scale = gamma / np.sqrt(var + eps)
    new = weight * scale[:, None, None]
    return np.concatenate([new.reshape(len(new), -1), (scale * (bias - mean) + beta)[:, None]], axis=1)


@exercise(
    "normalization/backward",
    ((np.array([1.0, 2.0]), np.array([1.0, 5.0])), {"eps": 0.0}),
    ((np.array([4.0, 0.0, 0.0, 0.0]), np.array([0.0, 2.0, 2.0, 0.0])), {"eps": 0.0}),
    ((np.array([1.0, -2.0, 3.0]), np.array([0.0, 4.0, 2.0])), {"eps": 1.0}),
    ((RNG.integers(-3, 4, 6).astype(float), RNG.integers(0, 9, 6).astype(float)), {"eps": 0.5}),
)
def backward(grad, x, eps=1e-5):
    """The gradient at x, numbers that share one mean, when grad is the gradient at (x − mean) / √(var + eps)."""
    root = np.sqrt(x.var() + eps)
    hat = (x - x.mean()) / root
    return (grad - grad.mean() - hat * (grad * hat).mean()) / root
