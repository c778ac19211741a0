"""AlexNet and ZFNet: each layer's maps, parameters and multiply-adds; two GPUs against one; two networks of one name."""

import re

import pytest
import torch
from pricing import conv_macs, priced
from torch.nn import functional as F

from convbook.networks import AlexNet, alexnet, alexnet_one_column, zfnet
from convbook.networks.alexnet import response_norm

# Layer, its output, parameters and multiply-adds with two groups, with one.
LAYERS = [
    ("conv1", (96, 55, 55), 34_944, 105_415_200, 34_944, 105_415_200),
    ("conv2", (256, 27, 27), 307_456, 223_948_800, 614_656, 447_897_600),
    ("conv3", (384, 13, 13), 885_120, 149_520_384, 885_120, 149_520_384),
    ("conv4", (384, 13, 13), 663_936, 112_140_288, 1_327_488, 224_280_576),
    ("conv5", (256, 13, 13), 442_624, 74_760_192, 884_992, 149_520_384),
    ("fc6", (4096,), 37_752_832, 37_748_736, 37_752_832, 37_748_736),
    ("fc7", (4096,), 16_781_312, 16_777_216, 16_781_312, 16_777_216),
    ("fc8", (1000,), 4_097_000, 4_096_000, 4_097_000, 4_096_000),
]


@pytest.mark.parametrize("groups, conv_only", [(2, 665_784_864), (1, 1_076_634_144)])
def test_every_layer_of_alexnet_has_its_counts(groups, conv_only):
    found = priced(lambda: alexnet(groups), (3, 227, 227))
    columns = slice(2, 4) if groups == 2 else slice(4, 6)
    assert [(row.name.removeprefix("layers."), row.output_shape, row.params, row.macs) for row in found.rows] == [
        (*layer[:2], *layer[columns]) for layer in LAYERS]
    assert conv_macs(found) == conv_only


def order_of(network):
    return [name for name, _ in network.layers.named_children()]


def test_alexnet_normalizes_before_it_pools_and_zfnet_after():
    with torch.device("meta"):
        one, two, column = alexnet(), zfnet(), alexnet_one_column()
    assert order_of(one)[:8] == ["conv1", "relu1", "norm1", "pool1", "conv2", "relu2", "norm2", "pool2"]
    assert order_of(two)[:8] == ["conv1", "relu1", "pool1", "norm1", "conv2", "relu2", "pool2", "norm2"]
    assert not any(name.startswith("norm") for name in order_of(column))
    for network in one, two, column:
        assert order_of(network)[-8:] == ["flatten", "fc6", "relu6", "dropout6", "fc7", "relu7", "dropout7", "fc8"]


def test_only_layers_2_4_and_5_are_split_between_the_gpus():
    with torch.device("meta"):
        network = alexnet()
    assert [layer.groups for layer in network.layers if isinstance(layer, torch.nn.Conv2d)] == [1, 2, 1, 2, 2]


def test_local_response_normalization_is_the_papers():
    a = torch.randn(2, 8, 3, 4).double() * 30
    padded = F.pad(a.square(), (0, 0, 0, 0, 2, 2))
    expected = a / (2 + 1e-4 * sum(padded[:, k : k + 8] for k in range(5))) ** 0.75
    torch.testing.assert_close(response_norm()(a), expected, rtol=0, atol=1e-10)


def test_the_maps_of_zfnet_have_the_papers_sizes():
    with torch.device("meta"):
        network, x, sizes = zfnet(), torch.empty(1, 3, 224, 224), []
        for name, layer in network.layers.named_children():
            x = layer(x)
            if name.startswith(("conv", "pool")):
                sizes.append(x.shape[-1])
    assert sizes == [110, 55, 26, 13, 13, 13, 13, 6]


def test_all_layers_of_zfnet_are_whole_and_its_ablation_widens_three():
    with torch.device("meta"):
        for larger, widths in ((False, [96, 256, 384, 384, 256]), (True, [96, 256, 512, 1024, 512])):
            convs = [layer for layer in zfnet(larger=larger).layers if isinstance(layer, torch.nn.Conv2d)]
            assert [conv.out_channels for conv in convs] == widths and {conv.groups for conv in convs} == {1}


@pytest.mark.parametrize("call, message", [
    (lambda: alexnet(3), "groups=3 must divide in_channels=96 and out_channels=256"),
    (lambda: alexnet()(torch.empty(1, 3, 224, 224)),
     "x has shape (1, 3, 224, 224); the fully connected layers fit images of 227 x 227 only"),
    (lambda: AlexNet(size=0), "size=0 must be at least 1"),
])
def test_what_does_not_fit_is_refused(call, message):
    with torch.device("meta"), pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
