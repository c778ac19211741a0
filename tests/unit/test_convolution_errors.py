"""Every way to call a convolution wrongly, and the whole message that answers it."""

import re

import numpy as np
import pytest
import torch

from convbook import ops, reference

CONV2D = [reference.conv2d, ops.conv2d, ops.conv2d_im2col, ops.conv2d_fft, ops.conv2d_winograd]
NUMBERS = "it must be float32, float64 or an integer type up to int64"
X_SHAPES = "it must be (channels, height, width) or (batch, channels, height, width)"
W_SHAPES = "it must be (out_channels, in_channels / groups, kernel height, kernel width), each at least 1"

BAD = [
    (dict(x=np.ones((5, 6))), ValueError, f"x has shape (5, 6); {X_SHAPES}"),
    (dict(x=np.ones((1, 1, 4, 5, 6))), ValueError, f"x has shape (1, 1, 4, 5, 6); {X_SHAPES}"),
    (dict(x=np.ones((2, 0, 5, 6))), ValueError, "x has shape (2, 0, 5, 6); it must have at least 1 channel"),
    (dict(x=np.ones((4, 0, 6))), ValueError, "height: n=0 must be at least 1"),
    (dict(x="abc"), TypeError, f"x has dtype <U3; {NUMBERS}"),
    (dict(x=None), TypeError, f"x has dtype object; {NUMBERS}"),
    (dict(x=np.ones((4, 5, 6), np.float16)), TypeError, f"x has dtype float16; {NUMBERS}"),
    (dict(x=np.ones((4, 5, 6), bool)), TypeError, f"x has dtype bool; {NUMBERS}"),
    (dict(x=np.ones((4, 5, 6), complex)), TypeError, f"x has dtype complex128; {NUMBERS}"),
    (dict(x=np.ones((4, 5, 6), np.uint64)), TypeError, f"x has dtype uint64; {NUMBERS}"),
    (dict(weight=np.ones((3, 3))), ValueError, f"weight has shape (3, 3); {W_SHAPES}"),
    (dict(weight=np.ones((6, 4, 0, 3))), ValueError, f"weight has shape (6, 4, 0, 3); {W_SHAPES}"),
    (dict(weight=np.ones((6, 3, 3, 3))), ValueError,
     "weight has shape (6, 3, 3, 3); its second axis must be in_channels / groups = 4 / 1 = 4"),
    (dict(weight="w"), TypeError, f"weight has dtype <U1; {NUMBERS}"),
    (dict(bias=np.ones(5)), ValueError, "bias has shape (5,); it must be (out_channels,) = (6,)"),
    (dict(bias=1.0), ValueError, "bias has shape (); it must be (out_channels,) = (6,)"),
    (dict(bias="b"), TypeError, f"bias has dtype <U1; {NUMBERS}"),
    (dict(groups=3), ValueError, "groups=3 must divide in_channels=4 and out_channels=6"),
    (dict(groups=4), ValueError, "groups=4 must divide in_channels=4 and out_channels=6"),
    (dict(groups=2), ValueError, "weight has shape (6, 4, 3, 3); its second axis must be in_channels / groups = 4 / 2 = 2"),
    (dict(groups=0), ValueError, "groups=0 must be at least 1"),
    (dict(groups=True), TypeError, "groups=True must be an integer"),
    (dict(stride=0), ValueError, "stride=0 must be at least 1"),
    (dict(stride=(1, -2)), ValueError, "stride[1]=-2 must be at least 1"),
    (dict(stride=1.5), TypeError, "stride=1.5 must be an integer"),
    (dict(stride=2.0), TypeError, "stride=2.0 must be an integer"),
    (dict(stride=float("nan")), TypeError, "stride=nan must be an integer"),
    (dict(stride="2"), TypeError, "stride='2' must be an integer"),
    (dict(stride=(1, 2, 3)), ValueError, "stride=(1, 2, 3) must be one integer, or a tuple of 2, one per axis"),
    (dict(stride=(1, float("nan"))), TypeError, "stride[1]=nan must be an integer"),
    (dict(padding=-1), ValueError, "padding=-1 must be at least 0"),
    (dict(padding=(1,)), ValueError, "padding=(1,) must be one integer, or a tuple of 2, one per axis"),
    (dict(padding=float("nan")), TypeError, "padding=nan must be an integer"),
    (dict(padding=False), TypeError, "padding=False must be an integer"),
    (dict(padding="full"), ValueError, "padding='full' must be one of 'same', 'valid'"),
    (dict(padding="same", stride=2), ValueError,
     "padding='same' needs stride=1; stride=(2, 2) must be given its padding as integers"),
    (dict(dilation=0), ValueError, "dilation=0 must be at least 1"),
    (dict(dilation=(2, "x")), TypeError, "dilation[1]='x' must be an integer"),
    (dict(dilation=3), ValueError, "height: k=3 with dilation=3 spans 7 positions; n=5 with padding=0 has only 5"),
    (dict(weight=np.ones((6, 4, 3, 9)), padding=(0, 1)), ValueError,
     "width: k=9 with dilation=1 spans 9 positions; n=6 with padding=1 has only 8"),
    (dict(weight=np.ones((6, 4, 9, 3))), ValueError,
     "height: k=9 with dilation=1 spans 9 positions; n=5 with padding=0 has only 5"),
    (dict(padding_mode="mirror"), ValueError, "padding_mode='mirror' must be one of 'zeros', 'reflect', 'replicate', 'circular'"),
    (dict(padding_mode=None), TypeError,
     "padding_mode=None must be a string, one of 'zeros', 'reflect', 'replicate', 'circular'"),
    (dict(padding=(0, 6), padding_mode="reflect"), ValueError,
     "width: padding=6 must be at most 5 for n=6 with padding_mode='reflect'"),
    (dict(padding=6, padding_mode="circular"), ValueError,
     "height: padding=6 must be at most 5 for n=5 with padding_mode='circular'"),
]


@pytest.mark.parametrize("form", CONV2D)
@pytest.mark.parametrize("change, error, message", BAD)
def test_bad_arguments_are_refused_with_a_whole_message(form, change, error, message):
    args = {"x": np.ones((4, 5, 6)), "weight": np.ones((6, 4, 3, 3)), **change}
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        form(**args)


@pytest.mark.parametrize("change, error, message",
                         [row for row in BAD if not {"bias", "padding_mode"} & set(row[0])])
def test_backward_refuses_the_same_arguments(change, error, message):
    args = {"x": np.ones((4, 5, 6)), "weight": np.ones((6, 4, 3, 3)), **change}
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        ops.conv2d_backward(np.ones((6, 3, 4)), **args)


@pytest.mark.parametrize("form", [reference, ops])
@pytest.mark.parametrize("name, rank, shapes", [
    ("conv1d", 1, "(channels, length) or (batch, channels, length)"),
    ("conv3d", 3, "(channels, depth, height, width) or (batch, channels, depth, height, width)"),
])
def test_1d_and_3d_name_their_own_axes(form, name, rank, shapes):
    conv = getattr(form, name)
    x, w = np.ones((2, *[4] * rank)), np.ones((3, 2, *[2] * rank))
    with pytest.raises(ValueError, match=f"^{re.escape(f'x has shape (2,); it must be {shapes}')}$"):
        conv(x[(slice(None), *[0] * rank)], w)
    with pytest.raises(ValueError, match=f"^stride=\\(1, 1\\) must be one integer, or a tuple of {rank}, one per axis$"):
        conv(x, w, stride=(1, 1))
    with pytest.raises(ValueError, match="^(length|depth): k=2 with dilation=4 spans 5 positions; n=4 with padding=0 has only 4$"):
        conv(x, w, dilation=4)


@pytest.mark.parametrize("change, message", [
    (dict(weight=np.ones((1, 1, 3, 2))), "kernel_size=(3, 2) must be (3, 3) for Winograd's F(2x2, 3x3)"),
    (dict(weight=np.ones((1, 1, 5, 5))), "kernel_size=(5, 5) must be (3, 3) for Winograd's F(2x2, 3x3)"),
    (dict(stride=(1, 2)), "stride=(1, 2) must be (1, 1) for Winograd's F(2x2, 3x3)"),
    (dict(dilation=2), "dilation=(2, 2) must be (1, 1) for Winograd's F(2x2, 3x3)"),
])
def test_winograd_refuses_the_layers_it_was_not_made_for(change, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        ops.conv2d_winograd(**{"x": np.ones((1, 7, 8)), "weight": np.ones((1, 1, 3, 3)), **change})


@pytest.mark.parametrize("change, error, message", [
    (dict(x=np.ones(3)), ValueError, f"x has shape (3,); {X_SHAPES}"),
    (dict(kernel_size=0), ValueError, "kernel_size=0 must be at least 1"),
    (dict(kernel_size=(2, 2, 2)), ValueError, "kernel_size=(2, 2, 2) must be one integer, or a tuple of 2, one per axis"),
    (dict(kernel_size=(2, 9)), ValueError, "width: k=9 with dilation=1 spans 9 positions; n=6 with padding=0 has only 6"),
    (dict(stride=0), ValueError, "stride=0 must be at least 1"),
])
def test_im2col_refuses_what_a_convolution_refuses(change, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        ops.im2col(**{"x": np.ones((4, 5, 6)), "kernel_size": 3, **change})


def test_what_is_no_array_is_refused_by_name():
    with pytest.raises(TypeError, match="^x cannot be read as an array: "):
        ops.conv2d([[[1, 2], [3]]], np.ones((1, 1, 1, 1)))
    with pytest.raises(TypeError, match="^weight cannot be read as an array: "):
        ops.conv2d(np.ones((1, 2, 2)), torch.ones(1, 1, 1, 1, requires_grad=True))
