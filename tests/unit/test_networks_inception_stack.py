"""Small stacks of modules: their counts by hand, their heads, their initial weights."""

import re

import pytest
import torch

from convbook.blocks import cbr
from convbook.cost import profile
from convbook.networks.inception_stack import first_layer, inception_stack, start_anew


def test_two_modules_have_the_parameters_counted_by_hand():
    module = lambda C, w: (C + 1) * w + 2 * (C + 1) * w + (9 + 25) * w * w + 2 * w + (C + 1) * w
    found = profile(inception_stack(2, width=3, in_channels=2), (2, 6, 9)).params
    assert found == (2 * 9 + 1) * 6 + module(6, 3) + module(12, 3) + (12 + 1) * 10


def test_a_head_half_way_up_is_there_in_training_only():
    network, x = inception_stack(6, heads=True), torch.rand(2, 1, 8, 8)
    assert list(network.heads) == ["module3"]
    assert [tuple(y.shape) for y in network(x)] == [(2, 10), (2, 10)]
    assert network.eval()(x).shape == (2, 10)
    assert first_layer(network) is network.network.stem.conv and first_layer(inception_stack(2)).kernel_size == (3, 3)


def test_with_batch_norm_there_is_no_bias():
    assert first_layer(inception_stack(2, unit=cbr)).bias is None


def test_hes_weights_keep_the_size_from_layer_to_layer_and_the_usual_ones_lose_it():
    torch.manual_seed(0)
    usual = inception_stack(8, width=8)
    x = torch.randn(16, 1, 8, 8)
    before = usual[:-1](x).std()
    assert start_anew(usual) is usual
    after = usual[:-1](x).std()
    assert before < 0.1 < after
    assert all((p == 0).all() for p in usual.parameters() if p.ndim == 1)


@pytest.mark.parametrize("options, error, message", [
    (dict(depth=1), ValueError, "depth=1 must be at least 2"),
    (dict(width=0), ValueError, "width=0 must be at least 1"),
    (dict(heads=1), TypeError, "heads=1 must be True or False"),
])
def test_whole_messages(options, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        inception_stack(**options)
