"""Which channel reads which: wires and weights of convolutions in groups, with or without a shuffle between."""

from typing import NamedTuple

import traitlets

from convbook._arguments import whole
from convbook.cost import conv_macs, conv_params
from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import Pair, Whole

# What can be drawn; the same as in channel_wiring/geometry.js.
LIMITS = {"channels": (1, 12), "layers": (1, 3), "size": (1, 224)}
KERNELS = (1, 3, 5, 7)


class Layer(NamedTuple):
    """One convolution: its output channels, its (square) kernel, its groups."""

    out_channels: int
    kernel_size: int
    groups: int

    def __repr__(self):
        return repr(tuple(self))


class Layers(traitlets.TraitType):
    """A trait with a list of layers (out_channels, kernel_size, groups), or dicts."""

    def validate(self, obj, value):
        if not isinstance(value, (list, tuple)) or isinstance(value, Layer):
            raise TypeError(f"layers={value!r} must be a list of layers (out_channels, kernel_size, groups)")
        return [self._layer(f"layers[{i}]", layer) for i, layer in enumerate(value)]

    @staticmethod
    def _layer(name, value):
        if isinstance(value, dict) and set(value) == set(Layer._fields):
            value = tuple(value[field] for field in Layer._fields)
        if not isinstance(value, (list, tuple)) or len(value) != 3:
            raise TypeError(f"{name}={value!r} must be three integers (out_channels, kernel_size, groups)")
        return Layer(*(whole(f"{name}.{field}", v, at_least=1) for field, v in zip(Layer._fields, value)))


class ChannelWiring(Explorer):
    """Channels as dots, weights as wires: what each output can hear of, and what that costs.

    Args:
        in_channels: channels of the input, 1 to 12.
        layers: one to three convolutions (out_channels, kernel_size, groups), the first one first; at most 12 channels, kernels
            of 1, 3, 5 or 7, groups that divide the channels on both sides. Groups as many as inputs: a depthwise layer, and
            out_channels / in_channels is its multiplier.
        shuffle: whether the channels between the first two layers are shuffled, with the first one's groups.
        size: (height, width) of the maps, or one integer for both, 1 to 224; it counts in the MACs only.
        pinned: (row, channel) that is looked at, row 0 the input and row l the result of layer l; () for none.
        predict: hide the wires and ask which channels one channel reaches.
        question: which question, a number from 0.
        guess: the channels that the reader pressed.
        checked: whether the answer is shown.
    Raises:
        ValueError, TypeError: a value that the page could not show, with the reason.

    >>> ChannelWiring(in_channels=6, layers=[(6, 3, 6), (9, 1, 1)])
    ChannelWiring(in_channels=6, layers=[(6, 3, 6), (9, 1, 1)])

    Twelve filters of four channels, three times three taps:

    >>> ChannelWiring().params
    432
    """

    _esm = bundle("channel_wiring/index.js")
    _css = styles("channel_wiring/style.css")

    in_channels = Whole(12, at_least=1).tag(sync=True)
    layers = Layers([Layer(12, 3, 3)]).tag(sync=True, to_json=lambda layers, widget: [layer._asdict() for layer in layers])
    shuffle = traitlets.Bool(False).tag(sync=True)
    size = Pair((14, 10), at_least=1).tag(sync=True)
    pinned = traitlets.Any(()).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    question = Whole(0).tag(sync=True)
    guess = traitlets.Any(()).tag(sync=True)
    checked = traitlets.Bool(False).tag(sync=True)

    @property
    def params(self):
        """Weights of all layers, without biases."""
        return sum(conv_params(C, D, k, groups=G, bias=False) for C, D, k, G in self._convolutions())

    @property
    def macs(self):
        """Multiply-adds of all layers on maps of `size`."""
        return sum(conv_macs(C, D, k, self.size, groups=G) for C, D, k, G in self._convolutions())

    def _rows(self):
        return [self.in_channels, *(layer.out_channels for layer in self.layers)]

    def _convolutions(self):
        return [(C, *layer) for C, layer in zip(self._rows(), self.layers)]

    @traitlets.validate("in_channels", "layers", "shuffle", "size")
    def _legal(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        state = {key: getattr(self, key) for key in ("in_channels", "layers", "shuffle", "size")} | {name: value}
        reason = fault(**state)
        if reason:
            given = ", ".join(f"{key}={v!r}" for key, v in state.items())
            raise ValueError(f"{reason} ({given})")
        return value

    @traitlets.observe("in_channels", "layers")
    def _keep_in_sight(self, change):
        if self.pinned and not self._shows(self.pinned):
            self.pinned = ()

    def _shows(self, pinned):
        row, channel = pinned
        return row <= len(self.layers) and channel < self._rows()[row]

    @traitlets.validate("pinned")
    def _pin_is_in_sight(self, proposal):
        pinned = proposal["value"]
        if not isinstance(pinned, (list, tuple)) or len(pinned) not in (0, 2):
            raise ValueError(f"pinned={pinned!r} must be (row, channel), or ()")
        pinned = tuple(whole(f"pinned[{i}]", v, at_least=0) for i, v in enumerate(pinned))
        if pinned and not self._shows(pinned):
            raise ValueError(f"pinned={pinned!r} is not in the picture, whose rows have {', '.join(map(str, self._rows()))} channels")
        return pinned

    @traitlets.validate("guess")
    def _guess_is_a_list(self, proposal):
        guess = proposal["value"]
        if not isinstance(guess, (list, tuple)):
            raise TypeError(f"guess={guess!r} must be a list of channels")
        return tuple(whole(f"guess[{i}]", v, at_least=0) for i, v in enumerate(guess))


def fault(in_channels, layers, shuffle, size):
    """Why a state cannot be shown; None where it can. The page has the same rule."""
    low, high = LIMITS["layers"]
    if not low <= len(layers) <= high:
        return f"there must be {low} to {high} layers"
    for name, value, (low, high) in (("in_channels", in_channels, LIMITS["channels"]),
                                     *((f"size[{i}]", v, LIMITS["size"]) for i, v in enumerate(size))):
        if not low <= value <= high:
            return f"{name} must be a whole number from {low} to {high}"
    low, high = LIMITS["channels"]
    C = in_channels
    for number, (D, k, G) in enumerate(layers, start=1):
        if D > high:
            return f"layer {number}: out_channels must be a whole number from {low} to {high}"
        if k not in KERNELS:
            return f"layer {number}: kernel_size must be one of {', '.join(map(str, KERNELS))}"
        if C % G or D % G:
            return f"layer {number}: groups={G} must divide in_channels={C} and out_channels={D}"
        C = D
    if shuffle and len(layers) < 2:
        return "a shuffle stands between two layers, and there is one"
    return None
