"""LayerChooser on the built page: what it ranks is what convbook.choices ranks, however it is touched."""

import random
import re

import pytest

from checks import PHONE, assert_accessible, assert_fits, explorer_of
from conftest import ROOT
from convbook.choices import NEEDS, choose

PAGE = "chapters/which"
JOBS = {"keep the size of the map": "same", "halve the map": "halve", "double the map": "double", "mix channels, place by place": "mix",
        "one number for each channel": "pool", "a sequence, past only": "sequence"}
WISHES = {"every output hears every channel": "mix", "no channels squeezed out on the way": "wide", "kernels of any shape": "free", "a window without holes": "whole",
          "taps that follow the picture": "moves", "windows of several sizes": "scales", "no checkerboard from the start": "even",
          "weights at the new resolution": "fine", "some places count more": "places"}


def opened(book, page):
    found = explorer_of(page, f"{book}/{PAGE}.html", "LayerChooser")
    found.locator(".lc-name").first.wait_for()
    return found


@pytest.fixture
def chooser(book, page):
    return opened(book, page)


def question(chooser):
    """The settings as the reader sees them, for `choose`."""
    def number(label):
        return int(chooser.get_by_label(f"{label}, number", exact=True).input_value().replace(",", ""))

    job = JOBS[chooser.get_by_label("The job", exact=True).evaluate("s => s.selectedOptions[0].textContent")]
    checked = chooser.locator(".lc-wishes label:visible:has(input:checked)").all_inner_texts()
    by = chooser.get_by_label("What is to be small").locator("input:checked").input_value()
    return dict(job=job, in_channels=number("Channels in"), out_channels=number("Channels out"), size=(number("Height"), number("Width")), reach=number("Window"),
                needs=[need for need in NEEDS if need in {WISHES[text] for text in checked}], by=by,
                budget=int(chooser.get_by_label("Budget, of the plain layer's cost").locator("input:checked").input_value()), ridge=number("MACs in the time of one byte"))


def assert_true(chooser):
    asked = question(chooser)
    choice = choose(**asked)
    shown = chooser.locator("tbody tr").evaluate_all("all => all.map((tr) => [tr.dataset.layer, [...tr.querySelectorAll('.cb-cost')].map((v) => v.title)])")
    assert [name for name, _ in shown] == choice.names
    for (_, titles), offer in zip(shown, choice.offers):
        assert [int(title.replace(",", "")) for title in titles[:3]] == [offer.params, offer.macs, offer.bytes]
    assert chooser.locator(".lc-out li").count() == len(choice.out)
    said = chooser.locator(".lc-said").inner_text()
    assert said.startswith("No layer here does all of this.") == (not choice.offers)
    if choice.out:
        assert re.search(rf"Fell out: {len(choice.out)}\b", chooser.inner_text())
    return choice


def test_it_opens_with_the_answer_that_python_has(chooser):
    choice = assert_true(chooser)
    assert choice.names[0] == "depthwise_separable"
    assert chooser.locator(".lc-said").inner_text() == "Depthwise separable: 14.7M MACs, 1/7.9 of the plain layer's. 3 of 14 layers do what you ask. Next: standard, 116M MACs."


def test_every_need_gives_its_answer_with_code_and_a_chapter_that_exists(chooser, page):
    preset = chooser.get_by_label("Start from a need")
    for value in preset.locator("option").evaluate_all("all => all.map((o) => o.value).filter(Boolean)"):
        preset.select_option(value)
        choice = assert_true(chooser)
        assert choice.offers
        link = chooser.locator(".lc-card a").get_attribute("href")
        assert (ROOT / "chapters" / link).with_suffix(".ipynb").exists()
        assert f"# {choice.offers[0].params:,}".replace(",", "")[2:] in chooser.locator("code").text_content() or choice.names[0] == "deformable"
    chooser.get_by_role("button", name="Reset").click()
    assert assert_true(chooser).names[0] == "depthwise_separable"


def test_wishes_and_budget_by_mouse_and_keyboard(chooser, page):
    chooser.get_by_label("kernels of any shape").uncheck()
    assert assert_true(chooser).names[0] == "flattened"
    chooser.get_by_label("kernels of any shape").focus()
    page.keyboard.press("Space")
    chooser.locator("input[type=radio][value='8']").check()
    assert assert_true(chooser).names == []
    assert chooser.locator(".lc-said").inner_text().endswith("or the budget.")
    chooser.locator("input[type=radio][value='1']").check()
    chooser.locator("input[type=radio][value='time']").check()
    field = chooser.get_by_label("MACs in the time of one byte, number")
    field.fill("74")
    field.press("Enter")
    assert assert_true(chooser).names[0] == "standard"


def test_a_row_is_picked_and_explained(chooser):
    chooser.get_by_role("button", name="deformable").click()
    assert chooser.locator(".lc-card").inner_text().startswith("deformable. Mind: ")
    assert chooser.locator("tr[data-picked]").get_attribute("data-layer") == "deformable"
    assert "from convbook.blocks import DeformConv2d" in chooser.locator("code").text_content()


def test_a_window_that_is_even_or_too_large_is_refused_with_the_reason(chooser):
    field = chooser.get_by_label("Window, number")
    field.fill("4")
    field.press("Enter")
    assert chooser.locator(".cb-error").first.inner_text() == "Window: 4 does not fit; type a whole number from 3 to 31 in steps of 2."
    field.fill("7")
    field.press("Enter")
    assert "dilated_stack" in assert_true(chooser).names


def test_whatever_the_reader_moves_the_page_tells_the_truth(chooser):
    draw = random.Random(4)
    controls = chooser.locator("select, input[type=range], input[type=checkbox], input[type=radio], .lc-name")
    for step in range(40):
        control = controls.nth(draw.randrange(controls.count()))
        kind = control.evaluate("n => n.type || n.tagName")
        if not control.evaluate("n => n.checkVisibility() && !n.disabled"):
            continue
        if kind == "select-one":
            control.select_option(draw.choice(control.locator("option").evaluate_all("all => all.map((o) => o.value)")))
        elif kind == "range":
            control.evaluate("""(s, share) => { const steps = Math.round((s.max - s.min) / s.step * share);
                s.value = +s.min + s.step * steps; s.dispatchEvent(new Event('input', {bubbles: true})); }""", draw.random() ** 3)
        else:
            control.evaluate("n => n.click()")
        assert not re.search(r"NaN|undefined|\[object", chooser.inner_text())
        if step % 4 == 0:
            assert_true(chooser)


def test_a_finger_chooses_and_nothing_is_wider_than_a_phone(book, open_page):
    chooser = opened(book, open_page(**PHONE))
    chooser.locator("input[type=radio][value='4']").tap()
    assert assert_true(chooser).names == ["depthwise_separable"]
    chooser.get_by_label("The job", exact=True).select_option("sequence")
    assert_true(chooser)
    assert_fits(chooser)


def test_everybody_can_read_it(chooser):
    assert_accessible(chooser)
