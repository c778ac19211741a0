"""Are the ledger's claims cards that fit a phone, counted rightly, and chosen by their verdict?"""

import sys
from collections import Counter

from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests" / "book"))

from test_ledger import ROWS  # noqa: E402

PAGE = "chapters/notes_ledger.html"
COUNTS = Counter(claim.verdict for _, claim in ROWS)


def test_every_claim_is_a_card_and_the_totals_are_theirs(open_page):
    page = open_page(PAGE)
    assert {verdict: page.locator(f".cb-claim.cb-{verdict}").count() for verdict in COUNTS} == COUNTS
    *sections, everything = page.eval_on_selector_all(".cb-claim-totals tbody tr", "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => +cell.innerText))")
    order = ("right", "corrected", "unsupported", "empty")
    assert everything == [*(COUNTS[verdict] for verdict in order), len(ROWS)]
    parts = dict.fromkeys(part for part, _ in ROWS)
    assert sections == [[*(sum(row == part and claim.verdict == verdict for row, claim in ROWS) for verdict in order),
                         sum(row == part for row, _ in ROWS)] for part in parts]


def test_a_verdict_can_be_chosen_with_the_keyboard(open_page):
    page = open_page(PAGE)
    page.focus('.cb-claim-choice [value="all"]')
    for verdict in ("right", "corrected", "unsupported"):
        page.keyboard.press("ArrowDown")
        assert page.locator(".cb-claim:visible").count() == COUNTS[verdict]
    page.check('.cb-claim-choice [value="all"]')
    assert page.locator(".cb-claim:visible").count() == len(ROWS)


def test_quotations_are_marked_as_chinese_and_stand_apart_from_their_translation(open_page):
    page = open_page(PAGE)
    quoted, translated = page.evaluate("""() => [...document.querySelectorAll(".cb-claim-says")].filter(says => says.querySelector("[lang=zh-hans]")).reduce(
        ([a, b], says) => [[...a, says.children[0].innerText], [...b, says.children[1]?.innerText ?? ""]], [[], []])""")
    assert len(quoted) > 150 and all(" — " not in words for words in quoted)
    assert sum(not words for words in translated) == 0


def test_a_card_is_a_block_on_a_phone_and_has_columns_on_a_desk(open_page):
    def columns(width):
        page = open_page(PAGE, width=width)
        return page.eval_on_selector(".cb-claim", "card => new Set([...card.children].map(part => Math.round(part.getBoundingClientRect().left))).size")

    assert (columns(360), columns(1280)) == (1, 3)


def test_a_chapter_shows_its_claims_in_the_same_cards(open_page):
    page = open_page("chapters/02_grouped.html")
    assert page.locator("section#what-the-notes-said .cb-claim").count() > 10
    assert page.locator("section#what-the-notes-said table").count() == 0
