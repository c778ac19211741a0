"""Channels as stacks of sheets: how a convolution sums over the input's channels, and where the output's channels come from."""

import numpy as np
from matplotlib.patches import Circle

from convbook.figures._draw import NOTE, TEXT, WIDTH, C as COLOURS, array, arrow, canvas, cell_inches, factor, fitting, line, number, polygon, size, text_width, write

LEAN = 0.38  # how far a lying sheet leans to the right for each row, in cells
DEPTH = 0.56  # how tall one row of a lying sheet looks, in cells


def lying(origin, i, j):
    """Where the corner (row i, column j) of a lying sheet falls; the origin is its upper left corner before it leans."""
    x, y = origin
    return x + j - LEAN * i, y + DEPTH * i


def draw_sheet(values, ax, *, role="input", origin=(0, 0), window=None, highlight=(), numbers=True, points=NOTE, fill=0.12):
    """A matrix as a sheet that lies on a table, seen from the front: row 0 is the far edge.

    `origin` is the far left corner; `window` is (row, column, height, width); other arguments as in `draw_grid`.
    """
    height, width = values.shape
    points = fitting(values, 0.9 * cell_inches(ax), points)

    def quad(i, j, tall, wide):
        return [lying(origin, *corner) for corner in ((i, j), (i, j + wide), (i + tall, j + wide), (i + tall, j))]

    for i in range(height):
        for j in range(width):
            inside = window is not None and window[0] <= i < window[0] + window[2] and window[1] <= j < window[1] + window[3]
            polygon(ax, quad(i, j, 1, 1), role="kernel" if inside else role, fill=0.2 if inside else fill, edge="line", lw=0.7)
            if numbers:
                write(ax, *lying(origin, i + 0.5, j + 0.5), number(values[i, j]), points=points)
    if window is not None:
        polygon(ax, quad(*window), role="kernel", lw=2.2, zorder=4)
    for i, j in highlight:
        polygon(ax, quad(i, j, 1, 1), role=role, fill=0.32, lw=2.2, zorder=4)


def fig_channels(x, w, *, bias=None, at=(0, 0), stride=1):
    """One output channel from C input channels: each channel has its own kernel plane, and the C sums are added up.

    Args:
        x: input, (C, H, W).
        w: one kernel, (C, k_h, k_w).
        bias: one number, or None.
        at: the output cell whose sum is written.
        stride: one int.

    The output plane, (H_out, W_out), is computed with `convbook.ops.conv2d`.
    """
    from convbook import ops

    x, w = array(x, 3, "x"), array(w, 3, "w")
    if len(x) != len(w):
        raise ValueError(f"w must have one plane a channel: x has shape {x.shape}, w {w.shape}")
    y = ops.conv2d(x, w[None], None if bias is None else np.array([bias], dtype=x.dtype), stride=stride)[0]
    channels, height, width = x.shape
    tall, wide = w.shape[1:]
    window = (at[0] * stride, at[1] * stride, tall, wide)
    taps = x[:, window[0]:window[0] + tall, window[1]:window[1] + wide]
    parts = (taps * w).sum(axis=(1, 2))

    pitch = DEPTH * height + 0.75
    lean_x, lean_w, lean_y = LEAN * height, LEAN * tall, LEAN * y.shape[0]
    at_w = width + lean_x / 2 + 1.0 + lean_w / 2 + 0.4
    at_sum = at_w + wide + 0.65
    cells = width + lean_x / 2 + lean_w / 2 + wide + y.shape[1] + LEAN * y.shape[0] / 2 + 8.0
    cell = min(0.36, WIDTH / cells)
    room = max(text_width(number(part), TEXT, "bold") for part in parts) / cell
    bus = at_sum + room + 0.75
    plus = bus + 1.15
    at_y = plus + 1.5 + lean_y / 2
    total = at_y + y.shape[1] + 0.2
    bottom = 1.0 + pitch * channels
    terms = " + ".join(factor(part) for part in parts) + ("" if bias is None else f" + {factor(bias)}")
    label = f"output[{at[0]}, {at[1]}] = {terms} = {number(y[at])}"
    with canvas(max(total, text_width(label) / cell), bottom + 0.55, cell=cell) as (fig, ax):
        middle = 1.0 + (pitch * channels - 0.75) / 2
        write(ax, lean_x + width / 2, 0.3, f"input {size(x.shape)}", weight="bold")
        write(ax, at_w + wide / 2, 0.3, f"kernel {size(w.shape)}", weight="bold")
        write(ax, at_y + y.shape[1] / 2 - lean_y / 2, middle - DEPTH * y.shape[0] / 2 - 0.55, f"output {size(y.shape)}", weight="bold")
        for c in range(channels):
            top = 1.0 + pitch * c
            centre = top + DEPTH * height / 2
            draw_sheet(x[c], ax, origin=(lean_x, top), window=window)
            write(ax, (lean_x / 2 + width + at_w - lean_w / 2) / 2, centre, "∗", points=15, role="muted")
            draw_sheet(w[c], ax, role="kernel", origin=(at_w, centre - DEPTH * tall / 2))
            write(ax, at_w + wide + 0.15, centre, "=", points=13, role="muted")
            write(ax, at_sum + room, centre, number(parts[c]), weight="bold", ha="right")
            line(ax, [at_sum + room + 0.25, bus, bus], [centre, centre, middle], role="muted", lw=1.1)
        line(ax, [bus, plus], [middle, middle], role="muted", lw=1.1)
        ax.add_patch(Circle((plus, middle), 0.36, facecolor=COLOURS["paper"], edgecolor=COLOURS["muted"], linewidth=1.1, zorder=4))
        write(ax, plus, middle, "+", points=12)
        if bias is not None:
            write(ax, plus, middle - 1.55, f"bias {number(bias)}", points=NOTE, role="kernel")
            line(ax, [plus, plus], [middle - 1.2, middle - 0.36], role="muted", lw=1.1)
        arrow(ax, (plus + 0.36, middle), (at_y - lean_y / 2 - 0.12, middle))
        draw_sheet(y, ax, role="output", origin=(at_y, middle - DEPTH * y.shape[0] / 2), highlight=[at])
        write(ax, 0, bottom + 0.2, label, ha="left")
    return fig


def draw_stack(ax, channels, height, width, *, role="input", origin=(0, 0), shift=(0.28, 0.28), highlight=None):
    """C upright sheets, each a little behind the one before it: channel 0 in front. Returns the size of the whole, (wide, tall)."""
    dx, dy = shift
    x0, y0 = origin[0], origin[1] + dy * (channels - 1)
    for c in reversed(range(channels)):
        x, y = x0 + dx * c, y0 - dy * c
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        polygon(ax, corners, role=role, fill=0.18, paper=True, lw=1.0, zorder=2)
        rows, columns = (int(height), int(width)) if c == 0 else (0, 0)
        for i in range(1, rows):
            line(ax, [x, x + width], [y + i, y + i], role=role, lw=0.4, zorder=2)
        for j in range(1, columns):
            line(ax, [x + j, x + j], [y, y + height], role=role, lw=0.4, zorder=2)
    if highlight is not None:
        i, j, tall, wide = highlight
        polygon(ax, [(x0 + j, y0 + i), (x0 + j + wide, y0 + i), (x0 + j + wide, y0 + i + tall), (x0 + j, y0 + i + tall)],
                role="kernel" if role == "input" else role, fill=0.25, lw=2.0, zorder=4)
    return width + dx * (channels - 1), height + dy * (channels - 1)


def fig_many_outputs(x_shape, weight_shape, *, at=(1, 1), stride=1, padding=0):
    """D output channels: D kernels, each as deep as the input, give D planes.

    Args:
        x_shape: (C, H, W) of the input, or the input itself.
        weight_shape: (D, C, k_h, k_w) of the weight, or the weight itself.
        at: the output cell that is marked.
    """
    from convbook.shapes import conv_output_size

    (channels, height, width), (outputs, depth, tall, wide) = (np.shape(v) if np.ndim(v) > 1 else tuple(v) for v in (x_shape, weight_shape))
    if depth != channels:
        raise ValueError(f"weight of shape {(outputs, depth, tall, wide)} must be {channels} deep, as the input of shape {(channels, height, width)}")
    out_h, out_w = (conv_output_size(n, k, stride=stride, padding=padding) for n, k in ((height, tall), (width, wide)))
    cell, back = 0.21, 0.42
    shown = list(range(outputs)) if outputs <= 6 else [0, 1, 2, outputs - 1]
    deep = min(channels, 8)
    stack_h, stack_w = height + back * (deep - 1), width + back * (deep - 1)
    kernel_h, kernel_w = tall + back * (deep - 1), wide + back * (deep - 1)
    pitch = max(kernel_h, out_h) + 0.9
    elided = 1.0 if len(shown) < outputs else 0.0
    rows_h = pitch * len(shown) - 0.9 + elided
    text = 1.0 / cell  # cells an inch

    names = [f"kernel {d}" for d in shown]
    at_k = stack_w + 2.6 + max(text_width(n, NOTE) for n in names) * text + 0.5
    at_y = at_k + kernel_w + 3.2
    top = 2.0
    body = max(rows_h, stack_h)
    count = outputs * channels * tall * wide
    label = f"weight {size((outputs, channels, tall, wide))}  =  $D \\times C \\times k_h \\times k_w$  =  {count:,} numbers"
    heads = [f"input {size((channels, height, width))}", f"{outputs} kernels", f"output {size((outputs, out_h, out_w))}"]
    left = max(0, text_width(heads[0], TEXT, "bold") * text / 2 - stack_w / 2)
    total = at_y + max(out_w, 2) + text_width(f"channel {outputs - 1}", NOTE) * text + 0.6
    with canvas(max(left + total, text_width(label) * text), top + body + 2.4, cell=cell) as (fig, ax):
        write(ax, left + stack_w / 2, 0.7, heads[0], weight="bold")
        write(ax, left + at_k + kernel_w / 2, 0.7, heads[1], weight="bold")
        write(ax, left + at_y + out_w / 2, 0.7, heads[2], weight="bold")
        y_in = top + (body - stack_h) / 2
        window = (at[0] * stride - padding, at[1] * stride - padding, tall, wide)
        draw_stack(ax, deep, height, width, origin=(left, y_in), shift=(back, back), highlight=window)
        start = (left + stack_w + 0.4, top + body / 2)
        for row, d in enumerate(shown):
            centre = top + (body - rows_h) / 2 + pitch * row + (pitch - 0.9) / 2 + (elided if row == 3 else 0)
            line(ax, [start[0], start[0] + 1.6], [start[1], centre], role="line", lw=0.9)
            write(ax, left + stack_w + 2.4, centre, names[row], points=NOTE, role="ink", ha="left")
            draw_stack(ax, deep, tall, wide, role="kernel", origin=(left + at_k, centre - kernel_h / 2), shift=(back, back))
            arrow(ax, (left + at_k + kernel_w + 0.6, centre), (left + at_y - 0.6, centre))
            draw_stack(ax, 1, out_h, out_w, role="output", origin=(left + at_y, centre - out_h / 2), highlight=(*at, 1, 1))
            write(ax, left + at_y + out_w + 0.5, centre, f"channel {d}", points=NOTE, ha="left")
            if elided and row == 3:
                for x in (left + at_k + kernel_w / 2, left + at_y + out_w / 2):
                    write(ax, x, centre - (pitch + elided) / 2 - 0.15, "⋮", role="muted", points=13)
        write(ax, 0, top + body + 1.6, label, ha="left")
    return fig


def fig_pointwise(x, w, *, at=(0, 0)):
    """A 1 x 1 convolution: at every pixel, one matrix times the pixel's channels.

    Args:
        x: input, (C, H, W).
        w: weight, (D, C) or (D, C, 1, 1).
        at: the pixel (row, column) whose product is written.
    """
    from convbook.figures.grids import draw_grid

    x = array(x, 3, "x")
    w = np.asarray(w)
    w = array(w.reshape(w.shape[:2]) if w.shape[2:] == (1, 1) else w, 2, "w")
    if w.shape[1] != len(x):
        raise ValueError(f"w of shape {w.shape} must have {len(x)} columns, one for each channel of x of shape {x.shape}")
    pixel = x[:, at[0], at[1]]
    result = w @ pixel
    (channels, height, width), outputs = x.shape, len(w)
    back, scale = 0.4, 0.62
    wide_in, wide_out = (width * scale + back * (n - 1) for n in (channels, outputs))
    tall = max(height * scale + back * (max(channels, outputs) - 1), channels, outputs)
    heads = [f"input {size(x.shape)}", f"weight {size(w.shape)}", "pixel", "result", f"output {size((outputs, height, width))}"]
    rooms = [max(r, text_width(h, TEXT, "bold") / 0.4) for r, h in zip((wide_in, channels, 1, 1, wide_out), heads)]
    gaps = (1.1, 0.5, 0.8, 1.1)
    starts = [0.0]
    for room, gap in zip(rooms, gaps):
        starts.append(starts[-1] + room + gap)
    centres = [s + r / 2 for s, r in zip(starts, rooms)]
    top, middle = 0.95, 0.95 + tall / 2
    with canvas(starts[-1] + rooms[-1], top + tall + 0.9) as (fig, ax):
        for head, centre in zip(heads, centres):
            write(ax, centre, 0.3, head, weight="bold")
        for role, n, k in (("input", channels, 0), ("output", outputs, 4)):
            total = height * scale + back * (n - 1)
            for c in reversed(range(n)):
                x0 = centres[k] - (wide_in, wide_out)[k == 4] / 2 + back * c
                y0 = middle - total / 2 + back * (n - 1 - c)
                corners = np.array([(0, 0), (width, 0), (width, height), (0, height)]) * scale + (x0, y0)
                polygon(ax, corners, role=role, fill=0.16, paper=True, zorder=2)
                spot = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * scale + (x0 + at[1] * scale, y0 + at[0] * scale)
                polygon(ax, spot, role=role, fill=0.55, lw=1.4, zorder=3 if c else 4)
        draw_grid(w, ax, role="kernel", origin=(centres[1] - channels / 2, middle - outputs / 2))
        draw_grid(pixel[:, None], ax, role="input", origin=(centres[2] - 0.5, middle - channels / 2), fill=0.3)
        draw_grid(result[:, None], ax, role="output", origin=(centres[3] - 0.5, middle - outputs / 2), fill=0.3)
        write(ax, (starts[1] + rooms[1] + starts[2]) / 2, middle, "×", points=13, role="muted")
        write(ax, (starts[2] + rooms[2] + starts[3]) / 2, middle, "=", points=15, role="muted")
        arrow(ax, (starts[0] + rooms[0] + 0.15, middle), (starts[1] - 0.15, middle))
        arrow(ax, (starts[3] + rooms[3] + 0.15, middle), (starts[4] - 0.15, middle))
        first = " + ".join(f"{factor(a)}·{factor(b)}" for a, b in zip(w[0], pixel))
        write(ax, 0, top + tall + 0.55, f"output[0, {at[0]}, {at[1]}] = {first} = {number(result[0])}", ha="left")
    return fig
