"""The networks that the chapters name, as untrained `torch.nn.Module`s: one file a family."""

from convbook.networks.alexnet import AlexNet, alexnet, alexnet_one_column
from convbook.networks.aspp import aspp_head
from convbook.networks.bn_inception import bn_inception
from convbook.networks.deformable import deformable_resnet50
from convbook.networks.digit_net import DigitNet
from convbook.networks.flattened import flattened_net
from convbook.networks.googlenet import googlenet, small_googlenet
from convbook.networks.inception_v3 import inception_v3
from convbook.networks.inception_v4 import inception_v4
from convbook.networks.lenet import lenet5
from convbook.networks.mobilefacenet import MobileFaceNet, folded_params, mobilefacenet
from convbook.networks.mobilenet import MobileNetV1, mobilenet_v1
from convbook.networks.resnet import ResNet, resnet50
from convbook.networks.resnext import ResNeXt, resnext50_32x4d
from convbook.networks.shufflenet import ShuffleNetV1, ShuffleNetV2, shufflenet_v1, shufflenet_v2
from convbook.networks.super_resolution import fsrcnn, fsrcnn_transition, srcnn
from convbook.networks.vgg import vgg
from convbook.networks.zfnet import zfnet
from convbook.networks.xception import xception

__all__ = [
    "lenet5", "alexnet", "alexnet_one_column", "zfnet", "vgg", "resnet50", "resnext50_32x4d",
    "shufflenet_v1", "shufflenet_v2", "mobilenet_v1", "mobilefacenet", "folded_params",
    "AlexNet", "ResNet", "ResNeXt", "ShuffleNetV1", "ShuffleNetV2", "MobileNetV1", "MobileFaceNet",
    "googlenet", "small_googlenet", "bn_inception", "inception_v3", "inception_v4", "xception",
    "srcnn", "fsrcnn", "fsrcnn_transition", "flattened_net",
    "deformable_resnet50", "aspp_head",
    "DigitNet",
]
