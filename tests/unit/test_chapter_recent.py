"""Chapter 10: the examples worked by hand, the laws of its blocks, and its figures, whose numbers are counted."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from convbook import cost, figures, ops
from convbook.blocks import Branches, ShuffleV2Unit
from convbook.exercises import recent
from convbook.figures.recent import FAMILY
from convbook.training import smoothed_targets
from drawings import assert_whole, strings

WAYS = {
    "pooling first": ([(320, 35, 35), (320, 17, 17), (640, 17, 17)], ["pooling", "convolution"], 532_684_800),
    "side by side": ([(320, 35, 35), [(320, 17, 17), (320, 17, 17)]], ["both"], 266_342_400),
}
FIGURES = {
    "family": lambda: figures.fig_family(of_this_chapter=("Xception", "DCN v2")),
    "halving": lambda: figures.fig_halving(WAYS),
    "units": lambda: figures.fig_shuffle_v2_units(),
    "units, wide": lambda: figures.fig_shuffle_v2_units(976, incoming=488, wider=976),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name])


def bars(fig):
    return [patch.get_width() for patch in fig.axes[0].patches if hasattr(patch, "get_xy") and hasattr(patch, "get_width")]


def test_bars_are_as_long_as_their_maps_hold_numbers():
    large, squeezed, small, again, half, other = bars(figures.fig_halving(WAYS))
    assert np.allclose([squeezed / large, small / large], [289 / 1225, 2 * 289 / 1225])
    assert np.isclose(again, large) and np.isclose(half + other, small)
    assert "533M MACs" in strings(figures.fig_halving(WAYS))


def test_the_drawn_units_have_the_widths_of_the_real_ones():
    for said, unit in zip(("58", "24"), (ShuffleV2Unit(116, 116), ShuffleV2Unit(24, 116, stride=2))):
        convs = [f"{'3×3 depthwise' if c.groups > 1 else '1×1'}{' /2' * (c.stride[0] == 2)}, {c.out_channels}" for c in unit.modules() if isinstance(c, nn.Conv2d)]
        assert set(convs) <= set(strings(figures.fig_shuffle_v2_units())) and said in " ".join(convs)


def test_every_network_of_the_map_stands_below_what_it_builds_on():
    seen = set()
    for _, names in FAMILY:
        assert all(parent in seen for *_, parents in names for parent in parents)
        seen |= {name for name, *_ in names}
    assert len(seen) == sum(len(names) for _, names in FAMILY)


@pytest.mark.parametrize("call, message", [
    (lambda: figures.fig_family([("2014", [("a", 0, "", ("b",))])], ("lane",)), "'a' builds on 'b', which does not stand above it"),
    (lambda: figures.fig_family([("2014", [("a", 0, "", ())])], ("lane",), of_this_chapter=("c",)), "of_this_chapter holds 'c', which is none of a"),
    (lambda: figures.fig_shuffle_v2_units(7), "channels=7 must be even: a unit has two sides"),
    (lambda: figures.fig_shuffle_v2_units(wider=9), "wider=9 must be even: a unit has two sides"),
])
def test_whole_messages(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


def test_the_unit_of_the_page_can_be_checked_by_hand():
    x = np.array([[[1, 2]], [[3, 4]], [[5, 6]], [[7, 8]]])
    mix = np.array([[1, -1], [-1, 2]])
    expected = [[1, 2], [0, 0], [3, 4], [9, 10]]
    assert recent.split_and_shuffle(x, mix)[:, 0].tolist() == expected
    right = np.maximum(ops.conv2d(x[2:], mix[:, :, None, None]), 0)
    assert ops.channel_shuffle(np.concatenate([x[:2], right]), groups=2)[:, 0].tolist() == expected


def test_the_numbers_moved_of_the_page_can_be_counted_by_hand():
    moved = [cost.conv_bytes(C, D, 1, 2, 2, bias=False) // 4 for C, D in ((4, 4), (2, 8), (1, 16))]
    assert moved == [48, 56, 84] == [recent.numbers_moved(C, D, 2, 2, 1) for C, D in ((4, 4), (2, 8), (1, 16))]


def test_no_layer_moves_fewer_numbers_than_the_bound_and_equal_widths_reach_it():
    for C, D, h, w in np.random.default_rng(0).integers(1, 40, (300, 4)):
        B = h * w * C * D
        bound = 2 * np.sqrt(h * w * B) + B / (h * w)
        moved = recent.numbers_moved(C, D, h, w, 1)
        assert moved > bound - 1e-6 and (C != D or np.isclose(moved, bound))


def test_the_smoothed_label_of_the_page():
    targets = smoothed_targets(torch.tensor([1]), 4, 0.2).numpy()
    assert np.allclose(targets, [[0.05, 0.85, 0.05, 0.05]])
    assert np.isclose(-(targets * np.log([0.1, 0.7, 0.1, 0.1])).sum(), 0.6486, atol=5e-5)
    assert np.allclose(np.log(1 + 10 * (1 - np.array([0.1, 0.2])) / [0.1, 0.2]), [4.51, 3.71], atol=5e-3)


def test_the_smoothed_loss_is_least_where_the_logits_stand_as_far_apart_as_the_page_says():
    for K, epsilon in [(10, 0.1), (10, 0.2), (4, 0.3)]:
        gap = np.log(1 + K * (1 - epsilon) / epsilon)
        at = [recent.smoothed_loss(np.eye(1, K) * distance, np.array([0]), epsilon)[0] for distance in (gap - 0.1, gap, gap + 0.1)]
        assert at[1] < min(at[0], at[2])


def test_equal_branches_are_a_1x1_and_a_grouped_convolution():
    plain = lambda C, D, k, **options: nn.Conv2d(C, D, k, bias=False, **options)  # noqa: E731
    x = torch.randn(2, 8, 5, 7, dtype=torch.float64)
    for n in (1, 2, 4, 8):
        module = Branches(8, *[f"1x1 {8 // n}, 3x3 {8 // n}"] * n, unit=plain).double()
        weights = list(module.parameters())
        merged = torch.conv2d(torch.conv2d(x, torch.cat(weights[::2])), torch.cat(weights[1::2]), padding=1, groups=n)
        assert torch.allclose(module(x), merged)
