"""Nine taps over a photograph: a deformable convolution, one output at a time."""

import numpy as np
import traitlets

from convbook import data
from convbook._arguments import number, whole
from convbook.explorers.base import Explorer, bundle, styles
from convbook.explorers.traits import Choice, Pixels, Whole

# The same limits as in deformable_sampler/geometry.js.
LIMITS = {"dilation": (1, 3), "offset": 16, "height": (4, 48), "width": (4, 48), "weight": 99, "grey": 255}
SOBEL = (-1, 0, 1, -2, 0, 2, -1, 0, 1)
STEPS = (0.1, 0.25, 0.5, 1)


def crop():
    """A piece of a photograph, 18 x 24 grey values from 0 to 255."""
    picture = data.photograph("flower", size=(26, 39), grey=True)[4:22, 6:30]
    return np.rint(255 * picture).astype(int).tolist()


class DeformableSampler(Explorer):
    """The nine taps of a 3 x 3 kernel on a grey picture, each with its own offset; drag them, and see what each reads.

        y = sum over taps t of  kernel[t] mask[t] image(row_t + dy_t, column_t + dx_t)

    between pixels read by bilinear interpolation, zero outside.

    Args:
        image: rows of whole grey values, 0 to 255; 4 to 48 rows and columns. By default a piece of a photograph.
        at: (row, column) of the output, which at stride 1 with padding = dilation lies on that pixel of the image.
        offsets: 18 numbers from -16 to 16 in the order of the layer's channels: dy, dx of tap 0, dy, dx of tap 1, ...
        kernel: 9 weights, row after row.
        mask: 9 factors from 0 to 1; they count where `modulated` is True (version 2).
        modulated: whether they do.
        dilation: distance of the taps before they are moved, 1 to 3.
        tap: the tap that is looked at, 0 to 8.
        step: pixels that an arrow key moves it: 0.1, 0.25, 0.5 or 1.
        predict: hide what the tap reads, and ask.
    Raises:
        ValueError, TypeError: a value that the page could not show.

    >>> DeformableSampler(tap=3, modulated=True)
    DeformableSampler(modulated=True, tap=3)
    """

    _esm = bundle("deformable_sampler/index.js")
    _css = styles("deformable_sampler/style.css")

    image = Pixels(height=LIMITS["height"], width=LIMITS["width"], numbers=(0, LIMITS["grey"])).tag(sync=True)
    at = traitlets.Any((8, 8)).tag(sync=True)
    offsets = traitlets.Any((0,) * 18).tag(sync=True)
    kernel = traitlets.Any(SOBEL).tag(sync=True)
    mask = traitlets.Any((1,) * 9).tag(sync=True)
    modulated = traitlets.Bool(False).tag(sync=True)
    dilation = Whole(1, at_least=LIMITS["dilation"][0], at_most=LIMITS["dilation"][1]).tag(sync=True)
    tap = Whole(5, at_most=8).tag(sync=True)
    step = Choice(0.25, STEPS).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)

    @traitlets.default("image")
    def _crop(self):
        return crop()

    @property
    def value(self):
        """The output that the page shows."""
        from convbook import ops

        x, (row, column), d = np.array(self.image, dtype=float)[None], self.at, self.dilation
        shape = x.shape[1:]
        offset, mask = np.zeros((18, *shape)), np.ones((9, *shape))
        offset[:, row, column] = self.offsets
        if self.modulated:
            mask[:, row, column] = self.mask
        weight = np.reshape(np.array(self.kernel, dtype=float), (1, 1, 3, 3))
        return float(ops.deform_conv2d(x, offset, weight, padding=d, dilation=d, mask=mask)[0, row, column])

    @traitlets.observe("image")
    def _stay_inside(self, change):
        self.at = tuple(min(v, n - 1) for v, n in zip(self.at, (len(self.image), len(self.image[0]))))

    @traitlets.validate("at")
    def _at_is_inside(self, proposal):
        at = proposal["value"]
        if not isinstance(at, (list, tuple)) or len(at) != 2:
            raise ValueError(f"at={at!r} must be a pair (row, column)")
        at = tuple(whole(f"at[{i}]", v, at_least=0) for i, v in enumerate(at))
        size = len(self.image), len(self.image[0])
        if at[0] >= size[0] or at[1] >= size[1]:
            raise ValueError(f"at={at!r} must lie on the image, which has {size[0]} rows and {size[1]} columns")
        return at

    @traitlets.validate("offsets", "kernel", "mask")
    def _numbers_fit(self, proposal):
        name, values = proposal["trait"].name, proposal["value"]
        count, low, high = {"offsets": (18, -LIMITS["offset"], LIMITS["offset"]), "kernel": (9, -LIMITS["weight"], LIMITS["weight"]), "mask": (9, 0, 1)}[name]
        values = values.ravel().tolist() if isinstance(values, np.ndarray) else values
        if not isinstance(values, (list, tuple)) or len(values) != count:
            order = ": dy, dx of tap 0, dy, dx of tap 1, ..." if name == "offsets" else ", one for each tap"
            raise ValueError(f"{name} must be {count} numbers{order}")
        for i, v in enumerate(values):
            number(f"{name}[{i}]", v, at_least=low, at_most=high)
        return tuple(round(v, 2) if name != "kernel" else v for v in values)
