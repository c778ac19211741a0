// The overlap counter without a page: what is legal, the counts, the phases, what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as g from "../../convbook/explorers/front_end/overlap_counter/geometry.js";

const DEFAULT = { layers: [{ k: 3, s: 2 }], input_size: 6, method: "transposed", weights: "ones", seed: 0 };
const state = ({ layers, ...some } = {}) => ({ ...DEFAULT, ...some, ...(layers ? { layers: layers.map((l) => (Array.isArray(l) ? { k: l[0], s: l[1] } : l)) } : {}) });
const laid = (some) => g.layout(state(some));

for (const row of JSON.parse(readFileSync(new URL("../cases/overlap_counter.json", import.meta.url), "utf8"))) {
  test(`counts, or why not, as in Python: ${JSON.stringify(row.state)}`, () => {
    assert.equal(g.fault(state(row.state)), row.reason ?? null);
    if (row.reason) return;
    const L = laid(row.state);
    assert.deepEqual([L.top.first, L.top.last], row.interior);
    assert.deepEqual([L.least, L.most], row.range);
    if (row.counts) assert.deepEqual(L.top.values, row.counts);
  });
}

test("a stack counts paths: enumerated one by one, they are as many", () => {
  const L = laid({ layers: [[3, 2], [2, 1], [4, 3]], input_size: 3 });
  const paths = Array(L.top.n).fill(0);
  const walk = (l, at) => { if (l === 3) { paths[at] += 1; return; } const { k, s } = L.state.layers[l]; for (let u = 0; u < k; u++) walk(l + 1, s * at + u); };
  for (let i = 0; i < 3; i++) walk(0, i);
  assert.deepEqual(L.top.values, paths);
});

test("the interior is what a longer input does not change: it repeats with the product of the strides", () => {
  for (const layers of [[[3, 2]], [[5, 3], [3, 2]], [[2, 3], [4, 2]], [[3, 2], [3, 2], [3, 2]]]) {
    const L = laid({ layers, input_size: 5 }), { top, period } = L;
    for (let t = top.first; t + period <= top.last; t++) assert.equal(top.values[t], top.values[t + period]);
    const longer = laid({ layers, input_size: 6 }).top.values;
    assert.deepEqual(top.values.slice(top.first, top.last + 1), longer.slice(top.first, top.last + 1));
  }
});

test("with all weights 1, one layer is even inside exactly when s divides k", () => {
  for (let k = 1; k <= 6; k++) for (let s = 1; s <= 4; s++) assert.equal(laid({ layers: [[k, s]], input_size: 10 }).even, k % s === 0, `${k} ${s}`);
});

test("divisible is not sufficient for other weights, and bilinear ones make up for what is not divisible", () => {
  assert.equal(laid({ layers: [[4, 2]], weights: "random" }).even, false);
  assert.equal(laid({ layers: [[3, 2]], weights: "bilinear" }).even, true);
  assert.equal(laid({ layers: [[4, 2]], weights: [[5, 1, 0, 4]] }).even, true);
});

test("resized first, a constant stays constant whatever the weights are", () => {
  for (let seed = 0; seed < 20; seed++) assert.equal(laid({ layers: [[3, 2], [2, 3]], input_size: 5, method: "resize", weights: "random", seed }).even, true);
});

test("the values of the interior are the sums of the phases", () => {
  const now = state({ layers: [[5, 3]], weights: [[1, 2, 3, 4, -5]], input_size: 5 }), L = g.layout(now);
  assert.deepEqual(g.phases(now, 0), [5, -3, 3]);
  for (let t = L.top.first; t <= L.top.last; t++) assert.equal(L.top.values[t], [5, -3, 3][t % 3]);
  assert.deepEqual(g.phaseWords(now, 0).lines, ["phase 0: 1 + 4 = 5", "phase 1: 2 + (−5) = −3", "phase 2: 3"]);
});

test("bilinear weights are those of a tent", () => {
  assert.deepEqual(g.weightsOf(state({ layers: [[4, 2]], weights: "bilinear" }), 0), [0.25, 0.75, 0.75, 0.25]);
  assert.deepEqual(g.weightsOf(state({ weights: "bilinear" }), 0), [0.5, 1, 0.5]);
});

test("stamps are laid layer after layer, and at the end all are", () => {
  const L = laid({ layers: [[3, 2], [3, 2]], input_size: 3 });
  assert.equal(L.total, 3 + 7);
  assert.deepEqual(g.laidAt(L, 0), [1, 0]);
  assert.deepEqual(g.laidAt(L, 4), [3, 2]);
  assert.deepEqual(g.laid(L.rows[1], 1), [1, 1, 1, 0, 0, 0, 0]);
  assert.deepEqual(g.laid(L.rows[2], g.laidAt(L, L.total - 1)[1]), L.top.values);
});

test("in two dimensions the range is that of all products, also of negative ones", () => {
  assert.deepEqual(g.squared({ least: 1, most: 2 }), [1, 4]);
  assert.deepEqual(g.squared({ least: -3, most: 2 }), [-6, 9]);
});

test("the limits of a slider are legal, and the next value is not", () => {
  for (const layers of [[[3, 2]], [[4, 2], [3, 2]], [[3, 2], [3, 2], [3, 2], [3, 2]]]) {
    const now = state({ layers, input_size: 4 });
    for (const [name, range, with_] of [["k", g.LIMITS.k, (k) => g.changed(now, 0, { k })], ["s", g.LIMITS.s, (s) => g.changed(now, 0, { s })], ["n", g.LIMITS.n, (input_size) => ({ ...now, input_size })]]) {
      const value = name === "n" ? now.input_size : now.layers[0][name], [least, most] = g.limits(value, range, with_);
      for (let v = range[0]; v <= range[1]; v++) assert.equal(g.fault(with_(v)) === null, v >= least && v <= most, `${name} ${v}`);
    }
  }
});

test("every preset is legal and known by what it shows", () => {
  for (const { name, ...preset } of g.PRESETS) {
    assert.equal(g.fault(state(preset)), null, name);
    if (/uneven|holes|phases/.test(name)) assert.equal(laid(preset).even, false, name);
    if (/even counts|bilinear|resize/.test(name)) assert.equal(laid(preset).even, true, name);
  }
});

test("own weights stay as many as taps when layers change", () => {
  const now = state({ layers: [[3, 2]], weights: [[1, 2, 3]] });
  assert.deepEqual(g.changed(now, 0, { k: 4 }).weights, [[1, 2, 3, 1]]);
  assert.deepEqual(g.added(now).weights, [[1, 2, 3], [1, 1, 1]]);
  assert.deepEqual(g.removed(g.added(now), 0).weights, [[1, 1, 1]]);
});

test("what is said: smallest and largest inside, the pattern, and the rule", () => {
  const said = g.words(laid());
  assert.equal(said.headline, "Uneven: in the interior the smallest count is 1, the largest 2. The pattern repeats every 2 positions: 1, 2, from position 1 on.");
  assert.equal(said.square, "In two dimensions, with the square of this kernel: 1 to 4.");
  assert.match(said.rule, /^k = 3 is not divisible by s = 2/);
  assert.equal(g.words(laid({ layers: [[4, 2]] })).headline, "Even: in the interior every count is 2.");
  assert.match(g.words(laid({ layers: [[4, 2]] })).rule, /necessary for equal weights, not sufficient for others/);
  assert.match(g.words(laid({ layers: [[4, 2]], weights: "random" })).rule, /Even counts are not sufficient/);
  assert.match(g.words(laid({ weights: "bilinear" })).rule, /^k = 3 is not divisible by s = 2; these weights make up for it: every phase has the same sum/);
  const late = laid({ layers: [[3, 2], [4, 1]], input_size: 8 });
  assert.equal(late.even, true);
  assert.match(g.words(late).rule, /^Layer 1: k = 3 is not divisible .* Here a later layer of equal weights evens that out\.$/);
});
