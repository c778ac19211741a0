"""How often each output of a transposed convolution is hit: the checkerboard before any training."""

import math
from typing import NamedTuple

import traitlets

from convbook._arguments import one_of, whole
from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import SPEEDS, Choice, Whole, hold_numbers

# The same limits as in overlap_counter/geometry.js.
LIMITS = {"layers": (1, 4), "input_size": (2, 16), "k": (1, 6), "s": (1, 4)}
LARGEST_OUTPUT, LARGEST_WEIGHT = 96, 99
METHODS = ("transposed", "resize")
WEIGHTS = ("ones", "bilinear", "random")


class Layer(NamedTuple):
    """One layer along one axis: k taps, stride s."""

    k: int
    s: int

    def __repr__(self):
        return repr(tuple(self))


class Stack(traitlets.TraitType):
    """A list of layers, the input's side first: pairs (k, s), or dicts."""

    def validate(self, obj, value):
        if not isinstance(value, (list, tuple)) or isinstance(value, Layer):
            raise TypeError(f"layers={value!r} must be a list of layers (k, s)")
        return [self._layer(f"layers[{i}]", layer) for i, layer in enumerate(value)]

    @staticmethod
    def _layer(name, value):
        if isinstance(value, dict) and set(value) == {"k", "s"}:
            value = (value["k"], value["s"])
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise TypeError(f"{name}={value!r} must be a pair (k, s)")
        return Layer(*(whole(f"{name}.{key}", v, at_least=1) for key, v in zip("ks", value)))


class OverlapCounter(Explorer):
    """Stamps of a stack of transposed convolutions along one axis, piled on the positions that they hit; and their square.

        y[t] = sum over i, u with s i + u = t of v[i] w[u]

    Args:
        layers: one to four layers (k, s), the input's side first; k is 1 to 6, s is 1 to 4.
        input_size: length of the input, ones, 2 to 16. The output may have 96 positions, and its interior (what no end of the
            input changes) must hold a whole period of the pattern.
        method: "transposed"; or "resize", which repeats each number s times and then convolves with k taps at stride 1.
        weights: "ones" (so that values are counts), "bilinear", "random"; or one list of k numbers for each layer.
        seed: which random weights.
        step: the stamp that was laid last, counted from 0, layer after layer; None when all are laid.
        speed: stamps a second when playing: 1, 2, 4 or 8.
        pinned: (row, index) of the number that is looked at, row 0 the input; () for none.
    Raises:
        ValueError, TypeError: a value that the page could not show, with the reason.

    >>> OverlapCounter(layers=[(4, 2)], input_size=8)
    OverlapCounter(layers=[(4, 2)], input_size=8)
    >>> OverlapCounter(layers=[(3, 2), (3, 2)]).output_size
    27
    """

    _esm = bundle("overlap_counter/index.js")
    _css = styles("overlap_counter/style.css")

    layers = Stack([Layer(3, 2)]).tag(sync=True, to_json=lambda layers, widget: [layer._asdict() for layer in layers])
    input_size = Whole(6, at_least=1).tag(sync=True)
    method = Choice("transposed", METHODS).tag(sync=True)
    weights = traitlets.Any("ones").tag(sync=True)
    seed = Whole(0).tag(sync=True)
    step = traitlets.Any(None, allow_none=True).tag(sync=True)
    speed = Choice(2, SPEEDS).tag(sync=True)
    pinned = traitlets.Any(()).tag(sync=True)

    @property
    def output_size(self):
        """Positions of the last row."""
        return self._rows()[-1][0]

    def _rows(self):
        return rows(self.layers, self.input_size, self.method)

    @traitlets.validate("layers", "input_size", "method")
    def _legal(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        state = {key: getattr(self, key) for key in ("layers", "input_size", "method")} | {name: value}
        reason = fault(**state)
        if reason:
            raise ValueError(f"{reason} (layers={state['layers']}, input_size={state['input_size']}, method={state['method']!r})")
        return value

    @traitlets.validate("weights")
    def _weights_fit(self, proposal):
        weights = proposal["value"]
        if isinstance(weights, str):
            return one_of("weights", weights, WEIGHTS)
        lists = isinstance(weights, (list, tuple)) and all(isinstance(w, (list, tuple)) for w in weights)
        taps = [layer.k for layer in self.layers]
        if not lists or [len(w) for w in weights] != taps:
            raise ValueError(f"weights={weights!r} must be 'ones', 'bilinear', 'random', or one list for each layer, of {', '.join(map(str, taps))} numbers")
        hold_numbers("weights", (v for w in weights for v in w), LARGEST_WEIGHT)
        return [list(w) for w in weights]

    @traitlets.observe("layers", "input_size", "method")
    def _keep_in_sight(self, change):
        if not isinstance(self.weights, str) and [len(w) for w in self.weights] != [layer.k for layer in self.layers]:
            self.weights = "ones"
        if self.step is not None and self.step >= self._stamps():
            self.step = None
        if self.pinned and not self._shows(self.pinned):
            self.pinned = ()

    def _stamps(self):
        return sum(n for n, _, _ in self._rows()[:-1])

    def _shows(self, pinned):
        row, index = pinned
        return row <= len(self.layers) and index < self._rows()[row][0]

    @traitlets.validate("step")
    def _step_is_there(self, proposal):
        step = proposal["value"]
        if step is not None and whole("step", step, at_least=0) >= self._stamps():
            raise ValueError(f"step={step} must be None, or at most {self._stamps() - 1}, the last of {self._stamps()} stamps")
        return step

    @traitlets.validate("pinned")
    def _pin_is_in_sight(self, proposal):
        pinned = proposal["value"]
        if not isinstance(pinned, (list, tuple)) or len(pinned) not in (0, 2):
            raise ValueError(f"pinned={pinned!r} must be (row, index), or ()")
        pinned = tuple(whole(f"pinned[{i}]", v, at_least=0) for i, v in enumerate(pinned))
        if pinned and not self._shows(pinned):
            raise ValueError(f"pinned={pinned!r} is not in the stack, whose rows have {', '.join(str(n) for n, _, _ in self._rows())} numbers")
        return pinned


def rows(layers, n, method):
    """(length, first, last) of each row, the input first; first to last is its interior."""
    all_rows = [(n, 0, n - 1)]
    for k, s in layers:
        below, first, last = all_rows[-1]
        taps = s + k - 1 if method == "resize" else k
        o = s * (below - 1) + taps
        all_rows.append((o, max(0, s * (first - 1) + taps), min(o - 1, s * last + s - 1)))
    return all_rows


def fault(layers, input_size, method):
    """Why a stack cannot be shown; None where it can. The page has the same rule."""
    low, high = LIMITS["layers"]
    if not low <= len(layers) <= high:
        return f"there must be {low} to {high} layers"
    for name, value in [("input_size", input_size), *((key, v) for layer in layers for key, v in zip("ks", layer))]:
        low, high = LIMITS[name]
        if not low <= value <= high:
            return f"{name} must be a whole number from {low} to {high}"
    o, first, last = rows(layers, input_size, method)[-1]
    inside, period = max(0, last - first + 1), math.prod(s for _, s in layers)
    if o > LARGEST_OUTPUT:
        return f"the output has {o} positions, and at most {LARGEST_OUTPUT} are drawn"
    if inside < period:
        return f"the interior has {inside} positions, fewer than one period of the pattern, {period}; a longer input has more"
    return None
