"""Practice of chapter 5: every answer of every kind is what convbook and PyTorch compute."""

import numpy as np
import pytest
import torch

from convbook import cost, gridding, ops, shapes
from convbook.explorers.practice import kinds_of
from practice_questions import all_questions, answers


@pytest.fixture(scope="module")
def asked():
    return all_questions("atrous", range(30))


def span(kh, kw, d):
    kernel = np.zeros([shapes.receptive_field([(k, 1, 0, d)]).size for k in (kh, kw)])
    kernel[::d, ::d] = 1
    return *kernel.shape, np.count_nonzero(kernel == 0)


def value(x, kernel, d, i, j):
    return [ops.conv2d(np.array([x]), np.array([[kernel]]), dilation=d)[0, i, j]]


def keep(k, d, n):
    before, after = shapes.same_padding(n, k, dilation=d)
    assert before == after and shapes.conv_output_size(n + 7, k, padding=before, dilation=d) == n + 7
    return before, shapes.conv_output_size(n + 7, k, dilation=d)


def field(k, rates):
    return [shapes.receptive_field([(k, 1, 0, d) for d in rates]).size]


def holes(rates):
    return max(gridding.paths(rates)) * 2 + 1, gridding.holes(rates)


def ruling(rates):
    return gridding.hdc_gap(rates), gridding.holes(rates)


def border(n, d, i, j):
    taps = shapes.conv_taps(n, 3, padding=d, dilation=d)
    return [sum(at >= 0 for at in taps[i]) * sum(at >= 0 for at in taps[j])]


def causal(k, m, n, r):
    x = torch.zeros(1, 1, r * k * m ** n + 3, requires_grad=True)
    y = x
    for layer in range(n):
        zeros = r * m ** layer * (k - 1)
        y = torch.conv1d(torch.nn.functional.pad(y, (zeros, 0)), torch.ones(1, 1, k), dilation=r * m ** layer)
    y[0, 0, -1].backward()
    seen = x.grad[0, 0].nonzero()  # from the first sample to the last; dilations larger than k leave gaps
    return (seen[-1] - seen[0] + 1).item(), zeros


def strides(n, C, D, k, s):
    with torch.device("meta"):
        layers = torch.nn.Sequential(torch.nn.Conv2d(C, D, k, padding=1), torch.nn.Conv2d(D, D, k, padding=s, dilation=s))
        return cost.profile(layers, (C, n, n)).macs, s


ANSWERS = [span, value, keep, field, holes, ruling, border, causal, strides]


@pytest.mark.parametrize("compute", ANSWERS, ids=lambda compute: compute.__name__)
def test_every_answer_is_what_convbook_computes(asked, compute):
    for question in asked[compute.__name__]:
        assert answers(question) == pytest.approx(list(compute(**question["given"])), rel=1e-12), question


def test_every_kind_of_the_bank_is_recomputed_here():
    assert sorted(compute.__name__ for compute in ANSWERS) == sorted(kinds_of("atrous"))


def test_the_dilation_shows_in_every_value_and_rows_and_columns_differ(asked):
    for question in asked["value"]:
        g = question["given"]
        assert value(g["x"], g["kernel"], 1, g["i"], g["j"]) != answers(question)
        assert len(g["x"]) != len(g["x"][0])


def test_the_rule_is_asked_where_it_is_right_and_where_it_is_wrong(asked):
    verdicts = {(gap <= 3, unread == 0) for gap, unread in map(answers, asked["ruling"])}
    assert {(True, True), (True, False), (False, False)} <= verdicts


def test_every_kind_but_one_has_several_known_mistakes(asked):
    for kind, questions in asked.items():
        assert min(len(q["mistakes"]) for q in questions) >= 1 and max(len(q["mistakes"]) for q in questions) >= 3, kind
