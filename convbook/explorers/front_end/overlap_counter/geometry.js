// How often a transposed convolution hits each position: stamps in one dimension, layer after layer. No DOM here.
//
// A layer is {k, s}. With weights w its output is y[t] = sum over i, u with s i + u = t of v[i] w[u]; all weights 1 and an input of
// ones make y the count of stamps (in a stack: of paths). A resize-convolution (repeat each number s times, then convolve) is the
// transposed convolution whose stamp is w spread over a box of s: the same rules, another stamp.

export const LIMITS = { layers: [1, 4], n: [2, 16], k: [1, 6], s: [1, 4], output: 96, weight: 99 };
export const METHODS = { transposed: "transposed", resize: "resize first" };
export const WEIGHTS = { ones: "all 1", bilinear: "bilinear", random: "random", own: "own" };

/** Why a state cannot be shown, or null. A state has layers, input_size, method. */
export function fault({ layers, input_size: n, method }) {
  if (layers.length < LIMITS.layers[0] || layers.length > LIMITS.layers[1]) return `there must be ${LIMITS.layers[0]} to ${LIMITS.layers[1]} layers`;
  for (const [name, value] of [["input_size", n], ...layers.flatMap(({ k, s }) => [["k", k], ["s", s]])]) {
    const [low, high] = LIMITS[name === "input_size" ? "n" : name];
    if (!Number.isInteger(value) || value < low || value > high) return `${name} must be a whole number from ${low} to ${high}`;
  }
  const all = rows(layers, n, method), { n: o, first, last } = all.at(-1), period = periodOf(layers);
  if (o > LIMITS.output) return `the output has ${o} positions, and at most ${LIMITS.output} are drawn`;
  if (last - first + 1 < period) return `the interior has ${Math.max(0, last - first + 1)} positions, fewer than one period of the pattern, ${period}; a longer input has more`;
  return null;
}

/** After so many positions the pattern repeats: the product of the strides. */
const periodOf = (layers) => layers.reduce((product, { s }) => product * s, 1);

/** Taps of the stamp of one input number. */
export const stampLength = ({ k, s }, method) => (method === "resize" ? s + k - 1 : k);

/** Length n of each row, the input first, and its interior, first to last: positions whose value no end of the input changes. */
export function rows(layers, n, method) {
  const all = [{ n, first: 0, last: n - 1 }];
  for (const layer of layers) {
    const { n: below, first, last } = all.at(-1), { s } = layer, k = stampLength(layer, method);
    const o = s * (below - 1) + k;
    all.push({ n: o, first: Math.max(0, s * (first - 1) + k), last: Math.min(o - 1, s * last + s - 1) });
  }
  return all;
}

function mixed(...numbers) {
  let hash = 0x9e3779b9;
  for (const n of numbers) { hash = Math.imul(hash ^ (n + 0x7f4a7c15), 0x85ebca6b); hash ^= hash >>> 13; }
  return (Math.imul(hash, 0xc2b2ae35) ^ (hash >>> 16)) >>> 0;
}

/** The k weights of layer l; bilinear ones as FCN starts with, random ones from 0.1 to 1.9. */
export function weightsOf({ layers, weights, seed }, l) {
  const { k } = layers[l];
  if (typeof weights !== "string") return weights[l];
  const f = Math.ceil(k / 2), centre = k % 2 ? f - 1 : f - 0.5;
  return Array.from({ length: k }, (_, u) => ({ ones: 1, bilinear: 1 - Math.abs(u - centre) / f, random: (1 + (mixed(seed, l, u) % 19)) / 10 }[weights]));
}

/** What one input number of 1 leaves behind in layer l. */
function stampOf(state, l) {
  const w = weightsOf(state, l);
  if (state.method !== "resize") return w;
  const { s, k } = state.layers[l];
  return Array.from({ length: s + k - 1 }, (_, t) => w.reduce((sum, v, u) => (t - u >= 0 && t - u < s ? sum + v : sum), 0));
}

/** The sums of the weights that share a phase: what interior positions t = phase, phase + s, ... get from an input of ones. */
export function phases(state, l) {
  const { s } = state.layers[l], stamp = stampOf(state, l);
  return Array.from({ length: s }, (_, phase) => clean(stamp.reduce((sum, v, u) => (u % s === phase ? sum + v : sum), 0)));
}

const clean = (value) => Math.round(value * 1e9) / 1e9;

/** Everything that follows from a state: per row its values and its stamps; the range of the interior. */
export function layout(state) {
  const { layers, input_size: n, method } = state;
  const all = rows(layers, n, method);
  all[0].values = Array(n).fill(1);
  layers.forEach(({ s }, l) => {
    const stamp = stampOf(state, l), from = all[l].values, row = all[l + 1];
    row.stamp = stamp;
    row.hits = Array.from({ length: row.n }, (_, t) => stamp.map((weight, u) => ({ i: (t - u) / s, u, weight }))
      .filter(({ i }) => Number.isInteger(i) && i >= 0 && i < from.length).reverse().map((hit) => ({ ...hit, value: from[hit.i] })));
    row.values = row.hits.map((list) => clean(list.reduce((sum, hit) => sum + hit.value * hit.weight, 0)));
  });
  const top = all.at(-1), inside = top.values.slice(top.first, top.last + 1);
  const least = Math.min(...inside), most = Math.max(...inside);
  return { state, rows: all, top, least, most, even: most - least <= 1e-6 * Math.max(1, Math.abs(most)), period: periodOf(layers),
    pattern: inside.slice(0, periodOf(layers)), total: all.slice(0, -1).reduce((sum, row) => sum + row.n, 0) };
}

/** The values of row l + 1 when only the first `count` of the stamps on it are laid. */
export const laid = (row, count) => row.hits.map((list) => clean(list.reduce((sum, hit) => (hit.i < count ? sum + hit.value * hit.weight : sum), 0)));

/** How many stamps of each layer are laid after step 0, 1, ...: layer after layer. */
export function laidAt({ rows: all }, step) {
  let left = step + 1;
  return all.slice(0, -1).map(({ n }) => { const now = Math.max(0, Math.min(n, left)); left -= n; return now; });
}

/** The smallest and the largest value in two dimensions, the outer product of the interior with itself. */
export function squared({ least, most }) {
  const corners = [least * least, least * most, most * most].map(clean);
  return [Math.min(...corners), Math.max(...corners)];
}

/** A change of one layer: own weights are cut or filled with 1, so that they stay as many as taps. */
export function changed(state, l, values) {
  const layers = state.layers.map((layer, i) => (i === l ? { ...layer, ...values } : layer));
  return { ...state, layers, weights: refit(state.weights, layers) };
}
const refit = (weights, layers) => (typeof weights === "string" ? weights : layers.map(({ k }, l) => Array.from({ length: k }, (_, u) => weights[l]?.[u] ?? 1)));
export const added = (state) => { const layers = [...state.layers, state.layers.at(-1)]; return { ...state, layers, weights: refit(state.weights, layers) }; };
export const removed = (state, l) => {
  const keep = (_, i) => i !== l;
  return { ...state, layers: state.layers.filter(keep), weights: typeof state.weights === "string" ? state.weights : state.weights.filter(keep) };
};

/** The values of one slider that leave the state legal, [least, most], around where it stands. */
export function limits(value, [low, high], with_) {
  let least = value, most = value;
  while (least > low && !fault(with_(least - 1))) least -= 1;
  while (most < high && !fault(with_(most + 1))) most += 1;
  return [least, most];
}

export const PRESETS = [
  { name: "k = 3, s = 2: uneven", layers: [{ k: 3, s: 2 }], input_size: 6 },
  { name: "k = 4, s = 2: even counts", layers: [{ k: 4, s: 2 }], input_size: 6 },
  { name: "k = 5, s = 3: three phases", layers: [{ k: 5, s: 3 }], input_size: 5 },
  { name: "k = 2, s = 3: holes", layers: [{ k: 2, s: 3 }], input_size: 5 },
  { name: "three layers, k = 3, s = 2", layers: [{ k: 3, s: 2 }, { k: 3, s: 2 }, { k: 3, s: 2 }], input_size: 4 },
  { name: "three layers, k = 4, s = 2", layers: [{ k: 4, s: 2 }, { k: 4, s: 2 }, { k: 4, s: 2 }], input_size: 4 },
  { name: "k = 4, s = 2, random weights", layers: [{ k: 4, s: 2 }], input_size: 6, weights: "random" },
  { name: "k = 3, s = 2, bilinear weights", layers: [{ k: 3, s: 2 }], input_size: 6, weights: "bilinear" },
  { name: "resize by 2, then convolve, k = 3", layers: [{ k: 3, s: 2 }], input_size: 6, method: "resize", weights: "random" },
];

export const minus = (value) => (Math.round(value * 100) / 100 || 0).toLocaleString("en-US", { maximumFractionDigits: 2 }).replace("-", "−");

/** What is to be said: {headline, rule, square}. */
export function words(L) {
  const { state, least, most, even, period, pattern, top } = L;
  const counts = state.weights === "ones";
  const what = counts ? (state.method === "resize" ? "weight" : state.layers.length > 1 ? "number of paths" : "count") : "value";
  const [low, high] = squared(L);
  const name = counts && state.method !== "resize" ? "" : " for an input of ones";
  const headline = even ? `Even: in the interior every ${what} is ${minus(most)}${name}.`
    : `Uneven: in the interior the smallest ${what} is ${minus(least)}, the largest ${minus(most)}${name}.`;
  const repeat = period === 1 ? "" : period <= 12 ? ` The pattern repeats every ${period} positions: ${pattern.map(minus).join(", ")}, from position ${top.first} on.` : ` The pattern repeats every ${period} positions.`;
  return {
    headline: headline + (even ? "" : repeat),
    square: even ? `In two dimensions, with the square of this kernel: ${minus(high)} everywhere inside.` : `In two dimensions, with the square of this kernel: ${minus(low)} to ${minus(high)}.`,
    rule: rule(L),
  };
}

function rule({ state, even }) {
  const { layers, method, weights } = state;
  if (method === "resize") return "Every output reads the same number of taps, whatever the weights are: a constant stays constant. Repeating first, the weights cannot make a checkerboard of a constant image.";
  const bad = layers.findIndex(({ k, s }) => k % s);
  const where = layers.length > 1 ? `Layer ${bad + 1}: ` : "", by = bad >= 0 ? `k = ${layers[bad].k} is not divisible by s = ${layers[bad].s}` : "";
  if (weights === "ones") {
    if (bad < 0) return `k is divisible by s${layers.length > 1 ? " in every layer" : ""}, so every interior position is hit equally often. That is necessary for equal weights, not sufficient for others: try random ones.`;
    return `${where}${by}, so some positions are hit more often than others, before any training.${even ? " Here a later layer of equal weights evens that out." : ""}`;
  }
  const same = layers.length > 1 ? "every layer's phases have the same sum, or a later layer evens them out" : "every phase has the same sum";
  if (bad < 0) return even ? `These weights keep a constant constant: ${same}.` : "k is divisible by s, and yet it is uneven: the weights of the phases have different sums. Even counts are not sufficient.";
  return even ? `${where}${by}; these weights make up for it: ${same}. A network would have to learn that and keep it.` : `${where}${by}, and the weights do not make up for it.`;
}

/** The sums of the phases of each layer, written out. */
export function phaseWords(state, l) {
  const { s, k } = state.layers[l], stamp = stampOf(state, l);
  const sums = phases(state, l);
  const lines = sums.map((sum, phase) => {
    const parts = stamp.filter((_, u) => u % s === phase);
    return `phase ${phase}: ${parts.length > 1 ? `${parts.map((v) => (v < 0 ? `(${minus(v)})` : minus(v))).join(" + ")} = ` : ""}${minus(sum)}`;
  });
  return { head: `k = ${k}, s = ${s}${state.method === "resize" ? `: the stamp has ${stamp.length} taps` : ""}`, lines };
}

/** The stack in PyTorch, ready to run: it prints the last row. */
export function code(state) {
  const { layers, method, input_size: n } = state;
  const lines = ["import torch", "from torch.nn import functional as F", "", `y = torch.ones(1, 1, ${n})`];
  layers.forEach(({ k, s }, l) => {
    const w = `torch.tensor([[[${weightsOf(state, l).map((v) => Math.round(v * 1e6) / 1e6).join(", ")}]]], dtype=torch.float32)`;
    lines.push(`w = ${w}`);
    if (method === "resize") lines.push(`y = y.repeat_interleave(${s}, dim=2)`, `y = F.conv1d(y, w.flip(2), padding=${k - 1})`);
    else lines.push(`y = F.conv_transpose1d(y, w, stride=${s})`);
  });
  return [...lines, "print(y[0, 0])"].join("\n");
}
