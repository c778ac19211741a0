"""The bar: counted by hand in a terminal, gone afterwards, and never part of a page."""

import io
import sys

import nbformat
import pytest
from nbclient import NotebookClient

from convbook.training import progress_bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def three_steps(show=None):
    with progress_bar(3, "seed 7", show=show) as step:
        for note in ("loss 2", "loss 1", ""):
            step(note)


def test_in_a_terminal_the_bar_fills_and_is_wiped(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    three_steps()
    lines = terminal.getvalue().split("\r")
    assert lines[1].startswith("seed 7 ████████░░░░░░░░░░░░░░░░ 1/3 loss 2") and "2/3 loss 1" in lines[2] and "3/3" in lines[3]
    assert lines[4] == " " * len(lines[1]) and lines[5:] == [""]


@pytest.mark.parametrize("show, stream", [(None, io.StringIO), (False, Terminal)])
def test_nobody_watching_sees_nothing(monkeypatch, show, stream):
    monkeypatch.setattr("sys.stderr", stream())
    three_steps(show)
    assert sys.stderr.getvalue() == ""


def test_the_bar_is_wiped_when_the_work_fails(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with pytest.raises(RuntimeError, match="^no more$"):
        with progress_bar(3, "seed 7") as step:
            step()
            raise RuntimeError("no more")
    assert terminal.getvalue().split("\r")[-2].strip() == ""


CELLS = """
from convbook.training import progress_bar
print("before")
with progress_bar(2, "seed 7") as step:
    step("loss 0.123")
---
import os
os.environ["JPY_SESSION_NAME"] = "chapters/some.ipynb"
print("before")
with progress_bar(2, "seed 7") as step:
    step("loss 0.123")
"""


def test_a_notebook_run_by_a_program_keeps_nothing_of_it_and_an_open_one_an_empty_place():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text.strip()) for text in CELLS.split("---\n")])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    printed, watched = (cell.outputs for cell in notebook.cells)
    assert [output.text for output in printed] == ["before\n"]
    assert watched[0].text == "before\n" and "0.123" not in str(watched)
    assert [output.data["text/html"] for output in watched[1:]] == [""]
