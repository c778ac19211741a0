"""What does a page load? The book's colours, each style once; and nothing unused: no thebe, no icons drawn by a script."""

import re
from html import escape
from pathlib import Path

from docutils import nodes

from convbook import theme

# The icons as script, and the demand for their fonts in advance, which a page opened as a file may not make.
UNUSED = re.compile(r'<script[^>]*src="[^"]*/fontawesome/[^"]*"></script>|<link rel="preload" as="font"[^>]*>')


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


def describe(app, pagename, templatename, context, doctree):
    """Give the page its first paragraph as description, and each style file once."""
    context["css_files"] = list({file.filename: file for file in context["css_files"]}.values())
    first = doctree and next(doctree.findall(nodes.paragraph), None)
    if first:
        text = " ".join(first.astext().split())
        text = text if len(text) <= 160 else text[:159].rsplit(" ", 1)[0] + "…"
        context["metatags"] = context.get("metatags", "") + f'<meta name="description" content="{escape(text)}" />\n'


def drop_unused(app, error):
    """The theme brings its icons as a font and again as 1.5 MB of script; the font is enough."""
    if error is None and app.builder.format == "html":
        for path in Path(app.outdir).rglob("*.html"):
            page = path.read_text(encoding="utf-8")
            if UNUSED.search(page):
                path.write_text(UNUSED.sub("", page), encoding="utf-8")


def setup(app):
    drop_thebe(app)
    app.add_css_file("colours.css")
    app.connect("env-updated", write_colours)
    app.connect("html-page-context", describe, priority=900)
    app.connect("build-finished", drop_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
