"""What explorers of a layer of one channel share: an input and a kernel that are presets, or rows that bring their size along."""

import traitlets

from convbook.explorers.base import Explorer

AXES = ("height", "width")


class OneChannel(Explorer):
    """A layer of one channel. A subclass names the traits that make the layer, `input` and `kernel` and their sizes among them."""

    _names = ()

    def __init__(self, **parameters):
        for name in ("input", "kernel"):
            given = parameters.get(name)
            if given is not None and not isinstance(given, str) and f"{name}_size" not in parameters:
                parameters[f"{name}_size"] = _size(type(self).class_traits()[name].validate(self, given))
        super().__init__(**parameters)

    def _layer(self):
        return {name: getattr(self, name) for name in self._names}

    def _changed(self, name, value):
        """The layer as it will be: rows of numbers bring their size along, and nothing else may change it."""
        layer = self._layer() | {name: value}
        if name in ("input", "kernel") and not isinstance(value, str):
            layer[f"{name}_size"] = _size(value)
        for numbers in ("input", "kernel"):
            rows, size = layer[numbers], layer[f"{numbers}_size"]
            if not isinstance(rows, str) and _size(rows) != size:
                raise ValueError(f"{numbers}_size={size} must be {_size(rows)}, the size of {numbers}; set {numbers} itself instead")
        return layer

    @traitlets.observe("input", "kernel")
    def _measure(self, change):
        if not isinstance(change["new"], str):
            setattr(self, f"{change['name']}_size", _size(change["new"]))


def refuse(fault, layer, names):
    """Raise for a layer of which `fault(layer, axis)` finds that the page cannot show it, with the page's own reason."""
    for axis, side in enumerate(AXES):
        reason = fault(layer, axis)
        if reason:
            values = {name: layer[name] if isinstance(layer[name], str) else layer[name][axis] for name in names}
            raise ValueError(f"{side}: {reason} ({', '.join(f'{name}={value!r}' for name, value in values.items())})")


def _size(rows):
    return len(rows), len(rows[0])
