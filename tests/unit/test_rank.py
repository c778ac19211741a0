"""Separable forms of kernels and CP decompositions of filters: exact where they can be, as near as theory says elsewhere."""

import re

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from convbook import cost, ops

SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
LAPLACE = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
NUMBERS = "it must be float32, float64 or an integer type up to int64"
rng = np.random.default_rng(0)


def test_singular_values_of_two_kernels_can_be_checked_by_hand():
    assert_allclose(ops.singular_values(SOBEL), [12**0.5, 0, 0], atol=1e-15)  # |column| |row| = sqrt(6) sqrt(2)
    # Laplace: on (1, 0, -1) nothing; on the rest [[0, sqrt 2], [sqrt 2, -4]], eigenvalues -2 -+ sqrt 6.
    assert_allclose(ops.singular_values(LAPLACE), [6**0.5 + 2, 6**0.5 - 2, 0], atol=1e-14)


def test_sobels_kernel_is_its_smoothing_column_times_its_difference_row():
    columns, rows, error = ops.separable_form(SOBEL)
    assert_allclose(columns[0] / columns[0, 0], [1, 2, 1])
    assert_allclose(rows[0] / rows[0, 0], [1, 0, -1], atol=1e-15)
    assert_allclose(np.linalg.norm(columns), np.linalg.norm(rows))
    assert columns[0, 1] > 0 and error < 1e-15


@pytest.mark.parametrize("shape", [(3, 3), (5, 3), (2, 7), (1, 4), (6, 6)])
def test_the_error_is_the_tail_of_the_singular_values(shape):
    kernel = rng.standard_normal(shape)
    s = np.linalg.svd(kernel, compute_uv=False)
    for r in range(1, min(shape) + 1):
        columns, rows, error = ops.separable_form(kernel, r)
        assert (columns.shape, rows.shape) == ((r, shape[0]), (r, shape[1]))
        assert_allclose(error, np.sqrt((s[r:] ** 2).sum() / (s**2).sum()), atol=1e-14)
        assert_allclose(np.linalg.norm(kernel - ops.from_separable(columns, rows)) / np.linalg.norm(kernel), error, atol=1e-14)


def test_no_other_sum_of_two_is_closer():
    kernel = rng.standard_normal((5, 4))
    columns, rows, error = ops.separable_form(kernel, 2)
    for step in 1e-3, 0.1, 1.0:
        for _ in range(50):
            other = ops.from_separable(columns + step * rng.standard_normal(columns.shape), rows + step * rng.standard_normal(rows.shape))
            assert np.linalg.norm(kernel - other) / np.linalg.norm(kernel) > error


def test_a_weight_is_taken_slice_by_slice_and_filters_an_image_as_columns_then_rows():
    weight, x = rng.standard_normal((2, 3, 3, 4)), rng.standard_normal((3, 6, 7))
    columns, rows, error = ops.separable_form(weight, 2)
    assert (columns.shape, rows.shape, error.shape) == ((2, 3, 2, 3), (2, 3, 2, 4), (2, 3))
    one = ops.separable_form(weight[1, 2], 2)
    for found, expected in zip((columns[1, 2], rows[1, 2], error[1, 2]), one):
        assert_allclose(found, expected, atol=1e-14)
    assert_allclose(ops.singular_values(weight)[1, 2], ops.singular_values(weight[1, 2]))
    near = ops.from_separable(columns, rows)
    passes = sum(ops.conv2d(ops.conv2d(x[[c]], columns[1, c, i][None, None, :, None]), rows[1, c, i][None, None, None])
                 for c in range(3) for i in range(2))
    assert_allclose(passes, ops.conv2d(x, near[[1]]), atol=1e-12)


def test_a_kernel_of_zeros_has_no_error_and_no_rank():
    columns, rows, error = ops.separable_form(np.zeros((3, 2)))
    assert error == 0 and not columns.any() and not rows.any() and not ops.singular_values(np.zeros((3, 2))).any()


def test_a_separable_kernel_costs_what_the_two_passes_multiply():
    for N in range(5, 12):
        for m in (1, 3, 5):
            o = N - m + 1
            assert cost.separable_macs(m, o) == m * o * (2 * N - m + 1)
            assert_allclose(cost.separable_macs(m, o) / cost.conv_macs(1, 1, m, o), 2 / m + (m - 1) / (m * o))
    # 2 x 3 taps, 4 x 5 outputs: 4 x 7 numbers of 2 products, then 4 x 5 of 3; and twice that for rank 2.
    assert cost.separable_macs((2, 3), (4, 5)) == 4 * 7 * 2 + 4 * 5 * 3
    assert cost.separable_macs((2, 3), (4, 5), rank=2) == 2 * 116


def low_rank(shape, r, seed=0):
    own = np.random.default_rng(seed)
    return ops.from_cp(np.ones(r), [own.standard_normal((n, r)) for n in shape])


@pytest.mark.parametrize("shape", [(2, 3, 4), (1, 5, 2), (3, 1, 1), (16, 3, 3), (1, 1, 1)])
@pytest.mark.parametrize("size", [1e-200, 1.0, 1e200])
def test_a_filter_of_rank_one_is_found_exactly(shape, size):
    x = low_rank(shape, 1) * size
    found = ops.cp_decomposition(x)
    assert found.error < 1e-10
    assert_allclose(ops.from_cp(found.weights, found.factors), x, rtol=1e-10)
    for factor, n in zip(found.factors, shape):
        assert factor.shape == (n, 1)
        assert_allclose(np.linalg.norm(factor), 1)


def test_the_worked_example_has_weight_ten():
    found = ops.cp_decomposition(ops.outer3([3, -4], [0, 1], [2, 0]))
    assert_allclose(found.weights, [10])
    for factor, expected in zip(found.factors, ([0.6, -0.8], [0, 1], [1, 0])):
        assert_allclose(factor[:, 0], expected, atol=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_a_filter_of_rank_two_or_three_is_found_from_the_first_start(seed):
    for r in (2, 3):
        x = low_rank((6, 5, 4), r, seed)
        found = ops.cp_decomposition(x, r)
        assert found.error < 1e-6
        assert_allclose(ops.from_cp(found.weights, found.factors), x, atol=1e-5 * np.abs(x).max())


@pytest.mark.parametrize("rank", [1, 2, 4, 7])
def test_the_error_never_rises_and_is_the_distance_to_what_comes_back(rank):
    x = rng.standard_normal((5, 3, 4))
    found = ops.cp_decomposition(x, rank, tolerance=0, iterations=60)
    assert len(found.errors) == found.iterations + 1 and found.iterations > 1
    assert found.error == found.errors[-1]
    assert (np.diff(found.errors) < 0).all()
    assert_allclose(np.linalg.norm(x - ops.from_cp(found.weights, found.factors)) / np.linalg.norm(x), found.error, rtol=1e-9)
    assert (np.diff(found.weights) <= 0).all() and (found.weights >= 0).all()


def test_more_terms_never_do_worse_here_and_enough_of_them_are_exact():
    x = rng.standard_normal((4, 3, 3))
    errors = [ops.cp_decomposition(x, r, tolerance=1e-8).error for r in range(1, 10)]
    assert (np.diff(errors) < 1e-6).all()
    assert errors[-1] < 1e-6  # any filter is a sum of k_h k_w outer products: its columns of channels


def test_no_single_term_beats_the_bounds_that_its_three_unfoldings_set():
    x = rng.standard_normal((4, 3, 5))
    least = max(np.sqrt((np.linalg.svd(np.moveaxis(x, m, 0).reshape(x.shape[m], -1), compute_uv=False)[1:] ** 2).sum()) for m in range(3))
    assert ops.cp_decomposition(x).error * np.linalg.norm(x) >= least - 1e-12


def test_restarts_only_help_and_the_same_seed_gives_the_same_numbers():
    x = rng.standard_normal((5, 4, 3))
    first, more, again = (ops.cp_decomposition(x, 3, restarts=n, seed=7, iterations=100) for n in (0, 4, 4))
    assert more.error <= first.error
    for a, b in zip((more.weights, *more.factors), (again.weights, *again.factors)):
        assert_array_equal(a, b)


@pytest.mark.parametrize("rank", [1, 3])
def test_a_filter_of_zeros_is_a_sum_of_nothing(rank):
    found = ops.cp_decomposition(np.zeros((2, 3, 4)), rank)
    assert found.error == 0 and not found.weights.any() and not any(f.any() for f in found.factors)
    assert [f.shape for f in found.factors] == [(2, rank), (3, rank), (4, rank)]


def test_two_equal_terms_on_a_diagonal_and_more_terms_than_needed_do_not_stop_the_start():
    x = np.zeros((2, 2, 2))
    x[0, 0, 0] = x[1, 1, 1] = 1
    for rank in (2, 5):
        assert ops.cp_decomposition(x, rank).error < 1e-10
    assert ops.cp_decomposition(low_rank((3, 4, 2), 1), 4).error < 1e-10


def test_types_stay_and_nothing_is_changed():
    x = rng.standard_normal((2, 3, 3)).astype(np.float32)
    x.flags.writeable = False
    found = ops.cp_decomposition(x, 2)
    assert {found.weights.dtype, *(f.dtype for f in found.factors)} == {np.dtype(np.float32)}
    assert {v.dtype for v in ops.separable_form(x[0])} == {ops.singular_values(x).dtype} == {np.dtype(np.float32)}
    assert ops.singular_values(SOBEL).dtype == ops.cp_decomposition(SOBEL[None]).weights.dtype == np.float64
    assert ops.outer3([1], [2], [3]).dtype == np.int64


def test_outer_products_and_sums_come_out_as_by_hand():
    x = ops.outer3([1, 10], [1, 2], [3, 4])
    assert_array_equal(x, [[[3, 4], [6, 8]], [[30, 40], [60, 80]]])
    assert_array_equal(ops.from_cp([2, 1], [[[1, 0], [10, 0]], [[1, 1], [2, 0]], [[3, 1], [4, 1]]]), 2 * x)
    assert_array_equal(ops.from_separable([[1, 2], [1, 0]], [[3, 4, 0], [0, 0, 9]]), [[3, 4, 9], [6, 8, 0]])


FILTER, PAIRS = np.ones((2, 3, 3)), dict(weights=[1, 1], factors=[np.ones((n, 2)) for n in (2, 3, 4)])
AT_LEAST = "it must have at least {} axes, none of them empty"


@pytest.mark.parametrize("function, args, error, message", [
    ("singular_values", dict(kernel=np.ones(3)), ValueError, f"kernel has shape (3,); {AT_LEAST.format(2)}"),
    ("singular_values", dict(kernel=np.ones((3, 0))), ValueError, f"kernel has shape (3, 0); {AT_LEAST.format(2)}"),
    ("singular_values", dict(kernel=np.ones((3, 3), np.float16)), TypeError, f"kernel has dtype float16; {NUMBERS}"),
    ("singular_values", dict(kernel=[[1, np.nan]]), ValueError, "kernel must be finite"),
    ("separable_form", dict(kernel=np.ones(3)), ValueError, f"kernel has shape (3,); {AT_LEAST.format(2)}"),
    ("separable_form", dict(kernel=[[np.inf, 1]]), ValueError, "kernel must be finite"),
    ("separable_form", dict(kernel=SOBEL, rank=0), ValueError, "rank=0 must be at least 1"),
    ("separable_form", dict(kernel=SOBEL, rank=1.0), TypeError, "rank=1.0 must be an integer"),
    ("separable_form", dict(kernel=np.ones((5, 3)), rank=4), ValueError, "rank=4 must be at most 3, the shorter side of the kernel"),
    ("from_separable", dict(columns=np.ones(3), rows=np.ones(3)), ValueError,
     "columns has shape (3,) and rows (3,); they must be (..., rank, k_h) and (..., rank, k_w)"),
    ("from_separable", dict(columns=np.ones((2, 3)), rows=np.ones((1, 3))), ValueError,
     "columns has shape (2, 3) and rows (1, 3); they must be (..., rank, k_h) and (..., rank, k_w)"),
    ("from_separable", dict(columns="c", rows=np.ones((1, 3))), TypeError, f"columns has dtype <U1; {NUMBERS}"),
    ("from_separable", dict(columns=np.ones((1, 3)), rows="r"), TypeError, f"rows has dtype <U1; {NUMBERS}"),
    *[("outer3", {**dict(a=[1], b=[1], c=[1]), name: [[1]]}, ValueError, f"{name} has shape (1, 1); it must be a vector") for name in "abc"],
    *[("outer3", {**dict(a=[1], b=[1], c=[1]), name: "v"}, TypeError, f"{name} has dtype <U1; {NUMBERS}") for name in "abc"],
    ("from_cp", {**PAIRS, "weights": 1}, ValueError, "weights has shape (); it must be (r,)"),
    ("from_cp", {**PAIRS, "weights": "w"}, TypeError, f"weights has dtype <U1; {NUMBERS}"),
    ("from_cp", {**PAIRS, "factors": 3}, ValueError, "factors must be three matrices, (C, r), (k_h, r) and (k_w, r)"),
    ("from_cp", {**PAIRS, "weights": [1]}, ValueError, "factors[0] has shape (2, 2); it must be (length, r) with r = 1"),
    ("cp_decomposition", dict(x=np.ones((3, 3))), ValueError, "x has shape (3, 3); it must be (channels, height, width), none of them empty"),
    ("cp_decomposition", dict(x=np.ones((1, 2, 3, 3))), ValueError,
     "x has shape (1, 2, 3, 3); it must be (channels, height, width), none of them empty"),
    ("cp_decomposition", dict(x=np.ones((2, 0, 3))), ValueError, "x has shape (2, 0, 3); it must be (channels, height, width), none of them empty"),
    ("cp_decomposition", dict(x=FILTER * np.nan), ValueError, "x must be finite"),
    ("cp_decomposition", dict(x="x"), TypeError, f"x has dtype <U1; {NUMBERS}"),
    ("cp_decomposition", dict(x=FILTER, rank=0), ValueError, "rank=0 must be at least 1"),
    ("cp_decomposition", dict(x=FILTER, iterations=-1), ValueError, "iterations=-1 must be at least 0"),
    ("cp_decomposition", dict(x=FILTER, restarts=0.5), TypeError, "restarts=0.5 must be an integer"),
    ("cp_decomposition", dict(x=FILTER, seed=-1), ValueError, "seed=-1 must be at least 0"),
    ("cp_decomposition", dict(x=FILTER, tolerance=-1), ValueError, "tolerance=-1 must be finite and at least 0"),
    ("cp_decomposition", dict(x=FILTER, tolerance="0"), TypeError, "tolerance='0' must be a number"),
])
def test_bad_arguments_are_refused_with_a_whole_message(function, args, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        getattr(ops, function)(**args)


@pytest.mark.parametrize("change, error, message", [
    (dict(kernel_size=0), ValueError, "kernel_size=0 must be at least 1"),
    (dict(output_size=(1, 2, 3)), ValueError, "output_size=(1, 2, 3) must be one integer, or a tuple of 2, one per axis"),
    (dict(rank=0), ValueError, "rank=0 must be at least 1"),
])
def test_the_cost_of_nothing_is_refused(change, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        cost.separable_macs(**{"kernel_size": 3, "output_size": 3, **change})
