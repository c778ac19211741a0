"""Chapter 10: the loss of softened labels; count what a layer moves, halve a map side by side, split and shuffle channels.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

MAPS = np.array([
    [[3.0, -1, 4, 1, -5, 9, 2], [-6, 5, 3, -5, 8, 9, 7], [9, -3, 2, 3, 8, -4, 6], [2, 6, -4, 3, 3, 8, 3], [-2, 7, 9, 5, 0, 2, 8]],
    [[8.0, 4, -1, 9, 7, 1, 6], [-9, 3, 9, -9, 3, 7, 5], [1, 0, -5, 8, 2, 0, -9], [7, 4, 9, 4, 4, 5, 9], [-2, 3, 0, 7, 8, -1, 6]],
])


@exercise("recent/smoothed_loss", *(((np.array(logits), np.array(labels), epsilon), {}) for logits, labels, epsilon in [
    ([[1.0, 0.0]], [0], 0.5), ([[2.0, 0.0, -1.0]], [2], 0.0), ([[0.0, 3.0, 1.0], [1.0, -2.0, 4.0]], [1, 0], 0.1),
    ([[4.0, 1.0, 0.0, 2.0], [0.5, 0.0, 3.0, -1.0]], [0, 3], 0.3), ([[800.0, 2.0, -300.0], [-900.0, 0.0, 1.0]], [0, 2], 0.2),
]))  # fmt: skip
def smoothed_loss(logits, labels, epsilon):
    """Cross entropy with smoothed labels, (N, K) logits and (N,) labels -> (N,): one loss a row, finite for large logits too."""
    top = logits.max(axis=1, keepdims=True)
    log_p = logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    right = log_p[np.arange(len(labels)), labels]
    return -(1 - epsilon) * right - epsilon * log_p.mean(axis=1)


@exercise("recent/numbers_moved", *((case, {}) for case in [
    (1, 1, 1, 1, 1), (2, 1, 1, 1, 1), (1, 2, 1, 1, 1), (4, 6, 1, 1, 2), (3, 5, 2, 3, 1), (6, 4, 5, 3, 2), (128, 128, 28, 20, 4),
]))  # fmt: skip
def numbers_moved(in_channels, out_channels, height, width, groups):
    """Numbers that a 1 x 1 convolution reads and writes, each once: its input, its output, its weights; no bias."""
    return height * width * (in_channels + out_channels) + in_channels * out_channels // groups


@exercise("recent/halve", *(((x, weight), {}) for x, weight in [
    (MAPS[:1, :3, :3], np.arange(9.0).reshape(1, 1, 3, 3) - 4), (MAPS[:1, :3, :5], np.arange(9.0).reshape(1, 1, 3, 3) % 4 - 1),
    (MAPS[:2, :5, :3], np.arange(18.0).reshape(1, 2, 3, 3) % 5 - 2), (-abs(MAPS), np.arange(54.0).reshape(3, 2, 3, 3) % 7 - 3),
    (MAPS[:, :4, :6], np.arange(36.0).reshape(2, 2, 3, 3) % 5 - 2),
]))  # fmt: skip
def halve(x, weight):
    """Half the size, side by side: a 3 x 3 convolution (D, C, 3, 3) and a 3 x 3 max pooling of x, (C, H, W), both with stride 2 and no
    padding, joined to (D + C, H', W'): the convolution first."""
    _, H, W = x.shape
    windows = [[x[:, i:i + 3, j:j + 3] for j in range(0, W - 2, 2)] for i in range(0, H - 2, 2)]
    convolved = [[np.tensordot(weight, window, axes=3) for window in row] for row in windows]
    pooled = [[window.max(axis=(1, 2)) for window in row] for row in windows]
    return np.concatenate([convolved, pooled], axis=2).transpose(2, 0, 1)


def channels(C):
    """C small maps, 2 x 3, all different."""
    return np.arange(6.0 * C).reshape(C, 2, 3) * 7 % 17 - 8


@exercise("recent/split_and_shuffle", *(((x, weight), {}) for x, weight in [
    (channels(2)[:, :1, :1], np.array([[2.0]])), (channels(4)[:, :1, :1], np.array([[1.0, 2], [0, -1]])),
    (channels(4)[:, :1], np.array([[1.0, 2], [-3, 1]])), (channels(6), np.arange(9.0).reshape(3, 3) % 5 - 1),
    (channels(8), np.arange(16.0).reshape(4, 4) % 7 - 3),
]))  # fmt: skip
def split_and_shuffle(x, weight):
    """The frame of ShuffleNet v2's unit on x, (C, H, W), C even: the first half of the channels passes; the second half goes through a
    1 x 1 convolution, (C/2, C/2), and a ReLU; both are joined, and shuffled in two groups, so that left and right take turns."""
    left, right = x[:len(x) // 2], x[len(x) // 2:]
    right = np.maximum(np.tensordot(weight, right, axes=1), 0)
    return np.stack([left, right], axis=1).reshape(x.shape)
