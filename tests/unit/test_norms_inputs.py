"""What normalizations make of unusual input, and the whole message for every wrong one."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from convbook import ops, reference

FORMS = pytest.mark.parametrize("form", [reference, ops])
NUMBERS = "it must be float32, float64 or an integer type up to int64"
X = np.random.default_rng(0).standard_normal((2, 4, 3))
ONES = np.ones(4)
NEED = {"batch_norm": dict(running_mean=None, running_var=None, training=True), "layer_norm": dict(normalized_shape=(4, 3)),
        "group_norm": dict(num_groups=2), "instance_norm": {}}
NORMS = pytest.mark.parametrize("name", NEED)


@FORMS
@NORMS
def test_integers_come_out_as_float64(form, name):
    x = np.arange(24).reshape(2, 4, 3) ** 2
    for dtype in np.uint8, np.int64:
        y = getattr(form, name)(x.astype(dtype), **NEED[name])
        assert y.dtype == np.float64
        assert_array_equal(y, getattr(form, name)(x.astype(dtype).astype(float), **NEED[name]))


@FORMS
@NORMS
def test_types_are_promoted_as_numpy_promotes_them(form, name):
    x = X.astype(np.float32)
    shape = (4, 3) if name == "layer_norm" else 4
    for dtype in np.float32, np.float64:
        assert getattr(form, name)(x, weight=np.ones(shape, dtype), **NEED[name]).dtype == dtype
        assert getattr(form, name)(x, bias=np.ones(shape, dtype), **NEED[name]).dtype == dtype


@FORMS
def test_running_statistics_count_for_the_type_only_where_they_are_used(form):
    x = X.astype(np.float32)
    assert form.batch_norm(x, 0 * ONES, ONES, training=True).dtype == np.float32
    assert form.batch_norm(x, 0 * ONES, ONES).dtype == np.float64


@NORMS
def test_gradients_share_the_type_that_numpy_promotes_to(name):
    options = NEED[name]
    for grad, x, dtype in [(np.float32, np.float32, np.float32), (np.float64, np.float32, np.float64), (np.float32, np.float64, np.float64)]:
        found = getattr(ops, f"{name}_backward")(X.astype(grad), X.astype(x), **options)
        assert {g.dtype for g in found} == {np.dtype(dtype)}
        for g, exact in zip(found, getattr(ops, f"{name}_backward")(X, X, **options)):
            assert_allclose(g, exact, rtol=1e-4, atol=1e-4)


@FORMS
@NORMS
@pytest.mark.parametrize("shape", [(0, 4, 3), (2, 4, 0)])
def test_an_empty_batch_or_image_gives_an_empty_result(form, name, shape):
    need = dict(normalized_shape=shape[1:]) if name == "layer_norm" else NEED[name]
    assert getattr(form, name)(np.zeros(shape), **need).shape == shape
    grad_x, grad_w, grad_b = getattr(ops, f"{name}_backward")(np.zeros(shape), np.zeros(shape), **need)
    assert grad_x.shape == shape and grad_w.shape == grad_b.shape == (shape[1:] if name == "layer_norm" else (4,))
    assert not grad_w.any() and not grad_b.any()


@FORMS
def test_one_channel_and_one_image_work(form):
    y = form.batch_norm([[[1, 5]]], None, None, training=True, eps=0)
    assert_array_equal(y, [[[-1, 1]]])
    assert_array_equal(form.group_norm([[[1, 5]]], 1, eps=0), y)
    assert_array_equal(form.group_norm([[1], [5]], 1), [[0], [0]])  # one value each: PyTorch lets larger batches through
    assert_array_equal(form.layer_norm([7.0], 1, bias=[2]), [2])
    assert_array_equal(form.layer_norm(3.0 * np.ones((2, 3)), 3), np.zeros((2, 3)))


@FORMS
@NORMS
def test_nothing_is_changed_and_views_give_what_their_copies_give(form, name):
    rng = np.random.default_rng(3)
    base = rng.standard_normal((3, 8, 2))
    x = base.transpose(2, 1, 0)[:, ::-2]
    shape = (4, 3) if name == "layer_norm" else (4,)
    arrays = [x, *(rng.standard_normal((2, *shape)))]
    if name in ("batch_norm", "instance_norm"):
        arrays += [rng.standard_normal(4), rng.random(4)]
    for a in (base, *arrays):
        a.flags.writeable = False
    before = [a.copy() for a in arrays]

    def both(x, w, b, *running):
        options = {**NEED[name], "weight": w, **dict(zip(("running_mean", "running_var"), running))}
        yield getattr(form, name)(x, bias=b, **options)
        yield from getattr(ops, f"{name}_backward")(x, x, **options)

    for found, again in zip(both(*arrays), both(*before)):
        assert_allclose(found, again, rtol=1e-12, atol=1e-14)  # sums may run in another order
        assert found.flags.writeable and not np.shares_memory(found, base)
    for a, old in zip(arrays, before):
        assert_array_equal(a, old)


@FORMS
@NORMS
def test_not_a_number_spreads_over_what_shares_its_mean_and_no_further(form, name):
    x = X.copy()
    x[1, 2, 0] = np.nan
    spread = {"batch_norm": np.s_[:, 2], "layer_norm": np.s_[1], "group_norm": np.s_[1, 2:], "instance_norm": np.s_[1, 2]}
    expected = np.zeros(x.shape, bool)
    expected[spread[name]] = True
    assert_array_equal(np.isnan(getattr(form, name)(x, **NEED[name])), expected)


COMMON = [
    (dict(x="image"), TypeError, f"x has dtype <U5; {NUMBERS}"),
    (dict(x=X.astype(np.float16)), TypeError, f"x has dtype float16; {NUMBERS}"),
    (dict(x=X > 0), TypeError, f"x has dtype bool; {NUMBERS}"),
    (dict(weight="w"), TypeError, f"weight has dtype <U1; {NUMBERS}"),
    (dict(eps=-1e-5), ValueError, "eps=-1e-05 must be finite and at least 0"),
    (dict(eps=float("nan")), ValueError, "eps=nan must be finite and at least 0"),
    (dict(eps="small"), TypeError, "eps='small' must be a number"),
    (dict(eps=True), TypeError, "eps=True must be a number"),
]
BIAS = [(dict(bias=ONES > 0), TypeError, f"bias has dtype bool; {NUMBERS}")]
CHANNELS = [
    (dict(x=ONES), ValueError, "x has shape (4,); it must be (batch, channels, ...)"),
    (dict(x=np.ones((2, 0, 3))), ValueError, "x has shape (2, 0, 3); it must have at least 1 channel"),
    (dict(weight=np.ones(3)), ValueError, "weight has shape (3,); it must be (channels,) = (4,)"),
]
BIAS_CHANNELS = [(dict(bias=1.0), ValueError, "bias has shape (); it must be (channels,) = (4,)")]
RUNNING = [
    (dict(running_mean=ONES, running_var=None), ValueError, "running_mean and running_var must both be given, or neither"),
    (dict(running_mean=None, running_var=ONES), ValueError, "running_mean and running_var must both be given, or neither"),
    (dict(running_mean=np.ones(3), running_var=ONES), ValueError, "running_mean has shape (3,); it must be (channels,) = (4,)"),
    (dict(running_mean=ONES, running_var=np.ones((4, 1))), ValueError, "running_var has shape (4, 1); it must be (channels,) = (4,)"),
    (dict(running_mean="0000", running_var=ONES), TypeError, f"running_mean has dtype <U4; {NUMBERS}"),
    (dict(running_mean=ONES, running_var="1"), TypeError, f"running_var has dtype <U1; {NUMBERS}"),
    (dict(running_mean=ONES, running_var=[1, -0.5, 1, -2]), ValueError, "running_var[1]=-0.5 must be at least 0"),
]
MOMENTUM = [
    (dict(momentum=1.5), ValueError, "momentum=1.5 must be between 0 and 1"),
    (dict(momentum=-0.1), ValueError, "momentum=-0.1 must be between 0 and 1"),
    (dict(momentum=None), TypeError, "momentum=None must be a number"),
]
OWN = {
    "batch_norm": [
        (dict(training=False), ValueError, "running_mean and running_var must be given when training=False"),
        (dict(training=1), TypeError, "training=1 must be True or False"),
        (dict(x=np.ones((1, 4))), ValueError, "x has shape (1, 4); training needs more than 1 value per channel"),
        (dict(x=np.ones((1, 4, 1, 1))), ValueError, "x has shape (1, 4, 1, 1); training needs more than 1 value per channel"),
    ],
    "layer_norm": [
        (dict(x=np.ones((4, 2))), ValueError, "normalized_shape=(4, 3) must be the last axes of x, which has shape (4, 2)"),
        (dict(normalized_shape=4), ValueError, "normalized_shape=(4,) must be the last axes of x, which has shape (2, 4, 3)"),
        (dict(normalized_shape=(1, 2, 4, 3)), ValueError, "normalized_shape=(1, 2, 4, 3) must be the last axes of x, which has shape (2, 4, 3)"),
        (dict(normalized_shape=()), ValueError, "normalized_shape=() must be the last axes of x, which has shape (2, 4, 3)"),
        (dict(normalized_shape=(4, 3.0)), TypeError, "normalized_shape[1]=3.0 must be an integer"),
        (dict(normalized_shape="43"), TypeError, "normalized_shape[0]='43' must be an integer"),
        (dict(weight=ONES), ValueError, "weight has shape (4,); it must be normalized_shape = (4, 3)"),
    ],
    "group_norm": [
        (dict(num_groups=3), ValueError, "num_groups=3 must divide channels=4"),
        (dict(num_groups=0), ValueError, "num_groups=0 must be at least 1"),
        (dict(num_groups=2.0), TypeError, "num_groups=2.0 must be an integer"),
        (dict(x=np.ones((1, 4)), num_groups=4), ValueError, "x has shape (1, 4); num_groups=4 leaves 1 value per group, and more are needed"),
    ],
    "instance_norm": [
        (dict(use_input_stats=False), ValueError, "running_mean and running_var must be given when use_input_stats=False"),
        (dict(use_input_stats="no"), TypeError, "use_input_stats='no' must be True or False"),
        (dict(x=np.ones((2, 4))), ValueError, "x has shape (2, 4); its own statistics need more than 1 place per channel"),
        (dict(x=np.ones((2, 4, 1))), ValueError, "x has shape (2, 4, 1); its own statistics need more than 1 place per channel"),
    ],
}


def rows(name, forward):
    bad = COMMON + OWN[name]
    if name != "layer_norm":
        bad = bad + CHANNELS + BIAS_CHANNELS * forward
    if name in ("batch_norm", "instance_norm"):
        bad = bad + RUNNING + MOMENTUM * forward
    return bad + BIAS * forward


def refused(function, args, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        function(**args)


@FORMS
@pytest.mark.parametrize("name, change, error, message", [(name, *row) for name in NEED for row in rows(name, True)])
def test_bad_arguments_are_refused_with_a_whole_message(form, name, change, error, message):
    refused(getattr(form, name), {"x": X, **NEED[name], **change}, error, message)


@pytest.mark.parametrize("name, change, error, message", [(name, *row) for name in NEED for row in rows(name, False)])
def test_gradients_refuse_them_with_the_same_message(name, change, error, message):
    refused(getattr(ops, f"{name}_backward"), {"grad": X, "x": X, **NEED[name], **change}, error, message)


@NORMS
def test_a_gradient_that_does_not_fit_is_refused(name):
    backward = getattr(ops, f"{name}_backward")
    refused(backward, {"grad": X[:1], "x": X, **NEED[name]}, ValueError, "grad has shape (1, 4, 3); it must have the output's, (2, 4, 3)")
    refused(backward, {"grad": "1", "x": X, **NEED[name]}, TypeError, f"grad has dtype <U1; {NUMBERS}")


@FORMS
@pytest.mark.parametrize("change, error, message", [
    *RUNNING[2:], *MOMENTUM, *CHANNELS[:2], COMMON[1],
    (dict(running_mean=None), ValueError, "running_mean and running_var must both be given"),
    (dict(running_var=None), ValueError, "running_mean and running_var must both be given"),
    (dict(x=np.ones((1, 4))), ValueError, "x has shape (1, 4); running statistics need more than 1 value per channel"),
    (dict(x=np.ones((0, 4))), ValueError, "x has shape (0, 4); running statistics need more than 1 value per channel"),
])
def test_running_statistics_refuse_what_they_cannot_use(form, change, error, message):
    refused(form.running_statistics, {"x": X, "running_mean": ONES, "running_var": ONES, **change}, error, message)
