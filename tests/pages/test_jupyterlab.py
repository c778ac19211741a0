"""Do the same explorers live in JupyterLab, with a kernel behind them: shown, moved by keyboard, in step with Python both ways?"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {name: str(tmp_path / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
                                                     "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")}
    command = [Path(sys.executable).with_name("jupyter"), "lab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
               "--IdentityProvider.token=", f"--notebook-dir={tmp_path}", "--LabApp.news_url=None",
               "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with open(tmp_path / "log", "w") as log:
        server = subprocess.Popen(command, env={**os.environ, **own, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2).close()
                break
            except OSError:
                assert server.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(20)


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
            return cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]")).wait_for(timeout=6_000)
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
