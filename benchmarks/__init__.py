"""How long does a convolution take? `python -m benchmarks`, or `make bench`."""
