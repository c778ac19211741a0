"""Who came from whom, by year and idea; three ways to halve a map; ShuffleNet v2's two units."""

from convbook.figures._draw import NOTE, arrow, box, canvas, line, size, text_width, write
from convbook.figures.flows import SMALL, TALL, down, draw_step

# Lanes: one idea each. Rows: half-years in which something happened, by the date on which a paper came out.
LANES = ("side by side", "channel by channel", "shortcuts", "groups, shuffled", "taps that move or change")
FAMILY = (
    ("2014", [("GoogLeNet", 0, "1×1, 3×3, 5×5", ())]),
    ("2015", [("BN-Inception", 0, "batch norm", ("GoogLeNet",))]),
    ("", [("Inception v3", 0, "rows and columns", ("BN-Inception",)), ("ResNet", 2, "y = x + f(x)", ())]),
    ("2016", [("Inception v4", 0, "deeper, uniform", ("Inception v3",))]),
    ("", [("Xception", 1, "a path a channel", ("Inception v3", "ResNet")), ("ResNeXt", 2, "equal paths", ("ResNet",))]),
    ("2017", [("MobileNet", 1, "width multiplier", ("Xception",)), ("DCN", 4, "learned offsets", ())]),
    ("", [("ShuffleNet", 3, "grouped 1×1", ("ResNeXt",))]),
    ("2018", [("MobileNet v2", 1, "inverted residual", ("MobileNet",))]),
    ("", [("ShuffleNet v2", 3, "measured time", ("ShuffleNet",)), ("DCN v2", 4, "modulation", ("DCN",))]),
    ("2019", [("EfficientNet", 1, "compound scaling", ("MobileNet v2",)), ("CondConv", 4, "mixed kernels", ())]),
    ("2021", [("involution", 4, "a kernel a place", ())]),
    ("2022", [("RepLKNet", 1, "31×31 depthwise", ()), ("ConvNeXt", 2, "7×7 depthwise", ("ResNeXt",))]),
)


def fig_family(rows=FAMILY, lanes=LANES, *, of_this_chapter=()):
    """Networks from the older (top) to the newer, one lane an idea; an arrow leads from what a network builds on.

    Args:
        rows: (year or "", [(name, lane, idea, names of earlier ones), ...]).
        lanes: what each lane is called.
        of_this_chapter: names that are filled; the others are hollow.
    Raises:
        ValueError: a parent that does not stand above, or a name to fill that is not there.
    """
    wide, tall, pitch, gap, left = 1.2, 0.4, 0.56, 0.07, 0.4
    places = {}
    with canvas(left + len(lanes) * (wide + gap) - gap, 0.5 + pitch * len(rows) - (pitch - tall), cell=1.0) as (fig, ax):
        for lane, name in enumerate(lanes):
            words = name.split() if text_width(name, SMALL, "bold") > wide else [name]
            half = (len(words) + 1) // 2
            for n, part in enumerate((" ".join(words[:half]), " ".join(words[half:])) if len(words) > 1 else words):
                write(ax, left + lane * (wide + gap) + wide / 2, 0.1 + 0.17 * n, part, points=SMALL, weight="bold")
        for row, (year, names) in enumerate(rows):
            top = 0.5 + pitch * row
            if year:
                write(ax, 0, top + tall / 2, year, points=NOTE, ha="left", role="muted")
            for name, lane, idea, parents in names:
                x = left + lane * (wide + gap)
                for parent in parents:
                    if parent not in places:
                        raise ValueError(f"{name!r} builds on {parent!r}, which does not stand above it")
                    _lead(ax, places[parent], (x + wide / 2, top), wide, tall)
                places[name] = (x + wide / 2, top)
                box(ax, x, top, wide, tall, role="paper", fill=1.0, lw=0, zorder=4)
                box(ax, x, top, wide, tall, role="kernel", fill=0.14 if name in of_this_chapter else 0, lw=1.1, zorder=5)
                write(ax, x + wide / 2, top + 0.13, name, points=SMALL, weight="bold")
                write(ax, x + wide / 2, top + 0.29, idea, points=8, role="muted")
        for name in of_this_chapter:
            if name not in places:
                raise ValueError(f"of_this_chapter holds {name!r}, which is none of {', '.join(places)}")
    return fig


def _lead(ax, start, end, wide, tall):
    """From the bottom of one box to the top of another; into the next lane, first aside and then down."""
    (x, y), (u, v) = start, end
    if x == u:
        arrow(ax, (x, y + tall), (u, v), head=7, lw=1.1)
        return
    side = 1 if u > x else -1
    edge = u - side * 0.3 * wide
    if abs(edge - x) > wide / 2:
        line(ax, [x + side * wide / 2, edge], [y + tall / 2] * 2, role="muted", lw=1.1)
        arrow(ax, (edge, y + tall / 2), (edge, v), head=7, lw=1.1)


def fig_halving(ways, *, width=6.7):
    """Ways from a large map to a small one, top to bottom: each bar is as long as its map holds numbers.

    Args:
        ways: {title: (maps, steps, MACs)}: maps (C, H, W), or a list of such that stand side by side, and the name of the step
            between each two.
        width: of the figure, in inches.
    """
    count = lambda maps: sum(c * h * w for c, h, w in maps)  # noqa: E731
    listed = {title: ([m if isinstance(m, list) else [m] for m in maps], steps, macs) for title, (maps, steps, macs) in ways.items()}
    most = max(count(m) for maps, *_ in listed.values() for m in maps)
    levels = max(len(maps) for maps, *_ in listed.values())
    gap, pitch, bar = 0.25, 0.92, 0.3
    panel = (width - 0.24 - gap * (len(listed) - 1)) / len(listed)
    with canvas(width - 0.24, 0.4 + pitch * (levels - 1) + bar + 0.62, cell=1.0) as (fig, ax):
        for k, (title, (maps, steps, macs)) in enumerate(listed.items()):
            middle = k * (panel + gap) + panel / 2
            write(ax, middle, 0.1, title, points=NOTE, weight="bold")
            skip = (levels - 1) / (len(maps) - 1)
            for n, parts in enumerate(maps):
                y, length = 0.4 + pitch * n * skip, panel * count(parts) / most
                x = middle - length / 2
                for part in parts:
                    share = length * count([part]) / count(parts)
                    box(ax, x, y, share, bar, role="output" if n == len(maps) - 1 else "input" if n == 0 else "line", fill=0.25, lw=1.1)
                    x += share
                write(ax, middle, y + bar + 0.13, " + ".join(size((h, w, c)) for c, h, w in parts), points=8)
                if n < len(steps):
                    below = 0.4 + pitch * (n + 1) * skip
                    arrow(ax, (middle, y + bar + 0.24), (middle, below - 0.02), head=7, lw=1.0)
                    write(ax, middle + 0.1, (y + bar + 0.24 + below) / 2, steps[n], points=8, role="kernel", ha="left")
            write(ax, middle, 0.45 + pitch * (levels - 1) + bar + 0.45, f"{macs / 1e6:,.0f}M MACs", points=NOTE, weight="bold")
    return fig


def fig_shuffle_v2_units(channels=116, *, incoming=24, wider=116):
    """ShuffleNet v2's figure 3: the unit of stride 1, which splits its channels, and that of stride 2, whose sides both read all of them.

    Args:
        channels: of the first unit's input and output, even.
        incoming, wider: channels into and out of the second.
    """
    for name, value in (("channels", channels), ("wider", wider)):
        if value % 2:
            raise ValueError(f"{name}={value} must be even: a unit has two sides")
    half, out = channels // 2, wider // 2
    branch = lambda width, stride: [(f"1×1, {width}", "BN, ReLU"), (f"3×3 depthwise{stride}, {width}", "BN"), (f"1×1, {width}", "BN, ReLU")]  # noqa: E731
    units = [
        ("stride 1", f"{channels} in", "channel split", [], branch(half, ""), f"{channels} out"),
        ("stride 2", f"{incoming} in", "", [(f"3×3 depthwise /2, {incoming}", "BN"), (f"1×1, {out}", "BN, ReLU")], branch(out, " /2"), f"{wider} out"),
    ]
    wide, between, pitch = 1.55, 0.14, 0.62
    panel = 2 * wide + between
    with canvas(2 * panel + 0.35, 4.65, cell=1.0) as (fig, ax):
        for k, (title, came, first, left, right, leave) in enumerate(units):
            start = k * (panel + 0.35)
            middle, sides = start + panel / 2, (start + wide / 2, start + 1.5 * wide + between)
            write(ax, middle, 0.1, title, points=NOTE, weight="bold")
            write(ax, middle, 0.36, came, points=8, role="muted")
            top = 0.62
            if first:
                draw_step(ax, middle, top, first, width=1.3, role="offset", points=8, height=0.24)
            else:
                line(ax, [middle, middle], [0.46, top], role="muted", lw=1.0)
            fork, join = top + (0.12 if first else 0), 3.45
            for x, steps in zip(sides, (left, right)):
                ys = [1.12 + pitch * 1.45 * n + (0 if len(steps) == 3 else pitch * 0.72) for n in range(len(steps))]
                reach = 0.3 if first else 0
                line(ax, [middle + (reach if x > middle else -reach), x], [fork, fork], role="muted", lw=1.0)
                above, note = fork, ""
                for (text, after), y in zip(steps, ys):
                    draw_step(ax, x, y, text, width=wide - 0.06, points=8)
                    down(ax, x, above, y - TALL / 2, note)
                    above, note = y + TALL / 2, after
                line(ax, [x, x], [above, join], role="muted", lw=1.0)
                if note:
                    write(ax, x + 0.07, (above + join) / 2, note, points=8, role="muted", ha="left")
                if not steps:
                    write(ax, x + 0.07, (fork + join) / 2, f"{half} pass", points=8, role="muted", ha="left")
                arrow(ax, (x, join), (middle + (0.42 if x > middle else -0.42), join), head=7, lw=1.0)
            draw_step(ax, middle, join, "concat", width=0.8, role="line", points=8, height=0.26)
            down(ax, middle, join + 0.13, 3.88)
            draw_step(ax, middle, 4.01, "channel shuffle", width=1.3, role="offset", points=8, height=0.26)
            down(ax, middle, 4.14, 4.38)
            write(ax, middle, 4.5, leave, points=8, role="muted")
    return fig
