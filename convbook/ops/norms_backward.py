"""The gradients of the normalizations: one formula, four choices of entries that share a mean.

With x^ = (x - mean) / sqrt(var + eps), y = x^ weight + bias and h = grad weight, the gradient at x^:

    grad_bias   = sum of grad                 over images and places
    grad_weight = sum of grad x^              over images and places
    grad_x      = (h - mean(h) - x^ mean(h x^)) / sqrt(var + eps)

Both means go over the entries that share a mean and a variance: moving one x moves those two, and so all their outputs.
Where the statistics were given (batch norm in inference), nothing else moves, and grad_x = h / sqrt(var + eps).
"""

import numpy as np

from convbook._signatures.gradient import read_grad
from convbook._signatures.norms import read_batch_norm, read_group_norm, read_instance_norm, read_layer_norm
from convbook.ops.norms import blocks, dots, grouped, shared_mean, standardise


def batch_norm_backward(grad, x, running_mean, running_var, weight=None, *, training=False, eps=1e-5):
    """Send the gradient of a loss from a batch norm's output back to its input, weight and bias.

    Args:
        grad: x's shape, the loss's gradient at the output.
        x, running_mean, running_var, weight, training, eps: what `batch_norm` was given. The bias changes no gradient.
    Returns:
        (grad_x, grad_weight, grad_bias), shaped as x, (C,) and (C,), in the dtype NumPy promotes grad and the result to.
    Raises:
        ValueError, TypeError: grad has not the output's shape; otherwise as `reference.batch_norm`.

    In inference each channel is scaled by weight / sqrt(var + eps), here 10 / 2:

    >>> [g.tolist() for g in batch_norm_backward([[1], [2]], [[7], [3]], [3], [4], [10], eps=0)]
    [[[5.0], [10.0]], [2.0], [3.0]]

    Same result as torch.autograd on torch.nn.functional.batch_norm.
    Source: Ioffe & Szegedy (2015), section 3, https://arxiv.org/abs/1502.03167
    """
    return _gradients(grad, read_batch_norm(x, running_mean, running_var, weight, None, training, 0, eps))


def layer_norm_backward(grad, x, normalized_shape, weight=None, *, eps=1e-5):
    """Send the gradient of a loss from a layer norm's output back to its input, weight and bias.

    Args:
        grad: x's shape, the loss's gradient at the output.
        x, normalized_shape, weight, eps: what `layer_norm` was given.
    Returns:
        (grad_x, grad_weight, grad_bias), the last two of shape normalized_shape; dtype as for `batch_norm_backward`.
    Raises:
        ValueError, TypeError: grad has not the output's shape; otherwise as `reference.layer_norm`.

    Neither a shift of both entries nor a stretch changes the output, so their gradients are 0:

    >>> [g.tolist() for g in layer_norm_backward([[1, 2]], [[1, 5]], 2, eps=0)]
    [[[0.0, 0.0]], [-1.0, 2.0], [1.0, 2.0]]

    Same result as torch.autograd on torch.nn.functional.layer_norm.
    Source: Ba, Kiros & Hinton (2016), equation 3, https://arxiv.org/abs/1607.06450
    """
    return _gradients(grad, read_layer_norm(x, normalized_shape, weight, None, eps))


def group_norm_backward(grad, x, num_groups, weight=None, *, eps=1e-5):
    """Send the gradient of a loss from a group norm's output back to its input, weight and bias.

    Args:
        grad: x's shape, the loss's gradient at the output.
        x, num_groups, weight, eps: what `group_norm` was given.
    Returns:
        As `batch_norm_backward`.
    Raises:
        ValueError, TypeError: grad has not the output's shape; otherwise as `reference.group_norm`.

    >>> [g.tolist() for g in group_norm_backward([[1, 2]], [[1, 5]], 1, eps=0)]
    [[[0.0, 0.0]], [-1.0, 2.0], [1.0, 2.0]]

    Same result as torch.autograd on torch.nn.functional.group_norm.
    Source: Wu & He (2018), equation 7, https://arxiv.org/abs/1803.08494
    """
    return _gradients(grad, read_group_norm(x, num_groups, weight, None, eps))


def instance_norm_backward(grad, x, running_mean=None, running_var=None, weight=None, *, use_input_stats=True, eps=1e-5):
    """Send the gradient of a loss from an instance norm's output back to its input, weight and bias.

    Args:
        grad: x's shape, the loss's gradient at the output.
        x, running_mean, running_var, weight, use_input_stats, eps: what `instance_norm` was given.
    Returns:
        As `batch_norm_backward`.
    Raises:
        ValueError, TypeError: grad has not the output's shape; otherwise as `reference.instance_norm`.

    >>> [g.tolist() for g in instance_norm_backward([[[1, 2]]], [[[1, 5]]], eps=0)]
    [[[[0.0, 0.0]]], [1.0], [3.0]]

    Same result as torch.autograd on torch.nn.functional.instance_norm.
    Source: Ulyanov, Vedaldi & Lempitsky (2016), section 2, https://arxiv.org/abs/1607.08022
    """
    return _gradients(grad, read_instance_norm(x, running_mean, running_var, weight, None, use_input_stats, 0, eps))


def _gradients(grad, a):
    grad = read_grad(grad, a.shape, a.x).reshape(a.x.shape)
    dtype = grad.dtype
    grad_x, x_hats = np.empty(a.x.shape, dtype), np.empty(a.x.shape, dtype)
    x, grad, hs, x_hats, w = grouped(a, a.x, grad, grad_x, x_hats, a.w)
    grad_w, grad_b = np.zeros(w.shape), np.zeros(w.shape)
    for images, groups in blocks(a):
        g, h, x_hat = grad[images, groups], hs[images, groups], x_hats[images, groups]
        left, over_root = (v.astype(dtype)[..., None, None] for v in standardise(a, x[images, groups], groups, x_hat))
        x_hat -= left
        x_hat *= over_root

        exact = np.float64 if a.across else dtype  # only there may a block hold very many images
        S = g.shape[3]
        grad_b[groups] += (dots(g, np.ones(S, dtype)) if S > 1 else g[..., 0]).sum(axis=0, dtype=exact)
        grad_w[groups] += (dots(g, x_hat) if S > 1 else (g * x_hat)[..., 0]).sum(axis=0, dtype=exact)

        np.multiply(g, w[groups][..., None], out=h)
        if a.mean is None:
            shift, scale = (shared_mean(a, h, v).astype(dtype)[..., None, None] for v in (None, x_hat))
            x_hat *= scale
            h -= shift
            h -= x_hat
        h *= over_root
    return grad_x.reshape(a.shape), *(v.reshape(a.w_shape).astype(dtype) for v in (grad_w, grad_b))
