"""Does the hidden first cell of a chapter do on Colab what it must, and nothing elsewhere? Colab itself is simulated."""

import builtins
import json
import sys
import types
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from convbook import notebook

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))


def setup_cell(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "".join(next(cell for cell in cells if cell["cell_type"] == "code")["source"])


class Shell:
    """The little of IPython's shell that the cell uses."""

    def __init__(self):
        self.magics, self.config = [], {}

    def run_line_magic(self, name, line, **_):
        self.magics.append(f"%{name} {line}")


@pytest.fixture
def shell(monkeypatch):
    import matplotlib_inline.backend_inline

    shell = Shell()
    monkeypatch.setattr(notebook, "_shell", lambda: shell)
    monkeypatch.setattr(matplotlib_inline.backend_inline, "set_matplotlib_formats", lambda *_, **__: None)
    monkeypatch.setattr(builtins, "get_ipython", lambda: shell, raising=False)
    yield shell
    notebook._session.close()


def run(source):
    exec(compile(TransformerManager().transform_cell(source), "cell", "exec"), {})


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_on_colab_the_package_is_installed_and_widgets_are_allowed(path, shell, monkeypatch):
    allowed = []
    output = types.SimpleNamespace(enable_custom_widget_manager=lambda: allowed.append(True))
    colab = types.ModuleType("google.colab")
    colab.output = output
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    run(setup_cell(path))
    assert shell.magics == ["%pip install -q git+https://github.com/convbook/convbook", "%matplotlib inline"]
    assert allowed == [True]


def test_elsewhere_nothing_is_installed(shell):
    run(setup_cell(CHAPTERS[0]))
    assert shell.magics == ["%matplotlib inline"]


def test_all_chapters_begin_with_the_same_cell():
    assert len({setup_cell(path) for path in CHAPTERS}) == 1
