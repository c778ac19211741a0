"""A 3D filter of three vectors: their outer product, and the three passes that take its place, with their numbers."""

from convbook.figures._draw import array, canvas, factor, number, size, text_width, write_runs
from convbook.figures.grids import draw_row, fit_row

LINE = 0.27  # inches from one written sum to the next


def fig_outer3(z, y, x):
    """Three vectors and the filter they make, plane by plane: each number is a product of three.

    Args:
        z, y, x: (C,), (Y,), (X,): across the channels, down the rows, along the columns.

    The filter, (C, Y, X), is computed with `convbook.ops.outer3`.
    """
    from convbook import ops

    z, y, x = array(z, 1, "z"), array(y, 1, "y"), array(x, 1, "x")
    w = ops.outer3(z, y, x)
    vectors = [("z", z[:, None], {"role": "kernel"}), ("y", y[:, None], {"role": "kernel"}), ("x", x[None], {"role": "kernel"})]
    planes = [(f"{number(z[c])} · (y⊗x)", plane, {"role": "kernel"}) for c, plane in enumerate(w)]
    cell, width, bottom = fit_row([*vectors, *planes])
    with canvas(width, bottom, cell=cell) as (fig, ax):
        draw_row(ax, [*vectors, *planes], symbols=("⊗", "⊗", "="))
    return fig


def fig_flattened_passes(image, z, y, x, *, at=(0, 0)):
    """The passes L, V, H over an image of C planes: where one output number comes from, and the sums that make it.

    Args:
        image: (C, H, W).
        z, y, x: (C,), (Y,), (X,).
        at: the output cell (row, column) that is followed back; borders are "valid".

    The numbers are computed with `convbook.ops.conv2d`, pass by pass.
    Raises:
        ValueError: `at` lies outside the output, or z has not one number a plane.
    """
    from convbook import ops

    image, z, y, x = array(image, 3, "image"), array(z, 1, "z"), array(y, 1, "y"), array(x, 1, "x")
    if len(z) != len(image):
        raise ValueError(f"z has {len(z)} numbers; image has {len(image)} planes")
    L = ops.conv2d(image, z[None, :, None, None])
    V = ops.conv2d(L, y[None, None, :, None])
    H = ops.conv2d(V, x[None, None, None, :])[0]
    (i, j), (Y, X) = at, (len(y), len(x))
    if not (0 <= i < H.shape[0] and 0 <= j < H.shape[1]):
        raise ValueError(f"at={at} must lie inside the output of shape {H.shape}")
    block = {"window": (i, j, Y, X, 1)}
    planes = [(f"plane {c}", plane, block) for c, plane in enumerate(image)]
    passes = [(f"after L, {size(L[0].shape)}", L[0], {"role": "output", **block}),
              (f"after V, {size(V[0].shape)}", V[0], {"role": "output", "window": (i, j, 1, X, 1)}),
              (f"after H, {size(H.shape)}", H, {"role": "output", "highlight": [at]})]
    sums = [("L", f"row {i}, column {j}", image[:, i, j], z, L[0, i, j]), ("V", f"row {i}, column {j}", L[0, i:i + Y, j], y, V[0, i, j]),
            ("H", f"row {i}, column {j}", V[0, i, j:j + X], x, H[i, j])]
    lines = [_sum(*one) for one in sums]
    rows = planes, passes
    cell = min(fit_row(row)[0] for row in rows)
    (wide0, bottom0), (wide1, _) = (draw_row(None, row, cell=cell) for row in rows)
    bottom = draw_row(None, passes, top=bottom0 + 0.5, cell=cell)[1]
    words = max(sum(text_width(text) for text, _ in runs) for runs in lines) / cell
    with canvas(max(wide0, wide1, words), bottom + (0.2 + LINE * len(lines)) / cell, cell=cell) as (fig, ax):
        draw_row(ax, planes)
        draw_row(ax, passes, top=bottom0 + 0.5, symbols=("→", "→"))
        for n, runs in enumerate(lines):
            write_runs(ax, 0, bottom + (0.25 + LINE * n) / cell, runs)
    return fig


def _sum(name, where, numbers, weights, result):
    """One pass at one place: V, row 0, column 1: 4·1 + 0·(−1) = 4."""
    runs = [(f"{name}, {where}:  ", "ink")]
    for k, (value, weight) in enumerate(zip(numbers, weights)):
        runs += [(" + ", "muted")] if k else []
        runs += [(factor(value), "input"), ("·", "muted"), (factor(weight), "kernel")]
    return [*runs, (" = ", "ink"), (number(result), "ink")]
