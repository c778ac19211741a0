"""Deformable pooling of regions: a region of any size becomes a grid of bins, and each bin may move."""

from math import ceil, floor

import numpy as np

from convbook._signatures.regions import read_regions
from convbook.reference.bilinear import sample


def deform_roi_pool2d(x, rois, output_size, *, spatial_scale=1.0, offset=None, gamma=0.1):
    """Cut each region into bins and average each bin, moved by its offset.

        y[r, c, i, j] = 1 / n_ij  sum over p, q of  x(m, c, top + p + dy, left + q + dx)

        floor(i h / o_h) <= p < ceil((i + 1) h / o_h)       dy = gamma offset[r, 0, i, j] h
        floor(j w / o_w) <= q < ceil((j + 1) w / o_w)       dx = gamma offset[r, 1, i, j] w

    p and q are whole numbers, n_ij how many pairs of them there are, m the region's image, x(...)
    `bilinear_sample`. Without offsets this is plain RoI average pooling. In detail:

    - left, top, w and h are spatial_scale times x1, y1, x2 - x1 and y2 - y1, and may be fractions;
      nothing is rounded. x2 and y2 are where the region ends, so 0, 0, 4, 4 is 4 x 4 pixels.
    - Neighbouring bins share a row or column where the cut goes through it.
    - Where a bin reaches outside the image, x is zero, and n_ij counts these positions too.
    - A region of no width or no height has empty bins, and they are zero.

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one; float32, float64 or integers.
        rois: (R, 5): batch index, x1, y1, x2, y2, of any of these dtypes.
        output_size: bins (o_h, o_w), each at least 1; an int, or one per axis.
        spatial_scale: pixels of x for one unit of rois, more than 0.
        offset: (R, 2, o_h, o_w): dy, dx of each bin, as fractions of the region over gamma; or None.
        gamma: what tames the offsets.
    Returns:
        (R, C, o_h, o_w), in the dtype NumPy promotes x and offset to; float64 if they are integers.
    Raises:
        ValueError: a shape does not fit, a region ends before it starts or lies on no image, or a
            number of rois or offset is not finite.
        TypeError: output_size is not of integers, or a dtype not one of those above.

    Three columns in two bins share the middle one: (1 + 2) / 2 and (2 + 3) / 2; then, moved right by
    1/3 of a region that is 3 wide, (2 + 3) / 2 and (3 + 0) / 2:

    >>> deform_roi_pool2d([[[1, 2, 3]]], [[0, 0, 0, 3, 1]], (1, 2))
    array([[[[1.5, 2.5]]]])
    >>> deform_roi_pool2d([[[1, 2, 3]]], [[0, 0, 0, 3, 1]], (1, 2), offset=[[[[0, 0]], [[1, 1]]]], gamma=1/3)
    array([[[[2.5, 1.5]]]])

    Source: Dai et al. (2017), equations 5 and 6, https://arxiv.org/abs/1703.06211
    """
    return _pool(read_regions(x, rois, output_size, spatial_scale, offset, gamma, sensitive=False))


def deform_ps_roi_pool2d(x, rois, output_size, *, spatial_scale=1.0, offset=None, gamma=0.1):
    """Pool regions position-sensitively: bin (i, j) averages its own map of each output channel.

        y[r, c, i, j] = 1 / n_ij  sum over p, q of  x(m, (c o_h + i) o_w + j, top + p + dy, left + q + dx)

    with bins, offsets and edges as for `deform_roi_pool2d`: the maps of one output channel (a class)
    stand together, in the order of the bins. Without offsets this is plain PS-RoI average pooling.

    Args:
        x: (N, D o_h o_w, h, w) maps, or without N for one image; D is the paper's C + 1 classes.
        rois, output_size, spatial_scale, gamma: as for `deform_roi_pool2d`.
        offset: (R, 2 E, o_h, o_w), E dividing D: dy, dx for each of E classes of offsets in turn,
            output channel c taking those of class floor(c E / D); E = 1 moves all alike. Or None.
    Returns:
        (R, D, o_h, o_w), dtype as for `deform_roi_pool2d`.
    Raises:
        ValueError, TypeError: as `deform_roi_pool2d`; or bins do not divide x's channels.

    Two bins, two maps: the left bin reads the first, the right bin the second:

    >>> deform_ps_roi_pool2d([[[1, 3, 5, 7]], [[2, 4, 6, 8]]], [[0, 0, 0, 4, 1]], (1, 2))
    array([[[[2., 7.]]]])

    Source: Dai et al. (2017), section 2.2, https://arxiv.org/abs/1703.06211;
    order of the maps: Dai et al. (2016), R-FCN, https://arxiv.org/abs/1605.06409, as torchvision.ops.ps_roi_pool
    """
    return _pool(read_regions(x, rois, output_size, spatial_scale, offset, gamma, sensitive=True))


def _pool(a):
    (_, C, M), (R, E), (o_h, o_w) = a.x.shape[:3], a.shift.shape[:2], a.bins
    y = np.zeros((R, C, o_h, o_w), a.x.dtype)
    for r, c, i, j in np.ndindex(y.shape):
        image = a.x[a.image[r], c, (i * o_w + j) % M]  # one map for all bins, or one for each
        (top, left), (h, w) = a.corner[r], a.size[r]
        dy, dx = a.shift[r, c * E // C, :, i, j]
        seen = [sample(image, top + p + dy, left + q + dx)
                for p in range(floor(i * h / o_h), ceil((i + 1) * h / o_h))
                for q in range(floor(j * w / o_w), ceil((j + 1) * w / o_w))]
        y[r, c, i, j] = sum(seen) / max(1, len(seen))
    return y
