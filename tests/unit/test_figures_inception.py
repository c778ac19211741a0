"""Figures of chapter 7: widths and counts are those of the modules that are drawn."""

import matplotlib
import numpy as np
import pytest

from convbook import figures, theme
from drawings import assert_whole, strings

X = np.array([[1, 2, 0, 3, 1], [0, 1, 2, 1, 0], [3, 0, 1, 2, 2], [1, 1, 0, 0, 3]])
W = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])


def inception_modules():
    from convbook.blocks import InceptionModule

    return {"naïve": InceptionModule(192, 64, 128, 32), "reduced": InceptionModule(192, 64, (96, 128), (16, 32), 32)}


FIGURES = {
    "inception modules": lambda: figures.fig_inception_modules(inception_modules(), 192),
    "one inception module": lambda: figures.fig_inception_modules({"deep": inception_modules()["reduced"]}, 192, width=4),
    "network shape": lambda: figures.fig_network_shape({"image": (3, 224, 150), "conv1": (64, 112, 75), "a": (1024, 7, 5), "fc": (1000, 1, 1)}, heads=("conv1", "a")),
    "same centre": lambda: figures.fig_same_centre(X, (1, 3, 5), at=(1, 0)),
    "same centre, small": lambda: figures.fig_same_centre(X[:2, :3], (3, 1), at=(1, 2)),
    "inception by hand": lambda: figures.fig_inception_example({
        "1 × 1": ("x₀ + 2x₁", [X[:3, :4], X[1:, 1:]], None, X[:3, :4] + 2 * X[1:, 1:]), "3 × 3": ("of x₀", [X[:3, :4]], W, X[:3, :4]),
        "5 × 5": ("of ReLU(x₀ − x₁)", [X[:3, :4]], np.ones((5, 5)), X[:3, :4])}, at=(2, 1)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name])


def test_an_inception_module_is_drawn_with_the_widths_that_it_has():
    shown = strings(FIGURES["inception modules"]())
    assert {"192→128", "221,184", "96→128", "110,592", "16→32", "12,800", "joined: 416 channels", "joined: 256 channels"} <= set(shown)
    joined = [p for p in FIGURES["inception modules"]().axes[0].patches if p.get_edgecolor()[:3] == matplotlib.colors.to_rgb(theme.LIGHT["output"])]
    lengths = [p.get_width() for p in joined]
    assert np.allclose(np.array(lengths[:4]) / lengths[0], np.array([64, 128, 32, 192]) / 64)
    assert np.allclose(np.array(lengths[4:]) / lengths[4], np.array([64, 128, 32, 32]) / 64)


def test_windows_of_all_sizes_have_the_same_middle():
    fig = FIGURES["same centre"]()
    windows = [p for p in fig.axes[0].patches if p.get_linewidth() == 2.6]
    cells = [p for p in fig.axes[0].patches if p.get_linewidth() == 2.4]
    assert [round(w.get_width()) for w in windows] == [1, 3, 5]
    for window, cell in zip(windows, cells):
        assert np.isclose(window.get_x() + window.get_width() / 2, cell.get_x() + 0.5)
        assert np.isclose(window.get_y() + window.get_height() / 2, cell.get_y() + 0.5)
    assert strings(fig).count("4 × 5 out") == 3


def test_the_small_module_names_the_number_that_it_marks():
    assert [t for t in strings(FIGURES["inception by hand"]()) if t.startswith("output[")][0] == f"output[0, 2, 1] = {X[2, 1] + 2 * X[3, 2]}"


@pytest.mark.parametrize(("draw", "message"), [
    (lambda: figures.fig_same_centre(X, (1, 4)), r"kernels=\(1, 4\) holds 4, which is even: no padding centres it"),
    (lambda: figures.fig_inception_modules({}, 3), "modules is empty: there is nothing to draw"),
    (lambda: figures.fig_network_shape({"a": (1, 2, 2)}, heads=("b",)), "heads holds 'b', which is none of a"),
])
def test_what_the_figures_of_chapter_7_cannot_draw_is_named(draw, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        draw()
