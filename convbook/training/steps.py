"""One step of an optimizer as a formula, in NumPy: what weight decay does to it."""

import numpy as np


def sgd_step(w, grad, *, lr, weight_decay=0.0):
    """w - η (g + λ w), which is (1 - η λ) w - η g: with plain gradient descent, L2 and weight decay are one thing.

    >>> sgd_step(2.0, 1.0, lr=0.5, weight_decay=0.5)
    1.0
    """
    return w - lr * (grad + weight_decay * w)


def adam_step(w, grad, m, v, t, *, lr, betas=(0.9, 0.999), eps=1e-8,
              weight_decay=0.0, decoupled=True):
    """One step of Adam; weight decay beside the step (AdamW), or as an L2 penalty inside the gradient.

        L2:     g <- g + λ w
        AdamW:  w <- (1 - η λ) w
        m <- β₁ m + (1 - β₁) g,     v <- β₂ v + (1 - β₂) g²
        w <- w - η (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)

    Args:
        w, grad, m, v: arrays of one shape; m and v start at 0.
        t: number of this step, from 1.
        lr: η.
        betas, eps: as in torch.optim.Adam.
        weight_decay: λ.
        decoupled: True is AdamW, False is Adam with L2.
    Returns:
        w, m, v after the step.

    At the first step Adam moves every weight by η, however large its gradient, in the direction of the sign:

    >>> w, m, v = adam_step(np.array([2.0, 2.0]), np.array([1.0, 100.0]), 0, 0, 1, lr=0.5, eps=0)
    >>> w
    array([1.5, 1.5])

    Same result as torch.optim.AdamW and torch.optim.Adam.
    Source: Kingma & Ba (2015), algorithm 1, https://arxiv.org/abs/1412.6980; Loshchilov & Hutter (2019), algorithm 2,
    https://arxiv.org/abs/1711.05101
    """
    if decoupled:
        w = w - lr * weight_decay * w
    else:
        grad = grad + weight_decay * w
    m = betas[0] * m + (1 - betas[0]) * grad
    v = betas[1] * v + (1 - betas[1]) * grad**2
    step = (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
    return w - lr * step, m, v
