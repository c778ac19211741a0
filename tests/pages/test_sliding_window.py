"""The SlidingWindow explorer on the built page: what it shows is what convbook computes, however it is touched."""

import random
import re

import numpy as np
import pytest

from checks import PHONE, assert_accessible, assert_fits, choose, drag, examples, explorer_of, number, play

from convbook import cost, ops, shapes

CHAPTER = "chapters/01_vanilla"
AXES = ("height", "width")
SETTINGS = ("Input", "Kernel", "Stride", "Dilation", "Padding")


@pytest.fixture
def explorer(book, page):
    return opened(book, page)


def opened(book, page):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", "SlidingWindow")
    found.locator("[data-cell]").first.wait_for()
    found.locator("details:not([open]) > summary").evaluate_all("all => all.forEach((summary) => { summary.parentNode.open = true; })")
    choose(found, "no padding, stride 1")
    return found


def grid(explorer, name):
    """The numbers of one grid, as rows of its written order, without padding."""
    cells = explorer.locator(f".cb-grid-{name} [data-cell]").evaluate_all(
        "all => all.map((g) => [...g.dataset.cell.split(',').map(Number), g.querySelector('text').textContent, g.getAttribute('class')])")
    real = {(r, c): number(text) for r, c, text, kind in cells if "cb-padding" not in kind}
    h, w = (max(at) + 1 for at in zip(*real))
    return np.array([[real[r, c] for c in range(w)] for r in range(h)])


def layer(explorer):
    """What the controls say, as arguments of convbook.ops.conv2d, and whether the kernel is turned."""
    said = explorer.evaluate("root => Object.fromEntries([...root.querySelectorAll('input, select')].map((n) => [n.getAttribute('aria-label'), n.value]))")
    pair = {name: tuple(int(said[f"{name} {axis}, number"]) for axis in AXES) for name in SETTINGS}
    rule = said["Padding rule"]
    options = {"stride": pair["Stride"], "dilation": pair["Dilation"], "padding": pair["Padding"] if rule == "numbers" else rule,
               "padding_mode": said["Padding mode"]}
    return pair["Input"], pair["Kernel"], options, said["Operation"] == "convolution"


def assert_true(explorer):
    """All numbers of the page at once: grids, sizes, totals, the sum of the window."""
    n, k, options, turned = layer(explorer)
    x, w, y = (grid(explorer, name) for name in ("input", "kernel", "output"))
    assert (x.shape, w.shape) == (n, k)
    expected = ops.conv2d(x[None], (w[::-1, ::-1] if turned else w)[None, None], **options)[0]
    assert np.allclose(y, expected, atol=1e-3)

    padding = options["padding"]
    for a, result in enumerate(explorer.locator(".cb-sizes b").all_inner_texts()):
        sides = (0, 0) if padding == "valid" else shapes.same_padding(n[a], k[a], dilation=options["dilation"][a]) if padding == "same" else padding[a]
        assert int(result) == y.shape[a] == shapes.conv_output_size(
            n[a], k[a], stride=options["stride"][a], dilation=options["dilation"][a], padding=sides)
    totals = explorer.locator(".cb-totals b").all_inner_texts()
    assert totals == [f"{y.shape[0]} × {y.shape[1]}", str(cost.conv_params(1, 1, k, bias=False)), f"{cost.conv_macs(1, 1, k, y.shape):,}"]
    assert not explorer.locator(".cb-error", has_text=re.compile(".")).count()


def summed(explorer):
    """(row, column) that the sum is about, the sum of its written products, its written result."""
    title = explorer.locator(".cb-sum-title").inner_text()
    lines = explorer.locator(".cb-sum-lines p").all_text_contents()
    products = re.findall(r"([−\d.]+)·\(?([−\d.]+)\)?", " ".join(lines[:-1]))
    return tuple(map(int, re.findall(r"\d+", title))), sum(number(a) * number(b) for a, b in products), number(lines[-1].lstrip("= "))


def cell(explorer, name, row, column):
    return explorer.locator(f'.cb-grid-{name} [data-cell="{row},{column}"]')


def marked(explorer, name, mark):
    return {tuple(map(int, at.split(","))) for at in explorer.locator(f".cb-grid-{name} .cb-is-{mark}").evaluate_all("all => all.map((g) => g.dataset.cell)")}


def test_every_example_tells_the_truth(explorer):
    for name in examples(explorer):
        choose(explorer, name)
        assert_true(explorer)


def test_a_random_walk_over_all_controls_meets_no_error(explorer):
    draw = random.Random(3)
    for step in range(90):
        kind = draw.random()
        if kind < 0.6:
            slider = explorer.get_by_label(f"{draw.choice(SETTINGS)} {draw.choice(AXES)}", exact=True)
            if slider.is_enabled():
                drag(slider, draw.random())
        elif kind < 0.9:
            control = explorer.get_by_label(draw.choice(["Padding rule", "Padding mode", "Operation", "Input numbers", "Kernel numbers"]))
            control.select_option(draw.choice(control.locator("option:not([disabled])").evaluate_all("all => all.map((o) => o.value)")))
        else:
            explorer.get_by_label("height and width together").click()
        assert_true(explorer)


def test_sliders_end_where_the_layer_would_become_impossible(explorer):
    height = explorer.get_by_label("Kernel height", exact=True)
    assert (height.get_attribute("min"), height.get_attribute("max")) == ("1", "5")
    explorer.get_by_label("Dilation height, number").fill("2")
    explorer.get_by_label("Dilation height, number").press("Enter")
    assert height.get_attribute("max") == "3"
    typed = explorer.get_by_label("Kernel height, number")
    typed.fill("4")
    typed.press("Enter")
    assert explorer.locator(".cb-error", has_text="Kernel").inner_text() == (
        "Kernel height: 4 does not fit, as the window spans 7 positions, and the padded input has only 5; type a whole number from 1 to 3.")
    assert typed.input_value() == "4", "what was typed is still there"
    typed.fill("2")
    typed.press("Enter")
    assert_true(explorer)


def test_a_mouse_over_an_output_shows_its_window_and_its_sum(explorer):
    cell(explorer, "output", 1, 3).hover()
    at, total, written = summed(explorer)
    assert at == (1, 3) and total == written == grid(explorer, "output")[1, 3]
    assert marked(explorer, "input", "tap") == {(1 + u, 3 + v) for u in range(3) for v in range(2)}


def test_a_mouse_over_an_input_shows_the_outputs_it_feeds_and_by_which_weight(explorer):
    cell(explorer, "input", 2, 3).hover()
    assert marked(explorer, "output", "fed") == {(i, j) for i in (0, 1, 2) for j in (2, 3)}
    # y[0, 2] reads x[2, 3] as its tap (2, 1).
    assert cell(explorer, "output", 0, 2).locator(".cb-badge").text_content() == "×" + cell(explorer, "kernel", 2, 1).locator("text").first.text_content()
    assert "feeds 6 outputs" in explorer.locator(".cb-sum").inner_text()


def test_a_mouse_over_a_weight_shows_the_inputs_it_meets(explorer):
    choose(explorer, "a stride that leaves a rest")
    cell(explorer, "kernel", 2, 1).hover()
    assert marked(explorer, "input", "tap") == {(2, 1), (2, 5), (4, 1), (4, 5)}


def test_a_click_pins_and_a_second_click_or_escape_unpins(explorer, page):
    target = cell(explorer, "output", 2, 4)
    target.click()
    explorer.get_by_label("Example").hover()
    assert target.get_attribute("aria-selected") == "true" and summed(explorer)[0] == (2, 4)
    target.click()
    assert explorer.locator('[aria-selected="true"]').count() == 0
    target.click()
    page.keyboard.press("Escape")
    assert explorer.locator('[aria-selected="true"]').count() == 0


def test_arrow_keys_walk_the_grid_and_enter_pins(explorer, page):
    assert explorer.locator('.cb-grid-output [tabindex="0"]').count() == 1
    explorer.locator('.cb-grid-output [tabindex="0"]').focus()
    at = lambda: page.evaluate("document.activeElement.dataset.cell")  # noqa: E731
    for key, expected in [("ArrowRight", "0,1"), ("ArrowDown", "1,1"), ("End", "1,5"), ("PageDown", "2,5"), ("ArrowRight", "2,5"), ("Home", "2,0"), ("ArrowUp", "1,0")]:
        page.keyboard.press(key)
        assert at() == expected, key
        assert summed(explorer)[0] == tuple(map(int, expected.split(",")))
    page.keyboard.press("Enter")
    assert cell(explorer, "output", 1, 0).get_attribute("aria-selected") == "true"
    assert explorer.locator('[role="status"].cb-unseen').inner_text().startswith("Output row 1, column 0.")


def test_arrow_keys_pass_over_the_holes_of_a_dilated_kernel(explorer, page):
    choose(explorer, "dilation: 7 × 8, every other tap")
    cell(explorer, "kernel", 0, 0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Kernel row 1, column 1: 5"


def test_any_number_can_be_changed_and_what_is_no_number_is_refused_kindly(explorer, page):
    cell(explorer, "kernel", 1, 0).focus()
    page.keyboard.type("-4.5")
    page.keyboard.press("Enter")
    assert grid(explorer, "kernel")[1, 0] == -4.5
    assert page.evaluate("document.activeElement.dataset.cell") == "1,0", "the focus is back in the grid"
    assert_true(explorer)
    cell(explorer, "input", 2, 2).click()
    field = explorer.get_by_label("Number at input row 2, column 2")
    for typed, said in [("three", "“three” is not a number; type one such as 3, −2 or 0.5."),
                        ("1000", "1000 is too large to be drawn; type a number from −999 to 999."), ("", "“” is not a number; type one such as 3, −2 or 0.5.")]:
        field.fill(typed)
        field.press("Enter")
        assert explorer.locator(".cb-editor .cb-error").inner_text() == said
        assert field.input_value() == typed
    field.fill("−12")
    field.press("Enter")
    assert grid(explorer, "input")[2, 2] == -12
    assert explorer.get_by_label("Input numbers").evaluate("s => s.selectedOptions[0].text") == "your own"
    assert_true(explorer)


def test_own_numbers_survive_a_change_of_size(explorer):
    cell(explorer, "input", 0, 0).click()
    field = explorer.get_by_label("Number at input row 0, column 0")
    field.fill("77")
    field.press("Enter")
    explorer.get_by_label("Input width, number").fill("8")
    explorer.get_by_label("Input width, number").press("Enter")
    x = grid(explorer, "input")
    assert x[0, 0] == 77 and x[:, 7].tolist() == [0] * 5
    assert_true(explorer)


def test_the_player_steps_plays_scrubs_and_stops_at_the_end(explorer, page):
    explorer.get_by_role("button", name="Next output").click()
    assert summed(explorer)[0] == (0, 1)
    explorer.get_by_label("Go to output").evaluate("s => { s.value = 15; s.dispatchEvent(new Event('input', {bubbles: true})); }")
    assert summed(explorer)[0] == (2, 3)
    explorer.get_by_role("button", name="Previous output").click()
    assert summed(explorer)[0] == (2, 2)
    play(explorer)
    assert summed(explorer)[0] == (2, 5)
    at, total, written = summed(explorer)
    assert total == written


def test_covered_outputs_say_nothing_until_the_window_comes(explorer):
    explorer.get_by_label("cover the outputs that the window has not reached").check()
    texts = explorer.locator(".cb-grid-output [data-cell] text:first-of-type").all_text_contents()
    assert texts[0] != "?" and set(texts[1:]) == {"?"}
    assert cell(explorer, "output", 1, 1).get_attribute("aria-label") == "Output row 1, column 1: not reached yet"


def test_same_fixes_the_stride_and_says_why(explorer):
    explorer.get_by_label("Padding rule").select_option("same")
    assert explorer.get_by_label("Stride height", exact=True).is_disabled()
    assert explorer.get_by_text("Padding “same” exists at stride 1 only.").is_visible()
    explorer.get_by_label("Padding rule").select_option("valid")
    explorer.get_by_label("Stride height, number").fill("2")
    explorer.get_by_label("Stride height, number").press("Enter")
    assert explorer.get_by_label("Padding rule").locator('option[value="same"]').is_disabled()


def test_what_is_left_over_is_hollow_and_named(explorer):
    choose(explorer, "a stride that leaves a rest")
    assert explorer.locator(".cb-grid-input").get_by_text("left over").count() == 2
    assert "not read by any window" in cell(explorer, "input", 5, 7).get_attribute("aria-label")
    assert explorer.locator(".cb-sizes dd").all_inner_texts()[0].endswith("Remainder 1: 1 row left over.")


def test_reset_brings_back_the_first_state(book, page):
    explorer = explorer_of(page, f"{book}/{CHAPTER}.html", "SlidingWindow")
    seen = lambda: explorer.locator("[data-cell]").evaluate_all("all => all.map((g) => g.getAttribute('aria-label'))")  # noqa: E731
    explorer.locator("[data-cell]").first.wait_for()
    first = seen()
    choose(explorer, "1D signal")
    assert seen() != first
    explorer.get_by_role("button", name="Reset").click()
    assert seen() == first


def test_a_finger_picks_a_cell_and_nothing_scrolls_sideways(book, open_page):
    explorer = opened(book, open_page(**PHONE))
    cell(explorer, "output", 1, 2).tap()
    assert summed(explorer)[0] == (1, 2)
    for name in examples(explorer):
        choose(explorer, name)
        assert_fits(explorer)


def test_everybody_can_read_it(explorer):
    for name in ("a stride that leaves a rest", "true convolution of a single 1"):
        choose(explorer, name)
        cell(explorer, "input", 0, 0).click()
        assert_accessible(explorer)


def test_a_redraw_takes_about_a_frame_at_most(explorer, report):
    """Reported, and gated generously: other work on the machine must not fail it."""
    times = explorer.evaluate("""root => {
        const slider = [...root.querySelectorAll('input[type=range]')].find((s) => s.getAttribute('aria-label') === 'Input width');
        const times = [];
        for (let i = 0; i < 60; i++) {
            slider.value = 3 + (i % 6);
            const start = performance.now();
            slider.dispatchEvent(new Event('input', {bubbles: true}));
            times.push(new Promise((done) => queueMicrotask(() => queueMicrotask(() => { root.offsetHeight; done(performance.now() - start); }))));
        }
        return Promise.all(times);
    }""")
    report(f"SlidingWindow: a redraw while a slider is dragged takes {np.median(times):.1f} ms (median), {max(times):.1f} ms (longest)")
    assert np.median(times) < 100


def test_a_button_with_nothing_left_to_do_keeps_the_focus(explorer, page):
    place, forth = explorer.locator(".cb-place"), explorer.get_by_role("button", name="Next output")
    last = place.inner_text().split("/")[1].strip()
    forth.focus()
    for _ in range(int(last) + 2):
        page.keyboard.press("Enter")
    assert place.inner_text() == f"{last} / {last}"
    assert forth.evaluate("node => [node === document.activeElement, node.getAttribute('aria-disabled'), node.disabled]") == [True, "true", False]
    page.keyboard.press("Tab")
    assert forth.evaluate("node => [node.getAttribute('aria-disabled'), node.disabled]") == [None, True]
