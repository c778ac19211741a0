"""Label smoothing: targets that are not quite sure."""

from torch.nn import functional as F


def smoothed_targets(labels, classes, smoothing):
    """The distribution that a smoothed label stands for.

        q(k) = (1 - ε) [k = label] + ε / K

    Args:
        labels: (N,), whole numbers from 0 to K - 1.
        classes: K.
        smoothing: ε, 0 <= ε <= 1.
    Returns:
        (N, K), each row sums to 1.
    Raises:
        ValueError: a smoothing below 0 or above 1.

    >>> import torch
    >>> smoothed_targets(torch.tensor([1]), 4, 0.5)
    tensor([[0.1250, 0.6250, 0.1250, 0.1250]])

    Source: Szegedy et al. (2016), section 7, https://arxiv.org/abs/1512.00567
    """
    if not 0 <= smoothing <= 1:
        raise ValueError(f"smoothing={smoothing} must lie from 0 to 1")
    return (1 - smoothing) * F.one_hot(labels, classes) + smoothing / classes


def label_smoothing(smoothing):
    """Cross entropy against smoothed targets, for `fit(..., loss=label_smoothing(0.1))`.

        - Σ q(k) log p(k),     p the softmax of the outputs

    Same result as torch.nn.functional.cross_entropy with label_smoothing=ε.
    """
    def loss(outputs, labels):
        targets = smoothed_targets(labels, outputs.shape[1], smoothing)
        return -(targets * outputs.log_softmax(dim=1)).sum(dim=1).mean()
    return loss
