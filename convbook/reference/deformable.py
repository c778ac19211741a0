"""Deformable convolution: each tap of each window may look elsewhere."""

import numpy as np

from convbook._signatures.deformable import read_deform_conv
from convbook.reference.bilinear import sample


def deform_conv2d(x, offset, weight, bias=None, *, stride=1, padding=0, dilation=1,
                  mask=None):
    """Convolve with taps that are moved, each by its own offset, and read between the pixels.

        y[m, f, i, j] = b[f] + sum over c, u, v of
                           w[f, c, u, v] mask[m, t, i, j] x(m, c, s_h i + d_h u - p_h + dy,
                                                                  s_w j + d_w v - p_w + dx)

        dy, dx = offset[m, 2t, i, j], offset[m, 2t + 1, i, j]     t = o k_h k_w + u k_w + v

    where o is the offset group of channel c, and x(...) is `bilinear_sample`, zero outside. There
    are G = C / weight.shape[1] groups, as in `conv2d`, and G_o = offset.shape[1] / (2 k_h k_w) offset
    groups; the channels of one are moved together.

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one; float32, float64 or integers.
        offset: (N, 2 G_o k_h k_w, o_h, o_w), without N if x has none, G_o dividing C; in pixels. An
            infinite one looks far outside, where all is zero.
        weight: (D, C / G, k_h, k_w), G dividing C and D.
        bias: (D,), or None for zeros.
        stride, padding, dilation: as for `conv2d`; the padding is zeros.
        mask: (N, G_o k_h k_w, o_h, o_w), a factor for each tap (version 2), or None for ones.
    Returns:
        (N, D, o_h, o_w), without N if x had none; sizes as `shapes.conv_output_size`. Its dtype is
        the one NumPy promotes all arrays to; float64 if all are integers. A NaN in x reaches every
        sample with it among its four pixels, even where its share is 0.
    Raises:
        ValueError: shapes do not fit each other, the dilated kernel is longer than the padded
            image, or an offset is NaN.
        TypeError: an option is not an integer, or a dtype not one of those above, such as float16.

    One tap, moved half a pixel down at the first place and one pixel right at the second; the third
    stays:

    >>> down_and_right = [[[0.5, 0, 0]], [[0, 1, 0]]]
    >>> deform_conv2d([[[1, 2, 3], [5, 6, 7]]], down_and_right, [[[[10]]]], stride=(2, 1))
    array([[[30., 30., 30.]]])

    Same result as torchvision.ops.deform_conv2d.
    Source: Dai et al. (2017), equation 2, https://arxiv.org/abs/1703.06211;
    mask: Zhu et al. (2019), equation 1, https://arxiv.org/abs/1811.11168
    """
    a = read_deform_conv(x, offset, weight, bias, stride, padding, dilation, mask)
    x, w, b, offset, mask = a.x, a.w, a.b, a.offset, a.mask
    (s_h, s_w), (d_h, d_w), ((p_h, _), (p_w, _)) = a.stride, a.dilation, a.pads
    (N, C), (D, C_g, k_h, k_w) = x.shape[:2], w.shape

    def tap(m, c, i, j, u, v):
        """What tap (u, v) of output (i, j) sees of channel c."""
        o, t = c // (C // a.offset_groups), u * k_w + v
        dy, dx = offset[m, o, t, :, i, j]
        row, column = s_h * i + d_h * u - p_h + dy, s_w * j + d_w * v - p_w + dx
        return mask[m, o, t, i, j] * sample(x[m, c], row, column)

    y = np.zeros((N, D, *a.output_size), x.dtype)
    for m, f, i, j in np.ndindex(y.shape):
        first = f // (D // a.groups) * C_g  # first input channel of f's group
        y[m, f, i, j] = b[f] + sum(
            w[f, c, u, v] * tap(m, first + c, i, j, u, v)
            for c in range(C_g) for u in range(k_h) for v in range(k_w))
    return a.unbatch(y)
