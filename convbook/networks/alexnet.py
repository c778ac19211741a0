"""AlexNet: five convolutions, three of them split between two GPUs, and three fully connected layers.

Two networks go by this name; do not mix them. `alexnet` is the one of 2012: 96 filters first, groups, local response
normalization. `alexnet_one_column` is the one of 2014 that libraries ship: 64 filters first, no groups, no normalization.

Sources: Krizhevsky, Sutskever & Hinton (2012), sections 3.1 to 3.5,
https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks;
Krizhevsky (2014), "One weird trick", https://arxiv.org/abs/1404.5997
"""

from collections import OrderedDict

from torch import nn

from convbook._arguments import group_count, whole
from convbook.shapes import conv_output_size

# Each row: output channels, kernel, stride, padding, whether it is split between the GPUs, what follows its ReLU.
TWO_GPUS = (
    (96, 11, 4, 0, False, "norm pool"),
    (256, 5, 1, 2, True, "norm pool"),
    (384, 3, 1, 1, False, ""),  # the one layer after the first that reads the maps of both GPUs
    (384, 3, 1, 1, True, ""),
    (256, 3, 1, 1, True, "pool"),
)
ONE_COLUMN = (
    (64, 11, 4, 2, False, "pool"),
    (192, 5, 1, 2, False, "pool"),
    (384, 3, 1, 1, False, ""),
    (256, 3, 1, 1, False, ""),
    (256, 3, 1, 1, False, "pool"),
)
FULLY_CONNECTED = (4096, 4096)


def response_norm():
    """b = a / (2 + 1e-4 sum of a² over 5 neighbouring channels)^0.75; PyTorch divides its alpha by the 5, the paper does not."""
    return nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2)


class AlexNet(nn.Module):
    """Rows of convolutions, then fully connected layers: (N, in_channels, size, size) -> (N, classes).

    Args:
        rows: as TWO_GPUS has them; "pool" is max pooling 3/2, "norm" local response normalization, in the order written.
        groups: of the rows that are split.
        fully_connected: widths between the last map and the classes, each with ReLU and dropout.
        size: side of the image; the fully connected layers fit one size only.
        ceil_mode: whether pooling keeps the rest at the border, as ZFNet's does.
    Raises:
        ValueError: groups that do not divide the channels; in `forward`, an image of another size.
    """

    def __init__(self, rows=TWO_GPUS, *, groups=2, fully_connected=FULLY_CONNECTED, classes=1000, in_channels=3, size=227, ceil_mode=False):
        super().__init__()
        self.size = n = whole("size", size, at_least=1)
        layers, C = OrderedDict(), in_channels
        for i, (D, k, s, p, split, after) in enumerate(rows, start=1):
            layers[f"conv{i}"] = nn.Conv2d(C, D, k, stride=s, padding=p, groups=group_count(groups, C, D) if split else 1)
            layers[f"relu{i}"] = nn.ReLU()
            C, n = D, conv_output_size(n, k, stride=s, padding=p)
            for word in after.split():
                layers[f"{word}{i}"] = response_norm() if word == "norm" else nn.MaxPool2d(3, stride=2, ceil_mode=ceil_mode)
                if word == "pool":
                    n = (n - 3 + ceil_mode) // 2 + 1
        layers["flatten"] = nn.Flatten()
        C = C * n * n
        for i, D in enumerate(fully_connected, start=len(rows) + 1):
            layers[f"fc{i}"], layers[f"relu{i}"], layers[f"dropout{i}"] = nn.Linear(C, D), nn.ReLU(), nn.Dropout()
            C = D
        layers[f"fc{len(rows) + len(fully_connected) + 1}"] = nn.Linear(C, classes)
        self.layers = nn.Sequential(layers)

    def forward(self, x):
        if tuple(x.shape[-2:]) != (self.size, self.size):
            raise ValueError(f"x has shape {tuple(x.shape)}; the fully connected layers fit images of {self.size} x {self.size} only")
        return self.layers(x)


def alexnet(groups=2, *, classes=1000):
    """The network of 2012: five convolutions, three of them in two groups, one for each GPU.

    The paper says 224 x 224. Its first maps of 55 x 55 need 227: (227 - 11) / 4 + 1 = 55.

    Args:
        groups: 2 are the paper's GPUs; 1 is what the network would cost on one.
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, 227, 227) -> (N, classes).
    Raises:
        ValueError: groups do not divide the channels 96, 256 and 384.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in alexnet().parameters())
    60965224

    Source: Krizhevsky, Sutskever & Hinton (2012), section 3.5,
    https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks
    """
    return AlexNet(groups=groups, classes=classes)


def alexnet_one_column(*, classes=1000):
    """The network of 2014 that libraries call AlexNet; it is another one than the paper's.

    Args:
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, 224, 224) -> (N, classes).

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in alexnet_one_column().parameters())
    61100840

    Source: Krizhevsky (2014), "One weird trick", https://arxiv.org/abs/1404.5997
    """
    return AlexNet(ONE_COLUMN, classes=classes, size=224)
