"""Flattened convolution: three passes, held to the dense filter of their outer products, to PyTorch, to the numbers of chapter 8."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from convbook import ops, reference, shapes
from convbook.blocks import FlattenedConv2d
from strategies import random_layers, values

FORMS = pytest.mark.parametrize("form", [reference, ops], ids=["reference", "ops"])
IMAGE = np.array([[[1, 2, 0, 1, 3], [0, 1, 2, 3, 1], [2, 1, 0, 1, 2], [1, 0, 3, 2, 1]],
                  [[0, 1, 1, 2, 0], [2, 0, 1, 1, 3], [1, 2, 0, 0, 1], [0, 1, 2, 1, 0]],
                  [[1, 0, 2, 0, 1], [1, 1, 0, 2, 0], [0, 3, 1, 1, 1], [2, 0, 0, 1, 2]]])
Z, Y, X = np.array([[1, 2, -1]]), np.array([[1, -1]]), np.array([[1, 0, 2]])


@FORMS
def test_the_example_of_the_chapter(form):
    y = form.flattened_conv2d(IMAGE, Z, Y, X)
    assert y.dtype == np.int64
    assert_array_equal(y, [[[-11, 8, -14], [9, 4, 13], [-11, -6, 0]]])
    assert_array_equal(y, form.conv2d(IMAGE, ops.outer3(Z[0], Y[0], X[0])[None]))


@st.composite
def layers(draw):
    """(x, lateral, vertical, horizontal, padding), with images just large enough, or larger."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    C, F, k_h, k_w = (int(n) for n in rng.integers(1, 5, 4))
    padding = draw(st.sampled_from(["valid", "same", "full"]))
    least = (k_h, k_w) if padding == "valid" else (1, 1)
    batch = [(), (1,), (2,)][rng.integers(3)]
    x = values(rng, (*batch, C, *(n + int(rng.integers(0, 4)) for n in least)))
    return x, values(rng, (F, C)), values(rng, (F, k_h)), values(rng, (F, k_w)), padding


@random_layers
@given(layers())
def test_three_passes_are_one_dense_pass_and_pytorchs(layer):
    x, *vectors, padding = layer
    w = np.einsum("fc,fi,fj->fcij", *vectors)
    pad = tuple(k - 1 for k in w.shape[2:]) if padding == "full" else padding
    dense = ops.conv2d(x, w, padding=pad)
    rows, columns = [{"valid": (0, 0), "full": (k - 1, k - 1), "same": shapes.same_padding(1, k)}[padding] for k in w.shape[2:]]
    theirs = torch.conv2d(torch.nn.functional.pad(torch.tensor(x), (*columns, *rows)), torch.tensor(w)).numpy()
    for form in reference, ops:
        y = form.flattened_conv2d(x, *vectors, padding=padding)
        assert y.shape == dense.shape == theirs.shape
        assert_allclose(y, dense, rtol=1e-10, atol=1e-10)
        assert_allclose(y, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("padding", ["valid", "same", "full"])
def test_the_layer_of_blocks_gives_the_same_numbers(padding):
    rng = np.random.default_rng(1)
    x, z, y, h = rng.normal(size=(2, 3, 7, 6)), rng.normal(size=(5, 3)), rng.normal(size=(5, 4)), rng.normal(size=(5, 2))
    layer = FlattenedConv2d.from_vectors(z, y, h, padding=padding)
    with torch.no_grad():
        theirs = layer(torch.tensor(x)).numpy()
    assert_allclose(ops.flattened_conv2d(x, z, y, h, padding=padding), theirs, rtol=1e-10, atol=1e-10)


@FORMS
def test_types_are_kept_and_nothing_is_changed(form):
    x = IMAGE.astype(np.float32)
    x.flags.writeable = False
    vectors = [v.astype(np.float32) for v in (Z, Y, X)]
    assert form.flattened_conv2d(x, *vectors).dtype == np.float32
    assert form.flattened_conv2d(x[None][:0], *vectors).shape == (0, 1, 3, 3)
    assert form.flattened_conv2d(IMAGE, Z, Y.astype(float), X).dtype == np.float64


SHAPES = "they must be (filters, channels), (filters, rows), (filters, columns), each at least 1, with channels = 3"


@FORMS
@pytest.mark.parametrize(("arguments", "options", "error", "message"), [
    ((IMAGE, Z[0], Y, X), {}, ValueError, f"lateral has shape (3,), vertical has shape (1, 2), horizontal has shape (1, 3); {SHAPES}"),
    ((IMAGE, Z[:, :2], Y, X), {}, ValueError, f"lateral has shape (1, 2), vertical has shape (1, 2), horizontal has shape (1, 3); {SHAPES}"),
    ((IMAGE, Z, np.ones((2, 2)), X), {}, ValueError, f"lateral has shape (1, 3), vertical has shape (2, 2), horizontal has shape (1, 3); {SHAPES}"),
    ((IMAGE, Z, Y[:, :0], X), {}, ValueError, f"lateral has shape (1, 3), vertical has shape (1, 0), horizontal has shape (1, 3); {SHAPES}"),
    ((IMAGE, Z, np.ones((1, 5)), X), {}, ValueError, "x has 4 rows, fewer than the 5 numbers of a vector; use padding='full'"),
    ((IMAGE, Z, Y, np.ones((1, 6))), {}, ValueError, "x has 5 columns, fewer than the 6 numbers of a vector; use padding='full'"),
    ((IMAGE, Z, Y, X), {"padding": "half"}, ValueError, "padding='half' must be one of 'valid', 'same', 'full'"),
    ((IMAGE[0], Z, Y, X), {}, ValueError, "x has shape (4, 5); it must be (channels, height, width) or (batch, channels, height, width)"),
    ((IMAGE, Z, Y.astype(np.float16), X), {}, TypeError, "vertical has dtype float16; it must be float32, float64 or an integer type up to int64"),
])
def test_whole_messages(form, arguments, options, error, message):
    with pytest.raises(error) as caught:
        form.flattened_conv2d(*arguments, **options)
    assert str(caught.value) == message
