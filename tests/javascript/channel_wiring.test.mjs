// Channel wiring without a page: what is legal, which channel reads which, what follows a change, what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { EXAMPLES } from "../../convbook/explorers/front_end/channel_wiring/controls.js";
import * as g from "../../convbook/explorers/front_end/channel_wiring/geometry.js";
import * as words from "../../convbook/explorers/front_end/channel_wiring/words.js";

const state = ({ layers = [[12, 3, 3]], ...some } = {}) => ({ in_channels: 12, shuffle: false, size: [14, 10], ...some,
  layers: layers.map((l) => (Array.isArray(l) ? { out_channels: l[0], kernel_size: l[1], groups: l[2] } : l)) });
const laid = (some) => g.layout(state(some));

for (const row of JSON.parse(readFileSync(new URL("../cases/channel_wiring.json", import.meta.url), "utf8"))) {
  test(`counts, or why not, as in Python: ${JSON.stringify(row.state)}`, () => {
    assert.equal(g.fault(state(row.state)), row.reason ?? null);
    if (row.reason) return;
    const L = laid(row.state), { least, most } = g.hearing(L);
    assert.deepEqual([L.params, L.macs, [least, most]], [row.params, row.macs, row.hearing]);
    assert.deepEqual(L.order, row.order ?? null);
    if (row.paths) assert.deepEqual(L.paths, row.paths);
  });
}

test("every example is legal and is called what it is", () => {
  for (const { text, ...example } of Object.values(EXAMPLES)) assert.equal(g.fault(state(example)), null, text);
  const kinds = (name) => EXAMPLES[name].layers.map((_, l) => g.kindOf(state(EXAMPLES[name]), l));
  assert.deepEqual(kinds("unit"), ["pointwise, 3 groups", "depthwise", "pointwise, 3 groups"]);
  assert.deepEqual(kinds("multiplier"), ["depthwise, multiplier 2"]);
  assert.deepEqual(kinds("alexnet"), ["2 groups", "standard", "2 groups"]);
  assert.equal(g.kindOf(state({ in_channels: 1, layers: [[4, 3, 1]] }), 0), "standard");
});

test("paths are counted as they are walked, one by one", () => {
  for (const layers of [[[6, 1, 3], [6, 3, 6], [12, 1, 3]], [[12, 1, 3], [8, 3, 4]]]) {
    const L = laid({ layers, shuffle: true });
    for (let j = 0; j < 12; j++) {
      let at = Array.from({ length: 12 }, (_, c) => Number(c === j));
      L.info.forEach(({ matrix }, l) => {
        if (l === 1) at = L.order.map((c) => at[c]);
        at = matrix.map((row) => row.reduce((sum, w, i) => sum + w * at[i], 0));
      });
      assert.deepEqual(L.paths.map((row) => row[j]), at);
    }
  }
});

test("channels go in steps that all groups divide, and groups only ever fall", () => {
  const now = state({ in_channels: 12, layers: [[12, 1, 2], [12, 1, 3]] });
  assert.deepEqual(g.channelLimits(now, 0), { min: 6, max: 12, step: 6 });
  assert.deepEqual(g.channelLimits(now, -1), { min: 2, max: 12, step: 2 });
  assert.deepEqual(g.channelLimits(now, 1), { min: 3, max: 12, step: 3 });
  assert.deepEqual(g.changed(now, "out_channels", 10, 0).layers.map((l) => l.groups), [2, 2]);
  assert.deepEqual(g.changed(now, "in_channels", 9).layers.map((l) => l.groups), [1, 3]);
});

test("a multiplier is counted in the channels that enter its layer", () => {
  const now = state({ in_channels: 4, layers: [[4, 3, 4]] });
  assert.deepEqual(g.changed(now, "multiplier", 3).layers.map((l) => [l.out_channels, l.groups]), [[12, 4]]);
});

test("a place exists in its row, from the first channel to the last", () => {
  const L = laid({ in_channels: 3, layers: [[6, 1, 3]] });
  const there = [[0, 0], [0, 2], [1, 0], [1, 5]], not = [[0, -1], [0, 3], [1, 6], [2, 0], [-1, 0], undefined];
  assert.deepEqual([...there, ...not].map((at) => g.exists(L, at)), [...there.map(() => true), ...not.map(() => false)]);
});

test("what a channel reaches and what hears it are the same wires", () => {
  const L = laid({ in_channels: 9, layers: [[6, 1, 3], [12, 3, 2], [4, 1, 1]] });
  for (let i = 0; i < 9; i++) for (let o = 0; o < 12; o++) {
    assert.equal(g.reach(L, [0, i])[2].has(o), g.reach(L, [2, o])[0].has(i));
    assert.equal(g.reach(L, [0, i])[2].has(o), laid({ in_channels: 9, layers: [[6, 1, 3], [12, 3, 2]] }).paths[o][i] > 0);
  }
});

test("full mixing in one shuffle needs at least as many channels a group as groups", () => {
  for (const groups of [2, 3, 4, 6]) {
    const L = laid({ layers: [[12, 1, groups], [12, 1, groups]], shuffle: true });
    assert.equal(g.hearing(L).least === 12, 12 / groups >= groups, String(groups));
  }
});

test("whatever is moved, what follows is legal, and depthwise stays depthwise", () => {
  let now = state({ layers: [[6, 3, 6], [12, 1, 3]], in_channels: 6, shuffle: true }), seen = new Set();
  let seed = 7;
  const draw = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * n); };
  for (let i = 0; i < 3000; i++) {
    const l = draw(now.layers.length), kind = draw(7), before = now;
    if (kind === 0) { const { min, max, step } = g.channelLimits(now, -1); now = g.changed(now, "in_channels", min + step * draw((max - min) / step + 1)); }
    else if (kind === 1 && !g.isDepthwise(now, l)) { const { min, max, step } = g.channelLimits(now, l); now = g.changed(now, "out_channels", min + step * draw((max - min) / step + 1), l); }
    else if (kind === 2) { const fits = g.divisors(now, l); now = g.changed(now, "groups", fits[draw(fits.length)], l); }
    else if (kind === 3 && g.isDepthwise(now, l)) { const m = 1 + draw(3), next = g.changed(now, "multiplier", m, l); if (!g.fault(next)) now = next; }
    else if (kind === 4) now = g.changed(now, "kernel_size", g.KERNELS[draw(4)], l);
    else if (kind === 5 && now.layers.length < 3) now = g.added(now);
    else if (kind === 6 && now.layers.length > 1) now = g.removed(now);
    assert.equal(g.fault(now), null, JSON.stringify([before, now]));
    if (kind === 0 && now.in_channels > 1 && g.isDepthwise(before, 0)) assert.ok(g.isDepthwise(now, 0), JSON.stringify([before, now]));
    now.layers.forEach((_, i) => seen.add(g.kindOf(now, i)));
  }
  assert.ok(seen.size > 10);
});

test("a question's answer is what the wires say, at both ends", () => {
  const L = laid({ layers: [[12, 1, 3], [12, 1, 3]] }), ends = new Set();
  for (let seed = 0; seed < 40; seed++) {
    const { at, row, answer } = g.question(L, seed);
    ends.add(`${at[0]}→${row}`);
    assert.deepEqual(answer, [0, 1, 2, 3].map((i) => Math.floor(at[1] / 4) * 4 + i));
    assert.match(words.verdict(L, seed, answer), /^✓ Right\. (Input|Output) \d+ (reaches 4 outputs|hears 4 inputs): \d+ to \d+\.$/);
  }
  assert.deepEqual([...ends].sort(), ["0→2", "2→0"]);
});

test("it says what is missing and what does not belong", () => {
  const L = laid({ in_channels: 4, layers: [[6, 1, 2]] }), { at, answer } = g.question(L, 0);
  assert.deepEqual([at[0], answer], [1, at[1] < 3 ? [0, 1] : [2, 3]]);
  const other = [0, 1, 2, 3].filter((c) => !answer.includes(c));
  assert.equal(words.verdict(L, 0, [answer[0], ...other]), `✗ Not yet: ${answer[1]} is missing; ${other[0]} and ${other[1]} do not belong. Output ${at[1]} hears 2 inputs: ${answer[0]} and ${answer[1]}.`);
});

test("sentences", () => {
  assert.equal(words.listed([0, 1, 2, 3, 8]), "0 to 3 and 8");
  assert.equal(words.listed([4, 5, 9]), "4, 5 and 9");
  assert.equal(words.listed([0, 1, 2]), "0 to 2");
  assert.equal(words.listed([]), "none");
  const L = laid({ layers: [[6, 1, 3], [6, 3, 6], [12, 1, 3]], shuffle: true });
  assert.equal(words.explain(L, [3, 5]), "Output 5 hears 8 of 12 inputs (0 to 3 and 8 to 11), through 2 of 6 channels of layer 2 (2 and 3).");
  assert.equal(words.explain(L, [1, 4]), "Channel 4 of layer 1 hears 4 of 12 inputs (8 to 11) and reaches 4 of 12 outputs (4 to 7).");
  assert.equal(words.summary(L), "Each of the 12 outputs hears only 8 of 12 inputs. 102 weights; without groups there would be 468, 4.59 times as many.");
  assert.equal(words.summary(laid({ in_channels: 2, layers: [[3, 1, 1]] })), "Every output hears all 2 inputs. Nothing is left out: these are dense layers.");
});
