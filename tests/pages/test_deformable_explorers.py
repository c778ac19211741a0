"""DeformableSampler and RoIBins on the built page: what they show is what convbook computes, however they are touched."""

import re

import pytest

from checks import PHONE, assert_accessible, assert_fits, explorer_of, number
from convbook.explorers import DeformableSampler, RoIBins

CHAPTER = "chapters/09_deformable"


def opened(book, page, name):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", name)
    found.locator("svg[role] [tabindex]").first.wait_for()
    return found


# DeformableSampler

@pytest.fixture
def sampler(book, page):
    return opened(book, page, "DeformableSampler")


def state(sampler):
    """The layer that the controls and the list of channels show."""
    said = " ".join(sampler.locator(".ds-pair").evaluate_all("all => all.map((n) => n.getAttribute('aria-label'))"))
    offsets = [number(v) for v in re.findall(r"d[yx] = (−?[\d.]+)", said)]
    channels = [int(v) for v in re.findall(r"channel (\d+)", said)]
    assert channels == list(range(18))
    return {
        "offsets": offsets, "at": tuple(int(sampler.get_by_label(f"Output {name}, number").input_value()) for name in ("row", "column")),
        "dilation": int(sampler.get_by_label("Dilation").input_value()), "modulated": sampler.get_by_label("Modulated").is_checked(),
    }


def agrees(sampler, **more):
    expected = DeformableSampler(**state(sampler), **more)
    assert number(sampler.locator("strong.ds-output").inner_text()) == pytest.approx(expected.value, abs=6e-4)
    still = DeformableSampler(**{**state(sampler), "offsets": (0,) * 18, "modulated": False})
    assert number(re.search(r"gives (\S+) here", sampler.locator(".ds-sum").inner_text())[1]) == pytest.approx(still.value, abs=6e-4)


def test_every_preset_gives_the_sum_of_convbook(sampler):
    agrees(sampler)
    for name in ("plain", "scaled", "aspect", "rotated", "dilated", "random"):
        sampler.get_by_label("Grid", exact=True).select_option(name)
        agrees(sampler)
        assert sampler.get_by_label("Grid", exact=True).input_value() == name
    sampler.get_by_label("Dilation").select_option("2")
    agrees(sampler)
    sampler.get_by_label("Output row, number").fill("0")
    sampler.get_by_label("Output row, number").press("Enter")
    agrees(sampler)


def test_a_slider_turns_the_grid(sampler):
    sampler.get_by_label("Grid", exact=True).select_option("rotated")
    angle = sampler.get_by_label("rotated, angle, °, number")
    angle.fill("90")
    angle.press("Enter")
    assert state(sampler)["offsets"][:4] == [2, 0, 1, -1]  # from upper left to lower left
    agrees(sampler)


def test_keys_move_the_chosen_tap_by_the_step_and_home_takes_its_offset_away(sampler):
    sampler.get_by_label("Grid", exact=True).select_option("plain")
    tap = sampler.locator('[data-tap="5"]')
    tap.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
        tap.press(key)
    assert state(sampler)["offsets"][10:12] == [0.5, -0.25]
    agrees(sampler)
    tap.press("Home")
    assert state(sampler)["offsets"] == [0] * 18
    tap.press("3")
    assert sampler.locator('[data-tap="3"]').get_attribute("aria-pressed") == "true"
    sampler.get_by_label("Arrow keys move by").select_option("1")
    sampler.locator('[data-tap="3"]').press("ArrowUp")
    assert state(sampler)["offsets"][6:8] == [-1, 0]


def test_a_mouse_drags_a_tap_and_a_click_moves_the_output(sampler, page):
    sampler.get_by_label("Grid", exact=True).select_option("plain")
    sampler.locator(".ds-svg").scroll_into_view_if_needed()
    box = sampler.locator('[data-tap="8"] .ds-dot').bounding_box()
    unit = float(sampler.locator(".ds-middle").get_attribute("width"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2 * unit, y + unit, steps=4)
    page.mouse.up()
    dy, dx = state(sampler)["offsets"][16:]
    assert (dy, dx) == (pytest.approx(1, abs=0.2), pytest.approx(2, abs=0.2))
    agrees(sampler)
    before = state(sampler)["at"]
    page.mouse.click(x - 5 * unit, y + 3 * unit)
    assert state(sampler)["at"] != before
    agrees(sampler)


def test_a_mask_counts_in_version_2_only(sampler):
    sampler.get_by_label("Modulated").check()
    field = sampler.get_by_label("Mask of this tap, number")
    field.fill("0.25")
    field.press("Enter")
    mask = [1] * 9
    mask[5] = 0.25
    agrees(sampler, mask=mask)
    sampler.get_by_label("Modulated").uncheck()
    agrees(sampler)


def test_a_wrong_number_is_refused_with_what_would_fit(sampler):
    field = sampler.get_by_label("Offset dy of this tap, number")
    field.fill("40")
    field.press("Enter")
    assert "40 does not fit; type a number from −16 to 16" in sampler.locator(".cb-error:not(:empty)").inner_text()


def test_it_can_be_asked_and_says_what_is_right(sampler):
    sampler.get_by_label("Let me predict first").check()
    assert "y = ?" in sampler.locator(".ds-sum").inner_text() and "It reads ?" in sampler.locator(".ds-reads").inner_text()
    sampler.get_by_label("Your answer").fill("1000")
    sampler.get_by_role("button", name="Check").click()
    assert "Not quite." in sampler.locator(".ds-quiz").inner_text()
    sampler.get_by_role("button", name="Another question").click()
    asked = sampler.locator(".ds-quiz").inner_text()
    tap, axis = int(re.search(r"tap (\d)", asked)[1]), re.search(r"stands (d[xy])", asked)[1]
    sampler.get_by_label("Your answer").fill(str(2 * tap + (axis == "dx")))
    sampler.get_by_role("button", name="Check").click()
    assert "Right." in sampler.locator(".ds-quiz").inner_text() and "1 of 2 right" in sampler.locator(".ds-quiz").inner_text()


def test_reset_brings_back_what_the_page_came_with(sampler):
    first = state(sampler)
    sampler.get_by_label("Grid", exact=True).select_option("random")
    sampler.get_by_role("button", name="Reset").click()
    assert state(sampler) == first


# RoIBins

@pytest.fixture
def bins(book, page):
    return opened(book, page, "RoIBins")


def region(bins):
    def value(label):
        return number(bins.get_by_label(label, exact=True).input_value())

    return {
        "roi": tuple(value(f"Region, {name}, number") for name in ("left, x1", "top, y1", "right, x2", "bottom, y2")),
        "bins": tuple(int(bins.get_by_label(f"Bins {name}").input_value()) for name in ("down", "across")),
        "sensitive": bins.get_by_label("position-sensitive", exact=True).is_checked(),
    }


def same_averages(bins, **more):
    shown = [number(text) for text in bins.locator(".rb-average").all_inner_texts()]
    expected = [v for row in RoIBins(**region(bins), **more).pooled for v in row]
    assert shown == pytest.approx(expected, abs=6e-3)


def test_averages_follow_the_region_and_the_bins(bins):
    same_averages(bins)
    for label, value in (("right, x2", "8.5"), ("top, y1", "0.5")):
        field = bins.get_by_label(f"Region, {label}, number", exact=True)
        field.fill(value)
        field.press("Enter")
        same_averages(bins)
    bins.get_by_label("Bins across").select_option("3")
    same_averages(bins)
    bins.get_by_label("position-sensitive", exact=True).check(force=True)
    same_averages(bins)
    assert bins.locator(".rb-maps button").count() == 6


def test_bins_move_apart_and_a_key_moves_one(bins):
    bins.get_by_label("Move the bins").check()
    same_averages(bins)
    bins.get_by_role("button", name="Push apart").click()
    same_averages(bins, moved=True, offsets=(-1.5, -1.5, 1.5, 1.5, -1.5, 1.5, -1.5, 1.5))
    bins.get_by_role("button", name="All zero").click()
    knob = bins.locator(".rb-knob")
    knob.focus()
    knob.press("ArrowRight")
    knob.press("ArrowRight")
    same_averages(bins, moved=True, offsets=(0, 0, 0, 0, 0, 0.2, 0, 0))


def test_keys_and_the_mouse_move_the_region(bins, page):
    left, top, right, bottom = region(bins)["roi"]
    body = bins.locator(".rb-region")
    body.focus()
    body.press("ArrowRight")
    assert region(bins)["roi"] == (left + 0.5, top, right + 0.5, bottom)
    bins.locator('[data-part="last"]').press("ArrowDown")
    assert region(bins)["roi"] == (left + 0.5, top, right + 0.5, bottom + 0.5)
    bins.locator(".rb-svg").scroll_into_view_if_needed()
    box = body.bounding_box()
    unit = box["height"] / (bottom + 0.5 - top)
    page.mouse.move(box["x"] + 1.2 * unit, box["y"] + 1.2 * unit)
    page.mouse.down()
    page.mouse.move(box["x"] + 2.2 * unit, box["y"] + 2.2 * unit, steps=4)
    page.mouse.up()
    assert region(bins)["roi"] == (left + 1.5, top + 1, right + 1.5, bottom + 1.5)
    same_averages(bins)


def test_a_bin_is_asked_for(bins):
    bins.get_by_label("Let me predict first").check()
    here = bins.locator('.rb-average[aria-pressed="true"]')
    assert here.inner_text() == "?"
    at = bins.locator(".rb-average").evaluate_all("all => all.findIndex((n) => n.getAttribute('aria-pressed') === 'true')")
    answer = [v for row in RoIBins(**region(bins)).pooled for v in row][at]
    bins.get_by_label("Your answer").fill(f"{answer:.3f}")
    bins.get_by_role("button", name="Check").click()
    assert "Right." in bins.locator(".rb-quiz").inner_text() and number(here.inner_text()) == pytest.approx(answer, abs=6e-3)


@pytest.mark.parametrize("name", ["DeformableSampler", "RoIBins"])
def test_both_fit_a_phone_and_answer_a_finger(book, open_page, name):
    page = open_page(**PHONE)
    explorer = opened(book, page, name)
    assert_fits(explorer)
    if name == "DeformableSampler":
        explorer.locator(".ds-pair").nth(2).tap()
        assert explorer.locator('[data-tap="2"]').get_attribute("aria-pressed") == "true"
    else:
        explorer.locator(".rb-average").nth(2).tap()
        assert "Bin (1, 0)" in explorer.inner_text()


@pytest.mark.parametrize("name", ["DeformableSampler", "RoIBins"])
def test_nothing_is_hidden_from_a_screen_reader(book, page, name):
    explorer = opened(book, page, name)
    assert_accessible(explorer)
    assert explorer.get_attribute("aria-label")
