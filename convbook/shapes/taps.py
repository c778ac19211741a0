"""Which inputs the taps of a convolution read along one axis, and what a padded axis copies."""

from convbook._arguments import PADDING_MODES, before_after, one_of, whole
from convbook.shapes.sizes import conv_output_size


def padded_indices(n: int, padding: int, *, padding_mode: str = "zeros") -> list[int]:
    """Which input each position of a padded axis copies; -1 stands for a padded zero.

        input 0 1 2 3, two positions a side:
            zeros      -1 -1 | 0 1 2 3 | -1 -1
            reflect     2  1 | 0 1 2 3 |  2  1      mirrored, the edge not repeated
            replicate   0  0 | 0 1 2 3 |  3  3
            circular    2  3 | 0 1 2 3 |  0  1

    Args:
        n: input length, n >= 1.
        padding: positions added on each side, or a pair (before, after); with "reflect" less than n on either side,
            with "circular" at most n.
        padding_mode: "zeros", "reflect", "replicate" or "circular".
    Returns:
        A list of before + n + after input indices.
    Raises:
        ValueError: a size is too small, the mode is unknown, or the padding is too large for it.
        TypeError: a size is not an integer, or the mode not a string.

    >>> padded_indices(4, 2, padding_mode="reflect")
    [2, 1, 0, 1, 2, 3, 2, 1]

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
    """
    n = whole("n", n, at_least=1)
    before, after = before_after("padding", padding)
    one_of("padding_mode", padding_mode, PADDING_MODES)
    most = {"reflect": n - 1, "circular": n}.get(padding_mode, max(before, after))
    if max(before, after) > most:
        raise ValueError(f"padding={padding} must be at most {most} for n={n} with padding_mode={padding_mode!r}")
    source = {
        "zeros": lambda i: i if 0 <= i < n else -1,
        "reflect": lambda i: n - 1 - abs(n - 1 - abs(i)),
        "replicate": lambda i: min(max(i, 0), n - 1),
        "circular": lambda i: i % n,
    }[padding_mode]
    return [source(i) for i in range(-before, n + after)]


def conv_taps(n: int, k: int, *, stride: int = 1, padding: int = 0, dilation: int = 1,
              padding_mode: str = "zeros") -> list[list[int]]:
    """Which inputs each output of a convolution reads along one axis; -1 stands for a padded zero.

        output i, tap u reads position s i + d u of the padded input

    Args:
        n, k, stride, padding, dilation: as for `conv_output_size`.
        padding_mode: as for `padded_indices`.
    Returns:
        A list with one list of k input indices for each output.
    Raises:
        ValueError, TypeError: as `conv_output_size` and `padded_indices`.

    >>> conv_taps(5, 3, stride=2, padding=1)
    [[-1, 0, 1], [1, 2, 3], [3, 4, -1]]

    Source: Dumoulin & Visin (2016), section 1.1, https://arxiv.org/abs/1603.07285
    """
    o = conv_output_size(n, k, stride=stride, padding=padding, dilation=dilation)
    source = padded_indices(n, padding, padding_mode=padding_mode)
    return [[source[stride * i + dilation * u] for u in range(k)] for i in range(o)]
