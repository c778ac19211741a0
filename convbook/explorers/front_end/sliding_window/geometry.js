// One small convolution: which states are legal, what touches what, and what it says. No DOM here.
//
// A state has the traits' names: input_size, kernel_size, stride, padding ("valid", "same" or [height, width]), dilation,
// padding_mode, true_convolution, input and kernel (a preset's name or rows of numbers), seed.
// Positions of the input count from its own first row and column, so that padding stands at -1, or at n and beyond.

import { AXES, filled, legality, minus, outOfBounds } from "../one_channel.js";
import { conv2d, convMacs, convParams, outputSize, paddedIndices, samePadding, span, taps, turned } from "../geometry.js";

/** What can be drawn with numbers in the cells; "span" bounds a dilated window. Same as in sliding_window.py. */
export const LIMITS = { input_size: [1, 8], kernel_size: [1, 5], stride: [1, 4], padding: [0, 3], dilation: [1, 3], span: 7, number: 999 };

const TRAITS = ["input_size", "kernel_size", "stride", "padding", "dilation"];

/** Padding of one axis, [before, after]. */
export function sides({ padding, input_size, kernel_size, dilation }, axis) {
  if (padding === "valid") return [0, 0];
  if (padding === "same") return samePadding(input_size[axis], kernel_size[axis], { dilation: dilation[axis] });
  return [padding[axis], padding[axis]];
}

function faultOf(state, axis) {
  const outside = outOfBounds(state, TRAITS.filter((name) => typeof state[name] !== "string"), LIMITS, axis);
  if (outside) return outside;
  const n = state.input_size[axis];
  const reach = span(state.kernel_size[axis], state.dilation[axis]);
  if (reach > LIMITS.span) return `the window spans ${reach} positions, and at most ${LIMITS.span} are drawn`;
  if (state.padding === "same" && state.stride[axis] > 1) return "padding 'same' exists at stride 1 only";
  const [before, after] = sides(state, axis);
  if (reach > n + before + after) return `the window spans ${reach} positions, and the padded input has only ${n + before + after}`;
  if (state.padding_mode === "reflect" && after > n - 1) return `padding_mode 'reflect' needs a padding of at most ${n - 1}, one less than the input`;
  if (state.padding_mode === "circular" && after > n) return `padding_mode 'circular' needs a padding of at most ${n}, as long as the input`;
  return null;
}

const legal = legality(faultOf, LIMITS);
export const fault = legal.fault;
export const limits = legal.limits;

const hash = (...numbers) => {
  let mixed = 0x9e3779b9;
  for (const n of numbers) {
    mixed = Math.imul(mixed ^ (n + 0x7f4a7c15), 0x85ebca6b);
    mixed ^= mixed >>> 13;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return mixed >>> 0;
};

// The first 3 of scikit-learn's handwritten digits (load_digits, image 3), 0 to 16.
const DIGIT = ["0 0 7 15 13 1 0 0", "0 8 13 6 15 4 0 0", "0 2 1 13 13 0 0 0", "0 0 2 15 11 1 0 0", "0 0 0 1 12 12 1 0", "0 0 0 0 1 10 8 0", "0 0 8 4 5 14 9 0", "0 0 7 13 13 9 0 0"]
  .map((row) => row.split(" ").map(Number));
const middle = (k) => Math.floor((k - 1) / 2);
const binomial = (k) => Array.from({ length: k - 1 }).reduce((row) => [1, ...row.slice(1).map((v, i) => v + row[i]), 1], [1]);
const slope = (k) => (k < 2 ? [1] : [0, ...binomial(k - 1)].map((v, i, all) => v - (all[i + 1] ?? 0)));

/** Numbers for a size (h, w): each entry of row r and column c. */
export const INPUTS = {
  random: { text: "random integers", at: (r, c, [, ], seed) => hash(seed, r, c) % 10 },
  counting: { text: "counting numbers", at: (r, c, [, w]) => r * w + c + 1 },
  edge: { text: "an edge", at: (r, c, [, w]) => (c >= Math.ceil(w / 2) ? 5 : 0) },
  diagonal: { text: "a diagonal", at: (r, c) => (r === c ? 9 : 0) },
  impulse: { text: "a single 1", at: (r, c, [h, w]) => (r === middle(h) && c === middle(w) ? 1 : 0) },
  digit: { text: "a digit", size: [8, 8], at: (r, c, [h, w]) => DIGIT[r + ((8 - h) >> 1)][c + ((8 - w) >> 1)] },
};

export const KERNELS = {
  sobel: { text: "Sobel: left to right", at: (r, c, [h, w]) => (w > 1 ? binomial(h)[r] * slope(w)[c] : slope(h)[r]) },
  identity: { text: "identity", at: (r, c, [h, w]) => (r === middle(h) && c === middle(w) ? 1 : 0) },
  sum: { text: "sum: all ones", at: () => 1 },
  sharpen: { text: "sharpen", at: sharpen },
  shift: { text: "shift by one", at: (r, c, [h, w]) => (w > 1 ? r === middle(h) && c === Math.min(w - 1, middle(w) + 1) : r === Math.min(h - 1, middle(h) + 1)) ? 1 : 0 },
  counting: { text: "counting numbers", at: (r, c, [, w]) => r * w + c + 1 },
  random: { text: "random integers", at: (r, c, [, ], seed) => (hash(seed, r, c, 7) % 7) - 3 },
};

function sharpen(r, c, [h, w]) {
  const [up, left] = [middle(h), middle(w)];
  const beside = (y, x) => Math.abs(y - up) + Math.abs(x - left) === 1;
  if (beside(r, c)) return -1;
  if (r !== up || c !== left) return 0;
  return 1 + [[up - 1, left], [up + 1, left], [up, left - 1], [up, left + 1]].filter(([y, x]) => y >= 0 && x >= 0 && y < h && x < w).length;
}

/** Everything that follows from a state. `w` is the kernel as it stands, `slid` as it slides (turned, if it is). */
export function layout(state) {
  const x = filled(state.input, INPUTS, state.input_size, state.seed);
  const w = filled(state.kernel, KERNELS, state.kernel_size, state.seed);
  const axes = AXES.map((name, a) => {
    const n = state.input_size[a], k = state.kernel_size[a], s = state.stride[a], d = state.dilation[a];
    const [before, after] = sides(state, a), padding = [before, after];
    const padded = n + before + after, reach = span(k, d);
    const source = paddedIndices(n, padding, { mode: state.padding_mode });
    const o = outputSize(n, k, { stride: s, padding, dilation: d });
    const read = new Set(taps(padded, k, { stride: s, dilation: d }).flat());
    return { name, n, k, s, d, before, after, padded, span: reach, source, o, read, remainder: (padded - reach) % s };
  });
  const options = { stride: state.stride, dilation: state.dilation, padding: axes.map((a) => [a.before, a.after]), mode: state.padding_mode };
  const [rows, columns] = axes;
  return {
    state, x, w, axes, rows, columns,
    slid: state.true_convolution ? turned(w) : w,
    y: conv2d(x, w, { ...options, flip: state.true_convolution }),
    count: rows.o * columns.o,
    params: convParams(1, 1, state.kernel_size, { bias: false }),
    macs: convMacs(1, 1, state.kernel_size, [rows.o, columns.o]),
  };
}

/** What stands at a position of the padded input: its value, and where it is copied from (null: a padded zero). */
export function inputAt({ rows, columns, x }, r, c) {
  const i = rows.source[r + rows.before], j = columns.source[c + columns.before];
  const from = i < 0 || j < 0 ? null : [i, j];
  return {
    value: from ? x[i][j] : 0, from,
    padding: r < 0 || c < 0 || r >= rows.n || c >= columns.n,
    read: rows.read.has(r + rows.before) && columns.read.has(c + columns.before),
  };
}

/** The terms of one output: tap (u, v), the index of its weight, the position it reads, both numbers. */
export function terms(L, i, j) {
  const { rows, columns, slid, state } = L;
  return slid.map((line, u) => line.map((weight, v) => {
    const r = rows.s * i + rows.d * u - rows.before, c = columns.s * j + columns.d * v - columns.before;
    return { u, v, index: weightIndex(state, u, v), r, c, weight, ...inputAt(L, r, c) };
  }));
}

/** A tap's place in the kernel as it is written, and back: the same turn does both. */
export const weightIndex = ({ kernel_size: [h, w], true_convolution }, u, v) => (true_convolution ? [h - 1 - u, w - 1 - v] : [u, v]);

/** Positions that hold the same input number: padding that copies it. A padded position stands for itself. */
export function copies(L, r, c) {
  const here = inputAt(L, r, c);
  if (here.padding) return [[r, c]];
  const { rows, columns } = L;
  const at = (axis, source) => axis.source.flatMap((s, p) => (s === source ? [p - axis.before] : []));
  return at(rows, r).flatMap((y) => at(columns, c).map((x) => [y, x]));
}

/** The outputs that one input number feeds: [{i, j, through: [{u, v, weight, r, c}]}], in reading order. */
export function feeds(L, r, c) {
  const found = new Map();
  for (const [y, x] of copies(L, r, c)) {
    for (const [i, u] of hits(L.rows, y)) for (const [j, v] of hits(L.columns, x)) {
      const key = i * L.columns.o + j;
      if (!found.has(key)) found.set(key, { i, j, through: [] });
      found.get(key).through.push({ u, v, weight: L.slid[u][v], r: y, c: x });
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([, output]) => output);
}

const hits = ({ before, d, s, k, o }, position) => Array.from({ length: k }, (_, u) => [(position + before - d * u) / s, u])
  .filter(([i]) => Number.isInteger(i) && i >= 0 && i < o);

/** Whether a place [grid, row, column] is in the picture. */
export function exists(L, [grid, r, c] = []) {
  const { rows, columns } = L;
  if (grid === "output") return r >= 0 && c >= 0 && r < rows.o && c < columns.o;
  if (grid === "kernel") return r >= 0 && c >= 0 && r < rows.k && c < columns.k;
  return grid === "input" && r >= -rows.before && c >= -columns.before && r < rows.n + rows.after && c < columns.n + columns.after;
}

export const placeOf = ({ columns }, step) => ["output", Math.floor(step / columns.o), step % columns.o];

/** What each cell is while one place is looked at: {input, kernel, output: Map of "row,column" to {is, badge}, window}.
    is: "focus", "tap" (read by it), "skip" (passed over by dilation), "copy" (the same number), "fed" (an output it feeds). */
export function marks(L, [grid, r, c]) {
  const found = { input: new Map(), kernel: new Map(), output: new Map(), window: null };
  const mark = (where, y, x, is, badge = "") => found[where].set(`${y},${x}`, { is, badge });
  const { rows, columns } = L;
  if (grid === "output") {
    const top = rows.s * r - rows.before, left = columns.s * c - columns.before;
    found.window = { r: top, c: left, h: rows.span, w: columns.span };
    for (let y = 0; y < rows.span; y++) for (let x = 0; x < columns.span; x++) mark("input", top + y, left + x, "skip");
    for (const t of terms(L, r, c).flat()) {
      if (t.padding && t.from && found.input.get(String(t.from))?.is !== "tap") mark("input", ...t.from, "copy");
      mark("input", t.r, t.c, "tap", `×${minus(t.weight)}`);
      mark("kernel", ...t.index, "tap");
    }
    mark("output", r, c, "focus");
  } else if (grid === "input") {
    for (const [y, x] of copies(L, r, c)) mark("input", y, x, "copy");
    const here = inputAt(L, r, c);
    if (here.padding && here.from) mark("input", ...here.from, "copy");
    mark("input", r, c, "focus");
    for (const { i, j, through } of feeds(L, r, c)) {
      mark("output", i, j, "fed", `×${through.map((t) => minus(t.weight)).join(" ×")}`);
      for (const t of through) mark("kernel", ...weightIndex(L.state, t.u, t.v), "tap");
    }
  } else {
    const [u, v] = weightIndex(L.state, r, c);
    mark("kernel", r, c, "focus");
    for (let i = 0; i < rows.o; i++) for (let j = 0; j < columns.o; j++) {
      mark("input", rows.s * i + rows.d * u - rows.before, columns.s * j + columns.d * v - columns.before, "tap");
      mark("output", i, j, "fed");
    }
  }
  return found;
}
