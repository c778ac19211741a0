"""One layer shape, every kind of convolution: weights, multiply-adds, bytes, and arithmetic for each byte, side by side."""

import traitlets

from convbook import kinds
from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import Choice, Pair, Whole

# What the sliders offer; the same as in cost_compare/geometry.js.
LIMITS = {"in_channels": (1, 2048), "out_channels": (1, 2048), "kernel_size": (1, 11), "size": (1, 300), "stride": (1, 4), "groups": (1, 64),
          "multiplier": (1, 16)}
QUANTITIES = ("params", "macs", "bytes", "intensity")
LAYER = ("in_channels", "out_channels", "kernel_size", "size", "stride", "padding", "groups", "multiplier")


class CostCompare(Explorer):
    """What one layer costs as each kind of convolution: bars, ratios to the standard one, the sums, PyTorch code.

    Args:
        in_channels, out_channels: C and D, 1 to 2048.
        kernel_size: k, 1 to 11; kernels are square.
        size: (height, width) of the image, or one integer for both, 1 to 300.
        stride: 1 to 4.
        padding: 0 to k // 2.
        groups: G of the grouped kinds, 1 to 64; where it does not divide C and D, they are left out, and the page says so.
        multiplier: m of the depthwise kinds, 1 to 16.
        quantity: "params", "macs", "bytes" or "intensity": what is marked, sorted by and worked out.
        scale: "linear" or "log" bars.
        sort: whether the smallest stands first.
        picked: the kind that is explained, one of `kinds.KINDS`.
        predict: hide the numbers that the question is about.
        question: which question, a number from 0.
        guess: the answer that the reader pressed; "" for none.
        checked: whether the answer is shown.
    Raises:
        ValueError, TypeError: a value that the page could not show, with the reason.

    The notes' example, 7 x 7 x 3 to 5 x 5 x 128:

    >>> notes = CostCompare(in_channels=3, out_channels=128, size=7, padding=0)
    >>> notes.costs["standard"].macs, notes.costs["depthwise_separable"].macs
    (86400, 10275)
    """

    _esm = bundle("cost_compare/index.js")
    _css = styles("costs_table.css", "cost_compare/style.css")

    in_channels = Whole(32, at_least=1).tag(sync=True)
    out_channels = Whole(64, at_least=1).tag(sync=True)
    kernel_size = Whole(3, at_least=1).tag(sync=True)
    size = Pair((28, 20), at_least=1).tag(sync=True)
    stride = Whole(1, at_least=1).tag(sync=True)
    padding = Whole(1).tag(sync=True)
    groups = Whole(4, at_least=1).tag(sync=True)
    multiplier = Whole(1, at_least=1).tag(sync=True)
    quantity = Choice("macs", QUANTITIES).tag(sync=True)
    scale = Choice("linear", ("linear", "log")).tag(sync=True)
    sort = traitlets.Bool(False).tag(sync=True)
    picked = Choice("depthwise_separable", kinds.KINDS).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    question = Whole(0).tag(sync=True)
    guess = traitlets.Unicode("").tag(sync=True)
    checked = traitlets.Bool(False).tag(sync=True)

    @property
    def costs(self):
        """{kind: Cost} of the kinds that the page shows; `convbook.kinds.compare` says what a Cost holds."""
        return kinds.compare(**self._layer())[0]

    @property
    def left_out(self):
        """{kind: why it is not there}."""
        return kinds.compare(**self._layer())[1]

    def _layer(self):
        return {name: getattr(self, name) for name in LAYER}

    @traitlets.validate(*LAYER)
    def _legal(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        state = self._layer() | {name: value}
        reason = fault(**state)
        if reason:
            raise ValueError(f"{reason} ({', '.join(f'{key}={v!r}' for key, v in state.items())})")
        return value


def fault(**state):
    """Why a layer cannot be shown; None where it can."""
    for name, (low, high) in LIMITS.items():
        for value in state[name] if name == "size" else [state[name]]:
            if value > high:
                return f"{name} must be from {low} to {high}"
    k, p, least = state["kernel_size"], state["padding"], min(state["size"])
    if p > k // 2:
        return f"padding must be from 0 to {k // 2}, half the kernel"
    if k > least + 2 * p:
        return f"the kernel is longer than the padded image, {least + 2 * p}"
    return None
