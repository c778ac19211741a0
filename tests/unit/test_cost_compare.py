"""Every kind of convolution in the place of one layer: counts by hand, against PyTorch, and on the page."""

import json
import random
import re
from pathlib import Path

import pytest

from convbook import kinds
from convbook.explorers import CostCompare
from convbook.explorers import cost_compare as module
from front_end import javascript

CASES = json.loads((Path(__file__).parents[1] / "cases" / "cost_compare.json").read_text(encoding="utf-8"))


def python(state):
    return state | {"size": tuple(state["size"])}


@pytest.mark.parametrize("row", CASES, ids=lambda row: json.dumps(row["state"]))
def test_python_and_the_table_agree_on_counts_and_on_what_is_left_out(row):
    state = python(row["state"])
    if "error" in row:
        with pytest.raises(ValueError, match=re.escape(row["error"] + " (in_channels=")):
            CostCompare(**state)
        return
    explorer = CostCompare(**state)
    assert explorer.left_out == row["left"]
    assert set(explorer.costs) == set(kinds.KINDS) - set(row["left"])
    for kind, (params, macs, moved, output) in row.get("costs", {}).items():
        cost = explorer.costs[kind]
        assert (cost.params, cost.macs, cost.bytes, list(cost.output)) == (params, macs, moved, output), kind
    assert kinds.compare(**state)[1] == row["left"]


@pytest.mark.parametrize("name, least", [("in_channels", 1), ("out_channels", 1), ("kernel_size", 1), ("size", 1), ("stride", 1), ("padding", 0),
                                         ("groups", 1), ("multiplier", 1)])
def test_every_number_has_its_least_value(name, least):
    layer = dict(in_channels=1, out_channels=1, kernel_size=1, size=1)
    assert kinds.compare(**layer | {name: least})[0]["standard"].macs == 1
    with pytest.raises(ValueError, match=f"^{name}={least - 1} must be at least {least}$"):
        kinds.compare(**layer | {name: least - 1})


def test_the_separable_formula_of_the_notes():
    """Ratio 1 / D + 1 / k^2, whatever the sizes."""
    for C, D, k, n in ((3, 128, 3, 7), (32, 64, 5, 28), (7, 5, 2, 9)):
        costs, _ = kinds.compare(C, D, k, n)
        assert costs["depthwise_separable"].macs / costs["standard"].macs == pytest.approx(1 / D + 1 / k**2)


def states(count):
    draw = random.Random(5)
    found = []
    while len(found) < count:
        k = draw.randint(1, 7)
        state = dict(in_channels=draw.choice([1, 2, 4, 6, 12]), out_channels=draw.choice([1, 3, 6, 8, 12]), kernel_size=k, size=[draw.randint(1, 14), draw.randint(1, 14)],
                     stride=draw.randint(1, 3), padding=draw.randint(0, k // 2), groups=draw.randint(1, 4), multiplier=draw.randint(1, 3))
        if module.fault(**state) is None:
            found.append(state)
    return found


def test_the_page_counts_what_convbook_counts_and_its_code_builds_that_layer():
    pytest.importorskip("torch")
    drawn = states(40)
    answers = javascript("cost_compare", "given.map((s) => { const { costs, left } = g.compare(s); return { costs, left, code: Object.fromEntries(Object.entries(costs).map(([k, c]) => [k, words.code(c, s)])) }; })", drawn)
    for state, answer in zip(drawn, answers):
        costs, left_out = kinds.compare(**python(state))
        assert answer["left"] == left_out and list(answer["costs"]) == list(costs)
        for kind, cost in costs.items():
            page = answer["costs"][kind]
            assert [page["params"], page["macs"], page["bytes"], page["output"]] == [cost.params, cost.macs, cost.bytes, list(cost.output)]
            assert page["intensity"] == pytest.approx(cost.intensity)
    run = random.Random(1)
    for state, answer in zip(drawn[:12], answers):
        kind = run.choice(list(answer["code"]))
        printed, page = [], answer["costs"][kind]
        exec(answer["code"][kind], {"print": lambda *said: printed.append(said)})
        assert printed == [((1, *page["output"]),), (page["params"],)], answer["code"][kind]


def test_multiply_adds_are_what_profile_counts():
    pytest.importorskip("torch")
    from torch import nn

    from convbook.cost import profile

    for cost in kinds.compare(4, 6, 3, (9, 8), stride=2, padding=1, groups=2, multiplier=3)[0].values():
        layers = nn.Sequential(*(nn.Conv2d(c.in_channels, c.out_channels, c.kernel_size, c.stride, c.padding, groups=c.groups, bias=False) for c in cost.convs))
        counted = profile(layers, (4, 9, 8))
        assert (counted.params, counted.macs, counted.rows[-1].output_shape) == (cost.params, cost.macs, cost.output)


def test_each_preset_is_a_layer_of_its_network():
    torch = pytest.importorskip("torch")
    from torch import nn

    from convbook import networks

    presets = javascript("cost_compare", "presets.PRESETS")
    where = {"mobilenet": (networks.mobilenet_v1, 224, "depthwise"), "mobilenet_first": (networks.mobilenet_v1, 224, "depthwise"), "mobilenet_stride": (networks.mobilenet_v1, 224, "depthwise"),
             "mobilefacenet": (networks.mobilefacenet, 112, "depthwise"), "resnext": (networks.resnext50_32x4d, 224, "grouped"), "alexnet": (networks.alexnet, 227, "grouped"),
             "shufflenet": (networks.shufflenet_v1, 224, "pointwise_grouped"), "xception": (networks.xception, 299, "depthwise"), "inception": (networks.inception_v3, 299, "spatially_separable")}
    assert set(presets) - set(where) == {"notes", "multiplier"}
    seen = {}
    for name, (make, side, kind) in where.items():
        preset = {key: value for key, value in presets[name].items() if key != "text"}
        assert module.fault(**preset) is None
        first = kinds.compare(**python(preset))[0][kind].convs[0]
        if make not in seen:
            with torch.device("meta"):
                network, found = make().eval(), set()
                for conv in (m for m in network.modules() if isinstance(m, nn.Conv2d)):
                    conv.register_forward_hook(lambda c, x, y, found=found: found.add((c.in_channels, c.out_channels, c.kernel_size, c.stride, c.groups, tuple(x[0].shape[2:]))))
                network(torch.zeros(1, 3, side, side))
                seen[make] = found
        wanted = [first.kernel_size, first.kernel_size[::-1]]
        assert any((first.in_channels, first.out_channels, k, first.stride, first.groups, preset_size(preset)) in seen[make] for k in wanted), name


def test_the_page_stays_within_the_same_limits():
    limits = {name: tuple(ends) for name, ends in javascript("cost_compare", "g.LIMITS").items()}
    channels = limits.pop("channels")
    assert limits | {"in_channels": channels, "out_channels": channels} == module.LIMITS


def preset_size(preset):
    return tuple(preset["size"])


def test_words_and_whole_messages():
    assert repr(CostCompare()) == "CostCompare()"
    shown = CostCompare(in_channels=3, out_channels=128, size=7, padding=0, groups=1, quantity="bytes")
    assert repr(shown) == "CostCompare(in_channels=3, out_channels=128, size=(7, 7), padding=0, groups=1, quantity='bytes')"
    assert repr(eval(repr(shown))) == repr(shown)

    def message(error, **parameters):
        with pytest.raises(error) as caught:
            CostCompare(**parameters)
        return str(caught.value)

    assert message(TypeError, groups=2.5) == "groups=2.5 must be an integer"
    assert message(ValueError, stride=0) == "stride=0 must be at least 1"
    assert message(ValueError, quantity="time") == "quantity='time' must be one of 'params', 'macs', 'bytes', 'intensity'"
    assert message(ValueError, picked="dense") == f"picked='dense' must be one of {', '.join(map(repr, kinds.KINDS))}"
    assert message(ValueError, question=-1) == "question=-1 must be at least 0"
