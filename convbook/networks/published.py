"""What papers print beside what exact counting gives: one list a family, read by the tests and by the book's table.

A row is held by a test: the network is built, run once on its input, and must have exactly these counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from convbook.networks.alexnet import alexnet, alexnet_one_column
from convbook.networks.aspp import aspp_head
from convbook.networks.bn_inception import bn_inception
from convbook.networks.deformable import deformable_resnet50
from convbook.networks.googlenet import googlenet
from convbook.networks.inception_v3 import inception_v3
from convbook.networks.inception_v4 import inception_v4
from convbook.networks.lenet import lenet5
from convbook.networks.mobilefacenet import mobilefacenet
from convbook.networks.mobilenet import mobilenet_v1
from convbook.networks.resnet import resnet50
from convbook.networks.resnext import resnext50_32x4d
from convbook.networks.shufflenet import shufflenet_v1, shufflenet_v2
from convbook.networks.super_resolution import fsrcnn, fsrcnn_transition, srcnn
from convbook.networks.xception import xception
from convbook.networks.vgg import vgg
from convbook.networks.zfnet import zfnet


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


IMAGE = (3, 224, 224)

EARLY = [
    Published("LeNet-5", lenet5, (1, 32, 32), 60_000, 325_680, "60,000 params; 340,908 connections",
              "connections count biases and subsampling, too: lenet5_connections()"),
    Published("AlexNet", alexnet, (3, 227, 227), 60_965_224, 724_406_816, "60 million params; 720M MACs, in ShuffleNet's paper",
              "60 million and 720 million are both cut short"),
    Published("AlexNet without groups", partial(alexnet, groups=1), (3, 227, 227), 62_378_344, 1_135_256_096),
    Published("AlexNet of 2014, one column", alexnet_one_column, IMAGE, 61_100_840, 714_188_480),
    Published("ZFNet", zfnet, IMAGE, 62_357_608, 1_168_032_896),
    Published("ZFNet, 512-1024-512 maps", partial(zfnet, larger=True), IMAGE, 107_627_624, 2_476_704_896),
    Published("VGG-16", vgg, IMAGE, 138_357_544, 15_470_264_320, "138M params; 15300M MACs, in MobileNet's table 8",
              "15,300 million are the convolutions alone, 15,346,630,656, cut short"),
]

RESNET = [
    Published("ResNet-50", resnet50, IMAGE, 25_557_032, 3_857_973_248, "3.8 billion MACs", "cut short; it would round to 3.9"),
    Published("ResNet-50 v1.5", partial(resnet50, "v1.5"), IMAGE, 25_557_032, 4_089_184_256,
              "25.5M params, 4.1 billion MACs, in ResNeXt's table 1", "the parameters are cut short; they would round to 25.6M"),
    Published("ResNeXt-50 (32x4d)", resnext50_32x4d, IMAGE, 25_028_904, 4_230_479_872, "25.0M params, 4.2 billion MACs"),
]

SHUFFLENET = [
    Published("ShuffleNet v1 1x (g=1)", partial(shufflenet_v1, 1), IMAGE, 1_531_936, 143_078_976, "143M MACs"),
    Published("ShuffleNet v1 1x (g=2)", partial(shufflenet_v1, 2), IMAGE, 1_733_848, 140_836_512, "140M MACs",
              "the convolutions alone, 140.0M; with the linear layer it would round to 141M"),
    Published("ShuffleNet v1 1x (g=3)", partial(shufflenet_v1, 3), IMAGE, 1_865_728, 137_460_672, "137M MACs"),
    Published("ShuffleNet v1 1x (g=4)", partial(shufflenet_v1, 4), IMAGE, 1_968_344, 134_339_776, "133M MACs",
              "the convolutions alone, 133.3M"),
    Published("ShuffleNet v1 1x (g=8)", partial(shufflenet_v1, 8), IMAGE, 2_434_768, 138_365_952, "137M MACs",
              "the convolutions alone, 136.8M"),
    *(Published(f"ShuffleNet v1 {scale:g}x (g={g}), authors' code", partial(shufflenet_v1, g, scale, fc_bias=False), IMAGE, params, macs,
                printed, why)
      for g, scale, params, macs, printed, why in (
          (3, 0.5, 717_324, 37_589_856, "38M MACs, 0.7M params", ""),
          (8, 0.5, 1_010_448, 40_469_760, "40M MACs, 1.0M params", ""),
          (3, 1.0, 1_864_728, 137_460_672, "138M MACs, 1.9M params", "137M in the paper's table 1; 137.46M rounds to it"),
          (8, 1.0, 2_433_768, 138_365_952, "138M MACs, 2.4M params", ""),
          (3, 1.5, 3_441_168, 292_443_552, "292M MACs, 3.4M params", ""),
          (8, 1.5, 4_268_952, 290_188_800, "290M MACs, 4.3M params", ""),
          (3, 2.0, 5_449_776, 524_045_184, "524M MACs, 5.4M params", ""),
          (8, 2.0, 6_521_232, 521_942_016, "522M MACs, 6.5M params", ""),
      )),
    *(Published(f"ShuffleNet v2 {scale:g}x", partial(shufflenet_v2, scale), IMAGE, params, macs, printed, why)
      for scale, params, macs, printed, why in (
          (0.5, 1_366_792, 40_476_448, "1.4M params, 41M MACs", "40.5M; the printed figure is rounded up"),
          (1.0, 2_278_604, 144_907_992, "2.3M params, 146M MACs", "146M is the authors' code, whose units of stride 2 differ from figure 3"),
          (1.5, 3_503_624, 295_759_392, "3.5M params, 299M MACs", "299M is the authors' code"),
          (2.0, 7_393_996, 583_253_464, "7.4M params, 591M MACs", "591M is the authors' code"),
      )),
    *(Published(f"ShuffleNet v2 {scale:g}x, authors' code", partial(shufflenet_v2, scale, form="release", fc_bias=False), IMAGE, params, macs,
                printed, why)
      for scale, params, macs, printed, why in (
          (0.5, 1_365_792, 40_476_448, "1.4M params, 41M MACs", "40.5M; the printed figure is rounded up"),
          (1.0, 2_278_760, 145_814_296, "2.3M params, 146M MACs", ""),
          (1.5, 3_506_720, 298_970_656, "3.5M params, 299M MACs", ""),
          (2.0, 7_402_600, 590_783_000, "7.4M params, 591M MACs", ""),
      )),
]

MOBILENET = [
    *(Published(f"{alpha} MobileNet-{side}", partial(mobilenet_v1, alpha), (3, side, side), params, macs, printed, why)
      for alpha, side, params, macs, printed, why in (
          (1.0, 224, 4_231_976, 568_740_352, "4.2M params, 569M MACs", ""),
          (0.75, 224, 2_585_560, 325_400_448, "2.6M params, 325M MACs", ""),
          (0.5, 224, 1_331_592, 149_497_088, "1.3M params, 149M MACs", ""),
          (0.25, 224, 470_072, 41_030_272, "0.5M params, 41M MACs", ""),
          (1.0, 192, 4_231_976, 418_121_728, "4.2M params, 418M MACs", ""),
          (1.0, 160, 4_231_976, 290_675_200, "4.2M params, 290M MACs", "cut short; it would round to 291M"),
          (1.0, 128, 4_231_976, 186_400_768, "4.2M params, 186M MACs", ""),
      )),
    Published("Conv MobileNet", partial(mobilenet_v1, separable=False), IMAGE, 29_294_088, 4_867_293_184, "29.3M params, 4866M MACs",
              "the convolutions alone, 4,866,269,184"),
    Published("Shallow MobileNet", partial(mobilenet_v1, shallow=True), IMAGE, 2_887_976, 307_323_392, "2.9M params, 307M MACs"),
]

FACE = (3, 112, 112)
MOBILEFACENET = [
    Published("MobileFaceNet", mobilefacenet, FACE, 1_003_136, 220_965_376, "0.99M params, 4.0 MB; 221M MACs",
              "with every batch norm folded into its convolution: 993,344"),
    Published("MobileFaceNet-M", partial(mobilefacenet, "M"), FACE, 937_344, 220_899_840, "", "folded: 927,680"),
    Published("MobileFaceNet-S", partial(mobilefacenet, "S"), FACE, 850_688, 217_669_760, "", "folded: 841,920"),
    Published("MobileFaceNet (ReLU)", partial(mobilefacenet, activation="relu"), FACE, 995_584, 220_965_376, "", "folded: 985,792"),
    Published("MobileFaceNet (112x96)", partial(mobilefacenet, size=(112, 96)), (3, 112, 96), 999_552, 189_408_256),
    Published("MobileFaceNet (96x96)", partial(mobilefacenet, size=(96, 96)), (3, 96, 96), 996_480, 162_359_296),
]

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
    Published("Transition state 1", partial(fsrcnn_transition, 1), (1, 32, 32), 59_169, 60_391_424, "58,976 params, 8.7 times faster",
              ONLY_WEIGHTS),
    Published("Transition state 2", partial(fsrcnn_transition, 2), (1, 32, 32), 17_465, 17_498_112, "17,088 params, 30.1 times faster",
              ONLY_WEIGHTS),
    Published("FSRCNN(56, 12, 4)", fsrcnn, (1, 32, 32), 12_809, 12_763_136, "12,464 params, 41.3 times faster",
              ONLY_WEIGHTS),
    Published("FSRCNN-s, (32, 5, 1)", partial(fsrcnn, 32, 5, 1), (1, 32, 32), 4_086, 4_031_488, "3,937 params", ONLY_WEIGHTS),
]

# Features of a 513 x 513 image at output stride 16 are 33 x 33.
DEFORMABLE = [
    Published("Deformable ResNet-50, conv5", deformable_resnet50, IMAGE, 25_805_918, 6_103_248_896),
    Published("Deformable ResNet-50, version 2, conv3 to conv5", partial(deformable_resnet50, "v2"), IMAGE, 26_428_295, 4_046_961_152),
    Published("ASPP head of DeepLab v2, on ResNet", partial(aspp_head, version="v2"), (2048, 33, 33), 1_548_372, 1_686_085_632),
    Published("ASPP head of DeepLab v3", aspp_head, (2048, 33, 33), 15_540_501, 16_349_811_968),
]

# Family -> its rows, in the order in which the book's table shows them.
FAMILIES = {
    "The first": EARLY,
    "ResNet and ResNeXt": RESNET,
    "ShuffleNet": SHUFFLENET,
    "MobileNet": MOBILENET,
    "MobileFaceNet": MOBILEFACENET,
    "Inception": INCEPTION,
    "Super-resolution": SUPER_RESOLUTION,
    "Deformable and atrous": DEFORMABLE,
}
