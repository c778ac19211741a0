"""Mosaics of digits, and the network that describes their cells with and without what lies around them."""

import numpy as np
import torch

from convbook import data
from convbook.networks.mimicking import RegionNet, mimicking_loss


def test_cells_hold_digits_of_their_label_in_reading_order():
    parts, known = data.digit_mosaics(5, 3, ordered=False, seed=2), data.digits(seed=2)
    for mosaics, digits in zip(parts, known):
        for image, labels in zip(mosaics.images, mosaics.labels):
            for cell, label in enumerate(labels):
                r, c = divmod(cell, 3)
                tile = image[0, 8 * r:8 * r + 8, 8 * c:8 * c + 8]
                same = (digits.images[:, 0] == tile).all(axis=(1, 2))
                assert same.any() and label in digits.labels[same]


def test_ordered_mosaics_count_up_and_others_do_not():
    ordered, free = (np.concatenate([p.labels for p in data.digit_mosaics(30, 10, ordered=o)]) for o in (True, False))
    assert (np.diff(ordered) % 10 == 1).all()
    assert 0.03 < (np.diff(free) % 10 == 1).mean() < 0.25


def test_a_cell_alone_is_described_whatever_lies_around_it_and_a_region_is_not():
    torch.manual_seed(0)
    net, x = RegionNet(), torch.rand(2, 1, 24, 24)
    other = x.clone()
    other[:, :, :, :8] = 0  # the left column of cells
    middle = [1, 2, 4, 5, 7, 8]
    torch.testing.assert_close(net.crops(x)[:, middle], net.crops(other)[:, middle])
    assert (net.regions(x)[:, [1, 4, 7]] - net.regions(other)[:, [1, 4, 7]]).abs().max() > 1e-3
    torch.testing.assert_close(net.regions(x)[:, [2, 5, 8]], net.regions(other)[:, [2, 5, 8]])  # 15 pixels reach 7 to each side


def test_crops_are_pooled_as_regions_are():
    torch.manual_seed(1)
    net, alone = RegionNet(), torch.zeros(1, 1, 24, 24)
    alone[:, :, 8:16, 8:16] = torch.rand(8, 8)
    # One layer of taps reaches the same zeros in both, so without the later layers they agree.
    net.trunk = net.trunk[:2]
    torch.testing.assert_close(net.crops(alone)[:, 4], net.regions(alone)[:, 4])


def test_training_gives_both_and_evaluation_the_regions():
    net, x = RegionNet(), torch.rand(2, 1, 24, 24)
    scores, alone, seen, crops = net(x)
    assert scores.shape == alone.shape == (2, 10, 9) and seen.shape == crops.shape == (2, 9, 32)
    assert net.eval()(x).shape == (2, 10, 9)


def test_the_loss_is_its_three_parts():
    torch.manual_seed(0)
    outputs = torch.randn(2, 10, 9), torch.randn(2, 10, 9), torch.randn(2, 9, 32), torch.randn(2, 9, 32)
    labels = torch.randint(0, 10, (2, 9))
    parts = [mimicking_loss(c, m)(outputs, labels) for c, m in ((0, 0), (1, 0), (0, 1))]
    torch.testing.assert_close(mimicking_loss(2, 3)(outputs, labels), parts[0] + 2 * (parts[1] - parts[0]) + 3 * (parts[2] - parts[0]))
    torch.testing.assert_close(parts[0], torch.nn.functional.cross_entropy(outputs[0], labels))
    far = outputs[2:], (outputs[2], -outputs[2])
    away, close = (mimicking_loss(0, 1)((*outputs[:2], *pair), labels) - parts[0] for pair in (far[1], (outputs[2], 5 * outputs[2])))
    torch.testing.assert_close(away, torch.tensor(2.0))
    assert abs(close.item()) < 1e-5
