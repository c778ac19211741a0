"""How an answer is checked: run it beside the reference, smallest case first, and say kindly what came out."""

import copy
import inspect
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Callable

import numpy as np

EXERCISES = {}
EXPECTED = "expected: "


@dataclass(frozen=True)
class Case:
    """One call: positional arguments and options, by name."""

    arguments: dict
    options: dict

    @property
    def size(self):
        """How much there is to read: small cases come first."""
        return sum(np.size(value) if np.ndim(value) else 1 for value in self.arguments.values()), sum(map(int, self.options.values()))


@dataclass(frozen=True)
class Exercise:
    """A function to write: its reference, and the cases that tell right from wrong."""

    name: str
    reference: Callable
    cases: tuple


@dataclass(frozen=True)
class Result:
    """What `check` found: `status` is "right", "wrong", "not attempted" or "unknown"."""

    name: str
    status: str
    message: str

    @property
    def ok(self):
        """True if the answer is right."""
        return self.status == "right"

    def __bool__(self):
        return self.ok

    def __repr__(self):
        return f"{self.name}: {self.status}. {self.message}"

    def _repr_markdown_(self):
        first, _, rest = self.message.partition("\n")
        return f"**`{self.name}`: {self.status}.** {first}" + (f"\n\n```text\n{rest}\n```" if rest else "")


def exercise(name, *calls):
    """Register a reference solution under `name`; each call is (arguments, options), the arguments in the reference's order."""
    def register(reference):
        names = list(inspect.signature(reference).parameters)
        cases = [Case(dict(zip(names, arguments)), options) for arguments, options in calls]
        EXERCISES[name] = Exercise(name, reference, tuple(sorted(cases, key=lambda case: case.size)))
        return reference

    return register


def check(name, answer):
    """Check your answer to an exercise.

    Args:
        name: of the exercise, for example "vanilla/conv1d".
        answer: the function you wrote. None or ... means that you have not tried yet.

    Returns:
        A `Result`: right, wrong with the smallest case that fails, or not attempted. Its `.ok` is True only if it is right.
        A wrong answer never raises: not even one that fails with an error itself.

    >>> check("vanilla/output_size", lambda n, k, stride=1, padding=0, dilation=1: n - k + 1).ok
    False
    >>> check("vanilla/conv1d", None)
    vanilla/conv1d: not attempted. Write the function, then check it again.
    """
    if name not in EXERCISES:
        near = get_close_matches(str(name), EXERCISES, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        return Result(str(name), "unknown", f"There is no such exercise.{hint} There are: {', '.join(EXERCISES)}.")
    todo = Result(name, "not attempted", "Write the function, then check it again.")
    if answer is None or answer is ...:
        return todo
    if not callable(answer):
        return Result(name, "wrong", f"The answer must be a function, not {_short(answer)}. Leave out the brackets: check({name!r}, my_function).")
    cases = EXERCISES[name].cases
    for case in cases:
        outcome = _run(EXERCISES[name], case, answer)
        if outcome == "todo":
            return todo
        if outcome:
            return Result(name, "wrong", outcome)
    return Result(name, "right", f"All {len(cases)} cases agree.")


def _run(one, case, answer):
    """None if the answer is right on this case, "todo" if it was not attempted, else what is wrong."""
    arguments = copy.deepcopy(case.arguments)
    call = _call(one, case)
    expected = one.reference(*copy.deepcopy(case.arguments).values(), **case.options)
    try:
        got = answer(*arguments.values(), **case.options)
    except NotImplementedError:
        return "todo"
    except (Exception, SystemExit) as error:
        return f"It stopped with {type(error).__name__}: {error}\n{call}\nexpected: {show(expected, EXPECTED)}"
    if got is None or got is ...:
        return "todo"
    for name, value in case.arguments.items():
        if not same(value, arguments[name]):
            return f"It changes its input {name}: work on a copy.\n{call}\n{name} before: {show(value)}\n{name} after:  {show(arguments[name])}"
    try:
        reason = difference(expected, got)
    except Exception as error:  # an answer may return anything, also something that cannot be compared
        reason = f"The result, a {type(got).__name__}, cannot be compared with numbers ({type(error).__name__})."
    return f"{reason}\n{call}\nexpected: {show(expected, EXPECTED)}\ngot:      {show(got, EXPECTED)}" if reason else None


def difference(expected, got):
    """Why two results differ, in one sentence; None if they agree."""
    if isinstance(expected, int):
        got = plain(got).item() if np.ndim(plain(got)) == 0 else got  # NumPy's and PyTorch's numbers, too
        if isinstance(got, bool) or not isinstance(got, int):
            return f"The result must be a whole number (int), not {type(got).__name__}: divide with //, or put int() around it."
        return None if got == expected else "One result differs."
    if isinstance(expected, tuple):
        if isinstance(got, np.ndarray) or hasattr(got, "detach"):
            got = plain(got).tolist()
        if not isinstance(got, (tuple, list)) or len(got) != len(expected):
            return f"The result must be {len(expected)} whole numbers, in a tuple."
        return next((reason for e, g in zip(expected, got) if (reason := difference(e, g))), None)
    got = plain(got)
    if got.shape != expected.shape:
        return f"The result has shape {got.shape}, expected {expected.shape}."
    if not (np.issubdtype(got.dtype, np.number) or got.dtype == bool):
        return f"The result holds {got.dtype}, not numbers."
    if np.allclose(got, expected, rtol=1e-5, atol=1e-6):
        return None
    cut = np.issubdtype(got.dtype, np.integer) and (expected % 1).any()
    return f"The numbers differ: whole numbers ({got.dtype}) cannot hold the fractions." if cut else "The numbers differ."


def plain(value):
    """A result as a NumPy array; a tensor of PyTorch is taken out of its graph first."""
    return np.asarray(value.detach() if hasattr(value, "detach") else value)


def same(a, b):
    """Whether an argument still is what it was."""
    try:
        return np.array_equal(np.asarray(a), np.asarray(b)) and np.asarray(a).dtype == np.asarray(b).dtype
    except Exception:
        return False


def _call(one, case):
    head = one.reference.__name__ + "("
    texts = [f"{name}={show(value, ' ' * len(head) + name + '=')}" for name, value in (case.arguments | case.options).items()]
    line = f"{head}{', '.join(texts)})"
    return line if len(line) <= 100 and "\n" not in line else head + (",\n" + " " * len(head)).join(texts) + ")"


def show(value, prefix=""):
    """A value as a reader would write it; the later lines of an array stand under its first bracket, after `prefix`."""
    if hasattr(value, "detach"):
        value = plain(value)
    if isinstance(value, np.ndarray):
        text = np.array2string(value, separator=", ", precision=4, suppress_small=True, threshold=60, prefix=prefix)
        return re.sub(r"\n+", "\n", text)
    if isinstance(value, np.generic):
        value = value.item()
    return _short(value)


def _short(value: Any):
    try:
        text = repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    if " at 0x" in text:  # an address would differ from run to run
        text = f"<{type(value).__name__}>"
    return text if len(text) <= 200 else text[:200] + " …"
