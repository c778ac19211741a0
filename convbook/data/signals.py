"""A real signal in time: four channels of an electroencephalogram."""

from functools import cache

import numpy as np


@cache
def _eeg():
    from matplotlib import cbook

    file = cbook.get_sample_data("eeg.dat", asfileobj=False)
    return np.fromfile(file, dtype="<f8").reshape(800, 4).T


def eeg():
    """Ten seconds of brain waves: four channels, 80 samples a second, each with mean 0 and standard deviation 1.

    Returns:
        (4, 800), float32.

    >>> eeg().shape
    (4, 800)

    Source: `eeg.dat`, sample data of matplotlib, as its gallery draws it.
    """
    signal = _eeg()
    signal = (signal - signal.mean(axis=1, keepdims=True)) / signal.std(axis=1, keepdims=True)
    return np.ascontiguousarray(signal, dtype=np.float32)
