"""Write the repository's address, as `_config.yml` has it, wherever else it stands: `make address`, once, after forking.

The address that stands there so far is read from `pyproject.toml`. Only files that git tracks are changed.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
URL = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)\"?\s*$", re.M)


def address(file, line):
    """(owner, name) of the repository, from the line of that file that starts with `line`."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return URL.search(text, text.index(f"\n{line}")).groups()


def settled():
    return address("_config.yml", "  url:")


def written():
    return address("pyproject.toml", "Repository =")


def forms(owner, name):
    """The two ways in which files lead there: the repository (also in links of Binder and Colab), and its pages."""
    return f"{owner}/{name}", f"{owner}.github.io/{name}"


def files():
    """Every tracked text file, and those that git does not ignore."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines():
        path = ROOT / line
        if path.is_file() and path.name != "_config.yml":
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                pass  # a font


def rewrite(text, old, new):
    """
    >>> rewrite("see github.com/a/b, a.github.io/b and pip install git+https://github.com/a/b", ("a", "b"), ("me", "mine"))
    'see github.com/me/mine, me.github.io/mine and pip install git+https://github.com/me/mine'
    """
    before = r"(?<=github\.com/)|(?<=/v2/gh/)|(?<=research\.google\.com/github/)"
    text = re.sub(rf"(?:{before}){re.escape('/'.join(old))}(?![\w-])", "/".join(new), text)
    return re.sub(rf"\b{re.escape(forms(*old)[1])}(?![\w-])", forms(*new)[1], text)


def main():
    old, new = written(), settled()
    for path, text in files():
        changed = rewrite(text, old, new)
        if changed != text:
            path.write_text(changed, encoding="utf-8")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
