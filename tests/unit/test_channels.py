"""Operations on channels: the shuffle, and the two halves of a separable convolution."""

import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from strategies import convs, random_layers, values

from convbook import ops, reference

FORMS = pytest.mark.parametrize("form", [reference, ops])
rng = np.random.default_rng(11)


def column(channels):
    return np.arange(channels).reshape(channels, 1, 1)


@FORMS
@pytest.mark.parametrize("groups, order", [
    (3, [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]),
    (4, [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]),
    (1, list(range(12))),
    (12, list(range(12))),
])
def test_twelve_channels_are_dealt_out_group_by_group(form, groups, order):
    assert form.channel_shuffle(column(12), groups).ravel().tolist() == order


@FORMS
def test_the_notes_nine_channels_come_out_as_the_notes_say_and_only_there_twice_is_back_again(form):
    once = form.channel_shuffle(column(9), 3)
    assert once.ravel().tolist() == [0, 3, 6, 1, 4, 7, 2, 5, 8]
    assert_array_equal(form.channel_shuffle(once, 3), column(9))
    twice = form.channel_shuffle(form.channel_shuffle(column(12), 3), 3)
    assert not np.array_equal(twice, column(12))
    assert_array_equal(form.channel_shuffle(form.channel_shuffle(column(12), 3), 4), column(12))


@random_layers
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2), st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(0, 99))
def test_the_shuffle_is_pytorchs_and_n_groups_undo_what_g_groups_did(g, n, batch, size, seed):
    x = values(np.random.default_rng(seed), (batch, g * n, *size))
    for form in reference, ops:
        y = form.channel_shuffle(x, g)
        if x.size:  # PyTorch refuses empty images
            assert_array_equal(y, F.channel_shuffle(torch.tensor(x), g).numpy())
        assert_array_equal(form.channel_shuffle(y, n), x)
        for image, shuffled in zip(x, y, strict=True):
            assert_array_equal(form.channel_shuffle(image, g), shuffled)


@random_layers
@given(layer=convs(2, max_k=3, more=2), multiplier=st.integers(1, 3))
def test_depthwise_pointwise_and_separable_are_pytorchs_convolutions(layer, multiplier):
    x, w, _, options = layer
    C, k = x.shape[-3], w.shape[2:]
    M = C * multiplier
    rng = np.random.default_rng(M)
    w, mix, b, b_out = values(rng, (M, 1, *k)), values(rng, (4, M, 1, 1)), values(rng, M), values(rng, 4)
    mode = options["padding_mode"]
    del options["groups"]
    layer = torch.nn.Conv2d(C, M, k, groups=C, dtype=torch.float64, **options)
    layer.weight, layer.bias = torch.nn.Parameter(torch.tensor(w)), torch.nn.Parameter(torch.tensor(b))
    with torch.no_grad():
        filtered = layer(torch.tensor(x))
        layer.bias[:] = 0
        separable = F.conv2d(layer(torch.tensor(x)), torch.tensor(mix), torch.tensor(b_out)).numpy()
        mixed = F.conv2d(filtered, torch.tensor(mix), torch.tensor(b_out)).numpy()
    filtered = filtered.numpy()
    assert mode == options["padding_mode"]
    for form in reference, ops:
        assert_allclose(form.depthwise_conv2d(x, w, b, **options), filtered, rtol=1e-10, atol=1e-10)
        assert_allclose(form.pointwise_conv2d(filtered, mix, b_out), mixed, rtol=1e-10, atol=1e-10)
        assert_allclose(form.separable_conv2d(x, w, mix, b_out, **options), separable, rtol=1e-10, atol=1e-10)


@FORMS
def test_each_filter_of_a_multiplier_sees_its_own_channel_and_no_other(form):
    x = np.zeros((3, 2, 4), int)
    x[1] = 1
    y = form.depthwise_conv2d(x, np.arange(1, 7).reshape(6, 1, 1, 1))
    assert y[:, 0, 0].tolist() == [0, 0, 3, 4, 0, 0]


@FORMS
def test_types_views_and_empty_batches_are_kept_and_nothing_is_changed(form):
    x = np.asfortranarray(rng.standard_normal((2, 4, 3, 5)).astype(np.float32))
    x.flags.writeable = False
    before = x.copy()
    w, mix = np.ones((8, 1, 2, 2), np.float32), np.ones((3, 8, 1, 1), np.float32)
    for g in 1, 2, 4:
        y = form.channel_shuffle(x, g)
        assert y.dtype == np.float32
        y[:] = 0
    assert form.channel_shuffle(np.arange(4, dtype=np.uint8).reshape(4, 1, 1), 2).dtype == np.int64
    assert form.channel_shuffle(np.zeros((0, 4, 3, 5)), 2).shape == (0, 4, 3, 5)
    assert form.separable_conv2d(x, w, mix).dtype == np.float32
    assert form.separable_conv2d(x[:0], w, mix).shape == (0, 3, 2, 4)
    assert form.pointwise_conv2d([[[2**53 + 1]]], [[[[1]]]]).item() == 2**53 + 1
    assert_array_equal(x, before)


NUMBERS = "it must be float32, float64 or an integer type up to int64"
X_SHAPES = "it must be (channels, height, width) or (batch, channels, height, width)"
DEPTHWISE = "it must be (multiplier * channels, 1, kernel height, kernel width), each at least 1, with channels = 4"
POINTWISE = "it must be (out_channels, channels, 1, 1), with out_channels at least 1 and channels = 4"
X, W, MIX = np.ones((4, 5, 6)), np.ones((8, 1, 3, 3)), np.ones((6, 4, 1, 1))

BAD = [
    ("channel_shuffle", (np.ones((4, 5)), 2), {}, ValueError, f"x has shape (4, 5); {X_SHAPES}"),
    ("channel_shuffle", (np.ones((1, 1, 4, 5, 6)), 2), {}, ValueError, f"x has shape (1, 1, 4, 5, 6); {X_SHAPES}"),
    ("channel_shuffle", (np.ones((0, 5, 6)), 2), {}, ValueError, "x has shape (0, 5, 6); it must have at least 1 channel"),
    ("channel_shuffle", (X.astype(np.float16), 2), {}, TypeError, f"x has dtype float16; {NUMBERS}"),
    ("channel_shuffle", (X, 3), {}, ValueError, "groups=3 must divide channels=4"),
    ("channel_shuffle", (X, 8), {}, ValueError, "groups=8 must divide channels=4"),
    ("channel_shuffle", (X, 0), {}, ValueError, "groups=0 must be at least 1"),
    ("channel_shuffle", (X, 2.0), {}, TypeError, "groups=2.0 must be an integer"),
    ("depthwise_conv2d", (X[0], W), {}, ValueError, f"x has shape (5, 6); {X_SHAPES}"),
    ("depthwise_conv2d", (X, W[:6]), {}, ValueError, f"weight has shape (6, 1, 3, 3); {DEPTHWISE}"),
    ("depthwise_conv2d", (X, W[:0]), {}, ValueError, f"weight has shape (0, 1, 3, 3); {DEPTHWISE}"),
    ("depthwise_conv2d", (X, np.ones((8, 4, 3, 3))), {}, ValueError, f"weight has shape (8, 4, 3, 3); {DEPTHWISE}"),
    ("depthwise_conv2d", (X, W[:, 0]), {}, ValueError, f"weight has shape (8, 3, 3); {DEPTHWISE}"),
    ("depthwise_conv2d", (X, W, np.ones(4)), {}, ValueError, "bias has shape (4,); it must be (out_channels,) = (8,)"),
    ("depthwise_conv2d", (X, W), dict(stride=0), ValueError, "stride=0 must be at least 1"),
    ("depthwise_conv2d", (X, W), dict(padding=-1), ValueError, "padding=-1 must be at least 0"),
    ("depthwise_conv2d", (X, W), dict(dilation=3), ValueError,
     "height: k=3 with dilation=3 spans 7 positions; n=5 with padding=0 has only 5"),
    ("depthwise_conv2d", (X, W), dict(padding_mode="mirror"), ValueError,
     "padding_mode='mirror' must be one of 'zeros', 'reflect', 'replicate', 'circular'"),
    ("pointwise_conv2d", (X[0], MIX), {}, ValueError, f"x has shape (5, 6); {X_SHAPES}"),
    ("pointwise_conv2d", (X, MIX[:, :3]), {}, ValueError, f"weight has shape (6, 3, 1, 1); {POINTWISE}"),
    ("pointwise_conv2d", (X, MIX[:, :, 0, 0]), {}, ValueError, f"weight has shape (6, 4); {POINTWISE}"),
    ("pointwise_conv2d", (X, MIX[:0]), {}, ValueError, f"weight has shape (0, 4, 1, 1); {POINTWISE}"),
    ("pointwise_conv2d", (X, MIX, np.ones(4)), {}, ValueError, "bias has shape (4,); it must be (out_channels,) = (6,)"),
    ("separable_conv2d", (X, MIX, MIX), {}, ValueError, f"weight has shape (6, 4, 1, 1); {DEPTHWISE}"),
    ("separable_conv2d", (X, W[:4], MIX[:, :3]), {}, ValueError, f"weight has shape (6, 3, 1, 1); {POINTWISE}"),
]


@FORMS
@pytest.mark.parametrize("name, arguments, options, error, message", BAD)
def test_bad_arguments_are_refused_with_a_whole_message(form, name, arguments, options, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        getattr(form, name)(*arguments, **options)
