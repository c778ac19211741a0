"""Layers that pool regions into bins, and see on a first, plain look where each bin should move.

Sources: Dai et al. (2017), section 2.2 and figure 3 and 4, https://arxiv.org/abs/1703.06211;
Zhu et al. (2019), section 3.2, https://arxiv.org/abs/1811.11168
"""

from torch import nn

from convbook._arguments import flag, number, per_axis, whole
from convbook.blocks._arguments import conv2d
from convbook.blocks.regions import deform_ps_roi_pool2d, deform_roi_pool2d


class DeformRoIPool2d(nn.Module):
    """Pool plainly, ask a fully connected branch how far each bin should move, and pool again.

    The last layer of the branch starts at zero: the layer starts as plain RoI average pooling (`modulated`: as half of it).

    Args:
        in_channels: C.
        output_size: k, or (o_h, o_w): bins of each region.
        spatial_scale: pixels of x for one unit of rois.
        gamma: what the branch's outputs are multiplied by, beside the size of the region.
        deformable: False leaves out the branch: plain RoI average pooling.
        modulated: version 2: a factor in (0, 1) for each bin besides, from a branch with two hidden layers.
        hidden: their width.
    Shapes:
        x (N, C, H, W), rois (R, 5) of batch index, x1, y1, x2, y2 -> (R, C, o_h, o_w).
    Raises:
        ValueError: modulated without deformable.

    Two numbers for each of 49 bins, from 49 x 256 pooled ones: 98 (49 x 256 + 1) parameters.

    >>> sum(p.numel() for p in DeformRoIPool2d(256, 7).parameters())
    1229410

    Source: Dai et al. (2017), section 2.2, https://arxiv.org/abs/1703.06211; modulated: Zhu et al. (2019), section 3.2,
    https://arxiv.org/abs/1811.11168
    """

    def __init__(self, in_channels, output_size, *, spatial_scale=1.0, gamma=0.1, deformable=True, modulated=False, hidden=1024):
        super().__init__()
        in_channels = whole("in_channels", in_channels, at_least=1)
        self.output_size = per_axis("output_size", output_size, 2, at_least=1)
        self.spatial_scale, self.gamma = number("spatial_scale", spatial_scale, above=0), number("gamma", gamma)
        self.deformable, self.modulated = flag("deformable", deformable), flag("modulated", modulated)
        if modulated and not deformable:
            raise ValueError("modulated=True needs deformable=True")
        bins = self.output_size[0] * self.output_size[1]
        widths = [bins * in_channels, *[whole("hidden", hidden, at_least=1)] * (2 if modulated else 0)]
        self.branch = nn.Sequential()
        if deformable:
            self.branch.append(nn.Flatten())
            for i, o in zip(widths, widths[1:]):
                self.branch.extend([nn.Linear(i, o), nn.ReLU()])
                nn.init.normal_(self.branch[-2].weight, std=0.01)
                nn.init.zeros_(self.branch[-2].bias)
            self.branch.append(nn.Linear(widths[-1], (3 if modulated else 2) * bins))
            nn.init.zeros_(self.branch[-1].weight)
            nn.init.zeros_(self.branch[-1].bias)

    def pool(self, x, rois, **moved):
        return deform_roi_pool2d(x, rois, self.output_size, spatial_scale=self.spatial_scale, gamma=self.gamma, **moved)

    def sampling(self, plain):
        """Offsets (R, 2, o_h, o_w), before gamma and the size of the region, and mask (R, 1, o_h, o_w) or None, of plainly pooled bins."""
        numbers = self.branch(plain).unflatten(1, (-1, *self.output_size))
        return numbers[:, :2], numbers[:, 2:].sigmoid() if self.modulated else None

    def forward(self, x, rois):
        plain = self.pool(x, rois)
        if not self.deformable:
            return plain
        offset, mask = self.sampling(plain)
        return self.pool(x, rois, offset=offset, mask=mask)


class DeformPSRoIPool2d(nn.Module):
    """Position-sensitive pooling: bin (i, j) reads the score maps of its own place, and offset maps say how far it moves.

        scores, offsets: convolutions 1 x 1 to k² D and 2 k² E maps, both pooled position-sensitively

    Args:
        in_channels, out_channels: of the features, and D, classes with the background.
        output_size, spatial_scale, gamma: as for `DeformRoIPool2d`.
        offset_classes: E, dividing D: how many classes move by themselves; all of them by default. 1 moves all alike, as the
            authors' branch for boxes does.
    Shapes:
        x (N, in_channels, H, W), rois (R, 5) -> (R, D, o_h, o_w).
    Raises:
        ValueError: offset_classes does not divide out_channels.

    >>> layer = DeformPSRoIPool2d(1024, 21, 7)
    >>> sum(p.numel() for p in layer.offset.parameters())  # 2 * 49 * 21 maps of 1024 weights and a bias
    2109450

    Source: Dai et al. (2017), section 2.2 and figure 4, https://arxiv.org/abs/1703.06211
    """

    def __init__(self, in_channels, out_channels, output_size, *, spatial_scale=1.0, gamma=0.1, offset_classes=None):
        super().__init__()
        self.output_size = per_axis("output_size", output_size, 2, at_least=1)
        self.spatial_scale, self.gamma = number("spatial_scale", spatial_scale, above=0), number("gamma", gamma)
        D = whole("out_channels", out_channels, at_least=1)
        E = D if offset_classes is None else whole("offset_classes", offset_classes, at_least=1)
        if D % E:
            raise ValueError(f"offset_classes={E} must divide out_channels={D}")
        bins = self.output_size[0] * self.output_size[1]
        self.score = conv2d(in_channels, bins * D, 1)
        self.offset = conv2d(in_channels, 2 * bins * E, 1)
        nn.init.zeros_(self.offset.weight)
        nn.init.zeros_(self.offset.bias)

    def pool(self, maps, rois, offset=None):
        return deform_ps_roi_pool2d(maps, rois, self.output_size, spatial_scale=self.spatial_scale, gamma=self.gamma, offset=offset)

    def forward(self, x, rois):
        return self.pool(self.score(x), rois, offset=self.pool(self.offset(x), rois))
