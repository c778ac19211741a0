// The chooser without a page: offers and reasons, limits, what follows a change, what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as g from "../../convbook/explorers/front_end/layer_chooser/geometry.js";
import { PRESETS } from "../../convbook/explorers/front_end/layer_chooser/presets.js";
import * as words from "../../convbook/explorers/front_end/layer_chooser/words.js";

const START = { job: "same", in_channels: 64, out_channels: 64, size: [56, 56], reach: 3, needs: ["mix", "wide", "free"], by: "macs", budget: 1, ridge: 5 };

for (const row of JSON.parse(readFileSync(new URL("../cases/layer_chooser.json", import.meta.url), "utf8"))) {
  test(`offers and reasons as in Python: ${JSON.stringify(row.state)}`, () => {
    const { offers, out } = g.choose(row.state);
    assert.deepEqual(offers.map((o) => [o.name, o.params, o.macs, o.bytes, o.time, o.output]), row.offers);
    assert.deepEqual(out, row.out);
  });
}

test("whatever is moved within its limits, an answer can be computed and said", () => {
  let seed = 5, now = START;
  const draw = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor((seed / 2147483648) * n); };
  const names = ["job", "in_channels", "out_channels", "height", "width", "reach", "needs", "by", "budget"];
  for (let i = 0; i < 1500; i++) {
    const name = names[draw(names.length)];
    if (name === "needs") now = { ...now, needs: g.asked(now.job).filter(() => draw(3) === 0) };
    else if (name === "job") now = g.changed(now, "job", g.JOBS[draw(6)]);
    else if (name === "by") now = { ...now, by: g.QUANTITIES[draw(4)] };
    else if (name === "budget") now = { ...now, budget: g.BUDGETS[draw(4)] };
    else {
      const [min, max] = g.limits(now, name), step = name === "reach" && now.job !== "sequence" ? 2 : 1;
      now = g.changed(now, name, min + step * draw(Math.min(40, (max - min) / step + 1)));
    }
    const choice = g.choose(now), said = words.answer(now, choice);
    assert.ok(!/NaN|undefined|Infinity/.test(said), said);
    assert.ok(now.needs.every((need) => g.asked(now.job).includes(need)));
    assert.ok(now.job !== "sequence" || now.size[0] === 1);
    assert.ok(now.job === "sequence" || now.reach % 2 === 1);
  }
});

test("each need as a reader says it has an answer, and says its name", () => {
  for (const { text, ...state } of Object.values(PRESETS)) {
    const choice = g.choose(state);
    assert.ok(choice.offers.length > 0, text);
    assert.ok(words.answer(state, choice).toLowerCase().startsWith(words.layerName(choice.offers[0].name, state.job).toLowerCase()));
  }
});

test("sentences", () => {
  assert.equal(words.answer(START, g.choose(START)), "Depthwise separable: 14.7M MACs, 1/7.9 of the plain layer's. 3 of 14 layers do what you ask. Next: standard, 116M MACs.");
  const bytes = { ...START, by: "bytes" };
  assert.equal(words.answer(bytes, g.choose(bytes)), "Standard: 1.75M bytes, the plain layer itself. 3 of 14 layers do what you ask. Next: deformable, 3.05M bytes.");
  const none = { ...START, budget: 8 };
  assert.equal(words.answer(none, g.choose(none)), "No layer here does all of this. Give up one: “every output hears every channel”, or “no channels squeezed out on the way”, or “kernels of any shape”, or the budget.");
  assert.deepEqual([words.ratio(5, 5), words.ratio(0, 5), words.ratio(10, 5), words.ratio(5, 41)], ["the same", "none", "2×", "1/8.2"]);
});

test("a bar is as long as its number's logarithm, from a twentieth to all; of nothing there is no bar", () => {
  assert.deepEqual([0, 1, 10, 100].map((v) => g.share(v, [0, 1, 10, 100])), [0, 0.05, 0.525, 1]);
  assert.deepEqual([0, 7].map((v) => g.share(v, [0, 7])), [0, 1]);
});

test("a run of equal steps is written once", () => {
  const state = { ...START, job: "sequence", size: [1, 40], reach: 12, needs: [] };
  const stack = g.choose(state).offers.find(({ name }) => name === "stack");
  const code = words.code(stack, state);
  assert.match(code, /\*\(part for _ in range\(11\) for part in \(/);
  assert.equal(code.match(/nn\.Conv1d\(64, 64, 2, bias=False\)/g).length, 1);
});

test("a sequence and a map keep sizes of their own", () => {
  const line = g.changed(START, "job", "sequence");
  assert.deepEqual([line.size, line.reach, line.needs], [[1, 1000], 64, ["mix"]]);
  const map = g.changed({ ...line, reach: 500 }, "job", "double");
  assert.deepEqual([map.size, map.reach], [[56, 56], 3]);
});
