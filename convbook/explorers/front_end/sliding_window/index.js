// The sliding window: builds its parts once, then draws them from the model.

import { alone, button, explorer, h, onWidth, player, watch, write } from "../base.js";
import { controls, editor } from "./controls.js";
import { exists, layout, placeOf } from "./geometry.js";
import { picture } from "./picture.js";
import { sizes, sumBox } from "./sums.js";

const LAYER = ["input_size", "kernel_size", "stride", "padding", "dilation", "padding_mode", "true_convolution", "input", "kernel", "seed"];
const VIEW = ["step", "speed", "pinned", "linked", "hide_later"];
const TRAITS = [...LAYER, ...VIEW];

function render({ model, el }) {
  const root = explorer(el, { name: "SlidingWindow", label: "Sliding window: a convolution, cell by cell" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let hovered = null, focused = null, width = 0, L = layout(start), known = "";

  const stepNow = () => Math.min(model.get("step"), L.count - 1);
  const pinNow = () => (exists(L, model.get("pinned")) ? model.get("pinned") : []);

  /** A reader's action; step and pin move with it to what is still there. */
  function act(values) {
    const next = { ...read(), ...values };
    const changed = layout(next);
    const fitted = { ...values };
    if (next.step >= changed.count) fitted.step = changed.count - 1;
    if (next.pinned.length && !exists(changed, next.pinned)) fitted.pinned = [];
    write(model, fitted);
  }

  function pin(at) {
    const same = String(pinNow()) === String(at);
    const step = at[0] === "output" ? { step: at[1] * L.columns.o + at[2] } : {};
    play.stop();
    act({ pinned: same ? [] : at, ...step });
  }

  const on = (grid) => ({
    hover(at) { hovered = at && [grid, ...at]; drawPicture(); },
    focus(at) { focused = at && [grid, ...at]; drawPicture(); },
    pick: (at) => pin([grid, ...at]),
    leave: () => act({ pinned: [] }),
    type(at, key) {
      act({ pinned: [grid, ...at] });
      draw();
      if (grid !== "output") numbers.begin(key);
    },
  });

  const stage = picture(on);
  const sum = sumBox();
  const facts = sizes();
  const settings = controls(read, act);
  const numbers = editor(read, act, { done: () => { const at = pinNow(); if (at.length) stage.focus(at); } });
  const play = player({
    label: "output", count: () => L.count, index: stepNow, go: (step) => act({ step, pinned: [] }),
    speed: () => model.get("speed"), setSpeed: (speed) => act({ speed }),
  });
  const reset = button({ label: "Reset", press: () => { play.stop(); write(model, start); } });

  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Sliding window"), settings.example, reset.element),
    settings.layer, stage.element, play.element, sum.element, sum.spoken, numbers.element, facts.element, settings.values, facts.code);

  const drawPicture = alone(() => {
    if (!width) return;
    const pinned = pinNow();
    const at = [hovered, focused, pinned].find((place) => place && exists(L, place)) ?? placeOf(L, stepNow());
    stage.draw(L, { at, pinned, shown: model.get("hide_later") ? stepNow() : Infinity, width });
    sum.draw(L, at, { quiet: play.playing() || at === hovered, width });
  });

  function draw() {
    const state = read();
    const layer = JSON.stringify(LAYER.map((name) => state[name]));
    if (known !== (known = layer)) L = layout(state);
    settings.draw(state);
    facts.draw(L);
    drawPicture();
    numbers.draw(L, pinNow());
    play.draw();
  }

  draw();
  const forget = onWidth(stage.element, (now) => { width = now; drawPicture(); });
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); forget(); play.destroy(); root.remove(); };
}

export default { render };
