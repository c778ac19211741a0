// A slider and a number field for a number that need not be whole.

import { attr, errorLine, field, h, parseNumber, show } from "./base.js";

/** set({value, min, max, disabled}); `step` is that of the slider and of the arrow keys, typed numbers may have `digits`. */
export function decimal({ label, caption = label, step, digits = 2, input }) {
  let now = { value: 0, min: 0, max: 1 };
  const error = errorLine(), trim = (value) => Math.round(value * 10 ** digits) / 10 ** digits || 0;
  const range = h("input", { type: "range", step, "aria-label": label, oninput: () => input(trim(Number(range.value))) });
  const read = (typed) => {
    const value = parseNumber(typed), fits = `type a number from ${show(now.min)} to ${show(now.max)}`;
    if (Number.isNaN(value)) return { error: `${label}: “${typed.trim()}” is not a number; ${fits}.` };
    return value >= now.min && value <= now.max ? { value: trim(value) } : { error: `${label}: ${show(value)} does not fit; ${fits}.` };
  };
  const number = field({ label: `${label}, number`, read, format: (v) => show(v, digits), input, error, size: 4, keydown: (event, commit) => {
    const by = { ArrowUp: step, ArrowDown: -step }[event.key];
    if (event.key === "Enter") commit();
    if (!by) return;
    event.preventDefault();
    const value = trim(Math.min(now.max, Math.max(now.min, now.value + by)));
    if (value !== now.value) { number.element.value = show(value, digits); commit(); }
  } });
  const element = h("div", { class: "cb-slider" }, h("span", { class: "cb-caption", "aria-hidden": "true" }, caption), range, number.element, error.element);
  return { element, set(state) {
    now = { ...now, ...state };
    attr(range, "min", now.min);
    attr(range, "max", now.max);
    range.disabled = number.element.disabled = Boolean(now.disabled);
    if (Number(range.value) !== now.value) range.value = now.value;
    number.set(now.value);
  } };
}
