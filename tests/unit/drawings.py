"""What a figure says, read from the figure itself, and what every figure must keep."""

import io
import itertools
import re

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyArrowPatch

from convbook import theme

WIDEST = 7.6  # inches: a page's column


def axis_texts(ax):
    """Axis labels, and the tick labels inside the limits: matplotlib keeps others that it never draws."""
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        yield axis.label
        yield from (tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high)


def words(fig):
    """The texts that are seen, each with its box in pixels."""
    texts = [text for ax in fig.axes for text in ([*ax.texts, *(axis_texts(ax) if ax.axison else [])])] + fig.texts
    renderer = FigureCanvasAgg(fig).get_renderer()  # a closed figure has lost its window
    with theme.style():
        return [(text, text.get_window_extent(renderer)) for text in texts if text.get_visible() and text.get_text().strip()]


def strings(fig):
    return [text.get_text() for text, _ in words(fig)]


def line_of(fig, top_text):
    """All texts on the line of `top_text`, joined: a written sum is several coloured pieces."""
    y = next(text for text, _ in words(fig) if text.get_text() == top_text).get_position()[1]
    return " ".join(text.get_text() for text, _ in sorted(words(fig), key=lambda w: w[1].x0) if abs(text.get_position()[1] - y) < 0.01)


def svg(fig):
    file = io.BytesIO()
    with theme.style():
        fig.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def assert_whole(make, *, picture=False, beyond=False, smallest=8):
    """No text collides or is cut off, the figure fits a page, follows the theme, leaves nothing open, and gives the same bytes.

    A `picture` has colours that no theme knows; with `beyond`, lines or contours go on over the edge; `smallest` is in points.
    """
    fig, before = make(), dict(matplotlib.rcParams)
    boxes, drawing = words(fig), svg(fig)
    assert_texts_apart(fig, boxes)
    assert fig.get_figwidth() <= WIDEST
    assert min(text.get_fontsize() for text, _ in boxes) >= smallest
    if not beyond:
        assert_inside_the_axes(fig)
    if not picture:
        assert {colour.upper() for colour in re.findall(r"#[0-9a-fA-F]{6}\b", drawing.decode())} <= set(theme.LIGHT.values())
    assert svg(make()) == drawing
    assert plt.get_fignums() == [] and dict(matplotlib.rcParams) == before


def assert_texts_apart(fig, boxes):
    width, height = fig.canvas.get_width_height()
    for text, box in boxes:
        assert box.x0 >= -0.5 and box.x1 <= width + 0.5 and box.y0 >= -0.5 and box.y1 <= height + 0.5, text.get_text()
    for (a, box_a), (b, box_b) in itertools.combinations(boxes, 2):
        wide, tall = min(box_a.x1, box_b.x1) - max(box_a.x0, box_b.x0), min(box_a.y1, box_b.y1) - max(box_a.y0, box_b.y0)
        assert wide <= 1 or tall <= 2.5, (a.get_text(), b.get_text())


def assert_inside_the_axes(fig):
    for ax in fig.axes:
        (left, right), (low, high) = (sorted(limits) for limits in (ax.get_xlim(), ax.get_ylim()))
        dx, dy = 1e-9 * (right - left), 1e-9 * (high - low)
        for shape in [*(patch for patch in ax.patches if not isinstance(patch, FancyArrowPatch)), *ax.lines]:
            x, y = ax.transData.inverted().transform(shape.get_transform().transform_path(shape.get_path()).vertices).T
            assert left - dx <= x.min() and x.max() <= right + dx and low - dy <= y.min() and y.max() <= high + dy
