"""Digits on pieces of photographs, with a label for each pixel: a small task of dense prediction."""

import numpy as np

from convbook._arguments import per_axis, whole
from convbook.data.handwritten import Labelled, digits
from convbook.data.photographs import PHOTOGRAPHS, photograph
from convbook.data.warped import warp

INK = 0.5  # a pixel belongs to the digit that covers at least this share of it


def digit_scenes(count=300, test_count=100, *, size=(32, 40), most=3, scale=(1.2, 2.4), rotation=20, only=None, seed=0):
    """Pictures with one to `most` digits in them, and the map that says which pixel is which digit.

    The background is a piece of a photograph: of its left two thirds for training, of its right third for the test. Digits do
    not overlap; each is darker or lighter than what it stands on, in a colour of its own, so that no brightness gives it away.

    Args:
        count, test_count: how many pictures.
        size: (H, W), from (24, 24) to (120, 64).
        most: the largest number of digits in a picture; one that finds no free place is left out.
        scale, rotation: as in `warped_digits`.
        only: digits to draw from, such as (0, 1), for a smaller task; all ten by default.
        seed: of everything that is drawn.

    Returns:
        train, test: each a pair (images, labels): images (N, 3, H, W), float32 in [0, 1]; labels (N, H, W), int64: 0 is the
        background, 1 + d the digit d. So a network has 11 outputs for each pixel. Nine pixels of ten are background: a loss
        that does not weigh them less is content with nothing else for a long while.

    Raises:
        ValueError: a size that has no room for a digit, or that no piece of a photograph fills; or no digit of `only` exists.

    >>> train, test = digit_scenes(4, 2)
    >>> train.images.shape, test.labels.shape
    ((4, 3, 32, 40), (2, 32, 40))
    """
    H, W = per_axis("size", tuple(size), 2, at_least=1)
    if not (24 <= H <= 120 and 24 <= W <= 64):
        raise ValueError(f"size={tuple(size)} must lie between (24, 24) and (120, 64)")
    most = whole("most", most, at_least=1)
    photographs = [photograph(name, size=240) for name in PHOTOGRAPHS]
    parts = []
    for number, (part, name, n) in enumerate(zip(digits(seed=seed), ("count", "test_count"), (count, test_count))):
        rng = np.random.default_rng((seed, number))
        if only is not None:
            part = _only(part, only)
        cuts = [photo.shape[2] * 2 // 3 for photo in photographs]
        grounds = [photo[:, :, cut:] if number else photo[:, :, :cut] for photo, cut in zip(photographs, cuts)]
        scenes = [_scene(grounds[i % len(grounds)], part, (H, W), most, scale, rotation, rng)
                  for i in range(whole(name, n, at_least=1))]
        parts.append(Labelled(*(np.stack(each) for each in zip(*scenes))))
    return tuple(parts)


def _only(part, wanted):
    kept = np.isin(part.labels, list(wanted))
    if not kept.any():
        raise ValueError(f"only={wanted!r} must name some of the digits 0 to 9")
    return Labelled(part.images[kept], part.labels[kept])


def _scene(ground, part, size, most, scale, rotation, rng):
    """One picture (3, H, W) and its labels (H, W)."""
    top, left = (rng.integers(n - m + 1) for n, m in zip(ground.shape[1:], size))
    image = ground[:, top:top + size[0], left:left + size[1]].copy()
    labels = np.zeros(size, dtype=np.int64)
    for _ in range(rng.integers(1, most + 1)):
        which = rng.integers(len(part.images))
        for _ in range(10):
            factor = rng.uniform(*scale)
            room = [max(0.0, n / 2 - 4 * factor) for n in size]  # the whole digit stays inside
            ink = warp(part.images[which], size, scale=factor, angle=rng.uniform(-rotation, rotation),
                       shift=[rng.uniform(-r, r) for r in room])[0]
            cover = (1.25 * ink).clip(0, 1)  # thin strokes stay in one piece
            if not labels[cover > 0].any():
                break
        else:
            continue
        under = (image * cover).sum() / (3 * cover.sum())  # mean brightness of what it will stand on
        colour = rng.uniform(0, 0.35, 3) if under > 0.5 else rng.uniform(0.65, 1, 3)
        image = image * (1 - cover) + colour[:, None, None] * cover
        labels[cover >= INK] = 1 + part.labels[which]
    return image.astype(np.float32), labels
