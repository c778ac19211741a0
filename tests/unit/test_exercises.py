"""Exercises: each reference is accepted, each common wrong answer is not, and nothing a reader hands in makes `check` fail."""

import math

import numpy as np
import pytest

from convbook import exercises, kinds, ops, shapes
from convbook.exercises import check
from convbook.exercises._check import EXERCISES
import wrong_atrous
import wrong_deformable
import wrong_depthwise
import wrong_flattened
import wrong_grouped
import wrong_inception
import wrong_normalization
import wrong_recent
import wrong_regularization
import wrong_separable
import wrong_transposed


def slide(x, w, stride, padding, take=lambda window, w: np.sum(window * w)):
    x = np.pad(x, padding)
    return np.array([take(x[i:i + len(w)], w) for i in range(0, len(x) - len(w) + 1, stride)])


def changes_its_input(x, w, stride=1, padding=0):
    answer = slide(x, w, stride, padding)
    x *= 1.0 if x.dtype == float else 1
    x[0] += 1
    return answer


def whole_output(x, w, stride=1, padding=0):
    full = slide(x, w, stride, padding)
    out = np.zeros(len(full), dtype=x.dtype)
    out[:] = full.astype(x.dtype)
    return out


WRONG = {
    "vanilla/conv1d": {
        "flips the kernel": lambda x, w, stride=1, padding=0: slide(x, w[::-1], stride, padding),
        "ignores stride": lambda x, w, stride=1, padding=0: slide(x, w, 1, padding),
        "ignores padding": lambda x, w, stride=1, padding=0: slide(x, w, stride, 0),
        "pads after only": lambda x, w, stride=1, padding=0: slide(np.pad(x, (0, padding)), w, stride, 0),
        "pads before only": lambda x, w, stride=1, padding=0: slide(np.pad(x, (padding, 0)), w, stride, 0),
        "repeats the edge": lambda x, w, stride=1, padding=0: slide(np.pad(x, padding, mode="edge"), w, stride, 0),
        "misses the last window": lambda x, w, stride=1, padding=0: slide(x, w, stride, padding)[:-1],
        "rounds the size up": lambda x, w, stride=1, padding=0: slide(
            np.pad(x, (0, (-(len(x) + 2 * padding - len(w))) % stride)), w, stride, padding),
        "takes the mean": lambda x, w, stride=1, padding=0: slide(x, w, stride, padding, lambda a, b: np.mean(a * b)),
        "NumPy's convolve": lambda x, w, stride=1, padding=0: np.convolve(np.pad(x, padding), w, "valid")[::stride],
        "NumPy's swap": lambda x, w, stride=1, padding=0: np.correlate(np.pad(x, padding), w, "same")[::stride],
        "whole numbers only": whole_output,
        "strides the input": lambda x, w, stride=1, padding=0: slide(x[::stride], w, 1, padding),
        "a column": lambda x, w, stride=1, padding=0: slide(x, w, stride, padding)[:, None],
        "a batch axis": lambda x, w, stride=1, padding=0: slide(x, w, stride, padding)[None],
        "changes its input": changes_its_input,
    },
    "vanilla/output_size": {
        "no floor": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - dilation * (k - 1) - 1) / stride + 1,
        "rounds": lambda n, k, stride=1, padding=0, dilation=1: round((n + 2 * padding - dilation * (k - 1) - 1) / stride + 1),
        "rounds up": lambda n, k, stride=1, padding=0, dilation=1: math.ceil((n + 2 * padding - dilation * (k - 1) - 1) / stride + 1),
        "no dilation": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - k) // stride + 1,
        "span d·k": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - dilation * k) // stride + 1,
        "padding once": lambda n, k, stride=1, padding=0, dilation=1: (n + padding - dilation * (k - 1) - 1) // stride + 1,
        "no padding": lambda n, k, stride=1, padding=0, dilation=1: (n - dilation * (k - 1) - 1) // stride + 1,
        "divides all": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - dilation * (k - 1)) // stride,
        "forgets + 1": lambda n, k, stride=1, padding=0, dilation=1: (n + 2 * padding - dilation * (k - 1) - 1) // stride,
        "n / s": lambda n, k, stride=1, padding=0, dilation=1: math.ceil(n / stride),
    },
    "vanilla/linear_as_conv": {
        "channels last": lambda w, c, h, v: w.reshape(len(w), h, v, c).transpose(0, 3, 1, 2),
        "transposed": lambda w, c, h, v: w.reshape(len(w), c, v, h).transpose(0, 1, 3, 2),
        "rows and columns swapped": lambda w, c, h, v: w.reshape(len(w), c, v, h),
        "flipped": lambda w, c, h, v: w.reshape(len(w), c, h, v)[:, :, ::-1, ::-1],
        "outputs last": lambda w, c, h, v: w.T.reshape(c, h, v, len(w)),
        "the weight transposed": lambda w, c, h, v: w.T.reshape(len(w), c, h, v),
        "flat": lambda w, c, h, v: w,
        "no channels": lambda w, c, h, v: w.reshape(len(w), h, v * c),
    },
    "vanilla/same_padding": {
        "half the kernel": lambda k, dilation=1: (k // 2, k // 2),
        "the one more before": lambda k, dilation=1: (dilation * (k - 1) - dilation * (k - 1) // 2, dilation * (k - 1) // 2),
        "no dilation": lambda k, dilation=1: ((k - 1) // 2, k - 1 - (k - 1) // 2),
        "dilation last": lambda k, dilation=1: ((k - 1) // 2 * dilation, (k - 1 - (k - 1) // 2) * dilation),
        "full": lambda k, dilation=1: (dilation * (k - 1), dilation * (k - 1)),
        "fractions": lambda k, dilation=1: (dilation * (k - 1) / 2, dilation * (k - 1) / 2),
        "one number": lambda k, dilation=1: dilation * (k - 1) // 2,
    },
    "vanilla/grad_weight": {
        "flipped": lambda g, x, k, stride=1: EXERCISES["vanilla/grad_weight"].reference(g, x, k, stride)[::-1],
        "no stride": lambda g, x, k, stride=1: np.array([sum(v * x[i + t] for i, v in enumerate(g)) for t in range(k)]),
        "the mean": lambda g, x, k, stride=1: EXERCISES["vanilla/grad_weight"].reference(g, x, k, stride) / len(g),
        "stride on the tap": lambda g, x, k, stride=1: np.array([sum(v * x[(i + t * stride) % len(x)] for i, v in enumerate(g)) for t in range(k)]),
        "NumPy's correlate": lambda g, x, k, stride=1: np.correlate(x, g, "valid")[:k],
        "one sum": lambda g, x, k, stride=1: np.sum(EXERCISES["vanilla/grad_weight"].reference(g, x, k, stride)),
        "the input's gradient": lambda g, x, k, stride=1: np.convolve(g, np.ones(k)),
    },
    "vanilla/receptive_field": {
        "adds k": lambda layers: sum(k for k, _ in layers),
        "no jump": lambda layers: 1 + sum(k - 1 for k, _ in layers),
        "multiplies": lambda layers: math.prod(k for k, _ in layers),
        "jump too early": lambda layers: 1 + sum((k - 1) * math.prod(s for _, s in layers[:m + 1]) for m, (k, _) in enumerate(layers)),
        "last layer first": lambda layers: EXERCISES["vanilla/receptive_field"].reference(layers[::-1]),
        "own stride only": lambda layers: 1 + sum((k - 1) * (layers[m - 1][1] if m else 1) for m, (k, _) in enumerate(layers)),
    },
}


WRONG |= wrong_atrous.WRONG
WRONG |= wrong_inception.WRONG | wrong_separable.WRONG | wrong_recent.WRONG
WRONG |= wrong_transposed.WRONG | wrong_deformable.WRONG
WRONG |= wrong_depthwise.WRONG | wrong_grouped.WRONG | wrong_flattened.WRONG
WRONG |= wrong_normalization.WRONG
WRONG |= wrong_regularization.WRONG


@pytest.mark.parametrize("name", exercises.names())
def test_each_reference_is_right(name):
    result = check(name, exercises.solution(name))
    assert result.ok and bool(result)
    assert repr(result) == f"{name}: right. All {len(EXERCISES[name].cases)} cases agree."


@pytest.mark.parametrize(("name", "mistake"), [(name, mistake) for name, answers in WRONG.items() for mistake in answers])
def test_each_common_mistake_is_wrong(name, mistake):
    result = check(name, WRONG[name][mistake])
    assert result.status == "wrong" and not result.ok
    assert f"{exercises.solution(name).__name__}(" in result.message  # the case is shown


def test_every_exercise_has_known_mistakes():
    assert set(WRONG) == set(exercises.names())


def test_references_agree_with_the_package():
    rng = np.random.default_rng(0)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("vanilla")}
    for n, k, s, p, d in [(9, 3, 2, 1, 1), (11, 2, 3, 0, 1), (7, 4, 1, 2, 1), (12, 3, 2, 2, 3)]:
        assert solve["output_size"](n, k, s, p, d) == shapes.conv_output_size(n, k, stride=s, padding=p, dilation=d)
        assert solve["same_padding"](k, d) == shapes.same_padding(n + 9, k, dilation=d)
        x, w = rng.normal(size=n), rng.normal(size=k)
        y = solve["conv1d"](x, w, s, p)
        assert np.allclose(y, ops.conv1d(x[None], w[None, None], stride=s, padding=p)[0])
        grad = rng.normal(size=len(solve["conv1d"](x, w, s)))
        nudged = [np.sum(grad * (solve["conv1d"](x, w + 1e-6 * unit, s) - solve["conv1d"](x, w, s))) / 1e-6 for unit in np.eye(k)]
        assert np.allclose(solve["grad_weight"](grad, x, k, s), nudged, atol=1e-4)
    layers = [(5, 2), (3, 1), (3, 3), (2, 1)]
    assert solve["receptive_field"](layers) == shapes.receptive_field([(k, s, 0, 1) for k, s in layers])[0]
    weight, x = rng.normal(size=(4, 2 * 3 * 5)), rng.normal(size=(2, 3, 5))
    assert np.allclose(ops.conv2d(x, solve["linear_as_conv"](weight, 2, 3, 5)).ravel(), weight @ x.ravel())


def test_references_of_the_transposed_chapter_agree_with_the_package():
    rng = np.random.default_rng(0)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("transposed")}
    for n, k, s, p, d in [(5, 3, 2, 1, 1), (4, 2, 3, 0, 1), (6, 4, 1, 2, 1), (7, 3, 2, 1, 3)]:
        x, w = rng.normal(size=n), rng.normal(size=k)
        y = ops.conv_transpose1d(x[None], w[None, None], stride=s, padding=p)[0]
        assert np.allclose(solve["conv_transpose1d"](x, w, s, p), y)
        image = x[:6].reshape(2, -1) if n > 5 else x[None]
        wide = np.pad(solve["spread"](image, s, k - 1)[None], 0)
        assert np.allclose(ops.conv2d(wide, np.outer(w, w)[None, None, ::-1, ::-1]),
                           ops.conv_transpose2d(image[None], np.outer(w, w)[None, None], stride=s))
        assert np.array_equal(solve["overlaps"](n, k, s), ops.conv_transpose1d(np.ones((1, n), int), np.ones((1, 1, k), int), stride=s)[0])
        for length in range(d * k + 2, d * k + 9):
            options = dict(stride=s, padding=p, dilation=d)
            small = shapes.conv_output_size(length, k, **options)
            assert shapes.conv_transpose_output_size(small, k, output_padding=solve["output_padding"](length, k, s, p, d), **options) == length


def test_references_of_chapter_9_agree_with_the_package():
    rng = np.random.default_rng(4)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("deformable")}
    image, y, x = rng.normal(size=(4, 6)), rng.uniform(-2, 5, 20), rng.uniform(-2, 7, 20)
    assert np.allclose([solve["bilinear"](image, *place) for place in zip(y, x)], ops.bilinear_sample(image, y, x))
    offset, w = rng.normal(size=(12, 3, 4)), rng.normal(size=(2, 3))
    assert np.allclose(solve["deform_conv2d"](image, offset, w), ops.deform_conv2d(image[None], offset, w[None, None])[0])
    options, k = dict(stride=2, padding=1, dilation=2), (3, 2)
    o = ops.conv2d(np.zeros((1, 9, 11)), np.zeros((1, 1, *k)), **options).shape[1:]
    offset, (rows, columns) = rng.integers(-2, 3, (12, *o)) / 4, np.indices((9, 11), dtype=float)
    places = solve["tap_positions"](offset[:, 2, 1], k, 2, 1, **options)
    for t in range(6):
        w = np.eye(6)[t].reshape(1, 1, *k)
        assert np.allclose([ops.deform_conv2d(image[None], offset, w, **options)[0, 2, 1] for image in (rows, columns)], places[t])
    for h, bins in [(7, 3), (5, 2), (8, 4), (3, 4)]:
        read = ops.deform_roi_pool2d(np.eye(h)[:, :, None], [[0, 0, 0, 1, h]], (bins, 1))[0, :, :, 0]
        for i in range(bins):
            first, after = solve["bin_rows"](h, bins, i)
            assert np.flatnonzero(read[:, i]).tolist() == list(range(first, after))


def test_references_of_chapter_2_agree_with_the_package():
    rng = np.random.default_rng(2)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("grouped")}
    for C, D, G in [(4, 6, 2), (6, 3, 3), (12, 8, 4), (5, 10, 5)]:
        x, w = rng.normal(size=(C, 3, 4)), rng.normal(size=(D, C // G, 2, 3))
        assert np.allclose(ops.conv2d(x, solve["dense_weight"](w, G)), ops.conv2d(x, w, groups=G))
        grouped = ops.conv2d(x, w[:, :, :1, :1], groups=G)
        assert np.allclose(solve["grouped_pointwise"](x.reshape(C, -1), w[:, :, 0, 0], G), grouped.reshape(D, -1))
        assert np.array_equal(solve["shuffled"](C, G), ops.channel_shuffle(np.arange(C).reshape(C, 1, 1), G).ravel())
        for shuffle in (False, True):
            one = ops.conv2d(np.eye(C)[:, :, None, None], np.ones((C, C // G, 1, 1)), groups=G)
            two = ops.conv2d(ops.channel_shuffle(one, G) if shuffle else one, np.ones((C, C // G, 1, 1)), groups=G)
            assert np.array_equal(solve["hears"](C, G, shuffle), (two[:, :, 0, 0].T > 0).astype(int))
    assert [solve["block_weights"](256, C, d) for C, d in [(1, 64), (2, 40), (4, 24), (8, 14), (32, 4)]] == [69632, 69760, 69888, 71456, 70144]


def test_references_of_chapter_3_agree_with_the_package():
    rng = np.random.default_rng(3)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("depthwise")}
    for C, m, D, (k_h, k_w), (h, w) in [(3, 1, 5, (3, 2), (6, 7)), (2, 3, 4, (1, 3), (5, 3)), (4, 2, 3, (2, 2), (4, 9))]:
        x, filters, mixing = rng.normal(size=(C, h, w)), rng.normal(size=(m * C, 1, k_h, k_w)), rng.normal(size=(D, m * C, 1, 1))
        y = ops.depthwise_conv2d(x, filters)
        assert np.allclose(solve["depthwise_conv2d"](x, filters), y)
        grad = rng.normal(size=y.shape)
        assert np.allclose(solve["grad_weight"](grad, x), ops.conv2d_backward(grad, x, filters, groups=C)[1])
        assert np.allclose(ops.conv2d(x, solve["merge"](filters, mixing, m)), ops.separable_conv2d(x, filters, mixing))


def test_references_of_chapter_6_agree_with_the_package():
    rng = np.random.default_rng(6)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("separable")}
    for C, D, (k_h, k_w), (h, w) in [(3, 5, (3, 2), (6, 7)), (1, 4, (1, 3), (5, 3)), (4, 2, (2, 2), (4, 9))]:
        x, filters, mixing = rng.normal(size=(C, h, w)), rng.normal(size=(C, k_h, k_w)), rng.normal(size=(D, C))
        y = ops.separable_conv2d(x, filters[:, None], mixing[:, :, None, None])
        assert np.allclose(solve["separable_conv"](x, filters, mixing), y)
        assert np.allclose(ops.conv2d(x, solve["as_dense"](filters, mixing)), y)
        costs = kinds.compare(C, D, 3, (h, w), padding=1)[0]["depthwise_separable"]
        assert solve["cost"](C, D, 3, (h, w)) == (costs.params, costs.macs)
        for r in (1, 2):
            kernel = rng.normal(size=(5, 3))
            assert np.allclose(solve["best_sum"](kernel, r), ops.from_separable(*ops.separable_form(kernel, r)[:2]))


def test_a_wrong_answer_shows_the_smallest_case_that_fails():
    result = check("vanilla/conv1d", WRONG["vanilla/conv1d"]["flips the kernel"])
    assert repr(result) == (
        "vanilla/conv1d: wrong. The numbers differ.\nconv1d(x=[3., 1.], w=[ 2., -1.])\nexpected: [5.]\ngot:      [-1.]"
    )
    assert result._repr_markdown_() == (
        "**`vanilla/conv1d`: wrong.** The numbers differ.\n\n```text\nconv1d(x=[3., 1.], w=[ 2., -1.])\nexpected: [5.]\ngot:      [-1.]\n```"
    )


def test_cases_are_tried_from_small_to_large():
    for one in EXERCISES.values():
        assert list(one.cases) == sorted(one.cases, key=lambda case: case.size)


def not_written(*args, **options):
    raise NotImplementedError


@pytest.mark.parametrize("answer", [None, ..., lambda *args, **options: None, lambda *args, **options: ..., not_written])
def test_an_empty_answer_is_not_attempted(answer):
    assert repr(check("vanilla/conv1d", answer)) == "vanilla/conv1d: not attempted. Write the function, then check it again."


def test_an_error_in_the_answer_is_told_with_its_message_and_the_case():
    result = check("vanilla/output_size", lambda n, k: 1 // 0)
    assert result.status == "wrong" and "TypeError" in result.message and "unexpected keyword argument" in result.message

    def broken(layers):
        raise IndexError("too far")

    assert check("vanilla/receptive_field", broken).message == (
        "It stopped with IndexError: too far\nreceptive_field(layers=[(1, 1)])\nexpected: 1"
    )


def test_an_answer_that_changes_its_input_is_told_which():
    message = check("vanilla/conv1d", changes_its_input).message
    assert message.startswith("It changes its input x: work on a copy.\nconv1d(x=[3.], w=[2.])\nx before: [3.]\nx after:  [4.]")


def test_changing_a_copy_is_fine_and_cannot_spoil_a_later_check():
    check("vanilla/conv1d", changes_its_input)
    assert check("vanilla/conv1d", exercises.solution("vanilla/conv1d")).ok


class Strange:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("not a number")


@pytest.mark.parametrize("value", ["text", {"a": 1}, [[1], [1, 2]], object(), Strange(), np.array("x"), lambda: 0, float("nan"), True, 1j])
@pytest.mark.parametrize("name", exercises.names())
def test_whatever_is_returned_check_says_wrong_and_never_raises(name, value):
    result = check(name, lambda *args, **options: value)
    assert result.status == "wrong" and " at 0x" not in repr(result)


@pytest.mark.parametrize("answer", [3, "conv1d", np.array([1.0]), exercises])
def test_an_answer_that_is_no_function_is_told_so(answer):
    assert check("vanilla/conv1d", answer).message.startswith("The answer must be a function, not ")


def leaves(*args, **options):
    raise SystemExit(2)


def test_an_answer_that_ends_the_program_does_not():
    assert "It stopped with SystemExit: 2" in check("vanilla/conv1d", leaves).message


def test_tensors_are_accepted_with_and_without_a_gradient():
    import torch

    def conv1d(x, w, stride=1, padding=0):
        x, w = (torch.as_tensor(v, dtype=torch.float64) for v in (x, w))
        return torch.nn.functional.conv1d(x[None], w.clone().requires_grad_()[None, None], stride=stride, padding=padding)[0]

    assert check("vanilla/conv1d", conv1d).ok


def test_an_unknown_name_is_answered_with_the_known_ones():
    result = check("vanila/conv1d", print)
    assert result.status == "unknown" and not result.ok
    assert result.message == f"There is no such exercise. Did you mean 'vanilla/conv1d'? There are: {', '.join(exercises.names())}."
    with pytest.raises(ValueError, match="^name='x' must be one of .*vanilla/conv1d, "):
        exercises.solution("x")


def test_references_of_chapter_5_agree_with_the_package():
    from convbook import gridding

    rng = np.random.default_rng(1)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("atrous")}
    x, w = rng.normal(size=(9, 12)), rng.normal(size=(2, 3))
    for d in (1, 2, 3):
        spread = solve["spread_kernel"](w, d)
        assert np.allclose(ops.conv2d(x[None], spread[None, None]), ops.conv2d(x[None], w[None, None], dilation=d))
        padded = np.pad(x[0], (d * 2, 0))
        assert np.allclose(solve["causal"](x[0], w[0], d), ops.conv1d(padded[None], w[0][None, None], dilation=d)[0])
    for dilations in rng.integers(1, 9, (30, 3)).tolist():
        assert solve["holes"](dilations) == gridding.holes(dilations)


def test_references_of_chapter_8_agree_with_the_package():
    rng = np.random.default_rng(8)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("flattened")}
    for C, Y, X in [(3, 2, 4), (1, 3, 2), (2, 1, 3)]:
        z, y, x = (rng.integers(-3, 4, n) for n in (C, Y, X))
        image = rng.integers(0, 9, (C, 5, 7))
        w = ops.outer3(z, y, x)
        assert np.array_equal(solve["outer3"](z, y, x), w)
        assert np.array_equal(solve["three_passes"](image, z, y, x), ops.conv2d(image, w[None])[0])
        rank = int(w.any())
        assert solve["three_ranks"](w) == (rank,) * 3
        assert all(r <= 2 for r in solve["three_ranks"](ops.from_cp(np.ones(2), [rng.normal(size=(n, 2)) for n in (C, Y, X)])))
    assert solve["weights"](64, 96, 5, 5, 2) == 96 * (64 + 5 + 5) + 96 * (96 + 5 + 5)


def test_references_of_the_chapter_on_recent_blocks_agree_with_the_package():
    import torch
    from torch import nn

    from convbook.blocks import ChannelShuffle

    rng = np.random.default_rng(0)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("recent")}
    labels, logits = rng.integers(0, 5, 7), torch.tensor(rng.normal(size=(7, 5)))
    assert np.allclose(solve["smoothed_loss"](logits.numpy(), labels, 0.3),
                       nn.functional.cross_entropy(logits, torch.tensor(labels), label_smoothing=0.3, reduction="none"))
    from convbook import cost

    assert solve["numbers_moved"](6, 4, 5, 3, 2) == cost.conv_bytes(6, 4, 1, (5, 3), (5, 3), groups=2, bias=False) // 4
    x, weight = rng.normal(size=(4, 7, 6)), rng.normal(size=(3, 4, 3, 3))
    y = solve["halve"](x, weight)
    assert np.allclose(y[:3], ops.conv2d(x, weight, stride=2)) and np.array_equal(y[3:], ops.max_pool2d(x, 3, stride=2))
    mix = rng.normal(size=(2, 2))
    joined = np.concatenate([x[:2], np.maximum(ops.conv2d(x[2:], mix[:, :, None, None]), 0)])
    assert np.allclose(solve["split_and_shuffle"](x, mix), ChannelShuffle(2)(torch.tensor(joined[None]))[0])


def test_references_of_appendix_a2_agree_with_the_package():
    rng = np.random.default_rng(12)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("normalization")}
    for N, C, G in [(2, 6, 3), (1, 4, 2), (3, 5, 5), (2, 3, 1)]:
        x, grad = rng.normal(size=(2, N, C, 4))
        assert np.allclose(solve["group_norm"](x, G), ops.group_norm(x, G))
        mean, var, gamma, beta, bias = rng.uniform(0.5, 2, (5, C))
        assert np.allclose(solve["running_statistics"](x, mean, var, 0.2), ops.running_statistics(x, mean, var, momentum=0.2))
        w = rng.normal(size=(C, 2, 3))
        weight, shift = ops.fold_batch_norm(w, bias, mean, var, gamma, beta)
        assert np.allclose(solve["fold"](w, bias, mean, var, gamma, beta), np.column_stack([weight.reshape(C, -1), shift]))
        assert np.allclose(solve["backward"](grad[0, 0], x[0, 0]), ops.layer_norm_backward(grad[0, :1], x[0, :1], 4)[0][0])


def test_references_of_appendix_1_agree_with_pytorch_and_the_package():
    import torch
    from torch.nn import functional as F

    rng = np.random.default_rng(11)
    solve = {name.split("/")[1]: exercises.solution(name) for name in exercises.names("regularization")}
    for shape in [(3,), (2, 4)]:
        w, grad = rng.normal(size=shape), rng.normal(size=shape)
        assert np.allclose(solve["proximal_step"](w, grad, 0.2, 1.5, "l1"), ops.soft_threshold(w - 0.2 * grad, 0.3))
        assert np.allclose(solve["proximal_step"](w, grad, 0.2, 1.5, "l2"), ops.shrink(w - 0.2 * grad, 0.3))
        masks = rng.random((20_000, *shape)) >= 0.4
        assert np.allclose(np.mean([solve["dropout"](w, mask, 0.4) for mask in masks], axis=0), w, atol=0.05)
    for K, smoothing in [(3, 0.1), (7, 0.0), (2, 0.6)]:
        logits = rng.normal(size=K)
        theirs = F.cross_entropy(torch.tensor(logits)[None], torch.tensor([1]), label_smoothing=smoothing)
        assert np.isclose(solve["smoothed_loss"](logits, 1, smoothing), theirs.item())
