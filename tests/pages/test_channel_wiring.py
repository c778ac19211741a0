"""ChannelWiring on the built page: what it shows is what convbook computes, by mouse, touch and keyboard."""

import random
import re

import numpy as np
import pytest

from checks import PHONE, assert_accessible, assert_fits, choose, drag, enter, examples, explorer_of, says_nothing_strange
from convbook import cost, ops

CHAPTER = "chapters/02_grouped"


@pytest.fixture
def wiring(book, page):
    return opened(book, page)


def opened(book, page):
    found = explorer_of(page, f"{book}/{CHAPTER}.html", "ChannelWiring")
    found.locator("[data-at]").first.wait_for()
    found.locator("details:not([open]) > summary").evaluate_all("all => all.forEach((summary) => { summary.parentNode.open = true; })")
    return found


def settings(wiring):
    """(input channels, [(outputs, kernel, groups)], shuffle, (height, width)) as the code to copy and the controls say."""
    source = wiring.locator(".cb-code code").inner_text()
    layers = [(int(C), int(D), int(k), int(g or 1)) for C, D, k, g in
              re.findall(r"nn\.Conv2d\((\d+), (\d+), (\d+)(?:, padding=\d+)?(?:, groups=(\d+))?, bias=False\)", source)]
    size = tuple(int(wiring.get_by_label(f"Map {side}, number").input_value()) for side in ("height", "width"))
    return layers, "ChannelShuffle" in source, size


def paths(wiring):
    """How many paths lead to each output from each input, computed by convbook."""
    layers, shuffle, _ = settings(wiring)
    x = np.eye(layers[0][0], dtype=int)[:, :, None, None]
    for l, (C, D, _, groups) in enumerate(layers):
        if l == 1 and shuffle:
            x = ops.channel_shuffle(x, layers[0][3])
        x = ops.conv2d(x, np.ones((D, C // groups, 1, 1), dtype=int), groups=groups)
    return x[:, :, 0, 0].T


def node(wiring, row, channel):
    return wiring.locator(f".cw-row-{row} [data-at$=',{channel}']").first


def lit(wiring, row):
    """Channels of a row that are marked as heard, reached or looked at."""
    return set(wiring.locator(f".cw-row-{row} .cw-node:is([data-state='on'], [data-state='here']) text:nth-of-type(1)").all_text_contents())


def named(channels):
    return {str(c) for c in channels}


def assert_true(wiring):
    layers, _, size = settings(wiring)
    rows = wiring.locator(".cw-table tbody tr").evaluate_all("all => all.map((row) => [...row.children].map((cell) => cell.textContent))")
    number = lambda text: int(text.replace(",", ""))  # noqa: E731
    for order, ((C, D, k, groups), (name, weights, macs, _)) in enumerate(zip(layers, rows), start=1):
        assert name == f"{order} {D}×{C // groups}×{k}×{k}"
        assert number(weights) == cost.conv_params(C, D, k, groups=groups, bias=False)
        assert number(macs) == cost.conv_macs(C, D, k, size, groups=groups)
    counts = paths(wiring)
    if len(layers) > 1:
        shown = wiring.locator(".cw-matrix").last.locator(".cw-sheet").get_attribute("aria-label").split(": ", 1)[1].rstrip(".")
        assert np.array_equal([[int(v) for v in row.split()] for row in shown.split("; ")], counts)
    heard = (counts > 0).sum(axis=1)
    summary = wiring.locator(".cw-summary").inner_text()
    if heard.min() == counts.shape[1]:
        assert re.match(r"Every output hears all \d+ inputs\.|There is one input", summary)
    else:
        assert f"hears only {heard.min()}" in summary


def test_every_example_tells_the_truth_and_a_picked_channel_lights_what_it_hears(wiring):
    for name in examples(wiring):
        choose(wiring, name)
        assert_true(wiring)
        counts = paths(wiring)
        node(wiring, "output", len(counts) - 1).click()
        assert lit(wiring, "input") == named(np.flatnonzero(counts[-1])), name
        node(wiring, "input", 0).click()
        assert lit(wiring, "output") == named(np.flatnonzero(counts[:, 0])), name
        assert wiring.locator(".cw-said").inner_text().startswith("Input 0 reaches ")


def test_the_keyboard_walks_pins_and_lets_go(wiring, page):
    choose(wiring, "two grouped layers, shuffled")
    node(wiring, "input", 0).focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown", "End"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "output channel 11"
    page.keyboard.press("Enter")
    assert node(wiring, "output", 11).get_attribute("aria-pressed") == "true"
    page.evaluate("document.activeElement.blur()")
    assert lit(wiring, "input") == named(range(12))
    node(wiring, "output", 11).focus()
    page.keyboard.press("Escape")
    assert node(wiring, "output", 11).get_attribute("aria-pressed") == "false"


def test_a_prediction_is_checked(wiring):
    choose(wiring, "two grouped layers, no shuffle")
    wiring.get_by_label("Predict: hide the wires and ask me").check()
    assert wiring.locator(".cw-wire[d]").count() == 0
    for right in (True, False):
        asked = wiring.locator(".cw-said").inner_text()
        channel, hears = int(re.search(r"put (\d+)", asked)[1]), "hear" in asked
        group = range(channel // 4 * 4, channel // 4 * 4 + 4)
        row = "input" if hears else "output"
        for c in list(group)[:4 if right else 3]:
            node(wiring, row, c).click()
        assert wiring.locator(".cw-summary").inner_text() == ""
        wiring.get_by_role("button", name="Check").click()
        said = wiring.locator(".cw-said").inner_text()
        assert said.startswith("✓ Right." if right else f"✗ Not yet: {group[3]} is missing."), said
        assert lit(wiring, row) == named(group)
        wiring.get_by_role("button", name="Next question").click()


def test_what_is_typed_wrong_is_answered_and_a_depthwise_layer_stays_depthwise(wiring):
    choose(wiring, "12 channels in 3 groups")
    field = wiring.get_by_label("Layer 1, output channels, number")
    enter(field, 10)
    assert wiring.locator(".cb-error", has_text="10 does not fit").inner_text() == (
        "Layer 1, output channels: 10 does not fit, as 3 groups here must divide it; type a whole number from 3 to 12 in steps of 3.")
    choose(wiring, "depthwise, multiplier 2")
    wiring.get_by_label("Input channels", exact=True).evaluate("s => { s.value = 6; s.dispatchEvent(new Event('input', {bubbles: true})); }")
    assert settings(wiring)[0] == [(6, 12, 3, 6)]
    assert_true(wiring)


def test_a_random_walk_over_all_controls_stays_true(wiring):
    draw = random.Random(5)
    for step in range(60):
        control = draw.choice(wiring.locator("select:visible:enabled, input[type=range]:visible:enabled, input[type=checkbox]:enabled, button:visible:enabled").all())
        kind = control.evaluate("n => n.type || n.tagName")
        if kind == "select-one":
            control.select_option(draw.choice(control.locator("option:not([disabled])").evaluate_all("all => all.map((o) => o.value)")))
        elif kind == "range":
            drag(control, draw.random())
        elif control.inner_text() != "Copy":
            control.evaluate("n => n.click()")
        says_nothing_strange(wiring)
        if step % 6 == 0 and not wiring.get_by_label("Predict: hide the wires and ask me").is_checked():
            assert_true(wiring)


def test_a_finger_picks_a_channel_and_nothing_is_wider_than_a_phone(book, open_page):
    page = open_page(**PHONE)
    wiring = opened(book, page)
    choose(wiring, "ShuffleNet unit")
    node(wiring, "output", 5).tap()
    assert lit(wiring, "input") == named([*range(4), *range(8, 12)])
    assert_fits(wiring, scrolls=".cw-scroll")


def test_everybody_can_read_it(wiring):
    choose(wiring, "ShuffleNet unit")
    node(wiring, "output", 3).click()
    assert_accessible(wiring)