"""The map of all convolutions for the first page: one ordinary convolution, and what each of its relatives changes.

    python -m convbook.figures.book_map > chapters/_map.html

The map is HTML with small SVG drawings: on a wide page a tree, on a phone one column. A chapter is linked
once its notebook lies in `chapters/`; until then its card says that it is in preparation.
"""

from html import escape
from pathlib import Path

from convbook.figures._icons import colour, icon

# (file, number, title, what it means, icon, {kind: anchor})
ROOT = ("01_vanilla", "1", "Vanilla convolution", "Each output reads one small window, through every channel, with the same weights everywhere.", "vanilla",
        {"1D": "vanilla-conv1d", "3D": "vanilla-conv3d", "1 × 1": "vanilla-pointwise", "strided": "vanilla-remainder", "as a matrix": "vanilla-algorithms",
         "fully connected": "vanilla-fully-connected"})
# question -> (what changes against the ordinary one, chapters)
BRANCHES = {
    "Which channels meet?": ("Weights between some channels are left out.", [
        ("02_grouped", "2", "Grouped", "Channels meet inside their group only; a shuffle carries news between groups.", "grouped",
         {"pointwise grouped": "grouped-pointwise", "channel shuffle": "grouped-shuffle", "ResNeXt’s paths": "grouped-resnext"}),
        ("03_depthwise", "3", "Depthwise", "Each channel has a kernel of its own and meets no other.", "depthwise",
         {"multiplier": "depthwise-multiplier", "global depthwise": "depthwise-global"}),
    ]),
    "Where does it look?": ("Zeros go into the input or the kernel, or the taps move.", [
        ("04_transposed", "4", "Transposed", "Each input spreads over a window of the output: the picture grows.", "transposed",
         {"fractional stride": "transposed-stride2", "pixel shuffle": "transposed-cures", "resize, then convolve": "transposed-cures", "deconvolution, which it is not": "transposed-deconvolution"}),
        ("05_atrous", "5", "Atrous", "Holes between the taps: a wider view with the same weights.", "atrous",
         {"causal": "atrous-causal", "pyramid (ASPP)": "atrous-aspp", "switchable": "atrous-detectors"}),
        ("09_deformable", "9", "Deformable", "The taps move to where the data send them.", "deformable",
         {"modulated (v2)": "deformable-modulation", "deformable RoI pooling": "deformable-roi"}),
    ]),
    "How is the kernel built?": ("One kernel is made from smaller ones, in a row or side by side.", [
        ("06_separable", "6", "Separable", "One large step as two small ones: space and channels, or rows and columns.", "separable",
         {"depthwise separable": "separable-definition", "spatially separable": "separable-spatial"}),
        ("07_inception", "7", "Inception", "Kernels of several sizes side by side, joined at the end.", "inception",
         {"1 × 1 reductions": "inception-reductions", "two 3 × 3 for 5 × 5": "inception-two-threes"}),
        ("08_flattened", "8", "Flattened", "Three vectors, one after the other, stand for a whole filter.", "flattened",
         {"several triples (CP)": "flattened-rank"}),
    ]),
    "And around them": ("What networks add to these layers.", [
        ("10_recent", "10", "Recent improvements", "How later networks put these parts together.", "recent",
         {"n × 1 and 1 × n": "recent-factor", "ShuffleNet v2": "recent-guidelines", "Xception": "recent-xception", "what came after": "recent-after"}),
        ("A1_regularization", "A1", "Regularization", "What helps a network on data it has not seen.", "regularization",
         {"L1 and L2": "regularization-geometry", "dropout": "regularization-dropout", "augmentation": "regularization-augmentation", "early stopping": "regularization-stopping"}),
        ("A2_normalization", "A2", "Normalization", "Which numbers share one mean and one variance.", "normalization",
         {"batch": "normalization-inference", "layer": "normalization-layer", "group and instance": "normalization-limits", "folded away": "normalization-fold"}),
    ]),
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
.cb-map .cb-card { position: relative; }
.cb-map .cb-card a { color: INK; text-decoration: underline; text-underline-offset: .15em; text-decoration-color: INPUT; }
.cb-map .cb-card b a::after { content: ""; position: absolute; inset: 0; border-radius: 8px; }
.cb-map .cb-card:has(b a:hover) { border-color: INPUT; box-shadow: 0 0 0 1px INPUT; }
.cb-map .cb-card b a:focus-visible { outline: none; }
.cb-map .cb-card b a:focus-visible::after { outline: 3px solid INPUT; outline-offset: 2px; }
.cb-map .cb-kinds { display: block; margin-top: .25rem; font-size: .82rem; line-height: 1.65; }
.cb-map .cb-kinds a { position: relative; color: MUTED; text-decoration-color: LINE; text-decoration-thickness: 1px; }
.cb-map .cb-kinds a:hover { color: INPUT; text-decoration-color: INPUT; }
.cb-map .cb-kinds a:focus-visible { outline: 2px solid INPUT; outline-offset: 1px; }
.cb-map .cb-kinds .cb-kind { white-space: nowrap; }
.cb-map .cb-later { border-style: dashed; }
.cb-map .cb-map-tag { font-style: italic; }
.cb-map path { stroke: LINE; stroke-width: .8; fill-opacity: .62; }
.cb-map .cb-map-question { margin: 0; font-weight: 700; text-align: center; }
.cb-map .cb-map-changes { margin: 0 0 .5rem; font-size: .85rem; color: MUTED; text-align: center; text-wrap: balance; }
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
    """One chapter: a link once it is written, and a link for each kind of convolution that it holds."""
    file, number, title, meaning, picture, kinds = chapter
    there = file in written
    name = f'<a href="{file}.html">{escape(title)}</a>' if there else escape(title)
    later = "" if there else '<small class="cb-map-tag">In preparation</small>'
    names = [f'<a class="cb-kind" href="{file}.html#{anchor}">{escape(kind)}</a>' if there else f'<span class="cb-kind">{escape(kind)}</span>' for kind, anchor in kinds.items()]
    inside = f'<span class="cb-kinds">{", ".join(names)}</span>' if names else ""
    return (f'<div class="cb-card{"" if there else " cb-later"}">{icon(picture)}<span><b><i>{number}</i>{name}</b><small>{escape(meaning)}</small>{inside}{later}</span></div>')


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
    for k, (question, (changes, chapters)) in enumerate(BRANCHES.items()):
        cards = "\n".join(f"<li>{card(chapter, written)}</li>" for chapter in chapters)
        around = " cb-map-around" if k == 3 else ""
        branches.append(f'<div class="cb-map-branch{around}">\n<p class="cb-map-question" id="cb-map-{k}">{question}</p>\n<p class="cb-map-changes">{changes}</p>\n'
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
