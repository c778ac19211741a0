"""A padded image, written down index by index."""

import numpy as np

from convbook.shapes import padded_indices


def padded(x, pads, padding_mode):
    """Copy an image into a larger one; which input each position copies is `shapes.padded_indices`.

        padded[..., i, j] = x[..., rows[i], columns[j]],  or 0 where the index is -1

    Args:
        x: (..., *n), the images.
        pads: (before, after) for each of the last axes.
        padding_mode: "zeros", "reflect", "replicate" or "circular".
    Returns:
        (..., *n'), n' = before + n + after, of x's dtype.
    Raises:
        ValueError: as `shapes.padded_indices`.

    >>> padded(np.array([[1, 2, 3]]), [(0, 0), (1, 2)], "circular")
    array([[3, 1, 2, 3, 1, 2]])

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
    """
    for axis, pad in enumerate(pads, start=x.ndim - len(pads)):
        index = padded_indices(x.shape[axis], pad, padding_mode=padding_mode)
        # A zero is put at the end of the axis, where index -1 finds it.
        x = np.insert(x, x.shape[axis], 0, axis=axis).take(index, axis=axis)
    return x
