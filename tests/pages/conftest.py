"""The built book behind a plain file server, and a browser page that may reach nothing else."""

import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def html():
    """The folder of the built pages; built now if there is none."""
    if not (HTML / "chapters" / "index.html").exists():
        subprocess.run([Path(sys.executable).with_name("jupyter-book"), "build", ROOT, "-q"], check=True, stdout=subprocess.DEVNULL)
    return HTML


def served(folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="session")
def book(html):
    """The address of the built book, without a slash at its end."""
    server, address = served(html)
    yield address
    server.shutdown()
    server.server_close()


def missing(what):
    """Without a browser a reader's run skips the page tests; a run with CI=true fails."""
    words = f"the page tests need {what}"
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(f"{words}, and CI=true", pytrace=False)
    pytest.skip(f"{words}: install Chromium, or `.venv/bin/playwright install chromium`; nothing else depends on it")


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the session: the machine's own, else the one that playwright installed."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        missing("playwright (requirements.txt)")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            missing(f"a browser ({str(error).splitlines()[0]})")
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, book):
    """A function that opens pages; when the test ends, no page may have asked another host, failed to load, or logged an error."""
    complaints, contexts = [], []

    def guard(route):
        url = route.request.url
        if url.startswith((f"{book}/", "blob:", "data:", *guard.also)):
            route.continue_()
        else:
            complaints.append(f"asks another host: {url}")
            route.abort()

    guard.also = ()

    def opened(path="", *, width=1280, height=900, also=(), **options):
        guard.also += tuple(also)
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.route("**/*", guard)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error in a script: {error}"))
        # A page that is left before its last picture has come is no failure.
        page.on("requestfailed", lambda request: "ERR_ABORTED" in (request.failure or "") or complaints.append(f"does not load: {request.url}"))
        page.on("response", lambda response: response.status >= 400 and complaints.append(f"{response.status}: {response.url}"))
        if path:
            page.goto(path if "://" in path else f"{book}/{path}", wait_until="load")
        return page

    opened.complaints = complaints
    yield opened
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(dict.fromkeys(complaints))


@pytest.fixture
def page(open_page):
    """An empty page, 1280 x 900, that may reach the book and nothing else."""
    return open_page()


@pytest.fixture
def report(request):
    """A function that puts a line into the closing report: what is measured, but decides nothing."""
    return lambda line: request.node.user_properties.append(("measured", line))


def pytest_terminal_summary(terminalreporter):
    done = [result for results in terminalreporter.stats.values() for result in results if getattr(result, "when", "") == "call"]
    lines = [line for result in done for name, line in result.user_properties if name == "measured"]
    if lines:
        terminalreporter.section("measured on the pages")
        terminalreporter.write_line("\n".join(sorted(lines)))
