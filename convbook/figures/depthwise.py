"""Which channel meets which filter: four kinds of layer side by side, and a depthwise layer with its numbers."""

from convbook.figures._draw import NOTE, array, arrow, box, canvas, factor, line, number, polygon, size, text_width, write
from convbook.figures.grids import draw_grid

# Title, input channels, output channels, kernel, groups: the notes' four lost pictures.
KINDS = (("grouped", 6, 3, 3, 3), ("depthwise", 6, 6, 3, 6), ("pointwise", 6, 4, 1, 1), ("pointwise, grouped", 6, 4, 1, 2))


def fig_channel_kinds(kinds=KINDS, *, columns=2):
    """Each kind of layer as a panel: input channels on top, one filter for each output in the middle, outputs below.

    Args:
        kinds: (name, in_channels, out_channels, kernel_size, groups) each.
        columns: panels in a row.

    A filter is a stack as deep as the channels that it reads; a wire joins it with each of them. Weights are counted by
    `convbook.cost.conv_params`.
    """
    from convbook.cost import conv_params

    pitch, tile, wide, tall = 1.3, 0.9, 8.6, 6.6
    rows = -(-len(kinds) // columns)
    with canvas(columns * wide - 0.6, rows * tall - 0.4, cell=0.395) as (fig, ax):
        for index, (name, C, D, k, G) in enumerate(kinds):
            x0, y0 = index % columns * wide, index // columns * tall
            count = conv_params(C, D, k, groups=G, bias=False)
            write(ax, x0, y0 + 0.3, name + (f", {G} groups" if 1 < G < C else ""), weight="bold", ha="left")
            write(ax, x0, y0 + 5.75, f"{D} filters of {size((C // G, k, k))}: {count} weights", points=NOTE, role="muted", ha="left")
            inputs = [x0 + 0.5 + pitch * c for c in range(C)]
            outputs = [x0 + 0.5 + pitch * (C / D * (d + 0.5) - 0.5) for d in range(D)]
            for d, x in enumerate(outputs):
                group = d * G // D
                for c in range(group * C // G, (group + 1) * C // G):
                    line(ax, [inputs[c], x], [y0 + 1.75, y0 + 2.85], role="kernel", lw=1.1)
                side, depth = (0.75 if k > 1 else 0.34), C // G
                back = 0.16 if depth <= 3 else 0.1
                draw = [(x - side / 2 + back * (s - (depth - 1) / 2), y0 + 3.2 - side / 2 - back * (s - (depth - 1) / 2)) for s in reversed(range(depth))]
                for left, top in draw:
                    polygon(ax, [(left, top), (left + side, top), (left + side, top + side), (left, top + side)], role="kernel", fill=0.25, paper=True, lw=1.0, zorder=3)
                left, top = draw[-1]
                for step in range(1, k):
                    line(ax, [left + side * step / k] * 2, [top, top + side], role="kernel", lw=0.5, zorder=4)
                    line(ax, [left, left + side], [top + side * step / k] * 2, role="kernel", lw=0.5, zorder=4)
                arrow(ax, (x, y0 + 3.75), (x, y0 + 4.3))
                box(ax, x - tile / 2, y0 + 4.4, tile, 0.8, role="output", fill=0.3, lw=1.0)
                write(ax, x, y0 + 4.8, str(d), points=NOTE)
            for c, x in enumerate(inputs):
                box(ax, x - tile / 2, y0 + 0.9, tile, 0.8, role="input", fill=0.25, lw=1.0)
                write(ax, x, y0 + 1.3, str(c), points=NOTE)
    return fig


def fig_depthwise(x, w, *, at=(0, 0)):
    """A depthwise layer with its numbers: each channel meets its own filters only, and every filter gives a channel.

    Args:
        x: input, (C, H, W).
        w: weight, (m C, 1, k_h, k_w), the m filters of channel 0 first.
        at: the output cell (row, column) whose sum is written, of output channel 0.

    The outputs are computed with `convbook.ops.depthwise_conv2d`.
    """
    from convbook import ops

    x, w = array(x, 3, "x"), array(w, 4, "w")
    y = ops.depthwise_conv2d(x, w)
    (C, height, width), (filters, _, k_h, k_w), (o_h, o_w) = x.shape, w.shape, y.shape[1:]
    m = filters // C
    pitch = max(k_h, o_h) + 0.95
    block = max(m * pitch, height) + 0.5
    at_w, at_y = width + 2.6, width + 2.6 + k_w + 2.2
    taps = x[0, at[0]:at[0] + k_h, at[1]:at[1] + k_w].ravel()
    label = f"output[0, {at[0]}, {at[1]}] = " + " + ".join(f"{factor(a)}·{factor(b)}" for a, b in zip(taps, w[0, 0].ravel())) + f" = {number(y[(0, *at)])}"
    room = max(text_width(f"{c * m + r} = {c}·{m} + {r}", NOTE) for c in range(C) for r in range(m)) / 0.4
    with canvas(max(at_y + o_w + 0.4 + room, text_width(label) / 0.4), C * block + 1.6) as (fig, ax):
        for text, centre in (("input", width / 2), ("filters", at_w + k_w / 2), ("outputs", at_y + o_w / 2)):
            write(ax, centre, 0.3, text, weight="bold")
        for c in range(C):
            top = 0.9 + c * block
            middle = top + (block - 0.5) / 2
            draw_grid(x[c], ax, origin=(0, middle - height / 2), window=(*at, k_h, k_w, 1) if c == 0 else None)
            for r in range(m):
                q = c * m + r
                centre = top + (block - 0.5) * (r + 0.5) / m
                line(ax, [width + 0.15, width + 1.2, at_w - 0.2], [middle, centre, centre], role="line", lw=1.1)
                draw_grid(w[q, 0], ax, role="kernel", origin=(at_w, centre - k_h / 2))
                arrow(ax, (at_w + k_w + 0.3, centre), (at_y - 0.3, centre))
                draw_grid(y[q], ax, role="output", origin=(at_y, centre - o_h / 2), highlight=[at] if q == 0 else ())
                write(ax, at_y + o_w + 0.3, centre, f"{q} = {c}·{m} + {r}" if m > 1 else str(q), points=NOTE, ha="left")
        write(ax, 0, C * block + 1.1, label, ha="left")
    return fig
