"""Switchable atrous convolution: at each position, a learned share of a small and of a large dilation.

Source: Qiao, Chen & Yuille (2021), DetectoRS, section 4, https://arxiv.org/abs/2006.02334, and its released code
"""

import torch
from torch import nn
from torch.nn import functional as F

from convbook._arguments import flag, per_axis
from convbook.blocks._arguments import conv2d_arguments
from convbook.blocks.sampling import deform_conv2d

LARGER = 3  # the second dilation, and its padding, over the first


class SwitchableAtrousConv2d(nn.Module):
    """One convolution at two dilations, a switch between them, and the mean of the whole image added before and after.

        x <- x + pre(mean x)
        S = switch(mean of 5 x 5 around, reflected at the borders)          one number a position
        y = S conv(x; w, d) + (1 - S) conv(x; w + difference, 3 d, padding 3 p)
        y <- y + post(mean y)

    S is not squashed: it may leave [0, 1]. It starts as 1, and pre, post and the difference as 0, so the layer starts as the
    plain convolution with weights w.

    Args:
        in_channels, out_channels, kernel_size, stride, dilation, groups: as in Conv2d; the kernel's sides odd.
        padding: dilation (kernel_size - 1) / 2, by default: the one with which both dilations give the same size.
        bias: of the plain convolution, added at both dilations; the paper has none.
        standardise: as released, use gamma (w - mean) / deviation + beta in place of w, with mean and deviation over each
            filter; gamma and beta are not learned, and are such that the layer still starts as the plain convolution.
        deformable: both dilations read where an offset convolution 3 x 3 of the 5 x 5 mean says.
    Shapes:
        (N, in_channels, H, W), H and W at least 3 -> (N, out_channels, ceil(H / stride), ceil(W / stride)).
    Raises:
        ValueError: an even kernel, another padding, or an image too small to be reflected.

    Two sets of 3 x 3 weights, the switch, and two 1 x 1 convolutions with biases; without bias the plain one has 589,824:

    >>> sum(p.numel() for p in SwitchableAtrousConv2d(256, 256, 3).parameters())
    1311489

    Source: Qiao, Chen & Yuille (2021), section 4, https://arxiv.org/abs/2006.02334, and its released code
    """

    def __init__(self, in_channels, out_channels, kernel_size, *, stride=1, padding=None, dilation=1, groups=1, bias=False,
                 standardise=False, deformable=False):
        super().__init__()
        k, s = (per_axis(name, v, 2, at_least=1) for name, v in (("kernel_size", kernel_size), ("stride", stride)))
        d = per_axis("dilation", dilation, 2, at_least=1)
        if k[0] % 2 == 0 or k[1] % 2 == 0:
            raise ValueError(f"kernel_size={kernel_size} must be odd, so that both dilations can give the same size")
        p = tuple(d * (k - 1) // 2 for d, k in zip(d, k))
        if padding is not None and per_axis("padding", padding, 2, at_least=0) != p:
            raise ValueError(f"padding={padding} must be dilation (kernel_size - 1) / 2 = {p}, so that both dilations give the same size")
        self.conv = WeightedConv2d(in_channels, out_channels, k, s, p, d, groups, bias)
        self.difference = WeightedConv2d(in_channels, out_channels, k, s, [LARGER * n for n in p], [LARGER * n for n in d], groups, False)
        nn.init.zeros_(self.difference.weight)
        self.switch = nn.Conv2d(in_channels, 1, 1, stride=s)
        nn.init.zeros_(self.switch.weight)
        nn.init.ones_(self.switch.bias)
        self.pre, self.post = nn.Conv2d(in_channels, in_channels, 1), nn.Conv2d(out_channels, out_channels, 1)
        offsets = [nn.Conv2d(in_channels, 2 * k[0] * k[1], 3, s, 1) for _ in range(2)] if flag("deformable", deformable) else []
        self.offsets = nn.ModuleList(offsets)
        for layer in (self.pre, self.post, *offsets):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.standardise = flag("standardise", standardise)
        if standardise:
            deviation, mean = _deviation_and_mean(self.conv.weight.detach())
            self.register_buffer("gamma", deviation)
            self.register_buffer("beta", mean)

    def weights(self):
        """The weights of the small dilation, and those of the large one."""
        w = self.conv.weight
        if self.standardise:
            deviation, mean = _deviation_and_mean(w)
            w = self.gamma * (w - mean) / deviation + self.beta
        return w, w + self.difference.weight

    def forward(self, x):
        if min(x.shape[2:]) < 3:
            raise ValueError(f"x has shape {tuple(x.shape)}; its height and width must be at least 3, to be reflected by 2 at the borders")
        x = x + self.pre(x.mean(dim=(2, 3), keepdim=True))
        around = F.avg_pool2d(F.pad(x, (2, 2, 2, 2), mode="reflect"), 5, stride=1)
        S = self.switch(around)
        small, large = self.weights()
        offsets = [conv(around) for conv in self.offsets] or (None, None)
        y = S * self.conv(x, small, None, offsets[0]) + (1 - S) * self.difference(x, large, self.conv.bias, offsets[1])
        return y + self.post(y.mean(dim=(2, 3), keepdim=True))


class WeightedConv2d(nn.Conv2d):
    """A Conv2d that is told its weights when it is called, and may be told offsets."""

    def __init__(self, *arguments):
        super().__init__(**conv2d_arguments(*arguments))

    def forward(self, x, weight, bias=None, offset=None):
        bias = self.bias if bias is None else bias
        if offset is None:
            return self._conv_forward(x, weight, bias)
        return deform_conv2d(x, offset, weight, bias, stride=self.stride, padding=self.padding, dilation=self.dilation)


def _deviation_and_mean(w):
    variance, mean = torch.var_mean(w, dim=(1, 2, 3), keepdim=True, correction=0)
    return (variance + 1e-5).sqrt(), mean
