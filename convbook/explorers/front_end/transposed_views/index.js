// Direct and transposed convolution in step: builds its parts once, then draws them from the model.

import { alone, button, codeBlock, explorer, fold, h, onWidth, player, status, text, watch, write } from "../base.js";
import { controls } from "./controls.js";
import { agree, exists, layout, placeOf } from "./geometry.js";
import { picture } from "./picture.js";
import { FORMULAS, code, explain, paddingWords, sizeWords } from "./words.js";

const LAYER = ["input_size", "kernel_size", "stride", "padding", "output_padding", "dilation", "input", "kernel", "seed"];
const VIEW = ["view", "walk", "step", "speed", "pinned", "so_far", "linked"];
const TRAITS = [...LAYER, ...VIEW];
const pieces = (line) => line.map((p) => (typeof p === "string" ? p : h("span", { class: `cb-n cb-n-${p.role}` }, p.text)));

function render({ model, el }) {
  const root = explorer(el, { name: "TransposedViews", label: "Direct and transposed convolution, in step" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let hovered = null, focused = null, width = 0, L = layout(start), known = "";

  const stepNow = () => Math.min(model.get("step"), L.count[model.get("walk")] - 1);

  /** A reader's action; step and pin move with it to what is still there. */
  function act(values) {
    const next = { ...read(), ...values }, now = layout(next), fitted = { ...values };
    const last = now.count[next.walk] - 1;
    if (next.step > last) fitted.step = last;
    if (next.pinned.length && !exists(now, next.pinned)) fitted.pinned = [];
    write(model, fitted);
  }

  const stage = picture({
    hover(at) { hovered = at; drawPicture(); },
    focus(at) { focused = at; drawPicture(); },
    pick(at) {
      play.stop();
      act({ pinned: String(model.get("pinned")) === String(at) ? [] : at });
    },
    leave: () => act({ pinned: [] }),
  });
  const settings = controls(read, act);
  const sums = sumBoxes(), facts = sizes(), spoken = status({ hidden: true });
  const python = codeBlock({ label: "The same layer in PyTorch" });
  const play = player({
    label: "step", count: () => L.count[model.get("walk")], index: stepNow, go: (step) => act({ step, pinned: [] }),
    speed: () => model.get("speed"), setSpeed: (speed) => act({ speed }),
  });
  const reset = button({ label: "Reset", press: () => { play.stop(); write(model, start); } });
  const verdict = h("p", { class: "tv-verdict" });
  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Transposed convolution, three ways"), settings.example, reset.element),
    settings.layer, facts.names, h("div", { class: "tv-views cb-quiet" }, settings.view), stage.element, settings.steps, play.element,
    sums.element, verdict, facts.element, fold("The same layer in PyTorch", {}, python.element), spoken.element);

  const drawPicture = alone(() => {
    if (!width) return;
    const state = read(), pinned = state.pinned;
    const at = [hovered, focused, pinned].find((where) => where?.length && exists(L, where)) ?? placeOf(L, state.walk, stepNow());
    stage.draw(L, { at, pinned, step: stepNow(), walk: state.walk, soFar: state.so_far, view: state.view, width });
    const said = explain(L, at, state.view);
    sums.draw(said, `${state.kernel_size}${width}`);
    if (!play.playing() && at !== hovered) spoken.set(said.spoken);
  });

  function draw() {
    const state = read();
    if (known !== (known = JSON.stringify(LAYER.map((name) => state[name])))) {
      L = layout(state);
      facts.draw(L);
      python.set(code(L));
      text(verdict, agree(L) ? `✓ Stamps, zero-insertion and Cᵀ x give the same ${L.count.output} numbers.${inverse(L)}` : "The three views differ.");
    }
    settings.draw(state);
    drawPicture();
    play.draw();
  }

  draw();
  const forget = onWidth(stage.element, (now) => { width = now; drawPicture(); });
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); forget(); play.destroy(); root.remove(); };
}

/** With x = z the two make a round trip, and it brings back a shape only. */
const inverse = ({ state, y, X }) => (state.input === "direct" && String(y) !== String(X) ? " Here x = z = C X, so y = Cᵀ C X: the shape of X is back, its numbers are not." : "");

/** What the place does in each of the two. The boxes grow with the layer, not with the step, so that nothing below them jumps. */
function sumBoxes() {
  const boxes = { transposed: "Transposed", direct: "Direct" };
  const parts = Object.entries(boxes).map(([key, name]) => ({ key, title: h("span", {}), lines: h("div", { class: "cb-sum-lines cb-mono" }),
    name: h("span", { class: "cb-muted" }, `${name}: `) }));
  for (const p of parts) p.element = h("div", { class: `cb-sum tv-sum-${p.key}` }, h("p", { class: "cb-sum-title" }, p.name, p.title), p.lines);
  const element = h("div", { class: "tv-sums" }, parts.map((p) => p.element));
  let layer = "", tallest = 0;
  return { element, draw(said, key) {
    if (layer !== (layer = key)) { tallest = 0; element.style.minHeight = ""; }
    for (const p of parts) {
      const { title, lines } = said[p.key];
      text(p.title, title);
      p.lines.replaceChildren(...lines.filter((line) => line.length).map((line) => h("p", {}, pieces(line))));
    }
    if (element.offsetHeight > tallest) element.style.minHeight = `${(tallest = element.offsetHeight)}px`;
  } };
}

/** The three paddings by name, always in sight; both size formulas with their numbers. */
function sizes() {
  const terms = { p: "the layer's padding: zeros around X, and what is cut from y", border: "the border of zero-insertion", extra: "how much more of y is kept at its far end" };
  const names = Object.entries(terms).map(([key, what]) => ({ key, value: h("b", { class: "cb-mono" }), what: h("span", { class: "cb-muted" }, what) }));
  const axes = ["height", "width"].map((name) => ({ name, trip: h("b", { class: "tv-trip" }), direct: h("span"), transposed: h("span"), rest: h("span", { class: "cb-muted" }) }));
  const line = (title, formula, key) => h("div", { class: "tv-formula" },
    h("p", {}, h("b", {}, title), " ", h("span", { class: "cb-mono" }, formula)),
    axes.map((a) => h("p", {}, h("span", { class: "cb-muted" }, `${a.name} `), h("span", { class: "cb-mono" }, a[key]))));
  return {
    names: h("div", { class: "tv-names", role: "group", "aria-label": "The paddings" }, names.map((n) => h("p", {}, n.value, " ", n.what))),
    element: h("div", { class: "cb-facts tv-facts" },
      line("Direct, X to z:", FORMULAS.direct, "direct"), line("Transposed, x to y:", FORMULAS.transposed, "transposed"),
      h("div", { class: "tv-formula" }, h("p", {}, h("b", {}, "Round trip, X → z and x → y:")), axes.map((a) => h("p", {}, h("span", { class: "cb-muted" }, `${a.name} `), a.trip, " ", a.rest)))),
    draw(L) {
      const said = paddingWords(L);
      for (const n of names) text(n.value, said[n.key]);
      axes.forEach((a, i) => { for (const [key, value] of Object.entries(sizeWords(L.axes[i]))) text(a[key], value); });
    },
  };
}

export default { render };
