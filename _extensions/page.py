"""What does a page load? The book's colours, each style once; and nothing unused: no thebe, roles where the theme leaves them to guessing."""

import re
from pathlib import Path

from convbook import theme

REPAIRS = [(re.compile(pattern), better) for pattern, better in {
    # 1.5 MB of script for icons that the theme also brings as a font.
    r'<script[^>]*src="[^"]*/fontawesome/[^"]*"></script>': "",
    # Fonts asked for in advance, which a page that was opened as a file may not do.
    r'<link rel="preload" as="font"[^>]*>': "",
    # The side bar is a landmark; an entry of a list of references is an entry of a list.
    r'<div class="(bd-sidebar-primary[^"]*)"': r'<div role="complementary" aria-label="Book" class="\1"',
    r'role="doc-biblioentry"': 'role="listitem"',
}.items()]


def drop_thebe(app):
    """Jupyter Book always loads sphinx-thebe, which declares its constants twice and points to another host."""
    for listeners in list(app.events.listeners.values()):
        for listener in list(listeners):
            if listener.handler.__module__ == "sphinx_thebe":
                app.disconnect(listener.id)
    app.registry.css_files = [file for file in app.registry.css_files if "thebe" not in file[0]]


def write_colours(app, env):
    """The roles' colours become `_static/colours.css`, from the same table that figures and explorers read."""
    if app.builder.format == "html":
        static = Path(app.outdir, "_static")
        static.mkdir(parents=True, exist_ok=True)
        (static / "colours.css").write_text(theme.css(), encoding="utf-8")


def load_styles_once(app, pagename, templatename, context, doctree):
    """Each style file once, however often it was asked for."""
    context["css_files"] = list({file.filename: file for file in context["css_files"]}.values())


def repair(app, error):
    """Drop what the theme loads and does not use, and give what it leaves to guessing a role for screen readers."""
    if error is None and app.builder.format == "html":
        for path in Path(app.outdir).rglob("*.html"):
            before = page = path.read_text(encoding="utf-8")
            for pattern, better in REPAIRS:
                page = pattern.sub(better, page)
            if page != before:
                path.write_text(page, encoding="utf-8")
        # One request less, and none that a tool which reads the rules resolves to the wrong folder.
        theme_css, basic_css = Path(app.outdir, "_static/styles/theme.css"), Path(app.outdir, "_static/basic.css")
        rules = basic_css.read_text(encoding="utf-8").replace("url(", "url(../")
        text = theme_css.read_text(encoding="utf-8")
        theme_css.write_text(text.replace('@import "../basic.css";', rules), encoding="utf-8")


def setup(app):
    drop_thebe(app)
    app.add_css_file("colours.css")
    app.connect("env-updated", write_colours)
    app.connect("html-page-context", load_styles_once, priority=900)
    app.connect("build-finished", repair)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
