"""How the arguments of a transposed convolution are read."""

from dataclasses import dataclass

from convbook._arguments import per_axis, whole
from convbook._signatures.convolution import Conv
from convbook._signatures.layer import in_one_dtype, per_named_axis, read_bias, read_images, read_weight
from convbook.shapes import conv_transpose_output_size


@dataclass(frozen=True)
class ConvTranspose(Conv):
    """As `Conv`, but w is (C, D / G, *k), and pads are positions cut off the output."""

    output_padding: tuple  # positions added after the output, per axis


def read_conv_transpose(axes, x, weight, bias, stride, padding, output_padding, groups, dilation):
    """Read the arguments of a transposed convolution; its weight has the input's channels first."""
    x, single = read_images(axes, x)
    w = read_weight(axes, weight, "in_channels, out_channels / groups")
    C, (C_w, D_g, *k) = x.shape[1], w.shape
    if C_w != C:
        raise ValueError(f"weight has shape {w.shape}; its first axis must be in_channels = {C}")
    G = whole("groups", groups, at_least=1)
    if C % G:
        raise ValueError(f"groups={G} must divide in_channels={C}")
    b = read_bias(bias, D_g * G, w.dtype)

    s = per_axis("stride", stride, axes, at_least=1)
    p = per_axis("padding", padding, axes, at_least=0)
    extra = per_axis("output_padding", output_padding, axes, at_least=0)
    d = per_axis("dilation", dilation, axes, at_least=1)
    o = per_named_axis(_conv_transpose_size, axes, x.shape[2:], k, s, p, extra, d)
    x, w, b = in_one_dtype(x, w, b)
    return ConvTranspose(x, tuple(k), s, tuple((p, p) for p in p), d, o, single, w, b, G, extra)


def _conv_transpose_size(n, k, s, p, extra, d):
    return conv_transpose_output_size(n, k, stride=s, padding=p, output_padding=extra, dilation=d)
