"""The networks that the chapters name, as untrained `torch.nn.Module`s: one file a family."""

from convbook.networks.bn_inception import bn_inception
from convbook.networks.flattened import flattened_net
from convbook.networks.googlenet import googlenet, small_googlenet
from convbook.networks.inception_v3 import inception_v3
from convbook.networks.inception_v4 import inception_v4
from convbook.networks.lenet import lenet5
from convbook.networks.super_resolution import fsrcnn, fsrcnn_transition, srcnn
from convbook.networks.vgg import vgg
from convbook.networks.xception import xception

__all__ = [
    "lenet5", "vgg",
    "googlenet", "small_googlenet", "bn_inception", "inception_v3", "inception_v4", "xception",
    "srcnn", "fsrcnn", "fsrcnn_transition", "flattened_net",
]
