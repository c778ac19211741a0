"""Common wrong answers to the exercises of chapter 9."""

import math

import numpy as np

from convbook.exercises._check import EXERCISES


def sampled(image, y, x):
    return EXERCISES["deformable/bilinear"].reference(image, y, x)


def tapped(offset, *arguments):
    return EXERCISES["deformable/tap_positions"].reference(offset, *arguments)


def moved(x, offset, w):
    return EXERCISES["deformable/deform_conv2d"].reference(x, offset, w)


WRONG = {
    "deformable/bilinear": {
        "the nearest pixel": lambda im, y, x: sampled(im, round(y), round(x)),
        "the pixel before": lambda im, y, x: sampled(im, math.floor(y), math.floor(x)),
        "rows and columns swapped": lambda im, y, x: sampled(im, x, y),
        "the far pixel counts more": lambda im, y, x: sampled(im, 2 * math.floor(y) + 1 - y, 2 * math.floor(x) + 1 - x),
        "repeats the edge": lambda im, y, x: sampled(im, min(max(y, 0), im.shape[0] - 1), min(max(x, 0), im.shape[1] - 1)),
        "zero as soon as a neighbour is outside": lambda im, y, x: sampled(im, y, x) if 0 <= y <= im.shape[0] - 1 and 0 <= x <= im.shape[1] - 1 else np.asarray(0.0),
        "cuts off towards zero": lambda im, y, x: sampled(im, y, x) if min(y, x) >= 0 else sampled(im, int(y), int(x)),
        "negative indices wrap": lambda im, y, x: sampled(im, y % im.shape[0] if y < 0 else y, x % im.shape[1] if x < 0 else x),
        "centres at a half": lambda im, y, x: sampled(im, y - 0.5, x - 0.5),
        "the mean of four": lambda im, y, x: sampled(im, math.floor(y) + 0.5, math.floor(x) + 0.5),
    },
    "deformable/tap_positions": {
        "dx first": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(o.reshape(-1, 2)[:, ::-1].ravel(), k, i, j, stride, padding, dilation),
        "all dy, then all dx": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(o.reshape(2, -1).T.ravel(), k, i, j, stride, padding, dilation),
        "subtracts": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(-o, k, i, j, stride, padding, dilation),
        "no offsets": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(0 * o, k, i, j, stride, padding, dilation),
        "columns first": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(o, k[::-1], j, i, stride, padding, dilation)[:, ::-1],
        "no stride": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(o, k, i, j, 1, padding, dilation),
        "adds the padding": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(o, k, i, j, stride, -padding, dilation),
        "no padding": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(o, k, i, j, stride, 0, dilation),
        "no dilation": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(o, k, i, j, stride, padding, 1),
        "dilates the offsets": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(o * dilation, k, i, j, stride, padding, dilation),
        "from the middle": lambda o, k, i, j, stride=1, padding=0, dilation=1: tapped(o, k, i, j, stride, padding, dilation) - [k[0] // 2, k[1] // 2],
    },
    "deformable/deform_conv2d": {
        "a plain convolution": lambda x, o, w: moved(x, 0 * o, w),
        "whole offsets": lambda x, o, w: moved(x, np.round(o), w),
        "dx first": lambda x, o, w: moved(x, o.reshape(-1, 2, *o.shape[1:])[:, ::-1].reshape(o.shape), w),
        "flips the kernel": lambda x, o, w: moved(x, o, w[::-1, ::-1]),
        "all dy, then all dx": lambda x, o, w: moved(x, o.reshape(2, -1, *o.shape[1:]).swapaxes(0, 1).reshape(o.shape), w),
        "the first window's offsets": lambda x, o, w: moved(x, np.broadcast_to(o[:, :1, :1], o.shape), w),
        "a mean": lambda x, o, w: moved(x, o, w) / w.size,
    },
    "deformable/bin_rows": {
        "floor twice": lambda n, b, i: (i * n // b, (i + 1) * n // b),
        "ceiling twice": lambda n, b, i: (-(-i * n // b), -(-(i + 1) * n // b)),
        "rounds": lambda n, b, i: (round(i * n / b), round((i + 1) * n / b)),
        "the last row, not the one after": lambda n, b, i: (i * n // b, -(-(i + 1) * n // b) - 1),
        "bins of equal size": lambda n, b, i: (i * (n // b), (i + 1) * (n // b)),
        "how many": lambda n, b, i: (i * n // b, -(-(i + 1) * n // b) - i * n // b),
        "fractions": lambda n, b, i: (i * n / b, (i + 1) * n / b),
    },
}
