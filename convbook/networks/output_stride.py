"""Strides of a trained network taken out, and dilation put in: the same weights on a finer grid.

Source: Chen et al. (2015), DeepLab, section 3.1, https://arxiv.org/abs/1412.7062; Chen et al. (2017), section 3.2,
https://arxiv.org/abs/1706.05587
"""

from copy import deepcopy

from torch import nn

from convbook.networks.resnet import resnet50

OUTPUT_STRIDES = (4, 8, 16, 32)


def without_stride(stages):
    """A copy of ResNet's stages in which every stride is 1 and what comes after it is dilated by as much: in place.

    A layer behind a stride of 2 used to read every other position. Now all positions are there, and a kernel of dilation 2
    reads the same ones. So the copy gives, at every second row and column, the numbers that the stages gave.

    Args:
        stages: a sequence of stages, each a sequence of bottlenecks; their strides may stand in any convolution.
    Returns:
        stages, rate: the copy, and the product of the strides that were taken out.
    """
    stages, rate = deepcopy(stages), 1
    for block in (block for stage in stages for block in stage):
        main_path = nn.Sequential(block.reduce, block.spatial, block.expand)
        for path in (block.shortcut, main_path):
            inside = rate
            for conv in (m for m in path.modules() if isinstance(m, nn.Conv2d)):
                stride, = set(conv.stride)  # the same along both axes
                conv.dilation = (inside, inside)
                conv.padding = tuple(p * inside for p in conv.padding)
                conv.stride = (1, 1)
                inside *= stride
        rate = inside
    return stages, rate


def atrous_resnet50(output_stride=8, *, version="v1"):
    """ResNet-50's features with a map as fine as wanted: (N, 3, H, W) -> (N, 2048, ~ H / output_stride, ~ W / output_stride).

    Args:
        output_stride: 32, the plain network; 16, its last stage is dilated; 8 (DeepLab), its last two; 4, its last three.
        version: as for `resnet50`.
    Raises:
        ValueError: another output stride, or an unknown version.
    """
    if output_stride not in OUTPUT_STRIDES:
        raise ValueError(f"output_stride={output_stride!r} must be one of {', '.join(map(str, OUTPUT_STRIDES))}")
    net = resnet50(version)
    kept = 1 + OUTPUT_STRIDES.index(output_stride)
    dense, _ = without_stride(net.stages[kept:])
    return nn.Sequential(net.stem, *net.stages[:kept], *dense)
