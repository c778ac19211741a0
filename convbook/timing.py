"""Measure how long a call takes, so that the answer means something."""

from statistics import median
from time import perf_counter


def milliseconds(function, *args, repeat=7, **options):
    """Median time of `function(*args, **options)` in milliseconds, over `repeat` calls after one that is not counted.

    The first call pays for caches and set-up; the median forgets the calls that something else disturbed.
    """
    function(*args, **options)
    times = []
    for _ in range(repeat):
        start = perf_counter()
        function(*args, **options)
        times.append(perf_counter() - start)
    return 1000 * median(times)
