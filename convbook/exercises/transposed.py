"""Chapter 4: write the transposed convolution, the output_padding it needs, its zero-insertion, and the count of overlaps.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

ROW = np.array([3.0, 1.0, 4.0, 1.0, 5.0])
KERNEL = np.array([2.0, -1.0, 0.5, 3.0])
WHOLE = np.array([2, 7, 1])


@exercise(
    "transposed/conv_transpose1d",
    ((ROW[:1], KERNEL[:1]), {}),
    ((ROW[:1], KERNEL[:2]), {}),  # turned or not
    ((ROW[:2], KERNEL[:2]), {}),  # stamps overlap
    ((ROW[:2], KERNEL[:2]), {"stride": 3}),  # a gap between stamps
    ((ROW[:3], KERNEL[:3]), {"stride": 2}),
    ((ROW[:2], KERNEL[:3]), {"padding": 1}),
    ((ROW[:3], KERNEL), {"stride": 2, "padding": 1}),
    ((WHOLE, KERNEL[1:3]), {}),  # whole numbers in, fractions out
    ((ROW, KERNEL), {"stride": 3, "padding": 2}),
)
def conv_transpose1d(x, w, stride=1, padding=0):
    """Transposed convolution of a row x, (n,), with a kernel w, (k,): each x[i] stamps x[i]·w from position stride·i on; stamps add.

    At the end `padding` positions are cut off each side.
    """
    y = np.zeros(stride * (len(x) - 1) + len(w))
    for i, value in enumerate(x):
        y[stride * i:stride * i + len(w)] += value * w
    return y[padding:len(y) - padding]


@exercise(
    "transposed/output_padding",
    *(((n, k), {"stride": s, "padding": p, "dilation": d}) for n, k, s, p, d in [
        (5, 3, 2, 0, 1), (6, 3, 2, 0, 1), (6, 3, 1, 0, 1), (8, 2, 3, 0, 1), (9, 4, 3, 1, 1), (10, 4, 3, 1, 1), (11, 4, 3, 1, 1), (7, 3, 2, 1, 1),
        (8, 3, 2, 1, 1), (12, 3, 4, 0, 2), (14, 3, 4, 2, 2), (9, 5, 5, 1, 1),
    ]),
)
def output_padding(n, k, stride=1, padding=0, dilation=1):
    """The output_padding with which a transposed convolution gives back the length n that the convolution made shorter."""
    return (n + 2 * padding - dilation * (k - 1) - 1) % stride


@exercise(
    "transposed/spread",
    *(((x,), {"stride": s, "border": b}) for x, s, b in [
        (np.array([[1.0]]), 1, 0), (np.array([[1.0, 2.0]]), 2, 0), (np.array([[1.0], [2.0]]), 3, 0), (np.array([[1.0, 2.0]]), 1, 1),
        (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), 2, 1), (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), 3, 2),
    ]),
)
def spread(x, stride=1, border=0):
    """Zero-insertion: put stride − 1 zeros between neighbours of an image x, (h, w), along both axes, and `border` zeros around it."""
    h, w = x.shape
    wide = np.zeros((stride * (h - 1) + 1, stride * (w - 1) + 1), dtype=x.dtype)
    wide[::stride, ::stride] = x
    return np.pad(wide, border)


@exercise(
    "transposed/overlaps",
    *(((n, k, s), {}) for n, k, s in [(1, 2, 1), (2, 2, 1), (2, 3, 2), (3, 3, 2), (3, 4, 2), (2, 2, 3), (4, 5, 3), (4, 6, 3)]),
)
def overlaps(n, k, stride):
    """How many of the n stamps, each k long, lie over each output position of a 1D transposed convolution: a row of whole numbers."""
    counts = np.zeros(stride * (n - 1) + k, dtype=int)
    for i in range(n):
        counts[stride * i:stride * i + k] += 1
    return counts
