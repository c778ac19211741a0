"""What a network costs, found without giving its weights any memory."""

import torch

from convbook.cost import profile


def priced(build, input_shape=(3, 224, 224)):
    with torch.device("meta"):
        network = build()
    return profile(network, input_shape)


def conv_weights(module):
    """Weights of the convolutions alone: no bias, no batch norm, no linear layer."""
    return sum(p.numel() for p in module.parameters() if p.dim() == 4)


def conv_macs(found):
    return sum(row.macs for row in found.rows if row.kind != "Linear")
