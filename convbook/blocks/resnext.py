"""ResNeXt's block in its three forms, and how to carry the weights of one into another.

Source: Xie, Girshick, Dollar, Tu & He (2017), figure 3, https://arxiv.org/abs/1611.05431
"""

import re

import torch
from torch import nn

from convbook._arguments import one_of, whole
from convbook.blocks.pieces import cbr
from convbook.blocks.resnet import shortcut

FORMS = ("a", "b", "c")


class ResNeXtBottleneck(nn.Module):
    """Many narrow bottlenecks side by side: one function, written in three ways.

        (a)  C paths [cbr 1x1 -> d, cbr 3x3 -> d, 1x1 -> out], summed
        (b)  C paths [cbr 1x1 -> d, cbr 3x3 -> d], concatenated, one 1x1 -> out
        (c)  cbr 1x1 -> C d, cbr 3x3 -> C d in C groups, 1x1 -> out

    then batch norm, and ReLU(y + shortcut(x)). In (a) the norm must come after the sum, as it does here: the norm of a sum is not
    the sum of norms. A bias would have to be added once, not once a path; the norm's beta is that bias.

    Args:
        in_channels, out_channels: channels of input and output, at least 1.
        cardinality: C, the number of paths, or of groups.
        path_width: d, the channels of one path. The paper writes C x d: ResNeXt-50 (32x4d).
        stride: of the 3 x 3 convolution, and so of the whole block.
        form: "a", "b" or "c".
    Shapes:
        (N, in_channels, H, W) -> (N, out_channels, ceil(H / stride), ceil(W / stride)).
    Raises:
        ValueError, TypeError: a count below 1, or an unknown form.

    32 (256 * 4 + 9 * 4 * 4 + 4 * 256) weights, whatever the form:

    >>> blocks = [ResNeXtBottleneck(256, 256, form=form) for form in "abc"]
    >>> [sum(p.numel() for p in block.parameters() if p.dim() == 4) for block in blocks]
    [70144, 70144, 70144]

    Same result in every form, once `carry_weights` has made the weights the same.

    Source: Xie et al. (2017), figure 3, https://arxiv.org/abs/1611.05431
    """

    def __init__(self, in_channels, out_channels, *, cardinality=32, path_width=4, stride=1, form="c"):
        super().__init__()
        sizes = dict(in_channels=in_channels, out_channels=out_channels, cardinality=cardinality, path_width=path_width, stride=stride)
        in_channels, out_channels, C, d, stride = (whole(name, n, at_least=1) for name, n in sizes.items())
        self.form, self.cardinality = one_of("form", form, FORMS), C
        if form == "c":
            self.reduce = cbr(in_channels, C * d, 1)
            self.spatial = cbr(C * d, C * d, 3, stride=stride, padding=1, groups=C)
        else:
            self.paths = nn.ModuleList(nn.ModuleDict({
                "reduce": cbr(in_channels, d, 1),
                "spatial": cbr(d, d, 3, stride=stride, padding=1),
                **({"expand": nn.Conv2d(d, out_channels, 1, bias=False)} if form == "a" else {}),
            }) for _ in range(C))  # fmt: skip
        if form != "a":
            self.expand = nn.Conv2d(C * d, out_channels, 1, bias=False)
        self.norm = nn.BatchNorm2d(out_channels)
        self.shortcut = shortcut(in_channels, out_channels, stride)

    def forward(self, x):
        y = {"a": self._sum, "b": self._concatenate, "c": self._group}[self.form](x)
        return torch.relu(self.norm(y) + self.shortcut(x))

    def _sum(self, x):
        return sum(path["expand"](path["spatial"](path["reduce"](x))) for path in self.paths)

    def _concatenate(self, x):
        return self.expand(torch.cat([path["spatial"](path["reduce"](x)) for path in self.paths], dim=1))

    def _group(self, x):
        return self.expand(self.spatial(self.reduce(x)))


def carry_weights(source, target):
    """Give `target` the weights and the batch norm statistics of `source`, a block of the same sizes in any form.

    Args:
        source, target: two ResNeXtBottlenecks; only `target` changes.
    Raises:
        TypeError: one of them is no ResNeXtBottleneck.
        ValueError: their sizes differ.

    >>> a, c = (ResNeXtBottleneck(6, 6, cardinality=3, path_width=2, form=form).double() for form in "ac")
    >>> carry_weights(c, a)
    >>> x = torch.randn(2, 6, 5, 4).double()
    >>> torch.allclose(a(x), c(x), rtol=0, atol=1e-10)
    True

    Source: Xie et al. (2017), figure 3, https://arxiv.org/abs/1611.05431
    """
    for name, block in (("source", source), ("target", target)):
        if not isinstance(block, ResNeXtBottleneck):
            raise TypeError(f"{name} has type {type(block).__name__}; it must be a ResNeXtBottleneck")
    state = in_form(source.state_dict(), target.form, target.cardinality)
    shapes, wanted = ({key: tuple(v.shape) for key, v in d.items()} for d in (state, target.state_dict()))
    if shapes != wanted:
        key = next(k for k in wanted if shapes.get(k) != wanted[k])
        raise ValueError(f"source does not fit target: {key} would have shape {shapes.get(key)}; it must be {wanted[key]}")
    target.load_state_dict(state)


def in_form(tensors, form, cardinality):
    """Tensors by name, of a block in any form, as a block in `form` would have them: its state, or its gradients.

    Path k owns rows k d to (k + 1) d of the first convolution, the same rows of the second, which are its group k, and columns
    k d to (k + 1) d of the third.

    >>> rows = in_form({"reduce.conv.weight": torch.arange(6).reshape(6, 1, 1, 1)}, "a", 3)
    >>> rows["paths.1.reduce.conv.weight"].flatten()
    tensor([2, 3])
    """
    return _split(_joined(tensors), one_of("form", form, FORMS), cardinality)


def _axis(name):
    return 1 if name.startswith("expand") else 0


def _joined(tensors):
    """As form (c): the paths' tensors joined in the order of the paths."""
    joined, parts = {}, {}
    for key, tensor in tensors.items():
        path = re.fullmatch(r"paths\.\d+\.(.+)", key)
        if path:
            parts.setdefault(path[1], []).append(tensor)
        else:
            joined[key] = tensor
    for name, pieces in parts.items():  # a counter of batches has no axis: every path has the same one
        joined[name] = torch.cat(pieces, dim=_axis(name)) if pieces[0].dim() else pieces[0]
    return joined


def _split(tensors, form, cardinality):
    """From form (c) into `form`."""
    inside = {"a": ("reduce", "spatial", "expand"), "b": ("reduce", "spatial"), "c": ()}[form]
    split = {}
    for name, tensor in tensors.items():
        if not name.startswith(inside):
            split[name] = tensor
            continue
        pieces = tensor.chunk(cardinality, dim=_axis(name)) if tensor.dim() else [tensor] * cardinality
        split.update({f"paths.{k}.{name}": piece for k, piece in enumerate(pieces)})
    return split
