"""How far a stack of layers sees along one axis: its receptive field, and the very inputs one output reaches."""

from fractions import Fraction
from math import prod
from typing import NamedTuple

from convbook._arguments import whole


class Field(NamedTuple):
    """A receptive field along one axis, in input pixels."""

    size: int
    jump: int | Fraction
    start: float | Fraction


def receptive_field(layers) -> Field:
    """Receptive field of a stack of layers along one axis: how much of the input one output can see.

        size  <- size + d (k - 1) jump
        start <- start + (d (k - 1) / 2 - p) jump
        jump  <- jump s

    from size = 1, jump = 1, start = 0, layer after layer from the input on. Convolutions and poolings count alike.

    A transposed layer of stride s has s kinds of outputs, its *phases*: they meet different taps, see fields of different
    sizes, and some may see nothing. In a stack the kinds are at most as many as the product of those strides, and repeat.
    So, with any transposed layer in it, the fields of one such round are counted out, pixel by pixel.

    Args:
        layers: (k, stride, padding, dilation) of each layer, the input's side first; bounds as in `conv_output_size`.
            (k, stride, padding, dilation, "transposed") is a transposed convolution; its output_padding changes no field.
    Returns:
        (size, jump, start), in input pixels:
        size: pixels from the field's first to its last, both counted; with transposed layers, those of the largest field.
        jump: distance between the fields of neighbouring outputs; with transposed layers the distance over one round, shared
            out evenly: a Fraction, if it is not whole.
        start: the **centre** of the first output's field, where input pixel i has its centre at i (so the first pixel
            at 0, not at 0.5). It is a half if the field is even, and negative if padding reaches that far. With transposed
            layers it is the number that makes start + i jump the centre of output i's field on average over a round
            (over those that see anything): a Fraction, if no float is exact.
        Output i sees the pixels from start + i jump - (size - 1) / 2 to start + i jump + (size - 1) / 2. With transposed
        layers `reached_inputs` says which ones it sees.
    Raises:
        ValueError: a layer has not four entries (or five, and the last is not "transposed"), one of them is too small, or
            no output sees any input.
        TypeError: a layer is no tuple, or one of its entries not an integer.

    Two 3-tap layers see five pixels, as one 5-tap layer does:

    >>> receptive_field([(3, 1, 0, 1), (3, 1, 0, 1)])
    Field(size=5, jump=1, start=2.0)

    Four taps at stride 2, transposed: two pixels each, in steps of half a pixel, the first output a quarter before pixel 0:

    >>> receptive_field([(4, 2, 1, 1, "transposed")])
    Field(size=2, jump=Fraction(1, 2), start=-0.25)

    Source: Araujo, Norris & Sim (2019), "Computing receptive fields of convolutional neural networks",
    https://distill.pub/2019/computing-receptive-fields/; transposed layers counted out
    """
    layers = _read_all(layers)
    if any(transposed for *_, transposed in layers):
        return _counted_out(layers)
    size, jump, start = 1, 1, 0.0
    for k, s, p, d, _ in layers:
        size += d * (k - 1) * jump
        start += (d * (k - 1) / 2 - p) * jump
        jump *= s
    return Field(size, jump, start)


def reached_inputs(layers, output: int = 0) -> list[int]:
    """Which inputs one output of a stack sees along one axis: every pixel from which a path of taps leads to it.

        convolution:  output i sees s i + d u - p                       for each tap u < k
        transposed:   output i sees (i + p - d u) / s, where that is whole

    Args:
        layers: as for `receptive_field`.
        output: index of the output, >= 0.
    Returns:
        A sorted list of input indices, as if the input went on in both directions: those below 0 are padding. Dilation leaves
        gaps; a transposed layer may leave the list empty.
    Raises:
        ValueError, TypeError: as `receptive_field`, but an output that sees nothing is no error.

    Three taps placed 2 apart: even outputs get two of them from two pixels, odd ones one from one.

    >>> [reached_inputs([(3, 2, 0, 1, "transposed")], i) for i in (2, 3, 4)]
    [[0, 1], [1], [1, 2]]

    Source: Dumoulin & Visin (2016), chapters 2 and 4, https://arxiv.org/abs/1603.07285
    """
    return _reached(_read_all(layers), whole("output", output, at_least=0))


def _read_all(layers):
    try:
        layers = list(layers)
    except TypeError:
        raise TypeError(f"layers={layers!r} must be a sequence of tuples (k, stride, padding, dilation)") from None
    return [_read(i, layer) for i, layer in enumerate(layers)]


def _read(i, layer):
    """One layer as (k, s, p, d, whether it is transposed)."""
    if not isinstance(layer, (tuple, list)):
        raise TypeError(f"layers[{i}]={layer!r} must be a tuple (k, stride, padding, dilation)")
    if len(layer) not in (4, 5):
        raise ValueError(f"layers[{i}]={layer!r} must have four entries (k, stride, padding, dilation)")
    numbers = (whole(f"layers[{i}][{j}]", v, at_least=(1, 1, 0, 1)[j]) for j, v in enumerate(layer[:4]))
    if layer[4:] not in ((), ("transposed",), [], ["transposed"]):
        raise ValueError(f"layers[{i}][4]={layer[4]!r} must be 'transposed', or be left out")
    return *numbers, len(layer) == 5


def _reached(layers, output):
    seen = {output}
    for k, s, p, d, transposed in reversed(layers):
        if transposed:
            seen = {(i + p - d * u) // s for i in seen for u in range(k) if (i + p - d * u) % s == 0}
        else:
            seen = {s * i + d * u - p for i in seen for u in range(k)}
    return sorted(seen)


def _counted_out(layers):
    jump = prod((Fraction(1, s) if transposed else Fraction(s) for _, s, _, _, transposed in layers), start=Fraction(1))
    # After so many outputs, the same fields come again, a whole number of pixels further on.
    kinds = prod(s for _, s, _, _, transposed in layers if transposed)
    fields = [(i, seen[0], seen[-1]) for i in range(kinds) if (seen := _reached(layers, i))]
    if not fields:
        raise ValueError(f"layers={[layer[:4] + ('transposed',) * layer[4] for layer in layers]} let no input through: "
                         "every output falls between the taps")
    size = max(last - first + 1 for _, first, last in fields)
    start = sum(Fraction(first + last, 2) - i * jump for i, first, last in fields) / len(fields)
    return Field(size, int(jump) if jump.denominator == 1 else jump, float(start) if float(start) == start else start)
