// What the cube says: who shares a mean, the numbers worked out, what is kept, the layer as PyTorch code. No DOM here.

import { show } from "../base.js";
import { reach } from "./geometry.js";

export const number = (v) => show(v, 3);
const factor = (v) => (v < 0 ? `(${number(v)})` : number(v));
const count = (n, one, many = `${one}s`) => `${show(n)} ${n === 1 ? one : many}`;

export const NAMES = { batch: "batch norm", layer: "layer norm", instance: "instance norm", group: "group norm", position: "layer norm, place by place" };
export const placeName = ([n, c, h, w]) => `image ${n}, channel ${c}, row ${h}, column ${w}`;

/** What a set is, in words. */
function setName(L, { key }) {
  const [N, C, H, W] = L.shape, places = H * W === 1 ? "its only place" : H * W === 2 ? "both places" : `all ${H * W} places`;
  const channels = ([first, last]) => (first === last ? `channel ${first}` : `channels ${first} to ${last}`);
  return {
    batch: () => `channel ${key[0]}, ${N === 1 ? "in the only image" : N === 2 ? "in both images" : `in all ${N} images`}, at ${places}`,
    layer: () => `image ${key[0]}, all of it`,
    instance: () => `channel ${key[1]} of image ${key[0]}, at ${places}`,
    group: () => `${channels([key[1] * L.each, (key[1] + 1) * L.each - 1])} of image ${key[0]}, at ${places}`,
    position: () => `${C === 1 ? "the only channel" : C === 2 ? "both channels" : `all ${C} channels`} of image ${key[0]}, at row ${key[1]}, column ${key[2]}`,
  }[L.method]();
}

/** Who shares the mean of an entry. */
export function shared(L, at) {
  const set = L.of(at);
  if (L.fixed) return `Inference: nothing is averaged. ${capital(placeName(at))} uses the running mean and variance of channel ${at[1]}, whatever else is in the batch.`;
  const others = set.places.length - 1;
  return others ? `${capital(placeName(at))} shares its mean with ${count(others, "other number")}: ${setName(L, set)}.`
    : `${capital(placeName(at))} is alone with its mean: it becomes 0, whatever it was.`;
}
const capital = (words) => words[0].toUpperCase() + words.slice(1);

/** From an entry to its result, line by line. */
export function working(L, at) {
  const { eps, gamma, beta, steps, momentum } = L.state, set = L.of(at), c = at[1], hat = L.normalised(at);
  const numbers = set.places.map(L.value), few = numbers.length > 16 ? [...numbers.slice(0, 14).map(factor), "…", factor(numbers.at(-1))] : numbers.map(factor);
  const looks = `after ${count(steps, "look")}`;
  const lines = L.fixed ? [`running mean ${number(set.mean)}, running variance ${number(set.var)}, ${looks}${L.kept ? "" : " at this batch"}`]
    : [`mean = (${few.join(" + ")}) / ${numbers.length} = ${number(set.mean)}`, `variance = mean of (x − ${number(set.mean)})² = ${number(set.var)}`];
  const root = Math.sqrt(set.var + eps);
  lines.push(`x̂ = (${number(L.value(at))} − ${factor(set.mean)}) / √(${number(set.var)} + ${eps}) = ${number(L.value(at) - set.mean)} / ${number(root)} = ${number(hat)}`);
  lines.push(`y = γ x̂ + β = ${factor(gamma[c])} · ${factor(hat)} + ${factor(beta[c])} = ${number(L.y(at))}`);
  if (L.method === "batch" && !L.fixed) {
    const [mean, variance] = L.running[c];
    lines.push(`kept for inference, channel ${c}: mean ${number(mean)}, variance ${number(variance)}, ${looks}${L.kept ? "" : ` at this batch with momentum ${momentum}`}`);
  }
  return lines;
}

/** Counts: name and text. */
export function facts(L) {
  const { means, over, kept, learned } = L.counts, [, C, H, W] = L.shape;
  return [
    ["means, and variances", L.fixed ? `0 computed; ${means} running ones are read` : show(means)],
    ["numbers in each mean", L.fixed ? "none: it is a stored number" : show(over)],
    ["kept for inference", kept ? `${C} running means + ${C} running variances = ${kept}` : "nothing: inference does what training does"],
    ["learned", L.method === "layer" ? `nn.LayerNorm(${tuple([C, H, W])}): γ and β for each entry, 2·${C}·${H}·${W} = ${learned}; nn.GroupNorm(1, ${C}): 2·${C} = ${2 * C}`
      : `γ and β for each channel, 2·${C} = ${learned}`],
  ];
}

/** What the last change did to the statistics; "" where it changed no number. */
export function news(L, { moved, stayed, fresh, gone }) {
  const parts = [moved && `${moved} moved`, stayed && `${stayed} stayed as ${stayed === 1 ? "it was" : "they were"}`, fresh && `${fresh} came`, gone && `${gone} went`].filter(Boolean);
  return `Means and variances since your last change: ${parts.join(", ")}.`;
}

/** Question number q about an entry. */
export function question(L, q) {
  const [N, C, H, W] = L.shape, at = [(q + 1) % N, (2 * q + 1) % C, q % H, (3 * q + 1) % W];
  const layer = `${NAMES[L.method]}${L.method === "group" ? ` with ${count(L.G, "group")}` : ""}${L.method === "batch" ? (L.fixed ? " in inference" : " in training") : ""}`;
  const kinds = [
    { answer: reach(L, at), text: `You change one number, ${placeName(at)}. How many of the ${N * C * H * W} outputs can change with it, in ${layer}?`,
      why: L.fixed ? "In inference the statistics stand still: only its own output moves." : `It moves its mean and its variance, and with them the output of every number that shares them: ${setName(L, L.of(at))}.` },
    { answer: L.fixed ? 0 : L.counts.means, text: `How many means does ${layer} compute here?`,
      why: L.fixed ? "None: it reads the running ones." : { batch: "One for each channel.", layer: "One for each image.", instance: "One for each channel of each image.", group: "One for each group of each image.", position: "One for each place of each image." }[L.method] },
  ];
  return { at, ...kinds[q % 2] };
}

const tuple = (list) => `(${list.join(", ")}${list.length === 1 ? "," : ""})`;
const list = (v) => (Array.isArray(v) ? `[${v.map(list).join(", ")}]` : v);

/** The same layer in PyTorch, ready to run. */
export function code(L, at) {
  const { x, eps, gamma, beta, steps, momentum } = L.state, [, C, H, W] = L.shape, small = `eps=${eps}`;
  const make = {
    batch: `nn.BatchNorm2d(${C}, ${small}, momentum=${momentum})`, layer: `nn.LayerNorm(${tuple([C, H, W])}, ${small})`,
    instance: `nn.InstanceNorm2d(${C}, ${small}, affine=True)`, group: `nn.GroupNorm(${L.G}, ${C}, ${small})`, position: `nn.LayerNorm(${C}, ${small})`,
  }[L.method];
  const wide = L.method === "layer" ? `[:, None, None].expand${tuple([C, H, W])}` : "";
  const held = ["mean", "var"].map((name, i) => `norm.running_${name}.copy_(torch.tensor(${list(L.running.map((pair) => pair[i]))}, dtype=torch.float64))`);
  const looks = L.kept ? held : steps ? [`for _ in range(${steps}):  # each look moves the running statistics`, "    norm(x)"] : [];
  const lines = L.method === "batch" ? [...looks, ...(L.fixed ? ["norm.eval()"] : [])] : [];
  return `import torch
from torch import nn

x = torch.tensor([${x.map(list).join(",\n                  ")}], dtype=torch.float64)
norm = ${make}.double()
with torch.no_grad():
    norm.weight.copy_(torch.tensor(${list(gamma)})${wide})
    norm.bias.copy_(torch.tensor(${list(beta)})${wide})
${lines.map((line) => `${line}\n`).join("")}${L.method === "position" ? "y = norm(x.movedim(1, -1)).movedim(-1, 1)  # channels last, and back" : "y = norm(x)"}
print(y[${at.join(", ")}])`;
}
