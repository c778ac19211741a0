"""LayerChooser in Python, and held to its page: the same offers, costs and reasons on any state; its code builds the layer."""

import json
import random
import re
from pathlib import Path

import pytest

from convbook.choices import JOBS, NEEDS, QUANTITIES, choose
from convbook.explorers import LayerChooser
from convbook.explorers import layer_chooser as module
from front_end import javascript

CASES = json.loads((Path(__file__).parents[1] / "cases" / "layer_chooser.json").read_text(encoding="utf-8"))


def python(state):
    return state | {"size": tuple(state["size"])}


def states(count, *, small=False):
    draw, found = random.Random(7), []
    while len(found) < count:
        job = JOBS[len(found) % len(JOBS)]
        line = job == "sequence"
        side = lambda: draw.randint(1, 12 if small else 64)  # noqa: E731
        found.append(dict(job=job, in_channels=draw.choice([1, 3, 4, 8, 16, 24, 32]), out_channels=draw.choice([1, 4, 6, 8, 16, 18, 32, 48]),
                          size=[1, draw.randint(1, 40)] if line else [side(), side()], reach=draw.randint(2, 40) if line else draw.choice([3, 5, 7, 9, 31]),
                          needs=[need for need in NEEDS if job in NEEDS[need] and draw.random() < 0.3], by=draw.choice(QUANTITIES),
                          budget=draw.choice(module.BUDGETS), ridge=draw.choice([1, 5, 74])))
    return found


@pytest.mark.parametrize("row", CASES, ids=lambda row: json.dumps(row["state"]))
def test_python_and_the_table_agree(row):
    choice = LayerChooser(**python(row["state"])).choice
    assert [[o.name, o.params, o.macs, o.bytes, o.time, list(o.output)] for o in choice.offers] == row["offers"]
    assert choice.out == row["out"]


def test_the_page_chooses_what_convbook_chooses():
    drawn = states(300)
    for state, answer in zip(drawn, javascript("layer_chooser", "given.map(g.choose)", drawn)):
        choice = choose(**python(state))
        assert answer["out"] == choice.out, state
        assert [o["name"] for o in answer["offers"]] == choice.names
        for page, offer in zip([answer["plain"], *answer["offers"]], [choice.plain, *choice.offers]):
            assert (page["params"], page["macs"], page["bytes"], page["time"], page["output"], page["field"]) == (
                offer.params, offer.macs, offer.bytes, offer.time, list(offer.output), offer.field)


def test_the_code_on_the_page_builds_each_layer():
    pytest.importorskip("torch")
    drawn = [state | {"needs": [], "budget": 1} for state in states(14, small=True)]
    script = "given.map((s) => g.choose(s).offers.map((o) => [o.name, o.output, o.params, words.code(o, s)]))"
    seen = set()
    for state, answer in zip(drawn, javascript("layer_chooser", script, drawn)):
        for name, output, params, code in answer:
            printed = []
            exec(code, {"print": lambda *said: printed.append(said)})  # noqa: S102
            shape = (1, output[0], output[2]) if state["job"] == "sequence" else (1, *output)
            offsets = 2 * state["reach"] ** 2 if name == "deformable" else 0
            assert printed == [(shape,), (params + offsets,)], code
            seen.add((state["job"], name))
    assert len({job for job, _ in seen}) == len(JOBS) and len(seen) > 30


def test_what_to_give_up_is_what_lets_a_layer_in():
    drawn = [state for state in states(400) if not choose(**python(state)).offers][:60]
    assert len(drawn) > 20
    for state, wishes in zip(drawn, javascript("layer_chooser", "given.map(g.relaxed)", drawn)):
        for wish in [*state["needs"], "budget"]:
            free = state | ({"budget": 1} if wish == "budget" else {"needs": [need for need in state["needs"] if need != wish]})
            assert bool(choose(**python(free)).offers) == (wish in wishes)


def test_every_layer_has_its_words_and_every_preset_an_answer():
    layers = {(job, name) for job in JOBS for channels in ((8, 8), (1, 2)) for c in [choose(job, in_channels=channels[0], out_channels=channels[1],
              size=(1, 9) if job == "sequence" else 9, reach=7, needs=())] for name in [*c.names, *c.out]}
    said = javascript("layer_chooser", "given.map(([job, name]) => [words.layerName(name, job), words.warning(name, job), words.page(words.chapter(name, job))])", sorted(layers))
    chapters = Path(__file__).parents[2] / "chapters"
    assert all(name and caution and (chapters / page).with_suffix(".ipynb").exists() for name, caution, page in said)
    assert len({words[0] for words in said}) == len({name for _, name in layers}) + 2  # two are called otherwise in a sequence
    presets = javascript("layer_chooser", "presets.PRESETS")
    winners = {}
    for name, preset in presets.items():
        state = python({key: value for key, value in preset.items() if key != "text"})
        winners[name] = LayerChooser(**state).choice.names[0]
    assert winners == {"phone": "depthwise_separable", "gpu": "depthwise_separable", "far": "depthwise_separable", "weights": "shuffle", "moves": "deformable",
                       "scales": "inception", "halve": "depthwise_separable", "double": "resize_separable", "mix": "pointwise",
                       "pool": "global_depthwise_pointwise", "sequence": "dilated_separable"}


def test_limits_are_the_same_in_both_languages():
    for job in JOBS:
        line = job == "sequence"
        page = javascript("layer_chooser", "['in_channels', 'width', 'reach', 'ridge'].map((name) => g.limits({ job: given }, name))", job)
        assert page == [list(v) for v in (module.CHANNELS, module.LENGTH if line else module.SIDE, module.WINDOW if line else module.MAP, module.RIDGE)]
    assert javascript("layer_chooser", "g.BUDGETS") == list(module.BUDGETS)
    assert javascript("layer_chooser", "g.NEEDS") == {need: list(jobs) for need, jobs in NEEDS.items()}


def test_repr_and_whole_messages():
    assert repr(LayerChooser()) == "LayerChooser()"
    shown = LayerChooser(job="double", in_channels=8, size=9, needs=["mix", "even"], by="time", ridge=10)
    assert repr(shown) == "LayerChooser(job='double', in_channels=8, size=(9, 9), needs=['mix', 'even'], by='time', ridge=10)"
    assert repr(eval(repr(shown))) == repr(shown)

    def message(**parameters):
        with pytest.raises(ValueError) as caught:
            LayerChooser(**parameters)
        return str(caught.value)

    assert message(in_channels=2000) == "in_channels=2000 must be from 1 to 1024 for job='same'"
    assert message(reach=33) == "reach=33 must be from 3 to 31 for job='same'"
    assert message(reach=4) == "reach=4 must be odd, so that the window has a middle"
    assert message(budget=3) == "budget=3 must be one of 1, 2, 4, 8"
    assert message(needs=["free", "mix"]) == "needs=['free', 'mix'] must be some of mix, wide, free, whole, moves, scales, even, fine, places, each once and in this order"
    assert message(job="mix") == "needs has 'free', which means nothing for job='mix'; it knows mix, wide"
    assert re.match("job must be one of|job='wide'", message(job="wide"))
