"""Which layers can do a job, and what each of them costs: what the page "Which convolution should I use?" decides with."""

from convbook.choices.choosing import JOBS, NEEDS, QUANTITIES, Choice, Offer, choose

__all__ = ["JOBS", "NEEDS", "QUANTITIES", "Choice", "Offer", "choose"]
