// What the flattened explorer says: sums with their numbers, costs, verdicts, the passes as code. No DOM here.

import { show } from "../base.js";
import { denseTaps, sources } from "./geometry.js";

export const number = (v) => show(v, 2);
const factor = (v) => (v < 0 ? `(${number(v)})` : number(v));
const product = (...list) => list.map(factor).join("·");
const total = (list) => list.reduce((a, b) => a + b, 0);
export const percent = (share) => `${show(100 * share, 1)} %`;

export const PASS = { L: "L, across the channels", V: "V, down the rows", H: "H, along the columns" };
const SHORT = { L: "across the channels", V: "down the column", H: "along the row" };
const VECTOR = { L: "z", V: "y", H: "x" };

const planes = (n) => (n === 1 ? "1 plane" : `${n} planes`);
export const shapeOf = ([c, h, w]) => `${planes(c)} of ${h} × ${w}`;
export const nameOf = (L, s) => (s === 0 ? "input" : `after ${L.order[s - 1]}`);
export const where = (L, [s, c, i, j]) => `${nameOf(L, s)}, ${L.stages[s].shape[0] > 1 || s === 0 ? `plane ${c}, ` : ""}row ${i}, column ${j}`;

/** Where a number of a pass comes from: a title and lines. */
export function sumOf(L, place) {
  const [s, c, i, j] = place;
  if (s === 0) return { title: `${where(L, place)}: ${number(L.image[c][i][j])}`, lines: ["Outlined further on: every number that it goes into."] };
  const read = sources(L, place), value = L.stages[s].planes[c][i][j], outside = read.filter((t) => !t.inside).length;
  const lines = [`${read.map((t) => product(t.weight, t.value)).join(" + ")} = ${number(value)}`];
  if (outside) lines.push(`${outside} of these ${read.length} numbers ${outside === 1 ? "lies" : "lie"} outside and count${outside === 1 ? "s" : ""} as 0.`);
  return { title: `${where(L, place)}: ${read.length} numbers ${SHORT[L.order[s - 1]]}, times ${VECTOR[L.order[s - 1]]}`, lines };
}

/** The same place by the dense pass: a line for each plane. */
export function denseSum(L, [i, j]) {
  const all = denseTaps(L.K, L.image, L.padding, [i, j]).map((t) => ({ ...t, value: t.inside ? L.image[t.c][t.i][t.j] : 0 }));
  const parts = L.K.map((_, c) => all.filter((t) => t.c === c)), sums = parts.map((part) => total(part.map((t) => t.weight * t.value)));
  return { title: `one dense pass, row ${i}, column ${j}: ${all.length} products`, lines: [
    ...parts.map((part, c) => `plane ${c}: ${part.map((t) => product(t.weight, t.value)).join(" + ")} = ${number(sums[c])}`),
    `${sums.map(factor).join(" + ")} = ${number(L.whole[i][j])}`] };
}

export function weightSum(L, [c, i, j]) {
  return { title: `weight of plane ${c}, row ${i}, column ${j}`,
    lines: [`${L.triples.map(([z, y, x]) => product(z[c], y[i], x[j])).join(" + ")} = ${number(L.K[c][i][j])}`] };
}

/** Do three passes give what the dense pass gives? */
export function verdict(L) {
  if (!L.two) return `The same ${L.size[0] * L.size[1]} numbers: three passes and the dense pass agree, in any order of the passes.`;
  const { error } = L.best;
  const nearest = error ? `The nearest single triple misses this filter by ${percent(error)}: no single triple is it.`
    : "This sum of two happens to be one triple again: two of the three pairs of vectors are parallel.";
  const lane = { first: "The first triple alone", second: "The second triple alone", best: "The nearest single triple" }[L.lane];
  return `${nearest} ${lane} gives numbers that are off by up to ${number(L.missing)}. Two triples, added up, give the dense numbers, for twice the passes.`;
}

/** Each pass and the dense pass: places times numbers read. */
export function costs(L) {
  const rows = L.stages.slice(1).map((s, n) => ({ name: PASS[s.letter], sum: `${s.shape.join("·")} places × ${s.vector.length} = ${show(L.cost.passes[n])}` }));
  const [h, w] = L.size, twice = L.two ? 2 * L.cost.chain : L.cost.chain;
  return { rows,
    chain: `${L.cost.passes.map((m) => show(m)).join(" + ")} = ${show(L.cost.chain)}${L.two ? ` for one triple, ${show(twice)} for both` : ""}`,
    dense: `${h}·${w} places × ${L.C}·${L.Y}·${L.X} = ${show(L.cost.dense)}`,
    weights: `${L.C} + ${L.Y} + ${L.X} = ${L.cost.weights[0]}${L.two ? ", twice" : ""} weights in the place of ${L.C}·${L.Y}·${L.X} = ${L.cost.weights[1]}`,
    verdict: `Together ${percent(twice / L.cost.dense)} of the dense pass's multiply-adds: ${twice < L.cost.dense ? "cheaper" : twice > L.cost.dense ? "dearer" : "even"}.` };
}

/** Question number n of the predict mode, on the layer as it stands. */
export function question(L, n) {
  const [h, w] = L.size, i = (3 * n + 1) % h, j = (5 * n + 1) % w;
  if (n % 2) return { kind: "macs", answer: L.cost.chain, text: `How many multiply-adds do the three passes take, in the order ${[...L.order].join(", ")}, with ${L.padding} borders?` };
  return { kind: "value", answer: L.stages.at(-1).planes[0][i][j], at: [i, j], text: `What stands in row ${i}, column ${j} of the output?` };
}

export function judged(L, asked, typed) {
  if (Math.abs(typed - asked.answer) < 0.006) return `Right: ${number(asked.answer)}.`;
  const how = asked.kind === "macs" ? costs(L).chain : sumOf(L, [3, 0, ...asked.at]).lines[0];
  return `Not ${number(typed)}. ${asked.kind === "macs" ? "Places times numbers read, pass by pass" : `The last pass, ${L.order[2]}`}: ${how}`;
}

const python = (v) => (Array.isArray(v) ? `[${v.map(python).join(", ")}]` : Number(v.toFixed(4)));

/** The same layer, both ways, ready to run. */
export const code = (L) => `import torch
from torch.nn.functional import conv2d

image = torch.tensor([${L.image.map(python).join(",\n                      ")}], dtype=torch.float64)[None]
triples = [${L.triples.map((t) => `(${t.map(python).join(", ")})`).join(",\n           ")}]

def three_passes(image, z, y, x):
    z, y, x = (torch.tensor(v, dtype=torch.float64) for v in (z, y, x))
    Y, X = ${L.padding === "full" ? "len(y) - 1, len(x) - 1" : "0, 0"}  # zeros on each side: "${L.padding}"
    L = lambda t: conv2d(t, z.view(1, -1, 1, 1))
    V = lambda t: conv2d(t, y.view(1, 1, -1, 1).repeat(t.shape[1], 1, 1, 1), padding=(Y, 0), groups=t.shape[1])
    H = lambda t: conv2d(t, x.view(1, 1, 1, -1).repeat(t.shape[1], 1, 1, 1), padding=(0, X), groups=t.shape[1])
    return ${[...L.order].reduce((inner, letter) => `${letter}(${inner})`, "image")}

filter = sum(torch.einsum("c,i,j->cij", *(torch.tensor(v, dtype=torch.float64) for v in t)) for t in triples)
at_once = conv2d(image, filter[None], padding=${L.padding === "full" ? `(${L.Y - 1}, ${L.X - 1})` : "0"})
passes = sum(three_passes(image, *t) for t in triples)
print(at_once[0, 0])
print((at_once - passes).abs().max().item())
`;
