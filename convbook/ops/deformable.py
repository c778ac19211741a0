"""Deformable convolution, a block of places at a time: read all taps' samples, then one matrix product.

The block is small enough for its samples to stay in the cache. Tried and not kept, on 64 channels at 56 x 56: one
interpolation after another, or four sums in turn (slower), a matrix product for each sample (no faster), and `np.add.at`
on the way back (half as fast).
"""

from dataclasses import dataclass

import numpy as np

from convbook._signatures.deformable import read_deform_conv
from convbook._signatures.gradient import read_grad
from convbook.ops.bilinear import Corners, framed_size, images, pixels

NUMBERS = 2**19  # how many numbers one block gathers


def deform_conv2d(x, offset, weight, bias=None, *, stride=1, padding=0, dilation=1, mask=None):
    """Convolve with taps that are moved and read between pixels: `reference.deform_conv2d`, vectorised.

    Arguments, result and errors are those of `reference.deform_conv2d`.

    >>> down_and_right = [[[0.5, 0, 0]], [[0, 1, 0]]]
    >>> deform_conv2d([[[1, 2, 3], [5, 6, 7]]], down_and_right, [[[[10]]]], stride=(2, 1))
    array([[[30., 30., 30.]]])
    """
    a = read_deform_conv(x, offset, weight, bias, stride, padding, dilation, mask)
    (N, D), (o_h, o_w), w = (len(a.x), len(a.w)), a.output_size, _by_tap(a.w, a.groups)
    y = np.empty((N, D, o_h * o_w), a.x.dtype)
    for m in range(N):
        planes = _planes(a, a.x[m])
        for places in _blocks(a):
            columns = _columns(_taps(a, planes, m, places), a.groups)
            y[m, :, places] = (w @ columns.swapaxes(1, 2)).reshape(D, -1)
    y += a.b[:, None]
    return a.unbatch(y.reshape(N, D, o_h, o_w))


def deform_conv2d_backward(grad, x, offset, weight, *, stride=1, padding=0, dilation=1, mask=None):
    """Send the gradient of a loss from a deformable convolution's output back to all that went in.

    With e = sum over f of  grad[m, f, i, j] w[f, c, u, v], what the loss gains from tap (u, v) of
    output (i, j) seeing more in channel c, and x(c) what the tap sees,

        grad_weight[f, c, u, v] = sum over m, i, j of  grad[m, f, i, j] mask x(c)
        grad_mask[m, t, i, j]   = sum over c of  e x(c)
        grad_offset[m, 2t, i, j], [m, 2t + 1, i, j] = sum over c of  e mask times x(c)'s slopes
        grad_x[m, c, r, q]      = sum over all taps that meet there of  e mask g(r, their y) g(q, their x)
        grad_bias[f]            = sum over m, i, j of  grad[m, f, i, j]

    the slopes being those of `bilinear_sample_backward`: at a whole position, to its right.

    Args:
        grad: (N, D, o_h, o_w), the loss's gradient at the output; without N if x has none.
        x, offset, weight, stride, padding, dilation, mask: what `deform_conv2d` was given.
    Returns:
        (grad_x, grad_offset, grad_weight, grad_bias, grad_mask), shaped as x, offset, weight, (D,)
        and mask, in the dtype NumPy promotes all arrays to; grad_mask is None if mask is.
    Raises:
        ValueError: grad has not the output's shape; otherwise as `reference.deform_conv2d`.
        TypeError: as `reference.deform_conv2d`.

    A quarter of the way from 5 to 9, a weight of 10: y = 10 (0.75 * 5 + 0.25 * 9).

    >>> back = deform_conv2d_backward([[[1]]], [[[5, 9]]], [[[0]], [[0.25]]], [[[[10]]]], stride=2)
    >>> [g.ravel().tolist() for g in back[:4]]
    [[7.5, 2.5], [-60.0, 40.0], [6.0], [1.0]]

    Same result as torch.autograd on torchvision.ops.deform_conv2d.
    Source: Dai et al. (2017), appendix A, https://arxiv.org/abs/1703.06211
    """
    a = read_deform_conv(x, offset, weight, None, stride, padding, dilation, mask)
    (N, C), (D, C_g, *k), (o_h, o_w), G, G_o = a.x.shape[:2], a.w.shape, a.output_size, a.groups, a.offset_groups
    K = k[0] * k[1]
    grad = read_grad(grad, (N, D, o_h, o_w)[a.single:], a.x).reshape(N, G, D // G, o_h * o_w)
    dtype = grad.dtype
    w = _by_tap(a.w.astype(dtype, copy=False), G)

    grad_x, grad_w = np.zeros(a.x.shape, dtype), np.zeros(w.shape, dtype)
    grad_offset = np.zeros((N, G_o, K, 2, o_h * o_w), dtype)
    grad_mask = np.zeros((N, G_o, K, o_h * o_w), dtype) if a.masked else None
    for m in range(N):
        planes = _planes(a, a.x[m].astype(dtype, copy=False))
        grad_planes = np.zeros((G_o, framed_size(a.x.shape[2:]), C // G_o), dtype)
        for places in _blocks(a):
            taps, g = _taps(a, planes, m, places), grad[m, :, :, places]
            grad_w += g @ _columns(taps, G)
            e = (g.swapaxes(1, 2) @ w).reshape(G, -1, K, C_g).transpose(1, 2, 0, 3).reshape(-1, K, C)
            for o, (tap, e) in enumerate(zip(taps, np.split(e, G_o, axis=2))):
                gain = np.einsum("pkac,pkc->pka", tap.seen, e)  # by each of the four pixels
                slopes = tap.mask * np.stack(tap.around.slopes(gain))  # (2, P, K)
                grad_offset[m, o, :, :, places] = slopes.transpose(2, 0, 1)
                if a.masked:
                    grad_mask[m, o, :, places] = (tap.around.weights * gain).sum(axis=2).T
                tap.around.add(grad_planes[o], tap.weights[..., None] * e[:, :, None])
        for o, plane in enumerate(np.split(grad_x[m], G_o)):
            plane[:] = images(grad_planes[o], plane.shape)

    grad_w = grad_w.reshape(G, D // G, K, C_g).swapaxes(2, 3).reshape(a.w.shape)
    grad_offset = a.unbatch(grad_offset.reshape(N, 2 * G_o * K, o_h, o_w))
    grad_mask = a.unbatch(grad_mask.reshape(N, G_o * K, o_h, o_w)) if a.masked else None
    return a.unbatch(grad_x), grad_offset, grad_w, grad.sum(axis=(0, 3)).reshape(D), grad_mask


@dataclass
class Taps:
    """What the K taps of P places see in one offset group."""

    around: Corners  # of (P, K) positions
    seen: np.ndarray  # (P, K, 4, C / G_o)
    mask: np.ndarray  # (P, K)

    @property
    def weights(self):
        return self.around.weights * self.mask[..., None]


def _taps(a, planes, m, places):
    """The taps at these places of image m, one `Taps` for each offset group."""
    o_w, K = a.output_size[1], a.offset.shape[2]
    outputs, taps = np.divmod(np.arange(places.start, places.stop), o_w), np.indices(a.kernel_size).reshape(2, K)
    y, x = ((s * i[:, None] + d * u - pad[0]).astype(a.x.dtype)
            for i, u, s, d, pad in zip(outputs, taps, a.stride, a.dilation, a.pads))
    for_all = []
    for o, plane in enumerate(planes):
        dy, dx = a.offset[m, o].reshape(K, 2, -1)[..., places].transpose(1, 2, 0)
        around = Corners(y + dy, x + dx, a.x.shape[2:])
        for_all.append(Taps(around, around.read(plane), a.mask[m, o].reshape(K, -1)[:, places].T))
    return for_all


def _columns(taps, G):
    """What all taps see, times their masks, as one matrix (P, K C / G) for each group."""
    seen = [np.einsum("pka,pkac->pkc", tap.weights, tap.seen) for tap in taps]
    seen = seen[0] if len(seen) == 1 else np.concatenate(seen, axis=2)
    P, K, C = seen.shape
    return seen.reshape(P, K, G, C // G).transpose(2, 0, 1, 3).reshape(G, P, K * C // G)


def _by_tap(w, G):
    """The weights as one matrix (D / G, K C / G) for each group."""
    D, C_g = w.shape[:2]
    return w.reshape(G, D // G, C_g, -1).swapaxes(2, 3).reshape(G, D // G, -1)


def _planes(a, x):
    """One image as rows of pixels for each offset group: (P, C / G_o)."""
    return [pixels(plane) for plane in np.split(x, a.offset_groups)]


def _blocks(a):
    """The places of the output in slices, each as long as NUMBERS allows."""
    places, K, C = a.output_size[0] * a.output_size[1], a.offset.shape[2], a.x.shape[1]
    step = max(1, NUMBERS // (4 * K * C))
    return [slice(first, min(first + step, places)) for first in range(0, places, step)]
