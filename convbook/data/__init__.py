"""Real data that ships inside packages: handwritten digits, three photographs, and what can be made of them.

Nothing is downloaded, ever. Everything is float32 in [0, 1], with channels before rows and columns, as PyTorch has it.
Training and test sets never show the same digit, nor the same part of a photograph; the same seed gives the same data.
"""

from convbook.data.clips import DIRECTIONS, digit_clips
from convbook.data.handwritten import Labelled, digits, few_digits
from convbook.data.mosaics import digit_mosaics
from convbook.data.photographs import PHOTOGRAPHS, photograph
from convbook.data.resizing import area_resize, bicubic_resize
from convbook.data.scenes import digit_scenes
from convbook.data.signals import eeg
from convbook.data.super_resolution import Pairs, super_resolution_pairs
from convbook.data.warped import warp, warped_digits

__all__ = ["DIRECTIONS", "Labelled", "PHOTOGRAPHS", "Pairs", "area_resize", "bicubic_resize", "digit_clips", "digit_mosaics", "digit_scenes",
           "digits", "eeg", "few_digits", "photograph", "super_resolution_pairs", "warp", "warped_digits"]
