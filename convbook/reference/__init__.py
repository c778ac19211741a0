"""The definitions: explicit loops that read like the formulas, to be read, not run on large images.

`convbook.ops` has the same names, fast.
"""

from convbook.reference.convolution import conv1d, conv2d, conv3d
from convbook.reference.pooling import avg_pool2d, max_pool2d

__all__ = ["conv1d", "conv2d", "conv3d", "max_pool2d", "avg_pool2d"]
