"""Figures of measured and counted numbers: bars, roofs, lines, runs and evidence hold what they were given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convbook import figures
from drawings import assert_whole, strings

FIGURES = {
    "evidence": lambda: figures.fig_evidence({"A title\nand what was equal": {"one way": (96.1, 0.3), "another, with a longer name": (50.5, 12.6)}, "No note": {"all": (0, 0)}}),
    "bars": lambda: figures.fig_bars({"standard 3 × 3": {"parameters": 589_824, "MACs": 1_849_688_064}, "depthwise": {"parameters": 2304, "MACs": 7_225_344}},
                                     highlight=["depthwise"]),
    "bars, log": lambda: figures.fig_bars({"loops": 1.23, "im2col": 0.0021, "FFT": 0.0099}, unit="seconds", log=True),
    "lines": lambda: figures.fig_lines({"one": [3, 5, 7], "another": [3, 7, 15, 31]}, x=[1, 2, 3, 4], xlabel="layers", ylabel="pixels"),
    "lines, many": lambda: figures.fig_lines({"spectrum": np.cos(np.arange(200) / 9)}, marks=False, ylim=(-1, 1), ticks=([0, 100], ["0", "half"])),
    "runs": lambda: figures.fig_runs({"one": ([1, 2, 8], [[0.5, 0.6], [0.7, 0.7], [0.8, 0.9]]), "two": ([4], [[0.3, 0.4]])}, xlabel="cost",
                                     ylabel="accuracy", logx=True, xticks={1: "1", 8: "8"}, reference=("whole", 0.95)),
    "roofline": lambda: figures.fig_roofline({"3 × 3": (1.8e9, 2e6, 0.04), "1 × 1": (2e8, 1.7e6, 0.012), "depthwise": (7e6, 1.6e6, 0.003), "linear": (4e6, 16e6)},
                                             peak=1e11, bandwidth=1.5e10),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name], beyond=name == "roofline")


def test_bars_are_as_long_as_their_numbers_and_say_them():
    fig = FIGURES["bars"]()
    lengths = [[patch.get_width() for patch in ax.patches] for ax in fig.axes]
    assert lengths[0][1] / lengths[0][0] == pytest.approx(2304 / 589_824)
    assert {"589,824", "2,304", "1.85G", "7,225,344"} <= set(strings(fig))


def test_the_roof_bounds_a_point_without_a_time():
    dots = {tuple(np.ravel(line.get_data())) for line in FIGURES["roofline"]().axes[0].lines if line.get_marker() == "o"}
    assert any(np.allclose(dot, (0.25, 0.25 * 1.5e10)) for dot in dots)
    assert any(np.allclose(dot, (900, 1.8e9 / 0.04)) for dot in dots)


def test_lines_hold_the_numbers_they_were_given():
    ax = FIGURES["lines"]().axes[0]
    assert [list(line.get_ydata()) for line in ax.lines] == [[3, 5, 7], [3, 7, 15, 31]]
    with pytest.raises(ValueError, match="^curves has 5 curves; 1 to 4 can be told apart$"):
        figures.fig_lines({str(n): [1, 2] for n in range(5)})


def test_evidence_writes_all_numbers_of_a_panel_with_the_same_digits():
    fig = figures.fig_evidence({"A title": {"one": (78.0, 5.7), "two": (81.5, 8.0)}, "Another": {"one": (0.0, 0.0), "two": (2.57, 0.4)}})
    assert {"78.0 ± 5.7", "81.5 ± 8.0", "0.00 ± 0.00", "2.57 ± 0.40"} <= set(strings(fig))


@pytest.mark.parametrize(("draw", "message"), [
    (lambda: figures.fig_bars({}), "rows is empty: there is nothing to draw"),
])
def test_what_does_not_fit_is_named(draw, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        draw()
    assert plt.get_fignums() == []
