"""ShuffleNet's units: the shuffle is PyTorch's and a permutation, groups meet through it, both versions are their figures."""

import re

import pytest
import torch
from pricing import conv_weights
from torch import nn
from torch.nn import functional as F

from convbook.blocks import ChannelShuffle, PointwiseGroupConv2d, ShuffleUnit, ShuffleV2Unit


def order(C, groups):
    return ChannelShuffle(groups)(torch.arange(C).reshape(1, C, 1, 1)).flatten().tolist()


def test_worked_examples_of_the_shuffle():
    assert order(9, 3) == [0, 3, 6, 1, 4, 7, 2, 5, 8]
    assert order(12, 3) == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
    assert order(12, 4) == [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]


@pytest.mark.parametrize("groups, n", [(1, 5), (5, 1), (2, 3), (3, 2), (4, 6)])
def test_the_shuffle_is_pytorchs_and_the_shuffle_by_n_undoes_it(groups, n):
    for size in ((4, 3), (5,), (2, 3, 4)):
        x = torch.randn(2, groups * n, *size)
        y = ChannelShuffle(groups)(x)
        if len(size) == 2:
            assert torch.equal(y, F.channel_shuffle(x, groups))
        assert torch.equal(ChannelShuffle(n)(y), x)
        assert torch.equal(y, x[:, order(groups * n, groups)])


@pytest.mark.parametrize("groups, C, D", [(1, 3, 5), (2, 4, 6), (3, 9, 6), (4, 4, 8)])
def test_a_pointwise_group_convolution_is_small_ones_side_by_side(groups, C, D):
    layer = PointwiseGroupConv2d(C, D, groups=groups, bias=True).double()
    x = torch.randn(2, C, 4, 3).double()
    parts = zip(x.chunk(groups, 1), layer.weight.chunk(groups), layer.bias.chunk(groups))
    torch.testing.assert_close(layer(x), torch.cat([F.conv2d(*part) for part in parts], dim=1), rtol=0, atol=1e-12)
    assert layer.weight.numel() == C * D // groups


def reads(unit, groups):
    """For each group of the branch's outputs, the groups of inputs that it depends on."""
    x = torch.randn(1, unit.reduce[0].in_channels, 5, 4, requires_grad=True)
    y = unit.eval().expand(unit.depthwise(unit.shuffle(unit.reduce(x))))
    found = []
    for part in y.chunk(groups, dim=1):
        (grad,) = torch.autograd.grad(part.sum(), x, retain_graph=True)
        found.append({k for k, g in enumerate(grad.chunk(groups, dim=1)) if g.abs().sum() > 0})
    return found


def test_groups_meet_through_the_shuffle_alone():
    torch.manual_seed(0)
    assert reads(ShuffleUnit(72, 72, groups=3), 3) == [{0, 1, 2}] * 3
    assert reads(ShuffleUnit(72, 72, groups=3, shuffle=False), 3) == [{0}, {1}, {2}]


def test_the_first_unit_of_a_network_mixes_all_channels_at_once():
    torch.manual_seed(0)
    unit = ShuffleUnit(24, 48, groups=3, form="c", first_groups=1, shuffle=False)
    assert reads(unit, 3) == [{0, 1, 2}] * 3


def norm(y, layer):
    return F.batch_norm(y, layer.running_mean, layer.running_var, layer.weight, layer.bias)


@pytest.mark.parametrize("form, i, o, g", [("a", 24, 24, 1), ("b", 24, 24, 3), ("b", 16, 16, 2), ("c", 12, 36, 3), ("c", 8, 24, 2)])
def test_a_unit_is_its_figure(form, i, o, g):
    torch.manual_seed(1)
    unit = ShuffleUnit(i, o, groups=g, form=form).double().train()
    unit(torch.randn(4, i, 5, 6).double())  # moves the running statistics away from 0 and 1
    unit.eval()
    x = torch.randn(2, i, 7, 4).double()
    m, stride = o // 4, 2 if form == "c" else 1
    y = torch.relu(norm(F.conv2d(x, unit.reduce[0].weight, groups=g), unit.reduce[1]))
    y = norm(F.conv2d(y[:, order(m, g)], unit.depthwise.conv.weight, stride=stride, padding=1, groups=m), unit.depthwise.norm)
    y = torch.relu(y) if form == "a" else y
    y = norm(F.conv2d(y, unit.expand[0].weight, groups=g), unit.expand[1])
    expected = torch.cat([F.avg_pool2d(x, 3, stride=2, padding=1), y], dim=1) if form == "c" else x + y
    torch.testing.assert_close(unit(x), torch.relu(expected), rtol=0, atol=1e-12)


def test_what_the_groups_save():
    # 240 channels inside a stage: c m and m c pointwise weights, 9 m depthwise ones, with m = 60
    for groups in (1, 2, 3, 4):
        assert conv_weights(ShuffleUnit(240, 240, groups=groups)) == 2 * 240 * 60 // groups + 9 * 60


V2 = [("paper", 1, 8, 8), ("release", 1, 8, 8), ("paper", 2, 6, 20), ("release", 2, 6, 20), ("paper", 2, 5, 4)]


@pytest.mark.parametrize("form, stride, i, o", V2)
def test_a_unit_of_version_2_is_its_figure(form, stride, i, o):
    torch.manual_seed(2)
    unit = ShuffleV2Unit(i, o, stride=stride, form=form).double()
    unit(torch.randn(4, i, 5, 6).double())
    unit.eval()
    x = torch.randn(2, i, 7, 4).double()

    def cb(y, layer, **options):
        return norm(F.conv2d(y, layer.conv.weight, **options), layer.norm)

    left, right = x, x
    if stride == 1:
        left, right = (x[:, :4], x[:, 4:]) if form == "paper" else (x[:, 0::2], x[:, 1::2])
    else:
        left = torch.relu(cb(cb(x, unit.left[0], stride=2, padding=1, groups=i), unit.left[1]))
    right = torch.relu(cb(right, unit.right[0]))
    right = torch.relu(cb(cb(right, unit.right[1], stride=stride, padding=1, groups=o // 2), unit.right[2]))
    y = torch.cat([left, right], dim=1)
    y = F.channel_shuffle(y, 2) if form == "paper" else y
    torch.testing.assert_close(unit(x), y, rtol=0, atol=1e-12)
    assert left.shape[1] == (i if (form, stride) == ("release", 2) else o // 2)


@pytest.mark.parametrize("form", ["paper", "release"])
def test_half_of_the_channels_pass_by_untouched(form):
    unit, x = ShuffleV2Unit(8, 8, form=form), torch.randn(2, 8, 3, 4)
    y = unit(x)
    kept = [c for c in range(8) if any(torch.equal(y[:, d], x[:, c]) for d in range(8))]
    assert kept == ([0, 1, 2, 3] if form == "paper" else [0, 2, 4, 6])


@pytest.mark.parametrize("call, error, message", [
    (lambda: ChannelShuffle(0), ValueError, "groups=0 must be at least 1"),
    (lambda: ChannelShuffle(3)(torch.zeros(1, 8, 2, 2)), ValueError,
     "groups=3 must divide the 8 channels of x, which has shape (1, 8, 2, 2)"),
    (lambda: PointwiseGroupConv2d(4, 6, groups=3), ValueError, "groups=3 must divide in_channels=4 and out_channels=6"),
    (lambda: ShuffleUnit(24, 30, form="c"), ValueError, "out_channels=30 must be divisible by 4: the inside of a unit is a quarter as wide"),
    (lambda: ShuffleUnit(24, 24, groups=4), ValueError, "groups=4 must divide the inside of the unit, out_channels / 4 = 24 / 4 = 6"),
    (lambda: ShuffleUnit(24, 24, groups=2, form="a"), ValueError,
     "groups=2 must be 1 in form='a', the plain bottleneck; form='b' has groups"),
    (lambda: ShuffleUnit(20, 24, groups=2), ValueError,
     "in_channels=20 must equal out_channels=24 in form='b', which adds input and branch"),
    (lambda: ShuffleUnit(24, 24, form="c"), ValueError,
     "out_channels=24 must be more than in_channels=24 in form='c', which joins the branch to the pooled input"),
    (lambda: ShuffleUnit(24, 24, form="d"), ValueError, "form='d' must be one of 'a', 'b', 'c'"),
    (lambda: ShuffleUnit(24, 24, shuffle=1), TypeError, "shuffle=1 must be True or False"),
    (lambda: ShuffleV2Unit(8, 8, stride=3), ValueError, "stride=3 must be 1 or 2"),
    (lambda: ShuffleV2Unit(8, 7, stride=2), ValueError, "out_channels=7 must be even: a unit has two sides"),
    (lambda: ShuffleV2Unit(8, 6), ValueError, "in_channels=8 must equal out_channels=6 at stride=1, where half of the input passes by"),
    (lambda: ShuffleV2Unit(8, 8, stride=2, form="release"), ValueError,
     "out_channels=8 must be more than in_channels=8 at stride=2 in form='release': its left side keeps all of them"),
    (lambda: ShuffleV2Unit(8, 8, form="torch"), ValueError, "form='torch' must be one of 'paper', 'release'"),
])
def test_what_does_not_fit_is_refused(call, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()


def test_modules_print_what_they_are():
    assert repr(ChannelShuffle(3)) == "ChannelShuffle(groups=3)"
    assert isinstance(PointwiseGroupConv2d(4, 4, groups=2), nn.Conv2d)
