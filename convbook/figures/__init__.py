"""Figures drawn from data: each `fig_*` takes arrays, computes the numbers it shows, and returns a closed Figure.

Each `draw_*` paints on a given axis. Colours are roles (`convbook.theme`), the same on every page.
"""

from convbook.figures.borders import fig_padding_modes, fig_same_valid_full, fig_stride_remainder
from convbook.figures.costs import fig_bars, fig_roofline
from convbook.figures.dilation import fig_phases, fig_taps, fig_where_zeros_go
from convbook.figures.deformable import (
    fig_bilinear, fig_offset_pipeline, fig_roi_bins, fig_sampling_grids, fig_taps_on_images, fig_two_layer_fields,
)
from convbook.figures.evidence import fig_evidence
from convbook.figures.flattened import fig_flattened_passes, fig_outer3
from convbook.figures.flows import fig_resnext_forms, fig_shuffle_units, fig_two_gpus
from convbook.figures.depthwise import fig_channel_kinds, fig_depthwise
from convbook.figures.grids import draw_grid, draw_row, fig_convolution_step, fig_grid
from convbook.figures.images import draw_image, draw_scale, fig_heatmap, fig_images
from convbook.figures.inception import fig_inception_example, fig_inception_modules, fig_network_shape, fig_same_centre
from convbook.figures.lines import fig_lines
from convbook.figures.normalization import fig_norm_by_hand, fig_norm_cubes
from convbook.figures.recent import fig_family, fig_halving, fig_shuffle_v2_units
from convbook.figures.receptive import fig_effective_field, fig_receptive_field
from convbook.figures.regularization import fig_gains, fig_histograms, fig_penalty_geometry, fig_pull, fig_stopping
from convbook.figures.runs import fig_runs
from convbook.figures.separable import (
    fig_depthwise_step, fig_kernel_places, fig_outer_product, fig_separable_flow, fig_separable_formulas, fig_separable_ratio,
)
from convbook.figures.segments import fig_segments
from convbook.figures.signals import fig_signals
from convbook.figures.stacks import draw_sheet, draw_stack, fig_channels, fig_many_outputs, fig_pointwise
from convbook.figures.transposed import fig_conv_matrix, fig_direct_and_transposed, fig_output_padding, fig_stamps, fig_zero_insertion
from convbook.figures.volumes import draw_volume, fig_volume_step
from convbook.figures.wiring import draw_wiring, fig_blocks, fig_wiring

__all__ = [
    "draw_grid", "draw_image", "draw_row", "draw_scale", "draw_sheet", "draw_stack", "draw_volume", "draw_wiring",
    "fig_bars", "fig_bilinear", "fig_blocks", "fig_channel_kinds", "fig_channels", "fig_conv_matrix", "fig_convolution_step",
    "fig_depthwise_step", "fig_depthwise", "fig_direct_and_transposed", "fig_effective_field", "fig_family", "fig_evidence", "fig_gains", "fig_grid", "fig_flattened_passes", "fig_halving", "fig_heatmap", "fig_histograms", "fig_images",
    "fig_inception_example", "fig_inception_modules", "fig_kernel_places", "fig_lines", "fig_many_outputs", "fig_norm_by_hand", "fig_norm_cubes",
    "fig_offset_pipeline", "fig_outer3", "fig_outer_product", "fig_output_padding", "fig_padding_modes", "fig_penalty_geometry", "fig_phases",
    "fig_pointwise", "fig_pull", "fig_receptive_field", "fig_resnext_forms", "fig_roi_bins", "fig_roofline", "fig_runs",
    "fig_same_centre", "fig_same_valid_full", "fig_sampling_grids", "fig_segments", "fig_separable_flow",
    "fig_separable_formulas", "fig_separable_ratio", "fig_shuffle_units", "fig_shuffle_v2_units", "fig_signals", "fig_stamps", "fig_stopping",
    "fig_stride_remainder", "fig_taps", "fig_taps_on_images", "fig_two_gpus", "fig_two_layer_fields", "fig_volume_step",
    "fig_where_zeros_go", "fig_wiring", "fig_zero_insertion",
]
