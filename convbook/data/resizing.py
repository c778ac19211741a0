"""Smaller and larger images: means of areas, and bicubic interpolation."""

import numpy as np

from convbook._arguments import whole


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


def bicubic_resize(image, size):
    """Resize an image with the cubic kernel of Keys; when it shrinks, the kernel grows with the pixels, so that nothing aliases.

        y = A x Bᵀ,    A[i, j] = k((j + 1/2 - (i + 1/2) r) / max(r, 1)), rows scaled to sum 1,  r = H / H'
        k(t) = 1.5 |t|³ - 2.5 |t|² + 1 up to 1,  -0.5 |t|³ + 2.5 |t|² - 4 |t| + 2 up to 2,  0 beyond

    Args:
        image: (..., H, W).
        size: (H', W'), smaller or larger.

    Returns:
        (..., H', W'), float64. The kernel has negative lobes: values may leave the range of the input a little.

    A constant stays constant:

    >>> bicubic_resize(np.full((2, 3), 7.0), (3, 2)).round(12)
    array([[7., 7.],
           [7., 7.],
           [7., 7.]])

    Same result as Pillow's resize with BICUBIC, on images of floats.

    Source: Keys (1981), Cubic Convolution Interpolation for Digital Image Processing, https://doi.org/10.1109/TASSP.1981.1163711
    """
    height, width = (whole(f"size[{axis}]", n, at_least=1) for axis, n in enumerate(size))
    return _cubic(image.shape[-2], height) @ image @ _cubic(image.shape[-1], width).T


def _cubic(n, o):
    """The matrix (o, n) that interpolates n cells at o places."""
    r = n / o
    t = np.abs(np.arange(n) + 0.5 - (np.arange(o)[:, None] + 0.5) * r) / max(r, 1)
    k = np.where(t < 1, (1.5 * t - 2.5) * t**2 + 1, np.where(t < 2, ((-0.5 * t + 2.5) * t - 4) * t + 2, 0))
    return k / k.sum(axis=1, keepdims=True)
