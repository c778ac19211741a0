"""The table of all systems: every row is built, run on its input, and has the counts that it states."""

import re

import pytest
import torch

from convbook import networks
from convbook.cost import profile
from convbook.networks.published import FAMILIES

ROWS = [row for rows in FAMILIES.values() for row in rows]
UNITS = {"M": 10**6, " million": 10**6, " billion": 10**9, "": 1}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_network_costs_what_its_row_says(row):
    with torch.device("meta"):
        network = row.build()
    found = profile(network, row.input_shape)
    assert (found.params, found.macs) == (row.params, row.macs)
    assert all(layer.output_shape is not None for layer in found.rows), "a layer never ran"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_printed_figure_is_the_rounded_count_or_the_row_says_why_not(row):
    def agrees(number, unit, kind):
        digits = len(number.partition(".")[2])
        return f"{round((row.params if kind == 'params' else row.macs) / UNITS[unit], digits):.{digits}f}" == number.replace(",", "")

    figures = re.findall(r"([\d,.]+)(M| million| billion|) (params|MACs)", row.printed)
    assert row.why or all(agrees(*figure) for figure in figures)


def test_rows_have_names_of_their_own_and_calls_that_a_reader_can_type():
    assert len({row.name for row in ROWS}) == len({(row.call, row.input_shape) for row in ROWS}) == len(ROWS)
    assert all(row.call.split("(")[0] in networks.__all__ for row in ROWS)
    by_name = {row.name: row.call for row in ROWS}
    assert by_name["ResNet-50 v1.5"] == "resnet50('v1.5')" and by_name["AlexNet"] == "alexnet()"
    assert by_name["Conv MobileNet"] == "mobilenet_v1(separable=False)"
