"""Transposed convolutions in one, two and three dimensions, written as their formulas are.

A convolution gathers: each output is a sum over the inputs under its window. Transposed, it
scatters: each input is spread over the outputs under its window, and what meets is added up.
Letters: those of `reference.convolution`; i, j is now an *input* position, since the loops run over inputs.
"""

import numpy as np

from convbook._signatures.transposed import read_conv_transpose


def conv_transpose2d(x, weight, bias=None, *, stride=1, padding=0, output_padding=0,
                     groups=1, dilation=1):
    """Stamp every filter onto the output, once for each input pixel and times its value; add up.

        y[m, f, s_h i + d_h u - p_h, s_w j + d_w v - p_w]  gains  w[c, f, u, v] x[m, c, i, j]

    for all c, i, j, u, v; every place starts from b[f], and what falls outside the output is lost.

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one; float32, float64 or integers.
        weight: (C, D / G, k_h, k_w): the input's channels come first. It is the weight of the
            convolution from D to C channels that this layer transposes.
        bias: (D,), or None for zeros.
        stride: distance between the stamps of neighbouring pixels, s >= 1; an int, or one per axis.
        padding: positions cut off each side, p >= 0: the padding of the convolution it transposes.
        output_padding: positions added at the far end of each axis, 0 <= output_padding < max(s, d);
            it chooses among the sizes that the convolution maps to that of x.
        groups: G, dividing C and D; the C / G channels of a group reach only its D / G filters.
        dilation: distance between neighbouring taps, d >= 1.
    Returns:
        (N, D, o_h, o_w), without N if x had none; sizes as `shapes.conv_transpose_output_size`. Its
        dtype is the one NumPy promotes x, weight and bias to; integers of any width become int64,
        and are exact as long as int64 holds them.
    Raises:
        ValueError: shapes do not fit each other, groups do not divide the channels, the padding
            leaves no output, or output_padding is too large.
        TypeError: an option is not an integer, or a dtype not one of those above, such as float16.

    Two pixels, 1 and 2, stamp 1 10 100 at stride 2; in the middle 100 meets 2:

    >>> conv_transpose2d([[[1, 2]]], [[[[1, 10, 100]]]], stride=2)
    array([[[  1,  10, 102,  20, 200]]])

    Same result as torch.nn.functional.conv_transpose2d.
    Source: Dumoulin & Visin (2016), chapter 4, https://arxiv.org/abs/1603.07285
    """
    a = read_conv_transpose(2, x, weight, bias, stride, padding, output_padding,
                            groups, dilation)
    (s_h, s_w), (d_h, d_w), (o_h, o_w) = a.stride, a.dilation, a.output_size
    p_h, p_w = (before for before, _ in a.pads)
    (N, C), D_g = a.x.shape[:2], a.w.shape[1]

    # Larger than the result by the padding, which is cut off at the end.
    y = np.zeros((N, D_g * groups, o_h + 2*p_h, o_w + 2*p_w), a.x.dtype)
    for m, c, i, j in np.ndindex(a.x.shape):
        first = c // (C // groups) * D_g  # first output channel of c's group
        for f, u, v in np.ndindex(a.w.shape[1:]):
            y[m, first + f, s_h*i + d_h*u, s_w*j + d_w*v] += (
                a.w[c, f, u, v] * a.x[m, c, i, j])
    y = y[:, :, p_h:p_h + o_h, p_w:p_w + o_w]
    return a.unbatch(y + a.b[:, None, None])


def conv_transpose1d(x, weight, bias=None, *, stride=1, padding=0, output_padding=0,
                     groups=1, dilation=1):
    """Stamp every filter along the output, once for each element of a sequence.

        y[m, f, s i + d u - p]  gains  w[c, f, u] x[m, c, i]      for all c, i, u

    Args:
        x: (N, C, n) sequences, or (C, n) for one.
        weight: (C, D / G, k).
        bias, stride, padding, output_padding, groups, dilation: as for `conv_transpose2d`, on one axis.
    Returns:
        (N, D, o), without N if x had none; dtype as for `conv_transpose2d`.
    Raises:
        ValueError, TypeError: as `conv_transpose2d`.

    Padding cuts one number off each side of 1 10 102 20 200:

    >>> conv_transpose1d([[1, 2]], [[[1, 10, 100]]], stride=2, padding=1)
    array([[ 10, 102,  20]])

    Same result as torch.nn.functional.conv_transpose1d.
    Source: Dumoulin & Visin (2016), chapter 4, https://arxiv.org/abs/1603.07285
    """
    a = read_conv_transpose(1, x, weight, bias, stride, padding, output_padding,
                            groups, dilation)
    (s,), (d,), ((p, _),), (o,) = a.stride, a.dilation, a.pads, a.output_size
    (N, C), D_g = a.x.shape[:2], a.w.shape[1]

    y = np.zeros((N, D_g * groups, o + 2*p), a.x.dtype)
    for m, c, i in np.ndindex(a.x.shape):
        first = c // (C // groups) * D_g
        for f, u in np.ndindex(a.w.shape[1:]):
            y[m, first + f, s*i + d*u] += a.w[c, f, u] * a.x[m, c, i]
    return a.unbatch(y[:, :, p:p + o] + a.b[:, None])


def conv_transpose3d(x, weight, bias=None, *, stride=1, padding=0, output_padding=0,
                     groups=1, dilation=1):
    """Stamp every filter into a volume, once for each voxel.

        y[m, f, s_d z + d_d t - p_d, s_h i + d_h u - p_h, s_w j + d_w v - p_w]
            gains  w[c, f, t, u, v] x[m, c, z, i, j]      for all c, z, i, j, t, u, v

    Args:
        x: (N, C, depth, h, w) volumes, or (C, depth, h, w) for one.
        weight: (C, D / G, k_d, k_h, k_w).
        bias, stride, padding, output_padding, groups, dilation: as for `conv_transpose2d`, on three axes.
    Returns:
        (N, D, o_d, o_h, o_w), without N if x had none; dtype as for `conv_transpose2d`.
    Raises:
        ValueError, TypeError: as `conv_transpose2d`.

    Two frames of a film become four: each is shown twice, the second time ten times as bright.

    >>> conv_transpose3d([[[[1]], [[2]]]], [[[[[1]], [[10]]]]], stride=(2, 1, 1)).ravel()
    array([ 1, 10,  2, 20])

    Same result as torch.nn.functional.conv_transpose3d.
    Source: Dumoulin & Visin (2016), chapter 4, https://arxiv.org/abs/1603.07285
    """
    a = read_conv_transpose(3, x, weight, bias, stride, padding, output_padding,
                            groups, dilation)
    (s_d, s_h, s_w), (d_d, d_h, d_w), (o_d, o_h, o_w) = a.stride, a.dilation, a.output_size
    p_d, p_h, p_w = (before for before, _ in a.pads)
    (N, C), D_g = a.x.shape[:2], a.w.shape[1]

    uncut = o_d + 2*p_d, o_h + 2*p_h, o_w + 2*p_w
    y = np.zeros((N, D_g * groups, *uncut), a.x.dtype)
    for m, c, z, i, j in np.ndindex(a.x.shape):
        first = c // (C // groups) * D_g
        for f, t, u, v in np.ndindex(a.w.shape[1:]):
            y[m, first + f, s_d*z + d_d*t, s_h*i + d_h*u, s_w*j + d_w*v] += (
                a.w[c, f, t, u, v] * a.x[m, c, z, i, j])
    y = y[:, :, p_d:p_d + o_d, p_h:p_h + o_h, p_w:p_w + o_w]
    return a.unbatch(y + a.b[:, None, None, None])
