import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as g from "../../convbook/explorers/front_end/norm_cube/geometry.js";
import * as words from "../../convbook/explorers/front_end/norm_cube/words.js";

const TABLE = JSON.parse(readFileSync(new URL("../cases/norm_cube.json", import.meta.url)));
const HAND = TABLE[0].x;
const state = (some = {}) => {
  const x = some.x ?? HAND, C = x[0].length;
  return { x, method: "batch", groups: 2, training: true, steps: 0, momentum: 0.1, eps: 1e-5, gamma: Array(C).fill(1), beta: Array(C).fill(0), ...some };
};
const places = (L) => L.value && [...L.sets.values()].flatMap((set) => set.places);
const near = (a, b, why) => assert.ok(Math.abs(a - b) < 1e-8, `${why}: ${a} is not ${b}`);

for (const row of TABLE) test(`the table: ${row.name}`, () => {
  const L = g.layout(state(row)), sets = [...L.sets.values()].sort((a, b) => { const i = a.key.findIndex((k, n) => k !== b.key[n]); return a.key[i] - b.key[i]; });
  assert.equal(sets.length, row.means.length);
  sets.forEach((set, i) => { near(set.mean, row.means[i], "mean"); near(set.var, row.variances[i], "variance"); });
  L.running.forEach(([mean, variance], c) => { near(mean, row.running[c][0], "running mean"); near(variance, row.running[c][1], "running variance"); });
  for (const at of places(L)) near(L.y(at), at.reduce((v, i) => v[i], row.y), `y at ${at}`);
});

test("every entry lies in exactly one set, and sets of one method are equally large", () => {
  for (const method of g.METHODS) {
    const L = g.layout(state({ method, x: g.resized([], [3, 4, 2, 3]) })), all = places(L).map(String);
    assert.equal(new Set(all).size, 72);
    assert.equal(all.length, 72);
    assert.deepEqual(new Set([...L.sets.values()].map((set) => set.places.length)), new Set([{ batch: 18, layer: 24, instance: 6, group: 12, position: 4 }[method]]));
    assert.equal(L.counts.means * L.counts.over, 72);
  }
});

test("group norm is layer norm with one group and instance norm with as many as channels", () => {
  const x = g.resized([], [2, 6, 2, 3]);
  for (const [groups, method] of [[1, "layer"], [6, "instance"]]) {
    const [one, other] = [g.layout(state({ x, groups, method: "group" })), g.layout(state({ x, method }))];
    for (const at of places(one)) assert.equal(one.y(at), other.y(at));
  }
});

test("another image moves the means of batch norm and no others", () => {
  const x = g.resized([], [2, 4, 2, 3]), more = g.resized(x, [3, 4, 2, 3]);
  for (const method of g.METHODS) {
    const { moved, stayed, fresh, gone } = g.compared(g.layout(state({ method, x })), g.layout(state({ method, x: more })));
    assert.deepEqual([moved > 0, gone], [method === "batch", 0]);
    if (method === "batch") assert.equal(fresh, 0);
    else assert.equal(stayed, 2 * fresh);
  }
});

test("in inference one entry moves one output, in training all that share its mean", () => {
  const x = g.resized([], [3, 4, 2, 3]), at = [1, 2, 0, 1];
  const changed = x.map((image, n) => image.map((plane, c) => plane.map((row, i) => row.map((v, j) => (String([n, c, i, j]) === String(at) ? v + 5 : v)))));
  for (const some of [...g.METHODS.map((method) => ({ method })), { method: "batch", training: false, steps: 3 }]) {
    const before = g.layout(state({ x, ...some })), after = g.layout(state({ x: changed, ...some, running: before.running }));
    assert.equal(places(before).filter((p) => Math.abs(before.y(p) - after.y(p)) > 1e-9).length, g.reach(before, at), JSON.stringify(some));
  }
});

test("one more look moves the running statistics as far as all looks at once, and those that are kept follow no other x", () => {
  const x = g.resized([], [3, 4, 2, 3]), three = g.layout(state({ x, steps: 3 })), kept = g.layout(state({ x, steps: 2, running: g.layout(state({ x, steps: 2 })).running }));
  g.looked(kept).forEach(([mean, variance], c) => { near(mean, three.running[c][0], "mean"); near(variance, three.running[c][1], "variance"); });
  assert.deepEqual(g.layout(state({ x: g.resized([], [1, 4, 1, 2]), steps: 2, running: three.running })).running, three.running);
  assert.deepEqual([three.kept, kept.kept], [false, true]);
});

test("sizes that a method cannot take are named, all others are not", () => {
  const said = (some) => g.fault({ method: "batch", shape: [2, 4, 2, 3], groups: 2, training: true, steps: 0, ...some });
  assert.equal(said({}), null);
  assert.match(said({ shape: [1, 4, 1, 1] }), /one value a channel/);
  assert.equal(said({ shape: [1, 4, 1, 1], training: false }), null);
  assert.match(said({ shape: [1, 4, 1, 1], training: false, steps: 1 }), /one value a channel/);
  assert.match(said({ shape: [4, 4, 1, 1], method: "instance" }), /more than one place/);
  assert.match(said({ method: "group", groups: 3 }), /3 groups do not divide 4 channels/);
  assert.match(said({ method: "group", shape: [1, 4, 1, 1], groups: 4 }), /more than one value/);
  assert.equal(said({ method: "group", shape: [2, 4, 1, 1], groups: 4 }), null);
});

test("growing puts back what shrinking took, and the filler elsewhere", () => {
  const small = g.resized(HAND, [1, 2, 1, 1]);
  assert.deepEqual(g.resized(small, [2, 4, 1, 2], HAND), HAND);
  assert.equal(g.resized(HAND, [3, 5, 2, 3])[2][4][1][2], g.filler(2, 4, 1, 2));
});

test("the cube shows three faces, no cell twice, within its box", () => {
  for (const shape of [[1, 1, 1, 2], [3, 4, 2, 3], [4, 6, 3, 4]]) {
    const { cells, size } = g.cube(shape, 300, 270), [N, C, H, W] = shape;
    assert.equal(cells.length, N * C + N * H * W + C * H * W);
    assert.equal(new Set(cells.map((c) => `${c.face} ${c.at}`)).size, cells.length);
    for (const [x, y] of cells.flatMap((c) => c.points)) assert.ok(x >= -1e-9 && x <= size[0] + 1e-9 && y >= -1e-9 && y <= size[1] + 1e-9);
    assert.ok(size[0] <= 300.001 && size[1] <= 270.001);
  }
});

test("words say what the numbers are", () => {
  const L = g.layout(state({ method: "group" }));
  assert.match(words.shared(L, [1, 0, 0, 0]), /^Image 1, channel 0, row 0, column 0 shares its mean with 3 other numbers: channels 0 to 1 of image 1, at both places\.$/);
  assert.match(words.shared(g.layout(state({ training: false })), [0, 1, 0, 0]), /^Inference: nothing is averaged\./);
  assert.equal(words.shared(g.layout(state({ method: "position", x: [[[[4, 2]]]] })), [0, 0, 0, 1]), "Image 0, channel 0, row 0, column 1 is alone with its mean: it becomes 0, whatever it was.");
  const told = words.working(L, [0, 0, 0, 0]);
  assert.match(told[0], /^mean = \(.* \+ .*\) \/ 4 = -?−?\d/);
  assert.equal(words.news(L, { moved: 2, stayed: 1, fresh: 0, gone: 3 }), "Means and variances since your last change: 2 moved, 1 stayed as it was, 3 went.");
  for (let q = 0; q < 6; q++) {
    const asked = words.question(L, q);
    assert.ok(asked.at.every((i, axis) => i < L.shape[axis]));
    assert.ok(Number.isInteger(asked.answer) && asked.text.endsWith("?") && asked.why.endsWith("."));
  }
});
