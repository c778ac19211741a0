"""Chapter 7: join branches of several kernel sizes, count a module, and merge what has no nonlinearity between.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

PLANE = np.array([[3.0, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]])
K1 = np.array([[2.0]])
K3 = np.array([[1.0, 0, -2], [3, 1, 0], [-1, 2, 4]])
K5 = np.arange(25.0).reshape(5, 5) % 7 - 2


@exercise(
    "inception/branches",
    *(((plane, K1, K3, K5), {}) for plane in (PLANE[:1, :2], PLANE[:2, :2], PLANE[:3, :2], PLANE)),
)
def branches(x, w1, w3, w5):
    """Convolve one plane x, (H, W), with kernels of 1 x 1, 3 x 3 and 5 x 5, no flip, each output (H, W); join them to (3, H, W)."""
    outputs = []
    for w in (w1, w3, w5):
        k = len(w)
        padded = np.pad(x, (k - 1) // 2)
        outputs.append([[np.sum(padded[i:i + k, j:j + k] * w) for j in range(x.shape[1])] for i in range(x.shape[0])])
    return np.array(outputs)


@exercise(
    "inception/module_cost",
    *(((C, n1, n3, n5, pool, size), {}) for C, n1, n3, n5, pool, size in [
        (1, 1, (1, 1), (1, 1), 1, (1, 1)), (2, 1, (1, 1), (1, 1), 1, (1, 2)), (5, 2, (1, 3), (2, 4), 6, (1, 1)), (7, 2, (1, 3), (2, 4), 6, (3, 5)),
        (192, 64, (96, 128), (16, 32), 32, (28, 28)), (832, 384, (192, 384), (48, 128), 128, (7, 7)),
    ]),
)
def module_cost(channels, n1x1, n3x3, n5x5, pool, size):
    """Weights (no biases) and MACs of a module with reductions, as a pair; n3x3 and n5x5 are (reduce, width), size is (H, W)."""
    (r3, d3), (r5, d5) = n3x3, n5x5
    weights = channels * (n1x1 + r3 + r5 + pool) + 9 * r3 * d3 + 25 * r5 * d5
    return weights, weights * size[0] * size[1]


def layers(M, C, D, k=3, l=1):
    """Whole numbers without symmetry, as two weights: (M, C, k, k) and (D, M, l, l)."""
    return (np.arange(1.0, M * C * k * k + 1).reshape(M, C, k, k) % 11 - 3, np.arange(2.0, 2 + D * M * l * l).reshape(D, M, l, l) % 7 - 2)


@exercise(
    "inception/merge_reduction",
    *(((layers(M, C, 1, k=1)[0][:, :, 0, 0], np.arange(1.0, D * M * k * k + 1).reshape(D, M, k, k) % 9 - 4), {}) for M, C, D, k in [
        (1, 1, 1, 1), (1, 2, 1, 1), (2, 1, 1, 1), (1, 2, 2, 3), (2, 3, 1, 3), (2, 2, 2, 3), (3, 4, 2, 5),
    ]),
)
def merge_reduction(reduce, weight):
    """A 1 x 1 convolution, (M, C), and a k x k one on its output, (D, M, k, k), nothing between, as the one weight (D, C, k, k)."""
    return np.einsum("mc,dmij->dcij", reduce, weight)


@exercise(
    "inception/compose",
    *((layers(*arguments), {}) for arguments in [(1, 1, 1, 1, 1), (1, 1, 1, 1, 3), (1, 1, 1, 3, 1), (1, 1, 1, 3, 3), (1, 2, 1, 3, 3), (2, 1, 3, 3, 3), (2, 3, 2, 3, 3)]),
)
def compose(first, second):
    """Two layers in a row with nothing between, (M, C, k, k) and (D, M, l, l), as the one weight (D, C, k + l - 1, k + l - 1)."""
    (_, C, k, _), (D, _, l, _) = first.shape, second.shape
    kernel = np.zeros((D, C, k + l - 1, k + l - 1))
    for i in range(l):
        for j in range(l):
            kernel[:, :, i:i + k, j:j + k] += np.einsum("dm,mcuv->dcuv", second[:, :, i, j], first)
    return kernel
