"""PenaltyGeometry in Python: traits, whole messages, and the page's optimum against a grid and against its own code."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from convbook import ops
from convbook.explorers import PenaltyGeometry, penalty_geometry
from front_end import javascript

CASES = Path(__file__).parents[1] / "cases" / "penalty_geometry.json"
TABLE = json.loads(CASES.read_text())


def share(explorer):
    return {"l1": 1, "l2": 0, "elastic": explorer.mix}[explorer.penalty]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_the_table_that_the_page_is_held_to_is_what_a_grid_finds(row):
    explorer, w = PenaltyGeometry(**row["state"]), np.array(row["w"])
    assert_allclose(explorer.weights, w, atol=1e-8)
    m, A, c, strength = share(explorer), explorer.curvature, np.array(explorer.centre), row["strength"]
    points = np.stack(np.meshgrid(*[np.linspace(-4, 4, 401)] * 2), axis=-1).reshape(-1, 2)
    points = np.concatenate([points, w + 0.01 * points])

    def value(w):
        return ((w - c) @ A * (w - c)).sum(-1) / 2 + strength * (m * np.abs(w).sum(-1) + (1 - m) * np.square(w).sum(-1) / 2)

    assert value(w) <= value(points).min() + 1e-8
    assert row["spent"] == pytest.approx(ops.penalty(w, share=m), abs=1e-8)
    assert row["loss"] == pytest.approx((w - c) @ A @ (w - c) / 2, abs=1e-8)
    if explorer.form == "budget":
        allowed = points[m * np.abs(points).sum(-1) + (1 - m) * np.square(points).sum(-1) / 2 <= explorer.budget]
        assert row["spent"] <= explorer.budget + 1e-8
        assert row["loss"] <= (((allowed - c) @ A * (allowed - c)).sum(-1) / 2).min() + 1e-8


def test_random_bowls_have_the_same_optimum_on_the_page():
    rng = np.random.default_rng(5)
    states = [{"penalty": str(rng.choice(penalty_geometry.PENALTIES)), "mix": round(rng.uniform(0, 1), 2), "form": str(rng.choice(penalty_geometry.FORMS)),
               "strength": round(rng.uniform(0, 8), 2), "budget": round(rng.uniform(0.05, 5), 2), "centre": rng.uniform(-3.5, 3.5, 2).round(1).tolist(),
               "tilt": int(rng.integers(-90, 91)), "stretch": round(rng.uniform(1, 6), 1)} for _ in range(80)]
    for state, w in zip(states, javascript("penalty_geometry", "given.map((s) => g.layout(s).w)", states)):
        assert_allclose(w, PenaltyGeometry(**state).weights, atol=1e-6, err_msg=str(state))


def test_the_code_to_copy_prints_the_optimum_of_the_page():
    states = [row["state"] for row in TABLE]
    for state, code in zip(states, javascript("penalty_geometry", "given.map((s) => words.code(s, g.layout(s)))", states)):
        printed = []
        exec(code, {"print": printed.append})
        assert_allclose(printed[0], PenaltyGeometry(**state).weights, atol=2e-4, err_msg=str(state))


def test_python_offers_what_the_page_offers():
    limits, penalties, forms = javascript("penalty_geometry", "[g.LIMITS, g.PENALTIES, g.FORMS]")
    assert (tuple(penalties), tuple(forms)) == (penalty_geometry.PENALTIES, penalty_geometry.FORMS)
    del limits["view"]
    assert {name: tuple(v) if isinstance(v, list) else (-v, v) for name, v in limits.items()} == penalty_geometry.LIMITS


def test_by_hand():
    assert PenaltyGeometry().weights.tolist() == [2, 0]
    assert PenaltyGeometry(penalty="l2").weights.tolist() == [1.5, 0.25]


def test_the_repr_makes_the_same_explorer():
    assert repr(PenaltyGeometry()) == "PenaltyGeometry()"
    explorer = PenaltyGeometry(form="budget", budget=1.5, centre=np.array([1.0, -2.5]), tilt=-40, predict=True)
    assert repr(explorer) == "PenaltyGeometry(form='budget', budget=1.5, centre=(1.0, -2.5), tilt=-40, predict=True)"
    assert repr(eval(repr(explorer))) == repr(explorer)


@pytest.mark.parametrize(("error", "message", "parameters"), [
    (ValueError, "penalty='l0' must be one of 'l1', 'l2', 'elastic'", {"penalty": "l0"}),
    (TypeError, "form=1 must be a string, one of 'penalty', 'budget'", {"form": 1}),
    (ValueError, "strength=21 must be between 0 and 20", {"strength": 21}),
    (ValueError, "budget=0 must be between 0.05 and 12.5", {"budget": 0}),
    (ValueError, "stretch=0.5 must be between 1 and 6", {"stretch": 0.5}),
    (ValueError, "mix=nan must be between 0 and 1", {"mix": float("nan")}),
    (TypeError, "tilt='steep' must be a number", {"tilt": "steep"}),
    (ValueError, "tilt=1.5 must be whole degrees", {"tilt": 1.5}),
    (ValueError, "centre=3 must be two numbers", {"centre": 3}),
    (ValueError, "centre[1]=4 must be between -3.5 and 3.5", {"centre": (1, 4)}),
])
def test_whole_messages(error, message, parameters):
    with pytest.raises(error) as caught:
        PenaltyGeometry(**parameters)
    assert str(caught.value) == message
