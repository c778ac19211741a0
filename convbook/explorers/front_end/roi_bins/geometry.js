// A region of a feature map, cut into bins that are averaged, and may be moved. No DOM here.
//
// A state has map (rows of numbers), roi (x1, y1, x2, y2), bins (o_h, o_w), moved, offsets (all dy, then all dx, bin after bin, as
// fractions of the region over gamma), gamma, sensitive, bin. A pixel r covers r to r + 1 of the drawing and is read at r.

export const LIMITS = { height: [4, 12], width: [4, 14], bins: [1, 4], offset: 5, gamma: [0, 1], value: 99 };
const range = (n) => Array.from({ length: n }, (_, i) => i);
export const round = (value, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits || 0;

/** Bins along an axis: where the cut starts and ends, the first whole step it covers, and how many. */
export const cut = (length, bins) => range(bins).map((i) => {
  const from = i * length / bins, to = (i + 1) * length / bins, first = Math.floor(from);
  return { from, to, first, count: Math.ceil(to) - first };
});

/** The map that a bin reads: one for all, or, position-sensitively, one for each. Made from the first by a fixed rule. */
export function mapOf({ map, sensitive }, bin) {
  const m = sensitive ? bin : 0;
  return map.map((row, r) => row.map((v, c) => (m ? (v * (m + 1) + m * (r + 2 * c)) % 10 : v)));
}

function sample(map, y, x) {
  let sum = 0;
  const r = Math.floor(y), q = Math.floor(x);
  for (const [a, down] of [[r, 1 - (y - r)], [r + 1, y - r]]) for (const [b, across] of [[q, 1 - (x - q)], [q + 1, x - q]]) {
    if (a >= 0 && b >= 0 && a < map.length && b < map[0].length) sum += down * across * map[a][b];
  }
  return sum;
}

/** Every bin: its cut, its offset in pixels, the positions it reads, what stands there, and the average. */
export function pooled(state) {
  const { roi: [x1, y1, x2, y2], bins: [high, wide], moved, offsets, gamma } = state;
  const h = y2 - y1, w = x2 - x1, rows = cut(h, high), columns = cut(w, wide), n = high * wide;
  return range(n).map((bin) => {
    const i = Math.floor(bin / wide), j = bin % wide, map = mapOf(state, bin);
    const dy = moved ? gamma * offsets[bin] * h : 0, dx = moved ? gamma * offsets[n + bin] * w : 0;
    const ys = range(rows[i].count).map((p) => y1 + rows[i].first + p + dy), xs = range(columns[j].count).map((q) => x1 + columns[j].first + q + dx);
    const seen = ys.map((y) => xs.map((x) => sample(map, y, x)));
    const count = ys.length * xs.length, total = seen.flat().reduce((a, b) => a + b, 0);
    return { bin, i, j, row: rows[i], column: columns[j], dy, dx, ys, xs, seen, count, total, average: total / Math.max(1, count) };
  });
}

/** What each of the three ways makes of one bin. */
export const compare = (state) => ({
  plain: pooled({ ...state, moved: false, sensitive: false })[state.bin].average,
  deformable: pooled({ ...state, moved: true, sensitive: false })[state.bin].average,
  "position-sensitive": pooled({ ...state, sensitive: true })[state.bin].average,
});

/** A region moved or resized, kept on the map and at least 1 x 1, in steps of a half. */
export function region([x1, y1, x2, y2], size, part, dx, dy) {
  const half = (v) => Math.round(v * 2) / 2, clip = (v, low, high) => Math.min(high, Math.max(low, half(v)));
  if (part === "all") {
    const left = clip(x1 + dx, 0, size[1] - (x2 - x1)), top = clip(y1 + dy, 0, size[0] - (y2 - y1));
    return [left, top, left + x2 - x1, top + y2 - y1];
  }
  const first = part === "first";
  return first ? [clip(x1 + dx, 0, x2 - 1), clip(y1 + dy, 0, y2 - 1), x2, y2] : [x1, y1, clip(x2 + dx, x1 + 1, size[1]), clip(y2 + dy, y1 + 1, size[0])];
}

/** Offsets for another number of bins: nothing moves. */
export const still = ([high, wide]) => Array(2 * high * wide).fill(0);

/** Offsets that push the bins apart (or, negative, together) from the middle of the region. */
export function outward([high, wide], by = 1.5) {
  const axis = (n, i) => (n > 1 ? round(by * (2 * i / (n - 1) - 1)) : 0);
  return [...range(high * wide).map((b) => axis(high, Math.floor(b / wide))), ...range(high * wide).map((b) => axis(wide, b % wide))];
}

const n = (v) => String(round(v, 3)).replace("-", "−");

/** How one bin is averaged, in words. */
export function sums({ roi: [x1, y1, x2, y2], bins: [high, wide], moved, offsets, gamma }, b) {
  const h = y2 - y1, w = x2 - x1, many = high * wide;
  return {
    rows: `rows: ⌊${b.i}·${n(h)}/${high}⌋ = ${b.row.first} ≤ p < ${b.row.first + b.row.count} = ⌈${b.i + 1}·${n(h)}/${high}⌉`,
    columns: `columns: ⌊${b.j}·${n(w)}/${wide}⌋ = ${b.column.first} ≤ q < ${b.column.first + b.column.count} = ⌈${b.j + 1}·${n(w)}/${wide}⌉`,
    shift: moved ? `moved by γ·offset·size: down ${n(gamma)}·${n(offsets[b.bin])}·${n(h)} = ${n(b.dy)}, right ${n(gamma)}·${n(offsets[many + b.bin])}·${n(w)} = ${n(b.dx)}` : "",
    sum: `(${b.seen.flat().map((v) => n(round(v, 2))).join(" + ")}) / ${b.count} = ${n(b.average)}`,
  };
}

/** The same numbers in convbook. */
export function code(state) {
  const { map, roi, bins, moved, offsets, gamma, sensitive } = state, count = bins[0] * bins[1];
  const maps = sensitive ? range(count).map((b) => mapOf(state, b)) : [map];
  const fn = sensitive ? "deform_ps_roi_pool2d" : "deform_roi_pool2d";
  return [
    "import numpy as np", `from convbook.ops import ${fn}`, "",
    "x = np.array([", ...maps.map((one) => `    [${one.map((row) => `[${row.join(", ")}]`).join(",\n     ")}],`), "])",
    `rois = [[0, ${roi.join(", ")}]]  # image, x1, y1, x2, y2`,
    ...(moved ? [`offset = np.reshape([${offsets.join(", ")}], (1, 2, ${bins.join(", ")}))  # all dy, then all dx`] : []),
    `print(${fn}(x, rois, (${bins.join(", ")})${moved ? `, offset=offset, gamma=${gamma}` : ""}))`,
  ].join("\n");
}
