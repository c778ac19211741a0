"""The networks run: forward and backward, in training and in evaluation, whole on small images and small on digits."""

import pytest
import torch
from torch.nn import functional as F

from convbook.blocks import carry_weights
from convbook.networks import (AlexNet, MobileFaceNet, MobileNetV1, ResNet, ResNeXt, ShuffleNetV1, ShuffleNetV2, mobilefacenet, mobilenet_v1,
                               resnet50, resnext50_32x4d, shufflenet_v1, shufflenet_v2)
from convbook.networks.alexnet import ONE_COLUMN, TWO_GPUS
from convbook.networks.zfnet import ROWS as ZFNET

# The papers' layers, on images as small as they let us, with narrow fully connected layers: seconds, not minutes.
WHOLE = {
    "alexnet": (lambda: AlexNet(TWO_GPUS, fully_connected=(20, 20), size=67, classes=7), (67, 67)),
    "alexnet_one_column": (lambda: AlexNet(ONE_COLUMN, fully_connected=(20, 20), size=64, classes=7), (64, 64)),
    "zfnet": (lambda: AlexNet(ZFNET, fully_connected=(20, 20), size=65, ceil_mode=True, classes=7), (65, 65)),
    "resnet50": (lambda: resnet50(classes=7), (40, 33)),
    "resnet50 v1.5": (lambda: resnet50("v1.5", classes=7), (33, 40)),
    "resnext50": (lambda: resnext50_32x4d(classes=7), (33, 40)),
    "shufflenet_v1": (lambda: shufflenet_v1(3, classes=7), (64, 47)),
    "shufflenet_v1 g8 0.5x": (lambda: shufflenet_v1(8, 0.5, classes=7), (64, 47)),
    "shufflenet_v2": (lambda: shufflenet_v2(classes=7), (47, 64)),
    "shufflenet_v2 release": (lambda: shufflenet_v2(0.5, form="release", classes=7), (47, 64)),
    "mobilenet_v1": (lambda: mobilenet_v1(0.25, classes=7), (64, 47)),
    "mobilenet_v1 full": (lambda: mobilenet_v1(0.25, separable=False, classes=7), (64, 47)),
    "mobilenet_v1 shallow": (lambda: mobilenet_v1(0.25, shallow=True, classes=7), (64, 47)),
    "mobilefacenet": (lambda: mobilefacenet(size=(48, 33)), (48, 33)),
    "mobilefacenet M": (lambda: mobilefacenet("M", activation="relu", size=(48, 33)), (48, 33)),
}
# The same classes for the digits, 8 x 8.
TWO = ((8, 16, 1, 1), (8, 32, 1, 2))
SMALL = dict(classes=10, in_channels=1, small=True)
DIGITS = {
    "alexnet": lambda: AlexNet(((16, 3, 1, 1, False, "norm"), (32, 3, 1, 1, True, "pool")), fully_connected=(32,), size=8, classes=10, in_channels=1),
    "resnet": lambda: ResNet(stages=TWO, channels=16, **SMALL),
    "resnext": lambda: ResNeXt(4, ((2, 16, 1, 1), (2, 32, 1, 2)), channels=16, **SMALL),
    "resnext a": lambda: ResNeXt(4, ((2, 16, 1, 1), (2, 32, 1, 2)), channels=16, form="a", **SMALL),
    "shufflenet_v1": lambda: ShuffleNetV1(2, (32, 64), (2, 2), channels=16, **SMALL),
    "shufflenet_v2": lambda: ShuffleNetV2((32, 64), 64, (2, 2), channels=16, **SMALL),
    "mobilenet": lambda: MobileNetV1(1.0, ((32, 1), (64, 2)), channels=16, **SMALL),
    "mobilefacenet": lambda: MobileFaceNet(((2, 16, 1, 2), (2, 32, 1, 1)), channels=16, wide=32, embedding=10, size=8, in_channels=1, small=True),
}


def runs(build, shape):
    torch.manual_seed(0)
    network = build()
    x = torch.randn(shape, requires_grad=True)
    scores = network.train()(x)
    F.cross_entropy(scores, torch.arange(len(x))).backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())
    assert x.grad.abs().sum() > 0
    moved = [p.grad.abs().sum() > 0 for p in network.parameters() if p.dim() > 1]
    assert all(moved), "a weight that no image reaches"
    network.eval()
    with torch.no_grad():
        first = network(x[:1])
        assert torch.allclose(network(x)[:1], first, atol=1e-4 * float(first.abs().max()))  # images do not see each other
    return scores.shape


@pytest.mark.parametrize("name", WHOLE)
def test_the_papers_networks_run_forward_and_backward(name):
    build, size = WHOLE[name]
    classes = {"mobilefacenet": 128, "mobilefacenet M": 512}.get(name, 7)
    assert runs(build, (2, 3, *size)) == (2, classes)


@pytest.mark.parametrize("name", DIGITS)
def test_small_forms_run_on_digits(name):
    assert runs(DIGITS[name], (4, 1, 8, 8)) == (4, 10)


@pytest.mark.parametrize("name", [name for name in DIGITS if name not in ("alexnet", "mobilefacenet")])
def test_networks_with_a_global_average_take_other_sizes(name):
    assert runs(DIGITS[name], (3, 1, 13, 10)) == (3, 10)


def test_a_resnext_gives_the_same_scores_in_every_form():
    nets = {form: ResNeXt(4, ((2, 16, 1, 1), (2, 32, 2, 2)), channels=16, form=form, **SMALL).double() for form in "abc"}
    for form in "ab":
        nets[form].stem, nets[form].head = nets["c"].stem, nets["c"].head
        for ours, theirs in zip(nets[form].stages, nets["c"].stages):
            for block, source in zip(ours, theirs):
                carry_weights(source, block)
    assert [net.stages[0][0].form for net in nets.values()] == ["a", "b", "c"]
    x = torch.randn(3, 1, 8, 7).double()
    for form in "ab":
        torch.testing.assert_close(nets[form](x), nets["c"](x), rtol=0, atol=1e-10)
