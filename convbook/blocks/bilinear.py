"""Bilinear interpolation as the start of a transposed convolution, which then may learn something better.

Source: Long, Shelhamer & Darrell (2015), section 3.3, https://arxiv.org/abs/1411.4038
"""

import torch

from convbook._arguments import whole


def bilinear_kernel(channels, k):
    """Weight of a transposed convolution that enlarges each channel by itself, by bilinear interpolation.

        w[c, c, i, j] = t(i) t(j),    t(i) = 1 - |i - (k - 1) / 2| / s,    s = floor((k + 1) / 2)

    with zeros between different channels. It fits stride s: k = 2s for an even k, with padding s / 2 where s is even.

    Args:
        channels: of the input and of the output, at least 1.
        k: taps along each axis, at least 1.
    Returns:
        (channels, channels, k, k), float32: as ConvTranspose2d(channels, channels, k, bias=False) holds it.
    Raises:
        TypeError, ValueError: a count that is not an integer, or below 1.

    To double an image: at most four pixels have a share in a new one, 9, 3, 3 and 1 sixteenths.

    >>> bilinear_kernel(1, 4)[0, 0] * 16
    tensor([[1., 3., 3., 1.],
            [3., 9., 9., 3.],
            [3., 9., 9., 3.],
            [1., 3., 3., 1.]])

    Same result as `torch.nn.functional.interpolate(x, scale_factor=s, mode="bilinear")` away from the borders, for k = 2s,
    stride s and padding s / 2.

    Source: Long, Shelhamer & Darrell (2015), section 3.3, https://arxiv.org/abs/1411.4038
    """
    C, k = whole("channels", channels, at_least=1), whole("k", k, at_least=1)
    tent = 1 - (torch.arange(k) - (k - 1) / 2).abs() / ((k + 1) // 2)
    return torch.einsum("cd,i,j->cdij", torch.eye(C), tent, tent)
