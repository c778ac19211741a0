"""Dilation in the place of strides: the same numbers where the strided network has some, and what a finer map costs."""

import re

import pytest
import torch
from torch import nn

from convbook import cost
from convbook.blocks import ResNetBottleneck
from convbook.networks.output_stride import OUTPUT_STRIDES, atrous_resnet50, without_stride
from convbook.networks.resnet import resnet50


@pytest.mark.parametrize("version", ["v1", "v1.5"])
@pytest.mark.parametrize("size", [(21, 30), (16, 13)])
def test_the_dilated_stages_give_the_strided_stages_numbers_at_every_fourth_place(version, size):
    torch.manual_seed(0)
    stages = nn.Sequential(*(nn.Sequential(ResNetBottleneck(c, w, d, stride=2, version=version), ResNetBottleneck(d, w, d))
                             for c, w, d in ((6, 2, 8), (8, 3, 12)))).eval()
    dense, rate = without_stride(stages)
    x = torch.randn(2, 6, *size)
    assert rate == 4 and dense(x).shape == (2, 12, *size)
    torch.testing.assert_close(dense(x)[:, :, ::4, ::4], stages(x))
    assert stages[0][0].shortcut.conv.stride == (2, 2), "the stages themselves stay as they were"


def test_parameters_stay_and_multiply_adds_grow():
    with torch.device("meta"):
        found = {stride: cost.profile(atrous_resnet50(stride), (3, 224, 224)) for stride in OUTPUT_STRIDES}
        body = cost.profile(resnet50(), (3, 224, 224))
        sizes = [tuple(atrous_resnet50(stride)(torch.empty(1, 3, 224, 224)).shape[2:]) for stride in OUTPUT_STRIDES]
    assert sizes == [(56, 56), (28, 28), (14, 14), (7, 7)]
    assert len({p.params for p in found.values()}) == 1
    assert found[32].macs == body.macs - 2_048_000 and found[32].params == body.params - 2_049_000
    # Only the last stage's maps are four times as large at 16, and its first layer's input was as large before.
    assert found[32].macs < found[16].macs < found[8].macs < found[4].macs


def test_an_output_stride_that_is_not_there_is_refused():
    message = "output_stride=2 must be one of 4, 8, 16, 32"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        atrous_resnet50(2)
