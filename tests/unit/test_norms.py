"""Normalizations and their gradients: by hand, against PyTorch, and the laws they obey."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from strategies import random_layers, values

from convbook import ops, reference

FORMS = pytest.mark.parametrize("form", [reference, ops])
NAMES = ["batch_norm", "batch_norm in inference", "layer_norm", "group_norm", "instance_norm", "instance_norm, running"]


@st.composite
def norms(draw, name, dtype=np.float64):
    """One normalization: (function's name, x, what comes between x and weight, weight, bias, options)."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    some = lambda shape: values(rng, shape, dtype) if rng.random() < 0.7 else None  # noqa: E731
    G, K = rng.integers(1, 4, 2)
    places = tuple(rng.integers(1, 4, rng.integers(0, 4)))
    C, N = int(G * K), int(rng.integers(1, 4))
    if name.startswith("batch_norm") and N * np.prod(places) == 1 or name == "group_norm" and N * K * np.prod(places) == 1:
        N = 2
    if name == "instance_norm" and np.prod(places) == 1:
        places = (*places, 2)
    shape = (N, C, *map(int, places))
    x = values(rng, shape, dtype) * dtype(rng.uniform(0.5, 3)) + dtype(rng.uniform(-2, 2))
    options = {"eps": float(rng.choice([1e-5, 1e-3, 0.5]))}
    affine = (C,)
    running = (values(rng, C, dtype), values(rng, C, dtype) ** 2)
    if name == "layer_norm":
        affine = shape[int(rng.integers(0, len(shape))):]
        between = (affine,)
    elif name == "group_norm":
        between = (int(G),)
    elif name.startswith("batch_norm"):
        options["training"] = name == "batch_norm"
        between = running if not options["training"] or rng.random() < 0.5 else (None, None)
    else:
        options["use_input_stats"] = name == "instance_norm"
        between = running if not options["use_input_stats"] or rng.random() < 0.5 else (None, None)
    return name.split()[0].strip(","), x, between, some(affine), some(affine), options


def tensor(value):
    return torch.tensor(value) if isinstance(value, np.ndarray) else value


@FORMS
@pytest.mark.parametrize("name", NAMES)
@random_layers
@given(data=st.data())
def test_every_normalization_agrees_with_pytorch(form, name, data):
    function, x, between, w, b, options = data.draw(norms(name))
    expected = getattr(F, function)(tensor(x), *map(tensor, between), tensor(w), tensor(b), **options).numpy()
    y = getattr(form, function)(x, *between, w, b, **options)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    assert_allclose(y, expected, rtol=1e-9, atol=1e-9 * max(1, np.abs(expected).max()))


@FORMS
@pytest.mark.parametrize("name", NAMES)
@settings(random_layers, max_examples=100)
@given(data=st.data())
def test_float32_stays_float32_and_agrees_with_pytorch(form, name, data):
    function, x, between, w, b, options = data.draw(norms(name, dtype=np.float32))
    options["eps"] = 0.01  # two entries nearly equal would magnify what float32 rounds
    expected = getattr(F, function)(tensor(x), *map(tensor, between), tensor(w), tensor(b), **options).numpy()
    y = getattr(form, function)(x, *between, w, b, **options)
    assert y.dtype == np.float32
    assert_allclose(y, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
@random_layers
@given(data=st.data())
def test_gradients_are_autograds(name, data):
    function, x, between, w, b, options = data.draw(norms(name))
    shape = between[0] if function == "layer_norm" else x.shape[1:2]
    # PyTorch 2.13's own gradients come out permuted for some layouts with sides of 1: it gets plain copies, we the views.
    tx = torch.tensor(np.ascontiguousarray(x), requires_grad=True)
    tw = torch.tensor(np.ones(shape) if w is None else w, requires_grad=True)
    tb = torch.zeros(shape, dtype=tw.dtype, requires_grad=True)
    y = getattr(F, function)(tx, *map(tensor, between), tw, tb, **options)
    grad = values(np.random.default_rng(x.size), x.shape)
    y.backward(torch.tensor(np.ascontiguousarray(grad)))
    found = getattr(ops, f"{function}_backward")(grad, x, *between, w, **options)
    for array, expected in zip(found, (tx.grad, tw.grad, tb.grad)):
        assert array.shape == expected.shape
        assert_allclose(array, expected.numpy(), rtol=1e-8, atol=1e-8 * max(1, float(expected.abs().max())))


# Two images, two channels, two places. Channel 0 holds 1, 3, 5, 7: mean 4, variance 5. Channel 1 holds 2, 2, 0, 8.
X = np.array([[[1, 3], [2, 2]], [[5, 7], [0, 8]]])


@FORMS
def test_the_four_normalizations_of_eight_numbers_can_be_checked_by_hand(form):
    root5, root9 = 5**0.5, 3
    batch = form.batch_norm(X, None, None, training=True, eps=0)
    assert_allclose(batch[:, 0], np.array([[-3, -1], [1, 3]]) / root5)
    assert_allclose(batch[:, 1], np.array([[-1, -1], [-3, 5]]) / root9)
    layer = form.layer_norm(X, (2, 2), eps=0)
    assert_allclose(layer[0], np.array([[-1, 1], [0, 0]]) / 0.5**0.5)
    assert_allclose(layer[1], np.array([[0, 2], [-5, 3]]) / (38 / 4)**0.5, atol=1e-15)
    assert_allclose(form.group_norm(X, 1, eps=0), layer)
    assert_allclose(form.instance_norm(X, eps=1), [[[-1 / 2**0.5, 1 / 2**0.5], [0, 0]], [[-1 / 2**0.5, 1 / 2**0.5], [-4 / 17**0.5, 4 / 17**0.5]]])


def test_gradients_are_the_slopes_of_the_loss():
    rng = np.random.default_rng(5)
    x, grad, w, b = rng.standard_normal((2, 4, 3)), rng.standard_normal((2, 4, 3)), rng.standard_normal(4), rng.standard_normal(4)
    for found, norm in [(ops.batch_norm_backward(grad, x, None, None, w, training=True), lambda: ops.batch_norm(x, None, None, w, b, True)),
                        (ops.group_norm_backward(grad, x, 2, w), lambda: ops.group_norm(x, 2, w, b))]:
        for array, slopes in zip((x, w, b), found):
            for place in np.ndindex(array.shape):
                old, ends = array[place], []
                for step in 1e-4, -1e-4:
                    array[place] = old + step
                    ends.append((grad * norm()).sum())
                array[place] = old
                assert_allclose((ends[0] - ends[1]) / 2e-4, slopes[place], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("block", [1, 5, 24, 1000])
def test_blocks_of_any_size_give_the_same_numbers(block, monkeypatch):
    rng = np.random.default_rng(2)
    x, grad, w, b, mean = rng.standard_normal((3, 6, 5)), rng.standard_normal((3, 6, 5)), *rng.standard_normal((3, 6))
    calls = [lambda f: f.batch_norm(x, None, None, w, b, True), lambda f: f.batch_norm(x, mean, mean**2, w, b),
             lambda f: f.group_norm(x, 2, w, b), lambda f: f.instance_norm(x, None, None, w, b), lambda f: f.layer_norm(x, 5)]
    back = [lambda: ops.batch_norm_backward(grad, x, None, None, w, training=True), lambda: ops.layer_norm_backward(grad, x, (6, 5)),
            lambda: ops.batch_norm_backward(grad, x, mean, mean**2, w), lambda: ops.group_norm_backward(grad, x, 2, w)]
    whole = [call() for call in back]
    monkeypatch.setattr("convbook.ops.norms.BLOCK", block)
    for call in calls:
        assert_allclose(call(ops), call(reference), rtol=1e-11, atol=1e-11)
    for call, expected in zip(back, whole):
        for found, wanted in zip(call(), expected):
            assert_allclose(found, wanted, rtol=1e-11, atol=1e-11)


@FORMS
def test_group_norm_goes_from_layer_norm_to_instance_norm(form):
    x = np.random.default_rng(1).standard_normal((2, 6, 3, 4))
    assert_allclose(form.group_norm(x, 1), form.layer_norm(x, (6, 3, 4)), atol=1e-12)
    assert_allclose(form.group_norm(x, 6), form.instance_norm(x), atol=1e-12)
    assert_allclose(form.instance_norm(x[:1]), form.batch_norm(x[:1], None, None, training=True), atol=1e-12)
    halves = [form.group_norm(half, 1) for half in (x[:, :3], x[:, 3:])]
    assert_allclose(form.group_norm(x, 2), np.concatenate(halves, axis=1), atol=1e-12)


AXES = [("batch_norm", (None, None), dict(training=True), (0, 2, 3)), ("layer_norm", ((6, 3, 4),), {}, (1, 2, 3)),
        ("instance_norm", (), {}, (2, 3)), ("layer_norm", ((4,),), {}, (3,))]


@FORMS
@pytest.mark.parametrize("name, between, options, axes", AXES)
def test_what_comes_out_has_mean_zero_and_variance_one(form, name, between, options, axes):
    x = 3 * np.random.default_rng(1).standard_normal((2, 6, 3, 4)) + 7
    y = getattr(form, name)(x, *between, eps=0, **options)
    assert_allclose(y.mean(axis=axes), 0, atol=1e-12)
    assert_allclose(y.var(axis=axes), 1, rtol=1e-12)


@FORMS
@pytest.mark.parametrize("name, between, options, axes", AXES)
def test_shift_and_scale_of_the_input_change_nothing(form, name, between, options, axes):
    x = np.random.default_rng(1).standard_normal((2, 6, 3, 4))
    norm = getattr(form, name)
    assert_allclose(norm(5 * x - 3, *between, eps=0, **options), norm(x, *between, eps=0, **options), atol=1e-11)
    assert_allclose(norm(-x, *between, **options), -norm(x, *between, **options), atol=1e-12)


def test_so_the_gradient_has_no_part_along_a_shift_or_a_scale():
    rng = np.random.default_rng(3)
    x, grad = rng.standard_normal((2, 3, 4, 5, 2))
    for grad_x, axes in [(ops.batch_norm_backward(grad, x, None, None, training=True, eps=0)[0], (0, 2, 3)),
                         (ops.group_norm_backward(grad, x, 1, eps=0)[0], (1, 2, 3)), (ops.instance_norm_backward(grad, x, eps=0)[0], (2, 3))]:
        assert_allclose(grad_x.sum(axis=axes), 0, atol=1e-12)
        assert_allclose((grad_x * x).sum(axis=axes), 0, atol=1e-12)
        assert np.abs(grad_x).max() > 0.01


@FORMS
def test_batch_norm_in_inference_is_one_scale_and_shift_for_each_channel(form):
    rng = np.random.default_rng(3)
    x, other = rng.standard_normal((2, 2, 3, 5))
    mean, var, w, b = rng.standard_normal(3), rng.random(3), rng.standard_normal(3), rng.standard_normal(3)
    scale = w / np.sqrt(var + 1e-5)
    y = form.batch_norm(x, mean, var, w, b)
    assert_allclose(y, x * scale[:, None] + (b - mean * scale)[:, None], atol=1e-12)
    assert_allclose(form.batch_norm(np.stack([x[0], other[0]]), mean, var, w, b)[0], y[0], rtol=1e-13)  # whatever stands beside it
    assert_allclose(form.instance_norm(x, mean, var, w, b, use_input_stats=False), y, rtol=1e-13)


@FORMS
@pytest.mark.parametrize("name, between, options, axes", AXES)
def test_a_large_mean_costs_float32_nothing(form, name, between, options, axes):
    x = (1e4 + np.random.default_rng(0).standard_normal((4, 6, 3, 4))).astype(np.float32)
    exact = x.astype(np.float64)
    exact = (exact - exact.mean(axis=axes, keepdims=True)) / np.sqrt(exact.var(axis=axes, keepdims=True) + 1e-5)
    assert_allclose(getattr(form, name)(x, *between, **options), exact, atol=2e-6)


@FORMS
def test_a_large_running_mean_costs_float32_nothing_either(form):
    x = (1e4 + np.random.default_rng(0).standard_normal((4, 2, 3, 4))).astype(np.float32)
    mean, var = np.full(2, 1e4, np.float32), np.ones(2, np.float32)
    assert_allclose(form.batch_norm(x, mean, var), (x - 1e4) / np.sqrt(1 + 1e-5), atol=1e-6)


@FORMS
@pytest.mark.parametrize("shape", [(2, 3), (4, 3, 1), (2, 3, 2, 5), (1, 1, 2, 1, 3)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_running_statistics_become_what_pytorch_makes_of_them(form, shape, dtype):
    rng = np.random.default_rng(4)
    x, mean, var = rng.standard_normal(shape).astype(dtype), rng.standard_normal(shape[1]).astype(dtype), rng.random(shape[1]).astype(dtype)
    tmean, tvar = torch.tensor(mean), torch.tensor(var)
    F.batch_norm(torch.tensor(x), tmean, tvar, training=True, momentum=0.3)
    for found, expected in zip(form.running_statistics(x, mean, var, momentum=0.3), (tmean, tvar)):
        assert found.dtype == dtype
        assert_allclose(found, expected.numpy(), rtol=1e-5 if dtype == np.float32 else 1e-12)


@pytest.mark.parametrize("backward", [lambda g, x: ops.batch_norm_backward(g, x, None, None, training=True),
                                      lambda g, x: ops.group_norm_backward(g, x, 2), lambda g, x: ops.layer_norm_backward(g, x, 25)])
def test_nor_do_the_gradients_lose_by_a_large_mean(backward):
    rng = np.random.default_rng(0)
    x, grad = (1e4 + rng.standard_normal((4, 6, 25))).astype(np.float32), rng.standard_normal((4, 6, 25)).astype(np.float32)
    for found, exact in zip(backward(grad, x), backward(grad.astype(np.float64), x.astype(np.float64))):
        assert_allclose(found, exact, rtol=1e-5, atol=1e-5)
