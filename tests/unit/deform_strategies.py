"""Random deformable layers and regions, and PyTorch's way to compute them: grid_sample, then a matrix product or a mean."""

from math import ceil, floor, lcm

import numpy as np
import torch
import torch.nn.functional as F
from hypothesis import strategies as st
from strategies import values

rngs = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def random_deform(rng, *, more=4, groups=2, dtype=np.float64):
    """A deformable convolution: (x, offset, weight, bias, options); some taps look far beyond the image."""
    k, s, d, p = (rng.integers(low, high, 2) for low, high in ((1, 4), (1, 4), (1, 3), (0, 3)))
    span = d * (k - 1) + 1
    n = np.maximum(1, span - 2 * p) + rng.integers(0, more + 1, 2)
    o = (n + 2 * p - span) // s + 1
    G, G_o = rng.integers(1, groups + 1), rng.integers(1, groups + 1)
    C, D, K = lcm(G, G_o) * rng.integers(1, 3), G * rng.integers(1, 3), k[0] * k[1]
    batch = [(), (1,), (2,)][rng.integers(3)]
    offset = 2 * values(rng, (*batch, 2 * G_o * K, *o), dtype)
    mask = values(rng, (*batch, G_o * K, *o), dtype) if rng.random() < 0.5 else None
    bias = values(rng, D, dtype) if rng.random() < 0.5 else None
    options = dict(stride=tuple(s.tolist()), padding=tuple(p.tolist()), dilation=tuple(d.tolist()), mask=mask)
    return values(rng, (*batch, C, *n), dtype), offset, values(rng, (D, C // G, *k), dtype), bias, options


def grid_sampled(image, y, x):
    """Tensors (N, C, h, w) read at y, x (N, ...) by grid_sample: (N, C, ...)."""
    h, w = image.shape[2:]
    grid = torch.stack([(2 * x + 1) / w - 1, (2 * y + 1) / h - 1], -1).reshape(len(image), 1, -1, 2)
    return F.grid_sample(image, grid, align_corners=False).reshape(*image.shape[:2], *y.shape[1:])


def torch_deform_conv2d(x, offset, weight, bias=None, *, stride, padding, dilation, mask=None):
    """deform_conv2d out of grid_sample and a matrix product, on tensors."""
    single = x.ndim == 3
    if single:
        x, offset, mask = x[None], offset[None], None if mask is None else mask[None]
    (N, C), (D, C_g, k_h, k_w), (o_h, o_w) = x.shape[:2], weight.shape, offset.shape[2:]
    K = k_h * k_w
    G, G_o = C // C_g, offset.shape[1] // (2 * K)
    offset = offset.reshape(N, G_o, k_h, k_w, 2, o_h, o_w)
    seen = torch.empty(N, 0, K, o_h, o_w, dtype=x.dtype)
    for o in range(G_o):
        taps = []
        for u in range(k_h):
            for v in range(k_w):
                y = offset[:, o, u, v, 0] + (torch.arange(o_h) * stride[0] + u * dilation[0] - padding[0])[:, None]
                q = offset[:, o, u, v, 1] + torch.arange(o_w) * stride[1] + v * dilation[1] - padding[1]
                sample = grid_sampled(x[:, C // G_o * o:C // G_o * (o + 1)], y, q)
                taps.append(sample if mask is None else sample * mask[:, None, K * o + k_w * u + v])
        seen = torch.cat([seen, torch.stack(taps, 2)], 1)
    y = weight.reshape(G, D // G, C_g * K) @ seen.reshape(N, G, C_g * K, o_h * o_w)
    y = y.reshape(N, D, o_h, o_w) + (0 if bias is None else bias[:, None, None])
    return y[0] if single else y


def tensors(*arrays, requires_grad=False):
    return [None if a is None else torch.tensor(a, requires_grad=requires_grad) for a in arrays]


def by_grid_sample(x, offset, weight, bias, options):
    x, offset, weight, bias, mask = tensors(x, offset, weight, bias, options["mask"])
    return torch_deform_conv2d(x, offset, weight, bias, **{**options, "mask": mask}).numpy()


def random_regions(rng, *, sensitive):
    """A pooling of regions: (x, rois, output_size, options); regions at fractions of pixels, some beyond the image, some empty."""
    bins = tuple(rng.integers(1, 4, 2).tolist())
    n, C, R, N, scale = rng.integers(1, 8, 2), rng.integers(1, 4), rng.integers(0, 4), rng.integers(1, 3), rng.choice([1, 0.5, 0.25, 0.7])
    E = rng.choice([e for e in (1, 2, 3) if C % e == 0]) if sensitive else 1
    first, length = rng.uniform(-2, 6, (R, 2)), rng.uniform(0, 7, (R, 2)) * (rng.random((R, 2)) < 0.9)
    if rng.random() < 0.5:
        first, length = np.round(first), np.round(length)
    rois = np.concatenate([rng.integers(0, N, (R, 1)), first / scale, (first + length) / scale], axis=1)
    offset = values(rng, (R, 2 * E, *bins)) if rng.random() < 0.7 else None
    batch = (N,) if N > 1 or rng.random() < 0.5 else ()
    x = values(rng, (*batch, C * (bins[0] * bins[1] if sensitive else 1), *n))
    return x, rois, bins, dict(spatial_scale=scale, offset=offset, gamma=rng.choice([0.1, 0.5]))


def pooled_by_grid_sample(x, rois, bins, spatial_scale, offset, gamma, *, sensitive):
    """Regions pooled bin by bin: a grid of positions, grid_sample, a mean."""
    x = torch.tensor(x if x.ndim == 4 else x[None])
    o_h, o_w = bins
    C = x.shape[1] // (o_h * o_w if sensitive else 1)
    y = torch.zeros(len(rois), C, o_h, o_w, dtype=x.dtype)
    for r, (m, *corners) in enumerate(rois.tolist()):
        left, top, right, bottom = (spatial_scale * corner for corner in corners)
        h, w = bottom - top, right - left
        for c in range(C):
            e = 0 if offset is None else c // (C // (offset.shape[1] // 2))
            for i in range(o_h):
                for j in range(o_w):
                    p = torch.arange(floor(i * h / o_h), ceil((i + 1) * h / o_h), dtype=x.dtype) + top
                    q = torch.arange(floor(j * w / o_w), ceil((j + 1) * w / o_w), dtype=x.dtype) + left
                    if offset is not None:
                        p, q = p + gamma * offset[r, 2 * e, i, j] * h, q + gamma * offset[r, 2 * e + 1, i, j] * w
                    channel = (c * o_h + i) * o_w + j if sensitive else c
                    if len(p) and len(q):
                        grid = torch.meshgrid(p, q, indexing="ij")
                        y[r, c, i, j] = grid_sampled(x[int(m)][None, channel:channel + 1], *(t[None] for t in grid)).mean()
    return y.numpy()
