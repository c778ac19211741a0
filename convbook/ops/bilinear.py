"""Reading images between their pixels, many positions at once.

An image gets a frame of two zeros and its pixels become rows, channels last: then the four pixels around a
position are four rows, and every position beyond the image, however far, has four rows of the frame.
"""

from math import prod

import numpy as np

from convbook._signatures.deformable import read_sample
from convbook._signatures.gradient import read_grad

FRAME = 2


def bilinear_sample(image, y, x):
    """Read an image at fractional positions: `reference.bilinear_sample`, vectorised.

    Arguments, result and errors are those of `reference.bilinear_sample`.

    >>> bilinear_sample([[0, 8], [20, 28]], [0.5, 0.5], [0.5, 0.25])
    array([14., 12.])
    """
    image, y, x = read_sample(image, y, x)
    around = Corners(y.ravel(), x.ravel(), image.shape[-2:])
    samples = np.einsum("sa,sal->ls", around.weights, around.read(pixels(image)))
    return samples.reshape((*image.shape[:-2], *y.shape))


def bilinear_sample_backward(grad, image, y, x):
    """Send the gradient of a loss from samples back to the image and to the positions.

        grad_image[..., r, q] = sum over s of  grad[..., s] g(r, y_s) g(q, x_s)
        grad_y[s] = sum over ... of  grad[..., s] sum over r, q of  g'(r, y_s) g(q, x_s) image[..., r, q]

    and grad_x likewise; g'(r, y) = -1 for r = floor(y), +1 for r = floor(y) + 1, and 0 for others. At
    a whole position the sample has a kink, and this takes its right-hand side: the slope towards
    larger y or x. (To the left, the slope is that of the pixels before.)

    Args:
        grad: (..., *S), the loss's gradient at the samples.
        image, y, x: what `bilinear_sample` was given.
    Returns:
        (grad_image, grad_y, grad_x), shaped as image, y and x, in the dtype NumPy promotes all four
        to; float64 if they are integers.
    Raises:
        ValueError: grad has not the samples' shape; otherwise as `bilinear_sample`.
        TypeError: as `bilinear_sample`.

    Down the slope is 20, to the right 8; each pixel gets its share of 1:

    >>> for g in bilinear_sample_backward(1, [[0, 8], [20, 28]], 0.5, 0.25):
    ...     print(g.tolist())
    [[0.375, 0.125], [0.375, 0.125]]
    20.0
    8.0

    Same result as torch.autograd on torch.nn.functional.grid_sample, in pixels.
    Source: Dai et al. (2017), appendix A, https://arxiv.org/abs/1703.06211
    """
    image, y, x = read_sample(image, y, x)
    grad = read_grad(grad, (*image.shape[:-2], *y.shape), image).reshape(prod(image.shape[:-2]), y.size).T
    around = Corners(y.ravel(), x.ravel(), image.shape[-2:])
    seen = around.read(pixels(image.astype(grad.dtype, copy=False)))
    grad_y, grad_x = around.slopes(np.einsum("sal,sl->sa", seen, grad))
    grad_pixels = np.zeros((framed_size(image.shape[-2:]), grad.shape[1]), grad.dtype)
    around.add(grad_pixels, around.weights[..., None] * grad[:, None])
    return images(grad_pixels, image.shape), grad_y.reshape(y.shape), grad_x.reshape(x.shape)


class Corners:
    """The four pixels around each of many positions (...) on images of one size: (..., 4), the upper two, the lower two.

    >>> Corners(np.array([0.5]), np.array([0.25]), (2, 2)).weights
    array([[0.375, 0.125, 0.375, 0.125]])
    """

    def __init__(self, y, x, size):
        (first_y, self.t), (first_x, self.s) = (_first(p, n) for p, n in zip((y, x), size))
        row = size[1] + 2 * FRAME
        self.index = (first_y * row + first_x)[..., None] + np.array([0, 1, row, row + 1])
        t, s = self.t, self.s
        self.weights = np.stack([(1 - t) * (1 - s), (1 - t) * s, t * (1 - s), t * s], axis=-1)

    def read(self, pixels):
        """Their rows (..., 4, C) out of pixels (P, C)."""
        return pixels.take(self.index, axis=0)

    def slopes(self, seen):
        """How a mean with these weights of (..., 4) numbers grows with y, and with x; to the right at kinks."""
        a, b, c, d = np.moveaxis(seen, -1, 0)
        return (1 - self.s) * (c - a) + self.s * (d - b), (1 - self.t) * (b - a) + self.t * (d - c)

    def add(self, pixels, rows):
        """Add rows (..., 4, C) to the pixels (P, C) they belong to; rows that meet in a pixel are added up."""
        index, rows = self.index.ravel(), rows.reshape(self.index.size, rows.shape[-1])
        order = np.argsort(index, kind="stable")
        index = index[order]
        starts = np.flatnonzero(np.diff(index, prepend=-1))
        pixels[index[starts]] += np.add.reduceat(rows[order], starts) if len(starts) else 0


def pixels(x):
    """Images (..., h, w) as rows (P, C) of their framed pixels."""
    framed = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(FRAME, FRAME)] * 2)
    size = framed_size(x.shape[-2:])
    return np.ascontiguousarray(framed.reshape(prod(x.shape[:-2]), size).T)


def images(pixels, shape):
    """Back from rows to images (..., h, w), without the frame."""
    h, w = shape[-2:]
    framed = pixels.T.reshape(*shape[:-2], h + 2 * FRAME, w + 2 * FRAME)
    return framed[..., FRAME:-FRAME, FRAME:-FRAME]


def framed_size(size):
    """How many pixels a framed image has."""
    return (size[0] + 2 * FRAME) * (size[1] + 2 * FRAME)


def _first(p, n):
    """The pixel before each position along an axis, counted in the frame, and how far behind it the position lies."""
    p = np.clip(p, -FRAME, n)  # from there on, all that is seen is frame
    first = np.floor(p)
    return first.astype(np.intp) + FRAME, p - first
