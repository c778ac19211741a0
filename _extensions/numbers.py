"""How are figures numbered outside the numbered chapters? Page by page, with an appendix's own letter: Fig. A1.1, A1.2, ..."""

import re


def by_page(numbers, page):
    """{figure: number} of one page; in a numbered chapter as it is, elsewhere counted from 1.

    >>> by_page({"a": (7,), "b": (8,)}, "chapters/A2_normalization")
    {'a': ('A2', 1), 'b': ('A2', 2)}
    >>> by_page({"a": (16,)}, "chapters/which"), by_page({"a": (3, 1)}, "chapters/03_depthwise")
    ({'a': (1,)}, {'a': (3, 1)})
    """
    if any(len(number) > 1 for number in numbers.values()):
        return numbers
    letter = re.match(r"[A-Z]\d+(?=_)", page.rsplit("/", 1)[-1])
    before = (letter[0],) if letter else ()
    return {figure: (*before, n) for n, figure in enumerate(sorted(numbers, key=numbers.get), 1)}


def renumber(app, env):
    for page, kinds in env.toc_fignumbers.items():
        env.toc_fignumbers[page] = {kind: by_page(numbers, page) for kind, numbers in kinds.items()}
    return []


def setup(app):
    app.connect("env-get-updated", renumber, priority=900)  # after Sphinx has counted
    return {"parallel_read_safe": True, "parallel_write_safe": True}
