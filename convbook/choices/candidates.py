"""The layers among which `convbook.choices` chooses: of which steps each is made, and what it cannot do."""

from dataclasses import dataclass, field
from math import prod

from convbook.cost import conv_bytes, conv_macs, conv_params
from convbook.shapes import conv_output_size, conv_transpose_output_size

GROUPS = 4  # of every grouped layer here
NARROW = 4  # a bottleneck has D / 4 channels inside


@dataclass(frozen=True)
class Step:
    """One step on maps of (height, width), without bias. Kinds beside "conv": "causal" (pads on the left only), "deform",
    "transposed", "channel_shuffle", "pixel_shuffle", "nearest", "bilinear", "average", "max".
    """

    kind: str
    C: int
    D: int
    k: tuple = (1, 1)
    s: tuple = (1, 1)
    p: tuple = (0, 0)
    d: tuple = (1, 1)
    G: int = 1

    def output_size(self, size):
        if self.kind in ("causal", "channel_shuffle"):
            return size
        if self.kind == "transposed":
            spare = self.s[0] - (self.k[0] - 2 * self.p[0])  # output_padding, so that the size is s times the input's
            return tuple(conv_transpose_output_size(n, k, stride=s, padding=p, output_padding=spare) for n, k, s, p in zip(size, self.k, self.s, self.p))
        if self.kind in ("nearest", "bilinear", "pixel_shuffle"):
            return tuple(2 * n for n in size)
        if self.kind == "average":
            return 1, 1
        return tuple(conv_output_size(n, k, stride=s, padding=p, dilation=d) for n, k, s, p, d in zip(size, self.k, self.s, self.p, self.d))

    def price(self, size):
        """(weights, multiply-adds, bytes) on a map of `size`. A deformable step pays for its offsets: made, written, read."""
        output = self.output_size(size)
        if self.kind not in ("conv", "causal", "deform", "transposed"):
            return 0, 0, 4 * (self.C * prod(size) + self.D * prod(output))
        ends, G = (self.C, self.D, self.k), self.G
        counted = size if self.kind == "transposed" else output
        params, macs = conv_params(*ends, groups=G, bias=False), conv_macs(*ends, counted, groups=G)
        moved = conv_bytes(*ends, size, output, groups=G, bias=False)
        if self.kind == "deform":
            offsets = self.C, 2 * prod(self.k), self.k
            params, macs = params + conv_params(*offsets, bias=False), macs + conv_macs(*offsets, output)
            moved += conv_bytes(*offsets, size, output, bias=False) + 4 * offsets[1] * prod(output)
        return params, macs, moved


@dataclass(frozen=True)
class Candidate:
    """Branches of steps; {need: what is missing}; or why there is no such layer."""

    branches: tuple = ()
    lacks: dict = field(default_factory=dict)
    impossible: str = ""


def layers_for(job, C, D, size, k):
    """{name: Candidate} for one job, the plain layer first."""
    make = {"same": _maps, "halve": _maps, "double": _double, "mix": _mix, "pool": _pool, "sequence": _sequence}[job]
    return make(C, D, size, k, 2 if job == "halve" else 1)


def conv(C, D, k=1, s=1, d=1, G=1, kind="conv"):
    """A step that keeps the size (or divides it by s): k and s are one integer or a pair."""
    k, s = ((v, v) if isinstance(v, int) else v for v in (k, s))
    return Step(kind, C, D, k, s, tuple(d * (n - 1) // 2 for n in k), (d, d), G)


def row(*steps, **lacks):
    """A layer of one branch."""
    return Candidate((steps,), lacks)


def _hears(heard, C):
    return {} if heard >= C else {"mix": f"an output hears {heard} of {C} channels"}


def _divided(C, D, layer):
    """The layer that `layer()` makes, where the groups divide."""
    fits = C % GROUPS == 0 and D % GROUPS == 0
    return layer() if fits else Candidate(impossible=f"{GROUPS} groups must divide {C} and {D} channels")


def _multiple(C, D, layer):
    return layer() if D % C == 0 else Candidate(impossible=f"it gives {C} channels or a multiple of them, and {D} are asked")


def _squeezed(C, B):
    return {} if B >= C else {"wide": f"{C} channels pass through {B}"}


SPLIT = "its kernels are a column times a row"
GRID = "each of four neighbouring pixels is made by weights of its own"


def _maps(C, D, size, k, s):
    """Keep the map's size, or halve it: the strides are where the kernels are."""
    B, half = max(1, D // NARROW), D // 8
    n = (k - 1) // 2
    down, along = dict(k=(k, 1), s=(s, 1)), dict(k=(1, k), s=(1, s))
    rates = [2**i for i in range(n.bit_length())]  # 1, 2, 4, ...: as few as see k places
    chain = lambda ds: [conv(D if i else C, D, 3, s if i == len(ds) - 1 else 1, d) for i, d in enumerate(ds)]  # noqa: E731
    layers = {
        "standard": row(conv(C, D, k, s)),
        "stack": row(*chain([1] * n)) if k > 3 else Candidate(impossible="one 3 × 3 is the standard layer"),
        "dilated": row(conv(C, D, 3, s, n), whole=f"it reads 9 of the {k * k} places of its window") if k > 3
        else Candidate(impossible="at dilation 1 it is the standard layer"),
        "dilated_stack": row(*chain(rates)) if k > 5 else Candidate(impossible="below a window of 7 it is no smaller than the stack"),
        "grouped": _divided(C, D, lambda: row(conv(C, D, k, s, G=GROUPS), **_hears(C // GROUPS, C))),
        "depthwise": _multiple(C, D, lambda: row(conv(C, D, k, s, G=C), **_hears(1, C))),
        "depthwise_separable": row(conv(C, C, k, s, G=C), conv(C, D)),
        "bottleneck": row(conv(C, B), conv(B, B, k, s), conv(B, D), **_squeezed(C, B)),
        "shuffle": _shuffle_unit(C, B, D, k, s),
        "spatially_separable": row(conv(C, D, **down), conv(D, D, **along), free=SPLIT),
        "flattened": row(conv(C, D), conv(D, D, **down, G=D), conv(D, D, **along, G=D), free=SPLIT),
        "inception": Candidate(((conv(C, D // 4, s=s),), (conv(C, half), conv(half, D // 4, 3, s)), (conv(C, half), conv(half, D // 4, k, s)),
                                (conv(C, C, 3, s, kind="max"), conv(C, D // 4))), _squeezed(C, half)) if D % 8 == 0 and k > 3
        else Candidate(impossible=f"four branches, two of them reduced, need a multiple of 8 output channels; {D} are asked" if D % 8
                       else "its larger kernel would be 3, too"),
        "deformable": row(conv(C, D, k, s, kind="deform")),
        "pointwise": row(conv(C, D, s=s)),
    }
    for name, layer in layers.items():
        if name != "deformable":
            layer.lacks["moves"] = "its taps stay where they are"
        if name != "inception":
            layer.lacks["scales"] = "it has one size of window"
    return layers


def _shuffle_unit(C, B, D, k, s):
    """ShuffleNet's branch. A group of the last step reads B / 4 channels; after the shuffle they come from as many groups, at most 4."""
    if C % GROUPS or B % GROUPS or D % GROUPS:
        return Candidate(impossible=f"{GROUPS} groups must divide its {C}, {B} and {D} channels")
    return row(conv(C, B, G=GROUPS), Step("channel_shuffle", B, B, G=GROUPS), conv(B, B, k, s, G=B), conv(B, D, G=GROUPS),
               **_hears(C // GROUPS * min(GROUPS, B // GROUPS), C), **_squeezed(C, B))


def _double(C, D, size, k, s):
    stamp = lambda n: Step("transposed", C, D, (n, n), (2, 2), (k // 2, k // 2))  # noqa: E731
    enlarge = lambda c, how="nearest": Step(how, c, c)  # noqa: E731
    return {
        "transposed": row(stamp(k + 1), even=GRID),
        "transposed_odd": row(stamp(k), even="its stamps overlap unevenly, and " + GRID),
        "pixel_shuffle": row(conv(C, 4 * D, k), Step("pixel_shuffle", 4 * D, D), even=GRID),
        "resize_conv": row(enlarge(C), conv(C, D, k)),
        "resize_separable": row(enlarge(C), conv(C, C, k, G=C), conv(C, D)),
        "conv_resize": row(conv(C, D, k), enlarge(D, "bilinear"), fine="its last step interpolates"),
        "resize": row(enlarge(C, "bilinear"), **_hears(1, C), fine="it has no weights") if C == D
        else Candidate(impossible=f"it keeps {C} channels, and {D} are asked"),
    }


def _mix(C, D, size, k, s):
    B = max(1, min(C, D) // NARROW)
    shuffled = lambda: row(conv(C, D, G=GROUPS), Step("channel_shuffle", D, D, G=GROUPS), conv(D, D, G=GROUPS),  # noqa: E731
                           **_hears(C // GROUPS * min(GROUPS, D // GROUPS), C))
    return {
        "pointwise": row(conv(C, D)),
        "pointwise_grouped": _divided(C, D, lambda: row(conv(C, D, G=GROUPS), **_hears(C // GROUPS, C))),
        "pointwise_shuffled": _divided(C, D, shuffled),
        "pointwise_narrow": row(conv(C, B), conv(B, D), **_squeezed(C, B)),
    }


def _pool(C, D, size, k, s):
    whole = lambda d, G: Step("conv", C, d, size, G=G)  # noqa: E731
    average, alike = Step("average", C, C), "all places count the same"
    return {
        "full": row(whole(D, 1)),
        "average": row(average, **_hears(1, C), places=alike) if C == D else Candidate(impossible=f"it keeps {C} channels, and {D} are asked"),
        "average_pointwise": row(average, conv(C, D), places=alike),
        "global_depthwise": _multiple(C, D, lambda: row(whole(D, C), **_hears(1, C))),
        "global_depthwise_pointwise": row(whole(C, C), conv(C, D)),
    }


def _sequence(C, D, size, r, s):
    tap = lambda c, d, n=2, rate=1, G=1: Step("causal", c, d, (1, n), d=(1, rate), G=G)  # noqa: E731
    rates = [2**i for i in range((r - 1).bit_length())]
    light = [step for i, rate in enumerate(rates) for c in [D if i else C] for step in (tap(c, c, rate=rate, G=c), conv(c, D))]
    small = Candidate(impossible="for a window of 2 it is the long kernel")
    return {
        "long": row(tap(C, D, r)),
        "stack": row(*(tap(D if i else C, D) for i in range(r - 1))) if r > 2 else small,
        "dilated": row(tap(C, D, rate=r - 1), whole=f"it reads 2 of the {r} steps of its window") if r > 2 else small,
        "dilated_stack": row(*(tap(D if i else C, D, rate=rate) for i, rate in enumerate(rates))) if r > 2 else small,
        "long_grouped": _divided(C, D, lambda: row(tap(C, D, r, G=GROUPS), **_hears(C // GROUPS, C))),
        "long_depthwise": _multiple(C, D, lambda: row(tap(C, D, r, G=C), **_hears(1, C))),
        "long_separable": row(tap(C, C, r, G=C), conv(C, D)),
        "dilated_separable": row(*light) if r > 2 else small,
    }
