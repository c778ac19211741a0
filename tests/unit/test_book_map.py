"""The map on the first page: every chapter once, linked when it is written, and the committed file up to date."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from convbook.figures._icons import ICONS, icon
from convbook.figures.book_map import BRANCHES, ROOT, book_map, written_chapters

CHAPTERS = Path(__file__).parents[2] / "chapters"
ALL = [ROOT, *(chapter for _, chapters in BRANCHES.values() for chapter in chapters)]
FILES = [chapter[0] for chapter in ALL]


def test_the_committed_map_is_the_one_that_the_code_draws():
    drawn = book_map(written_chapters(CHAPTERS))
    assert (CHAPTERS / "_map.html").read_text(encoding="utf-8") == drawn, "run: python -m convbook.figures.book_map > chapters/_map.html"


def test_the_map_holds_every_chapter_once():
    assert sorted(FILES) == ["01_vanilla", "02_grouped", "03_depthwise", "04_transposed", "05_atrous", "06_separable", "07_inception",
                             "08_flattened", "09_deformable", "10_recent", "A1_regularization", "A2_normalization"]


@pytest.mark.parametrize("written", [set(), {"01_vanilla"}, {"01_vanilla", "05_atrous"}, set(FILES)])
def test_written_chapters_are_links_and_the_others_say_so(written):
    page = book_map(written)
    assert set(re.findall(r'href="([^"#]*)(?:#[^"]*)?"', page)) == {f"{file}.html" for file in written}
    assert set(re.findall(r'href="([^"]*#[^"]*)"', page)) == {f"{file}.html#{anchor}" for file, *_, kinds in ALL if file in written for anchor in kinds.values()}
    assert page.count("In preparation") == len(FILES) - len(written)


def test_the_map_is_well_formed_and_every_link_has_a_name():
    tree = ElementTree.fromstring(f"<div>{book_map(set(FILES))}</div>")
    names = ["".join(link.itertext()).strip() for link in tree.iter("a")]
    assert len(names) == len(set(names)) == len(FILES) + sum(len(chapter[5]) for chapter in ALL) and all(len(name) > 1 for name in names)
    identifiers = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(identifiers) == len(set(identifiers))
    assert {node.get("aria-labelledby") for node in tree.iter("ul")} == set(identifiers)


def test_every_icon_is_used_hidden_from_readers_and_stays_in_its_box():
    assert {chapter[4] for chapter in ALL} == set(ICONS)
    for name in ICONS:
        tree = ElementTree.fromstring(icon(name))
        assert tree.get("aria-hidden") == "true"
        for path in tree.iter("path"):
            for x, y, side in re.findall(r"M([\d.-]+) ([\d.-]+)h([\d.]+)", path.get("d")):
                assert 0 <= float(x) and float(x) + float(side) <= 108 and 0 <= float(y) and float(y) + float(side) <= 61, name


def test_the_map_uses_only_colours_that_follow_the_theme():
    assert re.findall(r"(?<!, )#[0-9A-Fa-f]{6}", book_map(set())) == []


def test_every_kind_leads_to_a_section_that_exists():
    for file, *_, kinds in ALL:
        path = CHAPTERS / f"{file}.ipynb"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert not text or all(f"({anchor})=" in text for anchor in kinds.values()), file


def test_no_convolution_of_the_notes_is_missing():
    """The notes' own list, and the kinds that they only name."""
    said = re.sub(r"<style>.*?</style>|<[^>]*>", " ", book_map(set(FILES)), flags=re.S).lower()
    for kind in ("vanilla", "3d", "1 × 1", "grouped", "pointwise grouped", "shuffle", "depthwise", "global depthwise", "transposed", "fractional stride", "pixel shuffle", "atrous",
                 "causal", "switchable", "depthwise separable", "spatially separable", "inception", "flattened", "deformable", "modulated (v2)", "xception", "shufflenet v2"):
        assert kind in said, kind
