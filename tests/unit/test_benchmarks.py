"""The benchmarks measure what they say: tiny layers through the real code. No test depends on a time."""

import json

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from benchmarks import __main__ as program
from benchmarks.layers import LAYERS, Layer, arrays, output_size, work
from benchmarks.measure import extra_bytes, in_grid_sample, in_turns, loops_ms, measure
from convbook import cost

TINY = Layer("tiny", "conv2d", (2, 5, 6), (3, 2, 3, 3), {"stride": 2, "padding": 1})


def test_a_layer_is_measured_and_agrees_with_pytorch():
    row = measure(TINY, 4, seconds=0)
    assert row["difference"] < 1e-6
    assert row["array_bytes"] == 4 * (4 * 2 * 5 * 6 + 3 * 2 * 3 * 3 + 4 * 3 * 3 * 3)
    assert row["extra_bytes"] >= 4 * 4 * 3 * 3 * 3
    assert row["work"] == 4 * cost.conv_macs(2, 3, 3, (3, 3))
    assert row["pairs"] == 5


def test_a_pooling_has_no_weights_and_agrees_with_pytorch():
    row = measure(Layer("tiny", "avg_pool2d", (2, 6, 8), (2, 1, 2, 2), {"kernel_size": 2, "stride": 2}), 3, seconds=0)
    assert row["difference"] < 1e-6
    assert row["array_bytes"] == 4 * (3 * 2 * 6 * 8 + 3 * 2 * 3 * 4)
    assert row["work"] == 3 * 2 * 6 * 8  # windows side by side read each number once


def test_an_operation_that_does_not_exist_is_left_out():
    assert measure(Layer("none", "conv4d", (1,), (1,)), 1) is None


def test_neighbours_in_time_are_compared():
    order = []
    pairs = in_turns(lambda: order.append("a"), lambda: order.append("b"), seconds=0)
    assert "".join(order) == "ab" * 5
    assert len(pairs) == 5


def test_memory_is_the_most_held_at_once():
    def three_then_one():
        a = np.ones(10**6, np.uint8)
        b = np.ones(2 * 10**6, np.uint8)
        del a
        return b

    assert 3e6 <= extra_bytes(three_then_one) < 3.1e6


def test_loops_are_timed_on_a_part_and_multiplied_up():
    assert loops_ms(TINY) > 0
    assert loops_ms(Layer("too wide", "conv2d", (10**4, 9, 9), (10**4, 10**4, 1, 1))) is None


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_every_layer_is_what_pytorch_makes_of_it(layer):
    with torch.device("meta"):
        tensors = {name: torch.empty(value.shape) for name, value in arrays(layer, 1).items()}
    if layer.operation != "deform_conv2d":
        x = tensors.pop("x")
        assert getattr(torch.nn.functional, layer.operation)(x, **tensors, **layer.options).shape[2:] == output_size(layer)


def test_deforming_by_grid_sample_is_an_ordinary_convolution_without_offsets_and_shifted_by_a_whole_one():
    rng = np.random.default_rng(0)
    x, w = (torch.from_numpy(rng.standard_normal(shape)) for shape in ((2, 3, 6, 7), (4, 3, 3, 3)))
    offset = torch.zeros(2, 18, 6, 7, dtype=x.dtype)
    plain = torch.nn.functional.conv2d(x, w, padding=1)
    assert_allclose(in_grid_sample(x, offset, w, padding=1), plain, atol=1e-12)
    offset[:, 1::2] = 1  # every tap one column to the right
    assert_allclose(in_grid_sample(x, offset, w, padding=1)[..., :-2], plain[..., 1:-1], atol=1e-12)


def test_the_program_prints_its_table_and_writes_it(monkeypatch, tmp_path, capsys):
    slow = Layer("slow", "conv2d", (1, 2, 2), (1, 1, 1, 1))
    monkeypatch.setattr(program, "LAYERS", [TINY, slow])
    monkeypatch.setattr(program, "WORST", 0)
    program.main(["--only", "SLOW", "--batch", "1", "--seconds", "0", "--threads", "1", "--json", str(tmp_path / "bench.json")])
    shown, written = capsys.readouterr().out, json.loads((tmp_path / "bench.json").read_text())
    assert [row["layer"] for row in written["layers"]] == ["slow"]
    assert "BLAS threads 1, PyTorch threads 1" in shown
    assert "Missed by slow, batch 1:  slow" in shown


def test_every_aim_can_be_missed():
    row = {"ratio": 1, "extra_bytes": 0, "array_bytes": 10**8, "difference": 0}
    assert program.misses(row) == ""
    assert program.misses({**row, "ratio": 5.1}) == "  slow"
    assert program.misses({**row, "extra_bytes": 4 * 10**8}) == "  large"
    assert program.misses({**row, "difference": float("nan")}) == "  WRONG"


def test_work_is_counted_as_the_cost_module_counts_it():
    assert work(TINY) == cost.conv_macs(2, 3, 3, (3, 3))
    transposed = Layer("t", "conv_transpose2d", (2, 5, 6), (2, 3, 4, 4), {"stride": 2})
    assert work(transposed) == cost.conv_macs(2, 3, 4, (5, 6))
