"""What in the image made a feature fire: the trained filters, transposed, carry one activation back to the pixels.

Source: Zeiler & Fergus (2014), section 2.1, https://arxiv.org/abs/1311.2901
"""

import torch
from torch import nn
from torch.nn import functional as F

from convbook._arguments import whole
from convbook.blocks._arguments import tensor


@torch.no_grad()
def deconvnet(layers, x, channel):
    """Project the strongest activation of one feature back to the input, through a stack of convolutions, ReLUs and max pools.

    On the way up each max pool notes which pixel won (its switch). Then everything but the one activation is set to zero, and
    on the way down, last layer first,

        max pool      ->  unpool: each number goes back to the pixel that won
        ReLU          ->  ReLU again
        convolution   ->  transposed convolution with the same weights, without bias

    Nothing is trained here, and nothing is inverted.

    Args:
        layers: nn.Conv2d (padding of zeros), nn.ReLU and nn.MaxPool2d, in order: an nn.Sequential or a list.
        x: (N, C, H, W).
        channel: which feature of the last layer.
    Returns:
        (N, C, H, W): the projection of each image's strongest activation of that feature.
    Raises:
        TypeError: a layer of another kind.
        ValueError: a channel that the last layer does not have, or a convolution whose padding is not zeros in numbers.

    A kernel 2, 3 over 5, 1: the activation 13 comes back as 13 times the kernel.

    >>> conv = nn.Conv2d(1, 1, (1, 2), bias=False)
    >>> conv.weight.data = torch.tensor([[[[2.0, 3.0]]]])
    >>> deconvnet([conv], torch.tensor([[[[5.0, 1.0]]]]), 0)
    tensor([[[[26., 39.]]]])

    Where no ReLU stands between, it is the activation times its gradient.

    Source: Zeiler & Fergus (2014), section 2.1, https://arxiv.org/abs/1311.2901
    """
    tensor("x", x, 4)
    up = []  # what each layer needs to be walked back
    for layer in layers:
        size = x.shape[-2:]
        if isinstance(layer, nn.MaxPool2d):
            x, switches = F.max_pool2d(x, layer.kernel_size, layer.stride, layer.padding,
                                       layer.dilation, layer.ceil_mode, return_indices=True)
            up.append((layer, size, switches))
        elif isinstance(layer, (nn.Conv2d, nn.ReLU)):
            _check(layer)
            x = layer(x)
            up.append((layer, size, None))
        else:
            raise TypeError(f"layers holds {type(layer).__name__}; it must hold Conv2d, ReLU and MaxPool2d only")
    channel = whole("channel", channel, at_least=0)
    if channel >= x.shape[1]:
        raise ValueError(f"channel={channel} must be less than {x.shape[1]}, the channels of the last layer")

    y = _only_the_strongest(x, channel)
    for layer, size, switches in reversed(up):
        if isinstance(layer, nn.MaxPool2d):
            y = _unpool(y, switches, size)
        elif isinstance(layer, nn.ReLU):
            y = F.relu(y)
        else:
            y = _transposed(layer, y, size)
    return y


def _check(layer):
    """A convolution must pad with zeros, and say how many."""
    if isinstance(layer, nn.Conv2d) and (layer.padding_mode != "zeros" or isinstance(layer.padding, str)):
        raise ValueError(f"layers holds a Conv2d with padding={layer.padding!r}, padding_mode={layer.padding_mode!r}; "
                         "it must be zeros, given in numbers")


def _only_the_strongest(x, channel):
    """All zeros but the largest number of one channel of each image, which keeps its value and its place."""
    plane = x[:, channel].flatten(1)
    value, place = plane.max(dim=1, keepdim=True)
    y = torch.zeros_like(x)
    y[:, channel] = torch.zeros_like(plane).scatter(1, place, value).view_as(y[:, channel])
    return y


def _unpool(y, switches, size):
    """Each number back at the place that won; places that won twice get the sum."""
    flat = y.new_zeros(*y.shape[:2], size[0] * size[1])
    return flat.scatter_add(2, switches.flatten(2), y.flatten(2)).view(*y.shape[:2], *size)


def _transposed(layer, y, size):
    """The convolution's transpose, its output as large as the convolution's input was."""
    options = dict(stride=layer.stride, padding=layer.padding, dilation=layer.dilation)
    extra = [n - (s * (m - 1) + d * (k - 1) + 1 - 2 * p) for n, m, k, s, p, d in
             zip(size, y.shape[-2:], layer.kernel_size, layer.stride, layer.padding, layer.dilation)]
    return F.conv_transpose2d(y, layer.weight, groups=layer.groups, output_padding=extra, **options)
