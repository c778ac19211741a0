"""How the arguments of a convolution are read."""

from dataclasses import dataclass

import numpy as np

from convbook._arguments import PADDING_MODES, group_count, one_of, per_axis
from convbook._signatures.layer import Layer, in_one_dtype, per_named_axis, read_bias, read_images, read_weight
from convbook.shapes import conv_output_size, padded_indices, same_padding


@dataclass(frozen=True)
class Conv(Layer):
    w: np.ndarray  # (D, C / G, *k)
    b: np.ndarray  # (D,), zeros if the caller gave none
    groups: int


def read_conv(axes, x, weight, bias, stride, padding, dilation, groups, padding_mode="zeros"):
    """Read the arguments of a convolution over that many axes; all arrays come back in one dtype."""
    x, single = read_images(axes, x)
    w = read_weight(axes, weight, "out_channels, in_channels / groups")
    C, (D, C_g, *k) = x.shape[1], w.shape
    G = group_count(groups, C, D)
    if C_g != C // G:
        raise ValueError(
            f"weight has shape {w.shape}; its second axis must be in_channels / groups = {C} / {G} = {C // G}")
    b = read_bias(bias, D, w.dtype)

    s = per_axis("stride", stride, axes, at_least=1)
    d = per_axis("dilation", dilation, axes, at_least=1)
    one_of("padding_mode", padding_mode, PADDING_MODES)
    pads = _pads(padding, k, s, d)
    o = per_named_axis(_conv_size, axes, x.shape[2:], k, s, pads, d, [padding_mode] * axes)
    x, w, b = in_one_dtype(x, w, b)
    return Conv(x, tuple(k), s, pads, d, o, single, w, b, G)


def _pads(padding, k, s, d):
    if not isinstance(padding, str):
        return tuple((p, p) for p in per_axis("padding", padding, len(k), at_least=0))
    if one_of("padding", padding, ("same", "valid")) == "valid":
        return ((0, 0),) * len(k)
    if set(s) != {1}:
        raise ValueError(f"padding='same' needs stride=1; stride={s} must be given its padding as integers")
    # At stride 1 the padding is the same for every input length.
    return tuple(same_padding(1, k, dilation=d) for k, d in zip(k, d))


def _conv_size(n, k, s, pad, d, padding_mode):
    pad = pad[0] if pad[0] == pad[1] else pad
    o = conv_output_size(n, k, stride=s, padding=pad, dilation=d)
    if padding_mode != "zeros":
        padded_indices(n, pad, padding_mode=padding_mode)  # refuses what the mode cannot do
    return o
