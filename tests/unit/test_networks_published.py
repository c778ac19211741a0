"""The table of all systems: every row is built, run on its input, and has the counts that it states."""

from pathlib import Path

import pytest
import torch

from convbook import networks
from convbook.cost import profile
from convbook.networks.published import FAMILIES
from convbook.networks.systems_table import BLOCKS, SystemsTable
from convbook.networks.verdicts import fits, verdicts

ROWS = [row for rows in FAMILIES.values() for row in rows]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_network_costs_what_its_row_says(row):
    with torch.device("meta"):
        network = row.build()
    found = profile(network, row.input_shape)
    assert (found.params, found.macs) == (row.params, row.macs)
    assert all(layer.output_shape is not None for layer in found.rows), "a layer never ran"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_printed_figure_is_the_rounded_count_or_counting_tells_why_not_or_the_row_does(row):
    assert row.why or all(figure.word for figure in verdicts(row))


@pytest.mark.parametrize(("number", "unit", "exact", "word"), [
    ("4.2", 10**6, 4_231_976, "agrees"), ("60", 10**6, 60_965_224, "cut short"), ("720", 10**6, 724_406_816, "cut short"), ("15300", 10**6, 15_346_630_656, "cut short"),
    ("1,031", 1, 1031, "agrees"), ("3.9", 10**9, 3_857_973_248, "agrees"), ("41", 10**6, 40_476_448, ""), ("725", 10**6, 724_406_816, ""),
])
def test_rounded_cut_short_or_neither(number, unit, exact, word):
    assert fits(number, unit, exact) == word


def test_what_papers_count_instead_is_found_by_counting():
    by_name = {row.name: [figure.word for figure in verdicts(row)] for row in ROWS if row.name in ("Conv MobileNet", "SRCNN", "MobileFaceNet", "VGG-16", "GoogLeNet")}
    assert by_name == {"Conv MobileNet": ["agrees", "the convolutions alone, 4,866,269,184"], "SRCNN": ["weights alone, 8,032"], "MobileFaceNet": ["batch norms folded, 993,344", "agrees"],
                       "VGG-16": ["agrees", "the convolutions alone, 15,346,630,656, cut short"], "GoogLeNet": [""]}


def test_every_builder_has_its_block_and_a_place_that_exists():
    makers = {(row.build.func if hasattr(row.build, "func") else row.build).__name__ for row in ROWS}
    assert makers == set(BLOCKS)
    chapters = Path(__file__).parents[2] / "chapters"
    for _, where in BLOCKS.values():
        page, anchor = where.split("#")
        assert f"({anchor})=" in (chapters / f"{page}.ipynb").read_text(encoding="utf-8"), where


def test_the_table_says_yes_or_what_was_counted_or_why():
    rows = [row for row in ROWS if row.name in ("LeNet-5", "1.0 MobileNet-224", "SRCNN", "GoogLeNet", "Inception v4")]
    said = {row.name: cells[-1] for row, cells in zip(rows, SystemsTable(rows).cells())}
    assert said == {"LeNet-5": "<em>connections count biases and subsampling, too: lenet5_connections()</em>", "1.0 MobileNet-224": "yes", "SRCNN": "8,032 params: weights alone, 8,032",
                    "GoogLeNet": "<em>the sums of its table 1, some of whose rows do not fit their widths: see googlenet_table()</em>", "Inception v4": "—"}
    assert SystemsTable(rows)._repr_html_().count("<tr>") == len(rows) + 1


def test_rows_have_names_of_their_own_and_calls_that_a_reader_can_type():
    assert len({row.name for row in ROWS}) == len({(row.call, row.input_shape) for row in ROWS}) == len(ROWS)
    assert all(row.call.split("(")[0] in networks.__all__ for row in ROWS)
    by_name = {row.name: row.call for row in ROWS}
    assert by_name["ResNet-50 v1.5"] == "resnet50('v1.5')" and by_name["AlexNet"] == "alexnet()"
    assert by_name["Conv MobileNet"] == "mobilenet_v1(separable=False)"
