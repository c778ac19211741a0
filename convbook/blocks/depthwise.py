"""Depthwise convolutions at work: separable ones, and one as large as its input, which pools.

Sources: Howard et al. (2017), MobileNets, https://arxiv.org/abs/1704.04861; Chollet (2017), Xception,
https://arxiv.org/abs/1610.02357; Chen et al. (2018), MobileFaceNets, https://arxiv.org/abs/1804.07573
"""

from functools import partial

from torch import nn

from convbook._arguments import flag, one_of, per_axis, whole
from convbook.blocks._arguments import conv2d
from convbook.blocks.pieces import cb, cbr

FORMS = ("plain", "mobilenet", "xception")


class DepthwiseSeparableConv2d(nn.Module):
    """A convolution in two steps: a filter for each channel by itself, then a 1 x 1 convolution that mixes the channels.

        "plain"        depthwise k x k, 1x1
        "mobilenet"    cbr depthwise k x k, cbr 1x1         batch norm and ReLU after both
        "xception"     depthwise k x k, cb 1x1              nothing between the two, one batch norm, no ReLU

    Args:
        in_channels, out_channels: C and D, at least 1.
        kernel_size, stride, padding, dilation: of the depthwise step, as in Conv2d.
        multiplier: filters for each channel, m >= 1; the 1 x 1 convolution then reads m C channels.
        form: "plain", "mobilenet" or "xception".
        bias: of both steps, in the plain form; with batch norm there is none.
    Shapes:
        (N, C, H, W) -> (N, D, H', W'), as a Conv2d of that kernel.
    Raises:
        ValueError, TypeError: a count below 1, an unknown form, or a bias where batch norm would take it away.

    The notes' 7 x 7 x 3 to 5 x 5 x 128, in 675 + 9,600 multiply-adds, where a full convolution makes 86,400:

    >>> from convbook.cost import profile
    >>> [row.macs for row in profile(DepthwiseSeparableConv2d(3, 128, 3), (3, 7, 7)).rows]
    [675, 9600]

    Source: Howard et al. (2017), section 3.1, https://arxiv.org/abs/1704.04861
    """

    def __init__(self, in_channels, out_channels, kernel_size, *, stride=1, padding=0, dilation=1, multiplier=1, form="plain", bias=False):
        super().__init__()
        C, D = whole("in_channels", in_channels, at_least=1), whole("out_channels", out_channels, at_least=1)
        m = whole("multiplier", multiplier, at_least=1)
        bias = flag("bias", bias)
        if one_of("form", form, FORMS) != "plain" and bias:
            raise ValueError(f"bias=True does not fit form={form!r}, where batch norm would take it away; it must be False")
        conv = partial(conv2d, bias=bias)
        depthwise, pointwise = {"plain": (conv, conv), "mobilenet": (cbr, cbr), "xception": (conv, cb)}[form]
        self.depthwise = depthwise(C, m * C, kernel_size, stride=stride, padding=padding, dilation=dilation, groups=C)
        self.pointwise = pointwise(m * C, D, 1)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class GlobalDepthwiseConv2d(nn.Conv2d):
    """A depthwise convolution as large as the map: average pooling in which every place has a weight of its own.

        y[c] = sum over i, j of w[c, i, j] x[c, i, j]

    Args:
        channels: C >= 1.
        kernel_size: (H, W) of the map, or one int for both.
        bias: whether each channel adds a learned constant.
    Shapes:
        (N, C, H, W) -> (N, C, 1, 1).
    Raises:
        ValueError: the map has another size than the kernel.

    7 x 7 x 1280 weights, and as many multiply-adds:

    >>> GlobalDepthwiseConv2d(1280, 7).weight.numel()
    62720

    Same result as global average pooling where every weight is 1 / (H W).

    Source: Chen et al. (2018), section 3.2, https://arxiv.org/abs/1804.07573
    """

    def __init__(self, channels, kernel_size, *, bias=False):
        channels = whole("channels", channels, at_least=1)
        super().__init__(channels, channels, per_axis("kernel_size", kernel_size, 2, at_least=1), groups=channels, bias=flag("bias", bias))

    def forward(self, x):
        if tuple(x.shape[-2:]) != self.kernel_size:
            raise ValueError(f"x has shape {tuple(x.shape)}; its last two axes must be the kernel's, {self.kernel_size}")
        return super().forward(x)
