// A layer's traits as pairs of sliders, height and width, that can go together.

import { errorLine, h, slider, text } from "./base.js";
import { AXES, changed } from "./one_channel.js";

/** rows: [{name, label, caption}]; `bounds` are those of each trait, `rules` what `legality` gives. from(state, name) is the state that
    a slider starts from, where a trait is no pair of numbers. draw(state, notes) takes a remark under a row, by name. */
export function sideSliders(rows, { read, act, rules: { limits, fault }, bounds, from = (state) => state }) {
  const axisOf = (state, name, axis) => (state.linked && limits(state, name, null)[0] !== undefined ? null : axis);
  const lines = rows.map(({ name, label, caption = label }) => {
    const errors = AXES.map(errorLine);
    const pair = AXES.map((side, axis) => slider({ error: errors[axis], label: `${label} ${side}`, caption: side[0], input(value) {
      const state = from(read(), name), next = changed(state, name, axisOf(state, name, axis), value);
      act({ [name]: next[name], input: next.input, kernel: next.kernel });
    } }));
    const note = h("span", { class: "cb-note" });
    const element = h("div", { class: "cb-setting", role: "group", "aria-label": label }, h("span", { class: "cb-setting-name", "aria-hidden": "true" }, caption),
      pair.map((s) => s.element), note, errors.map((e) => e.element));
    return { name, pair, note, element };
  });
  function draw(now, notes = {}) {
    for (const { name, pair, note } of lines) {
      const state = from(now, name), [low, high] = bounds[name];
      pair.forEach((control, a) => {
        const axis = axisOf(state, name, a), [min, max] = limits(state, name, axis), value = state[name][a];
        control.set({ value, min: Math.min(min, value), max: Math.max(max, value),
          why: (other) => (other >= low && other <= high ? fault(changed(state, name, axis, other))?.reason : null) });
      });
      text(note, notes[name] ?? "");
    }
  }
  return { elements: lines.map((line) => line.element), draw };
}
