"""Channel shuffle as three moves of the axes."""

from convbook._signatures.channels import read_shuffle


def channel_shuffle(x, groups):
    """Deal the channels of g groups out like cards: `reference.channel_shuffle`, as reshape, transpose, flatten.

        C channels -> (g, n) -> (n, g) -> C

    Arguments, result and errors are those of `reference.channel_shuffle`.

    >>> channel_shuffle([[[0]], [[1]], [[2]], [[3]], [[4]], [[5]]], 2).ravel()
    array([0, 3, 1, 4, 2, 5])
    """
    x, g, single = read_shuffle(x, groups)
    N, C, h, w = x.shape
    y = x.reshape(N, g, C // g, h, w).swapaxes(1, 2).copy().reshape(x.shape)
    return y[0] if single else y
