"""The gradients of a convolution, tap by tap."""

import numpy as np

from convbook._signatures.convolution import read_conv
from convbook._signatures.gradient import read_grad
from convbook.ops.windows import padded


def conv2d_backward(grad, x, weight, *, stride=1, padding=0, dilation=1, groups=1):
    """Send the gradient of a loss from a convolution's output back to its input, weight and bias.

    Tap (u, v) of output (i, j) saw x at r = s_h i + d_h u and q = s_w j + d_w v. So, with x padded,

        grad_weight[f, c, u, v] = sum over m, i, j of  grad[m, f, i, j] x[m, c, r, q]
        grad_x[m, c, r, q]      = sum over f, and all i, j, u, v that meet there, of
                                                       grad[m, f, i, j] w[f, c, u, v]
        grad_bias[f]            = sum over m, i, j of  grad[m, f, i, j]

    Args:
        grad: (N, D, o_h, o_w), the loss's gradient at the output; without N if x has none.
        x, weight, stride, padding, dilation, groups: what `conv2d` was given; padding with zeros.
    Returns:
        (grad_x, grad_weight, grad_bias), shaped as x, weight and (D,), in the dtype NumPy promotes
        grad, x and weight to.
    Raises:
        ValueError: grad has not the output's shape; otherwise as `reference.conv2d`.
        TypeError: as `reference.conv2d`.

    y = 2 x0 + 3 x1, with the loss growing by 10 for each unit of y:

    >>> [g.ravel().tolist() for g in conv2d_backward([[[10]]], [[[5, 7]]], [[[[2, 3]]]])]
    [[20, 30], [50, 70], [10]]

    Same result as torch.autograd on torch.nn.functional.conv2d.
    Source: Goodfellow, Bengio & Courville (2016), equations 9.11 and 9.13,
    https://www.deeplearningbook.org/contents/convnets.html
    """
    a = read_conv(2, x, weight, None, stride, padding, dilation, groups)
    (N, C), D, G, (o_h, o_w) = a.x.shape[:2], len(a.w), a.groups, a.output_size
    grad = read_grad(grad, (N, D, o_h, o_w)[a.single:], a.x)
    grad = grad.reshape(N, G, D // G, o_h * o_w)
    (s_h, s_w), (d_h, d_w), (k_h, k_w) = a.stride, a.dilation, a.kernel_size

    x = padded(a.x, a.pads)
    w = a.w.reshape(G, D // G, C // G, k_h, k_w)
    grad_x, grad_w = np.zeros(x.shape, grad.dtype), np.zeros(w.shape, grad.dtype)
    for u in range(k_h):
        for v in range(k_w):
            rows = slice(d_h * u, d_h * u + s_h * (o_h - 1) + 1, s_h)
            columns = slice(d_w * v, d_w * v + s_w * (o_w - 1) + 1, s_w)
            seen = x[:, :, rows, columns].reshape(N, G, C // G, o_h * o_w)  # by tap (u, v)
            grad_w[..., u, v] = (grad @ seen.swapaxes(2, 3)).sum(axis=0)
            back = w[..., u, v].swapaxes(1, 2) @ grad
            grad_x[:, :, rows, columns] += back.reshape(N, C, o_h, o_w)

    (top, _), (left, _) = a.pads
    h, w_ = a.x.shape[2:]
    grad_x = grad_x[:, :, top:top + h, left:left + w_]
    return a.unbatch(grad_x), grad_w.reshape(a.w.shape), grad.sum(axis=(0, 3)).reshape(D)
