"""Settings of all unit tests."""

import torch

# The layers here are tiny: handing them to several threads costs more than computing them.
torch.set_num_threads(1)
