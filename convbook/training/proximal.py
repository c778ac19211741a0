"""Adam whose weights reach zero exactly: after each step a threshold, as AdamW shrinks before it."""

import torch

from convbook.training.penalties import weights


class ProximalAdam(torch.optim.Adam):
    """Adam, then a soft threshold of η · strength on every kernel and matrix.

        w <- sign(w) max(|w| - η λ, 0)                        L1
        w_n <- w_n max(1 - η λ √size / |w_n|, 0)              group lasso: w_n is all that makes one output channel

    The gradient of |w| alone never leaves a weight at zero; the threshold does. Biases are left as they are.

    Args:
        model: the module to train.
        lr: η; a schedule may change it, and the threshold with it.
        strength: λ >= 0.
        groups: False for L1, True for whole output channels.

    Source: Parikh & Boyd (2014), section 4.2 and 6.5, https://doi.org/10.1561/2400000003
    """

    def __init__(self, model, lr, strength, *, groups=False):
        if strength < 0:
            raise ValueError(f"strength={strength} must be at least 0")
        super().__init__(model.parameters(), lr=lr)
        self.shrinking, self.strength, self.groups = weights(model), strength, groups

    @torch.no_grad()
    def step(self, closure=None):
        result = super().step(closure)
        threshold = self.param_groups[0]["lr"] * self.strength
        for w in self.shrinking:
            if self.groups:
                size = w[0].numel() ** 0.5
                length = w.flatten(1).norm(dim=1).clamp_min(1e-30).reshape(-1, *[1] * (w.ndim - 1))
                w.mul_((1 - threshold * size / length).clamp_min(0))
            else:
                w.copy_(w.sign() * (w.abs() - threshold).clamp_min(0))
        return result


def proximal_adam(strength, *, groups=False):
    """For `fit(..., make_optimizer=proximal_adam(0.3))`."""
    return lambda model, lr: ProximalAdam(model, lr, strength, groups=groups)


def adamw(weight_decay):
    """For `fit(..., make_optimizer=adamw(0.1))`: AdamW, which shrinks every parameter by 1 - η λ before each step."""
    return lambda model, lr: torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=weight_decay)
