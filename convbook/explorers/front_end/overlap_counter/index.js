// Overlap counter: how often each position is hit by a stack of transposed convolutions, before any training.

import { alone, button, codeBlock, errorLine, explorer, field, fold, h, onWidth, parseNumber, player, segmented, select, slider, status, text, watch, write } from "../base.js";
import { LIMITS, METHODS, PRESETS, WEIGHTS, added, changed, code, fault, laidAt, layout, limits, minus, phaseWords, removed, weightsOf, words } from "./geometry.js";
import { picture, square } from "./picture.js";

const LAYER = ["layers", "input_size", "method", "weights", "seed"];
const TRAITS = [...LAYER, "step", "speed", "pinned"];
const PLAIN = { method: "transposed", weights: "ones", step: null, pinned: [] };

function render({ model, el }) {
  const root = explorer(el, { name: "OverlapCounter", label: "Overlap counter: the checkerboard before training" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let L = layout(start), known = "", built = "", width = 0, hovered = null, focused = null;

  const exists = (at) => at?.length && at[0] < L.rows.length && at[1] < L.rows[at[0]].n;
  const stepNow = () => { const step = model.get("step"); return step === null ? L.total - 1 : Math.min(step, L.total - 1); };
  /** A reader's action; a change of the layers shows all stamps again. */
  function act(values) {
    hovered = null;
    const layer = "layers" in values || "input_size" in values || "method" in values;
    write(model, layer ? { step: null, pinned: [], ...values } : values);
  }

  const example = select({ label: "Example", input: (name) => {
    const found = PRESETS.find((p) => p.name === name);
    if (found) { const { name: _, ...state } = found; act({ ...PLAIN, ...state }); }
  } });
  const method = segmented({ label: "Method", options: Object.entries(METHODS).map(([value, said]) => ({ value, text: said })), input: (value) => act({ method: value }) });
  const weights = segmented({ label: "Weights", options: Object.entries(WEIGHTS).map(([value, said]) => ({ value, text: said })), input(value) {
    const state = read();
    act({ weights: value === "own" ? state.layers.map((_, l) => weightsOf(state, l)) : value });
  } });
  const again = button({ label: "New random weights", press: () => act({ weights: "random", seed: (read().seed + 1) % 1e6 }) });
  const length = slider({ label: "Input length", caption: "Input", input: (value) => act({ input_size: value }) });
  const lines = Array.from({ length: LIMITS.layers[1] }, (_, l) => layerLine(l, read, act));
  const add = button({ label: "Add a layer", press: () => { const { layers, weights: own } = added(read()); act({ layers, weights: own }); } });
  const play = player({ label: "stamp", count: () => L.total, index: stepNow, go: (step) => act({ step, pinned: [] }), speed: () => model.get("speed"), setSpeed: (speed) => act({ speed }) });
  const reset = button({ label: "Reset", press: () => { play.stop(); write(model, start); } });
  const stage = picture({
    hover(at) { if (String(at) !== String(hovered)) { hovered = at; drawPicture(); } },
    focus(at) { focused = at; drawPicture(); },
    pick(at) { play.stop(); act({ pinned: String(model.get("pinned")) === String(at) ? [] : at }); },
    leave: () => act({ pinned: [] }),
  });
  const headline = status(), rule = h("p"), here = h("p", { class: "oc-here" }), phase = h("div", { class: "oc-phases" }), heat = square(), spoken = status({ hidden: true });
  headline.element.className = "oc-headline";
  const python = codeBlock({ label: "The same numbers in PyTorch" });
  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Overlap counter"), example.element, reset.element),
    h("div", { class: "oc-layers" }, length.element, lines.map((line) => line.element), h("div", { class: "cb-row cb-quiet" }, add.element)),
    h("div", { class: "cb-row oc-choices" }, method.element, weights.element, again.element),
    stage.element, play.element, here, headline.element,
    h("div", { class: "oc-answer" }, heat.element, h("div", { class: "oc-facts" }, rule, phase)), fold("The same numbers in PyTorch", {}, python.element), spoken.element);

  const drawPicture = alone(() => {
    if (!width) return;
    const pinned = model.get("pinned"), laidNow = laidAt(L, stepNow());
    const key = JSON.stringify([L.state.layers, L.state.input_size, L.state.method, width]);
    if (built !== (built = key)) {
      const held = stage.hasFocus();
      stage.build(L, width);
      if (held) stage.focus();
    }
    const at = [hovered, focused, pinned].find(exists) ?? lastLaid(laidNow);
    stage.paint(L, { place: at, pinned, laidNow, label: (row, i, value) => `${row ? `Layer ${row}, position` : "Input"} ${i}: ${value}` });
    const said = sentence(at);
    text(here, said);
    if (!play.playing() && at !== hovered) spoken.set(said);
  });

  /** The number whose stamp came last; when all are laid, the middle of the input. */
  function lastLaid(laidNow) {
    const row = laidNow.findLastIndex((count) => count > 0);
    return stepNow() === L.total - 1 ? [0, Math.floor((L.rows[0].n - 1) / 2)] : [row, laidNow[row] - 1];
  }

  function sentence([row, i]) {
    const name = (r, at) => (r ? `layer ${r} position ${at}` : `input ${at}`);
    const parts = [], below = L.rows[row + 1];
    if (row) {
      const hits = L.rows[row].hits[i];
      const sum = hits.map((hit, n) => `${n && hit.value < 0 ? `(${minus(hit.value)})` : minus(hit.value)}·${hit.weight < 0 ? `(${minus(hit.weight)})` : minus(hit.weight)}`).join(" + ");
      parts.push(hits.length ? `Layer ${row}, position ${i}: ${hits.length} stamp${hits.length > 1 ? "s" : ""}, from ${hits.map((hit) => name(row - 1, hit.i)).join(" and ")}: ${sum} = ${minus(L.rows[row].values[i])}.`
        : `Layer ${row}, position ${i}: no stamp reaches it, a hole.`);
    }
    if (below) {
      const first = L.state.layers[row].s * i;
      parts.push(`${row ? "It" : `Input ${i}`} stamps position${below.stamp.length > 1 ? `s ${first} to ${first + below.stamp.length - 1}` : ` ${first}`} of layer ${row + 1}.`);
    }
    return parts.join(" ");
  }

  function draw() {
    const state = read();
    if (known !== (known = JSON.stringify(LAYER.map((name) => state[name])))) {
      L = layout(state);
      const said = words(L);
      headline.set(said.headline);
      text(rule, said.rule);
      heat.draw(L, said.square);
      phase.replaceChildren(...state.layers.flatMap((_, l) => { const { head, lines: sums } = phaseWords(state, l); return [h("p", { class: "cb-muted" }, `Layer ${l + 1}, ${head}`), h("p", { class: "cb-mono" }, sums.join("; "))]; }));
      python.set(code(state));
    }
    const same = PRESETS.find((p) => JSON.stringify([p.layers, p.input_size, p.method ?? "transposed", p.weights ?? "ones"]) === JSON.stringify([state.layers.map(({ k, s }) => ({ k, s })), state.input_size, state.method, state.weights]));
    example.set({ value: same?.name ?? "", options: [...PRESETS.map(({ name }) => ({ value: name })), ...(same ? [] : [{ value: "", text: "your own" }])] });
    method.set({ value: state.method, options: Object.keys(METHODS).map((value) => ({ value, disabled: Boolean(fault({ ...state, method: value })) })) });
    weights.set({ value: typeof state.weights === "string" ? state.weights : "own" });
    const bySize = (n) => ({ ...state, input_size: n }), [min, max] = limits(state.input_size, LIMITS.n, bySize);
    length.set({ value: state.input_size, min, max, why: (n) => (n >= LIMITS.n[0] && n <= LIMITS.n[1] ? fault(bySize(n)) : null) });
    lines.forEach((line) => line.draw(state));
    add.set({ disabled: state.layers.length === LIMITS.layers[1] || Boolean(fault(added(state))) });
    drawPicture();
    play.draw();
  }

  draw();
  const forget = onWidth(stage.element, (now) => { width = now; drawPicture(); });
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); forget(); play.destroy(); root.remove(); };
}

/** Kernel, stride and weights of one layer. */
function layerLine(l, read, act) {
  const error = errorLine();
  const to = (name, value) => changed(read(), l, { [name]: value });
  const put = (name) => (value) => { const { layers, weights } = to(name, value); act({ layers, weights }); };
  const k = slider({ label: `Layer ${l + 1}, kernel k`, caption: "k", error, input: put("k") });
  const s = slider({ label: `Layer ${l + 1}, stride s`, caption: "s", error, input: put("s") });
  const numbers = (typed) => typed.normalize("NFKC").split(/[\s,;]+/).filter(Boolean).map(parseNumber);
  const own = field({
    label: `Layer ${l + 1}, weights`, size: 14, error,
    read(typed) {
      const found = numbers(typed), { k: count } = read().layers[l];
      const fits = `type ${count} number${count > 1 ? "s" : ""} from −${LIMITS.weight} to ${LIMITS.weight}, such as ${Array(count).fill(1).join(" ")}.`;
      if (found.length !== count || found.some((v) => !(Math.abs(v) <= LIMITS.weight))) return { error: `Weights of layer ${l + 1}: “${typed.trim()}” does not fit; ${fits}` };
      return { value: found.map(minus).join("  ") };
    },
    input(said) {
      const state = read();
      act({ weights: state.layers.map((_, i) => (i === l ? numbers(said) : weightsOf(state, i))) });
    },
  });
  const gone = button({ label: `Remove layer ${l + 1}`, caption: "✕", press: () => { const { layers, weights } = removed(read(), l); act({ layers, weights }); } });
  const element = h("div", { class: "oc-layer", role: "group", "aria-label": `Layer ${l + 1}` },
    h("span", { class: "oc-name", "aria-hidden": "true" }, `Layer ${l + 1}`), k.element, s.element, h("span", { class: "oc-weights" }, h("span", { class: "cb-caption", "aria-hidden": "true" }, "w"), own.element, gone.element), error.element);
  return { element, draw(state) {
    element.hidden = l >= state.layers.length;
    if (element.hidden) return;
    for (const [name, control] of [["k", k], ["s", s]]) {
      const [min, max] = limits(state.layers[l][name], LIMITS[name], (value) => changed(state, l, { [name]: value }));
      control.set({ value: state.layers[l][name], min, max, why: (value) => (value >= LIMITS[name][0] && value <= LIMITS[name][1] ? fault(changed(state, l, { [name]: value })) : null) });
    }
    own.set(weightsOf(state, l).map(minus).join("  "));
    gone.set({ disabled: state.layers.length === 1 || Boolean(fault(removed(state, l))) });
  } };
}

export default { render };
