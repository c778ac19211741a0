"""Winograd's F(2 x 2, 3 x 3): four outputs of a 3 x 3 filter for 16 multiplications in place of 36."""

import numpy as np

from convbook._signatures.convolution import read_conv
from convbook.ops.windows import padded, windows

# Transforms of a tile of inputs, of a kernel, and of a tile of products back to outputs. They are
# exact in float32, and NumPy promotes them to float64 beside float64 or integers.
B = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]], np.float32).T
G = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]], np.float32)
A = np.array([[1, 1, 1, 0], [0, 1, -1, -1]], np.float32).T


def conv2d_winograd(x, weight, bias=None, *, stride=1, padding=0, dilation=1, groups=1,
                    padding_mode="zeros"):
    """Convolve tile by tile: 4 x 4 inputs and 3 x 3 taps make 16 products, and those 2 x 2 outputs.

        tile of y = A^T ( sum over c of  (G w G^T) * (B^T tile of x B) ) A + b,  * entry by entry

    Arguments and errors are those of `reference.conv2d`, for 3 x 3 kernels at stride 1 and dilation
    1 only; so is the result to rounding, with integers computed in and returned as float64.

    Raises:
        ValueError: another kernel size, stride or dilation.

    >>> conv2d_winograd([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], [[[[1, 0, 0], [0, 10, 0], [0, 0, 100]]]])
    array([[[951.]]])

    Source: Lavin & Gray (2016), section 4.1, https://arxiv.org/abs/1509.09308
    """
    a = read_conv(2, x, weight, bias, stride, padding, dilation, groups, padding_mode)
    for name, fits in ("kernel_size", (3, 3)), ("stride", (1, 1)), ("dilation", (1, 1)):
        if getattr(a, name) != fits:
            given = f"{name}={getattr(a, name)}"
            raise ValueError(f"{given} must be {fits} for Winograd's F(2x2, 3x3)")

    (o_h, o_w), (N, C), D = a.output_size, a.x.shape[:2], len(a.w)
    # Outputs come in pairs; an odd one's partner reads zeros beyond the image.
    odd = ((0, o_h % 2), (0, o_w % 2))
    tiles = windows(padded(padded(a.x, a.pads, padding_mode), odd), (4, 4), (2, 2), (1, 1))
    t_h, t_w = tiles.shape[2:4]

    V = (B.T @ tiles @ B).reshape(N, groups, C // groups, t_h * t_w, 4, 4)
    U = (G @ a.w @ G.T).reshape(groups, D // groups, C // groups, 4, 4)
    # For each of a tile's 16 entries, one product over channels does all tiles at once.
    M = U.transpose(3, 4, 0, 1, 2)[:, :, None] @ V.transpose(4, 5, 0, 1, 2, 3)
    M = M.transpose(2, 3, 4, 5, 0, 1).reshape(N, D, t_h, t_w, 4, 4)
    y = (A.T @ M @ A).transpose(0, 1, 2, 4, 3, 5).reshape(N, D, 2 * t_h, 2 * t_w)
    return a.unbatch(y[:, :, :o_h, :o_w] + a.b[:, None, None])
