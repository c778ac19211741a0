"""What one unit of a stack of layers sees: its cone, its pixels, and how many paths lead to each."""

from typing import NamedTuple

import traitlets

from convbook._arguments import one_of, whole
from convbook.explorers.base import Explorer, bundle, styles
from convbook.shapes import conv_output_size

KINDS = ("conv", "pool")
# The same limits as in receptive_field/geometry.js: what a reader's controls offer.
LIMITS = {"layers": (1, 6), "n": (4, 64), "k": (1, 7), "s": (1, 4), "p": (0, 24), "d": (1, 8)}


class Layer(NamedTuple):
    """One layer along one axis: k taps, stride s, padding p on each side (or "auto", or "causal"), dilation d.

    "auto" is half of what the kernel spans, floor(d (k - 1) / 2): at stride 1 an odd kernel keeps the length. "causal" pads
    with d (k - 1) before the row and with nothing after it: no unit reads what comes later.
    """

    k: int
    s: int = 1
    p: int | str = "auto"
    d: int = 1
    kind: str = "conv"
    name: str = ""

    def __repr__(self):
        shown = 6 if self.name else 5 if self.kind != "conv" else 4
        return repr(tuple(self)[:shown])

    @property
    def padding(self):
        """The padding before the row as a number.

        >>> Layer(3, d=4).padding, Layer(3, 1, "causal", 4).padding
        (4, 8)
        """
        return {"auto": self.d * (self.k - 1) // 2, "causal": self.d * (self.k - 1)}.get(self.p, self.p)

    def units(self, n):
        """How many units it makes of a row of n."""
        if self.p == "causal":
            return (n - 1) // self.s + 1
        return conv_output_size(n, self.k, stride=self.s, padding=self.padding, dilation=self.d)


class Stack(traitlets.TraitType):
    """A list of layers, the input's side first: tuples (k, s, p, d, kind, name), of which only k must be given, or dicts."""

    def validate(self, obj, value):
        low, high = LIMITS["layers"]
        if not isinstance(value, (list, tuple)) or isinstance(value, Layer):
            raise TypeError(f"layers={value!r} must be a list of layers (k, s, p, d)")
        if not low <= len(value) <= high:
            raise ValueError(f"layers has {len(value)} layers; it must have {low} to {high}")
        return [_layer(f"layers[{i}]", layer) for i, layer in enumerate(value)]


def _layer(name, value):
    if isinstance(value, dict):
        unknown = [key for key in value if key not in Layer._fields]
        if unknown or "k" not in value:
            raise ValueError(f"{name}={value!r} must have k, and may have {', '.join(Layer._fields[1:])}")
        value = Layer(**value)
    elif not isinstance(value, (list, tuple)):
        raise TypeError(f"{name}={value!r} must be a tuple (k, s, p, d), or a dict")
    elif not 1 <= len(value) <= len(Layer._fields):
        raise ValueError(f"{name}={value!r} must be a tuple (k, s, p, d), with kind and name at most")
    else:
        value = Layer(*value)
    k, s, d = (_between(f"{name}.{key}", getattr(value, key), key) for key in "ksd")
    kind = one_of(f"{name}.kind", value.kind, KINDS)
    p = value.p
    span = d * (k - 1) + 1
    if p == "causal" and kind == "conv":
        if span - 1 > LIMITS["p"][1]:
            raise ValueError(f"{name}.p='causal' would put {span - 1} positions before the row; {LIMITS['p'][1]} is the most")
    elif p != "auto":
        p = whole(f"{name}.p", p, at_least=0) if not isinstance(p, str) else None
        most = min(LIMITS["p"][1], span // 2 if kind == "pool" else span - 1)
        if p is None or p > most:
            raise ValueError(f"{name}.p={value.p!r} must be 'auto', or 0 to {most}: {kind} with k={k} and d={d} spans {span}")
    if not isinstance(value.name, str) or len(value.name) > 24 or not value.name.isprintable():
        raise ValueError(f"{name}.name={value.name!r} must be a string of one line, 24 characters at most")
    return Layer(k, s, p, d, kind, value.name)


def _between(name, value, limit):
    low, high = LIMITS[limit]
    value = whole(name, value, at_least=low)
    if value > high:
        raise ValueError(f"{name}={value} must be at most {high}")
    return value


class ReceptiveField(Explorer):
    """A stack of layers along one axis; point at a unit to see what it reads.

    Args:
        layers: one to six layers, the input's side first: (k, s, p, d), p a number, "auto", or "causal" (all padding before the
            signal); a fifth entry is the kind, "conv" or "pool", a sixth a name.
        input_size: pixels of the input, 4 to 64.
        unit: (row, index) of the unit that is pinned, row 0 the input; () shows the middle unit of the top row.
        predict: whether the answer is hidden until the reader has typed it.

    >>> ReceptiveField(layers=[(3, 1, 0, 2)] * 3, input_size=21)
    ReceptiveField(layers=[(3, 1, 0, 2), (3, 1, 0, 2), (3, 1, 0, 2)], input_size=21)
    """

    _esm = bundle("receptive_field/index.js")
    _css = styles("receptive_field/style.css")

    layers = Stack([Layer(3, 1, 0), Layer(3, 1, 0), Layer(3, 1, 0)]).tag(
        sync=True, to_json=lambda layers, widget: [layer._asdict() for layer in layers])
    input_size = traitlets.Any(13).tag(sync=True)
    unit = traitlets.Any(()).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)

    @traitlets.validate("input_size")
    def _input_size(self, proposal):
        return self._fits(self.layers, _between("input_size", proposal.value, "n"))[0]

    @traitlets.validate("layers")
    def _layers(self, proposal):
        self._fits(proposal.value, self.input_size)
        return proposal.value

    @traitlets.validate("unit")
    def _unit(self, proposal):
        unit = proposal.value
        if not isinstance(unit, (list, tuple)) or len(unit) not in (0, 2):
            raise ValueError(f"unit={unit!r} must be (row, index), or () for the middle of the top row")
        if not unit:
            return ()
        rows = self._fits(self.layers, self.input_size)
        row, index = (whole(f"unit[{i}]", v, at_least=0) for i, v in enumerate(unit))
        if row >= len(rows) or index >= rows[row]:
            raise ValueError(f"unit={unit!r} is not in the stack, whose rows have {', '.join(map(str, rows))} units")
        return row, index

    @traitlets.observe("layers", "input_size")
    def _forget_unit(self, change):
        rows = self._fits(self.layers, self.input_size)
        if self.unit and (self.unit[0] >= len(rows) or self.unit[1] >= rows[self.unit[0]]):
            self.unit = ()

    @staticmethod
    def _fits(layers, n):
        """Units in each row, the input first; an error names the layer that is left without one."""
        rows = [n]
        for i, layer in enumerate(layers):
            try:
                rows.append(layer.units(rows[-1]))
            except ValueError as error:
                raise ValueError(f"layers[{i}]={layer!r} does not fit above input_size={n}: {error}") from None
        return rows
