"""What a layer costs: bars of parameters, multiply-adds and times, and the roofline that says what limits it."""

import matplotlib.pyplot as plt
import numpy as np

from convbook import theme
from convbook.figures._draw import NOTE, TEXT, C, text_width

SUFFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""))


def compact(value):
    """A large number in few letters; up to seven digits in full.

    >>> compact(70144), compact(724_406_816), compact(0.25)
    ('70,144', '724M', '0.25')
    """
    if 0 < value < 10 or value != round(value) and value < 1000:
        return f"{value:.3g}"
    if value < 1e7:
        return f"{value:,.0f}"
    scale, suffix = next(pair for pair in SUFFIXES if value >= pair[0])
    return f"{value / scale:.3g}{suffix}" if value < 1e15 else f"{value:.2e}"


def fig_bars(rows, *, unit="", log=False, role="input", highlight=(), width=6.4):
    """Horizontal bars with their numbers written at the end, one panel a quantity.

    Args:
        rows: {name: number}, or {name: {quantity: number}} for several panels with the same names.
        unit: title of the only panel, for example "parameters".
        log: logarithmic length; for numbers that differ more than a hundredfold.
        role: colour of the bars; `highlight` names the ones drawn in the output's colour.
        width: of the figure, in inches.
    """
    if not rows:
        raise ValueError("rows is empty: there is nothing to draw")
    names = list(rows)
    table = {name: value if isinstance(value, dict) else {unit: value} for name, value in rows.items()}
    quantities = list(next(iter(table.values())))
    with theme.style():
        label = max(text_width(name) for name in names) + 0.2
        gap = 0.25
        panel = (width - label - 0.1 - gap * (len(quantities) - 1)) / len(quantities)
        head, pitch = (0.34 if any(quantities) else 0.08), 0.32
        height = head + pitch * len(names) + 0.1
        fig = plt.figure(figsize=(width, height))
        for column, quantity in enumerate(quantities):
            left = (label + column * (panel + gap)) / width
            ax = fig.add_axes((left, 0.1 / height, panel / width, pitch * len(names) / height))
            values = [float(table[name][quantity]) for name in names]
            texts = [compact(v) for v in values]
            room = max(text_width(t, NOTE) for t in texts) + 0.12
            floor = min(v for v in values if v > 0) / 3 if log else 0
            lengths = np.array([np.log(v / floor) if log and v > 0 else v for v in values])
            scale = (panel - room) / (lengths.max() or 1)
            for k, (name, length, text) in enumerate(zip(names, lengths * scale, texts)):
                colour = C["output" if name in highlight else role]
                ax.add_patch(plt.Rectangle((0, k + 0.14), length, 0.72, facecolor=(colour, 0.75), edgecolor=colour, linewidth=0.8))
                ax.text(length + 0.06, k + 0.5, text, fontsize=NOTE, va="center_baseline", color=C["ink"])
                if column == 0:
                    ax.text(-0.1, k + 0.5, name, fontsize=TEXT, ha="right", va="center_baseline", color=C["ink"])
            ax.plot([0, 0], [0, len(names)], color=C["line"], lw=1)
            ax.set(xlim=(0, panel), ylim=(len(names), 0))
            ax.axis("off")
            if quantity:
                note = quantity + (" (log scale)" if log else "")
                fig.text(left, 1 - 0.2 / height, note, fontsize=TEXT, fontweight="bold", va="center_baseline", color=C["ink"])
        plt.close(fig)
    return fig


def fig_roofline(points, *, peak, bandwidth, width=5.6, height=3.4):
    """Arithmetic intensity against speed: left of the ridge memory is the limit, right of it arithmetic is.

    Args:
        points: {name: (MACs, bytes)} for the bound alone, or {name: (MACs, bytes, seconds)} with a measured time.
        peak: MACs a second that the machine can do at best.
        bandwidth: bytes a second that it can move at best.

    Intensity is MACs / bytes. A hollow dot is the bound, a filled one was measured.
    """
    with theme.style():
        fig = plt.figure(figsize=(width, height))
        ax = fig.add_axes((0.72 / width, 0.52 / height, 1 - 0.9 / width, 1 - 0.66 / height))
        dots = {}
        for name, (macs, moved, *seconds) in points.items():
            intensity = macs / moved
            dots[name] = (intensity, macs / seconds[0] if seconds else min(peak, bandwidth * intensity), bool(seconds))
        ridge = peak / bandwidth
        xs = [i for i, _, _ in dots.values()] + [ridge]
        ys = [v for _, v, _ in dots.values()] + [peak]
        low, high = min(xs) / 4, max(xs) * 6
        roof = [(x, min(peak, bandwidth * x)) for x in (low, ridge, high)]
        ax.plot(*zip(*roof), color=C["ink"], lw=2.0, solid_joinstyle="miter")
        ax.set(xscale="log", yscale="log", xlim=(low, high), ylim=(min(ys + [roof[0][1]]) / 2, peak * 4))
        ax.plot([ridge, ridge], [ax.get_ylim()[0], peak], color=C["line"], lw=0.9, ls=(0, (3, 2)))
        ax.minorticks_off()
        ax.tick_params(labelsize=NOTE)
        ax.set_xlabel("arithmetic intensity (MACs per byte)", fontsize=TEXT)
        ax.set_ylabel("MACs per second", fontsize=TEXT)
        ax.text(high / 1.08, peak * 1.25, f"peak {compact(peak)}/s", fontsize=NOTE, ha="right", va="bottom", color=C["muted"])
        fig.canvas.draw()
        taken = [t.get_window_extent() for t in ax.texts]
        for name, (x, y, measured) in dots.items():
            ax.plot(x, y, "o", ms=7, color=C["input"], mfc=C["input"] if measured else C["paper"], mew=1.6, zorder=4)
            taken.append(ax.transData.transform((x, y)) + np.array([[-5, -5], [5, 5]]))
        foot, top = ax.transData.transform((ridge, ax.get_ylim()[0])), ax.transData.transform((ridge, peak))
        taken.append(np.array([foot - 1, top + 1]))
        taken = [box if not isinstance(box, np.ndarray) else _box(box) for box in taken]
        for name, (x, y, _) in dots.items():
            taken.append(_label(ax, name, x, y, taken))
        plt.close(fig)
    return fig


def _box(corners):
    from matplotlib.transforms import Bbox

    return Bbox(corners)


def _label(ax, name, x, y, taken):
    """Write a dot's name at the first place around it that is free; returns the room it took."""
    frame = ax.get_window_extent()
    text = ax.annotate(name, (x, y), (0, 0), textcoords="offset points", fontsize=NOTE, color=C["ink"], zorder=5)
    for dx, dy, ha, va in ((8, -4, "left", "top"), (8, 5, "left", "bottom"), (0, -9, "center", "top"), (-8, -4, "right", "top"),
                           (-8, 5, "right", "bottom"), (0, 9, "center", "bottom"), (8, -18, "left", "top"), (8, -32, "left", "top")):
        text.set(ha=ha, va=va)
        text.xyann = (dx, dy)
        extent = text.get_window_extent()
        if not any(extent.overlaps(other) for other in taken) and frame.x0 <= extent.x0 and extent.x1 <= frame.x1 and extent.y0 >= frame.y0:
            break
    return extent
