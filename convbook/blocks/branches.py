"""Blocks written as their papers' tables write them: `Branches(192, "1x1 64", "1x1 96, 3x3 128", "max 3x3")`.

How a branch is read, step by step, left to right:

    3x3 64              a convolution to 64 channels, "same": padded by (k - 1) / 2, so that stride 1 keeps the size
    1x7 64              one row high, seven columns wide
    3x3/2 64            stride 2
    3x3 64 V            "valid": no padding. The letter is that of the Inception v4 paper
    max 3x3/2 V         pooling: max or avg, with the same suffixes
    max 3x3/2 ceil      no padding, and the last window may hang over the border, as Caffe pools
    {1x3 64 | 3x1 64}   a step that forks: both branches read what comes in, and their outputs are concatenated

Source: Szegedy et al. (2017), figures 3 to 9, https://arxiv.org/abs/1602.07261
"""

import re

import torch
from torch import nn

from convbook._arguments import whole
from convbook.blocks.pieces import cbr

STEP = re.compile(r"(?:(?P<pool>max|avg) )?(?P<kernel>(?P<h>[1-9]\d*)x(?P<w>[1-9]\d*))(?:/(?P<stride>[1-9]\d*))?"
                  r"(?: (?P<width>[1-9]\d*))?(?: (?P<border>V|ceil))?")
COMMA_OUTSIDE_BRACES = re.compile(r",\s*(?![^{}]*\})")


class Path(nn.Sequential):
    """Steps one after the other: (N, in_channels, H, W) -> (N, out_channels, H', W').

    Args:
        in_channels: C >= 1.
        steps: the steps in words, such as "1x1 48, 5x5 64"; how they are read is on top of this file.
        unit: what a convolution is: a function such as `cbr` (batch norm and ReLU) or `cr` (bias and ReLU).
    Raises:
        ValueError: a step that cannot be read.

    >>> path = Path(192, "1x1 48, 5x5 64")
    >>> path.out_channels, path(torch.zeros(2, 192, 7, 9)).shape
    (64, torch.Size([2, 64, 7, 9]))

    Source: Szegedy et al. (2017), figures 3 to 9, https://arxiv.org/abs/1602.07261
    """

    def __init__(self, in_channels, steps, *, unit=cbr):
        super().__init__()
        channels = whole("in_channels", in_channels, at_least=1)
        if not isinstance(steps, str):
            raise TypeError(f"steps={steps!r} must be a string, such as '1x1 48, 5x5 64'")
        for number, step in enumerate(COMMA_OUTSIDE_BRACES.split(steps), start=1):
            if step.startswith("{") and step.endswith("}"):
                layer = Branches(channels, *step[1:-1].split(" | "), unit=unit)
                name, channels = "fork", layer.out_channels
            else:
                layer, name, channels = _read(step, channels, unit)
            self.add_module(f"{number}_{name}", layer)
        self.out_channels = channels


class Branches(nn.Module):
    """Several ways through one input, side by side, concatenated along the channels: the shape of every Inception module.

        y = concat(branch_1(x), ..., branch_n(x)),    out_channels = the sum of the branches'

    Args:
        in_channels: C >= 1.
        branches: one text a branch, as `Path` reads them.
        unit: as for `Path`.
    Raises:
        ValueError: a step that cannot be read; and, when it runs, branches that end at different sizes.

    One input of 192 channels, read by three branches, the last of which only pools:

    >>> block = Branches(192, "1x1 64", "1x1 96, 3x3 128", "max 3x3")
    >>> block.out_channels  # 64 + 128 + 192
    384

    Source: Szegedy et al. (2017), figures 3 to 9, https://arxiv.org/abs/1602.07261
    """

    def __init__(self, in_channels, *branches, unit=cbr):
        super().__init__()
        paths = [Path(in_channels, steps, unit=unit) for steps in branches]
        for number, path in enumerate(paths, start=1):
            self.add_module(f"branch{number}", path)
        self.out_channels = sum(path.out_channels for path in paths)

    def forward(self, x):
        outputs = [branch(x) for branch in self.children()]
        sizes = [tuple(y.shape[-2:]) for y in outputs]
        if len(set(sizes)) > 1:
            raise ValueError(f"x has size {tuple(x.shape[-2:])}, and the branches end at the sizes "
                             f"{', '.join(map(str, sizes))}; to be concatenated they must agree")
        return torch.cat(outputs, dim=-3)


def _read(step, channels, unit):
    """One step in words: its layer, its name, the channels that leave it."""
    found = STEP.fullmatch(step)
    if not found or bool(found["pool"]) == bool(found["width"]) or (found["border"] == "ceil" and not found["pool"]):
        raise ValueError(f"step={step!r} must read like '3x3 64', '3x3/2 64 V', 'max 3x3/2 V', 'avg 3x3' or '{{1x3 64 | 3x1 64}}'")
    k, s = (int(found["h"]), int(found["w"])), int(found["stride"] or 1)
    if found["border"] is None and (k[0] % 2 == 0 or k[1] % 2 == 0):
        raise ValueError(f"step={step!r} has an even kernel; without padding, '{step} V', any kernel fits")
    p = (0, 0) if found["border"] else (k[0] // 2, k[1] // 2)
    if found["pool"] == "max":
        return nn.MaxPool2d(k, s, p, ceil_mode=found["border"] == "ceil"), f"max{found['kernel']}", channels
    if found["pool"] == "avg":  # a mean over the pixels that are there: padding is not one of them
        return nn.AvgPool2d(k, s, p, ceil_mode=found["border"] == "ceil", count_include_pad=False), f"avg{found['kernel']}", channels
    width = int(found["width"])
    return unit(channels, width, k, stride=s, padding=p), found["kernel"], width
