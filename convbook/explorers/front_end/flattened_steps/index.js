// Flattened steps: three vectors, the filter they make, and the same convolution in three passes or in one.

import { alone, button, checkbox, codeBlock, errorLine, explorer, field, fold, h, onWidth, parseNumber, player, segmented, select, status, text, watch, write } from "../base.js";
import { LANES, LIMITS, ORDERS, PADDINGS, exists, layout, placeOf, stepOf } from "./geometry.js";
import { picture } from "./picture.js";
import { code, costs, denseSum, judged, number, question, sumOf, verdict, weightSum } from "./words.js";

const TRAITS = ["z", "y", "x", "second", "image", "order", "padding", "lane", "step", "speed", "hide_later", "predict"];
const NAMES = [["z", "channels"], ["y", "rows"], ["x", "columns"]];
const EXAMPLES = {
  edge: { text: "red minus blue, edge", z: [1, 0, -1], y: [1, 2, 1], x: [1, -1], second: [] },
  hand: { text: "worked example", z: [1, 2, -1], y: [1, -1], x: [1, 0, 2], second: [] },
  box: { text: "average of everything", z: [1, 1, 1, 1], y: [1, 1], x: [1, 1, 1], second: [] },
  two: { text: "two triples", z: [1, 2, -1], y: [1, -1], x: [1, 0, 2], second: [[1, 0, 1], [1, 2], [0, 1, 1]] },
  parallel: { text: "two that are one again", z: [1, 2, -1], y: [1, -1], x: [1, 0, 2], second: [[2, 1, 0], [1, -1], [1, 0, 2]] },
};

function render({ model, el }) {
  const root = explorer(el, { name: "FlattenedSteps", label: "Flattened steps: one filter as three passes" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let hovered = null, focused = null, held = null, width = 0, L = layout(start), asked = 0, answered = false;

  function act(values) {
    const next = { ...read(), ...values }, count = layout(next).count;
    if (!["step", "speed", "hide_later"].some((name) => name in values)) { answered = false; held = null; }
    write(model, next.step >= count ? { ...values, step: count - 1 } : values);
  }
  const change = (which, axis, vector) => {
    const { second } = read();
    act(which ? { second: second.map((v, n) => (n === axis ? vector : v)) } : { [NAMES[axis][0]]: vector });
  };
  const resize = (axis, n) => {
    const { second } = read(), fit = (v, more) => Array.from({ length: n }, (_, i) => v[i] ?? more);
    act({ [NAMES[axis][0]]: fit(read()[NAMES[axis][0]], 1), second: second.map((v, a) => (a === axis ? fit(v, 0) : v)) });
  };

  const error = errorLine();
  const typed = (text) => {
    const value = parseNumber(text);
    return Math.abs(value) <= LIMITS.weight ? { value } : { error: `“${text.trim()}” does not fit; type a number from −${LIMITS.weight} to ${LIMITS.weight}.` };
  };
  const vector = (which, axis) => {
    const [letter, along] = NAMES[axis], name = `${letter}${which ? "′" : ""}`;
    const fields = Array.from({ length: LIMITS.taps[1] }, (_, i) => field({ label: `${name}[${i}], ${along}`, read: typed, error, size: 2, format: number,
      input: (value) => change(which, axis, now().map((v, n) => (n === i ? value : v))),
      keydown(event, commit) {
        const by = { ArrowUp: 1, ArrowDown: -1 }[event.key], { value } = typed(event.target.value);
        if (event.key === "Enter") commit();
        if (!by || value === undefined || Math.abs(value + by) > LIMITS.weight) return;
        event.preventDefault();
        event.target.value = number(value + by);
        commit();
      } }));
    const now = () => (which ? read().second[axis] : read()[letter]);
    const length = which ? null : select({ label: `Length of ${letter}`, caption: "", options: [1, 2, 3, 4].map((n) => ({ value: String(n), text: String(n) })), input: (n) => resize(axis, Number(n)) });
    const element = h("div", { class: "fs-vector", role: "group", "aria-label": `${name}, ${along}` }, h("span", { class: "fs-name" }, name, " ", h("small", {}, along)), length && length.element, fields.map((f) => f.element));
    return { element, set(v) {
      length?.set({ value: String(v.length) });
      fields.forEach((f, i) => { f.element.hidden = i >= v.length; if (i < v.length) f.set(v[i]); });
    } };
  };
  const vectors = [0, 1].map((which) => NAMES.map((_, axis) => vector(which, axis)));
  const added = h("div", { class: "fs-triple" }, vectors[1].map((v) => v.element));

  const example = select({ label: "Example", input: (key) => { if (EXAMPLES[key]) { const { text: _, ...values } = EXAMPLES[key]; play.stop(); act(values); } } });
  const reset = button({ label: "Reset", press: () => { play.stop(); held = null; answered = false; write(model, start); draw(); } });
  const rank = checkbox({ label: "make it rank 2: add a second triple", input: (on) => {
    const { z, y, x } = read(), fit = (v, n) => Array.from({ length: n }, (_, i) => v[i] ?? 0);
    act({ second: on ? [fit([1, 0, 1], z.length), fit([1, 2], y.length), fit([0, 1, 1], x.length)] : [] });
  } });
  const order = select({ label: "Order of the passes", caption: "order", options: ORDERS.map((o) => ({ value: o, text: [...o].join(", ") })), input: (value) => act({ order: value, step: 0 }) });
  const padding = segmented({ label: "Borders", caption: "borders", options: PADDINGS.map((value) => ({ value, text: value })), input: (value) => act({ padding: value }) });
  const lane = segmented({ label: "Passes with", caption: "passes with", options: LANES.map((value) => ({ value, text: { first: "z, y, x", second: "z′, y′, x′", best: "nearest triple" }[value] })), input: (value) => act({ lane: value }) });
  const hide = checkbox({ label: "only what the steps so far have made", input: (on) => act({ hide_later: on }) });
  const fresh = button({ label: "New image", press: () => {
    const [h0, w0] = [start.image[0].length, start.image[0][0].length];
    act({ image: Array.from({ length: LIMITS.taps[1] }, () => Array.from({ length: h0 }, () => Array.from({ length: w0 }, () => Math.floor(4 * Math.random())))) });
  } });
  const stepNow = () => Math.min(model.get("step"), L.count - 1);
  const play = player({ label: "number", count: () => L.count, index: stepNow, go: (step) => { held = null; act({ step }); },
    speed: () => model.get("speed"), setSpeed: (speed) => act({ speed }), speeds: [1, 2, 4, 8] });

  const stage = picture({
    hover(at) { hovered = at; drawPicture(); },
    focus(at) { focused = at; drawPicture(); },
    pick(at) {
      play.stop();
      held = at && String(held) === String(at) ? null : at;
      if (at && at[0] > 0) act({ step: stepOf(L, at) });
      drawPicture();
    },
  });
  const sums = [0, 1].map(() => ({ title: h("p", { class: "cb-sum-title" }), lines: h("div", { class: "cb-mono" }) }));
  const boxes = sums.map((s) => h("div", { class: "cb-sum" }, s.title, s.lines));
  const spoken = status({ hidden: true }), said = status();
  said.element.className = "fs-verdict";

  const ask = h("p"), guess = field({ label: "Your answer", size: 6, error, format: (v) => (v === null ? "" : number(v)), input() {}, keydown(event) { if (event.key === "Enter") judge(); },
    read: (t) => { const value = parseNumber(t); return Number.isNaN(value) ? { error: `“${t.trim()}” is not a number.` } : { value }; } });
  const result = status();
  function judge() {
    const value = parseNumber(guess.element.value);
    if (Number.isNaN(value)) return result.set("Type a number first.");
    answered = true;
    result.set(judged(L, question(L, asked), value));
    drawPicture();
    facts();
  }
  const predict = checkbox({ label: "predict first", input: (on) => { answered = false; act({ predict: on }); } });
  const next = button({ label: "Another question", press: () => { asked += 1; answered = false; guess.element.value = ""; draw(); } });
  const questions = h("div", { class: "fs-questions" }, ask, h("div", { class: "cb-row" }, guess.element, button({ label: "Check", press: judge }).element, next.element), result.element);

  const cells = Object.fromEntries(["chain", "dense"].map((name) => [name, h("td")])), weights = h("p"), dear = h("p", { class: "fs-dear" });
  const rows = [0, 1, 2].map(() => ({ name: h("th", { scope: "row" }), sum: h("td") }));
  const table = h("table", { class: "fs-costs" }, h("tbody", {}, rows.map((r) => h("tr", {}, r.name, r.sum)),
    h("tr", {}, h("th", { scope: "row" }, "three passes"), cells.chain), h("tr", {}, h("th", { scope: "row" }, "one dense pass"), cells.dense)));
  const price = h("div", { class: "fs-price" }, h("p", { class: "fs-subtitle" }, "Multiply-adds and weights"), table, weights, dear);
  const python = codeBlock({ label: "Both ways in PyTorch" });

  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Flattened steps"), example.element, reset.element),
    h("div", { class: "fs-triples" }, h("div", { class: "fs-triple" }, vectors[0].map((v) => v.element)), added), error.element,
    h("div", { class: "cb-row" }, rank.element, h("span", { class: "cb-quiet" }, predict.element)), stage.filter,
    h("div", { class: "cb-row fs-choices" }, order.element, padding.element, lane.element, hide.element, fresh.element), questions,
    play.element, stage.element, h("div", { class: "fs-sums" }, boxes), spoken.element, said.element, price,
    fold("Both ways in PyTorch", {}, python.element));

  const secret = () => model.get("predict") && !answered;
  const drawPicture = alone(() => {
    if (!width) return;
    const now = stepNow(), at = [hovered, focused, held].find((place) => place && exists(L, place)) ?? placeOf(L, now);
    stage.draw(L, { at, held, step: model.get("hide_later") ? placeOf(L, now) : null, secret: secret(), width });
    const [kind, ...rest] = at, last = kind === 3 ? at.slice(2) : kind === "dense" || kind === "both" ? rest : null;
    const shown = kind === "filter" ? [weightSum(L, rest)] : last ? [sumOf(L, [3, 0, ...last]), denseSum(L, last)] : [sumOf(L, at)];
    boxes.forEach((box, n) => {
      box.hidden = !shown[n] || (secret() && last !== null);
      if (!shown[n]) return;
      text(sums[n].title, shown[n].title);
      sums[n].lines.replaceChildren(...shown[n].lines.map((line) => h("p", {}, line)));
    });
    if (!play.playing() && at !== hovered) spoken.set(boxes[0].hidden ? "" : `${shown[0].title}. ${shown[0].lines.join(" ")}`);
  });

  function facts() {
    const known = !secret(), words = costs(L);
    price.hidden = said.element.hidden = !known;
    said.set(known ? verdict(L) : "");
    words.rows.forEach((row, n) => { text(rows[n].name, row.name); text(rows[n].sum, row.sum); });
    for (const name of ["chain", "dense"]) text(cells[name], words[name]);
    text(weights, words.weights);
    text(dear, words.verdict);
  }

  function draw() {
    const state = read();
    L = layout(state);
    const match = Object.keys(EXAMPLES).find((key) => ["z", "y", "x", "second"].every((n) => JSON.stringify(EXAMPLES[key][n]) === JSON.stringify(state[n])));
    example.set({ value: match ?? "", options: [...Object.entries(EXAMPLES).map(([value, e]) => ({ value, text: e.text })), ...(match ? [] : [{ value: "", text: "your own" }])] });
    vectors[0].forEach((v, axis) => v.set(state[NAMES[axis][0]]));
    added.hidden = lane.element.hidden = !L.two;
    if (L.two) vectors[1].forEach((v, axis) => v.set(state.second[axis]));
    rank.set(L.two);
    order.set({ value: state.order });
    padding.set({ value: state.padding });
    lane.set({ value: L.lane });
    hide.set(state.hide_later);
    predict.set(state.predict);
    questions.hidden = !state.predict;
    text(ask, question(L, asked).text);
    if (!answered) result.set("");
    facts();
    play.draw();
    python.set(code(L));
    drawPicture();
  }

  draw();
  const forget = onWidth(stage.element, (now) => { width = now; drawPicture(); });
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); forget(); play.destroy(); root.remove(); };
}

export default { render };
