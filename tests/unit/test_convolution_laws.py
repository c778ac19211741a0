"""Laws that every convolution obeys, whatever its numbers."""

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal
from strategies import convs, random_layers, values

from convbook import ops, reference

FORMS = pytest.mark.parametrize("conv", [reference.conv2d, ops.conv2d])
rng = np.random.default_rng(7)


def close(a, b):
    assert a.shape == b.shape
    assert_allclose(a, b, rtol=1e-10, atol=1e-10)


@FORMS
@random_layers
@given(layer=convs(2, max_k=3, more=3))
def test_it_is_linear_in_its_input_and_in_its_weight(conv, layer):
    x, w, _, options = layer
    x2, w2 = values(rng, x.shape), values(rng, w.shape)
    close(conv(2 * x - 3 * x2, w, **options), 2 * conv(x, w, **options) - 3 * conv(x2, w, **options))
    close(conv(x, 2 * w - 3 * w2, **options), 2 * conv(x, w, **options) - 3 * conv(x, w2, **options))


@FORMS
@random_layers
@given(layer=convs(2, max_k=3, more=3))
def test_the_bias_is_added_to_every_place_of_its_channel(conv, layer):
    x, w, _, options = layer
    b = values(rng, len(w))
    close(conv(x, w, b, **options), conv(x, w, **options) + b[:, None, None])


@FORMS
@random_layers
@given(layer=convs(2, max_k=3, more=3))
def test_groups_are_small_convolutions_side_by_side(conv, layer):
    x, w, b, options = layer
    G = options.pop("groups")
    pieces = zip(np.split(x, G, axis=-3), np.split(w, G), np.split(b, G) if b is not None else [None] * G)
    close(conv(x, w, b, groups=G, **options), np.concatenate([conv(*piece, **options) for piece in pieces], axis=-3))


@FORMS
@random_layers
@given(layer=convs(2, max_k=3, more=3))
def test_dilation_is_a_kernel_with_zeros_between_its_taps(conv, layer):
    x, w, b, options = layer
    d = options.pop("dilation")
    d_h, d_w = (d, d) if isinstance(d, int) else d
    k_h, k_w = w.shape[2:]
    spread = np.zeros((*w.shape[:2], d_h * (k_h - 1) + 1, d_w * (k_w - 1) + 1))
    spread[:, :, ::d_h, ::d_w] = w
    close(conv(x, w, b, dilation=d, **options), conv(x, spread, b, **options))


@FORMS
@random_layers
@given(layer=convs(2, max_k=3, more=3))
def test_a_stride_keeps_every_sth_place_of_the_convolution_without_it(conv, layer):
    x, w, b, options = layer
    s = options.pop("stride")
    s_h, s_w = (s, s) if isinstance(s, int) else s
    close(conv(x, w, b, stride=s, **options), conv(x, w, b, **options)[..., ::s_h, ::s_w])


@FORMS
def test_a_1x1_kernel_is_a_matrix_product_at_every_pixel(conv):
    x, w, b = values(rng, (2, 3, 4, 5)), values(rng, (6, 3, 1, 1)), values(rng, 6)
    close(conv(x, w, b), np.moveaxis(np.moveaxis(x, 1, -1) @ w[:, :, 0, 0].T + b, -1, 1))


@FORMS
def test_a_kernel_as_large_as_the_image_is_a_fully_connected_layer(conv):
    x, w = values(rng, (2, 3, 4, 5)), values(rng, (6, 3, 4, 5))
    close(conv(x, w)[:, :, 0, 0], x.reshape(2, -1) @ w.reshape(6, -1).T)


@FORMS
@pytest.mark.parametrize("shift", [(0, 1), (1, 0), (2, 3)])
@pytest.mark.parametrize("k", [(3, 3), (2, 3), (4, 1)])
def test_on_a_circle_shifting_the_input_shifts_the_output(conv, shift, k):
    x, w = values(rng, (2, 5, 6)), values(rng, (3, 2, *k))
    same = dict(padding="same", padding_mode="circular")
    close(conv(np.roll(x, shift, (1, 2)), w, **same), np.roll(conv(x, w, **same), shift, (1, 2)))


@FORMS
def test_away_from_the_borders_shifting_the_input_shifts_the_output_and_at_them_it_does_not(conv):
    x, w = values(rng, (1, 6, 7)), values(rng, (1, 1, 3, 3))
    y, shifted = conv(x, w, padding=1), conv(np.roll(x, 1, axis=2), w, padding=1)
    close(shifted[..., 2:-1], y[..., 1:-2])
    assert not np.allclose(shifted[..., 1], y[..., 0])


@FORMS
def test_with_a_stride_only_shifts_by_whole_strides_come_through(conv):
    x, w = values(rng, (1, 6, 8)), values(rng, (1, 1, 3, 3))
    options = dict(stride=2, padding=1, padding_mode="circular")
    y = conv(x, w, **options)
    close(conv(np.roll(x, 2, axis=2), w, **options), np.roll(y, 1, axis=2))
    assert not any(np.allclose(conv(np.roll(x, 1, axis=2), w, **options), np.roll(y, t, axis=2)) for t in range(4))


def flipped(w):
    return w[..., ::-1, ::-1]


@FORMS
def test_true_convolution_is_correlation_with_the_flipped_kernel_and_commutes(conv):
    a, b = values(rng, (4, 5)), values(rng, (2, 3))

    def true_convolution(x, w):  # every place where the two overlap at all
        x = np.pad(x, [(n - 1, n - 1) for n in w.shape])
        return conv(x[None], flipped(w)[None, None])[0]

    by_hand = np.zeros((5, 7))
    for (i, j), value in np.ndenumerate(b):
        by_hand[i:i + 4, j:j + 5] += value * a
    close(true_convolution(a, b), by_hand)
    close(true_convolution(a, b), true_convolution(b, a))
    assert not np.allclose(conv(a[None], b[None, None], padding=(1, 2))[0], by_hand)


@pytest.mark.parametrize("conv1d", [reference.conv1d, ops.conv1d])
def test_1d_is_numpys_correlate(conv1d):
    x, w = values(rng, 9), values(rng, 4)
    close(conv1d(x[None], w[None, None])[0], np.correlate(x, w, "valid"))
    close(conv1d(x[None], w[None, None, ::-1], padding=3)[0], np.convolve(x, w, "full"))


@pytest.mark.parametrize("form", [reference, ops])
def test_an_axis_of_one_tap_is_carried_along_unchanged(form):
    x, w = values(rng, (2, 3, 4, 5, 6)), values(rng, (4, 3, 1, 2, 3))
    y = form.conv3d(x, w, padding=(0, 1, 1), stride=(1, 2, 1))
    for z in range(4):
        close(y[:, :, z], form.conv2d(x[:, :, z], w[:, :, 0], padding=1, stride=(2, 1)))
    y = form.conv2d(x[:, :, 0], w[:, :, 0, :1])
    for i in range(5):
        close(y[:, :, i], form.conv1d(x[:, :, 0, i], w[:, :, 0, 0]))


@random_layers
@given(layer=convs(2, modes=["zeros"]))
def test_backward_is_the_adjoint_of_forward_in_the_input_and_in_the_weight(layer):
    x, w, _, options = layer
    del options["padding_mode"]
    y = ops.conv2d(x, w, **options)
    grad = values(rng, y.shape)
    grad_x, grad_w, grad_b = ops.conv2d_backward(grad, x, w, **options)
    scale = np.abs(y * grad).sum()
    assert_allclose((y * grad).sum(), (x * grad_x).sum(), rtol=1e-10, atol=1e-12 * scale)
    assert_allclose((y * grad).sum(), (w * grad_w).sum(), rtol=1e-10, atol=1e-12 * scale)
    assert_allclose(grad.sum(), grad_b.sum(), rtol=1e-10, atol=1e-12 * scale)


@pytest.mark.parametrize("form", [reference.conv2d, ops.conv2d, ops.conv2d_im2col, ops.conv2d_fft, ops.conv2d_winograd])
def test_two_runs_give_the_same_bits(form):
    x, w = values(rng, (2, 3, 6, 7)), values(rng, (4, 3, 3, 3))
    assert_array_equal(form(x, w, padding=1), form(x, w, padding=1))
