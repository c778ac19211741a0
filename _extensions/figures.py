"""How do figures follow the page? Drawn ones are set into it, in the theme's colours; each stands in a box that scrolls on a phone."""

import re
from html import escape
from math import ceil
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from convbook import theme

logger = logging.getLogger(__name__)

ROLES = {colour.lower(): f"var(--cb-{role},{colour})" for role, colour in theme.LIGHT.items()}
ROLES["#000000"] = ROLES[theme.LIGHT["ink"].lower()]  # what matplotlib draws when nobody chose a colour
COLOUR = re.compile("|".join(ROLES), re.I)
HEAD = re.compile(r"^.*?<svg[^>]*?\bviewBox=\"([^\"]+)\"[^>]*>", re.S)
GROUND = re.compile(r'(<g id="patch_1">\s*<path[^>]*?)fill: #ffffff')
USED = re.compile(r'(?:url\(#|href="#)([^")]+)')
# What is written for a file of its own; the style would reach the whole page, so convbook.css states it for figures.
DROPPED = re.compile(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->|\bxlink:(?=href=)|\n\s*", re.S)

PATTERN = re.compile(r'<defs> ?<pattern id="([^"]+)"(?:(?!</pattern>).)*?<path d="([^"]*)" style="([^"]*)"/> ?</pattern> ?</defs>', re.S)
HATCHED = r'<path d="(M (\S+) (\S+) +L (\S+) \3 +L \4 (\S+) +L \2 \5 +z ?)"([^>]*)style="fill: url\(#NAME\);'  # a rectangle


def drawn_hatch(body):
    """Hatched rectangles as lines: a pattern would be printed as a bitmap of the whole figure, once for each of them."""
    for pattern in PATTERN.finditer(body):
        name, lines, style = pattern.groups()
        first, second = sorted({round(float(x) + float(y), 3) for x, y in re.findall(r"M (\S+) (\S+)", lines)})[:2]

        def as_lines(found, step=second - first, style=style):
            left, right, top, bottom = (*sorted(map(float, found.group(2, 4))), *sorted(map(float, found.group(3, 5))))
            sums = [k * step for k in range(ceil((left + top) / step), ceil((right + bottom) / step))]  # x + y along each line
            ends = [(max(left, s - bottom), min(right, s - top), s) for s in sums]
            d = " ".join(f"M {a:.1f} {s - a:.1f} L {b:.1f} {s - b:.1f}" for a, b, s in ends)
            return f'<path d="{d}" style="{style}"/><path d="{found[1]}"{found[6]}style="fill: none;'

        body = re.sub(HATCHED.replace("NAME", re.escape(name)), as_lines, body)
        if f"url(#{name})" not in body:
            body = body.replace(pattern[0], "")
    return body


def inline(svg, alt, prefix):
    """An SVG file as an element of the page: named, its ids its own, its colours those of the reader's theme.

    >>> inline('<svg viewBox="0 0 9 6"><g id="a"/><path id="b" style="fill: #005a9c"/><use xlink:href="#a"/></svg>', "Two", "f1-")
    '<svg class="cb-figure" role="img" aria-label="Two" viewBox="0 0 9 6" width="9pt" height="6pt" style="--natural: 9pt"><g id="f1-a"/><path style="fill: var(--cb-input,#005A9C)"/><use href="#f1-a"/></svg>'
    """
    box = HEAD.match(svg).group(1)
    width, height = box.split()[2:]
    start = f'<svg class="cb-figure" role="img" aria-label="{escape(alt)}" viewBox="{box}" '
    start += f'width="{width}pt" height="{height}pt" style="--natural: {width}pt">'
    body = GROUND.sub(r"\1fill: none", svg[HEAD.match(svg).end():])
    body = DROPPED.sub(lambda found: " " if found[0].isspace() else "", body)
    body = drawn_hatch(body)
    used = set(USED.findall(body))
    body = re.sub(r' id="([^"]+)"', lambda found: f' id="{prefix}{found[1]}"' if found[1] in used else "", body)
    body = USED.sub(lambda found: found[0].replace(found[1], prefix + found[1]), body)
    return start + COLOUR.sub(lambda found: ROLES[found[0].lower()], body).strip()


def replace(app, doctree, docname):
    """Ask every picture for its alternative text, and set the drawn ones into the page."""
    if app.builder.format != "html":
        return
    for number, image in enumerate(list(doctree.findall(nodes.image)), 1):
        if not image.get("alt"):
            logger.warning("this picture has no alternative text: give its cell the metadata mystnb.image.alt", location=image)
        path = Path(app.srcdir, image["uri"].lstrip("/"))
        if path.suffix == ".svg" and path.is_file():
            svg = inline(path.read_text(encoding="utf-8"), image.get("alt", ""), f"f{number}-")
            image.replace_self(nodes.raw("", f'<div class="cb-figure-box">{svg}</div>', format="html"))
        elif image.get("width", "").isdigit():  # of a cell that ends in as_png(...)
            image.replace_self(boxed(image))


def boxed(image):
    """A picture of pixels in the box of the drawn ones: it may shrink a little, not until its titles cannot be read."""
    start = nodes.raw("", f'<div class="cb-figure-box" style="--natural: {image["width"]}px">', format="html")
    return [start, image, nodes.raw("", "</div>", format="html")]


def setup(app):
    app.connect("doctree-resolved", replace)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
