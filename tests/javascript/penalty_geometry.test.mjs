// The penalty explorer without a page: optima, strengths and budgets as in Python, questions, words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as g from "../../convbook/explorers/front_end/penalty_geometry/geometry.js";
import * as words from "../../convbook/explorers/front_end/penalty_geometry/words.js";

const START = { penalty: "l1", mix: 0.5, form: "penalty", strength: 1, budget: 2, centre: [3, 0.5], tilt: 0, stretch: 1, path: true, predict: false };
const state = (some = {}) => ({ ...START, ...some });
const close = (found, expected, told, by = 1e-7) => found.flat().forEach((v, i) => assert.ok(Math.abs(v - expected.flat()[i]) < by, `${told}: ${found} is not ${expected}`));

for (const row of JSON.parse(readFileSync(new URL("../cases/penalty_geometry.json", import.meta.url), "utf8"))) {
  test(`optimum, strength, penalty and loss as in Python: ${row.name}`, () => {
    const L = g.layout(state(row.state));
    close([L.strength], [row.strength], "strength", 1e-6);
    close(L.w, row.w, "w");
    assert.deepEqual(L.zero, row.w.map((v) => v === 0));
    close([L.spent, L.loss], [row.spent, row.loss], "penalty and loss");
  });
}

test("no point near the optimum is better, for all penalties and bowls", () => {
  for (let turn = 0; turn < 60; turn++) {
    const s = g.question(turn).state, L = g.layout({ ...s, penalty: g.PENALTIES[turn % 3], mix: 0.3 });
    const value = (w) => g.loss(L.A, L.c, w) + L.strength * g.penaltyOf(L.m, w);
    for (let i = 0; i < 16; i++) for (const r of [0.001, 0.1, 1]) {
      const there = [L.w[0] + r * Math.cos((i * Math.PI) / 8), L.w[1] + r * Math.sin((i * Math.PI) / 8)];
      assert.ok(value(there) >= value(L.w) - 1e-9);
    }
  }
});

test("strength and budget lead back to each other", () => {
  for (const penalty of g.PENALTIES) for (const strength of [0.3, 1, 2.5]) {
    const one = g.layout(state({ penalty, strength, centre: [2.5, -3], tilt: 20, stretch: 3 }));
    const other = g.layout(state({ penalty, form: "budget", budget: one.spent, centre: [2.5, -3], tilt: 20, stretch: 3 }));
    close([other.strength], [strength], penalty, 1e-6);
    close(other.w, one.w, penalty, 1e-6);
  }
});

test("the edge of the region costs exactly the budget, and its corners lie on the axes", () => {
  for (const m of [0, 0.3, 1]) for (const t of [0.05, 2, 12.5]) {
    const points = g.ball(m, t);
    points.forEach((p) => close([g.penaltyOf(m, p)], [t], `share ${m}`));
    close(points[24], [0, g.reach(m, t)], "a quarter of the way round");
  }
  close(g.ball(0, 2, 4)[0], [2, 0], "half of the square of 2 is 2");
});

test("the contour through the optimum has its loss all the way round", () => {
  const s = state({ centre: [1, 2], tilt: 35, stretch: 4 }), L = g.layout(s), [along, across] = g.contour(L.loss, s.stretch), a = (35 * Math.PI) / 180;
  for (let i = 0; i < 8; i++) {
    const [p, q] = [along * Math.cos(i), across * Math.sin(i)];
    close([g.loss(L.A, L.c, [1 + p * Math.cos(a) - q * Math.sin(a), 2 + p * Math.sin(a) + q * Math.cos(a)])], [L.loss], "loss");
  }
});

test("the path starts at the bottom; with L1 it ends at zero, with L2 never", () => {
  const L = g.layout(state({ centre: [1, 2], tilt: 35, stretch: 4 }));
  for (const m of [1, 0.4, 0]) {
    const all = g.path(L.A, L.c, m);
    close(all[0].w, [1, 2], "start");
    assert.equal(all.at(-1).w.every((v) => v === 0), m > 0);
    assert.ok(all.every((p, i) => i === 0 || g.penaltyOf(m, p.w) <= g.penaltyOf(m, all[i - 1].w) + 1e-12));
  }
  assert.equal(g.lastStrength([[1, 0], [0, 1]], [3, -4], 1), 4);
});

test("questions have one clear answer, and all answers occur", () => {
  const seen = new Set();
  for (let turn = 0; turn < 120; turn++) {
    const q = g.question(turn), L = g.layout(state(q.state));
    if (q.key === "number") { assert.equal(q.state.stretch, 1); close([L.w[0]], [q.answer], "number"); } else { seen.add(q.answer); assert.equal(words.zeros(L.zero), q.answer); }
    assert.ok(words.verdict(q.key, state(q.state), L, q.answer).right);
    assert.ok(!words.verdict(q.key, state(q.state), L, q.key === "number" ? q.answer + 0.1 : { none: "both" }[q.answer] ?? "none").right);
  }
  assert.deepEqual([...seen].sort(), ["both", "none", "w₁", "w₂"]);
});

test("sentences follow the numbers", () => {
  const said = (some) => { const s = state(some), L = g.layout(s); return [words.headline(s, L), words.reason(L, 0), words.reason(L, 1), words.byHand(s, L), words.link(s, L), words.last(L)]; };
  assert.deepEqual(said({}), ["L1, λ = 1: the optimum is (2, 0). w₂ is exactly zero.", "w₁ = 2: the penalty's slope 1 and the bowl's −1 cancel.",
    "w₂ = 0: for each unit that it moved, the loss would fall by at most 0.5 and the penalty rise by 1, which is λ.",
    "The bowl is round, so each weight is found alone: w₁ = max(3 − 1, 0) = 2; w₂ = max(0.5 − 1, 0) = 0.",
    "A budget of t = 2 for the penalty has the same optimum, without a λ.", "From λ = 3 on both weights are zero."]);
  const l2 = said({ penalty: "l2" });
  assert.equal(l2[0], "L2, λ = 1: the optimum is (1.5, 0.25). No weight is zero.");
  assert.equal(l2[1], "w₁ = 1.5: the penalty's slope 1·1.5 = 1.5 and the bowl's −1.5 cancel.");
  assert.equal(l2[3], "The bowl is round, so each weight is found alone: w₁ = 3 / 2 = 1.5; w₂ = 0.5 / 2 = 0.25.");
  assert.equal(l2[5], "However strong this penalty grows, it only shrinks weights: none becomes zero for that.");
  assert.equal(said({ penalty: "elastic", centre: [-3, 0.25] })[1], "w₁ = −1.667: the penalty's slope −0.5 + 0.5·(−1.667) = −1.333 and the bowl's 1.333 cancel.");
  assert.equal(said({ form: "budget", budget: 6 })[0], "The bottom of the bowl, (3, 0.5), costs 3.5 and lies within the budget: nothing is held back.");
  assert.equal(said({ form: "budget", budget: 2 })[4], "A penalty with λ = 1 has the same optimum, without a budget.");
  assert.equal(said({ strength: 5 })[0], "L1, λ = 5: the optimum is (0, 0). Both weights are exactly zero.");
});
