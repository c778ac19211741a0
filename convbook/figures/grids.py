"""Grids of numbers, and one step of a convolution: the window, the kernel, the output and the sum between them."""

import numpy as np

from convbook.figures._draw import CELL, NOTE, TEXT, WIDTH, array, box, canvas, cell_inches, factor, fitting, number, size, text_width, write, write_runs

HATCH = "/////"


def pair(value):
    """One int or two, as two ints."""
    return (int(value),) * 2 if np.ndim(value) == 0 else tuple(int(v) for v in value)


def draw_grid(values, ax, *, role="input", origin=(0, 0), margin=((0, 0), (0, 0)), window=None, highlight=(), muted=False,
              hollow=(), numbers=None, points=TEXT, fill=0.12):
    """Draw a matrix cell by cell, row 0 on top, with its numbers.

    Args:
        values: (H, W) numbers, padding included.
        ax: an axis of `canvas`, one unit a cell.
        role: whose colour: "input", "kernel", "output", ...
        origin: (x, y) of the upper left corner, in cells.
        margin: ((top, bottom), (left, right)): how many of the outer rows and columns are padding; these are hatched.
        window: (row, column, taps high, taps wide, dilation): its outline is thick, its taps are filled in the kernel's
            colour, and the cells that a dilated kernel skips stay hollow.
        highlight: cells (row, column) with a thick outline in this grid's own colour.
        hollow: cells (row, column) drawn empty with a dashed edge: no window reaches them.
        numbers: write the numbers; by default where no side is longer than 10.
    """
    values = array(values, 2, "values")
    height, width = values.shape
    (top, bottom), (left, right) = margin
    x0, y0 = origin
    taps = _taps(window)
    hollow = {tuple(map(int, cell)) for cell in hollow}
    points = fitting(values, 0.86 * cell_inches(ax), points)
    for i in range(height):
        for j in range(width):
            padded = i < top or i >= height - bottom or j < left or j >= width - right
            if (i, j) in taps:
                if padded:
                    box(ax, x0 + j, y0 + i, 1, 1, role="padding", hatch=HATCH, edge="padding", lw=0.6, zorder=1)
                box(ax, x0 + j, y0 + i, 1, 1, role="kernel", fill=0.2, edge="line", zorder=2)
            elif padded:
                box(ax, x0 + j, y0 + i, 1, 1, role="padding", hatch=HATCH, edge="padding", lw=0.6)
            elif (i, j) in hollow:
                box(ax, x0 + j + 0.08, y0 + i + 0.08, 0.84, 0.84, role="line", dashed=True)
            else:
                skipped = window is not None and _inside(window, i, j)
                box(ax, x0 + j, y0 + i, 1, 1, role=role, fill=0 if skipped else fill, edge="line")
            if numbers or (numbers is None and max(height, width) <= 10):
                quiet = (padded and (i, j) not in taps) or (i, j) in hollow or muted
                write(ax, x0 + j + 0.5, y0 + i + 0.5, number(values[i, j]), points=points, role="muted" if quiet else "ink")
    if window is not None:
        i, j, tall, wide, step = window
        box(ax, x0 + j, y0 + i, step * (wide - 1) + 1, step * (tall - 1) + 1, role="kernel", lw=2.6, zorder=5)
    for i, j in highlight:
        box(ax, x0 + j, y0 + i, 1, 1, role=role, fill=0.3, lw=2.6, zorder=4)


def _taps(window):
    if window is None:
        return set()
    i, j, tall, wide, step = window
    return {(i + step * a, j + step * b) for a in range(tall) for b in range(wide)}


def _inside(window, i, j):
    top, left, tall, wide, step = window
    return top <= i <= top + step * (tall - 1) and left <= j <= left + step * (wide - 1)


def draw_row(ax, blocks, *, top=0.0, symbols=(), gap=1.3, cell=CELL):
    """Grids side by side, each centred under its title: `blocks` holds (title, values, options of `draw_grid`).

    Returns (width, bottom) in cells; with `ax=None` nothing is drawn and only the room is measured, for cells of `cell` inches.
    """
    unit = cell_inches(ax) if ax is not None else cell
    tallest = max(np.shape(values)[0] for _, values, _ in blocks)
    x = 0.0
    for k, (title, values, options) in enumerate(blocks):
        height, width = np.shape(values)
        room = max(width, text_width(title, TEXT, "bold") / unit)
        middle, y = x + room / 2, top + 0.85 + (tallest - height) / 2
        if ax is not None:
            write(ax, middle, y - 0.42, title, weight="bold")
            draw_grid(values, ax, origin=(middle - width / 2, y), **options)
            if k < len(symbols):
                write(ax, x + room + gap / 2, top + 0.85 + tallest / 2, symbols[k], points=18, role="muted")
        x += room + gap
    return x - gap, top + 0.85 + tallest


def fit_row(blocks):
    """The size of cells, in inches, at which a row of grids is no wider than a page; and its width and bottom in cells."""
    cell = CELL
    for _ in range(8):
        width, bottom = draw_row(None, blocks, cell=cell)
        if width * cell <= WIDTH:
            break
        cell *= 0.98 * WIDTH / (width * cell)
    return cell, width, bottom


def sum_runs(taps, weights, result, *, name="y", bias=None):
    """The lines of a weighted sum, one list of terms a kernel row: the window's numbers in the input's colour, weights in the kernel's."""
    lines = []
    for a, (row, row_w) in enumerate(zip(taps, weights)):
        runs = [(f"{name} = " if a == 0 else " + ", "ink")]
        for b, (value, weight) in enumerate(zip(row, row_w)):
            runs += [(" + ", "muted")] if b else []
            runs += [(factor(value), "input"), ("·", "muted"), (factor(weight), "kernel")]
        lines.append(runs)
    lines.append(([(f" + {factor(bias)}", "kernel")] if bias is not None else []) + [(" = ", "ink"), (number(result), "ink")])
    return lines


def pack(lines, room, points=TEXT):
    """Join lines of runs as long as they fit in `room` inches; each new line is indented a little."""
    def wide(runs):
        return sum(text_width(text, points) for text, _ in runs)

    packed = [list(lines[0])]
    for runs in lines[1:]:
        if wide(packed[-1]) + wide(runs) <= room:
            packed[-1] += runs
        else:
            packed.append([("     ", "ink"), *runs])
    return packed


def fig_convolution_step(x, w, output=None, *, at=(0, 0), stride=1, padding=0, dilation=1, padding_mode="zeros"):
    """One step of a convolution with one channel: the input with its window, the kernel, the output, and the sum written out.

    Args:
        x: input, (H, W).
        w: kernel, (k_h, k_w).
        output: (H_out, W_out) to show; computed with `convbook.ops.conv2d` if left out.
        at: the output cell (row, column) that this step computes.
        stride, padding, dilation, padding_mode: as in `conv2d`; padded cells are hatched, skipped ones hollow.

    Raises:
        ValueError: `at` lies outside the output.
    """
    x, w = array(x, 2, "x"), array(w, 2, "w")
    (stride_h, stride_w), pads, (step, step_w) = pair(stride), pair(padding), pair(dilation)
    if step != step_w:
        raise ValueError(f"dilation={dilation} must be the same along both axes in this figure")
    if output is None:
        from convbook import ops

        output = ops.conv2d(x[None], w[None, None], stride=stride, padding=padding, dilation=dilation, padding_mode=padding_mode)[0]
    output = array(output, 2, "output")
    i, j = at
    if not (0 <= i < output.shape[0] and 0 <= j < output.shape[1]):
        raise ValueError(f"at={at} must lie inside the output of shape {output.shape}")
    mode = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}[padding_mode]
    padded = np.pad(x, [(p, p) for p in pads], mode=mode)
    window = (i * stride_h, j * stride_w, *w.shape, step)
    taps = padded[window[0]:window[0] + step * (w.shape[0] - 1) + 1:step, window[1]:window[1] + step * (w.shape[1] - 1) + 1:step]

    blocks = [
        (f"input {size(x.shape)}" + (f", padding {size(sorted(set(pads)))}" if any(pads) else ""), padded, {"window": window, "margin": tuple((p, p) for p in pads)}),
        (f"kernel {size(w.shape)}", w, {"role": "kernel"}),
        (f"output {size(output.shape)}", output, {"role": "output", "highlight": [at]}),
    ]
    cell, width, bottom = fit_row(blocks)
    lines = pack(sum_runs(taps, w, output[i, j], name=f"output[{i}, {j}]"), max(width * cell, 4.8))
    width = max(width, max(sum(text_width(text, TEXT) for text, _ in runs) for runs in lines) / cell)
    step_y = 0.25 / cell
    with canvas(width, bottom + 0.18 / cell + step_y * len(lines), cell=cell) as (fig, ax):
        draw_row(ax, blocks, symbols=("∗", "="))
        for k, runs in enumerate(lines):
            write_runs(ax, 0, bottom + 0.3 / cell + step_y * k, runs)
    return fig


def fig_grid(values, *, role="input", title="", note="", **options):
    """One matrix with its numbers, a title above and a note below; options as in `draw_grid`."""
    values = array(values, 2, "values")
    width = max(values.shape[1], text_width(title, TEXT, "bold") / 0.4, text_width(note, NOTE) / 0.4)
    top = 0.85 if title else 0
    with canvas(width, values.shape[0] + top + (0.7 if note else 0)) as (fig, ax):
        if title:
            write(ax, width / 2, 0.42, title, weight="bold")
        draw_grid(values, ax, role=role, origin=((width - values.shape[1]) / 2, top), **options)
        if note:
            write(ax, width / 2, top + values.shape[0] + 0.42, note, points=NOTE, role="muted")
    return fig
