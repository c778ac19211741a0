"""Modules with several branches, drawn from their own widths; one small module by hand; windows of several sizes on one centre."""

import numpy as np

from convbook.figures._draw import NOTE, TEXT, array, arrow, box, canvas, line, number, size, text_width, write
from convbook.figures.grids import draw_grid


def branch_layers(module, in_channels):
    """What each branch of a module is made of, read from its layers: a list of (name, channels in, channels out, weights) a branch."""
    from torch import nn

    branches = []
    for branch in module.children():
        layers, channels = [], in_channels
        for layer in branch.modules():
            if isinstance(layer, nn.Conv2d):
                name, out = size(layer.kernel_size), layer.out_channels
                layers.append((name, channels, out, layer.weight.numel()))
                channels = out
            elif isinstance(layer, (nn.MaxPool2d, nn.AvgPool2d)):
                k = layer.kernel_size if isinstance(layer.kernel_size, tuple) else (layer.kernel_size,) * 2
                kind = "max" if isinstance(layer, nn.MaxPool2d) else "avg"
                layers.append((f"{kind} {size(k)}", channels, channels, 0))
        branches.append(layers)
    return branches


def fig_inception_modules(modules, in_channels, *, width=6.9):
    """Modules side by side as their paper draws them: the input at the bottom, one column a branch, the outputs joined on top.

    Args:
        modules: {title: module}, each with one child a branch, such as `convbook.blocks.InceptionModule`.
        in_channels: of the input that they all read.
        width: of the figure, in inches.

    Each box says its kernel, its channels in and out, and its weights; the joined bar shares its length by channels. All of it is
    read from the modules.
    """
    if not modules:
        raise ValueError("modules is empty: there is nothing to draw")
    read = {title: branch_layers(module, in_channels) for title, module in modules.items()}
    gap, tall, rise, bar = 0.28, 0.62, 0.3, 0.3
    panel = (width - 0.24 - gap * (len(read) - 1)) / len(read)
    levels = max(len(layers) for branches in read.values() for layers in branches)
    top = 0.62
    floor = top + bar + rise + levels * (tall + rise)
    with canvas(width - 0.24, floor + bar, cell=1.0) as (fig, ax):
        for k, (title, branches) in enumerate(read.items()):
            left, column = k * (panel + gap), panel / len(branches)
            total = sum(layers[-1][2] for layers in branches)
            write(ax, left + panel / 2, 0.1, title, weight="bold")
            write(ax, left + panel / 2, 0.42, f"joined: {total} channels", points=NOTE, role="muted")
            box(ax, left, floor, panel, bar, role="input", fill=0.2)
            write(ax, left + panel / 2, floor + bar / 2, f"input: {in_channels} channels", points=NOTE)
            x = left
            for b, layers in enumerate(branches):
                share = panel * layers[-1][2] / total
                box(ax, x, top, share, bar, role="output", fill=0.3)
                if text_width(str(layers[-1][2]), NOTE) < share - 0.06:
                    write(ax, x + share / 2, top + bar / 2, str(layers[-1][2]), points=NOTE)
                middle, below = left + column * (b + 0.5), floor
                pitch = (floor - top - bar - rise) / len(layers)
                for n, layer in enumerate(layers):
                    y = floor - rise - pitch * n - tall - (pitch - tall - rise) / 2
                    line(ax, [middle, middle], [below, y + tall], role="muted", lw=1.0)
                    _draw_layer(ax, middle, y, column - 0.08, tall, layer)
                    below = y
                arrow(ax, (middle, below), (x + share / 2, top + bar + 0.01), head=7, lw=1.0)
                x += share
    return fig


def _draw_layer(ax, middle, y, wide, tall, layer):
    name, came, leave, weights = layer
    box(ax, middle - wide / 2, y, wide, tall, role="kernel" if weights else "muted", fill=0.14 if weights else 0, dashed=not weights, lw=1.1)
    write(ax, middle, y + 0.14, name, points=NOTE if text_width(name, NOTE, "bold") < wide - 0.04 else 8, weight="bold")
    channels = f"{came}→{leave}" if weights else str(leave)
    write(ax, middle, y + 0.31, channels, points=8.5)
    if weights:
        write(ax, middle, y + 0.48, f"{weights:,}", points=8, role="muted")


def fig_same_centre(values, kernels, *, at=(0, 0)):
    """Windows of several odd sizes on one and the same cell, each with the padding that keeps the size: they stay aligned.

    Args:
        values: input, (H, W).
        kernels: odd sides k; each is padded by (k - 1) / 2.
        at: the output cell (row, column) that all of them compute.

    Raises:
        ValueError: an even kernel.
    """
    values = array(values, 2, "values")
    for k in kernels:
        if k % 2 == 0:
            raise ValueError(f"kernels={tuple(kernels)} holds {k}, which is even: no padding centres it")
    i, j = at
    cell, most = 0.26, (max(kernels) - 1) // 2
    titles = [f"{k} × {k}, padding {(k - 1) // 2}" for k in kernels]
    rooms = [max(values.shape[1] + k - 1, text_width(title, TEXT, "bold") / cell) for k, title in zip(kernels, titles)]
    tall = values.shape[0] + 2 * most
    with canvas(sum(rooms) + 0.9 * (len(rooms) - 1), tall + 2.3, cell=cell) as (fig, ax):
        x = 0.0
        for k, title, room in zip(kernels, titles, rooms):
            p, middle = (k - 1) // 2, x + room / 2
            write(ax, middle, 0.5, title, weight="bold")
            origin = middle - (values.shape[1] + 2 * p) / 2, 1.2 + most - p
            draw_grid(np.pad(values, p), ax, origin=origin, margin=((p, p), (p, p)), window=(i, j, k, k, 1), points=8)
            box(ax, origin[0] + p + j, origin[1] + p + i, 1, 1, role="output", lw=2.4, zorder=7)
            write(ax, middle, tall + 1.85, f"{size(values.shape)} out", points=NOTE, role="muted")
            x += room + 0.9
    return fig


def fig_inception_example(columns, *, at=(0, 0)):
    """A small module by hand, one column a branch: what is read, the window on it, the kernel, the output with one cell marked.

    Args:
        columns: {branch: (what it does in words, planes that are read, kernel or None, output plane)}; each plane is (H, W). The
            window on the planes is as large as the kernel, one cell for None, and centred on `at`.
        at: the output cell (row, column).
    """
    blocks = []
    for name, (words, planes, kernel, output) in columns.items():
        kernel = None if kernel is None else array(kernel, 2, "kernel")
        blocks.append((name, words, [array(plane, 2, "planes") for plane in planes], kernel, array(output, 2, "output")))
    cell = 0.27
    height, width = blocks[0][4].shape
    i, j = at
    pitch = max(width + 2.2, max(text_width(words, NOTE) for _, words, *_ in blocks) / cell + 0.6)
    second = 2.2 + height + 2.3
    third = second + 5 + 1.6
    with canvas(pitch * len(blocks) - 0.6, third + height + 0.2, cell=cell) as (fig, ax):
        for n, (name, words, planes, kernel, output) in enumerate(blocks):
            middle = pitch * n + (pitch - 0.6) / 2
            x = middle - width / 2
            write(ax, middle, 0.2, name, weight="bold")
            write(ax, middle, 1.05, words, points=NOTE)
            for plane, y in zip(planes, (2.2, second + (5 - height) / 2)):
                draw_grid(plane, ax, origin=(x, y), points=NOTE)
                side = 1 if kernel is None else len(kernel)
                top, left = max(0, i - side // 2), max(0, j - side // 2)
                bottom, right = min(height, i + side // 2 + 1), min(width, j + side // 2 + 1)
                box(ax, x + left, y + top, right - left, bottom - top, role="kernel", fill=0.12, lw=2.4, zorder=5)
            if kernel is not None:
                draw_grid(kernel, ax, role="kernel", origin=(middle - kernel.shape[1] / 2, second + (5 - len(kernel)) / 2), points=NOTE)
            write(ax, middle, third - 0.55, f"output[{n}, {i}, {j}] = {number(output[i, j])}", points=NOTE)
            draw_grid(output, ax, role="output", origin=(x, third), highlight=[at], points=NOTE)
    return fig


def fig_network_shape(parts, *, heads=(), width=6.9):
    """A network as a row of boxes, the input on the left: each as tall as its maps are (on a log scale), its channels written below.

    Args:
        parts: {name: (channels, height, width)} in order; heights from 1 up.
        heads: names of parts that also feed an auxiliary head.
        width: of the figure, in inches.

    Raises:
        ValueError: a head on a part that is not there.
    """
    for name in heads:
        if name not in parts:
            raise ValueError(f"heads holds {name!r}, which is none of {', '.join(parts)}")
    pitch = (width - 0.24 - 0.75) / len(parts)
    most = np.log2(max(h for _, h, _ in parts.values()) + 1)
    tops = {name: 1.5 * np.log2(h + 1) / most for name, (_, h, _) in parts.items()}
    base = max(height + 0.5 * (name in heads) for name, height in tops.items())
    with canvas(width - 0.24, base + 0.85, cell=1.0) as (fig, ax):
        for y, label in ((0.46, "channels"), (0.72, "rows")):
            write(ax, 0, base + y, label, points=8.5, role="muted", ha="left")
        for k, (name, (channels, h, _)) in enumerate(parts.items()):
            middle, height = 0.75 + pitch * (k + 0.5), tops[name]
            box(ax, middle - 0.36 * pitch, base - height, 0.72 * pitch, height, role="output" if k else "input", fill=0.25)
            write(ax, middle, base + 0.18, name, points=8.5, weight="bold")
            write(ax, middle, base + 0.46, str(channels), points=8.5)
            write(ax, middle, base + 0.72, str(h), points=8.5)
            if name in heads:
                y = base - height - 0.22
                arrow(ax, (middle, base - height), (middle, y), head=6, lw=1.0, role="offset")
                box(ax, middle - 0.42 * pitch, y - 0.26, 0.84 * pitch, 0.26, role="offset", fill=0.15, dashed=True)
                write(ax, middle, y - 0.13, "head", points=8.5)
    return fig
