"""Which entries of an array share a mean and a variance, for each normalization, and every number that follows from it."""

import numbers
from math import isfinite

import numpy as np
import traitlets

from convbook._arguments import flag, one_of, whole
from convbook.explorers.base import Explorer, bundle, styles

# The same limits and choices as in norm_cube/geometry.js.
METHODS = ("batch", "layer", "instance", "group", "position")
SHOWN = ("x", "normalised", "y")
EPS = (1e-5, 1e-3, 0.1, 1)
AXES = ("images", "channels", "height", "width")
LIMITS = {"images": (1, 4), "channels": (1, 6), "height": (1, 3), "width": (1, 4), "value": 99, "scale": 9, "steps": (0, 100)}


def filler(N, C, H, W):
    """The numbers that stand in the cube before a reader has put others, as nested lists."""
    n, c, h, w = np.indices((N, C, H, W))
    return ((4 * n + 5 * c + 3 * h + 4 * w + 2 * n * c + h * w) % 7 + 3 * (c % 3)).tolist()


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
        picked: (image, channel, row, column).
        show: what the grids hold, "x", "normalised" or "y".
        predict: hide colours and counts, and ask.
        question: which question, a number from 0.
    Raises:
        ValueError, TypeError: a value that the page could not show; sizes that the method cannot normalize.

    >>> NormCube(method="group", groups=2)
    NormCube(method='group', groups=2)
    """

    _esm = bundle("norm_cube/index.js")
    _css = styles("sliding_window/style.css", "norm_cube/style.css")

    x = traitlets.Any(filler(3, 4, 2, 3)).tag(sync=True)
    method = traitlets.Any("batch").tag(sync=True)
    groups = traitlets.Any(2).tag(sync=True)
    training = traitlets.Any(True).tag(sync=True)
    steps = traitlets.Any(0).tag(sync=True)
    momentum = traitlets.Any(0.1).tag(sync=True)
    eps = traitlets.Any(1e-5).tag(sync=True)
    gamma = traitlets.Any([1, 1, 1, 1]).tag(sync=True)
    beta = traitlets.Any([0, 0, 0, 0]).tag(sync=True)
    picked = traitlets.Any([0, 0, 0, 0]).tag(sync=True)
    show = traitlets.Any("x").tag(sync=True)
    predict = traitlets.Any(False).tag(sync=True)
    question = traitlets.Any(0).tag(sync=True)

    def __init__(self, **parameters):
        if "x" in parameters:  # what is not given follows from the channels
            C = len(_x(parameters["x"])[0])
            parameters = {"gamma": [1] * C, "beta": [0] * C, "groups": 2 if C % 2 == 0 else 1} | parameters
        super().__init__(**parameters)

    @traitlets.validate("x", "method", "groups", "training", "steps", "gamma", "beta", "picked")
    def _legal(self, proposal):
        name, value = proposal.trait.name, READ[proposal.trait.name](proposal.value)
        state = {key: read(getattr(self, key)) for key, read in READ.items()} | {name: value}
        reason = fault(**state)
        if reason:
            raise ValueError(reason)
        return value

    @traitlets.validate("momentum")
    def _momentum(self, proposal):
        value = _number("momentum", proposal.value, 1)
        if value <= 0:
            raise ValueError(f"momentum={value!r} must be above 0 and at most 1")
        return value

    @traitlets.validate("eps")
    def _eps(self, proposal):
        if isinstance(proposal.value, bool) or proposal.value not in EPS:
            raise ValueError(f"eps={proposal.value!r} must be one of {', '.join(map(str, EPS))}")
        return proposal.value

    @traitlets.validate("show")
    def _show(self, proposal):
        return one_of("show", proposal.value, SHOWN)

    @traitlets.validate("predict")
    def _predict(self, proposal):
        return flag("predict", proposal.value)

    @traitlets.validate("question")
    def _question(self, proposal):
        return whole("question", proposal.value, at_least=0)


def fault(x, method, groups, training, steps, gamma, beta, picked):
    """Why a state cannot be shown; None where it can. The page has the same rules."""
    shape = N, C, H, W = np.shape(x)
    for name, value in ("gamma", gamma), ("beta", beta):
        if len(value) != C:
            return f"{name} has {len(value)} numbers; it must have one for each of the {C} channels"
    if any(i >= size for i, size in zip(picked, shape)):
        return f"picked={picked} is not in an array of shape {shape}"
    if C % groups:
        return f"groups={groups} must divide channels={C}"
    if method == "batch" and (training or steps) and N * H * W == 1:
        return f"x has shape {shape}; batch norm cannot train on one value a channel"
    if method == "instance" and H * W == 1:
        return f"x has shape {shape}; instance norm needs more than one place a channel"
    if method == "group" and N * C * H * W == groups:
        return f"x has shape {shape}; group norm with groups={groups} needs more than one value a group"
    return None


def _listed(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def _x(value):
    value = _listed(value)
    try:
        found = np.array(value)
    except ValueError:
        found = np.empty(0)
    if found.ndim != 4:
        raise ValueError("x must be images of channels of rows of numbers, all of one size: (N, C, H, W)")
    for axis, size in zip(AXES, found.shape):
        low, high = LIMITS[axis]
        if not low <= size <= high:
            raise ValueError(f"x has shape {found.shape}; its {axis} must be from {low} to {high}")
    most = LIMITS["value"]
    for v in found.ravel().tolist():
        if isinstance(v, bool) or not isinstance(v, int):
            raise TypeError(f"x holds {v!r}; it must hold whole numbers only")
        if abs(v) > most:
            raise ValueError(f"x holds {v}; its numbers must lie from -{most} to {most}")
    return value


def _steps(value):
    value = whole("steps", value, at_least=0)
    if value > LIMITS["steps"][1]:
        raise ValueError(f"steps={value} must be at most {LIMITS['steps'][1]}")
    return value


def _number(name, v, limit):
    if isinstance(v, bool) or not isinstance(v, numbers.Real):
        raise TypeError(f"{name}={v!r} must be a number")
    if not (isfinite(v) and abs(v) <= limit):
        raise ValueError(f"{name}={v!r} must lie from -{limit} to {limit}")
    return v


def _numbers(name):
    def read(value):
        value = _listed(value)
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"{name}={value!r} must be a list of numbers, one for each channel")
        return [_number(f"{name}[{i}]", v, LIMITS["scale"]) for i, v in enumerate(value)]
    return read


def _picked(value):
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        raise ValueError(f"picked={value!r} must be (image, channel, row, column)")
    return [whole(f"picked[{i}]", v, at_least=0) for i, v in enumerate(value)]


READ = {
    "x": _x, "method": lambda v: one_of("method", v, METHODS), "groups": lambda v: whole("groups", v, at_least=1),
    "training": lambda v: flag("training", v), "steps": _steps, "gamma": _numbers("gamma"), "beta": _numbers("beta"), "picked": _picked,
}
