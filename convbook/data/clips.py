"""Short films of moving digits, for convolutions over time."""

import numpy as np

from convbook._arguments import whole
from convbook.data.handwritten import Labelled, digits

DIRECTIONS = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}  # rows, columns a step


def digit_clips(count=400, test_count=200, *, directions=("left", "right"), frames=5, size=(10, 14), seed=0):
    """Short films of real digits that move one way; the class is the direction, not the digit.

    Each digit starts anywhere and leaves one side to come back at the other, so a single frame says nothing about the
    direction. A clip to the right, played backwards, is a clip to the left: whoever forgets the order of the frames can do
    no better than chance. Training and test clips show different digits.

    Args:
        count, test_count: how many clips; the classes take turns.
        directions: names out of "left", "right", "up", "down"; at least two.
        frames: frames a clip; the digit moves one or two pixels a frame, the same in the whole clip.
        size: (H, W) of a frame, at least 8 x 8.
        seed: of everything that is drawn.

    Returns:
        train, test: each a pair (images, labels): images (N, 1, frames, H, W), float32 in [0, 1]; labels (N,), int64, the
        place in `directions`.

    Raises:
        ValueError: an unknown direction, fewer than two, or a frame smaller than a digit.

    >>> train, test = digit_clips(6, 2)
    >>> train.images.shape, train.labels
    ((6, 1, 5, 10, 14), array([0, 1, 0, 1, 0, 1]))
    """
    directions = (directions,) if isinstance(directions, str) else tuple(directions)
    unknown = [d for d in directions if d not in DIRECTIONS]
    if unknown or len(directions) < 2:
        raise ValueError(f"directions={directions!r} must hold at least two of {', '.join(DIRECTIONS)}")
    height, width = size
    if min(height, width) < 8:
        raise ValueError(f"size={size!r} must be at least (8, 8), the size of a digit")
    frames, rng = whole("frames", frames, at_least=2), np.random.default_rng(seed)
    return tuple(_clips(part.images, whole(name, n, at_least=1), directions, frames, (height, width), rng)
                 for part, name, n in zip(digits(seed=seed), ("count", "test_count"), (count, test_count)))


def _clips(images, count, directions, frames, size, rng):
    labels = np.arange(count) % len(directions)
    clips = np.zeros((count, 1, frames, *size), dtype=np.float32)
    for clip, label in zip(clips[:, 0], labels):
        clip[:, :8, :8] = images[rng.integers(len(images)), 0]
        start = [rng.integers(n) for n in size]
        speed = rng.integers(1, 3)
        for t in range(frames):
            clip[t] = np.roll(clip[t], [s + t * speed * step for s, step in zip(start, DIRECTIONS[directions[label]])], axis=(0, 1))
    return Labelled(clips, labels.astype(np.int64))
