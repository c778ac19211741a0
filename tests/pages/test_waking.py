"""The script that wakes the explorers, on a page of its own: opened as a file, loaded twice, and with a module that breaks."""

import json
from pathlib import Path

import pytest

SCRIPT = (Path(__file__).parents[2] / "_static" / "convbook.js").read_text(encoding="utf-8")
# The smallest front end: shows a number of its model, and a button that adds one.
COUNTER = """export default { initialize({ model }) { model.set("n", model.get("n") + 10); }, render({ model, el }) {
  const button = document.createElement("button");
  const draw = () => { button.textContent = model.get("n"); };
  button.onclick = () => { model.set("n", model.get("n") + 1); model.save_changes(); };
  model.on("change:n", draw);
  draw();
  el.append(button);
} };"""


@pytest.fixture
def opened(browser, tmp_path):
    """A function that opens a page, as a file, with these widgets and a view of each model named."""
    pages = []

    def opened(models, views):
        state = {"version_major": 2, "version_minor": 0,
                 "state": {name: {"model_name": "AnyModel", "model_module": "anywidget", "state": model} for name, model in models.items()}}
        marks = [f'<script type="application/vnd.jupyter.widget-view+json">{json.dumps({"model_id": view})}</script>' for view in views]
        (tmp_path / "convbook.js").write_text(SCRIPT, encoding="utf-8")
        (tmp_path / "page.html").write_text(
            '<!doctype html><script src="convbook.js"></script>' + "".join(f"<div>{mark}</div>" for mark in marks)
            + f'<script type="application/vnd.jupyter.widget-state+json">{json.dumps(state)}</script><script src="convbook.js"></script>', encoding="utf-8")
        page = browser.new_page()
        pages.append(page)
        page.goto((tmp_path / "page.html").as_uri())
        page.wait_for_function("![...document.querySelectorAll('script[type*=view]')].some((s) => !['true', 'failed'].includes(s.dataset.awake))")
        return page

    yield opened
    for page in pages:
        page.close()


def test_a_page_opened_as_a_file_wakes_each_explorer_once(opened):
    page = opened({"a": {"n": 1, "_esm": COUNTER, "_css": "button { color: red }"}, "b": {"n": 5, "_esm": COUNTER, "_css": "button { color: red }"}}, ["a", "b"])
    assert page.locator("button").all_inner_texts() == ["11", "15"]
    assert page.locator("style").count() == 1
    page.locator("button").first.click()
    assert page.locator("button").all_inner_texts() == ["12", "15"], "each has a model of its own"


def test_two_views_of_one_widget_share_its_model(opened):
    page = opened({"a": {"n": 1, "_esm": COUNTER}}, ["a", "a"])
    page.locator("button").first.click()
    assert page.locator("button").all_inner_texts() == ["12", "12"]


@pytest.mark.parametrize("model, said", [
    ({"_esm": "export default {"}, "This explorer needs a newer browser. The text and the figures of this page do without it."),
    ({"_esm": "export default { render() { throw new Error('no'); } };"}, "This explorer could not start. The text and the figures of this page do without it."),
    ({"n": 1}, "This explorer could not start. The text and the figures of this page do without it."),
])
def test_one_that_fails_says_so_in_its_place_and_the_others_wake(opened, model, said):
    page = opened({"bad": model, "good": {"n": 1, "_esm": COUNTER}}, ["bad", "good"])
    assert page.locator('div[data-awake="failed"]').inner_text() == said
    assert page.locator("button").inner_text() == "11"
