"""A bar while something takes long: in a live notebook and in a terminal. It is gone when the work is done, and on a page there is none."""

import os
import sys
from contextlib import contextmanager

WIDTH = 24


@contextmanager
def progress_bar(total, label="", *, show=None):
    """Show how many of `total` steps are done, until the `with` block ends.

    Args:
        total: how many steps there are.
        label: stands before the bar.
        show: None shows it where someone is watching: in a kernel that a notebook server started, or in a terminal. Then a
            notebook that is run by a program, to be tested or printed, holds nothing of it. True and False decide.

    Gives a function that counts one step each time it is called, with a short note to stand behind the bar.
    """
    paint, wipe = _painter(show)
    done = 0

    def step(note=""):
        nonlocal done
        done += 1
        filled = WIDTH * done // total
        paint(f"{label} {'█' * filled}{'░' * (WIDTH - filled)} {done}/{total} {note}".strip())

    try:
        yield step
    finally:
        wipe()


def _painter(show):
    """Two functions: one that shows a line in place of the line before, one that takes it away."""
    if show is False:
        return _nothing, _nothing
    shell = _kernel()
    if shell is not None and (show or _watched(shell)):
        return _in_notebook()
    if show or (shell is None and sys.stderr is not None and sys.stderr.isatty()):
        return _in_terminal(sys.stderr)
    return _nothing, _nothing


def _nothing(*_):
    pass


def _kernel():
    """IPython's shell, if this is the kernel of a notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell if hasattr(shell, "kernel") else None


def _watched(shell):
    """Whether a person has this notebook open: Jupyter's server, Colab and VS Code each leave a mark, nbclient and nbval none."""
    return "JPY_SESSION_NAME" in os.environ or "google.colab" in sys.modules or "__vsc_ipynb_file__" in shell.user_ns


def _in_notebook():
    from html import escape

    from IPython.display import HTML, display

    place = display(HTML(""), display_id=True)
    return (lambda line: place.update(HTML(f"<code>{escape(line)}</code>"))), (lambda: place.update(HTML("")))


def _in_terminal(stream):
    longest = 0

    def write(line):
        nonlocal longest
        longest = max(longest, len(line))
        stream.write(f"\r{line.ljust(longest)}")
        stream.flush()

    def wipe():
        if longest:
            stream.write(f"\r{' ' * longest}\r")
            stream.flush()

    return write, wipe
