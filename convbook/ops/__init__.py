"""The fast forms, in NumPy only: the names of `convbook.reference` and a few more.

`conv2d_im2col`, `conv2d_fft` and `conv2d_winograd` give the numbers of `conv2d` by other roads;
`conv_transpose2d_scatter`, `_zero_insertion`, `_matrix` and `_gradient` those of `conv_transpose2d`.
"""

from convbook.ops.backward import conv2d_backward
from convbook.ops.bilinear import bilinear_sample, bilinear_sample_backward
from convbook.ops.composition import compose2d, small_pair
from convbook.ops.convolution import conv1d, conv2d, conv3d
from convbook.ops.cp import cp_decomposition, from_cp, outer3
from convbook.ops.deconvolution import deconvolve2d
from convbook.ops.deform_roi import deform_ps_roi_pool2d, deform_roi_pool2d
from convbook.ops.deformable import deform_conv2d, deform_conv2d_backward
from convbook.ops.depthwise import depthwise_conv2d, pointwise_conv2d, separable_conv2d
from convbook.ops.fft import conv2d_fft
from convbook.ops.flattened import flattened_conv2d
from convbook.ops.folding import fold_batch_norm
from convbook.ops.im2col import conv2d_im2col, im2col
from convbook.ops.matrix import conv_matrix
from convbook.ops.norms import batch_norm, group_norm, instance_norm, layer_norm, running_statistics
from convbook.ops.norms_backward import batch_norm_backward, group_norm_backward, instance_norm_backward, layer_norm_backward
from convbook.ops.pooling import avg_pool2d, max_pool2d
from convbook.ops.rank import from_separable, separable_form, singular_values
from convbook.ops.shrinkage import budget_strength, group_soft_threshold, penalised_minimum, penalty, shrink, soft_threshold
from convbook.ops.shuffle import channel_shuffle
from convbook.ops.transposed import conv_transpose1d, conv_transpose2d, conv_transpose3d
from convbook.ops.transposed_backward import conv_transpose2d_backward
from convbook.ops.transposed_views import (
    conv_transpose2d_gradient,
    conv_transpose2d_matrix,
    conv_transpose2d_scatter,
    conv_transpose2d_zero_insertion,
)
from convbook.ops.winograd import conv2d_winograd

__all__ = ["conv1d", "conv2d", "conv3d", "conv2d_backward", "im2col", "conv2d_im2col", "conv2d_fft",
           "conv2d_winograd", "max_pool2d", "avg_pool2d",
           "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "conv_transpose2d_backward", "conv_matrix",
           "conv_transpose2d_scatter", "conv_transpose2d_zero_insertion", "conv_transpose2d_matrix",
           "conv_transpose2d_gradient", "deconvolve2d", "depthwise_conv2d", "pointwise_conv2d", "separable_conv2d", "flattened_conv2d", "channel_shuffle",
           "bilinear_sample", "bilinear_sample_backward", "deform_conv2d", "deform_conv2d_backward", "deform_roi_pool2d", "deform_ps_roi_pool2d",
           "batch_norm", "layer_norm", "group_norm", "instance_norm", "running_statistics", "batch_norm_backward",
           "layer_norm_backward", "group_norm_backward", "instance_norm_backward", "fold_batch_norm",
           "singular_values", "separable_form", "from_separable", "cp_decomposition", "from_cp", "outer3", "compose2d", "small_pair",
           "soft_threshold", "shrink", "group_soft_threshold", "penalised_minimum", "penalty", "budget_strength"]
