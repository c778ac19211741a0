"""Is a picture without words for it refused, are drawn ones set into the page, and what does a link's preview say of a page?"""

from types import SimpleNamespace

from docutils import nodes

from _extensions import figures, publish


def test_a_picture_without_alternative_text_is_a_warning_and_a_drawn_one_is_set_into_the_page(monkeypatch, tmp_path):
    said = []
    monkeypatch.setattr(figures.logger, "warning", lambda message, **_: said.append(message))
    (tmp_path / "line.svg").write_text('<svg viewBox="0 0 9 6"><path d="M 0 0"/></svg>', encoding="utf-8")
    page = nodes.section("", nodes.image(uri="/line.svg", alt="A line"), nodes.image(uri="photo.png", alt="A photo"), nodes.image(uri="none.png"))
    figures.replace(SimpleNamespace(builder=SimpleNamespace(format="html"), srcdir=tmp_path), page, "page")
    assert said == ["this picture has no alternative text: give its cell the metadata mystnb.image.alt"]
    assert [image["uri"] for image in page.findall(nodes.image)] == ["photo.png", "none.png"]
    [drawn] = page.findall(nodes.raw)
    assert 'aria-label="A line"' in drawn.astext()


def described(*paragraphs):
    return publish.description(nodes.section("", *(nodes.paragraph("", text) for text in paragraphs)))


def test_a_page_is_described_by_its_first_paragraph_that_says_something():
    assert described("Short.", "word " * 13, "other " * 13) == ("word " * 13).strip()
    assert described("Short.") == ""


def test_a_description_has_at_most_160_characters_and_ends_with_a_whole_word():
    whole = "seven77 " * 20  # 159 characters
    assert described(whole) == whole.strip()
    assert described(whole.strip() + "s") == whole.strip() + "s"
    assert described(whole.strip() + "es") == ("seven77 " * 19).strip() + "…"
