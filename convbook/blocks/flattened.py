"""Flattened convolution: a 3D filter replaced by three 1D ones in a row, across channels, down the rows, along the columns.

Source: Jin, Dundar & Culurciello (2015), sections 3.1 and 3.2, https://arxiv.org/abs/1412.5474
"""

from collections import OrderedDict

import torch
from torch import nn

from convbook._arguments import flag, one_of, per_axis, whole
from convbook.shapes import same_padding


class FlattenedConv2d(nn.Sequential):
    """L, V, H: a lateral (1 x 1), a vertical and a horizontal convolution, with nothing between them, one to several times.

        L   (C -> F)  1 x 1, over the channels
        V   (F -> F)  Y x 1, each channel by itself
        H   (F -> F)  1 x X, each channel by itself

    One stage without bias is the convolution whose F filters are outer products of three vectors, which `dense_kernel` gives:
    w[f, c, i, j] = z[f, c] y[f, i] x[f, j]. Weights: F (C + Y + X) + (stages - 1) F (F + Y + X), where a standard
    convolution has C F Y X.

    Args:
        in_channels, out_channels: C and F, at least 1.
        kernel_size: (Y, X), or one integer for both.
        stages: how often L, V, H are repeated; 2 in the paper.
        padding: of V and H. "full", the paper's: every place where the kernel overlaps the image at all, so that a stage adds
            Y - 1 rows and X - 1 columns; "same": the size stays; "valid": no padding.
        bias: a bias after each of the 1D convolutions, as the paper has it.
    Raises:
        TypeError, ValueError: a size is not an integer, or below 1; an unknown padding.

    4 filters of 3 x 5 taps over 2 channels: 4 (2 + 3 + 5) weights in the place of 120.

    >>> layer = FlattenedConv2d(2, 4, (3, 5), stages=1, bias=False)
    >>> sum(p.numel() for p in layer.parameters()), layer(torch.zeros(1, 2, 6, 7)).shape
    (40, torch.Size([1, 4, 8, 11]))

    Source: Jin, Dundar & Culurciello (2015), sections 3.1 and 3.2, https://arxiv.org/abs/1412.5474
    """

    def __init__(self, in_channels, out_channels, kernel_size, *, stages=2, padding="full", bias=True):
        C, F = whole("in_channels", in_channels, at_least=1), whole("out_channels", out_channels, at_least=1)
        k = per_axis("kernel_size", kernel_size, 2, at_least=1)
        one_of("padding", padding, ("full", "same", "valid"))
        flag("bias", bias)
        (top, bottom), (left, right) = (_added(padding, taps) for taps in k)
        layers = OrderedDict()
        for n in range(1, whole("stages", stages, at_least=1) + 1):
            layers[f"L{n}"] = nn.Conv2d(C if n == 1 else F, F, 1, bias=bias)
            layers[f"pad_V{n}"] = nn.ZeroPad2d((0, 0, top, bottom))
            layers[f"V{n}"] = nn.Conv2d(F, F, (k[0], 1), groups=F, bias=bias)
            layers[f"pad_H{n}"] = nn.ZeroPad2d((left, right, 0, 0))
            layers[f"H{n}"] = nn.Conv2d(F, F, (1, k[1]), groups=F, bias=bias)
        super().__init__(layers)
        self.kernel_size, self.stages = k, stages
        self.reset_parameters()

    def reset_parameters(self):
        """Start with weights that keep the variance, each convolution by itself, and biases of 0.

        With PyTorch's own start each convolution keeps a third of it: the six of two stages would keep 1/729, and so little
        comes through that a network learns nothing at first.
        """
        for layer in self:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_uniform_(layer.weight, nonlinearity="linear")
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    @classmethod
    def from_vectors(cls, z, y, x, *, padding="full"):
        """The one-stage layer, without bias, whose filter f is z[f] ⊗ y[f] ⊗ x[f].

        Args:
            z: (F, C), across the channels.
            y: (F, Y), down the rows.
            x: (F, X), along the columns.
        Raises:
            TypeError: one cannot be read as a tensor.
            ValueError: arrays that are not of two axes, or of different numbers of filters.

        Sobel's filter, on one channel:

        >>> layer = FlattenedConv2d.from_vectors([[1.0]], [[1.0, 2.0, 1.0]], [[-1.0, 0.0, 1.0]])
        >>> layer.dense_kernel()[0, 0].detach()
        tensor([[-1.,  0.,  1.],
                [-2.,  0.,  2.],
                [-1.,  0.,  1.]])
        """
        try:
            z, y, x = (torch.as_tensor(v) * 1.0 for v in (z, y, x))  # integers become floats
        except (TypeError, ValueError, RuntimeError) as error:
            raise TypeError(f"z, y and x must be tensors, or lists of rows of numbers: {error}") from None
        shapes = ", ".join(f"{name} has shape {tuple(v.shape)}" for name, v in (("z", z), ("y", y), ("x", x)))
        if not z.ndim == y.ndim == x.ndim == 2 or not len(z) == len(y) == len(x):
            raise ValueError(f"{shapes}; they must be (filters, channels), (filters, rows), (filters, columns)")
        layer = cls(z.shape[1], len(z), (y.shape[1], x.shape[1]), stages=1, padding=padding, bias=False).to(z.dtype)
        with torch.no_grad():
            layer.L1.weight.copy_(z[:, :, None, None])
            layer.V1.weight.copy_(y[:, None, :, None])
            layer.H1.weight.copy_(x[:, None, None, :])
        return layer

    def vectors(self):
        """z (F, C), y (F, Y) and x (F, X) of a layer with one stage: what `from_vectors` takes.

        Raises:
            ValueError: more stages than one; their product is not a filter of Y x X taps any more.
        """
        if self.stages != 1:
            raise ValueError(f"stages={self.stages} must be 1: only one stage is one outer product a filter")
        return self.L1.weight[:, :, 0, 0], self.V1.weight[:, 0, :, 0], self.H1.weight[:, 0, 0, :]

    def dense_kernel(self):
        """The weight (F, C, Y, X) of the standard convolution that a layer with one stage is equal to, biases left aside.

            w[f, c, i, j] = z[f, c] y[f, i] x[f, j]

        With padding "full" that convolution is padded by (Y - 1, X - 1), with "same" and "valid" as they say.

        Raises:
            ValueError: more stages than one.
        """
        z, y, x = self.vectors()
        return torch.einsum("fc,fi,fj->fcij", z, y, x)


def _added(padding, k):
    """Zeros before and after, along an axis of k taps."""
    return {"full": (k - 1, k - 1), "same": same_padding(1, k), "valid": (0, 0)}[padding]
