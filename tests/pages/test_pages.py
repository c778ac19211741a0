"""Does every page of the built book work: in both themes, on a phone, as a file, for a screen reader, on paper, as a link?"""

import re
from html.parser import HTMLParser

import pytest
import yaml

from checks import COLOUR_RULES, VIEW, violations
from conftest import ROOT, none_of, watched


def files_of_toc():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


PAGES = [f"{file}.html" for file in files_of_toc()]
OURS = ("convbook.js", "convbook.css", "book.js", "colours.css")
# Most words of a page look like many others: one of each look is enough. A look is the colour, size, weight and opacity of
# the letters, and all that lies behind them. (The explorers' own tests look at each element of an explorer.)
SAMPLE = """() => { const seen = new Set();
    for (const element of document.querySelectorAll("body *")) {
        const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        const look = [];
        for (let e = element; own && e; e = e.parentElement) {
            const style = getComputedStyle(e);
            if (e === element) look.push(style.color, style.fontSize, style.fontWeight, style.textShadow);
            if (style.backgroundColor !== "rgba(0, 0, 0, 0)") look.push(style.backgroundColor);
            if (style.backgroundImage !== "none") look.push(style.backgroundImage);
            if (style.opacity !== "1") look.push(style.opacity);
        }
        element.toggleAttribute("data-sample", own && element.checkVisibility({ visibilityProperty: true }) && !seen.has(look.join()));
        if (element.hasAttribute("data-sample")) seen.add(look.join());
    }
    return seen.size; }"""


def settle(page):
    """Wait until every explorer of the page is awake."""
    page.wait_for_function(f"""() => [...document.querySelectorAll('{VIEW}')].every((script) => script.dataset.awake === "true")""")


class Visit:
    """A page, loaded once as on a phone for all that is asked of it; it is made as wide as a test needs it."""

    def __init__(self, path, page, complaints):
        self.path, self.page, self.complaints = path, page, complaints

    def load(self, address):
        self.page.goto(address, wait_until="load")
        settle(self.page)
        self.awake_after = self.page.evaluate("performance.now()")
        self.sizes = self.page.evaluate("""() => Object.fromEntries(["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
            .map((file) => [file.name.split("?")[0], file.decodedBodySize]))""")

    def at(self, width, height):
        """The page at this size, once its text has kept its place for a quarter of a second."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate("""() => new Promise((done) => {
            let timer;
            new ResizeObserver(() => { clearTimeout(timer); timer = setTimeout(done, 250); }).observe(document.querySelector(".bd-article"));
        })""")
        return self.page


@pytest.fixture(scope="module", params=PAGES)
def loaded(request, browser, book):
    complaints = []
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    visit = Visit(request.param, watched(context, book, complaints), complaints)
    visit.load(f"{book}/{visit.path}")
    yield visit
    context.close()


@pytest.fixture
def visit(loaded):
    """One page of the book; it may ask no other host, fail to load nothing, log no error."""
    yield loaded
    told = loaded.complaints.copy()
    loaded.complaints.clear()
    none_of(told)


def test_page_fits_a_phone(visit):
    wide = visit.at(360, 740).evaluate("""() => {
        const edge = document.documentElement.clientWidth;
        const scrolls = (e) => { for (; e; e = e.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX)) return true; };
        return [document.documentElement.scrollWidth - edge, ...[...document.querySelectorAll(".bd-article *")]
            .filter((e) => e.getBoundingClientRect().right > edge + 1 && !scrolls(e.parentElement) && !e.closest("[clip-path]"))
            .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
    }""")
    assert wide == [0], f"the page is {wide[0]} px too wide: {wide[1:]}"


def test_page_is_accessible(visit):
    page = visit.at(1280, 900)
    others = violations(page, rules={name: {"enabled": False} for name in COLOUR_RULES})
    assert not others, others
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
        assert page.evaluate(SAMPLE) > 3
        colours = violations(page, {"include": [["[data-sample]"]]}, runOnly=COLOUR_RULES)
        assert not colours, f"{theme}: {colours}"


def test_own_script_and_style_stay_light(visit, report):
    """Our own script and style stay under 300 KB a page; the page's weight and the time until all explorers are awake are reported."""
    front_ends = visit.page.evaluate("""() => [...document.querySelectorAll('script[type="application/vnd.jupyter.widget-state+json"]')]
        .flatMap((script) => Object.values(JSON.parse(script.textContent).state))
        .reduce((sum, { state }) => sum + (state._esm || "").length + (state._css || "").length, 0)""")
    ours = front_ends + sum(size for url, size in visit.sizes.items() if url.rsplit("/", 1)[1] in OURS)
    report(f"{visit.path}: {sum(visit.sizes.values()) / 1000:.0f} KB in {len(visit.sizes)} files, of which ours {ours / 1000:.0f} KB; "
           f"all explorers after {visit.awake_after:.0f} ms")
    assert 10_000 < ours < 300_000


def test_folds_are_open_on_paper(visit):
    """Open, and there at once: what fades in is blank on the paper."""
    page = visit.at(1280, 900)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    unread = page.evaluate("""() => [...document.querySelectorAll("details")].filter((fold) => {
        const inside = getComputedStyle(fold.lastElementChild);
        return !fold.open || inside.animationName !== "none" || inside.opacity !== "1" || fold.lastElementChild.offsetHeight === 0;
    }).map((fold) => fold.outerHTML.slice(0, 160))""")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert not unread
    assert page.locator("details").count() > 10 or "01_vanilla" not in visit.path


@pytest.mark.parametrize("path", PAGES)
def test_page_works_as_a_file(path, open_page, html):
    page = open_page(f"file://{html}/{path}", also=["file://"])
    settle(page)
    assert page.title()


@pytest.mark.parametrize("word, page_found", [("receptive", "Glossary"), ("感受野", "Glossary")])
def test_search_finds(word, page_found, page, book):
    page.goto(f"{book}/search.html?q={word}")
    page.wait_for_selector(f"ul.search a:has-text('{page_found}')")


@pytest.mark.parametrize("path", PAGES)
def test_both_launch_buttons_are_on(path, html):
    text = (html / path).read_text(encoding="utf-8")
    assert 'href="https://mybinder.org/v2/gh/' in text and 'href="https://colab.research.google.com/github/' in text


class Head(HTMLParser):
    """What the head of a page says of it, for search engines and the previews of links."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links = {}, {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "meta" and (name := attributes.get("property") or attributes.get("name")):
            self.tags[name] = attributes["content"]
        if tag == "link" and "rel" in attributes:
            self.links[attributes["rel"]] = attributes["href"]


@pytest.fixture(scope="module")
def heads(html):
    return {path: Head((html / path).read_text(encoding="utf-8")) for path in PAGES}


@pytest.mark.parametrize("path", PAGES)
def test_a_link_to_a_page_shows_its_words_and_a_picture(path, heads, html):
    tags = heads[path].tags
    heading = re.search(r"<h1>(?:<span class=\"section-number\">.*?</span>)?(.*?)<a", (html / path).read_text(encoding="utf-8"))[1]
    assert tags["og:title"] == re.sub(r"<[^>]*>", "", heading)
    assert tags["og:url"].endswith(f"/{path}") and tags["twitter:card"] == "summary_large_image"
    assert tags["description"] == tags["og:description"] and 60 < len(tags["description"]) <= 160
    picture = html / "_static" / tags["og:image"].split("/_static/")[1]
    kind, width, height = picture.read_bytes()[:8], *(int.from_bytes(picture.read_bytes()[at:at + 4]) for at in (16, 20))
    assert (kind, width, height) == (b"\x89PNG\r\n\x1a\n", 1200, 630)


def test_each_page_is_described_in_words_of_its_own(heads):
    said = [head.tags["description"] for head in heads.values()]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("path", PAGES)
def test_each_page_has_the_books_icon(path, heads, html):
    icon = (html / path).parent / heads[path].links["icon"]
    assert icon.read_text(encoding="utf-8").startswith("<svg")


def test_an_address_without_a_page_leads_home(open_page, book):
    page = open_page(f"{book}/404.html")
    assert "not found" in page.title().lower()
    assert page.evaluate("[...document.links].map((link) => link.href)") == [f"{book}/"]
    assert page.request.get(page.locator("link[rel=icon]").evaluate("link => link.href")).ok
