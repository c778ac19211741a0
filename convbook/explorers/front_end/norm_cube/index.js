// The cube of normalization: which entries share a mean, for each method; and what comes out.

import { alone, button, checkbox, codeBlock, explorer, fold, h, onWidth, segmented, select, slider, status, text, watch, write } from "../base.js";
import { decimal } from "../decimal_slider.js";
import { numberQuestion } from "../number_question.js";
import { AXES, EPS, LIMITS, METHODS, compared, divisors, fault, layout, looked, resized, shapeOf } from "./geometry.js";
import { means, numbers, solid } from "./picture.js";
import { code, facts, news, question, shared, working } from "./words.js";

const TRAITS = ["x", "method", "groups", "training", "steps", "momentum", "eps", "gamma", "beta", "running", "picked", "show", "predict", "question"];
const SHORT = { batch: "batch", layer: "layer", instance: "instance", group: "group", position: "layer, per place" };
const LETTERS = { images: "N, images", channels: "C, channels", height: "H, height", width: "W, width" };
const MOMENTA = [0.01, 0.1, 0.5, 1];
const per = (list, C, more) => Array.from({ length: C }, (_, c) => list[c] ?? more);

const bright = resized([], [2, 4, 2, 3]).map((image, n) => (n ? image.map((plane) => plane.map((row) => row.map((v) => 5 * v + 20))) : image));
const EXAMPLES = {
  three: { text: "three images", x: resized([], [3, 4, 2, 3]) },
  hand: { text: "worked example", x: [[[[0, 2]], [[2, 8]], [[8, 6]], [[6, 8]]], [[[2, 0]], [[2, 0]], [[8, 6]], [[0, 6]]]] },
  bright: { text: "a dark and a bright image", x: bright },
  one: { text: "a batch of one", x: resized([], [1, 4, 2, 3]) },
  point: { text: "one place: H = W = 1", x: resized([], [2, 6, 1, 1]), method: "group", groups: 2 },
};

function render({ model, el }) {
  const root = explorer(el, { name: "NormCube", label: "Normalization cube: which entries share a mean" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let hovered = null, focused = null, width = 0, L = layout(start), before = null;

  /** A reader's action: sizes, groups, γ, β and the picked entry are kept legal, together; what is running stays when x changes. */
  function act(values) {
    const next = { ...read(), ...values }, shape = shapeOf(next.x), [, C] = shape;
    const own = {};
    if (C % next.groups) own.groups = divisors(C).filter((G) => G <= next.groups).at(-1);
    if ("x" in values && next.steps) own.running = per(L.running, C, [0, 1]);
    if (next.gamma.length !== C) [own.gamma, own.beta] = [per(next.gamma, C, 1), per(next.beta, C, 0)];
    if (next.picked.some((i, axis) => i >= shape[axis])) own.picked = next.picked.map((i, axis) => Math.min(i, shape[axis] - 1));
    if (["x", "method", "groups", "training", "predict"].some((name) => name in values)) questions.renew();
    if ("x" in values || (L.fixed && ("steps" in values || "momentum" in values))) before = L;
    else if (["method", "groups", "training", "steps", "momentum"].some((name) => name in values)) before = null;
    hovered = null;
    write(model, { ...values, ...own });
  }

  /** Looks that were at this x. */
  const looks = () => (model.get("running").length ? 0 : model.get("steps"));
  const state = (values) => ({ method: model.get("method"), groups: model.get("groups"), training: model.get("training"), steps: looks(), shape: shapeOf(model.get("x")), ...values });
  /** The smallest size along an axis that the method takes. */
  const least = (axis) => {
    const shape = shapeOf(model.get("x")), [low, high] = LIMITS[AXES[axis]];
    for (let n = low; n < high; n++) {
      const sizes = shape.map((size, a) => (a === axis ? n : size));
      const groups = axis === 1 ? divisors(n).filter((G) => G <= model.get("groups")).at(-1) : model.get("groups");
      if (!fault(state({ shape: sizes, groups }))) return n;
    }
    return high;
  };
  const sizes = AXES.map((name, axis) => slider({ label: LETTERS[name], input: (n) => {
    const { x } = read();
    act({ x: resized(x, shapeOf(x).map((size, a) => (a === axis ? n : size)), start.x) });
  } }));

  const pick = (values) => ({ method: read().method, groups: read().groups, training: read().training, steps: 0, running: [], ...values });
  const example = select({ label: "Example", input: (key) => {
    const { text: _, x, ...own } = EXAMPLES[key] ?? {};
    if (!x) return;
    const [N, C, H, W] = shapeOf(x), wanted = pick({ groups: divisors(C).filter((G) => G <= model.get("groups")).at(-1), ...own });
    if (fault({ ...wanted, shape: [N, C, H, W] })) wanted.method = "layer";
    act({ x, gamma: per([], C, 1), beta: per([], C, 0), picked: [0, 0, 0, 0], ...wanted });
  } });
  const reset = button({ label: "Reset", press: () => { before = null; questions.renew(); write(model, start); draw(); } });
  const method = segmented({ label: "Method", caption: "", options: METHODS.map((value) => ({ value, text: SHORT[value] })), input: (value) => act({ method: value }) });
  const groups = select({ label: "Groups", caption: "G, groups", input: (G) => act({ groups: Number(G) }) });
  const mode = segmented({ label: "Batch norm in", caption: "", options: [{ value: "training" }, { value: "inference" }], input: (value) => act({ training: value === "training" }) });
  const feed = button({ label: "Look at this batch", press: () => act({ steps: model.get("steps") + 1, ...(L.kept ? { running: looked(L) } : {}) }) });
  const forget = button({ label: "Forget", press: () => act({ steps: 0, running: [] }) });
  const momentum = select({ label: "Momentum", caption: "momentum", options: MOMENTA.map((m) => ({ value: String(m), text: String(m) })), input: (m) => act({ momentum: Number(m) }) });
  const seen = h("span", { class: "cb-muted" });
  const batch = h("div", { class: "cb-row nc-batch" }, mode.element, feed.element, forget.element, momentum.element, seen);
  const view = segmented({ label: "Numbers shown", caption: "show", options: [{ value: "x", text: "x" }, { value: "normalised", text: "x̂" }, { value: "y", text: "y = γ x̂ + β" }], input: (value) => act({ show: value }) });

  const on = {
    hover(at) { if (String(at) !== String(hovered)) { hovered = at; drawPicture(); } },
    focus(at) { focused = at; drawPicture(); },
    pick(at) { act({ picked: at }); },
    type([n, c]) { const [, , i, j] = focused ?? model.get("picked"); act({ picked: [n, c, i, j] }); entry.element.querySelector("input[type=text]").focus(); },
  };
  const cubed = solid(on), planes = numbers(on), table = means();
  const said = status(), sum = h("div", { class: "cb-mono" }), box = h("div", { class: "cb-sum nc-sum" }, sum), moved = status();
  said.element.className = "nc-said";
  const entry = slider({ label: "Picked number", caption: "picked x", input: (v) => {
    const { x, picked: [n, c, i, j] } = read();
    act({ x: x.map((image, a) => (a !== n ? image : image.map((plane, b) => (b !== c ? plane : plane.map((row, r) => (r !== i ? row : row.map((old, s) => (s === j ? v : old)))))))) });
  } });
  const scale = ["gamma", "beta"].map((name) => decimal({ label: `${{ gamma: "γ", beta: "β" }[name]} of the picked channel`, caption: { gamma: "γ", beta: "β" }[name], step: 0.5, input: (v) => {
    const list = read()[name], c = model.get("picked")[1];
    act({ [name]: list.map((old, i) => (i === c ? v : old)) });
  } }));
  const eps = select({ label: "Epsilon", caption: "ε", options: EPS.map((e) => ({ value: String(e), text: String(e) })), input: (e) => act({ eps: Number(e) }) });
  const recover = button({ label: "Undo: γ = √(var + ε), β = mean", press: () => {
    const { gamma, beta, picked } = read(), c = picked[1], set = L.of(picked), cut = (v) => Math.max(-LIMITS.scale, Math.min(LIMITS.scale, v));
    act({ gamma: gamma.map((v, i) => (i === c ? cut(Math.sqrt(set.var + L.state.eps)) : v)), beta: beta.map((v, i) => (i === c ? cut(set.mean) : v)), show: "y" });
  } });

  const questions = numberQuestion({
    kind: "nc-questions", next: "Another question",
    judge(value) {
      const { answer, why } = question(L, model.get("question"));
      return { right: value === answer, working: `${answer}. ${why}` };
    },
    another: () => act({ question: model.get("question") + 1 }),
    changed: () => draw(),
  });
  const predict = checkbox({ label: "predict first", input: (value) => act({ predict: value }) });
  const list = h("dl", { class: "nc-facts" }), all = fold("All means and variances", {}, table.element), python = codeBlock({ label: "The same layer in PyTorch" });
  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Normalization cube"), example.element, reset.element),
    h("div", { class: "nc-sizes" }, sizes.map((s) => s.element)),
    h("div", { class: "cb-row nc-method" }, method.element, groups.element), batch,
    h("div", { class: "cb-row" }, view.element, h("span", { class: "cb-quiet" }, predict.element)), questions.element,
    h("div", { class: "nc-stage" }, cubed.element, planes.element), said.element, box,
    h("div", { class: "nc-edit" }, entry.element, scale[0].element, scale[1].element), h("div", { class: "cb-row nc-more" }, eps.element, recover.element), moved.element,
    list, all, fold("The same layer in PyTorch", {}, python.element));

  const secret = () => model.get("predict") && questions.open();
  const drawPicture = alone(() => {
    if (!width) return;
    const hidden = secret(), picked = model.get("picked"), asked = question(L, model.get("question"));
    const fits = (at) => at && at.every((i, axis) => i < L.shape[axis]);
    const at = hidden ? asked.at : [hovered, focused].find(fits) ?? (model.get("predict") ? asked.at : picked);
    cubed.draw(L, { at, secret: hidden, width });
    planes.draw(L, { at, picked, secret: hidden, shown: model.get("show"), width: width > 640 ? width - 350 : width });
    said.set(hidden ? "The colours and the counts come back with your answer." : shared(L, at));
    box.hidden = hidden;
    sum.replaceChildren(...(hidden ? [] : working(L, at)).map((line) => h("p", {}, line)));
    table.draw(L, at, before);
  });

  function drawFacts() {
    const hidden = secret();
    list.hidden = all.hidden = hidden;
    list.replaceChildren(...facts(L).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
    moved.set(before && before.method === L.method && !hidden ? news(L, compared(before, L)) : "");
  }

  function draw() {
    const now = read();
    L = layout(now);
    const [, C] = L.shape, c = now.picked[1], limit = LIMITS.scale;
    const match = Object.keys(EXAMPLES).find((key) => JSON.stringify(EXAMPLES[key].x) === JSON.stringify(now.x));
    example.set({ value: match ?? "", options: [...Object.entries(EXAMPLES).map(([value, e]) => ({ value, text: e.text })), ...(match ? [] : [{ value: "", text: "your own" }])] });
    sizes.forEach((s, axis) => {
      const min = least(axis);
      s.set({ value: L.shape[axis], min, max: LIMITS[AXES[axis]][1], why: () => (min > 1 ? fault(state({ shape: L.shape.map((n, a) => (a === axis ? 1 : n)) })) : null) });
    });
    method.set({ value: now.method, options: METHODS.map((value) => ({ value, disabled: Boolean(fault(state({ method: value }))) })) });
    groups.element.hidden = now.method !== "group";
    groups.set({ value: String(now.groups), options: divisors(C).map((G) => ({ value: String(G), text: String(G), disabled: Boolean(fault(state({ method: "group", groups: G }))) })) });
    batch.hidden = now.method !== "batch";
    mode.set({ value: now.training ? "training" : "inference", options: [{ value: "training", disabled: Boolean(fault(state({ method: "batch", training: true }))) }, { value: "inference" }] });
    feed.set({ disabled: now.steps >= LIMITS.steps[1] || Boolean(fault(state({ method: "batch", steps: 1 }))) });
    forget.set({ disabled: now.steps === 0 });
    momentum.set({ value: String(now.momentum), options: [...new Set([...MOMENTA, now.momentum])].map((m) => ({ value: String(m), text: String(m) })) });
    text(seen, `${now.steps} ${now.steps === 1 ? "look" : "looks"} so far`);
    view.set({ value: now.show });
    entry.set({ value: L.value(now.picked), min: -LIMITS.value, max: LIMITS.value });
    scale[0].set({ value: now.gamma[c], min: -limit, max: limit });
    scale[1].set({ value: now.beta[c], min: -limit, max: limit });
    eps.set({ value: String(now.eps) });
    predict.set(now.predict);
    questions.element.hidden = !now.predict;
    questions.set(question(L, now.question).text);
    python.set(code(L, now.picked));
    drawFacts();
    drawPicture();
  }

  draw();
  const unfit = onWidth(root, (wide) => { width = wide - 24; drawPicture(); });
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); unfit(); root.remove(); };
}

export default { render };
