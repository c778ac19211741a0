"""What each layer of a PyTorch network costs, found by running it once."""

from dataclasses import dataclass
from html import escape

from convbook._arguments import whole


@dataclass(frozen=True)
class Row:
    """One layer: where it stands, what it is, what leaves it (without the batch), and what it costs."""

    name: str
    kind: str
    output_shape: tuple | None
    params: int
    macs: int


@dataclass(frozen=True)
class Profile:
    """The rows of a network, in the order in which its layers ran."""

    rows: tuple

    @property
    def params(self):
        return sum(row.params for row in self.rows)

    @property
    def macs(self):
        return sum(row.macs for row in self.rows)

    def _table(self):
        yield "name", "kind", "output", "params", "macs"
        for row in self.rows:
            shape = "-" if row.output_shape is None else "x".join(map(str, row.output_shape))
            yield row.name, row.kind, shape, f"{row.params:,}", f"{row.macs:,}"
        yield "total", "", "", f"{self.params:,}", f"{self.macs:,}"

    def __repr__(self):
        table = list(self._table())
        widths = [max(map(len, column)) for column in zip(*table)]
        align = [str.ljust, str.ljust, str.rjust, str.rjust, str.rjust]
        lines = ("  ".join(a(cell, w) for a, cell, w in zip(align, row, widths)) for row in table)
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self):
        head, *body = ("".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
                       for row, tag in zip(self._table(), ["th"] + ["td"] * (len(self.rows) + 1)))
        body = "".join(f"<tr>{row}</tr>" for row in body)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def profile(module, input_shape) -> Profile:
    """Run a network once on one image of zeros and list its layers with their parameters and multiply-adds.

        convolution             outputs x (C / G) k_h k_w
        transposed convolution  inputs x (D / G) k_h k_w
        linear                  outputs x in_features
        anything else           0

    A layer is a module with parameters of its own. A module that runs twice has two rows, the second with 0 parameters;
    one that does not run has a row without output, so that the rows always add up to all parameters of the network.
    Convolutions called as functions, inside some module's `forward`, are not seen.

    Args:
        module: a torch.nn.Module. It runs in evaluation mode, and is left as it was: modes, gradients, statistics,
            hooks.
        input_shape: shape of one input, without the batch axis, such as (3, 224, 224).
    Returns:
        A Profile: `.rows` (name, kind, output_shape, params, macs), `.params`, `.macs`; prints as a table.
    Raises:
        TypeError: module is not a torch.nn.Module, or a size is not an integer.
        ValueError: a size is below 1.

    >>> from torch import nn
    >>> profile(nn.Conv2d(3, 2, 3), (3, 5, 7))
    name    kind    output  params  macs
    Conv2d  Conv2d   2x3x5      56   810
    total                       56   810

    Source: Paszke et al. (2019), forward hooks, https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html
    """
    import torch

    if not isinstance(module, torch.nn.Module):
        raise TypeError(f"module has type {type(module).__name__}; it must be a torch.nn.Module")
    if not isinstance(input_shape, (tuple, list)):
        raise TypeError(f"input_shape={input_shape!r} must be a tuple of integers, without the batch axis")
    shape = [whole(f"input_shape[{i}]", size, at_least=1) for i, size in enumerate(input_shape)]

    runs, counted = [], set()
    names = {layer: name or type(module).__name__ for name, layer in module.named_modules()}
    modes = {layer: layer.training for layer in names}

    def own_params(layer):
        fresh = [p for p in layer.parameters(recurse=False) if id(p) not in counted]
        counted.update(map(id, fresh))
        return sum(p.numel() for p in fresh)

    def record(layer, inputs, output):
        if next(layer.parameters(recurse=False), None) is not None:
            shape = tuple(output.shape[1:]) if torch.is_tensor(output) else None
            runs.append((layer, shape, _macs(layer, inputs, output)))

    hooks = [layer.register_forward_hook(record) for layer in names]
    some = next((p for p in module.parameters() if p.is_floating_point()), torch.empty(0))
    try:
        module.eval()
        with torch.no_grad():
            module(torch.zeros(1, *shape, dtype=some.dtype, device=some.device))
    finally:
        for hook in hooks:
            hook.remove()
        for layer, mode in modes.items():
            layer.training = mode

    ran = {layer for layer, _, _ in runs}
    runs += [(layer, None, 0) for layer in names
             if layer not in ran and next(layer.parameters(recurse=False), None) is not None]
    return Profile(tuple(
        Row(names[layer], type(layer).__name__, out, own_params(layer), macs) for layer, out, macs in runs))


def _macs(layer, inputs, output):
    from torch import nn

    if isinstance(layer, (nn.Conv1d, nn.Conv2d, nn.Conv3d)):
        return output.numel() * layer.weight[0].numel()
    if isinstance(layer, (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)):
        return inputs[0].numel() * layer.weight[0].numel()
    if isinstance(layer, nn.Linear):
        return output.numel() * layer.in_features
    return 0
