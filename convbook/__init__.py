"""Convolutions to read, run and play with: the package behind *A Field Guide to Convolutions*.

Every operation is written twice. `convbook.reference` has the definitions as plain loops, to be read;
`convbook.ops` has the fast NumPy forms, to be used. Both are held to PyTorch by the tests.

Importing `convbook` loads neither torch nor matplotlib: each submodule is loaded when it is first used.
"""

from importlib import import_module

__version__ = "0.1.0"

_SUBMODULES = ("blocks", "choices", "cost", "data", "exercises", "explorers", "figures", "gridding", "kinds", "networks", "notebook", "ops", "reference",
               "shapes", "theme", "timing", "training")
__all__ = list(_SUBMODULES)


def __getattr__(name):
    if name in _SUBMODULES:
        return import_module(f"convbook.{name}")
    raise AttributeError(f"module 'convbook' has no attribute {name!r}; it has {', '.join(_SUBMODULES)}")


def __dir__():
    return sorted([*globals(), *_SUBMODULES])
