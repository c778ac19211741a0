"""What the chapters measured, read from the outputs of their committed notebooks, so that no figure is typed twice."""

import json
import re
from pathlib import Path
from typing import NamedTuple

# "83.1 ± 8.2": mean and standard deviation over seeds, as `convbook.training.spread` writes them.
_VALUE = re.compile(r"(-?\d+(?:\.\d+)?) ± (\d+(?:\.\d+)?)")


class Measured(NamedTuple):
    """A mean over seeds, and its spread."""

    mean: float
    spread: float


def read(text):
    """{name: [Measured, ...]}, a name for each line that holds spreads.

    >>> read("naive      67.3 ± 13.5 %")
    {'naive': [Measured(mean=67.3, spread=13.5)]}
    >>> list(read("{'average': '83.1 ± 8.2 %',\\n 'flatten': '98.2 ± 0.2 %'}"))
    ['average', 'flatten']
    """
    found = {}
    for line in text.splitlines():
        values = [Measured(float(mean), float(spread)) for mean, spread in _VALUE.findall(line)]
        if values:
            before = line[:_VALUE.search(line).start()].strip(" {}'\"")
            name = re.split(r"['\"]?:(?: |$)" if ":" in before else r"\s{2,}", before)[0]
            found[" ".join(name.split())] = values
    return found


def measured(chapter, cell, *, folder="."):
    """What one cell of a chapter printed, for example ("06_separable", "experiment-run").

    Args:
        folder: where the notebooks lie; a notebook runs in that folder.
    Raises:
        LookupError: the notebook is not there, has no such cell, or it printed no spread.
    """
    path = Path(folder) / f"{chapter}.ipynb"
    if not path.exists():
        raise LookupError(f"{path} is not here: this reads the outputs of the chapter; run it in a clone of the book's repository")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for one in notebook["cells"]:
        if one.get("id") == cell:
            parts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in one.get("outputs", ())]
            found = read("\n".join("".join(part) for part in parts))
            if found:
                return found
            raise LookupError(f"{chapter}, cell {cell}: it printed no spread")
    raise LookupError(f"{chapter} has no cell {cell!r}")


class Experiment(NamedTuple):
    """One comparison of layers: what it is about, what was equal, and where its numbers stand."""

    title: str
    equal: str
    chapter: str
    cell: str
    column: int = 0  # which of the numbers in each line
    rows: dict = {}  # name to show -> name in the chapter; {} for all as they are


EXPERIMENTS = (
    Experiment("Digits, small budget (%)", "equal MACs, about 20,000", "06_separable", "experiment-run", 0),
    Experiment("Digits, larger budget (%)", "equal MACs, about 80,000", "06_separable", "experiment-run", 2),
    Experiment("Digits of many sizes (%)", "equal MACs, about 170,000", "07_inception", "experiment-run",
               rows={"3 × 3 only": "3 × 3 only", "5 × 5 only": "5 × 5 only", "Inception, naïve": "naive", "Inception, reduced": "reduced"}),
    Experiment("Segmenting at full resolution (mean IoU, %)", "equal MACs, about 3.7 million", "05_atrous", "train",
               rows={name: name for name in ("no dilation", "dilations 1 2 4 8 1", "pooled twice, wide")}),
    Experiment("Digits turned and resized (%)", "equal parameters, about 5,400", "09_deformable", "exp-run",
               rows={"plain": "plain test", "deformable": "v1", "deformable, version 2": "v2"}),
    Experiment("Digits, flattened filters (%)", "equal parameters, about 3,000 in the first pair, 1,300 in the second", "08_flattened", "experiment-run",
               rows={"flattened, two stages": "two stages", "standard, narrow": "standard, narrow",
                     "flattened, one stage": "one stage", "standard, narrower": "standard, narrower"}),
    Experiment("Checkerboard left after training (grey levels; less is better)", "equal MACs, about 240,000", "04_transposed", "cures-train"),
    Experiment("The end of a network (%)", "not equal in cost", "03_depthwise", "global-run"),
)


def panels(*, folder="."):
    """{title and note: {name: Measured}} of all `EXPERIMENTS`, for `figures.fig_evidence`.

    Raises:
        LookupError: as `measured`; or a cell has no line of a name that is asked for.
    """
    found = {}
    for one in EXPERIMENTS:
        table = measured(one.chapter, one.cell, folder=folder)
        rows = one.rows or {name: name for name in table}
        for name in rows.values():
            if len(table.get(name, ())) <= one.column:
                raise LookupError(f"{one.chapter}, cell {one.cell}: number {one.column + 1} of {name!r} is asked, and it printed {', '.join(map(repr, table))}")
        found[f"{one.title}\n{one.equal}; chapter {int(one.chapter[:2])}"] = {shown: table[name][one.column] for shown, name in rows.items()}
    return found
