"""A region of a feature map and its bins: pooled plainly, moved, or position-sensitively."""

import numpy as np
import traitlets

from convbook._arguments import number, whole
from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import Pair, Pixels

# The same limits as in roi_bins/geometry.js.
LIMITS = {"height": (4, 12), "width": (4, 14), "bins": (1, 4), "offset": 5, "gamma": (0, 1), "value": 99}
MAP = [
    [0, 1, 0, 2, 1, 0, 1, 0, 2, 0], [1, 2, 5, 6, 5, 2, 0, 1, 0, 1], [0, 4, 8, 9, 8, 5, 1, 0, 3, 0], [1, 5, 9, 7, 9, 6, 2, 1, 0, 2],
    [0, 4, 8, 9, 8, 4, 1, 4, 5, 3], [2, 1, 4, 6, 4, 2, 0, 5, 8, 6], [0, 1, 0, 1, 2, 0, 1, 4, 7, 5], [1, 0, 2, 0, 1, 1, 0, 2, 3, 1],
]


class RoIBins(Explorer):
    """A region on a small feature map, cut into bins; move it, resize it, move its bins.

        average of bin (i, j) = 1 / n_ij  sum over its positions p, q of  x(y1 + p + dy, x1 + q + dx)

    with floor(i h / o_h) <= p < ceil((i + 1) h / o_h), likewise q, dy = gamma offset h, dx = gamma offset w.

    Args:
        map: rows of whole numbers from -99 to 99; 4 to 12 rows, 4 to 14 columns.
        roi: (x1, y1, x2, y2), at least 1 x 1, on the map.
        bins: (o_h, o_w), 1 to 4 each; one number stands for both.
        moved: whether the bins are moved by their offsets (deformable RoI pooling).
        offsets: 2 o_h o_w numbers from -5 to 5: dy of every bin, row after row, then dx of every bin; () for zeros.
        gamma: what they are multiplied by, beside the region's size; 0 to 1.
        sensitive: whether bin (i, j) reads map i o_w + j (position-sensitive); `maps` has them.
        bin: the bin that is looked at.
        predict: hide its average, and ask.

    >>> RoIBins(roi=(0, 0, 5, 3), moved=True)
    RoIBins(roi=(0, 0, 5, 3), moved=True)
    >>> RoIBins(map=[[1, 2, 3, 0]] * 4, roi=(0, 0, 3, 1), bins=(1, 2)).pooled
    [[1.5, 2.5]]
    """

    _esm = bundle("roi_bins/index.js")
    _css = styles("roi_bins/style.css")

    map = Pixels(MAP, height=LIMITS["height"], width=LIMITS["width"], numbers=(-LIMITS["value"], LIMITS["value"])).tag(sync=True)
    roi = traitlets.Any((1, 1, 6, 6)).tag(sync=True)
    bins = Pair((2, 2), at_least=1).tag(sync=True)
    moved = traitlets.Bool(False).tag(sync=True)
    offsets = traitlets.Any((0,) * 8).tag(sync=True)
    gamma = traitlets.Any(0.1).tag(sync=True)
    sensitive = traitlets.Bool(False).tag(sync=True)
    bin = traitlets.Any(0).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)

    @property
    def maps(self):
        """The maps of the bins; position-sensitively each has its own, made from the first by a fixed rule."""
        first = np.array(self.map)
        r, c = np.indices(first.shape)
        count = self.bins[0] * self.bins[1] if self.sensitive else 1
        return np.stack([first if m == 0 else np.fmod(first * (m + 1) + m * (r + 2 * c), 10) for m in range(count)])

    @property
    def pooled(self):
        """The averages that the page shows, one a bin."""
        from convbook import ops

        pool = ops.deform_ps_roi_pool2d if self.sensitive else ops.deform_roi_pool2d
        offset = np.reshape(np.array(self.offsets, dtype=float), (1, 2, *self.bins)) if self.moved else None
        return pool(self.maps, [[0, *self.roi]], self.bins, offset=offset, gamma=self.gamma)[0, 0].tolist()

    @traitlets.validate("roi")
    def _roi_fits(self, proposal):
        roi, (h, w) = proposal["value"], (len(self.map), len(self.map[0]))
        if not isinstance(roi, (list, tuple)) or len(roi) != 4:
            raise ValueError(f"roi={roi!r} must be (x1, y1, x2, y2)")
        x1, y1, x2, y2 = roi = tuple(roi)
        for i, v in enumerate(roi):
            number(f"roi[{i}]", v, at_least=0)
        if not (x1 <= x2 - 1 and x2 <= w and y1 <= y2 - 1 and y2 <= h):
            raise ValueError(f"roi={roi} must be at least 1 x 1 and lie on the map, which is {w} wide and {h} high")
        return roi

    @traitlets.validate("bins")
    def _bins_fit(self, proposal):
        high = LIMITS["bins"][1]
        if max(proposal["value"]) > high:
            raise ValueError(f"bins={proposal['value']} must be at most {high} along each axis")
        return proposal["value"]

    @traitlets.observe("map", "bins")
    def _keep_what_fits(self, change):
        count = self.bins[0] * self.bins[1]
        if len(self.offsets) != 2 * count:
            self.offsets = (0,) * (2 * count)
        self.bin = min(self.bin, count - 1)
        h, w = len(self.map), len(self.map[0])
        if self.roi[2] > w or self.roi[3] > h:
            self.roi = (0, 0, w, h)

    @traitlets.validate("offsets")
    def _offsets_fit(self, proposal):
        values, count = proposal["value"], 2 * self.bins[0] * self.bins[1]
        values = values.ravel().tolist() if isinstance(values, np.ndarray) else values
        if isinstance(values, (list, tuple)) and len(values) == 0:
            values = (0,) * count
        if not isinstance(values, (list, tuple)) or len(values) != count:
            raise ValueError(f"offsets must be {count} numbers: dy of each of {count // 2} bins, then dx of each")
        for i, v in enumerate(values):
            number(f"offsets[{i}]", v, at_least=-LIMITS["offset"], at_most=LIMITS["offset"])
        return tuple(values)

    @traitlets.validate("gamma")
    def _gamma_fits(self, proposal):
        low, high = LIMITS["gamma"]
        number("gamma", proposal["value"], at_least=low, at_most=high)
        return proposal["value"]

    @traitlets.validate("bin")
    def _bin_is_there(self, proposal):
        count = self.bins[0] * self.bins[1]
        if whole("bin", proposal["value"], at_least=0) >= count:
            raise ValueError(f"bin={proposal['value']} must be at most {count - 1}: there are {count}")
        return proposal["value"]
