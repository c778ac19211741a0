"""A small network that classifies regions of a picture, and may learn to see them as if nothing lay around them.

Source: Zhu et al. (2019), Deformable ConvNets v2, section 3.3, R-CNN feature mimicking, https://arxiv.org/abs/1811.11168
"""

import torch
from torch import nn
from torch.nn import functional as F

from convbook.blocks import DeformRoIPool2d

CELL, SIDE = 8, 3


class RegionNet(nn.Module):
    """Scores for each of the 3 x 3 cells, 8 x 8 pixels each, of pictures (N, 1, 24, 24).

    The trunk reads the whole picture, and a unit of it sees 15 x 15 pixels: more than a cell. In training the same trunk also
    reads each cell alone, cut out (the "R-CNN" branch), and both descriptions come back, for `mimicking_loss`.

    Args:
        width: channels of the trunk.
    Shapes:
        evaluation: (N, 10, 9) scores, cells in reading order.
        training: scores of regions and of crops (N, 10, 9), descriptions of regions and of crops (N, 9, 32).
    """

    def __init__(self, width=12):
        super().__init__()
        channels = 1, width, width, width
        self.trunk = nn.Sequential()
        for i, o, d in zip(channels, channels[1:], (1, 2, 4)):
            self.trunk.extend([nn.Conv2d(i, o, 3, padding=d, dilation=d), nn.ReLU()])
        self.pool = DeformRoIPool2d(width, 4, deformable=False)
        self.describe = nn.Sequential(nn.Flatten(), nn.Linear(16 * width, 32), nn.ReLU())
        self.classify = nn.Linear(32, 10)

    def regions(self, x):
        """Descriptions of all cells, pooled out of what the trunk makes of the whole picture."""
        cell = torch.arange(SIDE * SIDE)
        y, left = CELL * (cell // SIDE), CELL * (cell % SIDE)
        boxes = torch.stack([left, y, left + CELL, y + CELL], dim=1).repeat(len(x), 1)
        rois = torch.cat([torch.arange(len(x)).repeat_interleave(SIDE * SIDE)[:, None], boxes], dim=1).float()
        return self.describe(self.pool(self.trunk(x), rois)).unflatten(0, (-1, SIDE * SIDE))

    def crops(self, x):
        """Descriptions of all cells, each cut out before the trunk sees it."""
        cut = x.unfold(2, CELL, CELL).unfold(3, CELL, CELL).reshape(-1, 1, CELL, CELL)
        # Pooling a region that is the whole map is averaging it in 4 x 4 blocks.
        return self.describe(F.adaptive_avg_pool2d(self.trunk(cut), 4)).unflatten(0, (-1, SIDE * SIDE))

    def forward(self, x):
        seen = self.regions(x)
        scores = self.classify(seen).transpose(1, 2)
        if not self.training:
            return scores
        alone = self.crops(x)
        return scores, self.classify(alone).transpose(1, 2), seen, alone


def mimicking_loss(crops=1.0, mimic=1.0):
    """A loss for `RegionNet` in training: cross entropy of regions, of crops, and how far the two descriptions point apart.

        L = CE(regions) + crops CE(crops) + mimic mean(1 - cos(description of region, description of crop))

    >>> same = torch.tensor([[[1.0, 2.0]]])
    >>> scores = torch.zeros(1, 10, 1)
    >>> round(mimicking_loss(crops=0)((scores, scores, same, 3 * same), torch.tensor([[4]])).exp().item(), 3)
    10.0
    """
    def loss(outputs, labels):
        scores, alone_scores, seen, alone = outputs
        apart = (1 - F.cosine_similarity(seen, alone, dim=-1)).mean()
        return F.cross_entropy(scores, labels) + crops * F.cross_entropy(alone_scores, labels) + mimic * apart

    return loss
