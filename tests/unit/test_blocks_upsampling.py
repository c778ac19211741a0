"""Sub-pixel and resize convolutions: equal to a transposed convolution, equal in cost, and free of a checkerboard at the start."""

import pytest
import torch
import torch.nn.functional as F

from convbook import cost
from convbook.blocks import ResizeConv2d, SubPixelConv2d, icnr_
from convbook.blocks.upsampling import transposed_equal


@pytest.mark.parametrize("k, s", [(1, 2), (3, 2), (3, 3), (5, 4)])
def test_a_sub_pixel_convolution_is_a_transposed_one_with_its_weights_in_another_order(k, s):
    layer, transposed = SubPixelConv2d(3, 2, k, s, icnr=False).double(), transposed_equal(3, 2, k, s).double()
    w = layer[0].weight.reshape(2, s, s, 3, k, k).flip(4, 5)  # out, row and column in the block, in, taps turned round
    transposed.weight.data = w.permute(3, 0, 4, 1, 5, 2).reshape(3, 2, s * k, s * k)
    transposed.bias.data.zero_()
    layer[0].bias.data.zero_()
    x = torch.randn(2, 3, 5, 6, dtype=torch.float64)
    torch.testing.assert_close(layer(x), transposed(x))


def test_all_three_cost_the_same_and_resizing_has_fewer_weights():
    with torch.device("meta"):
        sub_pixel, resize, transposed = (cost.profile(module, (6, 7, 9)) for module in (
            SubPixelConv2d(6, 4, 3, 2), ResizeConv2d(6, 4, 3, 2), transposed_equal(6, 4, 3, 2)))
    assert sub_pixel.macs == resize.macs == transposed.macs == 7 * 9 * 6 * 4 * 6**2
    assert [p.params for p in (sub_pixel, resize, transposed)] == [6 * 6**2 * 4 + 16, 6 * 3**2 * 4 + 4, 6 * 6**2 * 4 + 4]


@pytest.mark.parametrize("s", [2, 3])
def test_a_sub_pixel_convolution_starts_as_a_convolution_enlarged_by_repetition(s):
    torch.manual_seed(0)
    x = torch.randn(2, 3, 5, 6)
    layer = SubPixelConv2d(3, 2, 3, s)
    small = F.conv2d(x, layer[0].weight[::s * s], padding=1)
    assert small.std() > 0.1
    torch.testing.assert_close(layer(x), F.interpolate(small, scale_factor=s, mode="nearest"))


def checkerboard(layer, s):
    """How much the s x s places of a block differ on a constant image, away from its borders, over the size of the output."""
    with torch.no_grad():
        y = layer(torch.ones(1, 4, 9, 9))[:, :, 3 * s:-3 * s, 3 * s:-3 * s]
    blocks = y.unflatten(2, (-1, s)).unflatten(4, (-1, s)).mean(dim=(2, 4))
    return (blocks - blocks.mean(dim=(2, 3), keepdim=True)).abs().max() / y.abs().mean()


def test_a_constant_image_stays_flat_at_the_start_only_with_icnr_or_resizing():
    torch.manual_seed(0)
    for cure in (SubPixelConv2d(4, 2, 3, 2), ResizeConv2d(4, 2, 3, 2), ResizeConv2d(4, 2, 3, 2, mode="bilinear")):
        assert checkerboard(cure, 2) < 1e-5
    for ill in (SubPixelConv2d(4, 2, 3, 2, icnr=False), transposed_equal(4, 2, 3, 2)):
        assert checkerboard(ill, 2) > 0.1


def test_icnr_repeats_each_filter_and_draws_no_two_alike():
    weight = torch.empty(18, 2, 3, 3)
    assert icnr_(weight, 3) is weight
    sets = weight.unflatten(0, (2, 9))
    assert (sets == sets[:, :1]).all() and not torch.equal(sets[0, 0], sets[1, 0])


def test_the_initialiser_sees_the_small_kernel_so_that_its_fans_are_right():
    torch.manual_seed(0)
    first = icnr_(torch.empty(8, 3, 3, 3), 2, torch.nn.init.xavier_uniform_)
    torch.manual_seed(0)
    assert torch.equal(first[::4], torch.nn.init.xavier_uniform_(torch.empty(2, 3, 3, 3)))


def test_resizing_comes_before_the_convolution():
    x = torch.randn(1, 3, 4, 5)
    for mode, options in (("nearest", {}), ("bilinear", {"align_corners": False})):
        layer = ResizeConv2d(3, 2, 3, 3, mode=mode)
        torch.testing.assert_close(layer(x), layer[1](F.interpolate(x, scale_factor=3, mode=mode, **options)))


@pytest.mark.parametrize("call, message", [
    (lambda: SubPixelConv2d(3, 2, 4, 2), "kernel_size=4 must be odd, so that padding 2 keeps the size"),
    (lambda: ResizeConv2d(3, 2, 2, 2), "kernel_size=2 must be odd, so that padding 1 keeps the size"),
    (lambda: SubPixelConv2d(3, 2, 3, 0), "scale=0 must be at least 1"),
    (lambda: ResizeConv2d(3, 2, 3, 2, mode="bicubic"), "mode='bicubic' must be one of 'nearest', 'bilinear'"),
    (lambda: icnr_(torch.empty(6, 1, 1, 1), 2), "weight has 6 filters; their number must be a multiple of scale² = 4"),
])
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message
