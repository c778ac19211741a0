"""Figures of chapter 5: taps, zeros and phases are what the operations compute."""

import numpy as np
import pytest

from convbook import figures, ops
from convbook.figures import _draw
from drawings import assert_whole, strings

X = np.array([[1, 2, 0, 3, 1], [0, 1, 2, 1, 0], [3, 0, 1, 2, 2], [1, 1, 0, 0, 3]])
W = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])

FIGURES = {
    "taps": lambda: figures.fig_taps(3, (1, 2, 4)),
    "taps, one rate": lambda: figures.fig_taps(2, (5,)),
    "zeros in kernel or input": lambda: figures.fig_where_zeros_go(np.tile(X, 2)[:, :7], W[:2], X[:2, :3], at=(1, 2)),
    "phases": lambda: figures.fig_phases(np.tile(X, (2, 2))[:6, :8], W[:2, :2], phase=(1, 0)),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name])


def test_taps_state_their_span_and_what_they_skip():
    shown = strings(FIGURES["taps"]())
    assert [t for t in shown if "spans" in t] == ["d = 1: spans 3 × 3", "d = 2: spans 5 × 5", "d = 4: spans 9 × 9"]
    assert [t for t in shown if "skipped" in t] == ["9 weights, 0 skipped", "9 weights, 16 skipped", "9 weights, 72 skipped"]


def test_zeros_in_the_kernel_and_in_the_input_show_what_both_operations_compute():
    x, small = np.tile(X, 2)[:, :7], X[:2, :3]
    shown = strings(FIGURES["zeros in kernel or input"]())
    outputs = ops.conv2d(x[None], W[None, None, :2], dilation=2)[0], ops.conv_transpose2d(small[None], W[None, None, :2], stride=2)[0]
    assert all(shown.count(_draw.number(v)) >= [_draw.number(u) for u in np.concatenate([o.ravel() for o in outputs])].count(_draw.number(v))
               for v in np.concatenate([o.ravel() for o in outputs]))
    assert {"output 2 × 3", "output 4 × 7", "kernel 2 × 3, spread"} <= set(shown)


def test_phases_hold_every_number_twice_once_in_the_whole_and_once_in_a_phase():
    x = np.tile(X, (2, 2))[:6, :8]
    y = ops.conv2d(x[None], W[None, None, :2, :2], dilation=2)[0]
    numbers = [t for t in strings(FIGURES["phases"]()) if not t.startswith(("input", "output", "phase", "one", "the", "each", "→"))]
    assert sorted(numbers) == sorted(2 * [_draw.number(v) for v in [*x.ravel(), *y.ravel()]])
    shown = strings(FIGURES["phases"]())
    first = shown.index("phase 0, 1") + 1
    assert shown[first:first + 12] == [_draw.number(v) for v in x[0::2, 1::2].ravel()]
