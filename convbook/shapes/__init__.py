"""How large an output is, which inputs it reads, and how far a stack of layers sees.

Everything here is about one axis: a convolution treats its axes independently. Notation follows Dumoulin & Visin
(2016): n input length, k taps, s stride, p padding, d dilation, o output length.
"""

from convbook.shapes.receptive import Field, reached_inputs, receptive_field
from convbook.shapes.sizes import conv_output_size, conv_transpose_output_size, same_padding
from convbook.shapes.taps import conv_taps, padded_indices

__all__ = ["conv_output_size", "conv_transpose_output_size", "same_padding", "padded_indices", "conv_taps", "Field",
           "receptive_field", "reached_inputs"]
