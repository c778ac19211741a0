"""The ReceptiveField explorer on the built page: what it says is what convbook computes, however it is touched."""

import random
import re

import numpy as np
import pytest

from checks import PHONE, assert_accessible, choose, examples, explorer_of

from convbook import gridding, shapes

CHAPTER = "chapters/01_vanilla"


@pytest.fixture
def explorer(book, page):
    return opened(book, page)


def opened(book, page):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", "ReceptiveField")
    found.locator(".rf-unit").first.wait_for()
    if found.get_by_label("Let me predict first").is_checked():
        found.get_by_label("Let me predict first").uncheck()
    return found


def stack(explorer):
    """Layers (k, s, p, d) as the controls show them, the input's side first, and the input's length; p (before, 0) if causal."""
    read = """root => [...root.querySelectorAll('.rf-layer:not([hidden])')].reverse().map(line =>
        [...line.querySelectorAll('.rf-parts select')].map(s => s.options[s.selectedIndex].text))"""
    number = lambda text: (int(re.search(r"\d+", text)[0]), 0) if "causal" in text else int(re.search(r"\d+", text)[0])
    layers = [tuple(map(number, line)) for line in explorer.evaluate(read)]
    return layers, int(explorer.get_by_label("Input length", exact=True).input_value())


def lengths(layers, n):
    for layer in layers:
        n = len(taps(layer, n))
        yield n


def taps(layer, n):
    """The inputs that each unit reads, -1 for padding; a causal layer is one without padding on a row that is longer."""
    k, s, p, d = layer
    if not isinstance(p, tuple):
        return shapes.conv_taps(n, k, stride=s, padding=p, dilation=d)
    return [[max(at - p[0], -1) for at in unit] for unit in shapes.conv_taps(n + p[0], k, stride=s, dilation=d)]


def field_of(layers):
    """The field as `shapes` computes it. Padding before only moves it, by d (k - 1) / 2 jumps more than padding on both sides."""
    alike = [(k, s, p[0] // 2 if isinstance(p, tuple) else p, d) for k, s, p, d in layers]
    field, jump, start = shapes.receptive_field(alike), 1, 0
    for (_, s, p, _), (_, _, half, _) in zip(layers, alike):
        start -= jump * (p[0] - half if isinstance(p, tuple) else 0)
        jump *= s
    return field._replace(start=field.start + start)


def table(explorer):
    rows = explorer.evaluate("root => [...root.querySelectorAll('.rf-table tbody tr:not(.rf-how)')].map(r => [...r.cells].slice(1).map(c => c.textContent))")
    return [tuple(float(cell.replace("−", "-").replace(",", "")) for cell in row) for row in rows]


def expected_table(layers, n):
    units = [n, *lengths(layers, n)]
    return [(units[l], *field_of(layers[:l])) for l in range(len(layers) + 1)]


def paths(layers, n, unit):
    """Number of paths from each input pixel to a unit of the top row: a product of 0-1 matrices, built from convbook's taps."""
    counts = np.eye(n, dtype=int)
    for layer in layers:
        each = taps(layer, len(counts))
        step = np.zeros((len(each), len(counts)), dtype=int)
        for i, read in enumerate(each):
            for at in read:
                if at >= 0:
                    step[i, at] += 1
        counts = step @ counts
    return counts[unit]


def shown_unit(explorer):
    row, unit = explorer.locator('.rf-unit[data-state="here"]').get_attribute("data-at").split(",")
    return int(row), int(unit)


def bars(explorer):
    return [int(text) for text in explorer.evaluate("root => [...root.querySelectorAll('.rf-count')].map(t => t.textContent)")]


def assert_true(explorer):
    """All that the explorer says is so: its table, its bars, its sentences."""
    layers, n = stack(explorer)
    assert table(explorer) == expected_table(layers, n)
    row, unit = shown_unit(explorer)
    counts = paths(layers[:row], n, unit)
    if not row:
        return
    assert bars(explorer) == [c for c in counts if c]
    size = field_of(layers[:row]).size
    assert explorer.locator(".rf-size").inner_text() == f"{size:,} pixel{'s' if size > 1 else ''}"
    assert f"sees {size} pixel" in explorer.locator(".rf-said").text_content()
    holes = explorer.locator('.rf-unit[data-state="hole"]').count()
    assert holes == explorer.locator(".rf-none").count()
    read = explorer.locator(".rf-read").inner_text()
    assert read.startswith(f"{holes} of ") if holes else "never" not in read
    # Of n pixels each is in the cone, a hole, or neither; the holes lie between the first and the last that are read.
    field = field_of(layers[:row])
    first = field.start + unit * field.jump - (field.size - 1) / 2
    inside = [i for i in range(n) if first <= i < first + field.size]
    assert holes == sum(counts[i] == 0 for i in inside)


def test_every_example_tells_the_truth(explorer):
    for name in examples(explorer):
        choose(explorer, name)
        assert_true(explorer)


def test_gridding_is_counted(explorer):
    choose(explorer, "Dilations 2, 2, 2 (gridding)")
    assert bars(explorer) == [1, 3, 6, 7, 6, 3, 1]
    assert explorer.locator(".rf-read").inner_text() == "6 of 13 pixels are never read: the hollow ones."
    assert "120 of 13 × 13 = 169 pixels are never read" in explorer.locator("canvas").get_attribute("aria-label")


def test_the_rule_and_the_count_stand_side_by_side(explorer):
    rule = explorer.locator(".rf-rule")
    for name, said in {"Dilations 1, 2, 5 (no holes)": "it promises none: no hole counted.", "Dilations 1, 2, 8 (too large a step)": "it expects holes: 2 holes counted.",
                       "Dilations 2, 4, 8 (a common factor)": "it expects holes: 14 holes counted.",
                       "Dilations 2, 2, 2 (gridding)": "it promises none, and is wrong: 6 holes counted. The rule takes for granted that the first dilation is 1."}.items():
        choose(explorer, name)
        rates = [d for *_, d in stack(explorer)[0]]
        assert rule.inner_text() == f"HDC rule for the stack: largest gap M₂ = {gridding.hdc_gap(rates)} {'≤' if gridding.hdc_gap(rates) <= 3 else '>'} k = 3; {said}"
        assert str(gridding.holes(rates) or "no hole") in rule.inner_text()
    choose(explorer, "Stride 2, three times")
    assert rule.count() == 0


def test_a_causal_unit_reads_nothing_that_comes_later(explorer):
    choose(explorer, "Causal, 2 taps, dilations 1, 2, 4, 8")
    assert shown_unit(explorer) == (4, 23) and bars(explorer) == [1] * 16
    assert explorer.locator(".rf-facts p").nth(1).inner_text() == "sees 16 pixels, from 8 to 23."
    assert not explorer.locator("canvas").is_visible()
    for unit in (0, 9, 20):
        explorer.locator(f'[data-at="4,{unit}"]').click()
        assert_true(explorer)
        assert not explorer.evaluate(f"root => [...root.querySelectorAll('.rf-input .rf-unit[data-state]')].some(u => Number(u.dataset.at.split(',')[1]) > {unit})")
    explorer.get_by_label("Layer 4, padding p").select_option("0")
    explorer.get_by_label("Layer 1, padding p").select_option("auto")
    assert_true(explorer)


def test_a_mouse_looks_at_a_unit_and_a_click_pins_it(explorer, page):
    choose(explorer, "ResNet, its first layers")
    explorer.locator('[data-at="2,3"]').hover()
    assert shown_unit(explorer) == (2, 3)
    assert_true(explorer)
    assert explorer.locator(".rf-upper").inner_text() == "Read in turn by 3 units of layer 3, 5 units of layer 4."
    assert explorer.locator('.rf-unit[data-state="above"]').count() == 8
    explorer.locator('[data-at="1,5"]').click()
    explorer.get_by_label("Input length", exact=True).hover()
    page.evaluate("document.activeElement.blur()")
    assert shown_unit(explorer) == (1, 5)
    assert explorer.locator('[data-at="1,5"]').get_attribute("aria-pressed") == "true"
    explorer.locator('[data-at="1,5"]').click()
    assert explorer.locator('[aria-pressed="true"]').count() == 0


def test_arrow_keys_walk_the_units_and_enter_pins(explorer, page):
    choose(explorer, "Stride 2, three times")
    at = lambda: tuple(map(int, page.evaluate("document.activeElement.dataset.at").split(",")))
    assert explorer.locator('.rf-unit[tabindex="0"]').count() == 1
    explorer.locator('.rf-unit[tabindex="0"]').focus()
    assert at() == (3, 1)
    for key, expected in [("ArrowRight", (3, 2)), ("ArrowDown", (2, 4)), ("ArrowDown", (1, 8)), ("ArrowDown", (0, 16)),
                          ("ArrowDown", (0, 16)), ("Home", (0, 0)), ("ArrowLeft", (0, 0)), ("End", (0, 28)), ("ArrowUp", (1, 14))]:
        page.keyboard.press(key)
        assert at() == expected == shown_unit(explorer), key
        assert_true(explorer)
    page.keyboard.press("Enter")
    assert explorer.locator('[aria-pressed="true"]').get_attribute("data-at") == "1,14"
    assert "Pinned. Unit 14 of layer 1 (pinned)" in explorer.locator('[role="status"].cb-unseen').inner_text()
    page.keyboard.press("Escape")
    assert explorer.locator('[aria-pressed="true"]').count() == 0


def test_a_layer_is_changed_moved_added_and_removed_by_its_controls(explorer):
    choose(explorer, "Three 3-tap layers")
    explorer.get_by_label("Layer 2, dilation d").select_option("3")
    explorer.get_by_label("Layer 1, taps k").select_option("2")
    assert stack(explorer)[0] == [(2, 1, 0, 1), (3, 1, 0, 3), (3, 1, 0, 1)]
    explorer.get_by_role("button", name="Move layer 2 up, towards the output").click()
    assert stack(explorer)[0] == [(2, 1, 0, 1), (3, 1, 0, 1), (3, 1, 0, 3)]
    explorer.get_by_role("button", name="Remove layer 1").click()
    explorer.get_by_role("button", name="Add a layer").click()
    assert stack(explorer)[0] == [(3, 1, 0, 1), (3, 1, 0, 3), (3, 1, 1, 1)]
    assert explorer.get_by_label("Example").evaluate("s => s.options[s.selectedIndex].text") == "your own"
    assert_true(explorer)


def test_reset_brings_the_first_stack_back_and_the_focus_survives_a_removed_layer(explorer, page):
    before = stack(explorer)
    gone = explorer.get_by_label(f"Remove layer {len(before[0])}", exact=True)
    gone.focus()
    page.keyboard.press("Enter")
    assert len(stack(explorer)[0]) == len(before[0]) - 1
    assert page.evaluate("document.activeElement.textContent") == "Add a layer"
    explorer.get_by_role("button", name="Reset").click()
    assert stack(explorer) == before


def test_a_choice_that_would_leave_a_row_without_units_is_not_offered(explorer):
    choose(explorer, "Dilations 1, 2, 4, 8")
    offered = explorer.get_by_label("Layer 4, dilation d").locator("option").all_inner_texts()
    assert offered == [str(d) for d in range(1, 9)]
    explorer.get_by_label("Input length, number").fill("31")
    explorer.get_by_label("Input length, number").press("Enter")
    assert explorer.get_by_label("Layer 3, dilation d").locator("option").all_inner_texts() == ["1", "2", "3", "4"]
    explorer.get_by_label("Input length, number").fill("30")
    explorer.get_by_label("Input length, number").press("Enter")
    assert "type a whole number from 31 to 64" in explorer.locator(".cb-error").first.inner_text()


def test_a_prediction_hides_the_answer_until_it_is_right(explorer, page):
    choose(explorer, "Stride 2, three times")
    explorer.get_by_label("Let me predict first").check()
    hidden = explorer.evaluate("root => [...root.querySelectorAll('.rf-table tbody tr:not(.rf-how)')].slice(1).flatMap(r => [...r.cells].slice(2).map(c => c.textContent))")
    assert set(hidden) == {"?"} and not bars(explorer)
    assert "15" not in explorer.evaluate("root => root.querySelector('.rf-svg').textContent").replace("15 units", "")
    assert not explorer.locator(".rf-answer").is_visible()
    answer = explorer.get_by_label("Your prediction, in pixels")
    for typed, said in [("7", "Not 7. Every jump was taken as 1."), ("x", "“x” is not a whole number of pixels"), ("14", "Not 14. One short.")]:
        answer.fill(typed)
        answer.press("Enter")
        assert said in explorer.locator(".rf-verdict").inner_text()
        assert answer.input_value() == typed
    answer.fill("15")
    answer.press("Enter")
    assert explorer.locator(".rf-note").inner_text() == "Right: one unit of the top row sees 15 pixels."
    assert_true(explorer)
    explorer.get_by_label("Layer 1, stride s").select_option("1")
    assert not bars(explorer), "another stack is another question"
    explorer.get_by_role("button", name="Show me").click()
    assert_true(explorer)


def test_a_finger_pins_a_unit(book, open_page):
    explorer = opened(book, open_page(**PHONE))
    choose(explorer, "VGG, first two stages")
    explorer.locator('[data-at="4,7"]').tap()
    assert shown_unit(explorer) == (4, 7)
    assert explorer.locator('[data-at="4,7"]').get_attribute("aria-pressed") == "true"
    assert "(pinned)" in explorer.locator(".rf-who").inner_text()
    explorer.get_by_text("The numbers, layer by layer").tap()
    assert_true(explorer)


@pytest.mark.parametrize("width", [360, 768, 1200])
def test_no_example_makes_the_page_scroll_sideways(book, page, width):
    page.set_viewport_size({"width": width, "height": 800})
    explorer = opened(book, page)
    for name in examples(explorer):
        choose(explorer, name)
        wide = explorer.evaluate("root => [root.scrollWidth - root.clientWidth, document.documentElement.scrollWidth - innerWidth]")
        assert max(wide) <= 0, name


def test_everybody_can_read_it(explorer):
    for name in ("Three 3-tap layers", "ResNet, its first layers"):
        choose(explorer, name)
        explorer.get_by_label("Let me predict first").set_checked(name.startswith("Three"))
        assert_accessible(explorer)


def test_a_random_walk_over_all_controls_never_leaves_the_truth(explorer, page):
    draw = random.Random(5)
    for turn in range(80):
        control = draw.choice(explorer.locator("select:visible:enabled, button:visible:enabled, input[type=range], input[type=checkbox]").all())
        kind = control.evaluate("node => node.type")
        if kind == "select-one":
            control.select_option(index=draw.randrange(control.locator("option").count()))
        elif kind == "range" and control.is_enabled():
            low, high = (int(control.get_attribute(name)) for name in ("min", "max"))
            control.fill(str(draw.randint(low, high)))
        elif kind != "range":
            control.click()
        if turn % 3 == 0:
            row = draw.choice(explorer.locator(".rf-row").all())
            draw.choice(row.locator(".rf-unit").all()).dispatch_event("click")
        if turn % 4 == 0 and not explorer.locator(".rf-predict").is_visible():
            assert_true(explorer)
    explorer.get_by_label("Let me predict first").uncheck()
    assert_true(explorer)


def test_the_code_is_the_stack_that_is_drawn(explorer):
    torch = pytest.importorskip("torch")
    for name in examples(explorer):
        choose(explorer, name)
        names = {}
        exec(explorer.locator(".cb-code code").text_content(), names)
        layers, n = stack(explorer)
        shape = (n,) if "Conv1d" in explorer.locator(".cb-code code").text_content() else (n, n + 1)
        assert names["stack"](torch.zeros(1, 16, *shape)).shape[2] == list(lengths(layers, n))[-1]


def test_a_redraw_takes_about_a_frame_at_most(explorer, report):
    choose(explorer, "ResNet, its first layers")
    took = explorer.evaluate("""async root => {
        const range = root.querySelector('input[type=range]'), times = [];
        for (let i = 0; i < 30; i++) {
            range.value = 40 + i % 20;
            const start = performance.now();
            range.dispatchEvent(new Event('input', { bubbles: true }));
            await Promise.resolve();
            times.push(performance.now() - start);
        }
        return times.sort((a, b) => a - b)[15];
    }""")
    report(f"ReceptiveField: a redraw while a slider is dragged takes {took:.1f} ms (median)")
    assert took < 200
