// Rank one: any kernel as a sum of columns times rows, what the first r of them do to a photograph, and what they cost.

import { button, checkbox, codeBlock, errorLine, explorer, fold, h, segmented, select, slider, status, text, watch, write } from "../base.js";
import { LIMITS, PRESETS, fault, kernelOf, layout } from "./geometry.js";
import { bars, editor, numbers, photograph, terms } from "./picture.js";
import { code, costWords, errorSum, headline, percent, photoWords, question, shape, verdict } from "./words.js";

const TRAITS = ["kernel", "size", "rank", "seed", "image_size", "image", "predict"];
const PENS = [["type", "type"], ["-1", "−1"], ["0", "0"], ["1", "1"], ["2", "2"]];

function render({ model, el }) {
  const root = explorer(el, { name: "RankOne", label: "Rank one: a kernel as a sum of columns times rows" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let pen = "type", guess = null, asked = start.seed, L = null;

  /** A reader's action: a rank that the new kernel cannot have is cut to what it can. */
  function act(values) {
    const next = { ...read(), ...values };
    if (typeof next.kernel === "string" && !PRESETS[next.kernel].sizes.includes(next.size)) next.size = PRESETS[next.kernel].sizes[0];
    next.rank = Math.min(next.rank, ...(typeof next.kernel === "string" ? [next.size] : [next.kernel.length, next.kernel[0].length]));
    if ("kernel" in values || "size" in values) guess = null;
    if (!fault(next)) write(model, Object.fromEntries(["kernel", "size", "rank", "seed", "image_size", "predict"].map((name) => [name, next[name]])));
  }
  const ask = () => { const { kernel } = question(asked); asked += 1; act({ kernel, predict: true, rank: 1 }); };

  const example = select({ label: "Kernel", input: (name) => { if (PRESETS[name]) act({ kernel: name, rank: 1 }); } });
  const size = segmented({ label: "Size", options: LIMITS.size.map((m) => ({ value: String(m), text: `${m} × ${m}` })), input: (value) => {
    const { kernel } = read(), m = Number(value);
    act(typeof kernel === "string" ? { size: m } : { kernel: Array.from({ length: m }, (_, i) => Array.from({ length: m }, (_, j) => kernel[i]?.[j] ?? 0)) });
  } });
  const another = button({ label: "Another", press: () => act({ kernel: "random", seed: (read().seed + 1) % 1e6 }) });
  const reset = button({ label: "Reset", press: () => { guess = null; write(model, start); draw(); } });
  const rank = slider({ label: "Terms kept, r", caption: "terms kept, r", input: (value) => act({ rank: value }) });
  const predict = checkbox({ label: "Predict first: hide the answer", input: (value) => { guess = null; act({ predict: value }); } });

  const error = errorLine();
  const pens = segmented({ label: "Pen", options: PENS.map(([value, said]) => ({ value, text: said })), input: (value) => { pen = value; draw(); } });
  const own = editor({ title: "Kernel K", error, limit: LIMITS.weight, pen: () => (pen === "type" ? null : Number(pen)), change(i, j, value) {
    const K = kernelOf(read());
    if (K[i][j] !== value) act({ kernel: K.map((row, u) => row.map((v, w) => (u === i && w === j ? value : v))) });
  } });
  const near = numbers("Best sum of r"), gap = numbers("What is missing");
  const plot = bars((r) => act({ rank: r })), parts = terms();
  const shots = [photograph("Filtered by K."), photograph("By the sum of r."), photograph("Difference.")];
  const said = status(), formula = h("p", { class: "ro-formula" }), lost = h("p", { class: "ro-lost" });
  said.element.className = "ro-headline";

  const guesses = h("div", { class: "cb-row ro-guesses" }), answer = status();
  const next = button({ label: "Another question", press: ask });
  const questions = h("div", { class: "ro-questions" }, h("p", {}, "How many columns times rows does this kernel take?"), guesses, h("div", { class: "cb-row" }, next.element), answer.element);

  const side = slider({ label: "Image, N × N", caption: "image N", input: (value) => act({ image_size: value }) });
  const cells = { direct: h("td"), passes: h("td") };
  const cost = h("table", { class: "ro-costs" }, h("tbody", {},
    h("tr", {}, h("th", { scope: "row" }, "K at once"), cells.direct), h("tr", {}, h("th", { scope: "row" }, "r pairs of passes"), cells.passes)));
  const dear = h("p", { class: "ro-dear" });
  const python = codeBlock({ label: "Both filters in PyTorch" });

  const shown = h("div", { class: "ro-answer" }, said.element, formula,
    h("div", { class: "ro-spectrum" }, h("figure", { class: "ro-plot" }, h("figcaption", {}, "Singular values"), plot.element), parts.element),
    h("div", { class: "ro-shots" }, shots.map((s) => s.element)), lost,
    h("p", { class: "ro-subtitle" }, "Multiplications on an image"), side.element, cost, dear);
  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Rank one"), example.element, reset.element),
    h("div", { class: "cb-row ro-choices" }, size.element, another.element, predict.element),
    rank.element, questions,
    h("div", { class: "ro-kernels" }, own.element, near.element, gap.element),
    h("div", { class: "cb-row cb-quiet" }, pens.element), error.element, shown,
    fold("Both filters in PyTorch", {}, python.element));

  function draw() {
    const state = read();
    L = layout(state);
    const preset = typeof state.kernel === "string", sizes = preset ? PRESETS[state.kernel].sizes : LIMITS.size;
    example.set({ value: preset ? state.kernel : "", options: [...Object.entries(PRESETS).map(([value, { name }]) => ({ value, text: name })), ...(preset ? [] : [{ value: "", text: "your own" }])] });
    size.set({ value: L.sides[0] === L.sides[1] ? String(L.sides[0]) : "", options: LIMITS.size.map((m) => ({ value: String(m), disabled: !sizes.includes(m) })) });
    another.element.hidden = state.kernel !== "random";
    predict.set(state.predict);
    rank.set({ value: L.r, min: 1, max: L.most, why: (r) => (r > L.most ? `a ${shape(L.sides)} kernel is never more than ${L.most} terms` : "") });
    side.set({ value: state.image_size, min: LIMITS.image_size[0], max: LIMITS.image_size[1] });
    pens.set({ value: pen });
    own.set(L.K, pen !== "type");
    const hidden = state.predict && guess === null;
    questions.hidden = !state.predict;
    shown.hidden = near.element.hidden = gap.element.hidden = rank.element.hidden = hidden;
    if (guesses.children.length !== L.most) {
      guesses.replaceChildren(...Array.from({ length: L.most }, (_, i) => button({ label: String(i + 1), press: () => { guess = i + 1; draw(); } }).element));
    }
    answer.set(state.predict && guess !== null ? verdict(L, guess) : "");
    if (!hidden) results();
  }

  function results() {
    const scale = Math.max(1e-12, ...L.K.flat().map(Math.abs));
    const rows = (M) => M.map((row) => row.map((v) => v.toFixed(2)).join(", ")).join("; ");
    near.set({ M: L.near, scale, name: `Best sum of ${L.r}`, label: `The best sum of ${L.r}: ${rows(L.near)}` });
    gap.set({ M: L.gap, scale, label: `The kernel minus that sum: ${rows(L.gap)}`, said: `error ${percent(L.error)}` });
    plot.set(L.s, L.r);
    parts.set(L);
    said.set(headline(L));
    text(formula, errorSum(L));
    const signed = L.before.flat().some((v) => v < 0) || L.after.flat().some((v) => v < -1e-6 * L.span), from = `${L.before.length} × ${L.before[0].length} numbers`;
    shots[0].set(L.before, { span: L.span, signed, label: `The photograph filtered by the kernel, ${from}.`, said: "" });
    shots[1].set(L.after, { span: L.span, signed, label: `The photograph filtered by the sum of ${L.r}, ${from}.`, said: `r = ${L.r}` });
    shots[2].set(L.lost, { span: L.span, signed: true, label: `Their difference; the largest is ${percent(L.span ? L.off / L.span : 0)} of the largest response.`, said: "Same colours; light grey is 0." });
    text(lost, photoWords(L));
    const words = costWords(L);
    text(cells.direct, words.direct);
    text(cells.passes, words.passes);
    text(dear, words.verdict);
    python.set(code(L));
  }

  draw();
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); root.remove(); };
}

export default { render };
