"""The built book behind a plain file server, under a sub-path; and a browser whose pages may reach nothing else."""

import os
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HTML = ROOT / "_build" / "html"
# No host but this one has an address.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def html():
    """The folder of the built pages; built now if there is none."""
    if not (HTML / "chapters" / "index.html").exists():
        subprocess.run([Path(sys.executable).with_name("jupyter-book"), "build", ROOT, "-q"], check=True, stdout=subprocess.DEVNULL)
    return HTML


@pytest.fixture(scope="session")
def book(html, tmp_path_factory):
    """The address of the built book, without a slash at its end; in a folder named as the repository, as it is published."""
    site = tmp_path_factory.mktemp("site")
    name = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"].rsplit("/", 1)[1]
    (site / name).symlink_to(html)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{name}"
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


def watched(context, book, complaints, also=()):
    """A new page that complains when it asks another host, does not load something, or logs an error."""
    page, home = context.new_page(), (f"{book}/", "blob:", "data:", *also)
    page.on("request", lambda request: request.url.startswith(home) or complaints.append(f"asks another host: {request.url}"))
    page.on("console", lambda message: message.type == "error" and complaints.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(f"error in a script: {error}"))
    # A page that is left before its last picture has come is no failure.
    page.on("requestfailed", lambda request: "ERR_ABORTED" in (request.failure or "") or complaints.append(f"does not load: {request.url}"))
    page.on("response", lambda response: response.status >= 400 and complaints.append(f"{response.status}: {response.url}"))
    return page


def none_of(complaints):
    assert not complaints, "\n".join(dict.fromkeys(complaints))


@pytest.fixture
def open_page(browser, book):
    """A function that opens pages; when the test ends, no page may have asked another host, failed to load, or logged an error."""
    complaints, contexts = [], []

    def opened(path="", *, width=1280, height=900, also=(), **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        page = watched(contexts[-1], book, complaints, also)
        if path:
            page.goto(path if "://" in path else f"{book}/{path}", wait_until="load")
        return page

    opened.complaints = complaints
    yield opened
    for context in contexts:
        context.close()
    none_of(complaints)


@pytest.fixture(scope="session")
def kept(browser, book):
    """One page for the session, and what it complains of."""
    complaints = []
    context = browser.new_context()
    yield watched(context, book, complaints), complaints
    context.close()


@pytest.fixture
def page(kept):
    """A page, 1280 x 900, that may reach the book and nothing else. It is still where the test before left it: see `checks.explorer_of`."""
    page, complaints = kept
    complaints.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="null", color_scheme="null")
    yield page
    none_of(complaints)


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
