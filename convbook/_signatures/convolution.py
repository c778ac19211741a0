"""What the arguments of a convolution or a pooling say together: read once here, for loops and fast forms alike."""

from dataclasses import dataclass

import numpy as np

from convbook._arguments import PADDING_MODES, array, flag, group_count, one_of, per_axis, whole
from convbook.shapes import conv_output_size, conv_transpose_output_size, padded_indices, same_padding

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


@dataclass(frozen=True)
class Layer:
    """Arguments with every option spelled out per axis, and a batch axis always there."""

    x: np.ndarray  # (N, C, *n)
    kernel_size: tuple
    stride: tuple
    pads: tuple  # (before, after) per axis
    dilation: tuple
    output_size: tuple
    single: bool  # whether the caller left the batch axis out

    def unbatch(self, y):
        return y[0] if self.single else y


@dataclass(frozen=True)
class Conv(Layer):
    w: np.ndarray  # (D, C / G, *k)
    b: np.ndarray  # (D,), zeros if the caller gave none
    groups: int


@dataclass(frozen=True)
class ConvTranspose(Conv):
    """As `Conv`, but w is (C, D / G, *k), and pads are positions cut off the output."""

    output_padding: tuple  # positions added after the output, per axis


def read_conv(axes, x, weight, bias, stride, padding, dilation, groups, padding_mode="zeros"):
    """Read the arguments of a convolution over that many axes; all arrays come back in one dtype."""
    x, single = _images(axes, x)
    w = array("weight", weight)
    kernel_axes = ", ".join(f"kernel {name}" for name in AXES[axes])
    if w.ndim != axes + 2 or 0 in w.shape:
        raise ValueError(f"weight has shape {w.shape}; it must be (out_channels, in_channels / groups, {kernel_axes}), "
                         "each at least 1")
    C, (D, C_g, *k) = x.shape[1], w.shape
    G = group_count(groups, C, D)
    if C_g != C // G:
        raise ValueError(
            f"weight has shape {w.shape}; its second axis must be in_channels / groups = {C} / {G} = {C // G}")
    b = _bias(bias, D, w.dtype)

    s = per_axis("stride", stride, axes, at_least=1)
    d = per_axis("dilation", dilation, axes, at_least=1)
    one_of("padding_mode", padding_mode, PADDING_MODES)
    pads = _pads(padding, k, s, d)
    o = _per_named_axis(_conv_size, axes, x.shape[2:], k, s, pads, d, [padding_mode] * axes)
    dtype = np.result_type(x, w, b)
    return Conv(x.astype(dtype, copy=False), tuple(k), s, pads, d, o, single,
                w.astype(dtype, copy=False), b.astype(dtype, copy=False), G)


def read_conv_transpose(axes, x, weight, bias, stride, padding, output_padding, groups, dilation):
    """Read the arguments of a transposed convolution; its weight has the input's channels first."""
    x, single = _images(axes, x)
    w = array("weight", weight)
    kernel_axes = ", ".join(f"kernel {name}" for name in AXES[axes])
    if w.ndim != axes + 2 or 0 in w.shape:
        raise ValueError(f"weight has shape {w.shape}; it must be (in_channels, out_channels / groups, {kernel_axes}), "
                         "each at least 1")
    C, (C_w, D_g, *k) = x.shape[1], w.shape
    if C_w != C:
        raise ValueError(f"weight has shape {w.shape}; its first axis must be in_channels = {C}")
    G = whole("groups", groups, at_least=1)
    if C % G:
        raise ValueError(f"groups={G} must divide in_channels={C}")
    b = _bias(bias, D_g * G, w.dtype)

    s = per_axis("stride", stride, axes, at_least=1)
    p = per_axis("padding", padding, axes, at_least=0)
    extra = per_axis("output_padding", output_padding, axes, at_least=0)
    d = per_axis("dilation", dilation, axes, at_least=1)
    o = _per_named_axis(_conv_transpose_size, axes, x.shape[2:], k, s, p, extra, d)
    dtype = np.result_type(x, w, b)
    return ConvTranspose(x.astype(dtype, copy=False), tuple(k), s, tuple((p, p) for p in p), d, o, single,
                         w.astype(dtype, copy=False), b.astype(dtype, copy=False), G, extra)


def read_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode):
    """Read the arguments of a 2D pooling; its pads also cover what `ceil_mode` lets a window overhang."""
    x, single = _images(2, x)
    k = per_axis("kernel_size", kernel_size, 2, at_least=1)
    s = k if stride is None else per_axis("stride", stride, 2, at_least=1)
    p = per_axis("padding", padding, 2, at_least=0)
    d = per_axis("dilation", dilation, 2, at_least=1)
    ceil_mode = flag("ceil_mode", ceil_mode)
    o = _per_named_axis(_pool_size, 2, x.shape[2:], k, s, p, d, [ceil_mode] * 2)
    last = [s[i] * (o[i] - 1) - p[i] + d[i] * (k[i] - 1) for i in range(2)]
    pads = tuple((p[i], max(p[i], last[i] + 1 - x.shape[2 + i])) for i in range(2))
    return Layer(x, k, s, pads, d, o, single)


def lowest_of(dtype):
    """The number that no other is below: what a maximum starts from."""
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _images(axes, x):
    x = array("x", x)
    names = ", ".join(AXES[axes])
    if x.ndim not in (axes + 1, axes + 2):
        raise ValueError(f"x has shape {x.shape}; it must be (channels, {names}) or (batch, channels, {names})")
    single = x.ndim == axes + 1
    x = x[None] if single else x
    if x.shape[1] == 0:
        raise ValueError(f"x has shape {x.shape[single:]}; it must have at least 1 channel")
    return x, single


def _bias(bias, D, dtype):
    b = np.zeros(D, dtype) if bias is None else array("bias", bias)
    if b.shape != (D,):
        raise ValueError(f"bias has shape {b.shape}; it must be (out_channels,) = ({D},)")
    return b


def _pads(padding, k, s, d):
    if not isinstance(padding, str):
        return tuple((p, p) for p in per_axis("padding", padding, len(k), at_least=0))
    if one_of("padding", padding, ("same", "valid")) == "valid":
        return ((0, 0),) * len(k)
    if set(s) != {1}:
        raise ValueError(f"padding='same' needs stride=1; stride={s} must be given its padding as integers")
    # At stride 1 the padding is the same for every input length.
    return tuple(same_padding(1, k, dilation=d) for k, d in zip(k, d))


def _per_named_axis(size, axes, *arguments):
    """Call `size` for each axis, and let its errors say which axis they are about."""
    sizes = []
    for name, *args in zip(AXES[axes], *arguments):
        try:
            sizes.append(size(*args))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return tuple(sizes)


def _conv_size(n, k, s, pad, d, padding_mode):
    pad = pad[0] if pad[0] == pad[1] else pad
    o = conv_output_size(n, k, stride=s, padding=pad, dilation=d)
    if padding_mode != "zeros":
        padded_indices(n, pad, padding_mode=padding_mode)  # refuses what the mode cannot do
    return o


def _conv_transpose_size(n, k, s, p, extra, d):
    return conv_transpose_output_size(n, k, stride=s, padding=p, output_padding=extra, dilation=d)


def _pool_size(n, k, s, p, d, ceil_mode):
    span = d * (k - 1) + 1
    if p > k // 2:
        raise ValueError(f"padding={p} must be at most k // 2 = {k // 2}, half of the window's taps")
    o = -(-(n + 2 * p - span) // s) + 1 if ceil_mode else 0
    if o < 1:
        return conv_output_size(n, k, stride=s, padding=p, dilation=d)
    # A window that would start beyond the image is dropped, as PyTorch does.
    return o - 1 if s * (o - 1) >= n + p else o
