// Cost comparison without a page: counts, limits, what follows a change, questions, what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as g from "../../convbook/explorers/front_end/cost_compare/geometry.js";
import { PRESETS } from "../../convbook/explorers/front_end/cost_compare/presets.js";
import * as words from "../../convbook/explorers/front_end/cost_compare/words.js";

const NOTES = { in_channels: 3, out_channels: 128, kernel_size: 3, size: [7, 7], stride: 1, padding: 0, groups: 1, multiplier: 1, quantity: "macs" };

for (const row of JSON.parse(readFileSync(new URL("../cases/cost_compare.json", import.meta.url), "utf8")).filter((r) => !r.error)) {
  test(`counts and reasons as in Python: ${JSON.stringify(row.state)}`, () => {
    const { costs, left } = g.compare(row.state);
    assert.deepEqual(left, row.left);
    for (const [kind, expected] of Object.entries(row.costs ?? {})) {
      const { params, macs, bytes, output } = costs[kind];
      assert.deepEqual([params, macs, bytes, output], expected, kind);
    }
  });
}

test("whatever is moved within its limits, what follows can be computed", () => {
  let seed = 3, now = { ...NOTES }, kernels = new Set();
  const draw = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * n); };
  const names = ["in_channels", "out_channels", "kernel_size", "height", "width", "stride", "padding", "groups", "multiplier"];
  for (let i = 0; i < 3000; i++) {
    const name = names[draw(names.length)], [min, max] = g.limits(now, name);
    assert.ok(min <= max, JSON.stringify([name, now]));
    const small = draw(2) ? Math.min(max, min + 4) : max;
    now = g.changed(now, name, min + draw(small - min + 1));
    assert.ok(now.padding >= 0 && now.padding <= Math.floor(now.kernel_size / 2));
    for (const cost of Object.values(g.compare(now).costs)) assert.ok(cost.macs > 0 && cost.output.every((n) => n > 0), JSON.stringify(now));
    kernels.add(now.kernel_size);
  }
  assert.ok(kernels.size > 8);
});

test("padding of half a kernel stays half a kernel, and no padding stays none", () => {
  const same = { ...NOTES, padding: 1 };
  assert.equal(g.changed(same, "kernel_size", 7).padding, 3);
  assert.equal(g.changed(NOTES, "kernel_size", 7).padding, 0);
  assert.equal(g.limits(NOTES, "kernel_size")[1], 7);
  assert.deepEqual(g.limits({ ...NOTES, kernel_size: 5 }, "height"), [5, 300]);
});

test("bars: linear lengths are shares, logarithmic ones keep the order and the ends", () => {
  assert.equal(g.share(25, [25, 100], false), 0.25);
  assert.equal(g.share(100, [1, 10, 100], true), 1);
  assert.ok(Math.abs(g.share(10, [1, 10, 100], true) - 0.525) < 1e-12);
  assert.equal(g.share(5, [5, 5], true), 1);
});

test("sorted, the smallest stands first", () => {
  const { costs } = g.compare(NOTES), order = g.ordered(costs, "macs", true);
  assert.deepEqual(order, ["depthwise", "depthwise_separable", "pointwise", "flattened", "standard", "spatially_separable"]);
  assert.deepEqual(g.ordered(costs, "macs", false), g.KINDS.filter((kind) => costs[kind]));
});

test("a question has one right answer among its options, for every example", () => {
  const kinds = new Set();
  for (const preset of Object.values(PRESETS)) for (let seed = 0; seed < 24; seed++) {
    const state = { ...preset, quantity: "macs" }, q = g.question(state, seed), { costs } = g.compare(state);
    assert.ok(q.options.length > 1 && q.options.includes(q.answer) && new Set(q.options).size === q.options.length);
    if (q.kind) {
      const times = costs.standard[q.quantity] / costs[q.kind][q.quantity];
      const nearest = [...q.options].sort((a, b) => Math.abs(Math.log(a / times)) - Math.abs(Math.log(b / times)))[0];
      assert.equal(q.answer, nearest);
    } else {
      const values = q.options.map((kind) => costs[kind][q.quantity]);
      assert.equal(costs[q.answer][q.quantity], q.most ? Math.max(...values) : Math.min(...values));
    }
    assert.match(words.verdict(state, seed, q.answer), /^✓ Right\. /);
    assert.match(words.verdict(state, seed, q.options.find((o) => o !== q.answer)), /^✗ It is /);
    kinds.add(q.kind ? "times" : q.most ? "most" : "least");
  }
  assert.equal(kinds.size, 3);
});

test("the sums carry the notes' numbers", () => {
  const { costs } = g.compare(NOTES);
  assert.deepEqual(words.sums(costs.standard, "macs"), [{ name: "3 × 3, 3 → 128", sum: "128 · 5 · 5 · 3 · 3 · 3 = 86,400" }]);
  assert.deepEqual(words.sums(costs.depthwise_separable, "macs").map((l) => l.sum), ["3 · 5 · 5 · (3 / 3) · 3 · 3 = 675", "128 · 5 · 5 · 3 · 1 · 1 = 9,600", "675 + 9,600 = 10,275"]);
  assert.deepEqual(words.sums(costs.depthwise, "bytes").map((l) => l.sum), ["4 · (3 · 7 · 7 + 27 + 3 · 5 · 5) = 996"]);
  assert.deepEqual(words.sums(costs.depthwise, "intensity").map((l) => l.sum), ["2 · 675 / 996 = 1.36"]);
});

test("sentences", () => {
  assert.equal(words.explain(NOTES, "depthwise_separable"), "Depthwise separable (3 × 7 × 7 → 128 × 5 × 5): 10,275 MACs, 11.89 % of the standard layer's, 8.41 times fewer.");
  assert.equal(words.explain(NOTES, "depthwise"), "Depthwise (3 × 7 × 7 → 3 × 5 × 5): 675 MACs, 0.78 % of the standard layer's, 128 times fewer. Its output has another shape than the standard layer's 128 × 5 × 5, so it cannot take its place alone.");
  assert.equal(words.explain({ ...NOTES, quantity: "bytes" }, "standard"), "The standard layer (3 × 7 × 7 → 128 × 5 × 5): 27,212 bytes moved.");
  assert.deepEqual([0.5, 3136, 57_802_752, 1.2e9, 120_000].map(words.short), ["0.5", "3,136", "57.8M", "1.2G", "120k"]);
  assert.deepEqual([words.ratio(50, 100), words.ratio(300, 100), words.ratio(1, 1)], ["1/2", "3×", "the same"]);
});
