"""The core of conv1d, conv2d and conv3d: windows as columns, a block at a time, one matrix product a block.

Tried on the layers of `benchmarks`, and left out, since it was no faster:
- all columns at once: written to memory and read back from there; twice as slow on grouped and depthwise layers;
- a matrix product a tap, added up (kn2row): level on dense layers, 4 to 9 times slower on depthwise ones and the stem;
- depthwise as a sum of scaled and shifted images: 17 passes, where a product of columns needs two;
- einsum for the depthwise product: half the speed of matmul;
- strided images sorted into one image per phase first: the copy costs more than it saves.
"""

from itertools import product
from math import prod

import numpy as np
from numpy.lib.stride_tricks import as_strided

from convbook.ops.windows import padded

BLOCK_BYTES = 2**19  # columns of a block: half of a usual second-level cache
BLOCK_PLACES = 512  # but at least so many, or reading the filters again for each block would cost more
FEW_FILTERS = 8  # per group: below it, copying windows costs more than multiplying them


def convolve(a, padding_mode="zeros"):
    """The convolution that `_signatures.convolution.read_conv` read, without unbatching.

    One tap is a plain matrix product. Otherwise columns are made in blocks; where few filters share
    them, at stride 1, whole rows are copied and the places between images' rows thrown away.
    """
    x = padded(a.x, a.pads, padding_mode)
    if set(a.kernel_size) == {1}:
        return one_tap(a, x)
    return by_columns(a, x, whole_rows=set(a.stride) == {1} and len(a.w) // a.groups < FEW_FILTERS)


def one_tap(a, x):
    """A 1 x 1 kernel mixes channels at each place: one matrix product, and no copy at stride 1."""
    N, D, G = len(x), len(a.w), a.groups
    seen = x[(..., *(slice(None, None, s) for s in a.stride))]
    y = a.w.reshape(G, D // G, -1) @ seen.reshape(N, G, seen.shape[1] // G, prod(a.output_size))
    y = y.reshape(N, D, *a.output_size)
    y += a.b.reshape(D, *[1] * len(a.output_size))
    return y


def by_columns(a, x, *, whole_rows=False):
    """Copy a block of windows into columns that stay in the cache, multiply, add the bias, go on.

    With `whole_rows`, windows go on across the right border into the next row: long runs to copy,
    for k - 1 places a row that are computed in vain.
    """
    N, D, G, k, o = len(x), len(a.w), a.groups, a.kernel_size, a.output_size
    C_g, D_g, K, axes = a.w.shape[1], D // G, prod(a.w.shape[1:]), len(k)
    run = (*o[:-1], x.shape[-1]) if whole_rows else o
    if whole_rows:  # the last row runs beyond the last image
        x = _with_spare(x, x.shape[-1] - o[-1])
    n_, c_, *at = x.strides
    # (G, C / G, *k, N, *run): each window a view into the padded image.
    seen = as_strided(x, (G, C_g, *k, N, *run), writeable=False, strides=(
        C_g * c_, c_, *(d * z for d, z in zip(a.dilation, at)), n_, *(s * z for s, z in zip(a.stride, at))))

    y = np.empty((N, D, *o), x.dtype)
    to = np.moveaxis(y.reshape(N, G, D_g, *o), 0, 2)  # a view: (G, D / G, N, *o)
    w, b = a.w.reshape(G, D_g, K), a.b.reshape(G, D_g, *[1] * (axes + 1))
    sizes = (G, N, *run)
    block = _block(sizes, max(BLOCK_PLACES, BLOCK_BYTES // (K * x.itemsize)))
    buffer = np.empty(K * prod(block), x.dtype)
    for g, *places in product(*([slice(i, i + m) for i in range(0, n, m)] for n, m in zip(sizes, block))):
        windows = seen[(g, *[slice(None)] * (1 + axes), *places)]
        columns = buffer[:windows.size].reshape(windows.shape)
        columns[...] = windows
        with np.errstate(invalid="ignore", over="ignore"):  # nothing is said of places thrown away
            found = w[g] @ columns.reshape(len(columns), K, -1)
        found = found.reshape(len(columns), D_g, *windows.shape[2 + axes:])
        target = to[(g, slice(None), *places)]
        np.add(found[..., :target.shape[-1]], b[g], out=target)
    return y


def _block(sizes, most):
    """A box to cut an array into, of about that many entries: whole last axes, and even pieces of the next.

    >>> _block((5, 10, 4), 16)
    [1, 4, 4]
    """
    block = []
    for n in reversed(sizes):
        pieces = max(1, -(-n // most))
        block.insert(0, max(1, -(-n // pieces)))
        most = max(1, most // block[0])
    return block


def _with_spare(x, spare):
    """A copy of x in one piece of memory, with zeros behind it that may be read."""
    flat = np.zeros(x.size + spare, x.dtype)
    inside = flat[:x.size].reshape(x.shape)
    inside[...] = x
    return inside
