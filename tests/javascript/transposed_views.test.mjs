// The transposed convolution without a page: what is legal, three ways to the same numbers, what touches what, what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { EXAMPLES } from "../../convbook/explorers/front_end/transposed_views/controls.js";
import { changed } from "../../convbook/explorers/front_end/one_channel.js";
import * as g from "../../convbook/explorers/front_end/transposed_views/geometry.js";
import { code, explain, label, paddingWords, sizeWords } from "../../convbook/explorers/front_end/transposed_views/words.js";

const DEFAULT = { input_size: [2, 3], kernel_size: [3, 3], stride: [2, 2], padding: [0, 0], output_padding: [0, 0], dilation: [1, 1], input: "counting", kernel: "counting", seed: 0 };
const state = (some = {}) => ({ ...DEFAULT, ...some });
const laid = (some) => g.layout(state(some));
const NAMES = Object.keys(g.LIMITS);

// Every number below is repeatable: a fixed seed, and mulberry32.
let seed = 1;
const random = (count) => {
  seed = (seed + 0x6d2b79f5) >>> 0;
  let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) % count;
};

/** A legal state that a reader could have come to, by choosing among what is offered. */
function wander(steps) {
  let now = DEFAULT;
  for (let i = 0; i < steps; i++) {
    const name = NAMES[random(NAMES.length)], axis = random(2), [least, most] = g.limits(now, name, axis);
    now = changed(now, name, axis, least + random(most - least + 1));
    if (!random(3)) now = { ...now, seed: random(50), input: Object.keys(g.INPUTS)[random(5)], kernel: Object.keys(g.KERNELS)[random(4)] };
  }
  return now;
}
const wanders = (count, check) => { for (let i = 0; i < count; i++) check(g.layout(wander(9))); };
const places = (L) => L.full.flatMap((row, r) => row.map((_, c) => [r - L.rows.p, c - L.columns.p]));

for (const row of JSON.parse(readFileSync(new URL("../cases/transposed_views.json", import.meta.url), "utf8"))) {
  test(`legal or not, as in Python: ${JSON.stringify(row.state)}`, () => {
    assert.deepEqual(g.fault(state(row.state)), row.reason ? { axis: row.axis, reason: row.reason } : null);
    if (!row.output) return;
    const L = laid(row.state);
    assert.deepEqual(L.axes.map((a) => a.o), row.output);
    assert.deepEqual(L.axes.map((a) => a.border), row.border);
  });
}

test("two inputs a side, three taps, stride 2: five outputs, and the overlap adds", () => {
  const L = laid({ input_size: [1, 2], kernel_size: [1, 3], stride: [1, 2], input: [[2, 3]], kernel: [[1, 10, 100]] });
  assert.deepEqual(L.y, [[2, 20, 203, 30, 300]]);
});

test("the kernel's transposed matrix has the entries of the notes: four rows of sixteen", () => {
  const { C } = laid({ input_size: [2, 2], stride: [1, 1] });
  assert.deepEqual(C, [
    [1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0], [0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0],
    [0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0], [0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9],
  ]);
});

test("the limits of a slider are the last legal values: beyond them the state has a fault", () => {
  for (let i = 0; i < 200; i++) {
    const now = wander(7);
    for (const name of NAMES) for (const axis of [0, 1]) {
      const [least, most] = g.limits(now, name, axis);
      for (let v = g.LIMITS[name][0]; v <= g.LIMITS[name][1]; v++) {
        assert.equal(g.fault(changed(now, name, axis, v)) === null, v >= least && v <= most, `${name} ${axis} ${v} of ${JSON.stringify(now)}`);
      }
    }
  }
});

test("whatever a reader chooses: stamps, zero-insertion and the transposed matrix give the same numbers", () => {
  wanders(300, (L) => {
    assert.deepEqual(g.inserted(L), L.y);
    assert.deepEqual(g.multiplied(L), L.y);
    assert.equal(g.agree(L), true);
  });
  const L = laid();
  L.y[0][0] += 1;
  assert.equal(g.agree(L), false, "a difference is seen");
});

test("z is C times X, and the direct convolution leads back to the size of x", () => {
  wanders(200, (L) => {
    const X = L.X.flat();
    assert.deepEqual(L.z.flat(), L.C.map((row) => row.reduce((sum, w, i) => sum + w * X[i], 0)));
    for (const axis of L.axes) assert.equal(axis.back, axis.n);
  });
});

test("the terms of a place sum to its number, also where the padding cuts it off", () => {
  wanders(100, (L) => {
    for (const [r, c] of places(L)) {
      const sum = g.terms(L, r, c).reduce((all, t) => all + t.value * t.weight, 0);
      assert.equal(sum, L.full[r + L.rows.p][c + L.columns.p]);
    }
  });
});

test("an input stamps exactly the places that sum it, by the same weights; z reads the same ones", () => {
  wanders(60, (L) => {
    const stamped = [], summed = [];
    L.x.forEach((row, i) => row.forEach((_, j) => {
      const all = g.stamp(L, i, j).flat();
      all.forEach((t) => stamped.push(`${i},${j}>${t.r},${t.c}:${t.u},${t.v}`));
      assert.equal(all.reduce((sum, t) => sum + t.read * t.weight, 0), L.z[i][j]);
      assert.equal(all.every((t) => t.outside === g.isCut(L, t.r, t.c)), true);
    }));
    for (const [r, c] of places(L)) g.terms(L, r, c).forEach((t) => summed.push(`${t.i},${t.j}>${r},${c}:${t.u},${t.v}`));
    assert.deepEqual(stamped.sort(), summed.sort());
  });
});

test("stamps add up one after another", () => {
  const L = laid();
  assert.deepEqual(g.scattered(L, 1)[0], [1, 2, 3, 0, 0, 0, 0]);
  assert.deepEqual(g.scattered(L, 2)[0], [1, 2, 5, 4, 6, 0, 0]);
  assert.deepEqual(g.scattered(L, 6), L.full);
});

test("zeros between the inputs and a border of p′ around them, longer at the far end by output_padding", () => {
  const L = laid({ input_size: [1, 2], kernel_size: [1, 3], stride: [2, 2], padding: [0, 1], output_padding: [0, 1], input: [[5, 6]] });
  assert.deepEqual(L.stuffed[0].map((cell) => cell.value), [0, 5, 0, 6, 0, 0]);
  assert.deepEqual(L.stuffed[0].map((cell) => (cell.border ? "b" : cell.from ? "x" : "0")).join(""), "bx0xbb");
});

test("an output is marked in every grid at once", () => {
  const found = g.marks(laid(), ["output", 2, 3]);
  assert.deepEqual([...found.x], [["0,1", { is: "tap", badge: "×8" }], ["1,1", { is: "tap", badge: "×2" }]]);
  assert.deepEqual([...found.z].map(([at, { is }]) => [at, is]), [["0,1", "fed"], ["1,1", "fed"]]);
  assert.deepEqual([...found.stuffed.keys()], ["2,4", "4,4"]);
  assert.deepEqual(found.reading, { r: 2, c: 3, h: 3, w: 3 });
  assert.equal(g.marks(laid({ padding: [1, 1] }), ["output", -1, 0]).reading, null);
});

test("an input is marked in every grid at once", () => {
  const found = g.marks(laid(), ["input", 1, 2]);
  assert.deepEqual(found.window, { r: 2, c: 4, h: 3, w: 3 });
  assert.deepEqual(found.y.get("2,4"), { is: "fed", badge: "+6" });
  assert.deepEqual(found.X.get("4,6"), { is: "tap", badge: "×9" });
  assert.deepEqual([...found.stuffed.keys()], ["4,6"]);
});

test("a stamp that takes away has one sign only", () => {
  const layer = laid({ input_size: [1, 2], input: [[2, 3]], kernel_size: [1, 2], kernel: [[-1, 4]] });
  assert.deepEqual([...g.marks(layer, ["input", 0, 0]).y.values()].map((mark) => mark.badge), ["−2", "+8"]);
});

test("the sum is written with its numbers", () => {
  assert.match(explain(laid(), ["output", 2, 3], "insert").spoken, /^Transposed: y\(2, 3\) sums 2 stamps\. x\(0, 1\)·w\(2, 1\) \+ x\(1, 1\)·w\(0, 1\) 2·8 \+ 5·2 = 26 The window holds 9 numbers; the other 7 are zeros\./);
  assert.match(explain(laid({ input_size: [1, 2], kernel_size: [1, 2] }), ["output", 0, 1], "insert").spoken, /The window holds 2 numbers; the other one is a zero\./);
  assert.match(explain(laid({ padding: [1, 1] }), ["output", -1, 0], "scatter").spoken, /y\(−1, 0\), cut off by the padding, sums 1 stamp\. .* = 2 It would stand here if the padding p were smaller\./);
  assert.match(explain(laid({ kernel_size: [2, 2], stride: [3, 3], input_size: [2, 2] }), ["output", 2, 0]).spoken, /No stamp reaches it, so it is 0\./);
  assert.match(explain(laid(), ["input", 0, 1]).spoken, /x\(0, 1\) = 2 stamps 2 · w on rows 0 to 2, columns 2 to 4 of y\. 2·1 = 2, {2}2·2 = 4, {2}2·3 = 6/);
});

test("the sizes: both formulas with their numbers, and what output_padding chooses between", () => {
  const [rows] = laid({ padding: [1, 0], output_padding: [1, 0] }).axes;
  const said = sizeWords(rows);
  assert.equal(said.transposed, "2·(2 − 1) + 1·(3 − 1) + 1 − 2·1 + 1 = 4");
  assert.equal(said.direct, "⌊(4 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 2");
  assert.equal(said.trip, "4 → 2 → 4");
  assert.equal(said.rest, "3 and 4 both give 2; output_padding says which is meant: 0 for 3, 1 for 4.");
  assert.equal(sizeWords(laid({ stride: [1, 1] }).rows).rest, "At stride 1 only 4 gives 2: output_padding has nothing to choose.");
  assert.match(sizeWords(laid({ kernel_size: [2, 2], stride: [3, 3], input_size: [2, 2] }).rows).rest, /^5, 6 and 7 all give 2;/);
});

test("p and p′ are both named with their numbers", () => {
  assert.deepEqual(paddingWords(laid({ padding: [1, 0] })), { p: "p = 1, 0", border: "p′ = d (k − 1) − p = 1·(3 − 1) − 1 = 1, 1·(3 − 1) − 0 = 2", extra: "output_padding = 0" });
});

test("cells say which grid of which operation they belong to", () => {
  const L = laid({ padding: [1, 1] });
  assert.equal(label.X(L, 0, 1), "X, input of the direct convolution, row 0, column 1: 2");
  assert.equal(label.y(L, -1, 0, "2"), "Cut off from y by the padding, row −1, column 0: 2");
  assert.equal(label.stuffed(L, 0, 0), "Border zero, row 0, column 0");
  assert.equal(label.stuffed(L, 1, 2), "Inserted zero, row 1, column 2");
});

test("every example is legal, and shows what its name says", () => {
  for (const { state: example } of Object.values(EXAMPLES)) assert.equal(g.fault(state(example)), null);
  assert.deepEqual(g.layout(state(EXAMPLES.notes.state)).axes.map((a) => sizeWords(a).trip), ["5 → 2 → 5", "5 → 2 → 5"]);
  assert.deepEqual(g.layout(state(EXAMPLES.one.state)).axes.map((a) => sizeWords(a).trip), ["4 → 2 → 4", "4 → 2 → 4"]);
  const inverse = g.layout(state(EXAMPLES.inverse.state));
  assert.deepEqual(inverse.x, inverse.z);
  assert.notDeepEqual(inverse.y, inverse.X);
  const counts = g.layout(state(EXAMPLES.overlaps.state));
  assert.deepEqual(counts.y[2], [2, 2, 4, 2, 4, 2, 2]);
});

test("a tent is the bilinear kernel in whole numbers", () => {
  assert.deepEqual(laid({ kernel_size: [4, 3], kernel: "tent" }).w, [[1, 2, 1], [3, 6, 3], [3, 6, 3], [1, 2, 1]]);
});

test("numbers of the reader's own stay where they are when the size changes; new cells are zero", () => {
  const now = state({ input: [[1, 2], [3, 4]], input_size: [2, 2] });
  assert.deepEqual(changed(now, "input_size", 1, 3).input, [[1, 2, 0], [3, 4, 0]]);
});

test("the code names every option that is not PyTorch's default, and no other", () => {
  assert.match(code(laid({ padding: [1, 0], output_padding: [1, 1] })), /nn\.ConvTranspose2d\(\n {4}1, 1,\n {4}kernel_size=3,\n {4}stride=2,\n {4}padding=\(1, 0\),\n {4}output_padding=1,\n {4}bias=False,\n\)/);
  assert.doesNotMatch(code(laid({ stride: [1, 1] })), /stride=|[^_]padding=|dilation=/);
});

test("grids stand in a row where cells stay large, else one above the others", () => {
  assert.equal(g.arrange(740, [7, 3, 3]).way, "row");
  const { way, cell } = g.arrange(306, [7, 3, 3]);
  assert.equal(way, "two");
  assert.ok(7.5 * cell <= 306 && cell >= 26);
});
