"""Parameters, multiply-adds and the profile: the shared table, PyTorch's own counts, published networks, messages."""

import re
import subprocess
import sys

import pytest
import torch
from shared_table import cases
from torch import nn

from convbook import cost


@pytest.mark.parametrize("function, args, result, error",
                         cases("conv_params", "conv_macs", "conv_bytes", "arithmetic_intensity"))
def test_every_row_of_the_shared_table_holds(function, args, result, error):
    if error:
        with pytest.raises((TypeError, ValueError), match=f"^{re.escape(error)}$"):
            getattr(cost, function)(**args)
    else:
        assert getattr(cost, function)(**args) == result


@pytest.mark.parametrize("layer, shape", [
    (nn.Conv1d(4, 6, 3, stride=2, groups=2), (4, 11)),
    (nn.Conv2d(4, 6, (2, 3), padding=1, bias=False), (4, 7, 5)),
    (nn.Conv2d(6, 12, 3, groups=6, dilation=2), (6, 9, 8)),
    (nn.Conv3d(2, 3, (1, 2, 3)), (2, 4, 5, 6)),
])
def test_profile_counts_one_convolution_as_the_formulas_do(layer, shape):
    (row,) = cost.profile(layer, shape).rows
    C, D, k, G = layer.in_channels, layer.out_channels, layer.kernel_size, layer.groups
    assert row.output_shape == tuple(layer(torch.zeros(1, *shape)).shape[1:])
    assert row.params == cost.conv_params(C, D, k, groups=G, bias=layer.bias is not None)
    assert row.macs == cost.conv_macs(C, D, k, row.output_shape[1:], groups=G)


def test_every_layer_of_a_small_network_has_its_row():
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.PReLU(4), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 5))
    assert cost.profile(net, (3, 5, 7)).rows == (
        cost.Row("0", "Conv2d", (4, 3, 5), 112, 15 * 4 * 27),
        cost.Row("1", "BatchNorm2d", (4, 3, 5), 8, 0),
        cost.Row("2", "PReLU", (4, 3, 5), 4, 0),
        cost.Row("5", "Linear", (5,), 45, 40),
    )


def test_a_transposed_convolution_is_counted_from_its_input():
    (row,) = cost.profile(nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2), (4, 5, 7)).rows
    assert (row.output_shape, row.params, row.macs) == ((6, 11, 15), 4 * 3 * 9 + 6, 4 * 5 * 7 * 3 * 9)


def test_alexnet_in_one_column_has_its_known_totals():
    widths = [(3, 64, 11, 4, 2, True), (64, 192, 5, 1, 2, True), (192, 384, 3, 1, 1, False), (384, 256, 3, 1, 1, False),
              (256, 256, 3, 1, 1, True)]
    layers = []
    for c, d, k, s, p, pool in widths:
        layers += [nn.Conv2d(c, d, k, s, p), nn.ReLU()] + [nn.MaxPool2d(3, 2)] * pool
    found = cost.profile(nn.Sequential(*layers, nn.Flatten(), nn.Linear(9216, 4096), nn.Linear(4096, 4096),
                                       nn.Linear(4096, 1000)), (3, 224, 224))
    assert (found.params, found.macs) == (61_100_840, 714_188_480)


def test_a_shared_layer_is_counted_once_in_parameters_and_each_time_in_macs():
    layer = nn.Conv2d(2, 2, 3, padding=1)
    found = cost.profile(nn.Sequential(layer, nn.ReLU(), layer), (2, 4, 5))
    assert [row.params for row in found.rows] == [38, 0]
    assert found.macs == 2 * 20 * 2 * 18


def test_a_layer_that_does_not_run_still_counts_its_parameters():
    net = nn.Sequential(nn.Conv2d(1, 1, 1))
    net.head = nn.Linear(3, 2)
    net.forward = net[0].forward
    found = cost.profile(net, (1, 2, 2))
    assert found.rows[-1] == cost.Row("head", "Linear", None, 8, 0)


def test_profile_leaves_modes_statistics_gradients_and_hooks_as_they_were():
    net = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2), nn.Dropout())
    net[2].eval()
    before = {k: v.clone() for k, v in net.state_dict().items()}
    cost.profile(net, (1, 1, 1))
    assert [m.training for m in net.modules()] == [True, True, True, False]
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())
    assert all(p.grad is None for p in net.parameters())
    assert not any(m._forward_hooks for m in net.modules())


def test_profile_leaves_modes_and_hooks_as_they_were_when_the_network_fails():
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Dropout())
    with pytest.raises(RuntimeError):
        cost.profile(net, (1, 2, 2))
    assert all(m.training and not m._forward_hooks for m in net.modules())


def test_a_network_in_float64_is_profiled_in_float64():
    assert cost.profile(nn.Conv2d(1, 1, 1).double(), (1, 2, 3)).macs == 6


def test_a_profile_prints_as_a_table_without_addresses():
    found = cost.profile(nn.Sequential(nn.Conv2d(3, 64, 3, bias=False), nn.PReLU()), (3, 9, 8))
    assert repr(found) == (
        "name   kind    output  params    macs\n"
        "0      Conv2d  64x7x6   1,728  72,576\n"
        "1      PReLU   64x7x6       1       0\n"
        "total                   1,729  72,576")
    assert found._repr_html_().count("<tr>") == 4 and "<td>72,576</td>" in found._repr_html_()


@pytest.mark.parametrize("module, shape, error, message", [
    ("net", (3,), TypeError, "module has type str; it must be a torch.nn.Module"),
    (nn.ReLU(), 3, TypeError, "input_shape=3 must be a tuple of integers, without the batch axis"),
    (nn.ReLU(), (3, 0), ValueError, "input_shape[1]=0 must be at least 1"),
    (nn.ReLU(), (3, 2.5), TypeError, "input_shape[1]=2.5 must be an integer"),
])
def test_profile_refuses_what_it_cannot_run(module, shape, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        cost.profile(module, shape)


@pytest.mark.parametrize("name", ["in_channels", "out_channels", "kernel_size", "groups"])
@pytest.mark.parametrize("value", [2.0, "2", True, float("nan")])
def test_a_count_that_is_no_integer_is_refused_by_name(name, value):
    args = {"in_channels": 4, "out_channels": 6, "kernel_size": 3, "groups": 2, name: value}
    for call in cost.conv_params, lambda **a: cost.conv_macs(output_size=5, **a):
        with pytest.raises(TypeError, match=f"^{name}={value!r} must be an integer$"):
            call(**args)


def test_a_bias_is_there_or_not():
    with pytest.raises(TypeError, match="^bias=2 must be True or False$"):
        cost.conv_params(3, 2, 3, bias=2)
    with pytest.raises(TypeError, match="^bias=None must be True or False$"):
        cost.conv_bytes(3, 2, 3, 5, 3, bias=None)


def test_importing_the_formulas_loads_neither_torch_nor_matplotlib():
    code = ("import sys, convbook.shapes, convbook.cost, convbook.ops, convbook.reference; "
            "sys.exit('torch' in sys.modules or 'matplotlib' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
