"""Pieces of photographs, small and large: to learn the way back from the small one."""

from typing import NamedTuple

import numpy as np

from convbook._arguments import one_of, whole
from convbook.data.photographs import PHOTOGRAPHS, photograph
from convbook.data.resizing import area_resize, bicubic_resize

METHODS = {"bicubic": bicubic_resize, "area": area_resize}


class Pairs(NamedTuple):
    """Small images, and the large ones they were made from."""

    low: np.ndarray
    high: np.ndarray


def super_resolution_pairs(count=400, test_count=60, *, scale=3, patch=12, method="bicubic", shrink=2, detail=0.05, seed=0):
    """Grey pieces of photographs in low and high resolution: of the left two thirds for training, of the right third for the test.

    Args:
        count, test_count: how many pairs; the photographs take turns.
        scale: how many times larger the high resolution is, at least 2.
        patch: rows and columns of a low-resolution piece.
        method: "bicubic" (`bicubic_resize`, cut off at 0 and 1), as papers shrink their images, or "area" (`area_resize`).
        shrink: the photographs are first made smaller by averaging, which sharpens them and takes away the traces of JPEG.
        detail: pieces of high resolution whose standard deviation is less are drawn again, for sky teaches little; 0 takes all.
        seed: of the choice of places.

    Returns:
        train, test: each a pair (low, high): (N, 1, patch, patch) and (N, 1, scale patch, scale patch), float32 in [0, 1].

    Raises:
        ValueError: an unknown method, a piece that is larger than the part of a photograph it comes from, or more detail than
            there is.

    >>> train, test = super_resolution_pairs(5, 2, patch=7)
    >>> train.low.shape, train.high.shape, len(test.low)
    ((5, 1, 7, 7), (5, 1, 21, 21), 2)
    """
    scale, patch = whole("scale", scale, at_least=2), whole("patch", patch, at_least=1)
    resize = METHODS[one_of("method", method, tuple(METHODS))]
    shrink = whole("shrink", shrink, at_least=1)
    photographs = [photograph(name, grey=True) for name in PHOTOGRAPHS]
    photographs = [photo if shrink == 1 else area_resize(photo, [n // shrink for n in photo.shape]) for photo in photographs]
    cuts = [photo.shape[1] * 2 // 3 for photo in photographs]
    left = [_both(photo[:, :cut], scale, resize) for photo, cut in zip(photographs, cuts)]
    right = [_both(photo[:, cut:], scale, resize) for photo, cut in zip(photographs, cuts)]
    most = min(min(low.shape) for low, _ in left + right)
    if patch > most:
        raise ValueError(f"patch={patch} must be at most {most}: the smallest part of a photograph has "
                         f"{most} rows or columns in low resolution")
    return tuple(_pieces(pairs, whole(name, n, at_least=1), patch, scale, detail, np.random.default_rng((seed, number)))
                 for number, (pairs, name, n) in enumerate([(left, "count", count), (right, "test_count", test_count)]))


def _both(photo, scale, resize):
    """Low and high resolution of a photograph whose sides are cut to multiples of the scale."""
    small = [n // scale for n in photo.shape]
    high = photo[:small[0] * scale, :small[1] * scale]
    return resize(high, small).clip(0, 1).astype(np.float32), high.astype(np.float32)


def _pieces(pairs, count, patch, scale, detail, rng):
    lows, highs = [], []
    for i in range(count):
        low, high = pairs[i % len(pairs)]
        for _ in range(100):
            top, left = (int(rng.integers(n - patch + 1)) for n in low.shape)
            piece = high[top * scale:(top + patch) * scale, left * scale:(left + patch) * scale]
            if piece.std() >= detail:
                break
        else:
            raise ValueError(f"detail={detail} must be less: of 100 pieces none has so large a standard deviation")
        lows.append(low[top:top + patch, left:left + patch])
        highs.append(piece)
    return Pairs(np.stack(lows)[:, None], np.stack(highs)[:, None])
