"""DeformableSampler and RoIBins in Python: traits, whole messages, and the page's numbers against convbook."""

import random

import numpy as np
import pytest

from convbook import ops
from convbook.explorers import DeformableSampler, RoIBins, deformable_sampler, roi_bins
from front_end import javascript, message


def samplers(count):
    draw = random.Random(5)
    for _ in range(count):
        h, w = draw.randint(4, 9), draw.randint(4, 9)
        yield {
            "image": [[draw.randint(0, 255) for _ in range(w)] for _ in range(h)], "at": [draw.randrange(h), draw.randrange(w)],
            "offsets": [draw.choice([0, draw.randint(-24, 24) / 4, round(draw.uniform(-3, 3), 2)]) for _ in range(18)],
            "kernel": [draw.randint(-4, 4) for _ in range(9)], "mask": [round(draw.random(), 2) for _ in range(9)],
            "modulated": draw.random() < 0.5, "dilation": draw.randint(1, 3),
        }


def test_what_the_page_computes_is_what_convbook_computes():
    drawn = list(samplers(120))
    answers = javascript("deformable_sampler", "given.map((s) => ({ y: g.output(s), plain: g.plain(s), taps: g.taps(s) }))", drawn)
    for state, answer in zip(drawn, answers):
        assert answer["y"] == pytest.approx(DeformableSampler(**state).value, abs=1e-9)
        assert answer["plain"] == pytest.approx(DeformableSampler(**{**state, "offsets": (0,) * 18, "modulated": False}).value, abs=1e-9)
        y, x, value = (np.array([tap[key] for tap in answer["taps"]], dtype=float) for key in ("y", "x", "value"))
        assert np.allclose(value, ops.bilinear_sample(np.array(state["image"], dtype=float), y, x))


def test_slopes_of_the_page_are_the_gradient_of_the_package():
    drawn = list(samplers(40))
    for state, slopes in zip(drawn, javascript("deformable_sampler", "given.map((s) => g.taps(s).map((t) => [t.y, t.x, ...g.slopes(t.around)]))", drawn)):
        y, x, down, right = np.array(slopes, dtype=float).T
        _, grad_y, grad_x = ops.bilinear_sample_backward(np.ones(9), np.array(state["image"], dtype=float), y, x)
        assert np.allclose(grad_y, down) and np.allclose(grad_x, right)


def test_the_code_of_the_sampler_prints_the_number_of_the_page():
    pytest.importorskip("torch")
    drawn = [state for state in samplers(40)]
    for state, (code, y) in zip(drawn, javascript("deformable_sampler", "given.map((s) => [g.code(s), g.output(s)])", drawn)):
        printed = []
        exec(code, {"print": printed.append})
        assert printed[0].item() == pytest.approx(y, abs=2e-3), code


def regions(count):
    draw = random.Random(9)
    for _ in range(count):
        h, w, bins = draw.randint(4, 8), draw.randint(4, 8), [draw.randint(1, 4), draw.randint(1, 4)]
        x1, y1 = draw.randint(0, 2 * w - 2) / 2, draw.randint(0, 2 * h - 2) / 2
        roi = [x1, y1, draw.randint(int(2 * x1) + 2, 2 * w) / 2, draw.randint(int(2 * y1) + 2, 2 * h) / 2]
        yield {
            "map": [[draw.randint(-9, 9) for _ in range(w)] for _ in range(h)], "roi": roi, "bins": bins, "moved": draw.random() < 0.6,
            "offsets": [draw.randint(-30, 30) / 10 for _ in range(2 * bins[0] * bins[1])], "gamma": draw.choice([0.1, 0.25, 1]),
            "sensitive": draw.random() < 0.5, "bin": 0,
        }


def test_averages_of_the_page_are_those_of_convbook():
    drawn = list(regions(150))
    answers = javascript("roi_bins", "given.map((s) => [g.pooled(s).map((b) => b.average), g.compare(s), g.code(s)])", drawn)
    for state, (averages, three, code) in zip(drawn, answers):
        explorer = RoIBins(**state)
        assert np.allclose(averages, np.ravel(explorer.pooled), atol=1e-9)
        for name, (moved, sensitive) in {"plain": (False, False), "deformable": (True, False), "position-sensitive": (state["moved"], True)}.items():
            assert three[name] == pytest.approx(RoIBins(**{**state, "moved": moved, "sensitive": sensitive}).pooled[0][0], abs=1e-9)
        printed = []
        exec(code, {"print": printed.append})
        assert np.allclose(printed[0][0, 0], explorer.pooled)


def test_python_offers_what_the_pages_offer():
    limits = javascript("deformable_sampler", "[g.LIMITS, Object.values(g.KERNELS)[0]]")
    assert {name: tuple(v) if isinstance(v, list) else v for name, v in limits[0].items()} == deformable_sampler.LIMITS
    assert tuple(limits[1]) == deformable_sampler.SOBEL
    assert {name: tuple(v) if isinstance(v, list) else v for name, v in javascript("roi_bins", "g.LIMITS").items()} == roi_bins.LIMITS


def test_the_repr_makes_the_same_explorers():
    assert repr(DeformableSampler()) == "DeformableSampler()" and repr(RoIBins()) == "RoIBins()"
    sampler = DeformableSampler(offsets=np.full(18, 0.25), at=[3, 4], mask=[0.5] * 9, modulated=True, tap=2)
    assert repr(eval(repr(sampler))) == repr(sampler)
    bins = RoIBins(bins=3, roi=(0, 0.5, 4, 6), moved=True, offsets=np.ones((1, 2, 3, 3)), bin=8)
    assert repr(eval(repr(bins))) == repr(bins)
    assert (bins.bins, len(bins.offsets)) == ((3, 3), 18)


def test_what_no_longer_fits_is_forgotten():
    bins = RoIBins(bins=3, bin=8, offsets=[1] * 18)
    bins.bins = (1, 2)
    assert (bins.bin, bins.offsets) == (1, (0,) * 4)
    bins.map = [[1, 2, 3, 4]] * 5
    assert bins.roi == (0, 0, 4, 5)
    sampler = DeformableSampler(at=(17, 23))
    sampler.image = [[0, 9, 9, 9]] * 5
    assert sampler.at == (4, 3)


@pytest.mark.parametrize("parameters, error, said", [
    (dict(offsets=[0] * 9), ValueError, "offsets must be 18 numbers: dy, dx of tap 0, dy, dx of tap 1, ..."),
    (dict(offsets=[0] * 17 + [17]), ValueError, "offsets[17]=17 must be between -16 and 16"),
    (dict(offsets=[float("nan")] + [0] * 17), ValueError, "offsets[0]=nan must be between -16 and 16"),
    (dict(mask=[1] * 8 + [1.5]), ValueError, "mask[8]=1.5 must be between 0 and 1"),
    (dict(kernel=["a"] + [1] * 8), TypeError, "kernel[0]='a' must be a number"),
    (dict(at=(18, 0)), ValueError, "at=(18, 0) must lie on the image, which has 18 rows and 24 columns"),
    (dict(at=3), ValueError, "at=3 must be a pair (row, column)"),
    (dict(image=[[1, 2], [3]]), ValueError, "image must be rows of equal length"),
    (dict(image=[[0] * 4] * 3), ValueError, "image has a height of 3; it must lie from 4 to 48"),
    (dict(image=[[256] * 4] * 4), ValueError, "image holds 256; its numbers lie from 0 to 255"),
    (dict(dilation=4), ValueError, "dilation=4 must be at most 3"),
    (dict(tap=9), ValueError, "tap=9 must be at most 8"),
    (dict(step=2), ValueError, "step=2 must be one of 0.1, 0.25, 0.5, 1"),
    (dict(taps=3), TypeError, "DeformableSampler has no parameter 'taps'; it has image, at, offsets, kernel, mask, modulated, dilation, tap, step, predict"),
])
def test_whole_messages_of_the_sampler(parameters, error, said):
    assert message(DeformableSampler, error, **parameters) == said


@pytest.mark.parametrize("parameters, error, said", [
    (dict(roi=(0, 0, 11, 3)), ValueError, "roi=(0, 0, 11, 3) must be at least 1 x 1 and lie on the map, which is 10 wide and 8 high"),
    (dict(roi=(2, 0, 2.5, 3)), ValueError, "roi=(2, 0, 2.5, 3) must be at least 1 x 1 and lie on the map, which is 10 wide and 8 high"),
    (dict(roi=(0, 1)), ValueError, "roi=(0, 1) must be (x1, y1, x2, y2)"),
    (dict(bins=5), ValueError, "bins=(5, 5) must be at most 4 along each axis"),
    (dict(offsets=[1] * 4), ValueError, "offsets must be 8 numbers: dy of each of 4 bins, then dx of each"),
    (dict(offsets=[6] + [0] * 7), ValueError, "offsets[0]=6 must be between -5 and 5"),
    (dict(gamma=2), ValueError, "gamma=2 must be between 0 and 1"),
    (dict(gamma="a"), TypeError, "gamma='a' must be a number"),
    (dict(bin=4), ValueError, "bin=4 must be at most 3: there are 4"),
    (dict(map=[[1, 2], [3]]), ValueError, "map must be rows of equal length"),
    (dict(map=[[1] * 4] * 13), ValueError, "map has a height of 13; it must lie from 4 to 12"),
    (dict(map=[[100] * 4] * 4), ValueError, "map holds 100; its numbers lie from -99 to 99"),
])
def test_whole_messages_of_the_bins(parameters, error, said):
    assert message(RoIBins, error, **parameters) == said
