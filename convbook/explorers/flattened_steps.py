"""One 3D filter of three vectors: the dense pass, and the three 1D passes that give the same numbers, one number at a time."""

import traitlets

from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import SPEEDS, Choice, Flag, Whole, hold_numbers, is_rows, listed

# The same limits and choices as in flattened_steps/geometry.js.
LIMITS = {"taps": (1, 4), "weight": 9, "image": (4, 6), "pixel": 9}
ORDERS = ("LVH", "LHV", "VLH", "HLV", "VHL", "HVL")
PADDINGS = ("valid", "full")
LANES = ("first", "second", "best")
IMAGE = [
    [[1, 2, 0, 1, 3], [0, 1, 2, 3, 1], [2, 1, 0, 1, 2], [1, 0, 3, 2, 1]],
    [[0, 1, 1, 2, 0], [2, 0, 1, 1, 3], [1, 2, 0, 0, 1], [0, 1, 2, 1, 0]],
    [[1, 0, 2, 0, 1], [1, 1, 0, 2, 0], [0, 3, 1, 1, 1], [2, 0, 0, 1, 2]],
    [[2, 1, 0, 0, 1], [0, 2, 1, 1, 0], [1, 0, 2, 3, 0], [1, 1, 0, 0, 2]],
]


class FlattenedSteps(Explorer):
    """Three vectors, their outer product, and a small image convolved by it: in one dense pass, and in three.

        w[c, i, j] = z[c] y[i] x[j]

    Args:
        z, y, x: across the channels, down the rows, along the columns; 1 to 4 numbers each, from -9 to 9.
        second: () or a second triple [z', y', x'] of the same lengths, which is added: a filter of rank 2.
        image: planes of 4 to 6 rows and columns, numbers from -9 to 9; at least as many planes as z has numbers, and 4 at most. The first
            ones are used.
        order: of the passes, "LVH", "LHV", "VLH", "HLV", "VHL" or "HVL": L is z, V is y, H is x.
        padding: "valid", or "full": zeros all around, wherever the filter touches the image at all.
        lane: with a second triple, whose passes are drawn: "first", "second", or "best", the single triple nearest to the sum.
        step: which number is being made, from 0; beyond the last it means the last.
        speed: numbers a second, 1, 2, 4 or 8.
        hide_later: numbers after the step are hidden.
        predict: the output is hidden until the reader has answered a question about it.

    >>> FlattenedSteps(z=[1, 2], order="VHL")
    FlattenedSteps(z=[1, 2], order='VHL')
    """

    _esm = bundle("flattened_steps/index.js")
    _css = styles("grid.css", "flattened_steps/style.css")

    z = traitlets.Any([1, 2, -1]).tag(sync=True)
    y = traitlets.Any([1, -1]).tag(sync=True)
    x = traitlets.Any([1, 0, 2]).tag(sync=True)
    second = traitlets.Any([]).tag(sync=True)
    image = traitlets.Any(IMAGE).tag(sync=True)
    order = Choice("LVH", ORDERS).tag(sync=True)
    padding = Choice("valid", PADDINGS).tag(sync=True)
    lane = Choice("first", LANES).tag(sync=True)
    step = Whole(0).tag(sync=True)
    speed = Choice(2, SPEEDS).tag(sync=True)
    hide_later = Flag(False).tag(sync=True)
    predict = Flag(False).tag(sync=True)

    @traitlets.validate("z", "y", "x")
    def _vector_fits(self, proposal):
        name = proposal.trait.name
        return self._legal(name, _vector(name, proposal.value, LIMITS["weight"]))

    @traitlets.validate("second")
    def _second_fits(self, proposal):
        value = proposal.value
        if not isinstance(value, (list, tuple)) or len(value) not in (0, 3):
            raise ValueError(f"second={value!r} must be (), or three vectors [z', y', x']")
        return self._legal("second", [_vector(f"second[{i}]", v, LIMITS["weight"]) for i, v in enumerate(value)])

    @traitlets.validate("image")
    def _image_fits(self, proposal):
        planes = listed(proposal.value)
        most = LIMITS["taps"][1]
        if not isinstance(planes, (list, tuple)) or not 1 <= len(planes) <= most:
            raise ValueError(f"image must be 1 to {most} planes")
        if not all(map(is_rows, planes)):
            raise ValueError("image must be planes of rows of numbers")
        if len({(len(plane), *map(len, plane)) for plane in planes}) != 1 or len({len(row) for row in planes[0]}) != 1:
            raise ValueError("image must have planes of one size, and rows of equal length")
        low, high = LIMITS["image"]
        for side, n in (("height", len(planes[0])), ("width", len(planes[0][0]) if planes[0] else 0)):
            if not low <= n <= high:
                raise ValueError(f"image has a {side} of {n}; it must lie from {low} to {high}")
        hold_numbers("image", (v for plane in planes for row in plane for v in row), LIMITS["pixel"])
        return self._legal("image", [[list(row) for row in plane] for plane in planes])

    def _legal(self, name, value):
        state = {trait: getattr(self, trait) for trait in ("z", "y", "x", "second", "image")} | {name: value}
        if state["second"] and [len(v) for v in state["second"]] != [len(state[letter]) for letter in "zyx"]:
            raise ValueError(f"second has vectors of {[len(v) for v in state['second']]} numbers; they must be as long as z, y, x: "
                             f"{[len(state[letter]) for letter in 'zyx']}")
        if len(state["image"]) < len(state["z"]):
            raise ValueError(f"image has {len(state['image'])} planes; it must have at least {len(state['z'])}, one for each number of z")
        return value


def _vector(name, value, limit):
    value = listed(value)
    low, high = LIMITS["taps"]
    if not isinstance(value, (list, tuple)) or not low <= len(value) <= high:
        raise ValueError(f"{name} must be a list of {low} to {high} numbers")
    hold_numbers(name, value, limit)
    return list(value)
