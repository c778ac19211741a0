"""What does the published site need besides its pages? Words and a picture for a link's preview, and a page for "not found"."""

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes

PICTURE = "_static/preview.png"  # 1200 x 630, drawn by scripts/picture.py

NOT_FOUND = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="robots" content="noindex" />
<title>Not found · {title}</title>
<link rel="icon" href="{home}_static/favicon.svg" type="image/svg+xml" />
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem; }}
</style>
</head>
<body>
<main>
<h1>This window lies outside the input</h1>
<p>There is no page at this address, not even a padded one. It may have moved.</p>
<p><a href="{home}">To the start of {title}</a></p>
</main>
</body>
</html>
"""


def site(app):
    """Address of the published pages, with a slash at the end: GitHub names it by the repository's owner and name."""
    owner, name = urlsplit(app.config.html_theme_options["repository_url"]).path.strip("/").split("/")
    return f"https://{owner}.github.io/{name}/"


def description(doctree):
    """The first paragraph that says something, at most 160 characters of it; "" if there is none."""
    paragraphs = (" ".join(paragraph.astext().split()) for paragraph in doctree.findall(nodes.paragraph))
    text = next((text for text in paragraphs if len(text) > 60), "")
    return text if len(text) <= 160 else text[:159].rsplit(" ", 1)[0] + "…"


def describe(app, pagename, templatename, context, doctree):
    """What a search engine and a link's preview show of a page."""
    if doctree is None:
        return
    words, title = description(doctree), doctree.next_node(nodes.title).astext()
    tags = {
        "description": words, "og:title": title, "og:description": words, "og:type": "article", "og:site_name": app.config.html_title,
        "og:url": f"{site(app)}{pagename}.html", "og:image": site(app) + PICTURE,
        "og:image:alt": "An input, a kernel and an output: one step of a convolution.", "twitter:card": "summary_large_image",
    }
    context["metatags"] = context.get("metatags", "") + "".join(
        f'<meta {"property" if name.startswith("og:") else "name"}="{name}" content="{escape(text)}" />\n' for name, text in tags.items() if text)


def write_not_found(app, error):
    """GitHub shows 404.html at any address that has no page, in any folder: so it brings its own style, and a full path."""
    if error is None and app.builder.format == "html":
        home, title = urlsplit(site(app)).path, escape(app.config.html_title)
        Path(app.outdir, "404.html").write_text(NOT_FOUND.format(home=home, title=title), encoding="utf-8")


def setup(app):
    app.connect("html-page-context", describe, priority=900)
    app.connect("build-finished", write_not_found)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
