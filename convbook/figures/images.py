"""Arrays as pictures: photographs, digits, and heatmaps with or without a sign."""

import numpy as np
from matplotlib import colormaps

from convbook import theme
from convbook.figures._draw import NOTE, TEXT, canvas, number, on_colour, text_width, write


def draw_image(values, ax, *, origin=(0, 0), side=1.0, limits=None, signed=False, cmap=None, numbers=False, points=NOTE):
    """Paint one picture, `side` units wide, its upper left corner at `origin`.

    Args:
        values: (H, W) numbers, or (3, H, W) colours in [0, 1].
        limits: the numbers at the two ends of the colours.
        signed: use the diverging colours; otherwise magnitudes, cividis.
        cmap: another colormap, for example "gray" for a photograph.
        numbers: write the numbers into the cells, dark or light, whichever reads better.
    """
    values = np.asarray(values)
    height, width = values.shape[-2:]
    x, y = origin
    unit = side / width
    if values.ndim == 3:
        picture = np.clip(np.moveaxis(values, 0, -1), 0, 1)
    else:
        low, high = limits or (float(values.min()), float(values.max()))
        colours = theme.signed_colormap() if signed else colormaps[cmap or "cividis"]
        picture = colours(np.clip((values - low) / ((high - low) or 1), 0, 1))[..., :3]
    box = ax.get_xlim(), ax.get_ylim()
    if height * width <= 40 * 40:
        # Few cells are drawn as shapes: an enlarged bitmap would blur in a browser.
        edges = x + unit * np.arange(width + 1), y + unit * np.arange(height + 1)
        ax.pcolormesh(*edges, picture, edgecolors="face", linewidth=0.25, zorder=2)
    else:
        ax.imshow(picture, extent=(x, x + side, y + unit * height, y), interpolation="none", zorder=2)
    ax.set(xlim=box[0], ylim=box[1], aspect="equal")
    if numbers:
        for i in range(height):
            for j in range(width):
                ax.text(x + unit * (j + 0.5), y + unit * (i + 0.5), number(values[i, j]), color=on_colour(picture[i, j]), fontsize=points,
                        ha="center", va="center_baseline", zorder=4)


def draw_scale(ax, *, origin, length, labels, signed=False, height=0.12):
    """A strip of the colours with a label at its left, middle and right, written under it. One unit is one inch."""
    colours = theme.signed_colormap() if signed else colormaps["cividis"]
    x, y = origin
    box = ax.get_xlim(), ax.get_ylim()
    strip = colours(np.linspace(0, 1, 64))[None, :, :3]
    ax.pcolormesh(x + length * np.linspace(0, 1, 65), [y, y + height], strip, edgecolors="face", linewidth=0.8, zorder=2)
    ax.set(xlim=box[0], ylim=box[1])
    for place, text, ha in zip((0, 0.5, 1), labels, ("left", "center", "right")):
        write(ax, x + length * place, y + height + 0.15, text, points=NOTE, role="muted", ha=ha)


def _rows(images, titles, columns, side, foot):
    """Where each picture stands: its left, its top, and the size of the whole."""
    columns = min(columns, len(images))
    room = max([side] + [text_width(t, TEXT, "bold") for t in titles])
    heights = [side * np.shape(image)[-2] / np.shape(image)[-1] for image in images]
    head = 0.3 if any(titles) else 0.0
    places, y = [], 0.0
    for first in range(0, len(images), columns):
        row = heights[first:first + columns]
        for k, height in enumerate(row):
            places.append((k * (room + 0.16) + (room - side) / 2, y + head + (max(row) - height) / 2, y))
        y += head + max(row) + 0.2
    return places, columns * (room + 0.16) - 0.16, y - 0.2 + foot


def _count(images, titles):
    titles = list(titles) if titles is not None else [""] * len(images)
    if len(titles) != len(images):
        raise ValueError(f"titles has {len(titles)} entries, but there are {len(images)} images")
    return titles


def fig_images(images, titles=None, *, columns=4, side=1.6, limits=(0.0, 1.0)):
    """Photographs or digits side by side, each with a title. Save it as PNG: photographs are large as SVG.

    Args:
        images: each (3, H, W) in colour or (H, W) in grey, with values in `limits`.
        titles: one an image, or None.
        columns: how many stand in one row.
        side: width of one image, in inches.
        limits: the values drawn black and white.
    """
    images, titles = [np.asarray(image) for image in images], _count(images, titles)
    places, width, height = _rows(images, titles, columns, side, 0.0)
    with canvas(width, height, cell=1.0) as (fig, ax):
        for image, title, (x, y, top) in zip(images, titles, places):
            if title:
                write(ax, x + side / 2, top + 0.12, title, weight="bold")
            draw_image(image, ax, origin=(x, y), side=side, limits=limits, cmap="gray")
    return fig


def fig_heatmap(images, titles=None, *, columns=4, side=1.6, signed=True, numbers=None, shared=True):
    """Matrices as colours side by side, on one shared scale that is centred on zero.

    Args:
        images: each (H, W).
        titles: one a matrix, or None.
        columns: how many stand in one row.
        side: width of one matrix, in inches.
        signed: diverging colours from -m to m; otherwise cividis from 0 to m. m is the largest magnitude.
        numbers: write the numbers in the cells; by default where a cell has room for them.
        shared: one scale for all, drawn below; otherwise each has its own, and no scale is drawn.
    """
    images, titles = [np.asarray(image, dtype=float) for image in images], _count(images, titles)
    top_value = max(float(np.abs(image).max()) for image in images) or 1.0
    places, width, height = _rows(images, titles, columns, side, 0.55 if shared else 0.0)
    with canvas(width, height, cell=1.0) as (fig, ax):
        for image, title, (x, y, top) in zip(images, titles, places):
            limit = top_value if shared else float(np.abs(image).max()) or 1.0
            if title:
                write(ax, x + side / 2, top + 0.12, title, weight="bold")
            widest = max(text_width(number(v), 8) for v in image.flat) if image.size <= 100 else np.inf
            fits = widest < 0.9 * side / image.shape[1] if numbers is None else numbers
            draw_image(image, ax, origin=(x, y), side=side, limits=(-limit if signed else 0, limit), signed=signed, numbers=fits,
                       points=NOTE if widest * 1.2 < 0.9 * side / image.shape[1] else 8)
        if shared:
            length = min(2.4, width)
            ends = (number(-top_value), "0", number(top_value)) if signed else ("0", "", number(top_value))
            draw_scale(ax, origin=((width - length) / 2, height - 0.36), length=length, labels=ends, signed=signed)
    return fig
