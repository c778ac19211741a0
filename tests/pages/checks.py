"""What tests of several explorers ask: read a number, choose an example, drag a slider; does it fit, can everybody read it?"""

from axe_playwright_python.sync_playwright import Axe

VIEW = 'script[type="application/vnd.jupyter.widget-view+json"]'
PHONE = {"width": 360, "height": 740, "has_touch": True, "is_mobile": True}
COLOUR_RULES = ("color-contrast", "link-in-text-block")
# Preloading would ask for style files again; what is in order need not be listed.
AXE = {"preload": False, "resultTypes": ["violations"]}


# Makes an explorer anew: the page's own script does it when it runs again, from the state that the page holds.
ANEW = """([views, name]) => {
    document.documentElement.dataset.theme = "light";
    for (const view of document.querySelectorAll(views)) {
        const place = view.nextElementSibling;
        if (!place.querySelector(`[data-explorer="${name}"]`)) continue;
        place.remove();
        delete view.dataset.awake;
    }
}"""
# Takes everything out of a page's article that is no explorer, since a long page makes each step slow.
ALONE = """(views) => {
    const clear = (node) => {
        for (const child of [...node.children])
            if (child.querySelector(views)) clear(child);
            else if (!child.matches("script, .cb-place-of-explorer")) child.remove();
    };
    clear(document.querySelector(".bd-article"));
}"""


def explorer_of(page, address, name):
    """An explorer of a page in its first state, scrolled into view; test_pages.py tests the page that it is taken from.

    A page that is there already is not loaded again: its explorer is made anew.
    """
    if page.url.split("#")[0] == address:
        page.mouse.move(0, 0)
        page.evaluate(ANEW, [VIEW, name])
        page.add_script_tag(url=page.locator("script[src*='convbook.js']").first.evaluate("script => script.src"))
    else:
        page.goto(address)
        page.wait_for_function(f"""() => [...document.querySelectorAll('{VIEW}')].every((view) => view.dataset.awake === "true")""")
        page.evaluate(ALONE, VIEW)
    found = page.locator(f'[data-explorer="{name}"]').first
    found.scroll_into_view_if_needed()
    return found


def number(text):
    """The number that a page shows, with its own minus sign, commas, a percent sign."""
    return float(text.replace("−", "-").replace(",", "").rstrip(" %"))


def choose(explorer, example):
    explorer.get_by_label("Example").select_option(label=example)


def examples(explorer):
    """The examples that can be chosen."""
    return [name for name in explorer.get_by_label("Example").locator("option").all_inner_texts() if name not in ("choose …", "your own")]


def check(explorer, *labels):
    """Set these boxes and buttons, also those that a picture covers."""
    for label in labels:
        explorer.get_by_label(label, exact=True).check(force=True)


def drag(slider, share):
    """Bring a slider to a share of its way, from 0 to 1."""
    slider.evaluate("(s, share) => { s.value = +s.min + Math.round((s.max - s.min) * share); s.dispatchEvent(new Event('input', {bubbles: true})); }", share)


def play(explorer):
    """Press Play and wait for the end. That it plays is asked in the same breath: a slow machine would look when it is over."""
    explorer.get_by_label("Speed").select_option("8")
    button = explorer.get_by_role("button", name="Play", exact=True)
    assert button.evaluate("button => { button.click(); return button.getAttribute('aria-label'); }") == "Pause"
    button.wait_for()


def enter(field, value):
    """Type a value and press Enter."""
    field.fill(str(value))
    field.press("Enter")


def says_nothing_strange(explorer):
    """No number that is none, no value without a name."""
    text = explorer.inner_text()
    for strange in ("NaN", "undefined", "Infinity", "[object"):
        assert strange not in text, text


def assert_fits(explorer, *, scrolls="", width=360):
    """The page does not scroll sideways, nothing of the explorer leaves it (but inside what `scrolls`), and what is touched is tall enough."""
    assert explorer.page.evaluate("document.documentElement.scrollWidth") <= width
    outside = explorer.evaluate("""(root, inside) => { const edge = root.getBoundingClientRect();
        return [...root.querySelectorAll("*")].filter((n) => !n.closest(inside)).filter((n) => {
            const r = n.getBoundingClientRect(); return r.width && (r.right > edge.right + 1 || r.left < edge.left - 1); }).map((n) => n.outerHTML.slice(0, 160)); }""",
        ", ".join(filter(None, ["pre", ".cb-unseen", scrolls])))
    assert outside == []
    small = explorer.locator("button, select, input[type=text], summary").evaluate_all(
        "all => all.filter((n) => n.offsetParent && n.getBoundingClientRect().height < 32).map((n) => n.outerHTML)")
    assert small == []


def violations(page, context=None, **options):
    """What axe finds, one line a rule and one an element."""
    found = Axe().run(page, context=context, options={**AXE, **options}).response["violations"]
    return "\n".join(f"{v['id']} ({v['impact']}): {v['help']}\n    " + "\n    ".join(f"{n['target']} {n['html'][:160]}" for n in v["nodes"][:6])
                     for v in found)


def assert_accessible(explorer):
    """No rule of axe is broken; in the dark, where nothing but colours differs, none of the rules about colours."""
    page, context = explorer.page, f'[data-explorer="{explorer.get_attribute("data-explorer")}"]'
    for theme, options in (("light", {}), ("dark", {"runOnly": COLOUR_RULES})):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        broken = violations(page, context, **options)
        assert not broken, f"{theme}: {broken}"
    page.evaluate("document.documentElement.dataset.theme = 'light'")
