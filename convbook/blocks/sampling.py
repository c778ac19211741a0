"""Deformable convolution as a function of tensors: read between the pixels, then one matrix product.

    y(p) = sum over taps n of w_n m_n(p) x(p s + p_n + offset_n(p))        m = 1 without a mask

Sources: Dai et al. (2017), Deformable Convolutional Networks, equations 2 to 4, https://arxiv.org/abs/1703.06211;
Zhu et al. (2019), Deformable ConvNets v2, equation 1, https://arxiv.org/abs/1811.11168
"""

import torch
from torch.nn import functional as F

from convbook._arguments import per_axis
from convbook._signatures.layer import per_named_axis
from convbook.blocks._arguments import tensor
from convbook.shapes import conv_output_size


def bilinear(x, rows, columns):
    """Read images between their pixels; beyond the image lie zeros.

        x(r, c) = sum over the four pixels q around it of max(0, 1 - |r - q_r|) max(0, 1 - |c - q_c|) x(q)

    Args:
        x: (N, C, H, W), floating point.
        rows, columns: where to read, (N, P) each: fractions of pixels, 0 is the centre of the first row or column.
    Returns:
        (N, C, P). Gradients flow to the pixels and to the places; at a pixel's centre, where the slope jumps, it is the one
        towards the next pixel.

    Halfway between 1 and 3, then a quarter of the way out of the image:

    >>> x = torch.tensor([[[[1.0, 3.0]]]])
    >>> bilinear(x, torch.zeros(1, 2), torch.tensor([[0.5, 1.25]]))
    tensor([[[2.0000, 2.2500]]])
    """
    H, W = x.shape[-2:]
    flat = F.pad(x, (1, 1, 1, 1)).flatten(2)  # a ring of zeros; whatever lies further out reads the ring
    top, left = rows.detach().floor(), columns.detach().floor()
    down, right = rows - top, columns - left  # 0 <= each < 1
    total = 0
    for r, share_r in ((top, 1 - down), (top + 1, down)):
        for c, share_c in ((left, 1 - right), (left + 1, right)):
            place = (r.clamp(-1, H).long() + 1) * (W + 2) + c.clamp(-1, W).long() + 1
            total = total + flat.gather(2, place[:, None].expand(-1, x.shape[1], -1)) * (share_r * share_c)[:, None]
    return total


def sampling_grid(offset, kernel_size, *, stride=1, padding=0, dilation=1):
    """Where each tap of each output position reads: the fixed grid of a convolution plus the offsets.

    Args:
        offset: (N, dg 2 K, h, w) for K = k_h k_w taps and dg deformable groups: dy, dx of tap 0, dy, dx of tap 1, ...
        kernel_size, stride, padding, dilation: the convolution's, an int or one int per axis.
    Returns:
        (N, dg, K, 2, h, w): row and column, in pixels of the input.

    Without offsets, the second tap of a 1 x 2 kernel reads one column to the right of the first:

    >>> sampling_grid(torch.zeros(1, 4, 1, 3), (1, 2))[0, 0, :, 1, 0]
    tensor([[0., 1., 2.],
            [1., 2., 3.]])
    """
    k, s, p, d = read_per_axis(kernel_size, stride, padding, dilation)
    N, _, *o = offset.shape
    axis = [torch.arange(o[a], device=offset.device)[None] * s[a] - p[a] + torch.arange(k[a], device=offset.device)[:, None] * d[a]
            for a in (0, 1)]  # (taps, outputs) of each axis
    rows = axis[0][:, None, :, None].expand(*k, *o)
    columns = axis[1][None, :, None, :].expand(*k, *o)
    taps = k[0] * k[1]
    return torch.stack([rows, columns], dim=2).reshape(taps, 2, *o) + offset.reshape(N, -1, taps, 2, *o)


def deform_conv2d(x, offset, weight, bias=None, *, stride=1, padding=0, dilation=1, mask=None):
    """Deformable convolution, with gradients for all five tensors, on any device.

        y(p) = sum over taps n of w_n m_n(p) x(p s + p_n + offset_n(p)) + bias

    Args:
        x: (N, C, H, W), or without N.
        offset: (N, dg 2 K, h, w), without N if x has none, for an output of size h x w and K = k_h k_w taps: dy, dx of tap 0, dy, dx of tap 1, ...
            The number of deformable groups dg is read from this shape; each moves C / dg channels alike.
        weight: (D, C / groups, k_h, k_w); the number of groups is read from this shape.
        bias: (D,) or None.
        stride, padding, dilation: an int or one int per axis, as in Conv2d.
        mask: (N, dg K, h, w), a factor for each tap; None means ones.
    Returns:
        (N, D, h, w), without N if x had none.
    Raises:
        ValueError: shapes that do not fit each other. TypeError: what is no tensor.

    A single tap that looks half a pixel to the right:

    >>> x, offset = torch.tensor([[[[1.0, 3.0]]]]), torch.tensor([0.0, 0.5]).reshape(1, 2, 1, 1).expand(1, 2, 1, 2)
    >>> deform_conv2d(x, offset, torch.ones(1, 1, 1, 1))
    tensor([[[[2.0000, 1.5000]]]])

    Same result as torchvision.ops.deform_conv2d.
    """
    tensor("x", x, 3, 4), tensor("offset", offset, x.ndim), tensor("weight", weight, 4)
    if mask is not None:
        tensor("mask", mask, x.ndim)
    if x.ndim == 3:
        mask = None if mask is None else mask[None]
        return deform_conv2d(x[None], offset[None], weight, bias, stride=stride, padding=padding, dilation=dilation, mask=mask)[0]
    k, s, p, d = read_per_axis(tuple(weight.shape[2:]), stride, padding, dilation)
    (N, C, H, W), (D, C_g), taps = x.shape, weight.shape[:2], k[0] * k[1]
    o = per_named_axis(_output_size, 2, (H, W), k, s, p, d)
    if 0 in (C, C_g) or C % C_g or D % (C // C_g):
        raise ValueError(f"weight has shape {tuple(weight.shape)}; its second axis must be in_channels / groups, where groups "
                         f"divides in_channels={C} and out_channels={D}")
    if bias is not None and tensor("bias", bias, 1).shape != (D,):
        raise ValueError(f"bias has shape {tuple(bias.shape)}; it must be (out_channels,) = ({D},)")
    dg = _deform_groups("offset", offset, 2 * taps, N, C, o)
    if mask is not None and _deform_groups("mask", mask, taps, N, C, o) != dg:
        raise ValueError(f"mask has shape {tuple(mask.shape)}; it must be {(N, dg * taps, *o)}, half as many channels as offset")

    rows, columns = sampling_grid(offset, k, stride=s, padding=p, dilation=d).reshape(N * dg, taps, 2, *o).unbind(dim=2)
    values = bilinear(x.reshape(N * dg, C // dg, H, W), rows.flatten(1), columns.flatten(1))
    values = values.reshape(N, dg, C // dg, taps, *o)
    if mask is not None:
        values = values * mask.reshape(N, dg, 1, taps, *o)
    G = C // C_g
    # From here on it is a convolution by im2col: one matrix product a group.
    y = weight.reshape(G, D // G, C_g * taps) @ values.reshape(N, G, C_g * taps, o[0] * o[1])
    y = y.reshape(N, D, *o)
    return y if bias is None else y + bias[:, None, None]


def read_per_axis(kernel_size, stride, padding, dilation):
    return (per_axis("kernel_size", kernel_size, 2, at_least=1), per_axis("stride", stride, 2, at_least=1),
            per_axis("padding", padding, 2, at_least=0), per_axis("dilation", dilation, 2, at_least=1))


def _output_size(n, k, s, p, d):
    return conv_output_size(n, k, stride=s, padding=p, dilation=d)


def _deform_groups(name, tensor, each, N, C, o):
    """How many deformable groups of `each` channels the tensor holds; its other axes must fit."""
    shape = tuple(tensor.shape)
    dg, rest = divmod(shape[1], each) if len(shape) == 4 else (0, 0)
    if not dg or rest or C % dg or shape != (N, dg * each, *o):
        raise ValueError(f"{name} has shape {shape}; it must be ({N}, {each} dg, {o[0]}, {o[1]}) with dg dividing in_channels={C}")
    return dg
