"""Networks of equal cost, so that a comparison says something."""

import torch

from convbook._arguments import one_of
from convbook.cost import profile


def equal_width(make, target, input_shape, *, of="macs", widths=range(1, 257)):
    """The width at which `make(width)` costs nearest to `target`; the narrower one of two that are as near.

    Args:
        make: a function of one whole number that builds a network whose cost grows with it. Nothing is computed: the network is
            built without memory for its numbers.
        target: the cost to match, such as `profile(other, input_shape).macs`.
        input_shape: of one input, without the batch axis.
        of: "macs" or "params".
        widths: to choose from, in growing order.
    Returns:
        The width.
    Raises:
        ValueError: no widths, or all of them on one side of the target by more than half of it.

    A 1 x 1 convolution from 3 channels to w on 5 x 7 pixels makes 105 w multiply-adds:

    >>> equal_width(lambda w: torch.nn.Conv2d(3, w, 1), 1000, (3, 5, 7))
    10
    """
    one_of("of", of, ("macs", "params"))
    widths = list(widths)
    if not widths:
        raise ValueError("widths must hold at least one number")

    def cost(width):
        with torch.device("meta"):
            return getattr(profile(make(width), input_shape), of)

    low, high = 0, len(widths) - 1
    while low < high:  # the first width that costs at least the target
        middle = (low + high) // 2
        low, high = (low, middle) if cost(widths[middle]) >= target else (middle + 1, high)
    nearest = min(widths[max(0, low - 1):low + 1], key=lambda width: abs(cost(width) - target))
    if abs(cost(nearest) - target) > target / 2:
        raise ValueError(f"target={target} is not near: width {nearest} of {widths[0]} to {widths[-1]} has {cost(nearest)} {of}")
    return nearest
