"""The blocks that networks are stacked from, as `torch.nn.Module`s: one file a family.

Every one takes images (N, C, H, W). The tables' short words (cbr, cb, cr) are functions in `convbook.blocks.pieces`.
"""

from convbook.blocks.pieces import cb, cbp, cbr, cr, head, stem
from convbook.blocks.bilinear import bilinear_kernel
from convbook.blocks.branches import Branches, Path
from convbook.blocks.flattened import FlattenedConv2d
from convbook.blocks.dropping import Dropout, DropPath, dropout
from convbook.blocks.inception import InceptionModule
from convbook.blocks.inception_v2 import bn_inception_module, bn_inception_reduction
from convbook.blocks.inception_v3 import inception_v3_module
from convbook.blocks.inception_v4 import inception_v4_module, inception_v4_stem
from convbook.blocks.xception import XceptionBlock
from convbook.blocks.resnet import ResNetBottleneck
from convbook.blocks.resnext import ResNeXtBottleneck, carry_weights, in_form
from convbook.blocks.shufflenet import ChannelShuffle, PointwiseGroupConv2d, ShuffleUnit
from convbook.blocks.shufflenet_v2 import ShuffleV2Unit
from convbook.blocks.depthwise import DepthwiseSeparableConv2d, GlobalDepthwiseConv2d
from convbook.blocks.mobilefacenet import MobileFaceBottleneck
from convbook.blocks.rank_one import RankOneConv2d
from convbook.blocks.deformable import DeformConv2d, as_deformable, parameter_groups
from convbook.blocks.deform_roi import DeformPSRoIPool2d, DeformRoIPool2d
from convbook.blocks.aspp import ASPP, SummedASPP
from convbook.blocks.switchable import SwitchableAtrousConv2d
from convbook.blocks.upsampling import ResizeConv2d, SubPixelConv2d, icnr_
from convbook.blocks.deconvnet import deconvnet

__all__ = [
    "cb", "cbp", "cbr", "cr", "head", "stem",
    "ResNetBottleneck", "ResNeXtBottleneck", "carry_weights", "in_form",
    "ChannelShuffle", "PointwiseGroupConv2d", "ShuffleUnit", "ShuffleV2Unit",
    "DepthwiseSeparableConv2d", "GlobalDepthwiseConv2d", "MobileFaceBottleneck", "RankOneConv2d",
    "Branches", "Path", "InceptionModule", "bn_inception_module", "bn_inception_reduction",
    "inception_v3_module", "inception_v4_module", "inception_v4_stem", "XceptionBlock",
    "FlattenedConv2d", "bilinear_kernel",
    "DeformConv2d", "as_deformable", "parameter_groups",
    "DeformPSRoIPool2d", "DeformRoIPool2d",
    "ASPP", "SummedASPP",
    "SwitchableAtrousConv2d",
    "ResizeConv2d", "SubPixelConv2d", "icnr_", "deconvnet",
    "Dropout", "DropPath", "dropout",
]
