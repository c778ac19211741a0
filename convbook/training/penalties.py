"""Penalties on weights, to be added to a loss: `fit(..., penalty=l1(1e-4))`."""


def l1(strength):
    """strength · sum of |w|, over kernels and matrices, not over biases and the scales of normalisation."""
    return lambda model: strength * sum(w.abs().sum() for w in weights(model))


def l2(strength):
    """strength / 2 · sum of w², over the same weights; its gradient is strength · w."""
    return lambda model: strength / 2 * sum(w.square().sum() for w in weights(model))


def group_l1(strength):
    """strength · sum of √size · |w_n| over output channels n: |w_n| the length, not squared, of all that makes the channel.

    The group lasso of Yuan & Lin (2006): whole channels lose their length together.
    """
    return lambda model: strength * sum(w[0].numel() ** 0.5 * w.flatten(1).norm(dim=1).sum() for w in weights(model))


def activation_l1(strength, name="code"):
    """strength · mean of |a| over the activations that the model kept as `model.code` in its last forward pass."""
    return lambda model: strength * getattr(model, name).abs().mean()


def weights(model):
    """The parameters with at least two axes."""
    return [p for p in model.parameters() if p.ndim > 1]
