// Kernels as sums of columns times rows: presets, singular values, the best sum of r, what it does to a picture, what it costs. No DOM.

export const LIMITS = { side: [2, 7], size: [3, 5, 7], weight: 999, image_size: [8, 512], image: [8, 96], grey: 255 };
const EPSILON = 1e-9;

const outer = (column, row) => column.map((a) => row.map((b) => a * b));
const plus = (A, B) => A.map((row, i) => row.map((v, j) => v + B[i][j]));
const SMOOTH = { 3: [1, 2, 1], 5: [1, 4, 6, 4, 1], 7: [1, 6, 15, 20, 15, 6, 1] };
const SLOPE = { 3: [-1, 0, 1], 5: [-1, -2, 0, 2, 1], 7: [-1, -4, -5, 0, 5, 4, 1] };
const square = (m, f) => Array.from({ length: m }, (_, i) => Array.from({ length: m }, (_, j) => f(i, j)));

/** A kernel learned from handwritten digits: one of the twelve 5 x 5 filters that chapter 6 trains, rounded. */
const LEARNED = [[0.15, 0.35, -0.23, -0.18, -0.04], [-0.01, 0.31, -0.03, 0.03, -0.13], [-0.35, -0.11, 0.36, 0.28, 0.23],
  [-0.1, -0.07, 0.21, -0.14, -0.2], [-0.13, 0.29, 0.29, -0.09, -0.02]];

// name: what it is called, the sizes it comes in, and its numbers.
export const PRESETS = {
  sobel: { name: "Sobel", sizes: [3, 5, 7], make: (m) => outer(SMOOTH[m], SLOPE[m]) },
  box: { name: "box", sizes: [3, 5, 7], make: (m) => square(m, () => 1) },
  gaussian: { name: "Gaussian", sizes: [3, 5, 7], make: (m) => outer(SMOOTH[m], SMOOTH[m]) },
  laplacian: { name: "Laplacian", sizes: [3, 5], make: (m) => (m === 3 ? [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    : [[0, 0, 1, 0, 0], [0, 1, 2, 1, 0], [1, 2, -16, 2, 1], [0, 1, 2, 1, 0], [0, 0, 1, 0, 0]]) },
  sharpen: { name: "sharpen", sizes: [3], make: () => [[0, -1, 0], [-1, 5, -1], [0, -1, 0]] },
  edge: { name: "diagonal edge", sizes: [3, 5, 7], make: (m) => square(m, (i, j) => Math.sign(j - i)) },
  line: { name: "diagonal line", sizes: [3, 5, 7], make: (m) => square(m, (i, j) => Number(i === j)) },
  disc: { name: "disc", sizes: [5, 7], make: (m) => square(m, (i, j) => Number(Math.hypot(i - (m - 1) / 2, j - (m - 1) / 2) < m / 2)) },
  learned: { name: "learned", sizes: [5], make: () => LEARNED },
  random: { name: "random", sizes: [3, 5, 7], make: (m, seed) => { const draw = generator(seed); return square(m, () => Math.floor(9 * draw()) - 4); } },
};

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
export function generator(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The numbers of a state's kernel. */
export const kernelOf = ({ kernel, size, seed }) => (typeof kernel === "string" ? PRESETS[kernel].make(size, seed) : kernel);

/** A kernel of small whole numbers that is a sum of `terms` columns times rows, for a question. */
export function puzzle(m, terms, seed) {
  const draw = generator(seed), vector = () => Array.from({ length: m }, () => Math.floor(5 * draw()) - 2);
  for (;;) {
    let K = square(m, () => 0);
    for (let i = 0; i < terms; i++) K = plus(K, outer(vector(), vector()));
    if (rankOf(svd(K).s) === terms) return K;
  }
}

/** Singular values and vectors, largest first, by one-sided Jacobi: turn pairs of columns until all are at right angles.
    {s, columns, rows}: K is the sum over i of columns[i] times rows[i], both of length sqrt(s[i]). */
export function svd(K) {
  const tall = K.length >= K[0].length, m = tall ? K.length : K[0].length, n = tall ? K[0].length : K.length;
  const at = (i, j) => (tall ? K[i][j] : K[j][i]);
  const U = Array.from({ length: n }, (_, j) => Array.from({ length: m }, (_, i) => at(i, j)));
  const V = Array.from({ length: n }, (_, j) => Array.from({ length: n }, (_, i) => Number(i === j)));
  const dot = (a, b) => a.reduce((sum, v, i) => sum + v * b[i], 0);
  for (let sweep = 0, turned = true; turned && sweep < 60; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) {
      const a = dot(U[p], U[p]), b = dot(U[q], U[q]), c = dot(U[p], U[q]);
      if (Math.abs(c) <= 1e-15 * Math.sqrt(a * b) || c === 0) continue;
      turned = true;
      const zeta = (b - a) / (2 * c), t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
      const cos = 1 / Math.hypot(1, t), sin = cos * t;
      for (const M of [U, V]) [M[p], M[q]] = [M[p].map((v, i) => cos * v - sin * M[q][i]), M[q].map((v, i) => sin * M[p][i] + cos * v)];
    }
  }
  const size = Math.sqrt(U.reduce((sum, u) => sum + dot(u, u), 0));
  const terms = U.map((u, j) => ({ s: Math.sqrt(dot(u, u)), u, v: V[j] })).sort((x, y) => y.s - x.s).map(({ s, u, v }) => {
    if (s <= 1e-13 * size) return { s: 0, a: u.map(() => 0), b: v.map(() => 0) };
    const root = Math.sqrt(s), a = u.map((x) => x / root), b = v.map((x) => x * root);
    return { s, a, b };
  });
  const pairs = terms.map(({ a, b }) => {
    const [column, row] = tall ? [a, b] : [b, a], largest = Math.max(...column.map(Math.abs));
    const flip = column.find((v) => Math.abs(v) >= 0.999 * largest) < 0 ? -1 : 1;
    return [column.map((v) => v * flip || 0), row.map((v) => v * flip || 0)];
  });
  return { s: terms.map((t) => t.s), columns: pairs.map((p) => p[0]), rows: pairs.map((p) => p[1]) };
}

/** How many singular values are not 0, up to rounding. */
const rankOf = (s) => s.filter((v) => v > EPSILON * Math.max(s[0], 1e-300)).length;

/** The sum of the first r terms. */
export const sumOf = ({ columns, rows }, r) => columns.slice(0, r).reduce((K, column, i) => plus(K, outer(column, rows[i])), outer(columns[0].map(() => 0), rows[0]));

/** |K - K_r| / |K|, out of the singular values alone (Eckart and Young); 0 for a kernel of zeros. */
function errorOf(s, r) {
  const norm = (list) => Math.sqrt(list.reduce((sum, v) => sum + v * v, 0)), tail = norm(s.slice(r)) / (norm(s) || 1);
  return tail > EPSILON ? tail : 0;
}

/** The kernel slid over a picture, without padding. */
export const filtered = (image, K) => Array.from({ length: image.length - K.length + 1 }, (_, y) => Array.from({ length: image[0].length - K[0].length + 1 }, (_, x) => {
  let sum = 0;
  for (let u = 0; u < K.length; u++) for (let v = 0; v < K[0].length; v++) sum += K[u][v] * image[y + u][x + v];
  return sum;
}));

/** Multiplications on an N x N image: the kernel at once, one pair of passes, r pairs; and the largest r that still saves. */
export function costOf([kh, kw], N, r) {
  const oh = N - kh + 1, ow = N - kw + 1, direct = oh * ow * kh * kw, down = oh * N * kh, along = oh * ow * kw;
  return { oh, ow, direct, down, along, pair: down + along, passes: r * (down + along), breakEven: direct / (down + along), most: Math.ceil(direct / (down + along)) - 1 };
}

/** Everything the page shows. */
export function layout(state) {
  const K = kernelOf(state), sides = [K.length, K[0].length], parts = svd(K), most = Math.min(...sides), r = Math.min(state.rank, most), near = sumOf(parts, r);
  const clean = (M) => M.map((row) => row.map((v) => (Math.abs(v) < EPSILON * Math.max(1, parts.s[0]) ? 0 : v)));
  const gap = clean(K.map((row, i) => row.map((v, j) => v - near[i][j])));
  const before = filtered(state.image, K), after = filtered(state.image, near), lost = before.map((row, i) => row.map((v, j) => v - after[i][j]));
  const largest = (M) => Math.max(...M.flat().map(Math.abs));
  return { state, K, sides, ...parts, most, r, near: clean(near), gap, error: errorOf(parts.s, r), rank: rankOf(parts.s), cost: costOf(sides, state.image_size, r),
    before, after, lost, span: largest(before), off: largest(lost) };
}

/** Why a kernel cannot be shown; null where it can. Python has the same rule. */
export function fault({ kernel, size, rank }) {
  if (typeof kernel === "string") {
    if (!PRESETS[kernel]) return `kernel must be one of ${Object.keys(PRESETS).join(", ")}, or rows of numbers`;
    if (!PRESETS[kernel].sizes.includes(size)) return `the ${PRESETS[kernel].name} kernel has size ${PRESETS[kernel].sizes.join(" or ")}`;
  } else {
    const [low, high] = LIMITS.side, widths = new Set(kernel.map((row) => row.length));
    if (widths.size !== 1) return "kernel must have rows of equal length";
    if ([kernel.length, ...widths].some((n) => n < low || n > high)) return `kernel must have ${low} to ${high} rows and columns`;
    if (kernel.flat().some((v) => !(Math.abs(v) <= LIMITS.weight))) return `kernel must hold numbers from -${LIMITS.weight} to ${LIMITS.weight}`;
  }
  const most = typeof kernel === "string" ? size : Math.min(kernel.length, kernel[0].length);
  return rank >= 1 && rank <= most ? null : `rank must be a whole number from 1 to ${most}, the shorter side of the kernel`;
}
