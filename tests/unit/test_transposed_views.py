"""TransposedViews in Python: traits, whole messages, and the page's numbers against convbook and PyTorch."""

import json
import random
import re
from pathlib import Path

import numpy as np
import pytest

from convbook import shapes
from convbook.explorers import TransposedViews, transposed_views
from front_end import javascript, message

VIEWS = json.loads((Path(__file__).parents[1] / "cases" / "transposed_views.json").read_text())
AXES = ("height", "width")


def python(state):
    return {name: tuple(v) if isinstance(v, list) else v for name, v in state.items()}


@pytest.mark.parametrize("row", VIEWS, ids=lambda row: json.dumps(row["state"]))
def test_python_and_the_page_agree_on_what_is_legal(row):
    state = python(row["state"])
    if "output" in row:
        explorer = TransposedViews(**state)
        assert explorer.output_size == tuple(row["output"])
        for a in (0, 1):
            n, k, s, p, extra, d = (getattr(explorer, name)[a] for name in transposed_views.LIMITS)
            assert row["output"][a] == shapes.conv_transpose_output_size(n, k, stride=s, padding=p, output_padding=extra, dilation=d)
            assert n == shapes.conv_output_size(row["output"][a], k, stride=s, padding=p, dilation=d), "the round trip"
            assert row["border"][a] == d * (k - 1) - p
        return
    with pytest.raises(ValueError, match=f"^{row['axis']}: {re.escape(row['reason'])} \\(input_size="):
        TransposedViews(**state)


def layers(count):
    draw = random.Random(7)
    low_ends = {"output_padding": 0.5, "dilation": 0.5, "padding": 0.3}  # how often an option stays at its lowest, so that many layers are legal

    def pair(name):
        low, high = transposed_views.LIMITS[name]
        return [low, low] if draw.random() < low_ends.get(name, 0) else [draw.randint(low, high), draw.randint(low, high)]

    return [{**{name: pair(name) for name in transposed_views.LIMITS}, "seed": draw.randint(0, 99),
             "input": draw.choice(transposed_views.INPUTS), "kernel": draw.choice(transposed_views.KERNELS)} for _ in range(count)]


@pytest.fixture(scope="module")
def computed():
    drawn = layers(1000)
    answers = javascript("transposed_views", """given.map((s) => {
        if (g.fault(s)) return g.fault(s);
        const L = g.layout(s);
        return { x: L.x, w: L.w, X: L.X, z: L.z, y: L.y, inserted: g.inserted(L), multiplied: g.multiplied(L), C: L.C, code: words.code(L) };
    })""", drawn)
    assert sum("y" in answer for answer in answers) > 100
    return list(zip(drawn, answers))


def test_python_and_the_page_refuse_the_same_random_layers_for_the_same_reason(computed):
    for state, answer in computed:
        found = next(((name, reason) for a, name in enumerate(AXES) if (reason := transposed_views.fault(state, a))), None)
        assert found == ((answer["axis"], answer["reason"]) if "reason" in answer else None)


def test_all_three_views_of_the_page_are_what_pytorch_computes(computed):
    torch = pytest.importorskip("torch")
    for state, answer in computed:
        if "reason" in answer:
            continue
        options = {name: tuple(state[name]) for name in ("stride", "padding", "dilation")}
        tensor = {name: torch.tensor(answer[name], dtype=torch.float64)[None, None] for name in ("x", "w", "X")}
        y = torch.conv_transpose2d(tensor["x"], tensor["w"], output_padding=tuple(state["output_padding"]), **options)[0, 0].numpy()
        assert np.array_equal(y, answer["y"]) and np.array_equal(y, answer["inserted"]) and np.array_equal(y, answer["multiplied"])
        z = torch.conv2d(tensor["X"], tensor["w"], **options)[0, 0].numpy()
        assert np.array_equal(z, answer["z"])


def test_the_matrix_of_the_page_is_that_of_convbook(computed):
    from convbook import ops

    if not hasattr(ops, "conv_matrix"):
        pytest.skip("convbook.ops has no conv_matrix yet")
    for state, answer in computed[:120]:
        if "reason" not in answer:
            options = {name: tuple(state[name]) for name in ("stride", "padding", "dilation")}
            expected = ops.conv_matrix(np.array(answer["w"], dtype=float)[None, None], np.shape(answer["y"]), **options)
            assert np.array_equal(np.asarray(expected), answer["C"])


def test_the_code_to_copy_prints_the_numbers_of_the_page_twice(computed):
    pytest.importorskip("torch")
    for _, answer in computed[:150]:
        if "reason" in answer:
            continue
        printed = []
        exec(answer["code"], {"print": printed.append})
        assert len(printed) == 2
        for shown in printed:
            assert np.array_equal(shown.reshape(np.shape(answer["y"])).numpy(), answer["y"]), answer["code"]


def test_python_offers_what_the_page_offers():
    said = javascript("transposed_views", "[Object.keys(g.INPUTS), Object.keys(g.KERNELS), g.LIMITS, g.LARGEST_OUTPUT, g.LARGEST_DRAWN]")
    assert [tuple(said[0]), tuple(said[1])] == [transposed_views.INPUTS, transposed_views.KERNELS]
    assert {name: tuple(v) for name, v in said[2].items()} == transposed_views.LIMITS
    assert said[3:] == [transposed_views.LARGEST_OUTPUT, transposed_views.LARGEST_DRAWN]


def test_the_repr_makes_the_same_explorer():
    assert repr(TransposedViews()) == "TransposedViews()"
    explorer = TransposedViews(input=np.array([[1, 2], [3, 4]]), kernel=[[1, 0, -1]], padding=(0, 1), view="all", pinned=("output", 0, -1))
    text = "TransposedViews(input_size=(2, 2), kernel_size=(1, 3), padding=(0, 1), input=[[1, 2], [3, 4]], kernel=[[1, 0, -1]], view='all', pinned=('output', 0, -1))"
    assert repr(explorer) == text
    assert repr(eval(text)) == text


def test_step_and_pin_stay_in_the_picture():
    explorer = TransposedViews(walk="output", step=34, pinned=("output", 4, 6))
    explorer.input_size = 2
    assert (explorer.step, explorer.pinned) == (24, ())
    explorer.walk = "input"
    assert explorer.step == 3


def test_several_values_from_the_page_are_checked_together():
    explorer = TransposedViews(output_padding=1, padding=1)
    # On its own, a stride of 1 would not fit this output_padding.
    explorer.set_state({"stride": [1, 1], "output_padding": [0, 0], "input": [[1, 2, 3, 4]], "input_size": [1, 4], "pinned": ["input", 0, 3]})
    assert (explorer.output_size, explorer.pinned) == ((1, 4), ("input", 0, 3))


def test_whole_messages_of_the_views():
    def said(error, **parameters):
        return message(TransposedViews, error, **parameters)

    assert said(ValueError, padding=(0, 3)) == (
        "width: padding must be at most d (k - 1) = 2, or p' = d (k - 1) - p would be negative "
        "(input_size=3, kernel_size=3, stride=2, padding=3, output_padding=0, dilation=1)")
    assert said(ValueError, stride=0) == "stride=0 must be at least 1"
    assert said(TypeError, stride=1.5) == "stride=1.5 must be an integer"
    assert said(ValueError, view="side") == "view='side' must be one of 'scatter', 'insert', 'matrix', 'all'"
    assert said(ValueError, walk="kernel") == "walk='kernel' must be one of 'input', 'output'"
    assert said(ValueError, input="edge") == "input='edge' must be one of 'counting', 'ones', 'single', 'random', 'direct'"
    assert said(ValueError, input=[[1, 2]], input_size=2) == "input_size=(2, 2) must be (1, 2), the size of input; set input itself instead"
    assert said(ValueError, step=6) == "step=6 must be at most 5, the last of 6 inputs"
    assert said(ValueError, speed=3) == "speed=3 must be one of 1, 2, 4, 8"
    assert said(ValueError, seed=-1) == "seed=-1 must be at least 0"
    assert said(ValueError, pinned=("kernel", 0, 0)) == "pinned=('kernel', 0, 0) must be (), or (\"input\" or \"output\", row, column)"
    assert said(ValueError, pinned=("output", -1, 0)) == "pinned=('output', -1, 0) must be a cell of the picture"
    assert said(TypeError, size=3).startswith("TransposedViews has no parameter 'size'; it has input_size, kernel_size, stride, ")


def test_a_refused_value_changes_nothing():
    explorer = TransposedViews()
    with pytest.raises(ValueError):
        explorer.output_padding = 2
    assert repr(explorer) == "TransposedViews()"
