"""A small residual network for 8 x 8 digits, with a place for each kind of noise inside it."""

from torch import nn

from convbook.blocks.dropping import Dropout, DropPath


class DigitNet(nn.Module):
    """One convolution of stride 2, two residual convolutions, one matrix: (N, 1, H, W) -> (N, classes + tasks).

    Args:
        channels: of every convolution.
        dropout: share of the code that is dropped before the last matrix.
        drop_path: share of images for which a residual branch is left out.
        classes: outputs of the main task.
        tasks: outputs more, for a second task that shares all the rest.
        norm: a function of the channels that makes a layer after each convolution, such as nn.BatchNorm2d.
        size: (H, W) of the images.
    """

    def __init__(self, channels=16, *, dropout=0.0, drop_path=0.0, classes=10, tasks=0, norm=None, size=(8, 8)):
        super().__init__()
        norm = norm or (lambda channels: nn.Identity())
        self.stem = nn.Sequential(nn.Conv2d(1, channels, 3, stride=2, padding=1), norm(channels), nn.ReLU())
        self.branches = nn.ModuleList(
            nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), norm(channels), nn.ReLU(), DropPath(drop_path)) for _ in range(2))
        self.dropout = Dropout(dropout)
        area = -(-size[0] // 2) * -(-size[1] // 2)
        self.head = nn.Linear(channels * area, classes + tasks)

    def forward(self, x):
        x = self.stem(x)
        for branch in self.branches:
            x = x + branch(x)
        self.code = x.flatten(1)  # kept for penalties on activations
        return self.head(self.dropout(self.code))
