"""ASPP and switchable atrous convolution: published counts, by hand from their parts, and how they start."""

import pytest
import torch
import torch.nn.functional as F

from convbook import cost
from convbook.blocks import ASPP, SummedASPP, SwitchableAtrousConv2d
from convbook.blocks.aspp import Enlarge
from convbook.blocks.sampling import deform_conv2d


def params(module):
    return sum(p.numel() for p in module.parameters())


def test_the_pyramids_have_the_published_counts():
    with torch.device("meta"):
        assert params(ASPP(2048)) == 15_535_104
        assert params(SummedASPP(2048, 21)) == 1_548_372
        assert params(SummedASPP(512, 21, hidden=1024)) == 23_162_964


def test_rates_change_neither_parameters_nor_multiply_adds():
    with torch.device("meta"):
        near, far = (cost.profile(ASPP(8, 4, rates), (8, 30, 34)) for rates in ((1, 2, 3), (6, 12, 18)))
    assert [(row.params, row.macs) for row in near.rows] == [(row.params, row.macs) for row in far.rows]
    assert near.macs == 30 * 34 * 4 * (8 + 3 * 72 + 20) + 32  # and 8 x 4 for the mean of the whole image


def test_version_3_concatenates_in_the_papers_order():
    net = ASPP(3, 2, rates=(1, 4)).eval()
    x = torch.randn(2, 3, 7, 9)
    mean = net.whole_image(x)
    assert mean.shape == (2, 2, 1, 1)
    seen = [net.branches[0](x), net.branches[1](x), net.branches[2](x), mean.expand(2, 2, 7, 9)]
    torch.testing.assert_close(net(x), net.mix(torch.cat(seen, dim=1)))
    assert [branch.conv.dilation[0] for branch in net.branches] == [1, 1, 4]
    assert not torch.equal(net(x), ASPP(3, 2, rates=(1, 4)).eval()(x))


def test_the_branch_of_the_mean_sees_everything():
    net = ASPP(1, 2, rates=(1,)).eval()
    for parameter in net.parameters():  # no ReLU may close the way
        parameter.data.abs_()
    x = torch.rand(1, 1, 15, 17, requires_grad=True)
    (grad,) = torch.autograd.grad(net(x)[0, :, 0, 0].sum(), x)
    assert (grad != 0).all()


@pytest.mark.parametrize("hidden", [None, 5])
def test_version_2_sums_its_branches(hidden):
    net = SummedASPP(3, 4, (1, 2, 5), hidden=hidden)
    x = torch.randn(2, 3, 7, 9)
    torch.testing.assert_close(net(x), net.branches[0](x) + net.branches[1](x) + net.branches[2](x))
    x.requires_grad_()
    (grad,) = torch.autograd.grad(SummedASPP(3, 4, (3,), hidden=hidden)(x)[0, :, 3, 4].sum(), x)
    assert set(map(tuple, grad[0].abs().sum(dim=0).nonzero().tolist())) <= {(r, c) for r in (0, 3, 6) for c in (1, 4, 7)}


def test_enlarge_is_bilinear():
    x = torch.tensor([[[[0.0, 4.0]]]])
    assert Enlarge(2)(x)[0, 0, 0].tolist() == [0, 1, 3, 4]


OPTIONS = [dict(kernel_size=3), dict(kernel_size=3, stride=2, dilation=(1, 2), padding=(1, 2)), dict(kernel_size=(1, 5), groups=2, bias=True)]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("variant", [dict(), dict(standardise=True), dict(deformable=True)])
def test_a_switchable_convolution_starts_as_the_plain_one(options, variant):
    layer = SwitchableAtrousConv2d(4, 6, **options, **variant)
    x = torch.randn(2, 4, 11, 14)
    plain = torch.nn.Conv2d(4, 6, **{"bias": False, **options, "padding": layer.conv.padding})
    plain.load_state_dict(layer.conv.state_dict())
    if variant:
        torch.testing.assert_close(layer(x), plain(x))
    else:
        assert torch.equal(layer(x), plain(x))  # to the bit: 1 y + 0 z


def test_switchable_counts_are_the_formulas():
    with torch.device("meta"):
        layer = SwitchableAtrousConv2d(256, 256, 3, padding=1)
        assert params(layer) == 1_311_489 and layer.conv.weight.numel() == 589_824
        assert params(SwitchableAtrousConv2d(6, 4, (3, 1))) == 2 * 3 * 24 + 7 + 6 * 7 + 4 * 5
        # The two offset convolutions, 3 x 3 from 256 to 18; standardising learns nothing.
        assert params(SwitchableAtrousConv2d(256, 256, 3, deformable=True, standardise=True)) == 1_311_489 + 2 * 18 * (9 * 256 + 1)
        macs = cost.profile(layer, (256, 10, 12)).macs
    assert macs == 120 * (2 * 589_824 + 256) + 2 * 256**2


def test_the_switch_mixes_two_dilations_of_changed_weights():
    torch.manual_seed(0)
    layer = SwitchableAtrousConv2d(2, 3, 3, stride=2, padding=1, dilation=1).double()
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    x = torch.randn(2, 2, 9, 11, dtype=torch.float64)
    y = x + layer.pre(x.mean(dim=(2, 3), keepdim=True))
    around = F.avg_pool2d(F.pad(y, (2, 2, 2, 2), mode="reflect"), 5, stride=1)
    S = F.conv2d(around, layer.switch.weight, layer.switch.bias, stride=2)
    assert (S < 0).any() and (S > 1).any()  # no sigmoid
    w, dw = layer.conv.weight, layer.difference.weight
    y = S * F.conv2d(y, w, stride=2, padding=1) + (1 - S) * F.conv2d(y, w + dw, stride=2, padding=3, dilation=3)
    y = y + layer.post(y.mean(dim=(2, 3), keepdim=True))
    torch.testing.assert_close(layer(x), y)


def test_standardised_weights_keep_mean_and_deviation_whatever_is_learned():
    layer = SwitchableAtrousConv2d(3, 4, 3, standardise=True)
    before = layer.weights()[0].detach()
    layer.conv.weight.data = 7 * layer.conv.weight.data + torch.arange(4.0)[:, None, None, None]
    torch.testing.assert_close(layer.weights()[0], before, atol=1e-3, rtol=1e-3)


def test_a_deformable_switch_reads_where_its_offsets_say():
    torch.manual_seed(0)
    layer = SwitchableAtrousConv2d(2, 3, 3, padding=1, deformable=True)
    x = torch.randn(1, 2, 6, 7)
    torch.nn.init.normal_(layer.offsets[0].bias)
    offset = layer.offsets[0].bias[None, :, None, None].expand(1, -1, 6, 7)
    torch.testing.assert_close(layer(x), deform_conv2d(x, offset, layer.conv.weight, padding=1))


def test_the_switch_is_not_stuck_where_it_starts():
    torch.manual_seed(0)
    layer = SwitchableAtrousConv2d(2, 3, 3, padding=1)
    x = torch.randn(2, 2, 6, 7)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.01)
    layer(x).square().sum().backward()
    grads = {name: bool(p.grad.abs().sum() > 0) for name, p in layer.named_parameters()}
    # While S = 1 nothing flows to the large dilation; the switch opens it with the first step.
    assert grads == {name: name != "difference.weight" for name in grads}
    optimizer.step()
    layer(x).square().sum().backward()
    assert layer.difference.weight.grad.abs().sum() > 0


@pytest.mark.parametrize("call, message", [
    (lambda: ASPP(3, rates=()), "rates=() must be a tuple of at least one dilation"),
    (lambda: SummedASPP(3, 2, (6, 0)), "rates[1]=0 must be at least 1"),
    (lambda: SwitchableAtrousConv2d(2, 3, (3, 2)), "kernel_size=(3, 2) must be odd, so that both dilations can give the same size"),
    (lambda: SwitchableAtrousConv2d(2, 3, 3, padding=0),
     "padding=0 must be dilation (kernel_size - 1) / 2 = (1, 1), so that both dilations give the same size"),
    (lambda: SwitchableAtrousConv2d(2, 3, 3)(torch.zeros(1, 2, 2, 5)),
     "x has shape (1, 2, 2, 5); its height and width must be at least 3, to be reflected by 2 at the borders"),
])
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message
