"""Settings of all unit tests."""

import types

import hypothesis
import torch

# The layers here are tiny: handing them to several threads costs more than computing them.
torch.set_num_threads(1)


def pytest_make_parametrize_id(val):
    """Functions among the parameters are named: their addresses differ between the workers of one run."""
    return val.__name__ if isinstance(val, (types.FunctionType, type)) else None


# How long one example takes says how busy the machine is, not whether the code is right; and a run finds what the last run found.
hypothesis.settings.register_profile("book", deadline=None, derandomize=True)
hypothesis.settings.load_profile("book")
