"""Figures: the numbers they show are computed, nothing collides or is cut off, and the bytes are the same each time."""

import io
import itertools
import re
from functools import cache

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyArrowPatch

from convbook import figures, ops, theme
from convbook.figures import _draw
from convbook.figures.receptive import cone

X = np.array([[1, 2, 0, 3, 1], [0, 1, 2, 1, 0], [3, 0, 1, 2, 2], [1, 1, 0, 0, 3]])
W = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
R = np.random.default_rng(0)
X3, W3 = R.integers(0, 4, (3, 5, 6)), R.integers(-1, 3, (3, 3, 2))
X4, W4 = R.random((2, 5, 5, 6)), R.normal(size=(2, 3, 3, 2))
NOISE = R.normal(size=(5, 6)), R.normal(size=(8, 9)), R.normal(size=(60, 50))
PHOTO = R.random((3, 50, 70))
R9 = np.random.default_rng(9).uniform(-1, 1, (9, 2))
SCENES, CLASSES = R.random((2, 3, 5, 6)), R.integers(0, 3, (2, 5, 6))
BLOB = np.exp(-((np.arange(41)[:, None] - 20) ** 2 + (np.arange(41) - 20) ** 2) / 40)

FIGURES = {
    "step": lambda: figures.fig_convolution_step(X, W, at=(1, 2)),
    "step, padded and strided": lambda: figures.fig_convolution_step(X, W, at=(0, 2), stride=2, padding=1),
    "step, dilated": lambda: figures.fig_convolution_step(np.tile(X, 2), W[:2, :2], at=(1, 3), dilation=2),
    "step, circular": lambda: figures.fig_convolution_step(X, W, padding=(1, 2), padding_mode="circular"),
    "step, long numbers": lambda: figures.fig_convolution_step(X * 10.123, W * 1.25, at=(1, 0)),
    "step, tiny": lambda: figures.fig_convolution_step([[3]], [[2]]),
    "grid": lambda: figures.fig_grid(X, role="output", title="a title longer than its grid is", note="and a note"),
    "padding, row": lambda: figures.fig_padding_modes(np.array([1, 2, 3, 4]), 3),
    "padding, grid": lambda: figures.fig_padding_modes(np.arange(1, 13).reshape(3, 4), 2),
    "padding, two modes": lambda: figures.fig_padding_modes(np.arange(6), 2, modes=("zeros", "circular")),
    "same, valid, full": lambda: figures.fig_same_valid_full([1, 3, 2, 0, 1], [1, 0, -1]),
    "same, valid, full, even": lambda: figures.fig_same_valid_full([1, 3, 2, 0, 1], [1, 0, -1, 2]),
    "remainder": lambda: figures.fig_stride_remainder(np.tile(X, 2)[:, :8], W[:2], stride=(2, 3)),
    "gaps": lambda: figures.fig_stride_remainder(np.tile(X, 2)[:, :8], W[:2, :2], stride=(2, 3)),
    "channels": lambda: figures.fig_channels(X3, W3, at=(1, 2), bias=1),
    "channels, strided": lambda: figures.fig_channels(X3[:2], W3[:2], at=(1, 1), stride=2),
    "many outputs": lambda: figures.fig_many_outputs((3, 5, 7), (4, 3, 3, 2)),
    "very many outputs": lambda: figures.fig_many_outputs((3, 5, 7), (128, 3, 3, 2)),
    "two outputs": lambda: figures.fig_many_outputs(np.zeros((2, 4, 5)), np.zeros((2, 2, 3, 2)), at=(0, 1)),
    "pointwise": lambda: figures.fig_pointwise(X3, W3[:2, :, 0], at=(1, 3)),
    "pointwise, more channels out": lambda: figures.fig_pointwise(X3[:2], np.ones((5, 2, 1, 1))),
    "volume": lambda: figures.fig_volume_step(X4, W4, at=(1, 1, 2)),
    "volume, one channel": lambda: figures.fig_volume_step(X4[:1], W4[:1, :2], bias=0.5),
    "receptive field": lambda: figures.fig_receptive_field([(3, 1, 1, 1), (3, 2, 1, 1), (3, 1, 0, 1)]),
    "receptive field, gridding": lambda: figures.fig_receptive_field([(3, 1, 0, 2)] * 3, names=["first", "second", "third"]),
    "receptive field, padding": lambda: figures.fig_receptive_field([(3, 2, 1, 1), (5, 1, 2, 1)], n=9, unit=0),
    "effective field": lambda: figures.fig_effective_field([BLOB, BLOB**3, BLOB**0.5], sizes=[11, 21, 41], titles=["3 layers", "10 layers", "random"]),
    "evidence": lambda: figures.fig_evidence({"A title\nand what was equal": {"one way": (96.1, 0.3), "another, with a longer name": (50.5, 12.6)}, "No note": {"all": (0, 0)}}),
    "heatmap": lambda: figures.fig_heatmap([W, *NOISE], ["Sobel", "noise", "more", "much"]),
    "heatmap, magnitude": lambda: figures.fig_heatmap([np.abs(NOISE[0]), np.abs(NOISE[1])], ["a", "b"], signed=False, columns=1),
    "images": lambda: figures.fig_images([PHOTO, BLOB], ["a photograph", "a digit"]),
    "bars": lambda: figures.fig_bars({"standard 3 × 3": {"parameters": 589_824, "MACs": 1_849_688_064}, "depthwise": {"parameters": 2304, "MACs": 7_225_344}},
                                     highlight=["depthwise"]),
    "bars, log": lambda: figures.fig_bars({"loops": 1.23, "im2col": 0.0021, "FFT": 0.0099}, unit="seconds", log=True),
    "sampling grids": lambda: figures.fig_sampling_grids({"plain": np.zeros((9, 2)), "free": R9, "a title that is longer": -R9}, notes=["none", "any", "the other way"]),
    "bilinear": lambda: figures.fig_bilinear(np.array([[0, 8], [20, 28]]), 0.25, 0.75),
    "offset pipeline": lambda: figures.fig_offset_pipeline(3, 5, 7, out_channels=4),
    "offset pipeline, modulated groups": lambda: figures.fig_offset_pipeline(64, 14, 17, groups=4, modulated=True),
    "regions": lambda: figures.fig_roi_bins(np.arange(30).reshape(5, 6), (1, 1, 4, 4), (2, 2), bin=(0, 1)),
    "images, two layers": lambda: figures.fig_two_layer_fields(BLOB, {"plain": (R9 + 9, np.tile(R9, (9, 1)) + 9), "deformable": (2 * R9 + 9, np.tile(4 * R9, (9, 1)) + 9)}, at=(9, 9)),
    "images, taps": lambda: figures.fig_taps_on_images([BLOB, BLOB], [R9 + 9, 40 * R9], [(9, 9), (3, 4)], ["one", "another"], masks=[np.ones(9), np.full(9, 0.3)]),
    "inception modules": lambda: figures.fig_inception_modules(inception_modules(), 192),
    "one inception module": lambda: figures.fig_inception_modules({"deep": inception_modules()["reduced"]}, 192, width=4),
    "network shape": lambda: figures.fig_network_shape({"image": (3, 224, 150), "conv1": (64, 112, 75), "a": (1024, 7, 5), "fc": (1000, 1, 1)}, heads=("conv1", "a")),
    "same centre": lambda: figures.fig_same_centre(X, (1, 3, 5), at=(1, 0)),
    "same centre, small": lambda: figures.fig_same_centre(X[:2, :3], (3, 1), at=(1, 2)),
    "inception by hand": lambda: figures.fig_inception_example({
        "1 × 1": ("x₀ + 2x₁", [X[:3, :4], X[1:, 1:]], None, X[:3, :4] + 2 * X[1:, 1:]), "3 × 3": ("of x₀", [X[:3, :4]], W, X[:3, :4]),
        "5 × 5": ("of ReLU(x₀ − x₁)", [X[:3, :4]], np.ones((5, 5)), X[:3, :4])}, at=(2, 1)),
    "taps": lambda: figures.fig_taps(3, (1, 2, 4)),
    "taps, one rate": lambda: figures.fig_taps(2, (5,)),
    "zeros in kernel or input": lambda: figures.fig_where_zeros_go(np.tile(X, 2)[:, :7], W[:2], X[:2, :3], at=(1, 2)),
    "phases": lambda: figures.fig_phases(np.tile(X, (2, 2))[:6, :8], W[:2, :2], phase=(1, 0)),
    "channel kinds": lambda: figures.fig_channel_kinds(),
    "channel kinds, one": lambda: figures.fig_channel_kinds([("standard", 6, 2, 5, 1)], columns=1),
    "depthwise": lambda: figures.fig_depthwise(X3[:2, :3, :4] * 11, W3.reshape(6, 1, 3, 1)[:4] * 3, at=(0, 2)),
    "depthwise, one filter each": lambda: figures.fig_depthwise(X3[:, :2, :3], W3[:, None, :2]),
    "lines": lambda: figures.fig_lines({"one": [3, 5, 7], "another": [3, 7, 15, 31]}, x=[1, 2, 3, 4], xlabel="layers", ylabel="pixels"),
    "lines, many": lambda: figures.fig_lines({"spectrum": np.cos(np.arange(200) / 9)}, marks=False, ylim=(-1, 1), ticks=([0, 100], ["0", "half"])),
    "segments": lambda: figures.fig_segments(SCENES, {"truth": CLASSES, "a network": 2 - CLASSES}),
    "outer product of three": lambda: figures.fig_outer3([1, 2, -1], [1, -1], [1, 0, 2]),
    "flattened passes": lambda: figures.fig_flattened_passes(X3, [1, -2, 3], [1, -1], [1, 0, 2], at=(1, 2)),
    "flattened passes, two planes": lambda: figures.fig_flattened_passes(X3[:2], [1, -2], [1, -1, 2], [4]),
    "separable, step": lambda: figures.fig_depthwise_step(X3, W3[:, None], at=(1, 2)),
    "separable, small step": lambda: figures.fig_depthwise_step(X3[:2, :2, :3], W3[:2, None, :2, :2]),
    "separable, flow": lambda: figures.fig_separable_flow((3, 7, 7), 128, 3),
    "separable, flow, unlike": lambda: figures.fig_separable_flow((2, 5, 8), 4, 2),
    "separable, places": lambda: figures.fig_kernel_places(6, 4),
    "separable, outer product": lambda: figures.fig_outer_product([1, -20, 1, 3], [-1, 0.25]),
    "separable, ratio": lambda: figures.fig_separable_ratio(),
    "separable, formulas": lambda: figures.fig_separable_formulas(),
    "penalty geometry": lambda: figures.fig_penalty_geometry([[2, 1], [1, 3]], (1.5, -2.5), 1.5),
    "penalty geometry, axis": lambda: figures.fig_penalty_geometry([[1, 0], [0, 1]], (3, 0.5), 1),
    "histograms": lambda: figures.fig_histograms({"no penalty": NOISE[1], "with many zeros": np.maximum(NOISE[1], 0), "a third": NOISE[0]}, log=True),
    "pull": lambda: figures.fig_pull({"one": np.exp(4 * NOISE[0]), "another": [0.5]}, xlabel="share of a weight"),
    "stopping": lambda: figures.fig_stopping(np.exp(-np.arange(30) / 8), 0.5 + np.abs(np.arange(30) - 12) / 40, best=12, stopped=22),
    "gains": lambda: figures.fig_gains({"nothing": [0.8, 0.9, 0.85], "label smoothing": [0.82, 0.9, 0.9], "a long name of a method": [0.7, 0.8, 0.8]}, reference="nothing"),
    "runs": lambda: figures.fig_runs({"one": ([1, 2, 8], [[0.5, 0.6], [0.7, 0.7], [0.8, 0.9]]), "two": ([4], [[0.3, 0.4]])}, xlabel="cost",
                                     ylabel="accuracy", logx=True, xticks={1: "1", 8: "8"}, reference=("whole", 0.95)),
    "roofline": lambda: figures.fig_roofline({"3 × 3": (1.8e9, 2e6, 0.04), "1 × 1": (2e8, 1.7e6, 0.012), "depthwise": (7e6, 1.6e6, 0.003), "linear": (4e6, 16e6)},
                                             peak=1e11, bandwidth=1.5e10),
}
PICTURES = ("effective", "heatmap", "images", "segments")
# Lines across the whole figure, contours and logarithmic bars go on beyond the edge.
CLIPPED = ("roofline", "penalty geometry", "penalty geometry, axis", "histograms", "stopping", "gains")


def inception_modules():
    from convbook.blocks import InceptionModule

    return {"naïve": InceptionModule(192, 64, 128, 32), "reduced": InceptionModule(192, 64, (96, 128), (16, 32), 32)}


@cache
def drawn(name):
    return FIGURES[name]()


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


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_collides_or_leaves_the_figure(name):
    fig = drawn(name)
    boxes = words(fig)
    width, height = fig.canvas.get_width_height()
    for text, box in boxes:
        assert box.x0 >= -0.5 and box.x1 <= width + 0.5 and box.y0 >= -0.5 and box.y1 <= height + 0.5, text.get_text()
    for (a, box_a), (b, box_b) in itertools.combinations(boxes, 2):
        wide, tall = min(box_a.x1, box_b.x1) - max(box_a.x0, box_b.x0), min(box_a.y1, box_b.y1) - max(box_a.y0, box_b.y0)
        assert wide <= 1 or tall <= 2.5, (a.get_text(), b.get_text())


@pytest.mark.parametrize("name", [name for name in FIGURES if name not in CLIPPED])
def test_nothing_drawn_is_cut_off_at_the_edge(name):
    for ax in drawn(name).axes:
        (left, right), (low, high) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
        for shape in [*(patch for patch in ax.patches if not isinstance(patch, FancyArrowPatch)), *ax.lines]:
            path = shape.get_transform().transform_path(shape.get_path())
            x, y = ax.transData.inverted().transform(path.vertices).T
            assert left <= x.min() and x.max() <= right and low <= y.min() and y.max() <= high


@pytest.mark.parametrize("name", FIGURES)
def test_figures_fit_a_page_and_their_text_can_be_read(name):
    fig = drawn(name)
    assert fig.get_figwidth() <= 7.6
    assert min(text.get_fontsize() for text, _ in words(fig)) >= (6.5 if name == "step, long numbers" else 8)


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_data_give_the_same_bytes_and_nothing_stays_open_or_changed(name):
    first, before = svg(drawn(name)), dict(matplotlib.rcParams)
    fig = FIGURES[name]()
    assert plt.get_fignums() == [] and dict(matplotlib.rcParams) == before
    assert svg(fig) == first


@pytest.mark.parametrize("name", [name for name in FIGURES if not name.startswith(PICTURES)])
def test_every_colour_of_a_drawing_follows_the_theme(name):
    used = {colour.upper() for colour in re.findall(r"#[0-9a-fA-F]{6}\b", svg(drawn(name)).decode())}
    assert used <= set(theme.LIGHT.values())


def test_text_on_colours_is_dark_or_light_and_no_role():
    light_on_dark, dark_on_light = _draw.on_colour((0.0, 0.1, 0.3)), _draw.on_colour((0.9, 0.9, 0.2))
    assert (light_on_dark, dark_on_light) == ("#fefefe", "#101010")
    in_cells = {text.get_color() for text, _ in words(drawn("heatmap")) if text.get_text() in ("−2", "2")}
    assert in_cells and in_cells <= {"#fefefe", "#101010"}


@pytest.mark.parametrize(("value", "text"), [(-0.0, "0"), (-0.001, "0"), (-1.5, "−1.5"), (100, "100"), (2.0, "2"), (0.126, "0.13")])
def test_numbers_are_written_as_a_reader_writes_them(value, text):
    assert _draw.number(value) == text


def test_the_step_writes_the_sum_it_computes():
    fig = drawn("step")
    runs = line_of(fig, "output[1, 2] =")
    assert runs.replace(" ", "").startswith("output[1,2]=2·1+1·0+0·(−1)+1·2+2·0+2·(−2)")
    assert strings(fig)[-1] == str(ops.conv2d(X[None], W[None, None])[0][1, 2]).replace("-", "−") == "−3"


@pytest.mark.parametrize(("options", "at"), [
    ({"stride": 2, "padding": 1}, (0, 2)), ({"padding": (1, 2), "padding_mode": "circular"}, (1, 3)), ({"dilation": 1, "stride": (1, 2)}, (1, 1)),
    ({"padding": 2, "dilation": 2, "padding_mode": "reflect"}, (2, 1)),
])
def test_the_terms_of_a_step_add_up_to_the_output_cell_it_marks(options, at):
    fig = figures.fig_convolution_step(X, W, at=at, **options)
    pieces = strings(fig)
    terms = "".join(pieces[next(k for k, t in enumerate(pieces) if t.startswith("output[")):]).replace("−", "-").replace("·", "*")
    _, total, result = terms.split("=")
    expected = ops.conv2d(X[None], W[None, None], **options)[0][at]
    assert eval(total) == int(result) == expected  # digits and operators that the figure itself wrote


def test_a_grid_shows_every_number_of_the_output():
    shown = strings(drawn("step"))
    expected = [_draw.number(v) for v in [*X.ravel(), *W.ravel(), *ops.conv2d(X[None], W[None, None])[0].ravel()]]
    assert shown[:len(shown)] and all(shown.count(v) >= expected.count(v) for v in set(expected))


def test_an_output_that_is_given_is_shown_instead():
    assert "77" in strings(figures.fig_convolution_step(X, W, np.full((2, 3), 77)))


def test_channels_write_each_part_and_their_sum():
    y = ops.conv2d(X3, W3[None], np.array([1]))[0]
    parts = (X3[:, 1:4, 2:4] * W3).sum(axis=(1, 2))
    written = next(text for text in strings(drawn("channels")) if text.startswith("output["))
    assert written == f"output[1, 2] = {' + '.join(_draw.factor(p) for p in parts)} + 1 = {_draw.number(y[1, 2])}"


def test_many_outputs_write_the_shape_of_the_weight_and_count_it():
    assert any(text.startswith("weight 4 × 3 × 3 × 2 ") and text.endswith("=  72 numbers") for text in strings(drawn("many outputs")))
    assert "output 4 × 3 × 6" in strings(drawn("many outputs"))
    assert [t for t in strings(drawn("very many outputs")) if t.startswith("kernel")] == ["kernel 0", "kernel 1", "kernel 2", "kernel 127"]


def test_pointwise_is_the_matrix_times_the_pixel():
    w = W3[:2, :, 0]
    result = ops.conv2d(X3, w[:, :, None, None])[:, 1, 3]
    shown = strings(drawn("pointwise"))
    assert shown[-1].startswith("output[0, 1, 3] = ") and shown[-1].endswith(f"= {_draw.number(result[0])}")
    assert _draw.number(result[1]) in shown


def test_a_volume_step_states_its_products_and_its_value():
    value = ops.conv3d(X4, W4[None])[0][1, 1, 2]
    assert strings(drawn("volume"))[-1] == f"output[1, 1, 2] = sum of 2 × 3 × 3 × 2 = 36 products = {_draw.number(value)}"


def test_padding_modes_show_what_each_mode_makes_up():
    row = strings(drawn("padding, row"))
    assert row[:11] == ["zeros", *"0001234000"]
    assert row[11:22] == ["reflect", *"4321234321"]
    assert row[22:33] == ["replicate", *"1111234444"]
    assert row[33:] == ["circular", *"2341234123"]


def test_same_valid_and_full_state_their_lengths_and_paddings():
    shown = strings(drawn("same, valid, full, even"))
    assert [t for t in shown if t.endswith("outputs")] == ["5 − 4 + 1 = 2 outputs", "5 outputs", "5 + 4 − 1 = 8 outputs"]
    assert [t for t in shown if t.startswith("padding")] == ["padding 0", "padding 1 and 2", "padding 3"]


def test_a_remainder_is_stated_and_its_columns_are_dashed():
    fig = figures.fig_stride_remainder(np.arange(40).reshape(5, 8), W, stride=(2, 3))
    assert strings(fig)[-2:] == ["rows, stride 2: ⌊(5 − 3) / 2⌋ + 1 = 2, remainder 0: every one is seen",
                                 "columns, stride 3: ⌊(8 − 3) / 3⌋ + 1 = 2, remainder 2: the last 2 are never seen"]
    dashed = [p for p in fig.axes[0].patches if p.get_linestyle() not in ("-", "solid")]
    assert len(dashed) == 5 * 2


def test_the_cone_counts_ways_and_shows_the_gaps_of_equal_dilations():
    assert cone([(3, 1, 0, 2), (3, 1, 0, 2)], 0)[0] == {0: 1, 2: 2, 4: 3, 6: 2, 8: 1}
    shown = strings(drawn("receptive field, gridding"))
    assert [t for t in shown if t.isdigit()] == list("1030607060301")
    assert "third: size 13, jump 1" in shown


@pytest.mark.parametrize(("layers", "n", "unit"), [([(5, 1, 1, 1), (3, 1, 1, 1)], 9, 0), ([(3, 1, 2, 2), (2, 2, 1, 1), (3, 1, 1, 1)], 12, 3)])
def test_the_ways_to_each_input_are_the_gradient_of_a_stack_of_ones(layers, n, unit):
    import torch

    x = torch.zeros(1, 1, n, requires_grad=True)
    y, sizes = x, [n]
    for k, s, p, d in layers:
        y = torch.nn.functional.conv1d(y, torch.ones(1, 1, k), stride=s, padding=p, dilation=d)
        sizes.append(y.shape[-1])
    y[0, 0, unit].backward()
    ways = cone(layers, unit, sizes)[0]
    assert [ways.get(index, 0) for index in range(n)] == x.grad.flatten().tolist()


def test_columns_that_a_long_stride_jumps_over_are_counted():
    assert strings(drawn("gaps"))[-1] == "columns, stride 3: ⌊(8 − 2) / 3⌋ + 1 = 3, remainder 0: 2 are never seen"


def test_bars_are_as_long_as_their_numbers_and_say_them():
    fig = drawn("bars")
    lengths = [[patch.get_width() for patch in ax.patches] for ax in fig.axes]
    assert lengths[0][1] / lengths[0][0] == pytest.approx(2304 / 589_824)
    assert {"589,824", "2,304", "1.85G", "7,225,344"} <= set(strings(fig))


def test_the_roof_bounds_a_point_without_a_time():
    dots = {tuple(np.ravel(line.get_data())) for line in drawn("roofline").axes[0].lines if line.get_marker() == "o"}
    assert any(np.allclose(dot, (0.25, 0.25 * 1.5e10)) for dot in dots)
    assert any(np.allclose(dot, (900, 1.8e9 / 0.04)) for dot in dots)


def test_signed_heatmaps_share_one_scale_centred_on_zero():
    fig = figures.fig_heatmap([np.array([[0.0, 2.0]]), np.array([[-4.0, 0.0]])])
    first, second = (np.asarray(collection.get_array())[0] for collection in fig.axes[0].collections[:2])
    colours = theme.signed_colormap()
    assert np.allclose(first, [colours(0.5)[:3], colours(0.75)[:3]], atol=0.01)
    assert np.allclose(second, [colours(0.0)[:3], colours(0.5)[:3]], atol=0.01)
    assert strings(fig)[-3:] == ["−4", "0", "4"]


@pytest.mark.parametrize(("draw", "message"), [
    (lambda: figures.fig_convolution_step(X3, W), r"x must have 2 axes, got shape \(3, 5, 6\)"),
    (lambda: figures.fig_convolution_step(X, W, at=(2, 0)), r"at=\(2, 0\) must lie inside the output of shape \(2, 3\)"),
    (lambda: figures.fig_channels(X3, W3[:2]), r"w must have one plane a channel: x has shape \(3, 5, 6\), w \(2, 3, 2\)"),
    (lambda: figures.fig_many_outputs((3, 5, 7), (4, 2, 3, 3)), r"weight of shape \(4, 2, 3, 3\) must be 3 deep, as the input of shape \(3, 5, 7\)"),
    (lambda: figures.fig_pointwise(X3, np.ones((2, 4))), r"w of shape \(2, 4\) must have 3 columns, one for each channel of x of shape \(3, 5, 6\)"),
    (lambda: figures.fig_volume_step(X4, W4[:1]), r"w must have one volume a channel: x has shape \(2, 5, 5, 6\), w \(1, 3, 3, 2\)"),
    (lambda: figures.fig_padding_modes(np.arange(3), 3), r"padding=3 must be at least 0 and smaller than every side of x, whose shape is \(3,\)"),
    (lambda: figures.fig_padding_modes(np.arange(3), 1, modes=("wrap",)), r"modes=\('wrap',\) holds 'wrap', which is none of zeros, reflect, replicate, circular"),
    (lambda: figures.fig_receptive_field([(3, 1, 0, 1)], unit=9), "unit=9 must lie in the last layer, which has 3 units"),
    (lambda: figures.fig_images([X], ["a", "b"]), "titles has 2 entries, but there are 1 images"),
    (lambda: figures.fig_bars({}), "rows is empty: there is nothing to draw"),
])
def test_what_does_not_fit_is_named(draw, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        draw()
    assert plt.get_fignums() == []


def test_signals_are_the_numbers_and_a_shorter_row_stands_in_the_middle():
    fig = figures.fig_signals({"input": np.arange(6.0), "output": np.array([1.0, 3.0, 2.0, 5.0])})
    curves = [ax.lines[0] for ax in fig.axes]
    assert [curve.get_ydata().tolist() for curve in curves] == [[0, 1, 2, 3, 4, 5], [1, 3, 2, 5]]
    assert curves[1].get_xdata().tolist() == [1, 2, 3, 4]
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["input", "output"]


def test_a_bilinear_figure_writes_the_four_weights_and_the_value():
    seen = " | ".join(strings(drawn("bilinear")))
    assert all(part in seen for part in ("0.1875 · 0", "0.5625 · 8", "0.0625 · 20", "0.1875 · 28", "= 11"))


def test_a_figure_of_a_region_writes_the_averages_of_the_package():
    pooled = ops.deform_roi_pool2d(np.arange(30).reshape(1, 5, 6), [[0, 1, 1, 4, 4]], 2)[0, 0]
    assert strings(drawn("regions"))[-4:] == [_draw.number(v) for v in pooled.ravel()] == ["10.5", "11.5", "16.5", "17.5"]


def test_the_pipeline_counts_its_channels():
    assert "to 2 · 9 = 18 channels" in strings(drawn("offset pipeline"))
    assert {"to 3 · 9 · 4 = 108 channels", "then 36 masks, by a sigmoid"} <= set(strings(drawn("offset pipeline, modulated groups")))


def test_a_grid_that_would_leave_its_frame_is_refused():
    with pytest.raises(ValueError, match=r"^'far' has a tap 5.00 pixels from the middle; reach=3 shows 3.5$"):
        figures.fig_sampling_grids({"far": np.full((9, 2), 4.0)})


def test_an_inception_module_is_drawn_with_the_widths_that_it_has():
    shown = strings(drawn("inception modules"))
    assert {"192→128", "221,184", "96→128", "110,592", "16→32", "12,800", "joined: 416 channels", "joined: 256 channels"} <= set(shown)
    joined = [p for p in drawn("inception modules").axes[0].patches if p.get_edgecolor()[:3] == matplotlib.colors.to_rgb(theme.LIGHT["output"])]
    lengths = [p.get_width() for p in joined]
    assert np.allclose(np.array(lengths[:4]) / lengths[0], np.array([64, 128, 32, 192]) / 64)
    assert np.allclose(np.array(lengths[4:]) / lengths[4], np.array([64, 128, 32, 32]) / 64)


def test_windows_of_all_sizes_have_the_same_middle():
    fig = drawn("same centre")
    windows = [p for p in fig.axes[0].patches if p.get_linewidth() == 2.6]
    cells = [p for p in fig.axes[0].patches if p.get_linewidth() == 2.4]
    assert [round(w.get_width()) for w in windows] == [1, 3, 5]
    for window, cell in zip(windows, cells):
        assert np.isclose(window.get_x() + window.get_width() / 2, cell.get_x() + 0.5)
        assert np.isclose(window.get_y() + window.get_height() / 2, cell.get_y() + 0.5)
    assert strings(fig).count("4 × 5 out") == 3


def test_the_small_module_names_the_number_that_it_marks():
    assert [t for t in strings(drawn("inception by hand")) if t.startswith("output[")][0] == f"output[0, 2, 1] = {X[2, 1] + 2 * X[3, 2]}"


@pytest.mark.parametrize(("draw", "message"), [
    (lambda: figures.fig_same_centre(X, (1, 4)), r"kernels=\(1, 4\) holds 4, which is even: no padding centres it"),
    (lambda: figures.fig_inception_modules({}, 3), "modules is empty: there is nothing to draw"),
    (lambda: figures.fig_network_shape({"a": (1, 2, 2)}, heads=("b",)), "heads holds 'b', which is none of a"),
])
def test_what_the_figures_of_chapter_7_cannot_draw_is_named(draw, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        draw()


def test_taps_state_their_span_and_what_they_skip():
    shown = strings(drawn("taps"))
    assert [t for t in shown if "spans" in t] == ["d = 1: spans 3 × 3", "d = 2: spans 5 × 5", "d = 4: spans 9 × 9"]
    assert [t for t in shown if "skipped" in t] == ["9 weights, 0 skipped", "9 weights, 16 skipped", "9 weights, 72 skipped"]


def test_zeros_in_the_kernel_and_in_the_input_show_what_both_operations_compute():
    x, small = np.tile(X, 2)[:, :7], X[:2, :3]
    shown = strings(drawn("zeros in kernel or input"))
    outputs = ops.conv2d(x[None], W[None, None, :2], dilation=2)[0], ops.conv_transpose2d(small[None], W[None, None, :2], stride=2)[0]
    assert all(shown.count(_draw.number(v)) >= [_draw.number(u) for u in np.concatenate([o.ravel() for o in outputs])].count(_draw.number(v))
               for v in np.concatenate([o.ravel() for o in outputs]))
    assert {"output 2 × 3", "output 4 × 7", "kernel 2 × 3, spread"} <= set(shown)


def test_phases_hold_every_number_twice_once_in_the_whole_and_once_in_a_phase():
    x = np.tile(X, (2, 2))[:6, :8]
    y = ops.conv2d(x[None], W[None, None, :2, :2], dilation=2)[0]
    numbers = [t for t in strings(drawn("phases")) if not t.startswith(("input", "output", "phase", "one", "the", "each", "→"))]
    assert sorted(numbers) == sorted(2 * [_draw.number(v) for v in [*x.ravel(), *y.ravel()]])
    shown = strings(drawn("phases"))
    first = shown.index("phase 0, 1") + 1
    assert shown[first:first + 12] == [_draw.number(v) for v in x[0::2, 1::2].ravel()]


def test_lines_hold_the_numbers_they_were_given():
    ax = drawn("lines").axes[0]
    assert [list(line.get_ydata()) for line in ax.lines] == [[3, 5, 7], [3, 7, 15, 31]]
    with pytest.raises(ValueError, match="^curves has 5 curves; 1 to 4 can be told apart$"):
        figures.fig_lines({str(n): [1, 2] for n in range(5)})


def test_classes_are_painted_in_colours_of_their_own():
    from convbook.figures.segments import painted

    assert len(np.unique(painted(np.arange(5)[None]).reshape(3, -1), axis=1).T) == 5
    with pytest.raises(ValueError, match="^labels go from 0 to 5; they must lie between 0 and 4$"):
        painted([[0, 5]])


def test_flattened_passes_write_three_sums_that_end_in_the_dense_number():
    z, y, x = (np.array(v) for v in ([1, -2, 3], [1, -1], [1, 0, 2]))
    L = np.tensordot(z, X3, axes=1)
    V = y[0] * L[:-1] + y[1] * L[1:]
    H = ops.conv2d(X3, ops.outer3(z, y, x)[None])[0]
    fig = drawn("flattened passes")
    for name, value in (("L", L[1, 2]), ("V", V[1, 2]), ("H", H[1, 2])):
        written = line_of(fig, f"{name}, row 1, column 2:").replace("−", "-").replace("·", "*")
        total, result = written.split(":")[1].split("=")
        assert eval(total) == int(result) == value
    with pytest.raises(ValueError, match=r"^at=\(4, 0\) must lie inside the output of shape \(4, 4\)$"):
        figures.fig_flattened_passes(X3, z, y, x, at=(4, 0))
    with pytest.raises(ValueError, match="^z has 2 numbers; image has 3 planes$"):
        figures.fig_flattened_passes(X3, z[:2], y, x)


def test_the_outer_product_shows_every_weight():
    shown = strings(drawn("outer product of three"))
    expected = [_draw.number(v) for v in ops.outer3(np.array([1, 2, -1]), np.array([1, -1]), np.array([1, 0, 2])).ravel()]
    assert all(shown.count(v) >= expected.count(v) for v in set(expected))


def test_the_geometry_of_penalties_shows_the_exact_optimum():
    for name, A, c, strength in (("penalty geometry", [[2, 1], [1, 3]], (1.5, -2.5), 1.5), ("penalty geometry, axis", [[1, 0], [0, 1]], (3, 0.5), 1)):
        for ax, share in zip(drawn(name).axes, (1, 0)):
            w = ops.penalised_minimum(A, c, strength, share=share)
            assert [line.get_xydata()[0].tolist() for line in ax.lines if line.get_markersize() == 9] == [w.tolist()]
            assert ax.get_title().endswith(f"({_draw.number(round(w[0], 2))}, {_draw.number(round(w[1], 2))})")


def test_histograms_count_exact_zeros():
    titles = [ax.get_title(loc="left") for ax in drawn("histograms").axes]
    assert titles[:3] == ["no penalty: 0 of 72 are 0", f"with many zeros: {(NOISE[1] <= 0).sum()} of 72 are 0", "a third: 0 of 30 are 0"]


def test_gains_are_differences_run_by_run():
    ax = drawn("gains").axes[0]
    assert np.allclose([line.get_xdata() for line in ax.lines if line.get_marker() == "o"], [[2, 0, 5], [-10, -10, -5]])
    with pytest.raises(ValueError, match="^reference='none' must be one of 'nothing'$"):
        figures.fig_gains({"nothing": [1, 2]}, reference="none")
