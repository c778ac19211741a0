"""What the arguments of a normalization say together: read once here, for loops and fast forms alike."""

from dataclasses import dataclass
from math import prod

import numpy as np

from convbook._arguments import array, flag, floating, number, whole


@dataclass(frozen=True)
class Norm:
    """One formula for all: entries that share a mean and a variance lie in the same group of the same image."""

    x: np.ndarray  # (N, C, S): images, channels, places
    w: np.ndarray  # (C,), ones if the caller gave none
    b: np.ndarray  # (C,), zeros if the caller gave none
    groups: int  # channels c, c + 1, ... of one group share their statistics
    across: bool  # whether all images share theirs, too, and it has to be found
    mean: np.ndarray | None  # (groups,), where the caller gave the statistics
    var: np.ndarray | None
    eps: float
    shape: tuple  # the caller's, of x
    w_shape: tuple  # and of weight and bias


def read_batch_norm(x, running_mean, running_var, weight, bias, training, momentum, eps):
    """Each channel by itself, all images together."""
    x, affine = _images(x, weight, bias)
    given = _running(running_mean, running_var, len(affine[0]), not flag("training", training), "training=False")
    number("momentum", momentum, at_least=0, at_most=1)
    together = x.size // x.shape[1]
    if training and together == 1:
        raise ValueError(f"x has shape {x.shape}; training needs more than 1 value per channel")
    return _norm(x, x.shape[:2], affine, x.shape[1], given is None, given, eps)


def read_instance_norm(x, running_mean, running_var, weight, bias, use_input_stats, momentum, eps):
    """Each channel of each image by itself."""
    x, affine = _images(x, weight, bias)
    own = flag("use_input_stats", use_input_stats)
    given = _running(running_mean, running_var, len(affine[0]), not own, "use_input_stats=False")
    number("momentum", momentum, at_least=0, at_most=1)
    if own and prod(x.shape[2:]) == 1:
        raise ValueError(f"x has shape {x.shape}; its own statistics need more than 1 place per channel")
    return _norm(x, x.shape[:2], affine, x.shape[1], False, given, eps)


def read_group_norm(x, num_groups, weight, bias, eps):
    """Each group of channels of each image by itself."""
    x, affine = _images(x, weight, bias)
    G = whole("num_groups", num_groups, at_least=1)
    if x.shape[1] % G:
        raise ValueError(f"num_groups={G} must divide channels={x.shape[1]}")
    if x.size == G:  # one value in each group of the only image; PyTorch lets larger batches through
        raise ValueError(f"x has shape {x.shape}; num_groups={G} leaves 1 value per group, and more are needed")
    return _norm(x, x.shape[:2], affine, G, False, None, eps)


def read_layer_norm(x, normalized_shape, weight, bias, eps):
    """Everything on the last axes together: one group, whose channels have one place each."""
    x = array("x", x)
    if not isinstance(normalized_shape, (tuple, list)):
        normalized_shape = (normalized_shape,)
    last = tuple(whole(f"normalized_shape[{i}]", n, at_least=0) for i, n in enumerate(normalized_shape))
    if not last or x.shape[-len(last):] != last:
        raise ValueError(f"normalized_shape={last} must be the last axes of x, which has shape {x.shape}")
    affine = _affine(weight, bias, last, "normalized_shape")
    return _norm(x, (prod(x.shape[:-len(last)]), prod(last)), affine, 1, False, None, eps)


def read_running(x, running_mean, running_var, momentum):
    """A batch as (N, C, places), the running statistics before it, and the momentum."""
    x, _ = _images(x, None, None)
    if running_mean is None or running_var is None:
        raise ValueError("running_mean and running_var must both be given")
    mean, var = _running(running_mean, running_var, x.shape[1], True, None)
    if x.size // x.shape[1] < 2:
        raise ValueError(f"x has shape {x.shape}; running statistics need more than 1 value per channel")
    a = _norm(x, x.shape[:2], _affine(None, None, x.shape[1:2], None), x.shape[1], False, (mean, var), 0)
    return a.x, a.mean, a.var, number("momentum", momentum, at_least=0, at_most=1)


def fixed_scale_and_shift(channels, running_mean, running_var, gamma, beta, eps, *others):
    """A batch norm in inference as (x - mean) scale + beta, in float64; and the dtype all arrays have together."""
    if running_mean is None or running_var is None:
        raise ValueError("running_mean and running_var must both be given")
    gamma, beta = _affine(gamma, beta, (channels,), "(out_channels,)", names=("gamma", "beta"))
    mean, var = _running(running_mean, running_var, channels, True, None)
    scale = gamma / np.sqrt(var.astype(np.float64) + number("eps", eps, at_least=0))
    return scale, mean.astype(np.float64), beta, floating(mean, var, gamma, beta, *others)


def _images(x, weight, bias):
    x = array("x", x)
    if x.ndim < 2:
        raise ValueError(f"x has shape {x.shape}; it must be (batch, channels, ...)")
    if x.shape[1] == 0:
        raise ValueError(f"x has shape {x.shape}; it must have at least 1 channel")
    return x, _affine(weight, bias, x.shape[1:2], "(channels,)")


def _affine(weight, bias, shape, meaning, names=("weight", "bias")):
    """Scale and shift; where there is none, in a type that promotes no other."""
    read = []
    for name, value, neutral in zip(names, (weight, bias), (1, 0)):
        value = np.full(shape, neutral, np.int8) if value is None else array(name, value)
        if value.shape != shape:
            raise ValueError(f"{name} has shape {value.shape}; it must be {meaning} = {shape}")
        read.append(value)
    return read


def _running(mean, var, channels, used, option):
    """Running statistics (mean, var), checked; None where they are given but not used."""
    if (mean is None) != (var is None):
        raise ValueError("running_mean and running_var must both be given, or neither")
    if mean is None:
        if used:
            raise ValueError(f"running_mean and running_var must be given when {option}")
        return None
    mean, var = array("running_mean", mean), array("running_var", var)
    for name, value in ("running_mean", mean), ("running_var", var):
        if value.shape != (channels,):
            raise ValueError(f"{name} has shape {value.shape}; it must be (channels,) = ({channels},)")
    for c in np.flatnonzero(var < 0)[:1]:
        raise ValueError(f"running_var[{c}]={var[c]} must be at least 0")
    return (mean, var) if used else None


def _norm(x, images_channels, affine, groups, across, given, eps):
    dtype = floating(x, *affine, *given or ())
    shape, w_shape = x.shape, affine[0].shape
    places = x.size // prod(images_channels) if x.size else prod(shape[len(images_channels):])
    x = x.astype(dtype, copy=False).reshape(*images_channels, places)
    w, b = (v.astype(dtype, copy=False).reshape(-1) for v in affine)
    mean, var = (v.astype(dtype, copy=False) for v in given) if given else (None, None)
    return Norm(x, w, b, groups, across, mean, var, number("eps", eps, at_least=0), shape, w_shape)
