"""Three photographs that ship inside packages."""

from functools import cache
from pathlib import Path

import numpy as np

from convbook._arguments import whole
from convbook.data.resizing import area_resize

PHOTOGRAPHS = ("china", "flower", "grace_hopper")


def photograph(name, *, size=None, grey=False):
    """A photograph.

    Args:
        name: "china" (a temple, 427 x 640), "flower" (427 x 640) or "grace_hopper" (a portrait, 600 x 512).
        size: (H, W) to shrink to by averaging areas, or one int: the height, the width following in proportion.
        grey: weigh the colours to one brightness, 0.299 R + 0.587 G + 0.114 B.

    Returns:
        (3, H, W), or (H, W) if grey; float32 in [0, 1].

    Raises:
        ValueError: an unknown name, or a size larger than the photograph.

    >>> photograph("flower", size=(40, 60)).shape, photograph("grace_hopper", size=75, grey=True).shape
    ((3, 40, 60), (75, 64))
    """
    if name not in PHOTOGRAPHS:
        raise ValueError(f"name={name!r} must be one of {', '.join(PHOTOGRAPHS)}")
    image = _pixels(name)
    if grey:
        image = np.tensordot(np.array([0.299, 0.587, 0.114]), image, axes=1)
    if size is not None:
        height, width = image.shape[-2:]
        if np.ndim(size) == 0:
            rows = whole("size", size, at_least=1)
            size = (rows, max(1, round(width * rows / height)))
        image = area_resize(image, size)
    return np.ascontiguousarray(np.clip(image, 0, 1), dtype=np.float32)


@cache
def _pixels(name):
    """The photograph as float64 in [0, 1], (3, H, W), read only."""
    from PIL import Image

    if name == "grace_hopper":
        import matplotlib

        path = Path(matplotlib.get_data_path(), "sample_data", "grace_hopper.jpg")
    else:
        import sklearn.datasets

        path = Path(sklearn.datasets.__file__).parent / "images" / f"{name}.jpg"
    with Image.open(path) as file:
        image = np.moveaxis(np.asarray(file.convert("RGB")), -1, 0) / 255
    image.flags.writeable = False
    return image
