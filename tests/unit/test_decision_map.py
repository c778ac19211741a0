"""The drawn decisions of the page "Which convolution should I use?": every answer a link to a place that exists."""

import re
from pathlib import Path
from xml.etree import ElementTree

from convbook.choices.decisions import DECISIONS, OTHERWISE
from convbook.figures.decision_map import DecisionMap

CHAPTERS = Path(__file__).parents[2] / "chapters"
PAGE = DecisionMap(DECISIONS, otherwise=OTHERWISE)._repr_html_()


def test_it_is_well_formed_and_reads_as_questions_with_yes_answer_no():
    items = list(ElementTree.fromstring(f"<div>{PAGE}</div>").iter("li"))
    assert len(items) == len(DECISIONS) + 1
    for item, decision in zip(items, DECISIONS):
        said = [text for text in item.itertext() if text.strip()]
        assert said[:3] == [decision.question, "yes", decision.answer] and said[-1] == "no"
    assert OTHERWISE[0] in "".join(items[-1].itertext())


def test_every_answer_links_to_an_anchor_of_a_chapter():
    links = re.findall(r'href="([^"#]+)\.html(?:#([^"]+))?"', PAGE)
    assert len(links) == len(DECISIONS) + 1
    for page, anchor in links:
        text = (CHAPTERS / f"{page}.ipynb").read_text(encoding="utf-8")
        assert not anchor or f"({anchor})=" in text, (page, anchor)


def test_it_uses_only_colours_that_follow_the_theme():
    assert re.findall(r"(?<!, )#[0-9A-Fa-f]{6}", PAGE) == []
    assert repr(DecisionMap(DECISIONS, otherwise=OTHERWISE)) == "DecisionMap of 9 questions"
