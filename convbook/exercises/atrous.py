"""Chapter 5: spread a kernel, find the holes of a stack, and write a causal dilated convolution.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

ROW = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0])
KERNEL = np.array([2.0, -1.0, 0.5])


@exercise("atrous/spread_kernel", *(((np.arange(1.0, h * w + 1).reshape(h, w), d), {}) for h, w, d in [
    (1, 1, 1), (1, 2, 1), (1, 1, 3), (1, 2, 2), (2, 1, 2), (1, 2, 3), (2, 3, 1), (2, 3, 2), (3, 2, 4),
]))
def spread_kernel(w, dilation):
    """Put dilation - 1 zeros between the taps of a kernel w, (k_h, k_w), so that an ordinary convolution with it is the dilated one."""
    spread = np.zeros([dilation * (k - 1) + 1 for k in w.shape], dtype=w.dtype)
    spread[::dilation, ::dilation] = w
    return spread


@exercise("atrous/holes", *(((dilations,), {}) for dilations in [
    (1,), (2,), (3,), (1, 1), (1, 2), (2, 2), (1, 4), (2, 3), (1, 3), (3, 1), (1, 2, 5), (2, 2, 2), (1, 2, 8), (2, 4, 8), (9, 1, 2),
]))
def holes(dilations):
    """How many positions between the first and the last that one unit sees are never read, in one dimension.

    The stack has one layer of three taps and stride 1 for each of the dilations. A whole number.
    """
    read = {0}
    for d in dilations:
        read = {at + d * tap for at in read for tap in (-1, 0, 1)}
    return max(read) - min(read) + 1 - len(read)


@exercise(
    "atrous/causal",
    ((ROW[:1], KERNEL[:1]), {}),
    ((ROW[:2], KERNEL[:2]), {}),
    ((ROW[:3], KERNEL[:2]), {"dilation": 2}),
    ((ROW[:2], KERNEL[:3]), {}),
    ((ROW[:5], KERNEL), {"dilation": 2}),
    ((np.array([2, 7, 1, 8]), KERNEL[1:]), {"dilation": 3}),
    ((ROW, KERNEL), {"dilation": 3}),
)
def causal(x, w, dilation=1):
    """Convolve a row x, (n,), with a kernel w, (k,), without a flip, so that output i reads x[i] and what came before: never later.

    The last tap lies on x[i], the others `dilation` apart before it; before the row stand zeros. The output has n numbers.
    """
    k, n = len(w), len(x)
    x = np.concatenate([np.zeros(dilation * (k - 1)), x])
    return sum(w[t] * x[t * dilation:t * dilation + n] for t in range(k))
