"""Every way to call a transposed convolution, its matrix or its gradients wrongly, and the whole message that answers it."""

import re

import numpy as np
import pytest

from convbook import ops, reference

FORMS = [reference.conv_transpose2d, ops.conv_transpose2d, ops.conv_transpose2d_scatter,
         ops.conv_transpose2d_zero_insertion, ops.conv_transpose2d_matrix, ops.conv_transpose2d_gradient]
NUMBERS = "it must be float32, float64 or an integer type up to int64"
X_SHAPES = "it must be (channels, height, width) or (batch, channels, height, width)"
W_SHAPES = "it must be (in_channels, out_channels / groups, kernel height, kernel width), each at least 1"

BAD = [
    (dict(x=np.ones((5, 6))), ValueError, f"x has shape (5, 6); {X_SHAPES}"),
    (dict(x=np.ones((1, 1, 4, 5, 6))), ValueError, f"x has shape (1, 1, 4, 5, 6); {X_SHAPES}"),
    (dict(x=np.ones((2, 0, 5, 6))), ValueError, "x has shape (2, 0, 5, 6); it must have at least 1 channel"),
    (dict(x=np.ones((4, 0, 6))), ValueError, "height: n=0 must be at least 1"),
    (dict(x=None), TypeError, f"x has dtype object; {NUMBERS}"),
    (dict(x=np.ones((4, 5, 6), np.float16)), TypeError, f"x has dtype float16; {NUMBERS}"),
    (dict(x=np.ones((4, 5, 6), complex)), TypeError, f"x has dtype complex128; {NUMBERS}"),
    (dict(weight=np.ones((4, 3, 3))), ValueError, f"weight has shape (4, 3, 3); {W_SHAPES}"),
    (dict(weight=np.ones((4, 6, 0, 3))), ValueError, f"weight has shape (4, 6, 0, 3); {W_SHAPES}"),
    (dict(weight=np.ones((6, 4, 3, 3))), ValueError, "weight has shape (6, 4, 3, 3); its first axis must be in_channels = 4"),
    (dict(weight=np.ones((4, 6, 3, 3), np.float16)), TypeError, f"weight has dtype float16; {NUMBERS}"),
    (dict(bias=np.ones(5)), ValueError, "bias has shape (5,); it must be (out_channels,) = (6,)"),
    (dict(bias=np.ones(6), groups=2), ValueError, "bias has shape (6,); it must be (out_channels,) = (12,)"),
    (dict(bias="b"), TypeError, f"bias has dtype <U1; {NUMBERS}"),
    (dict(stride=0), ValueError, "stride=0 must be at least 1"),
    (dict(stride=(1, 2, 3)), ValueError, "stride=(1, 2, 3) must be one integer, or a tuple of 2, one per axis"),
    (dict(stride=0.5), TypeError, "stride=0.5 must be an integer"),
    (dict(padding=-1), ValueError, "padding=-1 must be at least 0"),
    (dict(padding="same"), TypeError, "padding='same' must be an integer"),
    (dict(padding=(0, float("nan"))), TypeError, "padding[1]=nan must be an integer"),
    (dict(padding=4), ValueError, "height: padding=4 cuts 8 positions from an output of 7; it must leave at least 1"),
    (dict(padding=(0, 4)), ValueError, "width: padding=4 cuts 8 positions from an output of 8; it must leave at least 1"),
    (dict(output_padding=-1), ValueError, "output_padding=-1 must be at least 0"),
    (dict(output_padding=1), ValueError, "height: output_padding=1 must be less than stride=1 or dilation=1"),
    (dict(output_padding=(1, 2), stride=2), ValueError, "width: output_padding=2 must be less than stride=2 or dilation=1"),
    (dict(output_padding=1.0, stride=2), TypeError, "output_padding=1.0 must be an integer"),
    (dict(groups=0), ValueError, "groups=0 must be at least 1"),
    (dict(groups=3), ValueError, "groups=3 must divide in_channels=4"),
    (dict(groups=None), TypeError, "groups=None must be an integer"),
    (dict(dilation=0), ValueError, "dilation=0 must be at least 1"),
    (dict(dilation=(2, "x")), TypeError, "dilation[1]='x' must be an integer"),
]


def refuses(error, message):
    return pytest.raises(error, match=f"^{re.escape(message)}$")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("change, error, message", BAD)
def test_bad_arguments_are_refused_with_a_whole_message(form, change, error, message):
    with refuses(error, message):
        form(**{"x": np.ones((4, 5, 6)), "weight": np.ones((4, 6, 3, 3)), **change})


@pytest.mark.parametrize("change, error, message", [row for row in BAD if "bias" not in row[0]])
def test_backward_refuses_the_same_arguments(change, error, message):
    with refuses(error, message):
        ops.conv_transpose2d_backward(np.ones((6, 7, 8)), **{"x": np.ones((4, 5, 6)), "weight": np.ones((4, 6, 3, 3)), **change})


@pytest.mark.parametrize("grad, error, message", [
    (np.ones((6, 7, 9)), ValueError, "grad has shape (6, 7, 9); it must have the output's, (6, 7, 8)"),
    (np.ones((1, 6, 7, 8)), ValueError, "grad has shape (1, 6, 7, 8); it must have the output's, (6, 7, 8)"),
    ("1", TypeError, f"grad has dtype <U1; {NUMBERS}"),
])
def test_a_gradient_that_is_not_the_outputs_is_refused(grad, error, message):
    with refuses(error, message):
        ops.conv_transpose2d_backward(grad, np.ones((4, 5, 6)), np.ones((4, 6, 3, 3)))


@pytest.mark.parametrize("form", [reference, ops])
@pytest.mark.parametrize("rank, names, axis", [(1, "length", "length"), (3, "depth, height, width", "depth")])
def test_1d_and_3d_name_their_own_axes(form, rank, names, axis):
    conv = getattr(form, f"conv_transpose{rank}d")
    x, w = np.ones((2, *[4] * rank)), np.ones((2, 3, *[2] * rank))
    with refuses(ValueError, f"x has shape (2,); it must be (channels, {names}) or (batch, channels, {names})"):
        conv(x[(slice(None), *[0] * rank)], w)
    kernel = ", ".join(f"kernel {name}" for name in names.split(", "))
    with refuses(ValueError, f"weight has shape (2,); it must be (in_channels, out_channels / groups, {kernel}), each at least 1"):
        conv(x, w[(slice(None), *[0] * (rank + 1))])
    with refuses(ValueError, f"{axis}: padding=3 cuts 6 positions from an output of 5; it must leave at least 1"):
        conv(x, w, padding=3)


WEIGHT = "it must be (out_channels, in_channels / groups, *kernel) with one, two or three kernel axes, each at least 1"


@pytest.mark.parametrize("change, error, message", [
    (dict(weight=np.ones((6, 4))), ValueError, f"weight has shape (6, 4); {WEIGHT}"),
    (dict(weight=np.ones((6, 0, 3, 3))), ValueError, f"weight has shape (6, 0, 3, 3); {WEIGHT}"),
    (dict(weight=np.ones((6, 4, 3, 3), np.float16)), TypeError, f"weight has dtype float16; {NUMBERS}"),
    (dict(input_size=0), ValueError, "input_size=0 must be at least 1"),
    (dict(input_size=(5, 6, 7)), ValueError, "input_size=(5, 6, 7) must be one integer, or a tuple of 2, one per axis"),
    (dict(input_size=5.0), TypeError, "input_size=5.0 must be an integer"),
    (dict(input_size=(5, 2)), ValueError, "width: k=3 with dilation=1 spans 3 positions; n=2 with padding=0 has only 2"),
    (dict(stride=0), ValueError, "stride=0 must be at least 1"),
    (dict(padding=-1), ValueError, "padding=-1 must be at least 0"),
    (dict(dilation=3), ValueError, "height: k=3 with dilation=3 spans 7 positions; n=5 with padding=0 has only 5"),
    (dict(groups=4), ValueError, "groups=4 must divide in_channels=16 and out_channels=6"),
    (dict(groups=10**30), ValueError, f"groups={10**30} must divide in_channels={4 * 10**30} and out_channels=6"),
    (dict(groups="2"), TypeError, "groups='2' must be an integer"),
])
def test_conv_matrix_refuses_bad_arguments(change, error, message):
    with refuses(error, message):
        ops.conv_matrix(**{"weight": np.ones((6, 4, 3, 3)), "input_size": (5, 6), **change})
