"""Exercises: each reference is accepted, each common wrong answer is not, and nothing a reader hands in makes `check` fail."""

import numpy as np
import pytest

from convbook import exercises
from convbook.exercises import check
from convbook.exercises._check import EXERCISES
from convbook.notebook import source
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
import wrong_vanilla


WRONG = wrong_vanilla.WRONG | wrong_atrous.WRONG
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
    message = check("vanilla/conv1d", wrong_vanilla.changes_its_input).message
    assert message.startswith("It changes its input x: work on a copy.\nconv1d(x=[3.], w=[2.])\nx before: [3.]\nx after:  [4.]")


def test_changing_a_copy_is_fine_and_cannot_spoil_a_later_check():
    check("vanilla/conv1d", wrong_vanilla.changes_its_input)
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


def test_whole_numbers_may_come_in_a_list_an_array_or_a_tensor():
    import torch

    ranks = exercises.solution("flattened/three_ranks")
    for form in (list, np.array, torch.tensor):
        assert check("flattened/three_ranks", lambda w: form(ranks(w))).ok


def test_whole_numbers_of_the_wrong_form_are_told_which_form_fits():
    bins = exercises.solution("deformable/bin_rows")
    assert check("deformable/bin_rows", lambda *given: bins(*given)[0]).message.startswith("The result must be 2 whole numbers, in a tuple.\n")
    assert check("deformable/bin_rows", lambda *given: np.array(bins(*given), dtype=float)).message.startswith(
        "The result must be a whole number (int), not float: divide with //, or put int() around it.\n")


def test_the_arguments_of_chapter_8_are_arrays():
    assert check("flattened/outer3", lambda z, y, x: z[:, None, None] * y[:, None] * x).ok


def test_a_whole_number_may_come_as_an_array_or_a_tensor():
    import torch

    right = exercises.solution("vanilla/output_size")
    for kind in (np.int64, np.array, torch.tensor):
        assert check("vanilla/output_size", lambda *given, **options: kind(right(*given, **options))).ok
    assert "not float:" in check("vanilla/output_size", lambda *given, **options: np.float64(right(*given, **options))).message


def test_an_array_of_truth_values_counts_as_zeros_and_ones():
    assert check("grouped/hears", lambda *given: exercises.solution("grouped/hears")(*given) > 0).ok


def test_fractions_that_were_cut_off_are_told_so():
    cut = lambda *given, **options: exercises.solution("vanilla/conv1d")(*given, **options).astype(np.int64)
    assert check("vanilla/conv1d", cut).message.startswith("The numbers differ: whole numbers (int64) cannot hold the fractions.\n")


def test_an_unknown_name_is_answered_with_the_known_ones():
    result = check("vanila/conv1d", print)
    assert result.status == "unknown" and not result.ok
    assert result.message == f"There is no such exercise. Did you mean 'vanilla/conv1d'? There are: {', '.join(exercises.names())}."
    with pytest.raises(ValueError, match="^name='x' must be one of .*vanilla/conv1d, "):
        exercises.solution("x")


@pytest.mark.parametrize("name", exercises.names())
def test_a_page_shows_the_solution_without_the_cases_that_check_it(name):
    solution = exercises.solution(name)
    assert source(solution, docstring=False).startswith(f"def {solution.__name__}(")
