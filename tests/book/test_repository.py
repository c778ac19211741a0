"""Does the repository keep its own promises: one address, exact pins within the ranges, a light import, one direction of dependencies?"""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "convbook"
sys.path.insert(0, str(ROOT / "scripts"))

import address  # noqa: E402
import notebooks  # noqa: E402

# What each part of the package may import from it: only what stands in an earlier line.
LAYERS = [
    {"_arguments", "theme", "timing"},
    {"shapes", "cost", "data", "gridding"},
    {"_signatures", "kinds", "choices"},
    {"reference", "ops"},
    {"blocks"},
    {"networks"},
    {"training", "figures", "explorers", "notebook"},
    {"exercises"},
]


def test_every_mention_of_the_address_is_the_one_in_the_configuration():
    settled = address.settled()
    assert address.written() == settled, "run `make address`"
    mention = re.compile(r"(?:github\.com/|/v2/gh/|research\.google\.com/github/)([\w.-]+/convbook)\b|\b([\w-]+\.github\.io/\w+)")
    for path, text in address.files():
        if path.name not in ("address.py", "test_repository.py"):
            for repository, pages in mention.findall(text):
                assert (repository or pages) in address.forms(*settled), f"{path.relative_to(ROOT)}: {repository or pages}"


def test_a_fork_changes_one_line():
    text = "https://github.com/convbook/convbook.git https://convbook.github.io/convbook/ https://github.com/KaTeX/KaTeX convbook"
    changed = address.rewrite(text, ("convbook", "convbook"), ("me", "mine"))
    assert changed == "https://github.com/me/mine.git https://me.github.io/mine/ https://github.com/KaTeX/KaTeX convbook"


def pins():
    lines = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("requirements-book.txt", "requirements.txt")).splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def test_requirements_are_exact_and_named_once():
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in pins())
    names = [canonicalize_name(line.split("==")[0]) for line in pins()]
    assert len(names) == len(set(names))


def test_pins_lie_within_the_ranges_of_the_package():
    pinned = {canonicalize_name(name): version for name, version in (line.split("==") for line in pins())}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), line


def test_the_book_needs_no_torch():
    assert not re.search(r"^(torch|matplotlib|numpy)==", (ROOT / "requirements-book.txt").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("module", ["convbook", "convbook.shapes", "convbook.cost", "convbook.ops", "convbook.reference", "convbook.theme",
                                    "convbook.notebook", "convbook.exercises", "convbook.explorers"])
def test_import_loads_neither_torch_nor_matplotlib(module):
    done = subprocess.run([sys.executable, "-c", f"import {module}, sys; print({{'torch', 'matplotlib'}} & set(sys.modules))"],
                          capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "set()\n"


def test_parts_of_the_package_depend_in_one_direction():
    level = {part: number for number, layer in enumerate(LAYERS) for part in layer}
    for path in PACKAGE.rglob("*.py"):
        part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if part == "__init__":
            continue
        assert part in level, f"{part}: give it its place in LAYERS"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "convbook":
                used = [node.module.split(".")[1]] if "." in node.module else [alias.name for alias in node.names]
                for other in used:
                    assert other == part or level[other] < level[part], f"{path.relative_to(ROOT)} imports {other}"


def test_readme_says_what_every_part_of_the_package_is():
    where = (ROOT / "README.md").read_text(encoding="utf-8").split("## What is where")[1].split("\n## ")[0]
    parts = [path.name + "/" * path.is_dir() for path in PACKAGE.iterdir() if path.name not in ("__init__.py", "__pycache__")]
    assert [part for part in parts if f"`{part}`" not in where] == []


def test_readme_lists_every_chapter():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "chapters").glob("*.ipynb"):
        assert f"(chapters/{path.name})" in readme


def test_the_same_run_gives_the_same_notebook():
    import nbformat

    def run(first, second):
        v4 = nbformat.v4
        view = "application/vnd.jupyter.widget-view+json"
        cell = v4.new_code_cell("w", metadata={"tags": ["remove-input"], "execution": {"started": first}}, id="a", execution_count=1, outputs=[
            v4.new_output("execute_result", {view: {"model_id": first}}, execution_count=1)])
        state = {first: {"state": {"layout": f"IPY_MODEL_{second}"}}, second: {"state": {}}}
        return v4.new_notebook(cells=[cell], metadata={"widgets": {notebooks.WIDGETS: {"state": state}}, "language_info": {"name": "python", "version": first}})

    one, two = (notebooks.normalise(run(c * 32, d * 32), "name") for c, d in ("ab", "ba"))
    assert nbformat.writes(one) == nbformat.writes(two)


def test_a_notebook_that_is_run_twice_is_the_same_file(tmp_path):
    """With what could differ: explorers, a picture, random numbers, an address in memory, a time."""
    import nbformat

    sources = {
        "from convbook.notebook import setup\nsetup()": [],
        "import matplotlib.pyplot as plt, numpy as np, time\nfrom convbook import explorers": [],
        "explorers.RankOne()": [],
        "plt.figure(figsize=(1, 1))\nplt.plot(np.random.rand(3))\nplt.show()": [],
        "window = explorers.SlidingWindow()\ndisplay(window)\nprint(np.random.rand(), window)": [],
        "time.perf_counter_ns()": ["measured", "nbval-ignore-output"],
    }
    v4, path = nbformat.v4, tmp_path / "twice.ipynb"
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(source, metadata={"tags": tags}) for source, tags in sources.items()]), path)
    assert notebooks.refresh(path)
    once = path.read_bytes()
    assert not notebooks.refresh(path) and path.read_bytes() == once
    states = nbformat.read(path, 4).metadata["widgets"][notebooks.WIDGETS]["state"]
    assert len(states) >= 2 and b"image/svg+xml" in once


def test_measured_cells_keep_their_output_while_it_came_from_their_source():
    import nbformat

    def notebook(value, source="measure()", measured_with=None):
        v4 = nbformat.v4
        given = v4.new_notebook(cells=[v4.new_code_cell(measured_with or source, metadata={"tags": tags}, outputs=[v4.new_output("stream", text=value)])
                                       for tags in (["measured"], [])])
        notebooks.note_sources(given)
        given.cells[0].source = source
        return given

    def kept(new, old):
        notebooks.keep_measured(new, old)
        return [cell.outputs[0].text for cell in new.cells]

    assert kept(notebook("2 ms"), notebook("1 ms")) == ["1 ms", "2 ms"]
    assert kept(notebook("2 ms", "measure_more()"), notebook("1 ms")) == ["2 ms", "2 ms"]
    edited = notebook("1 ms", "measure_more()", measured_with="measure()")  # in the file, not run
    assert kept(notebook("2 ms", "measure_more()"), edited) == ["2 ms", "2 ms"]
