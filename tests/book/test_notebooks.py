"""Are the committed notebooks whole: run in order, without errors, every picture described, nothing of this machine in them?"""

import ast
import json
import re
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from notebooks import digest  # noqa: E402

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
TAGS = {"remove-cell", "remove-input", "remove-output", "hide-cell", "hide-input", "hide-output",
        "nbval-ignore-output", "nbval-skip", "raises-exception", "measured"}
VOLATILE = {
    "an address in memory": r"\b0x[0-9a-f]{6,}\b",
    "a path of a machine": r"(?<![\w.])/(?:home|root|tmp|Users|usr|opt|work|var)/[\w./-]+|[A-Z]:\\\\",
    "a warning": r"\b\w*Warning: ",
}

notebooks = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def code(path):
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def text(lines):
    return "".join(lines)


def tags(cell):
    return set(cell["metadata"].get("tags", []))


def where(cell):
    return f"cell {cell['id']!r}, which starts: {text(cell['source'])[:60]!r}"


def shown(output):
    """What of an output a reader reads as text."""
    data = output.get("data", {})
    return text(output.get("text", "")) + "".join(text(data[kind]) for kind in data if kind.startswith("text/"))


@notebooks
def test_cells_ran_once_in_order(path):
    ran = [cell["execution_count"] for cell in code(path)]
    assert ran == list(range(1, len(ran) + 1))


@notebooks
def test_the_first_cell_is_the_hidden_setup_cell(path):
    first = code(path)[0]
    assert "remove-cell" in tags(first)
    assert 'if "google.colab" in sys.modules:' in text(first["source"]) and "\nsetup()" in text(first["source"])


@notebooks
def test_no_cell_failed(path):
    for cell in code(path):
        failed = any(output["output_type"] == "error" for output in cell["outputs"])
        assert failed == ("raises-exception" in tags(cell)), where(cell)


@notebooks
def test_outputs_hold_nothing_of_one_run_or_machine(path):
    for cell in code(path):
        for output in cell["outputs"]:
            for what, pattern in VOLATILE.items():
                found = re.search(pattern, shown(output))
                assert not found, f"{what} in {where(cell)}: {found[0]}"


@notebooks
def test_every_value_was_kept(path):
    """A cell that ends in a name, a call or a widget has an output, unless what it gives is None or an assignment."""
    for cell in code(path):
        source = re.sub(r"^(\s*)[%!].*", r"\1pass", text(cell["source"]), flags=re.M)
        last = (ast.parse(source).body or [None])[-1]
        plain = isinstance(last, ast.Expr) and isinstance(last.value, (ast.Name, ast.BinOp, ast.Tuple, ast.Compare, ast.Subscript))
        prints = isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and getattr(last.value.func, "id", "") in ("print", "show_source")
        assert cell["outputs"] or not (plain or prints), f"no output in {where(cell)}"


@notebooks
def test_every_widget_has_its_state(path):
    kind = "application/vnd.jupyter.widget-view+json"
    states = read(path)["metadata"].get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    for cell in code(path):
        for output in cell["outputs"]:
            if kind in output.get("data", {}):
                assert output["data"][kind]["model_id"] in states, where(cell)


@notebooks
def test_its_explorers_are_those_of_the_package(path):
    """A notebook carries its explorers' code: whoever changes an explorer runs its chapters again."""
    from convbook import explorers
    from convbook.explorers.base import bundle
    from convbook.explorers.practice import CHAPTERS

    kinds = [getattr(explorers, name) for name in explorers.__all__]
    scripts = {kind._esm for kind in kinds} | {bundle(f"practice/questions/{chapter}.js") for chapter in CHAPTERS}
    styles = {kind._css for kind in kinds}
    states = read(path)["metadata"].get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
    for state in (model["state"] for model in states.values() if "_esm" in model["state"]):
        assert state["_esm"] in scripts and state["_css"] in styles, f"run `make notebooks NB=chapters/{path.name}`"


@notebooks
def test_every_picture_is_described(path):
    for cell in code(path):
        if any(kind.startswith("image/") for output in cell["outputs"] for kind in output.get("data", {})):
            if "remove-cell" not in tags(cell) and "remove-output" not in tags(cell):
                settings = cell["metadata"].get("mystnb", {})
                alt = settings.get("image", {}).get("alt", "")
                assert len(alt) >= 20, f"alternative text is missing, or says too little: {alt!r}, {where(cell)}"
                assert settings.get("figure", {}).get("caption"), f"no caption: {where(cell)}"


@notebooks
def test_names_of_figures_are_given_once(path):
    names = [name for cell in code(path) if (name := cell["metadata"].get("mystnb", {}).get("figure", {}).get("name"))]
    assert len(names) == len(set(names))


@notebooks
def test_tags_are_known_and_what_is_not_compared_is_asserted(path):
    for cell in code(path):
        assert tags(cell) <= TAGS, where(cell)
        kinds = {kind for output in cell["outputs"] for kind in output.get("data", {"text": ""})}
        if "measured" in tags(cell) and not kinds == {"image/png", "text/plain"}:  # nbval does not compare a bitmap
            assert "nbval-ignore-output" in tags(cell), where(cell)
        if "nbval-ignore-output" in tags(cell):
            assert re.search(r"^\s*assert\b", text(cell["source"]), re.M), f"claims nothing: {where(cell)}"


@notebooks
def test_a_fold_says_what_is_inside(path):
    for cell in code(path):
        if tags(cell) & {"hide-input", "hide-output", "hide-cell"}:
            title = cell["metadata"].get("mystnb", {})
            assert title.get("code_prompt_show") and title.get("code_prompt_show") == title.get("code_prompt_hide"), where(cell)


def names(source, context):
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name) and isinstance(node.ctx, context)}


@notebooks
def test_what_is_shown_of_a_time_is_measured(path):
    """Else `make notebooks` would write another file each time. What a time has gone into is followed from cell to cell."""
    times = {"in_turns", "milliseconds"}
    for cell in code(path)[1:]:  # the first one sets up
        source = text(cell["source"])
        made = names(source, ast.Store)
        if (names(source, ast.Load) - made) & times or ".perf_counter" in source:
            assert "measured" in tags(cell) or not cell["outputs"], where(cell)
            times |= made
        else:
            times -= made


@notebooks
def test_what_was_measured_came_from_the_source_that_stands_above_it(path):
    for cell in code(path):
        noted = digest(text(cell["source"])) if "measured" in tags(cell) else None
        assert cell["metadata"].get("measured_source") == noted, f"run `make notebooks NB=chapters/{path.name}`: {where(cell)}"


@notebooks
def test_metadata_is_normalised(path):
    notebook = read(path)
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info", "widgets"}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))


def test_every_chapter_is_in_the_table_of_contents():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]
    there = {f"chapters/{path.stem}" for path in (ROOT / "chapters").iterdir() if path.suffix in (".ipynb", ".md")}
    assert len(listed) == len(set(listed)) and set(listed) == there


def test_widget_models_are_ordered_by_the_page_and_not_by_their_random_names():
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("notebooks", ROOT / "scripts" / "notebooks.py")
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    states = {"zz": {"layout": "IPY_MODEL_bb"}, "bb": {}, "aa": {"layout": "IPY_MODEL_cc"}, "cc": {}, "dd": {}}
    assert script.in_page_order(states, "shows zz, then aa") == ["zz", "bb", "aa", "cc"]
    assert "dd" not in states
