"""Common wrong answers to the exercises of chapter 4."""

import numpy as np

from convbook.exercises import transposed as right


def stamped(x, w, stride, padding, at=lambda i, stride: stride * i):
    y = np.zeros(stride * (len(x) - 1) + len(w))
    for i, value in enumerate(x):
        y[at(i, stride):at(i, stride) + len(w)] += value * np.asarray(w)
    return y[padding:len(y) - padding]


def overwritten(x, w, stride=1, padding=0):
    y = np.zeros(stride * (len(x) - 1) + len(w))
    for i, value in enumerate(x):
        y[stride * i:stride * i + len(w)] = value * w
    return y[padding:len(y) - padding]


def whole_output(x, w, stride=1, padding=0):
    full = stamped(x, w, stride, padding)
    return full.astype(x.dtype)


def grown(x, s, b, wide):
    h, w = x.shape
    y = np.zeros(wide(h, w, s), dtype=x.dtype)
    y[::s, ::s][:h, :w] = x
    return np.pad(y, b)


WRONG = {
    "transposed/conv_transpose1d": {
        "turns the kernel": lambda x, w, stride=1, padding=0: stamped(x, w[::-1], stride, padding),
        "later stamps win": overwritten,
        "ignores stride": lambda x, w, stride=1, padding=0: stamped(x, w, 1, padding),
        "ignores padding": lambda x, w, stride=1, padding=0: stamped(x, w, stride, 0),
        "pads instead of cutting": lambda x, w, stride=1, padding=0: np.pad(stamped(x, w, stride, 0), padding),
        "cuts the front only": lambda x, w, stride=1, padding=0: stamped(x, w, stride, 0)[padding:],
        "cuts the end only": lambda x, w, stride=1, padding=0: stamped(x, w, stride, 0)[:-padding or None],
        "an ordinary convolution": lambda x, w, stride=1, padding=0: np.correlate(np.pad(x, padding), w, "valid")[::stride],
        "repeats instead of zeros": lambda x, w, stride=1, padding=0: stamped(np.repeat(x, stride), w, 1, padding),
        "s zeros between": lambda x, w, stride=1, padding=0: stamped(x, w, stride + 1, padding),
        "whole numbers only": whole_output,
        "a batch axis": lambda x, w, stride=1, padding=0: stamped(x, w, stride, padding)[None],
    },
    "transposed/output_padding": {
        "n modulo s": lambda n, k, stride=1, padding=0, dilation=1: n % stride,
        "always s - 1": lambda n, k, stride=1, padding=0, dilation=1: stride - 1,
        "never": lambda n, k, stride=1, padding=0, dilation=1: 0,
        "padding once": lambda n, k, stride=1, padding=0, dilation=1: (n + padding - dilation * (k - 1) - 1) % stride,
        "no padding": lambda n, k, stride=1, padding=0, dilation=1: (n - dilation * (k - 1) - 1) % stride,
        "no dilation": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - k) % stride,
        "span d·k": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - dilation * k) % stride,
        "what is missing to the next window": lambda n, k, stride=1, padding=0, dilation=1: -(n + 2 * padding - dilation * (k - 1) - 1) % stride,
        "the quotient": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - dilation * (k - 1) - 1) // stride,
    },
    "transposed/spread": {
        "s zeros between": lambda x, stride=1, border=0: right.spread(x, stride + 1, border),
        "zeros after the last, too": lambda x, stride=1, border=0: grown(x, stride, border, lambda h, w, s: (s * h, s * w)),
        "repeats": lambda x, stride=1, border=0: np.pad(x.repeat(stride, 0).repeat(stride, 1), border),
        "rows only": lambda x, stride=1, border=0: np.pad(right.spread(x.T[:, :1], stride).T if len(x) == 1 else x, border),
        "no border": lambda x, stride=1, border=0: right.spread(x, stride),
        "border before the spread": lambda x, stride=1, border=0: right.spread(np.pad(x, border), stride),
        "border times stride": lambda x, stride=1, border=0: right.spread(x, stride, stride * border),
        "transposed": lambda x, stride=1, border=0: right.spread(x, stride, border).T,
    },
    "transposed/overlaps": {
        "always k": lambda n, k, stride: np.full(stride * (n - 1) + k, k),
        "stride 1": lambda n, k, stride: right.overlaps(n, k, 1),
        "n k long": lambda n, k, stride: np.ones(n * k, dtype=int),
        "without the ends": lambda n, k, stride: right.overlaps(n, k, stride)[k - 1:1 - k or None],
        "shares": lambda n, k, stride: right.overlaps(n, k, stride) / n,
        "the rounded ratio": lambda n, k, stride: np.full(stride * (n - 1) + k, round(k / stride)),
        "at most one": lambda n, k, stride: np.minimum(right.overlaps(n, k, stride), 1),
        "one end too many": lambda n, k, stride: right.overlaps(n + 1, k, stride),
    },
}
