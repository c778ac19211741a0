"""DeepLab's heads: from the features of a backbone to a score for each class at each pixel.

Sources: Chen et al. (2018), https://arxiv.org/abs/1606.00915; Chen et al. (2017), https://arxiv.org/abs/1706.05587
"""

from collections import OrderedDict

from torch import nn

from convbook._arguments import one_of
from convbook.blocks.aspp import ASPP, Enlarge, SummedASPP

VERSIONS = ("v2", "v3")


def aspp_head(in_channels=2048, classes=21, *, version="v3", rates=None, enlarge=1):
    """Atrous spatial pyramid pooling and what follows: features to a score for each class at each pixel.

    Args:
        in_channels: of the features, 2048 after ResNet's conv5.
        classes: scores for each pixel, the background's among them.
        version: "v3", ASPP to 256 channels and a 1 x 1 convolution; "v2", the sum of scores at each rate.
        rates: dilations; (6, 12, 18) in v3, (6, 12, 18, 24) in v2.
        enlarge: the output stride of the features, for scores as large as the image.
    Returns:
        an untrained torch.nn.Module: (N, in_channels, H, W) -> (N, classes, enlarge H, enlarge W).
    Raises:
        ValueError: an unknown version.

    >>> import torch
    >>> with torch.device("meta"):  # no memory for weights that are only counted
    ...     sum(p.numel() for p in aspp_head().parameters())
    15540501

    Source: Chen et al. (2017), section 3.3, https://arxiv.org/abs/1706.05587; "v2": Chen et al. (2018),
    https://arxiv.org/abs/1606.00915
    """
    rates = {} if rates is None else {"rates": rates}
    if one_of("version", version, VERSIONS) == "v2":
        layers = OrderedDict(aspp=SummedASPP(in_channels, classes, **rates))
    else:
        layers = OrderedDict(aspp=ASPP(in_channels, **rates), classify=nn.Conv2d(256, classes, 1))
    if enlarge != 1:
        layers["enlarge"] = Enlarge(enlarge)
    return nn.Sequential(layers)
