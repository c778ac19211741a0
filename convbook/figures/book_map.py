"""The map of all convolutions for the first page: one ordinary convolution, and what each of its relatives changes.

    python -m convbook.figures.book_map > chapters/_map.html

The map is HTML with small SVG drawings: on a wide page a tree, on a phone one column. A chapter is linked
once its notebook lies in `chapters/`; until then its card says that it is in preparation.
"""

from html import escape
from pathlib import Path

from convbook.figures._icons import colour, icon

# (file, number, title, what it means, icon)
ROOT = ("01_vanilla", "1", "Vanilla convolution", "Each output reads one small window, through every channel, with the same weights everywhere.", "vanilla")
BRANCHES = {
    "Which channels meet?": [
        ("02_grouped", "2", "Grouped", "Channels meet inside their group only; a shuffle carries news between groups.", "grouped"),
        ("03_depthwise", "3", "Depthwise", "Each channel has a kernel of its own and meets no other.", "depthwise"),
    ],
    "Where does it look?": [
        ("04_transposed", "4", "Transposed", "Each input spreads over a window of the output: the picture grows.", "transposed"),
        ("05_atrous", "5", "Atrous", "Holes between the taps: a wider view with the same weights.", "atrous"),
        ("09_deformable", "9", "Deformable", "The taps move to where the data send them.", "deformable"),
    ],
    "How is the kernel built?": [
        ("06_separable", "6", "Separable", "One large step as two small ones: space and channels, or rows and columns.", "separable"),
        ("07_inception", "7", "Inception", "Kernels of several sizes side by side, joined at the end.", "inception"),
        ("08_flattened", "8", "Flattened", "Three vectors, one after the other, stand for a whole filter.", "flattened"),
    ],
    "And around them": [
        ("10_recent", "10", "Recent improvements", "How later networks put these parts together.", "recent"),
        ("A1_regularization", "A1", "Regularization", "What helps a network on data it has not seen.", "regularization"),
        ("A2_normalization", "A2", "Normalization", "Which numbers share one mean and one variance.", "normalization"),
    ],
}

STYLE = """\
.cb-map { color: INK; margin: 1.5rem 0; line-height: 1.35; }
.cb-map ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; align-content: start; }
.cb-map li { margin: 0; display: grid; }
.cb-map .cb-card { display: grid; grid-template-columns: 108px 1fr; gap: .2rem .8rem; align-items: center; box-sizing: border-box;
  padding: .6rem .7rem; border: 1px solid LINE; border-radius: 8px; color: INK; text-decoration: none; break-inside: avoid; }
.cb-map .cb-card svg { display: block; width: 100%; max-width: 108px; height: auto; overflow: visible; }
.cb-map .cb-card b { display: block; }
.cb-map .cb-card small { display: block; font-size: .85rem; color: MUTED; }
.cb-map .cb-card i { font-style: normal; font-weight: 400; color: MUTED; margin-right: .35em; }
.cb-map a.cb-card b { text-decoration: underline; text-underline-offset: .15em; text-decoration-color: INPUT; }
.cb-map a.cb-card:hover { border-color: INPUT; box-shadow: 0 0 0 1px INPUT; color: INK; }
.cb-map a.cb-card:focus-visible { outline: 3px solid INPUT; outline-offset: 2px; }
.cb-map .cb-later { border-style: dashed; }
.cb-map .cb-map-tag { font-style: italic; }
.cb-map path { stroke: LINE; stroke-width: .8; fill-opacity: .62; }
.cb-map .cb-map-question { margin: 0 0 .5rem; font-weight: 700; text-align: center; }
.cb-map-root { max-width: 26rem; margin: 0 auto; }
.cb-map-branches { display: grid; gap: 1.4rem; margin-top: 1.4rem; }
@media (min-width: 720px) {
  .cb-map-branches { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1.6rem 1rem; position: relative; margin-top: 0; padding-top: 2.6rem; }
  .cb-map-branches::before { content: ""; position: absolute; top: 0; left: 50%; height: 1.3rem; border-left: 2px solid LINE; }
  .cb-map-branches::after { content: ""; position: absolute; top: 1.3rem; left: calc((100% - 2rem) / 6); right: calc((100% - 2rem) / 6); border-top: 2px solid LINE; }
  .cb-map-branch { position: relative; }
  .cb-map-branch:not(.cb-map-around)::before { content: ""; position: absolute; top: -1.3rem; left: 50%; height: 1rem; border-left: 2px solid LINE; }
  .cb-map-branch:not(.cb-map-around) .cb-card { grid-template-columns: 1fr; justify-items: center; text-align: center; align-content: start; }
  .cb-map-around { grid-column: 1 / -1; }
  .cb-map-around ul { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .cb-map-around .cb-card { grid-template-columns: 1fr; justify-items: center; text-align: center; align-content: start; }
}
@media (max-width: 330px) { .cb-map .cb-card { grid-template-columns: 72px 1fr; } }
"""


def card(chapter, written):
    """One chapter: a link once it is written."""
    file, number, title, meaning, picture = chapter
    later = "" if file in written else '<small class="cb-map-tag">In preparation</small>'
    inside = f"{icon(picture)}<span><b><i>{number}</i>{escape(title)}</b><small>{escape(meaning)}</small>{later}</span>"
    if file in written:
        return f'<a class="cb-card" href="{file}.html">{inside}</a>'
    return f'<span class="cb-card cb-later">{inside}</span>'


def book_map(written):
    """The map as HTML.

    Args:
        written: names of the chapters that exist, for example {"01_vanilla"}.
    """
    style = STYLE
    for role in ("ink", "line", "muted", "input"):
        style = style.replace(role.upper(), colour(role))
    for role in ("input", "kernel", "output", "offset"):
        style += f".cb-map .cb-icon-{role} {{ fill: {colour(role)}; }}\n"
    style += ".cb-map .cb-icon-none { fill: none; }\n"
    branches = []
    for k, (question, chapters) in enumerate(BRANCHES.items()):
        cards = "\n".join(f"<li>{card(chapter, written)}</li>" for chapter in chapters)
        around = " cb-map-around" if k == 3 else ""
        branches.append(f'<div class="cb-map-branch{around}">\n<p class="cb-map-question" id="cb-map-{k}">{question}</p>\n'
                        f'<ul aria-labelledby="cb-map-{k}">\n{cards}\n</ul>\n</div>')
    joined = "\n".join(branches)
    return (f"<style>\n{style}</style>\n"
            f'<nav class="cb-map" aria-label="Map of all convolutions">\n<div class="cb-map-root">{card(ROOT, written)}</div>\n'
            f'<div class="cb-map-branches">\n{joined}\n</div>\n</nav>\n')


def written_chapters(folder):
    """Names of the chapters in a folder.

    >>> sorted(written_chapters("no such folder"))
    []
    """
    return {path.stem for path in Path(folder).glob("*.ipynb")}


if __name__ == "__main__":
    print(book_map(written_chapters(Path(__file__).parents[2] / "chapters")), end="")
