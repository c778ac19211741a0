"""NormCube on the built page: what it shows is what convbook computes, however it is touched."""

import re

import numpy as np
import pytest

from checks import assert_accessible, explorer_of
from convbook import ops

CHAPTER = "chapters/A2_normalization"


def opened(book, page):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", "NormCube")
    found.locator(".nc-numbers [data-cell]").first.wait_for()
    return found


@pytest.fixture
def cube(book, page):
    return opened(book, page)


def plane(cube, n, c):
    return cube.get_by_role("grid", name=f"image {n}, channel {c}", exact=True)


def numbers(cube):
    """The array that the grids show, (N, C, H, W)."""
    found = cube.locator(".nc-numbers [data-cell]:visible").evaluate_all(
        "all => all.map((n) => [...n.closest('svg').getAttribute('aria-label').match(/\\d+/g), ...n.dataset.cell.split(','), n.querySelector('text').textContent])")
    places = np.array([[int(v) for v in row[:4]] for row in found])
    x = np.zeros(places.max(axis=0) + 1)
    x[tuple(places.T)] = [float(row[4].replace("−", "-").replace(",", "")) for row in found]
    return x


def choose(cube, name):
    cube.get_by_label(name, exact=True).locator("xpath=..").click()  # the label: its radio button has no picture of its own


def filled(cube):
    return cube.locator(".nc-numbers .cb-nc-shared:visible").count()


def means(cube):
    if not cube.locator(".nc-table").is_visible():
        cube.get_by_text("All means and variances").first.click()
    return np.array([[float(v.replace("−", "-")) for v in row] for row in cube.locator(".nc-table tbody tr").evaluate_all(
        "all => all.map((row) => [...row.querySelectorAll('td')].slice(1).map((cell) => cell.textContent))")])


AXES = {"batch": (0, 2, 3), "layer": (1, 2, 3), "instance": (2, 3), "layer, per place": 1}


def test_every_method_fills_what_shares_the_mean_and_shows_the_true_numbers(cube):
    x = numbers(cube)
    N, C, H, W = x.shape
    for method, size in {"batch": N * H * W, "layer": C * H * W, "instance": H * W, "layer, per place": C, "group": C // 2 * H * W}.items():
        choose(cube, method)
        split = x.reshape(N, 2, C // 2, H, W) if method == "group" else x
        axes = (2, 3, 4) if method == "group" else AXES[method]
        assert filled(cube) == size
        assert np.allclose(means(cube), np.stack([split.mean(axes).ravel(), split.var(axes).ravel()], axis=1), atol=6e-4)
        assert f"{size - 1} other number" in cube.locator(".nc-said").inner_text()


def test_another_image_moves_the_means_of_batch_norm_only(cube):
    grow, shrink = "ArrowRight", "ArrowLeft"
    for method, moves in (("batch", True), ("group", False)):
        choose(cube, method)
        cube.get_by_label("N, images", exact=True).press(grow)
        said = cube.get_by_text("Means and variances since your last change").inner_text()
        assert ("moved" in said) == moves, said
        cube.get_by_label("N, images", exact=True).press(shrink)


def test_looking_at_the_batch_moves_the_running_statistics_and_inference_uses_them(cube):
    x = numbers(cube)
    C = x.shape[1]
    running = np.zeros(C), np.ones(C)
    for _ in range(3):
        cube.get_by_role("button", name="Look at this batch").click()
        running = ops.running_statistics(x, *running)
    choose(cube, "inference")
    assert filled(cube) == 0
    assert np.allclose(means(cube), np.stack(running, axis=1), atol=6e-4)
    choose(cube, "x̂")
    assert np.allclose(numbers(cube), ops.batch_norm(x, *running), atol=6e-2)
    cube.get_by_role("button", name="Forget").click()
    assert np.allclose(means(cube), [[0, 1]] * C)


def test_what_is_running_stays_when_the_batch_changes_and_takes_it_up_at_the_next_look(cube):
    x = numbers(cube)
    C = x.shape[1]
    cube.get_by_role("button", name="Look at this batch").click()
    running = ops.running_statistics(x, np.zeros(C), np.ones(C))
    choose(cube, "inference")
    choose(cube, "x̂")
    before = numbers(cube)
    field = cube.get_by_label("Picked number, number")
    field.fill("50")
    field.press("Enter")
    assert cube.get_by_text("Means and variances since your last change").inner_text().endswith(f"{C} stayed as they were.")
    assert np.argwhere(before != numbers(cube)).tolist() == [[0, 0, 0, 0]]
    assert np.allclose(means(cube), np.stack(running, axis=1), atol=6e-4)
    cube.get_by_role("button", name="Look at this batch").click()
    x[0, 0, 0, 0] = 50
    assert np.allclose(means(cube), np.stack(ops.running_statistics(x, *running), axis=1), atol=6e-3)


def test_scale_and_shift_can_undo_it(cube):
    x = numbers(cube)
    choose(cube, "batch")
    cube.get_by_role("button", name="Undo: γ = √(var + ε), β = mean").click()
    assert np.allclose(numbers(cube)[:, 0], x[:, 0], atol=0.02)
    assert not np.allclose(numbers(cube)[:, 1], x[:, 1], atol=0.5)


def test_the_keyboard_walks_the_numbers_and_picks_one(cube, page):
    plane(cube, 1, 2).locator("[data-cell]").first.focus()
    page.keyboard.press("ArrowRight")
    assert cube.locator(".nc-said").inner_text().startswith("Image 1, channel 2, row 0, column 1 shares")
    page.keyboard.press("Enter")
    field = cube.get_by_label("Picked number, number")
    field.fill("-7")
    field.press("Enter")
    assert numbers(cube)[1, 2, 0, 1] == -7
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Picked number"


def test_the_cube_can_be_pointed_at(cube):
    choose(cube, "layer")
    cube.locator('.nc-cube .nc-front[data-at="1,0,0,1"]').hover()
    assert cube.locator(".nc-said").inner_text().startswith("Image 1, channel 0, row 0, column 1 shares")
    cube.locator('.nc-cube .nc-front[data-at="1,0,0,1"]').click()
    assert cube.locator(".cb-pinned").count() == 1


def test_illegal_sizes_cannot_be_reached(cube):
    choose(cube, "batch")
    for name in ("H, height", "W, width", "N, images"):
        cube.get_by_label(name, exact=True).press("Home")
    shape = numbers(cube).shape
    assert shape[0] * shape[2] * shape[3] > 1
    field = cube.get_by_label("N, images, number")
    field.fill("9")
    field.press("Enter")
    assert "9 does not fit" in cube.locator(".cb-error").all_inner_texts()[0]
    choose(cube, "group")
    options = cube.get_by_label("Groups", exact=True).locator("option").all_inner_texts()
    assert all(shape[1] % int(G) == 0 for G in options)


def test_a_prediction_hides_colours_until_it_is_answered(cube):
    choose(cube, "instance")
    cube.get_by_label("predict first").check()
    assert filled(cube) == 0 and not cube.locator(".nc-facts").is_visible()
    x = numbers(cube)
    cube.get_by_label("Your answer").fill("999")
    cube.get_by_role("button", name="Check").click()
    answer = x.shape[2] * x.shape[3]
    assert f"Not quite. {answer}. It moves its mean" in cube.locator(".nc-questions").inner_text()
    assert filled(cube) == answer
    cube.get_by_role("button", name="Another question").click()
    assert filled(cube) == 0
    cube.get_by_label("Your answer").fill(str(x.shape[0] * x.shape[1]))
    cube.get_by_label("Your answer").press("Enter")
    assert re.search(r"Right\. \d+\. One for each channel of each image\.", cube.locator(".nc-questions").inner_text())


def test_a_finger_picks_a_number_and_nothing_is_cut_off_on_a_phone(book, open_page):
    page = open_page(width=360, height=740, has_touch=True, is_mobile=True)
    cube = opened(book, page)
    plane(cube, 1, 1).locator("[data-cell]").last.tap()
    assert cube.locator(".nc-said").inner_text().startswith("Image 1, channel 1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    outside = cube.evaluate("""root => { const edge = root.getBoundingClientRect();
        return [...root.querySelectorAll('*')].filter((n) => !n.closest('pre, .cb-unseen')).filter((n) => {
            const r = n.getBoundingClientRect(); return r.width && (r.right > edge.right + 1 || r.left < edge.left - 1); }).map((n) => n.outerHTML); }""")
    assert outside == []


def test_it_can_be_read_by_everyone(cube):
    cube.get_by_label("predict first").check()
    cube.get_by_role("button", name="Check").click()
    assert_accessible(cube)
