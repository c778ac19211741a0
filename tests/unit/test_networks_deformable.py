"""ResNets with deformable layers, and DeepLab's heads: what is exchanged, what stays, and that a small one learns."""

import pytest
import torch
from torch import nn

from convbook.blocks import DeformConv2d
from convbook.networks import aspp_head, deformable_resnet50
from convbook.networks.deformable import exchange
from convbook.networks.resnet import ResNet

SMALL = ((4, 8, 1, 1), (4, 8, 2, 2))


def small():
    torch.manual_seed(0)
    return ResNet(stages=SMALL, channels=6, classes=3, in_channels=1, small=True)


def deformable_layers(net):
    return {name: layer for name, layer in net.named_modules() if isinstance(layer, DeformConv2d)}


def test_only_3x3_convolutions_of_the_late_stages_are_exchanged():
    with torch.device("meta"):
        v1, v2 = (deformable_layers(deformable_resnet50(version)) for version in ("v1", "v2"))
    assert [name.split(".")[1] for name in v1] == ["3"] * 3 and [name.split(".")[1] for name in v2] == ["1"] * 4 + ["2"] * 6 + ["3"] * 3
    assert {(layer.modulated, layer.dilation, layer.padding) for layer in v1.values()} == {(False, (2, 2), (2, 2))}
    assert {(layer.modulated, layer.dilation, layer.padding) for layer in v2.values()} == {(True, (1, 1), (1, 1))}
    assert all(name.endswith("spatial.conv") for name in (*v1, *v2))


def test_version_1_keeps_output_stride_16():
    with torch.device("meta"):
        shapes = [net.stages(net.stem(torch.zeros(1, 3, 64, 96))).shape for net in map(deformable_resnet50, ("v1", "v2"))]
    assert shapes == [(1, 2048, 4, 6), (1, 2048, 2, 3)]


@pytest.mark.parametrize("options", [dict(), dict(deform_groups=2)])
def test_an_exchanged_network_gives_what_it_gave(options):
    x = torch.randn(2, 1, 10, 13)
    before = small().eval()(x)
    net = exchange(small(), stages=(1,), **options).eval()
    assert len(deformable_layers(net)) == 2
    torch.testing.assert_close(net(x), before)


def test_a_small_one_learns_and_moves_its_taps():
    net = exchange(small(), stages=(0, 1), modulated=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    torch.manual_seed(0)
    x, labels = torch.randn(12, 1, 8, 9), torch.arange(12) % 3
    losses = []
    for _ in range(12):
        loss = nn.functional.cross_entropy(net(x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2
    assert all(layer.offset.weight.abs().max() > 0 for layer in deformable_layers(net).values())


def test_heads_give_a_score_for_each_class_and_pixel():
    features = torch.randn(2, 8, 5, 7)
    assert aspp_head(8, 4, version="v2", enlarge=4)(features).shape == (2, 4, 20, 28)
    assert aspp_head(8, 4, rates=(1, 2))(features).shape == (2, 4, 5, 7)


@pytest.mark.parametrize("call, message", [
    (lambda: deformable_resnet50("v3"), "version='v3' must be one of 'v1', 'v2'"),
    (lambda: aspp_head(version="v1"), "version='v1' must be one of 'v2', 'v3'"),
])
def test_unknown_versions_are_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message
