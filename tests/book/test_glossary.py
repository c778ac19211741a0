"""Is the glossary whole: every term in both languages, explained, in order, linked to the place that explains it, and linked from the chapters?"""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = ROOT / "chapters"
NOTEBOOKS = sorted(path for path in CHAPTERS.glob("[0-9A]*.ipynb"))
CHINESE = re.compile("[\u3400-\u9fff]")
WITHOUT = "No Chinese name in common use."
TERM = re.compile(r"\{term\}`([^`]+)`")
FIRST = re.compile(r"First in \[(?:chapter|appendix) (\w+)\]\((?:#([\w-]+)|([\w-]+)\.ipynb)\)\.$")
GENERIC = {"convolution", "layer", "pooling", "network", "matrix", "artifact", "of", "in"}

# What a chapter is about, or cannot do without: it links these where they first stand.
MAIN = {
    "01_vanilla": ["kernel", "stride", "padding", "dilation", "channel", "pointwise convolution", "receptive field", "MAC"],
    "02_grouped": ["grouped convolution", "depthwise convolution", "cardinality", "channel shuffle", "structured sparsity"],
    "03_depthwise": ["depthwise convolution", "channel multiplier", "pointwise convolution", "roofline"],
    "04_transposed": ["transposed convolution", "deconvolution", "checkerboard artifact", "output padding"],
    "05_atrous": ["atrous convolution", "dilation", "gridding", "output stride"],
    "06_separable": ["depthwise separable convolution", "spatially separable convolution", "rank", "singular value decomposition"],
    "07_inception": ["Inception module", "branch", "reduction", "auxiliary head"],
    "08_flattened": ["flattened convolution", "outer product", "CP decomposition"],
    "09_deformable": ["deformable convolution", "offset", "bilinear interpolation", "modulation", "region of interest"],
    "10_recent": ["asymmetric factorisation", "label smoothing", "representational bottleneck", "memory access cost", "channel split", "inverted residual", "depthwise separable convolution"],
    "A1_regularization": ["regularization", "weight decay", "dropout", "drop-path", "early stopping", "sparse representation", "label smoothing", "structured sparsity"],
    "A2_normalization": ["batch norm", "layer norm", "instance norm", "group norm", "running statistics", "scale and shift"],
}


class Entry(NamedTuple):
    names: list  # English first, one or more, then Chinese
    meaning: str

    @property
    def chinese(self):
        return [name for name in self.names if CHINESE.search(name)]


def entries():
    text = (CHAPTERS / "glossary.md").read_text(encoding="utf-8")
    for block in re.split(r"\n\n", text.split(":::{glossary}\n")[1].split("\n:::")[0].strip()):
        lines = block.split("\n")
        names = [line for line in lines if not line.startswith("  ")]
        yield Entry(names, " ".join(line.strip() for line in lines[len(names):]))


ENTRIES = list(entries())
every = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.names[0])


@cache
def markdown(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@cache
def anchors():
    """Each chapter's opening and each anchor, with its chapter and the words up to the next anchor."""
    found = {}
    for path in CHAPTERS.glob("*.ipynb"):
        parts = [path.stem, *re.split(r"^\(([\w-]+)\)=$", markdown(path), flags=re.M)]
        found |= {name: (path.stem, words) for name, words in zip(parts[::2], parts[1::2])}
    return found


def speaks_of(words, entry):
    """Do the words hold a name of the entry: the Chinese, what stands in brackets, or the beginnings of the words that tell it from others?"""
    words = re.sub(r"[*`]", "", words).replace("_", " ").casefold()
    english = re.sub(r" \(.*\)", "", entry.names[0]).casefold()
    told = [word for word in re.findall(r"[\w×′]+", english) if word not in GENERIC] or english.split()
    return any(name in words for name in [*entry.chinese, *re.findall(r"\((\w+)\)", entry.names[0].casefold())]) or all(word[:5] in words for word in told)


def linked(text):
    """The terms that a text links, by their names in the glossary."""
    return [re.search(r"<([^>]+)>$", target)[1] if target.endswith(">") else target for target in TERM.findall(text)]


@every
def test_an_entry_has_both_languages_and_a_meaning(entry):
    assert not CHINESE.search(entry.names[0]) and entry.names == sorted(entry.names, key=lambda name: name in entry.chinese)
    assert bool(entry.chinese) != entry.meaning.startswith(WITHOUT), f"give the Chinese name, or say: {WITHOUT}"
    meaning = FIRST.sub("", entry.meaning.removeprefix(WITHOUT))
    assert len(meaning.split()) >= 4 or TERM.search(meaning), meaning


@every
def test_its_first_use_is_linked(entry):
    found = FIRST.search(entry.meaning)
    assert found, "the last words are: First in [chapter N](#anchor)."
    chapter, anchor, opening = found.groups()
    assert (anchor or opening) in anchors(), found[0]
    stem, words = anchors()[anchor or opening]
    assert stem.split("_")[0].lstrip("0") == chapter
    assert speaks_of(words, entry), f"{entry.names} is not spoken of there"


def test_entries_are_in_alphabetical_order_and_named_once():
    def letters(name):
        return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()

    first = [letters(entry.names[0]) for entry in ENTRIES]
    assert first == sorted(first), next((a, b) for a, b in zip(first, first[1:]) if a > b)
    names = [name for entry in ENTRIES for name in entry.names]
    assert len(names) == len(set(names)), {name for name in names if names.count(name) > 1}


def test_every_term_that_is_linked_is_there():
    names = {name.casefold() for entry in ENTRIES for name in entry.names}
    texts = {path.stem: markdown(path) for path in CHAPTERS.glob("*.ipynb")} | {path.stem: path.read_text(encoding="utf-8") for path in CHAPTERS.glob("*.md")}
    missing = {(page, name) for page, text in texts.items() for name in linked(text) if name.casefold() not in names}
    assert not missing


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_links_its_main_terms(path):
    there = {name.casefold() for name in linked(markdown(path))}
    missing = [name for name in MAIN.get(path.stem, []) if name.casefold() not in there]
    assert not missing and len(there) >= 4, f"link them where they first stand: {missing}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_term_is_linked_once_in_a_chapter(path):
    names = [name.casefold() for name in linked(markdown(path))]
    assert len(names) == len(set(names)), {name for name in names if names.count(name) > 1}
