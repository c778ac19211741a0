"""Chapter 3: the example worked by hand, its figures' numbers, calls timed in turns."""

import numpy as np
import pytest
import torch

from convbook import figures, ops, reference, timing
from drawings import strings

X = np.array([[[1, 2, 0, 1], [0, 1, 3, 2], [2, 0, 1, 1]], [[3, 0, 1, 2], [1, 1, 0, 4], [0, 2, 2, 1]]])
W = np.array([[[[1, 0, -1], [0, 2, 0]]], [[[0, 1, 0], [1, 0, 1]]], [[[1, 0, -1], [0, 2, 0]]], [[[-1, 0, 0], [0, 0, 1]]]])
Y = [[[3, 7], [-3, 1]], [[5, 3], [4, 4]], [[4, -2], [5, 1]], [[-3, 4], [1, 0]]]


@pytest.mark.parametrize("form", [ops, reference], ids=["ops", "reference"])
def test_the_example_by_hand(form):
    assert form.depthwise_conv2d(X, W).tolist() == Y
    assert torch.conv2d(torch.tensor(X)[None], torch.tensor(W), groups=2)[0].tolist() == Y


def test_the_figure_writes_the_sum_every_output_and_whose_filter_it_is():
    shown = strings(figures.fig_depthwise(X, W, at=(0, 1)))
    assert shown[-1] == "output[0, 0, 1] = 2·1 + 0·0 + 1·(−1) + 1·0 + 3·2 + 2·0 = 7"
    assert [t for t in shown if " = " in t][:4] == ["0 = 0·2 + 0", "1 = 0·2 + 1", "2 = 1·2 + 0", "3 = 1·2 + 1"]
    written = [str(v).replace("-", "−") for v in np.ravel(Y)]
    assert all(shown.count(v) >= written.count(v) for v in written)


def test_the_kinds_count_their_weights():
    shown = strings(figures.fig_channel_kinds())
    assert [t for t in shown if "weights" in t] == ["3 filters of 2 × 3 × 3: 54 weights", "6 filters of 1 × 3 × 3: 54 weights",
                                                    "4 filters of 6 × 1 × 1: 24 weights", "4 filters of 3 × 1 × 1: 12 weights"]


@pytest.mark.parametrize(("kind", "wires"), [(("a", 6, 3, 3, 3), 6), (("b", 6, 6, 3, 6), 6), (("c", 6, 4, 1, 1), 24), (("d", 6, 4, 1, 2), 12)])
def test_a_wire_for_each_channel_that_a_filter_reads(kind, wires):
    fig = figures.fig_channel_kinds([kind], columns=1)
    long = [line for line in fig.axes[0].lines if np.ptp(line.get_ydata()) == pytest.approx(1.1)]
    assert len(long) == wires
    _, C, D, _, G = kind
    reads = ops.conv2d(np.eye(C)[:, :, None, None], np.ones((D, C // G, 1, 1)), groups=G)[:, :, 0, 0].T
    inputs, outputs = (sorted({round(line.get_xdata()[end], 6) for line in long}) for end in (0, 1))
    drawn = np.zeros((D, C))
    for line in long:
        drawn[outputs.index(round(line.get_xdata()[1], 6)), inputs.index(round(line.get_xdata()[0], 6))] = 1
    assert np.array_equal(drawn, reads)


def test_calls_are_timed_in_turns_the_first_round_does_not_count_and_the_fastest_does(monkeypatch):
    now, order = [0.0], []
    monkeypatch.setattr(timing, "perf_counter", lambda: now[0])

    def call(name, *seconds):
        times = iter(seconds)

        def run():
            order.append(name)
            now[0] += next(times)
        return run

    times = timing.in_turns(call("slow", 0.0625, 0.5, 0.25, 0.75), call("fast", 4, 0.125, 0.5, 2), repeat=3)
    assert order == ["slow", "fast"] * 4
    assert times == [250, 125]


def test_the_median_of_the_calls_after_the_first_is_their_time(monkeypatch):
    now, seconds = [0.0], iter([9, 0.5, 0.125, 4])
    monkeypatch.setattr(timing, "perf_counter", lambda: now[0])

    def work(unit, *, factor):
        now[0] += factor * unit * next(seconds)

    assert timing.milliseconds(work, 2, repeat=3, factor=0.5) == 500
