"""Chapter 6: what a depthwise separable layer costs, computes and could be; the best sum of columns times rows.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

DIGITS = np.array([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0, 3.0, 2.0, 3.0, 8.0, 4.0, 6.0, 2.0, 6.0, 4.0])
WEIGHTS = np.array([2.0, -1.0, 0.5, 3.0, -2.0, 1.0, 4.0, -0.5, 1.5, -3.0, 2.5, 1.0])


@exercise(
    "separable/cost",
    *(((C, D, k, size), {}) for C, D, k, size in [
        (1, 1, 1, (1, 1)), (1, 2, 1, (1, 1)), (2, 1, 1, (1, 1)), (1, 1, 2, (1, 1)), (1, 1, 1, (2, 3)), (2, 3, 2, (4, 5)), (3, 128, 3, (5, 5)),
        (512, 512, 3, (14, 14)), (32, 64, 5, (7, 9)),
    ]),
)
def separable_cost(in_channels, out_channels, k, output_size):
    """(parameters, multiply-adds) of a depthwise separable convolution with k x k filters and no bias.

    `output_size` is (height, width) of the maps that both steps write.
    """
    height, width = output_size
    parameters = in_channels * k * k + in_channels * out_channels
    return parameters, parameters * height * width


@exercise(
    "separable/separable_conv",
    *(((DIGITS[:c * h * w].reshape(c, h, w), WEIGHTS[:c * kh * kw].reshape(c, kh, kw), WEIGHTS[::-1][:d * c].reshape(d, c)), {}) for c, d, h, w, kh, kw in [
        (1, 1, 1, 2, 1, 2), (1, 2, 1, 1, 1, 1), (2, 1, 1, 1, 1, 1), (1, 1, 2, 3, 2, 2), (2, 3, 2, 2, 1, 2), (2, 2, 2, 3, 2, 1), (2, 3, 3, 4, 2, 3), (3, 2, 2, 4, 1, 3),
    ]),
)
def separable_conv(x, filters, mixing):
    """Filter each channel of x, (C, H, W), by its own filter out of (C, k_h, k_w); then mix the channels at each pixel by (D, C).

    As deep learning does: no flip, stride 1, no padding. The result is (D, H − k_h + 1, W − k_w + 1).
    """
    windows = np.lib.stride_tricks.sliding_window_view(x, filters.shape[1:], axis=(1, 2))
    filtered = np.einsum("chwij,cij->chw", windows, filters)
    return np.einsum("dc,chw->dhw", mixing, filtered)


@exercise(
    "separable/as_dense",
    *(((DIGITS[:c * kh * kw].reshape(c, kh, kw), WEIGHTS[:d * c].reshape(d, c)), {}) for c, d, kh, kw in [
        (1, 1, 1, 1), (1, 2, 1, 1), (2, 1, 1, 1), (2, 3, 1, 1), (1, 1, 2, 3), (2, 2, 1, 2), (2, 3, 2, 2), (3, 2, 2, 3),
    ]),
)
def as_dense(filters, mixing):
    """The kernel (D, C, k_h, k_w) of the one ordinary convolution that gives the same numbers as filters (C, k_h, k_w), then mixing (D, C)."""
    return mixing[:, :, None, None] * filters[None]


@exercise(
    "separable/best_sum",
    ((np.array([[2.0]]), 1), {}),
    ((np.array([[3.0, 0.0], [0.0, -4.0]]), 1), {}),
    ((np.array([[3.0, 0.0], [0.0, -4.0]]), 2), {}),
    ((np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 5.0]]), 1), {}),
    ((np.array([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]]), 1), {}),
    ((np.array([[1.0, 2.0, 0.0], [3.0, 1.0, 5.0], [0.0, 7.0, 2.0]]), 2), {}),
    ((DIGITS[:20].reshape(5, 4), 2), {}),
    ((DIGITS[:12].reshape(3, 4), 3), {}),
)
def best_sum(kernel, rank):
    """The sum of `rank` columns times rows that is nearest to a kernel, as one matrix of its size. NumPy's svd may help."""
    U, s, Vt = np.linalg.svd(kernel, full_matrices=False)
    return (U[:, :rank] * s[:rank]) @ Vt[:rank]
