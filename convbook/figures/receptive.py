"""What one unit sees: the cone of a stack of layers, and the field that its gradient really uses."""

import numpy as np

from convbook.figures._draw import NOTE, TEXT, box, canvas, line, number, text_width, write
from convbook.figures.images import draw_image, draw_scale


def _sizes(n, layers):
    """Lengths of the input and of each layer's output."""
    from convbook.shapes import conv_output_size

    sizes = [n]
    for k, s, p, d in layers:
        sizes.append(conv_output_size(sizes[-1], k, stride=s, padding=p, dilation=d))
    return sizes


def cone(layers, unit, sizes=None):
    """For each level from the input up, which units the given output unit reaches, with the number of ways: {index: ways}.

    With `sizes`, the length of each level, indices outside a level are padding: reached, but no way leads on from them.

    >>> cone([(3, 1, 0, 1), (3, 1, 0, 1)], 0)[0]
    {0: 1, 1: 2, 2: 3, 3: 2, 4: 1}
    """
    levels = [{unit: 1}]
    for k, s, p, d in reversed(layers):
        below = {}
        count = sizes[-len(levels)] if sizes else None
        for index, ways in levels[0].items():
            if count is not None and not 0 <= index < count:
                continue
            for tap in range(k):
                place = index * s - p + d * tap
                below[place] = below.get(place, 0) + ways
        levels.insert(0, dict(sorted(below.items())))
    return levels


def fig_receptive_field(layers, *, n=None, unit=None, names=None, ways=True, width=6.6):
    """The receptive field of one unit in a stack of 1D layers, drawn from the layers: input below, output on top.

    Args:
        layers: (k, s, p, d) for each layer, the first one next to the input.
        n: length of the input; by default the field and a little more.
        unit: index of the output unit; the middle one by default.
        names: one name a layer; "layer 1", ... by default.
        ways: write under each input position by how many ways the unit reaches it; 0 inside the field is a gap (gridding).
        width: of the figure, at most, in inches.

    Each level stands over the input positions it is centred on. Filled units belong to the cone, hollow ones do not;
    a hatched position is padding.
    """
    from convbook.shapes import receptive_field

    layers = [tuple(layer) for layer in layers]
    fields = [receptive_field(layers[:m]) for m in range(1, len(layers) + 1)]
    reach, jump = fields[-1][0], fields[-1][1]
    n = n or reach + 2 * jump - 2 * sum(p for _, _, p, _ in layers[:1])
    sizes = _sizes(n, layers)
    unit = sizes[-1] // 2 if unit is None else unit
    if not 0 <= unit < sizes[-1]:
        raise ValueError(f"unit={unit} must lie in the last layer, which has {sizes[-1]} units")
    levels = cone(layers, unit, sizes)
    names = list(names or (f"layer {m}" for m in range(1, len(layers) + 1)))

    spans = [(min(0, min(level)), max(count - 1, max(level))) for level, count in zip(levels, sizes)]
    low = min(_place(layers[:m], first) for m, (first, _) in enumerate(spans))
    high = max(_place(layers[:m], last) for m, (_, last) in enumerate(spans)) + 1

    notes = [f"input: {n}"] + [f"{name}: size {f[0]}, jump {f[1]}" for name, f in zip(names, fields)]
    settings = [""] + [f"k={k}, s={s}, p={p}, d={d}" for k, s, p, d in layers]
    side = max(text_width(text, NOTE) for text in notes + settings) + 0.2
    cell = min(0.34, (width - side - 0.24) / (high - low))
    pitch = 0.62 / cell
    foot = 0.3 / cell if ways else 0.0
    margin = high - low + 0.2 / cell

    def centre(level, index):
        return _place(layers[:level], index) - low + 0.5

    def height(level):
        return pitch * (len(layers) - level)

    with canvas(high - low + side / cell, pitch * len(layers) + 1 + foot, cell=cell) as (fig, ax):
        for level, (count, (first, last)) in enumerate(zip(sizes, spans)):
            role = "input" if level == 0 else "output" if level == len(layers) else "line"
            for index in range(first, last + 1):
                _draw_unit(ax, centre(level, index), height(level), role, inside=index in levels[level], padded=not 0 <= index < count)
            for index, below in _reads(layers[level - 1], levels[level], count) if level else ():
                line(ax, [centre(level, index), centre(level - 1, below)], [height(level) + 0.9, height(level - 1) + 0.1], role="kernel", lw=0.8, zorder=1)
            write(ax, margin, height(level) + 0.5 - (0.09 / cell if level else 0), notes[level], points=NOTE, ha="left")
            if level:
                write(ax, margin, height(level) + 0.5 + 0.1 / cell, settings[level], points=NOTE, role="muted", ha="left")
        if ways:
            for index in range(min(levels[0]), max(levels[0]) + 1):
                write(ax, centre(0, index), height(0) + 1 + 0.16 / cell, number(levels[0].get(index, 0)), points=NOTE if cell >= 0.24 else 8, role="ink")
            write(ax, margin, height(0) + 1 + 0.16 / cell, "ways to each position", points=NOTE, role="muted", ha="left")
    return fig


def _place(layers, index):
    """The middle of a unit on top of these layers, in input positions: its start plus so many jumps."""
    jump, start = 1.0, 0.0
    for k, s, p, d in layers:
        start += jump * (d * (k - 1) / 2 - p)
        jump *= s
    return start + jump * index


def _reads(layer, cone, count):
    """Pairs (unit of the cone, unit or padding below that one of its taps reads)."""
    k, s, p, d = layer
    return [(index, index * s - p + d * tap) for index in cone if 0 <= index < count for tap in range(k)]


def _draw_unit(ax, middle, top, role, *, inside, padded):
    x, y = middle - 0.4, top + 0.1
    if padded:
        box(ax, x, y, 0.8, 0.8, role="padding", hatch="//////", lw=0.7, zorder=3)
        return
    box(ax, x, y, 0.8, 0.8, role="paper", fill=1.0, lw=0, zorder=3)
    box(ax, x, y, 0.8, 0.8, role="muted" if inside and role == "line" else role, fill=0.55 if inside else 0, lw=1.0 if inside else 0.6, zorder=4,
        edge=None if inside else "line")


def fig_effective_field(maps, *, sizes, titles, columns=4, side=1.5):
    """How strongly each input pixel moves one output unit: measured gradients, with the theoretical field as a box.

    Args:
        maps: list of (H, W) magnitudes |d output / d input|, the unit in the middle; each is shown on its own scale.
        sizes: the theoretical size of each field, in pixels.
        titles: one a map.
        columns: how many stand in one row.
        side: of one map, in inches.
    """
    maps = [np.abs(np.asarray(m, dtype=float)) for m in maps]
    columns = min(columns, len(maps))
    rows = -(-len(maps) // columns)
    room = max(side, max(text_width(t, TEXT, "bold") for t in titles), max(text_width(f"{s} × {s} in theory", NOTE) for s in sizes))
    step_x, step_y = room + 0.2, side + 0.75
    with canvas(columns * step_x - 0.2, rows * step_y + 0.35, cell=1.0) as (fig, ax):
        for k, (values, field, title) in enumerate(zip(maps, sizes, titles)):
            x, y = (k % columns) * step_x + (room - side) / 2, (k // columns) * step_y
            write(ax, x + side / 2, y + 0.12, title, weight="bold")
            draw_image(values, ax, origin=(x, y + 0.3), side=side, limits=(0, values.max() or 1))
            scale = side / values.shape[1]
            edge = side / 2 - field * scale / 2
            if field < values.shape[1]:
                for colour, lw, style in (("#101010", 2.6, "-"), ("#fefefe", 1.3, (0, (3, 2)))):
                    ax.add_patch(frame(x + edge, y + 0.3 + edge, field * scale, colour, lw, style))
            write(ax, x + side / 2, y + side + 0.44, f"{field} × {field} in theory", points=NOTE, role="muted")
        draw_scale(ax, origin=((columns * step_x - 0.2) / 2 - 1.0, rows * step_y + 0.02), length=2.0, labels=("0", "|gradient|", "largest"))
    return fig


def frame(x, y, side, colour, lw, style):
    """An empty square whose colour does not follow the theme, as it lies on a picture."""
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), side, side, facecolor="none", edgecolor=colour, linewidth=lw, linestyle=style, zorder=5)
