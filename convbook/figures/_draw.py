"""What every figure shares: a canvas measured in cells, cells, sheets, numbers and lines of coloured text.

A canvas is one axis whose unit is one cell, with row 0 on top. Its size in inches follows from what is drawn,
so equal aspect and room for the text hold by construction.
"""

from contextlib import contextmanager
from functools import cache

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch, Polygon, Rectangle
from matplotlib.textpath import text_to_path

from convbook import theme

C = theme.LIGHT
CELL = 0.4  # inches
TEXT = 10.5  # points
NOTE = 9.5
WIDTH = 6.8  # inches that a figure takes at most, where its cells can shrink


def number(value):
    """A number as a reader writes it: whole numbers bare, others to two decimals, a true minus sign.

    >>> number(3.0), number(-2), number(0.126)
    ('3', '−2', '0.13')
    """
    value = float(value)
    text = f"{value:.0f}" if value == round(value) else f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "−")


def factor(value):
    """A number inside a product: negative ones in brackets.

    >>> factor(2), factor(-1)
    ('2', '(−1)')
    """
    return f"({number(value)})" if value < 0 else number(value)


def size(values):
    """The sizes of an array, written `4 × 5`.

    >>> size([4, 5])
    '4 × 5'
    """
    return " × ".join(str(v) for v in values)


@cache
def text_width(text, points=TEXT, weight="normal"):
    """Width of a line of text in inches, blanks at its end included."""
    font = FontProperties(family="DejaVu Sans", size=points, weight=weight)
    if "$" in text:
        return text_to_path.get_text_width_height_descent(text, font, True)[0] / 72
    bar = text_to_path.get_text_width_height_descent("|", font, False)[0]
    return (text_to_path.get_text_width_height_descent(text + "|", font, False)[0] - bar) / 72


def fitting(values, room, points):
    """The largest size up to `points` at which every number fits in `room` inches."""
    widest = max((text_width(number(v), points) for v in np.ravel(values)), default=0)
    return points if widest <= room else points * room / widest


@contextmanager
def canvas(width, height, *, cell=CELL, margin=0.12):
    """A figure of `width` x `height` cells, and its axis; the origin is the upper left corner, y grows downwards."""
    with theme.style():
        fig = plt.figure(figsize=(width * cell + 2 * margin, height * cell + 2 * margin))
        try:
            ax = fig.add_axes((0, 0, 1, 1))
            pad = margin / cell
            ax.set(xlim=(-pad, width + pad), ylim=(height + pad, -pad), aspect="equal")
            ax.axis("off")
            ax.cell = cell
            yield fig, ax
        finally:
            plt.close(fig)


def cell_inches(ax):
    """How many inches one unit of this axis takes."""
    left, right = ax.get_xlim()
    return ax.get_position().width * ax.figure.get_figwidth() / abs(right - left)


def box(ax, x, y, width, height, *, role="line", fill=0.0, lw=0.8, hatch=None, dashed=False, zorder=1, edge=None):
    """One rectangle in a role's colour: `fill` is the opacity of its inside, 0 leaves it hollow."""
    face = (C[role], fill) if fill else "none"
    patch = Rectangle((x, y), width, height, facecolor=face, edgecolor=C[edge or role], linewidth=lw, hatch=hatch,
                      linestyle=(0, (3, 2)) if dashed else "-", zorder=zorder, joinstyle="miter")
    return ax.add_patch(patch)


def polygon(ax, points, *, role="line", fill=0.0, lw=0.8, zorder=1, edge=None, paper=False, dashed=False):
    """A closed shape in a role's colour; with `paper` it first hides what lies under it."""
    if paper:
        ax.add_patch(Polygon(points, facecolor=C["paper"], edgecolor="none", zorder=zorder))
    face = (C[role], fill) if fill else "none"
    patch = Polygon(points, facecolor=face, edgecolor=C[edge or role], linewidth=lw, zorder=zorder,
                    linestyle=(0, (3, 2)) if dashed else "-", joinstyle="round")
    return ax.add_patch(patch)


def write(ax, x, y, text, *, points=TEXT, role="ink", ha="center", va="center", weight="normal", zorder=6, **kwargs):
    """A short text. `va="center"` is the middle of the letters' height, so rows of text share a line."""
    va = "center_baseline" if va == "center" else va
    return ax.text(x, y, text, fontsize=points, color=C[role], ha=ha, va=va, fontweight=weight, zorder=zorder, **kwargs)


def write_runs(ax, x, y, runs, *, points=TEXT):
    """One line of text in several colours: `runs` holds (text, role) pairs, set one after the other. Returns the end."""
    unit = cell_inches(ax)
    for text, role in runs:
        if text.strip():
            shift = text_width(" " * (len(text) - len(text.lstrip())), points) if text[0] == " " else 0
            write(ax, x + shift / unit, y, text.strip(), points=points, role=role, ha="left")
        x += text_width(text, points) / unit
    return x


def arrow(ax, start, end, *, role="muted", lw=1.2, zorder=3, head=9, curve=0.0):
    """A thin arrow from one point to another."""
    style = f"-|>,head_length={head * 0.4},head_width={head * 0.2}"
    patch = FancyArrowPatch(start, end, arrowstyle=style, mutation_scale=1, color=C[role], linewidth=lw, shrinkA=0, shrinkB=0,
                            zorder=zorder, connectionstyle=f"arc3,rad={curve}")
    return ax.add_patch(patch)


def line(ax, xs, ys, *, role="line", lw=0.8, dashed=False, zorder=2):
    """A thin line through the given points."""
    return ax.plot(xs, ys, color=C[role], lw=lw, ls=(0, (3, 2)) if dashed else "-", zorder=zorder, solid_capstyle="round")[0]


def on_colour(rgb):
    """Dark or light text, whichever reads better on a coloured cell (never a theme colour: the cell does not follow it)."""
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in map(float, rgb[:3]))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#101010" if luminance > 0.18 else "#fefefe"


def array(values, ndim, name):
    """`values` as an array with `ndim` axes, or an error that says what came."""
    values = np.asarray(values)
    if values.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} axes, got shape {values.shape}")
    return values
