"""Curves over one axis with their names beside them."""

import numpy as np

from convbook.figures._draw import NOTE, TEXT, C
from convbook.theme import style

ROLES = ("input", "kernel", "output", "offset")
DASHES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 2, 2)))
MARKS = ("o", "s", "^", "D")


def fig_lines(curves, *, x=None, xlabel="", ylabel="", ylim=None, marks=True, ticks=None, width=6.2, height=3.0):
    """Up to four curves on one axis, told apart by colour, by dashes and by marks.

    Args:
        curves: {name: numbers}.
        x: where the numbers stand; 0, 1, ... by default. Curves that are shorter stop early.
        xlabel, ylabel: what the axes say.
        ylim: (low, high) of the vertical axis.
        marks: a mark at each number; False for curves of many.
        ticks: (places, texts) along x.
        width, height: of the figure, in inches.
    """
    from matplotlib import pyplot as plt

    if not 1 <= len(curves) <= len(ROLES):
        raise ValueError(f"curves has {len(curves)} curves; 1 to {len(ROLES)} can be told apart")
    with style():
        fig, ax = plt.subplots(figsize=(width, height), layout="constrained")
        for n, (name, values) in enumerate(curves.items()):
            at = np.arange(len(values)) if x is None else np.asarray(x)[:len(values)]
            ax.plot(at, values, color=C[ROLES[n]], ls=DASHES[n], lw=1.8, marker=MARKS[n] if marks else None, ms=5, label=name)
        ax.set_xlabel(xlabel, fontsize=TEXT)
        ax.set_ylabel(ylabel, fontsize=TEXT)
        ax.tick_params(labelsize=NOTE)
        if ticks is not None:
            ax.set_xticks(*ticks)
        if ylim is not None:
            ax.set_ylim(ylim)
        if len(curves) > 1:
            fig.legend(*ax.get_legend_handles_labels(), loc="outside upper left", ncols=2, fontsize=NOTE, frameon=False, handlelength=3.2)
        fig.draw_without_rendering()  # places everything once
        plt.close(fig)
    return fig
