"""A window that slides over a small input: every tap, every sum, the size formula and the PyTorch layer."""

import traitlets

from convbook.explorers.base import Explorer, Pair, bundle, styles


class SlidingWindow(Explorer):
    """A convolution of one channel, as small as can be read."""

    _esm = bundle("sliding_window.js")
    _css = styles()

    input_size = Pair((5, 7), at_least=1).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
