"""How the arguments of a deformable convolution and of bilinear sampling are read.

Positions and offsets must be numbers: NaN is refused, since no pixel lies there.
"""

from dataclasses import dataclass

import numpy as np

from convbook._arguments import array, every, floating
from convbook._signatures.convolution import Conv, read_conv


@dataclass(frozen=True)
class DeformConv(Conv):
    offset: np.ndarray  # (N, G_o, k_h k_w, 2, o_h, o_w): dy, dx of every tap, in G_o offset groups
    mask: np.ndarray  # (N, G_o, k_h k_w, o_h, o_w), ones if the caller gave none
    masked: bool  # whether the caller gave one

    @property
    def offset_groups(self):
        return self.offset.shape[1]


def read_deform_conv(x, offset, weight, bias, stride, padding, dilation, mask):
    """Read the arguments of a deformable convolution; all arrays come back in one floating dtype."""
    x, weight = array("x", x), array("weight", weight)
    a = read_conv(2, x, weight, bias, stride, padding, dilation, _groups(x, weight))
    (N, C), K = a.x.shape[:2], a.kernel_size[0] * a.kernel_size[1]
    batch = () if a.single else (N,)

    offset = array("offset", offset)
    shape = offset.shape
    G = shape[-3] // (2 * K) if len(shape) >= 3 else 0
    if G == 0 or C % G or shape != (*batch, 2 * K * G, *a.output_size):
        sizes = ", ".join(map(str, (*batch, f"{2 * K} G", *a.output_size)))
        raise ValueError(f"offset has shape {shape}; it must be ({sizes}), dy and dx of each of {K} taps "
                         f"in G offset groups, with G dividing in_channels={C}")
    every("offset", offset, ~np.isnan(offset), "a number; inf would sample the zeros far outside")

    masked, fits = mask is not None, (*batch, K * G, *a.output_size)
    mask = array("mask", mask) if masked else np.broadcast_to(np.ones((), a.x.dtype), fits)
    if mask.shape != fits:
        raise ValueError(f"mask has shape {mask.shape}; it must be {fits}, one factor for each of {K} taps "
                         f"in the {G} offset group{'s' * (G > 1)} of offset")

    dtype = floating(a.x, offset, mask)
    numbers = {name: getattr(a, name).astype(dtype, copy=False) for name in ("x", "w", "b")}
    offset = offset.astype(dtype, copy=False).reshape(N, G, K, 2, *a.output_size)
    mask = (mask.astype(dtype, copy=False).reshape(N, G, K, *a.output_size) if masked else
            np.broadcast_to(np.ones((), dtype), (N, G, K, *a.output_size)))  # as cheap as one number
    return DeformConv(**vars(a) | numbers, offset=offset, mask=mask, masked=masked)


def read_sample(image, y, x):
    """Read an image, any axes before its height and width, and positions on it; all arrays in one floating dtype."""
    image, y, x = array("image", image), array("y", y), array("x", x)
    if image.ndim < 2 or 0 in image.shape[-2:]:
        raise ValueError(f"image has shape {image.shape}; it must be (..., height, width), both at least 1")
    if y.shape != x.shape:
        raise ValueError(f"y has shape {y.shape} and x has shape {x.shape}; they must be the same")
    for name, positions in ("y", y), ("x", x):
        every(name, positions, ~np.isnan(positions), "a number; inf would sample the zeros far outside")
    dtype = floating(image, y, x)
    return tuple(value.astype(dtype, copy=False) for value in (image, y, x))


def _groups(x, weight):
    """How many groups the shapes of x and weight imply: torchvision's form of the argument that is not there."""
    if x.ndim not in (3, 4) or weight.ndim != 4:
        return 1  # read_conv says what is wrong
    C, (D, C_g) = x.shape[-3], weight.shape[:2]
    if 0 in (C, D, C_g):
        return 1
    if C % C_g:
        raise ValueError(f"weight has shape {weight.shape}; its second axis must divide in_channels={C}")
    if D % (C // C_g):
        raise ValueError(f"weight has shape {weight.shape}; its second axis makes in_channels / {C_g} = {C // C_g} "
                         f"groups, which must divide out_channels={D}")
    return C // C_g
