"""The fast forms, in NumPy only: the names of `convbook.reference` and a few more.

`conv2d_im2col`, `conv2d_fft` and `conv2d_winograd` give the numbers of `conv2d` by other roads.
"""

from convbook.ops.backward import conv2d_backward
from convbook.ops.convolution import conv1d, conv2d, conv3d
from convbook.ops.fft import conv2d_fft
from convbook.ops.im2col import conv2d_im2col, im2col
from convbook.ops.pooling import avg_pool2d, max_pool2d
from convbook.ops.winograd import conv2d_winograd

__all__ = ["conv1d", "conv2d", "conv3d", "conv2d_backward", "im2col", "conv2d_im2col", "conv2d_fft",
           "conv2d_winograd", "max_pool2d", "avg_pool2d"]
