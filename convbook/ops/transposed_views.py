"""A transposed convolution seen four ways, each computed as it is told; all give `conv_transpose2d`'s numbers.

    scatter          every pixel stamps the kernel onto the output
    zero insertion   an ordinary convolution, kernel rotated, over an image with zeros between its pixels
    matrix           C^T z, where C x is a convolution
    gradient         what flows back through a convolution to its input
"""

import numpy as np

from convbook._signatures.transposed import read_conv_transpose
from convbook.ops.backward import conv2d_backward
from convbook.ops.convolution import conv2d
from convbook.ops.matrix import conv_matrix
from convbook.shapes import conv_output_size


def conv_transpose2d_scatter(x, weight, bias=None, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Stamp by stamp: pixel (i, j) adds its value times the kernel to the output, beginning at (s_h i, s_w j).

    Arguments, result and errors are those of `reference.conv_transpose2d`.

    >>> conv_transpose2d_scatter([[[1, 2]]], [[[[1, 10, 100]]]], stride=2)
    array([[[  1,  10, 102,  20, 200]]])
    """
    a = read_conv_transpose(2, x, weight, bias, stride, padding, output_padding, groups, dilation)
    (s_h, s_w), (d_h, d_w), (o_h, o_w) = a.stride, a.dilation, a.output_size
    (p_h, _), (p_w, _) = a.pads
    (N, C, h, w_), (_, D_g, k_h, k_w), G = a.x.shape, a.w.shape, a.groups

    y = np.zeros((N, G * D_g, o_h + 2 * p_h, o_w + 2 * p_w), a.x.dtype)
    w = a.w.reshape(G, C // G, D_g, k_h, k_w)
    for i in range(h):
        for j in range(w_):
            pixel = a.x[:, :, i, j].reshape(N, G, C // G)
            stamp = np.einsum("ngc,gcfuv->ngfuv", pixel, w).reshape(N, G * D_g, k_h, k_w)
            rows = slice(s_h * i, s_h * i + d_h * (k_h - 1) + 1, d_h)
            columns = slice(s_w * j, s_w * j + d_w * (k_w - 1) + 1, d_w)
            y[:, :, rows, columns] += stamp
    return a.unbatch(y[:, :, p_h:p_h + o_h, p_w:p_w + o_w] + a.b[:, None, None])


def conv_transpose2d_zero_insertion(x, weight, bias=None, *, stride=1, padding=0, output_padding=0, groups=1,
                                    dilation=1):
    """Put s - 1 zeros between neighbouring pixels and convolve, at stride 1, with the kernel rotated by 180 degrees.

        y = conv(spread x, padded by p' = d (k - 1) - p before, and by p' + output_padding after;
                 rotated kernel, same dilation, stride 1)

    So the same layer has two paddings: p of the convolution it transposes, p' of the one that computes it.
    Where p > d (k - 1), p' is negative, and -p' positions are cut off instead.

    Arguments, result and errors are those of `reference.conv_transpose2d`.

    >>> conv_transpose2d_zero_insertion([[[1, 2]]], [[[[1, 10, 100]]]], stride=2)
    array([[[  1,  10, 102,  20, 200]]])

    Source: Dumoulin & Visin (2016), relationship 14, https://arxiv.org/abs/1603.07285
    """
    a = read_conv_transpose(2, x, weight, bias, stride, padding, output_padding, groups, dilation)
    (N, C, h, w_), (_, D_g, *k), G = a.x.shape, a.w.shape, a.groups
    (s_h, s_w), (d_h, d_w) = a.stride, a.dilation

    spread = np.zeros((N, C, s_h * (h - 1) + 1, s_w * (w_ - 1) + 1), a.x.dtype)
    spread[:, :, ::s_h, ::s_w] = a.x
    before = [d * (k - 1) - p for k, d, (p, _) in zip(k, a.dilation, a.pads)]
    after = [p + extra for p, extra in zip(before, a.output_padding)]
    spread = _padded_or_cut(spread, before, after)

    # Filters of the convolution: (D, C / G, *k), each group's two channel axes exchanged.
    w = a.w.reshape(G, C // G, D_g, *k).swapaxes(1, 2).reshape(G * D_g, C // G, *k)
    return a.unbatch(conv2d(spread, w[:, :, ::-1, ::-1], a.b, dilation=a.dilation, groups=G))


def conv_transpose2d_matrix(x, weight, bias=None, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Multiply by C^T, where C is the matrix of the convolution that has this weight, stride, padding and dilation.

        y.ravel() = C^T x.ravel() + b

    C maps D channels of the output's size to C channels of the input's.

    Arguments, result and errors are those of `reference.conv_transpose2d`.

    >>> conv_transpose2d_matrix([[[1, 2]]], [[[[1, 10, 100]]]], stride=2)
    array([[[  1,  10, 102,  20, 200]]])

    Source: Dumoulin & Visin (2016), section 4.1, https://arxiv.org/abs/1603.07285
    """
    a = read_conv_transpose(2, x, weight, bias, stride, padding, output_padding, groups, dilation)
    padding = tuple(p for p, _ in a.pads)
    C = conv_matrix(a.w, a.output_size, stride=a.stride, padding=padding, dilation=a.dilation, groups=a.groups)
    z = _as_large_as_the_convolutions_output(a)
    y = (z.reshape(len(z), len(C)) @ C).reshape(len(z), len(a.b), *a.output_size)
    return a.unbatch(y + a.b[:, None, None])


def conv_transpose2d_gradient(x, weight, bias=None, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Send x back through a convolution, as if it were a loss's gradient at the output.

        y = grad_x of conv2d_backward(x, any image of the output's size, weight) + b

    A convolution is linear, so its gradient does not depend on the image: zeros will do.

    Arguments, result and errors are those of `reference.conv_transpose2d`.

    >>> conv_transpose2d_gradient([[[1, 2]]], [[[[1, 10, 100]]]], stride=2)
    array([[[  1,  10, 102,  20, 200]]])
    """
    a = read_conv_transpose(2, x, weight, bias, stride, padding, output_padding, groups, dilation)
    padding = tuple(p for p, _ in a.pads)
    grad = _as_large_as_the_convolutions_output(a)
    image = np.zeros((len(grad), len(a.b), *a.output_size), a.x.dtype)
    y, _, _ = conv2d_backward(grad, image, a.w, stride=a.stride, padding=padding, dilation=a.dilation,
                              groups=a.groups)
    return a.unbatch(y + a.b[:, None, None])


def _padded_or_cut(x, before, after):
    """Add zeros where a count is positive, cut positions off where it is negative.

    >>> _padded_or_cut(np.array([[[[1, 2, 3]]]]), [0, -2], [0, 1])
    array([[[[3, 0]]]])
    """
    x = np.pad(x, [(0, 0)] * 2 + [(max(0, b), max(0, e)) for b, e in zip(before, after)])
    kept = [slice(max(0, -b), size - max(0, -e)) for b, e, size in zip(before, after, x.shape[2:])]
    return x[:, :, *kept]


def _as_large_as_the_convolutions_output(a):
    """x, with zeros after it where an output_padding of at least s makes room for more windows than x has pixels."""
    sizes = [conv_output_size(o, k, stride=s, padding=pad, dilation=d)
             for o, k, s, pad, d in zip(a.output_size, a.kernel_size, a.stride, a.pads, a.dilation)]
    return _padded_or_cut(a.x, [0, 0], [size - n for size, n in zip(sizes, a.x.shape[2:])])
