"""A kernel as a sum of columns times rows: its singular values, its best short sums, what they do to a photograph, what they cost."""

import numpy as np
import traitlets

from convbook import data
from convbook._arguments import whole
from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import Choice, Pixels, Whole, equal_rows, hold_numbers

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
    size = Choice(3, SIZES).tag(sync=True)
    rank = traitlets.Any(1).tag(sync=True)
    seed = Whole(0).tag(sync=True)
    image_size = Whole(224, at_least=LIMITS["image_size"][0], at_most=LIMITS["image_size"][1]).tag(sync=True)
    image = Pixels(height=LIMITS["image"], width=LIMITS["image"], numbers=(0, LIMITS["grey"])).tag(sync=True)
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
        rows = equal_rows("kernel", kernel, LIMITS["side"], LIMITS["side"], kind="a name, or rows of equal length")
        hold_numbers("kernel", (v for row in rows for v in row), LIMITS["weight"])
        return [list(row) for row in rows]

    @traitlets.validate("size")
    def _size_fits(self, proposal):
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
