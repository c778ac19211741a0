"""Figures of chapter 4: their numbers are the code's, nothing collides, the bytes are the same each time."""

import itertools
import re

import numpy as np
import pytest

from convbook import figures, ops, shapes
from drawings import assert_whole, strings

X = np.array([[1, 2, 0, 1, 3], [0, 1, 2, 3, 1], [2, 1, 0, 1, 2], [1, 0, 3, 2, 1]])
W = np.array([[1, 0, -1], [2, 1, 0]])
SMALL = np.array([[1, 2], [3, 1]])

FIGURES = {
    "pair": lambda: figures.fig_direct_and_transposed(X, SMALL, W, at=(0, 1), stride=2),
    "pair, padded": lambda: figures.fig_direct_and_transposed(X, np.ones((3, 3), int), W, stride=2, padding=1),
    "insertion": lambda: figures.fig_zero_insertion(X, SMALL, W, at=(1, 2), stride=2),
    "insertion, stride 1": lambda: figures.fig_zero_insertion(X, np.ones((3, 3), int), W),
    "insertion, padded": lambda: figures.fig_zero_insertion(X, np.ones((4, 3), int), np.ones((3, 3), int), stride=(1, 2), padding=1),
    "stamps": lambda: figures.fig_stamps(SMALL, W, stride=2),
    "stamps, apart": lambda: figures.fig_stamps(np.array([[1, -2, 0]]), np.array([[1, 3]]), stride=3),
    "matrix": lambda: figures.fig_conv_matrix(4, 3),
    "matrix, strided": lambda: figures.fig_conv_matrix((4, 3), 2, stride=2, row=1, column=0),
    "output padding": lambda: figures.fig_output_padding(3, 2),
    "output padding, 3": lambda: figures.fig_output_padding(4, 3),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_whole(name):
    assert_whole(FIGURES[name])


def numbers_in(fig):
    return [int(t.replace("−", "-")) for t in strings(fig) if re.fullmatch("−?\\d+", t)]


def contains(found, values):
    """Whether each value stands at least as often among the numbers that were found."""
    values = np.ravel(values).tolist()
    return all(found.count(v) >= values.count(v) for v in values)


def test_the_pair_shows_z_and_y_that_the_code_computes():
    z = ops.conv2d(X[None], W[None, None], stride=2)[0]
    y = ops.conv_transpose2d(SMALL[None], W[None, None], stride=2, output_padding=(0, 0))[0]
    assert contains(numbers_in(FIGURES["pair"]()), [*z.ravel(), *y.ravel(), *X.ravel(), *SMALL.ravel()])


def test_the_worked_example_of_the_chapter():
    x = np.array([[1, 2, 0], [0, 3, 1]])
    y = [[1, 0, 1, 0, -2, 0, 0], [2, 1, 4, 2, 0, 0, 0], [0, 0, 3, 0, -2, 0, -1], [0, 0, 6, 3, 2, 1, 0]]
    assert ops.conv_transpose2d(x[None], W[None, None], stride=2)[0].tolist() == y
    stamps = [value * W for value in x.ravel()]
    assert sorted(numbers_in(figures.fig_stamps(x, W, stride=2))) == sorted([*np.ravel(stamps).tolist(), *np.ravel(y).tolist()])


@pytest.mark.parametrize("name", ["insertion", "insertion, padded"])
def test_the_window_over_inserted_zeros_gives_the_outlined_number(name):
    """What the lower row draws, slid as an ordinary convolution, is what it shows as y."""
    fig = FIGURES[name]()
    titles = [t for t in strings(fig) if t.startswith(("x ", "y "))]
    border = re.search("p′ = (.*)", titles[0])[1]
    if name == "insertion":
        assert border == "1, 2" and titles[1] == "y 4 × 5"
        y = ops.conv_transpose2d(SMALL[None], W[None, None], stride=2)[0]
    else:
        assert border == "1"
        y = ops.conv_transpose2d(np.ones((1, 4, 3), int), np.ones((1, 1, 3, 3), int), stride=(1, 2), padding=1, output_padding=(0, 0))[0]
    assert contains(numbers_in(fig), y)


def test_the_kernel_is_turned_below_and_as_it_is_above():
    shown = strings(FIGURES["insertion"]())
    above, below = shown.index("w"), shown.index("w turned")
    assert [t.replace("−", "-") for t in shown[above + 1:above + 7]] == [str(v) for v in W.ravel()]
    assert [t.replace("−", "-") for t in shown[below + 1:below + 7]] == [str(v) for v in W[::-1, ::-1].ravel()]


def test_the_matrix_writes_every_entry_of_c():
    C = ops.conv_matrix(np.arange(1, 10).reshape(1, 1, 3, 3), 4)
    shown = strings(FIGURES["matrix"]())
    assert shown.count("0") == 2 * np.count_nonzero(C == 0) == 2 * (64 - 36)
    assert all(shown.count(f"w{a}{b}") == 2 * 4 for a, b in itertools.product("₀₁₂", repeat=2))


def test_every_length_of_the_output_padding_figure_comes_back():
    lines = [t for t in strings(FIGURES["output padding, 3"]()) if "→" in t]
    assert lines == ["7 → 2 → 7", "8 → 2 → 8", "9 → 2 → 9"]
    assert {shapes.conv_output_size(n, 4, stride=3) for n in (7, 8, 9)} == {2}


def test_an_x_of_another_size_than_z_is_named():
    with pytest.raises(ValueError, match=r"^x of shape \(1, 2\) must have the shape of z, \(2, 2\)$"):
        figures.fig_direct_and_transposed(X, SMALL[:1], W, stride=2)
