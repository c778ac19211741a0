"""The kinds of value that explorers take: a trait reads one of them, or says what would fit."""

from math import inf, isfinite
from numbers import Real

import numpy as np
import traitlets

from convbook._arguments import flag, one_of, per_axis, whole

SPEEDS = (1, 2, 4, 8)  # steps a second


class Pair(traitlets.TraitType):
    """One integer per axis, (height, width); one integer stands for both."""

    info_text = "one integer, or a pair (height, width)"

    def __init__(self, default, *, at_least, **options):
        super().__init__(default, **options)
        self.at_least = at_least

    def validate(self, obj, value):
        return per_axis(self.name, value, 2, at_least=self.at_least)


class Whole(traitlets.TraitType):
    """One integer within bounds."""

    info_text = "an integer"

    def __init__(self, default, *, at_least=0, at_most=inf, **options):
        super().__init__(default, **options)
        self.at_least, self.at_most = at_least, at_most

    def validate(self, obj, value):
        value = whole(self.name, value, at_least=self.at_least)
        if value > self.at_most:
            raise ValueError(f"{self.name}={value} must be at most {self.at_most}")
        return value


class Flag(traitlets.TraitType):
    """True or False."""

    info_text = "True or False"

    def validate(self, obj, value):
        return flag(self.name, value)


class Choice(traitlets.TraitType):
    """One of a few words, or of a few numbers."""

    def __init__(self, default, choices, **options):
        super().__init__(default, **options)
        self.choices = choices

    def info(self):
        return f"one of {', '.join(map(repr, self.choices))}"

    def validate(self, obj, value):
        if isinstance(self.choices[0], str):
            return one_of(self.name, value, self.choices)
        if isinstance(value, bool) or value not in self.choices:
            raise ValueError(f"{self.name}={value!r} must be {self.info()}")
        return value


class Padding(traitlets.TraitType):
    """"valid", "same", one integer, or a pair (height, width)."""

    info_text = '"valid", "same", one integer, or a pair (height, width)'

    def validate(self, obj, value):
        if isinstance(value, str):
            return one_of(self.name, value, ("valid", "same"))
        return per_axis(self.name, value, 2, at_least=0)


class Numbers(traitlets.TraitType):
    """The name of a preset, or rows of numbers, at most `most` x `most` of them; one row may stand without its brackets."""

    info_text = "the name of a preset, or rows of numbers"

    def __init__(self, default, presets, most, *, largest=999, **options):
        super().__init__(default, **options)
        self.presets, self.most, self.largest = presets, most, largest

    def validate(self, obj, value):
        if isinstance(value, str):
            return one_of(self.name, value, self.presets)
        rows, most = listed(value), self.most
        if isinstance(rows, (list, tuple)) and rows and not isinstance(rows[0], (list, tuple)):
            rows = [rows]
        if not is_rows(rows):
            raise TypeError(f"{self.name}={value!r} must be rows of numbers, or one of {', '.join(map(repr, self.presets))}")
        if not rows or len({len(row) for row in rows}) > 1 or not 1 <= len(rows[0]) <= most or len(rows) > most:
            raise ValueError(f"{self.name}={value!r} must be rows of equal length, from 1 x 1 to {most} x {most} numbers")
        hold_numbers(self.name, (v for row in rows for v in row), self.largest)
        return [[v.item() if isinstance(v, np.generic) else v for v in row] for row in rows]


class Pixels(traitlets.TraitType):
    """Rows of whole numbers: a picture or a map, its height, its width and its numbers each within (low, high)."""

    info_text = "rows of whole numbers"

    def __init__(self, default=traitlets.Undefined, *, height, width, numbers, **options):
        super().__init__(default, **options)
        self.height, self.width, self.numbers = height, width, numbers

    def validate(self, obj, value):
        rows = equal_rows(self.name, value, self.height, self.width)
        low, high = self.numbers
        for v in (v for row in rows for v in row):
            if not low <= whole(f"a number of {self.name}", v, at_least=-inf) <= high:
                raise ValueError(f"{self.name} holds {v}; its numbers lie from {low} to {high}")
        return [list(map(int, row)) for row in rows]


def listed(value):
    """An array as nested lists; anything else as it is."""
    return value.tolist() if isinstance(value, np.ndarray) else value


def is_rows(value):
    """Whether it is a list of lists, as far as that goes."""
    return isinstance(value, (list, tuple)) and all(isinstance(row, (list, tuple)) for row in value)


def equal_rows(name, value, height, width, kind="rows of equal length"):
    """Read rows of equal length, as many and as long as (low, high) of height and width allow."""
    rows = listed(value)
    if not is_rows(rows) or len({len(row) for row in rows}) != 1:
        raise ValueError(f"{name} must be {kind}")
    for side, n, (low, high) in (("height", len(rows), height), ("width", len(rows[0]), width)):
        if not low <= n <= high:
            raise ValueError(f"{name} has a {side} of {n}; it must lie from {low} to {high}")
    return rows


def hold_numbers(name, values, most):
    """Refuse anything that is no number from -most to most."""
    for v in values:
        if isinstance(v, (bool, np.bool_)) or not isinstance(v, Real):
            raise TypeError(f"{name} holds {v!r}; it must hold numbers only")
        if not (isfinite(v) and abs(v) <= most):
            raise ValueError(f"{name} holds {v!r}; its numbers must lie from -{most} to {most}")
