"""Common wrong answers to the exercises of chapter 8."""

import numpy as np

from convbook.exercises import flattened as right


def changes_its_input(image, z, y, x):
    answer = right.three_passes(image, z, y, x)
    image += 1
    return answer


def ranks(w, *, axes=(0, 1, 2), move=True):
    return tuple(int(np.linalg.matrix_rank((np.moveaxis(w, a, 0) if move else w).reshape(w.shape[a], -1))) for a in axes)


def array(*values):
    return [np.asarray(v, dtype=float) for v in values]


WRONG = {
    "flattened/outer3": {
        "columns before rows": lambda z, y, x: np.einsum("c,i,j->cji", *array(z, y, x)),
        "channels last": lambda z, y, x: np.einsum("c,i,j->ijc", *array(z, y, x)),
        "adds": lambda z, y, x: np.add.outer(np.add.outer(z, y), x),
        "without z": lambda z, y, x: np.ones((len(z), 1, 1)) * np.outer(y, x),
        "one plane": lambda z, y, x: np.sum(z) * np.outer(y, x),
        "a matrix": lambda z, y, x: np.outer(z, np.outer(y, x)),
    },
    "flattened/three_passes": {
        "turns y": lambda image, z, y, x: right.three_passes(image, z, y[::-1], x),
        "turns x": lambda image, z, y, x: right.three_passes(image, z, y, x[::-1]),
        "adds the channels plainly": lambda image, z, y, x: right.three_passes(image, np.ones(len(z)), y, x),
        "y along the row": lambda image, z, y, x: right.three_passes(image, z, x, y),
        "forgets V": lambda image, z, y, x: right.three_passes(image, z, [1.0], x),
        "forgets H": lambda image, z, y, x: right.three_passes(image, z, y, [1.0]),
        "adds the passes": lambda image, z, y, x: np.tensordot(z, image, axes=1).sum() + np.sum(y) + np.sum(x),
        "keeps a plane a channel": lambda image, z, y, x: np.stack([right.three_passes(plane[None], [weight], y, x) for plane, weight in zip(image, z)]),
        "changes its input": changes_its_input,
    },
    "flattened/weights": {
        "every stage reads C": lambda C, F, Y, X, stages=2: stages * F * (C + Y + X),
        "one filter": lambda C, F, Y, X, stages=2: C + Y + X + (stages - 1) * (F + Y + X),
        "the standard layer": lambda C, F, Y, X, stages=2: C * Y * X * F,
        "one stage only": lambda C, F, Y, X, stages=2: F * (C + Y + X),
        "one more stage": lambda C, F, Y, X, stages=2: F * (C + Y + X) + stages * F * (F + Y + X),
        "no mixing later": lambda C, F, Y, X, stages=2: F * (C + Y + X) + (stages - 1) * F * (Y + X),
        "a fraction": lambda C, F, Y, X, stages=2: float(right.weights(C, F, Y, X, stages)),
    },
    "flattened/three_ranks": {
        "reshapes without moving the axis": lambda w: ranks(w, move=False),
        "another order": lambda w: ranks(w, axes=(0, 2, 1)),
        "the first rank only": lambda w: ranks(w)[:1] * 3,
        "ranks of the planes": lambda w: (max(1, min(len(w), 1)), *[int(max(np.linalg.matrix_rank(plane) for plane in w))] * 2),
        "a rank is never 0": lambda w: tuple(max(1, r) for r in ranks(w)),
        "the shorter sides": lambda w: tuple(min(n, w.size // n) for n in w.shape),
        "one number": lambda w: max(ranks(w)),
    },
}
