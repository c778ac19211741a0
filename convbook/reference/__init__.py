"""The definitions: explicit loops that read like the formulas, to be read, not run on large images.

`convbook.ops` has the same names, fast.
"""

from convbook.reference.bilinear import bilinear_sample
from convbook.reference.convolution import conv1d, conv2d, conv3d
from convbook.reference.deform_roi import deform_ps_roi_pool2d, deform_roi_pool2d
from convbook.reference.deformable import deform_conv2d
from convbook.reference.depthwise import depthwise_conv2d, pointwise_conv2d, separable_conv2d
from convbook.reference.flattened import flattened_conv2d
from convbook.reference.norms import batch_norm, group_norm, instance_norm, layer_norm, running_statistics
from convbook.reference.pooling import avg_pool2d, max_pool2d
from convbook.reference.shuffle import channel_shuffle
from convbook.reference.transposed import conv_transpose1d, conv_transpose2d, conv_transpose3d

__all__ = ["conv1d", "conv2d", "conv3d", "max_pool2d", "avg_pool2d",
           "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
           "depthwise_conv2d", "pointwise_conv2d", "separable_conv2d", "flattened_conv2d", "channel_shuffle",
           "bilinear_sample", "deform_conv2d", "deform_roi_pool2d", "deform_ps_roi_pool2d",
           "batch_norm", "layer_norm", "group_norm", "instance_norm", "running_statistics"]
