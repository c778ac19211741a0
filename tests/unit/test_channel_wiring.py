"""ChannelWiring in Python: traits, whole messages, and the page's numbers against convbook and PyTorch."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from convbook import ops
from convbook.explorers import ChannelWiring
from convbook.explorers import channel_wiring as module
from front_end import javascript

CASES = json.loads((Path(__file__).parents[1] / "cases" / "channel_wiring.json").read_text())


def python(state):
    return {name: tuple(v) if name == "size" else [tuple(layer) for layer in v] if name == "layers" else v for name, v in state.items()}


def message(error, **parameters):
    with pytest.raises(error) as caught:
        ChannelWiring(**parameters)
    return str(caught.value)


@pytest.mark.parametrize("row", CASES, ids=lambda row: json.dumps(row["state"]))
def test_python_and_the_page_agree_on_what_is_legal_and_on_the_cost(row):
    state = python(row["state"])
    if "reason" in row:
        assert message(ValueError, **state).startswith(f"{row['reason']} (in_channels=")
        return
    wiring = ChannelWiring(**state)
    assert (wiring.params, wiring.macs) == (row["params"], row["macs"])


def test_the_repr_makes_the_same_wiring_and_the_page_gets_names():
    assert repr(ChannelWiring()) == "ChannelWiring()"
    wiring = ChannelWiring(in_channels=9, layers=[(9, 1, 3), {"out_channels": 6, "kernel_size": 3, "groups": 3}], shuffle=True, pinned=(1, 8))
    assert repr(wiring) == "ChannelWiring(in_channels=9, layers=[(9, 1, 3), (6, 3, 3)], shuffle=True, pinned=(1, 8))"
    assert repr(eval(repr(wiring))) == repr(wiring)
    assert wiring.get_state("layers")["layers"][1] == {"out_channels": 6, "kernel_size": 3, "groups": 3}


def test_the_pin_stays_in_the_picture():
    wiring = ChannelWiring(pinned=(1, 11))
    wiring.layers = [(6, 3, 3)]
    assert wiring.pinned == ()


def test_several_values_from_the_page_are_checked_together():
    wiring = ChannelWiring()
    layers = [{"out_channels": 10, "kernel_size": 3, "groups": 5}, {"out_channels": 10, "kernel_size": 1, "groups": 1}]
    wiring.set_state({"in_channels": 5, "layers": layers, "shuffle": True, "pinned": [2, 9], "guess": [0, 3]})
    assert (wiring.in_channels, wiring.layers[0].groups, wiring.pinned, wiring.guess) == (5, 5, (2, 9), (0, 3))


def test_whole_messages():
    assert message(ValueError, in_channels=12, layers=[(12, 3, 5)]) == (
        "layer 1: groups=5 must divide in_channels=12 and out_channels=12 "
        "(in_channels=12, layers=[(12, 3, 5)], shuffle=False, size=(14, 10))")
    assert message(ValueError, in_channels=0) == "in_channels=0 must be at least 1"
    assert message(TypeError, in_channels=2.0) == "in_channels=2.0 must be an integer"
    assert message(TypeError, layers=3) == "layers=3 must be a list of layers (out_channels, kernel_size, groups)"
    assert message(TypeError, layers=[(12, 3)]) == "layers[0]=(12, 3) must be three integers (out_channels, kernel_size, groups)"
    assert message(TypeError, layers=[(12, 3, 1.5)]) == "layers[0].groups=1.5 must be an integer"
    assert message(ValueError, layers=[(12, 3, 0)]) == "layers[0].groups=0 must be at least 1"
    assert message(ValueError, size=(3, 0)) == "size[1]=0 must be at least 1"
    assert message(ValueError, pinned=(2, 0)) == "pinned=(2, 0) is not in the picture, whose rows have 12, 12 channels"
    assert message(ValueError, pinned=(1,)) == "pinned=(1,) must be (row, channel), or ()"
    assert message(ValueError, question=-1) == "question=-1 must be at least 0"
    assert message(TypeError, guess=3) == "guess=3 must be a list of channels"


# The page's numbers against convbook and PyTorch

def states(count):
    draw = random.Random(3)
    found = []
    while len(found) < count:
        C = draw.randint(1, 12)
        layers, channels = [], C
        for _ in range(draw.randint(1, 3)):
            D = draw.randint(1, 12)
            groups = draw.choice([g for g in range(1, 13) if channels % g == D % g == 0])
            layers.append([D, draw.choice(module.KERNELS), groups])
            channels = D
        found.append({"in_channels": C, "layers": layers, "shuffle": len(layers) > 1 and draw.random() < 0.5, "size": [draw.randint(1, 30), draw.randint(1, 30)]})
    return found


@pytest.fixture(scope="module")
def answers():
    drawn = states(60)
    sent = [{**s, "layers": [dict(zip(module.Layer._fields, layer)) for layer in s["layers"]]} for s in drawn]
    return list(zip(drawn, javascript("channel_wiring", """given.map((s) => {
        const { paths, order, params, macs } = g.layout(s);
        return { reason: g.fault(s), paths, order, params, macs, code: words.code(g.layout(s)) };
    })""", sent)))


def test_the_page_counts_what_convbook_computes(answers):
    """With ones for weights, a channel at a time through a 1 x 1 image: the result counts paths."""
    for state, answer in answers:
        assert answer["reason"] is None
        wiring = ChannelWiring(**python(state))
        assert (answer["params"], answer["macs"]) == (wiring.params, wiring.macs)
        x, C = np.eye(state["in_channels"], dtype=int)[:, :, None, None], state["in_channels"]
        for l, (D, _, groups) in enumerate(state["layers"]):
            if l == 1 and state["shuffle"]:
                before = state["layers"][0][2]
                assert answer["order"] == ops.channel_shuffle(np.arange(C).reshape(C, 1, 1), before).ravel().tolist()
                x = ops.channel_shuffle(x, before)
            x, C = ops.conv2d(x, np.ones((D, C // groups, 1, 1), dtype=int), groups=groups), D
        assert answer["paths"] == x[:, :, 0, 0].T.tolist()


def test_the_code_to_copy_prints_the_paths_of_the_page(answers):
    pytest.importorskip("torch")
    for state, answer in answers[:25]:
        printed = []
        exec(answer["code"], {"print": lambda *said: printed.append(said)})
        assert printed[0][0].tolist() == answer["paths"], answer["code"]
        assert printed[1] == (answer["params"], "weights")
