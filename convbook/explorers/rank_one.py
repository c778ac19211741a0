"""A kernel as a sum of columns times rows: its singular values, its best short sums, what they do to a photograph, what they cost."""

import numbers
from math import isfinite

import numpy as np
import traitlets

from convbook import data
from convbook._arguments import whole
from convbook.explorers.base import Explorer, bundle, styles

# The same limits and presets as in rank_one/geometry.js.
LIMITS = {"side": (2, 7), "weight": 999, "image_size": (8, 512), "image": (8, 96), "grey": 255}
SIZES = (3, 5, 7)
PRESETS = {
    "sobel": (3, 5, 7), "box": (3, 5, 7), "gaussian": (3, 5, 7), "laplacian": (3, 5), "sharpen": (3,), "edge": (3, 5, 7), "line": (3, 5, 7),
    "disc": (5, 7), "learned": (5,), "random": (3, 5, 7),
}


def crop():
    """A piece of a photograph, 66 x 88 grey values from 0 to 255."""
    picture = data.photograph("china", size=(128, 192), grey=True)[26:92, 12:100]
    return np.rint(255 * picture).astype(int).tolist()


class RankOne(Explorer):
    """Any 2D kernel beside its best sum of r separable kernels, and a photograph filtered by both.

        K  ~  sum over i < r of  column_i row_i,     |K - K_r|^2 = s_r^2 + s_(r+1)^2 + ...

    Args:
        kernel: "sobel", "box", "gaussian", "laplacian", "sharpen", "edge" or "line" (both diagonal), "disc", "learned", "random"; or
            2 to 7 rows of 2 to 7 numbers.
        size: side of a named kernel, 3, 5 or 7, where it comes in that size; with rows of numbers it says nothing.
        rank: r, how many terms are kept, from 1 to the kernel's shorter side.
        seed: of the random kernel.
        image_size: N, the side of the image whose cost is counted, 8 to 512.
        image: rows of whole grey values, 0 to 255; 8 to 96 rows and columns. By default a piece of a photograph.
        predict: hide the answer, and ask for the rank first.
    Raises:
        ValueError, TypeError: a value that the page could not show, with the reason.

    >>> RankOne(kernel="laplacian", rank=2)
    RankOne(kernel='laplacian', rank=2)
    """

    _esm = bundle("rank_one/index.js")
    _css = styles("rank_one/style.css")

    kernel = traitlets.Any("sobel").tag(sync=True)
    size = traitlets.Any(3).tag(sync=True)
    rank = traitlets.Any(1).tag(sync=True)
    seed = traitlets.Any(0).tag(sync=True)
    image_size = traitlets.Any(224).tag(sync=True)
    image = traitlets.Any().tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)

    @traitlets.default("image")
    def _crop(self):
        return crop()

    def __init__(self, **parameters):
        # A kernel that comes in one size only brings that size along.
        kernel = parameters.get("kernel")
        if isinstance(kernel, str) and "size" not in parameters and 3 not in PRESETS.get(kernel, (3,)):
            parameters["size"] = PRESETS[kernel][0]
        super().__init__(**parameters)

    @traitlets.validate("kernel")
    def _kernel_fits(self, proposal):
        kernel = proposal["value"]
        if isinstance(kernel, str):
            if kernel not in PRESETS:
                raise ValueError(f"kernel={kernel!r} must be one of {', '.join(map(repr, PRESETS))}, or rows of numbers")
            return self._legal("kernel", kernel)
        kernel = kernel.tolist() if isinstance(kernel, np.ndarray) else kernel
        rows = isinstance(kernel, (list, tuple)) and all(isinstance(row, (list, tuple)) for row in kernel)
        if not rows or len({len(row) for row in kernel}) != 1:
            raise ValueError("kernel must be a name, or rows of equal length")
        low, high = LIMITS["side"]
        for side, n in (("height", len(kernel)), ("width", len(kernel[0]))):
            if not low <= n <= high:
                raise ValueError(f"kernel has a {side} of {n}; it must lie from {low} to {high}")
        for v in (v for row in kernel for v in row):
            if isinstance(v, bool) or not isinstance(v, numbers.Real):
                raise TypeError(f"kernel holds {v!r}; it must hold numbers only")
            if not (isfinite(v) and abs(v) <= LIMITS["weight"]):
                raise ValueError(f"kernel holds {v!r}; its numbers must lie from -{LIMITS['weight']} to {LIMITS['weight']}")
        return [list(row) for row in kernel]

    @traitlets.validate("size")
    def _size_fits(self, proposal):
        if proposal["value"] not in SIZES or isinstance(proposal["value"], bool):
            raise ValueError(f"size={proposal['value']!r} must be one of {', '.join(map(str, SIZES))}")
        return self._legal("size", proposal["value"])

    def _legal(self, name, value):
        state = {"kernel": self.kernel, "size": self.size} | {name: value}
        kernel, size = state["kernel"], state["size"]
        if isinstance(kernel, str) and size not in PRESETS[kernel]:
            raise ValueError(f"size={size} must be {' or '.join(map(str, PRESETS[kernel]))} for kernel={kernel!r}")
        return value

    @property
    def _largest_rank(self):
        return self.size if isinstance(self.kernel, str) else min(len(self.kernel), len(self.kernel[0]))

    @traitlets.validate("rank")
    def _rank_fits(self, proposal):
        if whole("rank", proposal["value"], at_least=1) > self._largest_rank:
            raise ValueError(f"rank={proposal['value']} must be at most {self._largest_rank}, the shorter side of the kernel")
        return proposal["value"]

    @traitlets.observe("kernel", "size")
    def _keep_the_rank_legal(self, change):
        self.rank = min(self.rank, self._largest_rank)

    @traitlets.validate("seed")
    def _seed_is_whole(self, proposal):
        return whole("seed", proposal["value"], at_least=0)

    @traitlets.validate("image_size")
    def _image_size_fits(self, proposal):
        low, high = LIMITS["image_size"]
        if whole("image_size", proposal["value"], at_least=low) > high:
            raise ValueError(f"image_size={proposal['value']} must be at most {high}")
        return proposal["value"]

    @traitlets.validate("image")
    def _image_fits(self, proposal):
        image = proposal["value"].tolist() if isinstance(proposal["value"], np.ndarray) else proposal["value"]
        rows = isinstance(image, (list, tuple)) and all(isinstance(row, (list, tuple)) for row in image)
        if not rows or len({len(row) for row in image}) != 1:
            raise ValueError("image must be rows of equal length")
        low, high = LIMITS["image"]
        for side, n in (("height", len(image)), ("width", len(image[0]))):
            if not low <= n <= high:
                raise ValueError(f"image has a {side} of {n}; it must lie from {low} to {high}")
        for value in (value for row in image for value in row):
            if whole("a grey value of image", value, at_least=0) > LIMITS["grey"]:
                raise ValueError(f"image holds {value}; grey values lie from 0 to {LIMITS['grey']}")
        return [list(map(int, row)) for row in image]
