"""Auxiliary heads: classifiers on a layer's output half way up, which train the layers below them and are then thrown away."""

from torch import nn


class WithAuxiliaryHeads(nn.Module):
    """A network of named layers, with more heads beside some of them.

        training     (y, y_1, ..., y_n): the network's output and that of each head
        evaluation   y

    Args:
        network: an nn.Sequential.
        heads: a dictionary, name of a layer -> the head that reads its output.
    """

    def __init__(self, network, heads):
        super().__init__()
        self.network = network
        self.heads = nn.ModuleDict(heads)

    def forward(self, x):
        beside = []
        for name, layer in self.network.named_children():
            x = layer(x)
            if self.training and name in self.heads:
                beside.append(self.heads[name](x))
        return (x, *beside) if self.training else x
