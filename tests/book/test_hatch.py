"""Hatched cells are drawn as lines: a pattern would be printed as a bitmap of the whole figure, once for each cell."""

import io
import re

from matplotlib import pyplot as plt

from _extensions import figures
from convbook import figures as drawings

TILE = '<defs><pattern id="h1" width="8" height="8"><path d="M -4 4 L 4 -4 M -2 6 L 6 -2 M 0 8 L 8 0" style="stroke: #123456"/></pattern></defs>'
CELL = '<path d="M 1 6 L 5 6 L 5 3 L 1 3 z" clip-path="url(#p)" style="fill: url(#h1); stroke: #654321"/>'


def test_a_rectangle_is_crossed_by_the_lines_of_its_pattern():
    # From (1, 3) to (5, 6), x + y goes from 4 to 11; the lines stand 4 apart: at 4 (the corner) and at 8.
    assert figures.drawn_hatch(TILE + CELL) == (
        '<path d="M 1.0 3.0 L 1.0 3.0 M 2.0 6.0 L 5.0 3.0" style="stroke: #123456"/>'
        '<path d="M 1 6 L 5 6 L 5 3 L 1 3 z" clip-path="url(#p)" style="fill: none; stroke: #654321"/>')


def test_what_is_no_rectangle_keeps_its_pattern():
    triangle = CELL.replace(" L 1 3 z", " z")
    assert figures.drawn_hatch(TILE + triangle) == TILE + triangle


def test_no_pattern_is_left_in_a_figure_of_the_book():
    figure, file = drawings.fig_same_centre([[1, 2, 3], [4, 5, 6]], kernels=(3,), at=(0, 1)), io.StringIO()
    figure.savefig(file, format="svg")
    plt.close(figure)
    assert "<pattern" in file.getvalue()
    svg = figures.inline(file.getvalue(), "A window over hatched zeros", "f1-")
    assert "<pattern" not in svg
    assert len(re.findall(r'<path d="M [^"]*"[^>]*--cb-padding[^>]*/><path d="M [^"]*z ?"[^>]*style="fill: none;', svg)) == 4 * 5 - 2 * 3
