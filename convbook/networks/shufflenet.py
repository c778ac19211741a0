"""ShuffleNet v1 and v2: a small stem, three stages of units, a linear layer.

Sources: Zhang, Zhou, Lin & Sun (2018), table 1, https://arxiv.org/abs/1707.01083; Ma, Zhang, Zheng & Sun (2018), table 5,
https://arxiv.org/abs/1807.11164; the authors' code, https://github.com/megvii-model/ShuffleNet-Series
"""

from torch import nn

from convbook.blocks.pieces import cbr, head, stem
from convbook.blocks.shufflenet import ShuffleUnit
from convbook.blocks.shufflenet_v2 import ShuffleV2Unit

# Units of stages 2, 3 and 4; the first unit of each has stride 2.
UNITS = (4, 8, 4)

# v1, table 1: groups -> channels of the three stages.
V1_WIDTHS = {
    1: (144, 288, 576),
    2: (200, 400, 800),
    3: (240, 480, 960),
    4: (272, 544, 1088),
    8: (384, 768, 1536),
}
# v1, the authors' code: scale -> channels of the stem. At 0.5 its net of 8 groups has 16: what the first unit adds, 192 - 16,
# must be divisible by 8.
V1_STEMS = {0.5: 12, 1.0: 24, 1.5: 24, 2.0: 48}

# v2, table 5: scale -> channels of the three stages, of the last 1 x 1 convolution.
V2_WIDTHS = {
    0.5: ((48, 96, 192), 1024),
    1.0: ((116, 232, 464), 1024),
    1.5: ((176, 352, 704), 1024),
    2.0: ((244, 488, 976), 2048),
}


class ShuffleNetV1(nn.Module):
    """Stem, stages of units (c, b, b, ...), global average, one linear layer: (N, in_channels, H, W) -> (N, classes).

    Args:
        groups: of the 1 x 1 convolutions, all but the very first, which would read only 24 / groups channels.
        widths, units: channels and number of units of each stage.
        channels: of the stem.
        shuffle: False leaves every shuffle out, for an experiment.
        small: for images of 8 to 32 pixels: the stem is a 3 x 3 convolution that keeps the size.
        fc_bias: whether the linear layer has a bias; the authors' code has none.
    Raises:
        ValueError: groups that do not divide the channels.
    """

    def __init__(self, groups=3, widths=V1_WIDTHS[3], units=UNITS, *, channels=24, classes=1000, in_channels=3, shuffle=True, small=False,
                 fc_bias=True):  # fmt: skip
        super().__init__()
        self.stem = stem(in_channels, channels, 3, small=small)
        self.stages = nn.Sequential()
        for number, (width, count) in enumerate(zip(widths, units, strict=True)):
            first = ShuffleUnit(channels, width, groups=groups, form="c", first_groups=1 if number == 0 else groups, shuffle=shuffle)
            rest = [ShuffleUnit(width, width, groups=groups, form="b", shuffle=shuffle) for _ in range(count - 1)]
            self.stages.append(nn.Sequential(first, *rest))
            channels = width
        self.head = head(channels, classes, bias=fc_bias)

    def forward(self, x):
        return self.head(self.stages(self.stem(x)))


class ShuffleNetV2(nn.Module):
    """Stem, stages of units, a 1 x 1 convolution, global average, one linear layer: (N, in_channels, H, W) -> (N, classes).

    Args:
        widths, units: channels and number of units of each stage.
        last: channels of the 1 x 1 convolution before the average.
        channels: of the stem.
        form: "paper" or "release", as in `ShuffleV2Unit`.
        small, fc_bias: as in `ShuffleNetV1`.
    """

    def __init__(self, widths=V2_WIDTHS[1.0][0], last=1024, units=UNITS, *, channels=24, classes=1000, in_channels=3, form="paper", small=False,
                 fc_bias=True):  # fmt: skip
        super().__init__()
        self.stem = stem(in_channels, channels, 3, small=small)
        self.stages = nn.Sequential()
        for width, count in zip(widths, units, strict=True):
            first = ShuffleV2Unit(channels, width, stride=2, form=form)
            self.stages.append(nn.Sequential(first, *(ShuffleV2Unit(width, width, form=form) for _ in range(count - 1))))
            channels = width
        self.last = cbr(channels, last, 1)
        self.head = head(last, classes, bias=fc_bias)

    def forward(self, x):
        return self.head(self.last(self.stages(self.stem(x))))


def shufflenet_v1(groups=3, scale=1.0, *, classes=1000, shuffle=True, fc_bias=True):
    """Three stages of shuffle units: table 1's column of `groups`, its stages `scale` times as wide.

    Args:
        groups: 1, 2, 3, 4 or 8.
        scale: 0.5, 1.0, 1.5 or 2.0.
        classes: outputs.
        shuffle, fc_bias: as in `ShuffleNetV1`.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes), in the paper 224 x 224.
    Raises:
        ValueError: another number of groups, another scale, or a pair of them that the groups do not divide, as the paper's
            own "ShuffleNet 0.5x (g=4)".

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in shufflenet_v1().parameters())
    1865728

    Source: Zhang, Zhou, Lin & Sun (2018), table 1, https://arxiv.org/abs/1707.01083
    """
    if groups not in V1_WIDTHS:
        raise ValueError(f"groups={groups!r} must be one of {', '.join(map(str, V1_WIDTHS))}")
    if scale not in V1_STEMS:
        raise ValueError(f"scale={scale!r} must be one of {', '.join(map(str, V1_STEMS))}")
    widths = [int(scale * width) for width in V1_WIDTHS[groups]]
    channels = 16 if (groups, scale) == (8, 0.5) else V1_STEMS[scale]
    try:
        return ShuffleNetV1(groups, widths, channels=channels, classes=classes, shuffle=shuffle, fc_bias=fc_bias)
    except ValueError as error:
        raise ValueError(f"groups={groups} with scale={scale} cannot be built, stages of {', '.join(map(str, widths))}: {error}") from None


def shufflenet_v2(scale=1.0, *, form="paper", classes=1000, fc_bias=True):
    """Three stages of units that split their channels, in one of table 5's four sizes.

    Args:
        scale: 0.5, 1.0, 1.5 or 2.0.
        form: "paper", units as figure 3 (d) draws them; "release", as the authors' code has them.
        classes: outputs.
        fc_bias: whether the linear layer has a bias; the authors' code has none.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes), in the paper 224 x 224.
    Raises:
        ValueError: another scale or form.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in shufflenet_v2().parameters())
    2278604

    Source: Ma, Zhang, Zheng & Sun (2018), table 5, https://arxiv.org/abs/1807.11164
    """
    if scale not in V2_WIDTHS:
        raise ValueError(f"scale={scale!r} must be one of {', '.join(map(str, V2_WIDTHS))}")
    return ShuffleNetV2(*V2_WIDTHS[scale], form=form, classes=classes, fc_bias=fc_bias)
