"""CostCompare on the built page: what it shows is what convbook.kinds counts, however it is touched."""

import random
import re

import pytest

from checks import PHONE, assert_accessible, assert_fits, choose, drag, enter, examples, explorer_of, says_nothing_strange
from convbook import kinds

CHAPTER = "chapters/03_depthwise"
SETTINGS = {"in_channels": "Input channels", "out_channels": "Output channels", "kernel_size": "Kernel", "height": "Image height", "width": "Image width", "stride": "Stride",
            "padding": "Padding", "groups": "Groups", "multiplier": "Multiplier"}
QUANTITIES = ("params", "macs", "bytes", "intensity")


def opened(book, page):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", "CostCompare")
    found.locator(".cc-name").first.wait_for()
    return found


@pytest.fixture
def compare(book, page):
    return opened(book, page)


def layer(compare):
    """The settings as the reader sees them, for `kinds.compare`."""
    values = {name: int(compare.get_by_label(f"{label}, number", exact=True).input_value().replace(",", "")) for name, label in SETTINGS.items()}
    return values | {"size": (values.pop("height"), values.pop("width"))}


def rows(compare):
    return {row["kind"]: row for row in compare.locator("tbody tr").evaluate_all("""all => all.map((tr) => ({ kind: tr.dataset.kind, other: tr.hasAttribute("data-other"),
        values: [...tr.querySelectorAll(".cb-cost")].map((v) => v.title), widths: [...tr.querySelectorAll(".cb-bar")].map((b) => parseFloat(b.style.width)) }))""")}


def number(text):
    return float(re.match(r"[\d,.]+", text)[0].replace(",", ""))


def assert_true(compare):
    costs, left_out = kinds.compare(**layer(compare))
    shown = rows(compare)
    assert set(shown) == set(costs)
    for kind, cost in costs.items():
        assert [number(v) for v in shown[kind]["values"]] == pytest.approx([cost.params, cost.macs, cost.bytes, round(cost.intensity, 2)], abs=0.0051)
        assert shown[kind]["other"] == (cost.output != costs["standard"].output)
    said = compare.locator(".cc-left").inner_text()
    assert all(f"({why})" in said for why in left_out.values()) and bool(said) == bool(left_out)


def test_every_example_shows_what_convbook_counts(compare):
    names = examples(compare)
    assert len(names) > 8
    for name in names:
        choose(compare, name)
        assert_true(compare)


def test_the_notes_numbers_are_worked_out(compare):
    choose(compare, "the notes: 7 × 7 × 3 to 5 × 5 × 128")
    compare.get_by_role("button", name="depthwise separable").click()
    assert compare.locator(".cc-sum").all_inner_texts() == [
        "3 · 5 · 5 · (3 / 3) · 3 · 3 = 675", "128 · 5 · 5 · 3 · 1 · 1 = 9,600", "675 + 9,600 = 10,275"]
    assert "11.89 % of the standard layer's" in compare.locator(".cc-said").last.inner_text()
    compare.locator("summary").click()
    assert "nn.Conv2d(3, 3, 3, groups=3, bias=False)" in compare.locator("pre").inner_text()


def test_bars_are_shares_and_a_log_scale_keeps_their_order(compare):
    compare.get_by_label("linear").check(force=True)
    costs, _ = kinds.compare(**layer(compare))
    most = max(cost.macs for cost in costs.values())
    linear = rows(compare)
    for kind, cost in costs.items():
        assert linear[kind]["widths"][1] == pytest.approx(100 * cost.macs / most, abs=0.01)
    compare.get_by_label("log", exact=True).check(force=True)
    by = sorted(costs, key=lambda kind: costs[kind].macs)
    widths = [rows(compare)[kind]["widths"][1] for kind in by]
    assert widths == sorted(widths) and widths[0] == 5 and widths[-1] == 100


def test_sorting_follows_the_quantity(compare):
    compare.get_by_label("smallest first").check()
    costs, _ = kinds.compare(**layer(compare))
    for label, what in (("weights", "params"), ("FLOPs / byte", "intensity")):
        compare.get_by_label(label, exact=True).check(force=True)
        shown = [getattr(costs[kind], what) for kind in rows(compare)]
        assert shown == sorted(shown)


def test_by_keyboard_a_typed_value_and_one_that_does_not_fit(compare):
    field = compare.get_by_label("Groups, number")
    enter(field, 5)
    assert_true(compare)
    assert "groups=5 must divide in_channels=512 and out_channels=512" in compare.locator(".cc-left").inner_text()
    enter(field, 65)
    assert compare.locator(".cb-error").inner_text() == "Groups: 65 does not fit; type a whole number from 1 to 64."
    enter(field, 16)
    compare.get_by_label("Kernel", exact=True).focus()
    compare.page.keyboard.press("ArrowRight")
    assert layer(compare)["kernel_size"] == 4
    assert_true(compare)


def test_a_question_hides_its_column_and_is_judged(compare):
    compare.get_by_label("Predict: ask me first").check()
    costs, _ = kinds.compare(**layer(compare))
    for _ in range(6):
        asked = compare.locator(".cc-ask .cc-said").inner_text()
        assert asked.endswith("?") and compare.locator(".cb-cost", has_text="?").count() >= len(costs)
        compare.locator(".cc-option").first.click()
        said = compare.locator(".cc-ask .cc-said").inner_text()
        right = compare.locator('.cc-option[data-mark="right"]')
        assert right.count() == 1
        assert said.startswith("✓ Right." if right.get_attribute("value") == compare.locator(".cc-option").first.get_attribute("value") else "✗ It is ")
        assert_true(compare)
        compare.get_by_role("button", name="Next question").click()


def test_a_random_walk_over_all_controls_stays_true(compare):
    draw = random.Random(2)
    for step in range(50):
        control = draw.choice(compare.locator("select:enabled, input[type=range]:enabled, input[type=checkbox]:enabled, input[type=radio]:enabled, button:visible:enabled").all())
        kind = control.evaluate("n => n.type || n.tagName")
        if kind == "select-one":
            control.select_option(draw.choice(control.locator("option").evaluate_all("all => all.map((o) => o.value)")))
        elif kind == "range":
            drag(control, draw.random() ** 3)
        elif control.inner_text() != "Copy":
            control.evaluate("n => n.click()")
        says_nothing_strange(compare)
        if step % 5 == 0 and not compare.get_by_label("Predict: ask me first").is_checked():
            assert_true(compare)


def test_a_finger_picks_a_row_and_nothing_is_wider_than_a_phone(book, open_page):
    page = open_page(**PHONE)
    compare = opened(book, page)
    compare.get_by_role("button", name="flattened").tap()
    assert compare.locator(".cc-said").last.inner_text().startswith("Flattened (512 × 14 × 14 → 512 × 14 × 14): ")
    assert_fits(compare)
    assert compare.locator("tbody tr").first.locator("td:visible").count() == 1


def test_everybody_can_read_it(compare):
    compare.get_by_label("Predict: ask me first").check()
    compare.locator(".cc-option").first.click()
    assert_accessible(compare)


def test_what_is_chosen_and_how_long_a_bar_is_show_in_forced_colours(book, open_page):
    compare = explorer_of(open_page(forced_colors="active"), f"{book}/{CHAPTER}.html", "CostCompare")
    shade = "node => getComputedStyle(node).backgroundColor"
    chosen, other = (compare.locator(f".cb-segments input{which} + span").first.evaluate(shade) for which in (":checked", ":not(:checked)"))
    assert chosen != other and compare.locator("td[data-chosen] .cb-bar").first.evaluate(shade) == chosen
