"""Chapter 1: write the ordinary convolution, its size, its weight gradient, and what it has to do with a Linear layer.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

ROW = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0])
KERNEL = np.array([2.0, -1.0, 0.5, 3.0])
WHOLE = np.array([2, 7, 1, 8, 2, 8])


@exercise(
    "vanilla/conv1d",
    ((ROW[:1], KERNEL[:1]), {}),
    ((ROW[:2], KERNEL[:2]), {}),  # flipped or not
    ((ROW[:3], KERNEL[:1]), {"stride": 2}),
    ((ROW[:4], KERNEL[:2]), {"stride": 3}),  # a remainder
    ((ROW[:2], KERNEL[:2]), {"padding": 1}),
    ((ROW[:3], KERNEL[:3]), {"padding": 2}),
    ((ROW[:5], KERNEL[:2]), {"stride": 2, "padding": 1}),
    ((WHOLE, KERNEL[1:3]), {}),  # whole numbers in, fractions out
    ((ROW, KERNEL), {"stride": 3, "padding": 2}),
    ((ROW[:2], KERNEL[:4]), {"padding": 1}),  # a kernel longer than the input, until it is padded
)
def conv1d(x, w, stride=1, padding=0):
    """Convolve a row x, (n,), with a kernel w, (k,), as deep learning does: no flip. `padding` zeros stand on each side."""
    x = np.pad(x, padding)
    o = (len(x) - len(w)) // stride + 1
    return np.array([np.sum(x[i * stride:i * stride + len(w)] * w) for i in range(o)])


@exercise(
    "vanilla/output_size",
    *(((n, k), {"stride": s, "padding": p, "dilation": d}) for n, k, s, p, d in [
        (5, 3, 1, 0, 1), (5, 1, 1, 0, 1), (5, 3, 2, 0, 1), (6, 3, 2, 0, 1), (6, 3, 4, 0, 1), (5, 3, 1, 1, 1), (5, 2, 1, 1, 1), (7, 3, 1, 0, 2),
        (9, 2, 1, 0, 3), (8, 3, 3, 1, 2), (7, 3, 2, 1, 1), (224, 7, 2, 3, 1), (227, 11, 4, 0, 1), (3, 3, 5, 0, 1), (11, 1, 1, 0, 4),
    ]),
)
def output_size(n, k, stride=1, padding=0, dilation=1):
    """Output length of a convolution over n positions with k taps, `padding` zeros on each side. A whole number."""
    return (n + 2 * padding - dilation * (k - 1) - 1) // stride + 1


@exercise(
    "vanilla/linear_as_conv",
    *(((np.arange(1.0, d * c * h * w + 1).reshape(d, c * h * w), c, h, w), {}) for d, c, h, w in [
        (1, 1, 1, 2), (2, 1, 1, 2), (1, 2, 1, 2), (1, 1, 2, 3), (2, 2, 1, 3), (3, 2, 2, 3),
    ]),
)
def linear_as_conv(weight, channels, height, width):
    """Turn a Linear weight, (D, C·H·W), into the kernel of a convolution that covers the whole image, (D, C, H, W).

    The layer reads the image (C, H, W) flattened in order: channels, rows, columns. The convolution must give the same D numbers.
    """
    return weight.reshape(len(weight), channels, height, width)


@exercise("vanilla/same_padding", *(((k,), {"dilation": d}) for k, d in [(1, 1), (1, 4), (2, 1), (3, 1), (4, 1), (5, 1), (2, 3), (3, 2), (4, 3)]))
def same_padding(k, dilation=1):
    """Zeros (before, after) that keep the size at stride 1. If the number is odd, the one more goes after."""
    total = dilation * (k - 1)
    return total // 2, total - total // 2


@exercise(
    "vanilla/grad_weight",
    ((np.array([1.0]), ROW[:1], 1), {}),
    ((np.array([2.0]), ROW[:2], 2), {}),
    ((np.array([1.0, 2.0]), ROW[:3], 2), {}),
    ((np.array([1.0, -1.0]), ROW[:4], 2), {"stride": 2}),
    ((np.array([3.0, 1.0]), ROW[:6], 2), {"stride": 3}),  # the last input is never read
    ((np.array([1.0, 0.0, -2.0]), ROW[:7], 3), {"stride": 2}),
)
def grad_weight(grad, x, k, stride=1):
    """Gradient of the loss with respect to w, (k,), for y = conv1d(x, w, stride): `grad` is the gradient with respect to y."""
    return np.array([sum(g * x[i * stride + t] for i, g in enumerate(grad))
                     for t in range(k)])


@exercise(
    "vanilla/receptive_field",
    *(((layers,), {}) for layers in [
        [(1, 1)], [(3, 1)], [(2, 2)], [(3, 1), (3, 1)], [(3, 2), (3, 1)], [(3, 1), (3, 2)], [(5, 2), (1, 3), (3, 1)], [(7, 2), (3, 2), (3, 1), (3, 2), (3, 1)],
    ]),
)
def receptive_field(layers):
    """How many input positions one output unit sees; `layers` holds (kernel, stride), the first layer first. A whole number."""
    size, jump = 1, 1
    for k, s in layers:
        size += (k - 1) * jump
        jump *= s
    return size
