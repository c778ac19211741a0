"""SRCNN and FSRCNN: the papers' weights and speed-ups, sizes, and that they run."""

import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_layers

from convbook.cost import profile
from convbook.networks import fsrcnn, fsrcnn_transition, srcnn
from convbook.networks.published import FAMILIES


def weights(module):
    return sum(p.numel() for p in module.parameters() if p.ndim == 4)


@pytest.mark.parametrize("row", FAMILIES["Super-resolution"], ids=lambda row: row.name)
def test_the_papers_count_the_weights_of_the_convolutions_alone(row):
    assert row.printed.startswith(f"{weights(row.build()):,} params")


@pytest.mark.parametrize("kernels, count", [("9-1-5", 8_032), ("9-3-5", 24_416), ("9-5-5", 57_184)])
def test_srcnn_makes_one_multiply_add_for_each_weight_and_pixel(kernels, count):
    net = srcnn(kernels)
    assert weights(net) == count and sum(p.numel() for p in net.parameters()) == count + 97
    assert profile(net, (1, 10, 12)).macs == count * 10 * 12
    assert not any(isinstance(layer, torch.nn.ConvTranspose2d) for layer in net.modules())


def test_fsrcnns_weights_part_by_part():
    net = fsrcnn()
    assert [weights(layer) for layer in net if weights(layer)] == [1_400, 672, *[1_296] * 4, 672, 4_536]
    assert sum(p.numel() for p in net.parameters()) == 12_464 + 173 + 172
    assert [(row.kind, row.macs) for row in profile(net, (1, 5, 6)).rows][-1] == ("ConvTranspose2d", 4_536 * 30)


@pytest.mark.parametrize("net, speed_up, printed", [
    (fsrcnn_transition(1), 8.73, 8.7), (fsrcnn_transition(2), 30.12, 30.1), (fsrcnn(), 41.29, 41.3)])
def test_the_speed_up_over_srcnn_ex_at_scale_3_is_the_papers(net, speed_up, printed):
    before, after = profile(srcnn("9-5-5"), (1, 24, 30)).macs, profile(net, (1, 8, 10)).macs
    assert round(before / after, 2) == speed_up and round(before / after, 1) == printed
    assert before / after == pytest.approx(57_184 * 9 / weights(net), rel=1e-12)


@settings(random_layers, max_examples=100)
@given(d=st.integers(1, 6), s=st.integers(1, 5), m=st.integers(0, 3), scale=st.integers(1, 4), h=st.integers(1, 4), w=st.integers(1, 4))
def test_fsrcnn_enlarges_by_its_scale_and_has_the_weights_of_its_formula(d, s, m, scale, h, w):
    net = fsrcnn(d, s, m, scale)
    assert net(torch.zeros(2, 1, h, w)).shape == (2, 1, scale * h, scale * w)
    assert weights(net) == 25 * d + s * d + 9 * m * s**2 + d * s + 81 * d


@pytest.mark.parametrize("net, enlarged", [
    (srcnn(), 1), (srcnn("9-3-5", in_channels=3, widths=(8, 4)), 1),
    (fsrcnn(12, 4, 1, scale=2), 2), (fsrcnn_transition(1, scale=4), 4), (fsrcnn_transition(2), 3)])
def test_it_runs_on_patches_of_any_size_forward_and_backward(net, enlarged):
    x = torch.rand(2, next(net.parameters()).shape[1], 7, 9)
    y = net.train()(x)
    y.square().mean().backward()
    assert y.shape == (*x.shape[:2], 7 * enlarged, 9 * enlarged)
    assert all(p.grad is not None and p.grad.isfinite().all() for p in net.parameters())
    assert all(p.grad.abs().sum() > 0 for p in net.parameters() if p.ndim == 4)
    assert torch.equal(net.eval()(x), y)  # nothing in it knows of training


@pytest.mark.parametrize("call, error, message", [
    (lambda: srcnn("9-9-9"), ValueError, "kernels='9-9-9' must be one of '9-1-5', '9-3-5', '9-5-5'"),
    (lambda: fsrcnn(s=0), ValueError, "s=0 must be at least 1"),
    (lambda: fsrcnn(m=-1), ValueError, "m=-1 must be at least 0"),
    (lambda: fsrcnn(scale=1.5), TypeError, "scale=1.5 must be an integer"),
    (lambda: fsrcnn_transition(3), ValueError, "state=3 must be 1 or 2"),
])
def test_an_argument_that_does_not_fit_is_named(call, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        call()
