"""Does every link of the built book lead somewhere?"""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

NOT_OURS = ("genindex.html", "search.html")


class Page(HTMLParser):
    """The names that a page has, and the addresses that it uses."""

    def __init__(self, path):
        super().__init__()
        self.names, self.targets, self.twice = set(), [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if name := attributes.get("id"):
            if name in self.names:
                self.twice.append(name)
            self.names.add(name)
        self.targets += [attributes[key] for key in ("href", "src") if attributes.get(key)]


@pytest.fixture(scope="module")
def pages(html):
    return {path: Page(path) for path in sorted(html.rglob("*.html"))
            if "_static" not in path.parts and path.name != "404.html"}  # its one link is a full path of the published site


def test_every_inner_link_and_anchor_is_there(pages):
    broken = []
    for path, page in pages.items():
        for target in page.targets:
            url = urlsplit(target)
            if url.scheme or url.netloc or target.startswith("data:"):
                continue
            other = (path.parent / unquote(url.path)).resolve() if url.path else path.resolve()
            if not other.exists():
                broken.append(f"{path.name}: {target} is not there")
            elif url.fragment and other in pages and unquote(url.fragment) not in pages[other].names:
                broken.append(f"{path.name}: {target} has no such anchor")
    assert not broken, "\n".join(broken)


def test_every_outer_link_is_a_whole_secure_address(pages):
    outer = {target for page in pages.values() for target in page.targets if urlsplit(target).scheme in ("http", "https")}
    strange = [target for target in sorted(outer) if not re.fullmatch(r"https://[\w.-]+\.[a-z]{2,}(/[^\s<>\"]*)?", target)]
    assert not strange, "\n".join(strange)


def test_nothing_is_loaded_from_another_host(html):
    """What a page loads by itself: scripts, styles, pictures, fonts, also those that a style file names."""
    loads = re.compile(r'<(?:script|img|iframe|source|video|audio)\b[^>]*\bsrc="(?:https?:)?//|<link\b[^>]*rel="(?:stylesheet|preload|icon)"[^>]*href="(?:https?:)?//')
    for path in html.rglob("*.html"):
        assert not loads.search(path.read_text(encoding="utf-8")), path.name
    for path in html.rglob("*.css"):
        assert not re.search(r"(?:url\(|@import )[\"']?(?:https?:)?//", path.read_text(encoding="utf-8")), path.name


def test_anchors_are_named_once(pages):
    twice = {path.name: page.twice for path, page in pages.items() if page.twice and path.name not in NOT_OURS}
    assert not twice
