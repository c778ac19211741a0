"""A window that slides over a small input: every tap, every sum, the size formula and the PyTorch layer."""

import math
import numbers

import numpy as np
import traitlets

from convbook._arguments import PADDING_MODES, one_of, per_axis, whole
from convbook.explorers.base import Explorer, Pair, bundle, styles
from convbook.shapes import conv_output_size, same_padding

# What can be drawn with numbers in the cells; the same as in sliding_window/geometry.js.
LIMITS = {"input_size": (1, 8), "kernel_size": (1, 5), "stride": (1, 4), "padding": (0, 3), "dilation": (1, 3)}
LARGEST_SPAN, LARGEST_NUMBER = 7, 999
INPUTS = ("random", "counting", "edge", "diagonal", "impulse", "digit")
KERNELS = ("sobel", "identity", "sum", "sharpen", "shift", "counting", "random")
SPEEDS = (1, 2, 4, 8)
_AXES = ("height", "width")
_LAYER = (*LIMITS, "padding_mode", "input", "kernel")


class Padding(traitlets.TraitType):
    """A trait with "valid", "same", one integer, or a pair (height, width)."""

    info_text = '"valid", "same", one integer, or a pair (height, width)'

    def validate(self, obj, value):
        if isinstance(value, str):
            return one_of(self.name, value, ("valid", "same"))
        return per_axis(self.name, value, 2, at_least=0)


class Numbers(traitlets.TraitType):
    """A trait with the name of a preset, or rows of numbers; one row may stand without its brackets."""

    info_text = "the name of a preset, or rows of numbers"

    def __init__(self, default, presets, size, **options):
        super().__init__(default, **options)
        self.presets, self.size = presets, size

    def validate(self, obj, value):
        if isinstance(value, str):
            return one_of(self.name, value, self.presets)
        rows = value.tolist() if isinstance(value, np.ndarray) else value
        if isinstance(rows, (list, tuple)) and rows and not isinstance(rows[0], (list, tuple)):
            rows = [rows]
        most = LIMITS[self.size][1]
        if not isinstance(rows, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in rows):
            raise TypeError(f"{self.name}={value!r} must be rows of numbers, or one of {', '.join(map(repr, self.presets))}")
        if not rows or len({len(row) for row in rows}) > 1 or not 1 <= len(rows[0]) <= most or len(rows) > most:
            raise ValueError(f"{self.name}={value!r} must be rows of equal length, from 1 x 1 to {most} x {most} numbers")
        for row in rows:
            for v in row:
                if isinstance(v, (bool, np.bool_)) or not isinstance(v, numbers.Real):
                    raise TypeError(f"{self.name} holds {v!r}; it must hold numbers only")
                if not math.isfinite(v) or abs(v) > LARGEST_NUMBER:
                    raise ValueError(f"{self.name} holds {v!r}; its numbers must lie from -{LARGEST_NUMBER} to {LARGEST_NUMBER}")
        return [[v.item() if isinstance(v, np.generic) else v for v in row] for row in rows]


class SlidingWindow(Explorer):
    """A convolution of one channel, small enough to read every number of it.

    Args:
        input_size, kernel_size, stride, dilation: (height, width), or one integer for both; at most 8, 5, 4 and 3. The
            dilated window may span 7 positions.
        padding: zero to 3 positions on each side, as one integer or (height, width); or "valid", or "same" at stride 1.
        padding_mode: "zeros", "reflect", "replicate" or "circular".
        true_convolution: turn the kernel by half a turn first. Networks do not.
        input: "random", "counting", "edge", "diagonal", "impulse", "digit"; or rows of numbers, which set input_size.
        kernel: "sobel", "identity", "sum", "sharpen", "shift", "counting", "random"; or rows, which set kernel_size.
        seed: which random numbers.
        step: the output that the window stands at, in reading order.
        speed: steps a second when playing: 1, 2, 4 or 8.
        pinned: the cell that is looked at, ("input", row, column), or "kernel", or "output"; () for none. Padding stands
            at -1, or beyond the last row or column.
        linked: whether the reader changes height and width together.
        hide_later: whether outputs that the window has not reached are covered.
    Raises:
        ValueError, TypeError: a value that the page could not show, with the reason.

    >>> SlidingWindow(kernel_size=(3, 2), stride=2)
    SlidingWindow(stride=(2, 2))
    >>> SlidingWindow(input=[1, 2, 3], kernel=[1, -1]).output_size
    (1, 2)
    """

    _esm = bundle("sliding_window/index.js")
    _css = styles("sliding_window/style.css")

    input_size = Pair((5, 7), at_least=1).tag(sync=True)
    kernel_size = Pair((3, 2), at_least=1).tag(sync=True)
    stride = Pair((1, 1), at_least=1).tag(sync=True)
    padding = Padding("valid").tag(sync=True)
    dilation = Pair((1, 1), at_least=1).tag(sync=True)
    padding_mode = traitlets.Any("zeros").tag(sync=True)
    true_convolution = traitlets.Bool(False).tag(sync=True)
    input = Numbers("random", INPUTS, "input_size").tag(sync=True)
    kernel = Numbers("sobel", KERNELS, "kernel_size").tag(sync=True)
    seed = traitlets.Any(0).tag(sync=True)
    step = traitlets.Any(0).tag(sync=True)
    speed = traitlets.Any(2).tag(sync=True)
    pinned = traitlets.Any(()).tag(sync=True)
    linked = traitlets.Bool(False).tag(sync=True)
    hide_later = traitlets.Bool(False).tag(sync=True)

    def __init__(self, **parameters):
        for name, size in (("input", "input_size"), ("kernel", "kernel_size")):
            given = parameters.get(name)
            if given is not None and not isinstance(given, str) and size not in parameters:
                rows = type(self).class_traits()[name].validate(self, given)
                parameters[size] = (len(rows), len(rows[0]))
        super().__init__(**parameters)

    @property
    def output_size(self):
        """(height, width) of the output."""
        return tuple(conv_output_size(self.input_size[a], self.kernel_size[a], stride=self.stride[a],
                                      dilation=self.dilation[a], padding=_sides(self._layer(), a)) for a in (0, 1))

    def _layer(self):
        return {name: getattr(self, name) for name in _LAYER}

    @traitlets.validate(*_LAYER)
    def _legal(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        layer = {**self._layer(), name: value}
        if name in ("input", "kernel") and not isinstance(value, str):
            layer[f"{name}_size"] = (len(value), len(value[0]))
        for numbers_of in ("input", "kernel"):
            rows, size = layer[numbers_of], layer[f"{numbers_of}_size"]
            if not isinstance(rows, str) and (len(rows), len(rows[0])) != size:
                raise ValueError(f"{numbers_of}_size={size} must be ({len(rows)}, {len(rows[0])}), the size of {numbers_of}; "
                                 f"set {numbers_of} itself instead")
        _check(layer)
        return value

    @traitlets.observe("input", "kernel")
    def _measure(self, change):
        if not isinstance(change["new"], str):
            setattr(self, f"{change['name']}_size", (len(change["new"]), len(change["new"][0])))

    @traitlets.observe(*_LAYER)
    def _keep_in_sight(self, change):
        self.step = min(self.step, math.prod(self.output_size) - 1)
        if self.pinned and not self._shows(self.pinned):
            self.pinned = ()

    @traitlets.validate("step")
    def _step_is_an_output(self, proposal):
        step, last = whole("step", proposal["value"], at_least=0), math.prod(self.output_size) - 1
        if step > last:
            raise ValueError(f"step={step} must be at most {last}, the last of {last + 1} outputs")
        return step

    @traitlets.validate("seed")
    def _seed_is_whole(self, proposal):
        return whole("seed", proposal["value"], at_least=0)

    @traitlets.validate("speed")
    def _speed_is_offered(self, proposal):
        if proposal["value"] not in SPEEDS:
            raise ValueError(f"speed={proposal['value']!r} must be one of {', '.join(map(str, SPEEDS))}")
        return proposal["value"]

    @traitlets.validate("pinned")
    def _pin_is_in_sight(self, proposal):
        pinned = proposal["value"]
        shape = isinstance(pinned, (tuple, list)) and (not pinned or (
            len(pinned) == 3 and all(isinstance(v, int) and not isinstance(v, bool) for v in pinned[1:])))
        if not shape:
            raise ValueError(f"pinned={pinned!r} must be (), or (\"input\", \"kernel\" or \"output\", row, column)")
        if pinned and not self._shows(pinned):
            raise ValueError(f"pinned={tuple(pinned)!r} must be a cell of the picture")
        return tuple(pinned)

    def _shows(self, pinned):
        grid, *at = pinned
        before, after = zip(*(_sides(self._layer(), a) for a in (0, 1)))
        bounds = {
            "input": [(-before[a], self.input_size[a] + after[a]) for a in (0, 1)],
            "kernel": [(0, k) for k in self.kernel_size],
            "output": [(0, o) for o in self.output_size],
        }.get(grid)
        return bounds is not None and all(low <= v < high for v, (low, high) in zip(at, bounds))


def _sides(layer, axis):
    if layer["padding"] == "valid":
        return 0, 0
    if layer["padding"] == "same":
        return same_padding(layer["input_size"][axis], layer["kernel_size"][axis], dilation=layer["dilation"][axis])
    return (layer["padding"][axis],) * 2


def _check(layer):
    """Raise for a layer that the page cannot show, with the same reason as the page gives."""
    one_of("padding_mode", layer["padding_mode"], PADDING_MODES)
    for axis, name in enumerate(_AXES):
        reason = fault(layer, axis)
        if reason:
            values = {key: layer[key] if isinstance(layer[key], str) else layer[key][axis] for key in LIMITS}
            given = ", ".join(f"{key}={value!r}" for key, value in values.items())
            raise ValueError(f"{name}: {reason} ({given})")


def fault(layer, axis):
    """Why a layer cannot be shown, as far as one axis goes; None where it can. The page has the same rule."""
    for name, (low, high) in LIMITS.items():
        if not isinstance(layer[name], str) and not low <= layer[name][axis] <= high:
            return f"{name} must be a whole number from {low} to {high}"
    n, d = layer["input_size"][axis], layer["dilation"][axis]
    span = d * (layer["kernel_size"][axis] - 1) + 1
    if span > LARGEST_SPAN:
        return f"the window spans {span} positions, and at most {LARGEST_SPAN} are drawn"
    if layer["padding"] == "same" and layer["stride"][axis] > 1:
        return "padding 'same' exists at stride 1 only"
    before, after = _sides(layer, axis)
    if span > n + before + after:
        return f"the window spans {span} positions, and the padded input has only {n + before + after}"
    if layer["padding_mode"] == "reflect" and after > n - 1:
        return f"padding_mode 'reflect' needs a padding of at most {n - 1}, one less than the input"
    if layer["padding_mode"] == "circular" and after > n:
        return f"padding_mode 'circular' needs a padding of at most {n}, as long as the input"
    return None
