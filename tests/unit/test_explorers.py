"""The explorers in Python: their front end is one module, their traits are checked, their repr stays the same."""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from convbook import explorers, ops, theme
from convbook.explorers import SlidingWindow, base
from convbook.explorers import sliding_window as module
from convbook.explorers.base import FRONT_END
from front_end import javascript, run

ROOT = Path(__file__).parents[2]
CASES = json.loads((Path(__file__).parents[1] / "cases" / "sliding_window.json").read_text())
DEFAULT = {"input_size": (5, 7), "kernel_size": (3, 2), "stride": (1, 1), "padding": "valid", "dilation": (1, 1),
           "padding_mode": "zeros", "true_convolution": False, "input": "random", "kernel": "sobel", "seed": 0}


def tupled(state):
    return {name: tuple(v) if isinstance(v, list) else v for name, v in state.items()}


# One module out of many files

@pytest.mark.parametrize("name", explorers.__all__)
def test_the_front_end_is_one_module_that_imports_nothing(name, tmp_path):
    source = getattr(explorers, name)._esm
    assert not re.search(r"^\s*import\b[^\n]*\bfrom\b|\bfrom \"\.", source, re.M)
    file = tmp_path / "explorer.mjs"
    file.write_text(source, encoding="utf-8")
    assert run(f"import({json.dumps(file.as_uri())}).then((m) => console.log(typeof m.default.render))") == "function\n"


def bundled(monkeypatch, tmp_path, **files):
    monkeypatch.setattr(base, "FRONT_END", tmp_path)
    for name, text in files.items():
        (tmp_path / f"{name}.js").write_text(text)
    return base.bundle("main.js")


def test_files_with_the_same_names_inside_do_not_meet(monkeypatch, tmp_path):
    source = bundled(
        monkeypatch, tmp_path,
        main='import { a } from "./one.js";\nimport { a as b, c } from "./two.js";\nconsole.log(a(), b(), c);',
        one="const hidden = 1;\nexport const a = () => hidden;",
        two='import { a as one } from "./one.js";\nconst hidden = 2;\nfunction a() { return hidden + one(); }\nconst c = 7;\nexport { a, c };')
    assert run(source) == "1 3 7\n"


def test_a_file_imported_twice_is_there_once(monkeypatch, tmp_path):
    source = bundled(
        monkeypatch, tmp_path,
        main='import { one } from "./left.js";\nimport { two } from "./right.js";\nconsole.log(one === two);',
        left='import {\n  thing,\n} from "./shared.js";\nexport const one = thing;',
        right='import { thing } from "./shared.js";\nexport const two = thing;', shared="export const thing = {};")
    assert run(source) == "true\n"


def test_a_circle_of_imports_is_refused(monkeypatch, tmp_path):
    with pytest.raises(ImportError, match="^one.js imports itself through the files that it imports$"):
        bundled(monkeypatch, tmp_path, main='import { a } from "./one.js";', one='import { b } from "./two.js";\nexport const a = b;',
                two='import { a } from "./one.js";\nexport const b = a;')


@pytest.mark.parametrize("name", explorers.__all__)
def test_styles_stay_inside_the_explorer(name):
    own = getattr(explorers, name)._css.removeprefix(theme.css())
    heads = [head.strip() for head in re.findall(r"(?:^|[{}])([^{};]+)\{", re.sub(r"/\*.*?\*/", "", own, flags=re.S))]
    assert len(heads) > 80 and own != getattr(explorers, name)._css
    assert [head for head in heads if not head.startswith((".cb-explorer", "@"))] == []


@pytest.mark.parametrize("name", explorers.__all__)
def test_script_and_style_are_small(name):
    assert len(getattr(explorers, name)._esm) + len(getattr(explorers, name)._css) < 105_000


def test_what_every_page_loads_is_small():
    assert sum((FRONT_END / name).stat().st_size for name in ("base.js", "base.css")) < 30_000
    assert (ROOT / "_static" / "convbook.js").stat().st_size < 6_000


def test_importing_the_explorers_loads_neither_torch_nor_matplotlib():
    asked = "import sys, convbook.explorers as e; [getattr(e, n) for n in e.__all__]; print({'torch', 'matplotlib'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout == "set()\n"


def test_an_unknown_explorer_is_named_with_those_there_are():
    message = f"^module 'convbook.explorers' has no attribute 'Slider'; it has {', '.join(explorers.__all__)}$"
    with pytest.raises(AttributeError, match=message):
        explorers.Slider


# Traits

def test_the_repr_holds_what_is_not_default_and_no_address():
    assert repr(SlidingWindow()) == "SlidingWindow()"
    window = SlidingWindow(kernel_size=3, stride=(2, 1), padding=1, pinned=("output", 0, 2))
    assert repr(window) == "SlidingWindow(kernel_size=(3, 3), stride=(2, 1), padding=(1, 1), pinned=('output', 0, 2))"
    assert window._repr_mimebundle_()[0]["text/plain"] == repr(window)


def test_the_repr_of_a_window_makes_the_same_window():
    window = SlidingWindow(input=np.arange(6).reshape(2, 3), kernel=[1, -1], padding=(1, 0), step=3)
    assert repr(eval(repr(window))) == repr(window)


def test_numbers_set_the_size_and_one_row_is_a_signal():
    window = SlidingWindow(input=[1, 5, 2, -3], kernel=[[1, 0, -1]])
    assert (window.input_size, window.kernel_size, window.output_size) == ((1, 4), (1, 3), (1, 2))
    window.input = [[1, 2, 3], [4, 5, 6]]
    assert (window.input_size, window.input) == ((2, 3), [[1, 2, 3], [4, 5, 6]])


def test_step_and_pin_stay_in_the_picture():
    window = SlidingWindow(step=17, pinned=("output", 2, 5))
    window.stride = 2
    assert (window.step, window.pinned) == (5, ())


@pytest.mark.parametrize("row", CASES, ids=lambda row: json.dumps(row["state"]))
def test_python_and_the_page_agree_on_what_is_legal(row):
    state = tupled(row["state"])
    if "output" in row:
        assert SlidingWindow(**state).output_size == tuple(row["output"])
        return
    with pytest.raises(ValueError, match=f"^{row['axis']}: {re.escape(row['reason'])} \\(input_size="):
        SlidingWindow(**state)


def message(error, **parameters):
    with pytest.raises(error) as caught:
        SlidingWindow(**parameters)
    return str(caught.value)


def test_whole_messages():
    assert message(ValueError, kernel_size=(6, 2)) == (
        "height: kernel_size must be a whole number from 1 to 5 "
        "(input_size=5, kernel_size=6, stride=1, padding='valid', dilation=1)")
    assert message(ValueError, stride=0) == "stride=0 must be at least 1"
    assert message(TypeError, stride=1.5) == "stride=1.5 must be an integer"
    assert message(ValueError, dilation=(1, 2, 3)) == "dilation=(1, 2, 3) must be one integer, or a tuple of 2, one per axis"
    assert message(ValueError, padding="full") == "padding='full' must be one of 'valid', 'same'"
    assert message(ValueError, padding=(0, -1)) == "padding[1]=-1 must be at least 0"
    assert message(ValueError, padding_mode="mirror") == (
        "padding_mode='mirror' must be one of 'zeros', 'reflect', 'replicate', 'circular'")
    assert message(ValueError, input="cat") == (
        "input='cat' must be one of 'random', 'counting', 'edge', 'diagonal', 'impulse', 'digit'")
    assert message(ValueError, input=[[1, 2], [3]]) == (
        "input=[[1, 2], [3]] must be rows of equal length, from 1 x 1 to 8 x 8 numbers")
    assert message(TypeError, kernel=[["a"]]) == "kernel holds 'a'; it must hold numbers only"
    assert message(ValueError, kernel=[[float("nan")]]) == "kernel holds nan; its numbers must lie from -999 to 999"
    assert message(ValueError, input=[[1, 2, 3]], input_size=(2, 3), kernel_size=1) == (
        "input_size=(2, 3) must be (1, 3), the size of input; set input itself instead")
    assert message(ValueError, step=18) == "step=18 must be at most 17, the last of 18 outputs"
    assert message(ValueError, speed=3) == "speed=3 must be one of 1, 2, 4, 8"
    assert message(ValueError, pinned=("input", 5, 0)) == "pinned=('input', 5, 0) must be a cell of the picture"
    assert message(ValueError, pinned="output") == "pinned='output' must be (), or (\"input\", \"kernel\" or \"output\", row, column)"
    assert message(TypeError, size=3).startswith("SlidingWindow has no parameter 'size'; it has input_size, kernel_size, stride, ")


def test_a_refused_value_changes_nothing():
    window = SlidingWindow()
    with pytest.raises(ValueError):
        window.kernel_size = (3, 8)
    assert repr(window) == "SlidingWindow()"


def test_several_values_from_the_page_are_checked_together():
    window = SlidingWindow(kernel_size=(5, 2))
    # On their own, neither the smaller input nor its numbers would fit the kernel.
    window.set_state({"kernel_size": [1, 2], "input_size": [2, 3], "input": [[1, 2, 3], [4, 5, 6]], "pinned": ["input", 1, 2]})
    assert (window.output_size, window.pinned) == ((2, 2), ("input", 1, 2))


# The page's numbers against convbook and PyTorch

def states(count):
    draw = random.Random(5)
    pair = lambda low, high: [draw.randint(low, high), draw.randint(low, high)]  # noqa: E731
    return [{
        "input_size": pair(1, 8), "kernel_size": pair(1, 4), "stride": draw.choice([[1, 1], pair(1, 4)]),
        "padding": draw.choice(["valid", "same", pair(0, 3)]), "dilation": pair(1, 2),
        "padding_mode": draw.choice(["zeros", "reflect", "replicate", "circular"]), "true_convolution": draw.random() < 0.3,
        "input": draw.choice(module.INPUTS), "kernel": draw.choice(module.KERNELS), "seed": draw.randint(0, 99),
    } for _ in range(count)]


def asked(states):
    return javascript("sliding_window", """given.map((s) => {
        if (g.fault(s)) return g.fault(s);
        const { x, w, y, params, macs } = g.layout(s);
        return { x, w, y, params, macs, code: words.code(g.layout(s)) };
    })""", states)


def test_python_offers_the_presets_of_the_page():
    inputs, kernels = javascript("sliding_window", "[Object.keys(g.INPUTS), Object.keys(g.KERNELS)]")
    assert (tuple(inputs), tuple(kernels)) == (module.INPUTS, module.KERNELS)


def test_the_page_computes_what_convbook_computes():
    drawn = states(400)
    legal = 0
    for state, answer in zip(drawn, asked(drawn)):
        layer = {name: tuple(v) if isinstance(v, list) else v for name, v in state.items()}
        found = next(((name, reason) for a, name in enumerate(("height", "width")) if (reason := module.fault(layer, a))), None)
        assert found == ((answer["axis"], answer["reason"]) if "reason" in answer else None)
        if found:
            continue
        legal += 1
        w = np.array(answer["w"])[::-1, ::-1] if layer["true_convolution"] else np.array(answer["w"])
        y = ops.conv2d(np.array([answer["x"]]), w[None, None], stride=layer["stride"], padding=layer["padding"],
                       dilation=layer["dilation"], padding_mode=layer["padding_mode"])[0]
        assert y.tolist() == answer["y"]
        assert SlidingWindow(**layer).output_size == y.shape
        assert (answer["params"], answer["macs"]) == (w.size, w.size * y.size)
    assert legal > 100


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_the_code_to_copy_gives_the_numbers_of_the_page():
    pytest.importorskip("torch")
    drawn = states(150)
    for answer in asked(drawn):
        if "reason" in answer:
            continue
        printed = []
        exec(answer["code"], {"print": printed.append})
        assert np.array_equal(np.atleast_2d(printed[0].numpy()), answer["y"]), answer["code"]
