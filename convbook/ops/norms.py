"""Normalizations, fast: x as (images, groups, channels of a group, places), and one function for all four.

Every mean is found twice: m first, roughly, then what is left of it in x - m. So float32 loses nothing to a large mean,
and the variance is a mean of small squares. Work goes in blocks, which bounds the memory. Tried, and not kept: blocks of a
quarter of the size (nearly twice as slow), whole arrays (slower where they outgrow the cache), sums by np.sum or einsum
in place of BLAS (three times slower), sums of float32 in float64 (slower than a second look at x - m).
"""

import numpy as np

from convbook._signatures.norms import read_batch_norm, read_group_norm, read_instance_norm, read_layer_norm, read_running

BLOCK = 1 << 18  # numbers


def batch_norm(x, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    """Give every channel mean 0 and variance 1 over the whole batch: `reference.batch_norm`, vectorised.

    Arguments, result and errors are those of `reference.batch_norm`.

    >>> batch_norm([[1, 5], [5, -5]], None, None, training=True, eps=0)
    array([[-1.,  1.],
           [ 1., -1.]])
    """
    return _normalised(read_batch_norm(x, running_mean, running_var, weight, bias, training, momentum, eps))


def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    """Give the last axes of x, together, mean 0 and variance 1: `reference.layer_norm`, vectorised.

    Arguments, result and errors are those of `reference.layer_norm`.

    >>> layer_norm([[1, 5], [5, -5]], 2, eps=0)
    array([[-1.,  1.],
           [ 1., -1.]])
    """
    return _normalised(read_layer_norm(x, normalized_shape, weight, bias, eps))


def group_norm(x, num_groups, weight=None, bias=None, eps=1e-5):
    """Give each group of channels of each image mean 0 and variance 1: `reference.group_norm`, vectorised.

    Arguments, result and errors are those of `reference.group_norm`.

    >>> group_norm([[1, 5, 5, -5]], 2, eps=0)
    array([[-1.,  1.,  1., -1.]])
    """
    return _normalised(read_group_norm(x, num_groups, weight, bias, eps))


def instance_norm(x, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1,
                  eps=1e-5):
    """Give each channel of each image mean 0 and variance 1: `reference.instance_norm`, vectorised.

    Arguments, result and errors are those of `reference.instance_norm`.

    >>> instance_norm([[[1, 5], [5, -5]]], eps=0)
    array([[[-1.,  1.],
            [ 1., -1.]]])
    """
    return _normalised(read_instance_norm(x, running_mean, running_var, weight, bias, use_input_stats, momentum, eps))


def running_statistics(x, running_mean, running_var, *, momentum=0.1):
    """Move the running mean and variance one step towards those of a batch: `reference.running_statistics`, vectorised.

    Arguments, result and errors are those of `reference.running_statistics`.

    >>> mean, var = running_statistics([[1], [5]], [0], [1], momentum=0.5)
    >>> mean.item(), var.item()
    (1.5, 4.5)
    """
    x, mean, var, momentum = read_running(x, running_mean, running_var, momentum)
    found = x.mean(axis=(0, 2), dtype=np.float64)
    spread = x.var(axis=(0, 2), dtype=np.float64, ddof=1)
    return tuple(((1 - momentum) * old + momentum * new).astype(old.dtype) for old, new in ((mean, found), (var, spread)))


def blocks(a):
    """Cut (images, groups) into slices that share no statistics, of about BLOCK numbers each."""
    N, C, S = a.x.shape
    if not a.x.size:
        return
    entries = C // a.groups * S  # of a group of one image
    few = min(a.groups, max(1, BLOCK // (entries * (N if a.across else 1))))
    images = N if a.across else max(1, BLOCK // (few * entries))
    for m in range(0, N, images):
        for g in range(0, a.groups, few):
            yield slice(m, m + images), slice(g, g + few)


def grouped(a, *arrays):
    """Split the channels of (N, C, S) or (C,) arrays into groups: (N, G, C / G, S) or (G, C / G), views."""
    G = a.groups
    return [v.reshape(len(v), G, v.shape[1] // G, v.shape[2]) if v.ndim == 3 else v.reshape(G, len(v) // G)
            for v in arrays]


def standardise(a, x, groups, out):
    """Put x - m into `out`, m close to the mean; return what is left of the mean and 1 / sqrt(var + eps), (n or 1, g)."""
    if a.mean is not None:
        np.subtract(x, a.mean[groups, None, None], out=out)
        return np.zeros((1, x.shape[1])), 1 / np.sqrt(a.var[groups].astype(np.float64) + a.eps)[None]

    m = shared_mean(a, x).astype(x.dtype)
    np.subtract(x, m[:, :, None, None], out=out)
    left = shared_mean(a, out)
    var = shared_mean(a, out, out) - left**2
    return left, 1 / np.sqrt(np.maximum(var, 0) + a.eps)


def shared_mean(a, u, v=None):
    """Mean of u, or of u v, over the entries that share their statistics: (n or 1, g), float64."""
    n, g, K, S = u.shape
    sums = dots(u.reshape(n, g, K * S), np.ones(K * S, u.dtype) if v is None else v.reshape(n, g, K * S))
    if a.across:
        return sums.sum(axis=0, keepdims=True, dtype=np.float64) / (n * K * S)
    return sums.astype(np.float64) / (K * S)


def dots(u, v):
    """u . v along the last axis; BLAS pays only where that is long."""
    if u.shape[-1] < 16:
        return np.einsum("...i,...i->...", u, v)
    return (u[..., None, :] @ v[..., None])[..., 0, 0]


def _normalised(a):
    y = np.empty(a.x.shape, a.x.dtype)
    x, out, w, b = grouped(a, a.x, y, a.w, a.b)
    for images, groups in blocks(a):
        d = out[images, groups]
        left, over_root = (v.astype(d.dtype)[..., None] for v in standardise(a, x[images, groups], groups, d))
        if d.shape[3] > 1:  # one multiply-add for all that is to be done to a channel
            scale = over_root * w[groups]  # (n or 1, g, K)
            d *= scale[..., None]
            d += (b[groups] - left * scale)[..., None]
        else:  # where every entry is its own channel, those would be two more arrays of x's size
            d -= left[..., None]
            d *= over_root[..., None]
            d *= w[groups][..., None]
            d += b[groups][..., None]
    return y.reshape(a.shape)
