"""What one convolution costs, from its sizes alone: parameters, multiply-adds, bytes moved, and operations a byte."""

from math import prod

from convbook._arguments import flag, group_count, per_axis, whole


def conv_params(in_channels: int, out_channels: int, kernel_size, *, groups: int = 1, bias: bool = True) -> int:
    """Number of learned numbers in a convolution: each output channel has its own kernel over its group's inputs.

        D (C / G) k_h k_w + D        without the last D if there is no bias

    Args:
        in_channels: C >= 1.
        out_channels: D >= 1.
        kernel_size: taps per axis; an int means a square 2D kernel, as in PyTorch's Conv2d; write (k,) for 1D.
        groups: G >= 1, dividing both C and D.
        bias: whether each output channel adds a learned constant.
    Returns:
        The count, an int. A transposed convolution has the same one.
    Raises:
        ValueError: a size is too small, or the groups do not divide the channels.
        TypeError: a size is not an integer, or bias not True or False.

    3 channels of 3 x 3 taps and a bias, for each of 2 outputs:

    >>> conv_params(3, 2, 3)
    56

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
    """
    C, D, G = _channels(in_channels, out_channels, groups)
    (k,) = _sizes(kernel_size=kernel_size)
    return D * (C // G) * prod(k) + D * flag("bias", bias)


def conv_macs(in_channels: int, out_channels: int, kernel_size, output_size, *, groups: int = 1) -> int:
    """Multiply-adds of a convolution on one image: every output number is one kernel's worth of products.

        D o_h o_w (C / G) k_h k_w

    Args:
        in_channels, out_channels, kernel_size, groups: as for `conv_params`.
        output_size: output length per axis. An int beside a tuple is repeated for each of the tuple's axes; two ints
            mean a square 2D kernel and a square output.
    Returns:
        The count, an int. For a transposed convolution put the *input's* size for output_size.
    Raises:
        ValueError: a size is too small, the axes differ in number, or the groups do not divide the channels.
        TypeError: a size is not an integer.

    128 outputs of 5 x 5, each number the sum of 3 x 3 x 3 products:

    >>> conv_macs(3, 128, 3, 5)
    86400

    Source: Howard et al. (2017), MobileNets, equation 2, https://arxiv.org/abs/1704.04861
    """
    C, D, G = _channels(in_channels, out_channels, groups)
    k, o = _sizes(kernel_size=kernel_size, output_size=output_size)
    return D * prod(o) * (C // G) * prod(k)


def separable_macs(kernel_size, output_size, *, rank: int = 1) -> int:
    """Multiply-adds of one 2D kernel as `rank` pairs of passes, a column down the image, then a row along the result.

        r (o_h n_w k_h + o_h o_w k_w),    n_w = o_w + k_w - 1

    On an N x N image an m x m kernel of rank 1 takes m (N - m + 1)(2 N - m + 1), and `conv_macs` counts
    m^2 (N - m + 1)^2: the ratio is 2 / m + (m - 1) / (m (N - m + 1)), and 2 / m for large images.

    Args:
        kernel_size, output_size: taps and output length per axis, at stride 1 and without padding; ints mean squares.
        rank: r >= 1, how many separable kernels are added up.
    Returns:
        The count, an int.
    Raises:
        ValueError, TypeError: as `conv_macs`.

    A 3 x 3 kernel on a 5 x 5 image, 45 + 27 in place of 81:

    >>> separable_macs(3, 3)
    72

    Source: Rigamonti et al. (2013), "Learning separable filters", https://doi.org/10.1109/CVPR.2013.355
    """
    k_h, k_w = per_axis("kernel_size", kernel_size, 2, at_least=1)
    o_h, o_w = per_axis("output_size", output_size, 2, at_least=1)
    return whole("rank", rank, at_least=1) * (o_h * (o_w + k_w - 1) * k_h + o_h * o_w * k_w)


def conv_bytes(in_channels: int, out_channels: int, kernel_size, input_size, output_size, *, groups: int = 1,
               bias: bool = True, itemsize: int = 4) -> int:
    """Least bytes a convolution moves on one image: each input and weight read once, each output written once.

        itemsize (C n_h n_w + parameters + D o_h o_w)

    Args:
        in_channels, out_channels, kernel_size, groups, bias: as for `conv_params`.
        input_size, output_size: length per axis, without padding; ints as for `conv_macs`.
        itemsize: bytes of one number, 4 for float32.
    Returns:
        The count, an int. A real implementation moves more, when its caches do not hold what it reads again.
    Raises:
        ValueError, TypeError: as `conv_macs`.

    Nine numbers in, nine weights, one number out:

    >>> conv_bytes(1, 1, 3, 3, 1, bias=False)
    76

    Source: Williams, Waterman & Patterson (2009), "Roofline", https://doi.org/10.1145/1498765.1498785
    """
    C, D, G = _channels(in_channels, out_channels, groups)
    k, n, o = _sizes(kernel_size=kernel_size, input_size=input_size, output_size=output_size)
    numbers = C * prod(n) + conv_params(C, D, k, groups=G, bias=bias) + D * prod(o)
    return whole("itemsize", itemsize, at_least=1) * numbers


def arithmetic_intensity(in_channels: int, out_channels: int, kernel_size, input_size, output_size, *, groups: int = 1,
                         bias: bool = True, itemsize: int = 4) -> float:
    """Operations done for each byte moved: low means that the layer waits for memory, however few its MACs.

        2 MACs / bytes

    Args:
        in_channels, out_channels, kernel_size, input_size, output_size, groups, bias, itemsize: as for `conv_bytes`.
    Returns:
        FLOPs per byte, a float.
    Raises:
        ValueError, TypeError: as `conv_macs`.

    Nine multiply-adds on the 76 bytes of `conv_bytes`:

    >>> round(arithmetic_intensity(1, 1, 3, 3, 1, bias=False), 3)
    0.237

    Source: Williams, Waterman & Patterson (2009), "Roofline", https://doi.org/10.1145/1498765.1498785
    """
    macs = conv_macs(in_channels, out_channels, kernel_size, output_size, groups=groups)
    moved = conv_bytes(in_channels, out_channels, kernel_size, input_size, output_size, groups=groups, bias=bias,
                       itemsize=itemsize)
    return 2 * macs / moved


def _channels(in_channels, out_channels, groups):
    C = whole("in_channels", in_channels, at_least=1)
    D = whole("out_channels", out_channels, at_least=1)
    return C, D, group_count(groups, C, D)


def _sizes(**sizes):
    """Read several sizes on the same axes: as many as the first tuple among them has, or two."""
    axes = next((len(v) for v in sizes.values() if isinstance(v, (tuple, list)) and v), 2)
    return [per_axis(name, v, axes, at_least=1) for name, v in sizes.items()]
