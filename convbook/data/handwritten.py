"""The handwritten digits of scikit-learn, and their splits."""

from functools import cache
from typing import NamedTuple

import numpy as np

from convbook._arguments import whole


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
        rest = rest[_first_of_each(labels[rest], per_class)]
    return Labelled(images[rest], labels[rest]), Labelled(images[held_out], labels[held_out])


def few_digits(per_class=10, *, validation=100, test=360, seed=0):
    """Few labelled digits to train on, some to decide when to stop, and the test set of `digits`; the three share no image.

    Args:
        per_class: training images of each digit, at least 1.
        validation: images to validate on: of no use for an honest comparison if they are many more than the training images.
        test, seed: as in `digits`; the same seed gives the same test set.

    Returns:
        train, validation, test: each a pair (images, labels), as in `digits`.

    Raises:
        ValueError: more images than there are.

    >>> [len(part.images) for part in few_digits(5)]
    [50, 100, 360]
    """
    (images, labels), held_out = digits(test=test, seed=seed)
    chosen = _first_of_each(labels, per_class)
    others = np.delete(np.arange(len(labels)), chosen)
    validation = whole("validation", validation, at_least=1)
    if validation > len(others):
        raise ValueError(f"validation={validation} must be at most {len(others)}: so many digits are left")
    others = others[:validation]
    return Labelled(images[chosen], labels[chosen]), Labelled(images[others], labels[others]), held_out


def _first_of_each(labels, per_class):
    """Places of the first `per_class` labels of each digit, in order."""
    per_class = whole("per_class", per_class, at_least=1)
    fewest = np.bincount(labels, minlength=10).min()
    if per_class > fewest:
        raise ValueError(f"per_class={per_class} must be at most {fewest}: so many training images has the rarest digit")
    return np.sort(np.concatenate([np.flatnonzero(labels == c)[:per_class] for c in range(10)]))
