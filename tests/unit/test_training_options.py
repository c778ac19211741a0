"""What the trainer can be asked for: other losses, penalties, early stopping, notes of each epoch; and results as plain data."""

import json
import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from convbook.training import Run, accuracy, fit, fit_seeds, hold_out, l1, l2, minus, outputs

rng = np.random.default_rng(0)
inputs = rng.standard_normal((120, 3)).astype(np.float32)
labels = (inputs[:, 0] > 0).astype(int)
values = (inputs @ [[1.0], [-2.0], [0.0]] + 0.5).astype(np.float32)
train, test = (inputs[:80], labels[:80]), (inputs[80:], labels[80:])
train_values, test_values = (inputs[:80], values[:80]), (inputs[80:], values[80:])


def line():
    return nn.Linear(3, 2)


def regression():
    return nn.Linear(3, 1)


def settle(**options):
    return fit(regression, train_values, test_values, loss=F.mse_loss, score=minus(F.mse_loss), epochs=60, batch_size=16,
               learning_rate=0.1, **options)


def test_a_regression_finds_the_line():
    run = settle()
    assert -1e-6 < run.score <= 0
    assert torch.allclose(run.model.weight.detach(), torch.tensor([[1.0, -2.0, 0.0]]), atol=1e-3)


def test_a_label_for_each_pixel_is_learned_and_scored():
    images = rng.standard_normal((40, 1, 4, 6)).astype(np.float32)
    masks = (images[:, 0] > 0).astype(int)
    run = fit(lambda: nn.Conv2d(1, 2, 1), (images, masks), (images, masks), epochs=20, batch_size=8, learning_rate=0.3)
    assert run.accuracy > 0.95


def test_l1_brings_the_useless_weight_to_nothing_and_l2_only_shrinks():
    sizes = {name: settle(penalty=penalty).model.weight.detach()[0] for name, penalty in
             (("none", None), ("l1", l1(0.2)), ("l2", l2(0.2)))}
    assert sizes["l1"][2].abs() < 0.02
    # l1 takes the same off every weight, here about 0.1; l2 takes a share, so twice as much off the weight that is twice as large.
    lost = {name: sizes["none"][:2].abs() - sizes[name][:2].abs() for name in ("l1", "l2")}
    assert (lost["l1"] > 0.05).all() and 0.6 < lost["l1"][1] / lost["l1"][0] < 1.4
    assert (lost["l2"] > 0.05).all() and 1.5 < lost["l2"][1] / lost["l2"][0] < 2.5
    assert sizes["l2"][2].abs() < 0.1


def test_penalties_are_sums_over_weights_without_biases_and_norms():
    model = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1))
    nn.init.constant_(model[0].weight, -3.0)
    nn.init.constant_(model[0].bias, 100.0)
    assert l1(0.5)(model).item() == 0.5 * 6 and l2(0.5)(model).item() == 0.25 * 18


def test_the_noted_loss_is_without_the_penalty():
    plain, heavy = (fit(line, train, test, epochs=1, batch_size=80, penalty=penalty) for penalty in (None, lambda model: 1000.0 * model.bias.sum()))
    assert plain.losses == heavy.losses


def test_augmentation_sees_training_batches_only():
    seen = []

    def note(batch):
        seen.append(len(batch))
        return batch

    plain, noted = (fit(line, train, test, epochs=2, batch_size=30, augment=augment) for augment in (None, note))
    assert seen == [30, 30, 20] * 2 and plain.losses == noted.losses


def test_another_optimizer_takes_the_place_of_adam():
    run = fit(line, train, test, epochs=1, learning_rate=0.0, make_optimizer=lambda model, rate: torch.optim.SGD(model.parameters(), lr=rate))
    torch.manual_seed(0)
    assert torch.equal(run.model.weight, line().weight)


class Scripted:
    """A score that says what it was told, and remembers the weights it was asked about."""

    def __init__(self, *answers):
        self.answers, self.weights = list(answers), []

    def __call__(self, model, inputs, targets):
        self.weights.append(model.weight.detach().clone())
        return self.answers.pop(0)


def test_early_stopping_waits_its_patience_and_returns_the_best_weights():
    score = Scripted(0.1, 0.5, 0.4, 0.5, 0.3, "the test set's")
    run = fit(line, train, test, validation=test, patience=3, epochs=50, score=score)
    assert [row["validation"] for row in run.history] == [0.1, 0.5, 0.4, 0.5, 0.3] and len(run.losses) == 5
    assert run.best_epoch == 1 and run.score == "the test set's"
    assert torch.equal(run.model.weight, score.weights[1]) and torch.equal(score.weights[-1], score.weights[1])


def test_the_best_weights_are_kept_when_patience_does_not_run_out_too():
    score = Scripted(0.9, 0.2, 0.3, 0.0)
    run = fit(line, train, test, validation=test, patience=5, epochs=3, score=score)
    assert run.best_epoch == 0 and torch.equal(run.model.weight, score.weights[0])


def test_scores_that_are_no_numbers_stop_too():
    run = fit(line, train, test, validation=test, patience=2, epochs=9, score=Scripted(math.nan, math.nan, 0.0, 0.0))
    assert len(run.history) == 2 and run.best_epoch is None


def test_watching_a_run_does_not_change_it():
    def net():
        return nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 2))

    def watch(model):
        return {"noise": torch.rand(1).item(), "training": model.training, "largest": model[0].weight.abs().max().item()}

    alone = fit(net, train, test, epochs=3)
    watched = fit(net, train, test, epochs=3, validation=test, watch=watch)
    assert alone.losses == watched.losses and alone.accuracy == watched.accuracy
    assert all(set(row) == {"loss", "validation", "noise", "training", "largest"} and not row["training"] for row in watched.history)
    assert watched.history[-1]["validation"] == watched.accuracy and watched.best_epoch is None


def test_every_epoch_trains_in_training_mode_and_looks_in_evaluation_mode():
    modes = []

    class Watched(nn.Linear):
        def forward(self, x):
            modes.append(self.training)
            return super().forward(x)

    fit(lambda: Watched(3, 2), train, test, epochs=2, batch_size=40, validation=test)
    assert modes == [True, True, False] * 2 + [False]


def test_a_run_is_plain_data_but_for_its_model():
    run = fit(line, train, test, epochs=2, validation=test, patience=1)
    data = json.loads(json.dumps(run.to_dict()))
    assert Run(**{**data, "losses": tuple(data["losses"]), "history": tuple(data["history"]), "model": run.model}) == run


def test_options_reach_every_seed():
    runs = fit_seeds(line, train, test, seeds=(1, 2), epochs=3, validation=test)
    assert [len(run.history) for run in runs] == [3, 3]


def test_answers_do_not_depend_on_the_batches_they_are_asked_in():
    model = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    assert torch.equal(outputs(model, inputs, batch_size=7), outputs(model, inputs))
    assert not outputs(model, inputs).requires_grad and not model.training


def test_held_out_pairs_are_in_neither_half_twice():
    rows = np.arange(10)
    (rest, rest_labels), (held, held_labels) = hold_out((rows[:, None], rows + 100), 3, seed=4)
    assert len(held) == 3 and sorted([*rest[:, 0], *held[:, 0]]) == list(rows)
    assert list(rest[:, 0] + 100) == list(rest_labels) and list(held[:, 0] + 100) == list(held_labels)
    again, other = (hold_out((rows, rows), 3, seed=seed)[1][0] for seed in (4, 5))
    assert list(again) == list(held[:, 0]) != list(other)


@pytest.mark.parametrize("call, message", [
    (lambda: fit(line, (inputs, labels[:80]), test), "train has 120 inputs and 80 targets; it must have as many of both"),
    (lambda: fit(line, train, test, validation=(inputs, labels[1:])), "validation has 120 inputs and 119 targets; it must have as many of both"),
    (lambda: fit(line, train, test, patience=2), "patience=2 needs validation=(inputs, targets), on which to see no progress"),
    (lambda: fit(line, train, test, validation=test, patience=0), "patience=0 must be at least 1"),
    (lambda: fit(line, train, test, epochs=0), "epochs=0 must be at least 1"),
    (lambda: hold_out(train, 80), "count=80 must be at most 79: there are 80 inputs"),
])
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


def test_accuracy_is_the_score_unless_another_is_given():
    run = fit(line, train, test, epochs=2)
    assert run.score == run.accuracy == accuracy(run.model, *test)
