"""Parts that are left out at random while a network trains, and never when it is used: dropout, drop-path."""

from numbers import Real

import torch
from torch import nn

from convbook._arguments import number


def dropout(x, p, *, training=True):
    """Set each number to zero with probability p, and divide the others by 1 - p, so that the expected value stays x.

        y = x · keep / (1 - p),     keep = 1 with probability 1 - p, else 0
        E[y] = x,     Var[y] = x² p / (1 - p)

    Args:
        x: a tensor of any shape.
        p: share that is dropped, 0 <= p < 1.
        training: False returns x as it is.
    Returns:
        of the shape of x.
    Raises:
        ValueError: p out of range.

    >>> sorted(set(dropout(torch.ones(1000), 0.5).tolist()))
    [0.0, 2.0]

    Same result as torch.nn.functional.dropout, with other draws.
    Source: Srivastava et al. (2014), section 10, https://jmlr.org/papers/v15/srivastava14a.html
    """
    _check("p", p)
    if not training or p == 0:
        return x
    keep = torch.rand_like(x) >= p
    return x * keep / (1 - p)


class Dropout(nn.Module):
    """`dropout` as a layer, at work while the network trains."""

    def __init__(self, p=0.5):
        super().__init__()
        self.p = _check("p", p)

    def forward(self, x):
        return dropout(x, self.p, training=self.training)

    def extra_repr(self):
        return f"p={self.p}"


class DropPath(nn.Module):
    """Leave out a whole branch for some of the images of a batch: (N, ...) -> (N, ...).

        y[n] = x[n] · keep[n] / (1 - p),     one draw for each image

    It stands at the end of a branch whose result is added to a shortcut; what is left then is the shortcut, a shallower network.

    Args:
        p: share of images that lose the branch, 0 <= p < 1.
    Raises:
        ValueError: p out of range.

    >>> path = DropPath(0.5)
    >>> path.eval()(torch.ones(1, 2)).tolist()
    [[1.0, 1.0]]

    Same result as torchvision.ops.stochastic_depth with mode="row". The paper draws once for a whole batch and scales when the
    network is used, by 1 - p.
    Source: Huang et al. (2016), section 3, https://arxiv.org/abs/1603.09382
    """

    def __init__(self, p=0.1):
        super().__init__()
        self.p = _check("p", p)

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        keep = torch.rand(len(x), *[1] * (x.ndim - 1), dtype=x.dtype, device=x.device) >= self.p
        return x * keep / (1 - self.p)

    def extra_repr(self):
        return f"p={self.p}"


def _check(name, p):
    if isinstance(p, Real) and not isinstance(p, bool) and not 0 <= p < 1:
        raise ValueError(f"{name}={p} must be at least 0 and less than 1")
    return number(name, p)
