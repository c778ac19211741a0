"""How long do the operations take beside PyTorch's, and how much memory? `python -m benchmarks`, or `make bench`."""
