"""A convolution that can only learn separable kernels.

Source: Rigamonti et al. (2013), "Learning separable filters", https://doi.org/10.1109/CVPR.2013.355
"""

import torch
from torch import nn
from torch.nn import functional as F

from convbook._arguments import flag, per_axis, whole


class RankOneConv2d(nn.Module):
    """A convolution in which every k x k slice of the kernel is a column times a row: 2k learned numbers in place of k^2.

        w[d, c, u, v] = columns[d, c, u] rows[d, c, v]

    Args:
        in_channels, out_channels: C and D, at least 1.
        kernel_size: k, one int.
        padding: zeros on each side, an int or one per axis.
        bias: whether each output channel adds a learned constant.
    Shapes:
        (N, C, H, W) -> (N, D, H', W'), as a Conv2d of that kernel.
    Raises:
        ValueError, TypeError: a count below 1 or no integer.

    Ten numbers a slice, where an ordinary 5 x 5 layer has 25:

    >>> sum(p.numel() for p in RankOneConv2d(2, 3, 5, bias=False).parameters())
    60

    Same result as Conv2d with the kernel `weight`.
    Source: Rigamonti et al. (2013), section 3, https://doi.org/10.1109/CVPR.2013.355
    """

    def __init__(self, in_channels, out_channels, kernel_size, *, padding=0, bias=True):
        super().__init__()
        C, D, k = (whole(name, v, at_least=1) for name, v in (("in_channels", in_channels), ("out_channels", out_channels), ("kernel_size", kernel_size)))
        self.padding = per_axis("padding", padding, 2, at_least=0)
        # The products have the variance with which a Conv2d starts, 1 / (3 C k^2).
        bound = (3 / (C * k * k)) ** 0.25
        self.columns = nn.Parameter(torch.empty(D, C, k, 1).uniform_(-bound, bound))
        self.rows = nn.Parameter(torch.empty(D, C, 1, k).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(D)) if flag("bias", bias) else None

    @property
    def weight(self):
        """The kernel, (D, C, k, k)."""
        return self.columns @ self.rows

    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias, padding=self.padding)
