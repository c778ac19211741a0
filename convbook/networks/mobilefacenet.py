"""MobileFaceNet: a face to 128 numbers, pooled by a depthwise convolution that weighs each place of the map.

Source: Chen, Liu, Gao & Han (2018), table 1, https://arxiv.org/abs/1804.07573
"""

from torch import nn

from convbook._arguments import one_of, per_axis
from convbook.blocks.depthwise import GlobalDepthwiseConv2d
from convbook.blocks.mobilefacenet import ACTIVATED, MobileFaceBottleneck
from convbook.blocks.pieces import cb
from convbook.shapes import conv_output_size

# Table 1: expansion t, channels c, number n of bottlenecks, stride s of the first of them.
BOTTLENECKS = (
    (2, 64, 5, 2),
    (4, 128, 1, 2),
    (2, 128, 6, 1),
    (4, 128, 1, 2),
    (2, 128, 2, 1),
)
# Section 3.3: which of the two 1 x 1 convolutions at the end a variant keeps, before and after the global convolution.
VARIANTS = {
    "": dict(wide=512, embedding=128),
    "M": dict(wide=512, embedding=None),
    "S": dict(wide=None, embedding=None),
}


class MobileFaceNet(nn.Module):
    """Stem, bottlenecks, 1 x 1, global depthwise convolution, 1 x 1: (N, in_channels, H, W) -> (N, embedding).

    Args:
        bottlenecks: as BOTTLENECKS has them.
        channels: of the stem.
        wide: channels of the 1 x 1 convolution before the global one; None leaves it out.
        embedding: numbers for each face, made by a last 1 x 1 convolution; None leaves it out.
        size: (H, W) of the images, or one int; the global convolution fits one size only.
        activation: "prelu" or "relu".
        small: for images of 8 to 32 pixels: the stem keeps the size.
    """

    def __init__(self, bottlenecks=BOTTLENECKS, *, channels=64, wide=512, embedding=128, size=112, activation="prelu", in_channels=3, small=False):
        super().__init__()
        cba = ACTIVATED[one_of("activation", activation, tuple(ACTIVATED))]
        C, first = channels, 1 if small else 2
        self.stem = cba(in_channels, C, 3, stride=first, padding=1)
        self.depthwise = cba(C, C, 3, padding=1, groups=C)
        self.bottlenecks = nn.Sequential()
        for t, c, n, s in bottlenecks:
            for stride in (s, *[1] * (n - 1)):
                self.bottlenecks.append(MobileFaceBottleneck(C, c, expansion=t, stride=stride, activation=activation))
                C = c
        self.widen = nn.Identity() if wide is None else cba(C, wide, 1)
        C = wide or C
        self.map_size = per_axis("size", size, 2, at_least=1)
        for stride in (first, *(row[3] for row in bottlenecks)):
            self.map_size = tuple(conv_output_size(n, 3, stride=stride, padding=1) for n in self.map_size)
        self.pool = nn.Sequential(GlobalDepthwiseConv2d(C, self.map_size), nn.BatchNorm2d(C))
        self.embed = nn.Identity() if embedding is None else cb(C, embedding, 1)
        self.flatten = nn.Flatten()

    def forward(self, x):
        x = self.bottlenecks(self.depthwise(self.stem(x)))
        return self.flatten(self.embed(self.pool(self.widen(x))))


def mobilefacenet(variant="", *, activation="prelu", size=112):
    """A face to 128 numbers, by inverted bottlenecks and a global depthwise convolution.

    Args:
        variant: "", 128 numbers for each face; "M", 512, without the last 1 x 1 convolution; "S", 128, without the one before
            the global convolution, too.
        activation: "prelu" or "relu".
        size: (H, W), or one int, which the global convolution fits; the paper has 112 x 112, 112 x 96 and 96 x 96.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, 128), or (N, 512) for "M".
    Raises:
        ValueError: an unknown variant or activation.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in mobilefacenet().parameters())
    1003136

    Source: Chen, Liu, Gao & Han (2018), table 1, https://arxiv.org/abs/1804.07573
    """
    return MobileFaceNet(**VARIANTS[one_of("variant", variant, tuple(VARIANTS))], activation=activation, size=size)


def folded_params(network):
    """Parameters after every batch norm has been folded into the convolution before it: gamma and beta become one bias.

    >>> folded_params(cb(3, 2, 5))  # 150 weights, 2 biases
    152
    """
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    return sum(p.numel() for p in network.parameters()) - sum(m.num_features for m in norms)
