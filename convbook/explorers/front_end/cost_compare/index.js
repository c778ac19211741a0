// Cost comparison: builds its parts once, then draws them from the model.

import { button, checkbox, codeBlock, errorLine, explorer, fold, h, segmented, select, slider, status, text, watch, write } from "../base.js";
import { QUANTITIES, changed, compare, limits, question } from "./geometry.js";
import { PRESETS } from "./presets.js";
import { table } from "./table.js";
import { FORMULAS, UNITS, asked, code, explain, kindName, optionName, sums, verdict } from "./words.js";

const LAYER = ["in_channels", "out_channels", "kernel_size", "size", "stride", "padding", "groups", "multiplier"];
const TRAITS = [...LAYER, "quantity", "scale", "sort", "picked", "predict", "question", "guess", "checked"];
const FRESH = { guess: "", checked: false };
const SETTINGS = { in_channels: ["Input channels", "C"], out_channels: ["Output channels", "D"], kernel_size: ["Kernel", "k"], height: ["Image height", "height"], width: ["Image width", "width"],
  stride: ["Stride", "stride"], padding: ["Padding", "padding"], groups: ["Groups", "groups"], multiplier: ["Multiplier", "multiplier"] };

function render({ model, el }) {
  const root = explorer(el, { name: "CostCompare", label: "Cost of one layer, as every kind of convolution" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let built = "";

  /** A reader's action. Another layer is another question; a row that is gone is not picked. */
  function act(values) {
    const next = { ...read(), ...values };
    const layer = LAYER.some((name) => name in values);
    write(model, { ...values, ...(layer ? FRESH : {}), picked: compare(next).costs[next.picked] ? next.picked : "standard" });
  }
  const layerOf = (state) => Object.fromEntries(LAYER.map((name) => [name, state[name]]));
  const set = (name) => (value) => act(layerOf(changed(read(), name, value)));

  const preset = select({ label: "Example", options: [{ value: "", text: "choose …" }, ...Object.entries(PRESETS).map(([value, { text: name }]) => ({ value, text: name }))],
    input(value) { if (PRESETS[value]) act(layerOf(PRESETS[value])); preset.set({ value: "" }); } });
  const reset = button({ label: "Reset", press: () => write(model, start) });
  const error = errorLine();
  const sliders = Object.fromEntries(Object.entries(SETTINGS).map(([name, [label, caption]]) => [name, slider({ label, caption, input: set(name), error })]));
  const quantity = segmented({ label: "Quantity", caption: "Show", options: QUANTITIES.map((value) => ({ value, text: { params: "weights", macs: "MACs", bytes: "bytes", intensity: "FLOPs / byte" }[value] })), input: (value) => act({ quantity: value }) });
  const scale = segmented({ label: "Scale of the bars", caption: "Bars", options: [{ value: "linear", text: "linear" }, { value: "log", text: "log" }], input: (value) => act({ scale: value }) });
  const sort = checkbox({ label: "smallest first", input: (value) => act({ sort: value }) });
  const predict = checkbox({ label: "Predict: ask me first", input: (value) => act({ predict: value, ...FRESH }) });
  const next = button({ label: "Next question", press: () => act({ question: model.get("question") + 1, ...FRESH }) });
  const said = status(), heard = status(), options = h("div", { class: "cb-row", role: "group", "aria-label": "Answers" });
  const ask = h("div", { class: "cc-ask" }, said.element, h("div", { class: "cb-row cb-quiet" }, options, next.element));
  const bars = table({ pick: (kind) => act({ picked: kind }) });
  const left = h("p", { class: "cb-muted cc-left" });
  const name = h("span", { class: "cc-formula" }), list = h("ol", { class: "cc-sums" });
  const python = codeBlock({ label: "The picked kind in PyTorch" });
  said.element.className = heard.element.className = "cc-said";
  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Cost of one layer"), preset.element, reset.element),
    h("div", { class: "cc-settings cb-thirds cb-quiet" }, Object.values(sliders).map((s) => s.element)), error.element,
    h("div", { class: "cb-row cc-modes cb-quiet" }, quantity.element, scale.element, sort.element, predict.element), ask,
    bars.element, left, heard.element, h("div", { class: "cc-working" }, name, list),
    fold("The picked kind in PyTorch", {}, python.element));

  function drawQuestion(state) {
    ask.hidden = !state.predict;
    if (!state.predict) return;
    const q = question(state, state.question);
    said.set(state.checked ? verdict(state, state.question, state.guess) : asked(state, state.question));
    const key = JSON.stringify([q.options, layerOf(state), state.question]);
    if (built !== (built = key)) options.replaceChildren(...q.options.map((option) => h("button", { type: "button", class: "cb-button cc-option", value: option,
      onclick: () => { act({ guess: option, checked: true }); next.element.focus(); } }, optionName(state, q, option))));
    for (const node of options.children) {
      node.disabled = state.checked;
      attrMark(node, state.checked ? (node.value === q.answer ? "right" : node.value === state.guess ? "wrong" : "") : "");
    }
  }
  const attrMark = (node, mark) => { if (mark) node.dataset.mark = mark; else delete node.dataset.mark; };

  function draw() {
    const state = read(), { costs, left: missing } = compare(state), picked = costs[state.picked] ? state.picked : "standard";
    const hidden = state.predict && !state.checked ? question(state, state.question).quantity : "";
    for (const [key, control] of Object.entries(sliders)) {
      const [min, max] = limits(state, key);
      control.set({ value: key === "height" ? state.size[0] : key === "width" ? state.size[1] : state[key], min, max,
        why: (value) => (key === "kernel_size" && value > max ? `the padded image has ${max} rows or columns` : null) });
    }
    quantity.set({ value: state.quantity });
    scale.set({ value: state.scale });
    sort.set(state.sort);
    predict.set(state.predict);
    drawQuestion(state);
    bars.draw({ ...state, picked }, costs, hidden);
    root.dataset.quantity = state.quantity;
    text(left, Object.keys(missing).length ? `Not here: ${Object.entries(missing).map(([kind, why]) => `${kindName(kind, { groups: state.groups, multiplier: state.multiplier })} (${why})`).join("; ")}.` : "");
    heard.set(hidden ? "Answer first; then pick any row to see its sum." : explain(state, picked));
    text(name, hidden ? "" : `${UNITS[state.quantity]} = ${FORMULAS[state.quantity]}`);
    list.replaceChildren(...(hidden ? [] : sums(costs[picked], state.quantity).map(({ name: step, sum }) => h("li", {}, h("span", { class: "cb-muted" }, step), " ", h("span", { class: "cc-sum" }, sum)))));
    python.set(code(costs[picked], state));
  }

  draw();
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); root.remove(); };
}

export default { render };
