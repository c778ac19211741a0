"""What papers print beside what exact counting gives: one list a family, read by the tests and by the book's table.

A row is held by a test: the network is built, run once on its input, and must have exactly these counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from convbook.networks.bn_inception import bn_inception
from convbook.networks.googlenet import googlenet
from convbook.networks.inception_v3 import inception_v3
from convbook.networks.inception_v4 import inception_v4
from convbook.networks.super_resolution import fsrcnn, fsrcnn_transition, srcnn
from convbook.networks.xception import xception


@dataclass(frozen=True)
class Published:
    """One network: how to build it, what it costs on one image, and what its paper says that it costs."""

    name: str  # as the paper calls it
    build: Callable  # a builder of `convbook.networks`, or a `partial` of one
    input_shape: tuple  # without the batch axis
    params: int  # exact
    macs: int  # exact
    printed: str = ""  # the paper's own words, "4.2M params, 569M MACs"; "" where it prints nothing
    why: str = ""  # why the two differ; "" where they agree

    @property
    def call(self):
        """The line of code that builds it.

        >>> Published("Tiny", partial(dict, a=1), (1, 8, 8), 0, 0).call
        'dict(a=1)'
        """
        if not isinstance(self.build, partial):
            return f"{self.build.__name__}()"
        arguments = [*map(repr, self.build.args), *(f"{k}={v!r}" for k, v in self.build.keywords.items())]
        return f"{self.build.func.__name__}({', '.join(arguments)})"


INCEPTION = [
    Published("GoogLeNet", googlenet, (3, 224, 224), 6_998_552, 1_582_671_872, "6.8M params, 1,502M ops",
              "the sums of its table 1, some of whose rows do not fit their widths: see googlenet_table()"),
    Published("BN-Inception", bn_inception, (3, 224, 224), 11_285_224, 2_032_600_064, "13.6M params",
              "the paper's own widths; the released networks are smaller"),
    Published("BN-Inception, Caffe, biases and batch norm", partial(bn_inception, conv_bias=True), (3, 224, 224), 11_295_240, 2_032_600_064),
    Published("BN-Inception, slim", partial(bn_inception, "slim"), (3, 224, 224), 11_188_288, 1_934_857_216),
    Published("Inception v3", inception_v3, (3, 299, 299), 23_834_568, 5_713_216_096, "under 25M params, 5 billion multiply-adds",
              "5.7 billion in the released network"),
    Published("Inception v3, first port to Keras", partial(inception_v3, first_port=True), (3, 299, 299), 23_626_728, 5_623_817_312,
              "23,626,728 params, in Xception's table 3"),
    Published("Inception v4", inception_v4, (3, 299, 299), 42_679_816, 12_253_974_624),
    Published("Xception", xception, (3, 299, 299), 22_855_952, 8_357_403_496, "22,855,952 params"),
]

# Images of one size at the end, 96 x 96: SRCNN is given them enlarged by 3, FSRCNN enlarges them itself.
ONLY_WEIGHTS = "weights only; biases and the slopes of PReLU are the rest"
SUPER_RESOLUTION = [
    Published("SRCNN", srcnn, (1, 96, 96), 8_129, 74_022_912, "8,032 params", ONLY_WEIGHTS),
    Published("SRCNN 9-3-5", partial(srcnn, "9-3-5"), (1, 96, 96), 24_513, 225_017_856, "24,416 params", ONLY_WEIGHTS),
    Published("SRCNN-Ex", partial(srcnn, "9-5-5"), (1, 96, 96), 57_281, 527_007_744, "57,184 params", ONLY_WEIGHTS),
    Published("Transition state 1", partial(fsrcnn_transition, 1), (1, 32, 32), 59_169, 60_391_424, "58,976 params, 8.7 times faster", ONLY_WEIGHTS),
    Published("Transition state 2", partial(fsrcnn_transition, 2), (1, 32, 32), 17_465, 17_498_112, "17,088 params, 30.1 times faster", ONLY_WEIGHTS),
    Published("FSRCNN(56, 12, 4)", fsrcnn, (1, 32, 32), 12_809, 12_763_136, "12,464 params, 41.3 times faster", ONLY_WEIGHTS),
    Published("FSRCNN-s, (32, 5, 1)", partial(fsrcnn, 32, 5, 1), (1, 32, 32), 4_086, 4_031_488, "3,937 params", ONLY_WEIGHTS),
]

# Family -> its rows, in the order in which the book's table shows them.
FAMILIES = {
    "Inception": INCEPTION,
    "Super-resolution": SUPER_RESOLUTION,
}
