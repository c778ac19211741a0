"""The units of ShuffleNet v2: half of the channels pass by untouched.

Source: Ma, Zhang, Zheng & Sun (2018), figure 3, https://arxiv.org/abs/1807.11164
"""

import torch
from torch import nn

from convbook._arguments import one_of, whole
from convbook.blocks.pieces import cb, cbr
from convbook.blocks.shufflenet import ChannelShuffle

FORMS = ("paper", "release")


def _branch(in_channels, width, out_channels, stride):
    return nn.Sequential(
        cbr(in_channels, width, 1),
        cb(width, width, 3, stride=stride, padding=1, groups=width),
        cbr(width, out_channels, 1))


class ShuffleV2Unit(nn.Module):
    """One unit of the paper's figure 3, or what the authors' released code makes of it.

        stride 1    left, right = halves of x;      y = concat(left, branch(right))
        stride 2    both sides read all of x;       y = concat(cb depthwise 3x3/2, cbr 1x1; branch)
        branch      cbr 1x1 -> out / 2, cb depthwise 3x3 / stride, cbr 1x1

    | form      | channels of the two sides at stride 2 | shuffle                                                |
    |-----------|---------------------------------------|--------------------------------------------------------|
    | "paper"   | out / 2 and out / 2                   | each unit ends with shuffle(2) of the concatenation    |
    | "release" | in and out - in                       | a stride-1 unit starts by halving into even and odd    |

    Args:
        in_channels, out_channels: even, and equal at stride 1; in the released form at stride 2 the output is the wider one.
        stride: 1 or 2.
        form: "paper" or "release".
    Shapes:
        (N, in_channels, H, W) -> (N, out_channels, ceil(H / stride), ceil(W / stride)).
    Raises:
        ValueError: another stride or form, or channels that do not fit.

    >>> unit = ShuffleV2Unit(4, 4)
    >>> x = torch.randn(1, 4, 5, 6)
    >>> torch.equal(unit(x)[:, ::2], x[:, :2])  # the left half, dealt out to every other channel
    True

    Source: Ma et al. (2018), figure 3 (c, d), https://arxiv.org/abs/1807.11164
    """

    def __init__(self, in_channels, out_channels, *, stride=1, form="paper"):
        super().__init__()
        i, o = whole("in_channels", in_channels, at_least=2), whole("out_channels", out_channels, at_least=2)
        self.stride, self.form = whole("stride", stride, at_least=1), one_of("form", form, FORMS)
        if stride > 2:
            raise ValueError(f"stride={stride} must be 1 or 2")
        if o % 2:
            raise ValueError(f"out_channels={o} must be even: a unit has two sides")
        if stride == 1 and i != o:
            raise ValueError(f"in_channels={i} must equal out_channels={o} at stride=1, where half of the input passes by")
        if stride == 2 and form == "release" and o <= i:
            raise ValueError(f"out_channels={o} must be more than in_channels={i} at stride=2 in form='release': its left side keeps all of them")
        if stride == 1:
            self.left, self.right = nn.Identity(), _branch(o // 2, o // 2, o // 2, 1)
        else:
            left = o // 2 if form == "paper" else i
            self.left = nn.Sequential(cb(i, i, 3, stride=2, padding=1, groups=i), cbr(i, left, 1))
            self.right = _branch(i, o // 2, o - left, 2)
        self.shuffle = ChannelShuffle(2) if form == "paper" else nn.Identity()

    def forward(self, x):
        left, right = self.split(x) if self.stride == 1 else (x, x)
        return self.shuffle(torch.cat([self.left(left), self.right(right)], dim=1))

    def split(self, x):
        """Two halves of the channels: first and second in the paper's form, even and odd in the released one."""
        return x.chunk(2, dim=1) if self.form == "paper" else (x[:, ::2], x[:, 1::2])
