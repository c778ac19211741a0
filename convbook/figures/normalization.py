"""Which entries of an array share a mean: as a cube, and with the numbers of a small example."""

from math import prod

import numpy as np

from convbook._arguments import one_of
from convbook.figures._draw import NOTE, TEXT, array, box, canvas, factor, number, polygon, text_width, write

# Name, and the axes of (images, groups, channels of a group, places) that one mean goes over.
KINDS = {"batch": (0, 3), "layer": (1, 2, 3), "instance": (3,), "group": (2, 3), "position": (1, 2)}
TITLES = {"batch": "batch norm", "layer": "layer norm", "instance": "instance norm", "group": "group norm", "position": "layer norm, per place"}


def sharing(shape, kind, at, groups=1):
    """Which entries of an array (N, C, places) share their mean with the one at (image, channel, place): booleans of that shape."""
    N, C, S = shape
    axes = KINDS[one_of("kind", kind, tuple(KINDS))]
    split = (N, C, 1, S) if kind in ("batch", "instance") else (N, groups if kind == "group" else 1, C // (groups if kind == "group" else 1), S)
    index = np.arange(prod(split)).reshape(split)
    place = np.unravel_index(np.ravel_multi_index(at, shape), split)
    chosen = index[tuple(slice(None) if axis in axes else place[axis] for axis in range(4))]
    return np.isin(index, chosen).reshape(shape)


def fig_norm_cubes(shape=(4, 6, 5), *, kinds=("batch", "layer", "instance", "group"), at=None, groups=2, width=6.9):
    """One cube a method: images to the right and down, channels to the right and up, places down; what shares one mean is filled.

    Args:
        shape: (images, channels, places).
        kinds: of "batch", "layer", "instance", "group", "position".
        at: (image, channel, place) whose set is filled; one that the visible faces show, by default.
        groups: of group norm, dividing the channels.
        width: of the figure, in inches.
    """
    N, C, S = shape
    kinds = [one_of(f"kinds[{i}]", kind, tuple(KINDS)) for i, kind in enumerate(kinds)]
    slope, tall, gap = 0.5, 0.8, 2.4
    one, height = N + C, (N + C) * slope + S * tall
    cell = (width - 0.24) / (len(kinds) * one + (len(kinds) - 1) * gap + 1.2)
    head, unit = 0.36 / cell, 1 / cell
    total = len(kinds) * one + (len(kinds) - 1) * gap + 1.2
    with canvas(total, head + height + 0.3 * unit, cell=cell) as (fig, ax):
        for k, kind in enumerate(kinds):
            left = 1.2 + k * (one + gap)

            def point(n, c, s):
                return left + n + c, head + slope * (n - c + C) + tall * s

            here = at or {"batch": (0, 1, 0), "layer": (N - 2, 0, 0), "instance": (N - 1, 2, 0), "group": (N - 1, 0, 0), "position": (N - 1, 0, 1)}[kind]
            inside = sharing(shape, kind, here, groups)
            write(ax, left + one / 2, 0.13 * unit, TITLES[kind] if len(kinds) < 5 else TITLES[kind].replace(", ", ",\n"), points=min(TEXT, NOTE + 1), weight="bold")
            faces = [((n, c, 0), [(n, c, 0), (n + 1, c, 0), (n + 1, c + 1, 0), (n, c + 1, 0)], 0.62) for n in range(N) for c in range(C)]
            faces += [((n, 0, s), [(n, 0, s), (n + 1, 0, s), (n + 1, 0, s + 1), (n, 0, s + 1)], 0.78) for n in range(N) for s in range(S)]
            faces += [((N - 1, c, s), [(N, c, s), (N, c + 1, s), (N, c + 1, s + 1), (N, c, s + 1)], 0.95) for c in range(C) for s in range(S)]
            for place, corners, fill in faces:
                role = "offset" if inside[place] else "input"
                polygon(ax, [point(*corner) for corner in corners], role=role, fill=fill if inside[place] else 0.08, paper=True, lw=0.7, edge="paper" if inside[place] else "line")
            for text, (x, y), dx, dy in (("N", point(N / 2, 0, S), -0.7, 0.14 * unit), ("C", point(N, C / 2, S), 0.7, 0.14 * unit), ("H, W", point(0, 0, S / 2), -0.75, 0)):
                write(ax, x + dx, y + dy, text, points=NOTE, role="muted", rotation=90 if text == "H, W" else 0)
    return fig


def fig_norm_by_hand(x, at, *, groups=2):
    """A small array four times, one method each: what shares the mean of one entry, that mean, and what becomes of the entry.

    Args:
        x: (images, channels, places), whole numbers for a figure that can be checked by hand.
        at: (image, channel, place) of the entry.
        groups: of group norm.

    Mean, deviation and result are computed from x, with eps = 0.
    """
    x = array(x, 3, "x")
    N, C, S = x.shape
    kinds = ("batch", "layer", "instance", "group")
    wide, gap = C * (S + 0.35), 1.6
    lines = {}
    for kind in kinds:
        values = x[sharing(x.shape, kind, at, groups)]
        mean, deviation = values.mean(), values.std()
        lines[kind] = (f"mean of {len(values)} numbers: {number(mean)}, deviation {number(deviation)}",
                       f"{number(x[at])} → ({number(x[at])} − {factor(mean)}) / {number(deviation)} = {number((x[at] - mean) / deviation)}")
    cell = min(0.32, 6.9 / (2 * wide + gap + 1))
    wide = max(wide, max(text_width(line, NOTE) for pair in lines.values() for line in pair) / cell)
    tall = N + 2.9
    with canvas(2 * wide + gap + 1, 2 * tall, cell=cell) as (fig, ax):
        for k, kind in enumerate(kinds):
            left, top = 1 + (k % 2) * (wide + gap), (k // 2) * (tall + 0.1)
            inside = sharing(x.shape, kind, at, groups)
            write(ax, left, top + 0.3, TITLES[kind] + (f", {groups} groups" if kind == "group" else ""), ha="left", weight="bold")
            for n in range(N):
                write(ax, left - 0.25, top + 1.4 + n, f"n {n}", points=NOTE, role="muted", ha="right")
                for c in range(C):
                    for s in range(S):
                        where, mine = (left + c * (S + 0.35) + s, top + 0.9 + n), inside[n, c, s]
                        box(ax, *where, 1, 1, role="offset" if mine else "input", fill=0.32 if mine else 0.06, lw=1.4 if mine else 0.6, zorder=3 if mine else 2)
                        if (n, c, s) == tuple(at):
                            box(ax, *where, 1, 1, role="ink", lw=2.4, zorder=5)
                        write(ax, where[0] + 0.5, where[1] + 0.5, number(x[n, c, s]), points=NOTE + 0.5, weight="bold" if mine else "normal")
            for row, text in enumerate(lines[kind]):
                write(ax, left, top + N + 1.5 + 0.75 * row, text, points=NOTE, ha="left")
    return fig
