"""ResNet's and ResNeXt's blocks: three forms of one function, what it costs, and where batch norm must sit."""

import re
from fractions import Fraction

import numpy as np
import pytest
import torch
from pricing import conv_weights, priced
from torch.nn import functional as F

from convbook.blocks import ResNetBottleneck, ResNeXtBottleneck, carry_weights, in_form

TOLERANCE = dict(rtol=0, atol=1e-10)


def perturbed(block, seed):
    """In float64, with weights, gammas, betas and statistics that no channel shares with another."""
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in [*block.double().named_parameters(), *block.named_buffers()]:
        if tensor.is_floating_point():
            noise = torch.randn(tensor.shape, generator=generator, dtype=torch.float64)
            tensor.data = 0.5 + noise.abs() if "running_var" in name else 0.5 * noise + (tensor.dim() == 1)
    return block


def gradients(block, x, weight):
    """Output, gradient at the input, gradients of the parameters by name, of a sum that weighs each output differently."""
    x = x.clone().requires_grad_()
    block.zero_grad()
    y = block(x)
    (weight * y).sum().backward()
    return y.detach(), x.grad, {name: p.grad for name, p in block.named_parameters()}


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("source", "abc")
@pytest.mark.parametrize("target", "abc")
def test_forms_agree_in_outputs_gradients_and_statistics(source, target, seed, training):
    rng = np.random.default_rng(seed)
    C, d, i, o, stride = (int(rng.integers(low, high)) for low, high in ((1, 6), (1, 4), (1, 8), (1, 8), (1, 3)))
    one, two = (ResNeXtBottleneck(i, o, cardinality=C, path_width=d, stride=stride, form=form) for form in (source, target))
    perturbed(one, seed), perturbed(two, seed + 100)
    carry_weights(one, two)
    one.train(training), two.train(training)
    x = torch.from_numpy(rng.standard_normal((2, i, 5, 4)))
    weight = torch.from_numpy(rng.standard_normal((2, o, -(-5 // stride), -(-4 // stride))))
    (y1, dx1, dw1), (y2, dx2, dw2) = (gradients(block, x, weight) for block in (one, two))
    torch.testing.assert_close(y1, y2, **TOLERANCE)
    torch.testing.assert_close(dx1, dx2, **TOLERANCE)
    torch.testing.assert_close(in_form(dw1, target, C), dw2, **TOLERANCE)
    torch.testing.assert_close(in_form(one.state_dict(), target, C), dict(two.state_dict()), **TOLERANCE)


def test_path_k_is_group_k():
    a, c = (ResNeXtBottleneck(6, 5, cardinality=3, path_width=2, form=form) for form in "ac")
    carry_weights(a, c)
    for k, path in enumerate(a.paths):
        rows = slice(2 * k, 2 * k + 2)
        assert torch.equal(path["reduce"].conv.weight, c.reduce.conv.weight[rows])
        assert torch.equal(path["spatial"].conv.weight, c.spatial.conv.weight[rows])
        assert torch.equal(path["expand"].weight, c.expand.weight[:, rows])


def test_batch_norm_inside_the_paths_is_another_function():
    block = perturbed(ResNeXtBottleneck(6, 6, cardinality=3, path_width=2, form="a"), 0).train()
    x = torch.randn(2, 6, 5, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    paths = [path["expand"](path["spatial"](path["reduce"](x))) for path in block.paths]
    after = F.batch_norm(sum(paths), None, None, block.norm.weight, block.norm.bias, training=True)
    inside = sum(F.batch_norm(path, None, None, block.norm.weight, block.norm.bias, training=True) for path in paths)
    torch.testing.assert_close(block(x), torch.relu(after + x), **TOLERANCE)
    assert (after - inside).abs().max() > 1


def test_a_bias_belongs_to_the_sum_and_not_to_each_path():
    x, w, b = torch.randn(1, 6, 3, 2).double(), torch.randn(5, 6, 1, 1).double(), torch.randn(5).double()
    whole = F.conv2d(x, w, b)
    parts = list(zip(x.split(2, dim=1), w.split(2, dim=1)))
    torch.testing.assert_close(sum(F.conv2d(*part) for part in parts) + b[:, None, None], whole, **TOLERANCE)
    torch.testing.assert_close(sum(F.conv2d(*part, b) for part in parts), whole + 2 * b[:, None, None], **TOLERANCE)


def by_hand(x, block, stride_1x1, stride_3x3, groups):
    """The block out of functions alone, in evaluation mode."""
    def norm(y, layer):
        return F.batch_norm(y, layer.running_mean, layer.running_var, layer.weight, layer.bias)

    y = torch.relu(norm(F.conv2d(x, block.reduce.conv.weight, stride=stride_1x1), block.reduce.norm))
    y = F.conv2d(y, block.spatial.conv.weight, stride=stride_3x3, padding=1, groups=groups)
    y = torch.relu(norm(y, block.spatial.norm))
    expand, last = (block.expand, block.norm) if groups > 1 else (block.expand.conv, block.expand.norm)
    y = norm(F.conv2d(y, expand.weight), last)
    if not isinstance(block.shortcut, torch.nn.Identity):
        x = norm(F.conv2d(x, block.shortcut.conv.weight, stride=stride_1x1 * stride_3x3), block.shortcut.norm)
    return torch.relu(x + y)


@pytest.mark.parametrize("version, strides", [("v1", (2, 1)), ("v1.5", (1, 2)), ("v1", (1, 1))])
@pytest.mark.parametrize("out", [6, 10])
def test_a_resnet_bottleneck_is_its_formula(version, strides, out):
    block = perturbed(ResNetBottleneck(6, 4, out, stride=max(strides), version=version), 1).eval()
    x = torch.randn(2, 6, 7, 4).double()
    torch.testing.assert_close(block(x), by_hand(x, block, *strides, 1), **TOLERANCE)


@pytest.mark.parametrize("stride, out", [(1, 6), (1, 5), (2, 6)])
def test_a_resnext_bottleneck_is_its_formula(stride, out):
    block = perturbed(ResNeXtBottleneck(6, out, cardinality=3, path_width=2, stride=stride), 1).eval()
    x = torch.randn(2, 6, 7, 4).double()
    torch.testing.assert_close(block(x), by_hand(x, block, 1, stride, 3), **TOLERANCE)


def test_version_1_never_reads_three_of_four_pixels_at_stride_2():
    read = {}
    for version in ("v1", "v1.5"):
        torch.manual_seed(0)
        x = torch.randn(1, 3, 6, 8, requires_grad=True)
        ResNetBottleneck(3, 32, 8, stride=2, version=version).eval()(x).sum().backward()
        read[version] = (x.grad.abs().sum(dim=1)[0] > 0)
    assert read["v1"][::2, ::2].all() and read["v1"].sum() == 3 * 4
    assert read["v1.5"].all()


def test_weights_of_figure_1():
    assert conv_weights(ResNetBottleneck(256, 64, 256)) == 256 * 64 + 9 * 64**2 + 64 * 256 == 69_632
    for form in "abc":
        assert conv_weights(ResNeXtBottleneck(256, 256, form=form)) == 32 * (256 * 4 + 9 * 16 + 4 * 256) == 70_144


@pytest.mark.parametrize("cardinality, path_width, weights", [(1, 64, 69_632), (2, 40, 69_760), (4, 24, 69_888), (8, 14, 71_456), (32, 4, 70_144)])
@pytest.mark.parametrize("form", "abc")
def test_weights_and_multiply_adds_of_table_2(cardinality, path_width, weights, form):
    def build():
        return ResNeXtBottleneck(256, 256, cardinality=cardinality, path_width=path_width, form=form)

    with torch.device("meta"):
        assert conv_weights(build()) == weights
    macs = priced(build, (256, 56, 56)).macs
    assert macs == weights * 56 * 56 and 0.218e9 < macs < 0.2245e9


@pytest.mark.parametrize("stage", range(4))
def test_pointwise_convolutions_are_128_of_137_parts_of_a_unit_in_every_stage(stage):
    block = ResNeXtBottleneck(256 * 2**stage, 256 * 2**stage, cardinality=32, path_width=4 * 2**stage)
    pointwise = block.reduce.conv.weight.numel() + block.expand.weight.numel()
    assert Fraction(pointwise, conv_weights(block)) == Fraction(128, 137)
    if stage == 0:
        assert (pointwise, block.spatial.conv.weight.numel()) == (65_536, 4_608)


@pytest.mark.parametrize("call, error, message", [
    (lambda: ResNeXtBottleneck(6, 6, form="d"), ValueError, "form='d' must be one of 'a', 'b', 'c'"),
    (lambda: ResNeXtBottleneck(6, 6, cardinality=0), ValueError, "cardinality=0 must be at least 1"),
    (lambda: ResNeXtBottleneck(6, 6, path_width=1.5), TypeError, "path_width=1.5 must be an integer"),
    (lambda: ResNetBottleneck(6, 4, 6, version="v2"), ValueError, "version='v2' must be one of 'v1', 'v1.5'"),
    (lambda: ResNetBottleneck(6, 0, 6), ValueError, "width=0 must be at least 1"),
    (lambda: carry_weights(ResNetBottleneck(6, 4, 6), ResNeXtBottleneck(6, 6)), TypeError,
     "source has type ResNetBottleneck; it must be a ResNeXtBottleneck"),
    (lambda: carry_weights(ResNeXtBottleneck(6, 6, cardinality=2), ResNeXtBottleneck(6, 6, cardinality=4)), ValueError,
     "source does not fit target: reduce.conv.weight would have shape (8, 6, 1, 1); it must be (16, 6, 1, 1)"),
    (lambda: carry_weights(ResNeXtBottleneck(6, 6, cardinality=2), ResNeXtBottleneck(6, 7, cardinality=2, form="a")), ValueError,
     "source does not fit target: paths.0.expand.weight would have shape (6, 4, 1, 1); it must be (7, 4, 1, 1)"),
])
def test_what_does_not_fit_is_refused(call, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()
