// The controls: starting points, a line for each layer, the map's size; and the table of what each layer costs.

import { button, checkbox, errorLine, h, select, show, slider, text } from "../base.js";
import { KERNELS, LIMITS, added, changed, channelLimits, divisors, entering, isDepthwise, kindOf, removed } from "./geometry.js";

const layers = (...all) => all.map(([out_channels, kernel_size, groups]) => ({ out_channels, kernel_size, groups }));
/** Starting points: each shows one thing. */
export const EXAMPLES = {
  standard: { text: "standard 3 × 3", in_channels: 6, layers: layers([9, 3, 1]) },
  grouped: { text: "12 channels in 3 groups", in_channels: 12, layers: layers([12, 3, 3]) },
  hand: { text: "4 → 6 in 2 groups", in_channels: 4, layers: layers([6, 1, 2]) },
  alexnet: { text: "AlexNet's halves: conv2, 3, 4", in_channels: 4, layers: layers([8, 5, 2], [12, 3, 1], [12, 3, 2]) },
  resnext: { text: "ResNeXt block, form (c)", in_channels: 12, layers: layers([6, 1, 1], [6, 3, 3], [12, 1, 1]) },
  depthwise: { text: "depthwise", in_channels: 6, layers: layers([6, 3, 6]) },
  multiplier: { text: "depthwise, multiplier 2", in_channels: 5, layers: layers([10, 3, 5]) },
  pointwise: { text: "pointwise", in_channels: 6, layers: layers([9, 1, 1]) },
  pointgroup: { text: "pointwise in 3 groups", in_channels: 6, layers: layers([9, 1, 3]) },
  separable: { text: "depthwise, then pointwise", in_channels: 6, layers: layers([6, 3, 6], [9, 1, 1]) },
  apart: { text: "two grouped layers, no shuffle", in_channels: 12, layers: layers([12, 1, 3], [12, 1, 3]) },
  shuffled: { text: "two grouped layers, shuffled", in_channels: 12, layers: layers([12, 1, 3], [12, 1, 3]), shuffle: true },
  notes: { text: "nine channels, shuffled", in_channels: 9, layers: layers([9, 1, 3], [9, 1, 3]), shuffle: true },
  unit: { text: "ShuffleNet unit", in_channels: 12, layers: layers([6, 1, 3], [6, 3, 6], [12, 1, 3]), shuffle: true },
};

export function controls(read, act) {
  const example = select({ label: "Example", options: [{ value: "", text: "choose …" }, ...Object.entries(EXAMPLES).map(([value, { text: name }]) => ({ value, text: name }))],
    input(value) {
      const { in_channels, layers: own, shuffle = false } = EXAMPLES[value] ?? {};
      if (own) act({ in_channels, layers: own, shuffle, pinned: [] });
      example.set({ value: "" });
    } });
  const change = (name, l) => (value) => { const { in_channels, layers: own } = changed(read(), name, value, l); act({ in_channels, layers: own }); };
  const input = slider({ label: "Input channels", caption: "Channels", input: change("in_channels") });
  const lines = Array.from({ length: LIMITS.layers[1] }, (_, l) => layerLine(l, change));
  const take = (made) => act({ layers: made.layers, shuffle: made.shuffle });
  const add = button({ label: "Add a layer", press: () => take(added(read())) });
  const gone = button({ label: "Remove the last layer", press: () => take(removed(read())) });
  const shuffle = checkbox({ label: "shuffle between layers 1 and 2", input: (value) => act({ shuffle: value }) });
  const shuffleBox = shuffle.element.querySelector("input");
  const errors = [errorLine(), errorLine()];
  const sides = ["height", "width"].map((name, a) => slider({ label: `Map ${name}`, caption: name, error: errors[a], input: (value) => act({ size: read().size.map((v, i) => (i === a ? value : v)) }) }));
  const element = h("div", { class: "cw-layers" },
    h("div", { class: "cw-layer", role: "group", "aria-label": "Input" }, h("span", { class: "cw-title", "aria-hidden": "true" }, "Input"), input.element),
    lines.map((line) => line.element), h("div", { class: "cb-row cb-quiet" }, shuffle.element, add.element, gone.element));
  const size = h("div", { class: "cw-size cb-quiet" }, h("span", { class: "cb-muted" }, "Map"), sides.map((s) => s.element), errors.map((e) => e.element));
  return { element, example: example.element, size, draw(state) {
    const limits = channelLimits(state, -1);
    input.set({ value: state.in_channels, min: isDepthwise(state, 0) ? 2 : limits.min, max: limits.max, step: limits.step });
    lines.forEach((line) => line.draw(state));
    add.set({ disabled: state.layers.length === LIMITS.layers[1] });
    gone.set({ disabled: state.layers.length === 1 });
    shuffle.set(state.shuffle);
    shuffleBox.disabled = state.layers.length < 2;
    sides.forEach((side, a) => side.set({ value: state.size[a], min: LIMITS.size[0], max: LIMITS.size[1] }));
  } };
}

/** Channels, kernel and groups of one layer; a depthwise one has a multiplier in place of its channels. */
function layerLine(l, change) {
  const name = `Layer ${l + 1}`, error = errorLine();
  const out = slider({ label: `${name}, output channels`, caption: "out", error, input: change("out_channels", l) });
  const multiplier = slider({ label: `${name}, multiplier`, caption: "multiplier", error, input: change("multiplier", l) });
  const kernel = select({ label: `${name}, kernel`, caption: "kernel", options: KERNELS.map((k) => ({ value: String(k), text: `${k} × ${k}` })), input: (value) => change("kernel_size", l)(Number(value)) });
  const groups = select({ label: `${name}, groups`, caption: "groups", input: (value) => change("groups", l)(Number(value)) });
  const kind = h("span", { class: "cb-muted cw-kind" });
  const element = h("div", { class: "cw-layer", role: "group", "aria-label": name }, h("span", { class: "cw-title", "aria-hidden": "true" }, name), out.element, multiplier.element,
    h("span", { class: "cw-choices" }, kernel.element, groups.element, kind), error.element);
  return { element, draw(state) {
    element.hidden = l >= state.layers.length;
    if (element.hidden) return;
    const { out_channels, kernel_size, groups: G } = state.layers[l], C = entering(state, l), depthwise = isDepthwise(state, l);
    out.element.hidden = depthwise;
    multiplier.element.hidden = !depthwise;
    if (depthwise) multiplier.set({ value: out_channels / C, min: 1, max: Math.floor(LIMITS.channels[1] / C), why: (m) => (m * C > LIMITS.channels[1] ? `${m} · ${C} = ${m * C} channels are more than ${LIMITS.channels[1]}` : null) });
    else {
      const below = state.layers[l + 1]?.groups ?? 1;
      out.set({ value: out_channels, ...channelLimits(state, l), why: () => (G > 1 || below > 1 ? `${[G > 1 && `${G} groups here`, below > 1 && `${below} below`].filter(Boolean).join(" and ")} must divide it` : null) });
    }
    kernel.set({ value: String(kernel_size) });
    groups.set({ value: String(G), options: divisors(state, l).map((g) => ({ value: String(g), text: String(g) })) });
    text(kind, kindOf(state, l));
  } };
}

/** Weights and multiply-adds of each layer, beside a dense one's. */
export function costs() {
  const body = h("tbody");
  const element = h("div", { class: "cw-scroll" }, h("table", { class: "cw-table" },
    h("thead", {}, h("tr", {}, ["layer", "weights", "MACs", "dense"].map((name) => h("th", { scope: "col" }, name)))), body));
  return { element, draw(L) {
    const line = (name, shape, layer) => h("tr", {}, h("th", { scope: "row" }, name, shape && h("span", { class: "cb-muted" }, ` ${shape}`)),
      h("td", {}, show(layer.params)), h("td", {}, show(layer.macs)), h("td", {}, `${show(layer.dense)}${layer.dense === layer.params ? "" : `, ${show(layer.dense / layer.params, 1)}×`}`));
    body.replaceChildren(...L.info.map((layer, l) => line(String(l + 1), layer.shape.join("×"), layer)),
      ...(L.info.length > 1 ? [line("all", "", L)] : []));
  } };
}
