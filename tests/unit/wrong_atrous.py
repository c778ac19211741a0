"""Common wrong answers to the exercises of chapter 5."""

import numpy as np


def spread(w, d, by=None, edge=0):
    by = by or (d, d)
    out = np.zeros([b * (k - 1) + 1 + edge for b, k in zip(by, w.shape)])
    out[:out.shape[0] - edge:by[0], :out.shape[1] - edge:by[1]] = w
    return out


def reads(dilations, taps=(-1, 0, 1)):
    read = {0}
    for d in dilations:
        read = {at + d * tap for at in read for tap in taps}
    return read


def width(read):
    return max(read) - min(read) + 1


def slide(x, w, d, before, after):
    x = np.concatenate([np.zeros(before), x, np.zeros(after)])
    n = len(x) - d * (len(w) - 1)
    return sum(w[t] * x[t * d:t * d + n] for t in range(len(w)))


WRONG = {
    "atrous/spread_kernel": {
        "d zeros between taps": lambda w, dilation: spread(w, dilation + 1),
        "zeros after the last tap": lambda w, dilation: np.kron(w, np.eye(1, dilation ** 2).reshape(dilation, dilation)),
        "rows only": lambda w, dilation: spread(w, dilation, (dilation, 1)),
        "columns only": lambda w, dilation: spread(w, dilation, (1, dilation)),
        "enlarges instead": lambda w, dilation: np.kron(w, np.ones((dilation, dilation))),
        "the dense kernel": lambda w, dilation: w.copy(),
        "zeros around it": lambda w, dilation: np.pad(w, dilation - 1),
    },
    "atrous/holes": {
        "how many are read": lambda dilations: len(reads(dilations)),
        "the field": lambda dilations: width(reads(dilations)),
        "the field less 3^n paths": lambda dilations: max(0, width(reads(dilations)) - 3 ** len(dilations)),
        "never any": lambda dilations: 0,
        "common factors only": lambda dilations: int(np.gcd.reduce(dilations) > 1) * (width(reads(dilations)) - len(reads(dilations))),
        "two taps": lambda dilations: width(reads(dilations, (-1, 1))) - len(reads(dilations, (-1, 1))),
        "gaps of the last layer": lambda dilations: 2 * (dilations[-1] - 1),
        "one side": lambda dilations: (width(reads(dilations)) - len(reads(dilations))) // 2,
        "a float": lambda dilations: float(width(reads(dilations)) - len(reads(dilations))),
    },
    "atrous/causal": {
        "pads alike on both sides": lambda x, w, dilation=1: slide(x, w, dilation, dilation * (len(w) - 1) // 2, dilation * (len(w) - 1) - dilation * (len(w) - 1) // 2),
        "looks ahead": lambda x, w, dilation=1: slide(x, w, dilation, 0, dilation * (len(w) - 1)),
        "flips the kernel": lambda x, w, dilation=1: slide(x, w[::-1], dilation, dilation * (len(w) - 1), 0),
        "no dilation": lambda x, w, dilation=1: slide(x, w, 1, len(w) - 1, 0),
        "no padding": lambda x, w, dilation=1: slide(x, w, dilation, 0, 0) if dilation * (len(w) - 1) < len(x) else np.zeros(0),
        "one sample late": lambda x, w, dilation=1: slide(np.concatenate([[0.0], x[:-1]]), w, dilation, dilation * (len(w) - 1), 0),
        "repeats the first sample": lambda x, w, dilation=1: slide(np.pad(x, (dilation * (len(w) - 1), 0), mode="edge"), w, dilation, 0, 0),
        "whole numbers only": lambda x, w, dilation=1: slide(x, w, dilation, dilation * (len(w) - 1), 0).astype(x.dtype),
        "NumPy's convolve": lambda x, w, dilation=1: np.convolve(x, w)[:len(x)],
    },
}
