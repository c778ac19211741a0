// What the explorer says: sentences, verdicts, the PyTorch code. No DOM here.

import { hearing, question, reach } from "./geometry.js";

/** Numbers as text: 0 to 3, 6 and 8; none for an empty list. */
export function listed(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b), runs = [];
  for (const n of sorted) {
    if (runs.length && runs.at(-1)[1] === n - 1) runs.at(-1)[1] = n;
    else runs.push([n, n]);
  }
  const parts = runs.flatMap(([a, b]) => (b - a > 1 ? [`${a} to ${b}`] : a === b ? [String(a)] : [String(a), String(b)]));
  return parts.length ? [parts.slice(0, -1).join(", "), parts.at(-1)].filter(Boolean).join(" and ") : "none";
}

const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
export const rowName = (L, row) => (row === 0 ? "input" : row === L.rows.length - 1 ? "output" : `layer ${row}`);
const channels = (L, row, found) => `${found.size} of ${L.rows[row]} ${row === 0 ? "inputs" : row === L.rows.length - 1 ? "outputs" : `channels of layer ${row}`} (${listed(found)})`;

/** What a picked channel reaches, in words. */
export function explain(L, [row, channel]) {
  const found = reach(L, [row, channel]), last = L.rows.length - 1;
  const name = row === 0 ? `Input ${channel}` : row === last ? `Output ${channel}` : `Channel ${channel} of layer ${row}`;
  const back = row > 0 ? `hears ${channels(L, 0, found[0])}` : "";
  const forth = row < last ? `reaches ${channels(L, last, found[last])}` : "";
  const through = row === 0 && last > 1 ? `, through ${channels(L, 1, found[1])}` : row === last && last > 1 ? `, through ${channels(L, last - 1, found[last - 1])}` : "";
  return `${name} ${[back, forth].filter(Boolean).join(" and ")}${through}.`;
}

/** Whether every output hears every input, and what the layers cost beside dense ones. */
export function summary(L) {
  const { least, most, of } = hearing(L), outputs = L.rows.at(-1);
  const some = least === most ? `${least} of ${of} inputs` : `${least} to ${most} of ${of} inputs`;
  const mixing = least === of ? (of === 1 ? "There is one input, and every output hears it." : `Every output hears all ${of} inputs.`) : `Each of the ${outputs} outputs hears only ${some}.`;
  const times = L.dense / L.params;
  const cost = L.dense === L.params ? "Nothing is left out: these are dense layers." : `${L.params.toLocaleString("en-US")} weights; without groups there would be ${L.dense.toLocaleString("en-US")}, ${times.toLocaleString("en-US", { maximumFractionDigits: 2 })} times as many.`;
  return `${mixing} ${cost}`;
}

export function asked(L, seed) {
  const { at, forward } = question(L, seed);
  return forward ? `Which outputs does input ${at[1]} reach? Press them in the last row, then check.` : `Which inputs does output ${at[1]} hear? Press them in the first row, then check.`;
}

export function verdict(L, seed, guess) {
  const { answer, forward, at } = question(L, seed);
  const missed = answer.filter((c) => !guess.includes(c)), wrong = guess.filter((c) => !answer.includes(c));
  const truth = forward ? `Input ${at[1]} reaches ${plural(answer.length, "output")}: ${listed(answer)}.` : `Output ${at[1]} hears ${plural(answer.length, "input")}: ${listed(answer)}.`;
  if (!missed.length && !wrong.length) return `✓ Right. ${truth}`;
  return `✗ Not yet: ${[missed.length && `${listed(missed)} ${missed.length > 1 ? "are" : "is"} missing`, wrong.length && `${listed(wrong)} ${wrong.length > 1 ? "do" : "does"} not belong`].filter(Boolean).join("; ")}. ${truth}`;
}

/** The same layers in PyTorch; what it prints first is the matrix of paths. */
export function code(L) {
  const { state, info } = L;
  const lines = info.map(({ C, D, k, G }) => `    nn.Conv2d(${C}, ${D}, ${k}${k > 1 ? `, padding=${(k - 1) / 2}` : ""}${G > 1 ? `, groups=${G}` : ""}, bias=False),`);
  if (state.shuffle) lines.splice(1, 0, `    nn.ChannelShuffle(${info[0].G}),`);
  return `import torch
from torch import nn

layers = nn.Sequential(
${lines.join("\n")}
)

# How many paths lead from each input (column) to each output (row)? Make every weight 1 and
# send one channel at a time through a 1 x 1 image, where only the middle taps count.
with torch.no_grad():
    for weight in layers.parameters():
        weight.fill_(1)
    paths = layers(torch.eye(${state.in_channels})[:, :, None, None])[:, :, 0, 0].T

print(paths.int())
print(sum(weight.numel() for weight in layers.parameters()), "weights")`;
}
