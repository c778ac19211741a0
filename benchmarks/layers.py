"""The layers that are measured: one line each, to be compared with the papers."""

from dataclasses import dataclass, field
from math import prod

import numpy as np

from convbook.shapes import conv_output_size, conv_transpose_output_size


@dataclass(frozen=True)
class Layer:
    """A layer on one image; `operation` names it in `convbook.ops`, `convbook.reference` and torch.nn.functional."""

    name: str
    operation: str
    image: tuple  # (C, *n)
    weight: tuple  # of a pooling, which has none: its windows, (C, 1, *k)
    options: dict = field(default_factory=dict)


LAYERS = [
    # He et al. (2016), table 1, 50 layers: https://arxiv.org/abs/1512.03385
    Layer("ResNet-50 stem 7x7/2", "conv2d", (3, 224, 224), (64, 3, 7, 7), {"stride": 2, "padding": 3}),
    Layer("ResNet-50 3x3 at 56", "conv2d", (64, 56, 56), (64, 64, 3, 3), {"padding": 1}),
    Layer("ResNet-50 3x3 at 28", "conv2d", (128, 28, 28), (128, 128, 3, 3), {"padding": 1}),
    Layer("ResNet-50 3x3 at 14", "conv2d", (256, 14, 14), (256, 256, 3, 3), {"padding": 1}),
    Layer("ResNet-50 3x3 at 7", "conv2d", (512, 7, 7), (512, 512, 3, 3), {"padding": 1}),
    Layer("ResNet-50 1x1 at 56", "conv2d", (64, 56, 56), (256, 64, 1, 1)),
    Layer("ResNet-50 1x1 at 14", "conv2d", (1024, 14, 14), (256, 1024, 1, 1)),
    Layer("ResNet-50 1x1/2 at 56", "conv2d", (256, 56, 56), (512, 256, 1, 1), {"stride": 2}),
    # Xie et al. (2017), table 1, 32x4d: https://arxiv.org/abs/1611.05431
    Layer("ResNeXt 3x3 G=32", "conv2d", (128, 56, 56), (128, 4, 3, 3), {"padding": 1, "groups": 32}),
    # Howard et al. (2017), table 1: https://arxiv.org/abs/1704.04861
    Layer("MobileNet dw at 112", "conv2d", (32, 112, 112), (32, 1, 3, 3), {"padding": 1, "groups": 32}),
    Layer("MobileNet dw/2 at 112", "conv2d", (64, 112, 112), (64, 1, 3, 3), {"stride": 2, "padding": 1, "groups": 64}),
    Layer("MobileNet dw at 56", "conv2d", (128, 56, 56), (128, 1, 3, 3), {"padding": 1, "groups": 128}),
    Layer("MobileNet dw at 14", "conv2d", (512, 14, 14), (512, 1, 3, 3), {"padding": 1, "groups": 512}),
    Layer("MobileNet pw at 112", "conv2d", (32, 112, 112), (64, 32, 1, 1)),
    Layer("MobileNet pw at 14", "conv2d", (512, 14, 14), (512, 512, 1, 1)),
    # Chen et al. (2017), section 3.3, output stride 16: https://arxiv.org/abs/1706.05587
    Layer("ASPP 3x3 rate 12", "conv2d", (2048, 33, 33), (256, 2048, 3, 3), {"padding": 12, "dilation": 12}),
    # Dong et al. (2016), figure 2, d=56, n=3: https://arxiv.org/abs/1608.00367
    Layer("FSRCNN 9x9 up 3", "conv_transpose2d", (56, 85, 85), (56, 1, 9, 9), {"stride": 3, "padding": 4, "output_padding": 2}),
    # Radford et al. (2016), figure 1: https://arxiv.org/abs/1511.06434
    Layer("DCGAN 4x4 up 2", "conv_transpose2d", (256, 16, 16), (256, 128, 4, 4), {"stride": 2, "padding": 1}),
    # Tran et al. (2015), figure 3, conv3a: https://arxiv.org/abs/1412.0767
    Layer("C3D 3x3x3 at 28", "conv3d", (128, 8, 28, 28), (256, 128, 3, 3, 3), {"padding": 1}),
    # Dai et al. (2017): https://arxiv.org/abs/1703.06211
    Layer("deformable 3x3 at 56", "deform_conv2d", (64, 56, 56), (64, 64, 3, 3), {"padding": 1}),
    # Poolings: ResNet-50's first, then module 3a's and the last of GoogLeNet. Szegedy et al. (2015), table 1: https://arxiv.org/abs/1409.4842
    Layer("max pool 3x3/2 at 112", "max_pool2d", (64, 112, 112), (64, 1, 3, 3), {"kernel_size": 3, "stride": 2, "padding": 1}),
    Layer("max pool 3x3 at 28", "max_pool2d", (192, 28, 28), (192, 1, 3, 3), {"kernel_size": 3, "stride": 1, "padding": 1}),
    Layer("average pool 7x7 at 7", "avg_pool2d", (1024, 7, 7), (1024, 1, 7, 7), {"kernel_size": 7}),
    # Wu & He (2018), figure 2: https://arxiv.org/abs/1803.08494
    Layer("batch norm at 56", "batch_norm", (256, 56, 56), (256,), {"running_mean": None, "running_var": None, "training": True}),
    Layer("layer norm at 56", "layer_norm", (256, 56, 56), (256, 56, 56), {"normalized_shape": (256, 56, 56)}),
    Layer("group norm at 56", "group_norm", (256, 56, 56), (256,), {"num_groups": 32}),
    Layer("instance norm at 56", "instance_norm", (256, 56, 56), (256,)),
]


def arrays(layer, batch):
    """Random arguments of a layer by name, the same on every call; those of a norm have scale and shift, a pooling has no weights."""
    rng = np.random.default_rng(0)

    def some(*shape):
        return rng.standard_normal(shape, np.float32)

    named = {"x": some(batch, *layer.image)}
    if not is_pooling(layer):
        named["weight"] = some(*layer.weight)
    if layer.operation.endswith("norm"):
        named["bias"] = some(*layer.weight)
    if layer.operation == "deform_conv2d":
        named["offset"] = some(batch, 2 * prod(layer.weight[2:]), *output_size(layer))
    return named


def is_pooling(layer):
    return layer.operation.endswith("pool2d")


def output_size(layer):
    """Length of the output along each axis."""
    sizes, options = layer.image[1:], layer.options
    if layer.operation.endswith("norm"):
        return sizes
    size = conv_transpose_output_size if "transpose" in layer.operation else conv_output_size
    known = {name: options[name] for name in ("stride", "padding", "dilation", "output_padding") if name in options}
    return tuple(size(n, k, **known) for n, k in zip(sizes, layer.weight[2:]))


def work(layer):
    """Multiply-adds of a convolution on one image; of a norm, the numbers it reads; of a pooling, those that its windows read."""
    places = prod(layer.image[1:] if "transpose" in layer.operation else output_size(layer))
    return prod(layer.image) if layer.operation.endswith("norm") else prod(layer.weight) * places
