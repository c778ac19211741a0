"""Inception modules, version by version: their widths, their sizes, and that a text of branches does what it says."""

import re

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from convbook.blocks import (
    Branches, InceptionModule, Path, XceptionBlock, bn_inception_module, bn_inception_reduction, cbr, cr, inception_v3_module,
    inception_v4_module, inception_v4_stem,
)
from convbook.cost import profile


def weights(module):
    return sum(p.numel() for p in module.parameters() if p.ndim == 4)


def images(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def ready(module):
    """In evaluation mode, float64, with batch norms that do something."""
    generator = torch.Generator().manual_seed(2)
    for layer in module.modules():
        if isinstance(layer, nn.BatchNorm2d):
            for vector in (layer.weight.data, layer.running_mean, layer.running_var):
                vector.copy_(torch.rand(vector.shape, generator=generator) + 0.5)
    return module.double().eval()


def by_hand(unit, x, *, stride=1, padding=0, groups=1):
    """What a `cbr` or a `cr` computes, as functions."""
    y = F.conv2d(x, unit.conv.weight, unit.conv.bias, stride, padding, groups=groups)
    if hasattr(unit, "norm"):
        norm = unit.norm
        y = F.batch_norm(y, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps)
    return F.relu(y)


# --- the module of GoogLeNet

def test_3a_naive_has_2_37_times_the_weights_and_multiply_adds_of_3a_reduced():
    naive, reduced = (profile(m, (192, 28, 28)) for m in (InceptionModule(192, 64, 128, 32), InceptionModule(192, 64, (96, 128), (16, 32), 32)))
    assert (naive.macs, reduced.macs) == (303_464_448, 128_049_152)
    assert (naive.params, reduced.params) == (387_072 + 224, 163_328 + 368)
    assert round(387_072 / 163_328, 2) == round(naive.macs / reduced.macs, 2) == 2.37


def test_the_reduced_module_is_its_four_branches_in_the_papers_order():
    module, x = InceptionModule(3, 2, (4, 5), (6, 7), 8).double(), images(2, 3, 5, 7)
    one, three, five, pool = module.children()
    expected = [by_hand(one[0], x),
                by_hand(three[1], by_hand(three[0], x), padding=1),
                by_hand(five[1], by_hand(five[0], x), padding=2),
                by_hand(pool[1], F.max_pool2d(x, 3, 1, 1))]
    assert [y.shape[1] for y in expected] == [2, 5, 7, 8]
    assert torch.equal(module(x), torch.cat(expected, dim=1))


def test_the_module_of_the_page_can_be_checked_by_hand():
    x = torch.tensor([[[1., 0, 2, 1], [0, 3, 1, 0], [2, 1, 0, 1]], [[0, 1, 0, 1], [2, 0, 1, 0], [0, 1, 1, 2]]])
    star, ones = [[0., 1, 0], [1, -1, 1], [0, 1, 0]], [[1.] * 5] * 5
    module = InceptionModule(2, 1, (1, 1), (1, 1), 1)
    convs = [layer for layer in module.modules() if isinstance(layer, nn.Conv2d)]
    for conv, values in zip(convs, ([1., 2], [1., 1], star, [1., -1], ones, [1., -1]), strict=True):
        conv.weight.data = torch.tensor(values).reshape(conv.weight.shape)
        conv.bias.data.zero_()
    y = module(x)  # the batch axis may be left out
    assert torch.equal(y, module(x[None])[0])
    assert y.shape == (4, 3, 4)
    assert y[:, 1, 1].tolist() == [3 + 2 * 0, 1 + 2 + 2 + 2 - 3, 1 + 2 + 3 + 2, 3 - 2] == [3, 4, 8, 1]
    assert y[1].tolist() == [[2, 5, 3, 0], [4, 4, 4, 7], [2, 4, 6, 0]]


def test_the_naive_module_passes_the_pooled_input_through():
    module, x = InceptionModule(3, 2, 5, 7).double(), images(2, 3, 5, 7)
    one, three, five, _ = module.children()
    expected = [by_hand(one[0], x), by_hand(three[0], x, padding=1), by_hand(five[0], x, padding=2), F.max_pool2d(x, 3, 1, 1)]
    assert torch.equal(module(x), torch.cat(expected, dim=1))
    assert module.out_channels == 2 + 5 + 7 + 3


@pytest.mark.parametrize("widths, error, message", [
    ((0, 1, 1), ValueError, "n1x1=0 must be at least 1"),
    ((1, 1.5, 1), TypeError, "n3x3=1.5 must be an integer"),
    ((1, 1, (2, 0)), ValueError, "n5x5[1]=0 must be at least 1"),
    ((1, (2, 3, 4), 1), ValueError, "n3x3=(2, 3, 4) must be one width, or a pair (reduce, width)"),
    ((1, 1, 1, 0), ValueError, "pool=0 must be at least 1"),
])
def test_a_width_that_does_not_fit_is_named(widths, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        InceptionModule(3, *widths)


# --- branches as texts

@pytest.mark.parametrize("step, conv", [
    ("3x3 4", nn.Conv2d(2, 4, 3, padding=1)),
    ("1x7 4", nn.Conv2d(2, 4, (1, 7), padding=(0, 3))),
    ("5x1/3 4", nn.Conv2d(2, 4, (5, 1), stride=3, padding=(2, 0))),
    ("3x3/2 4 V", nn.Conv2d(2, 4, 3, stride=2)),
    ("4x2 4 V", nn.Conv2d(2, 4, (4, 2))),
])
def test_a_step_is_the_convolution_that_it_names(step, conv):
    (unit,), x = Path(2, step, unit=cr), torch.randn(2, 2, 11, 12)
    conv.load_state_dict(unit.conv.state_dict())
    assert torch.equal(unit(x), F.relu(conv(x)))


@pytest.mark.parametrize("step, pool", [
    ("max 3x3", nn.MaxPool2d(3, 1, 1)),
    ("max 3x3/2", nn.MaxPool2d(3, 2, 1)),
    ("max 3x3/2 V", nn.MaxPool2d(3, 2)),
    ("max 3x3/2 ceil", nn.MaxPool2d(3, 2, ceil_mode=True)),
    ("avg 3x3", nn.AvgPool2d(3, 1, 1, count_include_pad=False)),
    ("avg 3x5/2 V", nn.AvgPool2d((3, 5), 2)),
])
def test_a_pooling_step_is_the_pooling_that_it_names(step, pool):
    path, x = Path(3, step), torch.randn(2, 3, 8, 10)
    assert path.out_channels == 3 and torch.equal(path(x), pool(x))


def test_an_average_over_a_constant_image_is_that_constant_at_the_border_too():
    assert torch.equal(Path(1, "avg 3x3")(torch.ones(1, 1, 4, 5)), torch.ones(1, 1, 4, 5))


def test_a_fork_gives_both_branches_what_comes_in():
    path, x = ready(Path(3, "1x1 4, {1x3 5 | 3x1 6}, 1x1 2")), images(2, 3, 4, 5)
    first, fork, last = path
    y = by_hand(first, x)
    left, right = fork.children()
    y = torch.cat([by_hand(left[0], y, padding=(0, 1)), by_hand(right[0], y, padding=(1, 0))], dim=1)
    assert torch.equal(path(x), by_hand(last, y))
    assert fork.out_channels == 11 and path.out_channels == 2


@pytest.mark.parametrize("step", ["3x3", "3x 64", "max 3x3 64", "3x3 64 ceil", "0x3 4", "3x3/0 4", "min 3x3", "", "{1x1 2"])
def test_a_step_that_cannot_be_read_is_quoted(step):
    message = f"step={step!r} must read like '3x3 64', '3x3/2 64 V', 'max 3x3/2 V', 'avg 3x3' or '{{1x3 64 | 3x1 64}}'"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Path(3, step)


def test_an_even_kernel_has_no_same_padding():
    with pytest.raises(ValueError, match="^step='4x3 8' has an even kernel; without padding, '4x3 8 V', any kernel fits$"):
        Branches(3, "1x1 2", "4x3 8")


def test_branches_that_end_at_different_sizes_are_refused():
    message = "x has size (5, 7), and the branches end at the sizes (5, 7), (3, 5); to be concatenated they must agree"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Branches(3, "1x1 2", "3x3 2 V")(torch.zeros(1, 3, 5, 7))


# --- version 2

def test_two_3x3_convolutions_cost_28_percent_less_than_one_5x5_and_see_as_far():
    twice, once = Path(10, "3x3 10, 3x3 10"), Path(10, "5x5 10")
    assert weights(twice) / weights(once) == 18 / 25
    for path in (twice, once):
        x = torch.rand(1, 10, 9, 9, requires_grad=True)
        path.eval()(x)[0, :, 4, 4].sum().backward()
        seen = x.grad[0].abs().sum(dim=0).nonzero()
        assert seen.min() >= 2 and seen.max() <= 6


def test_the_module_of_bn_inception_is_its_four_branches():
    module, x = ready(bn_inception_module(3, 2, (4, 5), (6, 7), ("max", 8))), images(2, 3, 5, 7)
    one, three, double, pool = module.children()
    expected = [by_hand(one[0], x),
                by_hand(three[1], by_hand(three[0], x), padding=1),
                by_hand(double[2], by_hand(double[1], by_hand(double[0], x), padding=1), padding=1),
                by_hand(pool[1], F.max_pool2d(x, 3, 1, 1))]
    assert torch.equal(module(x), torch.cat(expected, dim=1))


def test_the_reduction_of_bn_inception_strides_in_its_last_convolutions():
    module, x = ready(bn_inception_reduction(3, (4, 5), (6, 7))), images(2, 3, 6, 8)
    three, double, _ = module.children()
    expected = [by_hand(three[1], by_hand(three[0], x), stride=2, padding=1),
                by_hand(double[2], by_hand(double[1], by_hand(double[0], x), padding=1), stride=2, padding=1),
                F.max_pool2d(x, 3, 2, ceil_mode=True)]
    y = module(x)
    assert torch.equal(y, torch.cat(expected, dim=1)) and y.shape == (2, 15, 3, 4)
    with pytest.raises(ValueError, match=r"^x has size \(5, 8\), .* \(3, 4\), \(3, 4\), \(2, 4\); "):
        module(images(1, 3, 5, 8))


# --- versions 3 and 4

V3 = [("A", 192, 32, 256, 1), ("A", 256, 64, 288, 1), ("B", 288, None, 768, 2), ("C", 768, 128, 768, 1), ("C", 768, 192, 768, 1),
      ("D", 768, None, 1280, 2), ("E", 1280, None, 2048, 1), ("E", 2048, None, 2048, 1)]
V4 = [("A", 384, 384, 1), ("reduction A", 384, 1024, 2), ("B", 1024, 1024, 1), ("reduction B", 1024, 1536, 2), ("C", 1536, 1536, 1)]


@pytest.mark.parametrize("letter, before, n, after, stride", V3)
def test_a_module_of_v3_leaves_the_channels_of_the_table(letter, before, n, after, stride):
    with torch.device("meta"):
        module = inception_v3_module(letter, before, n)
        y = module(torch.zeros(1, before, 17, 35))
    assert module.out_channels == after
    assert y.shape == (1, after, *((17, 35) if stride == 1 else (8, 17)))


@pytest.mark.parametrize("name, before, after, stride", V4)
def test_a_module_of_v4_leaves_the_channels_of_the_figures(name, before, after, stride):
    with torch.device("meta"):
        module = inception_v4_module(name, before)
        y = module(torch.zeros(1, before, 17, 35))
    assert module.out_channels == after
    assert y.shape == (1, after, *((17, 35) if stride == 1 else (8, 17)))


# Kernels and widths of each branch's convolutions, in the order in which they run; a fork's two at its end.
FACTORISED = {
    "A of v3": (inception_v3_module, ("A", 8, 7), [["1x1 64"], ["1x1 48", "5x5 64"], ["1x1 64", "3x3 96", "3x3 96"], ["1x1 7"]]),
    "C of v3": (inception_v3_module, ("C", 8, 5), [["1x1 192"], ["1x1 5", "1x7 5", "7x1 192"],
                                                   ["1x1 5", "7x1 5", "1x7 5", "7x1 5", "1x7 192"], ["1x1 192"]]),
    "D of v3": (inception_v3_module, ("D", 8), [["1x1 192", "3x3 320"], ["1x1 192", "1x7 192", "7x1 192", "3x3 192"], []]),
    "E of v3": (inception_v3_module, ("E", 8), [["1x1 320"], ["1x1 384", "1x3 384", "3x1 384"],
                                                ["1x1 448", "3x3 384", "1x3 384", "3x1 384"], ["1x1 192"]]),
    "B of v4": (inception_v4_module, ("B", 8), [["1x1 384"], ["1x1 192", "1x7 224", "7x1 256"],
                                                ["1x1 192", "7x1 192", "1x7 224", "7x1 224", "1x7 256"], ["1x1 128"]]),
    "reduction B of v4": (inception_v4_module, ("reduction B", 8), [["1x1 192", "3x3 192"],
                                                                    ["1x1 256", "1x7 256", "7x1 320", "3x3 320"], []]),
    "C of v4": (inception_v4_module, ("C", 8), [["1x1 256"], ["1x1 384", "1x3 256", "3x1 256"],
                                                ["1x1 384", "3x1 448", "1x3 512", "1x3 256", "3x1 256"], ["1x1 256"]]),
}


@pytest.mark.parametrize("name", FACTORISED)
def test_rows_and_columns_take_turns_as_in_the_figures(name):
    build, arguments, expected = FACTORISED[name]
    with torch.device("meta"):
        branches = build(*arguments).children()
    assert [["{}x{} {}".format(*layer.kernel_size, layer.out_channels) for layer in branch.modules() if isinstance(layer, nn.Conv2d)]
            for branch in branches] == expected


def test_the_stem_of_v4_forks_three_times():
    with torch.device("meta"):
        x, sizes = torch.zeros(1, 3, 299, 299), []
        for step in inception_v4_stem():
            x = step(x)
            sizes.append(tuple(x.shape[1:]))
    assert sizes == [(32, 149, 149), (32, 147, 147), (64, 147, 147), (160, 73, 73), (192, 71, 71), (384, 35, 35)]


def test_module_e_widens_its_two_middle_branches_at_their_ends():
    module, x = ready(inception_v3_module("E", 4)), images(1, 4, 3, 5)
    one, three, double, pool = module.children()

    def fork(fork, y):
        row, column = fork.children()
        return [by_hand(row[0], y, padding=(0, 1)), by_hand(column[0], y, padding=(1, 0))]

    expected = [by_hand(one[0], x), *fork(three[1], by_hand(three[0], x)),
                *fork(double[2], by_hand(double[1], by_hand(double[0], x), padding=1)),
                by_hand(pool[1], F.avg_pool2d(x, 3, 1, 1, count_include_pad=False))]
    assert [y.shape[1] for y in expected] == [320, 384, 384, 384, 384, 192]
    assert torch.equal(module(x), torch.cat(expected, dim=1))


@pytest.mark.parametrize("arguments, message", [
    (("F", 8), "letter='F' must be one of 'A', 'B', 'C', 'D', 'E'"),
    (("A", 8), "n=None must be a width for a module A"),
    (("E", 8, 2), "n=2 must be left out for a module E"),
])
def test_a_module_of_v3_that_is_none_is_named(arguments, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        inception_v3_module(*arguments)


def test_a_module_of_v4_that_is_none_is_named():
    with pytest.raises(ValueError, match="^name='D' must be one of 'A', 'reduction A', 'B', 'reduction B', 'C'$"):
        inception_v4_module("D", 8)


# --- Xception

def separable(layer, x):
    return F.conv2d(F.conv2d(x, layer.depthwise.weight, padding=1, groups=x.shape[1]), layer.pointwise.conv.weight)


def normed(norm, y):
    return F.batch_norm(y, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps)


@pytest.mark.parametrize("first_relu", [True, False])
def test_an_entry_block_is_two_separable_convolutions_beside_a_strided_shortcut(first_relu):
    block, x = ready(XceptionBlock(3, 5, 5, pool=True, first_relu=first_relu)), images(2, 3, 6, 7)
    first, second = block.body.sep1, block.body.sep2
    y = normed(first.pointwise.norm, separable(first, F.relu(x) if first_relu else x))
    y = normed(second.pointwise.norm, separable(second, F.relu(y)))
    shortcut = normed(block.shortcut.norm, F.conv2d(x, block.shortcut.conv.weight, stride=2))
    assert torch.allclose(block(x), F.max_pool2d(y, 3, 2, 1) + shortcut, rtol=1e-12, atol=1e-12)


def test_a_middle_block_adds_to_its_input():
    block, x = ready(XceptionBlock(4, 4, 4, 4)), images(2, 4, 5, 6)
    for number in (1, 2, 3):
        nn.init.zeros_(getattr(block.body, f"sep{number}").pointwise.norm.weight)
        nn.init.zeros_(getattr(block.body, f"sep{number}").pointwise.norm.bias)
    assert torch.equal(block(x), x)
    assert weights(block) == 3 * (4 * 9 + 4 * 4)


@pytest.mark.parametrize("channels, message", [
    ((4,), "channels=(4,) must hold the input's and those after each convolution, at least two"),
    ((4, 4, 6), "channels=(4, 4, 6) must end as they begin, to be added to the input, unless pool=True"),
])
def test_a_block_of_xception_that_does_not_fit_is_refused(channels, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        XceptionBlock(*channels)


@pytest.mark.parametrize("make", [
    lambda unit: Branches(4, "1x1 2, {1x3 2 | 3x1 2}", "avg 3x3, 1x1 2", unit=unit), lambda unit: InceptionModule(4, 2, (2, 3), (2, 2), 2, unit=unit),
    lambda unit: bn_inception_module(4, 2, (2, 3), (2, 3), ("avg", 2), unit=unit), lambda unit: bn_inception_reduction(4, (2, 3), (2, 3), unit=unit),
    lambda unit: inception_v3_module("E", 4, unit=unit), lambda unit: inception_v4_stem(unit=unit), lambda unit: inception_v4_module("A", 4, unit=unit),
])
def test_a_module_is_made_of_the_unit_that_is_asked_for(make):
    for unit, norms in ((cr, 0), (cbr, 1)):
        layers = [type(layer) for layer in make(unit).modules()]
        assert layers.count(nn.BatchNorm2d) == norms * layers.count(nn.Conv2d)


@pytest.mark.parametrize("module", [
    InceptionModule(4, 2, 3, 2), InceptionModule(4, 2, (2, 3), (2, 2), 2, unit=cbr), bn_inception_module(4, 2, (2, 3), (2, 3), ("avg", 2)),
    bn_inception_reduction(4, (2, 3), (2, 3)), Branches(4, "1x1 2, {1x3 2 | 3x1 2}", "avg 3x3, 1x1 2"), XceptionBlock(4, 6, 6, pool=True),
], ids=lambda module: type(module).__name__)
def test_a_gradient_reaches_every_parameter(module):
    torch.manual_seed(0)
    module.train()(torch.randn(3, 4, 8, 6)).square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in module.parameters())
