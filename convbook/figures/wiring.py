"""Which channel reads which: convolutions in groups as dots and wires, a shuffle between them, and what reaches what."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle

from convbook.figures._draw import NOTE, TEXT, C, array, box, canvas, number, polygon, text_width, write

GAP, MOVE, HEAD, BETWEEN = 3.0, 2.0, 1.2, 1.3  # cells between two rows of channels, over a shuffle, above the first row, between networks


def reads(out_channels, in_channels, groups):
    """Whether output i of a layer in groups reads input j, as a (D, C) array of True and False.

    >>> reads(2, 4, 2).astype(int)
    array([[1, 1, 0, 0],
           [0, 0, 1, 1]])
    """
    D, n = out_channels // groups, in_channels // groups
    return np.arange(out_channels)[:, None] // D == np.arange(in_channels) // n


def fig_wiring(panels, *, cell=0.23, labels=True):
    """Layers in groups as dots and wires, the input on top, several networks side by side.

    Args:
        panels: {title: options of `draw_wiring`}, such as {"no shuffle": dict(channels=[9, 9, 9], groups=[3, 3])}.
        cell: width of a channel, in inches.
        labels: write the channels' numbers on the dots.
    """
    widths = [max(max(p["channels"]), text_width(title, TEXT, "bold") / cell) for title, p in panels.items()]
    height = max(_height(**p) for p in panels.values())
    note = 0.9 if any(p.get("note") for p in panels.values()) else 0
    with canvas(sum(widths) + BETWEEN * (len(panels) - 1), HEAD + height + note, cell=cell) as (fig, ax):
        x = 0.0
        for (title, options), width in zip(panels.items(), widths):
            options = dict(options)
            text = options.pop("note", "")
            most = max(options["channels"])
            write(ax, x + width / 2, 0.3, title, weight="bold")
            draw_wiring(ax, origin=(x + (width - most) / 2, HEAD), labels=labels, **options)
            if text:
                write(ax, x + width / 2, HEAD + height + 0.45, text, points=NOTE, role="muted")
            x += width + BETWEEN
    return fig


def _height(channels, shuffle=False, **_):
    return 1.0 + GAP * (len(channels) - 1) + (MOVE if shuffle is True else 0)


def draw_wiring(ax, *, channels, groups, shuffle=False, trace=None, origin=(0, 0), labels=True):
    """Paint rows of channels and the wires of the layers between them.

    Args:
        channels: how many there are in each row, the input first.
        groups: of each layer, one less than there are rows.
        shuffle: True draws a channel shuffle after the first layer, in a row of its own; "direct" lets the second layer read
            the shuffled channels where they stand.
        trace: an output channel: what it hears is drawn in full, the rest faintly.
        origin: where the first row begins; one unit is one channel of the widest row.
    """
    most, (x0, y0) = max(channels), origin
    order = np.arange(channels[1]).reshape(groups[0], -1).T.ravel() if shuffle else None
    links = [reads(D, n, g) for n, D, g in zip(channels, channels[1:], groups)]
    if shuffle:
        links[1] = links[1][:, np.argsort(order)]  # columns by channel, not by place
    heard = _heard(links, trace)

    rows = [(row, np.arange(n)) for row, n in enumerate(channels)]
    if shuffle is True:
        rows.insert(2, (1, order))
    ys, y = [], y0 + 0.5
    for at, (row, _) in enumerate(rows):
        y += 0 if not at else MOVE if row == rows[at - 1][0] else GAP
        ys.append(y)
    place = {at: x0 + (np.arange(len(shown)) + 0.5) * most / len(shown) for at, (_, shown) in enumerate(rows)}

    for at in range(1, len(rows)):
        (above, upper), (row, lower) = rows[at - 1], rows[at]
        moved = above == row
        if not moved and not (shuffle == "direct" and row == 2):
            _bands(ax, x0, most, ys[at - 1], ys[at], groups[row - 1])
        for strong in (False, True):
            wires = []
            for i, to in enumerate(lower):
                for j, source in enumerate(upper):
                    linked = source == to if moved else links[row - 1][to, source]
                    lit = heard is None or heard[above][source] and heard[row][to]
                    if linked and lit == strong:
                        wires.append([(place[at - 1][j], ys[at - 1]), (place[at][i], ys[at])])
            colour = (C["ink" if moved else "kernel"], (0.85 if strong else 0.16))
            ax.add_collection(LineCollection(wires, colors=[colour], linewidths=1.5 if strong and heard else 0.9, zorder=2,
                                             linestyles=[(0, (3, 2))] if moved else "-"))

    for at, (row, shown) in enumerate(rows):
        role = "input" if row == 0 else "output" if row == len(channels) - 1 else "line"
        for x, channel in zip(place[at], shown):
            on = heard is None or heard[row][channel]
            ax.add_patch(Circle((x, ys[at]), 0.38, facecolor=C["paper"], edgecolor="none", zorder=3))
            ax.add_patch(Circle((x, ys[at]), 0.38, facecolor=(C[role], 0.3 if on else 0.0), edgecolor=C[role if on else "line"], linewidth=1.4 if on else 0.8, zorder=3))
            if labels:
                write(ax, x, ys[at], str(channel), points=8, role="ink" if on else "muted")


def _heard(links, trace):
    """For each row, which channels lead to output `trace`; None without one."""
    if trace is None:
        return None
    rows = [np.arange(len(links[-1])) == trace]
    for link in reversed(links):
        rows.insert(0, link[rows[0]].any(axis=0))
    return rows


def _bands(ax, x0, most, top, bottom, groups):
    for g in range(groups):
        left, right = x0 + g * most / groups + 0.06, x0 + (g + 1) * most / groups - 0.06
        polygon(ax, [(left, top), (right, top), (right, bottom), (left, bottom)], role="kernel", fill=0.06, edge="padding", lw=0.8, zorder=1)


def fig_blocks(matrices, *, groups=None, cell=None, role="kernel"):
    """Weights as matrices, an output in each row: what is there is filled, what is zero for good stays blank.

    Args:
        matrices: {title: (D, C) array}; numbers other than 0 and 1 are written into their cells.
        groups: {title: number of blocks to frame}, or None.
        cell: side of a cell, in inches; by default what the page has room for.
        role: colour of the filled cells.
    """
    matrices = {title: array(m, 2, title) for title, m in matrices.items()}
    cell = cell or min(0.3, (6.6 - 0.35 * len(matrices)) / sum(m.shape[1] for m in matrices.values()))
    widths = [max(m.shape[1], text_width(title, TEXT, "bold") / cell) for title, m in matrices.items()]
    gap, tall = 0.4 / cell, max(m.shape[0] for m in matrices.values())
    head = 0.32 / cell
    counts = any(m.max() > 1 for m in matrices.values())
    with canvas(sum(widths) + gap * (len(matrices) - 1), head + tall + 0.3 / cell, cell=cell) as (fig, ax):
        x = 0.0
        for (title, m), width in zip(matrices.items(), widths):
            left, (D, n) = x + (width - m.shape[1]) / 2, m.shape
            write(ax, x + width / 2, head * 0.4, title, weight="bold")
            for i in range(D):
                for j in range(n):
                    value, share = m[i, j], m[i, j] / max(1, m.max())
                    box(ax, left + j, head + i, 1, 1, role=role if value else "line", fill=(0.2 + 0.4 * share if counts else 0.65) if value else 0, edge="padding", lw=0.6)
                    if counts and value:
                        write(ax, left + j + 0.5, head + i + 0.5, number(value), points=8)
            for g in range((groups or {}).get(title, 1)):
                blocks = (groups or {}).get(title, 1)
                box(ax, left + g * n / blocks, head + g * D / blocks, n / blocks, D / blocks, role="ink", lw=1.4, zorder=4)
            write(ax, x + width / 2, head + tall + 0.17 / cell, f"{D} × {n}", points=NOTE, role="muted")
            x += width + gap
    return fig
