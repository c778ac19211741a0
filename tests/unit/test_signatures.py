"""Every form of an operation, and its backward pass, is called alike: the same arguments, with the same defaults."""

import inspect

import pytest

from convbook import ops, reference

OTHER_ROADS = {"conv2d": ("conv2d_im2col", "conv2d_fft", "conv2d_winograd"),
               "conv_transpose2d": ("conv_transpose2d_scatter", "conv_transpose2d_zero_insertion", "conv_transpose2d_matrix", "conv_transpose2d_gradient")}
BACKWARD = [name for name in ops.__all__ if name.endswith("_backward")]


def arguments(function):
    return inspect.signature(function).parameters


@pytest.mark.parametrize("name", reference.__all__)
def test_the_loops_and_the_fast_form_take_the_same_arguments(name):
    assert arguments(getattr(reference, name)) == arguments(getattr(ops, name))


@pytest.mark.parametrize("name", OTHER_ROADS)
def test_other_roads_to_the_same_numbers_take_the_same_arguments(name):
    for other in OTHER_ROADS[name]:
        assert arguments(getattr(ops, other)) == arguments(getattr(ops, name)), other


@pytest.mark.parametrize("name", BACKWARD)
def test_what_a_backward_pass_shares_with_its_operation_has_the_same_default(name):
    back, forward = arguments(getattr(ops, name)), arguments(getattr(ops, name.removesuffix("_backward")))
    first, *others = back.values()
    assert first.name == "grad" and len(others) > 1
    for one in others:
        assert one.default == forward[one.name].default, one


def test_each_default_that_pytorch_states_is_pytorchs():
    from torch.nn import functional

    for name in ("batch_norm", "layer_norm", "group_norm", "instance_norm"):
        ours, theirs = (arguments(getattr(module, name)) for module in (ops, functional))
        shared = set(ours) & set(theirs)
        assert "eps" in shared
        for one in shared:
            assert ours[one].default == theirs[one].default, (name, one)
