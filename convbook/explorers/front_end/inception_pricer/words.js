// What the pricer says: sums with their numbers, effects, the verdict on a prediction, the module as code. No DOM here.

import { show } from "../base.js";
import { BRANCHES, effect, naive, price, ratio } from "./geometry.js";

export const NAMES = { macs: "MACs", weights: "weights" };
export const percent = (part, whole) => `${whole ? show((100 * part) / whole, 1) : 0} %`;
export const times = (factor) => show(factor, 2);
export const title = ({ part, k }) => (part === "max" ? "max 3 × 3" : `${k} × ${k}`);

/** One layer in a sentence, its numbers written out. */
export function layerWords(state, layer) {
  const { input_size: [h, w] } = state, { k, from, to, weights, macs, part, branch } = layer;
  if (part === "max") return `Pooling, the largest of 3 × 3, stride 1, padding 1: no weights and no MACs. It hands on all ${show(from)} channels.`;
  const role = { reduce: `reduction before the ${BRANCHES[branch]}`, project: "projection after the pooling", main: `the ${BRANCHES[branch]} branch's convolution, padding ${(k - 1) / 2}` }[part];
  return `${title(layer)}, ${show(from)} → ${show(to)} channels, ${role}: ${k > 1 ? `${k}·${k}·` : ""}${show(from)}·${show(to)} = ${show(weights)} weights; `
    + `at ${h}·${w} = ${show(h * w)} places: ${show(macs)} MACs, ${percent(macs, price(state).macs)} of the module.`;
}

/** The whole module, and the naive one beside it. */
export function headline(state) {
  const here = price(state), bare = price(naive(state)), [h, w] = state.input_size;
  const first = `${show(here.weights)} weights and ${show(here.biases)} biases, ${show(here.macs)} MACs, ${show(here.out)} channels of ${h} × ${w} out.`;
  if (!state.reductions.length) return `${first} This is the naive module.`;
  const factor = ratio(state, "macs");
  return `${first} Without any 1 × 1 reduction: ${show(bare.weights)} weights, ${show(bare.macs)} MACs, ${times(factor)} times as many, and ${show(bare.out)} channels out.`;
}

/** What one 1 x 1 convolution changes, the rest as it is. */
export function effectWords(state, name, what) {
  const e = effect(state, name), unit = NAMES[what], change = e[what];
  const cost = `It costs ${show(e.own[what])} ${unit}`;
  if (name === "pool") return `${cost}, and ${e.channels < 0 ? `${show(-e.channels)} channels fewer` : e.channels ? `${show(e.channels)} channels more` : "as many channels"} leave the module.`;
  if (change < 0) return `${cost}, and the ${BRANCHES[name]} needs ${show(e.own[what] - change)} fewer: saves ${show(-change)}.`;
  return `${cost} and saves ${show(e.own[what] - change)}: ${change ? `a loss of ${show(change)}` : "even"}.`;
}

/** The answer to a prediction. */
export function verdictWords({ branch, factor, most, truth }, what) {
  const names = most.map((b) => (b === "pool" ? "pooling" : BRANCHES[b])).join(" and the ");
  return `${branch ? "Right" : "Not that one"}: the ${names} branch needs the most ${NAMES[what]}. ${factor ? "Right" : "The factor is another"}: without reductions it is ${times(truth)} times as many.`;
}

/** The module in PyTorch, ready to run. */
export function code(state) {
  const { in_channels: C, input_size: [h, w], n1x1, n3x3, n5x5, pool, reductions } = state;
  const spatial = (name, k, [reduce, width]) => (reductions.includes(name)
    ? `nn.Sequential(conv(${C}, ${reduce}, 1), conv(${reduce}, ${width}, ${k}))` : `conv(${C}, ${width}, ${k})`);
  const max = "nn.MaxPool2d(3, stride=1, padding=1)";
  return ["import torch", "from torch import nn", "", "", "def conv(c, d, k):",
    "    return nn.Sequential(nn.Conv2d(c, d, k, padding=k // 2), nn.ReLU())", "", "",
    "branches = nn.ModuleList([", `    conv(${C}, ${n1x1}, 1),`, `    ${spatial("3x3", 3, n3x3)},`, `    ${spatial("5x5", 5, n5x5)},`,
    `    ${reductions.includes("pool") ? `nn.Sequential(${max}, conv(${C}, ${pool}, 1))` : max},`, "])",
    `x = torch.randn(1, ${C}, ${h}, ${w})`, "y = torch.cat([branch(x) for branch in branches], dim=1)",
    `print(y.shape)  # (1, ${price(state).out}, ${h}, ${w})`, "print(sum(p.numel() for p in branches.parameters() if p.ndim == 4))"].join("\n");
}
