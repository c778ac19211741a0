"""Deformable convolution in PyTorch: by hand, against `convbook.ops` and grid_sample, its gradients, and how a layer of it starts."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from deform_strategies import random_deform, rngs, tensors, torch_deform_conv2d
from hypothesis import given, settings

from convbook import cost, ops
from convbook.blocks.deformable import DeformConv2d, as_deformable, parameter_groups
from convbook.blocks.sampling import bilinear, deform_conv2d


some_layers = settings(max_examples=200)


def test_bilinear_weights_are_the_areas_across():
    x = torch.tensor([[[[1.0, 2.0], [4.0, 8.0]]]])
    # A quarter down, three quarters right: 1 (3/4)(1/4) + 2 (3/4)(3/4) + 4 (1/4)(1/4) + 8 (1/4)(3/4)
    assert bilinear(x, torch.tensor([[0.25]]), torch.tensor([[0.75]])).item() == (3 + 18 + 4 + 24) / 16


@pytest.mark.parametrize("row, value", [(-1.0, 0), (-0.25, 3), (0.0, 4), (1.0, 8), (1.75, 2), (2.0, 0), (1e30, 0), (-1e30, 0)])
def test_beyond_the_image_the_value_fades_to_zero_within_one_pixel(row, value):
    x = torch.tensor([[[[4.0], [8.0]]]])
    assert bilinear(x, torch.tensor([[row]]), torch.tensor([[0.0]])).item() == value


def test_at_a_pixels_centre_the_slope_is_the_one_towards_the_next_pixel():
    x = torch.tensor([[[[1.0, 4.0], [9.0, 25.0]]]])
    place = torch.zeros(2, 1, 1, requires_grad=True)
    bilinear(x, place[0], place[1]).backward()
    assert place.grad.flatten().tolist() == [9 - 1, 4 - 1]


def as_tensors(x, offset, weight, bias, options, **new):
    x, offset, weight, bias, mask = tensors(x, offset, weight, bias, options["mask"], **new)
    return (x, offset, weight, bias), {**options, "mask": mask}


@some_layers
@given(rng=rngs)
def test_tensors_give_the_numbers_of_ops_and_of_grid_sample(rng):
    *arrays, options = random_deform(rng)
    of_tensors, tensor_options = as_tensors(*arrays, options)
    y = deform_conv2d(*of_tensors, **tensor_options)
    torch.testing.assert_close(y, torch.tensor(ops.deform_conv2d(*arrays, **options)))
    torch.testing.assert_close(y, torch_deform_conv2d(*of_tensors, **tensor_options))


@some_layers
@given(rng=rngs)
def test_gradients_are_those_of_ops_at_whole_pixels_too(rng):
    x, offset, weight, bias, options = random_deform(rng)
    offset = np.round(2 * offset) / 2  # half of them at a pixel's centre, where the slope jumps
    of_tensors, tensor_options = as_tensors(x, offset, weight, None, options, requires_grad=True)
    y = deform_conv2d(*of_tensors, **tensor_options)
    grad = torch.randn(y.shape, dtype=y.dtype, generator=torch.Generator().manual_seed(0))
    y.backward(grad)
    expected = ops.deform_conv2d_backward(grad.numpy(), x, offset, weight, **options)
    for tensor, number in ((of_tensors[0], 0), (of_tensors[1], 1), (of_tensors[2], 2), (tensor_options["mask"], 4)):
        if tensor is not None:
            torch.testing.assert_close(tensor.grad, torch.tensor(expected[number]))


@some_layers
@given(rng=rngs)
def test_without_offsets_it_is_the_plain_convolution(rng):
    *arrays, options = random_deform(rng)
    (x, offset, weight, bias), _ = as_tensors(*arrays, options)
    options = {key: value for key, value in options.items() if key != "mask"}
    y = deform_conv2d(x, torch.zeros_like(offset), weight, bias, **options)
    torch.testing.assert_close(y, F.conv2d(x, weight, bias, **options, groups=x.shape[-3] // weight.shape[1]))


def test_the_same_offset_everywhere_shifts_the_image():
    x, weight = torch.randn(2, 3, 7, 9, dtype=torch.float64), torch.randn(4, 3, 3, 2, dtype=torch.float64)
    offset = torch.tensor([1.0, -2.0], dtype=torch.float64).repeat(6)[None, :, None, None].expand(2, -1, 5, 8)
    shifted = F.pad(x, (2, -2, -1, 1))  # x read one row down, two columns to the left
    torch.testing.assert_close(deform_conv2d(x, offset, weight), F.conv2d(shifted, weight))


def test_offsets_of_the_grid_itself_are_a_dilation():
    x, weight = torch.randn(1, 2, 9, 11, dtype=torch.float64), torch.randn(3, 2, 3, 3, dtype=torch.float64)
    taps = torch.cartesian_prod(torch.arange(-1.0, 2), torch.arange(-1.0, 2)).double()
    offset = taps.flatten()[None, :, None, None].expand(1, 18, 9, 11)
    torch.testing.assert_close(deform_conv2d(x, offset, weight, padding=1), F.conv2d(x, weight, padding=2, dilation=2))


@pytest.mark.parametrize("modulated", [False, True])
def test_gradients_are_the_slopes(modulated):
    torch.manual_seed(0)
    x, weight, bias = (torch.randn(s, dtype=torch.float64, requires_grad=True) for s in ((2, 4, 4, 5), (2, 2, 2, 3), (2,)))
    # Away from whole pixels, where the slope jumps.
    offset = (torch.randint(-2, 3, (2, 24, 3, 3)) + 0.1 + 0.8 * torch.rand(2, 24, 3, 3, dtype=torch.float64)).requires_grad_()
    mask = torch.rand(2, 12, 3, 3, dtype=torch.float64, requires_grad=True)

    def conv(x, offset, weight, bias, mask):
        return deform_conv2d(x, offset, weight, bias, stride=2, padding=1, mask=mask if modulated else None)

    inputs = (x, offset, weight, bias, mask) if modulated else (x, offset, weight, bias, mask.detach())
    assert torch.autograd.gradcheck(conv, inputs)


def test_an_image_without_a_batch_gives_the_same_numbers():
    x, offset, weight, mask = torch.randn(2, 5, 6), torch.randn(18, 3, 4), torch.randn(3, 2, 3, 3), torch.rand(9, 3, 4)
    torch.testing.assert_close(deform_conv2d(x, offset, weight, mask=mask),
                               deform_conv2d(x[None], offset[None], weight, mask=mask[None])[0])
    layer = DeformConv2d(2, 3, 3)
    torch.testing.assert_close(layer(x), layer(x[None])[0])


OPTIONS = [dict(), dict(stride=2, padding=1), dict(dilation=2, padding=2, groups=2), dict(deform_groups=4, stride=(1, 2), bias=False)]


@pytest.mark.parametrize("options", OPTIONS)
def test_a_layer_starts_as_the_plain_convolution_with_its_weights(options):
    layer = DeformConv2d(4, 6, (3, 2), **options)
    options = {key: value for key, value in options.items() if key != "deform_groups"}
    plain = torch.nn.Conv2d(4, 6, (3, 2), **options)
    plain.load_state_dict({key: value for key, value in layer.state_dict().items() if "offset" not in key})
    x = torch.randn(2, 4, 8, 11)
    torch.testing.assert_close(layer(x), plain(x))


def test_a_modulated_layer_starts_with_every_mask_at_a_half():
    layer = DeformConv2d(4, 6, 3, padding=1, modulated=True, deform_groups=2)
    x = torch.randn(2, 4, 5, 7)
    offset, mask = layer.sampling(x)
    assert offset.shape == (2, 36, 5, 7) and not offset.any()
    assert mask.shape == (2, 18, 5, 7) and (mask == 0.5).all()
    torch.testing.assert_close(layer(x), F.conv2d(x, layer.weight / 2, layer.bias, padding=1))


def test_a_convolution_made_deformable_keeps_its_very_weights():
    conv = torch.nn.Conv2d(4, 6, (3, 2), stride=(1, 2), padding=1, groups=2)
    layer = as_deformable(conv, deform_groups=2)
    assert layer.weight is conv.weight and layer.bias is conv.bias
    x = torch.randn(2, 4, 5, 7)
    torch.testing.assert_close(layer(x), conv(x))
    assert as_deformable(conv, dilation=2, padding=2).dilation == (2, 2)


@pytest.mark.parametrize("modulated", [False, True])
def test_the_taps_are_not_stuck_where_they_start(modulated):
    torch.manual_seed(0)
    layer = DeformConv2d(2, 3, 3, padding=1, modulated=modulated)
    layer(torch.randn(2, 2, 6, 7)).square().sum().backward()
    per_channel = layer.offset.weight.grad.flatten(1).abs().sum(dim=1)
    assert (per_channel > 0).all() and (layer.offset.bias.grad != 0).all()


def test_the_grid_to_draw_is_the_convolutions_own_plus_the_offsets():
    layer = DeformConv2d(1, 1, 3, stride=2, padding=1)
    with torch.no_grad():
        layer.offset.bias[0], layer.offset.bias[-1] = 0.25, -0.5  # dy of the first tap, dx of the last
    grid = layer.sampling_grid(torch.zeros(1, 1, 5, 7))
    assert grid.shape == (1, 1, 9, 2, 3, 4) and not grid.requires_grad
    assert grid[0, 0, 0, :, 1, 2].tolist() == [2 - 1 + 0.25, 4 - 1]
    assert grid[0, 0, 8, :, 1, 2].tolist() == [2 + 1, 4 + 1 - 0.5]


# architectures.md's list: (channels, deformable groups, modulated) to the parameters of the offset convolution.
COUNTS = {(128, 1, False): 20_754, (256, 1, False): 41_490, (512, 1, False): 82_962, (512, 4, False): 331_848,
          (128, 1, True): 31_131, (256, 1, True): 62_235, (512, 1, True): 124_443}


@pytest.mark.parametrize("case", COUNTS)
def test_offset_convolutions_have_the_published_counts(case):
    channels, groups, modulated = case
    with torch.device("meta"):
        layer = DeformConv2d(channels, channels, 3, padding=1, bias=False, deform_groups=groups, modulated=modulated)
        rows = cost.profile(layer, (channels, 5, 7)).rows
    counts = {row.name: (row.params, row.macs) for row in rows}
    outputs = (3 if modulated else 2) * 9 * groups
    assert counts == {"DeformConv2d": (9 * channels**2, 9 * channels**2 * 35), "offset": (COUNTS[case], 9 * channels * outputs * 35)}


def test_the_offset_convolution_follows_the_layers_dilation_unless_told_otherwise():
    x = torch.randn(1, 2, 9, 8)
    for offset_dilation, padding in ((None, 2), (1, 1), (3, 3)):
        layer = DeformConv2d(2, 3, 3, padding=2, dilation=2, offset_dilation=offset_dilation)
        assert layer.offset.dilation == (offset_dilation or 2,) * 2 and list(layer.offset.padding) == [padding] * 2
        assert layer.sampling(x)[0].shape == (1, 18, 9, 8)


def test_only_the_modulated_layers_offsets_learn_more_slowly():
    net = torch.nn.Sequential(DeformConv2d(1, 2, 3, modulated=True), DeformConv2d(2, 2, 3), torch.nn.Conv2d(2, 1, 1))
    rest, slow = parameter_groups(net, 0.5)
    assert (rest["lr"], slow["lr"]) == (0.5, 0.05)
    assert {id(p) for p in slow["params"]} == {id(p) for p in net[0].offset.parameters()}
    assert {id(p) for group in (rest, slow) for p in group["params"]} == {id(p) for p in net.parameters()}
    torch.optim.Adam([rest, slow])


def zeros(*shape):
    return torch.zeros(shape)


@pytest.mark.parametrize("call, message", [
    (lambda: DeformConv2d(4, 4, 3, deform_groups=3), "deform_groups=3 must divide in_channels=4"),
    (lambda: DeformConv2d(4, 4, 2, dilation=2, padding=1, offset_dilation=1),
     "offset_dilation=1 finds no padding that gives the size of padding=1, dilation=2, kernel size 2; dilation=2 always does"),
    (lambda: DeformConv2d(4, 4, 3, dilation=3, padding=1, offset_dilation=1),
     "offset_dilation=1 finds no padding that gives the size of padding=1, dilation=3, kernel size 3; dilation=3 always does"),
    (lambda: as_deformable(torch.nn.Conv2d(1, 1, 3, padding_mode="circular")), "padding_mode='circular' must be 'zeros': beyond the image the taps read zeros"),
    (lambda: DeformConv2d(4, 4, 0), "kernel_size=0 must be at least 1"),
    (lambda: deform_conv2d(zeros(1, 4, 5, 6), zeros(1, 18, 3, 4), zeros(2, 3, 3, 3)),
     "weight has shape (2, 3, 3, 3); its second axis must be in_channels / groups, where groups divides in_channels=4 and out_channels=2"),
    (lambda: deform_conv2d(zeros(1, 4, 5, 6), zeros(1, 18, 5, 6), zeros(2, 4, 3, 3)),
     "offset has shape (1, 18, 5, 6); it must be (1, 18 dg, 3, 4) with dg dividing in_channels=4"),
    (lambda: deform_conv2d(zeros(1, 4, 5, 6), zeros(1, 54, 3, 4), zeros(2, 4, 3, 3)),
     "offset has shape (1, 54, 3, 4); it must be (1, 18 dg, 3, 4) with dg dividing in_channels=4"),
    (lambda: deform_conv2d(zeros(1, 4, 5, 6), zeros(1, 36, 3, 4), zeros(2, 4, 3, 3), mask=zeros(1, 9, 3, 4)),
     "mask has shape (1, 9, 3, 4); it must be (1, 18, 3, 4), half as many channels as offset"),
    (lambda: deform_conv2d(zeros(1, 4, 2, 6), zeros(1, 18, 1, 4), zeros(2, 4, 3, 3)),
     "height: k=3 with dilation=1 spans 3 positions; n=2 with padding=0 has only 2"),
])
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message
