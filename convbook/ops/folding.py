"""Folding a batch norm into the convolution before it: two layers trained, one layer run."""

import numpy as np

from convbook._arguments import array, flag, whole
from convbook._signatures.norms import fixed_scale_and_shift


def fold_batch_norm(weight, bias, running_mean, running_var, gamma, beta, *, eps=1e-5, transposed=False, groups=1):
    """Fold a batch norm in inference mode into the convolution before it: the same outputs, one layer fewer.

        weight'[f] = a[f] weight[f]                         a = gamma / sqrt(running_var + eps)
        bias'[f]   = a[f] (bias[f] - running_mean[f]) + beta[f]

    Args:
        weight: (D, C / G, *k) of a convolution on any number of axes; grouped ones need nothing more said.
        bias: (D,), or None for a convolution without.
        running_mean, running_var: (D,), var >= 0.
        gamma, beta: (D,), the batch norm's weight and bias; None means 1 and 0.
        eps: the batch norm's, at least 0.
        transposed: whether weight is a transposed convolution's, (C, D / G, *k), whose outputs lie on axis 1.
        groups: G, needed only there: filter f is weight[:, f mod (D / G)], in the rows of group floor(f / (D / G)).
    Returns:
        (weight', bias') of shapes weight's and (D,), in the dtype NumPy promotes all arrays to; float64 for integers.
        Unlike running both layers, the sum is scaled before it is rounded: equal to rounding, not to the last bit.
    Raises:
        ValueError: shapes do not fit each other, groups do not divide C, or a variance is below 0.
        TypeError: an option is of a wrong type, or a dtype not float32, float64 or integer, such as float16.

    Filter 0 is scaled by 10 / 2; its bias becomes 5 (1 - 3) + 7:

    >>> w, b = fold_batch_norm([[[4, 2]]], [1], [3], [4], [10], [7], eps=0)
    >>> w.tolist(), b.tolist()
    ([[[20.0, 10.0]]], [-3.0])

    Same result as torch.nn.utils.fuse_conv_bn_weights.
    Source: Jacob et al. (2018), section 3.2, https://arxiv.org/abs/1712.05877
    """
    w = array("weight", weight)
    transposed, G = flag("transposed", transposed), whole("groups", groups, at_least=1)
    if w.ndim < 3 or 0 in w.shape:
        layout = "(in_channels, out_channels / groups, ...)" if transposed else "(out_channels, in_channels / groups, ...)"
        raise ValueError(f"weight has shape {w.shape}; it must be {layout} with at least 1 axis of taps, each at least 1")
    if len(w) % G:
        raise ValueError(f"groups={G} must divide {'in' if transposed else 'out'}_channels={len(w)}")
    D = w.shape[1] * G if transposed else len(w)
    b = np.zeros(D, np.int8) if bias is None else array("bias", bias)
    if b.shape != (D,):
        raise ValueError(f"bias has shape {b.shape}; it must be (out_channels,) = ({D},)")

    scale, mean, beta, dtype = fixed_scale_and_shift(D, running_mean, running_var, gamma, beta, eps, w, b)
    if transposed:
        by_group = w.reshape(G, len(w) // G, *w.shape[1:])  # (G, C / G, D / G, *k)
        folded = by_group * scale.reshape(G, 1, D // G, *[1] * (w.ndim - 2))
    else:
        folded = w * scale.reshape(D, *[1] * (w.ndim - 1))
    return folded.reshape(w.shape).astype(dtype), (scale * (b - mean) + beta).astype(dtype)
