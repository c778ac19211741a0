"""Figures drawn from data: each `fig_*` takes arrays, computes the numbers it shows, and returns a closed Figure.

Each `draw_*` paints on a given axis. Colours are roles (`convbook.theme`), the same on every page.
"""

from convbook.figures.grids import draw_grid, draw_row, fig_convolution_step, fig_grid
from convbook.figures.stacks import draw_sheet, draw_stack, fig_channels, fig_many_outputs, fig_pointwise

__all__ = [
    "draw_grid", "draw_row", "draw_sheet", "draw_stack",
    "fig_channels", "fig_convolution_step", "fig_grid", "fig_many_outputs", "fig_pointwise",
]
