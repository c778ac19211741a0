// A small direct convolution and its transposed one: which states are legal, what touches what, three ways to the same
// numbers. No DOM here.
//
// A state has the traits' names. The layer is the transposed one: `input_size` is the size of x, its small input. The direct
// convolution with the same kernel, stride, padding and dilation goes the other way, from X (as large as y) to z (as large as x).
// Positions of X and y count from their own first row and column: -1 is padding of X, and a position cut off from y.

import { AXES, arrange as arranged, filled, legality, minus, outOfBounds, table } from "../one_channel.js";
import { conv2d, outputSize, span, transposeOutputSize, turned } from "../geometry.js";

/** What can be drawn with numbers in the cells. Same as in transposed_views.py. */
export const LIMITS = { input_size: [1, 4], kernel_size: [1, 4], stride: [1, 3], padding: [0, 3], output_padding: [0, 2], dilation: [1, 2] };
export const LARGEST_OUTPUT = 7, LARGEST_DRAWN = 10;

function faultOf(state, axis) {
  const outside = outOfBounds(state, Object.keys(LIMITS), LIMITS, axis);
  if (outside) return outside;
  const [n, k, s, p, extra, d] = Object.keys(LIMITS).map((name) => state[name][axis]);
  const reach = d * (k - 1), full = s * (n - 1) + reach + 1;
  if (p > reach) return `padding must be at most d (k - 1) = ${reach}, or p' = d (k - 1) - p would be negative`;
  if (extra >= s) return `output_padding must be less than the stride, ${s}`;
  const o = full - 2 * p + extra;
  if (o < 1) return `padding cuts ${2 * p} of ${full} output positions and leaves none`;
  if (o > LARGEST_OUTPUT) return `the output has ${o} positions, and at most ${LARGEST_OUTPUT} are drawn`;
  const drawn = o + Math.max(2 * p, reach);
  if (drawn > LARGEST_DRAWN) return `the output and its border have ${drawn} positions, and at most ${LARGEST_DRAWN} are drawn`;
  return null;
}

const legal = legality(faultOf, LIMITS);
export const fault = legal.fault;
export const limits = legal.limits;

function mixed(...numbers) {
  let hash = 0x9e3779b9;
  for (const n of numbers) { hash = Math.imul(hash ^ (n + 0x7f4a7c15), 0x85ebca6b); hash ^= hash >>> 13; }
  return (Math.imul(hash, 0xc2b2ae35) ^ (hash >>> 16)) >>> 0;
}

/** Numbers for x and for the kernel. "direct" is filled in by layout: x is what the direct convolution gave. */
export const INPUTS = {
  counting: { text: "counting numbers", at: (r, c, [, w]) => r * w + c + 1 },
  ones: { text: "all ones", at: () => 1 },
  single: { text: "a single 1", at: (r, c) => (r || c ? 0 : 1) },
  random: { text: "random integers", at: (r, c, size, seed) => mixed(seed, r, c) % 5 },
  direct: { text: "z, what the direct one gave", at: () => 0 },
};
const tent = (i, k) => Math.min(2 * i + 1, 2 * (k - i) - 1);
export const KERNELS = {
  counting: { text: "counting numbers", at: (r, c, [, w]) => r * w + c + 1 },
  ones: { text: "all ones", at: () => 1 },
  tent: { text: "tent (bilinear, in whole numbers)", at: (r, c, size) => [r, c].reduce((v, i, a) => v * (size[a] % 2 ? (tent(i, size[a]) + 1) / 2 : tent(i, size[a])), 1) },
  random: { text: "random integers", at: (r, c, size, seed) => (mixed(seed, r, c, 7) % 7) - 3 },
};
/** Everything that follows from a state. */
export function layout(state) {
  const axes = AXES.map((name, a) => {
    const [n, k, s, p, extra, d] = Object.keys(LIMITS).map((trait) => state[trait][a]);
    const o = transposeOutputSize(n, k, { stride: s, padding: p, outputPadding: extra, dilation: d });
    return { name, n, k, s, p, extra, d, o, span: span(k, d), border: d * (k - 1) - p, padded: o + 2 * p, stuffed: o + d * (k - 1),
      back: outputSize(o, k, { stride: s, padding: p, dilation: d }) };
  });
  const [rows, columns] = axes;
  const w = filled(state.kernel, KERNELS, state.kernel_size, state.seed);
  const X = table(rows.o, columns.o, (r, c) => mixed(state.seed, r, c, 3) % 5);
  const z = conv2d(X, w, { stride: state.stride, padding: state.padding, dilation: state.dilation });
  const x = state.input === "direct" ? z : filled(state.input, INPUTS, state.input_size, state.seed);
  const L = { state, axes, rows, columns, w, X, z, x, count: { input: rows.n * columns.n, output: rows.o * columns.o } };
  L.full = scattered(L);
  L.y = table(rows.o, columns.o, (r, c) => L.full[r + rows.p][c + columns.p]);
  L.stuffed = stuffed(L);
  L.C = matrix(L);
  return L;
}

/** View 1: every input adds its weighted kernel. Index [r + p][c + p]; `steps` stops after so many inputs. */
export function scattered({ rows, columns, x, w }, steps = Infinity) {
  const sum = table(rows.padded, columns.padded, () => 0);
  x.flat().slice(0, steps).forEach((value, at) => {
    const i = Math.floor(at / columns.n), j = at % columns.n;
    w.forEach((line, u) => line.forEach((weight, v) => { sum[rows.s * i + rows.d * u][columns.s * j + columns.d * v] += value * weight; }));
  });
  return sum;
}

/** View 2: x with s - 1 zeros between its numbers and a border of p' zeros: {value, from, border} at each position. */
function stuffed({ rows, columns, x }) {
  const source = (axis, at) => (at - axis.border) / axis.s;
  const inside = (axis, i) => i >= 0 && i <= axis.n - 1;
  return table(rows.stuffed, columns.stuffed, (r, c) => {
    const i = source(rows, r), j = source(columns, c);
    const border = !inside(rows, i) || !inside(columns, j);
    const from = !border && Number.isInteger(i) && Number.isInteger(j) ? [i, j] : null;
    return { value: from ? x[i][j] : 0, from, border };
  });
}

/** ... then an ordinary convolution of stride 1, with the kernel turned by half a turn. */
export const inserted = ({ stuffed, w, state }) => conv2d(stuffed.map((row) => row.map((cell) => cell.value)), turned(w), { dilation: state.dilation });

/** View 3: the matrix of the direct convolution, a row for each number of z, a column for each number of X. */
function matrix({ rows, columns, w }) {
  return table(rows.n * columns.n, rows.o * columns.o, (a, b) => {
    const tap = (axis, i, r) => (r + axis.p - axis.s * i) / axis.d;
    const u = tap(rows, Math.floor(a / columns.n), Math.floor(b / columns.o)), v = tap(columns, a % columns.n, b % columns.o);
    return w[u]?.[v] ?? 0;
  });
}

/** ... and its transpose times x. */
export function multiplied({ C, x, rows, columns }) {
  const flat = x.flat();
  return table(rows.o, columns.o, (r, c) => C.reduce((sum, row, a) => sum + row[r * columns.o + c] * flat[a], 0));
}

/** Whether the three views agree, to rounding. */
export const agree = (L) => [inserted(L), multiplied(L)].every((other) => other.flat().every((value, i) => Math.abs(value - L.y.flat()[i]) <= 1e-6 * (1 + Math.abs(value))));

/** The terms of y(r, c): {i, j, u, v, value, weight}, in the order of x. The direct convolution has the same ones: X(r, c) goes into z(i, j). */
export function terms({ rows, columns, x, w }, r, c) {
  const hits = (axis, at) => Array.from({ length: axis.k }, (_, u) => [(at + axis.p - axis.d * u) / axis.s, u])
    .filter(([i]) => Number.isInteger(i) && i >= 0 && i < axis.n).reverse();
  return hits(rows, r).flatMap(([i, u]) => hits(columns, c).map(([j, v]) => ({ i, j, u, v, value: x[i][j], weight: w[u][v] })));
}

/** What x(i, j) stamps on y, which is what z(i, j) reads from X: {r, c, u, v, weight, read (X there), outside} by kernel rows. */
export function stamp({ rows, columns, w, X }, i, j) {
  return w.map((line, u) => line.map((weight, v) => {
    const r = rows.s * i + rows.d * u - rows.p, c = columns.s * j + columns.d * v - columns.p;
    const read = X[r]?.[c];
    return { r, c, u, v, weight, read: read ?? 0, outside: read === undefined };
  }));
}

/** Whether a place ["input", i, j] or ["output", r, c] is in the picture; outputs that are cut off are. */
export function exists({ rows, columns }, [grid, r, c] = []) {
  if (grid === "input") return r >= 0 && c >= 0 && r < rows.n && c < columns.n;
  return grid === "output" && r >= -rows.p && c >= -columns.p && r < rows.o + rows.p && c < columns.o + columns.p;
}

export const isCut = ({ rows, columns }, r, c) => r < 0 || c < 0 || r >= rows.o || c >= columns.o;

export const placeOf = ({ rows, columns }, walk, step) => {
  const width = walk === "input" ? columns.n : columns.o;
  return [walk, Math.floor(step / width), step % width];
};

/** What each cell is while a place is looked at: Maps of "row,column" to {is, badge} for big (X and y), small (z and x), kernel and
    stuffed, and the windows on big and on stuffed. "focus" is the place itself, "tap" and "fed" what it touches, "skip" a hole. */
export function marks(L, [grid, r, c]) {
  const found = { X: new Map(), y: new Map(), z: new Map(), x: new Map(), kernel: new Map(), stuffed: new Map(), window: null, reading: null };
  const mark = (where, y, x, is, badge = "") => found[where].set(`${y},${x}`, { is, badge });
  const { rows, columns } = L;
  const holes = (where, top, left) => { for (let y = 0; y < rows.span; y++) for (let x = 0; x < columns.span; x++) mark(where, top + y, left + x, "skip"); };
  if (grid === "input") {
    const top = rows.s * r - rows.p, left = columns.s * c - columns.p;
    found.window = { r: top, c: left, h: rows.span, w: columns.span };
    for (const where of ["X", "y"]) holes(where, top, left);
    for (const t of stamp(L, r, c).flat()) {
      mark("X", t.r, t.c, "tap", `×${minus(t.weight)}`);
      const part = L.x[r][c] * t.weight;
      mark("y", t.r, t.c, "fed", `${part < 0 ? "" : "+"}${minus(part)}`);
      mark("kernel", t.u, t.v, "tap");
    }
    for (const where of ["z", "x"]) mark(where, r, c, "focus");
    mark("stuffed", rows.border + rows.s * r, columns.border + columns.s * c, "focus");
    return found;
  }
  if (!isCut(L, r, c)) {
    found.reading = { r, c, h: rows.span, w: columns.span };
    if (rows.d > 1 || columns.d > 1) {
      holes("stuffed", r, c);
      L.w.forEach((line, u) => line.forEach((_, v) => mark("stuffed", r + rows.d * u, c + columns.d * v, "")));
    }
  }
  for (const t of terms(L, r, c)) {
    mark("z", t.i, t.j, "fed", `×${minus(t.weight)}`);
    mark("x", t.i, t.j, "tap", `×${minus(t.weight)}`);
    mark("kernel", t.u, t.v, "tap");
    mark("stuffed", rows.border + rows.s * t.i, columns.border + columns.s * t.j, "tap", `×${minus(t.weight)}`);
  }
  for (const where of ["X", "y"]) mark(where, r, c, "focus");
  return found;
}

/** How three grids of so many columns stand: in a row, or the first above the others. */
export const arrange = (width, columns, options) => arranged(width, columns, { most: 40, enough: 26, ways: ["row", "two"], ...options });
