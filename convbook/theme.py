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
