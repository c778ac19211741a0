"""Common wrong answers to the exercises of chapter 3."""

import numpy as np

from convbook.exercises import depthwise as right


def filtered(x, w, reads):
    """Each filter over the channel that `reads` names."""
    rows, columns = x.shape[1] - w.shape[2] + 1, x.shape[2] - w.shape[3] + 1
    return np.array([[[np.sum(x[reads(q), i:i + w.shape[2], j:j + w.shape[3]] * w[q, 0]) for j in range(columns)] for i in range(rows)] for q in range(len(w))])


def summed(x, w):
    y = right.depthwise_conv2d(x, w)
    return np.broadcast_to(y.sum(axis=0), y.shape)


def gradient(grad, x, reads):
    rows, columns = x.shape[1] - grad.shape[1] + 1, x.shape[2] - grad.shape[2] + 1
    return np.array([[[[np.sum(grad[q] * x[reads(q), u:u + grad.shape[1], v:v + grad.shape[2]]) for v in range(columns)] for u in range(rows)]] for q in range(len(grad))])


WRONG = {
    "depthwise/depthwise_conv2d": {
        "filters of a kind together": lambda x, w: filtered(x, w, lambda q: q % len(x)),
        "no multiplier": lambda x, w: right.depthwise_conv2d(x, w[:len(x)]),
        "first filters of each": lambda x, w: right.depthwise_conv2d(x, w[::len(w) // len(x)]),
        "one filter for all": lambda x, w: right.depthwise_conv2d(x, np.broadcast_to(w[:1], w.shape)),
        "sums the channels": summed,
        "sums the filters of a channel": lambda x, w: right.depthwise_conv2d(x, w).reshape(len(x), len(w) // len(x), *right.depthwise_conv2d(x, w).shape[1:]).sum(axis=1),
        "flips": lambda x, w: right.depthwise_conv2d(x, w[..., ::-1, ::-1]),
        "turns the kernel": lambda x, w: right.depthwise_conv2d(x, w[..., ::-1]),
        "whole numbers only": lambda x, w: right.depthwise_conv2d(x, w).astype(x.dtype),
        "channels last": lambda x, w: np.moveaxis(right.depthwise_conv2d(x, w), 0, -1),
    },
    "depthwise/grad_weight": {
        "filters of a kind together": lambda grad, x: gradient(grad, x, lambda q: q % len(x)),
        "reads channel 0": lambda grad, x: gradient(grad, x, lambda q: 0),
        "turned": lambda grad, x: right.grad_weight(grad, x)[..., ::-1, ::-1],
        "turns the gradient": lambda grad, x: right.grad_weight(grad[:, ::-1, ::-1], x),
        "no axis of one": lambda grad, x: right.grad_weight(grad, x)[:, 0],
        "the mean": lambda grad, x: right.grad_weight(grad, x) / grad[0].size,
        "all channels": lambda grad, x: np.concatenate([gradient(grad, x, lambda q, c=c: c) for c in range(len(x))], axis=1),
    },
    "depthwise/merge": {
        "ignores the multiplier": lambda depthwise, pointwise, multiplier=1: pointwise * depthwise[:, 0],
        "other order": lambda depthwise, pointwise, multiplier=1: (pointwise * depthwise[:, 0]).reshape(len(pointwise), multiplier, -1, *depthwise.shape[2:]).sum(axis=1),
        "adds": lambda depthwise, pointwise, multiplier=1: (pointwise + depthwise[:, 0]).reshape(len(pointwise), -1, multiplier, *depthwise.shape[2:]).sum(axis=2),
        "only the first filter": lambda depthwise, pointwise, multiplier=1: (pointwise * depthwise[:, 0])[:, ::multiplier],
        "the mean of the filters": lambda depthwise, pointwise, multiplier=1: right.merge(depthwise, pointwise, multiplier) / multiplier,
        "transposed": lambda depthwise, pointwise, multiplier=1: right.merge(depthwise, pointwise, multiplier).swapaxes(0, 1),
        "turned": lambda depthwise, pointwise, multiplier=1: right.merge(depthwise, pointwise, multiplier)[..., ::-1, ::-1],
    },
}
