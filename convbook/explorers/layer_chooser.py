"""A job, wishes and a budget: which layers do it, what each costs, and why the others fell out."""

import traitlets

from convbook._arguments import one_of, whole
from convbook.choices import JOBS, NEEDS, QUANTITIES, choose
from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import Pair

# What the controls offer; the same as in layer_chooser/geometry.js.
BUDGETS = (1, 2, 4, 8)
CHANNELS, SIDE, LENGTH, MAP, WINDOW, RIDGE = (1, 1024), (1, 256), (1, 4096), (3, 31), (2, 512), (1, 200)
QUESTION = ("job", "in_channels", "out_channels", "size", "reach", "needs", "by", "budget", "ridge")


class LayerChooser(Explorer):
    """Which layer for this job? The cheapest that does all that is asked, and why each other one does not.

    Args:
        job: "same" or "halve" (the size of the map), "double" it, "mix" channels, "pool" a map to one number a channel, "sequence".
        in_channels, out_channels: C and D, 1 to 1024.
        size: (height, width) of the map, or one integer for both, 1 to 256; (1, length) for a sequence, up to 4096.
        reach: the window that an output must see: odd, 3 to 31, for maps; 2 to 512 for a sequence.
        needs: list of what the layer must have; `convbook.choices.NEEDS` names them.
        by: what is to be small: "params", "macs", "bytes" or "time".
        budget: at most 1 / budget of the plain layer: 1 (any), 2, 4 or 8.
        ridge: multiply-adds that the machine does in the time of one byte, 1 to 200; used by "time".
        picked: the layer that is explained; "" for the first.
    Raises:
        ValueError, TypeError: a value that the page could not show, with the reason.

    >>> LayerChooser(in_channels=96, out_channels=96, size=14).choice.names[0]
    'depthwise_separable'
    """

    _esm = bundle("layer_chooser/index.js")
    _css = styles("costs_table.css", "layer_chooser/style.css")

    job = traitlets.Any("same").tag(sync=True)
    in_channels = traitlets.Any(64).tag(sync=True)
    out_channels = traitlets.Any(64).tag(sync=True)
    size = Pair((56, 56), at_least=1).tag(sync=True)
    reach = traitlets.Any(3).tag(sync=True)
    needs = traitlets.List(traitlets.Unicode(), ["mix", "wide", "free"]).tag(sync=True)
    by = traitlets.Any("macs").tag(sync=True)
    budget = traitlets.Any(1).tag(sync=True)
    ridge = traitlets.Any(5).tag(sync=True)
    picked = traitlets.Unicode("").tag(sync=True)

    @property
    def choice(self):
        """What the page shows, a `convbook.choices.Choice`."""
        return choose(**self._question())

    def _question(self):
        return {name: getattr(self, name) for name in QUESTION}

    @traitlets.validate(*QUESTION)
    def _legal(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        words = {"job": JOBS, "by": QUANTITIES}
        if name in words:
            one_of(name, value, words[name])
        elif name not in ("size", "needs"):
            whole(name, value, at_least=1)
        state = self._question() | {name: value}
        reason = fault(**state)
        if reason:
            raise ValueError(reason)
        choose(**state)
        return value


def fault(*, job, in_channels, out_channels, size, reach, needs, by, budget, ridge):
    """Why the page cannot show this; None where it can. `choose` finds the rest."""
    line = job == "sequence"
    for name, value, (low, high) in (("in_channels", in_channels, CHANNELS), ("out_channels", out_channels, CHANNELS), ("ridge", ridge, RIDGE),
                                     ("reach", reach, WINDOW if line else MAP), ("size", max(size), LENGTH if line else SIDE)):
        if not low <= value <= high:
            return f"{name}={value} must be from {low} to {high} for job={job!r}"
    if budget not in BUDGETS:
        return f"budget={budget} must be one of {', '.join(map(str, BUDGETS))}"
    if list(needs) != [need for need in NEEDS if need in needs]:
        return f"needs={list(needs)} must be some of {', '.join(NEEDS)}, each once and in this order"
    return None
