"""A direct convolution beside its transposed one: three ways to the same numbers, p and p' both named."""

import math

import traitlets

from convbook._arguments import whole
from convbook.explorers.base import bundle, styles
from convbook.explorers.one_channel import OneChannel, refuse
from convbook.explorers.traits import SPEEDS, Choice, Numbers, Pair, Whole
from convbook.shapes import conv_transpose_output_size

# What can be drawn with numbers in the cells; the same as in transposed_views/geometry.js.
LIMITS = {"input_size": (1, 4), "kernel_size": (1, 4), "stride": (1, 3), "padding": (0, 3), "output_padding": (0, 2), "dilation": (1, 2)}
LARGEST_OUTPUT, LARGEST_DRAWN = 7, 10
INPUTS = ("counting", "ones", "single", "random", "direct")
KERNELS = ("counting", "ones", "tent", "random")
VIEWS = ("scatter", "insert", "matrix", "all")
GRIDS = ("input", "output")
_LAYER = (*LIMITS, "input", "kernel")


class TransposedViews(OneChannel):
    """A transposed convolution of one channel, x to y, beside the direct one with the same kernel, X to z.

        y = C^T x,   z = C X        X is as large as y, and z as large as x

    Args:
        input_size: (height, width) of x, or one integer for both, 1 to 4. The output may have 7 positions a side.
        kernel_size, stride, dilation: as `input_size`, at most 4, 3 and 2.
        padding: of the layer, 0 <= p <= d (k - 1); zero-insertion then has a border of p' = d (k - 1) - p.
        output_padding: 0 <= output_padding < stride.
        input: "counting", "ones", "single", "random"; "direct" for z itself; or rows of numbers, which set input_size.
        kernel: "counting", "ones", "tent", "random"; or rows of numbers, which set kernel_size.
        seed: which random numbers, X among them.
        view: "scatter", "insert", "matrix" or "all".
        walk: whether a step is one number of the "input" or of the "output".
        step: where the player stands, in reading order.
        speed: steps a second when playing: 1, 2, 4 or 8.
        pinned: the cell that is looked at, ("input", row, column) or ("output", row, column); () for none. What the padding
            cuts off stands at -1, or beyond the last row or column.
        so_far: whether only what the steps so far have made is shown.
        linked: whether the reader changes height and width together.
    Raises:
        ValueError, TypeError: a value that the page could not show, with the reason.

    >>> TransposedViews(input_size=2).output_size
    (5, 5)
    >>> TransposedViews(input_size=(2, 3), stride=2, padding=1)
    TransposedViews(padding=(1, 1))
    """

    _esm = bundle("transposed_views/index.js")
    _css = styles("grid.css", "one_channel.css", "transposed_views/style.css")
    _names = _LAYER

    input_size = Pair((2, 3), at_least=1).tag(sync=True)
    kernel_size = Pair((3, 3), at_least=1).tag(sync=True)
    stride = Pair((2, 2), at_least=1).tag(sync=True)
    padding = Pair((0, 0), at_least=0).tag(sync=True)
    output_padding = Pair((0, 0), at_least=0).tag(sync=True)
    dilation = Pair((1, 1), at_least=1).tag(sync=True)
    input = Numbers("counting", INPUTS, LIMITS["input_size"][1]).tag(sync=True)
    kernel = Numbers("counting", KERNELS, LIMITS["kernel_size"][1]).tag(sync=True)
    seed = Whole(0).tag(sync=True)
    view = Choice("scatter", VIEWS).tag(sync=True)
    walk = Choice("input", GRIDS).tag(sync=True)
    step = traitlets.Any(0).tag(sync=True)
    speed = Choice(1, SPEEDS).tag(sync=True)
    pinned = traitlets.Any(()).tag(sync=True)
    so_far = traitlets.Bool(False).tag(sync=True)
    linked = traitlets.Bool(False).tag(sync=True)

    @property
    def output_size(self):
        """(height, width) of y, and of X."""
        return tuple(_output(self._layer(), a) for a in (0, 1))

    def _steps(self):
        return math.prod(self.input_size if self.walk == "input" else self.output_size)

    @traitlets.validate(*_LAYER)
    def _legal(self, proposal):
        refuse(fault, self._changed(proposal["trait"].name, proposal["value"]), LIMITS)
        return proposal["value"]

    @traitlets.observe(*_LAYER, "walk")
    def _keep_in_sight(self, change):
        self.step = min(self.step, self._steps() - 1)
        if self.pinned and not self._shows(self.pinned):
            self.pinned = ()

    @traitlets.validate("step")
    def _step_is_there(self, proposal):
        step, count = whole("step", proposal["value"], at_least=0), self._steps()
        if step >= count:
            raise ValueError(f"step={step} must be at most {count - 1}, the last of {count} {self.walk}s")
        return step

    @traitlets.validate("pinned")
    def _pin_is_in_sight(self, proposal):
        pinned = proposal["value"]
        if not isinstance(pinned, (tuple, list)) or (pinned and not (len(pinned) == 3 and pinned[0] in GRIDS and all(type(v) is int for v in pinned[1:]))):
            raise ValueError(f'pinned={pinned!r} must be (), or ("input" or "output", row, column)')
        if pinned and not self._shows(pinned):
            raise ValueError(f"pinned={tuple(pinned)!r} must be a cell of the picture")
        return tuple(pinned)

    def _shows(self, pinned):
        grid, *at = pinned
        size, border = (self.input_size, (0, 0)) if grid == "input" else (self.output_size, self.padding)
        return all(-p <= v < n + p for v, n, p in zip(at, size, border))


def _output(layer, axis):
    n, k, s, p, extra, d = (layer[name][axis] for name in LIMITS)
    return conv_transpose_output_size(n, k, stride=s, padding=p, output_padding=extra, dilation=d)


def fault(layer, axis):
    """Why a layer cannot be shown, as far as one axis goes; None where it can. The page has the same rule."""
    for name, (low, high) in LIMITS.items():
        if not low <= layer[name][axis] <= high:
            return f"{name} must be a whole number from {low} to {high}"
    n, k, s, p, extra, d = (layer[name][axis] for name in LIMITS)
    reach = d * (k - 1)
    full = s * (n - 1) + reach + 1
    if p > reach:
        return f"padding must be at most d (k - 1) = {reach}, or p' = d (k - 1) - p would be negative"
    if extra >= s:
        return f"output_padding must be less than the stride, {s}"
    if full - 2 * p + extra < 1:
        return f"padding cuts {2 * p} of {full} output positions and leaves none"
    o = _output(layer, axis)
    if o > LARGEST_OUTPUT:
        return f"the output has {o} positions, and at most {LARGEST_OUTPUT} are drawn"
    drawn = o + max(2 * p, reach)
    if drawn > LARGEST_DRAWN:
        return f"the output and its border have {drawn} positions, and at most {LARGEST_DRAWN} are drawn"
    return None
