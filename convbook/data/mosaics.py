"""Digits side by side, each with neighbours that may or may not tell what it is."""

import numpy as np

from convbook._arguments import whole
from convbook.data.handwritten import Labelled, digits

SIDE = 3  # digits along each side of a mosaic


def digit_mosaics(count=160, test_count=40, *, ordered=True, seed=0):
    """Mosaics of 3 x 3 handwritten digits, each filling a cell of 8 x 8 pixels.

    In an ordered mosaic the digits count up in reading order, 9 followed by 0: the neighbours of a digit say which one it is. In one
    that is not, they say nothing. The digits of the two sets are never the same.

    Args:
        count, test_count: how many mosaics.
        ordered: whether the digits count up.
        seed: of everything that is drawn.

    Returns:
        train, test: each a pair (images, labels): images (N, 1, 24, 24), float32 in [0, 1]; labels (N, 9), int64, in reading order.

    >>> train, test = digit_mosaics(4, 2)
    >>> train.images.shape, test.labels.shape
    ((4, 1, 24, 24), (2, 9))
    >>> ((train.labels[:, 1:] - train.labels[:, :-1]) % 10 == 1).all().item()
    True
    """
    parts, cells = [], SIDE * SIDE
    for number, (part, name, n) in enumerate(zip(digits(seed=seed), ("count", "test_count"), (count, test_count))):
        n, rng = whole(name, n, at_least=1), np.random.default_rng((seed, number, int(ordered)))
        places = [np.flatnonzero(part.labels == c) for c in range(10)]
        labels = (rng.integers(0, 10, (n, 1)) + np.arange(cells)) % 10 if ordered else rng.integers(0, 10, (n, cells))
        chosen = np.array([rng.choice(places[c]) for c in labels.ravel()]).reshape(n, SIDE, SIDE)
        tiles = part.images[chosen, 0]  # (n, rows, columns, 8, 8)
        parts.append(Labelled(tiles.transpose(0, 1, 3, 2, 4).reshape(n, 1, 8 * SIDE, 8 * SIDE), labels.astype(np.int64)))
    return tuple(parts)
