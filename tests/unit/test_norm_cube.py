"""NormCube in Python: traits, whole messages, and the page's numbers against convbook and PyTorch."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from convbook import ops
from convbook.explorers import NormCube, norm_cube
from front_end import javascript

TABLE = json.loads((Path(__file__).parents[1] / "cases" / "norm_cube.json").read_text())


def drawn(count=40):
    """States with random sizes, numbers, methods and statistics, none of them at fault."""
    rng = np.random.default_rng(0)
    for n in range(count):
        shape = tuple(int(rng.integers(low, high + 1)) for low, high in (norm_cube.LIMITS[axis] for axis in norm_cube.AXES))
        C = shape[1]
        state = {
            "x": rng.integers(-9, 10, shape).tolist(), "method": norm_cube.METHODS[n % 5], "groups": int(rng.choice([g for g in range(1, C + 1) if C % g == 0])),
            "training": bool(n % 3), "steps": int(rng.integers(0, 4)), "momentum": float(rng.choice([0.1, 0.5, 1])), "eps": float(rng.choice([1e-3, 0.1, 1])),
            "gamma": rng.integers(-3, 4, C).tolist(), "beta": rng.integers(-3, 4, C).tolist(),
            "running": [[float(rng.normal()), float(rng.random() + 0.1)] for _ in range(C)] if n % 4 == 1 else [],
        }
        if norm_cube.fault(**{key: state.get(key, [0, 0, 0, 0]) for key in (*state, "picked") if key not in ("momentum", "eps")}) is None:
            yield state


def normalised(state):
    """(y, running means and variances) of a state, by convbook.ops."""
    x, gamma, beta = (np.array(state[name], float) for name in ("x", "gamma", "beta"))
    N, C, H, W = x.shape
    running = np.zeros(C), np.ones(C)
    if N * H * W > 1:
        for _ in range(state["steps"]):
            running = ops.running_statistics(x, *running, momentum=state["momentum"])
    if state.get("running"):
        running = np.transpose(state["running"])
    eps, wide = state["eps"], [np.broadcast_to(v[:, None, None], (C, H, W)) for v in (gamma, beta)]
    y = {
        "batch": lambda: ops.batch_norm(x, *running, gamma, beta, training=state["training"], eps=eps),
        "layer": lambda: ops.layer_norm(x, (C, H, W), *wide, eps),
        "instance": lambda: ops.instance_norm(x, None, None, gamma, beta, eps=eps),
        "group": lambda: ops.group_norm(x, state["groups"], gamma, beta, eps),
        "position": lambda: np.moveaxis(ops.layer_norm(np.moveaxis(x, 1, -1), C, gamma, beta, eps), -1, 1),
    }[state["method"]]()
    return y, np.stack(running, axis=1)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_the_table_that_the_page_is_held_to_is_what_convbook_computes(row):
    y, running = normalised(row)
    assert_allclose(row["y"], y, atol=1e-9)
    assert_allclose(row["running"], running, atol=1e-9)


def test_the_page_normalizes_as_convbook_does():
    states = list(drawn(60))
    assert len(states) > 45 and {state["method"] for state in states} == set(norm_cube.METHODS)
    found = javascript("norm_cube", "given.map((s) => { const L = g.layout(s); return { y: s.x.map((image, n) => image.map((plane, c) => plane.map((row, i) => row.map((_, j) => L.y([n, c, i, j]))))), running: L.running }; })", states)
    for state, page in zip(states, found):
        y, running = normalised(state)
        assert_allclose(page["y"], y, atol=1e-9)
        assert_allclose(page["running"], running, atol=1e-9)


def test_the_code_to_copy_gives_the_numbers_of_the_page():
    torch = pytest.importorskip("torch")
    states = list(drawn(30))
    at = "[s.x.length - 1, s.x[0].length - 1, 0, s.x[0][0][0].length - 1]"
    for state, (code, value) in zip(states, javascript("norm_cube", f"given.map((s) => {{ const L = g.layout(s), at = {at}; return [words.code(L, at), L.y(at)]; }})", states)):
        printed = []
        exec(code, {"print": printed.append})
        assert printed[0].dtype == torch.float64
        assert printed[0].item() == pytest.approx(value, abs=1e-6), code


def test_python_offers_what_the_page_offers():
    limits, methods, eps, shown, axes, filled = javascript("norm_cube", "[g.LIMITS, g.METHODS, g.EPS, g.SHOWN, g.AXES, g.resized([], [4, 6, 3, 4])]")
    assert {name: tuple(v) if isinstance(v, list) else v for name, v in limits.items()} == norm_cube.LIMITS
    assert (tuple(methods), tuple(eps), tuple(shown), tuple(axes)) == (norm_cube.METHODS, norm_cube.EPS, norm_cube.SHOWN, norm_cube.AXES)
    assert filled == norm_cube.filler(4, 6, 3, 4)


def test_both_languages_find_the_same_fault():
    rng, states = np.random.default_rng(1), []
    for n in range(80):
        shape = [int(v) for v in rng.integers(1, 3, 4)]
        states.append({"method": norm_cube.METHODS[n % 5], "shape": shape, "groups": int(rng.integers(1, 3)) if shape[1] == 2 else 1, "training": bool(n % 2), "steps": n % 3})
    for state, said in zip(states, javascript("norm_cube", "given.map((s) => g.fault(s))", states)):
        C = state["shape"][1]
        mine = norm_cube.fault(np.zeros(state["shape"]), state["method"], state["groups"], state["training"], state["steps"], [1] * C, [0] * C, [0] * 4)
        assert (said is None) == (mine is None), (state, said, mine)


def test_the_repr_makes_the_same_explorer():
    assert repr(NormCube()) == "NormCube()"
    explorer = NormCube(x=np.arange(6).reshape(1, 3, 1, 2), method="instance", picked=(0, 2, 0, 1))
    assert repr(explorer) == ("NormCube(x=[[[[0, 1]], [[2, 3]], [[4, 5]]]], method='instance', groups=1, gamma=[1, 1, 1], beta=[0, 0, 0], "
                              "picked=[0, 2, 0, 1])")
    assert repr(eval(repr(explorer))) == repr(explorer)


def test_several_values_from_the_page_are_checked_together():
    explorer = NormCube()
    # On its own, none of them would fit.
    explorer.set_state({"x": norm_cube.filler(1, 3, 1, 2), "groups": 3, "gamma": [1, 1, 1], "beta": [0, 0, 0], "steps": 1, "running": [[0, 1]] * 3})
    assert explorer.groups == 3


@pytest.mark.parametrize(("error", "message", "parameters"), [
    (ValueError, "x must be images of channels of rows of numbers, all of one size: (N, C, H, W)", {"x": [[1, 2]]}),
    (ValueError, "x must be images of channels of rows of numbers, all of one size: (N, C, H, W)", {"x": [[[[1, 2], [3]]]]}),
    (ValueError, "x has shape (5, 4, 1, 2); its images must be from 1 to 4", {"x": np.zeros((5, 4, 1, 2), int)}),
    (TypeError, "x holds 0.5; it must hold whole numbers only", {"x": [[[[0.5, 1]]]]}),
    (ValueError, "x holds 100; its numbers must lie from -99 to 99", {"x": [[[[100, 1]]]]}),
    (ValueError, "method='weight' must be one of 'batch', 'layer', 'instance', 'group', 'position'", {"method": "weight"}),
    (ValueError, "groups=3 must divide channels=4", {"groups": 3}),
    (ValueError, "x has shape (1, 2, 1, 1); batch norm cannot train on one value a channel", {"x": [[[[1]], [[2]]]]}),
    (ValueError, "x has shape (1, 2, 1, 1); batch norm cannot train on one value a channel", {"x": [[[[1]], [[2]]]], "training": False, "steps": 1}),
    (ValueError, "x has shape (1, 2, 1, 1); instance norm needs more than one place a channel", {"x": [[[[1]], [[2]]]], "method": "instance"}),
    (ValueError, "x has shape (1, 2, 1, 1); group norm with groups=2 needs more than one value a group", {"x": [[[[1]], [[2]]]], "method": "group"}),
    (TypeError, "training=1 must be True or False", {"training": 1}),
    (ValueError, "steps=101 must be at most 100", {"steps": 101}),
    (ValueError, "momentum=0 must be above 0 and at most 1", {"momentum": 0}),
    (ValueError, "eps=0.5 must be one of 1e-05, 0.001, 0.1, 1", {"eps": 0.5}),
    (ValueError, "gamma has 3 numbers; it must have one for each of the 4 channels", {"gamma": [1, 2, 3]}),
    (TypeError, "beta holds '0'; it must hold numbers only", {"beta": [0, "0", 0, 0]}),
    (ValueError, "gamma holds 10; its numbers must lie from -9 to 9", {"gamma": [10, 0, 0, 0]}),
    (TypeError, "running=[1, 2] must be a list of [mean, variance], one pair for each channel, or empty", {"running": [1, 2]}),
    (ValueError, "running=[[0, -1]] holds a variance below 0", {"running": [[0, -1]]}),
    (ValueError, "running has 1 pairs; it must have none, or one for each of the 4 channels", {"running": [[0, 1]]}),
    (ValueError, "picked=[0, 4, 0, 0] is not in an array of shape (3, 4, 2, 3)", {"picked": [0, 4, 0, 0]}),
    (ValueError, "picked=(0, 0) must be (image, channel, row, column)", {"picked": (0, 0)}),
    (ValueError, "show='z' must be one of 'x', 'normalised', 'y'", {"show": "z"}),
    (TypeError, "predict=1 must be True or False", {"predict": 1}),
    (ValueError, "question=-1 must be at least 0", {"question": -1}),
])
def test_whole_messages(error, message, parameters):
    with pytest.raises(error) as caught:
        NormCube(**parameters)
    assert str(caught.value) == message


def test_a_refused_value_changes_nothing():
    explorer = NormCube()
    with pytest.raises(ValueError):
        explorer.groups = 3
    assert repr(explorer) == "NormCube()"
