"""Deformable pooling of regions in PyTorch: the same numbers as `convbook.ops`, its slopes, and how its layers start."""

import pytest
import torch
from deform_strategies import random_regions, rngs
from hypothesis import given, settings

from convbook import cost, ops
from convbook.blocks import DeformPSRoIPool2d, DeformRoIPool2d
from convbook.blocks.regions import deform_ps_roi_pool2d, deform_roi_pool2d

FORMS = {False: (deform_roi_pool2d, ops.deform_roi_pool2d), True: (deform_ps_roi_pool2d, ops.deform_ps_roi_pool2d)}


@pytest.mark.parametrize("sensitive", [False, True])
def test_tensors_give_the_numbers_of_ops(sensitive):
    of_tensors, of_arrays = FORMS[sensitive]

    @settings(max_examples=150)
    @given(rng=rngs)
    def agree(rng):
        x, rois, bins, options = random_regions(rng, sensitive=sensitive)
        x = x if x.ndim == 4 else x[None]
        offset = None if options["offset"] is None else torch.tensor(options["offset"])
        y = of_tensors(torch.tensor(x), torch.tensor(rois), bins, **{**options, "offset": offset})
        torch.testing.assert_close(y, torch.tensor(of_arrays(x, rois, bins, **options)))

    agree()


ROIS = torch.tensor([[1, 0.5, 1.25, 4.5, 5.75], [0, 1, 0, 4, 3.0], [1, -1, -1, 3, 3]], dtype=torch.float64)


@pytest.mark.parametrize("sensitive", [False, True])
def test_gradients_are_the_slopes(sensitive):
    torch.manual_seed(0)
    x = torch.randn(2, 4 if sensitive else 2, 4, 3, dtype=torch.float64, requires_grad=True)
    offset = torch.randn(3, 4 if sensitive else 2, 2, 1, dtype=torch.float64, requires_grad=True)
    mask = torch.rand(3, 1, 2, 1, dtype=torch.float64, requires_grad=True)
    if sensitive:
        assert torch.autograd.gradcheck(lambda x, offset: deform_ps_roi_pool2d(x, ROIS, (2, 1), offset=offset), (x, offset))
    else:
        assert torch.autograd.gradcheck(lambda *each: deform_roi_pool2d(each[0], ROIS, (2, 1), offset=each[1], mask=each[2]), (x, offset, mask))


def test_a_moved_bin_reads_the_region_moved_as_far():
    x = torch.randn(2, 3, 12, 14, dtype=torch.float64)
    rois = torch.tensor([[0, 2, 3, 6, 8], [1, 4, 1, 9, 6]], dtype=torch.float64)
    moved = rois + torch.tensor([0, 2, 1, 2, 1])
    size = torch.stack([rois[:, 4] - rois[:, 2], rois[:, 3] - rois[:, 1]], dim=1)
    offset = (torch.tensor([1.0, 2.0], dtype=torch.float64) / size / 0.1)[:, :, None, None].expand(2, 2, 3, 2)
    torch.testing.assert_close(deform_roi_pool2d(x, rois, (3, 2), offset=offset), deform_roi_pool2d(x, moved, (3, 2)))


def test_layers_start_as_plain_pooling_and_the_modulated_one_as_half_of_it():
    torch.manual_seed(0)
    x, rois = torch.randn(2, 3, 6, 5), ROIS.float()
    plain = DeformRoIPool2d(3, (2, 3), deformable=False)
    assert not list(plain.parameters())
    expected = deform_roi_pool2d(x, rois, (2, 3))
    torch.testing.assert_close(plain(x, rois), expected)
    torch.testing.assert_close(DeformRoIPool2d(3, (2, 3))(x, rois), expected)
    torch.testing.assert_close(DeformRoIPool2d(3, (2, 3), modulated=True, hidden=5)(x, rois), expected / 2)
    sensitive = DeformPSRoIPool2d(3, 4, (2, 3), offset_classes=2)
    torch.testing.assert_close(sensitive(x, rois), deform_ps_roi_pool2d(sensitive.score(x), rois, (2, 3)))


def test_a_layer_moves_its_bins_as_its_branch_says():
    x, rois = torch.randn(2, 3, 6, 5), ROIS.float()
    layer = DeformRoIPool2d(3, (2, 3), gamma=0.2, spatial_scale=0.5, modulated=True, hidden=5)
    numbers = torch.randn(3, 2, 3)
    layer.branch[-1].bias.data = numbers.flatten()
    expected = deform_roi_pool2d(x, rois, (2, 3), spatial_scale=0.5, gamma=0.2,
                                 offset=numbers[None, :2].expand(3, -1, -1, -1), mask=numbers[None, 2:].sigmoid().expand(3, -1, -1, -1))
    torch.testing.assert_close(layer(x, rois), expected)


def test_nothing_is_stuck_where_it_starts():
    torch.manual_seed(0)
    x, rois = torch.randn(2, 3, 6, 5), torch.tensor([[0, 0.5, 0.5, 4.5, 5.5], [1, 0.25, 1, 4, 4.75]])
    for layer in (DeformRoIPool2d(3, 2), DeformRoIPool2d(3, 2, modulated=True, hidden=5), DeformPSRoIPool2d(3, 4, 2)):
        layer(x, rois).square().sum().backward()
        last = layer.offset if hasattr(layer, "offset") else layer.branch[-1]
        assert (last.bias.grad != 0).all() and last.weight.grad.abs().sum() > 0


def test_the_branches_have_the_published_counts():
    with torch.device("meta"):
        counts = [cost.conv_params(1024, 2 * 49 * 21, 1), *(sum(p.numel() for p in part.parameters()) for part in (
            DeformRoIPool2d(256, 7), DeformPSRoIPool2d(1024, 21, 7).offset, DeformPSRoIPool2d(1024, 8, 7, offset_classes=1).offset,
            DeformRoIPool2d(256, 7, modulated=True)))]
    v2 = (49 * 256 + 1) * 1024 + (1024 + 1) * 1024 + (1024 + 1) * 3 * 49
    assert counts == [2_109_450, 1_229_410, 2_109_450, 100_450, v2]


def test_no_region_gives_no_bins():
    assert deform_roi_pool2d(torch.zeros(1, 2, 3, 4), torch.zeros(0, 5), 2).shape == (0, 2, 2, 2)


@pytest.mark.parametrize("call, message", [
    (lambda: DeformRoIPool2d(3, 2, deformable=False, modulated=True), "modulated=True needs deformable=True"),
    (lambda: DeformPSRoIPool2d(3, 4, 2, offset_classes=3), "offset_classes=3 must divide out_channels=4"),
    (lambda: deform_roi_pool2d(torch.zeros(1, 2, 3, 4), torch.zeros(1, 4), 2),
     "rois has shape (1, 4); it must be (regions, 5): batch index, x1, y1, x2, y2"),
    (lambda: deform_roi_pool2d(torch.zeros(1, 2, 3, 4), torch.tensor([[1.0, 0, 0, 2, 2]]), 2),
     "rois has batch indices from 1 to 1; they must lie between 0 and 0"),
    (lambda: deform_roi_pool2d(torch.zeros(1, 2, 3, 4), torch.zeros(1, 5), 2, offset=torch.zeros(1, 6, 2, 2)),
     "offset has shape (1, 6, 2, 2); it must be (1, 2 E, 2, 2) with E dividing 2 channels"),
    (lambda: deform_ps_roi_pool2d(torch.zeros(1, 6, 3, 4), torch.zeros(1, 5), 2), "x has 6 channels; it must have a multiple of the 2 x 2 bins"),
])
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError) as error:
        call()
    assert str(error.value) == message
