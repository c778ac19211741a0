"""MobileNet and MobileFaceNet: the tables of width and resolution, shares of each kind of layer, what folding saves."""

import re

import pytest
import torch
from pricing import conv_macs, conv_weights, priced
from torch import nn

from convbook.networks import folded_params, mobilefacenet, mobilenet_v1

# alpha -> parameters, multiply-adds at 224, 192, 160, 128
WIDTHS = {
    1.0: (4_231_976, 568_740_352, 418_121_728, 290_675_200, 186_400_768),
    0.75: (2_585_560, 325_400_448, 239_273_472, 166_396_800, 106_770_432),
    0.5: (1_331_592, 149_497_088, 109_970_432, 76_524_800, 49_160_192),
    0.25: (470_072, 41_030_272, 30_212_608, 21_059_200, 13_570_048),
}


@pytest.mark.parametrize("alpha", WIDTHS)
@pytest.mark.parametrize("column, side", [(1, 224), (2, 192), (3, 160), (4, 128)])
def test_width_and_resolution_multipliers(alpha, column, side):
    found = priced(lambda: mobilenet_v1(alpha), (3, side, side))
    assert (found.params, found.macs) == (WIDTHS[alpha][0], WIDTHS[alpha][column])


def test_shares_of_table_2():
    with torch.device("meta"):
        network = mobilenet_v1()
    rows = {row.name: row for row in priced(mobilenet_v1).rows}
    layers = {"1x1": [], "dw": [], "first": [], "fc": []}
    for name, layer in network.named_modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            kind = "fc" if isinstance(layer, nn.Linear) else next(k for k in ("pointwise", "depthwise", "stem") if k in name)
            layers[{"pointwise": "1x1", "depthwise": "dw", "stem": "first"}.get(kind, kind)].append((rows[name].macs, layer.weight.numel()))
    totals = {kind: [sum(column) for column in zip(*counts)] for kind, counts in layers.items()}
    macs, weights = (sum(column) for column in zip(*totals.values()))
    assert (macs, weights) == (568_740_352, 4_209_088)
    shares = {kind: (f"{100 * m / macs:.2f}", f"{100 * w / weights:.2f}") for kind, (m, w) in totals.items()}
    assert shares == {"1x1": ("94.86", "74.59"), "dw": ("3.06", "1.06"), "first": ("1.91", "0.02"), "fc": ("0.18", "24.33")}


def test_the_full_convolution_twin_without_its_linear_layer():
    assert conv_macs(priced(lambda: mobilenet_v1(separable=False))) == 4_866_269_184


def test_running_statistics_make_the_total_that_keras_prints():
    with torch.device("meta"):
        network = mobilenet_v1()
    statistics = sum(b.numel() for name, b in network.named_buffers() if "running" in name)
    assert sum(p.numel() for p in network.parameters()) + statistics == 4_253_864


def test_the_maps_end_at_7_by_7_since_the_last_depthwise_convolution_has_stride_1():
    with torch.device("meta"):
        network = mobilenet_v1()
        assert network.pairs(network.stem(torch.empty(1, 3, 224, 224))).shape == (1, 1024, 7, 7)
    assert [pair.depthwise.conv.stride[0] for pair in network.pairs] == [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]


def test_the_multiplier_reaches_every_layer():
    with torch.device("meta"):
        whole, thin = mobilenet_v1(), mobilenet_v1(0.25)
    pairs = list(zip((m for m in whole.modules() if isinstance(m, nn.Conv2d)), (m for m in thin.modules() if isinstance(m, nn.Conv2d))))
    assert len(pairs) == 27 and all(b.out_channels * 4 == a.out_channels for a, b in pairs)


@pytest.mark.parametrize("variant, activation, params, folded", [
    ("", "prelu", 1_003_136, 993_344), ("M", "prelu", 937_344, 927_680), ("S", "prelu", 850_688, 841_920),
    ("", "relu", 995_584, 985_792),
])
def test_variants_of_mobilefacenet_before_and_after_folding(variant, activation, params, folded):
    with torch.device("meta"):
        network = mobilefacenet(variant, activation=activation)
        assert network(torch.empty(2, 3, 112, 112)).shape == (2, {"": 128, "M": 512, "S": 128}[variant])
    assert sum(p.numel() for p in network.parameters()) == params
    assert folded_params(network) == folded


def test_parts_of_mobilefacenet():
    with torch.device("meta"):
        network = mobilefacenet()
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d)]
    slopes = sum(m.num_parameters for m in network.modules() if isinstance(m, nn.PReLU))
    assert (conv_weights(network), sum(m.num_features for m in norms), slopes) == (976_000, 9_792, 7_552)
    assert 976_000 + 2 * 9_792 + 7_552 == 1_003_136
    assert round(993_344 * 4 / 1e6, 1) == 4.0  # megabytes of float32


@pytest.mark.parametrize("size, kernel", [((112, 112), (7, 7)), ((112, 96), (7, 6)), ((96, 96), (6, 6))])
def test_the_global_convolution_is_as_large_as_the_last_map(size, kernel):
    with torch.device("meta"):
        network = mobilefacenet(size=size)
    assert network.pool[0].kernel_size == kernel


@pytest.mark.parametrize("call, message", [
    (lambda: mobilenet_v1(0), "alpha=0 must be above 0; the paper has 1.0, 0.75, 0.5 and 0.25"),
    (lambda: mobilefacenet("L"), "variant='L' must be one of '', 'M', 'S'"),
    (lambda: mobilefacenet(activation="gelu"), "activation='gelu' must be one of 'prelu', 'relu'"),
    (lambda: mobilefacenet(size=(112, 96))(torch.empty(1, 3, 112, 112)),
     "x has shape (1, 512, 7, 7); its last two axes must be the kernel's, (7, 6)"),
])
def test_what_does_not_fit_is_refused(call, message):
    with torch.device("meta"), pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
