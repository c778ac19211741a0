"""From a need to a layer: questions in a column, the answers beside them; and what was measured, a dot with its spread."""

import matplotlib.pyplot as plt

from convbook import theme
from convbook.figures._draw import NOTE, TEXT, C, arrow, box, canvas, text_width, write


def fig_decisions(rows, *, otherwise):
    """A column of questions; "yes" leads to the layer beside it, "no" to the next question.

    Args:
        rows: (question, answer, where) texts; a question and an answer may have two lines.
        otherwise: (answer, where) for who said no to all.
    """
    ask, tell, gap, tall, pitch = 3.1, 2.75, 0.62, 0.52, 0.72
    with canvas(ask + gap + tell, pitch * len(rows) + tall, cell=1.0) as (fig, ax):
        for i, (question, answer, where) in enumerate(rows):
            top = i * pitch
            middle = top + tall / 2
            box(ax, 0, top, ask, tall, role="line", lw=1.0)
            _lines(ax, 0.12, middle, question)
            arrow(ax, (ask + 0.03, middle), (ask + gap - 0.03, middle), role="output", lw=1.6)
            write(ax, ask + gap / 2, middle - 0.11, "yes", points=NOTE, role="muted")
            _answer(ax, ask + gap, top, tell, tall, answer, where)
            arrow(ax, (0.4, top + tall + 0.02), (0.4, top + pitch - 0.02), role="muted", lw=1.2)
            write(ax, 0.5, top + tall + 0.1, "no", points=NOTE, role="muted", ha="left")
        _answer(ax, 0, pitch * len(rows), ask, tall, *otherwise)
    return fig


def _answer(ax, x, y, width, height, answer, where):
    box(ax, x, y, width, height, role="output", fill=0.16, lw=1.6)
    _lines(ax, x + 0.12, y + height / 2, answer, weight="bold")
    write(ax, x + width - 0.12, y + height / 2, where, points=NOTE, role="muted", ha="right")


def _lines(ax, x, y, text, **options):
    lines = text.split("\n")
    for k, one in enumerate(lines):
        write(ax, x, y + 0.19 * (k - (len(lines) - 1) / 2), one, points=TEXT - 0.5, ha="left", **options)


def fig_evidence(panels, *, width=6.6):
    """Means over seeds as dots, their spread as lines, a panel an experiment; rows of one panel may be compared.

    Args:
        panels: {title: {name: (mean, spread)}}; a title may have a second line.
    """
    pitch, above, head = 0.25, 0.12, 0.21
    names = [name for rows in panels.values() for name in rows]
    label = max(text_width(name, NOTE) for name in names) + 0.25
    written = 1.15
    heights = [above + head * (title.count("\n") + 1) + 0.06 + pitch * len(rows) for title, rows in panels.items()]
    height = sum(heights) + 0.1
    with theme.style():
        fig = plt.figure(figsize=(width, height))
        top = height
        for (title, rows), tall in zip(panels.items(), heights):
            for k, one in enumerate(title.split("\n")):
                fig.text(0.1 / width, (top - above - head * (k + 0.5)) / height, one, fontsize=NOTE, color=C["ink" if k == 0 else "muted"],
                         fontweight="bold" if k == 0 else "normal", va="center_baseline")
            ax = fig.add_axes((label / width, (top - tall) / height, (width - label - written) / width, pitch * len(rows) / height))
            low = min(mean - spread for mean, spread in rows.values())
            high = max(mean + spread for mean, spread in rows.values())
            room = 0.06 * ((high - low) or 1)
            ax.set(xlim=(low - room, high + room), ylim=(len(rows) - 0.5, -0.5))
            ax.axis("off")
            for k, (name, (mean, spread)) in enumerate(rows.items()):
                ax.plot(ax.get_xlim(), [k, k], color=C["line"], lw=0.6, zorder=1)
                ax.plot([mean - spread, mean + spread], [k, k], color=C["output"], lw=3, solid_capstyle="butt", zorder=2)
                ax.plot([mean], [k], "o", color=C["ink"], ms=4.5, zorder=3)
                middle = (top - tall + pitch * (len(rows) - 1 - k + 0.5)) / height
                fig.text((label - 0.12) / width, middle, name, fontsize=NOTE, ha="right", va="center_baseline", color=C["ink"])
                fig.text((width - written + 0.12) / width, middle, f"{mean:g} ± {spread:g}", fontsize=NOTE, va="center_baseline", color=C["ink"])
            top -= tall
        plt.close(fig)
    return fig
