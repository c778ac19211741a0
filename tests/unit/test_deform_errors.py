"""Every way to call a deformable operation wrongly, and the whole message that answers it."""

import re

import numpy as np
import pytest

from convbook import ops, reference

NUMBERS = "it must be float32, float64 or an integer type up to int64"
X_SHAPES = "it must be (channels, height, width) or (batch, channels, height, width)"
W_SHAPES = "it must be (out_channels, in_channels / groups, kernel height, kernel width), each at least 1"
OFFSETS = "dy and dx of each of 9 taps in G offset groups, with G dividing in_channels=4"

RAGGED = ("{} cannot be read as an array: setting an array element with a sequence. The requested array has an inhomogeneous "
          "shape after 2 dimensions. The detected shape was (1, 2) + inhomogeneous part.")


def one_nan(shape, *place):
    a = np.zeros(shape)
    a[place] = np.nan
    return a


BAD = [
    (dict(x=np.ones((5, 6))), ValueError, f"x has shape (5, 6); {X_SHAPES}"),
    (dict(x=np.ones((2, 0, 5, 6))), ValueError, "x has shape (2, 0, 5, 6); it must have at least 1 channel"),
    (dict(x=np.ones((4, 0, 6))), ValueError, "height: n=0 must be at least 1"),
    (dict(x=np.ones((4, 5, 6), np.float16)), TypeError, f"x has dtype float16; {NUMBERS}"),
    (dict(x=[[[1, 2], [3]]]), TypeError, RAGGED.format("x")),
    (dict(weight=[[[1, 2], [3]]]), TypeError, RAGGED.format("weight")),
    (dict(x="abc"), TypeError, f"x has dtype <U3; {NUMBERS}"),
    (dict(weight=np.ones((3, 3))), ValueError, f"weight has shape (3, 3); {W_SHAPES}"),
    (dict(weight=np.ones((6, 4, 0, 3))), ValueError, f"weight has shape (6, 4, 0, 3); {W_SHAPES}"),
    (dict(weight=np.ones((6, 3, 3, 3))), ValueError, "weight has shape (6, 3, 3, 3); its second axis must divide in_channels=4"),
    (dict(weight=np.ones((6, 8, 3, 3))), ValueError, "weight has shape (6, 8, 3, 3); its second axis must divide in_channels=4"),
    (dict(weight=np.ones((6, 1, 3, 3))), ValueError,
     "weight has shape (6, 1, 3, 3); its second axis makes in_channels / 1 = 4 groups, which must divide out_channels=6"),
    (dict(weight=np.ones((6, 4, 3, 3), np.float16)), TypeError, f"weight has dtype float16; {NUMBERS}"),
    (dict(weight="w"), TypeError, f"weight has dtype <U1; {NUMBERS}"),
    (dict(bias=np.ones(5)), ValueError, "bias has shape (5,); it must be (out_channels,) = (6,)"),
    (dict(bias="b"), TypeError, f"bias has dtype <U1; {NUMBERS}"),
    (dict(stride=0), ValueError, "stride=0 must be at least 1"),
    (dict(stride=(1, 2, 3)), ValueError, "stride=(1, 2, 3) must be one integer, or a tuple of 2, one per axis"),
    (dict(padding=-1), ValueError, "padding=-1 must be at least 0"),
    (dict(padding=0.5), TypeError, "padding=0.5 must be an integer"),
    (dict(dilation=0), ValueError, "dilation=0 must be at least 1"),
    (dict(dilation=True), TypeError, "dilation=True must be an integer"),
    (dict(dilation=3), ValueError, "height: k=3 with dilation=3 spans 7 positions; n=5 with padding=0 has only 5"),
    (dict(offset=np.ones((17, 3, 4))), ValueError, f"offset has shape (17, 3, 4); it must be (18 G, 3, 4), {OFFSETS}"),
    (dict(offset=np.ones((54, 3, 4))), ValueError, f"offset has shape (54, 3, 4); it must be (18 G, 3, 4), {OFFSETS}"),
    (dict(offset=np.ones((0, 3, 4))), ValueError, f"offset has shape (0, 3, 4); it must be (18 G, 3, 4), {OFFSETS}"),
    (dict(offset=np.ones((18, 5, 6))), ValueError, f"offset has shape (18, 5, 6); it must be (18 G, 3, 4), {OFFSETS}"),
    (dict(offset=np.ones((1, 18, 3, 4))), ValueError, f"offset has shape (1, 18, 3, 4); it must be (18 G, 3, 4), {OFFSETS}"),
    (dict(offset=0), ValueError, f"offset has shape (); it must be (18 G, 3, 4), {OFFSETS}"),
    (dict(x=np.ones((2, 4, 5, 6))), ValueError, f"offset has shape (18, 3, 4); it must be (2, 18 G, 3, 4), {OFFSETS}"),
    (dict(offset=np.ones((18, 3, 4), np.float16)), TypeError, f"offset has dtype float16; {NUMBERS}"),
    (dict(offset=None), TypeError, f"offset has dtype object; {NUMBERS}"),
    (dict(offset=one_nan((18, 3, 4), 5, 1, 2)), ValueError,
     "offset[5, 1, 2]=nan must be a number; inf would sample the zeros far outside"),
    (dict(mask=np.ones((18, 3, 4))), ValueError,
     "mask has shape (18, 3, 4); it must be (9, 3, 4), one factor for each of 9 taps in the 1 offset group of offset"),
    (dict(offset=np.ones((36, 3, 4)), mask=np.ones((9, 3, 4))), ValueError,
     "mask has shape (9, 3, 4); it must be (18, 3, 4), one factor for each of 9 taps in the 2 offset groups of offset"),
    (dict(mask=np.ones((9, 3, 4), bool)), TypeError, f"mask has dtype bool; {NUMBERS}"),
]


@pytest.mark.parametrize("form", [reference.deform_conv2d, ops.deform_conv2d])
@pytest.mark.parametrize("change, error, message", BAD)
def test_bad_arguments_are_refused_with_a_whole_message(form, change, error, message):
    args = {"x": np.ones((4, 5, 6)), "offset": np.zeros((18, 3, 4)), "weight": np.ones((6, 4, 3, 3)), **change}
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        form(**args)


@pytest.mark.parametrize("change, error, message", [row for row in BAD if "bias" not in row[0]])
def test_backward_refuses_the_same_arguments(change, error, message):
    args = {"x": np.ones((4, 5, 6)), "offset": np.zeros((18, 3, 4)), "weight": np.ones((6, 4, 3, 3)), **change}
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        ops.deform_conv2d_backward(np.ones((6, 3, 4)), **args)


ROIS = "it must be (regions, 5): batch index, x1, y1, x2, y2"
BAD_REGIONS = [
    (dict(x=np.ones((5, 6))), ValueError, f"x has shape (5, 6); {X_SHAPES}"),
    (dict(x=np.ones((0, 5, 6))), ValueError, "x has shape (0, 5, 6); it must have at least 1 channel"),
    (dict(x=np.ones((6, 5, 0))), ValueError, "x has height and width (5, 0); each must be at least 1"),
    (dict(x=np.ones((6, 5, 6), np.float16)), TypeError, f"x has dtype float16; {NUMBERS}"),
    (dict(rois=[0, 0, 0, 2, 2]), ValueError, f"rois has shape (5,); {ROIS}"),
    (dict(rois=[[0, 0, 2, 2]]), ValueError, f"rois has shape (1, 4); {ROIS}"),
    (dict(rois="all"), TypeError, f"rois has dtype <U3; {NUMBERS}"),
    (dict(rois=[[0, 0, 0, 2, 2], [0, 0, np.nan, 2, 2]]), ValueError, "rois[1, 2]=nan must be finite"),
    (dict(rois=[[0, 0, 0, np.inf, 2]]), ValueError, "rois[0, 3]=inf must be finite"),
    (dict(rois=[[0, 0, 0, 0, 1e300]], spatial_scale=1e300), ValueError,
     "rois[0, 4]=1e+300 must be such that spatial_scale=1e+300 times it is less than 2^31 pixels"),
    (dict(rois=[[1, 0, 0, 2, 2]]), ValueError, "rois[0, 0]=1.0 must be the index of one of 1 image"),
    (dict(x=np.ones((3, 6, 5, 6)), rois=[[2, 0, 0, 2, 2], [-1, 0, 0, 2, 2]]), ValueError,
     "rois[1, 0]=-1.0 must be the index of one of 3 images"),
    (dict(rois=[[0.5, 0, 0, 2, 2]]), ValueError, "rois[0, 0]=0.5 must be the index of one of 1 image"),
    (dict(rois=[[0, 3, 0, 2, 2]]), ValueError, "rois[0]=[0.0, 3.0, 0.0, 2.0, 2.0] must have x1 <= x2 and y1 <= y2"),
    (dict(rois=[[0, 0, 0, 1, 1], [0, 1, 3, 2, 2.5]]), ValueError,
     "rois[1]=[0.0, 1.0, 3.0, 2.0, 2.5] must have x1 <= x2 and y1 <= y2"),
    (dict(output_size=0), ValueError, "output_size=0 must be at least 1"),
    (dict(output_size=2.0), TypeError, "output_size=2.0 must be an integer"),
    (dict(output_size=(1, 2, 3)), ValueError, "output_size=(1, 2, 3) must be one integer, or a tuple of 2, one per axis"),
    (dict(spatial_scale=0), ValueError, "spatial_scale=0 must be finite and more than 0"),
    (dict(spatial_scale=float("nan")), ValueError, "spatial_scale=nan must be finite and more than 0"),
    (dict(spatial_scale="1/16"), TypeError, "spatial_scale='1/16' must be a number"),
    (dict(spatial_scale=True), TypeError, "spatial_scale=True must be a number"),
    (dict(gamma=float("inf")), ValueError, "gamma=inf must be finite"),
    (dict(gamma=None), TypeError, "gamma=None must be a number"),
    (dict(offset="o"), TypeError, f"offset has dtype <U1; {NUMBERS}"),
    (dict(offset=one_nan((1, 2, 1, 2), 0, 1, 0, 1)), ValueError, "offset[0, 1, 0, 1]=nan must be finite"),
    (dict(offset=np.full((1, 2, 1, 2), -np.inf)), ValueError, "offset[0, 0, 0, 0]=-inf must be finite"),
    (dict(offset=np.full((1, 2, 1, 2), -1e308), gamma=1e9), ValueError,
     "offset[0, 0, 0, 0]=-1e+308 must be such that gamma=1e+09 times it moves no bin by 2^31 pixels"),
]
ONLY_PLAIN = [
    (dict(offset=np.ones((2, 2, 1, 2))), ValueError, "offset has shape (2, 2, 1, 2); it must be (1, 2, 1, 2), dy and dx of each bin"),
    (dict(offset=np.ones((1, 4, 1, 2))), ValueError, "offset has shape (1, 4, 1, 2); it must be (1, 2, 1, 2), dy and dx of each bin"),
    (dict(offset=np.ones(2)), ValueError, "offset has shape (2,); it must be (1, 2, 1, 2), dy and dx of each bin"),
]
WHY = "it must be (1, 2 E, 1, 2), dy and dx of each bin, with E dividing out_channels=3"
ONLY_SENSITIVE = [
    (dict(x=np.ones((7, 5, 6))), ValueError, "x has 7 channels; they must be a multiple of the 1 x 2 = 2 bins, one map for each"),
    (dict(offset=np.ones((1, 3, 1, 2))), ValueError, f"offset has shape (1, 3, 1, 2); {WHY}"),
    (dict(offset=np.ones((1, 4, 1, 2))), ValueError, f"offset has shape (1, 4, 1, 2); {WHY}"),
    (dict(offset=np.ones((1, 0, 1, 2))), ValueError, f"offset has shape (1, 0, 1, 2); {WHY}"),
    (dict(offset=np.ones((1, 2, 2, 2))), ValueError, f"offset has shape (1, 2, 2, 2); {WHY}"),
    (dict(offset=np.ones(2)), ValueError, f"offset has shape (2,); {WHY}"),
]


@pytest.mark.parametrize("form", [reference, ops])
@pytest.mark.parametrize("name, change, error, message", [
    *[("deform_roi_pool2d", *row) for row in BAD_REGIONS + ONLY_PLAIN],
    *[("deform_ps_roi_pool2d", *row) for row in BAD_REGIONS + ONLY_SENSITIVE],
])
def test_pooling_refuses_bad_arguments_with_a_whole_message(form, name, change, error, message):
    args = {"x": np.ones((6, 5, 6)), "rois": [[0, 0, 0, 2, 2]], "output_size": (1, 2), **change}
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        getattr(form, name)(**args)
