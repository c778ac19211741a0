"""Time and memory of one layer, ours and PyTorch's in turns, so that a busy machine slows both alike."""

import tracemalloc
from dataclasses import replace
from statistics import median
from time import perf_counter

import numpy as np
import torch

from benchmarks.layers import arrays, work
from convbook import ops, reference

LOOPS_DO = 2_000_000  # multiply-adds: about a second


def measure(layer, batch, *, seconds=1.0):
    """What one layer costs, or None if `convbook.ops` does not have its operation.

    Returns a dictionary: milliseconds of both (medians), their ratio (the median of the ratios of neighbours in
    time), bytes of inputs with outputs, the largest number of bytes that ours held at once beyond its inputs, and
    how far the results are apart.
    """
    operation = getattr(ops, layer.operation, None)
    if operation is None:
        return None
    named = arrays(layer, batch)
    tensors = {name: torch.from_numpy(value) for name, value in named.items()}
    theirs = in_grid_sample if layer.operation == "deform_conv2d" else getattr(torch.nn.functional, layer.operation)

    def ours():
        return operation(**named, **layer.options)

    def pytorch():
        return theirs(tensors["x"], **{name: t for name, t in tensors.items() if name != "x"}, **layer.options)

    with torch.inference_mode():
        y, expected = ours(), pytorch().numpy()
        pairs = in_turns(ours, pytorch, seconds)
    return {
        "layer": layer.name,
        "batch": batch,
        "work": batch * work(layer),
        "convbook_ms": 1000 * median(a for a, _ in pairs),
        "torch_ms": 1000 * median(b for _, b in pairs),
        "ratio": median(a / b for a, b in pairs),
        "pairs": len(pairs),
        "array_bytes": sum(value.nbytes for value in named.values()) + y.nbytes,
        "extra_bytes": extra_bytes(ours),
        "difference": float(np.abs(y - expected).max() / np.abs(expected).max()),
    }


def in_turns(a, b, seconds):
    """Call a, b, a, b, ... for so long, at least five times; the times of each pair."""
    pairs, start = [], perf_counter()
    while len(pairs) < 5 or perf_counter() - start < seconds:
        begin = perf_counter()
        a()
        middle = perf_counter()
        b()
        pairs.append((middle - begin, perf_counter() - middle))
    return pairs


def extra_bytes(function):
    """Most bytes held at once during a call, its result included."""
    tracemalloc.start()  # NumPy reports its arrays to it
    function()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def loops_ms(layer):
    """Milliseconds of the explicit loops on one image, or None where even a part of it takes too long.

    The sides are halved until the loops do a few million multiply-adds; the time of that part is multiplied up.
    """
    operation, whole = getattr(reference, layer.operation, None), work(layer)
    try:
        while work(layer) > LOOPS_DO and max(layer.image[1:]) > 1:
            layer = _halved(layer)
    except ValueError:  # the kernel is longer than what is left
        return None
    if operation is None or work(layer) > 3 * LOOPS_DO:
        return None
    begin = perf_counter()
    operation(**arrays(layer, 1), **layer.options)
    return 1000 * (perf_counter() - begin) * whole / work(layer)


def _halved(layer):
    C, *sides = layer.image
    image = (C, *(-(-n // 2) for n in sides))
    if layer.weight != layer.image:
        return replace(layer, image=image)
    return replace(layer, image=image, weight=image, options={**layer.options, "normalized_shape": image})


def in_grid_sample(x, offset, weight, *, padding):
    """A deformable convolution at stride 1 from PyTorch's own parts, which have none: sample every tap, then one product.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html
    """
    (N, C, h, w), (D, _, k_h, k_w), (o_h, o_w) = x.shape, weight.shape, offset.shape[2:]
    u, v, i, j = torch.meshgrid(*map(torch.arange, (k_h, k_w, o_h, o_w)), indexing="ij")
    dy, dx = offset.reshape(N, k_h, k_w, 2, o_h, o_w).unbind(3)
    # grid_sample counts from -1 to 1, columns first.
    grid = torch.stack([2 * (dx + j + v - padding) / (w - 1) - 1, 2 * (dy + i + u - padding) / (h - 1) - 1], -1)
    taps = torch.nn.functional.grid_sample(x, grid.reshape(N, k_h * k_w * o_h, o_w, 2), align_corners=True)
    columns = taps.reshape(N, C * k_h * k_w, o_h * o_w)
    return (weight.reshape(D, -1) @ columns).reshape(N, D, o_h, o_w)
