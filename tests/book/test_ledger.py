"""Does each claim of the notes ledger have a verdict, a source that exists, and a link to a cell that really checks it?

`tests/cases/ledger.json` holds, for each row in order, words of the claim and what its check must show ("checks"), and the
mistakes and gaps of the notes that must stay in the ledger ("corrections": section, words of the claim, verdict, words of what holds).
"""

import ast
import json
import re
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = ROOT / "chapters"
HEADER = "| § | The notes say | Verdict | What holds | Source | Check |"
VERDICTS = {"right", "corrected", "unsupported", "empty"}
WORDS = {"definition", "arithmetic", "algebra", "experiment", "the notes", "PyTorch", "torchvision"}  # explained at the ledger's head
CITED = re.compile(r"\{cite(?::t)?\}`([^`]+)`")
ANCHOR = re.compile(r"^\(([\w-]+)\)=$", re.M)
CASES = json.loads((ROOT / "tests/cases/ledger.json").read_text(encoding="utf-8"))


class Claim(NamedTuple):
    section: str
    says: str
    verdict: str
    holds: str
    source: str
    check: str

    @property
    def name(self):
        return f"{self.section}: {self.says[:60]}"

    @property
    def link(self):
        return re.fullmatch(r"\[(run|drawn|cited)\]\(#([\w-]+)\)", self.check)


class Passage(NamedTuple):
    """What a link opens: a figure's cell, or all that stands between its anchor and the next one."""

    chapter: str
    words: str
    cells: list


def claims():
    """The ledger's rows, by the headings they stand under."""
    text = (CHAPTERS / "notes_ledger.md").read_text(encoding="utf-8")
    for part in re.split(r"^## ", text, flags=re.M)[1:]:
        lines = [line for line in part.splitlines() if line.startswith("|")]
        assert lines[:1] == [HEADER], f"another table than the ledger's: {lines[:1]}"
        for line in lines[2:]:
            cells = [cell.strip() for cell in re.split(r"(?<!\\) \|(?= |$)", line[1:])[:-1]]
            assert len(cells) == 6, line
            yield part.split()[0], Claim(*cells)


ROWS = list(claims())
rows = pytest.mark.parametrize("claim", [claim for _, claim in ROWS], ids=lambda claim: f"section {claim.section}")


@cache
def passages():
    found = {}
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        cells, open_ = json.loads(path.read_text(encoding="utf-8"))["cells"], None
        for cell in cells:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                if open_:
                    found[open_].cells.append(cell)
                if figure := cell["metadata"].get("mystnb", {}).get("figure", {}).get("name"):
                    found[figure] = Passage(path.stem, cell["metadata"]["mystnb"]["figure"]["caption"], [cell])
                continue
            before, *parts = ANCHOR.split(source)
            for name, words in [(open_, before), *zip(parts[::2], parts[1::2])]:
                if name:
                    old = found.get(name, Passage(path.stem, "", []))
                    found[name] = old._replace(words=f"{old.words} {' '.join(words.split())}")
            open_ = parts[-2] if parts else open_
    return found


@cache
def bibliography():
    return set(re.findall(r"^@\w+\{([^,]+),", (ROOT / "references.bib").read_text(encoding="utf-8"), re.M))


def compared(cell):
    """Is this a cell that nbval runs again, and whose output it compares?"""
    return not {"nbval-ignore-output", "nbval-skip", "remove-cell", "raises-exception"} & set(cell["metadata"].get("tags", []))


def printed(cell):
    """The text that the cell shows, without what nbval does not compare or what is only the package's source."""
    kinds = [(output.get("data", {}), "".join(output.get("text", ""))) for output in cell["outputs"]]
    plain = "".join(text + "".join(data.get("text/plain", "")) for data, text in kinds
                    if not any(kind.startswith("image/") or "widget" in kind or kind == "text/markdown" for kind in data))
    return plain if compared(cell) and "not attempted" not in plain else ""


def asserts(cell):
    source = re.sub(r"^\s*[%!].*", "pass", "".join(cell["source"]), flags=re.M)
    return any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(source)))


def runs(cell):
    """A cell whose claim can fail: it asserts something, or prints what nbval compares."""
    return asserts(cell) or bool(printed(cell))


def draws(cell):
    """A cell with a drawn figure: nbval compares SVG."""
    return compared(cell) and any("image/svg+xml" in output.get("data", {}) for output in cell["outputs"])


def shows(cell, proof):
    """Does the proof stand in the cell or in what it prints, however many spaces are between?"""
    everything = "".join(cell["source"]) + " " + printed(cell)
    return " ".join(proof.split()) in " ".join(everything.split())


@rows
def test_a_claim_is_whole(claim):
    assert claim.verdict in VERDICTS
    assert re.match(r"\d+(\.\d+)*(, (figure \d|v2))?$|A[12](\.\d+)?$", claim.section), claim.section
    assert claim.says and (claim.verdict == "right" or claim.holds), "what holds is missing"


@rows
def test_its_source_exists(claim):
    keys = [key for keys in CITED.findall(claim.source) for key in keys.split(",")]
    words = [word for word in CITED.sub("", claim.source).split(", ") if word.strip(" ,")]
    assert keys or words
    assert set(keys) <= bibliography() and {word.strip(" ,") for word in words} <= WORDS, claim.source


@rows
def test_its_link_leads_to_a_cell_that_can_fail(claim):
    assert claim.link, f"a link is [run], [drawn] or [cited]: {claim.check}"
    how, anchor = claim.link.groups()
    assert anchor in passages(), f"no such anchor: {anchor}"
    cells = passages()[anchor].cells
    assert any(map({"run": runs, "drawn": draws, "cited": lambda cell: runs(cell) or draws(cell)}[how], cells)), f"nothing is checked at {anchor}"


def test_every_row_has_its_case_in_order():
    """A row or a case that is dropped or moved fails here."""
    for row, case in zip_longest(ROWS, CASES["checks"]):
        assert row and case, f"no partner: {row or case}"
        claim, (section, words, _) = row[1], case
        assert claim.section == section and words in claim.says, f"the row is {claim.name!r}, the case {section}: {words!r}"


@pytest.mark.parametrize("claim, proof", [(claim, proof) for (_, claim), (_, _, proof) in zip(ROWS, CASES["checks"])],
                         ids=lambda part: f"section {part.section}" if isinstance(part, Claim) else "")
def test_what_its_link_opens_shows_what_the_claim_needs(claim, proof):
    how, anchor = claim.link.groups()
    passage = passages()[anchor]
    if how == "cited":
        assert proof in passage.words, f"{proof!r} does not stand at {anchor}"
        keys = {key for keys in CITED.findall(claim.source) for key in keys.split(",")}
        chapter = " ".join(other.words for other in passages().values() if other.chapter == passage.chapter)
        cited = {key for keys in CITED.findall(chapter) for key in keys.split(",")}
        assert keys & cited or claim.source == "the notes", f"chapter {passage.chapter} cites none of {keys}"
    else:
        test = {"run": runs, "drawn": draws}[how]
        assert any(test(cell) and shows(cell, proof) for cell in passage.cells), f"no cell at {anchor} that can fail shows {proof!r}"


@pytest.mark.parametrize("section, words, verdict, holds", CASES["corrections"], ids=lambda part: part if part.isascii() and len(part) < 12 else "")
def test_no_correction_is_dropped(section, words, verdict, holds):
    found = [claim for _, claim in ROWS if claim.section == section and words in claim.says and claim.verdict == verdict]
    assert any(holds in claim.holds for claim in found), [claim.name for claim in found]


def test_claims_stand_in_the_order_of_the_notes():
    """Sections rise; what the notes leave out comes last in its part."""
    def number(claim):
        return [int(part) for part in re.findall(r"\d+", claim.section.split(",")[0])]

    for part in {part for part, _ in ROWS}:
        said = [number(claim) for name, claim in ROWS if name == part and not claim.says.startswith("(left out)")]
        assert said == sorted(said), part


@pytest.mark.parametrize("path", sorted(CHAPTERS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_chapter_judges_as_the_ledger_does(path):
    """Each row of a chapter's own table has the ledger's words, and a verdict that the ledger gives in that section."""
    given = {(claim.section, claim.verdict) for _, claim in ROWS}
    for line in "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]).splitlines():
        if row := re.match(r"\| ((?:\d+|A\d)[\w., ]*) \| (.*?) \| ([\w ]+) \|", line):
            sections, says, verdict = row.groups()
            assert verdict in VERDICTS, f"{verdict!r}: {says}"
            places = [sections] if "v2" in sections else sections.split(", ")
            assert any(verdict == found and (section == place or section.startswith(f"{place}.")) for section, found in given for place in places), line
