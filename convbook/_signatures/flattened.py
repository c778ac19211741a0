"""How the arguments of a flattened convolution are read."""

from typing import NamedTuple

import numpy as np

from convbook._arguments import array, one_of
from convbook._signatures.layer import in_one_dtype, read_images
from convbook.shapes import same_padding


class Flattened(NamedTuple):
    """The arguments, in one dtype and with a batch axis; `pads` is ((top, bottom), (left, right)) zeros."""

    x: np.ndarray
    vectors: tuple  # (F, C), (F, Y), (F, X)
    pads: tuple
    single: bool  # whether the caller left the batch axis out


def read_flattened(x, lateral, vertical, horizontal, padding):
    """Read the arguments of `flattened_conv2d`."""
    x, single = read_images(2, x)
    names = ("lateral", "vertical", "horizontal")
    vectors = [array(name, v) for name, v in zip(names, (lateral, vertical, horizontal))]
    shapes = ", ".join(f"{name} has shape {v.shape}" for name, v in zip(names, vectors))
    z, y, h = vectors
    if not z.ndim == y.ndim == h.ndim == 2 or not len(z) == len(y) == len(h) or z.shape[1] != x.shape[1] or 0 in (*y.shape, *h.shape):
        raise ValueError(f"{shapes}; they must be (filters, channels), (filters, rows), (filters, columns), "
                         f"each at least 1, with channels = {x.shape[1]}")
    one_of("padding", padding, ("valid", "same", "full"))
    taps = y.shape[1], h.shape[1]
    pads = tuple({"valid": (0, 0), "same": same_padding(1, k), "full": (k - 1, k - 1)}[padding] for k in taps)
    for axis, n, k, both in zip(("rows", "columns"), x.shape[2:], taps, pads):
        if n + sum(both) < k:
            raise ValueError(f"x has {n} {axis}, fewer than the {k} numbers of a vector; use padding='full'")
    x, *vectors = in_one_dtype(x, *vectors)
    return Flattened(x, tuple(vectors), pads, single)
