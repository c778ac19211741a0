"""Convolutions in one, two and three dimensions, written as their formulas are.

Deep learning's convolution does not flip the kernel: mathematics calls it cross-correlation.
Letters: N images, C input channels, D output channels, G groups; m an image, f an output channel (a
filter), c an input channel; i, j an output position; u, v a tap.
"""

import numpy as np

from convbook._signatures.convolution import read_conv
from convbook.reference.padding import padded


def conv2d(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1,
           padding_mode="zeros"):
    """Slide every filter over the padded image; at each place, multiply tap by tap and add up.

        y[m, f, i, j] = b[f] + sum over c, u, v of
                                  w[f, c, u, v] x[m, c, s_h i + d_h u, s_w j + d_w v]

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one; float32, float64 or integers.
        weight: (D, C / G, k_h, k_w).
        bias: (D,), or None for zeros.
        stride: distance between neighbouring windows, s >= 1; an int, or one per axis.
        padding: positions added on each side, p >= 0; "valid" for none; "same", at stride 1 only,
            for an output as large as the input (an odd total puts the extra position after).
        dilation: distance between neighbouring taps, d >= 1.
        groups: G, dividing C and D; filter f sees only the C / G channels of its group.
        padding_mode: what the added positions hold: "zeros", "reflect", "replicate" or "circular".
    Returns:
        (N, D, o_h, o_w), without N if x had none; sizes as `shapes.conv_output_size`. Its dtype is
        the one NumPy promotes x, weight and bias to; integers of any width become int64, and are
        exact as long as int64 holds them.
    Raises:
        ValueError: shapes do not fit each other, the dilated kernel is longer than the padded
            image, groups do not divide the channels, or the padding is too large for its mode.
        TypeError: an option is not an integer, or a dtype not one of those above, such as float16.

    1*1 + 2*10 + 4*100 + 5*1000 = 5421, and so on:

    >>> conv2d([[[1, 2, 3], [4, 5, 6]]], [[[[1, 10], [100, 1000]]]])
    array([[[5421, 6532]]])

    Same result as torch.nn.functional.conv2d; with a padding mode, as torch.nn.Conv2d.
    Source: Goodfellow, Bengio & Courville (2016), equation 9.8,
    https://www.deeplearningbook.org/contents/convnets.html
    """
    a = read_conv(2, x, weight, bias, stride, padding, dilation, groups, padding_mode)
    x, w, b = padded(a.x, a.pads, padding_mode), a.w, a.b
    (s_h, s_w), (d_h, d_w), (o_h, o_w) = a.stride, a.dilation, a.output_size
    N, (D, C_g, k_h, k_w) = len(x), w.shape

    y = np.zeros((N, D, o_h, o_w), x.dtype)
    for m in range(N):
        for f in range(D):
            first = f // (D // groups) * C_g  # first input channel of f's group
            for i in range(o_h):
                for j in range(o_w):
                    y[m, f, i, j] = b[f] + sum(
                        w[f, c, u, v]
                        * x[m, first + c, s_h*i + d_h*u, s_w*j + d_w*v]
                        for c in range(C_g)
                        for u in range(k_h) for v in range(k_w))
    return a.unbatch(y)


def conv1d(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1,
           padding_mode="zeros"):
    """Slide every filter along a sequence.

        y[m, f, i] = b[f] + sum over c, u of  w[f, c, u] x[m, c, s i + d u]

    Args:
        x: (N, C, n) sequences, or (C, n) for one.
        weight: (D, C / G, k).
        bias, stride, padding, dilation, groups, padding_mode: as for `conv2d`, on one axis.
    Returns:
        (N, D, o), without N if x had none; dtype as for `conv2d`.
    Raises:
        ValueError, TypeError: as `conv2d`.

    Each number minus the one two places before it:

    >>> conv1d([[1, 4, 9, 16]], [[[-1, 0, 1]]])
    array([[ 8, 12]])

    Same result as torch.nn.functional.conv1d.
    Source: Dumoulin & Visin (2016), section 1.1, https://arxiv.org/abs/1603.07285
    """
    a = read_conv(1, x, weight, bias, stride, padding, dilation, groups, padding_mode)
    x, w, b = padded(a.x, a.pads, padding_mode), a.w, a.b
    (s,), (d,), (o,) = a.stride, a.dilation, a.output_size
    N, (D, C_g, k) = len(x), w.shape

    y = np.zeros((N, D, o), x.dtype)
    for m in range(N):
        for f in range(D):
            first = f // (D // groups) * C_g
            for i in range(o):
                y[m, f, i] = b[f] + sum(
                    w[f, c, u] * x[m, first + c, s*i + d*u]
                    for c in range(C_g) for u in range(k))
    return a.unbatch(y)


def conv3d(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1,
           padding_mode="zeros"):
    """Slide every filter through a volume, along depth or time too; channels are still summed.

        y[m, f, z, i, j] = b[f] + sum over c, t, u, v of
                 w[f, c, t, u, v] x[m, c, s_d z + d_d t, s_h i + d_h u, s_w j + d_w v]

    Args:
        x: (N, C, depth, h, w) volumes, or (C, depth, h, w) for one.
        weight: (D, C / G, k_d, k_h, k_w).
        bias, stride, padding, dilation, groups, padding_mode: as for `conv2d`, on three axes.
    Returns:
        (N, D, o_d, o_h, o_w), without N if x had none; dtype as for `conv2d`.
    Raises:
        ValueError, TypeError: as `conv2d`.

    Each frame of a film minus the one before it:

    >>> conv3d([[[[1, 2]], [[5, 5]], [[7, 9]]]], [[[[[-1]], [[1]]]]])
    array([[[[4, 3]],
    <BLANKLINE>
            [[2, 4]]]])

    Same result as torch.nn.functional.conv3d.
    Source: Tran et al. (2015), C3D, section 3.1, https://arxiv.org/abs/1412.0767
    """
    a = read_conv(3, x, weight, bias, stride, padding, dilation, groups, padding_mode)
    x, w, b = padded(a.x, a.pads, padding_mode), a.w, a.b
    (s_d, s_h, s_w), (d_d, d_h, d_w) = a.stride, a.dilation
    D, C_g, k_d, k_h, k_w = w.shape

    y = np.zeros((len(x), D, *a.output_size), x.dtype)
    for m, f, z, i, j in np.ndindex(y.shape):
        first = f // (D // groups) * C_g
        y[m, f, z, i, j] = b[f] + sum(
            w[f, c, t, u, v]
            * x[m, first + c, s_d*z + d_d*t, s_h*i + d_h*u, s_w*j + d_w*v]
            for c in range(C_g)
            for t in range(k_d) for u in range(k_h) for v in range(k_w))
    return a.unbatch(y)
