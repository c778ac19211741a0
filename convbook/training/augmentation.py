"""Inputs changed at random, anew in every batch: `fit(..., augment=input_noise(0.2))`."""

from math import radians

import torch
from torch.nn import functional as F


def input_noise(deviation):
    """Normal noise of this standard deviation, added to every pixel."""
    return lambda images: images + deviation * torch.randn_like(images)


def jitter(degrees, pixels):
    """Turn each image by up to ± `degrees` and shift it by up to ± `pixels` along each axis, bilinearly; zeros come in.

    >>> jitter(0, 0)(torch.ones(2, 1, 4, 6)).mean()
    tensor(1.)
    """
    def augment(images):
        n, (h, w) = len(images), images.shape[-2:]
        angle = radians(degrees) * (2 * torch.rand(n) - 1)
        dy, dx = (2 * pixels / side * (2 * torch.rand(n) - 1) for side in (h, w))
        c, s = angle.cos(), angle.sin()
        # In the grid's units a side is 2 long, so a turn of a picture that is not square needs the ratio of its sides.
        maps = torch.stack([torch.stack([c, -s * h / w, dx], 1), torch.stack([s * w / h, c, dy], 1)], 1)
        grid = F.affine_grid(maps, images.shape, align_corners=False)
        return F.grid_sample(images, grid, align_corners=False)
    return augment
