"""Channel shuffle: what lets grouped layers hear of each other's channels."""

import numpy as np

from convbook._signatures.channels import read_shuffle


def channel_shuffle(x, groups):
    """Deal the channels of g groups out like cards: the first of each group, then the second of each ...

        y[:, i g + j] = x[:, j n + i]        g groups of n = C / g channels; i < n, j < g

    Args:
        x: (N, C, h, w) images, or (C, h, w) for one; float32, float64 or integers.
        groups: g, the groups that the channels *come from*, dividing C.
    Returns:
        A new array of x's shape and dtype (int64 for integers).
    Raises:
        ValueError: x has another number of axes, or groups does not divide C.
        TypeError: groups is not an integer, or a dtype not one of those above, such as float16.

    Twelve channels in three groups; now every group of four holds channels of all three:

    >>> channel_shuffle(np.arange(12).reshape(12, 1, 1), 3).ravel()
    array([ 0,  4,  8,  1,  5,  9,  2,  6, 10,  3,  7, 11])

    Same result as torch.nn.functional.channel_shuffle, which needs the batch axis.
    Source: Zhang et al. (2017), ShuffleNet, section 3.1, https://arxiv.org/abs/1707.01083
    """
    x, g, single = read_shuffle(x, groups)
    n = x.shape[1] // g
    y = np.zeros_like(x)
    for place in range(n * g):
        i, j = divmod(place, g)
        y[:, place] = x[:, j * n + i]
    return y[0] if single else y
