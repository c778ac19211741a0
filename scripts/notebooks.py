"""Run the chapters again and drop what differs from run to run: `make notebooks`, or `make notebooks NB=chapters/01_vanilla.ipynb`.

A chapter whose results did not change gives the same file, byte for byte. Cells tagged `measured` show times of this
machine: as long as their source is the one that gave the output they keep it, unless `--fresh` is given. Which source
that was stands in the cell's metadata as `measured_source`.
"""

import argparse
import hashlib
import json
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
KEPT_CELL_METADATA = ("tags", "mystnb", "slideshow", "measured_source")
WIDGETS = "application/vnd.jupyter.widget-state+json"


def run(notebook, folder):
    """Run every cell in order, in a fresh kernel that starts in the notebook's folder."""
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}},
        record_timing=False, coalesce_streams=True, store_widget_state=True,
    ).execute()


def in_page_order(states, cells):
    """Names of the widgets' models: each one that a cell shows, in the order of the cells, then the models it refers to."""
    order = []

    def visit(model):
        if model not in order:
            order.append(model)
            for reference in re.findall(r"IPY_MODEL_(\w+)", json.dumps(states[model], sort_keys=True)):
                visit(reference)

    shown = [model for model in states if model in cells]
    for model in sorted(shown, key=cells.index):
        visit(model)
    for model in states.keys() - set(order):
        del states[model]  # nothing on the page leads to it
    return order


def normalise(notebook, name):
    """Leave in the notebook only what is the same after each run."""
    notebook.metadata = nbformat.from_dict({
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        **({"widgets": notebook.metadata["widgets"]} if "widgets" in notebook.metadata else {}),
    })
    notebook.nbformat_minor = 5
    seen = set()
    for number, cell in enumerate(notebook.cells):
        if not cell.get("id") or cell.id in seen:
            cell.id = f"cell-{number}"
        seen.add(cell.id)
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k in KEPT_CELL_METADATA})
    states = notebook.metadata.get("widgets", {}).get(WIDGETS, {}).get("state", {})
    order = in_page_order(states, json.dumps(notebook.cells))
    text = nbformat.writes(notebook)
    for number, model in enumerate(order):
        text = text.replace(model, hashlib.sha256(f"{name} {number}".encode()).hexdigest()[:32])
    return nbformat.reads(text, as_version=4)


def digest(source):
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def keep_measured(new, old):
    """Give cells tagged `measured` the outputs that they had, where those came from the same source."""
    before = {cell.metadata.get("measured_source"): cell.outputs for cell in old.cells if cell.cell_type == "code" and cell.outputs}
    for cell in new.cells:
        if "measured" in cell.metadata.get("tags", []):
            cell.outputs = before.get(digest(cell.source), cell.outputs)


def note_sources(notebook):
    """Write beside each cell tagged `measured` which source its output came from."""
    for cell in notebook.cells:
        cell.metadata.pop("measured_source", None)
        if "measured" in cell.metadata.get("tags", []):
            cell.metadata["measured_source"] = digest(cell.source)


def refresh(path, fresh=False):
    """Run one notebook; returns whether its file changed."""
    before = path.read_text(encoding="utf-8")
    notebook, old = nbformat.reads(before, as_version=4), nbformat.reads(before, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    notebook.metadata.pop("widgets", None)
    run(notebook, path.parent)
    notebook = normalise(notebook, path.stem)
    if not fresh:
        keep_measured(notebook, old)
    note_sources(notebook)
    after = nbformat.writes(notebook) + "\n"
    if after != before:
        path.write_text(after, encoding="utf-8")
    return after != before


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: every notebook in chapters/")
    parser.add_argument("--fresh", action="store_true", help="measure times again, too")
    options = parser.parse_args()
    failed = False
    for path in options.notebooks or sorted((ROOT / "chapters").glob("*.ipynb")):
        start = time.perf_counter()
        try:
            word = "changed" if refresh(path.resolve(), options.fresh) else "unchanged"
        except CellExecutionError as error:
            word, failed = "FAILED\n" + re.sub(r"\x1b\[[\d;]*m", "", str(error)), True
        print(f"{path.name}: {word} ({time.perf_counter() - start:.0f} s)", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
