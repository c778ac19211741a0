// The chooser: builds its parts once, then draws them from the model.

import { attr, button, checkbox, codeBlock, errorLine, explorer, fold, h, segmented, select, show, slider, status, text, watch, write } from "../base.js";
import { BUDGETS, JOBS, NEEDS, QUANTITIES, USES_REACH, asked, changed, choose, limits } from "./geometry.js";
import { PRESETS } from "./presets.js";
import { table } from "./table.js";
import { JOB_NAMES, NEED_NAMES, QUANTITY_NAMES, answer, chapter, code, layerName, page, warning } from "./words.js";

const TRAITS = ["job", "in_channels", "out_channels", "size", "reach", "needs", "by", "budget", "ridge", "picked"];
const SETTINGS = { in_channels: ["Channels in", "C"], out_channels: ["Channels out", "D"], height: ["Height", "height"], width: ["Width", "width"], reach: ["Window", "window"] };

function render({ model, el }) {
  const root = explorer(el, { name: "LayerChooser", label: "Which layer? A chooser by need and cost" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  const act = (values) => write(model, { ...values, picked: values.picked ?? "" });
  const set = (name) => (value) => act(changed(read(), name, value));
  const wish = (need) => (on) => act({ needs: Object.keys(NEEDS).filter((other) => (other === need ? on : read().needs.includes(other))) });

  const preset = select({ label: "Start from a need", caption: "Need", options: [{ value: "", text: "choose …" }, ...Object.entries(PRESETS).map(([value, { text: name }]) => ({ value, text: name }))],
    input(value) { if (PRESETS[value]) { const { text: _, ...state } = PRESETS[value]; act(state); } preset.set({ value: "" }); } });
  const reset = button({ label: "Reset", press: () => write(model, start) });
  const job = select({ label: "The job", caption: "The job", options: JOBS.map((value) => ({ value, text: JOB_NAMES[value] })), input: set("job") });
  const error = errorLine();
  const sliders = Object.fromEntries(Object.entries(SETTINGS).map(([name, [label, caption]]) => [name, slider({ label, caption, input: set(name), error })]));
  const wishes = Object.fromEntries(Object.keys(NEEDS).map((need) => [need, checkbox({ label: NEED_NAMES[need], input: wish(need) })]));
  const by = segmented({ label: "What is to be small", caption: "Small in", options: QUANTITIES.map((value) => ({ value, text: QUANTITY_NAMES[value] })), input: (value) => act({ by: value }) });
  const budget = segmented({ label: "Budget, of the plain layer's cost", caption: "At most", options: BUDGETS.map((value) => ({ value: String(value), text: value === 1 ? "any" : `1/${value}` })), input: (value) => act({ budget: Number(value) }) });
  const ridge = slider({ label: "MACs in the time of one byte", caption: "MACs a byte", input: (value) => act({ ridge: value }), error });
  const said = status(), offers = table({ pick: (name) => act({ picked: name }) });
  const outCount = h("summary", {}), outList = h("ul", { class: "lc-out" });
  const outs = h("details", { class: "cb-fold", open: true }, outCount, h("div", { class: "cb-fold-body" }, outList));
  const title = h("strong"), caution = h("span"), link = h("a", {});
  const card = h("p", { class: "lc-card" }, title, " ", caution, " ", link);
  const python = codeBlock({ label: "The picked layer in PyTorch" });
  said.element.className = "lc-said";
  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Which layer?"), preset.element, reset.element),
    h("div", { class: "lc-part cb-row" }, job.element),
    h("div", { class: "lc-part lc-settings cb-thirds" }, Object.values(sliders).map((s) => s.element)), error.element,
    h("fieldset", { class: "lc-part lc-wishes" }, h("legend", { class: "cb-caption" }, "It must have"), Object.values(wishes).map((w) => w.element)),
    h("div", { class: "lc-part cb-row" }, by.element, budget.element, h("div", { class: "lc-ridge" }, ridge.element)),
    said.element, offers.element, card, fold("The picked layer in PyTorch", {}, python.element), outs);

  function draw() {
    const state = read(), choice = choose(state), line = state.job === "sequence", known = asked(state.job);
    const picked = choice.offers.find(({ name }) => name === state.picked) ?? choice.offers[0];
    job.set({ value: state.job });
    for (const [name, control] of Object.entries(sliders)) {
      const [min, max] = limits(state, name);
      control.set({ value: name === "height" ? state.size[0] : name === "width" ? state.size[1] : state[name], min, max, step: name === "reach" && !line ? 2 : 1 });
      control.element.hidden = (name === "reach" && !USES_REACH.includes(state.job)) || (name === "height" && line);
    }
    text(sliders.width.element.querySelector(".cb-caption"), line ? "steps" : "width");
    for (const [need, control] of Object.entries(wishes)) {
      control.element.hidden = !known.includes(need);
      control.set(state.needs.includes(need));
    }
    by.set({ value: state.by });
    budget.set({ value: String(state.budget) });
    ridge.set({ value: state.ridge, min: limits(state, "ridge")[0], max: limits(state, "ridge")[1] });
    ridge.element.parentNode.hidden = state.by !== "time";
    said.set(answer(state, choice));
    offers.draw(state, choice, picked?.name);
    card.hidden = !picked;
    if (picked) {
      text(title, `${layerName(picked.name, state.job)}.`);
      text(caution, `Mind: ${warning(picked.name, state.job)}.`);
      text(link, `Chapter ${chapter(picked.name, state.job)}`);
      attr(link, "href", page(chapter(picked.name, state.job)));
      python.set(code(picked, state));
    }
    python.element.closest("details").hidden = !picked;
    const reasons = Object.entries(choice.out);
    outs.hidden = !reasons.length;
    text(outCount, `Fell out: ${show(reasons.length)}`);
    outList.replaceChildren(...reasons.map(([name, why]) => h("li", {}, h("span", {}, `${layerName(name, state.job)}: `), h("span", { class: "cb-muted" }, why))));
  }

  draw();
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); root.remove(); };
}

export default { render };
