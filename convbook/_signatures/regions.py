"""How the arguments of a deformable pooling of regions are read."""

from dataclasses import dataclass

import numpy as np

from convbook._arguments import array, every, floating, number, per_axis
from convbook._signatures.layer import read_images

FAR = 2.0**31  # pixels: a side or a move beyond it is a mistake, and its positions could not be counted


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
    image, corner, size = _rois(rois, number("spatial_scale", spatial_scale, above=0), len(x))
    gamma = number("gamma", gamma)

    dtype = floating(x)
    E, shift = 1, np.zeros((len(size), 1, 2, *bins))
    if offset is not None:
        offset = array("offset", offset)
        E = offset.shape[1] // 2 if sensitive and offset.ndim == 4 else 1
        if E == 0 or C % E or offset.shape != (len(size), 2 * E, *bins):
            channels, why = ("2 E", f", with E dividing out_channels={C}") if sensitive else (2, "")
            sizes = ", ".join(map(str, (len(size), channels, *bins)))
            raise ValueError(f"offset has shape {offset.shape}; it must be ({sizes}), dy and dx of each bin{why}")
        every("offset", offset, np.isfinite(offset), "finite")
        dtype = floating(x, offset)
        with np.errstate(over="ignore"):
            shift = gamma * offset.astype(np.float64).reshape(-1, E, 2, *bins) * size[:, None, :, None, None]
        every("offset", offset, (np.abs(shift) < FAR).reshape(offset.shape), f"such that gamma={gamma:g} times it moves no bin by 2^31 pixels")
    return Regions(x.astype(dtype, copy=False).reshape(len(x), C, M, *x.shape[2:]), bins, image, corner, size, shift)


def _rois(rois, scale, N):
    """Split regions into the image each lies on, its first corner and its size, both (R, 2): y, x."""
    rois = array("rois", rois)
    if rois.ndim != 2 or rois.shape[1] != 5:
        raise ValueError(f"rois has shape {rois.shape}; it must be (regions, 5): batch index, x1, y1, x2, y2")
    every("rois", rois, np.isfinite(rois), "finite")
    rois = rois.astype(np.float64)
    with np.errstate(over="ignore"):
        every("rois", rois, np.abs(rois * scale) < FAR, f"such that spatial_scale={scale:g} times it is less than 2^31 pixels")
    image, first, last = rois[:, 0], rois[:, [2, 1]] * scale, rois[:, [4, 3]] * scale
    known = (image >= 0) & (image < N) & (image == np.floor(image))
    every("rois", rois, np.where(np.arange(5) == 0, known[:, None], True), f"the index of one of {N} image{'s' * (N != 1)}")
    for r in np.flatnonzero((first > last).any(axis=1))[:1]:
        raise ValueError(f"rois[{r}]={rois[r].tolist()} must have x1 <= x2 and y1 <= y2")
    return image.astype(int).tolist(), first, last - first
