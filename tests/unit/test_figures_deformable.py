"""Figures of chapter 9: taps, bilinear weights and regions are the code's."""

import numpy as np
import pytest

from convbook import figures, ops
from convbook.figures import _draw
from drawings import assert_whole, strings

R9 = np.random.default_rng(9).uniform(-1, 1, (9, 2))
BLOB = np.exp(-((np.arange(41)[:, None] - 20) ** 2 + (np.arange(41) - 20) ** 2) / 40)

FIGURES = {
    "sampling grids": lambda: figures.fig_sampling_grids({"plain": np.zeros((9, 2)), "free": R9, "a title that is longer": -R9}, notes=["none", "any", "the other way"]),
    "bilinear": lambda: figures.fig_bilinear(np.array([[0, 8], [20, 28]]), 0.25, 0.75),
    "offset pipeline": lambda: figures.fig_offset_pipeline(3, 5, 7, out_channels=4),
    "offset pipeline, modulated groups": lambda: figures.fig_offset_pipeline(64, 14, 17, groups=4, modulated=True),
    "regions": lambda: figures.fig_roi_bins(np.arange(30).reshape(5, 6), (1, 1, 4, 4), (2, 2), bin=(0, 1)),
    "images, two layers": lambda: figures.fig_two_layer_fields(BLOB, {"plain": (R9 + 9, np.tile(R9, (9, 1)) + 9), "deformable": (2 * R9 + 9, np.tile(4 * R9, (9, 1)) + 9)}, at=(9, 9)),
    "images, taps": lambda: figures.fig_taps_on_images([BLOB, BLOB], [R9 + 9, 40 * R9], [(9, 9), (3, 4)], ["one", "another"], masks=[np.ones(9), np.full(9, 0.3)]),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name], picture=name.startswith("images"))


def test_a_bilinear_figure_writes_the_four_weights_and_the_value():
    seen = " | ".join(strings(FIGURES["bilinear"]()))
    assert all(part in seen for part in ("0.1875 · 0", "0.5625 · 8", "0.0625 · 20", "0.1875 · 28", "= 11"))


def test_a_figure_of_a_region_writes_the_averages_of_the_package():
    pooled = ops.deform_roi_pool2d(np.arange(30).reshape(1, 5, 6), [[0, 1, 1, 4, 4]], 2)[0, 0]
    assert strings(FIGURES["regions"]())[-4:] == [_draw.number(v) for v in pooled.ravel()] == ["10.5", "11.5", "16.5", "17.5"]


def test_the_pipeline_counts_its_channels():
    assert "to 2 · 9 = 18 channels" in strings(FIGURES["offset pipeline"]())
    assert {"to 3 · 9 · 4 = 108 channels", "then 36 masks, by a sigmoid"} <= set(strings(FIGURES["offset pipeline, modulated groups"]()))


def test_a_grid_that_would_leave_its_frame_is_refused():
    with pytest.raises(ValueError, match=r"^'far' has a tap 5.00 pixels from the middle; reach=3 shows 3.5$"):
        figures.fig_sampling_grids({"far": np.full((9, 2), 4.0)})
