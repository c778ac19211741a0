"""The colours: readable, apart from each other for every eye, and settings that come back."""

import itertools
import subprocess
import sys

import matplotlib
import numpy as np
import pytest

from convbook import theme

THEMES = {"light": theme.LIGHT, "dark": theme.DARK}
# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
EYES = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(hex_colour):
    rgb = np.array([int(hex_colour[i:i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    high, low = sorted((np.array([0.2126, 0.7152, 0.0722]) @ linear(c) for c in (a, b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("role", "least"), [("ink", 7), ("muted", 4.5), ("input", 4.5), ("kernel", 4.5), ("output", 3), ("offset", 4.5), ("line", 3)])
def test_text_and_lines_stand_out_from_the_paper(name, role, least):
    colours = THEMES[name]
    assert contrast(colours[role], colours["paper"]) >= least


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("eye", EYES)
def test_the_roles_stay_apart_for_every_eye(name, eye):
    seen = {role: lab(np.clip(EYES[eye] @ linear(THEMES[name][role]), 0, 1)) for role in ("input", "kernel", "output", "offset")}
    for a, b in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[a] - seen[b]) > 18, (a, b)


def test_both_themes_have_the_same_roles_and_css_declares_each_in_both():
    assert list(theme.LIGHT) == list(theme.DARK)
    for role, colour in [*theme.LIGHT.items(), *theme.DARK.items()]:
        assert f"--cb-{role}: {colour};" in theme.css()


def test_signed_colours_are_centred_symmetric_in_strength_and_nobodys_role():
    colours = theme.signed_colormap()
    low, middle, high = (np.array(colours(v)[:3]) for v in (0.0, 0.5, 1.0))
    assert np.ptp(middle) < 0.03 and 0.9 < middle.min() and middle.max() < 0.97
    assert matplotlib.colors.to_hex(middle) != theme.LIGHT["paper"].lower()
    assert abs(lab(low)[0] - lab(high)[0]) < 20 and np.linalg.norm(lab(low) - lab(high)) > 60


def test_style_gives_every_setting_back():
    before = dict(matplotlib.rcParams)
    with theme.style():
        assert matplotlib.rcParams["svg.hashsalt"] == "convbook" and matplotlib.rcParams["svg.fonttype"] == "path"
    assert dict(matplotlib.rcParams) == before


def test_importing_the_theme_loads_no_matplotlib():
    code = "import sys, convbook.theme; sys.exit(any(m in sys.modules for m in ('matplotlib', 'torch')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
