// Penalty geometry: a bowl whose bottom and tilt the reader drags, a penalty or a budget, and where the optimum goes.

import { button, checkbox, codeBlock, errorLine, explorer, field, fold, h, parseNumber, player, segmented, show, slider, status, text, watch, write } from "../base.js";
import { decimal } from "../decimal_slider.js";
import { LIMITS, PENALTIES, layout, path, penaltyOf, question } from "./geometry.js";
import { paths, plane } from "./picture.js";
import { NAMES, WEIGHTS, ask, byHand, code, formula, headline, last, link, reason, verdict, zeros } from "./words.js";

const TRAITS = ["penalty", "mix", "form", "strength", "budget", "centre", "tilt", "stretch", "path", "predict"];
const STEPS = 40;
const strengthAt = (i) => LIMITS.strength[1] * (i / STEPS) ** 2;
const within = (value, [low, high], digits = 2) => Math.round(Math.min(high, Math.max(low, value)) * 10 ** digits) / 10 ** digits || 0;
const BOTH = [-LIMITS.centre, LIMITS.centre];

function render({ model, el }) {
  const root = explorer(el, { name: "PenaltyGeometry", label: "Penalty geometry: where a penalty moves the best weights" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let turn = 0, answered = false, score = [0, 0], pace = 4, typed, spokenAt = "";

  const act = (values) => { if (answered && read().predict) { answered = false; judged.set(""); } write(model, values); };
  const setStrength = (value) => act({ form: "penalty", strength: within(value, LIMITS.strength) });
  const setBudget = (value) => act({ form: "budget", budget: within(value, LIMITS.budget) });
  const setTilt = (degrees) => { const d = Math.round(degrees); act({ tilt: ((((d + 90) % 180) + 180) % 180) - 90 }); };
  // The other form keeps the optimum, to two digits: it takes over what the one had found.
  const setForm = (form) => {
    const L = layout(read());
    act(form === "budget" ? { form, budget: within(L.spent, LIMITS.budget) } : { form, strength: within(L.strength, LIMITS.strength) });
  };

  const penalty = segmented({ label: "Penalty", options: PENALTIES.map((value) => ({ value, text: NAMES[value] })), input: (value) => act({ penalty: value }) });
  const form = segmented({ label: "Form", options: [{ value: "penalty", text: "penalty λ" }, { value: "budget", text: "budget t" }], input: setForm });
  const mix = decimal({ label: "Share of L1", caption: "share of L1", step: 0.05, input: (value) => act({ mix: value }) });
  const strength = decimal({ label: "Strength λ", caption: "strength λ", step: 0.05, input: setStrength });
  const budget = decimal({ label: "Budget t", caption: "budget t", step: 0.05, input: setBudget });
  const bottom = [0, 1].map((i) => decimal({ label: `Bottom of the bowl, ${WEIGHTS[i]}`, caption: `bottom ${WEIGHTS[i]}`, step: 0.1,
    input(value) { const centre = [...model.get("centre")]; centre[i] = value; act({ centre }); } }));
  const tilt = slider({ label: "Tilt of the bowl, degrees", caption: "tilt °", input: (value) => act({ tilt: value }) });
  const stretch = decimal({ label: "Stretch of the bowl", caption: "stretch", step: 0.1, input: (value) => act({ stretch: value }) });
  const road = checkbox({ label: "Path of the optimum", input: (value) => act({ path: value }) });
  const predict = checkbox({ label: "Let me predict first", input(value) { answered = false; judged.set(""); write(model, value ? { ...question(turn).state, predict: true } : { predict: false }); } });
  const reset = button({ label: "Reset", press() { answered = false; judged.set(""); play.stop(); write(model, start); } });
  const play = player({ label: "strength", count: () => STEPS + 1, go: (i) => setStrength(strengthAt(i)), speed: () => pace, setSpeed(value) { pace = value; draw(); },
    index: () => Math.min(STEPS, Math.round(STEPS * Math.sqrt(layout(read()).strength / LIMITS.strength[1]))) });

  const map = plane({
    centre: (x, y) => act({ centre: [within(x, BOTH, 1), within(y, BOTH, 1)] }),
    tilt(x, y) { const [a, b] = model.get("centre"); setTilt((Math.atan2(y - b, x - a) * 180) / Math.PI); },
    size: (r) => setBudget(penaltyOf(layout(read()).m, [r, 0])),
    nudge(what, right, up) {
      const { centre, tilt: now, stretch: wide } = read(), L = layout(read());
      if (what === "centre") act({ centre: [within(centre[0] + right / 10, BOTH, 1), within(centre[1] + up / 10, BOTH, 1)] });
      else if (what === "size") setBudget((read().form === "budget" ? read().budget : L.spent) + (right + up) / 10);
      else if (up) act({ stretch: within(wide + up / 10, LIMITS.stretch, 1) });
      else setTilt(now - 5 * right);
    },
  });
  const chart = paths({ strength: setStrength });

  const rule = h("p", { class: "pg-rule" }), main = h("p", { class: "pg-main" }), why = [h("p"), h("p")], hand = h("p", { class: "cb-muted" }), same = h("p"), end = h("p", { class: "cb-muted" });
  const rows = PENALTIES.map((name) => ({ name, cells: [h("td"), h("td"), h("td")], row: h("tr") }));
  rows.forEach(({ name, cells, row }) => row.append(h("th", { scope: "row" }, NAMES[name]), ...cells));
  const table = h("table", { class: "pg-table" }, h("caption", {}, "The three penalties at this λ"),
    h("thead", {}, h("tr", {}, ["penalty", ...WEIGHTS, "exactly zero"].map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, rows.map((r) => r.row)));

  const asked = h("p"), error = errorLine(), judged = status(), spoken = status({ hidden: true });
  const keyNow = () => { const { stretch: s, form: f } = read(); return s === 1 && f === "penalty" && question(turn).key === "number" ? "number" : "zeros"; };
  const judge = (guess) => {
    if (answered) return;
    const state = read(), { right, text: said } = verdict(keyNow(), state, layout(state), guess);
    answered = true;
    score = [score[0] + (right ? 1 : 0), score[1] + 1];
    judged.set(`${said} (${score[0]} of ${score[1]} right)`);
    draw();
  };
  const guesses = ["none", "w₁", "w₂", "both"].map((guess) => button({ label: guess, press: () => judge(guess) }));
  const choices = h("span", { class: "cb-row", role: "group", "aria-label": "Your prediction" }, guesses.map((g) => g.element));
  const answer = field({ label: "Your answer", size: 5, error, format: (v) => (v === undefined ? "" : show(v)), input(value) { typed = value; judge(value); },
    read(said) { const value = parseNumber(said); return Number.isNaN(value) ? { error: `“${said.trim()}” is not a number.` } : { value }; } });
  const check = button({ label: "Check", press() { if (answer.commit() && typed !== undefined) judge(typed); } });
  const number = h("span", { class: "cb-row" }, answer.element, check.element);
  const next = button({ label: "Another question", press() {
    turn += 1; answered = false; judged.set(""); typed = undefined; answer.set(undefined); answer.element.value = "";
    write(model, question(turn).state);
    draw();
  } });
  const quiz = h("div", { class: "pg-quiz" }, asked, h("div", { class: "cb-row cb-quiet" }, choices, number, next.element), error.element, judged.element);
  const python = codeBlock({ label: "The same optimum in NumPy" });

  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Penalty geometry"), predict.element, reset.element),
    h("div", { class: "cb-row pg-settings" }, penalty.element, form.element, road.element),
    h("div", { class: "pg-stage" }, map.element,
      h("div", { class: "pg-side" }, strength.element, budget.element, mix.element, ...bottom.map((b) => b.element), tilt.element, stretch.element, rule,
        h("p", { class: "cb-muted pg-key" }, "Drag the round knob (bottom of the bowl), the diamond (its long axis) and the square (the budget), or focus one and use the arrow keys."))),
    quiz, h("div", { class: "pg-answer" }, main, ...why, hand, same, end), play.element, chart.element, table, fold("The same optimum in NumPy", {}, python.element), spoken.element);

  function draw() {
    const state = read(), L = layout(state), blind = state.predict && !answered, points = path(L.A, L.c, L.m);
    for (const [control, value] of [[penalty, state.penalty], [form, state.form]]) control.set({ value });
    road.set(state.path);
    predict.set(state.predict);
    mix.element.hidden = state.penalty !== "elastic";
    strength.element.hidden = state.form !== "penalty";
    budget.element.hidden = state.form !== "budget";
    mix.set({ value: state.mix, min: 0, max: 1 });
    strength.set({ value: state.strength, min: LIMITS.strength[0], max: LIMITS.strength[1] });
    budget.set({ value: state.budget, min: LIMITS.budget[0], max: LIMITS.budget[1] });
    bottom.forEach((b, i) => b.set({ value: state.centre[i], min: BOTH[0], max: BOTH[1] }));
    tilt.set({ value: state.tilt, min: -LIMITS.tilt, max: LIMITS.tilt });
    stretch.set({ value: state.stretch, min: LIMITS.stretch[0], max: LIMITS.stretch[1] });
    text(rule, `P(w) = ${formula(state)}. ${state.form === "budget" ? `Least loss with P(w) ≤ t = ${show(state.budget)}.` : `Least loss + λ P(w), λ = ${show(state.strength)}.`}`);
    const labels = { centre: `Bottom of the bowl, at ${show(L.c[0])}, ${show(L.c[1])}; arrow keys move it`, tilt: `Long axis of the bowl, ${show(state.tilt)} degrees; left and right turn it, up and down stretch it`,
      size: `Edge of the region, budget ${show(state.form === "budget" ? state.budget : L.spent)}; arrow keys change it`,
      picture: `The plane of two weights. Bottom of the bowl ${show(L.c[0])}, ${show(L.c[1])}. ${blind ? "The optimum is hidden until you answer." : headline(state, L)}` };
    map.draw(state, L, { blind, points, label: (what) => labels[what] });
    chart.draw(L, points, blind);
    play.draw();
    play.element.hidden = state.predict;
    chart.element.style.display = blind ? "none" : "";
    table.hidden = blind;
    text(main, blind ? "The optimum is ?" : headline(state, L));
    why.forEach((line, i) => text(line, blind ? "" : reason(L, i)));
    text(hand, blind ? "" : byHand(state, L));
    text(same, blind ? "" : link(state, L));
    text(end, blind ? "" : last(L));
    rows.forEach(({ cells }, n) => {
      const { w } = L.others[n];
      [show(w[0]), show(w[1]), zeros(w.map((v) => v === 0))].forEach((value, i) => text(cells[i], value));
    });
    quiz.hidden = !state.predict;
    const key = keyNow();
    text(asked, ask(key, state));
    choices.hidden = key !== "zeros";
    number.hidden = key !== "number";
    for (const g of [...guesses, check]) g.set({ disabled: answered });
    python.element.parentElement.parentElement.hidden = blind;
    python.set(code(state, L));
    const said = blind ? "The optimum is hidden." : headline(state, L);
    if (!play.playing() && spokenAt !== (spokenAt = said)) spoken.set(said);
  }

  draw();
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); play.destroy(); root.remove(); };
}

export default { render };
