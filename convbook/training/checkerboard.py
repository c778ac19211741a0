"""How much of an image is the pattern of a stride: the checkerboard as one number."""

import numpy as np

from convbook._arguments import array, whole


def checkerboard(images, stride):
    """Root of the energy at the stride's frequencies: how far the pixels sway with the period s, on average.

        energy = sum of |x̂[u, v]|² / (H W)²  over u in {0, H/s, 2H/s, ...}, v likewise, (0, 0) left out

    x̂ is the discrete Fourier transform. It is also the variance of the s² means that the image has, one for each place
    (row modulo s, column modulo s).

    Args:
        images: (..., H, W); s must divide H and W.
        stride: s >= 2, the factor by which a network enlarged.
    Returns:
        a float in the images' own unit: the root of the energy's mean over all images.
    Raises:
        ValueError: a stride that is too small, or does not divide the sides.

    Columns that alternate between 1 and 5 sway by 2 around 3:

    >>> checkerboard([[1, 5, 1, 5], [1, 5, 1, 5]], 2)
    2.0
    """
    x, s = array("images", images), whole("stride", stride, at_least=2)
    if x.ndim < 2 or x.shape[-2] % s or x.shape[-1] % s:
        raise ValueError(f"images has shape {x.shape}; its last two sides must be multiples of stride={s}")
    h, w = x.shape[-2:]
    means = x.reshape(*x.shape[:-2], h // s, s, w // s, s).mean(axis=(-4, -2))
    return float(np.sqrt(means.var(axis=(-2, -1)).mean()))
