"""A convolution written out as the matrix that it is."""

from math import prod

import numpy as np

from convbook._arguments import array, group_count, per_axis, whole
from convbook._signatures.convolution import read_conv
from convbook._signatures.layer import AXES
from convbook.ops.windows import padded, windows


def conv_matrix(weight, input_size, *, stride=1, padding=0, dilation=1, groups=1):
    """Write a convolution as a matrix C: one row for each output, one column for each input.

        C @ x.ravel() = conv(x).ravel(),   C.T @ z.ravel() = conv_transpose(z).ravel()

    Row (f, i, j) holds filter f, laid over the input where output (i, j) sees it; the rest is zeros.

    Args:
        weight: (D, C / G, *k) for one, two or three axes: its rank says how many.
        input_size: positions along each axis, an int or one per axis; without channels and padding.
        stride, padding, dilation, groups: as for `reference.conv2d`, padding with zeros.
    Returns:
        (D * prod(o), C * prod(n)), of weight's dtype (int64 for integers). It is dense, and grows with
        the fourth power of an image's side: a matrix to look at, not to compute with.
    Raises:
        ValueError: weight has not one, two or three kernel axes; otherwise as `reference.conv2d`.
        TypeError: as `reference.conv2d`.

    Four numbers, a kernel of two taps, stride 2: two windows.

    >>> conv_matrix([[[5, 7]]], 4, stride=2)
    array([[5, 7, 0, 0],
           [0, 0, 5, 7]])

    Same result as torch.nn.functional.conv2d, run on every image that is 1 in one place and 0 elsewhere.
    Source: Dumoulin & Visin (2016), section 4.1, https://arxiv.org/abs/1603.07285
    """
    w = array("weight", weight)
    axes = w.ndim - 2
    if axes not in AXES or 0 in w.shape:
        raise ValueError(f"weight has shape {w.shape}; it must be (out_channels, in_channels / groups, *kernel) "
                         "with one, two or three kernel axes, each at least 1")
    n = per_axis("input_size", input_size, axes, at_least=1)
    G = whole("groups", groups, at_least=1)
    group_count(G, w.shape[1] * G, len(w))
    # An empty batch of images is enough to read the rest.
    blank = np.zeros((0, w.shape[1] * G, *n), w.dtype)
    a = read_conv(axes, blank, w, None, stride, padding, dilation, G)
    D, C_g = w.shape[:2]

    # Which input each tap of each window sees, inputs counted row by row; the last number stands for padding.
    P, O = prod(n), prod(a.output_size)
    number = padded(np.arange(P).reshape(1, 1, *n), a.pads, value=P)
    seen = windows(number, a.kernel_size, a.stride, a.dilation).reshape(O, -1)
    C = np.zeros((D, O, C_g * G, P + 1), w.dtype)
    for f, c in np.ndindex(D, C_g):
        first = f // (D // G) * C_g
        C[f, np.arange(O)[:, None], first + c, seen] = w[f, c].ravel()
    return C[..., :P].reshape(D * O, C_g * G * P)
