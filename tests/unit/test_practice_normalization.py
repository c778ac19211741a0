"""Practice of appendix A2: every answer of every kind is what convbook and PyTorch compute."""

import numpy as np
import pytest
import torch
from torch import nn

from convbook import ops
from convbook.explorers.practice import kinds_of
from practice_questions import all_questions, answers


@pytest.fixture(scope="module")
def asked():
    return all_questions("normalization")


def norm(m, x, G):
    return [lambda: ops.batch_norm(x, None, None, training=True, eps=0), lambda: ops.layer_norm(x, x.shape[1:], eps=0),
            lambda: ops.instance_norm(x, eps=0), lambda: ops.group_norm(x, G, eps=0)][m]()


def sharing(N, C, H, W, G, m):
    """Counted: which entries could change with the first one, as the axes of the mean say, and how many such sets there are."""
    split = np.zeros((N, G, C // G, H, W)) if m == 3 else np.zeros((N, C, H, W))
    axes = [(0, 2, 3), (1, 2, 3), (2, 3), (2, 3, 4)][m]
    means = split.mean(axes).size
    return [means, split.size // means]


def value(x, m, n, c, w):
    return [norm(m, np.array(x, float)[:, :, None], 2)[n, c, 0, w]]


def running(old, x, m):
    layer = nn.BatchNorm1d(1, momentum=m).double()
    layer.running_mean[:], layer.running_var[:] = old
    layer(torch.tensor(x, dtype=torch.float64)[:, None])
    return [layer.running_mean.item(), layer.running_var.item()]


def inference(x, mu, s, gamma, beta):
    return [ops.batch_norm([[x]], [mu], [s * s], [gamma], [beta], eps=0).item()]


def fold(w, b, mu, s, gamma, beta):
    weight, bias = ops.fold_batch_norm([[[w]]], [b], [mu], [s * s], [gamma], [beta], eps=0)
    return [weight.item(), bias.item()]


def parameters(C, H, W, G):
    with torch.device("meta"):
        batch, group, layer = nn.BatchNorm2d(C), nn.GroupNorm(G, C), nn.LayerNorm((C, H, W))
    kept = [v for name, v in batch.state_dict().items() if name != "num_batches_tracked"]
    return [sum(v.numel() for v in kept), *(sum(p.numel() for p in norm.parameters()) for norm in (group, layer))]


def gradient(hats, s, g, i):
    return [ops.layer_norm_backward([g], np.array([hats]) * s + 3.0, 4, eps=0)[0][0, i]]


def scale(c, before, y):
    """The law, on a layer of its own: outputs stay, gradients are divided."""
    rng = np.random.default_rng(0)
    x, w, g = torch.tensor(rng.normal(size=(5, 3))), torch.tensor(rng.normal(size=(2, 3))), torch.tensor(rng.normal(size=(5, 2)))
    found = []
    for factor in (1, c):
        weight = (factor * w).requires_grad_()
        out = torch.nn.functional.batch_norm(x @ weight.T, None, None, training=True, eps=1e-12)
        (out * g).sum().backward()
        found.append((out[0, 0].item(), weight.grad[1, 2].item()))
    assert found[1][0] == pytest.approx(found[0][0])
    return [y, before * found[1][1] / found[0][1]]


ANSWERS = {answer.__name__: answer for answer in (sharing, value, running, inference, fold, parameters, gradient, scale)}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_is_what_convbook_computes(asked, kind):
    for question in asked[kind]:
        assert answers(question) == pytest.approx(ANSWERS[kind](**question["given"]), rel=1e-6), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert set(ANSWERS) == set(kinds_of("normalization"))


def test_rows_and_columns_are_never_equal(asked):
    for kind in ("sharing", "parameters"):
        assert all(question["given"]["H"] != question["given"]["W"] for question in asked[kind]), kind
