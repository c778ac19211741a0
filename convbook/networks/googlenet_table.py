"""GoogLeNet's table 1, row by row: what the paper prints beside what its own widths come to.

Source: Szegedy et al. (2015), table 1, columns "params" and "ops", https://arxiv.org/abs/1409.4842
"""

from dataclasses import dataclass

import torch

from convbook.cost import profile
from convbook.networks.googlenet import googlenet

# The paper's "K" is 1,024 weights, biases left aside, and its "M" is a million multiply-adds.
PRINTED = {
    "conv1": ("2.7K", "34M"),
    "conv2": ("112K", "360M"),
    "3a": ("159K", "128M"),
    "3b": ("380K", "304M"),
    "4a": ("364K", "73M"),
    "4b": ("437K", "88M"),
    "4c": ("463K", "100M"),
    "4d": ("580K", "119M"),
    "4e": ("840K", "170M"),
    "5a": ("1072K", "54M"),
    "5b": ("1388K", "71M"),
    "fc": ("1000K", "1M"),
}
UNKNOWN = "No reason known: the row's own widths give another number of weights, and its operations fit those widths."
WHY = {
    "conv1": "7 + 7 taps in the place of 7 x 7: (7 + 7)·3·64 = 2,688 weights, and times 112² they make 33.7M. Here K is 1,000.",
    "3b": "379.0K exactly; with the biases 379.6K, which rounds to 380.",
    "4a": UNKNOWN,
    "4b": "438.0K exactly, one more than printed.",
    "4c": UNKNOWN,
    "4d": UNKNOWN,
    "4e": UNKNOWN,
    "5a": "54M are the operations with 48 channels in the place of 32 before the 5 x 5; 1072K fits neither.",
    "5b": UNKNOWN,
}


@dataclass(frozen=True)
class TableRow:
    """One row: counted exactly, printed by the paper, and why the two differ ("" where they agree)."""

    name: str
    weights: int
    bias: int
    macs: int
    printed_params: str
    printed_ops: str
    why: str


def googlenet_table():
    """Table 1 recomputed from the network itself: a list of `TableRow`s, from "conv1" to "fc".

    >>> row = googlenet_table()[2]
    >>> row.name, row.weights, row.printed_params, row.macs, row.printed_ops
    ('3a', 163328, '159K', 128049152, '128M')
    """
    with torch.device("meta"):
        network = googlenet()
        layers = profile(network, (3, 224, 224)).rows
    rows = []
    for name, printed in PRINTED.items():
        part = "head" if name == "fc" else name
        sizes = [(p.ndim > 1, p.numel()) for p in network.get_submodule(part).parameters()]
        rows.append(TableRow(
            name,
            weights=sum(n for is_weight, n in sizes if is_weight),
            bias=sum(n for is_weight, n in sizes if not is_weight),
            macs=sum(layer.macs for layer in layers if layer.name.split(".")[0] == part),
            printed_params=printed[0], printed_ops=printed[1], why=WHY.get(name, "")))
    return rows
