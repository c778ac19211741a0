// The controls, in two groups: the layer's settings, and the numbers that go through it.

import { attr, button, checkbox, errorLine, field, fold, h, parseNumber, select, text } from "../base.js";
import { minus, resized } from "../one_channel.js";
import { sideSliders } from "../side_sliders.js";
import { INPUTS, KERNELS, LIMITS, exists, fault, inputAt, layout, limits, sides } from "./geometry.js";
import { place } from "./words.js";
import { MODES } from "../geometry.js";

const ROWS = [
  { name: "input_size", label: "Input" },
  { name: "kernel_size", label: "Kernel" },
  { name: "stride", label: "Stride" },
  { name: "dilation", label: "Dilation" },
  { name: "padding", label: "Padding" },
];

const LAYER = { stride: [1, 1], padding: "valid", dilation: [1, 1], padding_mode: "zeros", true_convolution: false };
/** Starting points: each shows one thing. */
export const EXAMPLES = {
  plain: { text: "no padding, stride 1", state: { ...LAYER, input_size: [5, 7], kernel_size: [3, 2], kernel: "sobel" } },
  rest: { text: "a stride that leaves a rest", state: { ...LAYER, input_size: [6, 8], kernel_size: [3, 2], stride: [2, 4], kernel: "sum" } },
  same: { text: "“same”, even kernel", state: { ...LAYER, input_size: [5, 6], kernel_size: [3, 4], padding: "same", kernel: "sum" } },
  dilated: { text: "dilation: 7 × 8, every other tap", state: { ...LAYER, input_size: [7, 8], kernel_size: [3, 3], dilation: [2, 2], kernel: "counting" } },
  flipped: { text: "true convolution of a single 1", state: { ...LAYER, input_size: [5, 7], kernel_size: [3, 3], padding: "same", true_convolution: true, input: "impulse", kernel: "counting" } },
  circular: { text: "circular padding, shift", state: { ...LAYER, input_size: [4, 6], kernel_size: [1, 3], padding: "same", padding_mode: "circular", kernel: "shift" } },
  line: { text: "1D signal", state: { ...LAYER, input_size: [1, 8], kernel_size: [1, 3], stride: [1, 2], padding: [0, 1], kernel: "sobel" } },
};

/** read() gives the state, act(values) writes a reader's action. */
export function controls(read, act) {
  // A slider of the padding starts from what "same" or "valid" gives.
  const sliders = sideSliders(ROWS, { read, act, rules: { limits, fault }, bounds: LIMITS, from: (state, name) => (name === "padding" ? { ...state, padding: explicit(state) } : state) });

  const rule = select({ label: "Padding rule", caption: "Rule", input(value) {
    const state = read();
    act({ padding: value === "numbers" ? explicit(state) : value });
  } });
  const mode = select({ label: "Padding mode", caption: "fill", input: (value) => act({ padding_mode: value }) });
  const turn = select({ label: "Operation", caption: "Operation", options: [
    { value: "correlation", text: "correlation" }, { value: "convolution", text: "true convolution" },
  ], input: (value) => act({ true_convolution: value === "convolution" }) });
  const linked = checkbox({ label: "height and width together", input: (value) => act({ linked: value }) });
  const example = select({ label: "Example", caption: "Example", options: [{ value: "", text: "choose …" }, ...Object.entries(EXAMPLES).map(([value, { text }]) => ({ value, text }))],
    input(value) {
      if (value) act({ input: "random", ...EXAMPLES[value].state, linked: false, pinned: [], step: 0 });
      example.set({ value: "" });
    } });

  const preset = (label, name, size, presets) => select({ label, caption: label, input(value) {
    const [h0, w0] = presets[value].size ?? [];
    act({ [name]: value, ...(h0 && !fault({ ...read(), [name]: value, [size]: [h0, w0] }) ? { [size]: [h0, w0] } : {}) });
  } });
  const input = preset("Input numbers", "input", "input_size", INPUTS);
  const kernel = preset("Kernel numbers", "kernel", "kernel_size", KERNELS);
  const again = button({ label: "New random numbers", press: () => act({ seed: (read().seed + 1) % 1e6 }) });
  const cover = checkbox({ label: "cover the outputs that the window has not reached", input: (value) => act({ hide_later: value }) });
  const clear = button({ label: "All zeros, to fill in yourself", press: () => act({ input: resized([], read().input_size) }) });

  const layer = fold("Layer", { open: true },
    h("div", { class: "cb-settings" }, sliders.elements, h("div", { class: "cb-setting cb-setting-rest" }, rule.element, mode.element)),
    h("div", { class: "cb-row" }, turn.element, linked.element));
  const values = fold("Numbers", {},
    h("div", { class: "cb-row" }, input.element, kernel.element, again.element, clear.element), h("div", { class: "cb-row" }, cover.element));
  layer.classList.add("cb-layer");
  values.classList.add("cb-values");

  function draw(state) {
    const asNumbers = { ...state, padding: explicit(state) };
    sliders.draw(state, { stride: state.padding === "same" ? "Padding “same” exists at stride 1 only." : "" });
    const rules = [
      { value: "valid", text: "valid (none)" }, { value: "same", text: "same size" }, { value: "numbers", text: "own numbers" },
    ].map((o) => ({ ...o, disabled: o.value === "numbers" ? Boolean(fault(asNumbers)) : Boolean(fault({ ...state, padding: o.value })) }));
    rule.set({ value: typeof state.padding === "string" ? state.padding : "numbers", options: rules });
    mode.set({ value: state.padding_mode, options: MODES.map((value) => ({ value, disabled: Boolean(fault({ ...state, padding_mode: value })) })) });
    turn.set({ value: state.true_convolution ? "convolution" : "correlation" });
    linked.set(state.linked);
    for (const [control, presets, name] of [[input, INPUTS, "input"], [kernel, KERNELS, "kernel"]]) {
      const own = typeof state[name] !== "string";
      control.set({ value: own ? "own" : state[name],
        options: [...Object.entries(presets).map(([value, { text }]) => ({ value, text })), ...(own ? [{ value: "own", text: "your own" }] : [])] });
    }
    again.set({ disabled: state.input !== "random" && state.kernel !== "random" });
    cover.set(state.hide_later);
  }
  return { layer, values, example: example.element, draw };
}

/** The padding as two numbers: what the rule gives, before the input; "same" with an even span has one more after it. */
function explicit(state) {
  if (typeof state.padding !== "string") return state.padding;
  const now = [0, 1].map((a) => sides(state, a)[0]);
  const next = { ...state, padding: now };
  return fault(next) ? [0, 1].map((a) => sides(state, a)[1]) : now;
}

/** The line under the picture where the number of a picked cell is changed. done() is called when the reader leaves it. */
export function editor(read, act, { done }) {
  const error = errorLine();
  const name = h("span", { class: "cb-editor-name" });
  let at = null;
  const number = field({
    label: "Number", error, size: 6, format: (value) => (value === undefined ? "" : minus(value)),
    read(typed) {
      const value = parseNumber(typed);
      if (Number.isNaN(value)) return { error: `“${typed.trim()}” is not a number; type one such as 3, −2 or 0.5.` };
      if (Math.abs(value) > LIMITS.number) return { error: `${minus(value)} is too large to be drawn; type a number from −${LIMITS.number} to ${LIMITS.number}.` };
      return { value: Math.round(value * 100) / 100 };
    },
    input(value) {
      const state = read(), L = layout(state);
      const [grid, r, c] = at;
      const rows = (grid === "input" ? L.x : L.w).map((row) => [...row]);
      rows[r][c] = value;
      act({ [grid]: rows });
    },
    keydown(event, commit) {
      event.stopPropagation();
      if (event.key === "Enter" && commit()) done();
      if (event.key === "Escape") { number.refuse(""); number.element.value = shown === undefined ? "" : minus(shown); done(); }
    },
  });
  let shown;
  const element = h("div", { class: "cb-editor cb-quiet" }, h("div", { class: "cb-row" }, name, number.element), error.element);
  return {
    element,
    /** `place` is the pinned cell; only numbers of the input and the kernel can be changed. */
    draw(L, pinned) {
      const [grid, r, c] = pinned;
      const editable = exists(L, pinned) && (grid === "kernel" || (grid === "input" && !inputAt(L, r, c).padding));
      if (String(at) !== String(editable ? pinned : null)) number.refuse("");
      at = editable ? pinned : null;
      shown = editable ? (grid === "kernel" ? L.w : L.x)[r][c] : undefined;
      const said = editable ? `${grid === "kernel" ? "Kernel" : "Input"}, ${place(r, c)}:` : "Select a number of the input or the kernel to change it.";
      text(name, said);
      attr(number.element, "aria-label", editable ? `Number at ${grid} ${place(r, c)}` : "Number");
      number.element.hidden = !editable;
      number.set(shown);
    },
    /** Begins to type, as if the key had been pressed in the field. */
    begin(key) {
      number.element.focus();
      if (key === "F2") number.element.select();
      else { number.element.value = key; number.element.setSelectionRange(key.length, key.length); }
    },
  };
}
