"""InceptionPricer in Python: its table of cases is what PyTorch counts, its traits are checked, its repr stays the same."""

import json
import re
from pathlib import Path

import pytest
import torch

from convbook.blocks import InceptionModule
from convbook.cost import profile
from convbook.explorers import InceptionPricer
from convbook.explorers.base import FRONT_END
from convbook.networks.googlenet import TABLE_1
from convbook.networks.googlenet_table import googlenet_table

CASES = json.loads((Path(__file__).parents[1] / "cases" / "inception_pricer.json").read_text())


def module(in_channels, input_size, n1x1, n3x3, n5x5, pool, reductions):
    """The module that a state describes."""
    return InceptionModule(in_channels, n1x1, n3x3 if "3x3" in reductions else n3x3[1], n5x5 if "5x5" in reductions else n5x5[1],
                           pool if "pool" in reductions else None)


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["preset"] or str(row["state"]["reductions"]))
def test_the_table_that_javascript_reads_is_what_pytorch_counts(row):
    with torch.device("meta"):
        built = module(**row["state"])
        found = profile(built, (row["state"]["in_channels"], *row["state"]["input_size"]))
    weights = sum(p.numel() for p in built.parameters() if p.ndim == 4)
    assert (built.out_channels, weights, found.params - weights, found.macs) == (row["out"], row["weights"], row["biases"], row["macs"])


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["preset"] or str(row["state"]["reductions"]))
def test_every_case_is_a_legal_state(row):
    pricer = InceptionPricer(**row["state"])
    assert {name: json.loads(json.dumps(getattr(pricer, name))) for name in row["state"]} == row["state"]


def test_the_presets_are_the_rows_of_googlenets_table():
    priced = {row["preset"].split()[1]: row for row in CASES if (row["preset"] or "").startswith("GoogLeNet")}
    assert list(priced) == [name for name, row in TABLE_1.items() if row != "max pool"]
    for row in googlenet_table():
        if row.name in priced:
            assert (row.weights, row.bias, row.macs) == tuple(priced[row.name][key] for key in ("weights", "biases", "macs"))


def test_the_default_is_googlenets_module_3a():
    pricer = InceptionPricer()
    state = {name: json.loads(json.dumps(getattr(pricer, name))) for name in CASES[0]["state"]}
    assert CASES[0]["preset"] == "GoogLeNet 3a" and state == CASES[0]["state"]


def test_it_prints_what_was_chosen_and_no_address():
    assert repr(InceptionPricer()) == "InceptionPricer()"
    assert repr(InceptionPricer(n3x3=[2, 4], predict=True)) == "InceptionPricer(n3x3=(2, 4), predict=True)"
    assert repr(InceptionPricer(reductions=["pool", "3x3", "3x3"])) == "InceptionPricer(reductions=('3x3', 'pool'))"


@pytest.mark.parametrize("parameters, error, message", [
    (dict(in_channels=0), ValueError, "in_channels=0 must be at least 1"),
    (dict(in_channels=1025), ValueError, "in_channels=1025 must be at most 1024"),
    (dict(n1x1=2.0), TypeError, "n1x1=2.0 must be an integer"),
    (dict(pool=513), ValueError, "pool=513 must be at most 512"),
    (dict(n3x3=5), ValueError, "n3x3=5 must be a pair (reduce, width)"),
    (dict(n3x3=(1, 2, 3)), ValueError, "n3x3=(1, 2, 3) must be a pair (reduce, width)"),
    (dict(n5x5=(0, 2)), ValueError, "n5x5[0]=0 must be at least 1"),
    (dict(n5x5=(2, 600)), ValueError, "n5x5[1]=600 must be at most 512"),
    (dict(input_size=(28, 113)), ValueError, "input_size[1]=113 must be at most 112"),
    (dict(input_size=0), ValueError, "input_size=0 must be at least 1"),
    (dict(reductions="3x3"), TypeError, "reductions='3x3' must be a list of some of '3x3', '5x5', 'pool'"),
    (dict(reductions=["1x1"]), ValueError, "reductions[0]='1x1' must be one of '3x3', '5x5', 'pool'"),
    (dict(quantity="flops"), ValueError, "quantity='flops' must be one of 'macs', 'weights'"),
    (dict(predict=1), TypeError, "predict=1 must be True or False"),
    (dict(pinned="3x3"), ValueError, "pinned='3x3' must be one of '', '1x1 main', '3x3 reduce', '3x3 main', '5x5 reduce', '5x5 main', 'pool max', 'pool project'"),
    (dict(widths=3), TypeError, "InceptionPricer has no parameter 'widths'; it has in_channels, input_size, n1x1, n3x3, n5x5, pool, reductions, quantity, predict, pinned"),
])
def test_whole_messages(parameters, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        InceptionPricer(**parameters)


def test_both_languages_have_the_same_limits():
    found = re.search(r"LIMITS = (\{.*\});", (FRONT_END / "inception_pricer" / "geometry.js").read_text())[1]
    from convbook.explorers.inception_pricer import LIMITS, REDUCTIONS
    assert found == "{ channels: [1, 1024], side: [1, 112], width: [1, 512] }"
    assert LIMITS == {"in_channels": 1024, "input_size": 112, "n1x1": 512, "n3x3": 512, "n5x5": 512, "pool": 512}
    assert REDUCTIONS == ("3x3", "5x5", "pool")
