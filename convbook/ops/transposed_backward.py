"""The gradients of a transposed convolution: the convolution that it transposes comes back."""

from convbook._signatures.gradient import read_grad
from convbook._signatures.transposed import read_conv_transpose
from convbook.ops.windows import padded, windows


def conv_transpose2d_backward(grad, x, weight, *, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
    """Send the gradient of a loss from a transposed convolution's output back to its input, weight and bias.

    Pixel (i, j) reached the output, through tap (u, v), at r = s_h i + d_h u and q = s_w j + d_w v. So, with grad padded,

        grad_x[m, c, i, j]      = sum over f, u, v of     w[c, f, u, v] grad[m, f, r, q]
        grad_weight[c, f, u, v] = sum over m, i, j of  x[m, c, i, j] grad[m, f, r, q]
        grad_bias[f]            = sum over m and all places of  grad[m, f]

    The first is the ordinary convolution of grad with w: transposing twice gives back what was transposed.

    Args:
        grad: (N, D, o_h, o_w), the loss's gradient at the output; without N if x has none.
        x, weight, stride, padding, output_padding, groups, dilation: what `conv_transpose2d` was given.
    Returns:
        (grad_x, grad_weight, grad_bias), shaped as x, weight and (D,), in the dtype NumPy promotes
        grad, x and weight to.
    Raises:
        ValueError: grad has not the output's shape; otherwise as `reference.conv_transpose2d`.
        TypeError: as `reference.conv_transpose2d`.

    y = 5 (2, 3), with the loss growing by 10 and by 1 for each unit of y:

    >>> [g.ravel().tolist() for g in conv_transpose2d_backward([[[10, 1]]], [[[5]]], [[[[2, 3]]]])]
    [[23], [50, 5], [11]]

    Same result as torch.autograd on torch.nn.functional.conv_transpose2d.
    Source: Dumoulin & Visin (2016), section 4.1, https://arxiv.org/abs/1603.07285
    """
    a = read_conv_transpose(2, x, weight, None, stride, padding, output_padding, groups, dilation)
    (N, C, h, w_), (_, D_g, *k), G = a.x.shape, a.w.shape, a.groups
    grad = read_grad(grad, (N, G * D_g, *a.output_size)[a.single:], a.x).reshape(N, G * D_g, *a.output_size)

    # Each pixel's window of the gradient as one column; a large output_padding holds windows that no pixel stamped.
    seen = windows(padded(grad, a.pads), a.kernel_size, a.stride, a.dilation)[:, :, :h, :w_]
    columns = seen.transpose(0, 1, 4, 5, 2, 3).reshape(N, G, D_g * k[0] * k[1], h * w_)
    x = a.x.reshape(N, G, C // G, h * w_)
    w = a.w.reshape(G, C // G, D_g * k[0] * k[1])
    grad_x = w @ columns
    grad_w = (x @ columns.swapaxes(2, 3)).sum(axis=0)
    return a.unbatch(grad_x.reshape(a.x.shape)), grad_w.reshape(a.w.shape), grad.sum(axis=(0, 2, 3))
