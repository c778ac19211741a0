"""What papers print beside what exact counting gives: one list a family, read by the tests and by the book's table.

A row is held by a test: the network is built, run once on its input, and must have exactly these counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True)
class Published:
    """One network: how to build it, what it costs on one image, and what its paper says that it costs."""

    name: str  # as the paper calls it
    build: Callable  # a builder of `convbook.networks`, or a `partial` of one
    input_shape: tuple  # without the batch axis
    params: int  # exact
    macs: int  # exact
    printed: str = ""  # the paper's own words, "4.2M params, 569M MACs"; "" where it prints nothing
    why: str = ""  # why the two differ; "" where they agree

    @property
    def call(self):
        """The line of code that builds it.

        >>> Published("Tiny", partial(dict, a=1), (1, 8, 8), 0, 0).call
        'dict(a=1)'
        """
        if not isinstance(self.build, partial):
            return f"{self.build.__name__}()"
        arguments = [*map(repr, self.build.args), *(f"{k}={v!r}" for k, v in self.build.keywords.items())]
        return f"{self.build.func.__name__}({', '.join(arguments)})"


# Family -> its rows, in the order in which the book's table shows them.
FAMILIES = {
}
