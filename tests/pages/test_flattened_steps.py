"""FlattenedSteps on the built page: what it shows is what convbook computes, however it is touched."""

import re

import numpy as np
import pytest

from checks import PHONE, assert_accessible, assert_fits, enter, explorer_of, play
from convbook import ops

CHAPTER = "chapters/08_flattened"


def opened(book, page):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", "FlattenedSteps")
    found.locator(".fs-dense [data-cell]").first.wait_for()
    return found


@pytest.fixture
def steps(book, page):
    return opened(book, page)


def planes(explorer, part):
    """The numbers of all planes of a part that are shown."""
    found = explorer.locator(f".fs-{part} .cb-grid:not([hidden])").evaluate_all(
        "all => all.map((g) => [...g.querySelectorAll('[data-cell]')].map((n) => [...n.dataset.cell.split(',').map(Number), n.querySelector('text').textContent]))")
    grids = []
    for cells in found:
        grid = np.zeros([max(axis) + 1 for axis in zip(*((r, c) for r, c, _ in cells))])
        for r, c, text in cells:
            grid[r, c] = float(text.replace("−", "-").replace(",", ""))
        grids.append(grid)
    return np.array(grids)


def vector(explorer, name):
    fields = explorer.locator(f'.fs-vector[aria-label^="{name},"] input:not([hidden])').evaluate_all("all => all.map((n) => n.value)")
    return np.array([float(v.replace("−", "-")) for v in fields])


def assert_true(explorer, padding="valid"):
    """All numbers at once: the filter, the last pass, the dense pass, the multiply-adds."""
    z, y, x = (vector(explorer, name) for name in "zyx")
    w, image = planes(explorer, "filter"), planes(explorer, "stage0")
    assert np.array_equal(w, ops.outer3(z, y, x))
    out = ops.conv2d(image, w[None], padding=(len(y) - 1, len(x) - 1) if padding == "full" else 0)
    assert np.array_equal(planes(explorer, "stage3"), out) and np.array_equal(planes(explorer, "dense"), out)
    costs = explorer.locator(".fs-costs td").all_inner_texts()
    assert costs[-1].endswith(f"= {out.size * w.size:,}")
    assert sum(int(text.rsplit("=", 1)[1].replace(",", "")) for text in costs[:3]) == int(re.search(r"= ([\d,]+)", costs[3])[1].replace(",", ""))


def test_every_order_and_both_borders_show_the_same_true_numbers(steps):
    assert_true(steps)
    for order in ("VHL", "HLV"):
        steps.get_by_label("Order of the passes").select_option(order)
        assert_true(steps)
    steps.get_by_label("full", exact=True).check(force=True)
    assert_true(steps, "full")


def test_vectors_can_be_typed_stepped_and_lengthened_and_refuse_what_does_not_fit(steps, page):
    first = steps.get_by_label("z[0], channels")
    enter(first, -3)
    first.press("ArrowUp")
    assert first.input_value() == "−2"
    assert_true(steps)
    steps.get_by_label("Length of z").select_option("4")
    steps.get_by_label("Length of y").select_option("1")
    assert planes(steps, "filter").shape == (4, 1, 3)
    assert_true(steps)
    enter(first, 10)
    assert "“10” does not fit; type a number from −9 to 9." in steps.locator(".cb-error").all_inner_texts()
    assert vector(steps, "z")[1] == 2 and planes(steps, "filter")[0, 0, 0] == -2


def test_pointing_writes_the_sum_and_outlines_what_it_is_made_of(steps, page):
    steps.locator('.fs-stage3 [data-cell="1,2"]').hover()
    assert "1·5 + 0·3 + 2·4 = 13" in steps.locator(".cb-sum").first.inner_text()
    assert "0 + 10 + 3 = 13" in steps.locator(".cb-sum").nth(1).inner_text()
    assert steps.locator(".fs-stage0 .cb-is-deep").count() == 18 and steps.locator(".fs-stage2 .cb-is-tap").count() == 3
    steps.locator('.fs-dense [data-cell="0,0"]').hover()
    assert steps.locator(".fs-stage0 .cb-is-tap").count() == 18
    steps.locator('.fs-stage0 [data-cell="1,1"]').first.hover()
    assert steps.locator(".fs-stage3 .cb-is-fed").count() == 4
    steps.locator('.fs-filter [data-cell="0,2"]').nth(1).hover()
    assert "2·1·2 = 4" in steps.locator(".cb-sum").first.inner_text()


def test_the_keyboard_walks_the_numbers_and_the_player_steps(steps, page):
    cell = steps.locator(".fs-stage3 [data-cell]").first
    cell.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert "after H, row 1, column 1" in steps.locator(".cb-sum").first.inner_text()
    page.keyboard.press("Enter")
    assert steps.locator(".cb-place").inner_text() == "40 / 44"
    steps.get_by_label("only what the steps so far have made").check()
    assert steps.locator(".fs-stage3 .cb-hidden").count() == 4
    steps.get_by_role("button", name="Next number").click()
    assert steps.locator(".fs-stage3 .cb-hidden").count() == 3
    play(steps)
    assert steps.locator(".cb-place").inner_text() == "44 / 44"
    assert steps.locator(".fs-stage3 .cb-hidden").count() == 0


def test_a_second_triple_is_out_of_reach_of_one(steps):
    steps.get_by_label("make it rank 2: add a second triple").check()
    said = steps.locator(".fs-verdict").inner_text()
    w, image = planes(steps, "filter"), planes(steps, "stage0")
    error = ops.cp_decomposition(w, 1, restarts=10).error
    assert f"misses this filter by {100 * error:.1f} %: no single triple is it." in said
    out = ops.conv2d(image, w[None])
    assert np.array_equal(planes(steps, "dense"), out) and np.array_equal(planes(steps, "both"), out)
    assert not np.array_equal(planes(steps, "stage3"), out)
    steps.get_by_label("Example").select_option("parallel")
    assert "happens to be one triple again" in steps.locator(".fs-verdict").inner_text()


def test_a_prediction_hides_the_output_until_it_is_answered(steps):
    steps.get_by_label("predict first").check()
    assert steps.locator(".fs-stage3 .cb-hidden").count() == steps.locator(".fs-dense .cb-hidden").count() == 9
    i, j = map(int, re.search(r"row (\d), column (\d)", steps.locator(".fs-questions").inner_text()).groups())
    steps.get_by_label("Your answer").fill("99")
    steps.get_by_role("button", name="Check").click()
    value = planes(steps, "dense")[0, i, j]
    assert f"= {value:.0f}".replace("-", "−") in steps.locator(".fs-questions .cb-status").inner_text()
    steps.get_by_role("button", name="Another question").click()
    assert steps.locator(".fs-dense .cb-hidden").count() == 9
    steps.get_by_label("Your answer").fill("117")
    steps.get_by_label("Your answer").press("Enter")
    assert steps.locator(".fs-questions .cb-status").inner_text() == "Right: 117."


def test_a_finger_picks_a_number_and_it_stays(book, open_page):
    page = open_page(**PHONE)
    steps = opened(book, page)
    steps.locator('.fs-dense [data-cell="2,0"]').tap()
    assert "one dense pass, row 2, column 0" in steps.locator(".cb-sum").nth(1).inner_text()
    assert steps.locator(".fs-dense .cb-pinned").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    steps.get_by_label("full", exact=True).check(force=True)
    assert_fits(steps)


def test_everybody_can_read_it(steps):
    steps.get_by_label("make it rank 2: add a second triple").check()
    assert_accessible(steps)


def test_a_number_under_the_pointer_may_go_away(steps, page):
    last = steps.locator(".fs-dense [data-cell]").last
    last.scroll_into_view_if_needed()
    last.hover()
    before = steps.locator(".fs-dense [data-cell]").count()
    steps.get_by_label("Length of y").focus()
    page.keyboard.press("End")
    assert steps.locator(".fs-dense [data-cell]").count() < before
    assert steps.locator(".fs-sums .cb-sum-title").first.inner_text()
