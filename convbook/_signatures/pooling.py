"""How the arguments of a pooling are read."""

import numpy as np

from convbook._arguments import flag, per_axis
from convbook._signatures.layer import Layer, per_named_axis, read_images
from convbook.shapes import conv_output_size


def read_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode):
    """Read the arguments of a 2D pooling; its pads also cover what `ceil_mode` lets a window overhang."""
    x, single = read_images(2, x)
    k = per_axis("kernel_size", kernel_size, 2, at_least=1)
    s = k if stride is None else per_axis("stride", stride, 2, at_least=1)
    p = per_axis("padding", padding, 2, at_least=0)
    d = per_axis("dilation", dilation, 2, at_least=1)
    ceil_mode = flag("ceil_mode", ceil_mode)
    o = per_named_axis(_pool_size, 2, x.shape[2:], k, s, p, d, [ceil_mode] * 2)
    last = [s[i] * (o[i] - 1) - p[i] + d[i] * (k[i] - 1) for i in range(2)]
    pads = tuple((p[i], max(p[i], last[i] + 1 - x.shape[2 + i])) for i in range(2))
    return Layer(x, k, s, pads, d, o, single)


def lowest_of(dtype):
    """The number that no other is below: what a maximum starts from."""
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _pool_size(n, k, s, p, d, ceil_mode):
    span = d * (k - 1) + 1
    if p > k // 2:
        raise ValueError(f"padding={p} must be at most k // 2 = {k // 2}, half of the window's taps")
    o = -(-(n + 2 * p - span) // s) + 1 if ceil_mode else 0
    if o < 1:
        return conv_output_size(n, k, stride=s, padding=p, dilation=d)
    # A window that would start beyond the image is dropped, as PyTorch does.
    return o - 1 if s * (o - 1) >= n + p else o
