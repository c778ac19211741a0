"""Which layers can do a job, and what each of them costs: what the page "Which convolution should I use?" decides with."""

from convbook.choices.choosing import JOBS, NEEDS, QUANTITIES, Choice, Offer, choose
from convbook.choices.evidence import measured, panels
from convbook.choices.pricelist import PriceList

__all__ = ["JOBS", "NEEDS", "QUANTITIES", "Choice", "Offer", "PriceList", "choose", "measured", "panels"]
