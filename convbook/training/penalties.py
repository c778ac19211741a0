"""Penalties on weights, to be added to a loss: `fit(..., penalty=l1(1e-4))`."""


def l1(strength):
    """strength · sum of |w|, over kernels and matrices, not over biases and the scales of normalisation."""
    return lambda model: strength * sum(w.abs().sum() for w in weights(model))


def l2(strength):
    """strength / 2 · sum of w², over the same weights; its gradient is strength · w."""
    return lambda model: strength / 2 * sum(w.square().sum() for w in weights(model))


def weights(model):
    """The parameters with at least two axes."""
    return [p for p in model.parameters() if p.ndim > 1]
