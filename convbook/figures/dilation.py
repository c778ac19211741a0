"""Dilation drawn: taps that stand apart, where the zeros go, and an image split into phases."""

import numpy as np

from convbook import ops
from convbook.figures._draw import NOTE, TEXT, array, box, canvas, size, text_width, write
from convbook.figures.grids import draw_row, fit_row


def span(k, d):
    """Positions from a kernel's first tap to its last, both counted."""
    return d * (k - 1) + 1


def fig_taps(k=3, rates=(1, 2, 4), *, width=6.6):
    """The same k x k taps at several dilations, each in the square that it spans, all to one scale.

    Args:
        k: taps on each side.
        rates: dilations, one square each.
        width: of the figure, in inches.
    """
    spans = [span(k, d) for d in rates]
    gap = 1.5
    titles = [f"d = {d}: spans {s} × {s}" for d, s in zip(rates, spans)]
    unit = 0.3
    for _ in range(8):
        rooms = [max(s, text_width(t, TEXT, "bold") / unit) for s, t in zip(spans, titles)]
        total = sum(rooms) + gap * (len(rates) - 1)
        if total * unit <= width:
            break
        unit *= 0.98 * width / (total * unit)
    tall = max(spans)
    with canvas(total, tall + 2.2, cell=unit) as (fig, ax):
        x = 0.0
        for d, s, room, title in zip(rates, spans, rooms, titles):
            left, top = x + (room - s) / 2, 1.1 + (tall - s) / 2
            write(ax, x + room / 2, top - 0.6, title, weight="bold")
            for i, j in np.ndindex(s, s):
                tap = i % d == 0 and j % d == 0
                box(ax, left + j, top + i, 1, 1, role="input", fill=0 if not tap else 0.08, edge="line", lw=0.5)
                if tap:
                    box(ax, left + j + 0.1, top + i + 0.1, 0.8, 0.8, role="kernel", fill=0.65, lw=1.0, zorder=3)
            box(ax, left, top, s, s, role="kernel", lw=2.2, zorder=4)
            write(ax, x + room / 2, top + s + 0.55, f"{k * k} weights, {s * s - k * k} skipped", points=NOTE, role="muted")
            x += room + gap
    return fig


def stuffed(w, d):
    """The kernel with d - 1 zeros between its taps, and the places of these zeros."""
    w = array(w, 2, "w")
    wide = np.zeros([span(k, d) for k in w.shape], dtype=w.dtype)
    wide[::d, ::d] = w
    return wide, [(i, j) for i, j in np.ndindex(wide.shape) if i % d or j % d]


def fig_where_zeros_go(x, w, small, *, d=2, at=(0, 0)):
    """Zeros between the taps of the kernel (dilation d), above; zeros between the numbers of the input (stride 1/d), below.

    Args:
        x: input of the dilated convolution, (H, W).
        w: the kernel of both, (k_h, k_w).
        small: input of the fractionally strided one, (h, w).
        d: the dilation, and the step of the inserted zeros.
        at: the output cell that both windows compute.
    """
    x, w, small = array(x, 2, "x"), array(w, 2, "w"), array(small, 2, "small")
    wide, between = stuffed(w, d)
    y = ops.conv2d(x[None], w[None, None], dilation=d)[0]
    spread, inserted = stuffed(small, d)
    margin = tuple((k - 1, k - 1) for k in w.shape)
    padded = np.pad(spread, margin)
    inserted = [(i + margin[0][0], j + margin[1][0]) for i, j in inserted]
    up = ops.conv_transpose2d(small[None], w[None, None], stride=d)[0]
    rows = [
        (f"dilation {d}: zeros in the kernel; it skips numbers of the input",
         [(f"input {size(x.shape)}", x, {"window": (*at, *w.shape, d)}),
          (f"kernel {size(w.shape)}, spread", wide, {"role": "kernel", "hollow": between}),
          (f"output {size(y.shape)}", y, {"role": "output", "highlight": [at]})]),
        (f"stride 1/{d}: zeros in the input; the kernel stays whole",
         [(f"input {size(small.shape)}, spread, padded", padded, {"window": (*at, *w.shape, 1), "margin": margin, "hollow": inserted}),
          ("kernel, turned", w[::-1, ::-1], {"role": "kernel"}),
          (f"output {size(up.shape)}", up, {"role": "output", "highlight": [at]})]),
    ]
    cell = min(fit_row(row)[0] for _, row in rows)
    widths, bottoms = zip(*(draw_row(None, row, cell=cell) for _, row in rows))
    head = 0.36 / cell
    with canvas(max(*widths, *(text_width(t, NOTE) / cell for t, _ in rows)), sum(bottoms) + 2 * head + 0.3 / cell, cell=cell) as (fig, ax):
        top = 0.0
        for (label, row), bottom in zip(rows, bottoms):
            write(ax, 0, top + head / 2, label, points=NOTE, role="muted", ha="left")
            draw_row(ax, row, top=top + head, symbols=("∗", "="))
            top += head + bottom + 0.3 / cell
    return fig


def fig_phases(x, w, *, d=2, phase=(0, 1)):
    """The à trous identity: an image split into d x d phases, each convolved with the dense kernel, and put together again.

    Args:
        x: (H, W).
        w: kernel, (k_h, k_w).
        d: dilation.
        phase: (row, column) of the phase whose numbers are outlined in the image and in the result.
    """
    x, w = array(x, 2, "x"), array(w, 2, "w")
    y = ops.conv2d(x[None], w[None, None], dilation=d)[0]
    parts = {(a, b): x[a::d, b::d] for a in range(d) for b in range(d)}
    results = {at: ops.conv2d(part[None], w[None, None])[0] for at, part in parts.items()}
    mine = lambda grid: [(i, j) for i, j in np.ndindex(grid.shape) if (i % d, j % d) == phase]
    every = lambda grid: list(np.ndindex(grid.shape))
    rows = [[(f"input {size(x.shape)}", x, {"highlight": mine(x)}), (f"output at dilation {d}", y, {"role": "output", "highlight": mine(y)})],
            [(f"phase {a}, {b}", part, {"highlight": every(part) if (a, b) == phase else ()}) for (a, b), part in parts.items()],
            [(f"phase {a}, {b}", result, {"role": "output", "highlight": every(result) if (a, b) == phase else ()})
             for (a, b), result in results.items()]]
    notes = ("one convolution with dilation", "the input split: every second row and column", "each phase with the dense kernel: the outputs, split alike")
    cell = min(fit_row(row)[0] for row in rows)
    widths, bottoms = zip(*(draw_row(None, row, cell=cell) for row in rows))
    head = 0.34 / cell
    with canvas(max(*widths, *(text_width(t, NOTE) / cell for t in notes)), sum(bottoms) + 3 * head + 0.5 / cell, cell=cell) as (fig, ax):
        top = 0.0
        for note, row, bottom in zip(notes, rows, bottoms):
            write(ax, 0, top + head / 2, note, points=NOTE, role="muted", ha="left")
            draw_row(ax, row, top=top + head, symbols=("→",) if row is rows[0] else ())
            top += head + bottom + 0.25 / cell
    return fig
