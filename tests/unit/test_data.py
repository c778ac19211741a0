"""Real data: shapes, ranges, splits that share nothing, and clips whose class only the order of the frames tells."""

import subprocess
import sys

import numpy as np
import pytest

from convbook import data
from convbook.data import handwritten


def rows(images):
    return {image.tobytes() for image in images}


def test_digits_are_float32_images_between_0_and_1_with_every_class_on_both_sides():
    train, test = data.digits()
    assert train.images.shape == (1437, 1, 8, 8) and test.images.shape == (360, 1, 8, 8)
    assert train.images.dtype == np.float32 and train.labels.dtype == np.int64
    assert train.images.min() == 0 and train.images.max() == 1
    assert set(train.labels) == set(test.labels) == set(range(10))


def test_the_split_loses_no_digit_and_shares_none():
    train, test = data.digits(test=300, seed=3)
    everything = handwritten._all_digits()[0]
    assert rows(train.images) | rows(test.images) == rows(everything)
    # The file holds a few identical images; each position is used once all the same.
    assert len(train.images) + len(test.images) == len(everything)


def test_labels_stay_with_their_images():
    images, labels = handwritten._all_digits()
    truth = {}
    for image, label in zip(images, labels):
        truth.setdefault(image.tobytes(), set()).add(int(label))
    for part in data.digits(seed=5):
        assert all(int(label) in truth[image.tobytes()] for image, label in zip(part.images, part.labels))


def test_few_labels_keep_the_test_set_and_take_as_many_of_each_digit():
    few, test = data.digits(per_class=7, seed=1)
    everything, same_test = data.digits(seed=1)
    assert np.bincount(few.labels).tolist() == [7] * 10
    assert rows(few.images) <= rows(everything.images)
    assert np.array_equal(test.images, same_test.images)


def test_a_seed_gives_the_same_split_and_another_seed_another():
    (a, _), (b, _), (c, _) = data.digits(seed=1), data.digits(seed=1), data.digits(seed=2)
    assert np.array_equal(a.images, b.images) and not np.array_equal(a.labels, c.labels)


def test_changing_a_result_does_not_change_the_next_one():
    train, _ = data.digits()
    train.images[:] = -1
    assert data.digits()[0].images.min() == 0
    photo = data.photograph("flower")
    photo[:] = -1
    assert data.photograph("flower").min() >= 0


@pytest.mark.parametrize(("options", "message"), [
    ({"test": 1797}, "test=1797 must be at most 1787: there are 1797 digits"),
    ({"test": 0}, "test=0 must be at least 1"),
    ({"per_class": 500}, r"per_class=500 must be at most 1\d\d: so many training images has the rarest digit"),
])
def test_too_many_digits_are_refused_with_their_number(options, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        data.digits(**options)


def test_clips_move_their_digit_one_way_at_one_speed():
    clips, labels = data.digit_clips(40, 4, directions=("left", "right", "up", "down"), frames=4)[0]
    assert clips.shape == (40, 1, 4, 10, 14) and clips.dtype == np.float32
    steps = {0: (0, -1), 1: (0, 1), 2: (-1, 0), 3: (1, 0)}
    for clip, label in zip(clips[:, 0], labels):
        rows_, columns = steps[int(label)]
        fits = [all(np.array_equal(np.roll(a, (v * rows_, v * columns), (0, 1)), b) for a, b in zip(clip, clip[1:])) for v in (1, 2)]
        assert sum(fits) == 1


def test_a_clip_played_backwards_has_the_other_class_and_the_same_frames():
    clips, labels = data.digit_clips(60, 4)[0]
    for label in (0, 1):
        chosen = clips[labels == label]
        # Brightness of each column, averaged over clips: the start is uniform, so no frame leans to one side.
        assert np.allclose(chosen.sum(axis=(1, 2, 3, 4)), chosen[:, :, ::-1].sum(axis=(1, 2, 3, 4)))
    assert np.bincount(labels).tolist() == [30, 30]


def test_where_a_digit_stands_does_not_depend_on_its_direction():
    clips, labels = data.digit_clips(2800, 2, seed=4)[0]
    for frame in (0, 4):
        profiles = np.array([clips[labels == label][:, 0, frame].sum(axis=1).mean(axis=0) for label in (0, 1)])
        assert np.ptp(profiles) < 0.12 * profiles.mean() * 2


def test_training_and_test_clips_show_different_digits():
    train, test = data.digits(seed=0)
    clips = data.digit_clips(30, 30)
    for part, own, other in ((clips[0], train, test), (clips[1], test, train)):
        sums = {round(float(v), 4) for v in own.images.sum(axis=(1, 2, 3))}
        assert all(round(float(clip[0, 0].sum()), 4) in sums for clip in part.images)


@pytest.mark.parametrize(("options", "message"), [
    ({"directions": ("left", "north")}, r"directions=\('left', 'north'\) must hold at least two of left, right, up, down"),
    ({"directions": ("left",)}, r"directions=\('left',\) must hold at least two of left, right, up, down"),
    ({"size": (7, 14)}, r"size=\(7, 14\) must be at least \(8, 8\), the size of a digit"),
    ({"frames": 1}, "frames=1 must be at least 2"),
])
def test_clips_say_what_does_not_fit(options, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        data.digit_clips(4, 2, **options)


@pytest.mark.parametrize(("name", "shape"), [("china", (3, 427, 640)), ("flower", (3, 427, 640)), ("grace_hopper", (3, 600, 512))])
def test_photographs_are_float32_colours_between_0_and_1(name, shape):
    photo = data.photograph(name)
    assert photo.shape == shape and photo.dtype == np.float32
    assert 0 <= photo.min() < 0.05 and 0.95 < photo.max() <= 1


def test_a_grey_photograph_weighs_green_most():
    colours, grey = data.photograph("china"), data.photograph("china", grey=True)
    assert grey.shape == (427, 640)
    assert np.allclose(grey, 0.299 * colours[0] + 0.587 * colours[1] + 0.114 * colours[2], atol=1e-6)


def test_one_number_as_size_is_the_height_and_keeps_the_proportion():
    assert data.photograph("china", size=61).shape == (3, 61, 91)


def test_area_resize_averages_whole_blocks_and_shares():
    assert np.array_equal(data.area_resize(np.arange(16.0).reshape(4, 4), (2, 2)), [[2.5, 4.5], [10.5, 12.5]])
    assert np.allclose(data.area_resize(np.array([[3.0, 6.0, 9.0]]), (1, 2)), [[4.0, 8.0]])


def test_area_resize_keeps_the_mean_and_leaves_a_constant_alone():
    x = np.random.default_rng(0).random((2, 11, 17))
    assert np.allclose(data.area_resize(x, (4, 5)).mean(axis=(1, 2)), x.mean(axis=(1, 2)))
    assert np.allclose(data.area_resize(np.ones((7, 9)), (3, 2)), 1)
    assert np.allclose(data.area_resize(x, (11, 17)), x)


def test_an_unknown_photograph_and_a_size_too_large_are_named():
    with pytest.raises(ValueError, match="^name='lena' must be one of china, flower, grace_hopper$"):
        data.photograph("lena")
    with pytest.raises(ValueError, match=r"^size=\(428, 640\) must be at most \(427, 640\), the size of the image$"):
        data.photograph("china", size=(428, 640))


def test_the_data_need_no_torch():
    code = "import sys; from convbook import data; data.digits(); data.photograph('china', size=9); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
