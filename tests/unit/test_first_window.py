"""The moving picture of the first page: its numbers are the code's, it can be held, and it stands still where it must."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from convbook import reference
from convbook.figures.first_window import INPUT, KERNEL, SIDE, first_window

PAGE = first_window()
TREE = ElementTree.fromstring(f"<div>{PAGE}</div>")


def test_the_committed_picture_is_the_one_that_the_code_draws():
    path = Path(__file__).parents[2] / "chapters" / "_window.html"
    assert path.read_text(encoding="utf-8") == PAGE, "run: python -m convbook.figures.first_window > chapters/_window.html"


def test_the_output_is_the_convolution_of_the_input_and_the_kernel():
    said = [int(text.text.replace("−", "-")) for group in TREE.iter("g") if group.get("class") == "cb-first-out" for text in group.iter("text")]
    y = reference.conv2d(INPUT[None], KERNEL[None, None])[0]
    assert np.array_equal(np.reshape(said, y.shape), y)


def test_the_window_visits_every_place_in_order_with_its_output_cell():
    def places(name):
        body = re.search(rf"@keyframes {name}{{(.*)}}\n", PAGE)[1]
        return [(int(down) // SIDE, int(right) // SIDE) for right, down in re.findall(r"translate\((\d+)px,(\d+)px\)", body)]

    assert places("cb-first-window") == places("cb-first-at") == list(np.ndindex(3, 4))


def test_it_can_be_held_and_stands_still_on_paper_and_for_reduced_motion():
    assert "animation-play-state: paused" in PAGE and "<label>" in PAGE
    for medium in ("(prefers-reduced-motion: reduce)", "print"):
        assert re.search(rf"@media {re.escape(medium)} {{ [^{{]*{{ animation: none; }}", PAGE)


def test_it_is_named_for_screen_readers_and_uses_the_themes_colours():
    picture = TREE.find(".//svg")
    assert picture.get("role") == "img" and "5 by 6" in picture.get("aria-label")
    assert re.findall(r"(?<!, )#[0-9A-Fa-f]{6}", PAGE) == [] and len(PAGE) < 12_000
