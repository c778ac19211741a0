"""Taps that move: sampling grids, the four weights between pixels, where offsets come from, what two layers see, bins of a region."""

import numpy as np

from convbook.figures._draw import NOTE, TEXT, arrow, array, box, canvas, line, number, size, text_width, write
from convbook.figures.grids import draw_grid
from convbook.figures.images import draw_image
from convbook.figures.stacks import draw_stack


def dot(ax, x, y, radius=0.1, *, role="offset", hollow=False, zorder=5):
    """A round mark, filled or hollow."""
    from matplotlib.patches import Circle

    from convbook import theme

    colour = theme.LIGHT[role]
    return ax.add_patch(Circle((x, y), radius, facecolor=theme.LIGHT["paper"] if hollow else colour, edgecolor=colour, linewidth=1.2, zorder=zorder))


def fig_sampling_grids(grids, *, dilation=1, reach=3, notes=None, columns=4, side=1.55):
    """Where the nine taps of a 3 x 3 kernel look: hollow without offsets, filled with them, an arrow for each offset.

    Args:
        grids: {title: offsets (9, 2), dy then dx, in pixels}.
        dilation: of the plain grid.
        reach: pixels from the middle to each edge; taps beyond it are an error.
        notes: a line under each grid, or None.
        columns: grids in one row.
        side: of one grid, in inches.
    """
    grids = {title: np.asarray(offset, dtype=float).reshape(9, 2) for title, offset in grids.items()}
    base = np.array([(u, v) for u in (-1, 0, 1) for v in (-1, 0, 1)]) * dilation
    cells = 2 * reach + 1
    for title, offset in grids.items():
        if np.abs(base + offset).max() > reach + 0.5:
            raise ValueError(f"{title!r} has a tap {np.abs(base + offset).max():.2f} pixels from the middle; reach={reach} shows {reach + 0.5}")
    notes = list(notes) if notes is not None else [""] * len(grids)
    unit = side / cells
    room = max([side, *(text_width(t, TEXT, "bold") for t in grids), *(text_width(t, NOTE) for t in notes)])
    columns = min(columns, len(grids))
    rows = -(-len(grids) // columns)
    step_x, step_y = (room + 0.16) / unit, (side + 0.34 + (0.3 if any(notes) else 0.06)) / unit
    with canvas(columns * step_x - 0.16 / unit, rows * step_y, cell=unit) as (fig, ax):
        for k, ((title, offset), note) in enumerate(zip(grids.items(), notes)):
            x0, y0 = (k % columns) * step_x + (room - side) / 2 / unit, (k // columns) * step_y + 0.34 / unit
            write(ax, x0 + cells / 2, y0 - 0.18 / unit, title, weight="bold")
            for i in range(cells + 1):
                line(ax, [x0, x0 + cells], [y0 + i, y0 + i], role="padding", lw=0.6, zorder=1)
                line(ax, [x0 + i, x0 + i], [y0, y0 + cells], role="padding", lw=0.6, zorder=1)
            for (r, c), (dy, dx) in zip(base, offset):
                x, y = x0 + reach + 0.5 + c, y0 + reach + 0.5 + r
                if np.hypot(dy, dx) > 0.45:
                    short = 1 - 0.22 / np.hypot(dy, dx)  # the head ends at the dot's edge
                    arrow(ax, (x, y), (x + short * dx, y + short * dy), role="offset", lw=1.1, head=7, zorder=3)
                if np.hypot(dy, dx) > 0.05:
                    dot(ax, x, y, 0.14, role="muted", hollow=True, zorder=4)
                dot(ax, x + dx, y + dy, 0.2, role="input" if not offset.any() else "offset")
            if note:
                write(ax, x0 + cells / 2, y0 + cells + 0.17 / unit, note, points=NOTE, role="muted")
    return fig


def fig_bilinear(pixels, t, s):
    """One number between four pixels: each pixel weighs as much as the rectangle on the far side of the place.

    Args:
        pixels: (2, 2).
        t, s: how far below the upper pixels and to the right of the left ones the place lies, 0 to 1.
    """
    pixels = array(pixels, 2, "pixels")
    weights = np.outer([1 - t, t], [1 - s, s])
    value = float((weights * pixels).sum())
    L, left, top = 3.2, 1.9, 0.8  # the square that joins the pixels' centres
    exact = [f"{w:.4f}".rstrip("0").rstrip(".") for w in weights.ravel()]
    lines = [f"{w} · {number(v)}" for w, v in zip(exact, pixels.ravel())]
    with canvas(16.2, L + 1.6, cell=0.4) as (fig, ax):
        px, py = left + L * s, top + L * t
        # The area that is a pixel's weight lies at the opposite corner.
        for a in (0, 1):
            for b in (0, 1):
                x, y = (left, px)[1 - b], (top, py)[1 - a]
                wide, tall = (L * s, L * (1 - s))[1 - b], (L * t, L * (1 - t))[1 - a]
                box(ax, x, y, wide, tall, role="input", fill=0.08 + 0.14 * (a + b) / 2, edge="line")
                if wide > 0.9 and tall > 0.5:
                    write(ax, x + wide / 2, y + tall / 2, exact[2 * a + b], points=NOTE)
                cx, cy = left + L * b, top + L * a
                dot(ax, cx, cy, 0.16, role="input")
                write(ax, cx + (0.35 if b else -0.35), cy, number(pixels[a, b]), weight="bold", ha="left" if b else "right")
        dot(ax, px, py, 0.2)
        write(ax, left + L / 2, top - 0.45, f"s = {number(s)}", points=NOTE, role="muted")
        write(ax, left - 1.1, top + L / 2, f"t = {number(t)}", points=NOTE, role="muted")
        x = left + L + 2.2
        for k, (text, share) in enumerate(zip(lines, ("(1−t)(1−s)", "(1−t) s", "t (1−s)", "t s"))):
            write(ax, x, top + 0.1 + 0.75 * k, ("+ " if k else "   ") + text, ha="left")
            write(ax, x + 4.3, top + 0.1 + 0.75 * k, share, points=NOTE, role="muted", ha="left")
        write(ax, x, top + 0.1 + 3.05, f"= {number(round(value, 4))}", ha="left", weight="bold")
    return fig


def fig_offset_pipeline(channels, height, width, *, out_channels=None, kernel=3, groups=1, modulated=False):
    """Where offsets come from: a convolution beside the layer writes 2N numbers (with a mask 3N) for every position.

    Args:
        channels, height, width: of the input; stride 1, so that all three maps have one size.
        out_channels: of the output; as many as the input by default.
        kernel: side of the kernel; N is its square.
        groups: deformable groups.
        modulated: whether there is a mask.
    """
    N = kernel * kernel
    count = (3 if modulated else 2) * N * groups
    D = out_channels or channels
    formula = f"{'3' if modulated else '2'} · {N}" + (f" · {groups}" if groups > 1 else "")
    with canvas(17.2, 8.6, cell=0.38) as (fig, ax):
        def stack(x, y, many, role, title, note):
            wide, tall = draw_stack(ax, min(many, 4), 2.2, 3.0, role=role, origin=(x, y), shift=(0.2, 0.2))
            write(ax, x + wide / 2, y - 0.55, title, weight="bold")
            if note:
                write(ax, x + wide / 2, y + tall + 0.45, note, points=NOTE, role="muted")
            return x + wide, y + tall / 2

        right, middle = stack(0.2, 4.7, channels, "input", "input", size((channels, height, width)))
        field_right, field_y = stack(6.9, 0.9, count, "offset", "offset field" + (" and mask" if modulated else ""), "")
        arrow(ax, (right + 0.2, middle - 0.5), (6.6, field_y + 0.4))
        write(ax, 3.6, 2.2, f"convolution {kernel} × {kernel}", points=NOTE)
        write(ax, 3.6, 2.8, f"to {formula} = {count} channels", points=NOTE, role="muted")
        order = [size((count, height, width)), "dy, dx of tap 0, dy, dx of tap 1, …", f"… dy, dx of tap {N - 1}"]
        order += [f"then {N * groups} masks, by a sigmoid"] if modulated else []
        for row, words in enumerate(order):
            write(ax, field_right + 0.4, field_y - 0.8 + 0.65 * row, words, points=NOTE, ha="left", role="ink" if row else "muted")
        box(ax, 7.2, 5.1, 3.4, 2.0, role="kernel", fill=0.12, lw=1.4)
        write(ax, 8.9, 5.75, "deformable", weight="bold")
        write(ax, 8.9, 6.45, f"convolution {kernel} × {kernel}", points=NOTE)
        arrow(ax, (right + 0.2, middle + 0.2), (7.05, middle + 0.2))
        arrow(ax, (8.9, 4.3), (8.9, 5.0), role="offset")
        arrow(ax, (10.75, middle + 0.2), (12.3, middle + 0.2))
        stack(12.6, 4.7, D, "output", "output", size((D, height, width)))
    return fig


def fig_two_layer_fields(image, fields, *, side=2.1, at=None):
    """What one output of two 3 x 3 layers reads: 9 places, and for each of them 9 more, on the picture.

    Args:
        image: (H, W), drawn grey.
        fields: {title: (first (9, 2), second (81, 2))}, rows and columns in pixels of the image.
        side: of one picture, in inches.
        at: (row, column) of the output, marked; or None.
    """
    image = array(image, 2, "image")
    H, W = image.shape
    unit, gap, head = side / W, 0.25, 0.36
    with canvas(len(fields) * (side + gap) - gap, H * unit + head, cell=1.0) as (fig, ax):
        for k, (title, (first, second)) in enumerate(fields.items()):
            x0, y0 = k * (side + gap), head
            write(ax, x0 + side / 2, 0.16, title, weight="bold")
            draw_image(image, ax, origin=(x0, y0), side=side, cmap="gray", limits=(0, 1))

            def shown(places):
                places = np.asarray(places, dtype=float)
                inside = (places > -0.5) & (places < np.array([H, W]) - 0.5)
                return places[inside.all(axis=1)]

            for places, radius, role in ((second, 0.022, "kernel"), (first, 0.036, "input")):
                for r, c in shown(places):
                    mark = dot(ax, x0 + (c + 0.5) * unit, y0 + (r + 0.5) * unit, radius, role=role, zorder=5 if role == "kernel" else 6)
                    mark.set(edgecolor="#fefefe", linewidth=0.5)
            if at is not None:
                box(ax, x0 + at[1] * unit, y0 + at[0] * unit, unit, unit, role="output", lw=2.2, zorder=7)
    return fig


def fig_taps_on_images(images, taps, places, titles=None, *, masks=None, side=1.5, columns=4):
    """Where the taps of a trained layer look, on each picture.

    Args:
        images: each (H, W), drawn grey.
        taps: for each image (9, 2): rows and columns in pixels of that image; those outside it are left out.
        places: for each image (row, column): the output's place.
        titles: one an image.
        masks: for each image (9,): dots are as large as the masks; or None.
        side, columns: inches of a picture, pictures in a row.
    """
    titles = list(titles or [""] * len(images))
    H, W = np.shape(images[0])
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    unit, gap, head = side / W, 0.14, 0.3 if any(titles) else 0.0
    step_y = H * unit + head + 0.12
    room = max([side] + [text_width(t, NOTE) for t in titles])
    with canvas(columns * (room + gap) - gap, rows * step_y - 0.12, cell=1.0) as (fig, ax):
        for k, (image, where, (r0, c0), title) in enumerate(zip(images, taps, places, titles)):
            x0, y0 = (k % columns) * (room + gap) + (room - side) / 2, (k // columns) * step_y + head
            if title:
                write(ax, x0 + side / 2, y0 - 0.15, title, points=NOTE)
            draw_image(image, ax, origin=(x0, y0), side=side, cmap="gray", limits=(0, 1))
            share = np.ones(9) if masks is None else np.asarray(masks[k])
            for (r, c), m in zip(where, share):
                if 0 <= r <= H - 1 and 0 <= c <= W - 1:
                    dot(ax, x0 + (c + 0.5) * unit, y0 + (r + 0.5) * unit, 0.055 * np.sqrt(m), role="kernel", zorder=6).set(edgecolor="#fefefe", linewidth=0.8)
            dot(ax, x0 + (c0 + 0.5) * unit, y0 + (r0 + 0.5) * unit, 0.05, role="output", zorder=5).set(edgecolor="#fefefe", linewidth=0.8)
    return fig


def _dashes(first, last):
    """Dashes over the edges of the cells from first to last, so that a cut leaves their numbers free."""
    return [(max(first, edge - 0.22), min(last, edge + 0.22)) for edge in range(first, last + 1)]


def fig_roi_bins(x, roi, bins, *, bin=(0, 0)):
    """A region of a map, where it is cut into bins, what one bin covers, and the averages.

    Args:
        x: (H, W).
        roi: (x1, y1, x2, y2), whole numbers.
        bins: (o_h, o_w).
        bin: the one whose cover is marked.
    """
    from convbook import ops

    x = array(x, 2, "x")
    x1, y1, x2, y2 = roi
    (o_h, o_w), (i, j), h, w = bins, bin, y2 - y1, x2 - x1
    pooled = ops.deform_roi_pool2d(x[None], [[0, *roi]], bins)[0, 0]
    H, W = x.shape
    rows = int(np.floor(i * h / o_h)), int(np.ceil((i + 1) * h / o_h))
    columns = int(np.floor(j * w / o_w)), int(np.ceil((j + 1) * w / o_w))
    middle = W + 2.6
    with canvas(middle + max(o_w * 1.6, 3.4), max(H, o_h * 1.2) + 0.9, cell=0.42) as (fig, ax):
        write(ax, W / 2, 0.42, f"map {size(x.shape)}", weight="bold")
        draw_grid(x, ax, origin=(0, 0.85))
        box(ax, x1, 0.85 + y1, w, h, role="ink", lw=2.6, zorder=5)
        for k in range(1, o_h):
            for ends in _dashes(x1, x2):
                line(ax, ends, [0.85 + y1 + k * h / o_h] * 2, role="ink", lw=1.2, zorder=4)
        for k in range(1, o_w):
            for ends in _dashes(y1, y2):
                line(ax, [x1 + k * w / o_w] * 2, [0.85 + end for end in ends], role="ink", lw=1.2, zorder=4)
        box(ax, x1 + columns[0], 0.85 + y1 + rows[0], columns[1] - columns[0], rows[1] - rows[0], role="offset", fill=0.18, lw=2.2, zorder=6)
        arrow(ax, (W + 0.4, 0.85 + H / 2), (middle - 0.5, 0.85 + H / 2))
        write(ax, middle + o_w * 0.8, 0.42, f"{size(bins)} bins", weight="bold")
        for a in range(o_h):
            for b in range(o_w):
                cx, cy = middle + 1.6 * b, 0.85 + H / 2 - o_h * 0.6 + 1.2 * a
                here = (a, b) == tuple(bin)
                box(ax, cx, cy, 1.6, 1.2, role="output", fill=0.3 if here else 0.12, edge="offset" if here else "line", lw=2.2 if here else 0.8, zorder=4 if here else 2)
                write(ax, cx + 0.8, cy + 0.6, number(pooled[a, b]))
    return fig
