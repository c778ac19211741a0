"""The trainer: it learns, it repeats itself, and its spread is the textbook's."""

import numpy as np
from torch import nn

from convbook.training import accuracy, fit, fit_seeds, spread

rng = np.random.default_rng(0)
images = rng.standard_normal((120, 3)).astype(np.float32)
labels = (images[:, 0] > 0).astype(int)  # the answer stands in the first number
train, test = (images[:80], labels[:80]), (images[80:], labels[80:])


def line():
    return nn.Linear(3, 2)


def test_a_separable_problem_is_learned():
    run = fit(line, train, test, epochs=30, batch_size=16, learning_rate=0.1)
    assert run.accuracy > 0.9 and run.losses[-1] < run.losses[0] / 2 and len(run.losses) == 30


def test_the_same_seed_gives_the_same_run_and_another_seed_another_one():
    first, again, other = (fit(line, train, test, seed=seed, epochs=2) for seed in (3, 3, 4))
    assert first.losses == again.losses and first.accuracy == again.accuracy
    assert first.losses != other.losses


def test_there_is_one_run_a_seed():
    assert [run.seed for run in fit_seeds(line, train, test, seeds=(5, 7), epochs=1)] == [5, 7]


def test_accuracy_counts_the_right_answers():
    model = line()
    nn.init.zeros_(model.weight)
    model.bias.data[:] = model.bias.new_tensor([0.0, 1.0])  # always answers 1
    assert accuracy(model, images, labels) == np.float32(labels.mean())


def test_spread_is_mean_and_sample_standard_deviation_in_percent():
    assert spread([0.5, 0.6, 0.7]) == "60.0 ± 10.0 %"
