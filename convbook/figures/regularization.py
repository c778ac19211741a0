"""Figures of penalties and of what they do: balls and bowls, weights, curves of training, methods beside each other."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, Ellipse, Polygon
from matplotlib.ticker import MaxNLocator

from convbook import ops
from convbook.figures._draw import NOTE, TEXT, C, number
from convbook.theme import style

LIMIT = 3.6
TICKS = (-2, 0, 2)


def fig_penalty_geometry(curvature, centre, strength, *, width=6.8):
    """L1 beside L2: contours of a quadratic loss, the region that the penalty's budget allows, the optimum, and its path.

    Args:
        curvature, centre: of the loss (w - c)ᵀ A (w - c) / 2 over two weights, |c| at most 3.5.
        strength: λ of both penalties.
        width: of the figure, in inches.
    """
    A, c = np.asarray(curvature, dtype=float), np.asarray(centre, dtype=float)
    values, axes = np.linalg.eigh(A)
    turn = np.degrees(np.arctan2(axes[1, 0], axes[0, 0]))
    with style():
        fig, panels = plt.subplots(1, 2, figsize=(width, width / 2 + 0.3), layout="constrained")
        for ax, (name, share) in zip(panels, (("L1", 1.0), ("L2", 0.0))):
            w = ops.penalised_minimum(A, c, strength, share=share)
            budget = ops.penalty(w, share=share)
            here = (w - c) @ A @ (w - c) / 2
            for level in (0.25, 1, 2.5, 5, 10, here):
                wide, tall = 2 * np.sqrt(2 * level / values)
                ax.add_patch(Ellipse(c, wide, tall, angle=turn, fill=False, edgecolor=C["input"], lw=2.2 if level == here else 0.9,
                                     alpha=1 if level == here else 0.6))
            shape = (Polygon([(budget, 0), (0, budget), (-budget, 0), (0, -budget)]) if share else Circle((0, 0), np.sqrt(2 * budget)))
            shape.set(facecolor=(C["kernel"], 0.2), edgecolor=C["kernel"], linewidth=2, zorder=2)
            ax.add_patch(shape)
            road = np.array([ops.penalised_minimum(A, c, s, share=share) for s in np.linspace(0, 5, 120) ** 3])
            ax.plot(*road.T, color=C["ink"], lw=1.3, ls=(0, (1.5, 2.5)), zorder=3)
            ax.axhline(0, color=C["line"], lw=0.8, zorder=1)
            ax.axvline(0, color=C["line"], lw=0.8, zorder=1)
            ax.plot(*c, "o", color=C["input"], ms=7, zorder=4)
            ax.plot(*w, "o", color=C["output"], ms=9, mec=C["ink"], zorder=5)
            ax.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), aspect="equal")
            ax.set_xticks(TICKS, map(number, TICKS), fontsize=NOTE, color=C["muted"])
            ax.set_yticks(TICKS, map(number, TICKS), fontsize=NOTE, color=C["muted"])
            ax.set_title(f"{name}: the optimum is ({number(round(w[0], 2))}, {number(round(w[1], 2))})", fontsize=TEXT)
            ax.set_xlabel("w₁", fontsize=TEXT)
            ax.set_ylabel("w₂", fontsize=TEXT)
            for side in ax.spines.values():
                side.set_visible(True)
        fig.draw_without_rendering()
        plt.close(fig)
    return fig


def fig_histograms(weights, *, limit=None, bins=41, xlabel="weight", columns=2, width=6.6, log=False):
    """Histograms one beside another, on the same axes, each with how many of its numbers are exactly zero.

    Args:
        weights: {name: numbers}.
        limit: the axis goes from -limit to limit; by default it holds all numbers.
        bins: an odd number, so that zero lies in the middle of one.
        log: heights on a logarithmic axis.
    """
    if not weights:
        raise ValueError("weights is empty: there is nothing to draw")
    flat = {name: np.ravel(values) for name, values in weights.items()}
    limit = limit or max(np.abs(values).max() for values in flat.values())
    edges = np.linspace(-limit, limit, bins + 1)
    rows = -(-len(flat) // columns)
    with style():
        fig, axes = plt.subplots(rows, columns, figsize=(width, 1.5 * rows + 0.5), sharex=True, sharey=True, layout="constrained", squeeze=False)
        for ax in axes.flat[len(flat):]:
            ax.axis("off")
        for ax, (name, values) in zip(axes.flat, flat.items()):
            ax.hist(np.clip(values, -limit, limit), bins=edges, color=C["kernel"], alpha=0.75)
            ax.set_title(f"{name}: {int((values == 0).sum()):,} of {values.size:,} are 0", fontsize=NOTE, loc="left")
            ax.tick_params(labelsize=NOTE)
            if log:
                ax.set_yscale("log")
        axes[0, 0].xaxis.set_major_locator(MaxNLocator(5))
        for ax in axes[-1]:
            ax.set_xlabel(xlabel, fontsize=TEXT)
        fig.draw_without_rendering()
        plt.close(fig)
    return fig


def fig_pull(pulls, *, xlabel, width=6.4):
    """Positive numbers on a logarithmic axis, one row of strokes and a median for each name: how far they are spread.

    Args:
        pulls: {name: positive numbers}.
        xlabel: what the axis says.
    """
    with style():
        fig, ax = plt.subplots(figsize=(width, 0.62 * len(pulls) + 0.8), layout="constrained")
        for row, values in enumerate(map(np.ravel, pulls.values())):
            ax.plot(values, np.full(len(values), row), "|", color=C["kernel"], ms=16, mew=0.8, alpha=0.35)
            ax.plot(np.median(values), row, "D", color=C["ink"], ms=6)
        ax.set_xscale("log")
        ax.set_yticks(range(len(pulls)), list(pulls), fontsize=TEXT, color=C["ink"])
        ax.set_ylim(len(pulls) - 0.5, -0.5)
        ax.set_xlabel(xlabel, fontsize=TEXT)
        ax.tick_params(axis="x", labelsize=NOTE)
        fig.draw_without_rendering()
        plt.close(fig)
    return fig


def fig_stopping(training, validation, *, best, stopped=None, ylabel="loss", width=6.4):
    """Two curves of one training: where the validation is best, and where patience ran out.

    Args:
        training, validation: a number for each epoch, counted from 1 on the axis.
        best: the epoch, from 0, of the best validation.
        stopped: the last epoch that early stopping would have run, from 0.
    """
    at = np.arange(1, len(training) + 1)
    with style():
        fig, ax = plt.subplots(figsize=(width, 2.9), layout="constrained")
        ax.plot(at, training, color=C["input"], label="training")
        ax.plot(at, validation, color=C["output"], ls=(0, (6, 2)), label="validation")
        ax.axvline(best + 1, color=C["ink"], lw=1.2, label=f"best: epoch {best + 1}")
        if stopped is not None:
            ax.axvline(stopped + 1, color=C["offset"], lw=1.2, ls=(0, (2, 1.5)), label=f"patience runs out: epoch {stopped + 1}")
        ax.set_xlabel("epoch", fontsize=TEXT)
        ax.set_ylabel(ylabel, fontsize=TEXT)
        ax.tick_params(labelsize=NOTE)
        fig.legend(*ax.get_legend_handles_labels(), loc="outside upper left", ncols=2, fontsize=NOTE, frameon=False, handlelength=2.6)
        fig.draw_without_rendering()
        plt.close(fig)
    return fig


def fig_gains(scores, *, reference, xlabel="percentage points more than {} on the same images", width=6.8):
    """What each method gains over the reference, run by run: a dot for each pair of runs, a stroke for their mean.

    Args:
        scores: {method: shares between 0 and 1, one a run}; run i of every method had the same images and the same seed.
        reference: the method that the others are compared with; it is the line at 0.
    """
    if reference not in scores:
        raise ValueError(f"reference={reference!r} must be one of {', '.join(map(repr, scores))}")
    base = 100 * np.array(scores[reference])
    gains = {name: 100 * np.array(values) - base for name, values in scores.items() if name != reference}
    with style():
        fig, ax = plt.subplots(figsize=(width, 0.3 * len(gains) + 0.75), layout="constrained")
        ax.axvline(0, color=C["line"], lw=1.2)
        for row, values in enumerate(gains.values()):
            ax.plot(values, np.full(len(values), row), "o", color=C["input"], ms=5, alpha=0.6, mew=0)
            ax.plot([values.mean()] * 2, [row - 0.36, row + 0.36], color=C["kernel"], lw=3, solid_capstyle="butt")
        ax.set_yticks(range(len(gains)), list(gains), fontsize=TEXT, color=C["ink"])
        ax.set_ylim(len(gains) - 0.4, -0.6)
        ax.set_xlabel(xlabel.format(reference), fontsize=TEXT)
        ax.tick_params(axis="x", labelsize=NOTE)
        ax.tick_params(axis="y", length=0)
        fig.draw_without_rendering()
        plt.close(fig)
    return fig
