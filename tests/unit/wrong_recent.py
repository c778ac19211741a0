"""Common wrong answers to the exercises of chapter 10."""

import numpy as np

from convbook.exercises import recent as right


def loss(z, y, e, *, base=np.log, stable=True, over="all", mean=False, targets=None):
    with np.errstate(all="ignore"):
        z = z - z.max(1, keepdims=True) if stable else z
        log_p = np.log(np.exp(z) / np.exp(z).sum(1, keepdims=True)) if not stable else z - np.log(np.exp(z).sum(1, keepdims=True))
        K = z.shape[1]
        q = (1 - e) * np.eye(K)[y] + e / K
        if over == "wrong":
            q = (1 - e) * np.eye(K)[y] + e / (K - 1) * (1 - np.eye(K)[y])
        if targets is not None:
            q = targets(q, y, K, e)
        rows = -(q * log_p).sum(1) / base(np.e)
    return rows.mean() if mean else rows


def moved(C, D, h, w, g, *, maps=1.0, weights=True, grouped=True):
    return int(maps * h * w * (C + D)) + weights * C * D // (g if grouped else 1)


def halve(x, weight, *, pool=np.max, turn=lambda w: w, joined=lambda conv, pooled: [conv, pooled], pad=0, stride=2):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    places = [(i, j) for i in range(0, x.shape[1] - 2, stride) for j in range(0, x.shape[2] - 2, stride)]
    rows = len(range(0, x.shape[1] - 2, stride))
    windows = np.array([x[:, i:i + 3, j:j + 3] for i, j in places])
    conv = np.einsum("ncij,dcij->dn", windows, turn(weight)).reshape(len(weight), rows, -1)
    pooled = pool(windows, axis=(2, 3)).T.reshape(len(x), rows, -1)
    return np.concatenate(joined(conv, pooled))


def unit(x, weight, *, relu=True, shuffle=True, turn=lambda w: w, swap=False, even=False, on_left=False):
    half = len(x) // 2
    left, other = (x[::2], x[1::2]) if even else (x[:half], x[half:])
    if swap:
        left, other = other, left
    other = np.tensordot(turn(weight), other, axes=1)
    other = np.maximum(other, 0) if relu else other
    left = np.maximum(left, 0) if on_left else left
    joined = np.concatenate([left, other])
    return joined.reshape(2, half, *x.shape[1:]).swapaxes(0, 1).reshape(x.shape) if shuffle else joined


def changes_its_input(x, weight):
    answer = right.split_and_shuffle(x, weight)
    x[len(x) // 2:] = 0
    return answer


WRONG = {
    "recent/smoothed_loss": {
        "over the wrong classes only": lambda z, y, e: loss(z, y, e, over="wrong"),
        "hard labels": lambda z, y, e: loss(z, y, 0.0),
        "targets that do not add up to 1": lambda z, y, e: loss(z, y, e, targets=lambda q, y, K, e: np.eye(K)[y] + e / K),
        "epsilon for each class": lambda z, y, e: loss(z, y, e, targets=lambda q, y, K, e: (1 - e) * np.eye(K)[y] + e),
        "epsilon and 1 - epsilon swapped": lambda z, y, e: loss(z, y, 1 - e),
        "the mean of the rows": lambda z, y, e: loss(z, y, e, mean=True),
        "logarithms to the base 2": lambda z, y, e: loss(z, y, e, base=np.log2),
        "overflows": lambda z, y, e: loss(z, y, e, stable=False),
        "no softmax": lambda z, y, e: -(((1 - e) * np.eye(z.shape[1])[y] + e / z.shape[1]) * z).sum(1),
        "softmax over the rows": lambda z, y, e: -(((1 - e) * np.eye(z.shape[1])[y] + e / z.shape[1]) * (z - np.log(np.exp(z - z.max(0)).sum(0)) - z.max(0))).sum(1),
        "minus left out": lambda z, y, e: -loss(z, y, e),
        "the right class only": lambda z, y, e: (1 - e) * loss(z, y, 0.0),
    },
    "recent/numbers_moved": {
        "maps only": lambda *a: moved(*a, weights=False),
        "weights of all groups": lambda *a: moved(*a, grouped=False),
        "the MACs": lambda C, D, h, w, g: h * w * C * D // g,
        "input only": lambda C, D, h, w, g: h * w * C + C * D // g,
        "output only": lambda C, D, h, w, g: h * w * D + C * D // g,
        "in bytes": lambda *a: 4 * moved(*a),
        "with biases": lambda C, D, h, w, g: moved(C, D, h, w, g) + D,
        "square maps": lambda C, D, h, w, g: moved(C, D, h, h, g),
        "maps divided too": lambda C, D, h, w, g: (h * w * (C + D) + C * D) // g,
        "a fraction": lambda C, D, h, w, g: h * w * (C + D) + C * D / g,
    },
    "recent/halve": {
        "pooling first": lambda x, w: halve(x, w, joined=lambda c, p: [p, c]),
        "convolution only": lambda x, w: halve(x, w, joined=lambda c, p: [c]),
        "average pooling": lambda x, w: halve(x, w, pool=np.mean),
        "flips": lambda x, w: halve(x, w, turn=lambda w: w[..., ::-1, ::-1]),
        "transposes": lambda x, w: halve(x, w, turn=lambda w: w.swapaxes(2, 3)),
        "padded": lambda x, w: halve(x, w, pad=1),
        "stride 1": lambda x, w: halve(x, w, stride=1) if min(x.shape[1:]) > 3 else halve(x, w, pad=1),
        "ReLU": lambda x, w: np.maximum(halve(x, w), 0),
        "pools with zeros": lambda x, w: halve(x, w, pool=lambda v, axis: np.maximum(v.max(axis), 0)),
        "channels last": lambda x, w: halve(x, w).transpose(1, 2, 0),
    },
    "recent/split_and_shuffle": {
        "no shuffle": lambda x, w: unit(x, w, shuffle=False),
        "no ReLU": lambda x, w: unit(x, w, relu=False),
        "the other half": lambda x, w: unit(x, w, swap=True),
        "even and odd": lambda x, w: unit(x, w, even=True),
        "a ReLU on both": lambda x, w: unit(x, w, on_left=True),
        "the weight transposed": lambda x, w: unit(x, w, turn=np.transpose),
        "right before left": lambda x, w: np.stack([right.split_and_shuffle(x, w)[1::2], x[:len(x) // 2]], 1).reshape(x.shape),
        "(n, g) in place of (g, n)": lambda x, w: unit(x, w, shuffle=False).reshape(-1, 2, *x.shape[1:]).swapaxes(0, 1).reshape(x.shape),
        "adds": lambda x, w: x + unit(x, w),
        "changes its input": changes_its_input,
    },
}
