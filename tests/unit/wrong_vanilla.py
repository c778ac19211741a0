"""Common wrong answers to the exercises of chapter 1."""

import math

import numpy as np

from convbook.exercises._check import EXERCISES


def slide(x, w, stride, padding, take=lambda window, w: np.sum(window * w)):
    x = np.pad(x, padding)
    return np.array([take(x[i:i + len(w)], w) for i in range(0, len(x) - len(w) + 1, stride)])


def changes_its_input(x, w, stride=1, padding=0):
    answer = slide(x, w, stride, padding)
    x *= 1.0 if x.dtype == float else 1
    x[0] += 1
    return answer


def whole_output(x, w, stride=1, padding=0):
    full = slide(x, w, stride, padding)
    out = np.zeros(len(full), dtype=x.dtype)
    out[:] = full.astype(x.dtype)
    return out


WRONG = {
    "vanilla/conv1d": {
        "flips the kernel": lambda x, w, stride=1, padding=0: slide(x, w[::-1], stride, padding),
        "ignores stride": lambda x, w, stride=1, padding=0: slide(x, w, 1, padding),
        "ignores padding": lambda x, w, stride=1, padding=0: slide(x, w, stride, 0),
        "pads after only": lambda x, w, stride=1, padding=0: slide(np.pad(x, (0, padding)), w, stride, 0),
        "pads before only": lambda x, w, stride=1, padding=0: slide(np.pad(x, (padding, 0)), w, stride, 0),
        "repeats the edge": lambda x, w, stride=1, padding=0: slide(np.pad(x, padding, mode="edge"), w, stride, 0),
        "misses the last window": lambda x, w, stride=1, padding=0: slide(x, w, stride, padding)[:-1],
        "rounds the size up": lambda x, w, stride=1, padding=0: slide(
            np.pad(x, (0, (-(len(x) + 2 * padding - len(w))) % stride)), w, stride, padding),
        "takes the mean": lambda x, w, stride=1, padding=0: slide(x, w, stride, padding, lambda a, b: np.mean(a * b)),
        "NumPy's convolve": lambda x, w, stride=1, padding=0: np.convolve(np.pad(x, padding), w, "valid")[::stride],
        "NumPy's swap": lambda x, w, stride=1, padding=0: np.correlate(np.pad(x, padding), w, "same")[::stride],
        "whole numbers only": whole_output,
        "strides the input": lambda x, w, stride=1, padding=0: slide(x[::stride], w, 1, padding),
        "a column": lambda x, w, stride=1, padding=0: slide(x, w, stride, padding)[:, None],
        "a batch axis": lambda x, w, stride=1, padding=0: slide(x, w, stride, padding)[None],
        "changes its input": changes_its_input,
    },
    "vanilla/output_size": {
        "no floor": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - dilation * (k - 1) - 1) / stride + 1,
        "rounds": lambda n, k, stride=1, padding=0, dilation=1: round((n + 2 * padding - dilation * (k - 1) - 1) / stride + 1),
        "rounds up": lambda n, k, stride=1, padding=0, dilation=1: math.ceil((n + 2 * padding - dilation * (k - 1) - 1) / stride + 1),
        "no dilation": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - k) // stride + 1,
        "span d·k": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - dilation * k) // stride + 1,
        "padding once": lambda n, k, stride=1, padding=0, dilation=1: (n + padding - dilation * (k - 1) - 1) // stride + 1,
        "no padding": lambda n, k, stride=1, padding=0, dilation=1: (n - dilation * (k - 1) - 1) // stride + 1,
        "divides all": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - dilation * (k - 1)) // stride,
        "forgets + 1": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - dilation * (k - 1) - 1) // stride,
        "n / s": lambda n, k, stride=1, padding=0, dilation=1: math.ceil(n / stride),
    },
    "vanilla/linear_as_conv": {
        "channels last": lambda w, c, h, v: w.reshape(len(w), h, v, c).transpose(0, 3, 1, 2),
        "transposed": lambda w, c, h, v: w.reshape(len(w), c, v, h).transpose(0, 1, 3, 2),
        "rows and columns swapped": lambda w, c, h, v: w.reshape(len(w), c, v, h),
        "flipped": lambda w, c, h, v: w.reshape(len(w), c, h, v)[:, :, ::-1, ::-1],
        "outputs last": lambda w, c, h, v: w.T.reshape(c, h, v, len(w)),
        "the weight transposed": lambda w, c, h, v: w.T.reshape(len(w), c, h, v),
        "flat": lambda w, c, h, v: w,
        "no channels": lambda w, c, h, v: w.reshape(len(w), h, v * c),
    },
    "vanilla/same_padding": {
        "half the kernel": lambda k, dilation=1: (k // 2, k // 2),
        "the one more before": lambda k, dilation=1: (dilation * (k - 1) - dilation * (k - 1) // 2, dilation * (k - 1) // 2),
        "no dilation": lambda k, dilation=1: ((k - 1) // 2, k - 1 - (k - 1) // 2),
        "dilation last": lambda k, dilation=1: ((k - 1) // 2 * dilation, (k - 1 - (k - 1) // 2) * dilation),
        "full": lambda k, dilation=1: (dilation * (k - 1), dilation * (k - 1)),
        "fractions": lambda k, dilation=1: (dilation * (k - 1) / 2, dilation * (k - 1) / 2),
        "one number": lambda k, dilation=1: dilation * (k - 1) // 2,
    },
    "vanilla/grad_weight": {
        "flipped": lambda g, x, k, stride=1: EXERCISES["vanilla/grad_weight"].reference(g, x, k, stride)[::-1],
        "no stride": lambda g, x, k, stride=1: np.array([sum(v * x[i + t] for i, v in enumerate(g)) for t in range(k)]),
        "the mean": lambda g, x, k, stride=1: EXERCISES["vanilla/grad_weight"].reference(g, x, k, stride) / len(g),
        "stride on the tap": lambda g, x, k, stride=1: np.array([sum(v * x[(i + t * stride) % len(x)] for i, v in enumerate(g)) for t in range(k)]),
        "NumPy's correlate": lambda g, x, k, stride=1: np.correlate(x, g, "valid")[:k],
        "one sum": lambda g, x, k, stride=1: np.sum(EXERCISES["vanilla/grad_weight"].reference(g, x, k, stride)),
        "the input's gradient": lambda g, x, k, stride=1: np.convolve(g, np.ones(k)),
    },
    "vanilla/receptive_field": {
        "adds k": lambda layers: sum(k for k, _ in layers),
        "no jump": lambda layers: 1 + sum(k - 1 for k, _ in layers),
        "multiplies": lambda layers: math.prod(k for k, _ in layers),
        "jump too early": lambda layers: 1 + sum((k - 1) * math.prod(s for _, s in layers[:m + 1]) for m, (k, _) in enumerate(layers)),
        "last layer first": lambda layers: EXERCISES["vanilla/receptive_field"].reference(layers[::-1]),
        "own stride only": lambda layers: 1 + sum((k - 1) * (layers[m - 1][1] if m else 1) for m, (k, _) in enumerate(layers)),
    },
}
