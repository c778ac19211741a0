import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as rf from "../../convbook/explorers/front_end/receptive_field/geometry.js";

const table = JSON.parse(readFileSync(new URL("../cases/shapes.json", import.meta.url)));
const conv = (k, s = 1, p = 0, d = 1) => ({ kind: "conv", k, s, p, d, name: "" });
const support = (counts) => counts.flatMap((c, i) => (c ? [i] : []));

/** A repeatable stream of legal stacks, as a reader could build them: every choice is one that is offered. */
function* stacks(count) {
  let state = 7;
  const below = (m) => ((state = (state * 48271) % 2147483647), state % m);
  for (let t = 0; t < count; t++) {
    const n = 20 + below(40);
    let layers = [{ ...rf.NEW_LAYER }];
    for (let l = below(4); l > 0; l--) layers = rf.added(layers);
    for (let change = 0; change < 8; change++) {
      const i = below(layers.length);
      const name = ["k", "s", "p", "d", "kind"][below(5)];
      const offered = rf.choices(layers, n, i, name);
      layers = rf.changed(layers, i, name, offered[below(offered.length)]);
    }
    yield [layers, n];
  }
}

test("fields agree with the table that Python reads", () => {
  const cases = table.filter((row) => row.function === "receptive_field" && row.result);
  assert.ok(cases.length >= 8);
  for (const { args, result } of cases) {
    const { size, jump, start } = rf.rows(args.layers.map((l) => conv(...l)), 1).at(-1);
    assert.deepEqual([size, jump, start], result, JSON.stringify(args));
  }
});

test("row lengths agree with the table that Python reads", () => {
  const cases = table.filter((row) => row.function === "conv_output_size" && row.result && !Array.isArray(row.args.padding));
  assert.ok(cases.length >= 10);
  for (const { args, result } of cases) {
    const layer = conv(args.k, args.stride, args.padding, args.dilation);
    assert.equal(rf.rows([layer], args.n)[1].n, result, JSON.stringify(args));
  }
});

test("whatever is offered leaves a unit in every row, and padding that windows can hold", () => {
  for (const [layers, n] of stacks(400)) {
    assert.ok(rf.legal(layers, n));
    for (const layer of layers) {
      assert.ok(rf.padding(layer) <= rf.paddingMax(layer), JSON.stringify(layer));
      assert.ok(Number.isInteger(rf.padding(layer)));
    }
    assert.ok(rf.shortestInput(layers) <= n);
    assert.ok(rf.legal(rf.added(layers), n));
  }
});

test("path counts are the gradient of a stack of ones: pushed up one pixel at a time, they are the same", () => {
  for (const [layers, n] of stacks(60)) {
    const all = rf.rows(layers, n);
    const row = layers.length;
    const unit = rf.middle(layers, n, row);
    const { counts, lost } = rf.cone(layers, n, row, unit);
    for (let pixel = 0; pixel < n; pixel++) {
      let values = Array.from({ length: n }, (_, i) => Number(i === pixel));
      layers.forEach((layer, l) => {
        values = Array.from({ length: all[l + 1].n }, (_, i) => rf.taps(layer, i).reduce((sum, at) => sum + (values[at] ?? 0), 0));
      });
      assert.equal(counts[0][pixel], values[unit]);
    }
    // A path ends at a pixel or in the padding of one row; from there the layers below are not walked.
    let ends = counts[0].reduce((a, b) => a + b, 0);
    let below = 1;
    layers.forEach((layer, l) => { ends += lost[l] * below; below *= layer.k; });
    assert.equal(ends, layers.reduce((product, { k }) => product * k, 1));
  }
});

test("what a unit reads lies within its field, and a unit above lists it exactly when it is in that unit's cone", () => {
  for (const [layers, n] of stacks(60)) {
    const all = rf.rows(layers, n);
    const row = Math.floor(layers.length / 2);
    const { above, counts } = rf.cone(layers, n, row, 0);
    const field = rf.coverage(layers, n, row, 0, counts[0]);
    for (const i of support(counts[0])) assert.ok(i >= field.first && i <= field.last);
    assert.equal(field.read + field.holes + field.outside, field.size);
    const top = layers.length;
    for (let u = 0; u < all[top].n; u++) assert.equal(above[top][u], rf.cone(layers, n, top, u).counts[row][0] > 0);
  }
});

test("dilations 2, 2, 2 leave 6 of 13 pixels unread; 1, 2, 5 leave none of 17", () => {
  const read = (name) => {
    const { layers, n } = rf.PRESETS.find((p) => p.name.startsWith(name));
    const unit = rf.middle(layers, n, layers.length);
    const { counts } = rf.cone(layers, n, layers.length, unit);
    return [rf.coverage(layers, n, layers.length, unit, counts[0]), counts[0]];
  };
  const [gridding, counts] = read("Dilations 2, 2, 2");
  assert.deepEqual([gridding.size, gridding.read, gridding.holes], [13, 7, 6]);
  assert.deepEqual(counts.filter(Boolean), [1, 3, 6, 7, 6, 3, 1]);
  assert.deepEqual([read("Dilations 1, 2, 5")[0].size, read("Dilations 1, 2, 5")[0].holes], [17, 0]);
  const doubling = read("Dilations 1, 2, 4, 8");
  assert.deepEqual([doubling[0].size, doubling[0].holes, doubling[0].most], [31, 0, 5]);
});

test("every preset is legal, fits the limits, and its notes' numbers hold", () => {
  const sizes = rf.PRESETS.map(({ layers, n }) => {
    assert.ok(rf.legal(layers, n) && n <= rf.LIMITS.n[1] && layers.length <= rf.LIMITS.layers[1]);
    return rf.rows(layers, n).at(-1).size;
  });
  assert.deepEqual(sizes, [7, 16, 15, 31, 13, 17, 27, 23, 29, 16]);
});

test("moving to another row lands on a unit that looks at the same place", () => {
  const { layers, n } = rf.PRESETS.find((p) => p.name.startsWith("Stride"));
  assert.equal(rf.nearest(layers, n, 3, 2, 0), 16);
  assert.equal(rf.nearest(layers, n, 0, 16, 3), 2);
  assert.equal(rf.nearest(layers, n, 0, n - 1, 3), rf.rows(layers, n)[3].n - 1);
});

test("a guess is met by the slip that leads to it", () => {
  const layers = [conv(3, 2), conv(3, 1, 0, 2), conv(3)];
  const n = 32;
  assert.equal(rf.rows(layers, n).at(-1).size, 15);
  assert.match(rf.guessHint(layers, n, 9), /jump/);
  assert.match(rf.guessHint(layers, n, 11), /dilation was left out/);
  assert.match(rf.guessHint(layers, n, 7), /no stride and no dilation/);
  assert.match(rf.guessHint(layers, n, 27), /paths/);
  assert.match(rf.guessHint(layers, n, 14), /One short/);
  assert.equal(rf.guessHint(layers, n, 13), "The field is larger.");
  assert.equal(rf.guessHint(layers, n, 99), "The field is smaller.");
});

test("the PyTorch code says what the stack is, and only what is not the default", () => {
  const stem = [{ ...conv(7, 2, 3), name: "stem" }, { ...conv(3, 2, 1), kind: "pool" }, { ...conv(3, 1, "auto", 2) }];
  assert.deepEqual(rf.code(stem).split("\n").slice(4, 7), [
    "    nn.Conv2d(c, c, 7, stride=2, padding=3),  # stem",
    "    nn.MaxPool2d(3, stride=2, padding=1),",
    "    nn.Conv2d(c, c, 3, padding=2, dilation=2),",
  ]);
});

test("a causal layer has all its padding before the row: no unit reads what comes later", () => {
  const layers = [conv(3, 1, "causal", 2), conv(2, 1, "causal", 5)];
  assert.deepEqual(rf.rows(layers, 9).map(({ n, size, jump, start }) => [n, size, jump, start]), [[9, 1, 1, 0], [9, 5, 1, -2], [9, 10, 1, -4.5]]);
  for (let unit = 0; unit < 9; unit++) {
    assert.ok(support(rf.cone(layers, 9, 2, unit).counts[0]).every((i) => i <= unit));
    assert.equal(rf.coverage(layers, 9, 2, unit, rf.cone(layers, 9, 2, unit).counts[0]).last, unit);
  }
  assert.deepEqual([rf.middle(layers, 9, 2), rf.middle([conv(3)], 9, 1)], [8, 3]);
  assert.deepEqual(rf.changed(layers, 0, "kind", "pool")[0].p, "auto");
  assert.deepEqual(rf.changed([conv(7, 1, "causal", 4)], 0, "d", 5)[0].p, "auto", "30 is more padding than is offered");
  assert.equal(rf.code(layers).split("\n").slice(4, 8).join("\n"), [
    "    nn.ConstantPad1d((4, 0), 0.0),", "    nn.Conv1d(c, c, 3, dilation=2),", "    nn.ConstantPad1d((5, 0), 0.0),", "    nn.Conv1d(c, c, 2, dilation=5),"].join("\n"));
});

test("the rule of hybrid dilated convolution, by hand, and where it does not speak", () => {
  const stack = (...rates) => rates.map((d) => conv(3, 1, 0, d));
  const say = (...rates) => { const { gap, promised } = rf.hdc(stack(...rates)); return [gap, promised, rf.reach(stack(...rates)).holes]; };
  assert.deepEqual(rf.hdc(stack(1, 2, 5)), { gaps: [5, 2], gap: 2, k: 3, promised: true });
  assert.deepEqual(rf.hdc(stack(1, 2, 8)), { gaps: [8, 4], gap: 4, k: 3, promised: false });
  assert.deepEqual([say(1, 2, 5), say(1, 2, 8), say(2, 4, 8)], [[2, true, 0], [4, false, 2], [4, false, 14]]);
  assert.deepEqual(say(2, 2, 2), [2, true, 6], "it takes for granted that the first dilation is 1");
  const silent = [[conv(3, 1, 0, 2)], stack(1, 1), [conv(3, 2), conv(3, 1, 0, 2)], [conv(3), conv(5, 1, 0, 2)], [conv(3), { ...conv(3, 1, 0, 2), kind: "pool" }]];
  for (const layers of silent) assert.equal(rf.hdc(layers), null);
});
