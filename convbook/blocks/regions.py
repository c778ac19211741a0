"""Pooling of regions into bins that may move: functions of tensors, for features and for position-sensitive maps.

Sources: Dai et al. (2017), section 2.2, https://arxiv.org/abs/1703.06211; Zhu et al. (2019), equation 2, https://arxiv.org/abs/1811.11168
"""

import torch

from convbook._arguments import number, per_axis
from convbook.blocks._arguments import tensor
from convbook.blocks.sampling import bilinear


def deform_roi_pool2d(x, rois, output_size, *, spatial_scale=1.0, offset=None, mask=None, gamma=0.1):
    """Cut each region into bins, move the bins, and average each: (N, C, H, W), (R, 5) -> (R, C, o_h, o_w).

        y(i, j) = mask_ij / n_ij  sum over p in bin (i, j) of  x(p0 + p + gamma offset_ij (h, w))

    Args:
        x, rois, output_size, spatial_scale, offset, gamma: as for `convbook.ops.deform_roi_pool2d`, as tensors.
        mask: (R, 1, o_h, o_w), a factor for each bin; None means ones.
    Raises:
        ValueError: shapes that do not fit, regions that end before they start or lie on images that are not there, or a
            number out of bounds. TypeError: what is no tensor, or no number.

    >>> deform_roi_pool2d(torch.tensor([[[[1.0, 2.0, 3.0]]]]), torch.tensor([[0.0, 0, 0, 3, 1]]), (1, 2))
    tensor([[[[1.5000, 2.5000]]]])
    """
    y = _pool(tensor("x", x, 4)[:, :, None], rois, output_size, spatial_scale, offset, gamma)
    if mask is None:
        return y
    if tensor("mask", mask, 4).shape != (len(y), 1, *y.shape[2:]):
        raise ValueError(f"mask has shape {tuple(mask.shape)}; it must be {(len(y), 1, *y.shape[2:])}, one factor for each bin")
    return y * mask


def deform_ps_roi_pool2d(x, rois, output_size, *, spatial_scale=1.0, offset=None, gamma=0.1):
    """The same where bin (i, j) of output channel c reads a map of its own: (N, D o_h o_w, H, W), (R, 5) -> (R, D, o_h, o_w).

    Args:
        x, rois, output_size, spatial_scale, offset, gamma: as for `convbook.ops.deform_ps_roi_pool2d`, as tensors.
    Raises:
        ValueError: as `deform_roi_pool2d`; or bins that do not divide x's channels.

    >>> deform_ps_roi_pool2d(torch.tensor([[[[1.0, 3, 5, 7]], [[2, 4, 6, 8]]]]), torch.tensor([[0.0, 0, 0, 4, 1]]), (1, 2))
    tensor([[[[2., 7.]]]])
    """
    bins = per_axis("output_size", output_size, 2, at_least=1)
    if tensor("x", x, 4).shape[1] % (bins[0] * bins[1]):
        raise ValueError(f"x has {x.shape[1]} channels; it must have a multiple of the {bins[0]} x {bins[1]} bins")
    return _pool(x.unflatten(1, (-1, bins[0] * bins[1])), rois, output_size, spatial_scale, offset, gamma)


def _pool(maps, rois, output_size, spatial_scale, offset, gamma):
    """maps (N, C, M, H, W): one for all bins of a channel (M = 1), or one for each."""
    N, C, M = maps.shape[:3]
    bins = per_axis("output_size", output_size, 2, at_least=1)
    spatial_scale, gamma = number("spatial_scale", spatial_scale, above=0), number("gamma", gamma)
    R = len(tensor("rois", rois, 2))
    if rois.shape[1] != 5:
        raise ValueError(f"rois has shape {tuple(rois.shape)}; it must be (regions, 5): batch index, x1, y1, x2, y2")
    corners = rois[:, 1:].double() * spatial_scale
    if not (rois.isfinite().all() and corners.isfinite().all()):
        raise ValueError(f"rois must be finite, times spatial_scale={spatial_scale:g}, too; it has a number that is not")
    image = rois[:, 0].long()
    if R and not 0 <= image.min() <= image.max() < N:
        raise ValueError(f"rois has batch indices from {image.min()} to {image.max()}; they must lie between 0 and {N - 1}")
    if offset is None:
        offset = maps.new_zeros(R, 2, *bins)
    E = tensor("offset", offset, 4).shape[1] // 2
    if not E or C % E or offset.shape != (R, 2 * E, *bins):
        raise ValueError(f"offset has shape {tuple(offset.shape)}; it must be ({R}, 2 E, {bins[0]}, {bins[1]}) with E dividing {C} channels")

    x1, y1, x2, y2 = corners.unbind(dim=1)
    rows, rows_used = _cut(y1, y2 - y1, bins[0])  # (R, o_h, P)
    columns, columns_used = _cut(x1, x2 - x1, bins[1])  # (R, o_w, Q)
    if (x2 < x1).any() or (y2 < y1).any():
        raise ValueError("rois must have x1 <= x2 and y1 <= y2; it has a region that ends before it starts")
    size = torch.stack([y2 - y1, x2 - x1], dim=1).to(offset)
    shift = gamma * offset.unflatten(1, (E, 2)) * size[:, None, :, None, None]  # (R, E, 2, o_h, o_w)
    rows = rows.to(offset)[:, None, :, None, :, None] + shift[:, :, 0, ..., None, None]
    columns = columns.to(offset)[:, None, None, :, None, :] + shift[:, :, 1, ..., None, None]
    rows, columns = torch.broadcast_tensors(rows, columns)  # (R, E, o_h, o_w, P, Q)
    used = (rows_used[:, :, None, :, None] & columns_used[:, None, :, None, :]).flatten(1, 2)
    rows, columns = (t.flatten(2, 3) for t in (rows, columns))

    y = maps.new_zeros(R, C, bins[0] * bins[1])
    for n in image.unique().tolist():
        here = image == n
        per_map = []
        for m in range(M):  # all bins at once, or the one bin that reads this map
            of_map = slice(None) if M == 1 else slice(m, m + 1)
            r, c = (t[here][:, :, of_map].transpose(0, 1) for t in (rows, columns))  # (E, R here, bins, P, Q)
            seen = bilinear(maps[n, :, m].unflatten(0, (E, -1)), r.flatten(1), c.flatten(1)).flatten(0, 1)
            seen = seen.reshape(C, *r.shape[1:]).transpose(0, 1) * used[here][:, None, of_map]
            per_map.append(seen.sum(dim=(-1, -2)))
        y[here] = torch.cat(per_map, dim=2)
    return (y / used.sum(dim=(-1, -2)).clamp(min=1)[:, None]).unflatten(2, bins)


def _cut(start, length, bins):
    """Positions of each bin along an axis, (R, bins, P) for the longest bin, and which of them each bin has."""
    cuts = torch.arange(bins + 1, device=start.device) * length[:, None] / bins
    first = cuts[:, :-1].floor()
    count = cuts[:, 1:].ceil() - first
    step = torch.arange(int(count.max()) if count.numel() else 0, device=start.device)
    return start[:, None, None] + first[..., None] + step, step < count[..., None]
