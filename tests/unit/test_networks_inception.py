"""The Inception networks and Xception: every row of their tables to the digit, their maps, and that they run, train and predict.

The totals are held by test_networks_published.py."""

import pytest
import torch
from torch import nn

from convbook.cost import profile
from convbook.networks import bn_inception, googlenet, inception_v3, inception_v4, small_googlenet, xception
from convbook.networks.googlenet_table import googlenet_table


def params(module):
    return sum(p.numel() for p in module.parameters())


# --- GoogLeNet

# Row: weights, biases, multiply-adds; and whether the paper's two figures follow from them.
TABLE_1 = {
    "conv1": (9_408, 64, 118_013_952, False, False),
    "conv2": (114_688, 256, 359_661_568, True, True),
    "3a": (163_328, 368, 128_049_152, True, True),
    "3b": (388_096, 640, 304_267_264, False, True),
    "4a": (375_552, 624, 73_608_192, False, True),
    "4b": (448_512, 648, 87_908_352, False, True),
    "4c": (509_440, 664, 99_850_240, False, True),
    "4d": (604_672, 704, 118_515_712, False, True),
    "4e": (867_328, 1_024, 169_996_288, False, True),
    "5a": (1_042_432, 1_024, 51_079_168, False, False),
    "5b": (1_442_816, 1_264, 70_697_984, False, True),
    "fc": (1_024_000, 1_000, 1_024_000, True, True),
}


def agrees(printed, exact):
    """Is it the exact number, cut off or rounded to the places that are printed?"""
    number = float(printed.rstrip("KM"))
    return number in (float(int(exact)), float(round(exact)))


def test_googlenet_has_its_table_row_by_row():
    table = googlenet_table()
    assert {row.name: (row.weights, row.bias, row.macs) for row in table} == {name: row[:3] for name, row in TABLE_1.items()}
    assert sum(row.weights + row.bias for row in table) == 6_998_552
    assert sum(row.macs for row in table) == 1_582_671_872


def test_the_printed_figures_of_googlenet_are_exact_where_no_reason_is_given():
    for row in googlenet_table():
        found = (agrees(row.printed_params, row.weights / 1024), agrees(row.printed_ops, row.macs / 1e6))
        assert found == TABLE_1[row.name][3:], row.name
        assert bool(row.why) == (found != (True, True)), row.name


def test_the_reasons_for_the_other_figures_of_googlenet_compute():
    assert round((7 + 7) * 3 * 64 / 1000, 1) == 2.7 and round((7 + 7) * 3 * 64 * 112**2 / 1e6) == 34
    rows = {row.name: row for row in googlenet_table()}
    assert rows["3b"].weights == 379 * 1024 and round((rows["3b"].weights + rows["3b"].bias) / 1024) == 380
    assert rows["4b"].weights == 438 * 1024
    wider = rows["5a"].macs + 16 * (832 + 25 * 128) * 49  # 48 channels before the 5 x 5 in the place of 32
    assert round(wider / 1e6) == 54 and round((rows["5a"].weights + 16 * (832 + 25 * 128)) / 1024) == 1081
    printed = [(float(r.printed_params[:-1]), float(r.printed_ops[:-1])) for r in rows.values()]
    assert [sum(column) for column in zip(*printed)] == [pytest.approx(6797.7), 1502]


def test_googlenets_maps_have_the_sizes_of_its_table():
    with torch.device("meta"):
        x, sizes = torch.zeros(1, 3, 224, 224), {}
        for name, layer in googlenet().named_children():
            x = layer(x)
            sizes[name] = tuple(x.shape[1:])
    assert sizes["conv1"] == (64, 112, 112) and sizes["pool1"] == (64, 56, 56)
    assert sizes["conv2"] == (192, 56, 56) and sizes["pool2"] == (192, 28, 28)
    channels = {"3a": 256, "3b": 480, "4a": 512, "4b": 512, "4c": 512, "4d": 528, "4e": 832, "5a": 832, "5b": 1024}
    side = {"3": 28, "4": 14, "5": 7}
    assert {name: sizes[name] for name in channels} == {name: (c, side[name[0]], side[name[0]]) for name, c in channels.items()}


def test_the_auxiliary_heads_of_googlenet_add_their_parameters_and_multiply_adds():
    with torch.device("meta"):
        net = googlenet(aux=True)
        heads = [profile(net.heads["4a"], (512, 14, 14)), profile(net.heads["4d"], (528, 14, 14))]
        whole = profile(net, (3, 224, 224))
        assert params(net) == whole.params == 13_378_280
        assert whole.macs == 1_582_671_872  # in evaluation the heads do not run
        assert 1_582_671_872 + sum(head.macs for head in heads) == 1_591_044_096
        assert [y.shape for y in net.train()(torch.zeros(1, 3, 224, 224))] == [(1, 1000)] * 3
        assert net.eval()(torch.zeros(1, 3, 224, 224)).shape == (1, 1000)


# --- BN-Inception, v3, v4

def test_bn_inceptions_biases_are_one_for_each_batch_norm_channel():
    with torch.device("meta"):
        with_bias, without = bn_inception(conv_bias=True), bn_inception()
    channels = sum(layer.num_features for layer in without.modules() if isinstance(layer, nn.BatchNorm2d))
    assert params(with_bias) - params(without) == channels == 10_016


def test_the_two_releases_of_bn_inception_have_their_channels():
    rows = {"3a": (256, 256), "3b": (320, 320), "3c": (576, 576), "4a": (576, 576), "4b": (576, 576), "4c": (608, 576),
            "4d": (608, 576), "4e": (1056, 1024), "5a": (1024, 1024), "5b": (1024, 1024)}
    with torch.device("meta"):
        nets = bn_inception(), bn_inception("slim")
    assert {name: tuple(net.get_submodule(name).out_channels for net in nets) for name in rows} == rows


def test_inception_v3s_auxiliary_head_is_3_326_696_parameters():
    with torch.device("meta"):
        net = inception_v3(aux=True)
        assert params(net) == 27_161_264 == 23_834_568 + 3_326_696
        assert [y.shape for y in net.train()(torch.zeros(2, 3, 299, 299))] == [(2, 1000)] * 2
        assert net.eval()(torch.zeros(1, 3, 299, 299)).shape == (1, 1000)


MAPS = {
    inception_v3: {"stem": (192, 35, 35), "A1": (256, 35, 35), "A3": (288, 35, 35), "B": (768, 17, 17), "C4": (768, 17, 17),
                   "D": (1280, 8, 8), "E2": (2048, 8, 8)},
    inception_v4: {"stem": (384, 35, 35), "A4": (384, 35, 35), "reduction A": (1024, 17, 17), "B7": (1024, 17, 17),
                   "reduction B": (1536, 8, 8), "C3": (1536, 8, 8)},
    xception: {"conv1": (32, 149, 149), "conv2": (64, 147, 147), "entry1": (128, 74, 74), "entry2": (256, 37, 37),
               "entry3": (728, 19, 19), "middle8": (728, 19, 19), "exit": (1024, 10, 10), "sep2": (2048, 10, 10)},
}


@pytest.mark.parametrize("build", MAPS, ids=lambda build: build.__name__)
def test_the_maps_have_the_papers_sizes(build):
    with torch.device("meta"):
        x, sizes = torch.zeros(1, 3, 299, 299), {}
        for name, layer in build().named_children():
            x = layer(x)
            sizes[name] = tuple(x.shape[1:])
    assert {name: sizes[name] for name in MAPS[build]} == MAPS[build]


def test_keras_counts_v3_without_gamma_and_with_running_statistics():
    with torch.device("meta"):
        net = inception_v3()
    channels = sum(layer.num_features for layer in net.modules() if isinstance(layer, nn.BatchNorm2d))
    assert params(net) - channels == 23_817_352  # no gamma
    assert params(net) - channels + 2 * channels == 23_851_784  # and the running mean and variance


def test_xception_with_its_running_statistics_is_kerass_total():
    with torch.device("meta"):
        net = xception()
    statistics = sum(b.numel() for name, b in net.named_buffers() if "running" in name)
    assert params(net) + statistics == 22_910_480


# --- they run

SMALL = {
    "googlenet": (googlenet, 63), "bn_inception": (bn_inception, 64), "slim": (lambda **o: bn_inception("slim", **o), 64),
    "inception_v3": (inception_v3, 75), "first_port": (lambda **o: inception_v3(first_port=True, **o), 75),
    "inception_v4": (inception_v4, 75), "xception": (xception, 47), "small_googlenet": (lambda **o: small_googlenet(in_channels=3, **o), 8),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_network_runs_in_training_and_in_evaluation_and_its_gradient_reaches_every_layer(name):
    build, side = SMALL[name]
    torch.manual_seed(0)
    net, x = build(classes=7), torch.randn(2, 3, side, side + (32 if side > 8 else 0))
    y = net.train()(x)
    y.square().sum().backward()
    assert y.shape == (2, 7) and all(p.grad is not None and p.grad.isfinite().all() for p in net.parameters())
    assert all(p.grad.abs().sum() > 0 for p in net.parameters() if p.ndim > 1)
    with torch.no_grad():
        y = net.eval()(x)
        assert y.shape == (2, 7) and y.isfinite().all()
        assert torch.allclose(net(x[:1]), y[:1], rtol=1e-3, atol=1e-4)  # nothing of its neighbours in the batch


@pytest.mark.parametrize("build, side", [(googlenet, 31), (inception_v3, 75), (inception_v4, 75), (xception, 7)], ids=lambda v: getattr(v, "__name__", str(v)))
def test_the_smallest_side_is_the_one_that_the_docstring_states(build, side):
    assert f"any sides from {side} up" in build.__doc__
    with torch.device("meta"):
        net = build().eval()
        assert net(torch.zeros(1, 3, side, side)).shape == (1, 1000)
        with pytest.raises(RuntimeError):
            net(torch.zeros(1, 3, side - 1, side - 1))


def test_bn_inception_takes_multiples_of_32_and_says_what_else_does_not_fit():
    with torch.device("meta"):
        net = bn_inception().eval()
        assert net(torch.zeros(1, 3, 32, 96)).shape == (1, 1000)
        with pytest.raises(ValueError, match=r"^x has size \(5, 5\), .* \(3, 3\), \(3, 3\), \(2, 2\); to be concatenated they must agree$"):
            net(torch.zeros(1, 3, 40, 40))


def test_the_small_googlenet_differs_in_its_reductions_and_in_what_is_passed_through():
    naive, reduced = small_googlenet(naive=True, width=6), small_googlenet(width=6)
    assert (naive.module1.out_channels, naive.module2.out_channels) == (3 * 6 + 12, 3 * 6 + 30)
    assert (reduced.module1.out_channels, reduced.module2.out_channels) == (24, 24)
    macs = [profile(net, (1, 8, 8)).macs for net in (naive, reduced)]
    assert macs[0] > 2 * macs[1]


def test_a_release_of_bn_inception_that_is_none_is_named():
    with pytest.raises(ValueError, match="^widths='keras' must be one of 'caffe', 'slim'$"):
        bn_inception("keras")
