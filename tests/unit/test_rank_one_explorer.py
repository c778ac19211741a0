"""RankOne in Python: traits, whole messages, and the page's numbers against convbook, NumPy and PyTorch."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from convbook import cost, ops
from convbook.explorers import RankOne, rank_one
from front_end import javascript

ROOT = Path(__file__).parents[1]
TABLE = json.loads((ROOT / "cases" / "rank_one.json").read_text())


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_the_table_that_the_page_is_held_to_is_what_numpy_says(row):
    K, r, N = np.array(row["kernel"]), row["rank"], row["image_size"]
    U, s, Vt = np.linalg.svd(K, full_matrices=False)
    assert_allclose(row["singular_values"], s, atol=1e-8)
    assert_allclose(row["sum"], (U[:, :r] * s[:r]) @ Vt[:r], atol=1e-8)
    assert_allclose(np.transpose(row["columns"]) @ row["rows"], row["sum"], atol=1e-7)
    assert_allclose(row["error"], np.linalg.norm(K - row["sum"]) / (np.linalg.norm(K) or 1), atol=1e-8)
    assert row["matrix_rank"] == np.linalg.matrix_rank(K)
    (h, w), (o, p) = K.shape, (N - K.shape[0] + 1, N - K.shape[1] + 1)
    assert row["direct"] == o * p * h * w and row["passes"] == r * (o * N * h + o * p * w)


def test_random_kernels_have_the_terms_of_convbook_on_the_page():
    rng = np.random.default_rng(4)
    # Whole numbers plus a little noise: singular values that lie apart, so that the terms are unique up to the agreed sign.
    kernels = [(rng.integers(-4, 5, rng.integers(2, 8, 2)) + rng.normal(0, 0.3, (1, 1))).tolist() for _ in range(60)]
    found = javascript("rank_one", "given.map((K) => g.svd(K))", kernels)
    for K, said in zip(kernels, found):
        columns, rows, _ = ops.separable_form(K, min(np.shape(K)))
        assert_allclose(said["s"], ops.singular_values(K), atol=1e-9)
        for i, s in enumerate(said["s"]):
            apart = min(abs(s - other) for j, other in enumerate(said["s"]) if j != i)
            if apart > 1e-3 and s > 1e-6:
                assert_allclose(said["columns"][i], columns[i], atol=1e-6)
                assert_allclose(said["rows"][i], rows[i], atol=1e-6)


def test_the_page_filters_as_conv2d_does():
    explorer = RankOne()
    K = [[1, -2, 0], [3, 1, -1]]
    state = {"kernel": K, "size": 3, "rank": 1, "seed": 0, "image_size": 64, "image": explorer.image}
    said = javascript("rank_one", "(({before, after, lost}) => ({before, after, lost}))(g.layout(given))", state)
    x = np.array(explorer.image, dtype=float)[None]
    columns, rows, _ = ops.separable_form(K, 1)
    whole = ops.conv2d(x, np.array(K, dtype=float)[None, None])[0]
    near = ops.conv2d(ops.conv2d(x, columns[None, :, :, None].swapaxes(0, 1)), rows[None, :, None, :].swapaxes(0, 1))[0]
    assert_allclose(said["before"], whole, atol=1e-9)
    assert_allclose(said["after"], near, atol=1e-9)
    assert_allclose(said["lost"], whole - near, atol=1e-9)


def test_costs_of_random_sizes_are_those_of_cost():
    rng = np.random.default_rng(2)
    drawn = [[[int(v) for v in rng.integers(2, 8, 2)], int(rng.integers(8, 513)), int(rng.integers(1, 8))] for _ in range(200)]
    for (k, N, r), said in zip(drawn, javascript("rank_one", "given.map(([k, N, r]) => g.costOf(k, N, r))", drawn)):
        out = (N - k[0] + 1, N - k[1] + 1)
        assert said["direct"] == cost.conv_macs(1, 1, tuple(k), out)
        assert said["passes"] == cost.separable_macs(tuple(k), out, rank=r)
        assert said["most"] == max((n for n in range(8) if cost.separable_macs(tuple(k), out, rank=max(n, 1)) * min(n, 1) < said["direct"]), default=0)


def test_the_code_to_copy_prints_the_error_of_the_page():
    pytest.importorskip("torch")
    states = [{"kernel": kernel, "size": size, "rank": rank, "seed": 1, "image_size": 16, "image": RankOne().image}
              for kernel, size, rank in (("sobel", 3, 1), ("laplacian", 5, 2), ("random", 7, 4), ([[1, 2, 5], [0, 1, -1]], 3, 1))]
    for state, (code, error) in zip(states, javascript("rank_one", "given.map((s) => { const L = g.layout(s); return [words.code(L), L.error]; })", states)):
        printed = []
        exec(code, {"print": printed.append})
        assert float(printed[1]) == pytest.approx(error, abs=6e-5), state
        assert (float(printed[0].split()[0]) == 0) == (error == 0)


def test_python_offers_what_the_page_offers():
    presets, limits = javascript("rank_one", "[Object.fromEntries(Object.entries(g.PRESETS).map(([name, p]) => [name, p.sizes])), g.LIMITS]")
    assert {name: tuple(sizes) for name, sizes in presets.items()} == rank_one.PRESETS
    assert tuple(limits.pop("size")) == rank_one.SIZES
    assert {name: tuple(v) if isinstance(v, list) else v for name, v in limits.items()} == rank_one.LIMITS


def test_the_repr_makes_the_same_explorer():
    assert repr(RankOne()) == "RankOne()"
    explorer = RankOne(kernel=np.array([[1, 2], [3, 4], [5, 6]]), rank=2, image_size=64)
    assert repr(explorer) == "RankOne(kernel=[[1, 2], [3, 4], [5, 6]], rank=2, image_size=64)"
    assert repr(eval(repr(explorer))) == repr(explorer)
    assert repr(RankOne(kernel="learned")) == "RankOne(kernel='learned', size=5)"


def test_the_rank_stays_within_the_kernel():
    explorer = RankOne(kernel="line", size=7, rank=6)
    explorer.size = 5
    assert explorer.rank == 5
    explorer.kernel = [[1, 2, 3], [4, 5, 6]]
    assert explorer.rank == 2


def test_several_values_from_the_page_are_checked_together():
    explorer = RankOne(kernel="sharpen")
    # On its own, a size of 7 would not fit this kernel.
    explorer.set_state({"size": 7, "kernel": "line", "rank": 6})
    assert repr(explorer) == "RankOne(kernel='line', size=7, rank=6)"


@pytest.mark.parametrize(("error", "message", "parameters"), [
    (ValueError, "kernel='scharr' must be one of 'sobel', 'box', 'gaussian', 'laplacian', 'sharpen', 'edge', 'line', 'disc', 'learned', 'random', "
                 "or rows of numbers", {"kernel": "scharr"}),
    (ValueError, "kernel must be a name, or rows of equal length", {"kernel": [[1, 2], [3]]}),
    (ValueError, "kernel has a width of 8; it must lie from 2 to 7", {"kernel": np.ones((3, 8))}),
    (TypeError, "kernel holds 'a'; it must hold numbers only", {"kernel": [[1, "a"], [3, 4]]}),
    (ValueError, "kernel holds nan; its numbers must lie from -999 to 999", {"kernel": [[1, float("nan")], [3, 4]]}),
    (ValueError, "size=4 must be one of 3, 5, 7", {"size": 4}),
    (ValueError, "size=5 must be 3 for kernel='sharpen'", {"kernel": "sharpen", "size": 5}),
    (ValueError, "rank=4 must be at most 3, the shorter side of the kernel", {"rank": 4}),
    (ValueError, "rank=0 must be at least 1", {"rank": 0}),
    (TypeError, "seed=0.5 must be an integer", {"seed": 0.5}),
    (ValueError, "image_size=513 must be at most 512", {"image_size": 513}),
    (ValueError, "image has a height of 2; it must lie from 8 to 96", {"image": [[1, 2], [3, 4]]}),
    (ValueError, "image holds 256; its numbers lie from 0 to 255", {"image": [[256] * 8] * 8}),
])
def test_whole_messages(error, message, parameters):
    with pytest.raises(error) as caught:
        RankOne(**parameters)
    assert str(caught.value) == message


def test_a_refused_value_changes_nothing():
    explorer = RankOne()
    with pytest.raises(ValueError):
        explorer.rank = 5
    assert repr(explorer) == "RankOne()"
