"""Common wrong answers to the exercises of chapter 2."""

import numpy as np

from convbook.exercises._check import EXERCISES


def right(name):
    return EXERCISES[f"grouped/{name}"].reference


def interleaved(x, w, groups):
    return np.concatenate([w[g * (len(w) // groups):(g + 1) * (len(w) // groups)] @ x[g::groups] for g in range(groups)])


def block(w, groups, at):
    """A dense weight with the kernel of output d at channel `at(d)`."""
    D, n, *size = w.shape
    dense = np.zeros((D, n * groups, *size), dtype=w.dtype)
    for d in range(D):
        dense[d, at(d, n, D):at(d, n, D) + n] = w[d]
    return dense


def in_place(x, w, groups):
    answer = right("grouped_pointwise")(x, w, groups)
    x[0] += 1
    return answer


WRONG = {
    "grouped/grouped_pointwise": {
        "every kernel reads the first group": lambda x, w, groups: w @ x[:w.shape[1]],
        "groups interleaved": interleaved,
        "outputs interleaved": lambda x, w, groups: right("grouped_pointwise")(x, w, groups).reshape(groups, -1, x.shape[1]).swapaxes(0, 1).reshape(-1, x.shape[1]),
        "groups summed": lambda x, w, groups: sum(k @ p for k, p in zip(np.split(w, groups), np.split(x, groups))),
        "weights repeated": lambda x, w, groups: np.tile(w, groups) @ x,
        "only the first group": lambda x, w, groups: w[:len(w) // groups] @ x[:w.shape[1]],
        "a group axis": lambda x, w, groups: np.stack([k @ p for k, p in zip(np.split(w, groups), np.split(x, groups))]),
        "the mean": lambda x, w, groups: right("grouped_pointwise")(x, w, groups) / w.shape[1],
        "changes its input": in_place,
    },
    "grouped/dense_weight": {
        "the first group": lambda w, groups: block(w, groups, lambda d, n, D: 0),
        "a group an output": lambda w, groups: block(w, groups, lambda d, n, D: d % groups * n),
        "divides by n": lambda w, groups: block(w, groups, lambda d, n, D: min(d // n, groups - 1) * n),
        "backwards": lambda w, groups: block(w, groups, lambda d, n, D: (groups - 1 - d // (D // groups)) * n),
        "repeated": lambda w, groups: np.tile(w, (1, groups, 1, 1)),
        "as it is": lambda w, groups: w,
        "shared": lambda w, groups: np.tile(w, (1, groups, 1, 1)) / groups,
        "whole numbers only": lambda w, groups: right("dense_weight")(w.astype(int), groups),
    },
    "grouped/shuffled": {
        "the other way round": lambda channels, groups: np.arange(channels).reshape(channels // groups, groups).T.ravel(),
        "not moved": lambda channels, groups: np.arange(channels),
        "not flattened": lambda channels, groups: np.arange(channels).reshape(groups, -1).T,
        "no transpose, reversed": lambda channels, groups: np.arange(channels)[::-1],
        "counted from 1": lambda channels, groups: right("shuffled")(channels, groups) + 1,
        "groups swapped": lambda channels, groups: np.arange(channels).reshape(groups, -1)[::-1].ravel(),
        "rolled": lambda channels, groups: np.roll(np.arange(channels), channels // groups),
    },
    "grouped/block_weights": {
        "one path": lambda channels, cardinality, width: right("block_weights")(channels, 1, width),
        "not grouped": lambda channels, cardinality, width: 2 * channels * cardinality * width + 9 * (cardinality * width) ** 2,
        "grouped 1 x 1": lambda channels, cardinality, width: 2 * channels * width + 9 * cardinality * width**2,
        "one tap": lambda channels, cardinality, width: cardinality * (2 * channels * width + width**2),
        "no way back": lambda channels, cardinality, width: cardinality * (channels * width + 9 * width**2),
        "depthwise": lambda channels, cardinality, width: cardinality * (2 * channels * width + 9 * width),
        "with a bias": lambda channels, cardinality, width: right("block_weights")(channels, cardinality, width) + channels,
    },
    "grouped/hears": {
        "always all": lambda channels, groups, shuffle: np.ones((channels, channels), int) if shuffle else right("hears")(channels, groups, False),
        "ignores the shuffle": lambda channels, groups, shuffle: right("hears")(channels, groups, False),
        "always shuffles": lambda channels, groups, shuffle: right("hears")(channels, groups, True),
        "counts paths": lambda channels, groups, shuffle: right("hears")(channels, groups, shuffle) * (1 + channels // groups),
        "one layer": lambda channels, groups, shuffle: np.kron(np.eye(groups, dtype=int), np.ones((channels // groups,) * 2, dtype=int)),
        "shuffled afterwards": lambda channels, groups, shuffle: right("hears")(channels, groups, False)[right("shuffled")(channels, groups)] if shuffle else right("hears")(channels, groups, False),
        "the inverse shuffle": lambda channels, groups, shuffle: inverse(channels, groups) if shuffle else right("hears")(channels, groups, False),
    },
}


def inverse(channels, groups):
    size = channels // groups
    layer = np.kron(np.eye(groups, dtype=int), np.ones((size, size), dtype=int))
    order = np.arange(channels).reshape(size, groups).T.ravel()
    return (layer @ layer[order] > 0).astype(int)
