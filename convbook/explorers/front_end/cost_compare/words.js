// What the explorer says: names, the sums with their numbers, sentences, PyTorch code. No DOM here.

import { show } from "../base.js";
import { compare, fits, question } from "./geometry.js";

export const NAMES = {
  standard: "standard", grouped: "grouped", depthwise: "depthwise", depthwise_multiplier: "depthwise, multiplier",
  pointwise: "pointwise (1 × 1)", pointwise_grouped: "pointwise grouped", depthwise_separable: "depthwise separable",
  spatially_separable: "spatially separable", flattened: "flattened",
};
export const UNITS = { params: "weights", macs: "MACs", bytes: "bytes moved", intensity: "FLOPs per byte" };

/** A large number in few letters: 3,136, 57.8M, 1.2G. */
export function short(value) {
  if (value < 10 && value % 1) return show(value, 2);
  if (value < 1000 && value % 1) return show(value, 1);
  if (value < 1e5) return show(value, 0);
  const [scale, letter] = value < 1e6 ? [1e3, "k"] : value < 1e9 ? [1e6, "M"] : [1e9, "G"];
  return show(value / scale, value / scale < 10 ? 2 : value / scale < 100 ? 1 : 0) + letter;
}

/** A value against the standard one's. */
export function ratio(value, standard) {
  if (value === standard) return "the same";
  const times = standard / value;
  return times > 1 ? `1/${show(times, times < 10 ? 2 : times < 100 ? 1 : 0)}` : `${show(1 / times, 2)}×`;
}

const sides = ([a, b]) => `${a} × ${b}`;
export const kindName = (kind, { groups, multiplier }) => NAMES[kind] + (kind.endsWith("grouped") && groups > 1 ? ` (${groups})` : kind === "depthwise_multiplier" && multiplier > 1 ? ` ${multiplier}` : kind === "depthwise_separable" && multiplier > 1 ? `, multiplier ${multiplier}` : "");

/** What one step of a kind is: depthwise 3 × 3, C → D. */
function stepName({ C, D, k, s, G }) {
  const what = G === C && C > 1 ? "depthwise" : G > 1 ? `${G} groups` : "";
  return `${what ? `${what}, ` : ""}${sides(k)}${Math.max(...s) > 1 ? `, stride ${sides(s)}` : ""}, ${C} → ${D}`;
}

const per = ({ C, G }) => (G > 1 ? `(${C} / ${G})` : String(C));

/** The sum of one quantity, a line a step: [{name, sum}], with the numbers filled in. */
export function sums({ steps, macs, bytes, intensity }, quantity) {
  if (quantity === "intensity") return [{ name: "2 MACs / bytes", sum: `2 · ${show(macs)} / ${show(bytes)} = ${show(intensity, 2)}` }];
  const line = {
    params: (c) => `${c.D} · ${per(c)} · ${c.k.join(" · ")} = ${show(c.params)}`,
    macs: (c) => `${c.D} · ${c.output.join(" · ")} · ${per(c)} · ${c.k.join(" · ")} = ${show(c.macs)}`,
    bytes: (c) => `4 · (${c.C} · ${c.input.join(" · ")} + ${show(c.params)} + ${c.D} · ${c.output.join(" · ")}) = ${show(c.bytes)}`,
  }[quantity];
  const lines = steps.map((c) => ({ name: stepName(c), sum: line(c) }));
  if (steps.length > 1) lines.push({ name: "all", sum: `${steps.map((c) => show(c[quantity])).join(" + ")} = ${show(steps.reduce((t, c) => t + c[quantity], 0))}` });
  return lines;
}

export const FORMULAS = { params: "D · (C / G) · k_h · k_w", macs: "D · o_h · o_w · (C / G) · k_h · k_w", bytes: "4 (C n_h n_w + weights + D o_h o_w)", intensity: "2 MACs / bytes" };

const shape = ([D, h, w]) => `${D} × ${h} × ${w}`;

/** What stands under the picked row. */
export function explain(state, kind) {
  const { costs } = compare(state), { quantity } = state, cost = costs[kind], standard = costs.standard;
  const made = `${shape([state.in_channels, ...state.size])} → ${shape(cost.output)}`;
  const name = kindName(kind, state), amount = `${show(cost[quantity], 2)} ${UNITS[quantity]}`;
  if (kind === "standard") return `The standard layer (${made}): ${amount}.`;
  const times = standard[quantity] / cost[quantity];
  const against = times === 1 ? "as many as the standard layer" : times > 1 ? `${show(100 / times, 2)} % of the standard layer's, ${show(times, 2)} times fewer` : `${show(1 / times, 2)} times as many as the standard layer`;
  const said = quantity === "intensity" ? against.replace("fewer", "lower").replace("as many as", "as much as") : against;
  return `${name[0].toUpperCase()}${name.slice(1)} (${made}): ${amount}, ${said}.${fits(costs, kind) ? "" : ` Its output has another shape than the standard layer's ${shape(standard.output)}, so it cannot take its place alone.`}`;
}

export function asked(state, seed) {
  const { quantity, most, kind } = question(state, seed);
  if (kind) return `About how many times fewer ${UNITS[quantity]} than the standard layer has the one that is ${kindName(kind, state)}?`;
  return quantity === "intensity" ? `Which of these does the ${most ? "most" : "least"} arithmetic for each byte?` : `Which of these has the ${most ? "most" : "fewest"} ${UNITS[quantity]}?`;
}

export const optionName = (state, { kind }, option) => (kind ? `${show(Number(option))} times` : kindName(option, state));

export function verdict(state, seed, guess) {
  const q = question(state, seed), { costs } = compare(state), right = guess === q.answer;
  const shown = q.kind ? `${show(costs.standard[q.quantity])} against ${show(costs[q.kind][q.quantity])}: ${optionName(state, q, q.answer)}.`
    : `${[...q.options].sort((a, b) => costs[b][q.quantity] - costs[a][q.quantity]).map((kind) => `${kindName(kind, state)} ${show(costs[kind][q.quantity], 2)}`).join("; ")}.`;
  return `${right ? "✓ Right." : `✗ It is ${optionName(state, q, q.answer)}.`} ${shown}`;
}

const both = ([a, b]) => (a === b ? String(a) : `(${a}, ${b})`);

/** The picked kind in PyTorch. */
export function code({ steps, output, params }, { in_channels, size }) {
  const lines = steps.map(({ C, D, k, s, p, G }) => `    nn.Conv2d(${[C, D, both(k), Math.max(...s) > 1 && `stride=${both(s)}`, Math.max(...p) > 0 && `padding=${both(p)}`, G > 1 && `groups=${G}`, "bias=False"].filter(Boolean).join(", ")}),`);
  return `import torch
from torch import nn

layer = nn.Sequential(
${lines.join("\n")}
)
x = torch.zeros(1, ${in_channels}, ${size.join(", ")})
print(tuple(layer(x).shape))  # (1, ${output.join(", ")})
print(sum(w.numel() for w in layer.parameters()))  # ${params}`;
}
