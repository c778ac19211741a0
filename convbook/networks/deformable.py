"""ResNet-50 whose late 3 x 3 convolutions move their taps: the same network, with these layers exchanged.

Sources: Dai et al. (2017), section 2.3, https://arxiv.org/abs/1703.06211; Zhu et al. (2019), section 3.1, https://arxiv.org/abs/1811.11168
"""

from torch import nn

from convbook._arguments import one_of
from convbook.blocks.deformable import as_deformable
from convbook.networks.resnet import STAGES, ResNet

VERSIONS = ("v1", "v2")


def deformable_resnet50(version="v1", *, classes=1000):
    """ResNet-50 whose late 3 x 3 convolutions move their taps.

    Args:
        version: "v1", the three of conv5, which keeps the size of conv4 (output stride 16) and has dilation 2 instead;
            "v2", modulated, the 4 + 6 + 3 of conv3 to conv5, with the strides of ResNet-50.
        classes: outputs. Detectors put a head of their own on the stages.
    Returns:
        an untrained torch.nn.Module: (N, 3, H, W) -> (N, classes), in the papers 224 x 224.
    Raises:
        ValueError: an unknown version.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in deformable_resnet50().parameters())
    25805918

    Source: Dai et al. (2017), section 2.3, https://arxiv.org/abs/1703.06211; Zhu et al. (2019), section 3.1,
    https://arxiv.org/abs/1811.11168
    """
    if one_of("version", version, VERSIONS) == "v2":
        net = ResNet(classes=classes)
        return exchange(net, stages=(1, 2, 3), modulated=True)
    width, out, count, _ = STAGES[-1]
    net = ResNet(stages=(*STAGES[:-1], (width, out, count, 1)), classes=classes)
    return exchange(net, stages=(3,), dilation=2)


def exchange(net: nn.Module, *, stages, dilation=1, **options):
    """Exchange the 3 x 3 convolutions of a ResNet's stages, in place, for deformable ones with the same weights.

    Args:
        net: a `ResNet` of bottlenecks, trained or not.
        stages: which ones, from 0.
        dilation: of the new convolutions; it replaces a stride that the stage no longer has.
        options: of `DeformConv2d`: modulated, deform_groups, offset_dilation.
    Returns:
        net. Without modulation and with dilation 1 it still gives what it gave.
    """
    for stage in stages:
        for block in net.stages[stage]:
            block.spatial.conv = as_deformable(block.spatial.conv, dilation=dilation, padding=dilation, **options)
    return net
