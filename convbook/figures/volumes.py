"""Volumes as rows of standing sheets: a clip seen frame by frame, and a kernel that slides over depth as well."""

import numpy as np

from convbook.figures._draw import NOTE, array, arrow, canvas, line, number, polygon, size, text_width, write

NARROW = 0.5  # how wide one column of a standing sheet looks, in cells
RISE = 0.2  # how far each column rises to the right


def standing(origin, i, j):
    """Where the corner (row i, column j) of a standing sheet falls; the origin is its upper left corner."""
    x, y = origin
    return x + NARROW * j, y + i - RISE * j


def quad(origin, i, j, tall, wide):
    """The four corners of a block of cells on a standing sheet."""
    return [standing(origin, *corner) for corner in ((i, j), (i, j + wide), (i + tall, j + wide), (i + tall, j))]


def room(shape, gap):
    """Width and height that `draw_volume` needs for (D, H, W)."""
    depth, height, width = shape
    return gap * (depth - 1) + NARROW * width, height + RISE * width


def draw_volume(values, ax, *, role="input", origin=(0, 0), gap=2.0, window=None, highlight=None, limit=None, labels=""):
    """A volume (D, H, W) as D standing sheets, depth to the right; the larger a number's magnitude, the stronger its cell.

    Args:
        values: (D, H, W).
        origin: upper left corner of the whole drawing.
        gap: distance between neighbouring sheets, in cells.
        window: (depth, row, column, k_d, k_h, k_w): outlined on each sheet it covers, the outlines joined to a box.
        highlight: one cell (depth, row, column).
        limit: the magnitude drawn strongest; the largest one by default.
        labels: written under each sheet with its number, for example "frame".
    """
    values = array(values, 3, "values")
    depth, height, width = values.shape
    limit = limit or float(np.abs(values).max()) or 1.0
    corners = []
    for t in range(depth):
        place = (origin[0] + gap * t, origin[1] + RISE * width)
        polygon(ax, quad(place, 0, 0, height, width), role=role, paper=True, lw=0.9, zorder=2 + t)
        for i in range(height):
            for j in range(width):
                strength = 0.06 + 0.8 * min(1.0, abs(float(values[t, i, j])) / limit)
                polygon(ax, quad(place, i, j, 1, 1), role=role, fill=round(strength, 3), edge="line", lw=0.4, zorder=2 + t)
        if window is not None and window[0] <= t < window[0] + window[3]:
            shape = quad(place, window[1], window[2], window[4], window[5])
            polygon(ax, shape, role="kernel", fill=0.12, lw=2.0, zorder=2 + t)
            corners.append(shape)
        if highlight is not None and highlight[0] == t:
            polygon(ax, quad(place, highlight[1], highlight[2], 1, 1), role="offset", lw=2.2, zorder=3 + depth)
        if labels:
            write(ax, place[0] + NARROW * width * 0.35, place[1] + height + 0.45, f"{labels} {t}".strip(), points=NOTE, role="muted")
    for k in range(4 if corners else 0):
        (x1, y1), (x2, y2) = corners[0][k], corners[-1][k]
        line(ax, [x1, x2], [y1, y2], role="kernel", lw=1.0, dashed=True, zorder=3 + depth)


def fig_volume_step(x, w, *, at=(0, 0, 0), bias=None, width=7.0):
    """One step of a 3D convolution: a box of k_d x k_h x k_w slides over depth, height and width, and still sums every channel.

    Args:
        x: input clip, (C, D, H, W).
        w: one kernel, (C, k_d, k_h, k_w).
        at: the output cell (depth, row, column) that is marked.
        bias: one number, or None.
        width: of the figure, in inches.

    The output, (D_out, H_out, W_out), is computed with `convbook.ops.conv3d`.
    """
    from convbook import ops

    x, w = array(x, 4, "x"), array(w, 4, "w")
    if len(x) != len(w):
        raise ValueError(f"w must have one volume a channel: x has shape {x.shape}, w {w.shape}")
    y = ops.conv3d(x, w[None], None if bias is None else np.array([bias], dtype=x.dtype))[0]
    channels = len(x)
    gap_x, gap_w, gap_y = (NARROW * width + 0.45 for width in (x.shape[3], w.shape[3], y.shape[2]))
    (wide_x, tall_x), (wide_w, tall_w), (wide_y, tall_y) = room(x.shape[1:], gap_x), room(w.shape[1:], gap_w), room(y.shape, gap_y)
    heads = (f"input {size(x.shape)}", f"kernel {size(w.shape)}", f"output {size(y.shape)}")
    words = [text_width(head, weight="bold") for head in heads]
    cell = min(0.3, (width - 0.24 - max(0, words[1] - wide_w * 0.2)) / (wide_x + wide_w + wide_y + 3.7))
    unit = 1 / cell
    rooms = [max(wide, word * unit) for wide, word in zip((wide_x, wide_w, wide_y), words)]
    at_w = rooms[0] + 1.7
    at_y = at_w + rooms[1] + 2.0
    pitch = max(tall_x, tall_w) + 1.0
    top, body = 1.5, pitch * channels - 1.0
    products = w.size
    label = f"output[{', '.join(map(str, at))}] = sum of {size(w.shape)} = {products} products{'' if bias is None else ' + bias'} = {number(y[at])}"
    with canvas(max(at_y + rooms[2], text_width(label) * unit), top + body + 1.9, cell=cell) as (fig, ax):
        for head, left, across in zip(heads, (0, at_w, at_y), rooms):
            write(ax, left + across / 2, 0.5, head, weight="bold")
        middle = top + body / 2
        for c in range(channels):
            centre = top + pitch * c + (pitch - 1.0) / 2
            draw_volume(x[c], ax, origin=((rooms[0] - wide_x) / 2, centre - tall_x / 2), gap=gap_x, window=(*at, *w.shape[1:]), limit=np.abs(x).max())
            draw_volume(w[c], ax, role="kernel", origin=(at_w + (rooms[1] - wide_w) / 2, centre - tall_w / 2), gap=gap_w, limit=np.abs(w).max())
            write(ax, rooms[0] + 0.85, centre, "∗", points=15, role="muted")
            line(ax, [at_w + rooms[1] + 0.3, at_w + rooms[1] + 0.9, at_w + rooms[1] + 0.9], [centre, centre, middle], role="muted", lw=1.1)
        arrow(ax, (at_w + rooms[1] + 0.9, middle), (at_y + (rooms[2] - wide_y) / 2 - 0.3, middle))
        draw_volume(y, ax, role="output", origin=(at_y + (rooms[2] - wide_y) / 2, middle - tall_y / 2), gap=gap_y, highlight=at)
        write(ax, 0, top + body + 1.2, label, ha="left")
    return fig
