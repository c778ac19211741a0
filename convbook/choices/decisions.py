"""The questions of the page "Which convolution should I use?", each with the job that it stands for, so that the answer is computed."""

from typing import NamedTuple

H100 = 74  # MACs in the time of a byte: 989 / 2 dense TFLOPS of TF32, two operations a MAC, over 3.35 TB/s


class Decision(NamedTuple):
    """A question, its answer in words, where it is explained, the `choose` call behind it, and the layers that it must name first."""

    question: str
    answer: str
    where: str  # page and anchor
    job: dict
    layers: tuple


def _map(C, size, *needs, **options):
    return dict(in_channels=C, out_channels=C, size=size, needs=("mix", *needs)) | options


DECISIONS = (
    Decision("Must the map become larger?", "resize, then convolve", "04_transposed#transposed-cures",
             _map(64, 28, "even", "fine", job="double", out_channels=32), ("resize_separable", "resize_conv")),
    Decision("A sequence: must no output see the future?", "dilated causal stack", "05_atrous#atrous-causal",
             _map(32, (1, 4000), "whole", job="sequence", reach=512), ("dilated_separable", "long_separable", "dilated_stack")),
    Decision("One number for each channel?", "average; where places count, global depthwise", "03_depthwise#depthwise-global",
             _map(512, 7, job="pool"), ("average_pointwise", "global_depthwise_pointwise")),
    Decision("Only mix the channels?", "pointwise, 1 × 1", "01_vanilla#vanilla-pointwise",
             _map(256, 14, "wide", job="mix", by="bytes"), ("pointwise",)),
    Decision("Objects of many sizes and angles, and data to learn where to look?", "deformable", "09_deformable",
             _map(64, 28, "moves"), ("deformable",)),
    Decision("Windows of several sizes at once?", "Inception module", "07_inception",
             _map(192, 28, "scales", out_channels=256, reach=5), ("inception",)),
    Decision("A window of 7 or more, at full resolution?", "depthwise separable, or dilated stack", "05_atrous#atrous-field",
             _map(64, 56, "wide", "free", "whole", reach=15), ("depthwise_separable", "dilated_stack")),
    Decision("Is time on a fast GPU short, rather than multiply-adds?", "standard, or grouped; measure", "02_grouped",
             _map(64, 56, "wide", "free", by="time", ridge=H100), ("standard",)),
    Decision("Are weights or multiply-adds short?", "depthwise separable", "06_separable",
             _map(96, 14, "wide", "free"), ("depthwise_separable",)),
)
OTHERWISE = "standard, 3 × 3", "01_vanilla"
