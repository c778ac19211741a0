// RoI bins: a region of a feature map, cut into bins; averages, offsets, maps of their own.

import { button, checkbox, codeBlock, explorer, fold, h, onWidth, segmented, select, show, status, text, watch, write } from "../base.js";
import { decimal } from "../decimal_slider.js";
import { numberQuestion } from "../number_question.js";
import { LIMITS, code, compare, outward, pooled, region, round, still, sums } from "./geometry.js";
import { averages, picture, thumbnails } from "./picture.js";

const TRAITS = ["map", "roi", "bins", "moved", "offsets", "gamma", "sensitive", "bin", "predict"];
const EDGES = [["x1", "left, x1"], ["y1", "top, y1"], ["x2", "right, x2"], ["y2", "bottom, y2"]];

function render({ model, el }) {
  const root = explorer(el, { name: "RoIBins", label: "RoI bins: a region becomes a grid of averages" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let width = 0, spokenAt = "";
  const act = (values) => { if (!("predict" in values) || values.predict) quiz.renew(); write(model, values); };
  const size = () => [model.get("map").length, model.get("map")[0].length];
  const clip = (v) => round(Math.min(LIMITS.offset, Math.max(-LIMITS.offset, v)), 1);
  const setOffset = (bin, down, right) => { const { offsets, bins } = read(), n = bins[0] * bins[1]; act({ bin, offsets: offsets.map((v, k) => (k === bin ? clip(down) : k === n + bin ? clip(right) : v)) }); };

  const kind = segmented({ label: "Pooling", options: [{ value: "plain", text: "RoI pooling" }, { value: "sensitive", text: "position-sensitive" }], input: (v) => act({ sensitive: v === "sensitive" }) });
  const moving = checkbox({ label: "Move the bins (deformable)", input: (v) => act({ moved: v }) });
  const predict = checkbox({ label: "Let me predict first", input: (v) => act({ predict: v }) });
  const reset = button({ label: "Reset", press: () => { quiz.renew(); write(model, start); } });
  const counts = [0, 1].map((a) => select({ label: a ? "Bins across" : "Bins down", options: [1, 2, 3, 4].map((v) => ({ value: String(v) })), input(v) {
    const bins = model.get("bins").map((old, k) => (k === a ? Number(v) : old));
    act({ bins, offsets: still(bins), bin: 0 });
  } }));
  const edges = EDGES.map(([, label], k) => decimal({ label: `Region, ${label}`, caption: label, step: 0.5, input(v) { const roi = [...model.get("roi")]; roi[k] = v; act({ roi }); } }));
  const gamma = decimal({ label: "gamma", caption: "γ", step: 0.05, input: (v) => act({ gamma: v }) });
  const dy = decimal({ label: "Offset of this bin, down", caption: "offset dy", step: 0.1, digits: 1, input: (v) => { const { bin, offsets, bins } = read(); setOffset(bin, v, offsets[bins[0] * bins[1] + bin]); } });
  const dx = decimal({ label: "Offset of this bin, right", caption: "offset dx", step: 0.1, digits: 1, input: (v) => { const { bin, offsets } = read(); setOffset(bin, offsets[bin], v); } });
  const apart = button({ label: "Push apart", press: () => act({ offsets: outward(model.get("bins")) }) });
  const together = button({ label: "Pull together", press: () => act({ offsets: outward(model.get("bins"), -1.5) }) });
  const none = button({ label: "All zero", press: () => act({ offsets: still(model.get("bins")) }) });
  const stage = picture({
    pick: (bin) => act({ bin }),
    change: (part, right, down, from) => act({ roi: region(from, size(), part, right, down) }),
    drag(bin, y, x) {
      const { roi, gamma: g } = read(), b = pooled(read())[bin], hh = roi[3] - roi[1], w = roi[2] - roi[0];
      if (g > 0) setOffset(bin, (y - roi[1] - (b.row.from + b.row.to) / 2) / (g * hh), (x - roi[0] - (b.column.from + b.column.to) / 2) / (g * w));
    },
    nudge(bin, down, right) { const { offsets, bins } = read(); setOffset(bin, offsets[bin] + 0.1 * down, offsets[bins[0] * bins[1] + bin] + 0.1 * right); },
  });
  const grid = averages({ pick: (bin) => act({ bin }) }), small = thumbnails({ pick: (bin) => act({ bin }) });
  const who = h("p"), words = h("div", { class: "rb-words" }), table = h("p", { class: "rb-compare" }), spoken = status({ hidden: true });
  const python = codeBlock({ label: "The same numbers in convbook" });
  const moves = h("div", { class: "rb-moves" }, gamma.element, dy.element, dx.element, h("div", { class: "cb-row" }, apart.element, together.element, none.element));

  const quiz = numberQuestion({ kind: "rb-quiz", next: "Another bin", changed: () => draw(),
    judge(value) {
      const state = read(), bin = pooled(state)[state.bin];
      return { right: Math.abs(value - bin.average) <= 0.051, working: sums(state, bin).sum };
    },
    another() { const { bin, bins } = read(); act({ bin: (bin + 1) % (bins[0] * bins[1]) }); } });

  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "RoI bins"), predict.element, reset.element),
    h("div", { class: "rb-settings" }, kind.element, moving.element, counts.map((c) => c.element)),
    h("div", { class: "rb-edges" }, edges.map((e) => e.element)),
    h("div", { class: "rb-stage" }, h("div", { class: "rb-left" }, h("p", { class: "cb-muted rb-which" }), stage.element, small.element),
      h("div", { class: "rb-side" }, h("p", { class: "cb-muted" }, "pooled: one average a bin"), grid.element, who, words, moves)),
    quiz.element, table, fold("The same numbers in convbook", {}, python.element), spoken.element);
  const which = root.querySelector(".rb-which");

  function draw() {
    const state = read(), all = pooled(state), here = all[state.bin], blind = state.predict && quiz.open(), [H, W] = size(), { roi } = state;
    kind.set({ value: state.sensitive ? "sensitive" : "plain" });
    moving.set(state.moved);
    predict.set(state.predict);
    counts.forEach((c, a) => c.set({ value: String(state.bins[a]) }));
    edges.forEach((e, k) => e.set({ value: roi[k], min: k < 2 ? 0 : roi[k - 2] + 1, max: k < 2 ? roi[k + 2] - 1 : k === 2 ? W : H }));
    gamma.set({ value: state.gamma, min: 0, max: 1 });
    dy.set({ value: state.offsets[state.bin], min: -LIMITS.offset, max: LIMITS.offset });
    dx.set({ value: state.offsets[all.length + state.bin], min: -LIMITS.offset, max: LIMITS.offset });
    moves.hidden = !state.moved;
    if (width) stage.draw({ ...state, all, width, blind });
    grid.draw({ ...state, all, blind });
    small.draw({ ...state, all });
    text(which, state.sensitive ? `Map ${state.bin} of 0 to ${all.length - 1}: the one that this bin reads` : "Feature map: all bins read the same one");
    who.replaceChildren(h("strong", {}, `Bin (${here.i}, ${here.j})`), ` averages ${here.count} position${here.count === 1 ? "" : "s"}`, roi.every(Number.isInteger) && !state.moved ? "." : ", read between the pixels where need be.");
    const said = sums(state, here);
    words.replaceChildren(...[said.rows, said.columns, said.shift, blind ? "average = ?" : said.sum].filter(Boolean).map((line) => h("p", { class: "cb-mono" }, line)));
    const three = compare(state);
    table.hidden = blind;
    text(table, `This bin, three ways: ${Object.entries(three).map(([name, v]) => `${name} ${show(v, 2)}`).join(" · ")}.`);
    quiz.element.hidden = !state.predict;
    quiz.set(`Which average does bin (${here.i}, ${here.j}) get?`);
    python.set(code(state));
    const line = `Region ${roi.map((v) => show(v)).join(", ")}. Bin row ${here.i}, column ${here.j}: ${blind ? "not shown" : show(here.average, 2)}.`;
    if (spokenAt !== (spokenAt = line)) spoken.set(line);
  }

  draw();
  const forget = onWidth(stage.element, (now) => { width = now; draw(); });
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); forget(); root.remove(); };
}

export default { render };
