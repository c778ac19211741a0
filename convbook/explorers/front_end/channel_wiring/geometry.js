// Which channel reads which: one to three convolutions in groups, perhaps with a shuffle after the first. No DOM here.
//
// A state has the traits' names: in_channels, layers ({out_channels, kernel_size, groups} each), shuffle, size ([height, width] of
// the map), pinned. A place is [row, channel]: row 0 the input, row l what layer l gives. A channel keeps its number when it is
// shuffled; `order` says which one stands where.

import { convMacs, convParams } from "../geometry.js";

/** What can be drawn; the same as in channel_wiring.py. */
export const LIMITS = { channels: [1, 12], layers: [1, 3], size: [1, 224] };
export const KERNELS = [1, 3, 5, 7];

const range = (n) => Array.from({ length: n }, (_, i) => i);
const gcd = (a, b) => (b ? gcd(b, a % b) : a);
const lcm = (a, b) => (a * b) / gcd(a, b);
const inside = (value, [low, high]) => Number.isInteger(value) && value >= low && value <= high;

/** Channels that enter layer l, counted from 0. */
export const entering = ({ in_channels, layers }, l) => (l ? layers[l - 1].out_channels : in_channels);

/** Why a state cannot be shown; null where it can. */
export function fault(state) {
  const { in_channels, layers, shuffle, size } = state;
  if (!inside(layers.length, LIMITS.layers)) return `there must be ${LIMITS.layers[0]} to ${LIMITS.layers[1]} layers`;
  for (const [name, value, limits] of [["in_channels", in_channels, LIMITS.channels], ["size[0]", size[0], LIMITS.size], ["size[1]", size[1], LIMITS.size]]) {
    if (!inside(value, limits)) return `${name} must be a whole number from ${limits[0]} to ${limits[1]}`;
  }
  for (const [l, { out_channels: D, kernel_size: k, groups: G }] of layers.entries()) {
    const C = entering(state, l);
    if (!inside(D, LIMITS.channels)) return `layer ${l + 1}: out_channels must be a whole number from ${LIMITS.channels[0]} to ${LIMITS.channels[1]}`;
    if (!KERNELS.includes(k)) return `layer ${l + 1}: kernel_size must be one of ${KERNELS.join(", ")}`;
    if (!Number.isInteger(G) || G < 1 || C % G || D % G) return `layer ${l + 1}: groups=${G} must divide in_channels=${C} and out_channels=${D}`;
  }
  if (shuffle && layers.length < 2) return "a shuffle stands between two layers, and there is one";
  return null;
}

/** Counts of groups that fit layer l. */
export const divisors = (state, l) => range(LIMITS.channels[1]).map((i) => i + 1).filter((G) => entering(state, l) % G === 0 && state.layers[l].out_channels % G === 0);

/** Every filter reads one channel, and there is more than one. */
export const isDepthwise = (state, l) => state.layers[l].groups === entering(state, l) && entering(state, l) > 1;

/** What a layer is called. */
export function kindOf(state, l) {
  const C = entering(state, l), { out_channels: D, kernel_size: k, groups: G } = state.layers[l];
  if (isDepthwise(state, l)) return D > C ? `depthwise, multiplier ${D / C}` : "depthwise";
  return G > 1 ? `${k === 1 ? "pointwise, " : ""}${G} groups` : k === 1 ? "pointwise" : "standard";
}

const withLayer = (state, l, values) => ({ ...state, layers: state.layers.map((layer, i) => (i === l ? { ...layer, ...values } : layer)) });

/** The state with one thing changed: "in_channels", or "out_channels", "kernel_size", "groups", "multiplier" of layer l. Whatever
    no longer fits follows: a depthwise layer stays depthwise, other groups fall to the next count that divides both sides. */
export function changed(state, name, value, l = 0) {
  if (name === "kernel_size") return withLayer(state, l, { kernel_size: value });
  if (name === "groups") return withLayer(state, l, { groups: value });
  const first = name === "in_channels" ? 0 : l + 1;
  let next = name === "in_channels" ? { ...state, in_channels: value }
    : withLayer(state, l, { out_channels: name === "multiplier" ? value * entering(state, l) : value });
  if (name === "out_channels") next = regrouped(state, next, l);
  for (let i = first; i < next.layers.length; i++) {
    const C = entering(next, i);
    if (C === entering(state, i)) break;
    if (isDepthwise(state, i)) {
      const m = Math.min(state.layers[i].out_channels / entering(state, i), Math.max(1, Math.floor(LIMITS.channels[1] / C)));
      next = withLayer(next, i, { groups: C, out_channels: m * C });
    } else next = regrouped(state, next, i);
  }
  return next;
}

const regrouped = (old, state, l) => withLayer(state, l, { groups: divisors(state, l).filter((G) => G <= old.layers[l].groups).at(-1) });

/** {min, max, step} of the channels that leave layer l (l = -1: that enter), without a change of any group, except that a
    depthwise layer below follows. */
export function channelLimits(state, l) {
  const own = l >= 0 ? state.layers[l].groups : 1, below = l + 1 < state.layers.length && !isDepthwise(state, l + 1) ? state.layers[l + 1].groups : 1;
  const step = lcm(own, below), most = LIMITS.channels[1];
  return { min: step, max: Math.floor(most / step) * step, step };
}

export function added(state) {
  const C = state.layers.at(-1).out_channels, { kernel_size, groups } = state.layers.at(-1);
  const layer = { out_channels: C, kernel_size, groups: C % groups ? 1 : groups };
  return { ...state, layers: [...state.layers, layer] };
}

export function removed(state) {
  const layers = state.layers.slice(0, -1);
  return { ...state, layers, shuffle: state.shuffle && layers.length > 1 };
}

/** Channel shuffle: place i g + j takes channel j n + i. */
export const shuffled = (channels, groups) => range(channels).map((p) => (p % groups) * (channels / groups) + Math.floor(p / groups));

/** Everything that follows from a state. `matrices` are the layers' weights as [out][place], 1 where there is one; `linked` the
    same as [out][channel], so that they can be multiplied; `paths` is their product. */
export function layout(state) {
  const { layers, size, shuffle } = state;
  const order = shuffle ? shuffled(layers[0].out_channels, layers[0].groups) : null;
  const info = layers.map(({ out_channels: D, kernel_size: k, groups: G }, l) => {
    const C = entering(state, l);
    const matrix = range(D).map((i) => range(C).map((j) => Number(Math.floor((i * G) / D) === Math.floor((j * G) / C))));
    return { C, D, k, G, matrix, kind: kindOf(state, l), shape: [D, C / G, k, k],
      params: convParams(C, D, k, { groups: G, bias: false }), macs: convMacs(C, D, k, size, { groups: G }), dense: convParams(C, D, k, { bias: false }) };
  });
  const linked = info.map(({ matrix }, l) => (l === 1 && order ? matrix.map((row) => range(row.length).map((c) => row[order.indexOf(c)])) : matrix));
  const paths = linked.reduce((below, m) => m.map((row) => below[0].map((_, j) => row.reduce((sum, w, i) => sum + w * below[i][j], 0))), range(state.in_channels).map((i) => range(state.in_channels).map((j) => Number(i === j))));
  const total = (name) => info.reduce((sum, layer) => sum + layer[name], 0);
  return { state, order, info, linked, paths, rows: [state.in_channels, ...layers.map((layer) => layer.out_channels)],
    params: total("params"), macs: total("macs"), dense: total("dense") };
}

export const exists = (L, [row, channel] = []) => row >= 0 && row < L.rows.length && channel >= 0 && channel < L.rows[row];

/** For each row the set of channels that a place hears (rows before it) or reaches (rows after it), itself in its own. */
export function reach(L, [row, channel]) {
  const found = L.rows.map(() => new Set());
  found[row].add(channel);
  for (let l = row; l < L.linked.length; l++) L.linked[l].forEach((weights, i) => { if (weights.some((w, j) => w && found[l].has(j))) found[l + 1].add(i); });
  for (let l = row - 1; l >= 0; l--) L.linked[l].forEach((weights, i) => { if (found[l + 1].has(i)) weights.forEach((w, j) => { if (w) found[l].add(j); }); });
  return found;
}

/** Fewest and most inputs that an output hears. */
export function hearing(L) {
  const counts = L.paths.map((row) => row.filter(Boolean).length);
  return { least: Math.min(...counts), most: Math.max(...counts), of: L.state.in_channels };
}

/** Question number `seed`: a channel at one end, and the row at the other where its answer is. */
export function question(L, seed) {
  const last = L.rows.length - 1, forward = seed % 2 === 1;
  const [from, to] = forward ? [0, last] : [last, 0];
  const channel = (Math.imul(seed + 1, 2654435761) >>> 8) % L.rows[from];
  return { at: [from, channel], row: to, forward, answer: [...reach(L, [from, channel])[to]].sort((a, b) => a - b) };
}
