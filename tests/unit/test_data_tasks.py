"""Data for experiments: warped digits, scenes with a label for each pixel, pairs for super-resolution, few labels."""

import itertools

import numpy as np
import pytest
from PIL import Image

from convbook import data
from convbook.data import handwritten, scenes, super_resolution

MAKERS = {
    "warped_digits": lambda seed: data.warped_digits(size=(18, 21), test=50, per_class=3, seed=seed),
    "digit_scenes": lambda seed: data.digit_scenes(12, 6, size=(26, 34), seed=seed),
    "super_resolution_pairs": lambda seed: data.super_resolution_pairs(9, 6, patch=7, seed=seed),
    "few_digits": lambda seed: data.few_digits(3, validation=20, test=30, seed=seed),
}
SHAPES = {
    "warped_digits": [((30, 1, 18, 21), (30,)), ((50, 1, 18, 21), (50,))],
    "digit_scenes": [((12, 3, 26, 34), (12, 26, 34)), ((6, 3, 26, 34), (6, 26, 34))],
    "super_resolution_pairs": [((9, 1, 7, 7), (9, 1, 21, 21)), ((6, 1, 7, 7), (6, 1, 21, 21))],
    "few_digits": [((30, 1, 8, 8), (30,)), ((20, 1, 8, 8), (20,)), ((30, 1, 8, 8), (30,))],
}


@pytest.mark.parametrize("name", MAKERS)
def test_shapes_types_and_ranges(name):
    parts = MAKERS[name](0)
    assert [tuple(array.shape for array in part) for part in parts] == SHAPES[name]
    for inputs, targets in parts:
        assert inputs.dtype == np.float32 and inputs.min() >= 0 and 0.5 < inputs.max() <= 1
        assert targets.dtype == (np.float32 if name == "super_resolution_pairs" else np.int64)


@pytest.mark.parametrize("name", MAKERS)
def test_a_seed_gives_the_same_data_and_another_seed_other_data(name):
    first, again, other = (MAKERS[name](seed) for seed in (4, 4, 5))
    for part, same, different in zip(first, again, other):
        assert all(np.array_equal(a, b) for a, b in zip(part, same))
        assert not np.array_equal(part[0], different[0])


@pytest.fixture
def marked_digits(monkeypatch):
    """Digits whose one grey says which set they are from: 0.25 for training, 1 for the test."""
    train, test = data.digits(test=360, seed=0)
    marked = data.Labelled(np.full_like(train.images, 0.25), train.labels), data.Labelled(np.ones_like(test.images), test.labels)
    for module in (scenes, data.warped):
        monkeypatch.setattr(module, "digits", lambda **options: marked)


def test_training_and_test_sets_are_made_of_their_own_digits(marked_digits):
    train, test = data.warped_digits()
    assert {round(float(images.max()), 3) for images in train.images} == {0.25}
    assert {round(float(images.max()), 3) for images in test.images} == {1.0}
    train, test = data.digit_scenes(6, 6)
    assert not train.labels.any() and all(labels.any() for labels in test.labels)  # a quarter of ink is not enough for a label


def test_the_warped_test_set_depends_on_the_seed_alone():
    plain, copied = data.warped_digits(test=40, seed=2), data.warped_digits(test=40, copies=2, per_class=4, seed=2)
    assert all(np.array_equal(a, b) for a, b in zip(plain[1], copied[1]))
    small, large = (data.warped_digits(test=40, scale=scale, seed=2)[1] for scale in ((1, 1), (2, 2)))
    assert np.array_equal(small.labels, large.labels)
    assert np.allclose(large.images.sum(axis=(1, 2, 3)), 4 * small.images.sum(axis=(1, 2, 3)), rtol=0.12)


def test_copies_of_a_digit_are_warped_differently():
    images, labels = data.warped_digits(per_class=2, copies=3)[0]
    assert np.array_equal(labels, np.tile(labels[:20], 3))
    assert not any(np.array_equal(images[i], images[i + 20]) for i in range(40))


def test_a_warp_by_nothing_puts_the_image_in_the_middle():
    images = data.digits()[0].images[:5, 0]
    canvas = data.warp(images, (12, 14))
    assert np.array_equal(canvas[:, 2:10, 3:11], images) and canvas.sum() == images.sum()


def test_quarter_turns_and_whole_shifts_only_move_pixels():
    images = data.digits()[0].images[:3, 0]
    for turns in (1, 2, 3):
        assert np.allclose(data.warp(images, (8, 8), angle=90 * turns), np.rot90(images, turns, axes=(1, 2)), atol=1e-5)
    assert np.array_equal(data.warp(images, (8, 8), shift=(2, -3))[:, 2:, :5], images[:, :6, 3:])


def test_each_image_has_its_own_warp():
    images = data.digits()[0].images[:2, 0]
    both = data.warp(images, (17, 19), scale=[1.5, 2], angle=[10, -20], shift=[(0, 1), (2, 0)])
    assert np.array_equal(both[1:], data.warp(images[1:], (17, 19), scale=2, angle=-20, shift=(2, 0)))


def test_an_enlarged_ramp_stays_a_ramp():
    ramp = np.arange(8.0)[None, None] * np.ones((1, 8, 1))
    inner = data.warp(ramp, (16, 16), scale=2)[0, 4:12, 4:12]
    assert np.allclose(np.diff(inner, axis=1), 0.5) and np.allclose(np.diff(inner, axis=0), 0)


def test_a_scene_has_its_digits_where_the_labels_say():
    for images, labels in data.digit_scenes(20, 20, seed=1):
        assert labels.min() == 0 and set(np.unique(labels)) <= set(range(11)) and len(np.unique(labels)) >= 8
        for image, label in zip(images, labels):
            assert 1 <= len(np.unique(label)) - 1 <= 3
            assert 0.01 < (label > 0).mean() < 0.4


def test_a_digit_stands_out_from_what_it_stands_on(monkeypatch):
    grounds = {}

    def grey(name, *, size):
        return grounds.setdefault(name, np.full((3, 240, 240), {"china": 0.1, "flower": 0.5, "grace_hopper": 0.9}[name], np.float32))

    monkeypatch.setattr(scenes, "photograph", grey)
    images, labels = data.digit_scenes(30, 1)[0]
    for i, (image, label) in enumerate(zip(images, labels)):
        ground = (0.1, 0.5, 0.9)[i % 3]
        assert np.abs(image.mean(axis=0)[label > 0] - ground).mean() > 0.1
        assert (image[:, label == 0] == np.float32(ground)).mean() > 0.5


@pytest.fixture
def marked_photographs(monkeypatch):
    """Photographs that say on each pixel how far to the right it lies."""
    def columns(name, *, size=None, grey=False):
        ramp = np.broadcast_to(np.linspace(0, 1, 360, dtype=np.float32), (240, 360))
        return ramp if grey else np.stack([ramp] * 3)

    for module in (scenes, super_resolution):
        monkeypatch.setattr(module, "photograph", columns)


def test_training_and_test_backgrounds_share_no_pixel(marked_photographs):
    for parts in (data.digit_scenes(20, 20, size=(100, 40), most=1), data.super_resolution_pairs(40, 40, shrink=1, detail=0)):
        images = [part.high if hasattr(part, "high") else part.images for part in parts]
        # A digit does not cover half of a column.
        left, right = (np.median(array, axis=-2) for array in images)
        assert 0.5 < left.max() < 239.5 / 359 < right.min() < 0.8


@pytest.mark.parametrize("method", ["bicubic", "area"])
def test_low_resolution_is_made_of_the_high_one_next_to_it(method):
    low, high = data.super_resolution_pairs(30, 2, scale=3, patch=10, method=method)[0]
    again = super_resolution.METHODS[method](high.astype(float), (10, 10))
    inner = np.s_[:, :, 2:-2, 2:-2]  # the borders read beyond the piece
    assert np.allclose(low[inner], again[inner].clip(0, 1), atol=1e-6)


def test_pieces_without_detail_are_drawn_again():
    every, some = (data.super_resolution_pairs(60, 60, detail=detail) for detail in (0, 0.1))
    assert all(part.high.std(axis=(1, 2, 3)).min() < 0.05 for part in every)
    assert all(part.high.std(axis=(1, 2, 3)).min() >= 0.1 for part in some)


def test_a_shift_of_one_piece_would_be_seen():
    low, high = data.super_resolution_pairs(30, 2, scale=2, patch=10, method="area")[0]
    assert np.allclose(low, high.reshape(30, 1, 10, 2, 10, 2).mean(axis=(3, 5)), atol=1e-6)


@pytest.mark.parametrize("size, new", [((9, 14), (4, 5)), ((9, 14), (27, 14)), ((5, 3), (7, 9)), ((6, 6), (6, 6)), ((30, 1), (7, 1))])
def test_bicubic_resize_is_pillows(size, new):
    image = np.random.default_rng(0).random(size).astype(np.float32)
    expected = Image.fromarray(image).resize(new[::-1], Image.Resampling.BICUBIC)
    assert np.allclose(data.bicubic_resize(image, new), expected, atol=1e-5)


def test_bicubic_doubling_has_the_weights_of_keys():
    # The new pixels lie 1.25, 0.75 and 0.25 from the white one: by hand from the cubic's two pieces.
    row = np.eye(1, 8, 3)
    assert np.allclose(data.bicubic_resize(row, (1, 16))[0, 4:10], [-0.0703125, 0.2265625, 0.8671875, 0.8671875, 0.2265625, -0.0703125])


def test_few_digits_share_no_place_and_leave_the_test_set_alone():
    few, validation, test = data.few_digits(4, validation=30)
    everything, same_test = data.digits()
    assert np.bincount(few.labels).tolist() == [4] * 10
    assert np.array_equal(test.images, same_test.images) and np.array_equal(few.images, data.digits(per_class=4)[0].images)
    known = {image.tobytes() for image in everything.images}
    chosen = [image.tobytes() for part in (few, validation) for image in part.images]
    assert len(set(chosen)) == 70 and set(chosen) <= known


def test_labels_stay_with_the_images_they_had():
    images, labels = handwritten._all_digits()
    truth = {image.tobytes(): label for image, label in zip(images, labels)}
    for part in itertools.chain(data.few_digits(5), data.warped_digits(size=(8, 8), scale=(1, 1), rotation=0, shift=0)):
        assert all(truth[image.tobytes()] == label for image, label in zip(part.images, part.labels))


@pytest.mark.parametrize("call, message", [
    (lambda: data.warped_digits(scale=(2, 1)), "scale=(2, 1) must be a pair (smallest, largest) with 0 < smallest <= largest"),
    (lambda: data.warped_digits(scale=(0, 1)), "scale=(0, 1) must be a pair (smallest, largest) with 0 < smallest <= largest"),
    (lambda: data.warped_digits(rotation=-1), "rotation=-1 must be at least 0"),
    (lambda: data.warped_digits(shift=-0.5), "shift=-0.5 must be at least 0"),
    (lambda: data.warped_digits(copies=0), "copies=0 must be at least 1"),
    (lambda: data.digit_scenes(size=(23, 40)), "size=(23, 40) must lie between (24, 24) and (120, 64)"),
    (lambda: data.digit_scenes(size=(32, 65)), "size=(32, 65) must lie between (24, 24) and (120, 64)"),
    (lambda: data.digit_scenes(0), "count=0 must be at least 1"),
    (lambda: data.digit_scenes(2, 2, only=(10,)), "only=(10,) must name some of the digits 0 to 9"),
    (lambda: data.super_resolution_pairs(scale=1), "scale=1 must be at least 2"),
    (lambda: data.super_resolution_pairs(method="nearest"), "method='nearest' must be one of 'bicubic', 'area'"),
    (lambda: data.super_resolution_pairs(patch=60),
     "patch=60 must be at most 28: the smallest part of a photograph has 28 rows or columns in low resolution"),
    (lambda: data.super_resolution_pairs(detail=0.6), "detail=0.6 must be less: of 100 pieces none has so large a standard deviation"),
    (lambda: data.few_digits(validation=1428, per_class=1), "validation=1428 must be at most 1427: so many digits are left"),
    (lambda: data.few_digits(500), "per_class=500 must be at most 133: so many training images has the rarest digit"),
    (lambda: data.bicubic_resize(np.ones((3, 3)), (0, 3)), "size[0]=0 must be at least 1"),
])
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message


def test_the_largest_scene_that_is_allowed_fits_every_photograph():
    assert data.digit_scenes(3, 3, size=(120, 64))[1].images.shape == (3, 3, 120, 64)


def test_scenes_may_hold_chosen_digits_only():
    for images, labels in data.digit_scenes(20, 9, only=(0, 7)):
        assert set(np.unique(labels)) == {0, 1, 8}


def test_brain_waves_have_four_channels_of_one_size():
    signal = data.eeg()
    assert signal.shape == (4, 800) and signal.dtype == np.float32
    assert np.allclose(signal.mean(axis=1), 0, atol=1e-5) and np.allclose(signal.std(axis=1), 1, atol=1e-5)
    beside = (signal[:, 1:] * signal[:, :-1]).mean(axis=1)
    assert (beside > 0.5).all(), "neighbouring samples of a real signal are alike, so channels and time are not mixed up"
    signal[:] = 0
    assert data.eeg().any(), "what a reader does to the array does not change the next one"
