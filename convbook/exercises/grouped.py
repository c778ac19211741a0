"""Chapter 2: write a convolution in groups, the dense weight it stands for, a channel shuffle, and what two layers let through.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

RNG = np.random.default_rng(2)


def some(*shape):
    return RNG.integers(-3, 6, shape)


@exercise(
    "grouped/grouped_pointwise",
    ((some(1, 1), some(1, 1), 1), {}),
    ((some(2, 1), some(2, 1), 2), {}),
    ((some(2, 1), some(2, 2), 1), {}),
    ((some(4, 1), some(2, 2), 2), {}),  # more in than out
    ((some(4, 2), some(6, 2), 2), {}),  # more out than in
    ((some(6, 3), some(3, 2), 3), {}),
    ((some(6, 2) / 4, some(4, 3), 2), {}),
    ((some(12, 2), some(12, 4), 3), {}),
)
def grouped_pointwise(x, w, groups):
    """Convolve x, (C, pixels), with 1 x 1 kernels w, (D, C / groups), in groups: an array (D, pixels)."""
    inputs, kernels = np.split(x, groups), np.split(w, groups)
    return np.concatenate([kernel @ part for part, kernel in zip(inputs, kernels)])


@exercise(
    "grouped/dense_weight",
    ((some(1, 1, 1, 1), 1), {}),
    ((some(2, 1, 1, 1), 2), {}),
    ((some(2, 2, 1, 2), 1), {}),
    ((some(4, 1, 2, 1), 2), {}),
    ((some(6, 2, 1, 1), 2), {}),
    ((some(4, 3, 1, 2), 2), {}),
    ((some(3, 2, 2, 3) / 2, 3), {}),
)
def dense_weight(w, groups):
    """The weight (D, C, k_h, k_w) of the ordinary layer that gives the same as w, (D, C / groups, k_h, k_w), in groups."""
    D, n, *size = w.shape
    dense = np.zeros((D, n * groups, *size), dtype=w.dtype)
    for d in range(D):
        first = d // (D // groups) * n
        dense[d, first:first + n] = w[d]
    return dense


@exercise(
    "grouped/shuffled",
    *(((channels, groups), {}) for channels, groups in [(1, 1), (3, 1), (3, 3), (4, 2), (6, 2), (6, 3), (9, 3), (12, 3), (12, 4), (20, 5)]),
)
def shuffled(channels, groups):
    """Which channel stands at each place after a shuffle of so many groups: an array of whole numbers."""
    return np.arange(channels).reshape(groups, channels // groups).T.ravel()


@exercise(
    "grouped/block_weights",
    *(((channels, cardinality, width), {}) for channels, cardinality, width in
      [(1, 1, 1), (2, 1, 1), (2, 3, 1), (8, 1, 2), (8, 4, 2), (64, 2, 5), (256, 1, 64), (256, 8, 14), (256, 32, 4)]),
)
def block_weights(channels, cardinality, width):
    """Weights of a ResNeXt block, 1 x 1, 3 x 3, 1 x 1, that reads and writes `channels`; no biases. A whole number."""
    return cardinality * (channels * width + 9 * width * width + width * channels)


@exercise(
    "grouped/hears",
    *(((channels, groups, shuffle), {}) for channels, groups, shuffle in
      [(1, 1, False), (2, 2, False), (2, 2, True), (4, 2, False), (4, 2, True), (6, 3, True), (6, 2, True), (8, 4, True), (12, 3, True), (12, 3, False), (12, 6, True)]),
)
def hears(channels, groups, shuffle):
    """Which inputs each output hears after two grouped 1 x 1 layers of as many channels, (channels, channels): 1 where it does, else 0.

    With `shuffle`, the channels are shuffled between the two, with the layers' groups.
    """
    size = channels // groups
    layer = np.kron(np.eye(groups, dtype=int), np.ones((size, size), dtype=int))
    order = np.arange(channels)
    if shuffle:
        order = order.reshape(groups, size).T.ravel()
    return (layer @ layer[order] > 0).astype(int)
