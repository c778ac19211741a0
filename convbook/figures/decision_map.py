"""From a need to a layer, as HTML: questions in a column, each with its answer beside it; on a phone below it."""

from html import escape

from convbook.figures._icons import colour, icon

STYLE = """\
.cb-decide { color: INK; margin: 1.5rem 0; line-height: 1.35; }
.cb-decide ol { list-style: none; margin: 0; padding: 0; }
.cb-decide li { display: grid; grid-template-columns: minmax(0, 1fr) 4.2rem minmax(0, 1.15fr); align-items: stretch; margin: 0; padding: 0 0 1.5rem; position: relative; break-inside: avoid; }
.cb-decide li > * { box-sizing: border-box; }
.cb-decide .cb-ask { display: flex; align-items: center; padding: .5rem .8rem; border: 1px solid LINE; border-radius: 8px; }
.cb-decide .cb-yes { align-self: center; text-align: center; font-size: .85rem; color: MUTED; border-bottom: 2px solid OUTPUT; margin: 0 .35rem; position: relative; top: -.35em; }
.cb-decide .cb-yes::after { content: ""; position: absolute; right: -1px; bottom: -5px; border: solid OUTPUT; border-width: 2px 2px 0 0; width: 6px; height: 6px; transform: rotate(45deg); }
.cb-decide .cb-no { position: absolute; left: 1.2rem; bottom: 0; height: 1.5rem; padding-left: .5rem; border-left: 2px solid LINE; font-size: .85rem; line-height: 1.5rem; color: MUTED; }
.cb-decide .cb-tell { display: grid; grid-template-columns: 72px minmax(0, 1fr); gap: .1rem .7rem; align-items: center; padding: .35rem .7rem; border: 2px solid OUTPUT; border-radius: 8px; color: INK; text-decoration: none; }
.cb-decide .cb-tell svg { display: block; width: 72px; height: auto; overflow: visible; }
.cb-decide .cb-tell b { text-decoration: underline; text-underline-offset: .15em; text-decoration-color: OUTPUT; }
.cb-decide .cb-tell small { display: block; color: MUTED; font-size: .85rem; }
.cb-decide .cb-tell:hover { box-shadow: 0 0 0 1px OUTPUT; color: INK; }
.cb-decide .cb-tell:focus-visible { outline: 3px solid INPUT; outline-offset: 2px; }
.cb-decide path { stroke: LINE; stroke-width: .8; fill-opacity: .62; }
.cb-decide li:last-child { grid-template-columns: minmax(0, 1fr) 4.2rem minmax(0, 1.15fr); padding: 0; }
@media (max-width: 620px) {
  .cb-decide li, .cb-decide li:last-child { grid-template-columns: 3.4rem minmax(0, 1fr); }
  .cb-decide .cb-ask { grid-column: 1 / -1; margin-bottom: .35rem; }
  .cb-decide .cb-no { left: .6rem; }
  .cb-decide .cb-yes { margin-left: 1.1rem; }
  .cb-decide li:last-child .cb-tell { grid-column: 1 / -1; }
}
"""


class DecisionMap:
    """Questions and answers as one drawing, each answer a link.

    Args:
        decisions: (question, answer, where) each; where is "page" or "page#anchor", and the icon is the page's.
        otherwise: (answer, where) for who said no to all.
    """

    def __init__(self, decisions, *, otherwise):
        self.decisions = [tuple(decision[:3]) for decision in decisions]
        self.otherwise = otherwise

    def __repr__(self):
        return f"DecisionMap of {len(self.decisions)} questions"

    def _repr_html_(self):
        style = STYLE
        for role in ("ink", "line", "muted", "input", "output"):
            style = style.replace(role.upper(), colour(role))
        for role in ("input", "kernel", "output", "offset"):
            style += f".cb-decide .cb-icon-{role} {{ fill: {colour(role)}; }}\n"
        style += ".cb-decide .cb-icon-none { fill: none; }\n"
        rows = [f'<li><span class="cb-ask">{escape(question)}</span><span class="cb-yes">yes</span>{answered(answer, where)}<span class="cb-no">no</span></li>'
                for question, answer, where in self.decisions]
        rows.append(f"<li>{answered(*self.otherwise)}</li>")
        return f'<style>\n{style}</style>\n<div class="cb-decide"><ol aria-label="Questions; stop at the first yes">\n' + "\n".join(rows) + "\n</ol></div>"


def answered(answer, where):
    """One answer: its icon, its words, its chapter, all of it a link.

    >>> "Chapter 4" in answered("resize", "04_transposed#transposed-cures")
    True
    """
    page, _, anchor = where.partition("#")
    number, name = page.split("_")
    target = f"{page}.html#{anchor}" if anchor else f"{page}.html"
    return f'<a class="cb-tell" href="{target}">{icon(name)}<span><b>{escape(answer)}</b><small>Chapter {int(number)}</small></span></a>'
