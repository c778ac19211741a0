"""Receptive fields of stacks with transposed layers, held to what kernels of ones let through."""

import re
from fractions import Fraction
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convbook import ops, shapes

T = "transposed"
many = settings(max_examples=500)
small = st.integers(1, 2)
stacks = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), small, st.just(T))
                  | st.tuples(st.integers(1, 3), small, st.integers(0, 2), small), min_size=1, max_size=3)


def let_through(layers, n=80):
    """For every output of a stack on n inputs, the inputs whose value reaches it; and one round from the middle on.

    There it is far from both borders, and a round has as many outputs as the fields have phases.
    """
    y = np.eye(n, dtype=int)[:, None]  # n sequences, each 1 in one place
    for k, s, p, d, *transposed in layers:
        form = ops.conv_transpose1d if transposed else ops.conv1d
        y = np.minimum(form(y, np.ones((1, 1, k), int), stride=s, padding=p, dilation=d), 1)
    seen = [np.flatnonzero(output).tolist() for output in y[:, 0].T]
    phases = prod(s for _, s, _, _, *transposed in layers if transposed)
    first = len(seen) // 2 - phases // 2
    return seen, range(first, first + phases)


@many
@given(layers=stacks)
def test_an_output_reaches_the_inputs_that_kernels_of_ones_let_through(layers):
    seen, middle = let_through(layers)
    for i in middle:
        assert shapes.reached_inputs(layers, i) == seen[i]
    for i in 0, len(seen) - 1:  # at the borders, no others: paths through padding are cut
        assert set(seen[i]) <= set(shapes.reached_inputs(layers, i))


@many
@given(layers=stacks.filter(lambda layers: any(layer[4:] for layer in layers)))
def test_size_jump_and_start_are_those_of_one_round_of_fields(layers):
    seen, middle = let_through(layers)
    fields = {i: (seen[i][0], seen[i][-1]) for i in middle if seen[i]}
    if not fields:
        with pytest.raises(ValueError, match="let no input through"):
            shapes.receptive_field(layers)
        return
    size, jump, start = shapes.receptive_field(layers)
    assert size == max(last - first + 1 for first, last in fields.values())
    assert sum(Fraction(first + last, 2) - i * Fraction(jump) for i, (first, last) in fields.items()) == len(fields) * start
    i, phases = middle[0], len(middle)
    here, there = (shapes.reached_inputs(layers, i) for i in (i, i + phases))
    assert there == [j + phases * jump for j in here]


@many
@given(layers=stacks)
def test_a_transposed_layer_of_stride_one_is_a_convolution_with_another_padding(layers):
    ones = [(k, 1, min(p, d * (k - 1)), d, *transposed) for k, _, p, d, *transposed in layers]
    direct = [(k, s, d * (k - 1) - p, d) if transposed else (k, s, p, d) for k, s, p, d, *transposed in ones]
    assert shapes.receptive_field(ones) == shapes.receptive_field(direct)


@pytest.mark.parametrize("layers, field", [
    ([(2, 2, 0, 1, T)], (1, Fraction(1, 2), -0.25)),  # 0 0 1 1 2 2: output 0 lies a quarter before its pixel's centre
    ([(4, 2, 1, 1, T)], (2, Fraction(1, 2), -0.25)),
    ([(3, 2, 0, 1, T)], (2, Fraction(1, 2), -0.5)),
    ([(9, 3, 4, 1, T)], (3, Fraction(1, 3), 0.0)),  # FSRCNN's last layer: output 0 over pixel 0
    ([(3, 2, 1, 1), (4, 2, 1, 1, T)], (5, 1, -0.5)),  # down and up again: half a pixel to the left
    ([(3, 3, 0, 1, T)], (1, Fraction(1, 3), Fraction(-1, 3))),
    ([(1, 2, 0, 1, T)], (1, Fraction(1, 2), 0.0)),  # every second output sees nothing
    ([(2, 2, 0, 1, T), (1, 2, 0, 1)], (1, 1, 0.0)),  # only the even phase is used
])
def test_small_stacks_have_the_fields_that_can_be_counted_by_hand(layers, field):
    found = shapes.receptive_field(layers)
    assert found == field
    assert [type(v) for v in found] == [type(v) for v in field]


def test_fsrcnn_sees_fifteen_low_resolution_pixels_and_its_phases_differ():
    fsrcnn = [(5, 1, 2, 1), (1, 1, 0, 1), *[(3, 1, 1, 1)] * 4, (1, 1, 0, 1), (9, 3, 4, 1, T)]
    assert shapes.receptive_field(fsrcnn).size == 1 + 4 + 4 * 2 + 2
    assert [shapes.reached_inputs([(9, 3, 4, 1, T)], i) for i in range(3)] == [[-1, 0, 1], [-1, 0, 1], [0, 1, 2]]


def test_lists_are_read_as_tuples_are():
    assert shapes.receptive_field([[4, 2, 1, 1, T]]) == shapes.receptive_field([(4, 2, 1, 1, T)])


@pytest.mark.parametrize("layer, error, message", [
    ((3, 1, 0, 1, "up"), ValueError, "layers[0][4]='up' must be 'transposed', or be left out"),
    ((3, 1, 0, 1, True), ValueError, "layers[0][4]=True must be 'transposed', or be left out"),
    ((3, 1, 0, 1, T, 1), ValueError, "layers[0]=(3, 1, 0, 1, 'transposed', 1) must have four entries (k, stride, padding, dilation)"),
    ((3, 0, 0, 1, T), ValueError, "layers[0][1]=0 must be at least 1"),
    ((3, 1, 0.5, 1, T), TypeError, "layers[0][2]=0.5 must be an integer"),
    (3, TypeError, "layers[0]=3 must be a tuple (k, stride, padding, dilation)"),
])
def test_bad_layers_are_refused_with_a_whole_message(layer, error, message):
    for function in shapes.receptive_field, shapes.reached_inputs:
        with pytest.raises(error, match=f"^{re.escape(message)}$"):
            function([layer])


def test_a_stack_that_lets_nothing_through_has_no_field():
    nothing = [(1, 2, 1, 1, T), (1, 2, 0, 1)]
    assert shapes.reached_inputs(nothing, 5) == []
    message = f"layers={nothing} let no input through: every output falls between the taps"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        shapes.receptive_field(nothing)


def test_a_negative_or_fractional_output_is_refused():
    with pytest.raises(ValueError, match="^output=-1 must be at least 0$"):
        shapes.reached_inputs([], -1)
    with pytest.raises(TypeError, match="^output=0.5 must be an integer$"):
        shapes.reached_inputs([], 0.5)
