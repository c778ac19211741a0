"""Coding exercises, checked at once: `check("vanilla/conv1d", my_function)`. One file a chapter."""

from convbook.exercises import atrous, deformable, depthwise, flattened, grouped, inception, normalization, recent, regularization, separable, transposed, vanilla
from convbook.exercises._check import EXERCISES, Result, check

__all__ = ["Result", "atrous", "check", "deformable", "depthwise", "flattened", "grouped", "names", "recent", "regularization", "separable", "solution", "transposed", "vanilla", "inception", "normalization"]


def names(chapter=""):
    """Names of the exercises, of one chapter if it is given.

    >>> names("vanilla")[:2]
    ['vanilla/conv1d', 'vanilla/output_size']
    """
    return [name for name in EXERCISES if name.startswith(chapter)]


def solution(name):
    """The reference function of an exercise; its docstring is the task."""
    if name not in EXERCISES:
        raise ValueError(f"name={name!r} must be one of {', '.join(EXERCISES)}")
    return EXERCISES[name].reference
