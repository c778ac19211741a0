"""FlattenedSteps in Python: traits, whole messages, and the page's numbers against convbook and PyTorch."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from convbook import cost, ops
from convbook.explorers import FlattenedSteps, flattened_steps
from front_end import javascript

TABLE = json.loads((Path(__file__).parents[1] / "cases" / "flattened_steps.json").read_text())


def triples(row):
    return [(row["z"], row["y"], row["x"]), *([row["second"]] if row["second"] else [])]


def drawn(count=40):
    """States with random sizes, numbers, orders and borders."""
    rng = np.random.default_rng(0)
    for n in range(count):
        lengths = rng.integers(1, 5, 3)
        z, y, x = (rng.integers(-3, 4, k).tolist() for k in lengths)
        image = rng.integers(-2, 5, (4, *rng.integers(4, 7, 2))).tolist()
        second = [rng.integers(-3, 4, k).tolist() for k in lengths] if n % 3 == 0 else []
        yield {"z": z, "y": y, "x": x, "second": second, "image": image, "order": flattened_steps.ORDERS[n % 6],
               "padding": flattened_steps.PADDINGS[n % 2], "lane": "best" if n % 2 else "first"}


def border(state):
    return (len(state["y"]) - 1, len(state["x"]) - 1) if state["padding"] == "full" else 0


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_the_table_that_the_page_is_held_to_is_what_convbook_computes(row):
    K = sum(ops.outer3(*map(np.array, triple)) for triple in triples(row))
    image = np.array(flattened_steps.IMAGE[:len(row["z"])])
    assert_allclose(row["filter"], K)
    out = ops.conv2d(image, K[None], padding=border(row))[0]
    assert_allclose(row["dense"], out)
    assert row["dense_macs"] == cost.conv_macs(len(K), 1, K.shape[1:], out.shape)
    assert ops.cp_decomposition(K, 1, restarts=20).error == pytest.approx(row["error"], abs=2e-6)


def test_the_page_convolves_as_conv2d_does_in_every_order_and_counts_as_cost_does():
    states = list(drawn())
    found = javascript("flattened_steps", "given.map((s) => { const L = g.layout(s); return { K: L.K, whole: L.whole, both: L.both, stages: L.stages.map((t) => t.shape), cost: L.cost, "
                       "out: L.stages[3].planes[0], triple: L.triple, error: L.best.error }; })", states)
    for state, L in zip(states, found):
        K = sum(ops.outer3(*map(np.array, triple)) for triple in triples(state))
        image = np.array(state["image"][:len(K)], dtype=float)
        out = ops.conv2d(image, K[None].astype(float), padding=border(state))[0]
        assert_allclose(L["K"], K)
        assert_allclose(L["whole"], out)
        assert_allclose(L["both"], out, atol=1e-9)
        assert_allclose(L["out"], ops.conv2d(image, ops.outer3(*map(np.array, L["triple"]))[None].astype(float), padding=border(state))[0], atol=1e-9)
        for letter, (c, h, w), macs in zip(state["order"], L["stages"][1:], L["cost"]["passes"]):
            k = {"L": (1, 1), "V": (len(state["y"]), 1), "H": (1, len(state["x"]))}[letter]
            assert macs == (cost.conv_macs(len(K), 1, k, (h, w)) if letter == "L" else cost.conv_macs(c, c, k, (h, w), groups=c))
        assert L["cost"]["dense"] == cost.conv_macs(len(K), 1, K.shape[1:], out.shape)
        if K.any():
            assert L["error"] <= ops.cp_decomposition(K, 1, restarts=8).error + 1e-6


def test_the_code_to_copy_gives_the_numbers_of_the_page():
    pytest.importorskip("torch")
    states = [state for state in drawn(12)]
    for state, (code, whole) in zip(states, javascript("flattened_steps", "given.map((s) => { const L = g.layout(s); return [words.code(L), L.whole]; })", states)):
        printed = []
        exec(code, {"print": printed.append})
        assert_allclose(printed[0].numpy(), whole, atol=1e-9)
        assert printed[1] < 1e-9


def test_python_offers_what_the_page_offers():
    limits, orders, paddings, lanes = javascript("flattened_steps", "[g.LIMITS, g.ORDERS, g.PADDINGS, g.LANES]")
    assert {name: tuple(v) if isinstance(v, list) else v for name, v in limits.items()} == flattened_steps.LIMITS
    assert (tuple(orders), tuple(paddings), tuple(lanes)) == (flattened_steps.ORDERS, flattened_steps.PADDINGS, flattened_steps.LANES)


def test_the_repr_makes_the_same_explorer():
    assert repr(FlattenedSteps()) == "FlattenedSteps()"
    explorer = FlattenedSteps(z=np.array([1, 2]), y=[1, 2, 3], second=[[0, 1], [1, 1, 1], [2, 0, 0]], padding="full")
    assert repr(explorer) == "FlattenedSteps(z=[1, 2], y=[1, 2, 3], second=[[0, 1], [1, 1, 1], [2, 0, 0]], padding='full')"
    assert repr(eval(repr(explorer))) == repr(explorer)


def test_several_values_from_the_page_are_checked_together():
    explorer = FlattenedSteps(second=[[1, 1, 1], [1, 1], [1, 1, 1]])
    # On its own, either of the two would not fit.
    explorer.set_state({"z": [1, 2], "second": [[1, 1], [1, 1], [1, 1, 1]]})
    assert explorer.z == [1, 2]


@pytest.mark.parametrize(("error", "message", "parameters"), [
    (ValueError, "z must be a list of 1 to 4 numbers", {"z": []}),
    (ValueError, "y must be a list of 1 to 4 numbers", {"y": [1] * 5}),
    (TypeError, "x holds '1'; it must hold numbers only", {"x": ["1"]}),
    (ValueError, "x holds 10; its numbers must lie from -9 to 9", {"x": [10]}),
    (ValueError, "second=[[1]] must be (), or three vectors [z', y', x']", {"second": [[1]]}),
    (ValueError, "second has vectors of [1, 2, 3] numbers; they must be as long as z, y, x: [3, 2, 3]", {"second": [[1], [1, 2], [1, 2, 3]]}),
    (ValueError, "image must be 1 to 4 planes", {"image": 3}),
    (ValueError, "image has 2 planes; it must have at least 3, one for each number of z", {"image": np.ones((2, 4, 5))}),
    (ValueError, "image has a height of 3; it must lie from 4 to 6", {"image": np.ones((3, 3, 5))}),
    (ValueError, "image must have planes of one size, and rows of equal length", {"image": [[[1] * 5] * 4] * 2 + [[[1] * 4] * 4]}),
    (ValueError, "order='LLV' must be one of 'LVH', 'LHV', 'VLH', 'HLV', 'VHL', 'HVL'", {"order": "LLV"}),
    (ValueError, "padding='same' must be one of 'valid', 'full'", {"padding": "same"}),
    (ValueError, "lane='third' must be one of 'first', 'second', 'best'", {"lane": "third"}),
    (ValueError, "step=-1 must be at least 0", {"step": -1}),
    (ValueError, "speed=3 must be one of 1, 2, 4, 8", {"speed": 3}),
    (TypeError, "predict=1 must be True or False", {"predict": 1}),
])
def test_whole_messages(error, message, parameters):
    with pytest.raises(error) as caught:
        FlattenedSteps(**parameters)
    assert str(caught.value) == message


def test_a_refused_value_changes_nothing():
    explorer = FlattenedSteps()
    with pytest.raises(ValueError):
        explorer.z = [1, 2, 3, 4, 5]
    assert repr(explorer) == "FlattenedSteps()"
