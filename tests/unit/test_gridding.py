"""Holes in stacks of dilated layers: by hand, against gradients, and the rule that should exclude them against a count."""

import re
from itertools import product

import numpy as np
import pytest
import torch

from convbook import gridding, shapes

TRIPLES = list(product(range(1, 9), repeat=3))


def test_the_worked_examples_of_the_chapter():
    assert list(gridding.paths((2, 2, 2)).values()) == [1, 3, 6, 7, 6, 3, 1]
    assert [gridding.holes(d) for d in [(2, 2, 2), (1, 2, 5), (1, 2, 9), (2, 4, 8), (1, 2, 4, 8)]] == [6, 0, 4, 14, 0]
    assert [gridding.hdc_gap(d) for d in [(1, 2, 5), (1, 2, 9), (2, 4, 8), (2, 2, 2), (7, 2)]] == [2, 5, 4, 2, 2]


@pytest.mark.parametrize("dilations, k", [((2, 2, 2), 3), ((1, 2, 5), 3), ((3, 1), 5), ((4,), 1), ((1, 3, 9), 3)])
def test_paths_are_the_gradient_of_a_stack_of_ones(dilations, k):
    size = shapes.receptive_field([(k, 1, 0, d) for d in dilations]).size
    x = torch.zeros(1, 1, size, requires_grad=True)
    y = x
    for d in dilations:
        y = torch.conv1d(y, torch.ones(1, 1, k), dilation=d)
    y.sum().backward()
    found = gridding.paths(dilations, k)
    assert [found.get(at - size // 2, 0) for at in range(size)] == x.grad.flatten().tolist()
    assert sum(found.values()) == k ** len(dilations)


def test_the_order_of_the_layers_changes_no_path():
    rng = np.random.default_rng(0)
    for dilations in rng.integers(1, 9, (40, 4)).tolist():
        assert gridding.paths(dilations) == gridding.paths(rng.permutation(dilations).tolist())


def test_the_rule_is_right_for_rising_dilations_that_start_at_1_and_only_there():
    def verdicts(triples):
        return [(gridding.hdc_gap(t) <= 3, gridding.holes(t) == 0) for t in triples]

    rising = [t for t in TRIPLES if t[0] <= t[1] <= t[2]]
    from_one = [t for t in rising if t[0] == 1]
    assert len(from_one) == 36 and all(rule == counted for rule, counted in verdicts(from_one))
    assert sum(rule and not counted for rule, counted in verdicts(rising)) == 18
    assert sum(rule != counted for rule, counted in verdicts(TRIPLES)) == 99 + 34


@pytest.mark.parametrize("call, message", [
    (lambda: gridding.paths(()), "dilations=() must be a tuple of at least one dilation"),
    (lambda: gridding.holes(3), "dilations=3 must be a tuple of at least one dilation"),
    (lambda: gridding.paths((1, 0)), "dilations[1]=0 must be at least 1"),
    (lambda: gridding.paths((1,), k=2), "k=2 must be odd, so that there is a middle tap"),
    (lambda: gridding.hdc_gap((2,)), "dilations=(2,) must hold at least two: the rule is about what the layers above the first leave"),
])
def test_whole_messages(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
