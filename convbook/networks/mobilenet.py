"""MobileNet v1: thirteen depthwise separable convolutions, its thinner and shallower forms, and its full-convolution twin.

Source: Howard et al. (2017), table 1, https://arxiv.org/abs/1704.04861
"""

from torch import nn

from convbook.blocks.depthwise import DepthwiseSeparableConv2d
from convbook.blocks.pieces import cbr, head

# Table 1: channels and stride of each pair "depthwise 3 x 3, 1 x 1". The table prints stride 2 at the last depthwise
# convolution, too; with the 7 x 7 maps that it prints there, the stride must be 1.
PAIRS = (
    (64, 1),
    (128, 2), (128, 1),
    (256, 2), (256, 1),
    (512, 2), *[(512, 1)] * 5,
    (1024, 2), (1024, 1),
)  # fmt: skip
# Table 3's shallow network: without the five equal pairs.
SHALLOW = tuple(pair for pair in PAIRS if pair != (512, 1))


def scaled(channels, alpha):
    """Channels times the width multiplier, rounded, at least 1.

    >>> scaled(32, 0.75), scaled(1024, 0.25)
    (24, 256)
    """
    return max(1, round(alpha * channels))


class MobileNetV1(nn.Module):
    """Stem, pairs, global average, one linear layer: (N, in_channels, H, W) -> (N, classes), for any H and W.

    Args:
        alpha: the width multiplier, above 0: of every channel count, the stem's included.
        pairs: channels and stride of each pair.
        separable: False puts one 3 x 3 convolution in the place of each pair.
        channels: of the stem, before the multiplier.
        small: for images of 8 to 32 pixels: the stem keeps the size.
    Raises:
        ValueError: alpha is not above 0.
    """

    def __init__(self, alpha=1.0, pairs=PAIRS, *, separable=True, channels=32, classes=1000, in_channels=3, small=False):
        super().__init__()
        if not alpha > 0:
            raise ValueError(f"alpha={alpha!r} must be above 0; the paper has 1.0, 0.75, 0.5 and 0.25")
        C = scaled(channels, alpha)
        self.stem = cbr(in_channels, C, 3, stride=1 if small else 2, padding=1)
        self.pairs = nn.Sequential()
        for width, stride in pairs:
            D = scaled(width, alpha)
            if separable:
                self.pairs.append(DepthwiseSeparableConv2d(C, D, 3, stride=stride, padding=1, form="mobilenet"))
            else:
                self.pairs.append(cbr(C, D, 3, stride=stride, padding=1))
            C = D
        self.head = head(C, classes)

    def forward(self, x):
        return self.head(self.pairs(self.stem(x)))


def mobilenet_v1(alpha=1.0, *, separable=True, shallow=False, classes=1000):
    """Thirteen depthwise separable convolutions between a stem and a linear layer.

    Args:
        alpha: the width multiplier; the paper has 1.0, 0.75, 0.5 and 0.25.
        separable: False gives the full-convolution twin of table 4.
        shallow: True leaves out the five (512, 1) pairs, as table 5 does.
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes); the paper's sizes are 224, 192, 160 and 128.
    Raises:
        ValueError: alpha is not above 0.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in mobilenet_v1().parameters())
    4231976

    Source: Howard et al. (2017), table 1, https://arxiv.org/abs/1704.04861
    """
    return MobileNetV1(alpha, SHALLOW if shallow else PAIRS, separable=separable, classes=classes)
