"""Common wrong answers to the exercises of appendix A2."""

import numpy as np

from convbook.exercises import normalization as right


def grouped(x, groups, eps=1e-5, *, axes=(2,), ddof=0, root=True, centre=True, inside=True, order=None):
    x = np.asarray(x, dtype=float)
    split = x.reshape(len(x), groups, -1)
    mean, var = split.mean(axis=axes, keepdims=True), split.var(axis=axes, keepdims=True, ddof=ddof)
    scale = (np.sqrt(var + eps) if inside else np.sqrt(var) + eps) if root else var + eps
    return ((split - mean if centre else split) / scale).reshape(x.shape)


def interleaved(x, groups, eps=1e-5):
    """Channels c, c + G, ... together, not neighbours."""
    order = np.arange(x.shape[1]).reshape(-1, groups).T.ravel()
    out = np.empty(x.shape)
    out[:, order] = right.group_norm(x[:, order], groups, eps)
    return out


def place_by_place(x, groups, eps=1e-5):
    x = np.asarray(x, dtype=float).reshape(*x.shape[:2], -1)
    split = x.reshape(len(x), groups, -1, x.shape[2])
    return ((split - split.mean(axis=2, keepdims=True)) / np.sqrt(split.var(axis=2, keepdims=True) + eps)).reshape(x.shape)


def moved(x, mean, var, momentum=0.1, *, ddof=1, swap=False, ratio=None, per=None):
    channels = np.moveaxis(np.asarray(x, dtype=float), 1, 0).reshape(len(mean), -1)
    new = np.stack([channels.mean(axis=1), channels.var(axis=1, ddof=ddof)])
    old = np.stack([mean, var])
    m = 1 - momentum if swap else momentum
    return (1 - m) * old + m * new


def folded(weight, bias, mean, var, gamma, beta, eps=1e-5, *, root=True, shift=True, inner=True, first=False):
    scale = gamma / (np.sqrt(var + eps) if root else var + eps)
    new = weight * (scale[:, None, None] if shift else 1)
    b = scale * (bias - mean + beta) if first else (scale * (bias - mean) if inner else bias - scale * mean) + beta
    return np.concatenate([new.reshape(len(new), -1), b[:, None]], axis=1)


def back(grad, x, eps=1e-5, *, mean=True, along=True, root=True, ddof=0, sign=1):
    r = np.sqrt(x.var(ddof=ddof) + eps)
    hat = (x - x.mean()) / r
    return (grad - mean * grad.mean() - sign * along * hat * (grad * hat).mean()) / (r if root else 1)


def changes_its_input(x, groups, eps=1e-5):
    answer = right.group_norm(x, groups, eps)
    x -= 1
    return answer


WRONG = {
    "normalization/group_norm": {
        "layer norm": lambda x, groups, eps=1e-5: right.group_norm(x, 1, eps),
        "instance norm": lambda x, groups, eps=1e-5: right.group_norm(x, x.shape[1], eps) if x.ndim > 2 else np.zeros(x.shape),
        "over the batch": lambda x, groups, eps=1e-5: grouped(x, groups, eps, axes=(0, 2)),
        "groups of that many channels": lambda x, groups, eps=1e-5: right.group_norm(x, x.shape[1] // groups, eps),
        "every so-manieth channel": interleaved,
        "place by place": place_by_place,
        "unbiased variance": lambda x, groups, eps=1e-5: grouped(x, groups, eps, ddof=1),
        "divides by the variance": lambda x, groups, eps=1e-5: grouped(x, groups, eps, root=False),
        "does not centre": lambda x, groups, eps=1e-5: grouped(x, groups, eps, centre=False),
        "eps outside the root": lambda x, groups, eps=1e-5: grouped(x, groups, eps, inside=False),
        "forgets eps": lambda x, groups, eps=1e-5: grouped(x, groups, 0.0),
        "keeps the groups' axis": lambda x, groups, eps=1e-5: right.group_norm(x, groups, eps).reshape(len(x), groups, -1),
        "changes its input": changes_its_input,
    },
    "normalization/running_statistics": {
        "biased variance": lambda x, mean, var, momentum=0.1: moved(x, mean, var, momentum, ddof=0),
        "momentum of the old": lambda x, mean, var, momentum=0.1: moved(x, mean, var, momentum, swap=True),
        "the batch's own": lambda x, mean, var, momentum=0.1: moved(x, mean, var, 1.0),
        "adds without shrinking": lambda x, mean, var, momentum=0.1: np.stack([mean, var]) + momentum * moved(x, mean, var, 1.0),
        "deviation for variance": lambda x, mean, var, momentum=0.1: (1 - momentum) * np.stack([mean, var]) + momentum * moved(x, mean, var, 1.0) ** [[1], [0.5]],
        "over everything": lambda x, mean, var, momentum=0.1: (1 - momentum) * np.stack([mean, var]) + momentum * np.array([[x.mean()], [x.var(ddof=1)]]),
        "variances first": lambda x, mean, var, momentum=0.1: moved(x, mean, var, momentum)[::-1],
        "transposed": lambda x, mean, var, momentum=0.1: moved(x, mean, var, momentum).T,
        "a momentum of its own": lambda x, mean, var, momentum=0.1: moved(x, mean, var, 0.1),
    },
    "normalization/fold": {
        "divides by the variance": lambda *a, eps=1e-5: folded(*a, eps, root=False),
        "leaves the weights": lambda *a, eps=1e-5: folded(*a, eps, shift=False),
        "does not scale the bias": lambda *a, eps=1e-5: folded(*a, eps, inner=False),
        "shifts first": lambda *a, eps=1e-5: folded(*a, eps, first=True),
        "forgets the mean": lambda w, b, mean, *a, eps=1e-5: folded(w, b, 0 * mean, *a, eps),
        "forgets the bias": lambda w, b, *a, eps=1e-5: folded(w, 0 * b, *a, eps),
        "forgets eps": lambda *a, eps=1e-5: folded(*a[:3], a[3] + 1e-9, *a[4:], 0.0),
        "bias first": lambda *a, eps=1e-5: np.roll(folded(*a, eps), 1, axis=1),
        "one filter's scale for all": lambda w, b, mean, var, gamma, beta, eps=1e-5: folded(w, b, mean, var[:1] + 0 * var, gamma[:1] + 0 * gamma, beta, eps),
        "scales the input channels": lambda w, b, mean, var, gamma, beta, eps=1e-5: np.concatenate(
            [(w * np.resize(gamma / np.sqrt(var + eps), w.shape[2])).reshape(len(w), -1), (gamma / np.sqrt(var + eps) * (b - mean) + beta)[:, None]], axis=1),
    },
    "normalization/backward": {
        "inference": lambda grad, x, eps=1e-5: back(grad, x, eps, mean=False, along=False),
        "mean only": lambda grad, x, eps=1e-5: back(grad, x, eps, along=False),
        "variance only": lambda grad, x, eps=1e-5: back(grad, x, eps, mean=False),
        "does not divide": lambda grad, x, eps=1e-5: back(grad, x, eps, root=False),
        "unbiased": lambda grad, x, eps=1e-5: back(grad, x, eps, ddof=1),
        "adds the last term": lambda grad, x, eps=1e-5: back(grad, x, eps, sign=-1),
        "forgets eps": lambda grad, x, eps=1e-5: back(grad, x, 0.0),
        "forward": lambda grad, x, eps=1e-5: (x - x.mean()) / np.sqrt(x.var() + eps),
        "one number": lambda grad, x, eps=1e-5: back(grad, x, eps).sum(),
    },
}
