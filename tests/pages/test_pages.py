"""Does every page of the built book work: alone, in both themes, on a phone, under a sub-path, for a screen reader?"""

import json

import pytest
import yaml

from conftest import ROOT, served


def files_of_toc():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


PAGES = [f"{file}.html" for file in files_of_toc()]
EXPLORER = 'script[type="application/vnd.jupyter.widget-view+json"]'
OURS = ("convbook.js", "convbook.css", "book.js", "colours.css")


def settle(page):
    """Wait until every explorer of the page is awake."""
    page.wait_for_function(f"""() => [...document.querySelectorAll('{EXPLORER}')].every((script) => script.dataset.awake === "true")""",
                           timeout=20_000)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible(path, scheme, open_page):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(path, color_scheme=scheme, reduced_motion="reduce")
    settle(page)
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    violations = Axe().run(page, options={"preload": False}).response["violations"]  # preloading asks for style files again
    assert not violations, "\n".join(
        f"{v['id']} ({v['impact']}): {v['help']}\n    " + "\n    ".join(f"{n['target']} {n['html'][:160]}" for n in v["nodes"][:6])
        for v in violations)


@pytest.mark.parametrize("path", PAGES)
def test_page_fits_a_phone(path, open_page):
    page = open_page(path, width=360, height=740)
    settle(page)
    wide = page.evaluate("""() => {
        const edge = document.documentElement.clientWidth;
        const scrolls = (e) => { for (; e; e = e.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX)) return true; };
        return [document.documentElement.scrollWidth - edge, ...[...document.querySelectorAll(".bd-article *")]
            .filter((e) => e.getBoundingClientRect().right > edge + 1 && !scrolls(e.parentElement))
            .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
    }""")
    assert wide == [0], f"the page is {wide[0]} px too wide: {wide[1:]}"


@pytest.mark.parametrize("path", PAGES)
def test_page_works_as_a_file(path, open_page, html):
    page = open_page(f"file://{html}/{path}", also=["file://"])
    settle(page)
    assert page.title()


def test_book_works_under_a_sub_path(open_page, html, tmp_path):
    (tmp_path / "convbook").symlink_to(html)
    server, address = served(tmp_path)
    page = open_page(f"{address}/convbook/{PAGES[0]}", also=[f"{address}/convbook/"])
    for path in PAGES:
        page.goto(f"{address}/convbook/{path}")
        settle(page)
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("word, page_found", [("receptive", "Glossary"), ("感受野", "Glossary")])
def test_search_finds(word, page_found, page, book):
    page.goto(f"{book}/search.html?q={word}")
    page.wait_for_selector(f"ul.search a:has-text('{page_found}')", timeout=10_000)


@pytest.mark.parametrize("path", PAGES)
def test_both_launch_buttons_are_on(path, html):
    text = (html / path).read_text(encoding="utf-8")
    assert 'href="https://mybinder.org/v2/gh/' in text and 'href="https://colab.research.google.com/github/' in text


@pytest.mark.parametrize("path", PAGES)
def test_own_script_and_style_stay_light(path, page, book, report):
    """Our own script and style stay under 300 KB a page; the page's weight and the first explorer's time are reported."""
    sizes = {}
    page.on("response", lambda response: sizes.__setitem__(response.url.split("?")[0], len(response.body())))
    page.goto(f"{book}/{path}", wait_until="load")
    first = "never"
    if page.query_selector(EXPLORER):
        page.wait_for_function(f"document.querySelector('{EXPLORER}').dataset.awake === 'true'")
        first = f"{page.evaluate('performance.now()'):.0f} ms"
    settle(page)
    front_ends = page.evaluate("""() => [...document.querySelectorAll('script[type="application/vnd.jupyter.widget-state+json"]')]
        .flatMap((script) => Object.values(JSON.parse(script.textContent).state))
        .reduce((sum, { state }) => sum + (state._esm || "").length + (state._css || "").length, 0)""")
    ours = front_ends + sum(size for url, size in sizes.items() if url.rsplit("/", 1)[1] in OURS)
    report(f"{path}: {sum(sizes.values()) / 1000:.0f} KB in {len(sizes)} files, of which ours {ours / 1000:.0f} KB; "
           f"first explorer after {first}")
    assert ours < 300_000


def test_folds_are_open_on_paper(page, book):
    """Open, and there at once: what fades in is blank on the paper."""
    page.goto(f"{book}/chapters/01_vanilla.html")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    unread = page.evaluate("""() => [...document.querySelectorAll("details")].filter((fold) => {
        const inside = getComputedStyle(fold.lastElementChild);
        return !fold.open || inside.animationName !== "none" || inside.opacity !== "1" || fold.lastElementChild.offsetHeight === 0;
    }).length""")
    assert page.locator("details").count() > 10 and unread == 0


def test_a_link_to_a_page_shows_its_words_and_a_picture(page, book, html):
    page.goto(f"{book}/chapters/01_vanilla.html")
    tags = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll("meta[property], meta[name]")]
        .map((tag) => [tag.getAttribute("property") || tag.name, tag.content]))""")
    assert tags["og:title"] == "Vanilla convolution" and tags["og:url"].endswith("/chapters/01_vanilla.html")
    assert tags["description"] == tags["og:description"] and tags["description"].startswith("You have written nn.Conv2d")
    assert (html / "_static" / tags["og:image"].split("/_static/")[1]).is_file()


def test_an_address_without_a_page_leads_home(open_page, book, html):
    page = open_page(f"{book}/404.html")
    site = json.loads(page.evaluate("JSON.stringify([...document.links].map((link) => link.getAttribute('href')))"))
    assert site == ["/convbook/"] and "not found" in page.title().lower()
