"""What the arguments of the deformable operations say together: read once here, for loops and fast forms alike.

Positions and offsets must be numbers: NaN is refused, since no pixel lies there.
"""

from dataclasses import dataclass
from numbers import Real

import numpy as np

from convbook._arguments import array, per_axis
from convbook._signatures.convolution import Conv, read_conv
from convbook._signatures.layer import read_images


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
    a = read_conv(2, x, weight, bias, stride, padding, dilation, _groups(x, weight))
    (N, C), K = a.x.shape[:2], a.kernel_size[0] * a.kernel_size[1]
    batch = () if a.single else (N,)

    offset, shape = array("offset", offset), np.shape(offset)
    G = shape[-3] // (2 * K) if len(shape) >= 3 else 0
    if G == 0 or C % G or shape != (*batch, 2 * K * G, *a.output_size):
        sizes = ", ".join(map(str, (*batch, f"{2 * K} G", *a.output_size)))
        raise ValueError(f"offset has shape {shape}; it must be ({sizes}), dy and dx of each of {K} taps "
                         f"in G offset groups, with G dividing in_channels={C}")
    _all("offset", offset, ~np.isnan(offset), "a number; inf would sample the zeros far outside")

    masked, fits = mask is not None, (*batch, K * G, *a.output_size)
    mask = array("mask", mask) if masked else np.broadcast_to(np.ones((), a.x.dtype), fits)
    if mask.shape != fits:
        raise ValueError(f"mask has shape {mask.shape}; it must be {fits}, one factor for each of {K} taps "
                         f"in the {G} offset group{'s' * (G > 1)} of offset")

    dtype = floating(a.x, offset, mask)
    return DeformConv(
        a.x.astype(dtype, copy=False), a.kernel_size, a.stride, a.pads, a.dilation, a.output_size, a.single,
        a.w.astype(dtype, copy=False), a.b.astype(dtype, copy=False), a.groups,
        offset.astype(dtype, copy=False).reshape(N, G, K, 2, *a.output_size),
        mask.astype(dtype, copy=False).reshape(N, G, K, *a.output_size) if masked else
        np.broadcast_to(np.ones((), dtype), (N, G, K, *a.output_size)), masked)


@dataclass(frozen=True)
class Regions:
    x: np.ndarray  # (N, C, M, h, w): M maps for each output channel, one for all bins or one per bin
    bins: tuple  # (o_h, o_w)
    image: list  # which image each region lies on
    corner: np.ndarray  # (R, 2): y, x of each region's first corner, in float64, in pixels of x
    size: np.ndarray  # (R, 2): its height and width
    shift: np.ndarray  # (R, E, 2, o_h, o_w): dy, dx of every bin for E classes of channels, in pixels of x


def read_regions(x, rois, output_size, spatial_scale, offset, gamma, *, sensitive):
    """Read the arguments of a pooling of regions; if it is position-sensitive, every bin has its own maps."""
    x, _ = read_images(2, x)
    if 0 in x.shape[2:]:
        raise ValueError(f"x has height and width {x.shape[2:]}; each must be at least 1")
    bins = per_axis("output_size", output_size, 2, at_least=1)
    M = bins[0] * bins[1] if sensitive else 1
    if x.shape[1] % M:
        raise ValueError(f"x has {x.shape[1]} channels; they must be a multiple of the "
                         f"{bins[0]} x {bins[1]} = {M} bins, one map for each")
    C = x.shape[1] // M
    image, corner, size = _rois(rois, _real("spatial_scale", spatial_scale, above=0), len(x))
    gamma = _real("gamma", gamma)

    dtype = floating(x)
    E, shift = 1, np.zeros((len(size), 1, 2, *bins))
    if offset is not None:
        offset = array("offset", offset)
        E = offset.shape[1] // 2 if sensitive and offset.ndim == 4 else 1
        if E == 0 or C % E or offset.shape != (len(size), 2 * E, *bins):
            channels, why = ("2 E", f", with E dividing out_channels={C}") if sensitive else (2, "")
            sizes = ", ".join(map(str, (len(size), channels, *bins)))
            raise ValueError(f"offset has shape {offset.shape}; it must be ({sizes}), dy and dx of each bin{why}")
        _all("offset", offset, np.isfinite(offset), "finite")
        dtype = floating(x, offset)
        shift = gamma * offset.astype(np.float64).reshape(-1, E, 2, *bins) * size[:, None, :, None, None]
    return Regions(x.astype(dtype, copy=False).reshape(len(x), C, M, *x.shape[2:]), bins, image, corner, size, shift)


def read_sample(image, y, x):
    """Read an image, any axes before its height and width, and positions on it; all arrays in one floating dtype."""
    image, y, x = array("image", image), array("y", y), array("x", x)
    if image.ndim < 2 or 0 in image.shape[-2:]:
        raise ValueError(f"image has shape {image.shape}; it must be (..., height, width), both at least 1")
    if y.shape != x.shape:
        raise ValueError(f"y has shape {y.shape} and x has shape {x.shape}; they must be the same")
    for name, positions in ("y", y), ("x", x):
        _all(name, positions, ~np.isnan(positions), "a number; inf would sample the zeros far outside")
    dtype = floating(image, y, x)
    return tuple(value.astype(dtype, copy=False) for value in (image, y, x))


def read_grad(grad, shape):
    """Read the loss's gradient at an output of that shape."""
    grad = array("grad", grad)
    if grad.shape != tuple(shape):
        raise ValueError(f"grad has shape {grad.shape}; it must have the output's, {tuple(shape)}")
    return grad


def floating(*arrays):
    """The dtype NumPy promotes arrays to; float64 for integers, since what lies between pixels is a fraction."""
    dtype = np.result_type(*arrays)
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


def _groups(x, weight):
    """How many groups the shapes of x and weight imply: torchvision's form of the argument that is not there."""
    (C, *_), (D, C_g, *_) = (np.shape(x)[-3:] or (0,)), (*np.shape(weight), 0, 0)[:2]
    if np.ndim(x) not in (3, 4) or np.ndim(weight) != 4 or 0 in (C, D, C_g):
        return 1  # read_conv says what is wrong
    if C % C_g:
        raise ValueError(f"weight has shape {np.shape(weight)}; its second axis must divide in_channels={C}")
    if D % (C // C_g):
        raise ValueError(f"weight has shape {np.shape(weight)}; its second axis makes in_channels / {C_g} = {C // C_g} "
                         f"groups, which must divide out_channels={D}")
    return C // C_g


def _rois(rois, scale, N):
    """Split regions into the image each lies on, its first corner and its size, both (R, 2): y, x."""
    rois = array("rois", rois)
    if rois.ndim != 2 or rois.shape[1] != 5:
        raise ValueError(f"rois has shape {rois.shape}; it must be (regions, 5): batch index, x1, y1, x2, y2")
    _all("rois", rois, np.isfinite(rois), "finite")
    rois = rois.astype(np.float64)
    image, first, last = rois[:, 0], rois[:, [2, 1]] * scale, rois[:, [4, 3]] * scale
    known = (image >= 0) & (image < N) & (image == np.floor(image))
    _all("rois", rois, np.where(np.arange(5) == 0, known[:, None], True), f"the index of one of {N} image{'s' * (N != 1)}")
    for r in np.flatnonzero((first > last).any(axis=1))[:1]:
        raise ValueError(f"rois[{r}]={rois[r].tolist()} must have x1 <= x2 and y1 <= y2")
    return image.astype(int).tolist(), first, last - first


def _all(name, values, good, fits):
    """Refuse an array of which one number, named in the message, does not fit."""
    if not good.all():
        place = np.unravel_index(np.argmin(good), good.shape)
        index = f"[{', '.join(map(str, place))}]" if place else ""
        raise ValueError(f"{name}{index}={values[place]} must be {fits}")


def _real(name, value, above=-np.inf):
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Real, np.integer, np.floating)):
        raise TypeError(f"{name}={value!r} must be a number")
    if not above < value < np.inf:
        raise ValueError(f"{name}={value} must be finite" + (f" and more than {above}" if above == 0 else ""))
    return float(value)
