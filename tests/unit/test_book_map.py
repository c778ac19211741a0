"""The map on the first page: every chapter once, linked when it is written, and the committed file up to date."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from convbook.figures._icons import ICONS, icon
from convbook.figures.book_map import BRANCHES, ROOT, book_map, written_chapters

CHAPTERS = Path(__file__).parents[2] / "chapters"
FILES = [ROOT[0], *(chapter[0] for chapters in BRANCHES.values() for chapter in chapters)]


def test_the_committed_map_is_the_one_that_the_code_draws():
    drawn = book_map(written_chapters(CHAPTERS))
    assert (CHAPTERS / "_map.html").read_text(encoding="utf-8") == drawn, "run: python -m convbook.figures.book_map > chapters/_map.html"


def test_the_map_holds_every_chapter_once():
    assert sorted(FILES) == ["01_vanilla", "02_grouped", "03_depthwise", "04_transposed", "05_atrous", "06_separable", "07_inception",
                             "08_flattened", "09_deformable", "10_recent", "A1_regularization", "A2_normalization"]


@pytest.mark.parametrize("written", [set(), {"01_vanilla"}, {"01_vanilla", "05_atrous"}, set(FILES)])
def test_written_chapters_are_links_and_the_others_say_so(written):
    page = book_map(written)
    assert set(re.findall(r'href="([^"]*)"', page)) == {f"{file}.html" for file in written}
    assert page.count("In preparation") == len(FILES) - len(written)


def test_the_map_is_well_formed_and_every_link_has_a_name():
    tree = ElementTree.fromstring(f"<div>{book_map(set(FILES))}</div>")
    names = ["".join(link.itertext()).strip() for link in tree.iter("a")]
    assert len(names) == len(FILES) and all(len(name) > 20 for name in names)
    identifiers = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(identifiers) == len(set(identifiers))
    assert {node.get("aria-labelledby") for node in tree.iter("ul")} == set(identifiers)


def test_every_icon_is_used_hidden_from_readers_and_stays_in_its_box():
    assert {ROOT[4], *(c[4] for chapters in BRANCHES.values() for c in chapters)} == set(ICONS)
    for name in ICONS:
        tree = ElementTree.fromstring(icon(name))
        assert tree.get("aria-hidden") == "true"
        for path in tree.iter("path"):
            for x, y, side in re.findall(r"M([\d.-]+) ([\d.-]+)h([\d.]+)", path.get("d")):
                assert 0 <= float(x) and float(x) + float(side) <= 108 and 0 <= float(y) and float(y) + float(side) <= 61, name


def test_the_map_uses_only_colours_that_follow_the_theme():
    assert re.findall(r"(?<!, )#[0-9A-Fa-f]{6}", book_map(set())) == []
