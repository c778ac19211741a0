"""Sizes, taps and receptive fields: the shared table, PyTorch, laws, messages."""

import re

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shared_table import as_python, cases

from convbook import shapes

sizes, taps, steps = st.integers(1, 30), st.integers(1, 6), st.integers(1, 4)
TABLE = cases("conv_output_size", "conv_transpose_output_size", "same_padding", "padded_indices", "conv_taps",
              "receptive_field")
many = settings(max_examples=500)


@pytest.mark.parametrize("function, args, result, error", TABLE)
def test_every_row_of_the_shared_table_holds(function, args, result, error):
    if error:
        with pytest.raises((TypeError, ValueError), match=f"^{re.escape(error)}$"):
            getattr(shapes, function)(**args)
    else:
        assert as_python(_lists(getattr(shapes, function)(**args))) == as_python(result)


def _lists(value):
    return [_lists(v) for v in value] if isinstance(value, (tuple, list)) else value


@many
@given(n=sizes, k=taps, s=steps, p=st.integers(0, 5), d=steps)
def test_output_size_is_pytorchs_and_refuses_what_pytorch_refuses(n, k, s, p, d):
    x, w = torch.zeros(1, 1, n), torch.zeros(1, 1, k)
    try:
        expected = F.conv1d(x, w, stride=s, padding=p, dilation=d).shape[-1]
    except RuntimeError:
        with pytest.raises(ValueError, match="positions"):
            shapes.conv_output_size(n, k, stride=s, padding=p, dilation=d)
    else:
        assert shapes.conv_output_size(n, k, stride=s, padding=p, dilation=d) == expected


@many
@given(n=sizes, k=taps, s=steps, p=st.integers(0, 5), d=steps, extra=st.integers(0, 3))
def test_transposed_output_size_is_pytorchs_and_refuses_what_pytorch_refuses(n, k, s, p, d, extra):
    x, w = torch.zeros(1, 1, n), torch.zeros(1, 1, k)
    args = dict(stride=s, padding=p, output_padding=extra, dilation=d)
    try:
        expected = F.conv_transpose1d(x, w, **args).shape[-1]
    except RuntimeError:
        with pytest.raises(ValueError, match="padding"):
            shapes.conv_transpose_output_size(n, k, **args)
    else:
        assert shapes.conv_transpose_output_size(n, k, **args) == expected


@many
@given(n=sizes, k=taps, s=steps, p=st.integers(0, 5), d=steps)
def test_some_output_padding_leads_a_convolution_back_to_the_size_it_came_from(n, k, s, p, d):
    assume(d * (k - 1) + 1 <= n + 2 * p)
    o = shapes.conv_output_size(n, k, stride=s, padding=p, dilation=d)
    lost = (n + 2 * p - d * (k - 1) - 1) % s
    assert shapes.conv_transpose_output_size(o, k, stride=s, padding=p, output_padding=lost, dilation=d) == n


@many
@given(n=sizes, k=taps, s=steps, d=steps)
def test_same_padding_gives_n_over_s_outputs_rounded_up_and_no_position_more_than_needed(n, k, s, d):
    before, after = shapes.same_padding(n, k, stride=s, dilation=d)
    assert 0 <= after - before <= 1
    assert shapes.conv_output_size(n, k, stride=s, padding=(before, after), dilation=d) == -(-n // s)
    if after:
        fewer = n + before + after - 1 - d * (k - 1) - 1
        assert fewer // s + 1 < -(-n // s)


@many
@given(n=st.integers(1, 9), before=st.integers(0, 9), after=st.integers(0, 9),
       mode=st.sampled_from(["zeros", "reflect", "replicate", "circular"]))
def test_padded_indices_are_those_of_pytorchs_pad_and_refused_where_it_refuses(n, before, after, mode):
    x = torch.arange(1.0, n + 1)[None, None]
    try:
        expected = F.pad(x, (before, after), mode="constant" if mode == "zeros" else mode)
    except RuntimeError:
        with pytest.raises(ValueError, match="must be at most"):
            shapes.padded_indices(n, (before, after), padding_mode=mode)
    else:
        assert shapes.padded_indices(n, (before, after), padding_mode=mode) == (expected[0, 0].int() - 1).tolist()


@settings(max_examples=200)
@given(layers=st.lists(st.tuples(taps, steps, st.integers(0, 3), steps), min_size=1, max_size=3))
def test_receptive_field_spans_what_the_first_two_outputs_reach(layers):
    size, jump, start = shapes.receptive_field(layers)
    for i in 0, 1:
        reached = {i}
        for k, s, p, d in reversed(layers):
            reached = {s * j - p + d * u for j in reached for u in range(k)}
        assert min(reached) == start + i * jump - (size - 1) / 2
        assert max(reached) == start + i * jump + (size - 1) / 2


@pytest.mark.parametrize("value, shown", [(float("nan"), "nan"), ("5", "'5'"), (True, "True"), (None, "None"), (3.0, "3.0"),
                                          ([3], r"\[3\]")])
@pytest.mark.parametrize("name", ["n", "k", "stride", "dilation"])
def test_a_size_that_is_no_integer_is_refused_by_name(name, value, shown):
    args = {"n": 5, "k": 3, name: value}
    for function in shapes.conv_output_size, shapes.conv_transpose_output_size, shapes.same_padding, shapes.conv_taps:
        with pytest.raises(TypeError, match=f"^{name}={shown} must be an integer$"):
            function(**args)


@pytest.mark.parametrize("padding, error, message", [
    (float("nan"), TypeError, "padding=nan must be an integer"),
    ((1, 2, 3), ValueError, r"padding=\(1, 2, 3\) must be one integer, or a pair \(before, after\)"),
    ((1, -2), ValueError, r"padding\[1\]=-2 must be at least 0"),
])
def test_a_padding_that_is_neither_an_integer_nor_a_pair_is_refused(padding, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        shapes.conv_output_size(5, 3, padding=padding)


def test_a_padding_mode_that_is_no_string_is_refused():
    with pytest.raises(TypeError, match="^padding_mode=1 must be a string, one of 'zeros', 'reflect', 'replicate', 'circular'$"):
        shapes.padded_indices(5, 1, padding_mode=1)


def test_a_layer_that_is_no_tuple_is_refused():
    for call in (shapes.receptive_field, shapes.reached_inputs):
        with pytest.raises(TypeError, match=r"^layers=None must be a sequence of tuples \(k, stride, padding, dilation\)$"):
            call(None)
    with pytest.raises(TypeError, match=r"^layers\[0\]=3 must be a tuple \(k, stride, padding, dilation\)$"):
        shapes.receptive_field([3])
