"""What regularizes: dropout and drop-path in expectation, label smoothing, optimizer steps, thresholds in training, augmentation, tuning."""

from itertools import product

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from torch import nn
from torch.nn import functional as F

from convbook import ops
from convbook.blocks import Dropout, DropPath, dropout
from convbook.networks import DigitNet
from convbook.training import (
    accuracy, activation_l1, adam_step, adamw, fit, group_l1, input_noise, jitter, label_smoothing, minus, proximal_adam, sgd_step, smoothed_targets, tune,
)

rng = np.random.default_rng(0)


# Dropout and drop-path

def test_dropout_by_hand_each_number_is_zero_or_doubled():
    torch.manual_seed(0)
    x = torch.tensor([[1.0, -2.0, 3.0]])
    seen = {tuple(dropout(x, 0.5)[0].tolist()) for _ in range(200)}
    assert seen == set(product((0, 2), (-4, 0), (0, 6)))


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_dropout_has_pytorchs_mean_and_variance(p):
    torch.manual_seed(1)
    x = torch.linspace(-2, 3, 6).repeat(20_000, 1)
    for y in (dropout(x, p), F.dropout(x, p)):
        assert torch.allclose(y.mean(0), x[0], atol=5 * 3 * (p / (1 - p) / 20_000) ** 0.5)
        assert torch.allclose(y.var(0), x[0] ** 2 * p / (1 - p), rtol=0.1, atol=1e-6)
        kept = y[y != 0] / x[y != 0]
        assert torch.allclose(kept, torch.full_like(kept, 1 / (1 - p)))


def test_the_mean_over_all_masks_is_the_linear_layer_itself():
    w, x, p = torch.randn(2, 4), torch.randn(4), 0.3
    total = torch.zeros(2)
    for mask in product((0, 1), repeat=4):
        keep = torch.tensor(mask, dtype=torch.float)
        total += (1 - p) ** keep.sum() * p ** (4 - keep.sum()) * (w @ (x * keep / (1 - p)))
    assert torch.allclose(total, w @ x, atol=1e-6)


@pytest.mark.parametrize("layer", [Dropout(0.5), DropPath(0.5)])
def test_nothing_is_dropped_in_use_and_gradients_pass_where_kept(layer):
    x = torch.randn(200, 3, 1, 2, requires_grad=True)
    assert torch.equal(layer.eval()(x), x)
    y = layer.train()(x)
    y.sum().backward()
    assert torch.equal(x.grad != 0, y != 0) and set(x.grad.unique().tolist()) == {0, 2}


@pytest.mark.parametrize("shape", [(300, 2), (300, 3, 2, 1), (300, 2, 5)])
def test_drop_path_keeps_or_leaves_out_whole_images(shape):
    torch.manual_seed(2)
    x = torch.rand(shape, dtype=torch.float64) + 0.1
    y = DropPath(0.25).train()(x)
    factor = (y / x).flatten(1)
    assert y.dtype == x.dtype
    assert torch.allclose(factor, factor[:, :1].expand_as(factor))
    assert torch.allclose((factor * 3).round(decimals=9).unique(), torch.tensor([0.0, 4.0], dtype=torch.float64))
    assert 0.15 < (factor[:, 0] == 0).double().mean() < 0.35


@pytest.mark.parametrize("make", [Dropout, DropPath, lambda p: dropout(torch.ones(2), p)])
@pytest.mark.parametrize("p", [-0.1, 1, float("nan")])
def test_a_share_that_cannot_be_dropped_is_named(make, p):
    with pytest.raises(ValueError, match=f"^p={p} must be at least 0 and less than 1$"):
        make(p)


def test_the_worked_example_of_the_page_four_masks_with_the_mean_10():
    x, w = np.array([4, 2]), np.array([1, 3])
    assert [int((x * mask / 0.5) @ w) for mask in ([0, 0], [1, 0], [0, 1], [1, 1])] == [0, 8, 12, 20]
    torch.manual_seed(3)
    seen = {int(dropout(torch.tensor(x, dtype=torch.float), 0.5) @ torch.tensor(w, dtype=torch.float)) for _ in range(100)}
    assert seen == {0, 8, 12, 20} and sum(seen) / 4 == x @ w


# Label smoothing

def test_smoothed_targets_by_hand():
    assert_allclose(smoothed_targets(torch.tensor([2, 0]), 4, 0.2), [[0.05, 0.05, 0.85, 0.05], [0.85, 0.05, 0.05, 0.05]], rtol=1e-6)


@pytest.mark.parametrize(("n", "classes", "smoothing"), [(1, 3, 0.1), (7, 10, 0.0), (5, 2, 0.4), (4, 6, 1.0)])
def test_label_smoothing_is_pytorchs(n, classes, smoothing):
    outputs, labels = torch.randn(n, classes, dtype=torch.float64, requires_grad=True), torch.randint(0, classes, (n,))
    ours, theirs = label_smoothing(smoothing)(outputs, labels), F.cross_entropy(outputs, labels, label_smoothing=smoothing)
    assert torch.allclose(ours, theirs)
    assert torch.allclose(*(torch.autograd.grad(value, outputs)[0] for value in (ours, theirs)))


def test_a_smoothing_out_of_range_is_named():
    with pytest.raises(ValueError, match=r"^smoothing=1.5 must lie from 0 to 1$"):
        smoothed_targets(torch.tensor([0]), 3, 1.5)


# Steps of optimizers

@pytest.mark.parametrize("shape", [(), (3,), (2, 1, 4)])
def test_steps_are_pytorchs_over_many_steps(shape):
    start, grads = rng.normal(size=shape), rng.normal(size=(6, *shape))
    optimizers = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.3), "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.3),
        "adam": lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.3)}
    for name, make in optimizers.items():
        theirs = torch.nn.Parameter(torch.tensor(start))
        optimizer, w, m, v = make([theirs]), start, 0.0, 0.0
        for t, grad in enumerate(grads, 1):
            theirs.grad = torch.tensor(grad)
            optimizer.step()
            if name == "sgd":
                w = sgd_step(w, grad, lr=0.1, weight_decay=0.3)
            else:
                w, m, v = adam_step(w, grad, m, v, t, lr=0.1, weight_decay=0.3, decoupled=name == "adamw")
        assert_allclose(w, theirs.detach().numpy(), rtol=1e-10, atol=1e-12, err_msg=name)


def test_with_adam_an_l2_penalty_does_not_shrink_in_proportion_and_adamw_does():
    w, grad = np.array([2.0, 2.0]), np.array([0.01, 100.0])
    plain = adam_step(w, grad, 0, 0, 1, lr=0.1)[0]
    inside = plain - adam_step(w, grad, 0, 0, 1, lr=0.1, weight_decay=0.5, decoupled=False)[0]
    beside = plain - adam_step(w, grad, 0, 0, 1, lr=0.1, weight_decay=0.5)[0]
    assert_allclose(beside, 0.1 * 0.5 * w)
    assert (np.abs(inside) < 1e-6).all()  # at the first step only the gradient's sign counts


def test_the_worked_example_of_the_page_adam_ignores_l2_in_its_first_step():
    w, g, first = np.array([2.0, 2.0]), np.array([1.0, 100.0]), dict(m=0, v=0, t=1, lr=0.5, eps=0)
    assert adam_step(w, g, **first)[0].tolist() == [1.5, 1.5]
    assert adam_step(w, g, **first, weight_decay=0.5, decoupled=False)[0].tolist() == [1.5, 1.5]
    assert adam_step(w, g, **first, weight_decay=0.5)[0].tolist() == [1, 1]
    assert sgd_step(w, g, lr=0.5, weight_decay=0.5).tolist() == [1, -48.5]


def line(**options):
    inputs = np.random.default_rng(3).normal(size=(80, 4)).astype(np.float32)
    targets = (inputs @ [[1.0], [-2.0], [0.0], [0.5]]).astype(np.float32)
    return fit(lambda: nn.Linear(4, 1), (inputs, targets), (inputs, targets), loss=F.mse_loss, score=lambda *_: 0.0, epochs=60,
               batch_size=16, learning_rate=0.05, **options).model


def test_thresholds_in_training_make_exact_zeros_and_penalties_do_not():
    from convbook.training import l1

    assert (line(make_optimizer=proximal_adam(0.1)).weight == 0).tolist() == [[False, False, True, False]]
    assert not (line(penalty=l1(0.1)).weight == 0).any()


def test_one_proximal_step_is_adam_and_then_the_threshold():
    for groups, strength in ((False, 0.7), (True, 1.5)):
        torch.manual_seed(4)
        ours, theirs = nn.Conv2d(2, 3, (2, 3)), nn.Conv2d(2, 3, (2, 3))
        theirs.load_state_dict(ours.state_dict())
        optimizers = proximal_adam(strength, groups=groups)(ours, 0.1), torch.optim.Adam(theirs.parameters(), lr=0.1)
        x = torch.randn(2, 2, 4, 5)
        for model, optimizer in zip((ours, theirs), optimizers):
            model(x).square().sum().backward()
            optimizer.step()
        w = theirs.weight.detach().numpy()
        expected = ops.group_soft_threshold(w, 0.1 * strength * 12**0.5) if groups else ops.soft_threshold(w, 0.1 * strength)
        assert_allclose(ours.weight.detach().numpy(), expected, atol=1e-6)
        assert (ours.weight == 0).any() and torch.equal(ours.bias, theirs.bias)
    with pytest.raises(ValueError, match="^strength=-1 must be at least 0$"):
        proximal_adam(-1)(ours, 0.1)


def test_adamw_is_pytorchs():
    optimizer = adamw(0.25)(nn.Linear(2, 1), 0.5)
    assert isinstance(optimizer, torch.optim.AdamW) and optimizer.defaults["weight_decay"] == 0.25 and optimizer.defaults["lr"] == 0.5


# Penalties, augmentation, tuning

def test_penalties_by_hand():
    model = nn.Linear(2, 2)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[3.0, -4.0], [0.0, 0.0]]))
    assert group_l1(2.0)(model).item() == pytest.approx(2 * 2**0.5 * 5)
    model.code = torch.tensor([[1.0, -3.0], [0.0, 4.0]])
    assert activation_l1(0.5)(model).item() == 0.5 * 2


def test_jitter_shifts_by_whole_pixels_exactly_and_stays_within_its_limits(monkeypatch):
    images = torch.zeros(2, 1, 6, 9)
    images[:, :, 2, 4] = 1
    draws = iter([torch.tensor([0.5, 0.5]), torch.tensor([1.0, 0.0]), torch.tensor([0.5, 1.0])])  # angle, down, right: 0.5 is none
    monkeypatch.setattr(torch, "rand", lambda n: next(draws))
    moved = jitter(0, 2)(images)
    # The grid says where to read: reading 2 further down moves the picture up.
    assert [tuple(image[0].nonzero()[0].tolist()) for image in moved.round()] == [(0, 4), (4, 2)]
    assert torch.allclose(moved.sum((1, 2, 3)), torch.ones(2), atol=1e-4)


def test_a_quarter_turn_turns_a_picture_that_is_not_square(monkeypatch):
    image = torch.zeros(1, 1, 9, 9)
    image[0, 0, 4, 7] = 1
    monkeypatch.setattr(torch, "rand", lambda n: torch.ones(n))
    turned = jitter(90, 0)(image)
    assert turned[0, 0].argmax().item() in (1 * 9 + 4, 7 * 9 + 4)
    wide = torch.zeros(1, 1, 5, 9)
    wide[0, 0, 2, 6] = 1
    place = jitter(90, 0)(wide)[0, 0]
    assert sorted(abs(np.array(np.unravel_index(place.argmax().item(), place.shape)) - [2, 4])) == [0, 2]


def test_input_noise_has_the_deviation_that_was_asked_for():
    torch.manual_seed(5)
    noisy = input_noise(0.3)(torch.full((100, 1, 8, 8), 0.5))
    assert noisy.mean().item() == pytest.approx(0.5, abs=0.02) and noisy.std().item() == pytest.approx(0.3, rel=0.05)


def test_tune_chooses_by_validation_and_never_looks_at_the_test_part():
    inputs = rng.normal(size=(60, 3)).astype(np.float32)
    labels = (inputs[:, 0] > 0).astype(int)
    fold = (inputs[:20], labels[:20]), (inputs[20:40], labels[20:40]), (inputs[40:], 1 - labels[40:])  # a test part that misleads
    tuned = tune(lambda rate: {"learning_rate": rate}, (1e-6, 0.1), [fold, fold], lambda: nn.Linear(3, 2), epochs=15)
    assert tuned.knob == 0.1 and tuned.validation[0.1] > tuned.validation[1e-6]
    assert len(tuned.scores) == 2 and max(tuned.scores) < 0.5
    assert [run.seed for run in tuned.runs] == [0, 1]
    assert tuned.validation[0.1] == np.mean([accuracy(run.model, *fold[1]) for run in tuned.runs])


def test_tuning_a_patience_scores_the_weights_that_a_run_went_back_to():
    images, zeros = rng.normal(size=(20, 3)).astype(np.float32), np.zeros(20, dtype=int)
    fold = (images, zeros), (images, zeros + 1), (images, zeros)  # what is learned makes the validation worse from the second epoch on
    tuned = tune(lambda epochs: {"patience": epochs}, (2,), [fold], lambda: nn.Linear(3, 2), epochs=30, score=minus())
    notes = [row["validation"] for row in tuned.runs[0].history]
    assert tuned.runs[0].best_epoch == 0 and len(notes) == 3 and notes[0] > notes[1] > notes[2]
    assert tuned.validation[2] == pytest.approx(notes[0], abs=1e-6)


@pytest.mark.parametrize("options", [{}, {"dropout": 0.5, "drop_path": 0.5}, {"tasks": 2, "classes": 3}, {"norm": nn.BatchNorm2d}, {"size": (5, 7)}])
def test_digit_net_has_a_shape_for_each_option(options):
    net = DigitNet(6, **options)
    x = torch.randn(4, 1, *options.get("size", (8, 8)))
    assert net(x).shape == (4, options.get("classes", 10) + options.get("tasks", 0))
    assert net.code.shape[0] == 4 and torch.equal(net.eval()(x), net(x))
