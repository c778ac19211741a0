"""A loss over two weights, a penalty, and where the sum of both is least."""

from math import cos, radians, sin

import numpy as np
import traitlets

from convbook._arguments import number
from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import Choice, listed

# The same limits as in penalty_geometry/geometry.js.
LIMITS = {"centre": (-3.5, 3.5), "tilt": (-90, 90), "mix": (0, 1), "stretch": (1, 6), "strength": (0, 20), "budget": (0.05, 12.5)}
PENALTIES = ("l1", "l2", "elastic")
FORMS = ("penalty", "budget")


class PenaltyGeometry(Explorer):
    """The plane of two weights: a quadratic loss whose bottom and tilt can be dragged, and a penalty that pulls its minimum to zero.

        loss(w) = (w - c)ᵀ A (w - c) / 2,     A = 1 along the tilt and `stretch` across it
        L1: |w₁| + |w₂|     L2: (w₁² + w₂²) / 2     elastic net: mix · L1 + (1 - mix) · L2

    Args:
        penalty: "l1", "l2" or "elastic".
        mix: share of L1 in the elastic net, 0 to 1.
        form: "penalty" (least loss + strength · penalty) or "budget" (least loss with a penalty of at most budget).
        strength: λ, 0 to 20; counts in the first form.
        budget: t, 0.05 to 12.5; counts in the second.
        centre: c, the bottom of the bowl, two numbers from -3.5 to 3.5.
        tilt: direction of the bowl's long axis in whole degrees, -90 to 90.
        stretch: how much steeper it is across, 1 to 6; 1 is a round bowl.
        path: draw where the minimum goes as the strength grows.
        predict: ask a question first, and hide the answer.
    Raises:
        ValueError, TypeError: a value that the page could not show.

    >>> PenaltyGeometry(penalty="l2", strength=2)
    PenaltyGeometry(penalty='l2', strength=2)
    """

    _esm = bundle("penalty_geometry/index.js")
    _css = styles("penalty_geometry/style.css")

    penalty = Choice("l1", PENALTIES).tag(sync=True)
    mix = traitlets.Any(0.5).tag(sync=True)
    form = Choice("penalty", FORMS).tag(sync=True)
    strength = traitlets.Any(1).tag(sync=True)
    budget = traitlets.Any(2).tag(sync=True)
    centre = traitlets.Any((3, 0.5)).tag(sync=True)
    tilt = traitlets.Any(0).tag(sync=True)
    stretch = traitlets.Any(1).tag(sync=True)
    path = traitlets.Bool(True).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)

    @property
    def curvature(self):
        """A, as a 2 x 2 array."""
        x, y = cos(radians(self.tilt)), sin(radians(self.tilt))
        R = np.array([[x, -y], [y, x]])
        return R @ np.diag([1, self.stretch]) @ R.T

    @property
    def weights(self):
        """The minimum that the page shows."""
        from convbook import ops

        share = {"l1": 1, "l2": 0, "elastic": self.mix}[self.penalty]
        strength = self.strength
        if self.form == "budget":
            strength = ops.budget_strength(self.curvature, self.centre, self.budget, share=share)
        return ops.penalised_minimum(self.curvature, self.centre, strength, share=share)

    @traitlets.validate("mix", "strength", "budget", "tilt", "stretch")
    def _number_fits(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        number(name, value, at_least=LIMITS[name][0], at_most=LIMITS[name][1])
        if name == "tilt" and value != int(value):
            raise ValueError(f"tilt={value} must be whole degrees")
        return value

    @traitlets.validate("centre")
    def _centre_fits(self, proposal):
        value, (low, high) = listed(proposal["value"]), LIMITS["centre"]
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise ValueError(f"centre={value!r} must be two numbers")
        for i, v in enumerate(value):
            number(f"centre[{i}]", v, at_least=low, at_most=high)
        return tuple(value)
