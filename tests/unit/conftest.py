"""Settings of all unit tests."""

import types

import torch

# The layers here are tiny: handing them to several threads costs more than computing them.
torch.set_num_threads(1)


def pytest_make_parametrize_id(val):
    """Functions among the parameters are named: their addresses differ between the workers of one run."""
    return val.__name__ if isinstance(val, (types.FunctionType, type)) else None
