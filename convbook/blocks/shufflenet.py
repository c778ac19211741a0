"""The units of ShuffleNet v1: pointwise group convolutions, and a shuffle of channels that lets the groups meet.

Source: Zhang, Zhou, Lin & Sun (2018), figure 2, https://arxiv.org/abs/1707.01083
"""

import torch
from torch import nn

from convbook._arguments import flag, group_count, one_of, whole
from convbook.blocks.pieces import cb

FORMS = ("a", "b", "c")


class ChannelShuffle(nn.Module):
    """Deal the channels out like cards: the first of each group, then the second of each group, and so on.

        C channels = g groups of n:    reshape to (g, n), transpose to (n, g), flatten

    Args:
        groups: g >= 1; it must divide the channels of the input.
    Shapes:
        (N, C, H, W) -> (N, C, H, W), and likewise (N, C, ...) with any further axes.
    Raises:
        ValueError: g does not divide C.

    >>> ChannelShuffle(3)(torch.arange(12).reshape(1, 12, 1, 1)).flatten().tolist()
    [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]

    `ChannelShuffle(C // g)` undoes it. Same result as `torch.nn.ChannelShuffle`.

    Source: Zhang et al. (2018), section 3.1, https://arxiv.org/abs/1707.01083
    """

    def __init__(self, groups):
        super().__init__()
        self.groups = whole("groups", groups, at_least=1)

    def forward(self, x):
        N, C, *size = x.shape
        if C % self.groups:
            raise ValueError(f"groups={self.groups} must divide the {C} channels of x, which has shape {tuple(x.shape)}")
        return x.reshape(N, self.groups, C // self.groups, *size).transpose(1, 2).reshape(N, C, *size)

    def extra_repr(self):
        return f"groups={self.groups}"


class PointwiseGroupConv2d(nn.Conv2d):
    """A 1 x 1 convolution in groups: each mixes only the channels of its own group, at 1/g of the cost.

    Args:
        in_channels, out_channels: C and D.
        groups: g >= 1, dividing both.
        bias: whether each output channel adds a learned constant.
    Shapes:
        (N, C, H, W) -> (N, D, H, W).
    Raises:
        ValueError: g does not divide C and D.

    >>> PointwiseGroupConv2d(240, 60, groups=3).weight.numel(), 240 * 60 // 3
    (4800, 4800)

    Source: Zhang et al. (2018), section 3.1, https://arxiv.org/abs/1707.01083
    """

    def __init__(self, in_channels, out_channels, *, groups, bias=False):
        super().__init__(in_channels, out_channels, 1, groups=group_count(groups, in_channels, out_channels), bias=flag("bias", bias))


class ShuffleUnit(nn.Module):
    """One unit of the paper's figure 2.

        (a)  cbr 1x1 -> m, cbr depthwise 3x3, cb 1x1 -> out;                           ReLU(x + y)
        (b)  cbr 1x1 g -> m, shuffle(g), cb depthwise 3x3, cb 1x1 g -> out;            ReLU(x + y)
        (c)  cbr 1x1 g -> m, shuffle(g), cb depthwise 3x3/2, cb 1x1 g -> out - in;     ReLU(concat(avgpool 3/2 p1 (x), y))

    with m = out / 4. The depthwise convolution of (b) and (c) has no ReLU after it.

    Args:
        in_channels, out_channels: equal in (a) and (b), where they are added; in (c) the output must be the wider one.
        groups: g of the two 1 x 1 convolutions; 1 in form (a).
        form: "a", the plain bottleneck; "b", stride 1; "c", stride 2.
        first_groups: groups of the first 1 x 1, if others; 1 in the very first unit of a ShuffleNet, which reads few channels.
        shuffle: False leaves the shuffle out, so that one can see what it is for.
    Shapes:
        (N, in_channels, H, W) -> (N, out_channels, H, W), in (c) half of H and W, rounded up.
    Raises:
        ValueError: channels that do not fit the form, or that the groups do not divide; the message says which.

    >>> ShuffleUnit(24, 240, groups=3, form="c", first_groups=1)(torch.zeros(1, 24, 7, 6)).shape
    torch.Size([1, 240, 4, 3])

    Source: Zhang et al. (2018), figure 2, https://arxiv.org/abs/1707.01083
    """

    def __init__(self, in_channels, out_channels, *, groups=1, form="b", first_groups=None, shuffle=True):
        super().__init__()
        i, o, g, m = _read(in_channels, out_channels, groups, form)
        self.form = form
        first = g if first_groups is None else whole("first_groups", first_groups, at_least=1)
        stride, branch = (2, o - i) if form == "c" else (1, o)
        self.reduce = nn.Sequential(PointwiseGroupConv2d(i, m, groups=first), nn.BatchNorm2d(m), nn.ReLU())
        self.shuffle = ChannelShuffle(g) if flag("shuffle", shuffle) else nn.Identity()
        self.depthwise = cb(m, m, 3, stride=stride, padding=1, groups=m)
        if form == "a":
            self.depthwise.add_module("relu", nn.ReLU())
        self.expand = nn.Sequential(PointwiseGroupConv2d(m, branch, groups=g), nn.BatchNorm2d(branch))
        self.pool = nn.AvgPool2d(3, stride=2, padding=1) if form == "c" else nn.Identity()

    def forward(self, x):
        y = self.expand(self.depthwise(self.shuffle(self.reduce(x))))
        if self.form == "c":
            return torch.relu(torch.cat([self.pool(x), y], dim=1))
        return torch.relu(x + y)


def _read(in_channels, out_channels, groups, form):
    i = whole("in_channels", in_channels, at_least=1)
    o = whole("out_channels", out_channels, at_least=1)
    g = whole("groups", groups, at_least=1)
    one_of("form", form, FORMS)
    if o % 4:
        raise ValueError(f"out_channels={o} must be divisible by 4: the inside of a unit is a quarter as wide")
    if (o // 4) % g:
        raise ValueError(f"groups={g} must divide the inside of the unit, out_channels / 4 = {o} / 4 = {o // 4}")
    if form == "a" and g != 1:
        raise ValueError(f"groups={g} must be 1 in form='a', the plain bottleneck; form='b' has groups")
    if form != "c" and i != o:
        raise ValueError(f"in_channels={i} must equal out_channels={o} in form={form!r}, which adds input and branch")
    if form == "c" and o <= i:
        raise ValueError(f"out_channels={o} must be more than in_channels={i} in form='c', which joins the branch to the pooled input")
    return i, o, g, o // 4
