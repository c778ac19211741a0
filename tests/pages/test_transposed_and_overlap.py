"""TransposedViews and OverlapCounter on the built page: what they show is what convbook and NumPy compute, however they are touched."""

import random
import re

import numpy as np
import pytest

from checks import PHONE, assert_accessible, assert_fits, check, choose, drag, examples, explorer_of, number, play
from convbook import ops, shapes

CHAPTER = "chapters/04_transposed"
AXES = ("height", "width")
SETTINGS = ("Input x", "Kernel", "Stride", "Padding", "Output padding", "Dilation")


def opened(book, page, name):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", name)
    found.locator("svg[role] [tabindex]").first.wait_for()
    return found


# TransposedViews

@pytest.fixture
def views(book, page):
    return ready(opened(book, page, "TransposedViews"))


def ready(explorer):
    explorer.locator("details:not([open]) > summary").evaluate_all("all => all.forEach((summary) => { summary.parentNode.open = true; })")
    explorer.get_by_label("only what the steps so far have made").uncheck()
    choose(explorer, "uneven sides")
    check(explorer, "stamps")
    return explorer


def grid(explorer, part, name):
    """The numbers of one grid, without what is padding or cut off."""
    cells = explorer.locator(f".tv-{part} .cb-grid-{name} [data-cell]").evaluate_all(
        "all => all.map((g) => [...g.dataset.cell.split(',').map(Number), g.querySelector('text').textContent, g.getAttribute('class')])")
    real = {(r, c): number(text) for r, c, text, kind in cells if "cb-padding" not in kind}
    h, w = (max(at) + 1 for at in zip(*real))
    return np.array([[real[r, c] for c in range(w)] for r in range(h)])


def cell(explorer, part, name, row, column):
    return explorer.locator(f'.tv-{part} .cb-grid-{name} [data-cell="{row},{column}"]')


def layer(explorer):
    said = explorer.evaluate("root => Object.fromEntries([...root.querySelectorAll('input[type=text]')].map((n) => [n.getAttribute('aria-label'), n.value]))")
    n, k, s, p, extra, d = (tuple(int(said[f"{name} {axis}, number"]) for axis in AXES) for name in SETTINGS)
    return n, k, {"stride": s, "padding": p, "dilation": d}, extra


def assert_views_true(explorer):
    """All numbers at once, with all three views open: the grids, both size formulas, p and p'."""
    n, k, options, extra = layer(explorer)
    x, w, X = grid(explorer, "scatter", "input"), grid(explorer, "direct", "kernel"), grid(explorer, "direct", "input")
    assert (x.shape, w.shape) == (n, k)
    y = ops.conv_transpose2d(x[None], w[None, None], output_padding=extra, **options)[0]
    assert np.array_equal(grid(explorer, "scatter", "output"), y) and np.array_equal(grid(explorer, "insert", "output"), y)
    assert np.array_equal(grid(explorer, "direct", "output"), ops.conv2d(X[None], w[None, None], **options)[0])
    assert X.shape == y.shape
    for a, (axis, formula) in enumerate(zip(AXES, explorer.locator(".tv-formula").nth(1).locator("p").all_inner_texts()[1:])):
        size = shapes.conv_transpose_output_size(n[a], k[a], output_padding=extra[a], **{name: v[a] for name, v in options.items()})
        assert formula.startswith(axis) and formula.endswith(f"= {size}") and size == y.shape[a]
    trips = explorer.locator(".tv-trip").all_inner_texts()
    assert trips == [f"{o} → {i} → {o}" for o, i in zip(y.shape, n)]
    border = [d * (taps - 1) - p for d, taps, p in zip(options["dilation"], k, options["padding"])]
    said = explorer.locator(".tv-names").inner_text()
    assert [int(v) for v in re.findall(r"= (\d+)(?=,| the border)", said.split("p′")[1].split("\n")[0] + " the border")][-1] == border[1]
    assert f"same {y.size} numbers" in explorer.locator(".tv-verdict").inner_text()
    assert not explorer.locator(".cb-error", has_text=re.compile(".")).count()


def test_every_example_of_the_views_tells_the_truth(views):
    check(views, "all")
    for name in examples(views):
        choose(views, name)
        assert_views_true(views)
        assert ("its numbers are not" in views.locator(".tv-verdict").inner_text()) == name.startswith("no inverse")


def test_a_random_walk_over_all_settings_meets_no_error(views):
    check(views, "all")
    draw = random.Random(4)
    for _ in range(30):
        if draw.random() < 0.8:
            slider = views.get_by_label(f"{draw.choice(SETTINGS)} {draw.choice(AXES)}", exact=True)
            if slider.is_enabled():
                drag(slider, draw.random())
        else:
            control = views.get_by_label(draw.choice(["Numbers of x", "Numbers of the kernel"]), exact=True)
            control.select_option(draw.choice(control.locator("option").evaluate_all("all => all.map((o) => o.value)")))
        assert_views_true(views)


def test_a_slider_ends_where_the_layer_would_become_impossible(views):
    typed = views.get_by_label("Padding height, number", exact=True)
    typed.fill("3")
    typed.press("Enter")
    assert views.locator(".cb-error", has_text="Padding").inner_text() == (
        "Padding height: 3 does not fit, as padding must be at most d (k - 1) = 2, or p′ = d (k - 1) - p would be negative; type a whole number from 0 to 2.")
    assert views.get_by_label("Output padding height", exact=True).get_attribute("max") == "1"


def test_an_input_shows_where_it_is_stamped_and_the_direct_window_is_the_same(views):
    cell(views, "scatter", "input", 0, 1).hover()
    stamped = views.locator(".tv-scatter .cb-is-fed").evaluate_all("all => all.map((g) => [g.dataset.cell, g.querySelector('.cb-badge').textContent])")
    assert stamped == [[f"{r},{c}", f"+{2 * (3 * r + c - 2 + 1)}"] for r in range(3) for c in range(2, 5)]
    read = views.locator(".tv-direct .cb-grid-input .cb-is-tap").evaluate_all("all => all.map((g) => g.dataset.cell)")
    assert read == [at for at, _ in stamped]
    assert views.locator(".tv-scatter .cb-grid-kernel .cb-grid-name").inner_text() == "stamp 2 · w"


@pytest.mark.parametrize("view, part", [("stamps", "scatter"), ("zero-insertion", "insert")])
def test_an_output_shows_what_it_sums(views, view, part):
    check(views, view)
    y = grid(views, part, "output")
    for r, c in ((2, 3), (0, 0), (4, 4)):
        cell(views, part, "output", r, c).hover()
        said = views.locator(".tv-sum-transposed").inner_text()
        assert f"y({r}, {c}) sums" in said
        line = next(line for line in said.split("\n") if " = " in line and "x(" not in line)
        products, total = line.rsplit("=", 1)
        assert sum(number(a) * number(b) for a, b in re.findall(r"([−\d]+)·\(?([−\d]+)\)?", products)) == number(total) == y[r, c]


def test_a_row_of_the_transposed_matrix_is_an_output(views):
    check(views, "Cᵀ x", "outputs")
    sheet = views.locator(".tv-block").nth(1).locator("svg")
    frame = sheet.locator(".tv-frame").first
    tall = float(frame.get_attribute("height"))
    sheet.hover(position={"x": 60, "y": 1 + 17.5 * tall})
    assert "y(2, 3) sums 2 stamps" in views.locator(".tv-sum-transposed").inner_text()
    assert float(frame.get_attribute("y")) == 1 + 17 * tall
    column = views.locator(".tv-block").first.locator(".tv-frame")
    assert float(column.get_attribute("height")) > float(column.get_attribute("width")), "a column of C"


def test_a_click_pins_and_escape_unpins_and_arrow_keys_walk(views, page):
    target = cell(views, "scatter", "output", 2, 2)
    target.click()
    assert target.get_attribute("aria-selected") == cell(views, "direct", "input", 2, 2).get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert views.locator('[aria-selected="true"]').count() == 0
    page.mouse.move(0, 0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.cell") == "3,3"
    assert "y(3, 3) sums" in views.locator(".tv-sum-transposed").inner_text()
    page.keyboard.press("Enter")
    assert views.locator('[role="status"].cb-unseen').inner_text().startswith("Transposed: y(3, 3) sums")


def test_stamps_add_up_step_by_step(views):
    views.get_by_label("only what the steps so far have made").check()
    assert grid(views, "scatter", "output")[0].tolist() == [1, 2, 3, 0, 0, 0, 0]
    views.get_by_role("button", name="Next step").click()
    assert grid(views, "scatter", "output")[0].tolist() == [1, 2, 5, 4, 6, 0, 0]
    play(views)
    views.get_by_label("only what the steps so far have made").uncheck()
    assert views.locator(".cb-place").inner_text() == "6 / 6"


def test_the_views_fit_a_phone_and_a_finger_picks(book, open_page):
    views = ready(opened(book, open_page(**PHONE), "TransposedViews"))
    cell(views, "scatter", "output", 1, 2).tap()
    assert "y(1, 2) sums" in views.locator(".tv-sum-transposed").inner_text()
    check(views, "all")
    for name in examples(views):
        choose(views, name)
        assert_fits(views, scrolls=".tv-scroll")


# OverlapCounter

@pytest.fixture
def counter(book, page):
    return counted(opened(book, page, "OverlapCounter"))


def counted(explorer):
    choose(explorer, "k = 3, s = 2: uneven")
    return explorer


def stack(explorer):
    """(k, s, weights) of each layer as the controls say, the length of the input, the method."""
    found = []
    for line in explorer.locator(".oc-layer:not([hidden])").all():
        k, s, w = (node.input_value() for node in line.locator("input[type=text]").all())
        found.append((int(k), int(s), [number(v) for v in w.split()]))
    resize = explorer.get_by_label("resize first").is_checked()
    return found, int(explorer.get_by_label("Input length", exact=True).input_value()), "resize" if resize else "transposed"


def rows(layers, n, method):
    """Each row by NumPy alone, with its interior: what a much longer input has in its middle, too."""
    row, all_rows = np.ones(n), []
    for k, s, w in layers:
        assert len(w) == k
        if method == "resize":
            row = np.repeat(row, s)
        else:
            row = np.kron(row, [1, *[0] * (s - 1)])[:s * (len(row) - 1) + 1]
        row = np.convolve(row, w)
        all_rows.append(row)
    return all_rows


def shown(explorer, row):
    labels = explorer.locator(f'.oc-unit[data-at^="{row},"]').evaluate_all("all => all.map((g) => g.getAttribute('aria-label'))")
    return [number(label.rsplit(": ", 1)[1]) for label in labels]


def assert_counter_true(explorer):
    layers, n, method = stack(explorer)
    for l, row in enumerate(rows(layers, n, method)):
        assert np.allclose(shown(explorer, l + 1), row, atol=0.03 * max(1, abs(row).max())), "weights are written with two digits"
    period = int(np.prod([s for _, s, _ in layers]))
    long = rows(layers, 24, method)[-1]
    pattern = long[len(long) // 2:len(long) // 2 + period]
    headline = explorer.locator(".oc-headline").inner_text()
    said = [number(v.rstrip(".,")) for v in re.findall(r"(?:is|largest) (−?[\d.,]+)", headline)]
    assert np.allclose([min(said), max(said)], [pattern.min(), pattern.max()], atol=0.03 * max(1, pattern.max()))
    assert headline.startswith("Even") == np.isclose(pattern.min(), pattern.max(), atol=0.011)


def test_every_example_of_the_counter_tells_the_truth(counter):
    for name in examples(counter):
        choose(counter, name)
        assert_counter_true(counter)


def test_counts_of_one_layer_are_written_over_the_piles_and_read_out(counter):
    assert counter.locator('.oc-unit[data-at^="1,"] text').all_text_contents() == list("1121212121211")
    assert counter.locator(".oc-headline").inner_text() == (
        "Uneven: in the interior the smallest count is 1, the largest 2. The pattern repeats every 2 positions: 1, 2, from position 1 on.")
    assert "inside from 1 to 4" in counter.locator("canvas").get_attribute("aria-label")
    counter.get_by_label("Layer 1, kernel k, number").fill("4")
    counter.get_by_label("Layer 1, kernel k, number").press("Enter")
    assert counter.locator(".oc-headline").inner_text() == "Even: in the interior every count is 2."
    check(counter, "random")
    assert counter.locator(".oc-headline").inner_text().startswith("Uneven")
    assert "Even counts are not sufficient" in counter.locator(".oc-facts").inner_text()


def test_own_weights_can_be_typed_and_what_does_not_fit_is_refused_kindly(counter):
    typed = counter.get_by_label("Layer 1, weights")
    typed.fill("1 2")
    typed.press("Enter")
    assert counter.locator(".cb-error", has_text="Weights").inner_text() == "Weights of layer 1: “1 2” does not fit; type 3 numbers from −99 to 99, such as 1 1 1."
    assert typed.input_value() == "1 2"
    typed.fill("0.5, 1, 0.5")
    typed.press("Enter")
    assert counter.locator(".oc-headline").inner_text() == "Even: in the interior every value is 1 for an input of ones."
    assert counter.get_by_label("own", exact=True).is_checked()


def test_layers_come_and_go_and_limits_keep_every_state_legal(counter):
    draw = random.Random(2)
    for _ in range(25):
        kind = draw.random()
        if kind < 0.2 and counter.get_by_role("button", name="Add a layer").is_enabled():
            counter.get_by_role("button", name="Add a layer").click()
        elif kind < 0.3 and counter.get_by_role("button", name="Remove layer 1").is_enabled():
            counter.get_by_role("button", name="Remove layer 1").click()
        else:
            sliders = counter.locator(".oc-layers input[type=range]").all()
            slider = draw.choice([one for one in sliders if one.is_visible()])
            if slider.is_enabled():
                drag(slider, draw.random())
        assert_counter_true(counter)


def test_a_position_says_which_stamps_hit_it_by_mouse_and_by_key(counter, page):
    box = counter.locator('.oc-unit[data-at="1,4"] rect').bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    said = counter.locator("p.oc-here")
    assert said.inner_text() == "Layer 1, position 4: 2 stamps, from input 1 and input 2: 1·1 + 1·1 = 2."
    page.mouse.move(0, 0)
    counter.locator('.oc-unit[tabindex="0"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    assert said.inner_text() == "Layer 1, position 0: 1 stamp, from input 0: 1·1 = 1."
    page.keyboard.press("Enter")
    assert counter.locator('.oc-unit[data-at="1,0"]').get_attribute("aria-pressed") == "true"
    page.keyboard.press("Escape")
    assert counter.locator('[aria-pressed="true"]').count() == 0


def test_the_player_lays_one_stamp_after_another(counter):
    counter.get_by_label("Go to stamp").evaluate("s => { s.value = 0; s.dispatchEvent(new Event('input', {bubbles: true})); }")
    assert shown(counter, 1) == [1, 1, 1] + [0] * 10
    counter.get_by_role("button", name="Next stamp").click()
    assert shown(counter, 1) == [1, 1, 2, 1, 1] + [0] * 8
    play(counter)
    assert shown(counter, 1) == [1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1]


def test_the_counter_fits_a_phone_and_a_finger_picks(book, open_page):
    counter = counted(opened(book, open_page(**PHONE), "OverlapCounter"))
    counter.locator('.oc-unit[data-at="1,6"]').tap()
    assert counter.locator("p.oc-here").inner_text().startswith("Layer 1, position 6: 2 stamps")
    for name in examples(counter):
        choose(counter, name)
        assert_fits(counter, scrolls=".oc-scroll")


# Both

@pytest.mark.parametrize("name", ["TransposedViews", "OverlapCounter"])
def test_everybody_can_read_it(book, page, name):
    explorer = opened(book, page, name)
    if name == "TransposedViews":
        check(explorer, "all")
        choose(explorer, "output_padding 1: one more")
    else:
        choose(explorer, "three layers, k = 3, s = 2")
    assert_accessible(explorer)


def test_reset_brings_back_the_first_state(book, page):
    for name, example in (("TransposedViews", "dilation 2"), ("OverlapCounter", "k = 2, s = 3: holes")):
        explorer = opened(book, page, name)
        seen = lambda: explorer.locator("svg [aria-label]").evaluate_all("all => all.map((g) => g.getAttribute('aria-label'))")  # noqa: E731, B023
        first = seen()
        choose(explorer, example)
        assert seen() != first
        explorer.get_by_role("button", name="Reset").click()
        assert seen() == first
