"""A window that slides over a small input: every tap, every sum, the size formula and the PyTorch layer."""

import math

import traitlets

from convbook._arguments import PADDING_MODES, whole
from convbook.explorers.base import bundle, styles
from convbook.explorers.one_channel import OneChannel, refuse
from convbook.explorers.traits import SPEEDS, Choice, Numbers, Padding, Pair, Whole
from convbook.shapes import conv_output_size, same_padding

# What can be drawn with numbers in the cells; the same as in sliding_window/geometry.js.
LIMITS = {"input_size": (1, 8), "kernel_size": (1, 5), "stride": (1, 4), "padding": (0, 3), "dilation": (1, 3)}
LARGEST_SPAN = 7
INPUTS = ("random", "counting", "edge", "diagonal", "impulse", "digit")
KERNELS = ("sobel", "identity", "sum", "sharpen", "shift", "counting", "random")
_LAYER = (*LIMITS, "padding_mode", "input", "kernel")


class SlidingWindow(OneChannel):
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
    _css = styles("grid.css", "one_channel.css", "sliding_window/style.css")
    _names = _LAYER

    input_size = Pair((5, 7), at_least=1).tag(sync=True)
    kernel_size = Pair((3, 2), at_least=1).tag(sync=True)
    stride = Pair((1, 1), at_least=1).tag(sync=True)
    padding = Padding("valid").tag(sync=True)
    dilation = Pair((1, 1), at_least=1).tag(sync=True)
    padding_mode = Choice("zeros", PADDING_MODES).tag(sync=True)
    true_convolution = traitlets.Bool(False).tag(sync=True)
    input = Numbers("random", INPUTS, LIMITS["input_size"][1]).tag(sync=True)
    kernel = Numbers("sobel", KERNELS, LIMITS["kernel_size"][1]).tag(sync=True)
    seed = Whole(0).tag(sync=True)
    step = traitlets.Any(0).tag(sync=True)
    speed = Choice(2, SPEEDS).tag(sync=True)
    pinned = traitlets.Any(()).tag(sync=True)
    linked = traitlets.Bool(False).tag(sync=True)
    hide_later = traitlets.Bool(False).tag(sync=True)

    @property
    def output_size(self):
        """(height, width) of the output."""
        return tuple(conv_output_size(self.input_size[a], self.kernel_size[a], stride=self.stride[a],
                                      dilation=self.dilation[a], padding=_sides(self._layer(), a)) for a in (0, 1))

    @traitlets.validate(*_LAYER)
    def _legal(self, proposal):
        refuse(fault, self._changed(proposal["trait"].name, proposal["value"]), LIMITS)
        return proposal["value"]

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
