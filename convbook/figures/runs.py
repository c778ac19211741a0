"""Several runs of several things: every run is seen, and their mean."""

import numpy as np

from convbook.figures._draw import NOTE, C
from convbook.theme import style

ROLES = ("ink", "input", "kernel", "output", "offset", "muted")
MARKS = ("o", "s", "^", "D", "v", "P")


def fig_runs(series, *, xlabel, ylabel, logx=False, xticks=None, reference=None, percent=True):
    """Several runs of several things: the mean as a line or a lone mark, every run as a small dot.

    Args:
        series: {name: (places, runs)}: n places along the axis, and (n, seeds) results.
        xlabel, ylabel: of the axes.
        logx: a logarithmic axis.
        xticks: {place: text}.
        reference: (text, value) of a dashed line across.
        percent: results are shares, 0 to 1, and shown in per cent.
    """
    from matplotlib import pyplot as plt

    scale = 100 if percent else 1
    with style():
        fig, ax = plt.subplots(figsize=(6.2, 3.6), layout="constrained")
        for (name, (places, runs)), role, mark in zip(series.items(), ROLES, MARKS):
            places, runs = np.asarray(places, dtype=float), scale * np.asarray(runs, dtype=float)
            ax.plot(places, runs.mean(axis=1), marker=mark, ms=6.5, lw=1.6, color=C[role], label=name, zorder=4)
            for place, results in zip(places, runs):
                ax.plot([place] * len(results), results, ".", ms=5, color=C[role], alpha=0.55, zorder=3)
        if reference is not None:
            ax.axhline(scale * reference[1], color=C["line"], lw=1.1, ls=(0, (3, 2)), label=reference[0])
        if logx:
            ax.set_xscale("log")
        if xticks:
            ax.set_xticks(list(xticks), list(xticks.values()))
        ax.minorticks_off()
        ax.set_xlabel(xlabel)
        ax.set_ylabel(ylabel)
        ax.legend(frameon=False, fontsize=NOTE, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3)
        fig.draw_without_rendering()  # sets the labels where they will stand
        plt.close(fig)
    return fig
