"""Figures of chapter 2: wires, blocks of weights, blocks of networks. What they show is counted; nothing collides or is cut off."""

import numpy as np
import pytest

from convbook import cost, figures, ops
from convbook.figures.wiring import reads
from drawings import assert_whole, strings

ROWS = ((96, 11, 4, 0, False, "norm pool"), (256, 5, 1, 2, True, "norm pool"), (384, 3, 1, 1, False, ""), (384, 3, 1, 1, True, ""), (256, 3, 1, 1, True, "pool"))
NINE = dict(channels=[9, 9, 9], groups=[3, 3], trace=4)
FIGURES = {
    "two GPUs": lambda: figures.fig_two_gpus(ROWS),
    "ResNeXt": lambda: figures.fig_resnext_forms(),
    "ResNeXt, small": lambda: figures.fig_resnext_forms(32, 8, 4, 3),
    "units": lambda: figures.fig_shuffle_units(),
    "units, 8 groups": lambda: figures.fig_shuffle_units(384, 8, wider=768),
    "shuffle": lambda: figures.fig_wiring({"(a)": NINE, "(b)": NINE | dict(shuffle="direct"), "(c)": NINE | dict(shuffle=True)}),
    "wires, a title that is long": lambda: figures.fig_wiring({"a title longer than its channels": dict(channels=[2, 4], groups=[2], note="a note"), "12": dict(channels=[12, 12], groups=[3])}),
    "blocks": lambda: figures.fig_blocks({"standard": reads(6, 4, 1), "2 groups": reads(6, 4, 2)}, groups={"2 groups": 2}),
    "counts": lambda: figures.fig_blocks({"paths": 3 * reads(6, 4, 2).astype(int)}, role="output"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name])


@pytest.mark.parametrize(("C", "D", "groups"), [(4, 6, 2), (12, 12, 3), (5, 10, 5), (6, 3, 1)])
def test_reads_is_where_a_grouped_weight_can_be_other_than_zero(C, D, groups):
    x = np.eye(C, dtype=int)[:, :, None, None]
    dense = ops.conv2d(x, np.ones((D, C // groups, 1, 1), dtype=int), groups=groups)[:, :, 0, 0].T
    assert (reads(D, C, groups) == dense).all()


def wires(fig):
    """How many wires each drawn bundle has, faint ones and full ones in turns."""
    return [len(bundle.get_segments()) for bundle in fig.axes[0].collections]


def test_wires_are_one_for_each_kernel_and_a_trace_lights_what_is_heard():
    assert sum(wires(figures.fig_wiring({"g": dict(channels=[6, 8], groups=[2])}))) == 24
    a, b, c = (sum(wires(figures.fig_wiring({"x": NINE | dict(shuffle=s)}))) for s in (False, "direct", True))
    assert (a, b, c) == (54, 54, 63)
    assert wires(figures.fig_wiring({"x": NINE}))[1::2] == [9, 3]
    assert wires(figures.fig_wiring({"x": NINE | dict(shuffle=True)}))[1::2] == [9, 3, 3]
    assert wires(figures.fig_wiring({"x": NINE | dict(shuffle="direct")}))[1::2] == [9, 3]


def test_the_two_gpus_write_the_weights_of_each_layer_and_what_it_reads():
    said = strings(FIGURES["two GPUs"]())
    for C, D, k, g in [(3, 96, 11, 1), (96, 256, 5, 2), (256, 384, 3, 1), (384, 384, 3, 2), (384, 256, 3, 2)]:
        assert f"{cost.conv_params(C, D, k, groups=g, bias=False):,}" in said
    assert [t for t in said if t in ("the image", "its own GPU", "both GPUs")] == ["the image", "its own GPU", "both GPUs", "its own GPU", "its own GPU", *["both GPUs"] * 3]
    assert {"37,748,736", "16,777,216", "4,096,000", "5 × 5, 128 maps of 27 × 27"} <= set(said)


def test_the_forms_and_the_units_write_their_counts():
    said = strings(FIGURES["ResNeXt"]())
    assert [t for t in said if t.endswith("weights")] == ["69,632 weights", *["70,144 weights"] * 3]
    units = strings(FIGURES["units"]())
    assert {"1×1, 3 groups, 60", "1×1, 3 groups, 240", "480 out"} <= set(units)


def test_counts_are_written_into_their_cells_and_a_matrix_of_another_shape_is_refused():
    assert [t for t in strings(FIGURES["counts"]()) if t == "3"] == ["3"] * 12
    with pytest.raises(ValueError, match=r"^weights must have 2 axes, got shape \(4,\)$"):
        figures.fig_blocks({"weights": np.ones(4)})
