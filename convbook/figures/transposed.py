"""A transposed convolution beside the direct one: the matrix of both, stamps, inserted zeros, and what output_padding chooses."""

import numpy as np

from convbook import ops
from convbook.figures._draw import NOTE, TEXT, WIDTH, arrow, array, box, canvas, fitting, number, size, write
from convbook.figures.grids import draw_grid, draw_row, fit_row, pair
from convbook.shapes import conv_output_size, conv_transpose_output_size

SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def fig_direct_and_transposed(X, x, w, *, at=(0, 0), stride=1, padding=0):
    """One step of each, side by side: a window of X becomes one number of z; one number of x becomes a stamp on y.

    Args:
        X: input of the direct convolution, (H, W).
        x: input of the transposed one, of the size of the direct one's output.
        w: the kernel of both, (k_h, k_w).
        at: the cell of z, and of x, that this step is about.
        stride, padding: of both layers.

    Raises:
        ValueError: x has not the size of z.
    """
    X, x, w = array(X, 2, "X"), array(x, 2, "x"), array(w, 2, "w")
    strides, pads = pair(stride), pair(padding)
    z = ops.conv2d(X[None], w[None, None], stride=strides, padding=pads)[0]
    if x.shape != z.shape:
        raise ValueError(f"x of shape {x.shape} must have the shape of z, {z.shape}")
    extra = _output_padding(X.shape, x.shape, w.shape, strides, pads)
    y = ops.conv_transpose2d(x[None], w[None, None], stride=strides, padding=pads, output_padding=extra)[0]
    margin = tuple((p, p) for p in pads)
    window = (at[0] * strides[0], at[1] * strides[1], *w.shape, 1)
    whole = [np.pad(grid, margin) for grid in (X, y)]
    blocks = [(f"X {size(X.shape)}", whole[0], {"window": window, "margin": margin}),
              (f"z {size(z.shape)}", z, {"role": "output", "highlight": [at]}),
              (f"x {size(x.shape)}", x, {"highlight": [at]}),
              (f"y {size(y.shape)}", whole[1], {"role": "output", "window": window, "margin": margin})]
    cell, width, bottom = fit_row(blocks)
    head = 0.34 / cell
    with canvas(width, bottom + head, cell=cell) as (fig, ax):
        draw_row(ax, blocks, symbols=("→", "", "→"), top=head)
        middle = width / 2
        write(ax, (middle - 0.6) / 2, head / 2, "direct: many to one", points=NOTE, role="muted")
        write(ax, (width + middle + 0.6) / 2, head / 2, "transposed: one to many", points=NOTE, role="muted")
    return fig


def fig_zero_insertion(X, x, w, *, at=(0, 0), stride=1, padding=0, output_padding=None):
    """The direct convolution above, the transposed one below, both as windows that slide: the second over x with zeros inserted.

    Args:
        X, x, w, stride, padding: as for `fig_direct_and_transposed`.
        at: (row, column) of a number of y, and of the window that computes it; the direct window stands at the last cell of z.
        output_padding: by default the one that makes y as large as X.
    """
    X, x, w = array(X, 2, "X"), array(x, 2, "x"), array(w, 2, "w")
    strides, pads = pair(stride), pair(padding)
    extra = _output_padding(X.shape, x.shape, w.shape, strides, pads) if output_padding is None else pair(output_padding)
    z = ops.conv2d(X[None], w[None, None], stride=strides, padding=pads)[0]
    y = ops.conv_transpose2d(x[None], w[None, None], stride=strides, padding=pads, output_padding=extra)[0]
    before = tuple(k - 1 - p for k, p in zip(w.shape, pads))  # p'
    border = tuple((p, p + e) for p, e in zip(before, extra))
    spread = np.zeros([s * (n - 1) + 1 for s, n in zip(strides, x.shape)], dtype=x.dtype)
    spread[::strides[0], ::strides[1]] = x
    padded = np.pad(spread, border)
    inserted = [(i + before[0], j + before[1]) for i, j in np.ndindex(spread.shape) if i % strides[0] or j % strides[1]]
    last = tuple(n - 1 for n in z.shape)
    margin = tuple((p, p) for p in pads)
    rows = [
        [(f"X {size(X.shape)}, p = {_one(pads)}", np.pad(X, margin),
          {"window": (last[0] * strides[0], last[1] * strides[1], *w.shape, 1), "margin": margin}),
         ("w", w, {"role": "kernel"}), (f"z {size(z.shape)}", z, {"role": "output", "highlight": [last]})],
        [(f"x {size(x.shape)} spread, p′ = {_one(before)}", padded, {"window": (*at, *w.shape, 1), "margin": border, "hollow": inserted}),
         ("w turned", w[::-1, ::-1], {"role": "kernel"}), (f"y {size(y.shape)}", y, {"role": "output", "highlight": [at]})],
    ]
    cell = min(fit_row(row)[0] for row in rows)
    widths, bottoms = zip(*(draw_row(None, row, cell=cell) for row in rows))
    labels = (f"direct: stride {_one(strides)}", "transposed: stride 1, " + (_zeros([s - 1 for s in strides])))
    head = 0.36 / cell
    with canvas(max(widths), sum(bottoms) + 2 * head + 0.3 / cell, cell=cell) as (fig, ax):
        top = 0.0
        for label, row, bottom in zip(labels, rows, bottoms):
            write(ax, 0, top + head / 2, label, points=NOTE, role="muted", ha="left")
            draw_row(ax, row, top=top + head, symbols=("∗", "="))
            top += head + bottom + 0.3 / cell
    return fig


def fig_stamps(x, w, *, stride=1, columns=3):
    """Scatter: each number of x times the kernel, laid where it belongs; all of them added give y.

    Args:
        x: (h, w) numbers.
        w: kernel.
        stride: distance between the stamps.
        columns: stamps in one row.
    """
    x, w = array(x, 2, "x"), array(w, 2, "w")
    strides = pair(stride)
    y = ops.conv_transpose2d(x[None], w[None, None], stride=strides)[0]
    cells = list(np.ndindex(x.shape))
    high, wide = y.shape
    columns = min(columns, len(cells))
    rows_of = [cells[n:n + columns] for n in range(0, len(cells), columns)]
    gap, title, room = 1.4, 1.0, 1.0  # room: for the sign before a row
    total = room + columns * wide + (columns - 1) * gap
    cell = min(0.4, WIDTH / total)
    with canvas(max(total, room + wide), len(rows_of) * (high + title) + 0.5 + title + high, cell=cell) as (fig, ax):
        for r, row in enumerate(rows_of):
            for c, at in enumerate(row):
                one = np.zeros_like(x)
                one[at] = x[at]
                stamp = ops.conv_transpose2d(one[None], w[None, None], stride=strides)[0]
                left, top = room + c * (wide + gap), r * (high + title) + title
                write(ax, left + wide / 2, top - 0.5, f"x[{at[0]}, {at[1]}] · w = {number(x[at])} · w", weight="bold", points=NOTE)
                window = (at[0] * strides[0], at[1] * strides[1], *w.shape, 1)
                inside = {(window[0] + a, window[1] + b) for a, b in np.ndindex(w.shape)}
                empty = [at for at in np.ndindex(y.shape) if at not in inside]
                _draw_stamp(ax, stamp, (left, top), window, empty)
                if (r, c) != (0, 0):
                    write(ax, left - (gap if c else room) / 2, top + high / 2, "+", points=16, role="muted")
        top = len(rows_of) * (high + title) + 0.5 + title
        left = max(room, (total - wide) / 2)
        write(ax, left + wide / 2, top - 0.5, f"y {size(y.shape)}: the sum", weight="bold", points=NOTE)
        write(ax, left - gap / 2, top + high / 2, "=", points=16, role="muted")
        draw_grid(y, ax, role="output", origin=(left, top))
    return fig


def _draw_stamp(ax, stamp, origin, window, empty):
    """A stamp on an output that is otherwise untouched: its places in the kernel's colour, the others without numbers."""
    x0, y0 = origin
    points = fitting(stamp, 0.86 * ax.cell, TEXT)
    for i, j in np.ndindex(stamp.shape):
        touched = (i, j) not in empty
        box(ax, x0 + j, y0 + i, 1, 1, role="kernel" if touched else "output", fill=0.2 if touched else 0.06, edge="line")
        if touched:
            write(ax, x0 + j + 0.5, y0 + i + 0.5, number(stamp[i, j]), points=points)
    i, j, tall, wide, _ = window
    box(ax, x0 + j, y0 + i, wide, tall, role="kernel", lw=2.2, zorder=5)


def fig_conv_matrix(input_size, kernel_size, *, stride=1, padding=0, row=0, column=None):
    """The matrix C of a convolution with every entry written, read twice: along a row (direct), down a column (transposed).

    Args:
        input_size: (H, W) of X and of y.
        kernel_size, stride, padding: of the convolution.
        row: the row, an entry of z, that is outlined above.
        column: the column, an entry of y, that is outlined below; by default the one with the most entries, the first of these.
    """
    n, k = pair(input_size), pair(kernel_size)
    names = np.arange(1, k[0] * k[1] + 1).reshape(1, 1, *k)
    C = ops.conv_matrix(names, n, stride=pair(stride), padding=pair(padding))
    o = [conv_output_size(a, b, stride=s, padding=p) for a, b, s, p in zip(n, k, pair(stride), pair(padding))]
    column = int(np.argmax((C != 0).sum(axis=0))) if column is None else column
    rows, columns = C.shape
    left, head, foot = 1.5, 2.0, 0.6
    cell = min(0.4, WIDTH / (columns + left))
    with canvas(columns + left, 2 * (rows + head) + foot, cell=cell) as (fig, ax):
        for panel, (title, side, above, roles) in enumerate([("z = C X: each row gathers", "z", "X", ("output", "input")),
                                                             ("y = Cᵀ x: each column gathers what the rows scattered", "x", "y", ("input", "output"))]):
            top = panel * (rows + head + foot) + head
            write(ax, left, top - 1.45, title, weight="bold", ha="left")
            for j in range(columns):
                write(ax, left + j + 0.5, top - 0.45, _name(above, divmod(j, n[1])), points=8.5, role=roles[1])
            for i in range(rows):
                write(ax, left - 0.25, top + i + 0.5, _name(side, divmod(i, o[1])), points=8.5, role=roles[0], ha="right")
                for j in range(columns):
                    filled = C[i, j] != 0
                    box(ax, left + j, top + i, 1, 1, role="kernel" if filled else "line", fill=0.16 if filled else 0, edge="line", lw=0.6)
                    text = _name("w", divmod(int(C[i, j]) - 1, k[1])) if filled else "0"
                    write(ax, left + j + 0.5, top + i + 0.5, text, points=8.5, role="ink" if filled else "muted")
            if panel == 0:
                box(ax, left, top + row, columns, 1, role="output", lw=2.6, zorder=5)
            else:
                box(ax, left + column, top, 1, rows, role="output", lw=2.6, zorder=5)
    return fig


def fig_output_padding(k, stride, *, outputs=2):
    """Why a transposed convolution must be told its size: `stride` lengths that one convolution maps to the same number of outputs.

    Left, each length under the direct convolution, with the positions that it never reads drawn hollow; right, the way back,
    with the positions that output_padding adds drawn hollow.
    """
    least = stride * (outputs - 1) + k
    lengths = range(least, least + stride)
    widest = least + stride - 1
    gap, high, left = 5.6, 3.5, 1.4
    width = left + 2 * widest + gap
    cell = min(0.4, WIDTH / width)
    with canvas(width, 0.9 + high * len(lengths), cell=cell) as (fig, ax):
        write(ax, left + widest / 2, 0.3, f"direct, k = {k}, s = {stride}", weight="bold")
        write(ax, left + widest + gap + widest / 2, 0.3, "transposed", weight="bold")
        for row, n in enumerate(lengths):
            top = 1.0 + row * high
            o, back = conv_output_size(n, k, stride=stride), conv_transpose_output_size(outputs, k, stride=stride, output_padding=n - least)
            for side, (small, large) in enumerate([("output", "input"), ("input", "output")]):
                x = left + side * (widest + gap)
                for j in range(n if side == 0 else back):
                    lost = j >= least
                    box(ax, x + j + 0.08 * lost, top + 0.08 * lost, 1 - 0.16 * lost, 1 - 0.16 * lost, role="line" if lost else large,
                        fill=0 if lost else 0.12, edge="line", dashed=lost)
                for i in range(o if side == 0 else outputs):
                    middle = x + stride * i + k / 2
                    box(ax, middle - 0.5, top + 1.9, 1, 1, role=small, fill=0.3, edge="line")
                    for u in (0.5, k - 0.5):
                        ends = (x + stride * i + u, top + 1.05), (middle + 0.6 * (u - k / 2) / k, top + 1.85)
                        arrow(ax, *(ends if side == 0 else ends[::-1]), role="kernel", head=7)
            write(ax, left - 0.4, top + 0.5, str(n), ha="right", weight="bold")
            write(ax, left + widest + gap / 2, top + 0.5, f"output_padding {n - least}", points=NOTE, role="muted")
            write(ax, left + widest + gap / 2, top + 2.4, f"{n} → {o} → {back}", points=NOTE)
    return fig


def _output_padding(large, small, k, strides, pads):
    """What makes the transposed convolution of `small` as large as `large`."""
    return tuple(n - conv_transpose_output_size(m, taps, stride=s, padding=p) for n, m, taps, s, p in zip(large, small, k, strides, pads))


def _name(letter, place):
    return letter + "".join(str(index) for index in place).translate(SUBSCRIPT)


def _one(values):
    """One number where both axes agree: `2`, else `2, 1`."""
    return str(values[0]) if len(set(values)) == 1 else ", ".join(map(str, values))


def _zeros(counts):
    """How many zeros stand between two numbers, in words."""
    return f"{_one(counts)} {'zero' if max(counts) == 1 else 'zeros'} between" if max(counts) else "nothing between"
