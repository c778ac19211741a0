"""PenaltyGeometry on the built page: what it shows is what convbook computes, however it is touched."""

import re

import numpy as np
import pytest

from checks import explorer_of
from convbook.explorers import PenaltyGeometry

CHAPTER = "chapters/A1_regularization"


@pytest.fixture
def explorer(book, page):
    return opened(book, page)


def opened(book, page):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", "PenaltyGeometry")
    found.locator(".pg-ball").first.wait_for(state="attached")
    return found


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


def state(explorer):
    """What the controls say."""
    def value(label):
        return number(explorer.get_by_label(f"{label}, number").input_value())

    def chosen(group):
        return explorer.get_by_role("radiogroup", name=group, exact=True).locator("input:checked").input_value()

    form = chosen("Form")
    extra = {"strength": value("Strength λ")} if form == "penalty" else {"budget": value("Budget t")}
    if chosen("Penalty") == "elastic":
        extra["mix"] = value("Share of L1")
    return PenaltyGeometry(penalty=chosen("Penalty"), form=form, centre=tuple(value(f"Bottom of the bowl, {w}") for w in ("w₁", "w₂")),
                           tilt=int(value("Tilt of the bowl, degrees")), stretch=value("Stretch of the bowl"), **extra)


def shown(explorer):
    """The optimum in the headline, and where the green dot lies."""
    said = re.search(r"(?:is|bowl,) \(([−\d.]+), ([−\d.]+)\)", explorer.locator(".pg-main").inner_text())
    dot = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", explorer.locator(".pg-best").get_attribute("transform"))
    x, y = (float(v) * 8 / 420 for v in dot.groups())
    return [number(v) for v in said.groups()], [x - 4, 4 - y]


def assert_true(explorer):
    expected = state(explorer).weights
    said, dot = shown(explorer)
    assert np.allclose(said, expected, atol=6e-4) and np.allclose(dot, expected, atol=2e-3), (said, dot, expected)
    row = explorer.locator(".pg-table tbody tr").nth(("l1", "l2", "elastic").index(state(explorer).penalty)).locator("td").all_inner_texts()
    assert np.allclose([number(v) for v in row[:2]], expected, atol=6e-4)
    assert row[2] == {(False, False): "none", (True, False): "w₁", (False, True): "w₂", (True, True): "both"}[tuple(bool(v == 0) for v in expected)]
    assert not explorer.locator(".cb-error", has_text=re.compile(".")).count()


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_every_penalty_and_both_forms_tell_the_truth(explorer):
    assert_true(explorer)
    explorer.get_by_label("Tilt of the bowl, degrees", exact=True).fill("-35")
    explorer.get_by_label("Stretch of the bowl", exact=True).fill("4")
    for penalty in ("L2", "elastic net", "L1"):
        explorer.get_by_role("radio", name=penalty, exact=True).check(force=True)
        assert_true(explorer)
        before = shown(explorer)[0]
        explorer.get_by_role("radio", name="budget t").check(force=True)
        assert_true(explorer)
        assert np.allclose(shown(explorer)[0], before, atol=0.02)  # the other form keeps the optimum, to its digits
        explorer.get_by_role("radio", name="penalty λ").check(force=True)
        assert_true(explorer)


def test_the_bottom_the_tilt_and_the_budget_can_be_dragged(explorer, page):
    for handle, by in (("centre", (-60, -90)), ("tilt", (10, 70)), ("size", (25, 0))):
        x, y = middle(explorer.locator(f'[data-handle="{handle}"] .pg-touch'))
        before = repr(state(explorer))
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + by[0], y + by[1], steps=5)
        page.mouse.up()
        assert repr(state(explorer)) != before, handle
        assert_true(explorer)
    assert state(explorer).form == "budget"


def test_arrow_keys_move_what_has_the_focus(explorer, page):
    expected = {"centre": ("ArrowUp", "centre", (3, 0.6)), "tilt": ("ArrowLeft", "tilt", 5), "size": ("ArrowRight", "budget", None)}
    for handle, (key, name, value) in expected.items():
        explorer.locator(f'[data-handle="{handle}"]').focus()
        page.keyboard.press(key)
        if value is not None:
            assert getattr(state(explorer), name) == value
        assert_true(explorer)
    field = explorer.get_by_label("Budget t, number")
    field.fill("99")
    field.press("Enter")
    assert "Budget t: 99 does not fit; type a number from 0.05 to 12.5." in explorer.locator(".cb-error").all_inner_texts()


def test_the_path_is_walked_step_by_step(explorer):
    explorer.get_by_role("button", name="Reset").click()
    for _ in range(3):
        explorer.get_by_role("button", name="Next strength").click()
        assert_true(explorer)
    assert state(explorer).strength == pytest.approx(20 * (12 / 40) ** 2, abs=0.01)


def test_a_prediction_hides_the_answer_and_is_judged(explorer):
    explorer.get_by_label("Let me predict first").check()
    for _ in range(4):
        assert explorer.locator(".pg-best").is_hidden() and "?" in explorer.locator(".pg-main").inner_text()
        weights = state(explorer).weights
        if explorer.get_by_label("Your answer", exact=True).is_visible():
            explorer.get_by_label("Your answer", exact=True).fill(f"{weights[0]:.3f}")
            explorer.get_by_role("button", name="Check").click()
        else:
            answer = {(False, False): "none", (True, False): "w₁", (False, True): "w₂", (True, True): "both"}[tuple(bool(v == 0) for v in weights)]
            explorer.get_by_role("group", name="Your prediction").get_by_role("button", name=answer, exact=True).click()
        assert explorer.locator(".pg-quiz .cb-status").inner_text().startswith("Right.")
        assert_true(explorer)
        explorer.get_by_role("button", name="Another question").click()
    explorer.get_by_role("button", name="Reset").click()
    assert explorer.locator(".pg-best").is_visible()


def test_a_finger_drags_too_and_everything_fits_a_phone(book, open_page):
    page = open_page(width=360, height=780, has_touch=True, is_mobile=True)
    explorer = opened(book, page)
    plane = explorer.locator(".pg-plane")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    assert np.allclose(state(explorer).centre, (-1.6, 1.6), atol=0.11)
    assert_true(explorer)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    outside = explorer.evaluate("""root => { const edge = root.getBoundingClientRect();
        return [...root.querySelectorAll('*')].filter((n) => !n.closest('pre, .cb-unseen, svg')).filter((n) => {
            const r = n.getBoundingClientRect(); return r.width && (r.right > edge.right + 1 || r.left < edge.left - 1); }).map((n) => n.outerHTML); }""")
    assert outside == []
