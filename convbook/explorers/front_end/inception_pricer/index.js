// Inception pricer: the widths of a module's branches, what each of them costs, and what the 1 x 1 reductions save.

import { button, checkbox, codeBlock, errorLine, explorer, field, fold, h, parseNumber, segmented, select, show, slider, status, text, watch, write } from "../base.js";
import { BRANCHES, LIMITS, PRESETS, REDUCTIONS, TRAITS, judge, naive, price } from "./geometry.js";
import { picture } from "./picture.js";
import { NAMES, code, effectWords, headline, layerWords, percent, verdictWords } from "./words.js";

const ALL = [...TRAITS, "quantity", "predict", "pinned"];

function render({ model, el }) {
  const root = explorer(el, { name: "InceptionPricer", label: "Inception pricer: what a module costs" });
  const read = () => Object.fromEntries(ALL.map((name) => [name, model.get(name)]));
  const start = read();
  const at = { hovered: null, focused: null };
  let guess = "", answered = "";
  const act = (values) => write(model, values);
  const key = (state) => JSON.stringify([...TRAITS, "quantity"].map((name) => state[name]));

  // The module's own settings: one line a branch.
  const example = select({ label: "Example", input: (name) => { if (PRESETS[name]) act({ ...PRESETS[name], pinned: "" }); } });
  const reset = button({ label: "Reset", press: () => { answered = ""; act(start); } });
  const put = (name, i) => (value) => act({ [name]: i === undefined ? value : read()[name].map((old, n) => (n === i ? value : old)) });
  const controls = {
    in_channels: slider({ label: "Input channels", caption: "channels", input: put("in_channels") }),
    height: slider({ label: "Height", caption: "height", input: put("input_size", 0) }),
    width: slider({ label: "Width of the map", caption: "width", input: put("input_size", 1) }),
    n1x1: slider({ label: "1 × 1, channels out", caption: "out", input: put("n1x1") }),
    r3: slider({ label: "3 × 3, reduced to", caption: "to", input: put("n3x3", 0) }),
    n3: slider({ label: "3 × 3, channels out", caption: "out", input: put("n3x3", 1) }),
    r5: slider({ label: "5 × 5, reduced to", caption: "to", input: put("n5x5", 0) }),
    n5: slider({ label: "5 × 5, channels out", caption: "out", input: put("n5x5", 1) }),
    pool: slider({ label: "Pooling, projected to", caption: "to", input: put("pool") }),
  };
  const toggles = Object.fromEntries(REDUCTIONS.map((name) => [name, checkbox({
    label: name === "pool" ? "1 × 1 after the pooling" : `1 × 1 before the ${BRANCHES[name]}`,
    input: (on) => act({ reductions: REDUCTIONS.filter((r) => (r === name ? on : read().reductions.includes(r))), pinned: "" }),
  })]));
  const line = (name, ...parts) => h("div", { class: "ip-line", role: "group", "aria-label": name }, h("span", { class: "ip-branch", "aria-hidden": "true" }, name), parts.map((p) => p.element));

  // Both modules, and the numbers under them.
  const on = { hover(k) { at.hovered = k; paint(); }, focus(k) { at.focused = k; paint(); }, pick: (k) => act({ pinned: read().pinned === k ? "" : k }) };
  const views = { naive: picture("(a) without reductions", on), here: picture("(b) this module", on) };
  const stage = h("div", { class: "ip-stage" }, Object.values(views).map((v) => v.element));
  const about = h("p", { class: "ip-about" }), spoken = status({ hidden: true });
  const quantity = segmented({ label: "Count", options: Object.entries(NAMES).map(([value, said]) => ({ value, text: said })), input: (value) => act({ quantity: value }) });
  const rows = Object.keys(BRANCHES).concat("module").map((name) => ({ name, cells: Array.from({ length: 3 }, () => h("td")) }));
  const table = h("table", { class: "ip-table" },
    h("thead", {}, h("tr", {}, ["Branch", "(a) without", "(b) this module", "share of (b)"].map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, rows.map((r) => (r.row = h("tr", {}, h("th", { scope: "row" }, r.name === "module" ? "all" : BRANCHES[r.name]), r.cells)))));
  const said = status();
  said.element.className = "ip-headline";
  const effects = Object.fromEntries(REDUCTIONS.map((name) => [name, h("li")]));
  const effectList = h("ul", { class: "ip-effects" }, Object.values(effects));

  // Predict first.
  const predict = checkbox({ label: "Predict first: hide the costs", input: (value) => { answered = ""; act({ predict: value }); } });
  const which = segmented({ label: "Which branch of (b) costs most?", options: Object.entries(BRANCHES).map(([value, name]) => ({ value, text: name })), input: (value) => { guess = value; which.set({ value }); } });
  const error = errorLine(), verdict = status();
  let factor = NaN;
  const typed = field({ label: "How many times as much does (a) cost?", size: 4, error, format: (v) => (Number.isFinite(v) ? show(v, 2) : ""), input: (v) => { factor = v; },
    read: (words) => { const value = parseNumber(words); return value > 0 ? { value } : { error: `“${words.trim()}” is not a number above 0; type one such as 2.4.` }; } });
  const check = button({ label: "Check", kind: "cb-main", press: () => {
    if (!guess) return error.set("Choose a branch first.");
    if (!typed.commit() || !Number.isFinite(factor)) return error.set("Type a number such as 2.4.");
    reveal(verdictWords(judge(read(), read().quantity, { branch: guess, factor }), read().quantity));
  } });
  const tell = button({ label: "Show the costs", press: () => reveal("") });
  const questions = h("div", { class: "ip-questions" }, which.element, h("label", { class: "ip-factor" }, h("span", {}, "(a) costs"), typed.element, h("span", {}, "times as much as (b)")), check.element, tell.element, error.element);
  function reveal(words) { error.set(""); answered = key(read()); draw(); verdict.set(words); }

  const python = codeBlock({ label: "The module in PyTorch" });
  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Inception pricer"), example.element, reset.element),
    h("div", { class: "ip-lines" },
      line("Input", controls.in_channels, controls.height, controls.width), line("1 × 1", controls.n1x1),
      line("3 × 3", toggles["3x3"], controls.r3, controls.n3), line("5 × 5", toggles["5x5"], controls.r5, controls.n5), line("Pool", toggles.pool, controls.pool)),
    h("div", { class: "cb-row ip-choices" }, quantity.element, predict.element), questions, verdict.element,
    stage, about, said.element, table, effectList, fold("The module in PyTorch", {}, python.element), spoken.element);

  function draw() {
    const state = read();
    const same = Object.keys(PRESETS).find((name) => TRAITS.every((t) => JSON.stringify(PRESETS[name][t]) === JSON.stringify(state[t])));
    example.set({ value: same ?? "", options: [...Object.keys(PRESETS).map((value) => ({ value })), ...(same ? [] : [{ value: "", text: "your own" }])] });
    const bounds = (name, value, more = {}) => ({ value, min: LIMITS[name][0], max: LIMITS[name][1], ...more });
    const has = (name) => state.reductions.includes(name);
    controls.in_channels.set(bounds("channels", state.in_channels));
    controls.height.set(bounds("side", state.input_size[0]));
    controls.width.set(bounds("side", state.input_size[1]));
    controls.n1x1.set(bounds("width", state.n1x1));
    controls.r3.set(bounds("width", state.n3x3[0], { disabled: !has("3x3") }));
    controls.n3.set(bounds("width", state.n3x3[1]));
    controls.r5.set(bounds("width", state.n5x5[0], { disabled: !has("5x5") }));
    controls.n5.set(bounds("width", state.n5x5[1]));
    controls.pool.set(bounds("width", state.pool, { disabled: !has("pool") }));
    for (const name of REDUCTIONS) toggles[name].set(has(name));
    quantity.set({ value: state.quantity });
    predict.set(state.predict);
    const hidden = state.predict && answered !== key(state);
    if (hidden && verdict.element.textContent) verdict.set("");
    questions.hidden = !hidden;
    if (hidden) which.set({ value: guess });
    verdict.element.hidden = !state.predict;
    numbers(state, hidden);
    python.set(code(state));
    paint();
  }

  function numbers(state, hidden) {
    const what = state.quantity, here = price(state), bare = price(naive(state)), most = Math.max(...[...here.branches, ...bare.branches].map((b) => b[what]));
    rows.forEach(({ name, cells }, i) => {
      const pair = name === "module" ? [bare[what], here[what]] : [bare.branches[i][what], here.branches[i][what]];
      pair.forEach((value, n) => {
        text(cells[n], hidden ? "?" : show(value));
        cells[n].style.setProperty("--part", hidden || name === "module" ? "0%" : `${(100 * value) / most}%`);
      });
      text(cells[2], hidden ? "?" : percent(pair[1], here[what]));
    });
    said.set(hidden ? "The costs are hidden. Answer, or press “Show the costs”." : headline(state));
    effectList.hidden = hidden;
    for (const name of REDUCTIONS) text(effects[name], `1 × 1 ${name === "pool" ? "after the pooling" : `before the ${BRANCHES[name]}`}${state.reductions.includes(name) ? "" : " (not there now)"}: ${effectWords(state, name, what)}`);
  }

  function paint() {
    const state = read(), what = state.quantity, hidden = state.predict && answered !== key(state), bare = naive(state);
    const most = Math.max(...[state, bare].flatMap((s) => price(s).layers.map((l) => l[what])));
    const width = views.here.width();
    if (!width) return;
    const all = price(state).layers, dearest = all.reduce((a, b) => (b[what] > a[what] ? b : a));
    const chosen = [at.hovered, at.focused, state.pinned].find((k) => k && all.concat(price(bare).layers).some((l) => l.key === k));
    const options = { width, what, most, selected: chosen, picked: state.pinned, hidden };
    views.naive.draw(bare, options);
    views.here.draw(state, options);
    const layer = all.find((l) => l.key === chosen) ?? (chosen ? null : dearest);
    const shown = hidden ? "Point at a box: its cost comes after your answer." : layer ? `${chosen ? "" : "The dearest layer of (b): "}${layerWords(state, layer)}` : `Only in (a): ${layerWords(bare, price(bare).layers.find((l) => l.key === chosen))}`;
    text(about, shown);
    if (chosen !== at.hovered) spoken.set(shown);
  }

  const wide = new ResizeObserver(paint);
  wide.observe(stage);
  draw();
  const stop = watch(model, ALL, draw);
  return () => { stop(); wide.disconnect(); root.remove(); };
}

export default { render };
