"""Do the same explorers live in JupyterLab, with a kernel behind them: shown, moved by keyboard, in step with Python both ways?"""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest

from conftest import ROOT
from convbook import explorers

CELLS = [
    "from convbook import explorers\nwindow = explorers.SlidingWindow(stride=(1, 1))\nwindow",
    "from IPython.display import display\nfor name in explorers.__all__:\n    display(getattr(explorers, name)())",
    "print('stride in the kernel:', window.stride)\nwindow.stride = (1, 3)",
]
SLIDERS = ".cb-explorer[data-explorer=SlidingWindow] >> nth=0 >> role=slider[name='Stride {}']"


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab that shows one notebook; its settings are its own."""
    v4 = nbformat.v4
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in CELLS], metadata={"kernelspec": kernel})
    nbformat.write(notebook, tmp_path / "explorers.ipynb")
    own = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
                                                     "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}
    command = [Path(sys.executable).with_name("jupyter"), "lab", "--no-browser", "--allow-root", "--IdentityProvider.token=",
               f"--notebook-dir={tmp_path}", "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with open(tmp_path / "log", "w") as log:
        server = subprocess.Popen(command, env={**os.environ, **own, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log)
    try:
        yield address_of(server, tmp_path)
    finally:
        server.terminate()
        server.wait(60)


def address_of(server, folder):
    """Where the server listens, at a port of its own choice: it writes that down as soon as it does."""
    for _ in range(480):
        for told in folder.glob("JUPYTER_RUNTIME_DIR/jpserver-*.json"):
            with suppress(ValueError):  # not written to its end yet
                return f"http://127.0.0.1:{json.loads(told.read_text())['port']}"
        assert server.poll() is None, (folder / "log").read_text()
        time.sleep(0.25)
    pytest.fail(f"JupyterLab does not start:\n{(folder / 'log').read_text()}")


def run(page, number):
    """Run a cell; asked before the kernel listens, JupyterLab forgets it, so ask until the cell has its number."""
    from playwright.sync_api import Error

    cell = page.locator(".jp-CodeCell").nth(number)
    for _ in range(20):
        try:
            for accept in page.locator(".jp-Dialog .jp-mod-accept").all():  # on a slow machine it asks which kernel
                accept.click(timeout=6_000)
            cell.locator(".cm-content").click(timeout=6_000)
            page.keyboard.press("Control+Enter")
            cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\*|\d+)\]")).wait_for(timeout=6_000)
            # A cell that waits is not asked again: it would run twice.
            return cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]")).wait_for(timeout=30_000)
        except Error:
            continue
    pytest.fail(f"cell {number} does not run")


def test_explorers_live_in_jupyterlab(lab, browser):
    page, complaints = browser.new_page(viewport={"width": 1400, "height": 1000}), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{lab}/lab/tree/explorers.ipynb")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    run(page, 0)
    run(page, 1)
    for name in explorers.__all__:
        page.wait_for_selector(f".cb-explorer[data-explorer={name}]", state="attached", timeout=60_000)

    height, width = (page.locator(SLIDERS.format(side)) for side in ("height", "width"))
    height.focus()
    page.keyboard.press("ArrowRight")
    assert height.input_value() == "2", "the notebook took the arrow key away from the slider"
    run(page, 2)
    page.get_by_text(re.compile(r"^stride in the kernel: \(2, 1\)")).wait_for(timeout=20_000)
    page.wait_for_function("slider => slider.value === '3'", arg=width.element_handle(), timeout=20_000)
    assert height.input_value() == "1" and not complaints
    page.close()
