"""Grids, one step at a time: the numbers, the sums and the borders that they show are computed."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convbook import figures, ops
from convbook.figures import _draw
from drawings import assert_whole, line_of, strings

X = np.array([[1, 2, 0, 3, 1], [0, 1, 2, 1, 0], [3, 0, 1, 2, 2], [1, 1, 0, 0, 3]])
W = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
R = np.random.default_rng(0)
X3, W3 = R.integers(0, 4, (3, 5, 6)), R.integers(-1, 3, (3, 3, 2))

FIGURES = {
    "step": lambda: figures.fig_convolution_step(X, W, at=(1, 2)),
    "step, padded and strided": lambda: figures.fig_convolution_step(X, W, at=(0, 2), stride=2, padding=1),
    "step, dilated": lambda: figures.fig_convolution_step(np.tile(X, 2), W[:2, :2], at=(1, 3), dilation=2),
    "step, circular": lambda: figures.fig_convolution_step(X, W, padding=(1, 2), padding_mode="circular"),
    "step, long numbers": lambda: figures.fig_convolution_step(X * 10.123, W * 1.25, at=(1, 0)),
    "step, tiny": lambda: figures.fig_convolution_step([[3]], [[2]]),
    "grid": lambda: figures.fig_grid(X, role="output", title="a title longer than its grid is", note="and a note"),
    "padding, row": lambda: figures.fig_padding_modes(np.array([1, 2, 3, 4]), 3),
    "padding, grid": lambda: figures.fig_padding_modes(np.arange(1, 13).reshape(3, 4), 2),
    "padding, two modes": lambda: figures.fig_padding_modes(np.arange(6), 2, modes=("zeros", "circular")),
    "same, valid, full": lambda: figures.fig_same_valid_full([1, 3, 2, 0, 1], [1, 0, -1]),
    "same, valid, full, even": lambda: figures.fig_same_valid_full([1, 3, 2, 0, 1], [1, 0, -1, 2]),
    "remainder": lambda: figures.fig_stride_remainder(np.tile(X, 2)[:, :8], W[:2], stride=(2, 3)),
    "gaps": lambda: figures.fig_stride_remainder(np.tile(X, 2)[:, :8], W[:2, :2], stride=(2, 3)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name], smallest=6.5 if name == "step, long numbers" else 8)


def test_the_step_writes_the_sum_it_computes():
    fig = FIGURES["step"]()
    runs = line_of(fig, "output[1, 2] =")
    assert runs.replace(" ", "").startswith("output[1,2]=2·1+1·0+0·(−1)+1·2+2·0+2·(−2)")
    assert strings(fig)[-1] == str(ops.conv2d(X[None], W[None, None])[0][1, 2]).replace("-", "−") == "−3"


@pytest.mark.parametrize(("options", "at"), [
    ({"stride": 2, "padding": 1}, (0, 2)), ({"padding": (1, 2), "padding_mode": "circular"}, (1, 3)), ({"dilation": 1, "stride": (1, 2)}, (1, 1)),
    ({"padding": 2, "dilation": 2, "padding_mode": "reflect"}, (2, 1)),
])
def test_the_terms_of_a_step_add_up_to_the_output_cell_it_marks(options, at):
    fig = figures.fig_convolution_step(X, W, at=at, **options)
    pieces = strings(fig)
    terms = "".join(pieces[next(k for k, t in enumerate(pieces) if t.startswith("output[")):]).replace("−", "-").replace("·", "*")
    _, total, result = terms.split("=")
    expected = ops.conv2d(X[None], W[None, None], **options)[0][at]
    assert eval(total) == int(result) == expected  # digits and operators that the figure itself wrote


def test_a_grid_shows_every_number_of_the_output():
    shown = strings(FIGURES["step"]())
    expected = [_draw.number(v) for v in [*X.ravel(), *W.ravel(), *ops.conv2d(X[None], W[None, None])[0].ravel()]]
    assert shown[:len(shown)] and all(shown.count(v) >= expected.count(v) for v in set(expected))


def test_an_output_that_is_given_is_shown_instead():
    assert "77" in strings(figures.fig_convolution_step(X, W, np.full((2, 3), 77)))


def test_padding_modes_show_what_each_mode_makes_up():
    row = strings(FIGURES["padding, row"]())
    assert row[:11] == ["zeros", *"0001234000"]
    assert row[11:22] == ["reflect", *"4321234321"]
    assert row[22:33] == ["replicate", *"1111234444"]
    assert row[33:] == ["circular", *"2341234123"]


def test_same_valid_and_full_state_their_lengths_and_paddings():
    shown = strings(FIGURES["same, valid, full, even"]())
    assert [t for t in shown if t.endswith("outputs")] == ["5 − 4 + 1 = 2 outputs", "5 outputs", "5 + 4 − 1 = 8 outputs"]
    assert [t for t in shown if t.startswith("padding")] == ["padding 0", "padding 1 and 2", "padding 3"]


def test_a_remainder_is_stated_and_its_columns_are_dashed():
    fig = figures.fig_stride_remainder(np.arange(40).reshape(5, 8), W, stride=(2, 3))
    assert strings(fig)[-2:] == ["rows, stride 2: ⌊(5 − 3) / 2⌋ + 1 = 2, remainder 0: every one is seen",
                                 "columns, stride 3: ⌊(8 − 3) / 3⌋ + 1 = 2, remainder 2: the last 2 are never seen"]
    dashed = [p for p in fig.axes[0].patches if p.get_linestyle() not in ("-", "solid")]
    assert len(dashed) == 5 * 2


def test_columns_that_a_long_stride_jumps_over_are_counted():
    assert strings(FIGURES["gaps"]())[-1] == "columns, stride 3: ⌊(8 − 2) / 3⌋ + 1 = 3, remainder 0: 2 are never seen"


@pytest.mark.parametrize(("draw", "message"), [
    (lambda: figures.fig_convolution_step(X3, W), r"x must have 2 axes, got shape \(3, 5, 6\)"),
    (lambda: figures.fig_convolution_step(X, W, at=(2, 0)), r"at=\(2, 0\) must lie inside the output of shape \(2, 3\)"),
    (lambda: figures.fig_padding_modes(np.arange(3), 3), r"padding=3 must be at least 0 and smaller than every side of x, whose shape is \(3,\)"),
    (lambda: figures.fig_padding_modes(np.arange(3), 1, modes=("wrap",)), r"modes=\('wrap',\) holds 'wrap', which is none of zeros, reflect, replicate, circular"),
])
def test_what_does_not_fit_is_named(draw, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        draw()
    assert plt.get_fignums() == []
