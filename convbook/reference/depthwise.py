"""The two halves of a convolution, each by itself: filter every channel, or mix the channels at every pixel.

Letters: those of `reference.convolution`, and M, the multiplier: filters for each channel.
"""

import numpy as np

from convbook._signatures.channels import read_depthwise, read_pointwise
from convbook.reference.padding import padded


def depthwise_conv2d(x, weight, bias=None, *, stride=1, padding=0, dilation=1,
                     padding_mode="zeros"):
    """Filter every channel by itself, with M filters of its own; nothing is summed over channels.

        y[m, c M + r, i, j] = b[c M + r] + sum over u, v of
                   w[c M + r, 0, u, v] x[m, c, s_h i + d_h u, s_w j + d_w v],   r < M

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one.
        weight: (M C, 1, k_h, k_w), the M filters of channel 0 first.
        bias: (M C,), or None for zeros.
        stride, padding, dilation, padding_mode: as for `conv2d`.
    Returns:
        (N, M C, o_h, o_w), without N if x had none; dtype as for `conv2d`.
    Raises:
        ValueError: weight has another shape, or as `conv2d`.
        TypeError: as `conv2d`.

    Channel 1 2 gives itself and its difference; channel 5 9 does, too:

    >>> x, w = [[[1, 2]], [[5, 9]]], [[[[0, 1]]], [[[-1, 1]]]]
    >>> depthwise_conv2d(x, w * 2).ravel()
    array([2, 1, 9, 4])

    Same result as torch.nn.functional.conv2d with groups=C.
    Source: Howard et al. (2017), MobileNets, equation 3, https://arxiv.org/abs/1704.04861
    """
    a = read_depthwise(x, weight, bias, stride, padding, dilation, padding_mode)
    x = padded(a.x, a.pads, padding_mode)
    (s_h, s_w), (d_h, d_w), (k_h, k_w) = a.stride, a.dilation, a.kernel_size
    M = len(a.w) // x.shape[1]

    y = np.zeros((len(x), len(a.w), *a.output_size), x.dtype)
    for m, f, i, j in np.ndindex(y.shape):
        y[m, f, i, j] = a.b[f] + sum(
            a.w[f, 0, u, v] * x[m, f // M, s_h*i + d_h*u, s_w*j + d_w*v]
            for u in range(k_h) for v in range(k_w))
    return a.unbatch(y)


def pointwise_conv2d(x, weight, bias=None):
    """Mix the channels at every pixel by itself: a 1 x 1 convolution, one matrix for all pixels.

        y[m, :, i, j] = W x[m, :, i, j] + b        W = weight[:, :, 0, 0]

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one.
        weight: (D, C, 1, 1).
        bias: (D,), or None for zeros.
    Returns:
        (N, D, h, w), without N if x had none; dtype as for `conv2d`.
    Raises:
        ValueError: weight has another shape, or as `conv2d`.
        TypeError: as `conv2d`.

    One pixel of two channels; their sum, and their difference:

    >>> pointwise_conv2d([[[2]], [[5]]], [[[[1]], [[1]]], [[[-1]], [[1]]]]).ravel()
    array([7, 3])

    Same result as torch.nn.functional.conv2d with a 1 x 1 kernel.
    Source: Lin, Chen & Yan (2014), Network in Network, section 3.1,
    https://arxiv.org/abs/1312.4400
    """
    a = read_pointwise(x, weight, bias)
    W = a.w[:, :, 0, 0]
    y = np.zeros((len(a.x), len(W), *a.output_size), a.x.dtype)
    for m in range(len(y)):
        for i, j in np.ndindex(*a.output_size):
            y[m, :, i, j] = W @ a.x[m, :, i, j] + a.b
    return a.unbatch(y)


def separable_conv2d(x, depthwise, pointwise, bias=None, *, stride=1, padding=0, dilation=1,
                     padding_mode="zeros"):
    """Filter every channel by itself, then mix the channels at every pixel.

        y = pointwise_conv2d(depthwise_conv2d(x, depthwise), pointwise, bias)

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one.
        depthwise: (M C, 1, k_h, k_w), the weight of `depthwise_conv2d`.
        pointwise: (D, M C, 1, 1), the weight of `pointwise_conv2d`.
        bias: (D,), or None for zeros; added at the end.
        stride, padding, dilation, padding_mode: of the first step, as for `conv2d`.
    Returns:
        (N, D, o_h, o_w), without N if x had none; dtype as for `conv2d`.
    Raises:
        ValueError, TypeError: as the two steps, which call their weights "weight".

    The differences 1 and 4 of two channels, added:

    >>> separable_conv2d([[[1, 2]], [[5, 9]]], [[[[-1, 1]]]] * 2, [[[[1]], [[1]]]])
    array([[[5]]])

    Same result as two calls of torch.nn.functional.conv2d.
    Source: Howard et al. (2017), MobileNets, section 3.1, https://arxiv.org/abs/1704.04861
    """
    x = depthwise_conv2d(x, depthwise, stride=stride, padding=padding, dilation=dilation,
                         padding_mode=padding_mode)
    return pointwise_conv2d(x, pointwise, bias)
