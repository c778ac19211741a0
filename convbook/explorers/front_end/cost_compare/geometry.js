// What every kind of convolution costs in the place of one standard layer. No DOM here. The same rules as convbook.kinds;
// tests/cases/cost_compare.json holds the two languages together.
//
// A state has the traits' names: in_channels, out_channels, kernel_size, size ([height, width]), stride, padding, groups,
// multiplier, quantity, picked ("" for none).

import { convMacs, convParams, outputSize } from "../geometry.js";

/** What the sliders offer; the same as in cost_compare.py. */
export const LIMITS = { channels: [1, 2048], kernel_size: [1, 11], size: [1, 300], stride: [1, 4], groups: [1, 64], multiplier: [1, 16] };
export const KINDS = ["standard", "grouped", "depthwise", "depthwise_multiplier", "pointwise", "pointwise_grouped", "depthwise_separable", "spatially_separable", "flattened"];
export const QUANTITIES = ["params", "macs", "bytes", "intensity"];

const product = (list) => list.reduce((a, b) => a * b, 1);
const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));

/** Convolutions that make up each kind, one after the other: {C, D, k, s, p, G} with k, s, p as [height, width]. */
export function made({ in_channels: C, out_channels: D, kernel_size: k, stride: s, padding: p, groups: G, multiplier: m }) {
  const conv = (from, to, [k_h, k_w], [s_h, s_w] = [1, 1], [p_h, p_w] = [0, 0], groups = 1) => ({ C: from, D: to, k: [k_h, k_w], s: [s_h, s_w], p: [p_h, p_w], G: groups });
  const full = (from, to, groups) => conv(from, to, [k, k], [s, s], [p, p], groups);
  const down = (from, groups) => conv(from, D, [k, 1], [s, 1], [p, 0], groups), along = (groups) => conv(D, D, [1, k], [1, s], [0, p], groups);
  return {
    standard: [full(C, D)],
    grouped: [full(C, D, G)],
    depthwise: [full(C, C, C)],
    depthwise_multiplier: [full(C, m * C, C)],
    pointwise: [conv(C, D, [1, 1], [s, s])],
    pointwise_grouped: [conv(C, D, [1, 1], [s, s], [0, 0], G)],
    depthwise_separable: [full(C, m * C, C), conv(m * C, D, [1, 1])],
    spatially_separable: [down(C), along()],
    flattened: [conv(C, D, [1, 1]), down(D, D), along(D)],
  };
}

/** Why a kind is left out; undefined where it is not. */
function leftOut({ in_channels: C, out_channels: D, kernel_size: k, groups: G, multiplier: m }, kind) {
  if (kind === "grouped" || kind === "pointwise_grouped") {
    if (G === 1) return `it would be the ${kind === "grouped" ? "standard" : "pointwise"} one: groups is 1`;
    if (C % G || D % G) return `groups=${G} must divide in_channels=${C} and out_channels=${D}`;
  }
  if (kind === "depthwise_multiplier" && m === 1) return "it would be the depthwise one: the multiplier is 1";
  if ((kind === "spatially_separable" || kind === "flattened") && k === 1) return "a 1 × 1 kernel has no height and width to take apart";
  return undefined;
}

/** One convolution on maps of `size`: its output's size, weights, MACs and bytes. */
export function priced({ C, D, k, s, p, G }, size) {
  const output = size.map((n, a) => outputSize(n, k[a], { stride: s[a], padding: p[a] }));
  const params = convParams(C, D, k, { groups: G, bias: false });
  return { C, D, k, s, p, G, input: size, output, params, macs: convMacs(C, D, k, output, { groups: G }),
    bytes: 4 * (C * product(size) + params + D * product(output)) };
}

/** {costs: {kind: {steps, output: [D, h, w], params, macs, bytes, intensity}}, left: {kind: why}}. */
export function compare(state) {
  const costs = {}, left = {}, all = made(state);
  for (const kind of KINDS) {
    const why = leftOut(state, kind);
    if (why) { left[kind] = why; continue; }
    const steps = [];
    for (const conv of all[kind]) steps.push(priced(conv, steps.at(-1)?.output ?? state.size));
    const sum = (name) => steps.reduce((total, step) => total + step[name], 0);
    const [params, macs, bytes] = ["params", "macs", "bytes"].map(sum);
    costs[kind] = { steps, output: [steps.at(-1).D, ...steps.at(-1).output], params, macs, bytes, intensity: (2 * macs) / bytes };
  }
  return { costs, left };
}

/** Whether a kind's output has the standard one's shape, so that it can stand in its place. */
export const fits = (costs, kind) => String(costs[kind].output) === String(costs.standard.output);

/** Limits of one setting, so that no kernel is longer than its padded input. */
export function limits(state, name) {
  const { kernel_size: k, padding: p, size } = state, least = Math.max(1, k - 2 * p);
  return {
    in_channels: LIMITS.channels, out_channels: LIMITS.channels, stride: LIMITS.stride, groups: LIMITS.groups, multiplier: LIMITS.multiplier,
    kernel_size: [1, Math.min(LIMITS.kernel_size[1], isSame(state) ? LIMITS.kernel_size[1] : Math.min(...size) + 2 * p)],
    padding: [Math.max(0, Math.ceil((k - Math.min(...size)) / 2)), Math.floor(k / 2)],
    height: [least, LIMITS.size[1]], width: [least, LIMITS.size[1]],
  }[name];
}

const isSame = ({ kernel_size: k, padding: p }) => k > 1 && p === Math.floor(k / 2);

/** The state with one thing changed; padding of half a kernel stays half a kernel. */
export function changed(state, name, value) {
  if (name === "height" || name === "width") return { ...state, size: state.size.map((n, a) => (a === (name === "width" ? 1 : 0) ? value : n)) };
  const next = { ...state, [name]: value };
  if (name !== "kernel_size") return next;
  const half = Math.floor(value / 2);
  next.padding = isSame(state) ? half : state.padding;
  return { ...next, padding: clamp(next.padding, limits(next, "padding")) };
}

/** Kinds in the order in which they stand: as listed, or the smallest first. */
export function ordered(costs, quantity, sorted) {
  const there = KINDS.filter((kind) => costs[kind]);
  return sorted ? there.sort((a, b) => costs[a][quantity] - costs[b][quantity]) : there;
}

/** Share of the full length that a bar takes. On a logarithmic scale the smallest bar keeps a twentieth. */
export function share(value, values, log) {
  const most = Math.max(...values), least = Math.min(...values);
  if (!log) return value / most;
  return most === least ? 1 : 0.05 + 0.95 * (Math.log(value / least) / Math.log(most / least));
}

const scramble = (n) => { let x = (n + 1) * 0x9e3779b1; x = Math.imul(x ^ (x >>> 16), 0x85ebca6b); x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35); return (x ^ (x >>> 16)) >>> 0; };

/** Question number `seed`: {quantity, most, options, answer}, where options are kinds with different values, or
    {quantity, kind, options, answer}, where options say how many times the standard one's value is as large. */
export function question(state, seed) {
  const { costs } = compare(state), quantity = QUANTITIES[seed % 4];
  const there = KINDS.filter((kind) => costs[kind]);
  if (seed % 3 === 2 && quantity !== "intensity") {
    const others = there.filter((kind) => kind !== "standard" && costs.standard[quantity] / costs[kind][quantity] > 1.2);
    if (others.length) {
      const kind = others[scramble(seed) % others.length], times = costs.standard[quantity] / costs[kind][quantity];
      const round = (v) => Number(v.toPrecision(v < 10 ? 2 : 3)), place = scramble(seed + 99) % 3;
      const options = [0, 1, 2].map((i) => String(round(times * 3 ** (i - place))));
      return { quantity, kind, options, answer: options[place] };
    }
  }
  const most = scramble(seed) % 2 === 1, different = [];
  for (const kind of [...there].sort((a, b) => scramble(seed + 7 * KINDS.indexOf(a)) - scramble(seed + 7 * KINDS.indexOf(b)))) {
    if (different.length < 4 && different.every((other) => costs[other][quantity] !== costs[kind][quantity])) different.push(kind);
  }
  const options = KINDS.filter((kind) => different.includes(kind));
  const answer = options.reduce((a, b) => ((costs[b][quantity] > costs[a][quantity]) === most ? b : a));
  return { quantity, most, options, answer };
}
