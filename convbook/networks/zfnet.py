"""ZFNet: AlexNet after a look at its filters: a smaller first kernel and stride, and no groups.

Source: Zeiler & Fergus (2014), figure 3, https://arxiv.org/abs/1311.2901
"""

from convbook.networks.alexnet import AlexNet

# Each row: output channels, kernel, stride, padding, split (never), what follows its ReLU.
ROWS = (
    (96, 7, 2, 1, False, "pool norm"),
    (256, 5, 2, 0, False, "pool norm"),
    (384, 3, 1, 1, False, ""),
    (384, 3, 1, 1, False, ""),
    (256, 3, 1, 1, False, "pool"),
)
# Table 3, the last ablation: 512, 1024, 512 maps in layers 3 to 5.
LARGER = ROWS[:2] + tuple((width, *row[1:]) for width, row in zip((512, 1024, 512), ROWS[2:]))


def zfnet(*, larger=False, classes=1000):
    """AlexNet without groups, its first kernel 7 x 7 at stride 2.

    Args:
        larger: widens layers 3 to 5 to 512, 1024 and 512 maps, an ablation of the paper.
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, 224, 224) -> (N, classes).

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in zfnet().parameters())
    62357608

    Source: Zeiler & Fergus (2014), figure 3 and table 3, https://arxiv.org/abs/1311.2901
    """
    return AlexNet(LARGER if larger else ROWS, classes=classes, size=224, ceil_mode=True)
