"""InceptionPricer on the built page: what it shows is what PyTorch counts, by mouse, touch and keyboard."""

import json
import random
import re

import pytest

from checks import PHONE, assert_accessible, assert_fits, enter, explorer_of, number, says_nothing_strange
from conftest import ROOT

CHAPTER = "chapters/07_inception"
CASES = json.loads((ROOT / "tests" / "cases" / "inception_pricer.json").read_text())


def opened(book, page):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", "InceptionPricer")
    found.locator(".ip-layer").first.wait_for()
    return found


@pytest.fixture
def pricer(book, page):
    return opened(book, page)


def rows(pricer):
    """{branch: [without reductions, this module, share]}"""
    found = pricer.locator(".ip-table tbody tr").evaluate_all("all => all.map((r) => [...r.children].map((c) => c.textContent))")
    return {name: [number(cell) for cell in cells] for name, *cells in found}


def headline(pricer):
    return pricer.locator(".ip-headline").inner_text()


def test_each_example_costs_what_pytorch_counts(pricer):
    for row in CASES:
        if not row["preset"]:
            continue
        pricer.get_by_label("Example").select_option(row["preset"])
        pricer.get_by_label("MACs", exact=True).check(force=True)
        assert headline(pricer).startswith(f"{row['weights']:,} weights and {row['biases']:,} biases, {row['macs']:,} MACs, {row['out']:,} channels")
        table = rows(pricer)
        assert table["all"][1] == row["macs"] == sum(cells[1] for name, cells in table.items() if name != "all")
        pricer.get_by_label("weights", exact=True).check(force=True)
        assert rows(pricer)["all"][1] == row["weights"]
        joined = pricer.locator(".ip-module").nth(1).locator("svg .ip-note").text_content()
        assert joined == f"joined: {row['out']:,} channels"  # the drawing shows the same module


def test_taking_the_reductions_away_one_by_one_leads_to_the_naive_module(pricer):
    for label in ("1 × 1 before the 3 × 3", "1 × 1 before the 5 × 5", "1 × 1 after the pooling"):
        pricer.get_by_label(label).uncheck()
    bare = next(row for row in CASES if row["preset"] == "3a without reductions")
    assert headline(pricer).startswith(f"{bare['weights']:,} weights") and headline(pricer).endswith("This is the naive module.")
    assert rows(pricer)["all"][0] == rows(pricer)["all"][1] == bare["macs"]
    assert pricer.get_by_label("3 × 3, reduced to", exact=True).is_disabled()
    pricer.get_by_role("button", name="Reset").click()
    assert headline(pricer).startswith("163,328 weights")


def test_a_typed_width_counts_and_one_that_does_not_fit_is_refused(pricer):
    width = pricer.get_by_label("3 × 3, channels out, number")
    enter(width, 130)
    assert rows(pricer)["3 × 3"][1] == 784 * (192 * 96 + 9 * 96 * 130)
    width.press("ArrowUp")
    assert rows(pricer)["3 × 3"][1] == 784 * (192 * 96 + 9 * 96 * 131)
    enter(width, 600)
    assert "600 does not fit" in pricer.locator(".cb-error:not(:empty)").inner_text()
    assert rows(pricer)["3 × 3"][1] == 784 * (192 * 96 + 9 * 96 * 131)


def test_a_slider_moves_with_the_arrow_keys(pricer):
    slider = pricer.get_by_label("Pooling, projected to", exact=True)
    slider.focus()
    slider.press("ArrowRight")
    assert rows(pricer)["pool"][1] == 784 * 192 * 33


def test_a_box_tells_its_sum_to_the_mouse_and_to_the_keyboard(pricer, page):
    about = pricer.locator(".ip-about")
    module = pricer.locator(".ip-module").nth(1)
    module.locator('[data-key="5x5 main"]').hover()
    assert "5·5·16·32 = 12,800 weights; at 28·28 = 784 places: 10,035,200 MACs" in about.inner_text()
    module.locator('[data-key="1x1 main"]').focus()
    page.mouse.move(0, 0)
    page.keyboard.press("ArrowRight")
    assert "reduction before the 3 × 3: 192·96 = 18,432 weights" in about.inner_text()
    page.keyboard.press("Enter")
    assert module.locator('[aria-pressed="true"]').get_attribute("data-key") == "3x3 reduce"
    page.keyboard.press("End")
    assert "projection after the pooling" in about.inner_text()


def test_predicting_hides_the_costs_until_there_is_an_answer(pricer):
    pricer.get_by_label("Example").select_option("GoogLeNet 4e")
    pricer.get_by_label("Predict first").check()
    assert not re.search(r"\d,\d{3},\d{3}", pricer.inner_text())
    pricer.get_by_role("button", name="Check").click()
    assert pricer.locator(".ip-questions .cb-error").inner_text() == "Choose a branch first."
    pricer.get_by_role("radiogroup", name="Which branch").get_by_label("5 × 5", exact=True).check(force=True)
    pricer.get_by_label("How many times as much").fill("2.9")
    pricer.get_by_role("button", name="Check").click()
    said = pricer.locator(".cb-status:visible").first.inner_text()
    bare = 196 * 528 * (256 + 9 * 320 + 25 * 128)
    factor = bare / 169_996_288
    assert said.startswith("Not that one: the 3 × 3 branch needs the most MACs.") and f"{factor:.2f} times as many" in said
    assert rows(pricer)["all"][:2] == [bare, 169_996_288]
    pricer.get_by_label("Pooling, projected to, number").fill("100")
    pricer.get_by_label("Pooling, projected to, number").press("Enter")
    assert pricer.locator(".ip-questions").is_visible() and "?" in pricer.locator(".ip-table").inner_text()


def test_the_code_to_copy_builds_this_module(pricer):
    torch = pytest.importorskip("torch")
    pricer.get_by_label("1 × 1 before the 5 × 5").uncheck()
    pricer.locator("summary", has_text="The module in PyTorch").click()
    space = {}
    exec(pricer.locator(".cb-code code").inner_text().replace("\xa0", " "), space)
    assert tuple(space["y"].shape) == (1, 256, 28, 28)
    assert sum(p.numel() for p in space["branches"].parameters() if p.ndim == 4) == int(re.sub(r"\D", "", headline(pricer).split(" weights")[0]))
    assert torch.is_tensor(space["y"])


def test_a_finger_does_all_of_it_on_a_phone(book, open_page):
    pricer = opened(book, open_page(**PHONE))
    pricer.get_by_label("1 × 1 before the 3 × 3").tap()
    assert rows(pricer)["3 × 3"][1] == 784 * 9 * 192 * 128
    pricer.locator(".ip-module").nth(1).locator('[data-key="pool project"]').tap()
    assert "projection after the pooling" in pricer.locator(".ip-about").inner_text()
    assert_fits(pricer)


def test_everybody_can_read_it(pricer):
    pricer.get_by_label("Predict first").check()
    assert_accessible(pricer)


def test_a_random_walk_over_all_controls_stays_legal(pricer):
    draw = random.Random(7)
    for _ in range(50):
        control = draw.choice(pricer.locator("button:visible:enabled, input:visible:enabled").all())
        kind = control.get_attribute("type")
        if kind == "text":
            control.fill(draw.choice(["", "7", "-3", "abc", "96", "9" * 30]))
            control.press("Enter")
        elif kind == "range":
            control.press(draw.choice(["Home", "End", "ArrowLeft"]))
        else:
            control.click(force=True)
        says_nothing_strange(pricer)
    pricer.get_by_label("Predict first").uncheck()
    table = rows(pricer)
    assert table["all"][1] == sum(cells[1] for name, cells in table.items() if name != "all")
