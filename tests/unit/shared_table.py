"""The table of cases that the Python and the JavaScript tests both read."""

import json
from pathlib import Path

SHAPES = json.loads((Path(__file__).parents[1] / "cases" / "shapes.json").read_text())


def as_python(value):
    """JSON has lists where Python callers write tuples."""
    return tuple(map(as_python, value)) if isinstance(value, list) else value


def cases(*functions):
    """Rows (function, args, what is expected) of the table, for pytest.mark.parametrize.

    What is expected is a row's result, or the whole message of its error.
    """
    rows = [row for row in SHAPES if row["function"] in functions]
    return [(row["function"], {name: as_python(v) for name, v in row["args"].items()}, row.get("result"), row.get("error"))
            for row in rows]
