"""Normalizations, written as their formula is: one for all, over four choices of entries.

    y = (x - mean) / sqrt(var + eps) * weight + bias

x is (N, C, *): images, channels, places. What differs is which entries x[m, c, s] share their mean and variance:

    batch norm      those of one channel,                     over all images and places
    layer norm      those of one image (or of its last axes), over all channels and places
    instance norm   those of one channel of one image,        over all places
    group norm      those of one group of channels of one image

The variance divides by the number of entries, not by one fewer. Everything is computed in float64 and rounded once.
"""

import numpy as np

from convbook._signatures.norms import read_batch_norm, read_group_norm, read_instance_norm, read_layer_norm, read_running


def batch_norm(x, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    """Give every channel mean 0 and variance 1 over the whole batch, then scale and shift it.

        y[m, c, s] = (x[m, c, s] - mean[c]) / sqrt(var[c] + eps) * weight[c] + bias[c]

    In training, mean[c] and var[c] are those of x[:, c]; otherwise they are the running ones, and each channel is
    moved by one fixed scale and shift.

    Args:
        x: (N, C, *), any number of places, none too; float32, float64 or integers. The batch axis has to be there.
        running_mean, running_var: (C,), var >= 0; both or neither; in training they may be None and are not used.
        weight, bias: (C,), often written gamma and beta; None means 1 and 0.
        training: whether the batch's own statistics are used.
        momentum: between 0 and 1; checked, for PyTorch's sake, and not used: PyTorch *changes* the running statistics
            while it trains, here nothing is changed. `running_statistics` returns what they would become.
        eps: at least 0; keeps the root away from 0.
    Returns:
        y of x's shape, in the dtype NumPy promotes x, weight, bias and the statistics used to; float64 for integers.
    Raises:
        ValueError: shapes do not fit each other; training has 1 value per channel; no statistics without training.
        TypeError: an option is of a wrong type, or a dtype not one of those above, such as float16.

    The mean of channel 0 is 3, its variance 4; channel 1 has mean 0 and variance 25:

    >>> batch_norm([[1, 5], [5, -5]], None, None, training=True, eps=0)
    array([[-1.,  1.],
           [ 1., -1.]])

    Same result as torch.nn.functional.batch_norm.
    Source: Ioffe & Szegedy (2015), algorithm 1, https://arxiv.org/abs/1502.03167
    """
    a = read_batch_norm(x, running_mean, running_var, weight, bias, training, momentum, eps)
    x = a.x.astype(np.float64)
    N, C, S = x.shape
    y = np.zeros(x.shape, a.x.dtype)
    for c in range(C):
        mean, var = _moments([x[m, c, s] for m in range(N) for s in range(S)]) if training else (a.mean[c], a.var[c])
        for m in range(N):
            for s in range(S):
                y[m, c, s] = (x[m, c, s] - mean) / np.sqrt(var + a.eps) * a.w[c] + a.b[c]
    return y.reshape(a.shape)


def layer_norm(x, normalized_shape, weight=None, bias=None, eps=1e-5):
    """Give the last axes of x, together, mean 0 and variance 1, then scale and shift each entry by itself.

        y[r, e] = (x[r, e] - mean[r]) / sqrt(var[r] + eps) * weight[e] + bias[e]

    with r over the leading axes, all of them, and e over the last ones.

    Args:
        x: (*, *normalized_shape); float32, float64 or integers.
        normalized_shape: sizes of the last axes, a tuple; an int for one. (C, h, w) takes whole images.
        weight, bias: of shape normalized_shape; None means 1 and 0.
        eps: as for `batch_norm`.
    Returns:
        y of x's shape; dtype as for `batch_norm`.
    Raises:
        ValueError, TypeError: as `batch_norm`; normalized_shape is not the last axes of x.

    Each row by itself: mean 3 and deviation 2, mean 0 and deviation 5:

    >>> layer_norm([[1, 5], [5, -5]], 2, eps=0)
    array([[-1.,  1.],
           [ 1., -1.]])

    Same result as torch.nn.functional.layer_norm.
    Source: Ba, Kiros & Hinton (2016), equation 3, https://arxiv.org/abs/1607.06450
    """
    a = read_layer_norm(x, normalized_shape, weight, bias, eps)
    x = a.x.astype(np.float64)
    R, E, _ = x.shape
    y = np.zeros(x.shape, a.x.dtype)
    for r in range(R):
        mean, var = _moments([x[r, e, 0] for e in range(E)])
        for e in range(E):
            y[r, e, 0] = (x[r, e, 0] - mean) / np.sqrt(var + a.eps) * a.w[e] + a.b[e]
    return y.reshape(a.shape)


def group_norm(x, num_groups, weight=None, bias=None, eps=1e-5):
    """Give each group of channels of each image mean 0 and variance 1, then scale and shift every channel.

        y[m, c, s] = (x[m, c, s] - mean[m, g]) / sqrt(var[m, g] + eps) * weight[c] + bias[c],   g = floor(c / (C / G))

    With one group this is layer norm over (C, *), but for its weights; with C groups it is instance norm.

    Args:
        x, weight, bias, eps: as for `batch_norm`.
        num_groups: G >= 1, dividing C.
    Returns:
        y of x's shape; dtype as for `batch_norm`.
    Raises:
        ValueError, TypeError: as `batch_norm`; G does not divide C; a batch of one has one value per group.

    >>> group_norm([[1, 5, 5, -5]], 2, eps=0)
    array([[-1.,  1.,  1., -1.]])

    Same result as torch.nn.functional.group_norm.
    Source: Wu & He (2018), equation 7, https://arxiv.org/abs/1803.08494
    """
    a = read_group_norm(x, num_groups, weight, bias, eps)
    x = a.x.astype(np.float64)
    N, C, S = x.shape
    K = C // num_groups
    y = np.zeros(x.shape, a.x.dtype)
    for m in range(N):
        for g in range(num_groups):
            mean, var = _moments([x[m, c, s] for c in range(g * K, (g + 1) * K) for s in range(S)])
            for c in range(g * K, (g + 1) * K):
                for s in range(S):
                    y[m, c, s] = (x[m, c, s] - mean) / np.sqrt(var + a.eps) * a.w[c] + a.b[c]
    return y.reshape(a.shape)


def instance_norm(x, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1,
                  eps=1e-5):
    """Give each channel of each image mean 0 and variance 1 over its places, then scale and shift it.

        y[m, c, s] = (x[m, c, s] - mean[m, c]) / sqrt(var[m, c] + eps) * weight[c] + bias[c]

    Args:
        x, running_mean, running_var, weight, bias, momentum, eps: as for `batch_norm`.
        use_input_stats: whether each image's own statistics are used; if not, the running ones are.
    Returns:
        y of x's shape; dtype as for `batch_norm`.
    Raises:
        ValueError, TypeError: as `batch_norm`; an image's own statistics need more than 1 place.

    >>> instance_norm([[[1, 5], [5, -5]]], eps=0)
    array([[[-1.,  1.],
            [ 1., -1.]]])

    Same result as torch.nn.functional.instance_norm.
    Source: Ulyanov, Vedaldi & Lempitsky (2016), section 2, https://arxiv.org/abs/1607.08022
    """
    a = read_instance_norm(x, running_mean, running_var, weight, bias, use_input_stats, momentum, eps)
    x = a.x.astype(np.float64)
    N, C, S = x.shape
    y = np.zeros(x.shape, a.x.dtype)
    for m in range(N):
        for c in range(C):
            mean, var = _moments([x[m, c, s] for s in range(S)]) if use_input_stats else (a.mean[c], a.var[c])
            for s in range(S):
                y[m, c, s] = (x[m, c, s] - mean) / np.sqrt(var + a.eps) * a.w[c] + a.b[c]
    return y.reshape(a.shape)


def running_statistics(x, running_mean, running_var, *, momentum=0.1):
    """Move the running mean and variance of batch norm one step towards those of a batch.

        new = (1 - momentum) old + momentum found

    Here the variance divides by one fewer than the count of entries, unlike the one that normalizes the batch.

    Args:
        x: (N, C, *), more than 1 value per channel.
        running_mean, running_var: (C,), from before; a fresh layer starts with zeros and ones.
        momentum: between 0 and 1: the share of the new.
    Returns:
        (mean, var), each (C,), in the dtype NumPy promotes the three arrays to; float64 for integers.
    Raises:
        ValueError, TypeError: as `batch_norm`; x is an empty batch.

    A batch of 1 and 5, mean 3 and variance (4 + 4) / 1 = 8:

    >>> mean, var = running_statistics([[1], [5]], [0], [1], momentum=0.5)
    >>> mean.item(), var.item()
    (1.5, 4.5)

    Same result as what torch.nn.functional.batch_norm leaves in its running statistics after training=True.
    Source: Ioffe & Szegedy (2015), algorithm 2, https://arxiv.org/abs/1502.03167
    """
    x, mean, var, momentum = read_running(x, running_mean, running_var, momentum)
    N, C, S = x.shape
    count = N * S
    new_mean, new_var = np.zeros_like(mean), np.zeros_like(var)
    for c in range(C):
        found, spread = _moments([np.float64(x[m, c, s]) for m in range(N) for s in range(S)])
        new_mean[c] = (1 - momentum) * mean[c] + momentum * found
        new_var[c] = (1 - momentum) * var[c] + momentum * spread * count / (count - 1)
    return new_mean, new_var


def _moments(values):
    """Mean and variance of a list; of an empty one there is nothing to normalize with them."""
    count = max(1, len(values))
    mean = sum(values) / count
    return mean, sum((v - mean) ** 2 for v in values) / count
