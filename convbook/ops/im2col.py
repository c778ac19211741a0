"""Convolution as one matrix product: copy what each window sees into a column ("image to column")."""

import numpy as np

from convbook._arguments import array, per_axis
from convbook._signatures.convolution import read_conv
from convbook.ops.windows import padded, windows


def im2col(x, kernel_size, *, stride=1, padding=0, dilation=1, padding_mode="zeros"):
    """Copy every window of an image into one column of a matrix; windows that overlap repeat.

        columns[m, (c k_h + u) k_w + v, i o_w + j] = x[m, c, s_h i + d_h u, s_w j + d_w v]

    with x padded.

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one.
        kernel_size: taps, an int or one per axis.
        stride, padding, dilation, padding_mode: as for `reference.conv2d`.
    Returns:
        (N, C k_h k_w, o_h o_w), without N if x had none, of x's dtype (int64 for integers).
    Raises:
        ValueError, TypeError: as `reference.conv2d`.

    Two windows of 2 x 2, each a column:

    >>> im2col([[[1, 2, 3], [4, 5, 6]]], 2)
    array([[1, 2],
           [2, 3],
           [4, 5],
           [5, 6]])

    Same result as torch.nn.functional.unfold.
    Source: Chellapilla, Puri & Simard (2006), https://inria.hal.science/inria-00112631
    """
    x = array("x", x)
    k = per_axis("kernel_size", kernel_size, 2, at_least=1)
    # One blank filter stands for all: the shapes it would give are the shapes of the columns.
    blank = np.zeros((1, *x.shape[-3:-2], *k), x.dtype)
    a = read_conv(2, x, blank, None, stride, padding, dilation, 1, padding_mode)
    seen = windows(padded(a.x, a.pads, padding_mode), k, a.stride, a.dilation)
    N, C, o_h, o_w, k_h, k_w = seen.shape
    return a.unbatch(seen.transpose(0, 1, 4, 5, 2, 3).reshape(N, C * k_h * k_w, o_h * o_w))


def conv2d_im2col(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1,
                  padding_mode="zeros"):
    """Convolve by one matrix product: filters as rows, times windows as columns.

        y = W columns + b        W: (D, C k_h k_w),  columns: (C k_h k_w, o_h o_w), from `im2col`

    with one product for each group.

    Arguments, result and errors are those of `reference.conv2d`. The columns
    take about k_h k_w / (s_h s_w) times the image's memory.

    >>> conv2d_im2col([[[1, 2, 3], [4, 5, 6]]], [[[[1, 10], [100, 1000]]]])
    array([[[5421, 6532]]])

    Source: Chellapilla, Puri & Simard (2006), https://inria.hal.science/inria-00112631
    """
    a = read_conv(2, x, weight, bias, stride, padding, dilation, groups, padding_mode)
    columns = im2col(a.x, a.kernel_size, stride=stride, padding=padding,
                     dilation=dilation, padding_mode=padding_mode)
    N, D, G = len(a.x), len(a.w), a.groups
    columns = columns.reshape(N, G, columns.shape[1] // G, columns.shape[2])
    y = a.w.reshape(G, D // G, -1) @ columns + a.b.reshape(G, D // G, 1)
    return a.unbatch(y.reshape(N, D, *a.output_size))
