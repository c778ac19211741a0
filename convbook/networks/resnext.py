"""ResNeXt-50 (32x4d): ResNet-50 in which each bottleneck is 32 narrow ones.

Source: Xie, Girshick, Dollar, Tu & He (2017), table 1, https://arxiv.org/abs/1611.05431
"""

from convbook.blocks.resnext import ResNeXtBottleneck
from convbook.networks.resnet import ResNet

# Table 1, conv2 to conv5: width d of one path, channels out, blocks, stride of the first block. With 32 paths 32 d = 128, 256, ...
STAGES = (
    (4, 256, 3, 1),
    (8, 512, 4, 2),
    (16, 1024, 6, 2),
    (32, 2048, 3, 2),
)


class ResNeXt(ResNet):
    """A ResNet of ResNeXt blocks; `stages` hold path widths where ResNet's hold widths, the other options are ResNet's.

    >>> import torch
    >>> digits = ResNeXt(4, ((2, 16, 1, 1), (4, 32, 1, 2)), channels=8, classes=10, in_channels=1, small=True)
    >>> digits(torch.zeros(3, 1, 8, 8)).shape
    torch.Size([3, 10])
    """

    def __init__(self, cardinality=32, stages=STAGES, *, form="c", **options):
        def block(in_channels, path_width, out_channels, *, stride):
            return ResNeXtBottleneck(in_channels, out_channels, cardinality=cardinality, path_width=path_width, stride=stride, form=form)

        super().__init__(block, stages, **options)


def resnext50_32x4d(*, form="c", classes=1000):
    """ResNet-50 in which each bottleneck is 32 paths, 4 channels wide.

    Args:
        form: of its blocks, "a", "b" or "c": all compute the same.
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes), in the paper 224 x 224.
    Raises:
        ValueError: an unknown form.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in resnext50_32x4d().parameters())
    25028904

    Source: Xie, Girshick, Dollar, Tu & He (2017), table 1, https://arxiv.org/abs/1611.05431
    """
    return ResNeXt(form=form, classes=classes)
