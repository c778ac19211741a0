"""Common wrong answers to the exercises of chapter 7."""

import numpy as np

from convbook.exercises import inception as right


def slide(x, w, before, after):
    x, k = np.pad(x, (before, after)), len(w)
    return np.array([[np.sum(x[i:i + k, j:j + k] * w) for j in range(x.shape[1] - k + 1)] for i in range(x.shape[0] - k + 1)])


def each(x, kernels, turn=lambda w: w, pads=lambda k: ((k - 1) // 2, (k - 1) // 2)):
    return [slide(x, turn(w), *pads(len(w))) for w in kernels]


def cropped(x, kernels):
    outputs = [y for y in each(x, kernels, pads=lambda k: (0, 0)) if y.size]
    least = min((min(y.shape) for y in outputs), default=0)
    return np.array([y[:least, :least] for y in outputs])


def changes_its_input(x, *kernels):
    answer = right.branches(x, *kernels)
    x += 1
    return answer


def cost(C, n1, n3, n5, p, size, *, reduce=True, project=True, full=False, bias=False, taps=(9, 25), places=None):
    (r3, d3), (r5, d5) = n3, n5
    weights = C * n1 + taps[0] * (C if full else r3) * d3 + taps[1] * (C if full else r5) * d5
    weights += C * (r3 + r5) * reduce + C * p * project + (n1 + r3 + d3 + r5 + d5 + p) * bias
    return weights, weights * (size[0] * size[1] if places is None else places(size))


def turned(w):
    return w[..., ::-1, ::-1]


def depthwise_sum(first, second):
    """Sums channels before it composes."""
    return right.compose(first.sum(axis=0, keepdims=True), second.sum(axis=1, keepdims=True))


WRONG = {
    "inception/branches": {
        "no padding": lambda x, *kernels: cropped(x, kernels),
        "sums the branches": lambda x, *kernels: sum(each(x, kernels))[None],
        "joins side by side": lambda x, *kernels: np.concatenate(each(x, kernels), axis=1),
        "a batch axis": lambda x, *kernels: np.array(each(x, kernels))[None],
        "channels last": lambda x, *kernels: np.stack(each(x, kernels), axis=-1),
        "flips": lambda x, *kernels: np.array(each(x, kernels, turn=turned)),
        "transposes": lambda x, *kernels: np.array(each(x, kernels, turn=np.transpose)),
        "pads after only": lambda x, *kernels: np.array(each(x, kernels, pads=lambda k: (0, k - 1))),
        "pads before only": lambda x, *kernels: np.array(each(x, kernels, pads=lambda k: (k - 1, 0))),
        "last branch first": lambda x, *kernels: right.branches(x, *kernels)[::-1],
        "one branch": lambda x, *kernels: right.branches(x, *kernels)[:1],
        "ReLU": lambda x, *kernels: np.maximum(right.branches(x, *kernels), 0),
        "changes its input": changes_its_input,
    },
    "inception/module_cost": {
        "no reductions counted": lambda *a: cost(*a, reduce=False),
        "no projection": lambda *a: cost(*a, project=False),
        "naive": lambda *a: cost(*a, full=True),
        "naive without reductions": lambda *a: cost(*a, full=True, reduce=False),
        "biases": lambda *a: cost(*a, bias=True),
        "sides, not areas": lambda *a: cost(*a, taps=(3, 5)),
        "one side of the map": lambda *a: cost(*a, places=lambda size: size[0]),
        "square maps only": lambda *a: cost(*a, places=lambda size: size[0] ** 2),
        "one place": lambda *a: cost(*a, places=lambda size: 1),
        "FLOPs": lambda *a: (cost(*a)[0], 2 * cost(*a)[1]),
        "MACs first": lambda *a: cost(*a)[::-1],
        "weights only": lambda *a: cost(*a)[0],
        "fractions": lambda *a: tuple(map(float, cost(*a))),
    },
    "inception/merge_reduction": {
        "the other way round": lambda r, w: np.einsum("mc,dmij->cdij", r, w),
        "first tap only": lambda r, w: np.einsum("mc,dm->dc", r, w[:, :, 0, 0]),
        "sums the taps": lambda r, w: np.einsum("mc,dmij->dc", r, w),
        "turned": lambda r, w: turned(right.merge_reduction(r, w)),
        "first reduced channel only": lambda r, w: np.einsum("mc,dmij->dcij", r[:1], w[:, :1]),
        "no sum": lambda r, w: np.einsum("mc,dmij->dmcij", r, w),
        "adds": lambda r, w: r.sum(axis=0)[None, :, None, None] + w.sum(axis=1)[:, None],
        "the large one": lambda r, w: w,
        "ReLU": lambda r, w: np.einsum("mc,dmij->dcij", np.maximum(r, 0), w),
    },
    "inception/compose": {
        "turns the second": lambda a, b: right.compose(a, turned(b)),
        "turns the first": lambda a, b: right.compose(turned(a), b),
        "overwrites": lambda a, b: overwritten(a, b),
        "too small": lambda a, b: right.compose(a, b)[..., 1:-1, 1:-1] if a.shape[-1] + b.shape[-1] > 3 else a * b + 1,
        "sums the channels first": depthwise_sum,
        "outputs and inputs swapped": lambda a, b: right.compose(a, b).transpose(1, 0, 2, 3),
        "transposed": lambda a, b: right.compose(a, b).transpose(0, 1, 3, 2),
        "multiplies": lambda a, b: np.einsum("dm,mcuv->dcuv", b[:, :, 0, 0], a),
        "whole numbers of one channel": lambda a, b: right.compose(a[:1], b[:, :1]),
    },
}


def overwritten(first, second):
    (_, C, k, _), (D, _, l, _) = first.shape, second.shape
    kernel = np.zeros((D, C, k + l - 1, k + l - 1))
    for i in range(l):
        for j in range(l):
            kernel[:, :, i:i + k, j:j + k] = np.einsum("dm,mcuv->dcuv", second[:, :, i, j], first)
    return kernel
