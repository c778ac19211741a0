"""Questions with fresh numbers on a chapter, checked at once in the browser."""

import re

import traitlets

from convbook._arguments import one_of, whole
from convbook.explorers.base import FRONT_END, Explorer, bundle, styles
from convbook.explorers.traits import Choice

# The chapters that have a bank of questions: front_end/practice/questions/<chapter>.js, and <chapter>_*.js beside it.
CHAPTERS = ("vanilla", "grouped", "depthwise", "transposed", "atrous", "deformable", "inception", "separable", "flattened", "regularization", "normalization", "recent")


def kinds_of(chapter):
    """The keys of a chapter's kinds of question, as its files name them.

    >>> "macs" in kinds_of("vanilla")
    True
    """
    one_of("chapter", chapter, CHAPTERS)
    folder = FRONT_END / "practice" / "questions"
    texts = [file.read_text(encoding="utf-8") for file in (folder / f"{chapter}.js", *sorted(folder.glob(f"{chapter}_*.js")))]
    return tuple(key for text in texts for key in re.findall(r'\bkey: "(\w+)"', text))


class Practice(Explorer):
    """Questions on one chapter; the numbers are new each time, and an answer is checked at once.

    Args:
        chapter: whose bank of questions; "vanilla" is chapter 1.
        kinds: which kinds of question, and in which order: keys of the bank; () means all of them.
        seed: 0 draws new numbers at every visit; any other whole number gives the same questions each time.
        kind: key of the kind that is shown; "" shows the first.
        turn: number of the question, from 0; each "Another one" adds one.

    >>> Practice(kinds=("size", "macs"), seed=7)
    Practice(kinds=('size', 'macs'), seed=7)
    """

    _esm = bundle("practice/questions/vanilla.js")
    _css = styles("practice/style.css")

    chapter = Choice("vanilla", CHAPTERS).tag(sync=True)
    kinds = traitlets.Any(()).tag(sync=True)
    seed = traitlets.Any(0).tag(sync=True)
    kind = traitlets.Any("").tag(sync=True)
    turn = traitlets.Any(0).tag(sync=True)

    @traitlets.observe("chapter")
    def _load(self, change):
        self._esm = bundle(f"practice/questions/{self.chapter}.js")

    @traitlets.validate("kinds")
    def _kinds(self, proposal):
        if isinstance(proposal.value, str) or not isinstance(proposal.value, (list, tuple)):
            raise TypeError(f"kinds={proposal.value!r} must be a list of kinds, such as ['size', 'macs']")
        chosen = tuple(one_of(f"kinds[{i}]", kind, kinds_of(self.chapter)) for i, kind in enumerate(proposal.value))
        if len(set(chosen)) < len(chosen):
            raise ValueError(f"kinds={proposal.value!r} names a kind twice")
        return chosen

    @traitlets.validate("kind")
    def _kind(self, proposal):
        return one_of("kind", proposal.value, ("", *(self.kinds or kinds_of(self.chapter))))

    @traitlets.validate("seed", "turn")
    def _number(self, proposal):
        name, value = proposal.trait.name, whole(proposal.trait.name, proposal.value, at_least=0)
        if value >= 2**31:
            raise ValueError(f"{name}={value} must be less than 2**31")
        return value
