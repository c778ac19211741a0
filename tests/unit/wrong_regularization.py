"""Common wrong answers to the exercises of appendix A1."""

import numpy as np

from convbook.exercises import regularization as right


def soft(x, t):
    return np.sign(x) * np.maximum(np.abs(x) - t, 0)


def array(x):
    return np.asarray(x, dtype=float)


def changes_its_input(x, mask, p):
    y = right.dropout(x, mask, p)
    x *= 0
    return y


def log_softmax(x):
    x = np.asarray(x) - np.max(x)
    return x - np.log(np.exp(x).sum())


def stop(validation, patience, *, count=0, equal=False, back=True, global_best=False):
    best = 0
    for epoch, loss in enumerate(validation):
        if loss < validation[best] or (equal and epoch and loss == validation[best]):
            best = epoch
        elif epoch - best >= patience + count:
            return (int(np.argmin(validation)) if global_best else best if back else epoch), epoch
    return best, len(validation) - 1


WRONG = {
    "regularization/proximal_step": {
        "the penalty first": lambda w, grad, lr, strength, kind: (soft(array(w), lr * strength) if kind == "l1" else array(w) / (1 + lr * strength)) - lr * array(grad),
        "without the step": lambda w, grad, lr, strength, kind: right.proximal_step(w, 0 * array(grad), lr, strength, kind),
        "uphill": lambda w, grad, lr, strength, kind: right.proximal_step(w, -array(grad), lr, strength, kind),
        "the threshold without lr": lambda w, grad, lr, strength, kind: right.proximal_step(array(w) - lr * array(grad), 0 * array(grad), 1, strength, kind),
        "always L1": lambda w, grad, lr, strength, kind: right.proximal_step(w, grad, lr, strength, "l1"),
        "always L2": lambda w, grad, lr, strength, kind: right.proximal_step(w, grad, lr, strength, "l2"),
        "a hard threshold": lambda w, grad, lr, strength, kind: right.proximal_step(w, grad, lr, strength, kind) if kind == "l2" else (lambda m: m * (np.abs(m) > lr * strength))(array(w) - lr * array(grad)),
        "does not stop at zero": lambda w, grad, lr, strength, kind: right.proximal_step(w, grad, lr, strength, kind) if kind == "l2" else (lambda m: m - lr * strength * np.sign(m))(array(w) - lr * array(grad)),
        "towards minus infinity": lambda w, grad, lr, strength, kind: right.proximal_step(w, grad, lr, strength, kind) if kind == "l2" else np.maximum(array(w) - lr * array(grad) - lr * strength, 0),
        "a decay step": lambda w, grad, lr, strength, kind: right.proximal_step(w, grad, lr, strength, kind) if kind == "l1" else (array(w) - lr * array(grad)) * (1 - lr * strength),
    },
    "regularization/dropout": {
        "does not scale": lambda x, mask, p: x * mask,
        "divides by p": lambda x, mask, p: x * mask / (p or 1),
        "multiplies": lambda x, mask, p: x * mask * (1 - p),
        "drops what it should keep": lambda x, mask, p: x * (1 - mask) / (1 - p),
        "scales by what is left": lambda x, mask, p: x * mask * mask.size / max(mask.sum(), 1),
        "changes its input": changes_its_input,
    },
    "regularization/smoothed_loss": {
        "ignores smoothing": lambda logits, label, smoothing: -log_softmax(logits)[label],
        "spreads over the others": lambda logits, label, smoothing: -sum((1 - smoothing if k == label else smoothing / (len(logits) - 1)) * v for k, v in enumerate(log_softmax(logits))),
        "the label loses its share": lambda logits, label, smoothing: -sum((1 - smoothing if k == label else smoothing / len(logits)) * v for k, v in enumerate(log_softmax(logits))),
        "no division by K": lambda logits, label, smoothing: -(1 - smoothing) * log_softmax(logits)[label] - smoothing * log_softmax(logits).sum(),
        "overflows": lambda logits, label, smoothing: -(1 - smoothing) * np.log(np.float64(np.exp(np.minimum(logits, 700)) / np.exp(np.minimum(logits, 700)).sum() + 1e-12))[label] - smoothing * np.log(np.exp(np.minimum(logits, 700)) / np.exp(np.minimum(logits, 700)).sum() + 1e-12).mean(),
        "a gain": lambda logits, label, smoothing: -right.smoothed_loss(logits, label, smoothing),
        "no softmax": lambda logits, label, smoothing: -(1 - smoothing) * logits[label] - smoothing * np.mean(logits),
    },
    "regularization/stop_epoch": {
        "waits one more": lambda validation, patience: stop(validation, patience, count=1),
        "waits one less": lambda validation, patience: stop(validation, max(patience - 1, 1)),
        "keeps the last weights": lambda validation, patience: stop(validation, patience, back=False),
        "sees the future": lambda validation, patience: stop(validation, patience, global_best=True),
        "as good is better": lambda validation, patience: stop(validation, patience, equal=True),
        "never stops": lambda validation, patience: (int(np.argmin(validation)), len(validation) - 1),
        "counts from one": lambda validation, patience: tuple(v + 1 for v in right.stop_epoch(validation, patience)),
        "stops at any rise": lambda validation, patience: next(((i - 1, i) for i in range(1, len(validation)) if validation[i] >= validation[i - 1]), (len(validation) - 1,) * 2),
    },
}
