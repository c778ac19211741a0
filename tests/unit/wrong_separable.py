"""Common wrong answers to the exercises of chapter 6."""

import numpy as np

from convbook.exercises import separable as right


def changes_its_input(x, filters, mixing):
    answer = right.separable_conv(x, filters, mixing)
    x += 1
    return answer


def mixed_first(x, filters, mixing):
    """Mix, then give output d the filter of channel d."""
    mixed = np.einsum("dc,chw->dhw", mixing, x)
    which = np.arange(len(mixing)) % len(filters)
    return right.separable_conv(mixed, filters[which], np.eye(len(mixing)))


def truncated(kernel, rank, keep=slice(None), root=False, columns_only=False):
    U, s, Vt = np.linalg.svd(kernel, full_matrices=False)
    kept = slice(None, rank) if keep == slice(None) else keep(rank, len(s))
    weight = np.sqrt(s[kept]) if root else s[kept]
    return U[:, kept] @ Vt[kept] if columns_only else (U[:, kept] * weight) @ Vt[kept]


def not_transposed(kernel, rank):
    U, s, Vt = np.linalg.svd(kernel, full_matrices=False)
    V = Vt.T
    return (U[:, :rank] * s[:rank]) @ V[:rank] if V.shape == Vt.shape else np.zeros_like(kernel)


WRONG = {
    "separable/cost": {
        "filters as deep as the input": lambda C, D, k, o: (C * C * k * k + C * D, (C * C * k * k + C * D) * o[0] * o[1]),
        "a filter for each output": lambda C, D, k, o: (D * k * k + C * D, (D * k * k + C * D) * o[0] * o[1]),
        "the ordinary layer": lambda C, D, k, o: (C * D * k * k, C * D * k * k * o[0] * o[1]),
        "k, not k squared": lambda C, D, k, o: (C * k + C * D, (C * k + C * D) * o[0] * o[1]),
        "the depthwise step alone": lambda C, D, k, o: (C * k * k, C * k * k * o[0] * o[1]),
        "the pointwise step alone": lambda C, D, k, o: (C * D, C * D * o[0] * o[1]),
        "with biases": lambda C, D, k, o: (C * k * k + C + C * D + D, (C * k * k + C * D) * o[0] * o[1]),
        "FLOPs": lambda C, D, k, o: (C * k * k + C * D, 2 * (C * k * k + C * D) * o[0] * o[1]),
        "a square output": lambda C, D, k, o: (C * k * k + C * D, (C * k * k + C * D) * o[0] ** 2),
        "the other way round": lambda C, D, k, o: ((C * k * k + C * D) * o[0] * o[1], C * k * k + C * D),
        "not whole": lambda C, D, k, o: (C * D * k * k * (1 / D + 1 / k**2), (C * k * k + C * D) * o[0] * o[1]),
    },
    "separable/separable_conv": {
        "turns the filters": lambda x, f, m: right.separable_conv(x, f[:, ::-1, ::-1], m),
        "forgets to mix": lambda x, f, m: right.separable_conv(x, f, np.eye(len(x))),
        "sums all channels": lambda x, f, m: right.separable_conv(x, f, np.ones_like(m)),
        "mixing transposed": lambda x, f, m: right.separable_conv(x, f, m.T) if m.shape[0] == m.shape[1] else right.separable_conv(x, f, m.reshape(m.shape[::-1]).T),
        "mixes first": mixed_first,
        "one filter for all": lambda x, f, m: right.separable_conv(x, np.repeat(f[:1], len(f), axis=0), m),
        "a ReLU between": lambda x, f, m: np.einsum("dc,chw->dhw", m, np.maximum(right.separable_conv(x, f, np.eye(len(x))), 0)),
        "channels last": lambda x, f, m: right.separable_conv(x, f, m).transpose(1, 2, 0),
        "a batch axis": lambda x, f, m: right.separable_conv(x, f, m)[None],
        "padded": lambda x, f, m: right.separable_conv(np.pad(x, ((0, 0), (0, f.shape[1] - 1), (0, f.shape[2] - 1))), f, m),
        "changes its input": changes_its_input,
    },
    "separable/as_dense": {
        "input channel first": lambda f, m: (m[:, :, None, None] * f[None]).swapaxes(0, 1),
        "turned": lambda f, m: right.as_dense(f, m)[..., ::-1, ::-1],
        "sums the channels": lambda f, m: np.broadcast_to(right.as_dense(f, m).sum(axis=1, keepdims=True), (len(m), *f.shape)),
        "adds": lambda f, m: m[:, :, None, None] + f[None],
        "filters alone": lambda f, m: np.repeat(f[None], len(m), axis=0),
        "mixing alone": lambda f, m: m[:, :, None, None],
        "no output axis": lambda f, m: m[0][:, None, None] * f,
    },
    "separable/best_sum": {
        "one term too few": lambda k, r: right.best_sum(k, r - 1),
        "one term too many": lambda k, r: right.best_sum(k, min(r + 1, min(k.shape))),
        "always one": lambda k, r: right.best_sum(k, 1),
        "the smallest terms": lambda k, r: truncated(k, r, keep=lambda r, n: slice(n - r, n)),
        "only the term number r": lambda k, r: truncated(k, r, keep=lambda r, n: slice(r - 1, r)),
        "roots once": lambda k, r: truncated(k, r, root=True),
        "no singular values": lambda k, r: truncated(k, r, columns_only=True),
        "V not transposed": not_transposed,
        "first column times first row": lambda k, r: np.outer(k[:, 0], k[0]) / (k[0, 0] or 1),
        "rows cut off": lambda k, r: np.where(np.arange(len(k))[:, None] < r, k, 0),
        "the kernel itself": lambda k, r: k.copy(),
        "transposed": lambda k, r: right.best_sum(k, r).T,
    },
}
