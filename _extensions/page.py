"""What does a page load? The book's colours; and nothing that is not used: no thebe, no icons drawn by a script."""

import re
from pathlib import Path

from convbook import theme

UNUSED = re.compile(r'<script[^>]*src="[^"]*/fontawesome/[^"]*"></script>')


def write_colours(app, _):
    """The roles' colours become `_static/colours.css`, from the same table that figures and explorers read."""
    if app.builder.format == "html":
        static = Path(app.outdir, "_static")
        static.mkdir(parents=True, exist_ok=True)
        (static / "colours.css").write_text(theme.css(), encoding="utf-8")


def drop_thebe(app, pagename, templatename, context, doctree):
    """sphinx-thebe is always on in Jupyter Book, declares its constants twice, and points to another host."""
    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context[kind] if "thebe" not in f"{asset} {getattr(asset, 'attributes', '')}"]


def drop_icon_script(app, error):
    """The theme brings its icons as a font and again as 1.5 MB of script; the font is enough."""
    if error is None and app.builder.format == "html":
        for path in Path(app.outdir).rglob("*.html"):
            page = path.read_text(encoding="utf-8")
            if UNUSED.search(page):
                path.write_text(UNUSED.sub("", page), encoding="utf-8")


def setup(app):
    app.add_css_file("colours.css")
    app.connect("env-updated", write_colours)
    app.connect("html-page-context", drop_thebe, priority=900)
    app.connect("build-finished", drop_icon_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
