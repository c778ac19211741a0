"""Measure how long a call takes, so that the answer means something."""

from statistics import median
from time import perf_counter


def milliseconds(function, *args, repeat=7, **options):
    """Median time of `function(*args, **options)` in milliseconds, over `repeat` calls after one that is not counted.

    The first call pays for caches and set-up; the median forgets the calls that something else disturbed.

    >>> milliseconds(sum, range(1000)) > 0
    True
    """
    function(*args, **options)
    times = []
    for _ in range(repeat):
        start = perf_counter()
        function(*args, **options)
        times.append(perf_counter() - start)
    return 1000 * median(times)


def in_turns(*functions, repeat=15):
    """Fastest time of each function in milliseconds, on one thread, the functions called in turns.

    Turns let whatever slows the machine slow all of them; the fastest of many calls is the one that nothing disturbed.

    Args:
        functions: called without arguments.
        repeat: how often each is called, after one round that is not counted.
    Returns:
        a list of milliseconds, one a function.
    """
    from threadpoolctl import threadpool_limits

    best = [float("inf")] * len(functions)
    with threadpool_limits(1):
        for round in range(repeat + 1):
            for i, function in enumerate(functions):
                start = perf_counter()
                function()
                if round:  # the first round pays for caches and set-up
                    best[i] = min(best[i], perf_counter() - start)
    return [1000 * seconds for seconds in best]
