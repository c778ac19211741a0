"""Reading an image between its pixels."""

import numpy as np

from convbook._signatures.deformable import read_sample


def bilinear_sample(image, y, x):
    """Read an image at fractional positions: a mean of the four pixels around, nearer ones counting more.

        sample = sum over r, q of  g(r, y) g(q, x) image[r, q]       g(a, b) = max(0, 1 - |a - b|)

    Only the pixels r = floor(y), floor(y) + 1 and q = floor(x), floor(x) + 1 can count. Beyond the
    image all are zero: a position with -1 < y < h still gets its share of the neighbours inside.

    Args:
        image: (..., h, w), any axes before the last two; float32, float64 or integers.
        y, x: rows and columns, two arrays of one shape S, of any of these dtypes; pixel r has its
            centre at r, not at r + 0.5. Infinite ones are far outside, where all is zero.
    Returns:
        (..., *S), in the dtype NumPy promotes image, y and x to; float64 if all are integers.
    Raises:
        ValueError: image has no pixels, y and x differ in shape, or one of them holds NaN.
        TypeError: a dtype is not one of those above, such as float16.

    (0 + 8 + 20 + 28) / 4 in the middle; three quarters of (0 + 20) / 2 and one of (8 + 28) / 2:

    >>> bilinear_sample([[0, 8], [20, 28]], [0.5, 0.5], [0.5, 0.25])
    array([14., 12.])

    Same result as torch.nn.functional.grid_sample with padding_mode="zeros", in pixels.
    Source: Dai et al. (2017), equations 3 and 4, https://arxiv.org/abs/1703.06211
    """
    image, y, x = read_sample(image, y, x)
    samples = np.zeros((*image.shape[:-2], *y.shape), image.dtype)
    for plane in np.ndindex(image.shape[:-2]):
        for place in np.ndindex(y.shape):
            samples[(*plane, *place)] = sample(image[plane], y[place], x[place])
    return samples


def sample(image, y, x):
    """One number between the pixels of one plane."""
    h, w = image.shape
    total = 0
    for r in np.floor(y), np.floor(y) + 1:
        for q in np.floor(x), np.floor(x) + 1:
            if 0 <= r < h and 0 <= q < w:
                total += g(r, y) * g(q, x) * image[int(r), int(q)]
    return total


def g(a, b):
    """How much a pixel at a counts at position b, along one axis."""
    return max(0, 1 - abs(a - b))
