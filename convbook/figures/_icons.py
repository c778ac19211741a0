"""Little drawings of each convolution for the map, as SVG by hand: cells in the colours of their roles.

Every icon is 108 x 60; none holds text, so none needs translating, and the card beside it says what it shows.
"""

from math import cos, pi, sin

from convbook.theme import LIGHT


def colour(role):
    """A colour that follows the reader's theme, with the light one where no theme is."""
    return f"var(--cb-{role}, {LIGHT[role]})"


def cells(rows, x, y, side=9.0):
    """A grid from strings: one letter a cell; i, k, o, d are filled in the roles' colours, a dot is hollow, a blank is nothing."""
    roles = {"i": "input", "k": "kernel", "o": "output", "d": "offset", ".": "none"}
    out = ""
    for letter, role in roles.items():
        places = [(x + c * side, y + r * side) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell == letter]
        if places:
            path = "".join(f"M{px:g} {py:g}h{side:g}v{side:g}h-{side:g}z" for px, py in places)
            out += f'<path class="cb-icon-{role}" d="{path}"/>'
    return out


def frame(x, y, width, height, role="kernel"):
    """A thick outline: the window."""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="none" stroke="{colour(role)}" stroke-width="2.4"/>'


def stroke(points, role="muted", width=1.3):
    """A line through points."""
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline fill="none" points="{path}" stroke="{colour(role)}" stroke-width="{width:g}"/>'


def arrow(x1, x2, y=30):
    """A short arrow to the right."""
    return stroke([(x1, y), (x2, y)]) + stroke([(x2 - 4, y - 3.5), (x2, y), (x2 - 4, y + 3.5)])


def dot(x, y, role, radius=2.6):
    """One filled dot."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour(role)}"/>'


def vanilla():
    return cells(["iiiii"] * 5, 6, 8) + frame(15, 17, 27, 27) + arrow(58, 70) + cells(["...", ".o.", "..."], 76, 16.5)


def matrix(rows):
    """A channel matrix: which input channel (column) meets which output channel (row)."""
    return cells(["i" * len(rows[0])], 27, 2, 8) + cells(rows, 27, 12, 8) + cells(["o"] * len(rows), 77, 12, 8)


def grouped():
    return matrix(["kkk...", "kkk...", "kkk...", "...kkk", "...kkk", "...kkk"])


def depthwise():
    return matrix(["k.....", ".k....", "..k...", "...k..", "....k.", ".....k"])


def separable():
    return (cells(["k"] * 3, 8, 16.5) + cells(["kkk"], 30, 25.5) + stroke([(20.5, 27), (26.5, 33)]) + stroke([(26.5, 27), (20.5, 33)])
            + stroke([(63, 28), (70, 28)]) + stroke([(63, 32), (70, 32)]) + cells(["kkk"] * 3, 76, 16.5))


def inception():
    branches = cells(["k"], 33, 4, 6) + cells(["kkk"] * 2, 27, 15, 6) + cells(["kkkkk"] * 2, 21, 31, 6) + cells(["..."], 27, 49, 6)
    lines = "".join(stroke([(9, 30), (18, y), (20, y)]) + stroke([(53, y), (62, y), (74, 30)]) for y in (7, 21, 37, 52))
    return cells(["i"] * 3, 3, 21, 6) + lines + branches + arrow(74, 88) + cells(["o"] * 6, 92, 12, 6)


def flattened():
    vector = "".join(cells(["k"], 10 + 5 * t, 36 - 5 * t, 8) for t in range(4))
    return vector + arrow(36, 45) + cells(["k"] * 4, 53, 12) + arrow(68, 76) + cells(["kkk"], 80, 25.5)


def transposed():
    return cells(["ii", "ii"], 8, 21) + arrow(33, 45) + cells(["ooooo"] * 5, 54, 7.5) + frame(54, 7.5, 27, 27)


def atrous():
    return cells(["k.k.k", ".....", "k.k.k", ".....", "k.k.k"], 31, 7.5) + frame(31, 7.5, 45, 45)


def deformable():
    moves = [(-6, 3), (1, -5), (7, -3), (-7, -1), (0, 0), (8, 2), (-4, 5), (2, 6), (7, 5)]
    out = f'<g opacity=".5">{cells(["iiiiiii"] * 6, 22.5, 3)}</g>'
    for t, (dx, dy) in enumerate(moves):
        x, y = 42 + 12 * (t % 3), 18 + 12 * (t // 3)
        out += stroke([(x, y), (x + dx, y + dy)], "offset", 1.6) + dot(x + dx, y + dy, "offset", 3)
    return out


def recent():
    return cells(["kkkkkkk"], 6, 26.5, 7) + arrow(59, 69) + cells(["k"] * 7, 75, 5.5, 7) + arrow(86, 96)


def regularization():
    ring = " ".join(f"{32 + 18 * cos(2 * pi * t / 40):.1f},{30 + 18 * sin(2 * pi * t / 40):.1f}" for t in range(41))
    circle = f'<polyline fill="none" points="{ring}" stroke="{colour("input")}" stroke-width="2"/>'
    diamond = stroke([(78, 10), (98, 30), (78, 50), (58, 30), (78, 10)], "kernel", 2)
    axes = stroke([(32, 6), (32, 54)], "line", 0.8) + stroke([(8, 30), (102, 30)], "line", 0.8) + stroke([(78, 6), (78, 54)], "line", 0.8)
    return axes + circle + diamond + dot(44.7, 17.3, "ink") + dot(78, 10, "ink")


def normalization():
    return (cells(["dd....", "dd....", "dd....", "dd...."], 8, 12) + cells(["dddd", "....", "....", "...."], 68, 12))


ICONS = {f.__name__: f for f in (vanilla, grouped, depthwise, separable, inception, flattened, transposed, atrous, deformable, recent,
                                  regularization, normalization)}


def icon(name):
    """The SVG of one icon, hidden from screen readers: the card's text says it all."""
    return f'<svg viewBox="0 0 108 60" width="108" height="60" aria-hidden="true" focusable="false">{ICONS[name]()}</svg>'
