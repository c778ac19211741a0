"""Images, heatmaps, classes and signals: one scale for all, and the numbers as given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convbook import figures, theme
from convbook.figures import _draw
from drawings import assert_whole, strings, words

X = np.array([[1, 2, 0, 3, 1], [0, 1, 2, 1, 0], [3, 0, 1, 2, 2], [1, 1, 0, 0, 3]])
W = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
R = np.random.default_rng(0)
NOISE = R.normal(size=(5, 6)), R.normal(size=(8, 9)), R.normal(size=(60, 50))
PHOTO = R.random((3, 50, 70))
SCENES, CLASSES = R.random((2, 3, 5, 6)), R.integers(0, 3, (2, 5, 6))
BLOB = np.exp(-((np.arange(41)[:, None] - 20) ** 2 + (np.arange(41) - 20) ** 2) / 40)

FIGURES = {
    "heatmap": lambda: figures.fig_heatmap([W, *NOISE], ["Sobel", "noise", "more", "much"]),
    "heatmap, magnitude": lambda: figures.fig_heatmap([np.abs(NOISE[0]), np.abs(NOISE[1])], ["a", "b"], signed=False, columns=1),
    "images": lambda: figures.fig_images([PHOTO, BLOB], ["a photograph", "a digit"]),
    "segments": lambda: figures.fig_segments(SCENES, {"truth": CLASSES, "a network": 2 - CLASSES}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name], picture=True)


def test_text_on_colours_is_dark_or_light_and_no_role():
    light_on_dark, dark_on_light = _draw.on_colour((0.0, 0.1, 0.3)), _draw.on_colour((0.9, 0.9, 0.2))
    assert (light_on_dark, dark_on_light) == ("#fefefe", "#101010")
    in_cells = {text.get_color() for text, _ in words(FIGURES["heatmap"]()) if text.get_text() in ("−2", "2")}
    assert in_cells and in_cells <= {"#fefefe", "#101010"}


def test_signed_heatmaps_share_one_scale_centred_on_zero():
    fig = figures.fig_heatmap([np.array([[0.0, 2.0]]), np.array([[-4.0, 0.0]])])
    first, second = (np.asarray(collection.get_array())[0] for collection in fig.axes[0].collections[:2])
    colours = theme.signed_colormap()
    assert np.allclose(first, [colours(0.5)[:3], colours(0.75)[:3]], atol=0.01)
    assert np.allclose(second, [colours(0.0)[:3], colours(0.5)[:3]], atol=0.01)
    assert strings(fig)[-3:] == ["−4", "0", "4"]


def test_classes_are_painted_in_colours_of_their_own():
    from convbook.figures.segments import painted

    assert len(np.unique(painted(np.arange(5)[None]).reshape(3, -1), axis=1).T) == 5
    with pytest.raises(ValueError, match="^labels go from 0 to 5; they must lie between 0 and 4$"):
        painted([[0, 5]])


def test_signals_are_the_numbers_and_a_shorter_row_stands_in_the_middle():
    fig = figures.fig_signals({"input": np.arange(6.0), "output": np.array([1.0, 3.0, 2.0, 5.0])})
    curves = [ax.lines[0] for ax in fig.axes]
    assert [curve.get_ydata().tolist() for curve in curves] == [[0, 1, 2, 3, 4, 5], [1, 3, 2, 5]]
    assert curves[1].get_xdata().tolist() == [1, 2, 3, 4]
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["input", "output"]


@pytest.mark.parametrize(("draw", "message"), [
    (lambda: figures.fig_images([X], ["a", "b"]), "titles has 2 entries, but there are 1 images"),
])
def test_what_does_not_fit_is_named(draw, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        draw()
    assert plt.get_fignums() == []
