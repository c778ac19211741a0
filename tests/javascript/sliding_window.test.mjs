// The sliding window without a page: what is legal, what touches what, what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { arrange, changed, gapFor } from "../../convbook/explorers/front_end/one_channel.js";
import * as g from "../../convbook/explorers/front_end/sliding_window/geometry.js";
import { cellLabel, code, explain, sizeWords, totals } from "../../convbook/explorers/front_end/sliding_window/words.js";

const DEFAULT = {
  input_size: [5, 7], kernel_size: [3, 2], stride: [1, 1], padding: "valid", dilation: [1, 1], padding_mode: "zeros",
  true_convolution: false, input: "random", kernel: "sobel", seed: 0,
};
const state = (some = {}) => ({ ...DEFAULT, ...some });
const laid = (some) => g.layout(state(some));
const NAMES = ["input_size", "kernel_size", "stride", "dilation", "padding"];

// Every number below is repeatable: a fixed seed, and mulberry32.
let seed = 1;
const random = (count) => {
  seed = (seed + 0x6d2b79f5) >>> 0;
  let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) % count;
};

/** A legal state that a reader could have come to, by choosing among what is offered. */
function wander(steps, from = DEFAULT) {
  let now = from;
  for (let i = 0; i < steps; i++) {
    const name = NAMES[random(NAMES.length)], axis = random(2);
    const base = name === "padding" && typeof now.padding === "string" ? { ...now, padding: [0, 1].map((a) => g.sides(now, a)[0]) } : now;
    const [least, most] = g.limits(base, name, axis);
    if (least !== undefined) now = changed(base, name, axis, least + random(most - least + 1));
    if (!random(3)) now = offered(now, { padding_mode: ["zeros", "reflect", "replicate", "circular"][random(4)] });
    if (!random(4)) now = offered(now, { padding: ["valid", "same"][random(2)] });
    if (!random(4)) now = { ...now, true_convolution: !now.true_convolution, seed: random(50), input: Object.keys(g.INPUTS)[random(6)], kernel: Object.keys(g.KERNELS)[random(7)] };
  }
  return now;
}
const offered = (now, some) => (g.fault({ ...now, ...some }) ? now : { ...now, ...some });

for (const row of JSON.parse(readFileSync(new URL("../cases/sliding_window.json", import.meta.url), "utf8"))) {
  test(`legal or not, as in Python: ${JSON.stringify(row.state)}`, () => {
    assert.deepEqual(g.fault(state(row.state)), row.reason ? { axis: row.axis, reason: row.reason } : null);
    if (row.output) assert.deepEqual(laid(row.state).axes.map((a) => a.o), row.output);
  });
}

test("the limits of a slider are the last legal values: beyond them the state has a fault", () => {
  for (let i = 0; i < 300; i++) {
    const now = { ...wander(6) };
    if (typeof now.padding === "string") continue;
    for (const name of NAMES) for (const axis of [0, 1]) {
      const [least, most] = g.limits(now, name, axis);
      for (let v = g.LIMITS[name][0]; v <= g.LIMITS[name][1]; v++) {
        assert.equal(g.fault(changed(now, name, axis, v)) === null, v >= least && v <= most, `${name} ${axis} ${v} of ${JSON.stringify(now)}`);
      }
    }
  }
});

test("whatever a reader chooses, the sum of an output's terms is that output", () => {
  for (let i = 0; i < 300; i++) {
    const L = g.layout(wander(8));
    L.y.forEach((row, r) => row.forEach((value, c) => {
      assert.equal(g.terms(L, r, c).flat().reduce((sum, t) => sum + t.value * t.weight, 0), value);
    }));
  }
});

test("an input feeds exactly the outputs that read it, through the same weights", () => {
  for (let i = 0; i < 60; i++) {
    const L = g.layout(wander(8));
    const read = new Map();
    L.y.forEach((row, r) => row.forEach((_, c) => {
      for (const t of g.terms(L, r, c).flat()) {
        if (!t.from) continue;
        const key = `${t.from}`;
        read.set(key, [...(read.get(key) ?? []), `${r},${c}:${t.weight}`]);
      }
    }));
    for (let r = 0; r < L.rows.n; r++) for (let c = 0; c < L.columns.n; c++) {
      const fed = g.feeds(L, r, c).flatMap((o) => o.through.map((t) => `${o.i},${o.j}:${t.weight}`));
      assert.deepEqual(fed.sort(), (read.get(`${r},${c}`) ?? []).sort());
    }
  }
});

test("what the stride leaves over is the remainder of the size formula, and no window reads it", () => {
  const L = laid({ input_size: [6, 8], stride: [2, 4] });
  assert.deepEqual(L.axes.map((a) => a.remainder), [1, 2]);
  assert.equal(g.inputAt(L, 5, 0).read, false);
  assert.equal(g.inputAt(L, 4, 0).read, true);
  assert.equal(g.inputAt(L, 0, 2).read, false);
  assert.equal(sizeWords(L.columns).formula + sizeWords(L.columns).result, "⌊(8 + 2·0 − 1·(2 − 1) − 1) / 4⌋ + 1 = ⌊6 / 4⌋ + 1 = 2");
  assert.equal(sizeWords(L.columns).rest, "Remainder 2: 2 columns left over.");
});

test("an uneven “same” fills the formula with both sides", () => {
  const L = laid({ kernel_size: [2, 4], padding: "same" });
  assert.equal(sizeWords(L.columns).formula, "⌊(7 + (1 + 2) − 1·(4 − 1) − 1) / 1⌋ + 1 = ⌊6 / 1⌋ + 1 = ");
});

test("an output is explained by its sum", () => {
  const L = laid({ input: [[1, 2, 3], [4, 5, 6]], input_size: [2, 3], kernel: [[1, -2]], kernel_size: [1, 2] });
  assert.equal(explain(L, ["output", 1, 0]).spoken, "Output row 1, column 0.   4·1 + 5·(−2) = −6");
});

test("true convolution: the weight written first meets the last input of the window", () => {
  const L = laid({ input: [[5, 7]], input_size: [1, 2], kernel: [[1, 10]], kernel_size: [1, 2], true_convolution: true });
  assert.deepEqual(L.y, [[57]]);
  assert.deepEqual(g.terms(L, 0, 0)[0].map((t) => [t.value, t.weight, t.index]), [[5, 10, [0, 1]], [7, 1, [0, 0]]]);
  assert.equal(g.marks(L, ["kernel", 0, 0]).input.has("0,1"), true);
});

test("dilation passes over cells, and padding that is read shows where it was copied from", () => {
  const L = laid({ input_size: [5, 5], kernel_size: [3, 3], dilation: [2, 2], padding: [1, 1], padding_mode: "reflect" });
  const { input, window } = g.marks(L, ["output", 0, 0]);
  assert.deepEqual(window, { r: -1, c: -1, h: 5, w: 5 });
  assert.equal(input.get("-1,-1").is, "tap");
  assert.equal(input.get("0,0").is, "skip");
  assert.equal(input.get("1,1").is, "tap");
  assert.match(cellLabel(L, "input", -1, -1), /^Padding, copied from row 1, column 1, row −1, column −1: \d$/);
});

test("a window over the border marks the pixel that its padding copies, unless a tap reads it anyway; zeros copy nothing", () => {
  const marked = (padding_mode, column) => [...g.marks(laid({ kernel_size: [1, 3], padding: [0, 1], padding_mode }), ["output", 2, column]).input].map(([at, { is }]) => [at, is]);
  const taps = (...columns) => columns.map((c) => [`2,${c}`, "tap"]);
  for (const [column, read, far] of [[0, [-1, 0, 1], 6], [6, [5, 6, 7], 0]]) {
    assert.deepEqual(marked("zeros", column), taps(...read));
    assert.deepEqual(marked("reflect", column), taps(...read), "what is copied is read, too");
    assert.deepEqual(marked("circular", column), [...taps(...read), [`2,${far}`, "copy"]]);
  }
});

test("a weight meets one input for each output", () => {
  const L = laid({ stride: [2, 3], padding: [1, 1] });
  const { input, output } = g.marks(L, ["kernel", 2, 1]);
  assert.equal([...input.values()].filter((m) => m.is === "tap").length, L.count);
  assert.equal(output.size, L.count);
});

test("presets hold for every size, also one that is even or 1", () => {
  for (let h = 1; h <= 5; h++) for (let w = 1; w <= 5; w++) {
    for (const kernel of Object.keys(g.KERNELS)) {
      const L = laid({ input_size: [8, 8], kernel_size: [h, w], padding: "same", kernel });
      assert.ok(L.w.flat().every(Number.isInteger), kernel);
      if (kernel === "identity") assert.deepEqual(L.y, L.x);
      if (kernel === "sharpen") assert.equal(L.w.flat().reduce((a, b) => a + b), 1);
      if (kernel === "sobel" && h * w > 1) assert.equal(L.w.flat().reduce((a, b) => a + b), 0);
    }
  }
  assert.deepEqual(laid({ kernel_size: [3, 3] }).w, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]);
  assert.deepEqual(laid({ kernel_size: [3, 5], input_size: [8, 8] }).w[0], [-1, -2, 0, 2, 1]);
});

test("numbers of the reader's own stay where they are when the size changes; new cells are zero", () => {
  const now = state({ input: [[1, 2], [3, 4]], input_size: [2, 2], kernel_size: [1, 1] });
  assert.deepEqual(changed(now, "input_size", 1, 3).input, [[1, 2, 0], [3, 4, 0]]);
  assert.deepEqual(changed(now, "input_size", 0, 1).input, [[1, 2]]);
});

test("totals: parameters and multiply-adds", () => {
  assert.deepEqual(totals(laid()).map((t) => t.value), ["3 × 6", "6", "108"]);
});

test("the code names every option that is not PyTorch's default, and no other", () => {
  const text = code(laid({ padding: [1, 0], padding_mode: "replicate", stride: [1, 2], true_convolution: true }));
  assert.match(text, /nn\.Conv2d\(\n {4}1, 1,\n {4}kernel_size=\(3, 2\),\n {4}stride=\(1, 2\),\n {4}padding=\(1, 0\),\n {4}padding_mode="replicate",\n {4}bias=False,\n\)/);
  assert.match(text, /weight\.flip\(0, 1\)/);
  assert.doesNotMatch(code(laid()), /stride|padding|dilation|flip/);
  assert.match(code(laid({ input_size: [1, 8], kernel_size: [1, 3] })), /nn\.Conv1d/);
});

test("the grids fit the width that there is, in the roomiest way", () => {
  for (const width of [290, 330, 500, 760, 1100]) for (const columns of [[7, 2, 6], [14, 5, 10], [14, 1, 14], [1, 1, 1]]) {
    const { way, cell } = arrange(width, columns);
    const gap = gapFor(width), wide = (list) => list.reduce((sum, n) => sum + Math.max(84, (n + 0.5) * cell), gap * (list.length - 1));
    const rows = { row: [columns], two: [[columns[0]], columns.slice(1)], column: columns.map((n) => [n]) }[way];
    assert.ok(rows.every((list) => wide(list) <= width), `${width} ${columns} ${way} ${cell}`);
    assert.ok(cell >= 15);
  }
  assert.equal(arrange(760, [7, 2, 6]).way, "row");
  assert.equal(arrange(306, [7, 2, 6]).way, "two");
});
