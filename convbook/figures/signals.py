"""Rows of numbers as curves, one above the other on the same columns."""

import numpy as np

from convbook.figures._draw import NOTE
from convbook.theme import LIGHT, style


def fig_signals(signals, *, roles=("input", "output"), width=6.8, height=1.3):
    """Curves over the same positions, one axis each, all to the same horizontal scale.

    Args:
        signals: a dict from title to numbers (n,); a shorter row is centred under the longest, as "valid" outputs are.
        roles: colour of each curve, by turns.
        width: of the figure, in inches.
        height: of each curve, in inches.
    """
    from matplotlib import pyplot as plt

    longest = max(len(values) for values in signals.values())
    with style():
        fig, axes = plt.subplots(len(signals), 1, figsize=(width, height * len(signals)), sharex=True, squeeze=False, layout="constrained")
        for number, (ax, (title, values)) in enumerate(zip(axes[:, 0], signals.items())):
            first = (longest - len(values)) / 2
            ax.plot(first + np.arange(len(values)), values, color=LIGHT[roles[number % len(roles)]], lw=1.0)
            ax.set_title(title, loc="left", fontsize=NOTE, color=LIGHT["ink"])
            ax.axhline(0, color=LIGHT["line"], lw=0.6)
            ax.tick_params(labelsize=NOTE, colors=LIGHT["muted"], length=2)
            ax.spines[["top", "right"]].set_visible(False)
            ax.spines[["left", "bottom"]].set_color(LIGHT["line"])
        axes[-1, 0].set_xlim(0, longest - 1)
        plt.close(fig)
    return fig
