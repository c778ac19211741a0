"""How does a page without code offer to run the book? With the same two buttons, which open the book's folder."""


def add_buttons(app, pagename, templatename, context, doctree):
    """The theme puts Binder and Colab on notebooks only; text pages lead to the chapters."""
    buttons = context.get("header_buttons")
    if buttons is None or any(button.get("label") == "launch-buttons" for button in buttons):
        return
    options = app.config.html_theme_options
    repository, branch = options["repository_url"].removeprefix("https://github.com/"), options["repository_branch"]
    hosts = options["launch_buttons"]
    links = {
        "Binder": (f"{hosts['binderhub_url']}/v2/gh/{repository}/{branch}?urlpath=lab/tree/chapters", "logo_binder.svg"),
        "Colab": (f"{hosts['colab_url']}/github/{repository}/blob/{branch}/", "logo_colab.png"),
    }
    buttons.insert(0, {
        "type": "group",
        "tooltip": "Launch interactive content",
        "icon": "fas fa-rocket",
        "label": "launch-buttons",
        "buttons": [
            {"type": "link", "text": name, "tooltip": f"Launch on {name}", "icon": f"_static/images/{logo}", "url": url}
            for name, (url, logo) in links.items()
        ],
    })


def setup(app):
    app.connect("html-page-context", add_buttons, priority=502)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
