"""Does a printed figure agree with the exact count, and if not, what was counted? Found by counting, where it can be."""

import re
from math import floor, prod
from typing import NamedTuple

import torch

from convbook.cost import profile
from convbook.networks.mobilefacenet import folded_params

UNITS = {"M": 10**6, " million": 10**6, " billion": 10**9, "": 1}
_FIGURE = re.compile(r"([\d,.]+)(M| million| billion|) (params|MACs)")


class Verdict(NamedTuple):
    """One printed figure and what it is: "agrees", "cut short", what was counted instead, or "" where counting does not tell."""

    printed: str
    word: str


def figures(printed):
    """The figures in a paper's words: (text, number, unit, kind).

    >>> figures("4.2M params, 569M MACs")
    [('4.2M params', '4.2', 1000000, 'params'), ('569M MACs', '569', 1000000, 'MACs')]
    """
    return [(match[0], match[1], UNITS[match[2]], match[3]) for match in _FIGURE.finditer(printed)]


def fits(number, unit, exact):
    """How a printed number comes from an exact one: "agrees" (rounded), "cut short", or "" for neither.

    >>> fits("4.2", 10**6, 4_231_976), fits("720", 10**6, 724_406_816), fits("34", 10**6, 118_013_952)
    ('agrees', 'cut short', '')
    """
    digits, value = len(number.partition(".")[2]), exact / unit
    plain = number.replace(",", "")
    if f"{round(value, digits):.{digits}f}" == plain:
        return "agrees"
    kept = digits or -(len(plain) - len(plain.rstrip("0")))  # 720 keeps tens
    return "cut short" if floor(value * 10**kept) / 10**kept == float(plain) else ""


def others(network, counted):
    """{kind: {what is counted: count}}: what papers count in place of everything."""
    convolutions = sum(row.macs for row in counted.rows if "Conv" in row.kind)
    weights = sum(prod(weight.shape) for weight in network.parameters() if weight.dim() > 1)
    return {"MACs": {"the convolutions alone": convolutions}, "params": {"batch norms folded": folded_params(network), "weights alone": weights}}


def verdicts(row):
    """One `Verdict` for each figure that the row's paper prints, after building and counting the network.

    Raises:
        AssertionError: the network has other counts than the row.
    """
    with torch.device("meta"):
        network = row.build()
    counted = profile(network, row.input_shape)
    assert (counted.params, counted.macs) == (row.params, row.macs), row.name
    found = []
    for text, number, unit, kind in figures(row.printed):
        words = [fits(number, unit, row.params if kind == "params" else row.macs)]
        if words != ["agrees"]:
            ways = {f"{name}, {count:,}": fits(number, unit, count) for name, count in others(network, counted)[kind].items()}
            words += [name for name, how in ways.items() if how == "agrees"] or [f"{name}, cut short" for name, how in ways.items() if how and not words[0]]
        found.append(Verdict(text, "; or ".join(filter(None, words))))
    return found
