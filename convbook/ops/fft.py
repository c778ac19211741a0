"""Convolution by Fourier transforms: one product a frequency, whatever the size of the kernel."""

import numpy as np

from convbook._signatures.convolution import read_conv
from convbook.ops.windows import padded


def conv2d_fft(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1,
               padding_mode="zeros"):
    """Convolve by multiplying spectra: at each frequency, X times the conjugate of W.

        y = b + F^-1( sum over c of  F(x) conj F(w) )

    of which the places that did not wrap around are kept, and every s-th of them.

    Arguments and errors are those of `reference.conv2d`; so is the result to rounding, with
    integers computed in and returned as float64. All places at stride 1 are computed, the others
    thrown away.

    >>> conv2d_fft([[[1, 2, 3], [4, 5, 6]]], [[[[1, 10], [100, 1000]]]]).round(6)
    array([[[5421., 6532.]]])

    Source: Mathieu, Henaff & LeCun (2014), https://arxiv.org/abs/1312.5851
    """
    a = read_conv(2, x, weight, bias, stride, padding, dilation, groups, padding_mode)
    N, (D, C_g, k_h, k_w), G = len(a.x), a.w.shape, a.groups
    (s_h, s_w), (d_h, d_w) = a.stride, a.dilation
    x, w = padded(a.x, a.pads, padding_mode), a.w
    h, w_ = x.shape[2:]

    # Dilation puts zeros between the taps.
    spread = np.zeros((D, C_g, d_h * (k_h - 1) + 1, d_w * (k_w - 1) + 1), w.dtype)
    spread[:, :, ::d_h, ::d_w] = w
    X = np.fft.rfft2(x).reshape(N, G, C_g, h, w_ // 2 + 1)
    W = np.fft.rfft2(spread, s=(h, w_)).reshape(G, D // G, C_g, h, w_ // 2 + 1)
    Y = np.einsum("ngcij,gfcij->ngfij", X, W.conj()).reshape(N, D, h, w_ // 2 + 1)
    # NumPy 1 transforms in float64.
    y = np.fft.irfft2(Y, s=(h, w_)).astype(np.result_type(x, 1.0))
    y = y[:, :, :h - spread.shape[2] + 1:s_h, :w_ - spread.shape[3] + 1:s_w]
    return a.unbatch(y + a.b[:, None, None])
