// The Inception pricer without a page: what a module costs, what each reduction saves, where the boxes stand, what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as g from "../../convbook/explorers/front_end/inception_pricer/geometry.js";
import * as w from "../../convbook/explorers/front_end/inception_pricer/words.js";

const CASES = JSON.parse(readFileSync(new URL("../cases/inception_pricer.json", import.meta.url), "utf8"));
const A3 = g.PRESETS["GoogLeNet 3a"], EXAMPLE = g.PRESETS["the worked example"];
const sum = (list, of) => list.reduce((total, item) => total + of(item), 0);

for (const { preset, state, ...expected } of CASES) {
  test(`priced as the module in PyTorch: ${preset ?? JSON.stringify(state)}`, () => {
    const { out, weights, biases, macs } = g.price(state);
    assert.deepEqual({ out, weights, biases, macs }, expected);
    if (preset) assert.deepEqual({ ...g.PRESETS[preset] }, state);
  });
}

test("every preset stands in the table of cases", () => {
  assert.deepEqual(CASES.map((row) => row.preset).filter(Boolean).sort(), Object.keys(g.PRESETS).sort());
});

test("module 3a: the reduced form costs 2.37 times less than the naive one", () => {
  assert.equal(g.price(g.naive(A3)).macs, 303_464_448);
  assert.equal(w.times(g.ratio(A3, "macs")), "2.37");
  assert.equal(g.ratio(g.naive(A3), "macs"), 1);
});

test("branches add up to the module, and layers to their branch", () => {
  for (const { state } of CASES) {
    const p = g.price(state);
    for (const what of ["weights", "macs"]) {
      assert.equal(sum(p.branches, (b) => b[what]), p[what]);
      for (const b of p.branches) assert.equal(sum(p.layers.filter((l) => l.branch === b.branch), (l) => l[what]), b[what]);
    }
    assert.equal(sum(p.branches, (b) => b.out), p.out);
  }
});

test("what a reduction does is the difference of two modules, whether it is there now or not", () => {
  const off = { ...A3, reductions: ["5x5", "pool"] };
  assert.deepEqual(g.effect(A3, "3x3"), g.effect(off, "3x3"));
  assert.equal(g.effect(A3, "3x3").macs, g.price(A3).macs - g.price(off).macs);
  assert.equal(g.effect(A3, "3x3").macs, 784 * (192 * 96 + 9 * 96 * 128 - 9 * 192 * 128));
  assert.deepEqual(g.effect(A3, "pool").channels, 32 - 192);
});

test("a reduction to more channels than there are costs more than it saves", () => {
  const wasteful = { ...EXAMPLE, n3x3: [9, 1] };
  assert.ok(g.effect(wasteful, "3x3").macs > 0);
  assert.match(w.effectWords(wasteful, "3x3", "macs"), /a loss of/);
  assert.match(w.effectWords(A3, "3x3", "macs"), /^It costs 14,450,688 MACs, and the 3 × 3 needs 86,704,128 fewer: saves 72,253,440\.$/);
});

test("predictions: the dearest branch, ties count for both, a factor within a tenth", () => {
  assert.deepEqual(g.judge(A3, "macs", { branch: "3x3", factor: 2.4 }), { branch: true, factor: true, most: ["3x3"], truth: 303_464_448 / 128_049_152 });
  assert.equal(g.judge(A3, "macs", { branch: "5x5", factor: 2.1 }).factor, false);
  const truth = g.ratio(A3, "macs"), near = (share) => g.judge(A3, "macs", { branch: "3x3", factor: share * truth }).factor;
  assert.deepEqual([0.89, 0.91, 1.09, 1.11].map(near), [false, true, true, false]);
  const tied = { ...EXAMPLE, n1x1: 25, n3x3: [1, 1], n5x5: [1, 2], reductions: [] };
  assert.deepEqual(g.costliest(g.price({ ...tied, n1x1: 50 }), "macs"), ["1x1", "5x5"]);
  assert.match(w.verdictWords(g.judge(A3, "macs", { branch: "1x1", factor: 9 }), "macs"), /^Not that one: the 3 × 3 branch .* 2\.37 times as many\.$/);
});

test("boxes stay on the drawing and do not overlap; the joined bar is as wide as the drawing, shared by channels", () => {
  for (const { state } of CASES) for (const width of [300, 420]) {
    const { boxes, joined, input, height } = g.drawing(state, width);
    for (const b of boxes) assert.ok(b.x >= 0 && b.x + b.w <= width + 1e-9 && b.y > 0 && b.y + b.h < input.y && input.y + input.h < height);
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => assert.ok(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y)));
    assert.ok(Math.abs(joined.at(-1).x + joined.at(-1).w - width) < 1e-6);
    assert.ok(Math.abs(joined[0].w / joined[1].w - joined[0].out / joined[1].out) < 1e-9);
  }
});

test("a wire leads from the input through each box of a branch to its part of the output", () => {
  const { wires } = g.drawing(A3, 400);
  assert.equal(wires.length, 2 + 3 * 3);
  for (const { from, to } of wires) assert.ok(to[1] < from[1]);
});

test("what it says has the numbers in it", () => {
  const main = g.price(A3).layers.find((layer) => layer.key === "3x3 main");
  assert.equal(w.layerWords(A3, main), "3 × 3, 96 → 128 channels, the 3 × 3 branch's convolution, padding 1: 3·3·96·128 = 110,592 weights; at 28·28 = 784 places: 86,704,128 MACs, 67.7 % of the module.");
  assert.equal(w.headline(A3), "163,328 weights and 368 biases, 128,049,152 MACs, 256 channels of 28 × 28 out. Without any 1 × 1 reduction: 387,072 weights, 303,464,448 MACs, 2.37 times as many, and 416 channels out.");
  assert.match(w.headline(g.naive(A3)), /416 channels of 28 × 28 out\. This is the naive module\.$/);
  assert.match(w.layerWords(A3, g.price(A3).layers.find((layer) => layer.part === "max")), /hands on all 192 channels/);
});

test("nothing it says is broken, in any case", () => {
  for (const { state } of CASES) {
    const all = [w.headline(state), w.code(state), ...g.price(state).layers.map((layer) => w.layerWords(state, layer)), ...g.REDUCTIONS.flatMap((name) => ["macs", "weights"].map((what) => w.effectWords(state, name, what)))];
    for (const said of all) assert.doesNotMatch(said, /NaN|undefined|Infinity|--/);
  }
});
