// The RoI bins without a page: cuts with floor and ceiling, averages by hand, regions kept on the map.
import assert from "node:assert/strict";
import test from "node:test";
import * as g from "../../convbook/explorers/front_end/roi_bins/geometry.js";

const map = [[1, 2, 3, 0], [4, 5, 6, 0], [7, 8, 9, 0], [0, 0, 0, 0]];
const state = (some = {}) => ({ map, roi: [0, 0, 3, 3], bins: [2, 2], moved: false, offsets: Array(8).fill(0), gamma: 0.1, sensitive: false, bin: 0, ...some });
const averages = (some) => g.pooled(state(some)).map((b) => b.average);

test("three in two bins share the middle one", () => {
  assert.deepEqual(g.cut(3, 2).map((c) => [c.first, c.count]), [[0, 2], [1, 2]]);
  assert.deepEqual(averages(), [3, 4, 6, 7]);
});

test("bins that fit whole share nothing", () => {
  assert.deepEqual(g.cut(6, 3).map((c) => [c.first, c.count]), [[0, 2], [2, 2], [4, 2]]);
});

test("an offset is scaled by gamma and the region: 1/3 of 3 is one pixel", () => {
  const offsets = [0, 0, 0, 0, 1, 1, 1, 1];
  assert.deepEqual(averages({ moved: true, gamma: 1 / 3, offsets }).map((v) => g.round(v, 6)), [4, 2.25, 7, 3.75]);
  assert.deepEqual(averages({ offsets, gamma: 1 / 3 }), [3, 4, 6, 7], "switched off, nothing moves");
});

test("a region between the pixels is read between the pixels", () => {
  assert.deepEqual(averages({ roi: [0.5, 0, 2.5, 2], bins: [1, 1] }), [3.5]);
});

test("position-sensitively each bin has a map of its own, the first the map itself", () => {
  assert.deepEqual(g.mapOf(state({ sensitive: true }), 0), map);
  assert.notDeepEqual(g.mapOf(state({ sensitive: true }), 3), map);
  assert.deepEqual(g.mapOf(state(), 3), map);
});

test("a region moves in halves, stays on the map and at least 1 x 1", () => {
  assert.deepEqual(g.region([0, 0, 3, 3], [4, 4], "all", 0.7, 9), [0.5, 1, 3.5, 4]);
  assert.deepEqual(g.region([0, 0, 3, 3], [4, 4], "last", -9, 0), [0, 0, 1, 3]);
  assert.deepEqual(g.region([1, 1, 3, 3], [4, 4], "first", 9, -9), [2, 0, 3, 3]);
});

test("bins are pushed apart from the middle; where there is one, it stays", () => {
  assert.deepEqual(g.outward([3, 2]), [-1.5, -1.5, 0, 0, 1.5, 1.5, -1.5, 1.5, -1.5, 1.5, -1.5, 1.5]);
  assert.deepEqual(g.outward([1, 4], -3), [0, 0, 0, 0, 3, 1, -1, -3]);
  assert.equal(g.still([3, 2]).length, g.outward([3, 2]).length);
});

test("the words hold the numbers", () => {
  const [, b] = g.pooled(state());
  assert.deepEqual(g.sums(state(), b), { rows: "rows: ⌊0·3/2⌋ = 0 ≤ p < 2 = ⌈1·3/2⌉", columns: "columns: ⌊1·3/2⌋ = 1 ≤ q < 3 = ⌈2·3/2⌉", shift: "", sum: "(2 + 3 + 5 + 6) / 4 = 4" });
});
