"""How the gradient that a backward pass starts from is read."""

import numpy as np

from convbook._arguments import array


def read_grad(grad, shape, x):
    """Read the loss's gradient at an output of that shape, in the dtype that it and x have together."""
    grad = array("grad", grad)
    if grad.shape != tuple(shape):
        raise ValueError(f"grad has shape {grad.shape}; it must have the output's, {tuple(shape)}")
    return grad.astype(np.result_type(grad, x), copy=False)
