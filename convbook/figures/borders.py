"""What happens at the border: padding modes, valid, same and full, and the stride that leaves columns unseen."""

import numpy as np

from convbook.figures._draw import NOTE, TEXT, array, box, canvas, line, number, size, text_width, write
from convbook.figures.grids import draw_grid, draw_row, fit_row, pair

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def fig_padding_modes(x, padding, *, modes=tuple(MODES)):
    """The same numbers under each padding mode; what the mode made up is hatched.

    Args:
        x: (W,) one row, or (H, W) a grid.
        padding: cells added on each side, smaller than every side of `x` (or reflect has nothing to mirror).
        modes: which of "zeros", "reflect", "replicate", "circular", in this order.
    """
    x = np.asarray(x)
    if x.ndim not in (1, 2):
        raise ValueError(f"x must be a row (W,) or a grid (H, W), got shape {x.shape}")
    if not 0 <= padding < min(x.shape):
        raise ValueError(f"padding={padding} must be at least 0 and smaller than every side of x, whose shape is {x.shape}")
    if unknown := set(modes) - set(MODES):
        raise ValueError(f"modes={modes} holds {sorted(unknown)[0]!r}, which is none of {', '.join(MODES)}")
    padded = {mode: np.pad(x, padding, mode=MODES[mode]) for mode in modes}
    if x.ndim == 1:
        label = max(text_width(mode) for mode in modes) / 0.4 + 0.4
        with canvas(label + len(x) + 2 * padding, 1.35 * len(modes) - 0.35) as (fig, ax):
            for row, mode in enumerate(modes):
                write(ax, label - 0.4, 1.35 * row + 0.5, mode, ha="right")
                draw_grid(padded[mode][None], ax, origin=(label, 1.35 * row), margin=((0, 0), (padding, padding)), numbers=True)
        return fig
    height, width = x.shape[0] + 2 * padding, x.shape[1] + 2 * padding
    columns = min(2, len(modes))
    rows = -(-len(modes) // columns)
    with canvas(columns * (width + 1) - 1, rows * (height + 1.2) - 0.25, cell=0.33) as (fig, ax):
        for k, mode in enumerate(modes):
            x0, y0 = (k % columns) * (width + 1), (k // columns) * (height + 1.2)
            write(ax, x0 + width / 2, y0 + 0.4, mode, weight="bold")
            draw_grid(padded[mode], ax, origin=(x0, y0 + 0.85), margin=((padding, padding),) * 2, numbers=True)
    return fig


def fig_same_valid_full(x, w):
    """Valid, same and full padding of one row: which windows there are, and how long the output becomes.

    Args:
        x: input row, (n,).
        w: kernel, (k,). "same" puts the odd zero of an even kernel after the row, as PyTorch does.

    The outputs are computed with `convbook.ops.conv1d`; each stands under the middle of its window.
    """
    from convbook import ops
    from convbook.shapes import same_padding

    x, w = array(x, 1, "x"), array(w, 1, "w")
    n, k = len(x), len(w)
    pads = {"valid": (0, 0), "same": same_padding(n, k), "full": (k - 1, k - 1)}
    formulas = {"valid": f"{n} − {k} + 1 =", "same": "", "full": f"{n} + {k} − 1 ="}
    label, pitch = text_width("valid", TEXT, "bold") / 0.4 + 0.5, 3.35
    right = label + n + 2 * (k - 1) + 0.5
    heads = [f"kernel {', '.join(number(v) for v in w)}"]
    note = max(text_width(f"{f} {n + k - 1} outputs", NOTE) for f in formulas.values()) / 0.4
    with canvas(right + note, 0.8 + 3 * pitch - 0.75) as (fig, ax):
        write(ax, label + k - 1 + n / 2, 0.3, f"input of {n}, {heads[0]}", weight="bold")
        for row, (mode, (before, after)) in enumerate(pads.items()):
            y0, x0 = 0.95 + pitch * row, label + k - 1 - before
            padded = np.pad(x, (before, after))
            output = ops.conv1d(padded[None], w[None, None])[0]
            write(ax, 0, y0 + 0.5, mode, weight="bold", ha="left")
            draw_grid(padded[None], ax, origin=(x0, y0), margin=((0, 0), (before, after)), numbers=True)
            shift = x0 + (k - 1) / 2
            draw_grid(output[None], ax, role="output", origin=(shift, y0 + 1.5), numbers=True)
            for first, style in ((0, False), (len(output) - 1, True)):
                box(ax, x0 + first, y0, k, 1, role="kernel", lw=2.4, dashed=style, zorder=5)
                for edge, place in ((0, 0), (k, 1)):
                    line(ax, [x0 + first + edge, shift + first + place], [y0 + 1, y0 + 1.5], role="kernel", lw=0.8, dashed=style)
            write(ax, right, y0 + 0.5, f"padding {before}" if before == after else f"padding {before} and {after}", points=NOTE, role="muted", ha="left")
            write(ax, right, y0 + 2.0, f"{formulas[mode]} {len(output)} outputs".strip(), points=NOTE, ha="left")
    return fig


def fig_stride_remainder(x, w, *, stride=2):
    """A stride that does not fit: the last rows and columns that no window reaches stay hollow.

    Args:
        x: input, (H, W).
        w: kernel, (k_h, k_w).
        stride: one int or one an axis.

    A dot marks where each window starts, the outline is the last window; the output is computed with `convbook.ops.conv2d`.
    """
    from convbook import ops

    x, w = array(x, 2, "x"), array(w, 2, "w")
    steps = pair(stride)
    y = ops.conv2d(x[None], w[None, None], stride=stride)[0]
    last = [s * (o - 1) for s, o in zip(steps, y.shape)]
    ends = [a + k for a, k in zip(last, w.shape)]
    hollow = [(i, j) for i in range(x.shape[0]) for j in range(x.shape[1])
              if i >= ends[0] or j >= ends[1] or i % steps[0] >= w.shape[0] or j % steps[1] >= w.shape[1]]
    blocks = [
        (f"input {size(x.shape)}", x, {"window": (*last, *w.shape, 1), "hollow": hollow}),
        (f"kernel {size(w.shape)}", w, {"role": "kernel"}),
        (f"output {size(y.shape)}", y, {"role": "output", "highlight": [tuple(o - 1 for o in y.shape)]}),
    ]
    lines = []
    for axis, n, k, s, o, end in zip(("rows", "columns"), x.shape, w.shape, steps, y.shape, ends):
        unseen = n - end + max(0, s - k) * (o - 1)  # after the last window, and between windows that do not touch
        place = "" if s > k else "the last "
        verdict = f"{place}{unseen} {'is' if unseen == 1 else 'are'} never seen" if unseen else "every one is seen"
        lines.append(f"{axis}, stride {s}: ⌊({n} − {k}) / {s}⌋ + 1 = {o}, remainder {(n - k) % s}: {verdict}")
    cell, width, bottom = fit_row(blocks)
    width = max(width, max(text_width(text) for text in lines) / cell)
    step_y = 0.25 / cell
    with canvas(width, bottom + 0.16 / cell + step_y * len(lines), cell=cell) as (fig, ax):
        _, bottom = draw_row(ax, blocks, symbols=("∗", "="))
        top = bottom - x.shape[0]
        left = max(0, (text_width(blocks[0][0], TEXT, "bold") / cell - x.shape[1]) / 2)
        for i in range(y.shape[0]):
            for j in range(y.shape[1]):
                ax.plot(left + j * steps[1] + 0.16, top + i * steps[0] + 0.16, "o", ms=3.2, color=box_colour(), zorder=7)
        for k, text in enumerate(lines):
            write(ax, 0, bottom + 0.28 / cell + step_y * k, text, ha="left")
    return fig


def box_colour():
    """The kernel's colour, for marks that matplotlib draws itself."""
    from convbook.theme import LIGHT

    return LIGHT["kernel"]
