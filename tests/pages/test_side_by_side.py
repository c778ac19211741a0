"""Explorers that stand on one page, or in one notebook, leave one another's looks alone."""

import pytest

from checks import explorer_of
from convbook import explorers

HOMES = {"SlidingWindow": "01_vanilla", "ReceptiveField": "01_vanilla", "Practice": "01_vanilla", "ChannelWiring": "02_grouped", "TransposedViews": "04_transposed",
         "OverlapCounter": "04_transposed", "CostCompare": "06_separable", "RankOne": "06_separable", "InceptionPricer": "07_inception", "FlattenedSteps": "08_flattened",
         "DeformableSampler": "09_deformable", "RoIBins": "09_deformable", "PenaltyGeometry": "A1_regularization", "NormCube": "A2_normalization", "LayerChooser": "which"}
STYLES = {name: getattr(explorers, name)._css for name in explorers.__all__}
# Takes the page's explorer styles away, puts this one's own there, notes the looks; then all others' behind it: which elements look otherwise now?
CHANGED = """(root, [own, others]) => {
    const add = (css) => { const style = document.createElement("style"); style.textContent = css; document.head.append(style); };
    const LOOKS = ["display", "font-size", "font-weight", "padding", "margin", "min-height", "min-width", "max-width", "border", "background-color", "color", "text-align", "fill",
        "stroke", "stroke-width", "stroke-dasharray", "white-space", "justify-content", "align-items", "gap", "flex", "opacity"];
    const looks = () => [...root.querySelectorAll("*")].map((node) => { const style = getComputedStyle(node); return LOOKS.map((name) => `${name}: ${style.getPropertyValue(name)}`); });
    for (const style of document.head.querySelectorAll("style")) if (style.textContent.includes(".cb-explorer")) style.remove();
    for (const fold of root.querySelectorAll("details")) fold.open = true;
    add(own);
    const before = looks();
    others.forEach(add);
    const nodes = [...root.querySelectorAll("*")];
    return looks().flatMap((list, i) => list.filter((look, n) => look !== before[i][n]).map((look) => `${nodes[i].tagName}.${nodes[i].getAttribute("class")} ${look}`));
}"""


@pytest.mark.parametrize("name", HOMES)
def test_the_styles_of_all_other_explorers_change_nothing(name, book, open_page):
    explorer = explorer_of(open_page(), f"{book}/chapters/{HOMES[name]}.html", name)
    changed = explorer.evaluate(CHANGED, [STYLES[name], [css for other, css in STYLES.items() if other != name]])
    assert changed == []


def test_every_explorer_is_tried():
    assert sorted(HOMES) == sorted(explorers.__all__)
