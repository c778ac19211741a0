"""VGG: nothing but 3 x 3 convolutions, pooling, and three fully connected layers.

Source: Simonyan & Zisserman (2015), tables 1 and 2, https://arxiv.org/abs/1409.1556
"""

from torch import nn

# Table 1, a column each, one tuple a block: output channels of its convolutions. A block ends with max pooling.
COLUMNS = {
    "A": ((64,), (128,), (256, 256), (512, 512), (512, 512)),
    "B": ((64, 64), (128, 128), (256, 256), (512, 512), (512, 512)),
    "C": ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)),
    "D": ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)),
    "E": ((64, 64), (128, 128), (256,) * 4, (512,) * 4, (512,) * 4),
}


def block(channels, widths, third_kernel=3):
    """Convolutions of one size a block, 3 x 3 but for column C's third, each with ReLU, then pooling by two."""
    for index, width in enumerate(widths):
        k = third_kernel if index == 2 else 3
        yield nn.Conv2d(channels, width, k, padding=k // 2)
        yield nn.ReLU()
        channels = width
    yield nn.MaxPool2d(2)


def vgg(column="D", classes=1000):
    """One of the five networks of nothing but small convolutions and pooling.

    Args:
        column: of the paper's table 1, "A" to "E"; "D" is VGG-16 and "E" is VGG-19.
        classes: outputs.
    Returns:
        an untrained torch.nn.Module: (N, 3, 224, 224) -> (N, classes).
    Raises:
        ValueError: `column` is not one of A, B, C, D, E.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in vgg().parameters())
    138357544

    Source: Simonyan & Zisserman (2015), table 1, https://arxiv.org/abs/1409.1556
    """
    if column not in COLUMNS:
        raise ValueError(f"column={column!r} must be one of {', '.join(COLUMNS)}")
    layers, channels = [], 3
    for widths in COLUMNS[column]:
        layers += block(channels, widths, third_kernel=1 if column == "C" else 3)
        channels = widths[-1]
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Dropout(),
        nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(),
        nn.Linear(4096, classes),
    )  # fmt: skip
