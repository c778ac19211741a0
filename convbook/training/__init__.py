"""Train small networks several times and say how sure the result is: `fit`, `fit_seeds`, `spread`, and what they are made of."""

from convbook.training.checkerboard import checkerboard
from convbook.training.equal import equal_width
from convbook.training.loop import Run, fit, fit_seeds, hold_out
from convbook.training.penalties import l1, l2
from convbook.training.progress import progress_bar
from convbook.training.scores import accuracy, mean_iou, minus, outputs, psnr, spread, summary, tensors

__all__ = ["Run", "accuracy", "checkerboard", "equal_width", "fit", "fit_seeds", "hold_out", "l1", "l2", "mean_iou", "minus", "outputs",
           "progress_bar", "psnr", "spread", "summary", "tensors"]
