"""How long an output is along one axis, and how much padding keeps it as long as its input."""

from convbook._arguments import before_after, whole


def conv_output_size(n: int, k: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Output length of a convolution along one axis.

        o = floor((n + 2p - d (k - 1) - 1) / s) + 1

    Args:
        n: input length, n >= 1.
        k: kernel length, counted in taps (not in the positions they span), k >= 1.
        stride: distance between neighbouring windows, s >= 1.
        padding: positions added on *each* side, p >= 0; or a pair (before, after), whose sum stands for 2p.
        dilation: distance between neighbouring taps, d >= 1; d - 1 positions between them are skipped.
    Returns:
        The number of windows, an int >= 1.
    Raises:
        ValueError: a size is too small, or the dilated kernel is longer than the padded input.
        TypeError: a size is not an integer.

    Seven padded positions, windows at 0, 2 and 4:

    >>> conv_output_size(5, 3, stride=2, padding=1)
    3

    Source: Dumoulin & Visin (2016), relationship 15, https://arxiv.org/abs/1603.07285
    """
    n, k = whole("n", n, at_least=1), whole("k", k, at_least=1)
    s, d = whole("stride", stride, at_least=1), whole("dilation", dilation, at_least=1)
    padded = n + sum(before_after("padding", padding))
    span = d * (k - 1) + 1
    if span > padded:
        raise ValueError(
            f"k={k} with dilation={d} spans {span} positions; n={n} with padding={padding} has only {padded}")
    return (padded - span) // s + 1


def conv_transpose_output_size(n: int, k: int, *, stride: int = 1, padding: int = 0, output_padding: int = 0,
                               dilation: int = 1) -> int:
    """Output length of a transposed convolution along one axis.

        o = s (n - 1) + d (k - 1) + 1 - 2p + output_padding

    Args:
        n: input length, n >= 1.
        k: kernel length in taps, k >= 1.
        stride: distance between the places where neighbouring inputs land in the output, s >= 1.
        padding: positions cut off *each* side of the output, p >= 0: the padding of the convolution it transposes.
        output_padding: positions added at the far end only, 0 <= output_padding < max(stride, dilation). It says which
            of the lengths that a strided convolution maps to n is meant.
        dilation: distance between neighbouring taps, d >= 1.
    Returns:
        The output length, an int >= 1.
    Raises:
        ValueError: a size is too small, output_padding too large, or the padding leaves no output.
        TypeError: a size is not an integer.

    Two inputs, their 3-tap kernels placed 2 apart and overlapping once:

    >>> conv_transpose_output_size(2, 3, stride=2)
    5

    Source: Dumoulin & Visin (2016), relationship 14, https://arxiv.org/abs/1603.07285;
    with dilation and output_padding, https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html
    """
    n, k = whole("n", n, at_least=1), whole("k", k, at_least=1)
    s, d = whole("stride", stride, at_least=1), whole("dilation", dilation, at_least=1)
    p = whole("padding", padding, at_least=0)
    extra = whole("output_padding", output_padding, at_least=0)
    if extra >= max(s, d):
        raise ValueError(f"output_padding={extra} must be less than stride={s} or dilation={d}")
    o = s * (n - 1) + d * (k - 1) + 1 - 2 * p + extra
    if o < 1:
        raise ValueError(f"padding={p} cuts {2 * p} positions from an output of {o + 2 * p}; it must leave at least 1")
    return o


def same_padding(n: int, k: int, *, stride: int = 1, dilation: int = 1) -> tuple[int, int]:
    """Padding that gives ceil(n / s) outputs: at stride 1, an output as long as the input.

        total = max(0, s (ceil(n / s) - 1) + d (k - 1) + 1 - n),  before = floor(total / 2),  after = total - before

    An odd total puts the extra position after. At stride 1 the total is d (k - 1), whatever n is: PyTorch's "same",
    which exists at stride 1 only. Other strides follow TensorFlow's "SAME".

    Args:
        n: input length, n >= 1.
        k: kernel length in taps, k >= 1.
        stride: distance between neighbouring windows, s >= 1.
        dilation: distance between neighbouring taps, d >= 1.
    Returns:
        (before, after), two ints >= 0.
    Raises:
        ValueError: a size is too small.
        TypeError: a size is not an integer.

    >>> same_padding(5, 3), same_padding(5, 4), same_padding(6, 3, stride=2)
    ((1, 1), (1, 2), (0, 1))

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html;
    https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2
    """
    n, k = whole("n", n, at_least=1), whole("k", k, at_least=1)
    s, d = whole("stride", stride, at_least=1), whole("dilation", dilation, at_least=1)
    o = -(-n // s)
    total = max(0, s * (o - 1) + d * (k - 1) + 1 - n)
    return total // 2, total - total // 2
