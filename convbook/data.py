"""Real data that ships inside packages: handwritten digits, three photographs, and short clips made of the digits.

Nothing is downloaded, ever. Everything is float32 in [0, 1], with channels before rows and columns, as PyTorch has it.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from convbook._arguments import whole

PHOTOGRAPHS = ("china", "flower", "grace_hopper")
DIRECTIONS = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}  # rows, columns a step


class Labelled(NamedTuple):
    """Images or clips, and the class of each."""

    images: np.ndarray
    labels: np.ndarray


@cache
def _all_digits():
    from sklearn.datasets import load_digits

    bunch = load_digits()
    # The file holds 0 to 16: how many of 16 fine pixels were ink.
    return (bunch.images[:, None] / 16).astype(np.float32), bunch.target.astype(np.int64)


def digits(*, test=360, per_class=None, seed=0):
    """The 1,797 handwritten digits, split into a training and a test set that share no image.

    Args:
        test: how many images are held out, 1 to 1,787.
        per_class: keep only so many training images of each digit: few labels; all of them by default.
        seed: of the shuffle. The same seed gives the same test set, whatever `per_class` is.

    Returns:
        train, test: each a pair (images, labels): images (N, 1, 8, 8), float32 in [0, 1], 1 is ink; labels (N,), int64, 0 to 9.

    Raises:
        ValueError: `test` or `per_class` asks for more images than there are.

    >>> train, test = digits()
    >>> train.images.shape, test.images.shape
    ((1437, 1, 8, 8), (360, 1, 8, 8))

    Source: E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, https://doi.org/10.24432/C50P49;
    the copy in scikit-learn is that data's test set.
    """
    images, labels = _all_digits()
    test = whole("test", test, at_least=1)
    if test > len(images) - 10:
        raise ValueError(f"test={test} must be at most {len(images) - 10}: there are {len(images)} digits")
    order = np.random.default_rng(seed).permutation(len(images))
    held_out, rest = order[:test], order[test:]
    if per_class is not None:
        per_class = whole("per_class", per_class, at_least=1)
        fewest = np.bincount(labels[rest], minlength=10).min()
        if per_class > fewest:
            raise ValueError(f"per_class={per_class} must be at most {fewest}: so many training images has the rarest digit")
        rest = rest[np.sort(np.concatenate([np.flatnonzero(labels[rest] == c)[:per_class] for c in range(10)]))]
    return Labelled(images[rest], labels[rest]), Labelled(images[held_out], labels[held_out])


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


def photograph(name, *, size=None, grey=False):
    """A photograph.

    Args:
        name: "china" (a temple, 427 x 640), "flower" (427 x 640) or "grace_hopper" (a portrait, 600 x 512).
        size: (H, W) to shrink to by averaging areas, or one int: the height, the width following in proportion.
        grey: weigh the colours to one brightness, 0.299 R + 0.587 G + 0.114 B.

    Returns:
        (3, H, W), or (H, W) if grey; float32 in [0, 1].

    Raises:
        ValueError: an unknown name, or a size larger than the photograph.

    >>> photograph("flower", size=(40, 60)).shape, photograph("grace_hopper", size=75, grey=True).shape
    ((3, 40, 60), (75, 64))
    """
    if name not in PHOTOGRAPHS:
        raise ValueError(f"name={name!r} must be one of {', '.join(PHOTOGRAPHS)}")
    image = _pixels(name)
    if grey:
        image = np.tensordot(np.array([0.299, 0.587, 0.114]), image, axes=1)
    if size is not None:
        height, width = image.shape[-2:]
        if np.ndim(size) == 0:
            rows = whole("size", size, at_least=1)
            size = (rows, max(1, round(width * rows / height)))
        image = area_resize(image, size)
    return np.ascontiguousarray(np.clip(image, 0, 1), dtype=np.float32)


@cache
def _pixels(name):
    """The photograph as float64 in [0, 1], (3, H, W), read only."""
    from PIL import Image

    if name == "grace_hopper":
        import matplotlib

        path = Path(matplotlib.get_data_path(), "sample_data", "grace_hopper.jpg")
    else:
        import sklearn.datasets

        path = Path(sklearn.datasets.__file__).parent / "images" / f"{name}.jpg"
    with Image.open(path) as file:
        image = np.moveaxis(np.asarray(file.convert("RGB")), -1, 0) / 255
    image.flags.writeable = False
    return image


def area_resize(image, size):
    """Shrink an image: each new pixel is the mean of the area it covers, shares of pixels included.

        y = A x Bᵀ,    A[i, j] = share of new row i that old row j fills

    Args:
        image: (..., H, W).
        size: (H', W'), at most (H, W).

    Returns:
        (..., H', W'), float64. The mean over the whole image stays the same.

    Raises:
        ValueError: a size larger than the image: there is nothing to average.

    >>> area_resize(np.array([[1, 2, 6]]), (1, 2))
    array([[1.33333333, 4.66666667]])
    """
    height, width = (whole(f"size[{axis}]", n, at_least=1) for axis, n in enumerate(size))
    if height > image.shape[-2] or width > image.shape[-1]:
        raise ValueError(f"size={tuple(size)} must be at most {image.shape[-2:]}, the size of the image")
    return _shares(image.shape[-2], height) @ image @ _shares(image.shape[-1], width).T


def _shares(n, o):
    """The matrix (o, n) that averages n cells into o; each row sums to 1."""
    edges = np.arange(o + 1) * (n / o)
    left = np.maximum(edges[:-1, None], np.arange(n))
    right = np.minimum(edges[1:, None], np.arange(1, n + 1))
    return np.maximum(right - left, 0) * (o / n)
