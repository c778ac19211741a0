"""Do figures and formulas reach the page as they should?"""

import sys
from types import SimpleNamespace

import pytest
from docutils import nodes

from _extensions import figures, mathematics, numbers
from convbook import theme

SVG = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE svg>
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="9pt" height="6pt" viewBox="0 0 9 6" version="1.1">
 <metadata>secret</metadata>
 <defs><style>*{stroke-linejoin: round}</style></defs>
 <g id="figure_1"><g id="patch_1">
    <path d="M 0 6
L 9 6" style="fill: #ffffff"/></g>
  <path id="glyph" d="M 0 0"/><use xlink:href="#glyph" style="fill: #cc3311; stroke: #123456"/>
  <path clip-path="url(#p1)" style="fill: #ffffff"/></g>
 <defs><clipPath id="p1"/></defs>
</svg>"""


def test_a_figure_takes_the_colours_of_the_page():
    svg = figures.inline(SVG, "A line", "f1-")
    assert "fill: var(--cb-kernel,#CC3311)" in svg and "#123456" in svg
    assert svg.count("fill: none") == 1 and "fill: var(--cb-paper,#FFFFFF)" in svg


def test_figures_on_one_page_do_not_share_ids():
    one, two = (figures.inline(SVG, "A line", f"f{n}-") for n in (1, 2))
    assert 'id="f1-glyph"' in one and 'href="#f1-glyph"' in one and "url(#f1-p1)" in one and 'id="f1-p1"' in one
    assert "f1-" not in two and "figure_1" not in one


def test_a_figure_is_named_for_screen_readers_and_carries_no_baggage():
    svg = figures.inline(SVG, 'A "line" & more', "f1-")
    assert svg.startswith('<svg class="cb-figure" role="img" aria-label="A &quot;line&quot; &amp; more" viewBox="0 0 9 6"')
    assert "secret" not in svg and "DOCTYPE" not in svg and "xlink" not in svg


def test_style_inside_a_figure_stays_inside():
    """A <style> in an inline SVG is a style of the whole page."""
    assert "<style" not in figures.inline(SVG, "A line", "f1-")


def test_a_picture_of_pixels_stands_in_the_box_of_the_drawn_ones():
    """So that its titles can be read on a phone."""
    figure = nodes.figure("", nodes.image(uri="one.png", width="660"), nodes.caption())
    figure[0].replace_self(figures.boxed(figure[0]))
    start, image, end, _ = figure
    assert start.astext() == '<div class="cb-figure-box" style="--natural: 660px">' and end.astext() == "</div>"
    assert image["uri"] == "one.png"


def test_no_two_roles_share_a_colour():
    assert len(set(theme.LIGHT.values())) == len(theme.LIGHT)


@pytest.fixture
def formulas(monkeypatch):
    """sphinxcontrib.katex as the book uses it, with a server of its own that ends with the test."""
    katex = mathematics.katex
    mathematics.prepare()
    monkeypatch.setattr(katex.KaTeXServer, "katex_server", None)
    yield katex
    if server := katex.KaTeXServer.katex_server:
        katex.atexit.unregister(katex.KaTeXServer.terminate)
        server.terminate()
        server.process.communicate()


def test_a_formula_that_cannot_be_read_is_refused(formulas):
    assert "katex-mathml" in formulas.render_latex(r"\frac{a}{b}")
    with pytest.raises(formulas.KaTeXError, match="Undefined control sequence"):
        formulas.render_latex(r"\fraction{a}")


def test_the_book_waits_for_a_server_that_does_not_listen_yet(formulas, monkeypatch, tmp_path):
    slow = "import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); time.sleep(0.3); s.listen(); s.accept()"
    monkeypatch.setattr(formulas.KaTeXServer, "build_command", lambda socket: [sys.executable, "-c", slow, str(socket)])
    process, connection = formulas.KaTeXServer.start_server_process(tmp_path, 30)
    with process, connection:
        assert connection.getpeername() == str(tmp_path / "katex.sock")


def test_a_server_that_ends_at_once_is_an_error_and_not_a_long_wait(formulas, monkeypatch, tmp_path):
    monkeypatch.setattr(formulas.KaTeXServer, "build_command", lambda socket: [sys.executable, "-c", ""])
    with pytest.raises(formulas.KaTeXError):
        formulas.KaTeXServer.start_server_process(tmp_path, 30)


@pytest.mark.parametrize("before, formula, after, kept", [
    ("with ", "x + 1", ", so", ["with ", "x + 1,", " so"]),
    ("6 channels (", "C", ") and", ["6 channels ", "(C)", " and"]),
    ("", "x", ".", ["", "x.", ""]),
    ("the ", "x", " of", ["the ", "x", " of"]),
    ("then ", "a" * 41, ".", ["then ", "a" * 41, "."]),  # too long to stay on one line of a phone
])
def test_no_line_ends_between_a_formula_and_the_mark_beside_it(before, formula, after, kept):
    parts = [nodes.Text(before), nodes.math(formula, formula), nodes.Text(after)]
    paragraph = nodes.paragraph("", "", *[part for part in parts if part.astext()])
    mathematics.keep_together(SimpleNamespace(builder=SimpleNamespace(format="html")), paragraph, "chapters/page")
    assert [part.astext() for part in paragraph.children] == kept
    assert [part["classes"] for part in paragraph.findall(nodes.inline)] == [["cb-together"]] * (kept != [before, formula, after])


def test_two_formulas_beside_one_comma_keep_their_order():
    paragraph = nodes.paragraph("", "", nodes.math("a", "a"), nodes.Text(","), nodes.math("b", "b"), nodes.emphasis("c", "c"))
    mathematics.keep_together(SimpleNamespace(builder=SimpleNamespace(format="html")), paragraph, "chapters/page")
    assert paragraph.astext() == "a,bc"


def test_figures_outside_the_numbered_chapters_are_counted_page_by_page():
    env = SimpleNamespace(toc_fignumbers={
        "chapters/10_recent": {"figure": {"a": (10, 1), "b": (10, 2)}},
        "chapters/A2_normalization": {"figure": {"b": (10,), "a": (9,)}, "table": {"t": (4,)}},
        "chapters/which": {"figure": {"a": (16,)}},
        "chapters/glossary": {},
    })
    for _ in range(2):  # an incremental build may find what the last one left
        assert numbers.renumber(None, env) == []
        assert env.toc_fignumbers == {
            "chapters/10_recent": {"figure": {"a": (10, 1), "b": (10, 2)}},
            "chapters/A2_normalization": {"figure": {"a": ("A2", 1), "b": ("A2", 2)}, "table": {"t": ("A2", 1)}},
            "chapters/which": {"figure": {"a": (1,)}},
            "chapters/glossary": {},
        }
