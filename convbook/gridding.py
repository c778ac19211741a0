"""Which inputs a stack of dilated layers reads, and the rule that is meant to keep it without holes. One axis, stride 1."""

from convbook._arguments import whole


def paths(dilations, k=3):
    """How many paths of taps lead from each input to one unit above a stack of layers: {distance from the middle: paths}.

        (u_1, ..., u_n)  ->  d_1 u_1 + ... + d_n u_n,     each u from -(k - 1) / 2 to (k - 1) / 2

    The order of the layers plays no part. Distances that are missing between the first and the last are holes: never read.

    Args:
        dilations: of each layer, one or more.
        k: taps of every layer; an odd number.
    Raises:
        ValueError: no dilations, one below 1, or an even k.

    Two layers at dilation 2 read every other input:

    >>> paths((2, 2))
    {-4: 1, -2: 2, 0: 3, 2: 2, 4: 1}
    """
    dilations, k = _read(dilations, k)
    counts = {0: 1}
    for d in dilations:
        wider = {}
        for at, ways in counts.items():
            for u in range(-(k // 2), k // 2 + 1):
                wider[at + d * u] = wider.get(at + d * u, 0) + ways
        counts = wider
    return dict(sorted(counts.items()))


def holes(dilations, k=3):
    """How many inputs between the first and the last of the field are never read.

    >>> holes((2, 2, 2)), holes((1, 2, 5))
    (6, 0)
    """
    read = paths(dilations, k)
    return max(read) - min(read) + 1 - len(read)


def hdc_gap(dilations, k=3):
    """M_2, the largest gap that layers 2 to n leave between two inputs that they read, by the rule of hybrid dilated convolution.

        M_n = r_n,    M_i = max(M_{i+1} - 2 r_i,  2 r_i - M_{i+1},  r_i)

    The rule asks for M_2 <= k. It does not look at r_1 and takes for granted that it is 1.

    Args:
        dilations: r_1, ..., r_n, the input's side first; two or more.
        k: taps; the gap does not depend on it.
    Raises:
        ValueError: fewer than two dilations, or one below 1.

    >>> hdc_gap((1, 2, 5)), hdc_gap((1, 2, 9))
    (2, 5)

    Source: Wang et al. (2018), section 3.2, https://arxiv.org/abs/1702.08502
    """
    dilations, _ = _read(dilations, k)
    if len(dilations) < 2:
        raise ValueError(f"dilations={tuple(dilations)} must hold at least two: the rule is about what the layers above the first leave")
    *middle, gap = dilations[1:]
    for rate in reversed(middle):
        gap = max(gap - 2 * rate, 2 * rate - gap, rate)
    return gap


def _read(dilations, k):
    if not isinstance(dilations, (tuple, list)) or not dilations:
        raise ValueError(f"dilations={dilations!r} must be a tuple of at least one dilation")
    k = whole("k", k, at_least=1)
    if k % 2 == 0:
        raise ValueError(f"k={k} must be odd, so that there is a middle tap")
    return [whole(f"dilations[{i}]", d, at_least=1) for i, d in enumerate(dilations)], k
