"""Chapter 3: write the depthwise convolution, the gradient of its filters, and the dense layer that it makes with a pointwise one.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

DRAW = np.random.default_rng(3)


def numbers(*shape):
    return DRAW.integers(-3, 5, shape).astype(float)


@exercise(
    "depthwise/depthwise_conv2d",
    *(((numbers(C, h, w), numbers(m * C, 1, k_h, k_w)), {}) for C, m, h, w, k_h, k_w in [
        (1, 1, 1, 1, 1, 1), (1, 1, 2, 2, 1, 2), (2, 1, 1, 2, 1, 1), (1, 2, 1, 2, 1, 2), (2, 2, 1, 2, 1, 1), (2, 1, 2, 3, 2, 2), (3, 2, 3, 4, 2, 3), (2, 3, 4, 3, 3, 1),
    ]),
    ((np.array([[[2, 7, 1]], [[8, 2, 8]]]), np.array([[[[0.5, 1.0]]], [[[1.0, -0.5]]]])), {}),  # whole numbers in, fractions out
)
def depthwise_conv2d(x, w):
    """Filter every channel of x, (C, h, w), by its own m filters: w is (m C, 1, k_h, k_w), those of channel 0 first. No padding, stride 1."""
    m, (k_h, k_w) = len(w) // len(x), w.shape[2:]
    o_h, o_w = x.shape[1] - k_h + 1, x.shape[2] - k_w + 1
    y = np.zeros((len(w), o_h, o_w))
    for q, i, j in np.ndindex(y.shape):
        y[q, i, j] = np.sum(x[q // m, i:i + k_h, j:j + k_w] * w[q, 0])
    return y


@exercise(
    "depthwise/grad_weight",
    *(((numbers(m * C, o_h, o_w), numbers(C, o_h + k_h - 1, o_w + k_w - 1)), {}) for C, m, o_h, o_w, k_h, k_w in [
        (1, 1, 1, 1, 1, 1), (1, 1, 1, 2, 1, 1), (1, 1, 1, 1, 1, 2), (2, 1, 1, 1, 1, 2), (1, 2, 1, 1, 1, 2), (2, 2, 1, 2, 1, 1), (2, 1, 2, 2, 2, 1), (2, 2, 2, 3, 1, 2), (3, 1, 3, 2, 2, 3),
    ]),
)
def grad_weight(grad, x):
    """Gradient of the loss with respect to the filters, (m C, 1, k_h, k_w): grad, (m C, o_h, o_w), is the one with respect to the output.

    x is (C, h, w). Stride 1, no padding, so a kernel has h - o_h + 1 rows.
    """
    m, (o_h, o_w) = len(grad) // len(x), grad.shape[1:]
    k_h, k_w = x.shape[1] - o_h + 1, x.shape[2] - o_w + 1
    grad_w = np.zeros((len(grad), 1, k_h, k_w))
    for q, _, u, v in np.ndindex(grad_w.shape):
        grad_w[q, 0, u, v] = np.sum(grad[q] * x[q // m, u:u + o_h, v:v + o_w])
    return grad_w


@exercise(
    "depthwise/merge",
    *(((numbers(m * C, 1, k_h, k_w), numbers(D, m * C, 1, 1)), {"multiplier": m} if m > 1 else {}) for C, m, D, k_h, k_w in [
        (1, 1, 1, 1, 2), (2, 1, 1, 1, 1), (1, 1, 2, 1, 2), (2, 1, 3, 1, 2), (1, 2, 1, 1, 2), (2, 2, 1, 2, 1), (2, 2, 3, 2, 3), (3, 1, 2, 3, 2),
    ]),
)
def merge(depthwise, pointwise, multiplier=1):
    """The dense weight (D, C, k_h, k_w) that gives the same as depthwise, (m C, 1, k_h, k_w), and then pointwise, (D, m C, 1, 1)."""
    parts = pointwise * depthwise[:, 0]
    D, filters, k_h, k_w = parts.shape
    return parts.reshape(D, filters // multiplier, multiplier, k_h, k_w).sum(axis=2)
