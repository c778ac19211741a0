"""The blocks that networks are stacked from, as `torch.nn.Module`s: one file a family.

Every one takes images (N, C, H, W). The tables' short words (cbr, cb, cr) are functions in `convbook.blocks.pieces`.
"""

from convbook.blocks.pieces import cb, cbp, cbr, cr, head
from convbook.blocks.deformable import DeformConv2d, parameter_groups

__all__ = [
    "cb", "cbp", "cbr", "cr", "head",
    "DeformConv2d", "parameter_groups",
]
