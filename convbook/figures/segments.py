"""Images whose every pixel has a class: what was asked, and what networks answered."""

import numpy as np

from convbook.figures._draw import TEXT, C, canvas, text_width, write
from convbook.figures.images import draw_image

CLASSES = ("padding", "input", "kernel", "output", "offset")  # class 0 is the background


def painted(labels):
    """Classes (H, W) as colours (3, H, W), at most five: the background is grey."""
    from matplotlib.colors import to_rgb

    labels = np.asarray(labels)
    if labels.max() >= len(CLASSES) or labels.min() < 0:
        raise ValueError(f"labels go from {labels.min()} to {labels.max()}; they must lie between 0 and {len(CLASSES) - 1}")
    return np.array([to_rgb(C[role]) for role in CLASSES])[labels].transpose(2, 0, 1)


def fig_segments(images, columns, *, side=1.25, gap=0.12):
    """A row an image: the image, then its classes as each column has them.

    Args:
        images: (N, 3, H, W) colours, one row each.
        columns: {title: (N, H, W) classes}, for example the truth and what networks say.
        side: width of one picture, in inches.
        gap: between two pictures.
    """
    titles = ["image", *columns]
    room = max(side, *(text_width(t, TEXT, "bold") for t in titles))
    high = side * images.shape[2] / images.shape[3]
    with canvas(len(titles) * (room + gap) - gap, 0.32 + len(images) * (high + gap) - gap, cell=1.0) as (fig, ax):
        for c, title in enumerate(titles):
            left = c * (room + gap)
            write(ax, left + room / 2, 0.12, title, weight="bold")
            for r, image in enumerate(images):
                picture = image if c == 0 else painted(columns[title][r])
                draw_image(picture, ax, origin=(left + (room - side) / 2, 0.32 + r * (high + gap)), side=side)
    return fig
