"""LeNet-5, the network that read cheques: 60,000 parameters, 340,908 connections.

Source: LeCun, Bottou, Bengio & Haffner (1998), section II.B and table I, https://doi.org/10.1109/5.726791
"""

import torch
from torch import nn

# Table I: which of S2's six maps each of C3's sixteen maps reads.
C3_READS = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip


def squash(x):
    """The paper's activation, 1.7159 tanh(2x/3): it maps +1 to +1 and -1 to -1."""
    return 1.7159 * torch.tanh(2 / 3 * x)


class Subsample(nn.Module):
    """Sum each 2 x 2 block, then one learned factor and one bias a channel: (N, C, H, W) -> (N, C, H/2, W/2)."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.full((channels, 1, 1), 0.25))  # starts as the mean
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        block_sum = 4 * nn.functional.avg_pool2d(x, 2)
        return self.weight * block_sum + self.bias


class TableConv2d(nn.Module):
    """A convolution in which output map `d` reads only the input maps `reads[d]`: (N, C, H, W) -> (N, D, H', W')."""

    def __init__(self, reads, kernel_size):
        super().__init__()
        self.reads = reads
        self.maps = nn.ModuleList(nn.Conv2d(len(inputs), 1, kernel_size) for inputs in reads)

    def forward(self, x):
        return torch.cat([conv(x[:, inputs]) for inputs, conv in zip(map(list, self.reads), self.maps)], dim=1)


class Distances(nn.Module):
    """Squared distance to a fixed code of +1 and -1 for each class, (N, 84) -> (N, 10): nothing here is learned.

    The paper's codes are little drawings of the digits, 7 x 12 pixels; ours are drawn at random, once.
    """

    def __init__(self, features, classes):
        super().__init__()
        signs = torch.randint(0, 2, (classes, features), generator=torch.Generator().manual_seed(1998))
        self.register_buffer("codes", 2.0 * signs - 1)

    def forward(self, x):
        return ((x[:, None] - self.codes) ** 2).sum(dim=2)


class LeNet5(nn.Module):
    """Images (N, 1, 32, 32) to ten distances (N, 10): the smallest one names the digit."""

    def __init__(self):
        super().__init__()
        self.C1 = nn.Conv2d(1, 6, 5)
        self.S2 = Subsample(6)
        self.C3 = TableConv2d(C3_READS, 5)
        self.S4 = Subsample(16)
        self.C5 = nn.Conv2d(16, 120, 5)  # on a map of 5 x 5: a fully connected layer
        self.F6 = nn.Linear(120, 84)
        self.output = Distances(84, 10)

    def forward(self, x):
        for layer in (self.C1, self.S2, self.C3, self.S4, self.C5):
            x = squash(layer(x))
        return self.output(squash(self.F6(x.flatten(1))))


def lenet5():
    """The network that read cheques, as published: images of 32 x 32 to ten distances.

    Returns:
        an untrained torch.nn.Module: (N, 1, 32, 32) -> (N, 10).

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in lenet5().parameters())
    60000

    Source: LeCun, Bottou, Bengio & Haffner (1998), section II.B, https://doi.org/10.1109/5.726791
    """
    return LeNet5()


def lenet5_connections():
    """Connections of each layer as the paper counts them: (inputs of a unit + its bias) times the units.

    >>> counts = lenet5_connections()
    >>> counts["C1"], sum(counts.values())
    (122304, 340908)
    """
    c3_fan_in = sum(25 * len(inputs) + 1 for inputs in C3_READS)
    return {
        "C1": (25 + 1) * 6 * 28 * 28,
        "S2": (4 + 1) * 6 * 14 * 14,
        "C3": c3_fan_in * 10 * 10,
        "S4": (4 + 1) * 16 * 5 * 5,
        "C5": (25 * 16 + 1) * 120,
        "F6": (120 + 1) * 84,
        "output": 84 * 10,
    }
