"""Practice of chapter 8: every answer of every kind is what convbook and PyTorch compute."""

import numpy as np
import pytest
import torch

from convbook import cost, ops
from convbook.blocks import FlattenedConv2d
from convbook.explorers.practice import kinds_of
from practice_questions import all_questions, answers


@pytest.fixture(scope="module")
def asked():
    return all_questions("flattened")


def weight(z, y, x, c, i, j):
    return [ops.outer3(np.array(z), np.array(y), np.array(x))[c, i, j]]


def passes(planes, z, y, x):
    return [ops.conv2d(np.array(planes), ops.outer3(np.array(z), np.array(y), np.array(x))[None]).item()]


def missing(plane, seen, i, j):
    """The only number that leaves the two planes, laid out as rows, a matrix of rank 1."""
    value = seen * plane[i][j] / plane[0][0]
    rows = np.array([[plane[0][0], plane[i][j]], [seen, value]])
    assert np.linalg.matrix_rank(rows) == 1
    return [value]


def layer(C, F, Y, X, stages, padding):
    with torch.device("meta"):
        return FlattenedConv2d(C, F, (Y, X), stages=stages, padding=padding, bias=False)


def parameters(C, F, Y, X, stages):
    return [sum(p.numel() for p in layer(C, F, Y, X, stages, "full").parameters()), cost.conv_params(C, F, (Y, X), bias=False)]


def full(H, W, Y, X, stages):
    return list(layer(1, 1, Y, X, stages, "full")(torch.zeros(1, 1, H, W, device="meta")).shape[-2:])


def macs(C, F, H, W, Y, X):
    return [cost.profile(layer(C, F, Y, X, 1, "valid"), (C, H, W)).macs, cost.conv_macs(C, F, (Y, X), (H - Y + 1, W - X + 1))]


def terms(C, Y, X):
    return [max(r for r in range(Y * X + 1) if sum(f.size for f in (np.zeros((C, r)), np.zeros((Y, r)), np.zeros((X, r)))) < C * Y * X)]


def start(stages, keep, before):
    for _ in range(stages):
        for _ in "LVH":
            before /= keep
    return [before]


ANSWERS = {answer.__name__: answer for answer in (weight, passes, missing, parameters, full, macs, terms, start)}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_is_what_convbook_computes(asked, kind):
    for question in asked[kind]:
        assert answers(question) == pytest.approx(ANSWERS[kind](**question["given"]), rel=1e-12), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert set(ANSWERS) == set(kinds_of("flattened"))


def test_rows_and_columns_are_never_equal(asked):
    for kind, (a, b) in {"full": "HW", "macs": "HW", "parameters": "YX", "terms": "YX"}.items():
        assert all(question["given"][a] != question["given"][b] for question in asked[kind]), kind
