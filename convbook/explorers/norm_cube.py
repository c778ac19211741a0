"""Which entries of an array share a mean and a variance, for each normalization, and every number that follows from it."""

import numpy as np
import traitlets

from convbook._arguments import whole
from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import Choice, Flag, Whole, hold_numbers, listed

# The same limits and choices as in norm_cube/geometry.js.
METHODS = ("batch", "layer", "instance", "group", "position")
SHOWN = ("x", "normalised", "y")
EPS = (1e-5, 1e-3, 0.1, 1)
AXES = ("images", "channels", "height", "width")
LIMITS = {"images": (1, 4), "channels": (1, 6), "height": (1, 3), "width": (1, 4), "value": 99, "scale": 9, "steps": (0, 100), "running": 19602}


def filler(N, C, H, W):
    """The numbers that stand in the cube before a reader has put others, as nested lists."""
    n, c, h, w = np.indices((N, C, H, W))
    return ((4 * n + 5 * c + 3 * h + 4 * w + 2 * n * c + h * w) % 7 + 3 * (c % 3)).tolist()


class Array(traitlets.TraitType):
    """Images of channels of rows of whole numbers, (N, C, H, W), within LIMITS."""

    info_text = "images of channels of rows of whole numbers"

    def validate(self, obj, value):
        value, name = listed(value), self.name
        try:
            found = np.array(value)
        except ValueError:
            found = np.empty(0)
        if found.ndim != 4:
            raise ValueError(f"{name} must be images of channels of rows of numbers, all of one size: (N, C, H, W)")
        for axis, size in zip(AXES, found.shape):
            low, high = LIMITS[axis]
            if not low <= size <= high:
                raise ValueError(f"{name} has shape {found.shape}; its {axis} must be from {low} to {high}")
        for v in found.ravel().tolist():
            if isinstance(v, bool) or not isinstance(v, int):
                raise TypeError(f"{name} holds {v!r}; it must hold whole numbers only")
        hold_numbers(name, found.ravel().tolist(), LIMITS["value"])
        return value


class PerChannel(traitlets.TraitType):
    """A list of numbers, one for each channel."""

    info_text = "a list of numbers, one for each channel"

    def validate(self, obj, value):
        value = listed(value)
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"{self.name}={value!r} must be {self.info_text}")
        hold_numbers(self.name, value, LIMITS["scale"])
        return list(value)


class Running(traitlets.TraitType):
    """A list of [mean, variance], one pair for each channel, or none."""

    info_text = "a list of [mean, variance], one pair for each channel, or empty"

    def validate(self, obj, value):
        value = listed(value)
        if not isinstance(value, (list, tuple)) or not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in value):
            raise TypeError(f"{self.name}={value!r} must be {self.info_text}")
        hold_numbers(self.name, [v for pair in value for v in pair], LIMITS["running"])
        if any(variance < 0 for _, variance in value):
            raise ValueError(f"{self.name}={value!r} holds a variance below 0")
        return [list(pair) for pair in value]


class Place(traitlets.TraitType):
    """(image, channel, row, column)."""

    info_text = "(image, channel, row, column)"

    def validate(self, obj, value):
        if not isinstance(value, (list, tuple)) or len(value) != len(AXES):
            raise ValueError(f"{self.name}={value!r} must be {self.info_text}")
        return [whole(f"{self.name}[{i}]", v, at_least=0) for i, v in enumerate(value)]


class NormCube(Explorer):
    """A small array of images x channels x height x width as a cube: pick an entry and see all that shares its mean.

    Args:
        x: (N, C, H, W), whole numbers from -99 to 99; at most 4 images, 6 channels, 3 rows, 4 columns.
        method: "batch", "layer" (over channels and places), "instance", "group", or "position": layer norm over the channels at each
            place by itself, as transformers and ConvNeXt have it.
        groups: of group norm; it must divide C.
        training: whether batch norm uses the batch's own statistics; if not, the running ones.
        steps: how often batch norm has looked at this batch: 0 leaves the running mean 0 and the running variance 1.
        momentum: of the running statistics, the share of the new, above 0 and at most 1.
        eps: 1e-5, 1e-3, 0.1 or 1.
        gamma, beta: one number for each channel, from -9 to 9; ones and zeros where only x is given.
        running: [mean, variance] of each channel, where the looks were at other numbers; empty: all of them were at this x.
        picked: (image, channel, row, column).
        show: what the grids hold, "x", "normalised" or "y".
        predict: hide colours and counts, and ask.
        question: which question, a number from 0.
    Raises:
        ValueError, TypeError: a value that the page could not show; sizes that the method cannot normalize.

    >>> NormCube(method="group", groups=4)
    NormCube(method='group', groups=4)
    """

    _esm = bundle("norm_cube/index.js")
    _css = styles("grid.css", "norm_cube/style.css")

    x = Array(filler(3, 4, 2, 3)).tag(sync=True)
    method = Choice("batch", METHODS).tag(sync=True)
    groups = Whole(2, at_least=1).tag(sync=True)
    training = Flag(True).tag(sync=True)
    steps = Whole(0, at_most=LIMITS["steps"][1]).tag(sync=True)
    momentum = traitlets.Any(0.1).tag(sync=True)
    eps = Choice(1e-5, EPS).tag(sync=True)
    gamma = PerChannel([1, 1, 1, 1]).tag(sync=True)
    beta = PerChannel([0, 0, 0, 0]).tag(sync=True)
    running = Running([]).tag(sync=True)
    picked = Place([0, 0, 0, 0]).tag(sync=True)
    show = Choice("x", SHOWN).tag(sync=True)
    predict = Flag(False).tag(sync=True)
    question = Whole(0).tag(sync=True)

    def __init__(self, **parameters):
        shape = _shape(listed(parameters.get("x")))
        if len(shape) > 1:  # what is not given follows from the channels
            C = shape[1]
            parameters = {"gamma": [1] * C, "beta": [0] * C, "groups": 2 if C % 2 == 0 else 1} | parameters
        super().__init__(**parameters)

    @traitlets.validate("x", "method", "groups", "training", "steps", "gamma", "beta", "picked", "running")
    def _legal(self, proposal):
        state = {name: getattr(self, name) for name in ("x", "method", "groups", "training", "steps", "gamma", "beta", "picked", "running")}
        reason = fault(**state | {proposal.trait.name: proposal.value})
        if reason:
            raise ValueError(reason)
        return proposal.value

    @traitlets.validate("momentum")
    def _momentum(self, proposal):
        hold_numbers("momentum", [proposal.value], 1)
        if proposal.value <= 0:
            raise ValueError(f"momentum={proposal.value!r} must be above 0 and at most 1")
        return proposal.value


def fault(x, method, groups, training, steps, gamma, beta, picked, running=()):
    """Why a state cannot be shown; None where it can. The page has the same rules."""
    shape = N, C, H, W = np.shape(x)
    for name, value in ("gamma", gamma), ("beta", beta):
        if len(value) != C:
            return f"{name} has {len(value)} numbers; it must have one for each of the {C} channels"
    if len(running) not in (0, C):
        return f"running has {len(running)} pairs; it must have none, or one for each of the {C} channels"
    if any(i >= size for i, size in zip(picked, shape)):
        return f"picked={picked} is not in an array of shape {shape}"
    if C % groups:
        return f"groups={groups} must divide channels={C}"
    if method == "batch" and (training or (steps and not running)) and N * H * W == 1:
        return f"x has shape {shape}; batch norm cannot train on one value a channel"
    if method == "instance" and H * W == 1:
        return f"x has shape {shape}; instance norm needs more than one place a channel"
    if method == "group" and N * C * H * W == groups:
        return f"x has shape {shape}; group norm with groups={groups} needs more than one value a group"
    return None


def _shape(value):
    """How long the lists are, each in the first of the one around it."""
    return (len(value), *_shape(value[0])) if isinstance(value, (list, tuple)) and value else ()
