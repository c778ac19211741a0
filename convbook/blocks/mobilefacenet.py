"""MobileFaceNet's bottleneck: widen, filter each channel by itself, narrow without a nonlinearity.

Source: Chen, Liu, Gao & Han (2018), section 3.3, https://arxiv.org/abs/1804.07573; the block is MobileNetV2's
(https://arxiv.org/abs/1801.04381) with PReLU.
"""

from torch import nn

from convbook._arguments import one_of, whole
from convbook.blocks.pieces import cb, cbp, cbr

# Convolution, batch norm and this activation.
ACTIVATED = {"prelu": cbp, "relu": cbr}


class MobileFaceBottleneck(nn.Module):
    """An inverted bottleneck: wide inside, narrow where it adds.

        cbp 1x1 -> t in, cbp depthwise 3x3 / stride, cb 1x1 -> out;    x + y if the shapes agree, else y

    Args:
        in_channels, out_channels: at least 1.
        expansion: t, how much wider the inside is than the input.
        stride: of the depthwise convolution.
        activation: "prelu" or "relu"; the last 1 x 1 has none.
    Shapes:
        (N, in_channels, H, W) -> (N, out_channels, ceil(H / stride), ceil(W / stride)).
    Raises:
        ValueError, TypeError: a count below 1, or an unknown activation.

    >>> block = MobileFaceBottleneck(64, 64, expansion=2)
    >>> sum(p.numel() for p in block.parameters() if p.dim() == 4)  # 64 * 128 + 9 * 128 + 128 * 64
    17536

    Source: Sandler et al. (2018), table 1, https://arxiv.org/abs/1801.04381
    """

    def __init__(self, in_channels, out_channels, *, expansion=2, stride=1,
                 activation="prelu"):
        super().__init__()
        sizes = dict(in_channels=in_channels, out_channels=out_channels,
                     expansion=expansion, stride=stride)
        i, o, t, stride = (whole(name, n, at_least=1) for name, n in sizes.items())
        cba = ACTIVATED[one_of("activation", activation, tuple(ACTIVATED))]
        self.expand = cba(i, t * i, 1)
        self.depthwise = cba(t * i, t * i, 3, stride=stride, padding=1, groups=t * i)
        self.reduce = cb(t * i, o, 1)
        self.adds = stride == 1 and i == o

    def forward(self, x):
        y = self.reduce(self.depthwise(self.expand(x)))
        return x + y if self.adds else y
