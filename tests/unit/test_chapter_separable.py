"""Chapter 6: the example worked by hand, its figures, its laws, and the layer that can only learn separable kernels."""

import numpy as np
import pytest
import torch
from torch import nn

from convbook import cost, figures, ops, reference
from convbook.blocks import DepthwiseSeparableConv2d, RankOneConv2d

# The numbers of the page.
X = np.array([[[1, 2, 0], [0, 1, 3]], [[2, 0, 1], [1, 1, 0]]])
FILTERS = np.array([[[[1, 0], [0, 1]]], [[[1, -1], [0, 2]]]])
MIXING = np.array([[1, 1], [2, -1], [0, 3]])[:, :, None, None]


@pytest.mark.parametrize("way", [reference, ops])
def test_the_example_of_the_page_can_be_checked_by_hand(way):
    assert way.depthwise_conv2d(X, FILTERS).tolist() == [[[2, 5]], [[4, -1]]]
    assert way.separable_conv2d(X, FILTERS, MIXING).tolist() == [[[6, 4]], [[0, 11]], [[12, -3]]]
    # 16 products in the first step, 12 in the second; one dense layer takes 48.
    assert [cost.conv_macs(2, 2, 2, (1, 2), groups=2), cost.conv_macs(2, 3, 1, (1, 2)), cost.conv_macs(2, 3, 2, (1, 2))] == [16, 12, 48]


def test_a_separable_layer_is_one_dense_layer_whose_kernels_share_a_filter_for_each_input_channel():
    rng = np.random.default_rng(1)
    for C, M, D, k in [(3, 1, 5, (3, 2)), (2, 3, 4, (2, 2)), (4, 2, 3, (1, 3))]:
        x, depthwise, pointwise = rng.normal(size=(C, 6, 7)), rng.normal(size=(C * M, 1, *k)), rng.normal(size=(D, C * M, 1, 1))
        dense = np.einsum("dcm,cmij->dcij", pointwise.reshape(D, C, M), depthwise.reshape(C, M, *k))
        assert np.allclose(ops.conv2d(x, dense), ops.separable_conv2d(x, depthwise, pointwise))
        by_channel = dense.swapaxes(0, 1).reshape(C, D, -1)
        assert np.linalg.matrix_rank(by_channel).tolist() == [min(M, D, k[0] * k[1])] * C


def test_any_dense_kernel_is_separable_with_enough_filters_a_channel():
    rng = np.random.default_rng(2)
    weight, x = rng.normal(size=(5, 3, 2, 2)), rng.normal(size=(3, 4, 5))
    mixing, filters, error = ops.separable_form(weight.swapaxes(0, 1).reshape(3, 5, 4), 4)
    depthwise, pointwise = filters.reshape(12, 1, 2, 2), mixing.transpose(2, 0, 1).reshape(5, 12, 1, 1)
    assert np.allclose(ops.separable_conv2d(x, depthwise, pointwise), ops.conv2d(x, weight)) and (error < 1e-12).all()


def test_a_column_of_layers_then_a_row_of_layers_is_a_dense_kernel_of_limited_rank():
    rng = np.random.default_rng(3)
    C, K, D, k = 3, 4, 6, 3
    down, along, x = rng.normal(size=(K, C, k, 1)), rng.normal(size=(D, K, 1, k)), rng.normal(size=(C, 7, 8))
    dense = np.einsum("kciz,dkzj->dcij", down, along)
    assert np.allclose(ops.conv2d(ops.conv2d(x, down), along), ops.conv2d(x, dense))
    assert np.linalg.matrix_rank(dense.transpose(1, 2, 0, 3).reshape(C * k, D * k)) == K


def test_rank_one_layers_have_rank_one_slices_start_as_wide_as_conv2d_and_learn():
    torch.manual_seed(0)
    layer, whole = RankOneConv2d(24, 32, 5, padding=2), nn.Conv2d(24, 32, 5, padding=2)
    assert set(np.linalg.matrix_rank(layer.weight.detach().double().numpy(), tol=1e-5).ravel()) == {1}
    assert float((layer.weight.std() / whole.weight.std()).detach()) == pytest.approx(1, abs=0.05)
    x = torch.randn(2, 24, 6, 9)
    assert torch.allclose(layer(x), nn.functional.conv2d(x, layer.weight, layer.bias, padding=2))
    layer(x).square().sum().backward()
    assert all(p.grad.abs().max() > 0 for p in layer.parameters())
    with pytest.raises(ValueError, match="^kernel_size=0 must be at least 1$"):
        RankOneConv2d(1, 1, 0)


def test_forms_differ_in_what_stands_between_the_steps():
    def between(form):
        return [type(layer).__name__ for layer in DepthwiseSeparableConv2d(3, 5, 3, form=form).modules() if not list(layer.children())]

    assert between("plain") == ["Conv2d", "Conv2d"]
    assert between("mobilenet") == ["Conv2d", "BatchNorm2d", "ReLU", "Conv2d", "BatchNorm2d", "ReLU"]
    assert between("xception") == ["Conv2d", "Conv2d", "BatchNorm2d"]


def texts(fig):
    return [text.get_text() for ax in fig.axes for text in ax.texts]


def test_the_depthwise_figure_shows_the_numbers_and_the_sum_of_the_example():
    shown = texts(figures.fig_depthwise_step(X, FILTERS, at=(0, 1)))
    for value in ("5", "−1"):
        assert value in shown
    line = "".join(shown[shown.index("output[0, 0, 1] ="):])
    assert line == "output[0, 0, 1] =2·1+0·0+1·0+3·1= 5"


def test_the_flow_figure_counts_the_notes_example():
    shown = " ".join(texts(figures.fig_separable_flow((3, 7, 7), 128, 3)))
    assert all(part in shown for part in ("= 675 multiply-adds", "× 128 = 9,600", "together 10,275, beside 86,400", "11.89 %"))


@pytest.mark.parametrize(("n", "m", "expected"), [(5, 3, "81 multiplications against 45 + 27 = 72"), (7, 5, "225 multiplications against 105 + 45 = 150")])
def test_the_places_figure_counts_both_ways(n, m, expected):
    fig = figures.fig_kernel_places(n, m)
    assert expected in texts(fig)
    dots = [line for line in fig.axes[0].lines if line.get_marker() == "o"]
    o = n - m + 1
    assert len(dots) == o * o + o * n + o * o


def test_the_outer_product_figure_multiplies():
    assert texts(figures.fig_outer_product([1, 2, 1], [-1, 0, 1]))[-9:] == ["−1", "0", "1", "−2", "0", "2", "−1", "0", "1"]


def test_the_ratio_figure_marks_where_both_terms_are_equal():
    fig = figures.fig_separable_ratio()
    marks = [line.get_xydata()[0] for line in fig.axes[0].lines if line.get_marker() in "os^"]
    assert np.allclose(marks, [(9, 2 / 9), (25, 2 / 25), (49, 2 / 49)])


def test_the_formula_figure_counts_and_the_other_formula_fits_3_by_3_only():
    lines = {line.get_label(): line.get_xydata() for line in figures.fig_separable_formulas().axes[0].lines}
    assert np.allclose(lines["m = 3, counted"][2:], lines["m = 3, notes"][2:])
    assert abs(lines["m = 7, counted"][5] - lines["m = 7, notes"][5])[1] > 0.1
    N, share = lines["m = 5, counted"][-1]
    assert share == pytest.approx(2 / 5 + 4 / (5 * (N - 4)))


def test_runs_show_each_run_and_their_mean():
    fig = figures.fig_runs({"a": ([1, 2], [[0.5, 0.7], [0.8, 0.9]])}, xlabel="x", ylabel="y")
    mean = next(line for line in fig.axes[0].lines if line.get_label() == "a")
    assert np.allclose(mean.get_xydata(), [(1, 60), (2, 85)])
    assert [sorted(line.get_ydata()) for line in fig.axes[0].lines if line.get_marker() == "."] == [[50, 70], [80, 90]]
