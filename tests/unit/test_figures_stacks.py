"""Channels, filters and volumes: each part of a sum is written, and is the code's."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from convbook import figures, ops
from convbook.figures import _draw
from drawings import assert_whole, strings

R = np.random.default_rng(0)
X3, W3 = R.integers(0, 4, (3, 5, 6)), R.integers(-1, 3, (3, 3, 2))
X4, W4 = R.random((2, 5, 5, 6)), R.normal(size=(2, 3, 3, 2))

FIGURES = {
    "channels": lambda: figures.fig_channels(X3, W3, at=(1, 2), bias=1),
    "channels, strided": lambda: figures.fig_channels(X3[:2], W3[:2], at=(1, 1), stride=2),
    "many outputs": lambda: figures.fig_many_outputs((3, 5, 7), (4, 3, 3, 2)),
    "very many outputs": lambda: figures.fig_many_outputs((3, 5, 7), (128, 3, 3, 2)),
    "two outputs": lambda: figures.fig_many_outputs(np.zeros((2, 4, 5)), np.zeros((2, 2, 3, 2)), at=(0, 1)),
    "pointwise": lambda: figures.fig_pointwise(X3, W3[:2, :, 0], at=(1, 3)),
    "pointwise, more channels out": lambda: figures.fig_pointwise(X3[:2], np.ones((5, 2, 1, 1))),
    "volume": lambda: figures.fig_volume_step(X4, W4, at=(1, 1, 2)),
    "volume, one channel": lambda: figures.fig_volume_step(X4[:1], W4[:1, :2], bias=0.5),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name])


def test_channels_write_each_part_and_their_sum():
    y = ops.conv2d(X3, W3[None], np.array([1]))[0]
    parts = (X3[:, 1:4, 2:4] * W3).sum(axis=(1, 2))
    written = next(text for text in strings(FIGURES["channels"]()) if text.startswith("output["))
    assert written == f"output[1, 2] = {' + '.join(_draw.factor(p) for p in parts)} + 1 = {_draw.number(y[1, 2])}"


def test_many_outputs_write_the_shape_of_the_weight_and_count_it():
    assert any(text.startswith("weight 4 × 3 × 3 × 2 ") and text.endswith("=  72 numbers") for text in strings(FIGURES["many outputs"]()))
    assert "output 4 × 3 × 6" in strings(FIGURES["many outputs"]())
    assert [t for t in strings(FIGURES["very many outputs"]()) if t.startswith("kernel")] == ["kernel 0", "kernel 1", "kernel 2", "kernel 127"]


def test_pointwise_is_the_matrix_times_the_pixel():
    w = W3[:2, :, 0]
    result = ops.conv2d(X3, w[:, :, None, None])[:, 1, 3]
    shown = strings(FIGURES["pointwise"]())
    assert shown[-1].startswith("output[0, 1, 3] = ") and shown[-1].endswith(f"= {_draw.number(result[0])}")
    assert _draw.number(result[1]) in shown


def test_a_volume_step_states_its_products_and_its_value():
    value = ops.conv3d(X4, W4[None])[0][1, 1, 2]
    assert strings(FIGURES["volume"]())[-1] == f"output[1, 1, 2] = sum of 2 × 3 × 3 × 2 = 36 products = {_draw.number(value)}"


@pytest.mark.parametrize(("draw", "message"), [
    (lambda: figures.fig_channels(X3, W3[:2]), r"w must have one plane a channel: x has shape \(3, 5, 6\), w \(2, 3, 2\)"),
    (lambda: figures.fig_many_outputs((3, 5, 7), (4, 2, 3, 3)), r"weight of shape \(4, 2, 3, 3\) must be 3 deep, as the input of shape \(3, 5, 7\)"),
    (lambda: figures.fig_pointwise(X3, np.ones((2, 4))), r"w of shape \(2, 4\) must have 3 columns, one for each channel of x of shape \(3, 5, 6\)"),
    (lambda: figures.fig_volume_step(X4, W4[:1]), r"w must have one volume a channel: x has shape \(2, 5, 5, 6\), w \(1, 3, 3, 2\)"),
])
def test_what_does_not_fit_is_named(draw, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        draw()
    assert plt.get_fignums() == []
