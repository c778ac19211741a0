"""What an Inception module costs: the widths of its branches as sliders, with and without the 1 x 1 reductions."""

import traitlets

from convbook._arguments import one_of, per_axis
from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import Choice, Flag, Pair, Whole

# The same limits as in inception_pricer/geometry.js.
LIMITS = {"in_channels": 1024, "input_size": 112, "n1x1": 512, "n3x3": 512, "n5x5": 512, "pool": 512}
REDUCTIONS = ("3x3", "5x5", "pool")
LAYERS = ("1x1 main", "3x3 reduce", "3x3 main", "5x5 reduce", "5x5 main", "pool max", "pool project")
QUANTITIES = ("macs", "weights")


class InceptionPricer(Explorer):
    """One Inception module beside its naive twin: parameters, multiply-adds and the share of each branch.

        weights = sum over the convolutions of k k C_in C_out,    MACs = H W weights

    Args:
        in_channels: C, 1 to 1,024.
        input_size: (height, width) of the map, 1 to 112; one integer for both. The module keeps it.
        n1x1: width of the 1 x 1 branch, 1 to 512, as all widths.
        n3x3, n5x5: (reduce, width) of that branch.
        pool: width of the 1 x 1 convolution after the pooling.
        reductions: which of the 1 x 1 convolutions are there: "3x3", "5x5", "pool". None of them is the naive module.
        quantity: "macs" or "weights".
        predict: ask the reader first, and keep the costs hidden until there is an answer.
        pinned: the layer that is looked at, such as "3x3 main"; "" for none.
    Raises:
        ValueError, TypeError: a value that the page could not show.

    The default is GoogLeNet's first module, "3a":

    >>> InceptionPricer()
    InceptionPricer()
    >>> InceptionPricer(in_channels=8, input_size=(5, 7), reductions=["3x3"])
    InceptionPricer(in_channels=8, input_size=(5, 7), reductions=('3x3',))
    """

    _esm = bundle("inception_pricer/index.js")
    _css = styles("inception_pricer/style.css")

    in_channels = Whole(192, at_least=1, at_most=LIMITS["in_channels"]).tag(sync=True)
    input_size = Pair((28, 28), at_least=1).tag(sync=True)
    n1x1 = Whole(64, at_least=1, at_most=LIMITS["n1x1"]).tag(sync=True)
    n3x3 = traitlets.Any((96, 128)).tag(sync=True)
    n5x5 = traitlets.Any((16, 32)).tag(sync=True)
    pool = Whole(32, at_least=1, at_most=LIMITS["pool"]).tag(sync=True)
    reductions = traitlets.Any(REDUCTIONS).tag(sync=True)
    quantity = Choice("macs", QUANTITIES).tag(sync=True)
    predict = Flag(False).tag(sync=True)
    pinned = Choice("", ("", *LAYERS)).tag(sync=True)

    @traitlets.validate("n3x3", "n5x5")
    def _two_widths(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise ValueError(f"{name}={value!r} must be a pair (reduce, width)")
        return tuple(_at_most(f"{name}[{i}]", v, LIMITS[name]) for i, v in enumerate(per_axis(name, value, 2, at_least=1)))

    @traitlets.validate("input_size")
    def _fits(self, proposal):
        return tuple(_at_most(f"input_size[{i}]", v, LIMITS["input_size"]) for i, v in enumerate(proposal["value"]))

    @traitlets.validate("reductions")
    def _known(self, proposal):
        value = proposal["value"]
        if isinstance(value, str) or not isinstance(value, (list, tuple)):
            raise TypeError(f"reductions={value!r} must be a list of some of {', '.join(map(repr, REDUCTIONS))}")
        chosen = {one_of(f"reductions[{i}]", name, REDUCTIONS) for i, name in enumerate(value)}
        return tuple(name for name in REDUCTIONS if name in chosen)


def _at_most(name, value, limit):
    if value > limit:
        raise ValueError(f"{name}={value} must be at most {limit}")
    return value
