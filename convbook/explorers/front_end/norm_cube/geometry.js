// Normalization of a small array x[n][c][h][w]: which entries share a mean, all the numbers, where the cube's cells stand. No DOM.
//
// tests/cases/norm_cube.json holds these numbers to those of convbook.ops.

export const METHODS = ["batch", "layer", "instance", "group", "position"];
export const LIMITS = { images: [1, 4], channels: [1, 6], height: [1, 3], width: [1, 4], value: 99, scale: 9, steps: [0, 100], running: 19602 };
export const EPS = [1e-5, 1e-3, 0.1, 1];
export const SHOWN = ["x", "normalised", "y"];
export const AXES = ["images", "channels", "height", "width"];

const range = (n) => Array.from({ length: n }, (_, i) => i);
const sum = (list) => list.reduce((a, b) => a + b, 0);

/** The number that stands where the reader has put none; the same in Python. */
export const filler = (n, c, h, w) => (4 * n + 5 * c + 3 * h + 4 * w + 2 * n * c + h * w) % 7 + 3 * (c % 3);

export const shapeOf = (x) => [x.length, x[0].length, x[0][0].length, x[0][0][0].length];
export const divisors = (C) => range(C).map((i) => i + 1).filter((G) => C % G === 0);

/** The same array with other sizes: numbers that are there stay, then those of `before`, then the filler. */
export const resized = (x, [N, C, H, W], before = x) => range(N).map((n) => range(C).map((c) => range(H).map((h) => range(W).map((w) =>
  x[n]?.[c]?.[h]?.[w] ?? before[n]?.[c]?.[h]?.[w] ?? filler(n, c, h, w)))));

/** Why these sizes cannot be normalized; null where they can. The same rules in Python. */
export function fault({ method, shape: [N, C, H, W], groups, training, steps }) {
  if (method === "batch" && (training || steps) && N * H * W === 1) return "batch norm cannot train on one value a channel";
  if (method === "instance" && H * W === 1) return "instance norm needs more than one place a channel";
  if (method === "group" && C % groups) return `${groups} groups do not divide ${C} channels`;
  if (method === "group" && N * C * H * W === groups) return "group norm needs more than one value a group";
  return null;
}

/** What names the set of an entry: entries with equal keys share a mean. */
function keyOf(method, [n, c, h, w], channelsOfGroup) {
  return { batch: [c], layer: [n], instance: [n, c], group: [n, Math.floor(c / channelsOfGroup)], position: [n, h, w] }[method];
}

/** Everything that is drawn. state: {x, method, groups, training, steps, momentum, eps, gamma, beta, running}; running: [mean, variance] of
    each channel, or none where all looks were at this x. */
export function layout(state) {
  const { x, method, eps, gamma, beta } = state, shape = shapeOf(x), [N, C, H, W] = shape;
  const G = { layer: 1, instance: C, group: state.groups }[method] ?? 1, each = C / G;
  const fixed = method === "batch" && !state.training;
  const sets = new Map();
  for (const n of range(N)) for (const c of range(C)) for (const h of range(H)) for (const w of range(W)) {
    const key = keyOf(method, [n, c, h, w], each), name = key.join();
    if (!sets.has(name)) sets.set(name, { key, places: [] });
    sets.get(name).places.push([n, c, h, w]);
  }
  const value = ([n, c, h, w]) => x[n][c][h][w];
  const kept = Boolean(state.running?.length), channel = (c) => range(N).flatMap((n) => x[n][c].flat());
  const running = kept ? state.running : range(C).map((c) => moving(channel(c), state.steps, state.momentum));
  for (const set of sets.values()) {
    const numbers = set.places.map(value);
    set.mean = sum(numbers) / numbers.length;
    set.var = sum(numbers.map((v) => (v - set.mean) ** 2)) / numbers.length;
    if (fixed) [set.mean, set.var] = running[set.key[0]];
    set.tone = (method === "position" ? set.key[0] + set.key[1] * W + set.key[2] : sum(set.key)) % 2;
  }
  const of = (at) => sets.get(keyOf(method, at, each).join());
  const normalised = (at) => (value(at) - of(at).mean) / Math.sqrt(of(at).var + eps);
  return {
    state, shape, method, G, each, fixed, sets, kept, running, channel, of, value, normalised,
    y: (at) => gamma[at[1]] * normalised(at) + beta[at[1]],
    counts: {
      means: sets.size, over: fixed ? 0 : [...sets.values()][0].places.length, kept: method === "batch" ? 2 * C : 0,
      learned: 2 * (method === "layer" ? C * H * W : C),
    },
  };
}

/** Running [mean, variance] after `steps` looks at these numbers: from 0 and 1 towards theirs; the variance divides by one fewer. */
export function moving(numbers, steps, momentum) {
  const mean = sum(numbers) / numbers.length, old = (1 - momentum) ** steps;
  if (numbers.length < 2 || !steps) return [0, 1];
  const variance = sum(numbers.map((v) => (v - mean) ** 2)) / (numbers.length - 1);
  return [(1 - old) * mean, old + (1 - old) * variance];
}

/** The running statistics after one more look, at the x that stands there now. */
export const looked = (L) => L.running.map(([mean, variance], c) => {
  const [m, v] = moving(L.channel(c), 1, 1), share = L.state.momentum;
  return [mean + share * (m - mean), variance + share * (v - variance)];
});

/** How the statistics of two layouts differ: sets that both have, which moved and which stayed, and sets that only one has. */
export function compared(before, after) {
  const both = [...after.sets].filter(([name]) => before.sets.has(name));
  const moved = both.filter(([name, set]) => ["mean", "var"].some((what) => Math.abs(set[what] - before.sets.get(name)[what]) > 1e-12)).length;
  return { moved, stayed: both.length - moved, fresh: after.sets.size - both.length, gone: before.sets.size - both.length };
}

/** How many outputs change when only this entry does. */
export const reach = (L, at) => (L.fixed ? 1 : L.of(at).places.length);

/** The three faces of the cube that can be seen: [{at, points}], in a box of `size`. Images go down to the right, channels up to the
    right, places down. */
export function cube([N, C, H, W], width, height) {
  const S = H * W, slope = 0.5;
  const unit = Math.min(width / (N + C), height / ((N + C) * slope + S * 0.8), 46), tall = unit * 0.8;
  const point = (n, c, s) => [unit * (n + c), unit * slope * (n - c + C) + tall * s];
  const place = (s) => [Math.floor(s / W), s % W];
  const cell = (face, at, corners) => ({ face, at, points: corners.map((corner) => point(...corner)) });
  const cells = [];
  for (const n of range(N)) for (const c of range(C)) cells.push(cell("top", [n, c, 0, 0], [[n, c, 0], [n + 1, c, 0], [n + 1, c + 1, 0], [n, c + 1, 0]]));
  for (const s of range(S)) {
    for (const n of range(N)) cells.push(cell("front", [n, 0, ...place(s)], [[n, 0, s], [n + 1, 0, s], [n + 1, 0, s + 1], [n, 0, s + 1]]));
    for (const c of range(C)) cells.push(cell("side", [N - 1, c, ...place(s)], [[N, c, s], [N, c + 1, s], [N, c + 1, s + 1], [N, c, s + 1]]));
  }
  return { cells, unit, size: [unit * (N + C), unit * slope * (N + C) + tall * S], point,
    names: { images: point(N / 2, 0, S), channels: point(N, C / 2, S), places: point(0, 0, S / 2) } };
}
