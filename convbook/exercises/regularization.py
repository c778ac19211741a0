"""Appendix A1: a proximal step, dropout with a given mask, a smoothed loss, and when patience runs out.

Each function is a solution; its docstring is the task.
"""

import numpy as np

from convbook.exercises._check import exercise

W, G = np.array([0.5, -0.25, 2.0, 0.0]), np.array([1.0, -3.0, -0.5, -0.25])


@exercise(
    "regularization/proximal_step",
    ((np.array([2.0]), np.array([0.0]), 0.5, 1.0, "l1"), {}),
    ((np.array([2.0]), np.array([0.0]), 0.5, 1.0, "l2"), {}),
    ((np.array([-2.0]), np.array([1.0]), 0.5, 1.0, "l1"), {}),  # the step first; a negative weight moves up
    ((np.array([0.25]), np.array([0.0]), 0.5, 1.0, "l1"), {}),  # stops at zero
    ((np.array([1.0, -1.0]), np.array([2.0, 1.0]), 0.25, 0.0, "l1"), {}),
    ((W, G, 0.1, 2.0, "l1"), {}),
    ((W, G, 0.1, 2.0, "l2"), {}),
)
def proximal_step(w, grad, lr, strength, kind):
    """One step w - lr·grad, and then the penalty: for "l1" the soft threshold with lr·strength, for "l2" division by 1 + lr·strength.

    Works on arrays of any shape, and gives a new one.
    """
    moved = w - lr * grad
    if kind == "l2":
        return moved / (1 + lr * strength)
    return np.sign(moved) * np.maximum(np.abs(moved) - lr * strength, 0)


@exercise(
    "regularization/dropout",
    ((np.array([4.0]), np.array([1]), 0.0), {}),
    ((np.array([4.0]), np.array([1]), 0.5), {}),
    ((np.array([4.0, 2.0]), np.array([1, 0]), 0.75), {}),
    ((np.array([4, 2, -3]), np.array([0, 1, 1]), 0.2), {}),
    ((np.arange(6.0).reshape(2, 3) + 1, np.array([[1, 1, 1], [1, 1, 1]]), 0.5), {}),  # p counts, not the share of this mask
    ((np.arange(6.0).reshape(2, 3), np.array([[1, 0, 0], [0, 1, 1]]), 0.2), {}),
)
def dropout(x, mask, p):
    """Inverted dropout with a given mask (1 keeps, 0 drops) that was drawn with p, the chance to drop.

    What is kept is scaled so that the mean over all masks is x.
    """
    return x * mask / (1 - p)


@exercise(
    "regularization/smoothed_loss",
    ((np.zeros(2), 0, 0.0), {}),
    ((np.array([1.0, 0.0]), 0, 0.0), {}),
    ((np.array([1.0, 0.0]), 1, 0.2), {}),
    ((np.array([2.0, -1.0, 0.5]), 2, 0.3), {}),
    ((np.array([2.0, -1.0, 0.5, 0.0]), 1, 1.0), {}),
    ((np.array([1000.0, 0.0, -1000.0]), 0, 0.1), {}),  # exp(1000) is too large
)
def smoothed_loss(logits, label, smoothing):
    """Cross entropy of one vector of K outputs with label smoothing: - sum of q(k) log p(k), as a float.

    q is smoothing / K for every class, and 1 - smoothing more for the label; p is the softmax. Large outputs must not overflow.
    """
    shifted = logits - np.max(logits)
    log_p = shifted - np.log(np.exp(shifted).sum())
    return np.asarray(-(1 - smoothing) * log_p[label] - smoothing * log_p.mean())


@exercise(
    "regularization/stop_epoch",
    (([3.0], 1), {}),
    (([3.0, 2.0], 1), {}),  # it may end before patience does
    (([2.0, 3.0, 1.0], 1), {}),  # what comes too late is never seen
    (([2.0, 3.0, 1.0], 2), {}),
    (([2.0, 2.0, 2.0, 1.0], 2), {}),  # as good is not better
    (([5.0, 4.0, 4.5, 3.0, 3.5, 3.2, 3.1, 1.0], 3), {}),
)
def stop_epoch(validation, patience):
    """Early stopping: a tuple of the epoch whose weights are kept, and the last epoch that is run. Epochs count from 0.

    Training ends after `patience` epochs in a row without a loss below the best one; or with the list.
    """
    best = 0
    for epoch, loss in enumerate(validation):
        if loss < validation[best]:
            best = epoch
        elif epoch - best >= patience:
            return best, epoch
    return best, len(validation) - 1
