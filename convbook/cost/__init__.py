"""What convolutions cost: parameters, multiply-adds, bytes moved, and the ratio that says which of them rules.

One multiply-add (MAC) is two floating-point operations (FLOPs); papers often write FLOPs and mean MACs. Taps that fall
on padding count as MACs, since ordinary implementations multiply there too; adding the bias does not count.
"""

from convbook.cost.counts import arithmetic_intensity, conv_bytes, conv_macs, conv_params, separable_macs
from convbook.cost.profiling import Profile, Row, profile

__all__ = ["conv_params", "conv_macs", "separable_macs", "conv_bytes", "arithmetic_intensity", "profile", "Profile", "Row"]
