"""RankOne on the built page: what it shows is what convbook computes, however it is touched."""

import re

import numpy as np
import pytest

from checks import PHONE, assert_fits, explorer_of, number
from convbook import cost, ops
from convbook.explorers.rank_one import PRESETS

CHAPTER = "chapters/06_separable"


@pytest.fixture
def explorer(book, page):
    return opened(book, page)


def opened(book, page):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", "RankOne")
    found.locator(".ro-unit").first.wait_for()
    return found


def kernel(explorer):
    values = explorer.locator(".ro-own input").evaluate_all("all => all.map((n) => [n.getAttribute('aria-label'), n.value])")
    K = np.zeros(np.array([re.findall(r"\d+", label) for label, _ in values]).astype(int).max(axis=0) + 1)
    for label, value in values:
        row, column = map(int, re.findall(r"\d+", label))
        K[row, column] = number(value)
    return K


def assert_true(explorer):
    """Bars, sums, error and costs are those of the kernel in sight."""
    K, r, N = kernel(explorer), int(explorer.get_by_label("Terms kept, r, number").input_value()), int(explorer.get_by_label("Image, N × N, number").input_value())
    columns, rows, error = ops.separable_form(K, r)
    shown = [number(v) for v in explorer.locator(".ro-unit text:not(.ro-tick)").all_text_contents()]
    assert np.allclose(shown, ops.singular_values(K), atol=0.51 if max(shown) >= 100 else 0.006)
    assert explorer.locator('.ro-bar[data-kept="yes"]').count() == r == explorer.locator(".ro-term").count()
    near = np.reshape([number(v) for v in explorer.locator(".ro-kernel").nth(1).locator(".ro-cell").all_inner_texts()], K.shape)
    s = [*ops.singular_values(K), 0]
    if s[r - 1] - s[r] > 1e-6:  # else several sums are equally near
        assert np.allclose(near, ops.from_separable(columns, rows), atol=0.06)
    else:
        assert np.linalg.norm(K - near) == pytest.approx(float(error) * np.linalg.norm(K), abs=0.06 * K.size**0.5)
    said = explorer.locator(".ro-kernel .cb-note").nth(1).inner_text()
    assert number(said.split("error")[1].replace("under", "")) == pytest.approx(100 * float(error), abs=0.11)
    out = tuple(N - n + 1 for n in K.shape)
    direct, passes = explorer.locator(".ro-costs td").all_inner_texts()
    assert number(direct.split("=")[-1]) == cost.conv_macs(1, 1, K.shape, out)
    assert number(passes.split("=")[-1]) == cost.separable_macs(K.shape, out, rank=r)
    assert not explorer.locator(".cb-error", has_text=re.compile(".")).count()


def test_every_named_kernel_tells_the_truth_in_every_size(explorer):
    for name, sizes in PRESETS.items():
        explorer.get_by_label("Kernel", exact=True).select_option(name)
        for size in sizes:
            explorer.get_by_label(f"{size} × {size}", exact=True).check(force=True)
            assert kernel(explorer).shape == (size, size)
            assert_true(explorer)
        assert [explorer.get_by_label(f"{s} × {s}", exact=True).is_enabled() for s in (3, 5, 7)] == [s in sizes for s in (3, 5, 7)]


def test_bars_slider_and_keys_choose_how_many_terms_are_kept(explorer, page):
    explorer.get_by_label("Kernel", exact=True).select_option("edge")
    explorer.get_by_label("7 × 7", exact=True).check(force=True)
    explorer.locator(".ro-unit").nth(3).click()
    assert_true(explorer)
    assert explorer.get_by_label("Terms kept, r", exact=True).input_value() == "4"
    explorer.get_by_label("Terms kept, r", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert_true(explorer)
    explorer.locator(".ro-unit").first.focus()
    page.keyboard.press("Enter")
    assert explorer.get_by_label("Terms kept, r", exact=True).input_value() == "1"
    typed = explorer.get_by_label("Terms kept, r, number")
    typed.fill("8")
    typed.press("Enter")
    assert explorer.locator(".cb-error", has_text="a 7 × 7 kernel is never more than 7 terms").count() == 1


def test_a_kernel_can_be_typed_and_drawn(explorer, page):
    cell = explorer.get_by_label("Row 0, column 2")
    cell.fill("-3.5")
    cell.press("Enter")
    assert kernel(explorer)[0, 2] == -3.5
    assert_true(explorer)
    cell.press("ArrowUp")
    assert kernel(explorer)[0, 2] == -2.5
    cell.fill("many")
    cell.press("Enter")
    assert "“many” does not fit; type a number from −999 to 999." in explorer.locator(".cb-error").all_inner_texts()
    cell.fill("0")
    cell.press("Enter")
    explorer.get_by_label("2", exact=True).check(force=True)
    first, last = (explorer.get_by_label(f"Row 1, column {c}").bounding_box() for c in (0, 2))
    page.mouse.move(first["x"] + 9, first["y"] + 9)
    page.mouse.down()
    page.mouse.move(last["x"] + 9, last["y"] + 9, steps=6)
    page.mouse.up()
    assert kernel(explorer)[1].tolist() == [2, 2, 2]
    assert_true(explorer)


def test_a_finger_draws_too_and_everything_fits_a_phone(book, open_page):
    page = open_page(**PHONE)
    explorer = opened(book, page)
    explorer.get_by_label("−1", exact=True).check(force=True)
    explorer.get_by_label("Row 0, column 0").tap()
    assert kernel(explorer)[0, 0] == -1
    explorer.get_by_label("Kernel", exact=True).select_option("line")
    explorer.get_by_label("7 × 7", exact=True).check(force=True)
    assert_true(explorer)
    assert_fits(explorer)


def test_a_prediction_hides_the_answer_and_is_judged(explorer):
    explorer.get_by_label("Predict first: hide the answer").check()
    for _ in range(4):
        explorer.get_by_role("button", name="Another question").click()
        assert not explorer.locator(".ro-answer").is_visible() and not explorer.locator(".ro-kernel").nth(1).is_visible()
        rank = np.linalg.matrix_rank(kernel(explorer))
        explorer.locator(".ro-guesses").get_by_role("button", name=str(rank), exact=True).click()
        assert explorer.locator(".ro-questions .cb-status").inner_text().startswith(f"Right: it takes {rank}, ")
        assert_true(explorer)
    explorer.get_by_role("button", name="Another question").click()
    rank = np.linalg.matrix_rank(kernel(explorer))
    explorer.locator(".ro-guesses").get_by_role("button", name=str(rank % 3 + 1), exact=True).click()
    assert explorer.locator(".ro-questions .cb-status").inner_text().startswith(f"Not {rank % 3 + 1}: it takes {rank}")
    explorer.get_by_role("button", name="Reset").click()
    assert explorer.locator(".ro-answer").is_visible()
