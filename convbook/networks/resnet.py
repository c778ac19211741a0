"""ResNet-50: four stages of bottlenecks, each of which adds to what came in.

Source: He, Zhang, Ren & Sun (2016), table 1, https://arxiv.org/abs/1512.03385
"""

from functools import partial

from torch import nn

from convbook._arguments import one_of
from convbook.blocks.pieces import head, stem
from convbook.blocks.resnet import VERSIONS, ResNetBottleneck

# Table 1, conv2_x to conv5_x: width of the bottleneck, channels out, blocks, stride of the first block.
STAGES = (
    (64, 256, 3, 1),
    (128, 512, 4, 2),
    (256, 1024, 6, 2),
    (512, 2048, 3, 2),
)


class ResNet(nn.Module):
    """Stem, stages, global average, one linear layer: (N, in_channels, H, W) -> (N, classes), for any H and W.

    Args:
        block: called as block(in_channels, width, out_channels, stride=s), makes one block.
        stages: as STAGES has them.
        channels: of the stem.
        small: for images of 8 to 32 pixels: the stem is a 3 x 3 convolution that keeps the size.
    """

    def __init__(self, block=ResNetBottleneck, stages=STAGES, *, channels=64, classes=1000, in_channels=3, small=False):
        super().__init__()
        self.stem = stem(in_channels, channels, 7, small=small)
        self.stages = nn.Sequential()
        for width, out, count, stride in stages:
            blocks = [block(channels, width, out, stride=stride)]
            blocks += [block(out, width, out, stride=1) for _ in range(count - 1)]
            self.stages.append(nn.Sequential(*blocks))
            channels = out
        self.head = head(channels, classes)

    def forward(self, x):
        return self.head(self.stages(self.stem(x)))


def resnet50(version="v1", *, classes=1000):
    """Fifty layers: four stages of bottlenecks, each of which adds to what came in.

    Args:
        version: "v1", the paper's, has its strides on the first 1 x 1 of a block; "v1.5", most libraries', on the 3 x 3.
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes), in the paper 224 x 224.
    Raises:
        ValueError: an unknown version.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in resnet50().parameters())
    25557032

    Source: He, Zhang, Ren & Sun (2016), table 1, https://arxiv.org/abs/1512.03385
    """
    return ResNet(partial(ResNetBottleneck, version=one_of("version", version, VERSIONS)), classes=classes)
