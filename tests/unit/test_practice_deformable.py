"""Practice of chapter 9: every answer of every kind is what convbook and PyTorch compute."""

import numpy as np
import pytest

from convbook import ops
from convbook.explorers.practice import kinds_of
from practice_questions import all_questions, answers


@pytest.fixture(scope="module")
def asked():
    return all_questions("deformable")


def channels(kh, kw, G, C, modulated):
    from convbook.blocks import DeformConv2d

    layer = DeformConv2d(C, 4, (kh, kw), deform_groups=G, modulated=modulated)
    return layer.offset.out_channels, sum(p.numel() for p in layer.offset.parameters())


def index(kh, kw, o, u, v, x):
    """The one channel that changes what only this tap of this group reads, along this axis."""
    G, N = o + 1, kh * kw
    image = np.zeros((G, kh + 2, kw + 2))
    image[o] = np.arange((kh + 2) * (kw + 2)).reshape(kh + 2, kw + 2) if x else np.arange((kh + 2) * (kw + 2)).reshape(kw + 2, kh + 2).T
    weight = np.zeros((1, G, kh, kw))
    weight[0, o, u, v] = 1
    still = np.zeros((2 * G * N, 3, 3))
    base = ops.deform_conv2d(image, still, weight)[0, 0, 0]
    found = []
    for channel in range(2 * G * N):
        moved = still.copy()
        moved[channel, 0, 0] = 1
        if ops.deform_conv2d(image, moved, weight)[0, 0, 0] == base + 1:  # one step along this axis is worth 1
            found.append(channel)
    return found


def position(k, st, p, d, i, j, u, v, dy, dx):
    """Rows and columns as pictures: what the tap reads is where it looks."""
    n = st * 7 + d * k + 12
    rows, columns = np.indices((n, n), dtype=float) - 6  # negative places are there to be read, too
    weight = np.zeros((1, 1, k, k))
    weight[0, 0, u, v] = 1
    offset = np.zeros((2 * k * k, *[(n - d * (k - 1) - 1) // st + 1] * 2))
    t = u * k + v
    offset[2 * t:2 * t + 2, i, j] = dy + 6 - p, dx + 6 - p  # the frame is moved over, the padding taken off
    return [ops.deform_conv2d(image[None], offset, weight, stride=st, dilation=d)[0, i, j] for image in (rows, columns)]


def bilinear(pixels, t, s):
    return [ops.bilinear_sample(np.array(pixels, dtype=float), np.array(t), np.array(s)).item()]


def slope(pixels, t, s, g, w):
    _, down, right = ops.bilinear_sample_backward(np.array(float(g * w)), np.array(pixels, dtype=float), np.array(t), np.array(s))
    return [down.item(), right.item()]


def scale(a, b, d, u, v):
    grid = np.mgrid[-1:2, -1:2] * d
    return np.array([a - 1, b - 1]) * grid[:, u, v]


def mask(w, values, m):
    """Three taps on three pixels that hold the values."""
    x, weight = np.array([[values]], dtype=float), np.array(w, dtype=float).reshape(1, 1, 1, 3)
    return [ops.deform_conv2d(x, np.zeros((6, 1, 1)), weight, mask=np.array(m, dtype=float).reshape(3, 1, 1)).item()]


def bins(h, w, oh, ow, i, j):
    """Pooling the row numbers and, for the count, one pixel at a time that is 1."""
    def pool(x):
        return ops.deform_roi_pool2d(x, [[0, 0, 0, w, h]], (oh, ow))[0, :, i, j]

    one_pixel_each = pool(np.eye(h * w).reshape(h * w, h, w))
    covered = np.flatnonzero(one_pixel_each)
    assert np.allclose(one_pixel_each[covered], 1 / len(covered))
    return covered[0] // w, len(covered)


def shift(h, w, a, b, gamma):
    """One bin: the mean of the row numbers moves as the bin does."""
    def pool(x, offset):
        frame = 12
        region = [[0, frame, frame, frame + w, frame + h]]
        return ops.deform_roi_pool2d(np.pad(x, frame, mode="reflect", reflect_type="odd")[None], region, 1, offset=offset, gamma=gamma).item()

    rows, columns = np.indices((h + 12, w + 12), dtype=float)
    move = np.array([a, b]).reshape(1, 2, 1, 1)
    return [pool(x, move) - pool(x, 0 * move) for x in (rows, columns)]


def maps(k, D, c, i, j):
    """Maps that hold their own number."""
    x = np.broadcast_to(np.arange(k * k * D, dtype=float)[:, None, None], (k * k * D, 7, 8))
    return len(x), ops.deform_ps_roi_pool2d(x, [[0, 0, 0, 8, 7]], k)[0, c, i, j]


COMPUTE = {f.__name__: f for f in (channels, index, position, bilinear, slope, scale, mask, bins, shift, maps)}


@pytest.mark.parametrize("kind", kinds_of("deformable"))
def test_every_answer_is_what_convbook_computes(asked, kind):
    for question in asked[kind]:
        assert answers(question) == pytest.approx([float(v) for v in COMPUTE[kind](**question["given"])], abs=1e-9), question


def test_heights_and_widths_differ_and_cuts_go_through_pixels(asked):
    assert all(q["given"]["kh"] != q["given"]["kw"] for kind in ("channels", "index") for q in asked[kind])
    assert all(q["given"]["h"] % q["given"]["oh"] and q["given"]["w"] % q["given"]["ow"] for q in asked["bins"])
    assert {q["given"]["modulated"] for q in asked["channels"]} == {True, False}
