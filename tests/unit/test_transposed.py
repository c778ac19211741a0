"""Transposed convolutions against worked examples, PyTorch, their size formula and their laws."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from numpy.testing import assert_allclose, assert_array_equal
from strategies import convs, random_layers, values
from transposed_strategies import conv_transposes

from convbook import ops, reference, shapes

VIEWS = [ops.conv_transpose2d_scatter, ops.conv_transpose2d_zero_insertion, ops.conv_transpose2d_matrix,
         ops.conv_transpose2d_gradient]
FORMS_2D = [reference.conv_transpose2d, ops.conv_transpose2d, *VIEWS]
ALL = [(axes, getattr(form, f"conv_transpose{axes}d")) for form in (reference, ops) for axes in (1, 2, 3)]


def by_pytorch(x, w, b, options):
    conv = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d][w.ndim - 3]
    return conv(torch.tensor(x), torch.tensor(w), None if b is None else torch.tensor(b), **options).numpy()


def assert_agrees(form, x, w, b, options, rtol=1e-10):
    y, expected = form(x, w, b, **options), by_pytorch(x, w, b, options)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    assert_allclose(y, expected, rtol=rtol, atol=rtol * max(1, np.abs(expected).max()))


# The notes' case: 4 x 4, k = 3; z = conv2d(X, W) is 2 x 2, and the transposed layer has 4 x 4 outputs again, but other numbers.
X = np.array([[1, 0, 2, 1], [0, 1, 1, 0], [2, 1, 0, 1], [1, 0, 1, 2]])
W = np.array([[1, 2, 0], [0, 1, 3], [1, 0, 1]])
Z = np.array([[7, 7], [5, 8]])
BACK = np.array([[7, 21, 14, 0], [5, 25, 44, 21], [7, 12, 30, 31], [5, 8, 5, 8]])


@pytest.mark.parametrize("form", FORMS_2D)
def test_the_notes_case_goes_from_4x4_to_2x2_and_back_to_the_shape_but_not_to_the_numbers(form):
    assert_array_equal(reference.conv2d(X[None], W[None, None]), Z[None])
    y = form(Z[None], W[None, None])
    assert y.dtype == np.int64
    assert_array_equal(y, BACK[None])
    assert not np.array_equal(BACK, X)


def test_the_notes_matrix_has_four_rows_of_sixteen_entries_each():
    a, b, c, d, e, f, g, h, i = 1, 2, 3, 4, 5, 6, 7, 8, 9
    C = ops.conv_matrix(np.array([[[[a, b, c], [d, e, f], [g, h, i]]]]), 4)
    assert_array_equal(C, [[a, b, c, 0, d, e, f, 0, g, h, i, 0, 0, 0, 0, 0],
                           [0, a, b, c, 0, d, e, f, 0, g, h, i, 0, 0, 0, 0],
                           [0, 0, 0, 0, a, b, c, 0, d, e, f, 0, g, h, i, 0],
                           [0, 0, 0, 0, 0, a, b, c, 0, d, e, f, 0, g, h, i]])
    C = ops.conv_matrix(W[None, None], 4)
    assert_array_equal(C @ X.ravel(), Z.ravel())
    assert_array_equal(C.T @ Z.ravel(), BACK.ravel())
    assert not np.array_equal(C.T @ C, np.eye(16))


@pytest.mark.parametrize("form", [reference, ops])
def test_five_becomes_two_and_two_becomes_five_at_stride_two(form):
    down = form.conv1d([[1, 2, 3, 4, 5]], [[[1, 10, 100]]], stride=2)
    assert_array_equal(down, [[321, 543]])
    assert_array_equal(form.conv_transpose1d(down, [[[1, 10, 100]]], stride=2), [[321, 3210, 32100 + 543, 5430, 54300]])


@pytest.mark.parametrize("form", FORMS_2D)
def test_output_padding_chooses_between_the_two_sizes_that_stride_two_maps_to_two(form):
    w = np.ones((1, 1, 3, 3), int)
    for extra, size in (0, 5), (1, 6):
        assert ops.conv2d(np.ones((1, size, 5), int), w, stride=2).shape == (1, 2, 2)
        y = form(np.ones((1, 2, 2), int), w, [7], stride=2, output_padding=(extra, 0))
        assert y.shape == (1, size, 5)
        assert_array_equal(y[0, :5, 0], [8, 8, 9, 8, 8])
        assert_array_equal(y[:, 5:], np.full((1, extra, 5), 7))  # no stamp reaches there: the bias alone


@pytest.mark.parametrize("form", FORMS_2D)
def test_where_padding_is_larger_than_the_kernel_reaches_stamps_are_cut_and_not_padded(form):
    x, w = np.arange(1, 13).reshape(1, 3, 4), np.array([[[[10]]]])  # p' = -1
    assert_array_equal(form(x, w, padding=1), [[[60, 70]]])
    # p' = -2 on both sides, and two positions added behind the only pixel, which is itself cut off.
    assert_array_equal(form([[[5]]], [[[[1]]]], [3], padding=2, output_padding=4, stride=5), [[[3]]])


@random_layers
@given(layer=conv_transposes(1, max_k=5, more=6))
def test_1d_agrees_with_pytorch(layer):
    for form in reference.conv_transpose1d, ops.conv_transpose1d:
        assert_agrees(form, *layer)


@random_layers
@given(layer=conv_transposes(2))
def test_2d_agrees_with_pytorch_in_every_view(layer):
    for form in FORMS_2D:
        assert_agrees(form, *layer)


@random_layers
@given(layer=conv_transposes(3, max_k=2, more=1))
def test_3d_agrees_with_pytorch(layer):
    for form in reference.conv_transpose3d, ops.conv_transpose3d:
        assert_agrees(form, *layer)


@settings(random_layers, max_examples=100)
@given(layer=conv_transposes(2, dtype=np.float32))
def test_float32_stays_float32_and_agrees_with_pytorch(layer):
    for form in FORMS_2D[1:]:
        assert_agrees(form, *layer, rtol=2e-5)


@random_layers
@given(layer=conv_transposes(2, bias=False))
def test_gradients_are_autograds(layer):
    x, w, _, options = layer
    tx, tw = torch.tensor(x, requires_grad=True), torch.tensor(w, requires_grad=True)
    tb = torch.zeros(w.shape[1] * options["groups"], dtype=tw.dtype, requires_grad=True)
    y = F.conv_transpose2d(tx, tw, tb, **options)
    grad = values(np.random.default_rng(len(w)), tuple(y.shape))
    y.backward(torch.tensor(grad))
    for found, expected in zip(ops.conv_transpose2d_backward(grad, x, w, **options), (tx.grad, tw.grad, tb.grad), strict=True):
        assert found.shape == expected.shape
        assert_allclose(found, expected.numpy(), rtol=1e-10, atol=1e-10)


def test_the_gradients_of_two_taps_can_be_written_down():
    # y0 = w0 x0, y1 = w1 x0 + w0 x1, y2 = w1 x1; the loss grows by 1, 10 and 100 with them.
    grad_x, grad_w, grad_b = ops.conv_transpose2d_backward([[[1, 10, 100]]], [[[2, 3]]], [[[[5, 7]]]])
    assert_array_equal(grad_x, [[[5 + 70, 50 + 700]]])
    assert_array_equal(grad_w, [[[[2 + 30, 20 + 300]]]])
    assert_array_equal(grad_b, [111])


@random_layers
@given(layer=convs(2, max_k=3, modes=["zeros"], same=False))
def test_a_convolution_and_its_transposition_are_adjoint(layer):
    x, w, _, options = layer
    del options["padding_mode"]
    options["padding"] = 0 if options["padding"] == "valid" else options["padding"]
    s, p, d = (np.broadcast_to(options[name], 2).tolist() for name in ("stride", "padding", "dilation"))
    lost = tuple((n + 2 * p - d * (k - 1) - 1) % s for n, k, s, p, d in zip(x.shape[-2:], w.shape[2:], s, p, d))
    y = ops.conv2d(x, w, **options)
    z = values(np.random.default_rng(1), y.shape)
    for form in FORMS_2D:
        back = form(z, w, output_padding=lost, **options)
        assert back.shape == x.shape
        assert_allclose((y * z).sum(), (x * back).sum(), rtol=1e-10, atol=1e-12 * np.abs(y * z).sum())


@random_layers
@given(layer=conv_transposes(2, bias=False))
def test_backward_is_the_adjoint_of_forward_and_grad_x_is_the_convolution_itself(layer):
    x, w, _, options = layer
    y = ops.conv_transpose2d(x, w, **options)
    grad = values(np.random.default_rng(2), y.shape)
    grad_x, grad_w, _ = ops.conv_transpose2d_backward(grad, x, w, **options)
    scale = np.abs(y * grad).sum()
    assert_allclose((y * grad).sum(), (x * grad_x).sum(), rtol=1e-10, atol=1e-12 * scale)
    assert_allclose((y * grad).sum(), (w * grad_w).sum(), rtol=1e-10, atol=1e-12 * scale)
    direct = {name: v for name, v in options.items() if name != "output_padding"}
    h, w_ = x.shape[-2:]
    assert_allclose(ops.conv2d(grad, w, **direct)[..., :h, :w_], grad_x, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("axes, form", ALL)
def test_it_is_linear_and_groups_are_small_layers_side_by_side(axes, form):
    rng = np.random.default_rng(4)
    x, x2, w, b = (values(rng, shape) for shape in ((4, *[3] * axes), (4, *[3] * axes), (4, 3, *[2] * axes), (6,)))
    options = dict(stride=2, padding=1, output_padding=1)
    both = form(2 * x - 3 * x2, w, groups=2, **options)
    assert_allclose(both, 2 * form(x, w, groups=2, **options) - 3 * form(x2, w, groups=2, **options), atol=1e-12)
    parts = [form(x[half], w[half], b[out], **options) for half, out in ((slice(0, 2), slice(0, 3)), (slice(2, 4), slice(3, 6)))]
    assert_allclose(form(x, w, b, groups=2, **options), np.concatenate(parts), atol=1e-12)


@random_layers
@given(layer=conv_transposes(2))
def test_sizes_are_those_of_shapes(layer):
    x, w, b, options = layer
    groups = options.pop("groups")
    for axis in 0, 1:
        along = {name: np.broadcast_to(v, 2)[axis].item() for name, v in options.items()}
        expected = shapes.conv_transpose_output_size(x.shape[axis - 2], w.shape[axis - 2], **along)
        assert ops.conv_transpose2d(x, w, b, groups=groups, **options).shape[axis - 2] == expected


@pytest.mark.parametrize("axes", [1, 2, 3])
@pytest.mark.parametrize("direction", ["forward", "transposed"])
def test_the_matrix_is_the_convolution_and_its_transpose_the_transposed_one(axes, direction):
    conv, back = getattr(ops, f"conv{axes}d"), getattr(ops, f"conv_transpose{axes}d")

    @random_layers
    @given(layer=convs(axes, max_k=3 if axes < 3 else 2, more=3 if axes < 3 else 1, modes=["zeros"]))
    def holds(layer):
        x, w, _, options = layer
        del options["padding_mode"]
        x = x.reshape(-1, *x.shape[-axes - 1:])[0]
        n = x.shape[1:]
        C = ops.conv_matrix(w, n[0] if len(set(n)) == 1 else n, **options)
        y = conv(x, w, **options)
        assert C.shape == (y.size, x.size)
        if direction == "forward":
            assert_allclose(C @ x.ravel(), y.ravel(), rtol=1e-10, atol=1e-10)
        elif options["padding"] != "same":
            p = 0 if options["padding"] == "valid" else options["padding"]
            s, p, d = (np.broadcast_to(v, axes).tolist() for v in (options["stride"], p, options["dilation"]))
            lost = tuple((n + 2 * p - d * (k - 1) - 1) % s for n, k, s, p, d in zip(n, w.shape[2:], s, p, d))
            options = {**options, "padding": tuple(p), "output_padding": lost}
            assert_allclose(C.T @ y.ravel(), back(y, w, **options).ravel(), rtol=1e-10, atol=1e-10)

    holds()


def test_rows_taken_in_blocks_give_what_all_rows_at_once_give(monkeypatch):
    from convbook.ops import transposed

    x, w = values(np.random.default_rng(6), (2, 3, 7, 5)), values(np.random.default_rng(7), (3, 2, 4, 3))
    whole = ops.conv_transpose2d(x, w, stride=(3, 2), dilation=(2, 1))
    for at_once in 1, 2 * 12 * 5 * 3, 2 * 12 * 5 * 7:  # one row, three rows, one image; all at once above
        monkeypatch.setattr(transposed, "AT_ONCE", at_once)
        assert_allclose(ops.conv_transpose2d(x, w, stride=(3, 2), dilation=(2, 1)), whole, atol=1e-13)


def test_memory_beyond_the_arrays_stays_within_the_columns_of_a_block():
    import tracemalloc

    x, w = np.ones((1, 64, 120, 120), np.float32), np.ones((64, 64, 4, 4), np.float32)  # all columns: 59 MB
    tracemalloc.start()
    y = ops.conv_transpose2d(x, w, stride=2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.2 * y.nbytes + 20e6


@pytest.mark.parametrize("axes, form", ALL)
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.int32, np.int64])
def test_integers_become_int64_and_stay_exact(axes, form, dtype):
    x, w = np.full((3, *[2] * axes), 100, dtype), np.full((3, 2, *[2] * axes), 100, dtype)
    y = form(x, w)
    assert y.dtype == np.int64
    assert y[(0, *[1] * axes)] == 3 * 2**axes * 100 * 100
    one = [1] * axes
    assert form(np.full((1, *one), 2**53 + 1), np.ones((1, 1, *one), int)).item() == 2**53 + 1  # beyond float64


@pytest.mark.parametrize("form", FORMS_2D)
def test_mixed_types_are_promoted_an_empty_batch_stays_empty_and_one_pixel_works(form):
    w = np.ones((2, 3, 3, 3), np.float32)
    assert form(np.ones((2, 1, 1), np.float32), w).dtype == np.float32
    assert form(np.ones((2, 1, 1), np.uint8), w).dtype == np.float64
    assert form(np.ones((2, 1, 1), np.float32), w, np.ones(3)).dtype == np.float64
    y = form(np.zeros((0, 2, 4, 5)), w, np.ones(3), stride=2)
    assert (y.shape, y.dtype) == ((0, 3, 9, 11), np.float64)
    assert_allclose(form([[[2.0]]], np.arange(9.0).reshape(1, 1, 3, 3)), 2 * np.arange(9.0).reshape(1, 3, 3))


def test_an_empty_batch_has_gradients_of_zero_and_gradients_are_promoted_together():
    w = np.ones((2, 3, 3, 3), np.float32)
    grad_x, grad_w, grad_b = ops.conv_transpose2d_backward(np.zeros((0, 3, 6, 7)), np.zeros((0, 2, 4, 5)), w)
    assert grad_x.shape == (0, 2, 4, 5)
    assert_array_equal(grad_w, np.zeros((2, 3, 3, 3)))
    assert_array_equal(grad_b, np.zeros(3))
    single = np.ones((2, 1, 1), np.float32)
    assert {g.dtype.name for g in ops.conv_transpose2d_backward(np.ones((3, 3, 3), np.float32), single, w)} == {"float32"}
    assert {g.dtype.name for g in ops.conv_transpose2d_backward(np.ones((3, 3, 3)), single, w)} == {"float64"}


@pytest.mark.parametrize("form", FORMS_2D)
def test_nothing_is_changed_views_give_what_their_copies_give_and_two_runs_the_same_bits(form):
    rng = np.random.default_rng(3)
    x, w, b = rng.standard_normal((5, 2, 8)), rng.standard_normal((3, 3, 2, 2)), rng.standard_normal(4)
    arrays = x.transpose(1, 2, 0)[:, ::-2], w.T, b[::2]
    for array in x, w, b:
        array.flags.writeable = False
    before = [a.copy() for a in arrays]
    y = form(*arrays, padding=(1, 0), stride=2)
    assert_allclose(y, form(*before, padding=(1, 0), stride=2), rtol=1e-12)  # other strides may be summed in another order
    assert_array_equal(y, form(*arrays, padding=(1, 0), stride=2))
    for a, old in zip(arrays, before, strict=True):
        assert_array_equal(a, old)
    y[:] = 0  # the result is the caller's own, to write to
    assert_array_equal(arrays[0], before[0])
