"""Two networks that sharpen enlarged photographs: SRCNN, which enlarges before it, and FSRCNN, which enlarges at its end.

Source: Dong, Loy, He & Tang (2014), https://arxiv.org/abs/1501.00092;
Dong, Loy & Tang (2016), section 3 and table 1, https://arxiv.org/abs/1608.00367
"""

from collections import OrderedDict

from torch import nn

from convbook._arguments import one_of, whole

SRCNN = {"9-1-5": (9, 1, 5), "9-3-5": (9, 3, 5), "9-5-5": (9, 5, 5)}  # the last is SRCNN-Ex


def srcnn(kernels="9-1-5", *, in_channels=1, widths=(64, 32)):
    """SRCNN: three convolutions on an image that was enlarged before, bicubically; there is no transposed convolution in it.

        f1 x f1 -> 64, ReLU · f2 x f2 -> 32, ReLU · f3 x f3 -> 1      (N, 1, H, W) -> (N, 1, H, W)

    The image is padded to keep its size; the paper trains on patches without padding, which changes no count of weights.

    Args:
        kernels: the three kernel sizes, "9-1-5", "9-3-5" or "9-5-5" (SRCNN-Ex).
        in_channels: of the image, coming in and going out: 1, the brightness, in the paper.
        widths: channels between; fewer make a small one for experiments.
    Raises:
        ValueError: other kernels.
    Returns:
        an untrained torch.nn.Module: (N, in_channels, H, W) -> the same.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in srcnn().parameters())
    8129

    Source: Dong, Loy, He & Tang (2014), section 3, https://arxiv.org/abs/1501.00092
    """
    f1, f2, f3 = SRCNN[one_of("kernels", kernels, tuple(SRCNN))]
    n1, n2 = widths
    return nn.Sequential(OrderedDict(
        conv1=_same(in_channels, n1, f1), relu1=nn.ReLU(),
        conv2=_same(n1, n2, f2), relu2=nn.ReLU(),
        conv3=_same(n2, in_channels, f3)))  # fmt: skip


def fsrcnn(d=56, s=12, m=4, scale=3, *, in_channels=1):
    """FSRCNN(d, s, m): works at the small size, thin in the middle, and enlarges in its last layer, a transposed convolution.

        feature extraction   5 x 5, 1 -> d
        shrinking            1 x 1, d -> s
        mapping              m times 3 x 3, s -> s
        expanding            1 x 1, s -> d
        deconvolution        9 x 9 transposed, d -> 1, stride `scale`        (N, 1, H, W) -> (N, 1, scale H, scale W)

    PReLU, a slope for each channel, after every convolution but the last. Weights: 25 d + s d + 9 m s² + d s + 81 d.

    Args:
        d, s, m: width, width in the middle, number of mapping layers; m may be 0.
        scale: how many times larger each side becomes.
        in_channels: of the image, coming in and going out.
    Raises:
        TypeError, ValueError: a count that is not an integer, or too small.
    Returns:
        an untrained torch.nn.Module: (N, in_channels, H, W) -> (N, in_channels, scale H, scale W).

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in fsrcnn().parameters())
    12809

    Source: Dong, Loy & Tang (2016), section 3, https://arxiv.org/abs/1608.00367
    """
    d, s, m = whole("d", d, at_least=1), whole("s", s, at_least=1), whole("m", m, at_least=0)
    layers = OrderedDict(extract=_same(in_channels, d, 5), prelu1=nn.PReLU(d), shrink=_same(d, s, 1), prelu2=nn.PReLU(s))
    for n in range(1, m + 1):
        layers[f"map{n}"], layers[f"prelu{n + 2}"] = _same(s, s, 3), nn.PReLU(s)
    layers["expand"], layers[f"prelu{m + 3}"] = _same(s, d, 1), nn.PReLU(d)
    layers["enlarge"] = _enlarge(d, in_channels, scale)
    return nn.Sequential(layers)


def fsrcnn_transition(state, scale=3, *, in_channels=1):
    """The two networks between SRCNN-Ex and FSRCNN in table 1: one change at a time.

        1   9 x 9 -> 64, 5 x 5 -> 32, transposed 9 x 9                               enlarges at the end
        2   9 x 9 -> 64, 1 x 1 -> 12, 4 times 3 x 3, 1 x 1 -> 64, transposed 9 x 9   and is thin in the middle

    Args:
        state: 1 or 2, the row above.
        scale: how many times larger each side becomes.
        in_channels: of the image, coming in and going out.
    Returns:
        an untrained torch.nn.Module: (N, in_channels, H, W) -> (N, in_channels, scale H, scale W).
    Raises:
        ValueError: `state` is neither 1 nor 2.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in fsrcnn_transition(2).parameters())
    17465

    Source: Dong, Loy & Tang (2016), table 1, https://arxiv.org/abs/1608.00367
    """
    middles = {1: ((32, 5),), 2: ((12, 1), *[(12, 3)] * 4, (64, 1))}
    if state not in middles:
        raise ValueError(f"state={state!r} must be 1 or 2")
    layers, before = OrderedDict(), in_channels
    for n, (width, k) in enumerate(((64, 9), *middles[state]), start=1):
        layers[f"conv{n}"], layers[f"prelu{n}"], before = _same(before, width, k), nn.PReLU(width), width
    layers["enlarge"] = _enlarge(before, in_channels, scale)
    return nn.Sequential(layers)


def _same(in_channels, out_channels, k):
    return nn.Conv2d(in_channels, out_channels, k, padding=k // 2)


def _enlarge(in_channels, out_channels, scale):
    """Transposed 9 x 9: n -> scale n, exactly, since scale (n - 1) - 2·4 + 9 + (scale - 1) = scale n."""
    scale = whole("scale", scale, at_least=1)
    return nn.ConvTranspose2d(in_channels, out_channels, 9, stride=scale, padding=4, output_padding=scale - 1)
