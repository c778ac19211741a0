// The controls: the layer's settings, the numbers that go through it, and what is shown.

import { button, checkbox, fold, h, segmented, select } from "../base.js";
import { sideSliders } from "../side_sliders.js";
import { INPUTS, KERNELS, LIMITS, fault, limits } from "./geometry.js";

const ROWS = [
  { name: "input_size", label: "Input x" }, { name: "kernel_size", label: "Kernel" }, { name: "stride", label: "Stride" },
  { name: "padding", label: "Padding", caption: "Padding p" }, { name: "output_padding", label: "Output padding", caption: "Output pad." }, { name: "dilation", label: "Dilation" },
];
const PLAIN = { stride: [1, 1], padding: [0, 0], output_padding: [0, 0], dilation: [1, 1], kernel_size: [3, 3], input: "counting", kernel: "counting" };

/** Starting points: each shows one thing. */
export const EXAMPLES = {
  notes: { text: "5 → 2 → 5: kernel 3, stride 2", state: { ...PLAIN, input_size: [2, 2], stride: [2, 2] } },
  one: { text: "4 → 2 → 4: stride 1", state: { ...PLAIN, input_size: [2, 2] } },
  uneven: { text: "uneven sides", state: { ...PLAIN, input_size: [2, 3], stride: [2, 2] } },
  padded: { text: "padding 1: the border is cut", state: { ...PLAIN, input_size: [2, 3], stride: [2, 2], padding: [1, 1] } },
  extra: { text: "output_padding 1: one more", state: { ...PLAIN, input_size: [2, 3], stride: [2, 2], padding: [1, 1], output_padding: [1, 1] } },
  double: { text: "doubling: kernel 4, stride 2, padding 1", state: { ...PLAIN, input_size: [2, 3], kernel_size: [4, 4], stride: [2, 2], padding: [1, 1], kernel: "tent" } },
  gaps: { text: "gaps: stride 3, kernel 2", state: { ...PLAIN, input_size: [2, 2], kernel_size: [2, 2], stride: [3, 3] } },
  overlaps: { text: "all ones: how often y is hit", state: { ...PLAIN, input_size: [2, 3], stride: [2, 2], input: "ones", kernel: "ones" } },
  dilated: { text: "dilation 2", state: { ...PLAIN, input_size: [2, 3], kernel_size: [2, 2], dilation: [2, 2] } },
  inverse: { text: "no inverse: x = z, yet y is not X", state: { ...PLAIN, input_size: [2, 3], stride: [2, 2], input: "direct" } },
};

export function controls(read, act) {
  // Python's reasons have a typewriter's prime.
  const typeset = (found) => found && { ...found, reason: found.reason.replace("p'", "p′") };
  const sliders = sideSliders(ROWS, { read, act, rules: { limits, fault: (state) => typeset(fault(state)) }, bounds: LIMITS });
  const linked = checkbox({ label: "height and width together", input: (value) => act({ linked: value }) });
  const example = select({ label: "Example", options: [{ value: "", text: "choose …" }, ...Object.entries(EXAMPLES).map(([value, { text: name }]) => ({ value, text: name }))],
    input(value) { if (value) act({ ...EXAMPLES[value].state, linked: false, pinned: [], step: 0 }); example.set({ value: "" }); } });
  const view = segmented({ label: "View of the transposed convolution", caption: "View", options: [
    { value: "scatter", text: "stamps" }, { value: "insert", text: "zero-insertion" }, { value: "matrix", text: "Cᵀ x" }, { value: "all", text: "all" },
  ], input: (value) => act({ view: value, ...({ scatter: { walk: "input", step: 0 }, insert: { walk: "output", step: 0 } }[value] ?? {}) }) });
  const walk = segmented({ label: "Step over", options: [{ value: "input", text: "inputs" }, { value: "output", text: "outputs" }],
    input: (value) => act({ walk: value, step: 0, pinned: [] }) });
  const soFar = checkbox({ label: "only what the steps so far have made", input: (value) => act({ so_far: value }) });
  const preset = (label, name) => select({ label, input: (value) => act({ [name]: value }) });
  const input = preset("Numbers of x", "input"), kernel = preset("Numbers of the kernel", "kernel");
  const again = button({ label: "New random numbers", press: () => act({ seed: (read().seed + 1) % 1e6 }) });

  const layer = fold("Layer", { open: true }, h("div", { class: "cb-settings tv-settings" }, sliders.elements),
    h("div", { class: "cb-row" }, linked.element, input.element, kernel.element, again.element));
  layer.classList.add("cb-layer");

  return { layer, example: example.element, view: view.element, steps: h("div", { class: "cb-row tv-steps cb-quiet" }, walk.element, soFar.element), draw(state) {
    sliders.draw(state, { output_padding: state.stride.every((s) => s === 1) ? "At stride 1 there is nothing to choose." : "" });
    linked.set(state.linked);
    view.set({ value: state.view });
    walk.set({ value: state.walk });
    soFar.set(state.so_far);
    for (const [control, presets, name] of [[input, INPUTS, "input"], [kernel, KERNELS, "kernel"]]) {
      const own = typeof state[name] !== "string";
      control.set({ value: own ? "own" : state[name], options: [...Object.entries(presets).map(([value, { text: said }]) => ({ value, text: said })), ...(own ? [{ value: "own", text: "your own" }] : [])] });
    }
  } };
}
