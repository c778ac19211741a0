"""One colour for each role, in light and in dark, for every figure and every explorer.

A colour is a role, never a decoration: the input is blue wherever it stands, the kernel vermilion, the
output green. The pairs stay apart under the common kinds of colour blindness, and no figure says anything
by colour alone. Figures are drawn with the light colours; on a page `css()` lets the reader's theme decide.
"""

LIGHT = {
    "input": "#005A9C",
    "kernel": "#CC3311",
    "output": "#3DA35D",
    "offset": "#882255",  # also masks and selections
    "padding": "#C9CED6",
    "ink": "#1F2430",
    "muted": "#5B6270",
    "line": "#8A93A3",
    "paper": "#FFFFFF",
}

DARK = {
    "input": "#4AA3FF",
    "kernel": "#FF8A3D",
    "output": "#A6E3C3",
    "offset": "#E58FD0",
    "padding": "#3A424D",
    "ink": "#E6E9EF",
    "muted": "#A9B1BF",
    "line": "#6C7686",
    "paper": "#14181E",
}

# Where a dark page says that it is dark: this book, JupyterLab, Colab.
DARK_SELECTORS = ('html[data-theme="dark"]', 'body[data-jp-theme-light="false"]', 'html[theme="dark"]')


def variables(colours):
    """CSS declarations of one set of colours: `--cb-input: #005A9C; ...`."""
    return " ".join(f"--cb-{role}: {colour};" for role, colour in colours.items())


def css():
    """The style rules that define every `--cb-*` colour, light by default and dark where the page is dark."""
    dark = ", ".join(DARK_SELECTORS)
    # Paper is white: whatever the screen shows, a page is printed with the light colours.
    return (
        f":root {{ {variables(LIGHT)} }}\n"
        f"@media not print {{ {dark} {{ {variables(DARK)} }} }}\n"
    )


def signed_colormap():
    """The diverging colours for data with a sign: purple below zero, orange above, a light grey at zero.

    The caller centres it, with limits (-m, m). Its ends stay apart under the common kinds of colour
    blindness and are nobody's role; its middle is not the colour of paper, so that zero stays visible.
    """
    from matplotlib.colors import LinearSegmentedColormap

    anchors = ["#3B1F6B", "#8073AC", "#F3F1EE", "#E08214", "#7F3B08"]
    return LinearSegmentedColormap.from_list("convbook_signed", anchors)


def style():
    """A context in which matplotlib draws as this book does, and the same bytes each time; settings come back after it.

        with theme.style():
            fig, ax = plt.subplots()
    """
    import matplotlib

    return matplotlib.rc_context({
        # DejaVu comes inside matplotlib, so every machine has it; text is drawn as paths, so no page needs it.
        "font.family": "DejaVu Sans",
        "font.size": 10,
        "mathtext.fontset": "dejavusans",
        "svg.fonttype": "path",
        "svg.hashsalt": "convbook",
        "text.color": LIGHT["ink"],
        "text.hinting": "no_hinting",  # letters are as wide on a bitmap as they are in SVG
        "axes.titlesize": 10.5,
        "axes.labelcolor": LIGHT["ink"],
        "axes.edgecolor": LIGHT["line"],
        "axes.facecolor": LIGHT["paper"],
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": True,
        "xtick.color": LIGHT["line"],
        "ytick.color": LIGHT["line"],
        "xtick.labelcolor": LIGHT["ink"],
        "ytick.labelcolor": LIGHT["ink"],
        "grid.color": LIGHT["padding"],
        "grid.linewidth": 0.6,
        "lines.linewidth": 1.8,
        "hatch.linewidth": 0.9,
        "figure.facecolor": LIGHT["paper"],
        "savefig.facecolor": LIGHT["paper"],
        "figure.dpi": 100,
        "savefig.dpi": 200,
        "image.cmap": "cividis",
        "axes.prop_cycle": matplotlib.cycler(color=[LIGHT[role] for role in ("input", "kernel", "output", "offset")]),
    })
