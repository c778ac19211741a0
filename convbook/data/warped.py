"""Digits in many sizes and at many angles."""

import numpy as np

from convbook._arguments import per_axis, whole
from convbook.data.handwritten import Labelled, digits


def warp(images, size, *, scale=1.0, angle=0.0, shift=(0.0, 0.0)):
    """Enlarge, turn and move images on a black canvas, read between their pixels by bilinear interpolation.

    Args:
        images: (N, H, W).
        size: (H', W') of the canvas; the middle of an image comes to its middle, plus the shift.
        scale: pixels of the canvas for each pixel of the image; one number, or one for each image. Below 1 pixels are skipped.
        angle: degrees, counter-clockwise; one, or one for each image.
        shift: (rows, columns), or (N, 2).

    Returns:
        (N, H', W'), float32.

    A quarter turn brings the right-hand pixel to the top:

    >>> warp(np.array([[[0, 0, 0], [0, 1, 2], [0, 0, 0]]]), (3, 3), angle=90).round(6)
    array([[[0., 2., 0.],
            [0., 1., 0.],
            [0., 0., 0.]]], dtype=float32)
    """
    N, H, W = images.shape
    h, w = per_axis("size", tuple(size), 2, at_least=1)
    scale, angle = (np.broadcast_to(np.asarray(v, dtype=float), N)[:, None, None] for v in (scale, angle))
    down, right = np.broadcast_to(np.asarray(shift, dtype=float), (N, 2)).T[:, :, None, None]
    y, x = np.arange(h)[:, None] - (h - 1) / 2 - down, np.arange(w) - (w - 1) / 2 - right
    sin, cos = np.sin(np.deg2rad(angle)), np.cos(np.deg2rad(angle))
    # Each place on the canvas asks where it comes from: turned back, and shrunk.
    rows, columns = (x * sin + y * cos) / scale + (H - 1) / 2, (x * cos - y * sin) / scale + (W - 1) / 2
    ringed = np.pad(images, [(0, 0), (1, 1), (1, 1)])  # whatever comes from further out reads the ring of zeros
    top, left = np.floor(rows).astype(int), np.floor(columns).astype(int)
    canvas = np.zeros((N, h, w))
    for r in (top, top + 1):
        for c in (left, left + 1):
            share = (1 - np.abs(rows - r)) * (1 - np.abs(columns - c))
            canvas += share * ringed[np.arange(N)[:, None, None], r.clip(-1, H) + 1, c.clip(-1, W) + 1]
    return canvas.astype(np.float32)


def warped_digits(*, size=(20, 20), scale=(1.0, 2.0), rotation=45, shift=1.0, copies=1, test=360, per_class=None, seed=0):
    """Handwritten digits under random scale and rotation: the grid that fits each of them is another one.

    To learn on one range and test on another, call it twice with the same seed: the digits of the test set are the same.

    Args:
        size: (H, W) of an image.
        scale: (smallest, largest) enlargement of the 8 x 8 digits, drawn with equal chance for each factor.
        rotation: largest angle to either side, degrees; beyond 90, a 6 may be a 9.
        shift: largest shift of the middle along each axis, pixels.
        copies: how often each training digit stands in the training set, each time warped differently.
        test, per_class, seed: as in `digits`. The test set depends on neither `copies` nor `per_class`.

    Returns:
        train, test: each a pair (images, labels): images (N, 1, H, W), float32 in [0, 1], 1 is ink; labels (N,), int64.

    Raises:
        ValueError: an empty range of scales, or a negative rotation or shift.

    >>> train, test = warped_digits(size=(18, 21), copies=2)
    >>> train.images.shape, test.images.shape
    ((2874, 1, 18, 21), (360, 1, 18, 21))
    """
    smallest, largest = scale
    if not 0 < smallest <= largest:
        raise ValueError(f"scale={tuple(scale)} must be a pair (smallest, largest) with 0 < smallest <= largest")
    for name, value in (("rotation", rotation), ("shift", shift)):
        if value < 0:
            raise ValueError(f"{name}={value} must be at least 0")
    copies = whole("copies", copies, at_least=1)
    parts = []
    for number, (part, times) in enumerate(zip(digits(test=test, per_class=per_class, seed=seed), (copies, 1))):
        rng = np.random.default_rng((seed, number))
        images, labels = np.tile(part.images[:, 0], (times, 1, 1)), np.tile(part.labels, times)
        N = len(images)
        warped = warp(images, size, scale=np.exp(rng.uniform(np.log(smallest), np.log(largest), N)),
                      angle=rng.uniform(-rotation, rotation, N), shift=rng.uniform(-shift, shift, (N, 2)))
        parts.append(Labelled(warped[:, None].clip(0, 1), labels))
    return tuple(parts)
