"""Train small networks several times and say how sure the result is: `fit`, `fit_seeds`, `spread`, and what they are made of."""

from convbook.training.augmentation import input_noise, jitter
from convbook.training.checkerboard import checkerboard
from convbook.training.equal import equal_width
from convbook.training.loop import Run, fit, fit_seeds, hold_out
from convbook.training.penalties import activation_l1, group_l1, l1, l2
from convbook.training.progress import progress_bar
from convbook.training.proximal import ProximalAdam, adamw, proximal_adam
from convbook.training.scores import accuracy, mean_iou, minus, outputs, psnr, spread, summary, tensors
from convbook.training.smoothing import label_smoothing, smoothed_targets
from convbook.training.steps import adam_step, sgd_step
from convbook.training.tuning import Tuned, tune

__all__ = ["ProximalAdam", "Run", "Tuned", "accuracy", "activation_l1", "adam_step", "adamw", "checkerboard", "equal_width", "fit", "fit_seeds",
           "group_l1", "hold_out", "input_noise", "jitter", "l1", "l2", "label_smoothing", "mean_iou", "minus", "outputs", "progress_bar",
           "proximal_adam", "psnr", "sgd_step", "smoothed_targets", "spread", "summary", "tensors", "tune"]
