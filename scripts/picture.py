"""Draw the README's picture: one step of a convolution, with its numbers. `.venv/bin/python scripts/picture.py`"""

from pathlib import Path

import numpy as np

from convbook import figures, theme

x = np.array([[1, 2, 0, 3, 1], [0, 1, 2, 1, 0], [2, 1, 0, 1, 3], [1, 0, 2, 2, 1]])
w = np.array([[1, 0], [-1, 2], [0, 1]])

with theme.style():
    figures.fig_convolution_step(x, w, at=(1, 2)).savefig(
        Path(__file__).resolve().parent.parent / "docs" / "picture.svg", metadata={"Date": None}, bbox_inches="tight", pad_inches=0.15)
