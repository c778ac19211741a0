"""Random transposed layers: legal by construction, whole numbers of every kind where the size formula has a corner."""

import numpy as np
from hypothesis import strategies as st
from strategies import values


@st.composite
def conv_transposes(draw, axes, *, max_k=3, more=3, bias=True, dtype=np.float64):
    """A transposed convolution: (x, weight, bias, options). `more` bounds the input's length, `more` + 1 at most.

    Paddings go beyond d (k - 1), where zero insertion must cut instead of pad, and output_padding beyond the stride.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    each = st.tuples(*[st.integers(1, 3)] * axes)
    k, s, d = draw(st.tuples(*[st.integers(1, max_k)] * axes)), draw(each), draw(each)
    n = draw(st.tuples(*[st.integers(1, more + 1)] * axes))
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(s, d))
    # Any padding that leaves an output; 4 is more than most kernels reach.
    uncut = [s * (n - 1) + d * (k - 1) + 1 + e for n, k, s, d, e in zip(n, k, s, d, extra)]
    p = tuple(draw(st.integers(0, min(4, (length - 1) // 2))) for length in uncut)

    groups, C_g, D_g = (draw(st.integers(1, 3)) for _ in range(3))
    batch = draw(st.sampled_from([(), (1,), (2,)]))
    x = values(rng, (*batch, groups * C_g, *n), dtype)
    w = values(rng, (groups * C_g, D_g, *k), dtype)
    b = values(rng, groups * D_g, dtype) if bias and draw(st.booleans()) else None
    options = dict(stride=s, padding=p, output_padding=extra, dilation=d)
    if draw(st.booleans()):  # an int where all axes agree
        options = {name: v[0] if len(set(v)) == 1 else v for name, v in options.items()}
    return x, w, b, {**options, "groups": groups}
