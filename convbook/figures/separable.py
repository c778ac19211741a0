"""Separable convolutions: two steps in place of one, where a kernel stands on its way, an outer product, and when it pays."""

import numpy as np

from convbook import cost
from convbook.figures._draw import (
    C, NOTE, TEXT, WIDTH, array, arrow, canvas, factor, number, size, text_width, write, write_runs,
)
from convbook.figures.grids import draw_grid, draw_row, fit_row
from convbook.figures.stacks import DEPTH, LEAN, draw_sheet, draw_stack
from convbook.theme import style

MARKS = ("o", "s", "^")


def fig_depthwise_step(x, w, *, at=(0, 0)):
    """The first step of a depthwise separable convolution: each channel has a filter of its own, and nothing is added across channels.

    Args:
        x: input, (C, H, W).
        w: filters, (C, 1, k_h, k_w).
        at: the output cell whose C numbers are marked, and the first of them written out.

    The C output planes are computed with `convbook.ops.depthwise_conv2d`.
    """
    from convbook import ops

    x, w = array(x, 3, "x"), array(w, 4, "w")
    y = ops.depthwise_conv2d(x, w)
    (channels, height, width), (tall, wide), (rows, columns) = x.shape, w.shape[2:], y.shape[1:]
    lean_x, lean_w, lean_y = LEAN * height, LEAN * tall, LEAN * rows
    parts = [(f"input {size(x.shape)}", lean_x + width), (f"{channels} filters {size(w.shape[1:])}", lean_w + wide), (f"output {size(y.shape)}", lean_y + columns)]
    cell = 0.34
    for _ in range(3):  # narrower cells leave more of them to the titles
        rooms = [max(across, text_width(name, TEXT, "bold") / cell) for name, across in parts]
        total = sum(rooms) + 2.2
        cell = min(cell, WIDTH / total)
    lefts = [0, rooms[0] + 0.9, rooms[0] + rooms[1] + 2.2]
    at_x, at_w, at_y = (left + (room - across) / 2 for left, room, (_, across) in zip(lefts, rooms, parts))
    pitch = DEPTH * max(height, rows) + 0.9
    taps = x[0, at[0]:at[0] + tall, at[1]:at[1] + wide]
    with canvas(total, 1.0 + pitch * channels + 0.9 * tall, cell=cell) as (fig, ax):
        for (name, _), left, room in zip(parts, lefts, rooms):
            write(ax, left + room / 2, 0.35, name, weight="bold")
        for c in range(channels):
            top = 1.0 + pitch * c
            centre = top + DEPTH * height / 2
            draw_sheet(x[c], ax, origin=(at_x + lean_x, top), window=(*at, tall, wide))
            write(ax, (at_x + lean_x / 2 + width + at_w + lean_w / 2) / 2, centre, "∗", points=15, role="muted")
            draw_sheet(w[c, 0], ax, role="kernel", origin=(at_w + lean_w, centre - DEPTH * tall / 2))
            arrow(ax, (at_w + lean_w / 2 + wide + 0.3, centre), (at_y + lean_y / 2 - 0.25, centre))
            draw_sheet(y[c], ax, role="output", origin=(at_y + lean_y, centre - DEPTH * rows / 2), highlight=[at])
        foot = 1.0 + pitch * channels
        for a, (row, weights) in enumerate(zip(taps, w[0, 0])):
            runs = [(f"output[0, {at[0]}, {at[1]}] = " if a == 0 else "        + ", "ink")]
            for b, (value, weight) in enumerate(zip(row, weights)):
                runs += [(" + ", "muted")] if b else []
                runs += [(factor(value), "input"), ("·", "muted"), (factor(weight), "kernel")]
            runs += [(f" = {number(y[0][at])}", "ink")] if a == tall - 1 else []
            write_runs(ax, 0, foot + 0.9 * a + 0.3, runs)
    return fig


def fig_separable_flow(x_shape, out_channels, kernel_size):
    """The whole of a depthwise separable convolution, with its multiply-adds, beside those of the ordinary layer.

    Args:
        x_shape: (C, H, W) of the input.
        out_channels: D.
        kernel_size: k, one int; stride 1, no padding.
    """
    (channels, height, width), k, D = x_shape, kernel_size, out_channels
    rows, columns = height - k + 1, width - k + 1
    first, second = cost.conv_macs(channels, channels, k, (rows, columns), groups=channels), cost.conv_macs(channels, D, 1, (rows, columns))
    whole = cost.conv_macs(channels, D, k, (rows, columns))
    cell, back, deep, many = 0.17, 0.42, min(channels, 6), min(D, 10)
    text = 1 / cell
    parts = [
        (f"{size((height, width))} × {channels}", "input", deep, height, width), (f"{channels} filters\n{k} × {k} × 1", "kernel", 0, k, k),
        (f"{rows} × {columns} × {channels}", "output", deep, rows, columns), (f"{D} filters\n1 × 1 × {channels}", "kernel", deep, 1, 1),
        (f"{rows} × {columns} × {D}", "output", many, rows, columns)]
    gap, top = 2.2, 3.0

    def room(part):
        name, _, n, tall, wide = part
        return max(wide + back * max(0, n - 1), max(text_width(t, NOTE, "bold") for t in name.split("\n")) * text)

    def high(part):
        _, _, n, tall, _ = part
        return (tall + 0.7) * channels - 0.7 if n == 0 else tall + back * (n - 1)

    tallest = max(high(part) for part in parts)
    total = sum(map(room, parts)) + gap * 4
    with canvas(total, top + tallest + 5.4, cell=cell) as (fig, ax):
        left, middle = 0.0, top + tallest / 2
        for place, part in enumerate(parts):
            name, role, n, tall, wide = part
            across = room(part)
            centre = left + across / 2
            for i, words in enumerate(reversed(name.split("\n"))):
                write(ax, centre, top - 1.1 - 1.25 * i, words, points=NOTE, weight="bold")
            if n == 0:
                for c in range(channels):
                    draw_stack(ax, 1, tall, wide, role=role, origin=(centre - wide / 2, middle - high(part) / 2 + (tall + 0.7) * c))
            else:
                draw_stack(ax, n, tall, wide, role=role, origin=(centre - (wide + back * (n - 1)) / 2, middle - high(part) / 2), shift=(back, back))
            if place < 4:
                arrow(ax, (left + across + 0.4, middle), (left + across + gap - 0.4, middle))
            left += across + gap
        foot = top + tallest + 1.7
        write(ax, 0, foot, f"depthwise: {rows}·{columns} places × {channels} channels × {k}·{k} = {first:,} multiply-adds", ha="left")
        write(ax, 0, foot + 1.5, f"pointwise: {rows}·{columns} places × {channels} channels × {D} = {second:,}", ha="left")
        write(ax, 0, foot + 3.0, f"together {first + second:,}, beside {whole:,} for the ordinary layer: {100 * (first + second) / whole:.2f} %", ha="left", weight="bold")
    return fig


def fig_outer_product(column, row):
    """A column times a row: every number of the matrix is one of the column's times one of the row's."""
    column, row = array(column, 1, "column"), array(row, 1, "row")
    blocks = [(f"column {len(column)} × 1", column[:, None], {"role": "kernel"}), (f"row 1 × {len(row)}", row[None], {"role": "kernel"}),
              (f"kernel {len(column)} × {len(row)}", np.outer(column, row), {"role": "kernel"})]
    cell, width, bottom = fit_row(blocks)
    with canvas(width, bottom, cell=cell) as (fig, ax):
        draw_row(ax, blocks, symbols=("×", "="))
    return fig


def fig_kernel_places(n, m):
    """Where an m x m kernel stands on an n x n image, and where the two passes of a separable one do: a dot for each place.

    Args:
        n: side of the image.
        m: side of the kernel, at most n; stride 1, no padding.
    """
    o = n - m + 1
    panels = [(f"{m} × {m} kernel", "on the image", n, n, m, m), (f"first {m} × 1", "on the image", n, n, m, 1), (f"then 1 × {m}", f"on the {o} × {n} result", o, n, 1, m)]
    total, gap = cost.separable_macs(m, o), 1.6
    cell = 0.36
    for _ in range(3):  # narrower cells leave more of them to the words
        rooms = [max(wide, text_width(f"{o}·{n} = {o * n} places", TEXT) / cell, text_width(words, TEXT) / cell) for _, words, _, wide, _, _ in panels]
        cell = min(cell, WIDTH / (sum(rooms) + 2 * gap))
    with canvas(sum(rooms) + 2 * gap, n + 5.2, cell=cell) as (fig, ax):
        left = 0.0
        for (name, where, tall, wide, k_h, k_w), room in zip(panels, rooms):
            centre, x0, y0 = left + room / 2, left + (room - wide) / 2, 2.0 + (n - tall) / 2
            rows, columns = tall - k_h + 1, wide - k_w + 1
            write(ax, centre, 0.35, name, weight="bold")
            write(ax, centre, 1.15, where, points=NOTE, role="muted")
            draw_grid(np.zeros((tall, wide)), ax, role="input" if k_h > 1 else "output", origin=(x0, y0), numbers=False, window=(0, 0, k_h, k_w, 1))
            for i in range(rows):
                for j in range(columns):
                    ax.plot(x0 + j + k_w / 2, y0 + i + k_h / 2, "o", ms=5.5, color=C["ink"], zorder=7)
            write(ax, centre, n + 2.75, f"{rows}·{columns} = {rows * columns} places")
            write(ax, centre, n + 3.65, f"{rows * columns} × {k_h * k_w} = {rows * columns * k_h * k_w}", weight="bold")
            left += room + gap
        write(ax, 0, n + 4.8, f"{o * o * m * m} multiplications against {' + '.join(map(str, (o * n * m, o * o * m)))} = {total}", ha="left")
    return fig


def fig_separable_ratio(kernels=(3, 5, 7), most=4096):
    """1/N + 1/h^2 against N: which of the two terms rules, and where they are equal, at N = h^2.

    Args:
        kernels: sides h of the kernel.
        most: the largest number of output channels N.
    """
    import matplotlib.pyplot as plt

    N = np.geomspace(2, most, 200)
    with style():
        fig, ax = plt.subplots(figsize=(6.2, 3.5), layout="constrained")
        for h, role, mark in zip(kernels, ("kernel", "input", "offset"), MARKS):
            ax.plot(N, 1 / N + 1 / h**2, color=C[role], label=f"h = {h}")
            ax.plot([2, most], [1 / h**2] * 2, color=C[role], lw=0.9, ls=(0, (3, 2)))
            ax.plot(h * h, 2 / h**2, mark, color=C[role], ms=8, mfc=C["paper"], mew=1.8, zorder=4)
            ax.text(most * 1.1, 1 / h**2, f"1/{h}² = 1/{h * h}", fontsize=NOTE, color=C["ink"], va="center")
        ax.plot(N[N < 80], 1 / N[N < 80], color=C["muted"], lw=1.1, ls=(0, (1, 2)), label="1/N alone")
        ax.set(xscale="log", yscale="log", xlim=(1.99, 1.01 * most), ylim=(1 / 80, 0.8))
        ax.set_xticks([2, 8, 32, 128, 512, 2048], ["2", "8", "32", "128", "512", "2048"])
        ax.set_yticks([1 / 2, 1 / 9, 1 / 25, 1 / 49], ["50 %", "11 %", "4 %", "2 %"])
        ax.minorticks_off()
        ax.set_xlabel("output channels N")
        ax.set_ylabel("share of the multiply-adds")
        ax.legend(frameon=False, fontsize=NOTE, loc="upper right")
        fig.draw_without_rendering()  # sets the labels where they will stand
        plt.close(fig)
    return fig


def fig_separable_formulas(kernels=(3, 5, 7), most=64):
    """Cost of two passes over cost of the kernel, against the image's side: counted, and as a formula that fits 3 x 3 kernels only.

    The other formula is the notes': 2 / m + 2 / (m (N - 2)).
    """
    import matplotlib.pyplot as plt

    with style():
        fig, ax = plt.subplots(figsize=(6.2, 3.3), layout="constrained")
        for m, role, mark in zip(kernels, ("kernel", "input", "offset"), MARKS):
            N = np.arange(m, most + 1)
            counted = [cost.separable_macs(m, int(n) - m + 1) / cost.conv_macs(1, 1, m, int(n) - m + 1) for n in N]
            ax.plot(N, counted, color=C[role], label=f"m = {m}, counted")
            ax.plot(N, 2 / m + 2 / (m * (N - 2)), color=C[role], lw=1.3, ls=(0, (3, 2)), label=f"m = {m}, notes")
            ax.plot(N[0], counted[0], mark, color=C[role], ms=6, zorder=4)
        ax.axhline(1, color=C["line"], lw=0.9)
        ax.set(xlim=(0, most), ylim=(0.2, 1.4))
        ax.set_xlabel("side of the image, N")
        ax.set_ylabel("two passes / kernel at once")
        ax.legend(frameon=False, fontsize=NOTE, loc="upper right", ncols=3)
        fig.draw_without_rendering()  # sets the labels where they will stand
        plt.close(fig)
    return fig
