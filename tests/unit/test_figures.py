"""What holds for all figures: how numbers are written on them, and that each is drawn by a test."""

import re
from pathlib import Path

import pytest

from convbook import figures
from convbook.figures import _draw


@pytest.mark.parametrize(("value", "text"), [(-0.0, "0"), (-0.001, "0"), (-1.5, "−1.5"), (100, "100"), (2.0, "2"), (0.126, "0.13")])
def test_numbers_are_written_as_a_reader_writes_them(value, text):
    assert _draw.number(value) == text


def test_every_figure_is_drawn_by_a_test():
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    drawn = set(re.findall(r"figures\.(fig_\w+)\(", "".join(tests)))
    assert {name for name in figures.__all__ if name.startswith("fig_")} <= drawn
