"""Two ways to enlarge without the checkerboard of a transposed convolution, at the same cost.

For a factor s and a kernel of k x k, on an input of h x w:

    transposed convolution, sk x sk, stride s     (sk)² C D h w multiply-adds, (sk)² C D weights
    SubPixelConv2d, k x k                         the same, and the same
    ResizeConv2d, k x k                           the same, but only k² C D weights

Sources: Shi et al. (2016), https://arxiv.org/abs/1609.05158 (sub-pixel); Odena et al. (2016),
https://doi.org/10.23915/distill.00003 (resize); Aitken et al. (2017), https://arxiv.org/abs/1707.02937 (initialisation)
"""

import torch
from torch import nn

from convbook._arguments import flag, one_of, whole
from convbook.blocks._arguments import conv2d

MODES = ("nearest", "bilinear")


@torch.no_grad()
def icnr_(weight, scale, initialise=nn.init.kaiming_normal_):
    """Fill the weights of a sub-pixel convolution so that it starts as one convolution whose every pixel becomes scale x scale equal ones.

        w[c s² + t] = v[c] for t = 0, ..., s² - 1,    v drawn by `initialise`

    Args:
        weight: (D s², C, k_h, k_w), changed in place.
        scale: s >= 1.
        initialise: fills a tensor (D, C, k_h, k_w) in place.
    Returns:
        weight.
    Raises:
        ValueError: s² does not divide the number of filters.

    >>> w = icnr_(torch.empty(8, 1, 1, 1), 2, nn.init.normal_).flatten()
    >>> bool((w[:4] == w[0]).all() and (w[4:] == w[4]).all() and w[0] != w[4])
    True

    Source: Aitken et al. (2017), section 4, https://arxiv.org/abs/1707.02937
    """
    copies = whole("scale", scale, at_least=1) ** 2
    if len(weight) % copies:
        raise ValueError(f"weight has {len(weight)} filters; their number must be a multiple of scale² = {copies}")
    small = initialise(weight.new_empty(len(weight) // copies, *weight.shape[1:]))
    return weight.copy_(small.repeat_interleave(copies, dim=0))


class SubPixelConv2d(nn.Sequential):
    """A convolution to D s² channels, whose s² channels for each output channel then become s x s pixels.

    Args:
        in_channels, out_channels: C, D.
        kernel_size: k, odd, so that padding keeps the size.
        scale: s.
        icnr: start free of a checkerboard, see `icnr_`; False starts as PyTorch starts any convolution.
    Shapes:
        (N, C, H, W) -> (N, D, s H, s W).
    Raises:
        ValueError: an even kernel.

    >>> SubPixelConv2d(3, 2, 5, 4)(torch.zeros(1, 3, 6, 7)).shape
    torch.Size([1, 2, 24, 28])

    Source: Shi et al. (2016), section 2.2, https://arxiv.org/abs/1609.05158
    """

    def __init__(self, in_channels, out_channels, kernel_size, scale, *, icnr=True):
        k, s = _odd(kernel_size), whole("scale", scale, at_least=1)
        conv = conv2d(in_channels, whole("out_channels", out_channels, at_least=1) * s**2, k, padding=k // 2)
        if flag("icnr", icnr):
            icnr_(conv.weight, s)
            nn.init.zeros_(conv.bias)
        super().__init__(conv, nn.PixelShuffle(s))


class ResizeConv2d(nn.Sequential):
    """Enlarge first, by repeating or interpolating pixels, then convolve.

    Args:
        in_channels, out_channels, kernel_size, scale: as for `SubPixelConv2d`.
        mode: "nearest" or "bilinear".
    Shapes:
        (N, C, H, W) -> (N, D, s H, s W).
    Raises:
        ValueError: an even kernel, or an unknown mode.

    >>> ResizeConv2d(3, 2, 5, 4)(torch.zeros(1, 3, 6, 7)).shape
    torch.Size([1, 2, 24, 28])

    Source: Odena, Dumoulin & Olah (2016), https://doi.org/10.23915/distill.00003
    """

    def __init__(self, in_channels, out_channels, kernel_size, scale, *, mode="nearest"):
        k, s = _odd(kernel_size), whole("scale", scale, at_least=1)
        mode = one_of("mode", mode, MODES)
        enlarge = nn.Upsample(scale_factor=s, mode=mode, **({"align_corners": False} if mode == "bilinear" else {}))
        super().__init__(enlarge, conv2d(in_channels, out_channels, k, padding=k // 2))


def transposed_equal(in_channels, out_channels, kernel_size, scale):
    """The transposed convolution that costs as much as the two above: kernel s k, stride s, and an output s times as large.

    >>> transposed_equal(3, 2, 5, 4)(torch.zeros(1, 3, 6, 7)).shape
    torch.Size([1, 2, 24, 28])
    """
    k, s = _odd(kernel_size), whole("scale", scale, at_least=1)
    return nn.ConvTranspose2d(in_channels, out_channels, s * k, stride=s, padding=s * (k // 2))


def _odd(k):
    k = whole("kernel_size", k, at_least=1)
    if k % 2 == 0:
        raise ValueError(f"kernel_size={k} must be odd, so that padding {k // 2} keeps the size")
    return k
