// Three vectors, their outer product, three passes and one dense pass: the numbers, where each comes from, what they cost. No DOM.

export const LIMITS = { taps: [1, 4], weight: 9, image: [4, 6], pixel: 9 };
export const ORDERS = ["LVH", "LHV", "VLH", "HLV", "VHL", "HVL"];
export const PADDINGS = ["valid", "full"];
export const LANES = ["first", "second", "best"];

const range = (n) => Array.from({ length: n }, (_, i) => i);
const sum = (list) => list.reduce((a, b) => a + b, 0);
const norm = (v) => Math.sqrt(sum(v.map((a) => a * a)));

/** w[c][i][j] = z[c] y[i] x[j], summed over the triples [z, y, x]. */
export const outer = (triples) => triples[0][0].map((_, c) => triples[0][1].map((_, i) => triples[0][2].map((_, j) =>
  sum(triples.map(([z, y, x]) => z[c] * y[i] * x[j])))));

/** What one number of a pass is made of: [{c, i, j, weight, at}], -1 for a place outside; `at` is the weight's place in its vector. */
export function taps(letter, vector, [planes, height, width], border, [c, i, j]) {
  const inside = (a, b) => a >= 0 && a < height && b >= 0 && b < width;
  return vector.map((weight, at) => {
    const source = letter === "L" ? [at, i, j] : letter === "V" ? [c, i + at - border, j] : [c, i, j + at - border];
    return { c: source[0], i: source[1], j: source[2], weight, at, inside: inside(source[1], source[2]) && source[0] < planes };
  });
}

const at = (planes, { c, i, j, inside }) => (inside ? planes[c][i][j] : 0);

/** One pass over a list of planes. */
export function pass(letter, planes, vector, padding) {
  const border = padding === "full" && letter !== "L" ? vector.length - 1 : 0, grow = letter === "L" ? 0 : 2 * border - vector.length + 1;
  const shape = [planes.length, planes[0].length, planes[0][0].length];
  const size = [letter === "L" ? 1 : shape[0], shape[1] + (letter === "V" ? grow : 0), shape[2] + (letter === "H" ? grow : 0)];
  const numbers = range(size[0]).map((c) => range(size[1]).map((i) => range(size[2]).map((j) =>
    sum(taps(letter, vector, shape, border, [c, i, j]).map((t) => t.weight * at(planes, t))))));
  return { letter, vector, border, planes: numbers, shape: size, places: size[0] * size[1] * size[2], macs: size[0] * size[1] * size[2] * vector.length };
}

/** The three passes in an order such as "LVH"; the first entry is the image itself. */
export function passes(image, [z, y, x], order, padding) {
  const stages = [{ letter: "", planes: image, shape: [image.length, image[0].length, image[0][0].length] }];
  for (const letter of order) stages.push(pass(letter, stages.at(-1).planes, { L: z, V: y, H: x }[letter], padding));
  return stages;
}

/** The taps of one number of the dense pass. */
export function denseTaps(K, image, padding, [i, j]) {
  const [a, b] = padding === "full" ? [K[0].length - 1, K[0][0].length - 1] : [0, 0];
  return K.flatMap((plane, c) => plane.flatMap((row, u) => row.map((weight, v) => {
    const [r, s] = [i + u - a, j + v - b];
    return { c, i: r, j: s, weight, at: [c, u, v], inside: r >= 0 && r < image[0].length && s >= 0 && s < image[0][0].length };
  })));
}

/** One plane out of C, by the whole filter at once. */
export function dense(K, image, padding) {
  const [height, width] = [[image[0].length, K[0].length], [image[0][0].length, K[0][0].length]].map(([n, k]) => (padding === "full" ? n + k - 1 : n - k + 1));
  return range(height).map((i) => range(width).map((j) => sum(denseTaps(K, image, padding, [i, j]).map((t) => t.weight * at(image, t)))));
}

/** The single triple nearest to a filter, and its error |K - z y x| / |K|: alternating least squares from several starts. */
export function bestTriple(K, triples) {
  const total = norm(K.flat(2));
  if (!total) return { triple: triples[0].map((v) => v.map(() => 0)), error: 0 };
  const along = { // one vector, the other two held still: its least-squares solution, not yet divided by their lengths
    z: (y, x) => K.map((plane) => sum(plane.map((row, i) => y[i] * sum(row.map((w, j) => w * x[j]))))),
    y: (z, x) => K[0].map((_, i) => sum(K.map((plane, c) => z[c] * sum(plane[i].map((w, j) => w * x[j]))))),
    x: (z, y) => K[0][0].map((_, j) => sum(K.map((plane, c) => z[c] * sum(plane.map((row, i) => y[i] * row[j]))))),
  };
  const unit = (v) => { const n = norm(v); return n ? v.map((a) => a / n) : v; };
  const add = (v, w, s) => v.map((a, i) => a + s * w[i]);
  const [[, y1, x1], [, y2, x2] = [[], [], []]] = triples.map((t) => t.map(unit));
  const pairs = [[y1, x1]];
  if (y2.length) for (const s of [-1, 1]) for (const t of [-1, 1]) pairs.push([y2, x2], [add(y1, y2, s), add(x1, x2, t)], [y1, add(x1, x2, t)], [add(y1, y2, s), x1], [y1, x2], [y2, x1]);
  let best = { value: -1 };
  for (let [y, x] of pairs) {
    let z = along.z(unit(y), unit(x)), value = norm(z), before = -1;
    y = unit(y); x = unit(x);
    for (let round = 0; round < 500 && value > before + 1e-13 * total; round++) {
      before = value;
      y = unit(along.y(unit(z), x));
      x = unit(along.x(unit(z), y));
      z = along.z(y, x);
      value = norm(z);
    }
    if (value > best.value + 1e-12 * total) best = { value, triple: [z, y, x] };
  }
  const rest = norm(K.flat(2).map((w, n) => w - outer([best.triple]).flat(2)[n]));
  return { triple: best.triple, error: rest < 1e-9 * total ? 0 : rest / total };
}

/** Everything that is drawn. state: {z, y, x, second, image, order, padding, lane}. */
export function layout(state) {
  const first = [state.z, state.y, state.x], two = state.second.length > 0, triples = two ? [first, state.second] : [first];
  const C = state.z.length, Y = state.y.length, X = state.x.length, image = state.image.slice(0, C);
  const K = outer(triples), best = bestTriple(K, triples);
  const lane = two ? state.lane : "first", triple = { first, second: state.second, best: best.triple }[lane];
  const stages = passes(image, triple, state.order, state.padding), whole = dense(K, image, state.padding);
  const last = stages.at(-1), out = last.planes[0];
  const lanes = triples.map((t) => passes(image, t, state.order, state.padding).at(-1).planes[0]);
  const both = whole.map((row, i) => row.map((_, j) => sum(lanes.map((l) => l[i][j]))));
  const most = (M) => Math.max(...M.flat().map(Math.abs));
  const gap = (M) => { const g = most(whole.map((row, i) => row.map((v, j) => v - M[i][j]))); return g <= 1e-9 * Math.max(1, most(whole)) ? 0 : g; };
  const [height, width] = [out.length, out[0].length];
  return {
    C, Y, X, K, best, triples, triple, lane, two, stages, whole, both, image, order: state.order, padding: state.padding,
    missing: gap(out), exact: gap(both), size: [height, width],
    count: sum(stages.slice(1).map((s) => s.places)),
    cost: { passes: stages.slice(1).map((s) => s.macs), chain: sum(stages.slice(1).map((s) => s.macs)), dense: height * width * C * Y * X,
      weights: [C + Y + X, C * Y * X] },
  };
}

/** Whether a place is in the picture: [stage, c, i, j], ["filter", c, i, j], ["dense", i, j] or, with two triples, ["both", i, j]. */
export function exists(L, [kind, ...at]) {
  const [c, i, j] = at.length === 2 ? [0, ...at] : at;
  const planes = { filter: L.K, dense: [L.whole], both: L.two ? [L.both] : [] }[kind] ?? L.stages[kind].planes;
  return planes[c]?.[i]?.[j] !== undefined;
}

/** Step number -> [stage, c, i, j], pass after pass, row after row; and back. */
export function placeOf(L, step) {
  for (let s = 1, left = step; s < L.stages.length; left -= L.stages[s].places, s++) {
    const [, h, w] = L.stages[s].shape;
    if (left < L.stages[s].places) return [s, Math.floor(left / (h * w)), Math.floor(left / w) % h, left % w];
  }
  return placeOf(L, L.count - 1);
}
export function stepOf(L, [s, c, i, j]) {
  const [, h, w] = L.stages[s].shape;
  return sum(L.stages.slice(1, s).map((stage) => stage.places)) + (c * h + i) * w + j;
}

/** The taps of a number of any pass: what it reads in the stage before. */
export function sources(L, [s, c, i, j]) {
  const { letter, vector, border } = L.stages[s];
  return taps(letter, vector, L.stages[s - 1].shape, border, [c, i, j]).map((t) => ({ ...t, value: at(L.stages[s - 1].planes, t) }));
}

/** All that a number is made of, in every stage before it: a set of "c,i,j" for each. */
export function origins(L, place) {
  const found = L.stages.map(() => new Set());
  found[place[0]].add(place.slice(1).join());
  for (let s = place[0]; s > 0; s--) for (const key of found[s]) {
    for (const t of sources(L, [s, ...key.split(",").map(Number)])) if (t.inside) found[s - 1].add(`${t.c},${t.i},${t.j}`);
  }
  return found;
}

/** Which numbers of every later stage a number goes into. */
export function targets(L, place) {
  const found = L.stages.map(() => new Set());
  found[place[0]].add(place.slice(1).join());
  for (let s = place[0] + 1; s < L.stages.length; s++) L.stages[s].planes.forEach((plane, c) => plane.forEach((row, i) => row.forEach((_, j) => {
    if (sources(L, [s, c, i, j]).some((t) => t.inside && found[s - 1].has(`${t.c},${t.i},${t.j}`))) found[s].add(`${c},${i},${j}`);
  })));
  return found;
}
