"""Blocks of networks as boxes and arrows: AlexNet on two GPUs, ResNeXt's three forms, ShuffleNet's units. One unit is one inch."""

from matplotlib.patches import Circle

from convbook.cost import conv_params
from convbook.figures._draw import NOTE, C, arrow, box, canvas, line, text_width, write

SMALL = 8.5
TALL = 0.3  # height of a box
# ResNeXt: widths of a block of one path, and of each of two that are drawn;
ONE, TWO = 1.1, 0.82
# how far down its steps stand, the sum of its paths, the sum with its shortcut.
ROWS, MET, END = (1.0, 1.6, 2.2), 2.78, 3.2


def draw_step(ax, x, y, text, *, width, role="kernel", points=SMALL, height=TALL):
    """One step, centred at (x, y)."""
    box(ax, x - width / 2, y - height / 2, width, height, role=role, fill=0.14 if role != "line" else 0, lw=1.1, zorder=3)
    write(ax, x, y, text, points=points)


def draw_sum(ax, x, y, sign="+"):
    """A small circle in which branches meet."""
    ax.add_patch(Circle((x, y), 0.12, facecolor=C["paper"], edgecolor=C["muted"], linewidth=1.1, zorder=4))
    write(ax, x, y, sign, points=11)


def down(ax, x, top, bottom, note="", *, side=0.07):
    """An arrow downwards, with a word beside it."""
    arrow(ax, (x, top), (x, bottom), head=7, lw=1.0)
    if note:
        write(ax, x + side, (top + bottom) / 2 - 0.02, note, points=8, role="muted", ha="left")


def fig_two_gpus(rows, *, groups=2, size=227, fully_connected=(4096, 4096, 1000)):
    """A network of convolutions on two GPUs: which layers stay on their own GPU, and which read both.

    Args:
        rows: (channels, kernel, stride, padding, whether it is split, what follows) for each convolution, as
            `convbook.networks.alexnet.TWO_GPUS` has them.
        groups: of the layers that are split; the widths written are those of one GPU.
        size: side of the image.
        fully_connected: widths of the layers after the convolutions.
    """
    from convbook.shapes import conv_output_size

    steps, C_in, n = [], 3, size
    for number, (D, k, s, p, split, after) in enumerate(rows, start=1):
        n = conv_output_size(n, k, stride=s, padding=p)
        weights = conv_params(C_in, D, k, groups=groups if split else 1, bias=False)
        reads = "the image" if number == 1 else "its own GPU" if split else "both GPUs"
        steps.append((f"conv{number}", f"{k} × {k}, {D // groups} maps of {n} × {n}", reads, weights, not split and number > 1, split))
        C_in = D
        if "pool" in after:
            n = conv_output_size(n, 3, stride=2)
    inputs = C_in * n * n
    for number, width in enumerate(fully_connected, start=len(rows) + 1):
        steps.append((f"fc{number}", f"{width // groups:,} units", "both GPUs", inputs * width, True, False))
        inputs = width
    pitch, left, wide, apart = 0.56, 0.62, 1.75, 0.55
    xs = [left + wide / 2, left + wide * 1.5 + apart]
    with canvas(left + 2 * wide + apart + 2.15, 0.5 + pitch * len(steps) - 0.2, cell=1.0) as (fig, ax):
        for x, name in zip(xs, ("GPU 0", "GPU 1")):
            write(ax, x, 0.12, name, weight="bold")
        table = left + 2 * wide + apart + 0.2
        write(ax, table, 0.12, "reads", points=NOTE, weight="bold", ha="left")
        write(ax, table + 1.95, 0.12, "weights", points=NOTE, weight="bold", ha="right")
        for at, (name, text, reads, weights, crosses, split) in enumerate(steps):
            y = 0.5 + pitch * at + TALL / 2
            write(ax, 0, y, name, points=NOTE, weight="bold" if split else "normal", ha="left")
            for x in xs:
                draw_step(ax, x, y, text, width=wide, points=8, role="kernel" if split else "line")
                if at:
                    down(ax, x, y - pitch + TALL / 2, y - TALL / 2)
            if crosses:
                for a, b in (xs, xs[::-1]):
                    arrow(ax, (a, y - pitch + TALL / 2), (b, y - TALL / 2), role="offset", head=7, lw=1.2)
            write(ax, table, y, reads, points=8, ha="left", role="offset" if crosses else "ink")
            write(ax, table + 1.95, y, f"{weights:,}", points=8, ha="right")
    return fig


def fig_resnext_forms(channels=256, width=64, cardinality=32, path_width=4):
    """ResNet's bottleneck, and ResNeXt's block in its three forms, with the weights of each counted.

    Args:
        channels: of the block's input and output.
        width: inside ResNet's bottleneck.
        cardinality: C, the number of paths.
        path_width: d, the channels of one path.
    """
    n, w, c, d = channels, width, cardinality, path_width
    layer = lambda i, k, o, g=1: conv_params(i, o, k, groups=g, bias=False)  # noqa: E731
    plain = layer(n, 1, w) + layer(w, 3, w) + layer(w, 1, n)
    paths = c * (layer(n, 1, d) + layer(d, 3, d) + layer(d, 1, n))
    joined = c * (layer(n, 1, d) + layer(d, 3, d)) + layer(c * d, 1, n)
    grouped = layer(n, 1, c * d) + layer(c * d, 3, c * d, c) + layer(c * d, 1, n)
    blocks = {
        "ResNet": (plain, [f"{n}, 1×1, {w}", f"{w}, 3×3, {w}", f"{w}, 1×1, {n}"]),
        f"(a) {c} paths, summed": (paths, [f"{n}, 1×1, {d}", f"{d}, 3×3, {d}", f"{d}, 1×1, {n}"]),
        f"(b) {c} paths, joined": (joined, [f"{n}, 1×1, {d}", f"{d}, 3×3, {d}"]),
        f"(c) {c} groups": (grouped, [f"{n}, 1×1, {c * d}", f"{c * d}, 3×3, {c * d}", f"{c * d}, 1×1, {n}"]),
    }
    widths, gap = [ONE, 2 * TWO + 0.3, 2 * TWO + 0.3, ONE], 0.26
    with canvas(sum(widths) + gap * 3 + 0.28, 3.85, cell=1.0) as (fig, ax):
        left = 0.06
        for (title, (count, steps)), wide in zip(blocks.items(), widths):
            x = left + wide / 2
            write(ax, x, 0.12, title, weight="bold", points=NOTE)
            write(ax, x, 0.42, f"{n} in", points=8, role="muted")
            short = left + wide + 0.06
            line(ax, [x, short, short, x + 0.12], [0.62, 0.62, END, END], role="muted", lw=1.0)
            line(ax, [x, x], [0.53, 0.62], role="muted", lw=1.0)
            if wide == ONE:
                _one_path(ax, x, steps)
            else:
                _two_paths(ax, x, steps)
                if len(steps) == 3:
                    _summed(ax, x)
                else:
                    _concatenated(ax, x, c * d, n)
            draw_sum(ax, x, END)
            down(ax, x, END + 0.12, END + 0.3)
            write(ax, x, 3.74, f"{count:,} weights", points=NOTE, weight="bold")
            left += wide + gap
    return fig


def _one_path(ax, x, steps):
    for at, text in enumerate(steps):
        draw_step(ax, x, ROWS[at], text, width=ONE - 0.04)
        down(ax, x, 0.62 if at == 0 else ROWS[at - 1] + TALL / 2, ROWS[at] - TALL / 2)
    down(ax, x, ROWS[2] + TALL / 2, END - 0.12)


def _two_paths(ax, x, steps):
    """The first and the last of many paths."""
    for at_x in _pair(x):
        for at, text in enumerate(steps):
            draw_step(ax, at_x, ROWS[at], text, width=TWO - 0.02, points=8)
            if at:
                down(ax, at_x, ROWS[at - 1] + TALL / 2, ROWS[at] - TALL / 2)
        arrow(ax, (x, 0.62), (at_x, ROWS[0] - TALL / 2), head=7, lw=1.0)
    write(ax, x, ROWS[0], "…", points=NOTE, role="muted")


def _pair(x):
    return x - TWO / 2 - 0.15, x + TWO / 2 + 0.15


def _summed(ax, x):
    for at_x in _pair(x):
        arrow(ax, (at_x, ROWS[2] + TALL / 2), (x + (0.09 if at_x > x else -0.09), MET - 0.09), head=7, lw=1.0)
    draw_sum(ax, x, MET)
    down(ax, x, MET + 0.12, END - 0.12)


def _concatenated(ax, x, channels, out_channels):
    for at_x in _pair(x):
        arrow(ax, (at_x, ROWS[1] + TALL / 2), (x + (0.2 if at_x > x else -0.2), ROWS[2] - 0.24), head=7, lw=1.0)
    draw_step(ax, x, ROWS[2] - 0.13, f"concatenate: {channels}", width=1.5, role="line", points=8, height=0.22)
    draw_step(ax, x, ROWS[2] + 0.35, f"{channels}, 1×1, {out_channels}", width=ONE)
    down(ax, x, ROWS[2] - 0.02, ROWS[2] + 0.35 - TALL / 2)
    down(ax, x, ROWS[2] + 0.35 + TALL / 2, END - 0.12)


def fig_shuffle_units(channels=240, groups=3, *, wider=480):
    """ShuffleNet's figure 2: the plain unit (a), the one with groups and a shuffle (b), and the one of stride 2 (c).

    Args:
        channels: of the input, and of the output of (a) and (b).
        groups: g of the 1 x 1 convolutions in (b) and (c).
        wider: output channels of (c); its branch makes what the pooled input does not bring.
    """
    n, m, o = channels, channels // 4, wider // 4
    units = [
        ("(a) bottleneck", None, [(f"1×1 conv, {m}", "kernel", "BN, ReLU"), (f"3×3 depthwise, {m}", "kernel", "BN, ReLU"), (f"1×1 conv, {n}", "kernel", "BN")], "+", f"{n} out"),
        ("(b) stride 1", None, [(f"1×1, {groups} groups, {m}", "kernel", "BN, ReLU"), ("channel shuffle", "offset", ""), (f"3×3 depthwise, {m}", "kernel", "BN"),
                                (f"1×1, {groups} groups, {n}", "kernel", "BN")], "+", f"{n} out"),
        ("(c) stride 2", "3×3 average\npool, stride 2", [(f"1×1, {groups} groups, {o}", "kernel", "BN, ReLU"), ("channel shuffle", "offset", ""), (f"3×3 depthwise /2, {o}", "kernel", "BN"),
                                                           (f"1×1, {groups} groups, {wider - n}", "kernel", "BN")], "concat", f"{wider} out"),
    ]
    wide, pitch, side = 1.52, 0.62, [0.3, 0.3, 1.05]
    total = 3 * wide + sum(side) + 0.5
    with canvas(total, 4.15, cell=1.0) as (fig, ax):
        left = 0.05
        for (title, pool, steps, sign, end), room in zip(units, side):
            x, short = left + wide / 2, left + wide + (0.14 if not pool else 0.55)
            write(ax, x, 0.12, title, weight="bold", points=NOTE)
            write(ax, x, 0.42, f"{n} in", points=8, role="muted")
            line(ax, [x, x], [0.53, 0.66], role="muted", lw=1.0)
            bottom, ys = 3.55, [0.98 + pitch * k * (1 if len(steps) == 4 else 1.5) for k in range(len(steps))]
            before = ""
            for at, (text, role, after) in enumerate(steps):
                draw_step(ax, x, ys[at], text, width=wide - 0.04, role=role, points=8)
                down(ax, x, 0.66 if at == 0 else ys[at - 1] + TALL / 2, ys[at] - TALL / 2, before)
                before = after
            down(ax, x, ys[-1] + TALL / 2, bottom - 0.14, before)
            line(ax, [x, short, short], [0.66, 0.66, 1.9 if pool else bottom], role="muted", lw=1.0)
            if pool:
                draw_step(ax, short, 2.1, pool, width=0.96, role="input", points=8, height=0.42)
                line(ax, [short, short], [2.31, bottom], role="muted", lw=1.0)
            reach = 0.14 if sign == "+" else text_width(sign, SMALL) / 2 + 0.1
            arrow(ax, (short, bottom), (x + reach, bottom), head=7, lw=1.0)
            if sign == "+":
                draw_sum(ax, x, bottom)
            else:
                draw_step(ax, x, bottom, sign, width=2 * reach, role="line", height=0.26)
            down(ax, x, bottom + 0.13, bottom + 0.38, "ReLU")
            write(ax, x, 4.05, end, points=8, role="muted")
            left += wide + room + 0.15
    return fig
