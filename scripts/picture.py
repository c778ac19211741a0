"""Draw the README's picture and that of a link's preview: one step of a convolution, with its numbers. `.venv/bin/python scripts/picture.py`"""

from io import BytesIO
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from convbook import figures, theme

ROOT = Path(__file__).resolve().parent.parent
x = np.array([[1, 2, 0, 3, 1], [0, 1, 2, 1, 0], [2, 1, 0, 1, 3], [1, 0, 2, 2, 1]])
w = np.array([[1, 0], [-1, 2], [0, 1]])


def preview(picture):
    """The picture under the book's title, 1200 x 630 pixels: what sites show beside a link."""
    figure = plt.figure(figsize=(12, 6.3), dpi=100)
    figure.text(0.5, 0.88, "A Field Guide to Convolutions", ha="center", va="center", fontsize=36, weight="bold")
    axis = figure.add_axes([0.06, 0.03, 0.88, 0.75])
    axis.imshow(picture)
    axis.axis("off")
    figure.savefig(ROOT / "_static" / "preview.png", dpi=100, metadata={"Software": None})
    plt.close(figure)


def main():
    with theme.style():
        step = figures.fig_convolution_step(x, w, at=(1, 2))
        step.savefig(ROOT / "docs" / "picture.svg", metadata={"Date": None}, bbox_inches="tight", pad_inches=0.15)
        raster = BytesIO()
        step.savefig(raster, format="png", dpi=220, bbox_inches="tight")
        raster.seek(0)
        preview(plt.imread(raster))


if __name__ == "__main__":
    main()
