"""ReceptiveField in Python: its traits, its messages, its state, and the limits that two languages state."""

import json
import re

import numpy as np
import pytest

from convbook import gridding
from convbook.explorers import ReceptiveField
from convbook.explorers.receptive_field import KINDS, LIMITS, Layer
from front_end import javascript


def test_it_starts_with_three_layers_of_three_taps():
    explorer = ReceptiveField()
    assert explorer.layers == [(3, 1, 0, 1, "conv", "")] * 3
    assert (explorer.input_size, explorer.unit, explorer.predict) == (13, (), False)
    assert repr(explorer) == "ReceptiveField()"


def test_it_prints_what_builds_it_again():
    explorer = ReceptiveField(layers=[(7, 2, 3, 1, "conv", "stem"), (3, 2, 1, 1, "pool"), (3,)], input_size=40, unit=(1, 2))
    text = "ReceptiveField(layers=[(7, 2, 3, 1, 'conv', 'stem'), (3, 2, 1, 1, 'pool'), (3, 1, 'auto', 1)], input_size=40, unit=(1, 2))"
    assert repr(explorer) == text
    again = eval(text, {"ReceptiveField": ReceptiveField})
    assert (again.layers, again.input_size, again.unit) == (explorer.layers, explorer.input_size, explorer.unit)


def test_the_browser_gets_each_layer_by_name_and_gives_it_back_so():
    explorer = ReceptiveField(layers=[(3, 1, 0, 2)], input_size=9)
    stack = [{"k": 3, "s": 1, "p": 0, "d": 2, "kind": "conv", "name": ""}]
    assert explorer.get_state(["layers"])["layers"] == stack
    explorer.set_state({"layers": [dict(stack[0], d=1), dict(stack[0], k=2, p="auto")], "input_size": 12, "unit": [2, 3]})
    assert explorer.layers == [Layer(3, 1, 0, 1), Layer(2, 1, "auto", 2)]
    assert (explorer.input_size, explorer.unit) == (12, (2, 3))


def test_a_pinned_unit_that_a_change_takes_away_is_let_go():
    explorer = ReceptiveField(unit=(3, 6))
    explorer.input_size = 20
    assert explorer.unit == (3, 6)
    explorer.input_size = 8
    assert explorer.unit == ()


def test_both_languages_have_the_same_limits_and_every_preset_is_a_legal_stack():
    assert {name: list(pair) for name, pair in LIMITS.items()} == javascript("receptive_field", "g.LIMITS")
    assert list(KINDS) == javascript("receptive_field", "g.KINDS")
    for preset in javascript("receptive_field", "g.PRESETS"):
        explorer = ReceptiveField(layers=preset["layers"], input_size=preset["n"])
        assert [layer._asdict() for layer in explorer.layers] == preset["layers"]


@pytest.mark.parametrize("kind, k, d", [(kind, k, d) for kind in KINDS for k in (1, 2, 3, 6, 7) for d in (1, 2, 5)])
def test_both_languages_allow_the_same_padding_and_mean_the_same_by_auto(kind, k, d):
    layer = json.dumps({"kind": kind, "k": k, "s": 1, "p": "auto", "d": d})
    most, auto = javascript("receptive_field", f"[g.paddingMax({layer}), g.padding({layer})]")
    ReceptiveField(layers=[(k, 1, most, d, kind)], input_size=64)
    with pytest.raises(ValueError, match="must be 'auto', or 0 to"):
        ReceptiveField(layers=[(k, 1, most + 1, d, kind)], input_size=64)
    assert Layer(k, d=d).padding == auto


def test_a_causal_layer_keeps_the_length_and_pads_before_only():
    layer = Layer(2, 1, "causal", 4)
    assert (layer.padding, layer.units(10), Layer(3, 3, "causal").units(10)) == (4, 10, 4)
    explorer = ReceptiveField(layers=[layer, (3, 2, "causal", 1)], input_size=9)
    assert repr(explorer) == "ReceptiveField(layers=[(2, 1, 'causal', 4), (3, 2, 'causal', 1)], input_size=9)"
    stack = json.dumps([layer._asdict() for layer in explorer.layers])
    assert javascript("receptive_field", f"g.rows({stack}, 9).map(row => row.n)") == [9, 9, 5]


def test_both_languages_say_the_same_of_holes_and_of_the_rule():
    stacks = np.random.default_rng(0).integers(1, 9, (60, 3)).tolist() + [[2, 2], [1, 2, 4, 8], [8, 3, 3, 2, 1]]
    for k in (3, 5):
        layer = f"d => ({{kind: 'conv', k: {k}, s: 1, p: 0, d}})"
        found = javascript("receptive_field", f"{stacks}.map(rates => rates.map({layer})).map(s => [g.reach(s).holes, g.hdc(s)?.gap])")
        expected = [[gridding.holes(rates, k), gridding.hdc_gap(rates, k) if max(rates) > 1 else None] for rates in stacks]
        assert found == expected  # without any dilation the explorer does not speak of the rule


@pytest.mark.parametrize("parameters, error, message", [
    (dict(layers=[]), ValueError, "layers has 0 layers; it must have 1 to 6"),
    (dict(layers=[(3,)] * 7), ValueError, "layers has 7 layers; it must have 1 to 6"),
    (dict(layers=3), TypeError, "layers=3 must be a list of layers (k, s, p, d)"),
    (dict(layers=[3]), TypeError, "layers[0]=3 must be a tuple (k, s, p, d), or a dict"),
    (dict(layers=[()]), ValueError, "layers[0]=() must be a tuple (k, s, p, d), with kind and name at most"),
    (dict(layers=[(8,)]), ValueError, "layers[0].k=8 must be at most 7"),
    (dict(layers=[(3,), (3, 0)]), ValueError, "layers[1].s=0 must be at least 1"),
    (dict(layers=[(3, 1, 0, 2.0)]), TypeError, "layers[0].d=2.0 must be an integer"),
    (dict(layers=[(3, 1, 3)]), ValueError, "layers[0].p=3 must be 'auto', or 0 to 2: conv with k=3 and d=1 spans 3"),
    (dict(layers=[(7, 1, "causal", 5)]), ValueError, "layers[0].p='causal' would put 30 positions before the row; 24 is the most"),
    (dict(layers=[(2, 2, "causal", 1, "pool")]), ValueError,
     "layers[0].p='causal' must be 'auto', or 0 to 1: pool with k=2 and d=1 spans 2"),
    (dict(layers=[(3, 1, "same")]), ValueError, "layers[0].p='same' must be 'auto', or 0 to 2: conv with k=3 and d=1 spans 3"),
    (dict(layers=[(2, 2, 2, 1, "pool")]), ValueError, "layers[0].p=2 must be 'auto', or 0 to 1: pool with k=2 and d=1 spans 2"),
    (dict(layers=[(3, 1, 0, 1, "mean")]), ValueError, "layers[0].kind='mean' must be one of 'conv', 'pool'"),
    (dict(layers=[dict(s=2)]), ValueError, "layers[0]={'s': 2} must have k, and may have s, p, d, kind, name"),
    (dict(layers=[(3, 1, 0, 1, "conv", "a\nb")]), ValueError,
     "layers[0].name='a\\nb' must be a string of one line, 24 characters at most"),
    (dict(input_size=3), ValueError, "input_size=3 must be at least 4"),
    (dict(input_size=65), ValueError, "input_size=65 must be at most 64"),
    (dict(input_size="9"), TypeError, "input_size='9' must be an integer"),
    (dict(input_size=6), ValueError,
     "layers[2]=(3, 1, 0, 1) does not fit above input_size=6: k=3 with dilation=1 spans 3 positions; n=2 with padding=0 has only 2"),
    (dict(unit=3), ValueError, "unit=3 must be (row, index), or () for the middle of the top row"),
    (dict(unit=(3, 7)), ValueError, "unit=(3, 7) is not in the stack, whose rows have 13, 11, 9, 7 units"),
    (dict(size=9), TypeError, "ReceptiveField has no parameter 'size'; it has layers, input_size, unit, predict"),
])
def test_whole_messages(parameters, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        ReceptiveField(**parameters)
