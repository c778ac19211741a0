"""How do the notes' claims read on a page? Each row of a table "§ | The notes say | Verdict | ..." becomes a card, and the cards are counted."""

import re
from collections import Counter

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.util import logging

logger = logging.getLogger(__name__)

VERDICTS = {"right": "✓", "corrected": "✎", "unsupported": "?", "empty": "∅"}
COLUMNS = ["§", "The notes say", "Verdict", "What holds", "Source", "Check"]
CHINESE = re.compile("[\u3400-\u9fff]")


class Totals(Directive):
    """`{ledger-totals}`: how many claims of each verdict, in all and by section; a choice among them shows those only."""

    def run(self):
        return [totals()]


class totals(nodes.Element):
    """Stands where the totals will be, until all claims of the page are known."""


def block(*classes, children=(), **attributes):
    return nodes.container("", *children, classes=list(classes), **attributes)


def split(paragraph):
    """The quotation and its translation, on either side of the first dash."""
    quoted, translated, turned = [], [], False
    for child in paragraph.children:
        if not turned and isinstance(child, nodes.Text) and " — " in child:
            before, after = child.split(" — ", 1)
            quoted.append(nodes.Text(before))
            translated.append(nodes.Text(after))
            turned = True
        else:
            (translated if turned else quoted).append(child)
    return quoted, translated


def says(entry):
    """What the notes say: the quotation, marked as Chinese, and under it the translation."""
    quoted, translated = split(entry[0])
    quotation = nodes.inline("", "", *quoted)
    if CHINESE.search(quotation.astext()):
        quotation["classes"].append("language-zh-hans")  # docutils writes lang="zh-hans"
    quotation = nodes.paragraph("", "", quotation, classes=["cb-claim-quoted"])
    return block("cb-claim-says", children=[quotation, *([nodes.paragraph("", "", *translated)] if translated else [])])


def card(row, name):
    """One claim: its section and verdict, what the notes say, what holds, and, in the ledger, source and check."""
    number, claim, verdict, holds, *rest = row.children
    word = verdict.astext().strip()
    if word not in VERDICTS:
        logger.warning("verdict %r is none of %s", word, ", ".join(VERDICTS), location=row)
    head = nodes.paragraph("", "", nodes.inline("", f"§ {number.astext()}", classes=["cb-claim-number"]), nodes.Text(" "),
                           nodes.inline("", f"{VERDICTS.get(word, '')} {word}", classes=["cb-claim-verdict"]))
    right = list(holds.children)
    if rest:
        source, check = (entry[0].children if entry.children else [] for entry in rest)
        right.append(nodes.paragraph("", "", nodes.Text("Source: "), *source, nodes.Text(" · check:\u00a0"), *check, classes=["cb-claim-source"]))
    return block("cb-claim", f"cb-{word}", ids=[name] if name else [], children=[
        block("cb-claim-head", children=[head]), says(claim), block("cb-claim-holds", children=right)])


def header(table):
    return [entry.astext() for entry in table.next_node(nodes.thead)[0].children]


def summary(counts):
    """The choice among the verdicts, and a table with a row for each section."""
    total = sum((count for _, _, count in counts), Counter())
    choices = "".join(
        f'<label><input type="radio" name="verdict" value="{word}"{" checked" if word == "all" else ""}/> {mark} {word} ({number})</label>'
        for word, mark, number in [("all", "", total.total()), *((word, mark, total[word]) for word, mark in VERDICTS.items())])
    lines = "".join(
        f'<tr><th scope="row"><a href="#{name}">{title.split(" (")[0]}</a></th>' + "".join(f"<td>{count[word]}</td>" for word in VERDICTS)
        + f"<td>{count.total()}</td></tr>" for title, name, count in [*counts, ("All", "the-notes-ledger", total)])
    heads = "".join(f'<th scope="col"><span aria-hidden="true">{mark} </span><span class="cb-word">{word}</span></th>' for word, mark in VERDICTS.items())
    return nodes.raw("", f'<fieldset class="cb-claim-choice"><legend>Show the claims that are</legend>{choices}</fieldset>\n'
                     f'<table class="table cb-claim-totals"><thead><tr><td></td>{heads}<th scope="col">all</th></tr></thead>'
                     f"<tbody>{lines}</tbody></table>", format="html")


def replace(app, doctree):
    """Cards for the tables of claims, and the totals where the page asks for them."""
    counts, names = [], Counter()
    whole = next(doctree.findall(totals), None)
    for table in list(doctree.findall(nodes.table)):
        if header(table) not in (COLUMNS, COLUMNS[:4]):
            continue
        rows, section = table.next_node(nodes.tbody).children, table.parent
        cards = []
        for row in rows:
            number = re.sub(r"\W+", "-", row[0].astext())
            names[number] += 1
            cards.append(card(row, f"claim-{number}-{names[number]}" if whole else ""))
        if whole:
            counts.append((section.next_node(nodes.title).astext(), section["ids"][0], Counter(row[2].astext() for row in rows)))
        table.replace_self(block("cb-claims", children=cards))
    if whole:
        whole.replace_self(summary(counts))


def setup(app):
    app.add_directive("ledger-totals", Totals)
    app.add_node(totals)
    app.connect("doctree-read", replace)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
