"""Practice of appendix A1: every answer of every kind is what convbook and PyTorch compute."""

import numpy as np
import pytest
import torch

from convbook import ops
from convbook.explorers.practice import kinds_of
from convbook.exercises import solution
from convbook.training import adam_step, sgd_step, smoothed_targets
from practice_questions import all_questions, answers


@pytest.fixture(scope="module")
def asked():
    return all_questions("regularization")


def bowl(x, strength, share):
    """Weight by weight, as the bowl is round."""
    return [ops.penalised_minimum([[1]], [v], strength, share=share).item() for v in x]


def threshold(x, t):
    return bowl(x, t, 1)


def shrinkage(x, s):
    return bowl(x, s, 0)


def vanish(x, strength):
    return [bowl(x, strength, share).count(0) for share in (1, 0)]


def group(v, t):
    return ops.group_soft_threshold([v], t)[0].tolist()


def decay(w, g, lr, wd):
    return [sgd_step(w, g, lr=lr, weight_decay=wd)]


def adam(w, g, lr, wd):
    return [float(adam_step(w, g, 0, 0, 1, lr=lr, eps=0, weight_decay=wd, decoupled=decoupled)[0]) for decoupled in (False, True)]


def dropout(x, w, mask, p):
    return [solution("regularization/dropout")(np.array(x), np.array(mask), p) @ w, np.dot(x, w)]


def smoothing(K, e):
    return smoothed_targets(torch.tensor([K - 1]), K, e)[0, [-1, 0]].tolist()


def patience(losses, wait):
    return list(solution("regularization/stop_epoch")(losses, wait))


def depth(L, end):
    keep = np.linspace(1, end, L + 1)[1:]
    return [keep.sum()]


ANSWERS = {answer.__name__: answer for answer in (threshold, shrinkage, vanish, group, decay, adam, dropout, smoothing, patience, depth)}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_is_what_convbook_computes(asked, kind):
    for question in asked[kind]:
        assert answers(question) == pytest.approx(ANSWERS[kind](**question["given"]), rel=1e-6, abs=1e-8), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert set(ANSWERS) == set(kinds_of("regularization"))
