"""How does the search find a word? Chinese is cut into pairs of characters, and each term of the glossary is an answer of its own."""

import re

from sphinx import addnodes
from sphinx.search.en import SearchEnglish

CHINESE = "\u3400-\u9fff"
RUN = re.compile(f"[{CHINESE}]+|[^{CHINESE}]+")


def pieces(run, single=True):
    """A run of Chinese as its pairs of neighbours, and, where the index is made, its single characters; other words as they are.

    >>> pieces("转置卷积"), pieces("转置卷积", single=False), pieces("kernel")
    (['转置', '置卷', '卷积', '转', '置', '卷', '积'], ['转置', '置卷', '卷积'], ['kernel'])
    """
    if not "\u3400" <= run[0] <= "\u9fff":
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)] + (list(run) if single else [])


class Search(SearchEnglish):
    """English, and Chinese that is written without spaces between its words."""

    # The same cut for what a reader types; a single character stays one.
    js_splitter_code = f"""
var splitQuery = (query) => query
  .split(/[^\\p{{Letter}}\\p{{Number}}_\\p{{Emoji_Presentation}}]+/gu)
  .flatMap((word) => word.match(/[{CHINESE}]+|[^{CHINESE}]+/g) ?? [])
  .flatMap((run) => /[{CHINESE}]/.test(run) && run.length > 2 ? Array.from({{ length: run.length - 1 }}, (_, i) => run.slice(i, i + 2)) : [run]);
"""

    def split(self, input):
        return [piece for word in super().split(input) for run in RUN.findall(word) for piece in pieces(run)]


def name_terms(app):
    """Sphinx leaves a glossary's terms out of the search's named answers; here they are in."""
    app.registry.domains["std"].object_types["term"].attrs["searchprio"] = 0


def drop_entries(app, doctree):
    """... and listed once: the entries for a general index would show each of them again, under the page's name."""
    for term in doctree.findall(addnodes.glossary):
        for entry in list(term.findall(addnodes.index)):
            entry.parent.remove(entry)


def setup(app):
    app.add_search_language(Search)
    app.connect("builder-inited", name_terms)
    app.connect("doctree-read", drop_entries)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
