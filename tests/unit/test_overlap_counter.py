"""OverlapCounter in Python: traits, whole messages, and the page's numbers against NumPy."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from convbook.explorers import OverlapCounter, overlap_counter
from front_end import javascript, message

COUNTS = json.loads((Path(__file__).parents[1] / "cases" / "overlap_counter.json").read_text())


def counts(stack, n, method="transposed", weights=None):
    """The rows by NumPy alone: stuff with zeros, or repeat; then a full convolution."""
    row = np.ones(n)
    for i, (k, s) in enumerate(stack):
        if method == "resize":
            row = np.repeat(row, s)
        else:
            stuffed = np.zeros(s * (len(row) - 1) + 1)
            stuffed[::s] = row
            row = stuffed
        row = np.convolve(row, np.ones(k) if weights is None else weights[i])
    return row


@pytest.mark.parametrize("row", COUNTS, ids=lambda row: json.dumps(row["state"]))
def test_counts_of_the_table_are_those_of_numpy(row):
    state = row["state"]
    if "reason" in row:
        assert message(OverlapCounter, ValueError, **state).startswith(f"{row['reason']} (layers=[")
        return
    found = counts(state["layers"], state["input_size"], state.get("method", "transposed"))
    explorer = OverlapCounter(**state)
    assert explorer.output_size == len(found)
    first, last = row["interior"]
    assert explorer._rows()[-1] == (len(found), first, last)
    assert [found[first:last + 1].min(), found[first:last + 1].max()] == row["range"]
    if "counts" in row:
        assert found.tolist() == row["counts"]


def test_values_of_random_stacks_are_those_of_numpy_and_refused_for_the_same_reason():
    draw = random.Random(3)
    drawn = [{
        "layers": [{"k": draw.randint(1, 6), "s": draw.randint(1, 4)} for _ in range(draw.randint(1, 4))], "input_size": draw.randint(2, 16),
        "method": draw.choice(overlap_counter.METHODS), "weights": draw.choice(overlap_counter.WEIGHTS), "seed": draw.randint(0, 50),
    } for _ in range(300)]
    answers = javascript("overlap_counter", """given.map((s) => {
        if (g.fault(s)) return { reason: g.fault(s) };
        const L = g.layout(s);
        return { values: L.top.values, weights: s.layers.map((_, l) => g.weightsOf(s, l)) };
    })""", drawn)
    legal = 0
    for state, answer in zip(drawn, answers):
        stack = [(layer["k"], layer["s"]) for layer in state["layers"]]
        assert overlap_counter.fault(stack, state["input_size"], state["method"]) == answer.get("reason")
        if "values" in answer:
            legal += 1
            assert np.allclose(answer["values"], counts(stack, state["input_size"], state["method"], answer["weights"]), rtol=1e-6)
    assert legal > 60


def test_the_code_to_copy_prints_the_values_of_the_page():
    pytest.importorskip("torch")
    states = [{"layers": [{"k": 3, "s": 2}, {"k": 4, "s": 3}], "input_size": 4, "method": method, "weights": "random", "seed": 1} for method in overlap_counter.METHODS]
    for code, values in javascript("overlap_counter", "given.map((s) => [g.code(s), g.layout(s).top.values])", states):
        printed = []
        exec(code, {"print": printed.append})
        assert np.allclose(printed[0].numpy(), values, rtol=1e-5), code


def test_the_counter_offers_what_the_page_offers():
    said = javascript("overlap_counter", "[Object.keys(g.METHODS), Object.keys(g.WEIGHTS), g.LIMITS]")
    assert tuple(said[0]) == overlap_counter.METHODS and tuple(said[1]) == (*overlap_counter.WEIGHTS, "own")
    limits = {"input_size" if name == "n" else name: v for name, v in said[2].items()}
    assert (limits.pop("output"), limits.pop("weight")) == (overlap_counter.LARGEST_OUTPUT, overlap_counter.LARGEST_WEIGHT)
    assert {name: tuple(v) for name, v in limits.items()} == overlap_counter.LIMITS


def test_the_counter_prints_what_builds_it_again():
    assert repr(OverlapCounter()) == "OverlapCounter()"
    explorer = OverlapCounter(layers=[(4, 2), (3, 1)], weights=[(1, 2, 2, 1), (0.5, 1, 0.5)], step=3, pinned=[1, 2])
    text = "OverlapCounter(layers=[(4, 2), (3, 1)], weights=[[1, 2, 2, 1], [0.5, 1, 0.5]], step=3, pinned=(1, 2))"
    assert repr(explorer) == text
    assert repr(eval(text)) == text


def test_the_browser_gets_each_layer_by_name_and_gives_it_back_so():
    explorer = OverlapCounter(weights=[[1, 2, 3]])
    assert explorer.get_state()["layers"] == [{"k": 3, "s": 2}]
    explorer.set_state({"layers": [{"k": 2, "s": 2}, {"k": 4, "s": 2}], "weights": [[1, 1], [1, 2, 2, 1]], "step": None, "pinned": [2, 5]})
    assert (explorer.layers, explorer.weights, explorer.pinned) == ([(2, 2), (4, 2)], [[1, 1], [1, 2, 2, 1]], (2, 5))


def test_what_no_longer_fits_the_stack_is_forgotten():
    explorer = OverlapCounter(layers=[(3, 2), (3, 2)], input_size=4, weights=[[1, 2, 1], [1, 3, 1]], step=12, pinned=(2, 17))
    explorer.layers = [(4, 2)]
    assert (explorer.weights, explorer.step, explorer.pinned) == ("ones", None, ())


def test_whole_messages_of_the_counter():
    def said(error, **parameters):
        return message(OverlapCounter, error, **parameters)

    assert said(TypeError, layers=3) == "layers=3 must be a list of layers (k, s)"
    assert said(TypeError, layers=[(3, 2, 1)]) == "layers[0]=(3, 2, 1) must be a pair (k, s)"
    assert said(ValueError, layers=[(3, 0)]) == "layers[0].s=0 must be at least 1"
    assert said(TypeError, input_size=2.5) == "input_size=2.5 must be an integer"
    assert said(ValueError, layers=[(7, 2)]) == "k must be a whole number from 1 to 6 (layers=[(7, 2)], input_size=6, method='transposed')"
    assert said(ValueError, method="shuffle") == "method='shuffle' must be one of 'transposed', 'resize'"
    assert said(ValueError, weights="zeros") == "weights='zeros' must be one of 'ones', 'bilinear', 'random'"
    assert said(ValueError, weights=[[1, 2]]) == "weights=[[1, 2]] must be 'ones', 'bilinear', 'random', or one list for each layer, of 3 numbers"
    assert said(TypeError, weights=[[1, 2, "a"]]) == "weights holds 'a'; it must hold numbers only"
    assert said(ValueError, weights=[[1, 2, float("nan")]]) == "weights holds nan; its numbers must lie from -99 to 99"
    assert said(ValueError, step=6) == "step=6 must be None, or at most 5, the last of 6 stamps"
    assert said(ValueError, pinned=(2, 0)) == "pinned=(2, 0) is not in the stack, whose rows have 6, 13 numbers"
    assert said(ValueError, pinned=(1,)) == "pinned=(1,) must be (row, index), or ()"
    assert said(ValueError, speed=3) == "speed=3 must be one of 1, 2, 4, 8"
    assert said(TypeError, n=3) == "OverlapCounter has no parameter 'n'; it has layers, input_size, method, weights, seed, step, speed, pinned"
