"""What was measured, experiment by experiment: a dot with its spread."""

import matplotlib.pyplot as plt

from convbook import theme
from convbook.figures._draw import NOTE, C, text_width


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
            digits = max(len(f"{number:g}".partition(".")[2]) for row in rows.values() for number in row)  # all rows as the most exact one
            for k, (name, (mean, spread)) in enumerate(rows.items()):
                ax.plot([low - 0.9 * room, high + 0.9 * room], [k, k], color=C["line"], lw=0.6, zorder=1)
                ax.plot([mean - spread, mean + spread], [k, k], color=C["output"], lw=3, solid_capstyle="butt", zorder=2)
                ax.plot([mean], [k], "o", color=C["ink"], ms=4.5, zorder=3)
                middle = (top - tall + pitch * (len(rows) - 1 - k + 0.5)) / height
                fig.text((label - 0.12) / width, middle, name, fontsize=NOTE, ha="right", va="center_baseline", color=C["ink"])
                fig.text((width - written + 0.12) / width, middle, f"{mean:.{digits}f} ± {spread:.{digits}f}", fontsize=NOTE, va="center_baseline", color=C["ink"])
            top -= tall
        plt.close(fig)
    return fig
