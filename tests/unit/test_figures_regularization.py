"""Figures of appendix A1: optima, zeros and gains are computed."""

import numpy as np
import pytest

from convbook import figures, ops
from convbook.figures import _draw
from drawings import assert_whole

R = np.random.default_rng(0)
NOISE = R.normal(size=(5, 6)), R.normal(size=(8, 9)), R.normal(size=(60, 50))

FIGURES = {
    "penalty geometry": lambda: figures.fig_penalty_geometry([[2, 1], [1, 3]], (1.5, -2.5), 1.5),
    "penalty geometry, axis": lambda: figures.fig_penalty_geometry([[1, 0], [0, 1]], (3, 0.5), 1),
    "histograms": lambda: figures.fig_histograms({"no penalty": NOISE[1], "with many zeros": np.maximum(NOISE[1], 0), "a third": NOISE[0]}, log=True),
    "pull": lambda: figures.fig_pull({"one": np.exp(4 * NOISE[0]), "another": [0.5]}, xlabel="share of a weight"),
    "stopping": lambda: figures.fig_stopping(np.exp(-np.arange(30) / 8), 0.5 + np.abs(np.arange(30) - 12) / 40, best=12, stopped=22),
    "gains": lambda: figures.fig_gains({"nothing": [0.8, 0.9, 0.85], "label smoothing": [0.82, 0.9, 0.9], "a long name of a method": [0.7, 0.8, 0.8]}, reference="nothing"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name], beyond=name in ("penalty geometry", "penalty geometry, axis", "histograms", "stopping", "gains"))


def test_the_geometry_of_penalties_shows_the_exact_optimum():
    for name, A, c, strength in (("penalty geometry", [[2, 1], [1, 3]], (1.5, -2.5), 1.5), ("penalty geometry, axis", [[1, 0], [0, 1]], (3, 0.5), 1)):
        for ax, share in zip(FIGURES[name]().axes, (1, 0)):
            w = ops.penalised_minimum(A, c, strength, share=share)
            assert [line.get_xydata()[0].tolist() for line in ax.lines if line.get_markersize() == 9] == [w.tolist()]
            assert ax.get_title().endswith(f"({_draw.number(round(w[0], 2))}, {_draw.number(round(w[1], 2))})")


def test_histograms_count_exact_zeros():
    titles = [ax.get_title(loc="left") for ax in FIGURES["histograms"]().axes]
    assert titles[:3] == ["no penalty: 0 of 72 are 0", f"with many zeros: {(NOISE[1] <= 0).sum()} of 72 are 0", "a third: 0 of 30 are 0"]


def test_gains_are_differences_run_by_run():
    ax = FIGURES["gains"]().axes[0]
    assert np.allclose([line.get_xdata() for line in ax.lines if line.get_marker() == "o"], [[2, 0, 5], [-10, -10, -5]])
    with pytest.raises(ValueError, match="^reference='none' must be one of 'nothing'$"):
        figures.fig_gains({"nothing": [1, 2]}, reference="none")
