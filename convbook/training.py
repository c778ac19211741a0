"""Train a small classifier, several times: a result without its spread over seeds says little."""

from dataclasses import dataclass
from statistics import mean, stdev

import torch
from torch.nn import functional as F


@dataclass(frozen=True)
class Run:
    """What one training run left behind: plain numbers, and the trained model."""

    seed: int
    losses: tuple  # mean training loss of each epoch
    accuracy: float  # share of the test set that is right, 0 to 1
    model: torch.nn.Module


def tensors(images, labels):
    """NumPy images and labels as a float32 and an int64 tensor."""
    return torch.as_tensor(images, dtype=torch.float32), torch.as_tensor(labels, dtype=torch.int64)


def accuracy(model, images, labels):
    """Share of `images` whose largest output is at `labels`, 0 to 1."""
    images, labels = tensors(images, labels)
    model.eval()
    with torch.no_grad():
        return (model(images).argmax(dim=1) == labels).float().mean().item()


def fit(make_model, train, test, *, seed=0, epochs=10, batch_size=64, learning_rate=3e-3):
    """Train a fresh `make_model()` with Adam and cross entropy, and return the `Run`.

    Args:
        make_model: a function without arguments that builds the model; it is called after the seed is set.
        train, test: pairs (images, labels) of NumPy arrays, (N, ...) and (N,).
        seed: fixes the initial weights and the order of the batches.
        epochs: passes over the training set.
        batch_size: images in a batch.
        learning_rate: Adam's step size; it falls to zero along half a cosine.
    """
    torch.manual_seed(seed)
    model = make_model()
    images, labels = tensors(*train)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    losses = []
    for _ in range(epochs):
        model.train()
        total = 0.0
        for batch in torch.randperm(len(images)).split(batch_size):
            loss = F.cross_entropy(model(images[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        schedule.step()
        losses.append(total / len(images))
    return Run(seed, tuple(losses), accuracy(model, *test), model)


def fit_seeds(make_model, train, test, *, seeds=(0, 1, 2), **options):
    """One `Run` a seed, with `options` as `fit` takes them."""
    return [fit(make_model, train, test, seed=seed, **options) for seed in seeds]


def spread(shares):
    """Mean and sample standard deviation of shares between 0 and 1, in percent.

    >>> spread([0.95, 0.97, 0.96])
    '96.0 ± 1.0 %'
    """
    return f"{100 * mean(shares):.1f} ± {100 * stdev(shares):.1f} %"
