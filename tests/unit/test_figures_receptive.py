"""Receptive fields: the ways to each input are those of a gradient."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convbook import figures
from convbook.figures.receptive import cone
from drawings import assert_whole, strings

BLOB = np.exp(-((np.arange(41)[:, None] - 20) ** 2 + (np.arange(41) - 20) ** 2) / 40)

FIGURES = {
    "receptive field": lambda: figures.fig_receptive_field([(3, 1, 1, 1), (3, 2, 1, 1), (3, 1, 0, 1)]),
    "receptive field, gridding": lambda: figures.fig_receptive_field([(3, 1, 0, 2)] * 3, names=["first", "second", "third"]),
    "receptive field, padding": lambda: figures.fig_receptive_field([(3, 2, 1, 1), (5, 1, 2, 1)], n=9, unit=0),
    "effective field": lambda: figures.fig_effective_field([BLOB, BLOB**3, BLOB**0.5], sizes=[11, 21, 41], titles=["3 layers", "10 layers", "random"]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name], picture=name.startswith("effective"))


def test_the_cone_counts_ways_and_shows_the_gaps_of_equal_dilations():
    assert cone([(3, 1, 0, 2), (3, 1, 0, 2)], 0)[0] == {0: 1, 2: 2, 4: 3, 6: 2, 8: 1}
    shown = strings(FIGURES["receptive field, gridding"]())
    assert [t for t in shown if t.isdigit()] == list("1030607060301")
    assert "third: size 13, jump 1" in shown


@pytest.mark.parametrize(("layers", "n", "unit"), [([(5, 1, 1, 1), (3, 1, 1, 1)], 9, 0), ([(3, 1, 2, 2), (2, 2, 1, 1), (3, 1, 1, 1)], 12, 3)])
def test_the_ways_to_each_input_are_the_gradient_of_a_stack_of_ones(layers, n, unit):
    import torch

    x = torch.zeros(1, 1, n, requires_grad=True)
    y, sizes = x, [n]
    for k, s, p, d in layers:
        y = torch.nn.functional.conv1d(y, torch.ones(1, 1, k), stride=s, padding=p, dilation=d)
        sizes.append(y.shape[-1])
    y[0, 0, unit].backward()
    ways = cone(layers, unit, sizes)[0]
    assert [ways.get(index, 0) for index in range(n)] == x.grad.flatten().tolist()


@pytest.mark.parametrize(("draw", "message"), [
    (lambda: figures.fig_receptive_field([(3, 1, 0, 1)], unit=9), "unit=9 must lie in the last layer, which has 3 units"),
])
def test_what_does_not_fit_is_named(draw, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        draw()
    assert plt.get_fignums() == []
