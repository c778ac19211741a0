"""Does the search of the built book find each term of the glossary, in English and Chinese, and what readers type in their place?"""

import re
import sys

import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests" / "book"))

from test_glossary import ENTRIES  # noqa: E402

NAMES = [name for entry in ENTRIES for name in entry.names]

# Parts of words, plurals, other spellings: what is typed, and what must be among the first answers.
TYPED = [
    ("空洞", "空洞卷积"),
    ("转置", "转置卷积"),
    ("可变形", "可变形卷积"),
    ("空洞 卷积", "空洞卷积"),
    ("checkerboards", "Transposed convolution"),
    ("1x1", "1 × 1 convolution (1x1)"),
    ("group norm", "group norm"),
    ("sub pixel", "sub-pixel convolution"),
    ("depth-wise convolution", "depthwise convolution"),
    ("Encoder-Decoder", "encoder–decoder"),
    ("overlapping stamps", "Transposed convolution"),
]


@pytest.fixture
def search(open_page):
    """A function that gives the titles of the best answers, best first, without drawing them."""
    page = open_page("search.html?q=kernel")
    page.wait_for_function("Search.hasIndex()")

    def best(queries, most=5):
        return page.evaluate("""([queries, most]) => queries.map((query) =>
            Search._performSearch(...Search._parseQuery(query)).reverse().slice(0, most)
                .map(([document, title, anchor]) => [title, document + ".html" + anchor]))""", [queries, most])

    return best


def test_every_name_of_the_glossary_is_found_and_leads_to_its_place(search):
    lost = {}
    for name, answers in zip(NAMES, search(NAMES)):
        if not any(title == name and "glossary.html#term-" in address for title, address in answers):
            lost[name] = [title for title, _ in answers]
    assert not lost


def test_parts_plurals_and_other_spellings_are_found(search):
    for (typed, wanted), answers in zip(TYPED, search([typed for typed, _ in TYPED])):
        titles = [title for title, _ in answers]
        assert wanted is None or any(wanted in title for title in titles), f"{typed}: {titles}"


@pytest.mark.parametrize("typed, wanted", [("转置卷积", "转置卷积"), ("空洞", "空洞卷积"), ("receptive field", "receptive field")])
def test_an_answer_that_is_clicked_opens_the_term(typed, wanted, page, book):
    page.goto(f"{book}/search.html?q={typed}")
    page.locator("ul.search a").filter(has_text=re.compile(f"^{wanted}$")).click()
    page.wait_for_url("**/chapters/glossary.html**")
    name = page.url.split("#")[1]
    assert page.inner_text(f"#{name}").rstrip("#").strip() == wanted
