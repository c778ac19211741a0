"""Every road that a fast convolution may take, forced on the same random layers, in blocks of every size."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.lib.stride_tricks import as_strided
from numpy.testing import assert_allclose, assert_array_equal
from strategies import convs, random_layers, values
from test_convolution import by_pytorch, same_is_copied

from convbook import ops
from convbook._signatures.convolution import read_conv
from convbook.ops import columns
from convbook.ops.windows import padded

some_layers = settings(random_layers, max_examples=100)


def forced(road, layer, places=512, **how):
    """One road's result beside PyTorch's, with at most so many places in a block."""
    x, w, b, options = layer
    a = read_conv(w.ndim - 2, x, w, b, **options)
    with patch.multiple(columns, BLOCK_BYTES=0, BLOCK_PLACES=places):
        y = a.unbatch(road(a, padded(a.x, a.pads, options["padding_mode"]), **how))
    expected = by_pytorch(x, w, b, options)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    assert_allclose(y, expected, rtol=1e-10, atol=1e-10 * max(1, np.abs(expected).max()))


@same_is_copied
@pytest.mark.parametrize("places", [1, 5, 11, 512])
@some_layers
@given(layer=convs(1) | convs(2) | convs(3, max_k=3, more=2))
def test_columns_in_blocks_of_any_size_agree_with_pytorch(places, layer):
    forced(columns.by_columns, layer, places)


@same_is_copied
@pytest.mark.parametrize("places", [1, 5, 11, 512])
@some_layers
@given(layer=convs(1) | convs(2) | convs(3, max_k=3, more=2))
def test_whole_rows_in_blocks_of_any_size_agree_with_pytorch(places, layer):
    *arrays, options = layer
    forced(columns.by_columns, (*arrays, {**options, "stride": 1}), places, whole_rows=True)


@same_is_copied
@some_layers
@given(layer=convs(1, k=(1,)) | convs(2, k=(1, 1)) | convs(3, k=(1, 1, 1), more=2))
def test_one_tap_agrees_with_pytorch(layer):
    forced(columns.one_tap, layer)


@pytest.mark.parametrize("road, w, options", [
    ("one tap", (16, 8, 1, 1), {}),
    ("one tap", (16, 8, 1, 1), {"stride": 2}),
    ("columns", (16, 8, 1, 3), {}),
    ("whole rows", (8, 1, 3, 3), {"groups": 8}),
    ("columns", (8, 1, 3, 3), {"groups": 8, "stride": (1, 2)}),
    ("whole rows", (14, 4, 3, 3), {"groups": 2}),
    ("columns", (16, 4, 3, 3), {"groups": 2}),
])
def test_a_layer_takes_the_road_that_was_fastest_for_its_kind(road, w, options):
    taken = []
    with patch.object(columns, "one_tap", lambda a, x: taken.append("one tap")), \
         patch.object(columns, "by_columns", lambda a, x, *, whole_rows: taken.append("whole rows" if whole_rows else "columns")), \
         patch.object(columns, "padded", lambda *_: None):
        columns.convolve(read_conv(2, np.ones((1, 8, 6, 7)), np.ones(w), None, **{
            "stride": 1, "padding": 0, "dilation": 1, "groups": 1, **options}))
    assert taken == [road]


def test_blocks_are_even_and_never_empty():
    assert columns._block((3, 2, 56, 56), 512) == [1, 1, 8, 56]
    assert columns._block((3, 2, 7, 7), 512) == [3, 2, 7, 7]
    assert columns._block((1, 2, 1000), 512) == [1, 1, 500]
    assert columns._block((1, 0, 5), 3) == [1, 1, 3]


def test_float32_keeps_its_digits_on_a_wide_layer():
    rng = np.random.default_rng(0)
    x, w = values(rng, (2, 96, 9, 11), np.float32), values(rng, (8, 96, 3, 3), np.float32)
    exact = ops.conv2d(x.astype(float), w.astype(float), padding=1)
    assert_allclose(ops.conv2d(x, w, padding=1), exact, atol=1e-6 * np.abs(exact).max())


def test_infinities_beside_a_border_give_no_warning_and_stay_with_the_windows_that_see_them():
    x = np.zeros((1, 3, 4))
    x[0, 1, 3], x[0, 2, 0] = np.inf, -np.inf  # neighbours in memory, at opposite borders
    y = ops.conv2d(x, np.ones((1, 1, 1, 2)))
    assert_array_equal(y[0], [[0, 0, 0], [0, 0, np.inf], [-np.inf, 0, 0]])


def memory(array):
    """Address of the first byte that an array reaches, and of the first one behind it."""
    reach = [(n - 1) * step for n, step in zip(array.shape, array.strides)]
    start = array.__array_interface__["data"][0]
    return start + sum(r for r in reach if r < 0), start + sum(r for r in reach if r > 0) + array.itemsize


@some_layers
@given(layer=convs(1) | convs(2) | convs(3, max_k=3, more=2))
def test_no_window_reaches_beyond_the_memory_of_its_image(layer):
    x, w, b, options = layer

    def within(image, *args, **options):
        windows = as_strided(image, *args, **options)
        (first, last), (low, high) = map(memory, (image if image.base is None else image.base, windows))
        assert first <= low and high <= last
        return windows

    with patch.object(columns, "as_strided", within):
        [ops.conv1d, ops.conv2d, ops.conv3d][w.ndim - 3](np.array(x), w, b, **{**options, "stride": 1})
