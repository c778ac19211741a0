"""Do the notes' claims become cards that are counted, and is Chinese cut so that the search finds it?"""

from docutils import nodes

from _extensions import ledger, search


def claims_of(rows):
    """A page with one section and a table of claims, as the parser gives it."""
    def entry(text):
        return nodes.entry("", nodes.paragraph("", text))

    def row(cells):
        return nodes.row("", *map(entry, cells))

    group = nodes.tgroup("", nodes.thead("", row(ledger.COLUMNS)), nodes.tbody("", *map(row, rows)), cols=6)
    section = nodes.section("", nodes.title("", "1 Vanilla (原始卷积)"), nodes.table("", group), ids=["vanilla"])
    page = nodes.section("", ledger.totals(), section)
    ledger.replace(None, page)
    return page


def test_claims_become_cards_with_a_name_and_are_counted():
    page = claims_of([["1.1", "核 — kernel", "right", "", "definition", "run"], ["1.1", "a + b", "corrected", "a − b", "algebra", "run"]])
    cards = [node for node in page.findall(nodes.container) if "cb-claim" in node["classes"]]
    assert [card["ids"] for card in cards] == [["claim-1-1-1"], ["claim-1-1-2"]]
    assert "✓ right" in cards[0].astext() and "核\n\nkernel" in cards[0].astext() and "Source: algebra · check:\u00a0run" in cards[1].astext()
    counted = page.astext()
    assert "right (1)" in counted and "corrected (1)" in counted and "unsupported (0)" in counted and "all (2)" in counted
    assert '<a href="#vanilla">1 Vanilla</a></th><td>1</td><td>1</td><td>0</td><td>0</td><td>2</td>' in counted


def test_an_unknown_verdict_is_a_warning(monkeypatch):
    said = []
    monkeypatch.setattr(ledger.logger, "warning", lambda message, *values, **_: said.append(message % values))
    claims_of([["1.1", "a", "rihgt", "", "definition", "run"]])
    assert said == ["verdict 'rihgt' is none of right, corrected, unsupported, empty"]


def test_chinese_is_cut_into_pairs_for_the_search():
    words = search.Search({}).split("转置卷积 (transposed), 秩 of 5x5的")
    assert words == ["转置", "置卷", "卷积", "转", "置", "卷", "积", "transposed", "秩", "of", "5x5", "的"]
