"""The networks that the chapters name, as untrained `torch.nn.Module`s: one file a family."""

from convbook.networks.lenet import lenet5
from convbook.networks.vgg import vgg

__all__ = ["lenet5", "vgg"]
