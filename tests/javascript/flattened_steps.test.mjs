import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as g from "../../convbook/explorers/front_end/flattened_steps/geometry.js";
import * as words from "../../convbook/explorers/front_end/flattened_steps/words.js";

const TABLE = JSON.parse(readFileSync(new URL("../cases/flattened_steps.json", import.meta.url)));
const IMAGE = [
  [[1, 2, 0, 1, 3], [0, 1, 2, 3, 1], [2, 1, 0, 1, 2], [1, 0, 3, 2, 1]],
  [[0, 1, 1, 2, 0], [2, 0, 1, 1, 3], [1, 2, 0, 0, 1], [0, 1, 2, 1, 0]],
  [[1, 0, 2, 0, 1], [1, 1, 0, 2, 0], [0, 3, 1, 1, 1], [2, 0, 0, 1, 2]],
  [[2, 1, 0, 0, 1], [0, 2, 1, 1, 0], [1, 0, 2, 3, 0], [1, 1, 0, 0, 2]],
];
const state = (some = {}) => ({ z: [1, 2, -1], y: [1, -1], x: [1, 0, 2], second: [], image: IMAGE, order: "LVH", padding: "valid", lane: "first", ...some });
const close = (a, b, why) => assert.ok(a.flat(3).every((v, n) => Math.abs(v - b.flat(3)[n]) < 1e-9) && a.flat(3).length === b.flat(3).length, why);

for (const row of TABLE) test(`the table: ${row.name}`, () => {
  const L = g.layout(state({ ...row }));
  close(L.K, row.filter, "filter");
  close(L.whole, row.dense, "dense pass");
  close(L.both, row.dense, "all triples, three passes each");
  assert.deepEqual(L.cost.passes, row.macs);
  assert.equal(L.cost.dense, row.dense_macs);
  assert.ok(Math.abs(L.best.error - row.error) < 2e-6, `${L.best.error}`);
  assert.equal(L.missing === 0, !row.second.length, "the first triple alone");
});

test("all orders and both borders give one set of numbers, at different prices", () => {
  for (const padding of g.PADDINGS) {
    const all = g.ORDERS.map((order) => g.layout(state({ order, padding })));
    for (const L of all) close(L.stages[3].planes[0], all[0].whole, L.order);
    assert.ok(new Set(all.map((L) => L.cost.chain)).size >= 4);
  }
});

test("steps and places are each other's inverse, and each number is the sum of what it reads", () => {
  for (const order of g.ORDERS) for (const padding of g.PADDINGS) {
    const L = g.layout(state({ order, padding }));
    for (let n = 0; n < L.count; n++) {
      const place = g.placeOf(L, n), [s, c, i, j] = place;
      assert.equal(g.stepOf(L, place), n);
      const read = g.sources(L, place);
      assert.equal(read.reduce((sum, t) => sum + t.weight * t.value, 0), L.stages[s].planes[c][i][j]);
    }
    assert.deepEqual(g.placeOf(L, L.count + 5), g.placeOf(L, L.count - 1));
  }
});

test("an output number is made of the window under the filter, and a pixel goes to those outputs", () => {
  const L = g.layout(state());
  assert.deepEqual(g.origins(L, [3, 0, 0, 0]).map((keys) => keys.size), [18, 6, 3, 1]);
  for (let c = 0; c < 3; c++) for (let i = 0; i < 4; i++) for (let j = 0; j < 5; j++) {
    for (const key of g.targets(L, [0, c, i, j])[3]) assert.ok(g.origins(L, [3, ...key.split(",").map(Number)])[0].has(`${c},${i},${j}`));
  }
  assert.deepEqual(g.targets(L, [0, 0, 0, 0]).map((keys) => keys.size), [1, 1, 1, 1]);
});

test("the nearest single triple is never farther than either of the two", () => {
  let seed = 7;
  const next = () => { seed = (seed * 48271) % 2147483647; return (seed % 7) - 3; };
  const norm = (K) => Math.sqrt(K.flat(2).reduce((a, v) => a + v * v, 0));
  for (let n = 0; n < 60; n++) {
    const draw = () => [3, 2, 3].map((length) => Array.from({ length }, next));
    const triples = [draw(), draw()], K = g.outer(triples);
    if (!norm(K)) continue;
    const { triple, error } = g.bestTriple(K, triples), far = g.outer([triple]);
    const rest = norm(K.map((p, c) => p.map((r, i) => r.map((v, j) => v - far[c][i][j]))));
    assert.ok(Math.abs(rest / norm(K) - error) < 1e-8);
    for (const t of triples) assert.ok(error <= norm(g.outer([triples.find((o) => o !== t)])) / norm(K) + 1e-12);
  }
});

test("sentences follow the numbers", () => {
  const L = g.layout(state());
  assert.deepEqual(words.sumOf(L, [3, 0, 0, 0]), { title: "after H, row 0, column 0: 3 numbers along the row, times x", lines: ["1·(−3) + 0·4 + 2·(−4) = −11"] });
  assert.deepEqual(words.sumOf(g.layout(state({ padding: "full" })), [2, 0, 0, 1]).lines, ["1·0 + (−1)·4 = −4", "1 of these 2 numbers lies outside and counts as 0."]);
  assert.equal(words.denseSum(L, [0, 0]).lines.at(-1), "(−3) + (−4) + (−4) = −11");
  assert.deepEqual(words.weightSum(L, [1, 1, 2]).lines, ["2·(−1)·2 = −4"]);
  assert.equal(words.costs(L).verdict, "Together 72.2 % of the dense pass's multiply-adds: cheaper.");
  assert.match(words.costs(g.layout(state({ order: "VHL" }))).verdict, /dearer/);
  assert.match(words.verdict(L), /^The same 9 numbers/);
  const two = state({ second: [[1, 0, 1], [1, 2], [0, 1, 1]], lane: "best" });
  assert.match(words.verdict(g.layout(two)), /^The nearest single triple misses this filter by 48\.8 %: no single triple is it\. The nearest single triple gives numbers that are off by up to 19\.11\./);
  assert.match(words.verdict(g.layout(state({ second: [[2, 1, 0], [1, -1], [1, 0, 2]] }))), /happens to be one triple again/);
});

test("a question knows its answer, in either kind", () => {
  const L = g.layout(state());
  for (let n = 0; n < 12; n++) {
    const asked = words.question(L, n);
    assert.match(words.judged(L, asked, asked.answer), /^Right: /);
    assert.match(words.judged(L, asked, asked.answer + 1), /^Not /);
    assert.equal(asked.answer, asked.kind === "macs" ? 117 : L.whole[asked.at[0]][asked.at[1]]);
  }
});

test("a place is in the picture exactly where a number stands, and each of them can be summed", () => {
  const L = g.layout(state());
  for (const kind of [0, 1, 2, 3, "filter"]) for (let c = 0; c < 4; c++) for (let i = -1; i < 6; i++) for (let j = -1; j < 6; j++) {
    const [C, H, W] = kind === "filter" ? [3, 2, 3] : L.stages[kind].shape, inside = c < C && i >= 0 && i < H && j >= 0 && j < W;
    assert.equal(g.exists(L, [kind, c, i, j]), inside, `${kind} ${c} ${i} ${j}`);
    if (inside) assert.ok((kind === "filter" ? words.weightSum(L, [c, i, j]) : words.sumOf(L, [kind, c, i, j])).title);
  }
  assert.deepEqual([["dense", 2, 2], ["dense", 3, 0], ["both", 0, 0]].map((at) => g.exists(L, at)), [true, false, false]);
});
