"""Figures of chapters 3, 6 and 8: depthwise, separable and flattened layers with their numbers."""

import numpy as np
import pytest

from convbook import figures, ops
from convbook.figures import _draw
from drawings import assert_whole, line_of, strings

R = np.random.default_rng(0)
X3, W3 = R.integers(0, 4, (3, 5, 6)), R.integers(-1, 3, (3, 3, 2))

FIGURES = {
    "channel kinds": lambda: figures.fig_channel_kinds(),
    "channel kinds, one": lambda: figures.fig_channel_kinds([("standard", 6, 2, 5, 1)], columns=1),
    "depthwise": lambda: figures.fig_depthwise(X3[:2, :3, :4] * 11, W3.reshape(6, 1, 3, 1)[:4] * 3, at=(0, 2)),
    "depthwise, one filter each": lambda: figures.fig_depthwise(X3[:, :2, :3], W3[:, None, :2]),
    "outer product of three": lambda: figures.fig_outer3([1, 2, -1], [1, -1], [1, 0, 2]),
    "flattened passes": lambda: figures.fig_flattened_passes(X3, [1, -2, 3], [1, -1], [1, 0, 2], at=(1, 2)),
    "flattened passes, two planes": lambda: figures.fig_flattened_passes(X3[:2], [1, -2], [1, -1, 2], [4]),
    "separable, step": lambda: figures.fig_depthwise_step(X3, W3[:, None], at=(1, 2)),
    "separable, small step": lambda: figures.fig_depthwise_step(X3[:2, :2, :3], W3[:2, None, :2, :2]),
    "separable, flow": lambda: figures.fig_separable_flow((3, 7, 7), 128, 3),
    "separable, flow, unlike": lambda: figures.fig_separable_flow((2, 5, 8), 4, 2),
    "separable, places": lambda: figures.fig_kernel_places(6, 4),
    "separable, outer product": lambda: figures.fig_outer_product([1, -20, 1, 3], [-1, 0.25]),
    "separable, ratio": lambda: figures.fig_separable_ratio(),
    "separable, formulas": lambda: figures.fig_separable_formulas(),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name])


def test_flattened_passes_write_three_sums_that_end_in_the_dense_number():
    z, y, x = (np.array(v) for v in ([1, -2, 3], [1, -1], [1, 0, 2]))
    L = np.tensordot(z, X3, axes=1)
    V = y[0] * L[:-1] + y[1] * L[1:]
    H = ops.conv2d(X3, ops.outer3(z, y, x)[None])[0]
    fig = FIGURES["flattened passes"]()
    for name, value in (("L", L[1, 2]), ("V", V[1, 2]), ("H", H[1, 2])):
        written = line_of(fig, f"{name}, row 1, column 2:").replace("−", "-").replace("·", "*")
        total, result = written.split(":")[1].split("=")
        assert eval(total) == int(result) == value
    with pytest.raises(ValueError, match=r"^at=\(4, 0\) must lie inside the output of shape \(4, 4\)$"):
        figures.fig_flattened_passes(X3, z, y, x, at=(4, 0))
    with pytest.raises(ValueError, match="^z has 2 numbers; image has 3 planes$"):
        figures.fig_flattened_passes(X3, z[:2], y, x)


def test_the_outer_product_shows_every_weight():
    shown = strings(FIGURES["outer product of three"]())
    expected = [_draw.number(v) for v in ops.outer3(np.array([1, 2, -1]), np.array([1, -1]), np.array([1, 0, 2])).ravel()]
    assert all(shown.count(v) >= expected.count(v) for v in set(expected))
