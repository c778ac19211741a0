"""A convolution whose taps move: beside it stands an ordinary convolution that says, at every position, where they look.

Sources: Dai et al. (2017), Deformable Convolutional Networks, section 2.1, https://arxiv.org/abs/1703.06211;
Zhu et al. (2019), Deformable ConvNets v2, section 3.2, https://arxiv.org/abs/1811.11168
"""

import torch
from torch import nn

from convbook._arguments import flag, number, per_axis, whole
from convbook.blocks._arguments import conv2d_arguments
from convbook.blocks.sampling import deform_conv2d, read_per_axis, sampling_grid


class DeformConv2d(nn.Conv2d):
    """A convolution with an ordinary convolution beside it that says, at every position, where each tap looks.

    The second convolution, `offset`, starts at zero: the layer starts as the plain convolution it inherits from (with
    `modulated`, as half of it: every mask starts at sigmoid(0) = 0.5).

    Args:
        in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias: as in Conv2d; padding in numbers.
        deform_groups: dg >= 1, dividing in_channels: how many sets of offsets, each for C / dg channels.
        modulated: version 2: a mask in (0, 1) for each tap besides, from the same convolution, 3 dg K outputs in place of 2.
        offset_dilation: of the convolution that gives the offsets; by default this layer's own, as the paper has it.
            The authors' DeepLab has 1 beside a deformable layer with dilation 2.
    Raises:
        ValueError: deform_groups does not divide the channels, or an offset dilation for which no padding gives the same size.

    27 offset channels at each position are 2 + 1 numbers for each of 9 taps; their convolution has 27 (9 x 128 + 1) parameters:

    >>> layer = DeformConv2d(128, 128, 3, padding=1, modulated=True)
    >>> sum(p.numel() for p in layer.offset.parameters())
    31131

    Source: Dai et al. (2017), section 2.1, https://arxiv.org/abs/1703.06211; modulated: Zhu et al. (2019), section 3.2,
    https://arxiv.org/abs/1811.11168
    """

    def __init__(self, in_channels, out_channels, kernel_size, *, stride=1, padding=0, dilation=1, groups=1, bias=True,
                 deform_groups=1, modulated=False, offset_dilation=None):
        k, s, p, d = read_per_axis(kernel_size, stride, padding, dilation)
        super().__init__(**conv2d_arguments(in_channels, out_channels, k, s, p, d, groups, bias))
        self.deform_groups = whole("deform_groups", deform_groups, at_least=1)
        if in_channels % self.deform_groups:
            raise ValueError(f"deform_groups={deform_groups} must divide in_channels={in_channels}")
        self.modulated = flag("modulated", modulated)
        e = d if offset_dilation is None else per_axis("offset_dilation", offset_dilation, 2, at_least=1)
        channels = (3 if modulated else 2) * deform_groups * k[0] * k[1]
        self.offset = nn.Conv2d(in_channels, channels, k, s, [_same_size_padding(*each) for each in zip(k, p, d, e)], e)
        nn.init.zeros_(self.offset.weight)
        nn.init.zeros_(self.offset.bias)

    def sampling(self, x):
        """The offsets (N, dg 2 K, h, w), and the mask (N, dg K, h, w) or None, that the layer uses for x, as `deform_conv2d` takes them."""
        offset = self.offset(x)
        if not self.modulated:
            return offset, None
        split = 2 * self.deform_groups * self.kernel_size[0] * self.kernel_size[1]
        return offset[:, :split], offset[:, split:].sigmoid()

    @torch.no_grad()
    def sampling_grid(self, x):
        """Where the layer looks on x, to be drawn: rows and columns (N, dg, K, 2, h, w), in pixels of x (N, C, H, W)."""
        offset, _ = self.sampling(x)
        return sampling_grid(offset, self.kernel_size, stride=self.stride, padding=self.padding, dilation=self.dilation)

    def forward(self, x):
        single = x.ndim == 3
        x = x[None] if single else x
        offset, mask = self.sampling(x)
        y = deform_conv2d(x, offset, self.weight, self.bias, stride=self.stride, padding=self.padding, dilation=self.dilation, mask=mask)
        return y[0] if single else y

    def extra_repr(self):
        return f"{super().extra_repr()}, deform_groups={self.deform_groups}, modulated={self.modulated}"


def as_deformable(conv, **options):
    """A DeformConv2d with the shape and the weights of a Conv2d that is there already.

    Args:
        conv: an nn.Conv2d with padding of zeros.
        options: of DeformConv2d, in place of the convolution's own.
    Raises:
        ValueError: a convolution that pads with anything but zeros. TypeError: another layer.

    >>> as_deformable(nn.Conv2d(2, 4, 3, padding=1), modulated=True).offset.out_channels
    27

    Source: Dai et al. (2017), section 2.3, https://arxiv.org/abs/1703.06211
    """
    if not isinstance(conv, nn.Conv2d):
        raise TypeError(f"conv has type {type(conv).__name__}; it must be a torch.nn.Conv2d")
    if conv.padding_mode != "zeros":
        raise ValueError(f"padding_mode={conv.padding_mode!r} must be 'zeros': beyond the image the taps read zeros")
    own = dict(stride=conv.stride, padding=conv.padding, dilation=conv.dilation, groups=conv.groups, bias=conv.bias is not None)
    layer = DeformConv2d(conv.in_channels, conv.out_channels, conv.kernel_size, **{**own, **options})
    layer.weight, layer.bias = conv.weight, conv.bias
    return layer


def parameter_groups(model, learning_rate, *, factor=0.1):
    """Parameters for an optimizer, those that move the taps of modulated layers apart, at `factor` times the learning rate.

    Args:
        model: a torch.nn.Module.
        learning_rate: of all other parameters, above 0.
        factor: at least 0; 0.1 in the paper.
    Returns:
        [dict(params, lr), dict(params, lr)], as torch.optim takes them.
    Raises:
        TypeError, ValueError: another type, or a number that is out of bounds.

    >>> groups = parameter_groups(DeformConv2d(2, 3, 3, modulated=True), 0.01)
    >>> [(len(group["params"]), round(group["lr"], 6)) for group in groups]
    [(2, 0.01), (2, 0.001)]

    Source: Zhu et al. (2019), section 3.2, https://arxiv.org/abs/1811.11168
    """
    if not isinstance(model, nn.Module):
        raise TypeError(f"model has type {type(model).__name__}; it must be a torch.nn.Module")
    learning_rate, factor = number("learning_rate", learning_rate, above=0), number("factor", factor, at_least=0)
    moving = [p for m in model.modules() if isinstance(m, DeformConv2d) and m.modulated for p in m.offset.parameters()]
    slow = set(map(id, moving))
    rest = [p for p in model.parameters() if id(p) not in slow]
    return [dict(params=rest, lr=learning_rate), dict(params=moving, lr=factor * learning_rate)]


def _same_size_padding(k, p, d, e):
    """Padding with which dilation e gives the size that dilation d gives with padding p: both windows overhang alike."""
    less = (d - e) * (k - 1)
    if less % 2 or p < less // 2:
        raise ValueError(f"offset_dilation={e} finds no padding that gives the size of padding={p}, dilation={d}, kernel size {k}; "
                         f"dilation={d} always does")
    return p - less // 2
