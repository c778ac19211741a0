// A bowl over two weights, a penalty, and where the sum of both is least: exact, by cases. No DOM here.

export const LIMITS = { centre: 3.5, tilt: 90, stretch: [1, 6], mix: [0, 1], strength: [0, 20], budget: [0.05, 12.5], view: 4 };
export const PENALTIES = ["l1", "l2", "elastic"];
export const FORMS = ["penalty", "budget"];

/** Share of the L1 part: 1 for L1, 0 for L2, the reader's choice for the elastic net. */
const shareOf = ({ penalty, mix }) => ({ l1: 1, l2: 0, elastic: mix })[penalty];

/** Curvatures of the bowl, [[a, b], [b, d]]: 1 along the direction of `tilt` degrees, `stretch` across it. */
export function bowl({ tilt, stretch }) {
  const angle = (tilt * Math.PI) / 180, x = Math.cos(angle), y = Math.sin(angle);
  return [[x * x + stretch * y * y, (1 - stretch) * x * y], [(1 - stretch) * x * y, y * y + stretch * x * x]];
}

const dot = (a, b) => a[0] * b[0] + a[1] * b[1];
const times = (A, v) => A.map((row) => dot(row, v));
export const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];

/** (w − c)ᵀ A (w − c) / 2 */
export const loss = (A, c, w) => dot(minus(w, c), times(A, minus(w, c))) / 2;

/** Slopes of the loss at w: A (w − c). */
export const slopes = (A, c, w) => times(A, minus(w, c));

/** m (|w₁| + |w₂|) + (1 − m) (w₁² + w₂²) / 2 */
export const penaltyOf = (m, w) => m * (Math.abs(w[0]) + Math.abs(w[1])) + ((1 - m) * dot(w, w)) / 2;

const SIGNS = [[0, 0], ...[1, -1].flatMap((s) => [[s, 0], [0, s]]), ...[1, -1].flatMap((s) => [1, -1].map((t) => [s, t]))];

/** The w of least loss + strength · penalty. Each of nine cases (each weight positive, negative or zero) is a linear system;
    those whose signs come out as assumed are candidates, and the least of them is the answer. */
export function minimum(A, c, strength, m) {
  const [[a, b], [, d]] = A, pull = times(A, c), extra = strength * (1 - m), flat = strength * m;
  let best = null, least = Infinity;
  for (const s of SIGNS) {
    const r = [pull[0] - flat * s[0], pull[1] - flat * s[1]], p = a + extra, q = d + extra;
    const w = s[0] && s[1] ? [(q * r[0] - b * r[1]) / (p * q - b * b), (p * r[1] - b * r[0]) / (p * q - b * b)] : [s[0] ? r[0] / p : 0, s[1] ? r[1] / q : 0];
    if (m > 0 && w.some((v, i) => s[i] && v * s[i] <= 0)) continue;
    const value = loss(A, c, w) + strength * penaltyOf(m, w);
    if (value < least - 1e-13) { best = w; least = value; }
  }
  return best;
}

/** The strength whose minimum spends exactly this budget; 0 where the bottom of the bowl costs no more. */
function strengthOf(A, c, budget, m) {
  if (penaltyOf(m, c) <= budget) return 0;
  let low = 0, high = 1;
  while (penaltyOf(m, minimum(A, c, high, m)) > budget) high *= 2;
  for (let i = 0; i < 70; i++) {
    const middle = (low + high) / 2;
    if (penaltyOf(m, minimum(A, c, middle, m)) > budget) low = middle; else high = middle;
  }
  return high;
}

/** The strength from which on both weights are zero; Infinity where that never happens. */
export const lastStrength = (A, c, m) => (m > 0 ? Math.max(...times(A, c).map(Math.abs)) / m : Math.max(...c.map(Math.abs)) > 0 ? Infinity : 0);

/** All that the page shows of a state. */
export function layout(state) {
  const A = bowl(state), c = [...state.centre], m = shareOf(state);
  const strength = state.form === "budget" ? strengthOf(A, c, state.budget, m) : state.strength;
  const w = minimum(A, c, strength, m), spent = penaltyOf(m, w);
  return { A, c, m, strength, w, spent, loss: loss(A, c, w), slopes: slopes(A, c, w).map((v) => v || 0), zero: w.map((v) => v === 0),
    slack: state.form === "budget" && strength === 0, last: lastStrength(A, c, m),
    others: PENALTIES.map((penalty) => ({ penalty, w: minimum(A, c, strength, shareOf({ ...state, penalty })) })) };
}

/** Minima for growing strengths, from the bottom of the bowl to where nothing is left; L2 never gets there. */
export function path(A, c, m, count = 160) {
  const last = lastStrength(A, c, m), far = Math.max(LIMITS.strength[1], Math.min(last, 400));
  const near = Array.from({ length: count + 1 }, (_, i) => Math.min(last, 400) * (i / count) ** 3);
  return [...near, far].map((strength) => ({ strength, w: minimum(A, c, strength, m) }));
}

/** Points around the region where the penalty is at most t, counted from the first axis on; corners lie on the axes. */
export function ball(m, t, count = 96) {
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count, x = Math.cos(angle), y = Math.sin(angle), l1 = m * (Math.abs(x) + Math.abs(y)), l2 = 1 - m;
    const r = l2 > 0 ? (2 * t) / (l1 + Math.sqrt(l1 * l1 + 2 * l2 * t)) : t / l1;
    return [r * x, r * y];
  });
}

/** How far the region reaches along an axis. */
export const reach = (m, t) => ball(m, t, 4)[0][0];

/** Half axes of the contour of this loss, along the tilt and across it. */
export const contour = (level, stretch) => [Math.sqrt(2 * level), Math.sqrt((2 * level) / stretch)];

/** A question by its number: a state, what is asked, and the answer. */
export function question(turn) {
  let seed = (turn + 1) * 2654435761 >>> 0;
  const draw = (low, high) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return low + Math.floor((seed / 4294967296) * (high - low + 1)); };
  for (;;) {
    const sign = () => (draw(0, 1) ? 1 : -1), round = turn % 3 === 2;
    const state = { form: "penalty", penalty: round ? ["l1", "l2"][draw(0, 1)] : ["l1", "l1", "l1", "elastic", "l2"][draw(0, 4)], mix: 0.5,
      centre: [sign() * draw(2, round ? 6 : 13) / (round ? 2 : 4), sign() * draw(2, round ? 6 : 13) / (round ? 2 : 4)],
      tilt: round ? 0 : 15 * draw(-5, 5), stretch: round ? 1 : draw(2, 6), strength: round ? draw(1, 4) / 2 : draw(1, 32) / 4 };
    const L = layout(state), zeros = L.zero[0] * 1 + L.zero[1] * 2;
    // No case that hangs by a hair.
    const clear = L.m === 0 || L.w.every((v, i) => (v ? Math.abs(v) > 0.12 : Math.abs(L.slopes[i]) < L.strength * L.m - 0.12));
    if (!clear) continue;
    return round ? { key: "number", state, answer: L.w[0] } : { key: "zeros", state, answer: ["none", "w₁", "w₂", "both"][zeros] };
  }
}
