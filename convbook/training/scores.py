"""How good a trained model is: one number for a test set, greater is better, and its spread over runs."""

from statistics import mean, stdev

import torch
from torch.nn import functional as F


def tensors(inputs, targets):
    """NumPy inputs and targets as tensors: inputs float32; targets int64 where they are classes, float32 where they are values."""
    targets = torch.as_tensor(targets)
    return (torch.as_tensor(inputs, dtype=torch.float32),
            targets.to(torch.float32 if targets.is_floating_point() else torch.int64))


def outputs(model, inputs, *, batch_size=512):
    """What the model answers in evaluation mode, without gradients; in batches, so that memory stays small."""
    model.eval()
    with torch.no_grad():
        return torch.cat([model(batch) for batch in torch.as_tensor(inputs, dtype=torch.float32).split(batch_size)])


def accuracy(model, images, labels):
    """Share of `images` whose largest output is at `labels`, 0 to 1; with a label for each pixel, the share of pixels.

    Args:
        model: a torch.nn.Module, (N, ...) -> (N, classes, ...).
        images, labels: NumPy arrays or tensors, (N, ...) and (N,), or (N, H, W) for pixels.

    Scores that are the images themselves: 2 > 1 is right, 0 < 3 is not.

    >>> accuracy(torch.nn.Identity(), [[2, 1], [0, 3]], [0, 0])
    0.5
    """
    images, labels = tensors(images, labels)
    return (outputs(model, images).argmax(dim=1) == labels).float().mean().item()


def mean_iou(model, images, labels):
    """Mean over the classes of intersection over union, 0 to 1, for a label at each pixel.

        IoU(c) = pixels that are c and called c / pixels that are c or called c

    Unlike accuracy it does not let a large background pay for lost objects. Classes that neither side has are left out.

    Args:
        model: a torch.nn.Module, (N, C, H, W) -> (N, classes, H, W).
        images, labels: (N, C, H, W), and the class of each pixel (N, H, W).

    Three pixels of class 0 and one of class 1, all called 0: 3 of 4, and 0 of 1.

    >>> mean_iou(torch.nn.Identity(), [[[[1, 1, 1, 1]], [[0, 0, 0, 0]]]], [[[0, 0, 0, 1]]])
    0.375

    Source: Long, Shelhamer & Darrell (2015), section 5, https://arxiv.org/abs/1411.4038
    """
    images, labels = tensors(images, labels)
    scores = outputs(model, images)
    classes, called = scores.shape[1], scores.argmax(dim=1)
    pairs = torch.bincount((labels * classes + called).flatten(), minlength=classes**2).reshape(classes, classes)
    both = pairs.diagonal()
    either = pairs.sum(dim=0) + pairs.sum(dim=1) - both
    return (both / either)[either > 0].mean().item()


def psnr(model, inputs, targets, *, border=0):
    """Peak signal-to-noise ratio in decibels, the mean over the images, for values between 0 and 1.

        10 log10(1 / mean square error)

    Args:
        model: a torch.nn.Module; what it answers is cut off at 0 and 1.
        inputs, targets: images (N, ...), and the images (N, C, H, W) that the model should make of them.
        border: rows and columns at each side that do not count, as papers on super-resolution leave out as many as the scale.

    Every pixel a tenth off: a mean square error of 0.01.

    >>> round(psnr(torch.nn.Identity(), [[[[0.5, 0.4]]]], [[[[0.4, 0.5]]]]), 4)
    20.0
    """
    inputs, targets = tensors(inputs, targets)
    errors = (outputs(model, inputs).clamp(0, 1) - targets).square()
    inner = slice(border, -border or None)
    return (-10 * errors[..., inner, inner].flatten(1).mean(dim=1).log10()).mean().item()


def minus(loss=F.cross_entropy):
    """A loss as a score for `fit`: greater is better, so it is the loss with a minus."""
    def score(model, inputs, targets):
        inputs, targets = tensors(inputs, targets)
        return -loss(outputs(model, inputs), targets).item()
    return score


def spread(shares, *, scale=100, unit="%", digits=1):
    """Mean and sample standard deviation: of shares between 0 and 1 in percent, or of any numbers in any unit.

    Args:
        shares: two numbers or more, one a run.
        scale, unit, digits: what they are multiplied by, what stands behind them, and digits after the point.
    Raises:
        ValueError: fewer than two numbers.

    >>> spread([0.95, 0.97, 0.96])
    '96.0 ± 1.0 %'
    >>> spread([27.1, 27.2, 27.3], scale=1, unit="dB", digits=2)
    '27.20 ± 0.10 dB'
    """
    shares = list(shares)
    if len(shares) < 2:
        raise ValueError(f"shares={shares} must hold at least two numbers: one run has no spread")
    return f"{scale * mean(shares):.{digits}f} ± {scale * stdev(shares):.{digits}f} {unit}".rstrip()


def summary(runs):
    """Several runs as plain data: seeds, scores, and the scores' mean and sample standard deviation."""
    scores = [run.score for run in runs]
    return {"seeds": [run.seed for run in runs], "scores": scores, "mean": mean(scores),
            "stdev": stdev(scores) if len(scores) > 1 else None}
