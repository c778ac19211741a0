"""Scores by hand: pixels right, overlap, decibels, and the spread over runs."""

import math

import numpy as np
import pytest
import torch

from convbook.training import Run, accuracy, mean_iou, minus, psnr, spread, summary, tensors


class Answer(torch.nn.Module):
    """A model that gives back its input: the test writes down the answers itself."""

    def forward(self, x):
        return x


def one_hot(called, classes):
    """Scores (N, classes, H, W) whose largest is at `called`."""
    return np.moveaxis(np.eye(classes, dtype=np.float32)[np.array(called)], -1, 1)


def test_targets_are_classes_when_whole_and_values_when_not():
    assert [tensors(np.zeros(2), t)[1].dtype for t in (np.array([1, 2], np.uint8), np.array([1.0, 2.0]), [True, False])] == [
        torch.int64, torch.float32, torch.int64]
    assert tensors(np.zeros(2, np.float64), [0, 1])[0].dtype == torch.float32


def test_accuracy_of_a_map_counts_pixels():
    assert accuracy(Answer(), one_hot([[[0, 1, 2], [2, 2, 2]]], 3), np.array([[[0, 1, 1], [2, 0, 2]]])) == pytest.approx(4 / 6)


def test_mean_iou_does_not_let_the_background_pay():
    labels = np.zeros((1, 4, 5), int)
    labels[0, 0, :2] = 1
    # All called background: 18 of 20 pixels are right, but the object is lost. Class 2 is on neither side, and does not count.
    assert mean_iou(Answer(), one_hot(np.zeros_like(labels), 3), labels) == pytest.approx((18 / 20 + 0) / 2)
    called = labels.copy()
    called[0, 0, 1:3] = 1, 1
    # Class 1: 2 in both, 3 in either; background: 17 in both, 18 in either.
    assert mean_iou(Answer(), one_hot(called, 3), labels) == pytest.approx((2 / 3 + 17 / 18) / 2)


def test_psnr_is_ten_times_the_logarithm_for_each_image_and_then_the_mean():
    targets = np.full((2, 1, 6, 8), 0.5, np.float32)
    errors = np.array([0.1, 0.01], np.float32)[:, None, None, None]
    assert psnr(Answer(), targets + errors, targets) == pytest.approx((20 + 40) / 2, abs=1e-3)


def test_psnr_leaves_out_the_border_and_values_beyond_white():
    targets = np.full((1, 1, 6, 8), 0.9, np.float32)
    answer = targets + 0.01
    answer[:, :, :2], answer[:, :, :, -2:] = 0, 0
    assert psnr(Answer(), answer, targets, border=2) == pytest.approx(40, abs=1e-3)
    assert psnr(Answer(), np.full_like(targets, 7), targets) == pytest.approx(20, abs=1e-3)


def test_a_loss_becomes_a_score_by_its_sign():
    logits, labels = np.zeros((3, 4), np.float32), np.array([0, 1, 2])
    assert minus()(Answer(), logits, labels) == pytest.approx(-math.log(4))


def test_spread_takes_any_unit():
    assert spread([1.0, 3.0], scale=1, unit="dB", digits=2) == "2.00 ± 1.41 dB"
    assert spread([1.0, 3.0], scale=1, unit="") == "2.0 ± 1.4"


def test_one_run_has_no_spread():
    with pytest.raises(ValueError, match=r"^shares=\[0.5\] must hold at least two numbers: one run has no spread$"):
        spread([0.5])
    assert summary([Run(3, (), 0.5, None)]) == {"seeds": [3], "scores": [0.5], "mean": 0.5, "stdev": None}


def test_a_summary_holds_every_score():
    found = summary([Run(seed, (), score, None) for seed, score in ((3, 0.5), (4, 0.6), (9, 0.7))])
    assert found == {"seeds": [3, 4, 9], "scores": [0.5, 0.6, 0.7], "mean": pytest.approx(0.6), "stdev": pytest.approx(0.1)}
