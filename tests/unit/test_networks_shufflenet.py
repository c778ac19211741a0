"""ShuffleNet v1 and v2: table 1 by its convolutions, what cannot be built and why, and the two readings of version 2."""

import re

import pytest
import torch
from pricing import conv_macs, priced

from convbook.networks import ShuffleNetV1, shufflenet_v1, shufflenet_v2
from convbook.networks.shufflenet import V1_STEMS, V1_WIDTHS, V2_WIDTHS

CONV_ONLY = {1: 142_502_976, 2: 140_036_512, 3: 136_500_672, 4: 133_251_776, 8: 136_829_952}


@pytest.mark.parametrize("groups", CONV_ONLY)
def test_convolutions_alone_of_table_1(groups):
    assert conv_macs(priced(lambda: shufflenet_v1(groups))) == CONV_ONLY[groups]


def test_which_pairs_of_groups_and_scale_can_be_built():
    # a quarter of stage 2 must be divisible by the groups: 25 and 75 are not by 2, 34 and 102 not by 4
    refused = set()
    for groups in V1_WIDTHS:
        for scale in V1_STEMS:
            try:
                with torch.device("meta"):
                    shufflenet_v1(groups, scale)
            except ValueError:
                refused.add((groups, scale))
    assert refused == {(2, 0.5), (2, 1.5), (4, 0.5), (4, 1.5)}


@pytest.mark.parametrize("call, message", [
    (lambda: shufflenet_v1(4, 0.5), "groups=4 with scale=0.5 cannot be built, stages of 136, 272, 544: "
     "groups=4 must divide the inside of the unit, out_channels / 4 = 136 / 4 = 34"),
    (lambda: shufflenet_v1(5), "groups=5 must be one of 1, 2, 3, 4, 8"),
    (lambda: shufflenet_v1(3, 0.75), "scale=0.75 must be one of 0.5, 1.0, 1.5, 2.0"),
    (lambda: shufflenet_v2(3.0), "scale=3.0 must be one of 0.5, 1.0, 1.5, 2.0"),
    (lambda: shufflenet_v2(form="figure"), "form='figure' must be one of 'paper', 'release'"),
])
def test_what_cannot_be_built_is_refused_with_the_reason(call, message):
    with torch.device("meta"), pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


def test_the_papers_small_net_of_four_groups_builds_at_144_channels_but_costs_40_million():
    found = priced(lambda: ShuffleNetV1(4, (144, 288, 576), channels=12))
    assert (found.macs, conv_macs(found)) == (40_710_528, 40_134_528)


def test_the_first_pointwise_convolution_alone_is_not_grouped():
    with torch.device("meta"):
        network = shufflenet_v1(3)
    pointwise = [unit.reduce[0].groups for stage in network.stages for unit in stage]
    assert pointwise == [1] + [3] * 15
    assert [unit.form for unit in network.stages[1]] == ["c"] + ["b"] * 7


def test_without_the_shuffle_the_costs_are_the_same():
    shuffled, straight = (priced(lambda: shufflenet_v1(3, shuffle=shuffle)) for shuffle in (True, False))
    assert (shuffled.params, shuffled.macs) == (straight.params, straight.macs)


@pytest.mark.parametrize("scale", V2_WIDTHS)
def test_version_2_has_the_channels_of_table_5(scale):
    with torch.device("meta"):
        for form in ("paper", "release"):
            network, x, sizes = shufflenet_v2(scale, form=form), torch.empty(1, 3, 224, 224), []
            for layer in (network.stem, *network.stages, network.last):
                x = layer(x)
                sizes.append(tuple(x.shape[1:]))
            widths, last = V2_WIDTHS[scale]
            assert sizes == [(24, 56, 56), *zip(widths, (28, 14, 7), (28, 14, 7)), (last, 7, 7)]
