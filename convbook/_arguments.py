"""How arguments are read: one place for the checks that every function of the package makes.

A wrong type is a TypeError, a wrong value a ValueError; the message names the argument, its value and what would fit.
"""

import operator
from math import inf, isfinite
from numbers import Real

import numpy as np

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def whole(name, value, *, at_least):
    """Read an integer with a lower bound; True, 2.0, "2" and NaN are not integers.

    >>> whole("stride", 2, at_least=1)
    2
    """
    try:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError
        value = operator.index(value)
    except TypeError:
        raise TypeError(f"{name}={value!r} must be an integer") from None
    if value < at_least:
        raise ValueError(f"{name}={value} must be at least {at_least}")
    return value


def number(name, value, *, at_least=-inf, above=-inf, at_most=inf):
    """Read a finite number with bounds, an integer or a float.

    >>> number("eps", 1e-5, at_least=0)
    1e-05
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise TypeError(f"{name}={value!r} must be a number")
    if not (isfinite(value) and at_least <= value <= at_most and value > above):
        if at_most < inf:
            fits = f"between {at_least} and {at_most}"
        else:
            fits = "finite" + f" and at least {at_least}" * (at_least > -inf) + f" and more than {above}" * (above > -inf)
        raise ValueError(f"{name}={value} must be {fits}")
    return float(value)


def per_axis(name, value, axes, *, at_least):
    """Read one integer for every axis, or one integer per axis, as PyTorch does.

    >>> per_axis("stride", 2, axes=3, at_least=1)
    (2, 2, 2)
    """
    if not isinstance(value, (tuple, list)):
        return (whole(name, value, at_least=at_least),) * axes
    if len(value) != axes:
        raise ValueError(f"{name}={value!r} must be one integer, or a tuple of {axes}, one per axis")
    return tuple(whole(f"{name}[{i}]", v, at_least=at_least) for i, v in enumerate(value))


def before_after(name, value):
    """Read a padding along one axis: one integer for both sides, or a pair (before, after).

    >>> before_after("padding", 1), before_after("padding", (1, 2))
    ((1, 1), (1, 2))
    """
    if isinstance(value, (tuple, list)) and len(value) != 2:
        raise ValueError(f"{name}={value!r} must be one integer, or a pair (before, after)")
    return per_axis(name, value, 2, at_least=0)


def one_of(name, value, choices):
    """Read a word out of a fixed list.

    >>> one_of("padding_mode", "zeros", PADDING_MODES)
    'zeros'
    """
    if not isinstance(value, str):
        raise TypeError(f"{name}={value!r} must be a string, one of {', '.join(map(repr, choices))}")
    if value not in choices:
        raise ValueError(f"{name}={value!r} must be one of {', '.join(map(repr, choices))}")
    return value


def group_count(groups, in_channels, out_channels):
    """Read `groups`, which must divide both channel counts, integers of at least 1 themselves.

    >>> group_count(2, 4, 6)
    2
    """
    groups = whole("groups", groups, at_least=1)
    in_channels, out_channels = whole("in_channels", in_channels, at_least=1), whole("out_channels", out_channels, at_least=1)
    if in_channels % groups or out_channels % groups:
        raise ValueError(
            f"groups={groups} must divide in_channels={in_channels} and out_channels={out_channels}")
    return groups


def flag(name, value):
    """Read True or False.

    >>> flag("ceil_mode", True)
    True
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}={value!r} must be True or False")
    return bool(value)


def array(name, value):
    """Read an array of float32, float64 or integers; integers become int64, in which sums of products are exact.

    float16 is refused: its sums would overflow or lose digits, and no caller should meet that by accident.

    >>> array("x", [1, 2]).dtype
    dtype('int64')
    """
    try:
        value = np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:  # ragged lists; tensors that ask for gradients
        raise TypeError(f"{name} cannot be read as an array: {error}") from None
    if value.dtype in (np.float32, np.float64):
        return value
    if value.dtype.kind in "iu" and np.can_cast(value.dtype, np.int64):
        return value.astype(np.int64, copy=False)
    raise TypeError(f"{name} has dtype {value.dtype}; it must be float32, float64 or an integer type up to int64")


def floating(*arrays):
    """The dtype NumPy promotes arrays to; float64 for integers, where results are fractions.

    >>> floating(np.float32([1]), np.float32([2])), floating(np.array([1]))
    (dtype('float32'), dtype('float64'))
    """
    dtype = np.result_type(*arrays)
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


def every(name, values, good, fits):
    """Refuse an array in which one number does not fit, and say which.

    >>> every("mask", np.array([1, 2]), np.array([True, False]), "at most 1")
    Traceback (most recent call last):
    ValueError: mask[1]=2 must be at most 1
    """
    if not np.all(good):
        place = np.unravel_index(np.argmin(good), good.shape)
        index = f"[{', '.join(map(str, place))}]" if place else ""
        raise ValueError(f"{name}{index}={values[place]} must be {fits}")
