"""A real deconvolution: from what a convolution made back to what it read. No transposed convolution does this."""

import numpy as np

from convbook._arguments import array, number


def deconvolve2d(y, kernel, *, noise=0.0):
    """Undo a convolution with circular padding: least squares, or with `noise` the Wiener filter.

        x = argmin |conv(x) - y|² + noise |x|²     or, frequency by frequency,     x̂ = conj(ŵ) ŷ / (|ŵ|² + noise)

    A circular convolution multiplies each frequency of the image by one number ŵ, so that dividing undoes it. Where ŵ is small,
    dividing blows up whatever noise y holds; `noise` keeps the divisor away from zero.

    Args:
        y: (H, W), what `conv2d(x, kernel, padding=k // 2, padding_mode="circular")` gave.
        kernel: (k_h, k_w), odd sides, at most those of y.
        noise: power of the noise relative to that of the image, at least 0; the same at every frequency.
    Returns:
        x, (H, W), float64.
    Raises:
        ValueError: y or kernel has not two axes, a side that is even or too long, or a noise below 0.
        TypeError: a noise that is not a number.

    Each number was spread over itself, three times, and its right neighbour, once:

    >>> np.abs(deconvolve2d([[3, 1, 6, 2]], [[1, 3, 0]]).round(9))
    array([[1., 0., 2., 0.]])

    Same result as `numpy.linalg.lstsq` on the matrix of the convolution (noise 0).
    Source: Wiener (1949), Extrapolation, Interpolation, and Smoothing of Stationary Time Series;
    Gonzalez & Woods, Digital Image Processing, section 5.8.
    """
    y, w = _read(y, kernel, noise)
    transfer = np.fft.fft2(_centred(w, y.shape)).conj()  # conj: conv2d does not flip
    power = np.abs(transfer) ** 2 + noise
    # Frequencies that did not come through at all: the smallest x has none of them.
    lost = power <= np.finfo(float).eps ** 2 * power.max()
    power[lost], transfer[lost] = 1, 0
    return np.fft.ifft2(transfer.conj() * np.fft.fft2(y) / power).real


def _read(y, kernel, noise):
    y, w = array("y", y), array("kernel", kernel)
    if y.ndim != 2 or w.ndim != 2:
        raise ValueError(f"y has shape {y.shape} and kernel {w.shape}; both must be (height, width)")
    if any(k % 2 == 0 or k > n for k, n in zip(w.shape, y.shape)):
        raise ValueError(f"kernel has shape {w.shape}; its sides must be odd, and at most those of y, {y.shape}")
    number("noise", noise, at_least=0)
    return y, w


def _centred(w, size):
    """The kernel on an image of zeros, its middle tap at (0, 0), what lies before it wrapped around."""
    image = np.zeros(size)
    image[:w.shape[0], :w.shape[1]] = w
    return np.roll(image, [-(k // 2) for k in w.shape], axis=(0, 1))
