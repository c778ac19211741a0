"""One layer's job, done by every kind of convolution: what each is made of, and what it costs.

A kind is a list of ordinary convolutions, one after the other; so one rule counts them all.
"""

from dataclasses import dataclass

from convbook._arguments import per_axis, whole
from convbook.cost import conv_bytes, conv_macs, conv_params
from convbook.shapes import conv_output_size

KINDS = ("standard", "grouped", "depthwise", "depthwise_multiplier", "pointwise", "pointwise_grouped", "depthwise_separable",
         "spatially_separable", "flattened")


@dataclass(frozen=True)
class Conv:
    """One convolution without bias; kernel, stride and padding are (height, width)."""

    in_channels: int
    out_channels: int
    kernel_size: tuple = (1, 1)
    stride: tuple = (1, 1)
    padding: tuple = (0, 0)
    groups: int = 1

    def output_size(self, size):
        return tuple(conv_output_size(n, k, stride=s, padding=p) for n, k, s, p in zip(size, self.kernel_size, self.stride, self.padding))


@dataclass(frozen=True)
class Cost:
    """What one kind costs on one image: its convolutions, its output (channels, height, width), and the counts."""

    convs: tuple
    output: tuple
    params: int
    macs: int
    bytes: int

    @property
    def intensity(self):
        """FLOPs per byte: two for each multiply-add."""
        return 2 * self.macs / self.bytes


def compare(in_channels, out_channels, kernel_size, size, *, stride=1, padding=0, groups=1, multiplier=1):
    """What every kind of convolution costs in the place of one standard layer.

        standard               C -> D, k x k
        grouped                C -> D, k x k, in G groups
        depthwise              C -> C, k x k, in C groups
        depthwise_multiplier   C -> m C, k x k, in C groups
        pointwise              C -> D, 1 x 1                       (and pointwise_grouped, in G groups)
        depthwise_separable    C -> m C, k x k, in C groups; m C -> D, 1 x 1
        spatially_separable    C -> D, k x 1; D -> D, 1 x k
        flattened              C -> D, 1 x 1; D -> D, k x 1, in D groups; D -> D, 1 x k, in D groups

    Args:
        in_channels, out_channels: C and D, at least 1.
        kernel_size: k, one integer.
        size: (height, width) of the input, or one integer for both.
        stride, padding: of the whole layer, one integer each. A kind of several steps strides where its kernel does.
        groups: G, of the grouped kinds.
        multiplier: m, of the depthwise kinds.
    Returns:
        ({kind: Cost}, {kind: why it is left out}), each in the order above. No biases. A kind of several steps writes and
        reads what stands between them: its bytes are the sum of its steps'.
    Raises:
        ValueError, TypeError: a number is too small or no integer, or the kernel is longer than the padded input.

    The notes' 7 x 7 x 3 to 5 x 5 x 128, as one step and as two:

    >>> costs, left_out = compare(3, 128, 3, 7)
    >>> costs["standard"].macs, costs["depthwise_separable"].macs
    (86400, 10275)
    >>> left_out["grouped"]
    'it would be the standard one: groups is 1'
    """
    C, D = whole("in_channels", in_channels, at_least=1), whole("out_channels", out_channels, at_least=1)
    k, n = whole("kernel_size", kernel_size, at_least=1), per_axis("size", size, 2, at_least=1)
    s, p = whole("stride", stride, at_least=1), whole("padding", padding, at_least=0)
    G, m = whole("groups", groups, at_least=1), whole("multiplier", multiplier, at_least=1)
    both, point = dict(kernel_size=(k, k), stride=(s, s), padding=(p, p)), dict(stride=(s, s))
    down, along = ({name: (v, rest) for name, v, rest in (("kernel_size", k, 1), ("stride", s, 1), ("padding", p, 0))},
                   {name: (rest, v) for name, v, rest in (("kernel_size", k, 1), ("stride", s, 1), ("padding", p, 0))})
    made = {
        "standard": (Conv(C, D, **both),),
        "grouped": (Conv(C, D, **both, groups=G),),
        "depthwise": (Conv(C, C, **both, groups=C),),
        "depthwise_multiplier": (Conv(C, m * C, **both, groups=C),),
        "pointwise": (Conv(C, D, **point),),
        "pointwise_grouped": (Conv(C, D, **point, groups=G),),
        "depthwise_separable": (Conv(C, m * C, **both, groups=C), Conv(m * C, D)),
        "spatially_separable": (Conv(C, D, **down), Conv(D, D, **along)),
        "flattened": (Conv(C, D), Conv(D, D, **down, groups=D), Conv(D, D, **along, groups=D)),
    }
    left_out = _left_out(C, D, k, G, m)
    return {kind: _price(convs, n) for kind, convs in made.items() if kind not in left_out}, left_out


def _left_out(C, D, k, G, m):
    """Why a kind is not there; the page has the same rule."""
    why = {}
    if G == 1:
        why["grouped"] = "it would be the standard one: groups is 1"
        why["pointwise_grouped"] = "it would be the pointwise one: groups is 1"
    elif C % G or D % G:
        why["grouped"] = why["pointwise_grouped"] = f"groups={G} must divide in_channels={C} and out_channels={D}"
    if m == 1:
        why["depthwise_multiplier"] = "it would be the depthwise one: the multiplier is 1"
    if k == 1:
        why["spatially_separable"] = why["flattened"] = "a 1 × 1 kernel has no height and width to take apart"
    return {kind: why[kind] for kind in KINDS if kind in why}


def _price(convs, size):
    params = macs = moved = 0
    for conv in convs:
        output = conv.output_size(size)
        ends = conv.in_channels, conv.out_channels, conv.kernel_size
        params += conv_params(*ends, groups=conv.groups, bias=False)
        macs += conv_macs(*ends, output, groups=conv.groups)
        moved += conv_bytes(*ends, size, output, groups=conv.groups, bias=False)
        size = output
    return Cost(convs, (convs[-1].out_channels, *size), params, macs, moved)
