"""Which layers can do a job, and what each costs: the plain one, and every relative that could stand in its place.

A layer is branches side by side, a branch is steps in a row; so one rule prices them all, and the same steps can be built
(`convbook.blocks.chosen`), counted and timed.
"""

from dataclasses import dataclass
from math import floor

from convbook._arguments import one_of, per_axis, whole
from convbook.choices.candidates import layers_for

JOBS = ("same", "halve", "double", "mix", "pool", "sequence")
# What a reader may ask of a layer, and the jobs in which the question has a meaning.
NEEDS = {
    "mix": JOBS,  # every output hears every input channel
    "wide": ("same", "halve", "mix"),  # no channels are squeezed out on the way
    "free": ("same", "halve"),  # a kernel may have any shape
    "whole": ("same", "halve", "sequence"),  # the window has no holes
    "moves": ("same", "halve"),  # the taps go where the data send them
    "scales": ("same", "halve"),  # windows of several sizes side by side
    "even": ("double",),  # neighbouring pixels are made by the same weights
    "fine": ("double",),  # weights act at the new resolution
    "places": ("pool",),  # one place may count more than another
}
SEES = ("same", "halve", "sequence")  # jobs for which the window is asked
QUANTITIES = ("params", "macs", "bytes", "time")


@dataclass(frozen=True)
class Offer:
    """One layer for the job: its name, its branches of steps, its output, and what it costs on one image."""

    name: str
    branches: tuple
    output: tuple  # (channels, height, width)
    field: int  # length of the window that one output sees, holes included
    params: int
    macs: int
    bytes: int
    time: int  # as `choose` says

    @property
    def steps(self):
        return tuple(step for branch in self.branches for step in branch)


@dataclass(frozen=True)
class Choice:
    """Offers that do all that was asked, the cheapest first; and why each other layer fell out."""

    plain: Offer  # the layer that the others are measured against
    offers: tuple
    out: dict  # name -> reasons

    @property
    def names(self):
        return [offer.name for offer in self.offers]


def choose(job="same", *, in_channels, out_channels, size, reach=3, needs=("mix",), by="macs", budget=1, ridge=5):
    """Layers that do a job, the cheapest first, without biases.

        time = sum over steps of max(MACs, ridge * bytes)

    Args:
        job: "same" or "halve" (the map's size), "double" it, "mix" channels at each place, "pool" a map to one number a channel,
            or "sequence": one axis, and no output sees the future.
        in_channels, out_channels: C and D.
        size: (height, width) of the input; for "sequence" its length, or (1, length).
        reach: length of the window that an output must see, along one axis: odd, from 3, for maps; from 2 for a sequence.
            "mix" and "pool" do not use it.
        needs: names of `NEEDS` that the job knows.
        by: what is to be small, "params", "macs", "bytes" or "time".
        budget: the offers cost at most 1 / budget of the plain layer; 1 asks nothing.
        ridge: multiply-adds that the machine does in the time in which it moves one byte. It turns bytes into time.
    Returns:
        A `Choice`. Time is a bound from below, in multiply-adds; only its ratios mean something.
    Raises:
        ValueError, TypeError: a number or a word that does not fit, with what would.

    Few multiply-adds and few bytes moved are not the same:

    >>> job = dict(in_channels=64, out_channels=64, size=56, needs=("mix", "wide", "free"))
    >>> choose(**job).names
    ['depthwise_separable', 'standard', 'deformable']
    >>> choose(**job, by="bytes").names
    ['standard', 'deformable', 'depthwise_separable']
    >>> choose(**job).out["grouped"]
    'an output hears 16 of 64 channels'
    """
    C, D = whole("in_channels", in_channels, at_least=1), whole("out_channels", out_channels, at_least=1)
    one_of("job", job, JOBS)
    one_of("by", by, QUANTITIES)
    size = (1, whole("size", size, at_least=1)) if job == "sequence" and isinstance(size, int) else per_axis("size", size, 2, at_least=1)
    if job == "sequence" and size[0] != 1:
        raise ValueError(f"size={size} must be (1, length) for a sequence")
    k = whole("reach", reach, at_least=2 if job == "sequence" else 3)
    if job != "sequence" and k % 2 == 0:
        raise ValueError(f"reach={k} must be odd, so that the window has a middle")
    for need in needs:
        if job not in NEEDS[one_of("needs", need, tuple(NEEDS))]:
            raise ValueError(f"needs has {need!r}, which means nothing for job={job!r}; it knows {', '.join(n for n in NEEDS if job in NEEDS[n])}")
    budget, ridge = whole("budget", budget, at_least=1), whole("ridge", ridge, at_least=1)

    layers = layers_for(job, C, D, size, k)
    offers = {name: _priced(name, layer.branches, size, ridge) for name, layer in layers.items() if not layer.impossible}
    plain = next(iter(offers.values()))
    out = {}
    for name, layer in layers.items():
        reasons = [layer.impossible] if layer.impossible else [layer.lacks[need] for need in NEEDS if need in needs and need in layer.lacks]
        if not layer.impossible and job in SEES and offers[name].field < k:
            reasons.insert(0, f"its window is {offers[name].field}, and {k} is asked")
        if not reasons and budget * getattr(offers[name], by) > getattr(plain, by) and budget > 1:
            share = floor(100 * getattr(offers[name], by) / getattr(plain, by) + 0.5) / 100
            reasons = [f"over the budget: {share:.2f} of the plain layer's {by}"]
        if reasons:
            out[name] = "; ".join(reasons)
    fit = sorted((offer for name, offer in offers.items() if name not in out), key=lambda offer: getattr(offer, by))
    return Choice(plain, tuple(fit), out)


def _priced(name, branches, size, ridge):
    total, fields, D = [0, 0, 0, 0], [], 0
    for branch in branches:
        here = size
        for step in branch:
            params, macs, moved = step.price(here)
            total = [a + b for a, b in zip(total, (params, macs, moved, max(macs, ridge * moved)))]
            here = step.output_size(here)
        fields.append(1 + sum(step.d[1] * (step.k[1] - 1) for step in branch))  # strides stand last: they widen nothing
        D += step.D
    return Offer(name, branches, (D, *here), max(fields), *total)
