// Deformable sampler: nine taps over a picture, their offsets, the four pixels each reads, the weighted sum.

import { button, checkbox, codeBlock, explorer, fold, h, onWidth, select, show, slider, status, text, watch, write } from "../base.js";
import { KERNELS, LIMITS, PRESETS, code, moved, plain, presetOf, question, round, slopes, taps } from "./geometry.js";
import { channels, picture, zoom } from "./picture.js";
import { decimal } from "../decimal_slider.js";
import { numberQuestion } from "../number_question.js";

const TRAITS = ["image", "at", "offsets", "kernel", "mask", "modulated", "dilation", "tap", "step", "predict"];

function render({ model, el }) {
  const root = explorer(el, { name: "DeformableSampler", label: "Deformable sampler: nine taps that move" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let width = 0, preferred = null, turn = 0, spokenAt = "";
  const act = (values) => { if ("tap" in values || "offsets" in values || "at" in values) quiz.renew(); write(model, values); };
  const nudgeTo = (t, y, x) => act({ tap: t, offsets: moved(read(), t, y, x) });

  const preset = select({ label: "Grid", input(name) {
    if (!PRESETS[name]) return;
    preferred = name;
    act({ offsets: PRESETS[name].make(model.get("dilation"), PRESETS[name].amount?.[3]) });
  } });
  const amount = h("span", { class: "ds-amount" });
  const sliders = Object.fromEntries(Object.entries(PRESETS).filter(([, p]) => p.amount).map(([name, p]) => [name, decimal({
    label: `${p.text}, ${p.unit}`, caption: p.unit, step: p.amount[2], input(value) {
      preferred = name;
      act({ offsets: p.make(model.get("dilation"), value) });
    } })]));
  const kernel = select({ label: "Kernel", input: (name) => { if (KERNELS[name]) act({ kernel: KERNELS[name] }); } });
  const dilation = select({ label: "Dilation", options: [1, 2, 3].map((d) => ({ value: String(d) })), input(value) {
    // A preset stays what it is; offsets of one's own stay the numbers they are.
    const { offsets, dilation: old } = read(), found = presetOf(offsets, old, preferred), d = Number(value);
    const limits = found && PRESETS[found.name].amount;
    act({ dilation: d, offsets: found && found.name !== "random" ? PRESETS[found.name].make(d, limits && Math.max(found.amount, found.name === "dilated" ? d + 1 : -Infinity)) : offsets });
  } });
  const modulated = checkbox({ label: "Modulated (version 2)", input: (value) => act({ modulated: value }) });
  const predict = checkbox({ label: "Let me predict first", input: (value) => { quiz.renew(); act({ predict: value }); } });
  const reset = button({ label: "Reset", press: () => { preferred = null; quiz.renew(); write(model, start); } });
  const row = slider({ label: "Output row", caption: "row", input: (value) => act({ at: [value, model.get("at")[1]] }) });
  const column = slider({ label: "Output column", caption: "column", input: (value) => act({ at: [model.get("at")[0], value] }) });

  const stage = picture({
    pick: (t) => act({ tap: t }),
    drag: (t, y, x) => { const fine = (v) => Math.round(v / 0.05) * 0.05; nudgeTo(t, fine(y), fine(x)); },
    nudge(t, down, right) { const { step } = read(), tap = taps(read())[t]; nudgeTo(t, tap.y + down * step, tap.x + right * step); },
    home(t) { const offsets = [...model.get("offsets")]; offsets[2 * t] = offsets[2 * t + 1] = 0; act({ tap: t, offsets }); },
    centre: (r, c) => act({ at: [r, c] }),
  });
  const set = (place, value) => { const { offsets, tap } = read(), next = [...offsets]; next[2 * tap + place] = round(value); act({ offsets: next }); };
  const dy = decimal({ label: "Offset dy of this tap", caption: "dy", step: 0.25, input: (v) => set(0, v) });
  const dx = decimal({ label: "Offset dx of this tap", caption: "dx", step: 0.25, input: (v) => set(1, v) });
  const mask = decimal({ label: "Mask of this tap", caption: "mask", step: 0.05, input: (v) => { const { mask: old, tap } = read(); act({ mask: old.map((m, t) => (t === tap ? v : m)) }); } });
  const pace = select({ label: "Arrow keys move by", options: [0.1, 0.25, 0.5, 1].map((v) => ({ value: String(v), text: `${v} px` })), input: (v) => act({ step: Number(v) }) });
  const near = zoom(), list = channels({ pick: (t) => act({ tap: t }) });
  const who = h("p", { class: "ds-who" }), reads = h("p", { class: "ds-reads" }), slope = h("p", { class: "cb-muted" });
  const sum = h("div", { class: "ds-sum" }), spoken = status({ hidden: true }), python = codeBlock({ label: "The same number in PyTorch" });

  const quiz = numberQuestion({ kind: "ds-quiz", next: "Another question", changed: () => draw(),
    judge(value) {
      const { key, answer, working } = question(read(), read().tap, turn);
      return { right: Math.abs(value - answer) <= (key === "value" ? 0.051 : 0), working };
    },
    another() {
      turn += 1;
      const t = (5 * turn + 2) % 9, offsets = [...model.get("offsets")];
      if (turn % 2 === 0) { offsets[2 * t] = ((3 * turn) % 7 - 3) / 4 + 0.25; offsets[2 * t + 1] = ((5 * turn) % 7 - 3) / 4 - 0.25; }
      write(model, { tap: t, offsets });
    } });

  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Deformable sampler"), predict.element, reset.element),
    h("div", { class: "ds-settings" }, preset.element, amount, kernel.element, dilation.element, modulated.element),
    h("div", { class: "ds-settings ds-place" }, row.element, column.element),
    h("div", { class: "ds-stage" }, stage.element, h("div", { class: "ds-side" }, who, near.element, reads, slope, dy.element, dx.element, mask.element, pace.element)),
    quiz.element, sum,
    h("p", { class: "ds-title" }, "What the offset layer must say at this position: 2·9 = 18 channels, dy before dx"), list.element,
    fold("The same number in PyTorch", {}, python.element), spoken.element);

  const coloured = (pieces) => pieces.map((p) => (typeof p === "string" ? p : h("span", { class: `ds-${p.role}` }, p.text)));
  const factor = (v, digits = 3) => (v < 0 ? `(${show(v, digits)})` : show(v, digits));

  function draw() {
    const state = read(), all = taps(state), here = all[state.tap];
    const blind = state.predict && quiz.open();
    const found = presetOf(state.offsets, state.dilation, preferred);
    preset.set({ value: found?.name ?? "", options: [...Object.entries(PRESETS).map(([value, p]) => ({ value, text: p.text })), ...(found ? [] : [{ value: "", text: "your own" }])] });
    const wanted = found && sliders[found.name];
    if (amount.firstChild !== (wanted?.element ?? null)) amount.replaceChildren(...(wanted ? [wanted.element] : []));
    if (wanted) wanted.set({ value: found.amount, min: PRESETS[found.name].amount[0], max: PRESETS[found.name].amount[1] });
    const named = Object.entries(KERNELS).find(([, w]) => String(w) === String(state.kernel))?.[0];
    kernel.set({ value: named ?? "", options: [...Object.keys(KERNELS).map((value) => ({ value })), ...(named ? [] : [{ value: "", text: "your own" }])] });
    dilation.set({ value: String(state.dilation) });
    modulated.set(state.modulated);
    predict.set(state.predict);
    row.set({ value: state.at[0], min: 0, max: state.image.length - 1 });
    column.set({ value: state.at[1], min: 0, max: state.image[0].length - 1 });
    dy.set({ value: here.dy, min: -LIMITS.offset, max: LIMITS.offset });
    dx.set({ value: here.dx, min: -LIMITS.offset, max: LIMITS.offset });
    mask.element.hidden = !state.modulated;
    mask.set({ value: state.mask[state.tap], min: 0, max: 1 });
    pace.set({ value: String(state.step) });
    if (width) stage.draw({ ...state, width, all, label: (tap) => `Tap ${tap.t}, row ${show(tap.y)}, column ${show(tap.x)}${tap.outside ? ", outside the picture" : ""}` });
    near.draw(here, blind);
    const kind = here.outside ? "All four lie outside: it reads 0, and no gradient." : here.partly ? "Part of it lies outside, where all is 0." : "";
    who.replaceChildren(h("strong", {}, `Tap ${here.t}`), ` looks at row ${show(here.row)} + ${factor(here.dy)} = ${show(here.y)}, column ${show(here.column)} + ${factor(here.dx)} = ${show(here.x)}. ${kind}`);
    const [gy, gx] = slopes(here.around);
    reads.replaceChildren(...(blind ? ["It reads ?"] : coloured(["It reads ", ...here.around.flatMap((c, n) => [n ? " + " : "", `${show(c.weight, 4)}·`, { role: "input", text: show(c.value) }]), " = ", { role: "input", text: show(here.value) }])));
    text(slope, blind ? "" : `One pixel further down it changes by ${show(gy)} a pixel, to the right by ${show(gx)}: these are the slopes that training follows.`);
    const total = all.reduce((s, tap) => s + tap.term, 0), before = plain(state);
    const line = (tap, n) => [n ? " + " : "", { role: "kernel", text: factor(tap.weight) }, "·", ...(state.modulated ? [{ role: "offset", text: show(tap.mask, 2) }, "·"] : []), { role: "input", text: show(tap.value, 2) }];
    sum.replaceChildren(...(blind ? [h("p", {}, "y = ?")] : [
      ...[0, 1, 2].map((u) => h("p", { class: "cb-mono" }, coloured([u ? "\u00a0\u00a0+ " : "y = ", ...all.slice(3 * u, 3 * u + 3).flatMap(line)]))),
      h("p", {}, h("span", { class: "cb-mono" }, "\u00a0\u00a0= "), h("strong", { class: "ds-output" }, show(total)), h("span", { class: "cb-muted" }, ` — the plain convolution, whose taps stay on the grid, gives ${show(before)} here`))]));
    quiz.element.hidden = !state.predict;
    quiz.set(question(state, state.tap, turn).prompt);
    list.draw(all, state.tap);
    python.set(code(state));
    const said = blind ? `Tap ${here.t} at row ${show(here.y)}, column ${show(here.x)}.` : `Tap ${here.t} at row ${show(here.y)}, column ${show(here.x)} reads ${show(here.value)}. y = ${show(total)}.`;
    if (spokenAt !== (spokenAt = said)) spoken.set(said);
  }

  draw();
  const forget = onWidth(stage.element, (now) => { width = now; draw(); });
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); forget(); root.remove(); };
}

export default { render };
