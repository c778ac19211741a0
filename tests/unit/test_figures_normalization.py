"""Figures of appendix A2, and its example by hand: what is filled shares a mean, and the numbers are those of convbook."""

import numpy as np
import pytest

from convbook import figures, ops
from convbook.figures.normalization import KINDS, sharing
from drawings import assert_whole, strings

HAND = np.array([[[0, 2], [2, 8], [8, 6], [6, 8]], [[2, 0], [2, 0], [8, 6], [0, 6]]])  # as on the page
FIGURES = {
    "cubes": lambda: figures.fig_norm_cubes(),
    "two layer norms": lambda: figures.fig_norm_cubes((4, 6, 5), kinds=("layer", "position"), width=4.6),
    "one small cube": lambda: figures.fig_norm_cubes((2, 3, 2), kinds=("group",), groups=3, at=(0, 1, 1), width=3),
    "by hand": lambda: figures.fig_norm_by_hand(HAND, (0, 0, 1)),
    "by hand, other sizes": lambda: figures.fig_norm_by_hand(np.arange(36).reshape(3, 6, 2) % 11, (2, 4, 0), groups=3),
}
ONE = {
    "batch": lambda x, G: ops.batch_norm(x, None, None, training=True),
    "layer": lambda x, G: ops.layer_norm(x, x.shape[1:]),
    "instance": lambda x, G: ops.instance_norm(x),
    "group": lambda x, G: ops.group_norm(x, G),
    "position": lambda x, G: np.moveaxis(ops.layer_norm(np.moveaxis(x, 1, -1), x.shape[1]), -1, 1),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name])


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_filled_is_what_one_entry_moves(kind):
    x, at, G = np.random.default_rng(0).normal(size=(3, 6, 4)), (1, 4, 2), 3
    nudged = x.copy()
    nudged[at] += 1
    moved = ~np.isclose(ONE[kind](nudged, G), ONE[kind](x, G), rtol=0, atol=1e-12)
    assert (sharing(x.shape, kind, at, G) == moved).all()


def test_the_example_by_hand_is_what_convbook_computes():
    said = strings(FIGURES["by hand"]())
    for kind, mean, deviation, result in [("batch", 1, 1, "1"), ("layer", 5, 3, "−1"), ("instance", 1, 1, "1"), ("group", 3, 3, "−0.33")]:
        values = HAND[sharing(HAND.shape, kind, (0, 0, 1), 2)]
        assert (values.mean(), values.std()) == (mean, deviation)
        assert f"mean of {len(values)} numbers: {mean}, deviation {deviation}" in said
        assert f"2 → (2 − {mean}) / {deviation} = {result}" in said
    eps = dict(eps=0)
    assert [y[0, 0, 1] for y in (ops.batch_norm(HAND, None, None, training=True, **eps), ops.layer_norm(HAND, (4, 2), **eps),
                                 ops.instance_norm(HAND, **eps), ops.group_norm(HAND, 2, **eps))] == [1, -1, 1, -1 / 3]


def test_the_page_shows_the_explorers_example():
    from convbook.explorers.base import FRONT_END

    example = str(HAND[:, :, None].tolist())
    assert example in (FRONT_END / "norm_cube" / "index.js").read_text(encoding="utf-8")


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match=r"kinds\[0\]='weight' must be one of"):
        figures.fig_norm_cubes(kinds=("weight",))
