"""What all explorers share in Python: their front end as one module, their styles, a repr that stays the same."""

import re
from pathlib import Path

import anywidget
import traitlets

from convbook import theme

FRONT_END = Path(__file__).parent / "front_end"

_IMPORT = re.compile(r'^import\s*\{([^}]*)\}\s*from\s*"(\.[^"]*)";?[ \t]*$', re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class)\b)", re.M)
_EXPORTED = re.compile(r"^export (?:async )?(?:function\*?|const|let|class) (\w+)", re.M)
_LIST = re.compile(r"^export\s*\{([^}]*)\};?[ \t]*$", re.M)


def bundle(entry):
    """One self-contained ES module out of a file of this folder and everything it imports by a relative path.

    A page without a server, and a notebook front end, can import one string but not the files beside it. Each
    imported module becomes a function called once, that returns what the file exports; so names of different files
    never meet, and the text stays what is in the files. The entry's own exports stay exports.
    """
    parts, names = [], {}

    def linked(path, text):
        def use(match):
            wanted, where = match.groups()
            return f"const {{{wanted.replace(' as ', ': ')}}} = {module((path.parent / where).resolve())};"

        return _IMPORT.sub(use, text)

    def module(path):
        if path not in names:
            names[path] = None
            text = path.read_text(encoding="utf-8")
            listed = ",".join(_LIST.findall(text)).replace("\n", " ").split(",")
            listed = [re.sub(r"(\w+) as (\w+)", r"\2: \1", name.strip()) for name in listed if name.strip()]
            exports = ", ".join([*_EXPORTED.findall(text), *listed])
            body = _EXPORT.sub("", _LIST.sub("", linked(path, text)))
            names[path] = "from_" + re.sub(r"\W", "_", str(path.relative_to(FRONT_END.resolve()).with_suffix("")))
            parts.append(f"const {names[path]} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();\n")
        if names[path] is None:
            raise ImportError(f"{path.name} imports itself through the files that it imports")
        return names[path]

    path = (FRONT_END / entry).resolve()
    main = linked(path, path.read_text(encoding="utf-8"))
    return "\n".join([*parts, main])


def styles(*files):
    """The colours of `theme`, the shared style, then the explorer's own style files."""
    return "\n".join([theme.css(), *((FRONT_END / file).read_text(encoding="utf-8") for file in ("base.css", *files))])


class Explorer(anywidget.AnyWidget):
    """An interactive figure. Its parameters are traits: keyword arguments, then attributes that can be set."""

    def __init__(self, **parameters):
        own = self._own_traits()
        for name in parameters:
            if name not in own:
                raise TypeError(f"{type(self).__name__} has no parameter {name!r}; it has {', '.join(own)}")
        super().__init__(**parameters)

    @classmethod
    def _own_traits(cls):
        inherited = anywidget.AnyWidget.class_trait_names()
        return [name for base in reversed(cls.__mro__) for name, value in vars(base).items()
                if isinstance(value, traitlets.TraitType) and name not in inherited and not name.startswith("_")]

    def __repr__(self):
        # Without ids and addresses, so that a notebook prints the same every time it is run.
        shown = ((name, getattr(self, name)) for name in self._own_traits())
        changed = [f"{name}={value!r}" for name, value in shown if value != self.trait_defaults(name)]
        return f"{type(self).__name__}({', '.join(changed)})"
