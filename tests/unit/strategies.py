"""Random layers for the property tests: legal by construction, sides and channels unequal, strides that leave remainders."""

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

MODES = ["zeros", "reflect", "replicate", "circular"]

# The same examples on every run, so that a failure is one for everybody.
random_layers = settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])


def values(rng, shape, dtype=np.float64):
    """Numbers to convolve, in arrays that are read-only and, half of the time, not contiguous."""
    x = rng.standard_normal(shape).astype(dtype)
    if rng.random() < 0.5:
        x = np.asfortranarray(x)
    x.flags.writeable = False
    return x


@st.composite
def convs(draw, axes, *, max_k=4, more=4, modes=MODES, dtype=np.float64, steps=True, same=True, **fixed):
    """A convolution: (x, weight, bias, options). `more` bounds how many positions the input has beyond the fewest."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    each = st.integers(1, 3 if steps else 1)
    k = fixed.get("k") or draw(st.tuples(*[st.integers(1, max_k)] * axes))
    s, d = draw(st.tuples(*[each] * axes)), draw(st.tuples(*[each] * axes))
    mode = draw(st.sampled_from(modes))
    kinds = ["int", "tuple", "valid"] + ["same"] * (same and s == (1,) * axes)
    padding = {"int": lambda: draw(st.integers(0, 3)), "tuple": lambda: draw(st.tuples(*[st.integers(0, 3)] * axes)),
               "valid": lambda: "valid", "same": lambda: "same"}[draw(st.sampled_from(kinds))]()
    span = [d * (k - 1) + 1 for k, d in zip(k, d)]
    if isinstance(padding, str):
        both = [span - 1 if padding == "same" else 0 for span in span]  # added before and after, together
        widest = [-(-total // 2) for total in both]
    else:
        widest = padding if isinstance(padding, tuple) else (padding,) * axes
        both = [2 * p for p in widest]
    fewest = [max(1, r - t, {"reflect": p + 1, "circular": p}.get(mode, 1)) for r, t, p in zip(span, both, widest)]
    n = [f + draw(st.integers(0, more)) for f in fewest]

    groups = draw(st.integers(1, 3))
    C_g, D_g = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    batch = draw(st.sampled_from([(), (1,), (2,)]))
    x = values(rng, (*batch, groups * C_g, *n), dtype)
    w = values(rng, (groups * D_g, C_g, *k), dtype)
    b = values(rng, groups * D_g, dtype) if draw(st.booleans()) else None
    shorten = draw(st.booleans())  # an int where all axes agree
    options = dict(stride=s[0] if shorten and len(set(s)) == 1 else s, padding=padding,
                   dilation=d[0] if shorten and len(set(d)) == 1 else d, groups=groups, padding_mode=mode)
    return x, w, b, options


@st.composite
def pools(draw, *, dilated):
    """A pooling: (x, options)."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    k = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    d = draw(st.tuples(st.integers(1, 3), st.integers(1, 3))) if dilated else (1, 1)
    span = [d * (k - 1) + 1 for k, d in zip(k, d)]
    p = tuple(draw(st.integers(0, k // 2)) for k in k)
    s = draw(st.none() | st.integers(1, 4) | st.tuples(st.integers(1, 4), st.integers(1, 4)))
    n = [max(1, span - 2 * p) + draw(st.integers(0, 6)) for span, p in zip(span, p)]
    batch = draw(st.sampled_from([(), (1,), (2,)]))
    x = values(rng, (*batch, draw(st.integers(1, 3)), *n))
    options = dict(kernel_size=k, stride=s, padding=p, ceil_mode=draw(st.booleans()))
    return x, {**options, "dilation": d} if dilated else {**options, "count_include_pad": draw(st.booleans())}
