"""Thresholds, shrinkage and penalised minima: by hand, against a grid, PyTorch and scikit-learn, and their laws."""

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from numpy.testing import assert_allclose

from convbook import ops

HAND = np.array([8, 2, -4])


def bowl(rng, n=2):
    Q = np.linalg.qr(rng.normal(size=(n, n)))[0]
    return Q @ np.diag(rng.uniform(0.5, 6, n)) @ Q.T, rng.uniform(-3.5, 3.5, n), rng.uniform(0, 5), rng.choice([0, 0.3, 1])


def value(A, c, w, strength, share):
    d = np.asarray(w) - c
    return (d @ A * d).sum(-1) / 2 + strength * (share * np.abs(w).sum(-1) + (1 - share) * np.square(w).sum(-1) / 2)


def test_by_hand_l1_subtracts_and_l2_divides():
    assert ops.soft_threshold(HAND, 3).tolist() == [5, 0, -1]
    assert ops.shrink(HAND, 3).tolist() == [2, 0.5, -1]


@given(seed=st.integers(0, 2**31))
def test_the_minimum_is_what_a_fine_grid_finds(seed):
    """A grid that is refined around its best point: it knows nothing of signs or cases."""
    A, c, strength, share = bowl(np.random.default_rng(seed))
    w, middle, half = ops.penalised_minimum(A, c, strength, share=share), np.zeros(2), 8.0
    for _ in range(7):
        axis = np.linspace(-half, half, 33)
        points = middle + np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        middle, half = points[value(A, c, points, strength, share).argmin()], half / 4
    assert value(A, c, w, strength, share) <= value(A, c, middle, strength, share) + 1e-9
    assert_allclose(w, middle, atol=0.02)


@given(seed=st.integers(0, 2**31), n=st.integers(1, 4))
def test_at_the_minimum_slopes_cancel_and_a_zero_weight_is_held_by_the_penalty(seed, n):
    A, c, strength, share = bowl(np.random.default_rng(seed), n)
    w = ops.penalised_minimum(A, c, strength, share=share)
    slope = A @ (w - c) + strength * (1 - share) * w
    assert_allclose(slope[w != 0], -strength * share * np.sign(w[w != 0]), atol=1e-8)
    assert (np.abs(slope[w == 0]) <= strength * share + 1e-8).all()


def test_a_round_bowl_is_solved_by_threshold_and_shrinkage():
    rng = np.random.default_rng(0)
    for n in (1, 2, 4):
        c, s = rng.normal(0, 3, n), rng.uniform(0, 3)
        assert_allclose(ops.penalised_minimum(np.eye(n), c, s), ops.soft_threshold(c, s), atol=1e-12)
        assert_allclose(ops.penalised_minimum(np.eye(n), c, s, share=0), ops.shrink(c, s), atol=1e-12)
        assert_allclose(ops.penalised_minimum(np.eye(n), c, s, share=0.25), ops.shrink(ops.soft_threshold(c, s / 4), 3 * s / 4), atol=1e-12)


def test_it_is_scikit_learns_elastic_net():
    from sklearn.linear_model import ElasticNet

    rng = np.random.default_rng(3)
    for share in (0.2, 0.7, 1.0):
        X = rng.normal(size=(20, 3))
        y = X @ rng.normal(size=3) + rng.normal(0, 0.2, 20)
        fitted = ElasticNet(alpha=0.3, l1_ratio=share, fit_intercept=False, tol=1e-12, max_iter=100_000).fit(X, y).coef_
        A = X.T @ X / len(X)
        assert_allclose(ops.penalised_minimum(A, np.linalg.solve(A, X.T @ y / len(X)), 0.3, share=share), fitted, atol=1e-6)


@given(seed=st.integers(0, 2**31))
def test_strength_and_budget_have_the_same_minimum(seed):
    A, c, strength, share = bowl(np.random.default_rng(seed))
    w = ops.penalised_minimum(A, c, strength, share=share)
    spent = ops.penalty(w, share=share)
    if 1e-3 < spent < ops.penalty(c, share=share) - 1e-3 and strength > 1e-3:
        assert ops.budget_strength(A, c, spent, share=share) == pytest.approx(strength, abs=1e-6)
    assert ops.budget_strength(A, c, ops.penalty(c, share=share) + 1, share=share) == 0


@pytest.mark.parametrize("shape", [(), (7,), (3, 2, 4)])
def test_soft_threshold_is_pytorchs_softshrink(shape):
    x = np.random.default_rng(1).normal(size=shape)
    assert_allclose(ops.soft_threshold(x, 0.4), torch.nn.functional.softshrink(torch.tensor(x), 0.4).numpy())


def test_a_group_keeps_its_direction_or_vanishes_as_a_whole():
    w = np.random.default_rng(2).normal(size=(5, 3, 2, 4))
    w[3] = 0
    lengths = np.sqrt((w**2).sum(axis=(1, 2, 3)))
    out = ops.group_soft_threshold(w, lengths[1])
    assert_allclose(np.sqrt((out**2).sum(axis=(1, 2, 3))), np.maximum(lengths - lengths[1], 0), atol=1e-12)
    assert not out[1].any() and not out[3].any()
    assert_allclose(out[0] * lengths[0], w[0] * max(lengths[0] - lengths[1], 0), atol=1e-12)
    # Groups of one number are the ordinary threshold.
    assert_allclose(ops.group_soft_threshold(w.reshape(-1, 1), 0.5), ops.soft_threshold(w.reshape(-1, 1), 0.5), atol=1e-12)


def test_nothing_is_changed_in_place_and_float32_stays():
    x = np.array([[2.0, -1.0], [0.5, 0.1]], dtype=np.float32)
    before = x.copy()
    for result in (ops.soft_threshold(x, 1), ops.shrink(x, 1), ops.group_soft_threshold(x, 1)):
        assert result.dtype == np.float32 and result.shape == x.shape
    assert (x == before).all()


def test_no_square_overflows_or_vanishes():
    for scale in (1e200, 1e-200):
        assert_allclose(ops.group_soft_threshold([[3 * scale, 4 * scale]], scale), [[2.4 * scale, 3.2 * scale]])
    # In int64 the square of 2^32 would be 0.
    assert_allclose(ops.group_soft_threshold([[2**32, 0]], 1), [[2**32 - 1, 0]])
    assert ops.penalty([2**32], share=0) == 2.0**63


def test_groups_without_numbers_stay_empty():
    for shape in ((0, 3), (2, 0)):
        assert ops.group_soft_threshold(np.zeros(shape), 1).shape == shape


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda: ops.soft_threshold([1.0], -1), ValueError, "threshold=-1 must be finite and at least 0"),
    (lambda: ops.shrink([1.0], float("nan")), ValueError, "strength=nan must be finite and at least 0"),
    (lambda: ops.group_soft_threshold(3.0, 1), ValueError, "x=3.0 must have at least one axis, along which the groups lie"),
    (lambda: ops.soft_threshold([[1.0, 2.0]], [0.5, -0.5]), ValueError, "threshold[1]=-0.5 must be finite and at least 0"),
    (lambda: ops.soft_threshold([1.0, 2.0, 3.0], [1, 2]), ValueError,
     "threshold has shape (2,); it must be one number, or broadcast to the shape of x, (3,)"),
    (lambda: ops.shrink([1.0, 2.0], [[1], [2]]), ValueError,
     "strength has shape (2, 1); it must be one number, or broadcast to the shape of x, (2,)"),
    (lambda: ops.group_soft_threshold([[3.0]], [1]), TypeError, "threshold=[1] must be a number"),
    (lambda: ops.penalised_minimum([[1]], [1], [1]), TypeError, "strength=[1] must be a number"),
    (lambda: ops.penalised_minimum([[1]], [float("nan")], 1), ValueError, "centre[0]=nan must be finite"),
    (lambda: ops.budget_strength([[float("inf")]], [1], 1), ValueError, "curvature[0, 0]=inf must be finite"),
    (lambda: ops.penalty([3, -4], share=None), TypeError, "share=None must be a number"),
    (lambda: ops.penalty([3, -4], share=2), ValueError, "share=2 must be between 0 and 1"),
    (lambda: ops.penalised_minimum(np.eye(3), [1, 2], 1), ValueError,
     "curvature of shape (3, 3) and centre of shape (2,) must be (n, n) and (n,), n from 1 to 6"),
    (lambda: ops.penalised_minimum([[1, 2], [2, 1]], [1, 2], 1), ValueError, "curvature=[[1.0, 2.0], [2.0, 1.0]] must be symmetric and positive definite: a bowl"),
    (lambda: ops.penalised_minimum([[1, 0], [0, 1]], [1, 2], 1, share=1.5), ValueError, "share=1.5 must be between 0 and 1"),
    (lambda: ops.penalised_minimum([[1, 0], [0, 1]], [1, 2], -2), ValueError, "strength=-2 must be finite and at least 0"),
    (lambda: ops.budget_strength([[1, 0], [0, 1]], [1, 2], 0), ValueError, "budget=0 must be finite and more than 0"),
])
def test_whole_messages(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message
