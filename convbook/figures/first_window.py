"""The moving picture of the first page: a window that slides over an input and writes its output, in SVG and CSS alone.

    python -m convbook.figures.first_window > chapters/_window.html

It plays by itself, can be paused, and stands still with the whole output for readers who asked for less motion, and on paper.
"""

import numpy as np

from convbook import ops
from convbook.figures._icons import colour

INPUT = np.array([[0, 0, 1, 1, 3, 3], [0, 0, 1, 1, 3, 3], [0, 1, 1, 3, 3, 3], [1, 1, 3, 3, 3, 3], [1, 1, 3, 3, 3, 3]])
KERNEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SIDE, STEP = 26, 0.8  # units of a cell; seconds of a step
KERNEL_AT, OUTPUT_AT, WIDTH, HEIGHT = (190, 42), (298, 42), 406, 172

STYLE = """\
.cb-first { margin: 1.2rem 0; color: INK; }
.cb-first svg { display: block; width: 100%; max-width: 34rem; height: auto; margin: 0 auto; overflow: visible; }
.cb-first text { font: 12.5px system-ui, sans-serif; fill: INK; text-anchor: middle; dominant-baseline: central; }
.cb-first .cb-first-sign { font-size: 18px; fill: MUTED; }
.cb-first .cb-first-name { font-size: 11.5px; fill: MUTED; }
.cb-first label { display: flex; gap: .4rem; align-items: center; justify-content: center; width: max-content; margin: .3rem auto 0; min-height: 32px; font-size: .85rem; color: MUTED; cursor: pointer; }
.cb-first .cb-first-window, .cb-first .cb-first-at { animation: TIME steps(1) infinite; }
.cb-first .cb-first-window { animation-name: cb-first-window; }
.cb-first .cb-first-at { animation-name: cb-first-at; }
.cb-first .cb-first-out { animation: TIME steps(1) infinite; }
.cb-first:has(input:checked) :is(.cb-first-window, .cb-first-at, .cb-first-out) { animation-play-state: paused; }
@media (prefers-reduced-motion: reduce) { .cb-first :is(.cb-first-window, .cb-first-at, .cb-first-out) { animation: none; } .cb-first label { display: none; } }
@media print { .cb-first :is(.cb-first-window, .cb-first-at, .cb-first-out) { animation: none; } .cb-first label { display: none; } }
"""


def first_window():
    """The picture as HTML; its numbers are `ops.conv2d`'s.

    """
    y = ops.conv2d(INPUT[None], KERNEL[None, None])[0]
    rows, columns = y.shape
    places = [(r, c) for r in range(rows) for c in range(columns)]
    steps = len(places) + 3  # and a rest with the whole output
    moves = {"cb-first-window": "", "cb-first-at": ""}
    shown = ""
    for i, (r, c) in enumerate(places):
        at = f"{100 * i / steps:.3g}%"
        for name in moves:
            moves[name] += f"{at}{{transform:translate({c * SIDE}px,{r * SIDE}px)}}"
        shown += f"@keyframes cb-first-{i}{{0%{{opacity:{int(i == 0)}}}{at}{{opacity:1}}}}\n"
    style = STYLE.replace("TIME", f"{STEP * steps:g}s")
    for role in ("ink", "muted"):
        style = style.replace(role.upper(), colour(role))
    frames = "".join(f"@keyframes {name}{{{body}}}\n" for name, body in moves.items())
    k = KERNEL.shape[0] * SIDE
    parts = [grid(INPUT, 4, 16, "input"), grid(KERNEL, *KERNEL_AT, "kernel"), grid(y, *OUTPUT_AT, "output", numbers=False),
             *(f'<g class="cb-first-out" style="animation-name:cb-first-{i}">{number(y[r, c], OUTPUT_AT[0] + c * SIDE, OUTPUT_AT[1] + r * SIDE)}</g>'
               for i, (r, c) in enumerate(places)),
             f'<text class="cb-first-sign" x="175" y="{KERNEL_AT[1] + k / 2:g}">·</text>', f'<text class="cb-first-sign" x="283" y="{KERNEL_AT[1] + k / 2:g}">=</text>',
             *(f'<text class="cb-first-name" x="{x:g}" y="{HEIGHT - 8}">{name}</text>' for name, x in (("input", 4 + 3 * SIDE), ("kernel", KERNEL_AT[0] + k / 2), ("output", OUTPUT_AT[0] + 2 * SIDE))),
             f'<rect class="cb-first-window" x="4" y="16" width="{k}" height="{k}" fill="none" stroke="{colour("kernel")}" stroke-width="3"/>',
             f'<rect class="cb-first-at" x="{OUTPUT_AT[0]}" y="{OUTPUT_AT[1]}" width="{SIDE}" height="{SIDE}" fill="none" stroke="{colour("output")}" stroke-width="3"/>']
    label = (f"A window of 3 by 3 slides over an input of 5 by 6 numbers. At each place its nine numbers are multiplied with the kernel and added up; "
             f"that gives an output of {rows} by {columns}, large where the picture gets brighter from left to right.")
    return (f'<style>\n{style}{frames}{shown}</style>\n<div class="cb-first">\n<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
            + "".join(parts) + '</svg>\n<label><input type="checkbox"/> hold the window still</label>\n</div>\n')


def grid(values, x, y, role, *, numbers=True):
    """Cells in a role's colour, with their numbers."""
    cells = "".join(f'<rect x="{x + c * SIDE}" y="{y + r * SIDE}" width="{SIDE}" height="{SIDE}"/>' for r, c in np.ndindex(values.shape))
    texts = "".join(number(values[r, c], x + c * SIDE, y + r * SIDE) for r, c in np.ndindex(values.shape)) if numbers else ""
    return f'<g fill="{colour(role)}" fill-opacity=".22" stroke="{colour("line")}" stroke-width=".8">{cells}</g>{texts}'


def number(value, x, y):
    text = f"{value}".replace("-", "−")
    return f'<text x="{x + SIDE / 2:g}" y="{y + SIDE / 2:g}">{text}</text>'


if __name__ == "__main__":
    print(first_window(), end="")
