"""What all operations on images have in common: a batch axis that may be left out, options per axis, named axes, a bias."""

from dataclasses import dataclass

import numpy as np

from convbook._arguments import array

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}


@dataclass(frozen=True)
class Layer:
    """Arguments with every option spelled out per axis, and a batch axis always there."""

    x: np.ndarray  # (N, C, *n)
    kernel_size: tuple
    stride: tuple
    pads: tuple  # (before, after) per axis
    dilation: tuple
    output_size: tuple
    single: bool  # whether the caller left the batch axis out

    def unbatch(self, y):
        return y[0] if self.single else y


def read_images(axes, x):
    """Read images over that many axes: (with a batch axis, whether the caller left it out)."""
    x = array("x", x)
    names = ", ".join(AXES[axes])
    if x.ndim not in (axes + 1, axes + 2):
        raise ValueError(f"x has shape {x.shape}; it must be (channels, {names}) or (batch, channels, {names})")
    single = x.ndim == axes + 1
    x = x[None] if single else x
    if x.shape[1] == 0:
        raise ValueError(f"x has shape {x.shape[single:]}; it must have at least 1 channel")
    return x, single


def read_weight(axes, weight, channels):
    """Read filters over that many axes; `channels` names, for an error, the two axes before those of the kernel."""
    w = array("weight", weight)
    if w.ndim != axes + 2 or 0 in w.shape:
        kernel = ", ".join(f"kernel {name}" for name in AXES[axes])
        raise ValueError(f"weight has shape {w.shape}; it must be ({channels}, {kernel}), each at least 1")
    return w


def read_bias(bias, D, dtype):
    """Read one number for each of D output channels; zeros if the caller gave none."""
    b = np.zeros(D, dtype) if bias is None else array("bias", bias)
    if b.shape != (D,):
        raise ValueError(f"bias has shape {b.shape}; it must be (out_channels,) = ({D},)")
    return b


def in_one_dtype(*arrays):
    """The arrays in the dtype that NumPy promotes them to together.

    >>> [a.dtype.name for a in in_one_dtype(np.float32([1]), np.array([2]))]
    ['float64', 'float64']
    """
    dtype = np.result_type(*arrays)
    return [a.astype(dtype, copy=False) for a in arrays]


def per_named_axis(size, axes, *arguments):
    """Call `size` for each axis, and let its errors say which axis they are about."""
    sizes = []
    for name, *args in zip(AXES[axes], *arguments):
        try:
            sizes.append(size(*args))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return tuple(sizes)
