"""Train a small network, several times: a result without its spread over seeds says little."""

from copy import deepcopy
from dataclasses import dataclass
from math import inf

import numpy as np
import torch
from torch.nn import functional as F

from convbook._arguments import whole
from convbook.training.progress import progress_bar
from convbook.training.scores import accuracy, tensors


@dataclass(frozen=True)
class Run:
    """What one training run left behind: plain numbers, and the trained model."""

    seed: int
    losses: tuple  # mean training loss of each epoch, without the penalty
    score: float  # on the test set; the share that is right, 0 to 1, unless `fit` was given another score
    model: torch.nn.Module
    history: tuple = ()  # one dict an epoch: "loss", "validation" if there is a validation set, and what `watch` returned
    best_epoch: int | None = None  # the epoch, from 0, whose weights the model has; None if it has the last one's

    @property
    def accuracy(self):
        return self.score

    def to_dict(self):
        """Everything but the model, ready for JSON."""
        return {"seed": self.seed, "losses": list(self.losses), "score": self.score,
                "history": [dict(row) for row in self.history], "best_epoch": self.best_epoch}


def fit(make_model, train, test, *, seed=0, epochs=10, batch_size=64, learning_rate=3e-3, loss=F.cross_entropy, score=accuracy,
        penalty=None, augment=None, make_optimizer=None, validation=None, patience=None, watch=None, progress=None):
    """Train a fresh `make_model()`, with Adam and cross entropy unless told otherwise, and return the `Run`.

    Args:
        make_model: a function without arguments that builds the model; it is called after the seed is set.
        train, test: pairs (inputs, targets) of NumPy arrays, (N, ...) each. Integer targets are classes, (N,) or one for each
            pixel (N, H, W); floating-point targets are values.
        seed: fixes the initial weights and the order of the batches.
        epochs: passes over the training set.
        batch_size: inputs in a batch.
        learning_rate: the optimizer's step size; it falls to zero along half a cosine.
        loss: of (outputs, targets) of a batch; `F.mse_loss` for values. For several tasks at once, a sum of several.
        score: of (model, inputs, targets), a float; greater is better. See `accuracy`, `mean_iou`, `psnr`, `minus`.
        penalty: of (model), added to the loss of each batch. See `l1`, `l2`.
        augment: of (inputs) of a batch, gives the inputs to train on in their place.
        make_optimizer: of (model, learning_rate); by default Adam.
        validation: a pair like `train`: its score is noted after each epoch.
        patience: stop after so many epochs without a better score on `validation`, and go back to the best weights.
        watch: of (model), returns a dict of numbers to note after each epoch.
        progress: a bar; None shows it only where someone is watching.
    Raises:
        ValueError: sets whose parts differ in length, or a patience without a validation set.
    """
    epochs = whole("epochs", epochs, at_least=1)
    for name, pair in (("train", train), ("test", test), ("validation", validation)):
        if pair is not None and len(pair[0]) != len(pair[1]):
            raise ValueError(f"{name} has {len(pair[0])} inputs and {len(pair[1])} targets; it must have as many of both")
    if patience is not None:
        patience = whole("patience", patience, at_least=1)
        if validation is None:
            raise ValueError(f"patience={patience} needs validation=(inputs, targets), on which to see no progress")

    torch.manual_seed(seed)
    model = make_model()
    inputs, targets = tensors(*train)
    optimizer = (make_optimizer or adam)(model, learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    history, best_score, best_epoch, best_weights = [], -inf, -1, None
    with progress_bar(epochs, f"seed {seed}", show=progress) as step:
        for epoch in range(epochs):
            model.train()
            total = 0.0
            for batch in torch.randperm(len(inputs)).split(batch_size):
                x = inputs[batch] if augment is None else augment(inputs[batch])
                value = loss(model(x), targets[batch])
                total += value.item() * len(batch)
                if penalty is not None:
                    value = value + penalty(model)
                optimizer.zero_grad()
                value.backward()
                optimizer.step()
            schedule.step()
            history.append(_note(model, total / len(inputs), validation, score, watch))
            step(", ".join(f"{name} {number:.4g}" for name, number in history[-1].items() if name in ("loss", "validation")))
            if patience is None:
                continue
            if history[-1]["validation"] > best_score:
                best_score, best_epoch, best_weights = history[-1]["validation"], epoch, deepcopy(model.state_dict())
            elif epoch - best_epoch >= patience:
                break
    if best_weights is not None:
        model.load_state_dict(best_weights)
    losses = tuple(row["loss"] for row in history)
    return Run(seed, losses, score(model, *test), model, tuple(history), None if best_weights is None else best_epoch)


def _note(model, loss, validation, score, watch):
    """The numbers of one epoch. Looking at a model changes neither it nor the numbers that training draws afterwards."""
    row = {"loss": loss}
    model.eval()
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        if validation is not None:
            row["validation"] = score(model, *validation)
        if watch is not None:
            row.update(watch(model))
    return row


def adam(model, learning_rate):
    return torch.optim.Adam(model.parameters(), lr=learning_rate)


def fit_seeds(make_model, train, test, *, seeds=(0, 1, 2), **options):
    """Train once a seed: a list of `Run`s.

    Args:
        make_model, train, test: as for `fit`.
        seeds: whole numbers; each fixes the initial weights and the order of the batches of its run.
        options: as `fit` takes them.
    """
    return [fit(make_model, train, test, seed=seed, **options) for seed in seeds]


def hold_out(train, count, *, seed=0):
    """Take `count` pairs out of a training set, for validation: the rest, and those.

    Args:
        train: (inputs, targets), arrays with N rows each.
        count: 1 to N - 1.
        seed: of the choice.
    Returns:
        rest, validation: pairs of arrays that share no row.
    Raises:
        ValueError: a count that leaves nothing to train on.
    """
    inputs, targets = (np.asarray(part) for part in train)
    count = whole("count", count, at_least=1)
    if count >= len(inputs):
        raise ValueError(f"count={count} must be at most {len(inputs) - 1}: there are {len(inputs)} inputs")
    order = np.random.default_rng(seed).permutation(len(inputs))
    rest, held = np.sort(order[count:]), np.sort(order[:count])
    return (inputs[rest], targets[rest]), (inputs[held], targets[held])
