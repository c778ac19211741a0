"""What a chapter calls around its own subject: its settings, the source of the code it teaches, photographs as PNG."""

import ast
import inspect
import sys
from contextlib import ExitStack
from io import BytesIO
from textwrap import dedent

_session = ExitStack()  # holds the book's drawing style for as long as the kernel lives


def setup(seed=0):
    """Make this kernel draw and compute as the book does, and give the same bytes each time.

    Figures are SVG in the theme's style; NumPy, Python and (if it is loaded later, too) PyTorch start from `seed`.
    Called by the hidden first cell of every chapter; outside a notebook it only sets the seeds.
    """
    import random

    import numpy as np

    random.seed(seed)
    np.random.seed(seed)
    try:
        import torch
    except ImportError:
        pass
    else:
        torch.manual_seed(seed)
        torch.set_num_threads(1)  # sums in one order, on every machine
    shell = _shell()
    if shell is None:
        return
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    from convbook import theme

    shell.run_line_magic("matplotlib", "inline")
    set_matplotlib_formats("svg", metadata={"Date": None})
    _session.close()
    _session.enter_context(theme.style())
    if "google.colab" in sys.modules:
        from google.colab import output

        output.enable_custom_widget_manager()


def show_source(*objects, docstring=True):
    """Show functions or classes of the package as they are written there, so that a page cannot drift from the code.

    Args:
        objects: functions, classes or modules.
        docstring: False leaves out the description of each object itself (not of what is inside it).
    """
    from IPython.display import Markdown, display

    parts = (source(thing, docstring=docstring) for thing in objects)
    display(Markdown("```python\n" + "\n\n\n".join(parts) + "\n```"))


def source(thing, *, docstring=True):
    """The text of a function, class or module, without the indentation that it has in its file.

    Of the solution of an exercise it is the function alone: `@exercise(...)`, the cases that check it, is left out.

    >>> print(source(source)[:26])
    def source(thing, *, docst
    """
    text = dedent(inspect.getsource(inspect.unwrap(thing))).rstrip()
    tree = ast.parse(text)
    whole = tree if inspect.ismodule(thing) else tree.body[0]
    away = [decorator for decorator in getattr(whole, "decorator_list", []) if _registers(decorator)]
    first = whole.body[0]
    if not docstring and isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        away.append(first)
    gone = {number for part in away for number in range(part.lineno, part.end_lineno + 1)}
    return "\n".join(line for number, line in enumerate(text.split("\n"), 1) if number not in gone).strip("\n")


def _registers(decorator):
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "exercise"


def as_png(figure, dpi=160):
    """The figure as a PNG picture, for photographs and for results that differ between machines (nbval skips PNG)."""
    from IPython.display import Image

    file = BytesIO()
    figure.savefig(file, format="png", dpi=dpi, bbox_inches="tight")
    return Image(file.getvalue(), width=round(figure.get_figwidth() * 96))


def _shell():
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()
