// The deformable sampler without a page: grids, the four weights, sums, presets read back, questions.
import assert from "node:assert/strict";
import test from "node:test";
import * as g from "../../convbook/explorers/front_end/deformable_sampler/geometry.js";

const image = Array.from({ length: 6 }, (_, r) => Array.from({ length: 8 }, (_, c) => 10 * r + c));
const state = (some = {}) => ({ image, at: [2, 3], offsets: Array(18).fill(0), kernel: [1, 2, 3, 4, 5, 6, 7, 8, 9], mask: Array(9).fill(1), modulated: false, dilation: 1, tap: 0, ...some });

test("kernels are what their names say", () => {
  const [sobel, mean, laplace, counting] = Object.values(g.KERNELS);
  assert.deepEqual(sobel, [1, 2, 1].flatMap((a) => [-1, 0, 1].map((b) => a * b + 0)));
  assert.deepEqual(mean, Array(9).fill(1));
  // Along the rows and along the columns: 1, -2, 1.
  assert.deepEqual([0, 1, 2].map((r) => laplace.slice(3 * r, 3 * r + 3)), [[0, 1, 0], [1, -4, 1], [0, 1, 0]]);
  assert.deepEqual(counting, counting.map((_, t) => t + 1));
});

test("half a pixel down and a quarter right, by hand: 0 8 / 20 28", () => {
  const around = g.corners([[0, 8], [20, 28]], 0.5, 0.25);
  assert.deepEqual(around.map((c) => c.weight), [0.375, 0.125, 0.375, 0.125]);
  assert.equal(g.sample([[0, 8], [20, 28]], 0.5, 0.25), 12);
  assert.deepEqual(g.slopes(around), [20, 8]);
});

test("without offsets the sum is the plain convolution", () => {
  let sum = 0;
  for (let u = 0; u < 3; u++) for (let v = 0; v < 3; v++) sum += (3 * u + v + 1) * image[1 + u][2 + v];
  assert.equal(g.output(state()), sum);
  assert.equal(g.plain(state({ offsets: g.PRESETS.random.make(1, 3) })), sum);
});

test("whole offsets read other pixels: the grid moved by (1, 2)", () => {
  const offsets = Array.from({ length: 18 }, (_, n) => (n % 2 ? 2 : 1));
  assert.equal(g.output(state({ offsets })), g.output(state({ at: [3, 5] })));
});

test("outside all is zero, at the rim a share of the neighbour counts", () => {
  assert.equal(g.sample(image, -1, 3), 0);
  assert.equal(g.sample(image, 5.75, 2), 0.25 * 52);
  const [tap] = g.taps(state({ at: [0, 0] }));
  assert.ok(tap.outside && tap.value === 0);
});

test("the mask counts only in version 2", () => {
  const mask = [0, ...Array(8).fill(1)];
  assert.equal(g.output(state({ mask })), g.output(state()));
  assert.equal(g.output(state({ mask, modulated: true })), g.output(state()) - image[1][2]);
});

test("dilated is scaled, and both move tap 4 nowhere", () => {
  assert.deepEqual(g.PRESETS.dilated.make(1, 2), g.PRESETS.scaled.make(1, 2));
  for (const name of ["scaled", "aspect", "rotated", "dilated"]) assert.deepEqual(g.PRESETS[name].make(2, g.PRESETS[name].amount[3]).slice(8, 10), [0, 0], name);
});

test("a rotation keeps every distance from the middle", () => {
  const offsets = g.PRESETS.rotated.make(1, 30);
  for (let t = 0; t < 9; t++) {
    const [y, x] = g.base(t);
    assert.ok(Math.abs(Math.hypot(y + offsets[2 * t], x + offsets[2 * t + 1]) - Math.hypot(y, x)) < 0.01);
  }
});

test("a preset is known again by its offsets, at every amount", () => {
  for (const [name, { amount, make }] of Object.entries(g.PRESETS)) for (const d of [1, 2, 3]) {
    if (!amount) { assert.equal(g.presetOf(make(d), d, name).name, name); continue; }
    for (let a = amount[0]; a <= amount[1]; a += amount[2]) {
      const found = g.presetOf(make(d, a), d, name);
      assert.deepEqual(found && g.PRESETS[found.name].make(d, found.amount), make(d, a), `${name} ${a} ${d}`);
    }
  }
  assert.equal(g.presetOf([0.3, ...Array(17).fill(0)], 1, "scaled"), null);
});

test("a tap is dragged to where the hand is, and not out of the picture's frame", () => {
  const offsets = g.moved(state(), 5, 2.25, 3.5);
  assert.deepEqual(offsets.slice(10, 12), [0.25, -0.5]);
  assert.deepEqual(g.moved(state(), 0, -50, 90).slice(0, 2), [-g.MARGIN - 1, 7 + g.MARGIN - 2]);
});

test("questions ask for the value and for both channels, and hold their answer", () => {
  const now = state({ offsets: g.PRESETS.random.make(1, 7) });
  assert.equal(g.question(now, 5, 1).answer, 11);
  assert.equal(g.question(now, 5, 3).answer, 10);
  const value = g.question(now, 5, 0);
  assert.ok(Math.abs(value.answer - g.taps(now)[5].value) < 0.001);
});
