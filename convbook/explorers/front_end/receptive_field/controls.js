// A line of controls for each layer, the table of what each layer sees, and a prediction to type.
import { attr, button, h, parseNumber, select, show, text } from "../base.js";
import { LIMITS, added, changed, choices, legal, moved, padding, paddingAfter, removed, rows } from "./geometry.js";

const PARTS = { k: "taps k", s: "stride s", p: "padding p", d: "dilation d" };

/** Controls of the stack; change(layers) is called with a stack that fits the input. */
export function stackControls({ change }) {
  let layers = [], n = 0;
  const lines = Array.from({ length: LIMITS.layers[1] }, (_, i) => {
    const set = (name) => (value) => change(changed(layers, i, name, /^\d+$/.test(value) ? Number(value) : value));
    const kind = select({ label: `Layer ${i + 1}, kind`, caption: "", input: set("kind") });
    const parts = Object.entries(PARTS).map(([name, full]) =>
      [name, select({ label: `Layer ${i + 1}, ${full}`, caption: name, input: set(name) })]);
    const earlier = button({ label: `Move layer ${i + 1} down, towards the input`, caption: "↓", press: () => change(moved(layers, i, -1)) });
    const later = button({ label: `Move layer ${i + 1} up, towards the output`, caption: "↑", press: () => change(moved(layers, i, 1)) });
    const gone = button({ label: `Remove layer ${i + 1}`, caption: "✕", press: () => change(removed(layers, i)) });
    const name = h("span", { class: "rf-name" });
    const element = h("div", { class: "rf-layer", role: "group", "aria-label": `Layer ${i + 1}` },
      name, kind.element, h("span", { class: "rf-parts" }, parts.map(([, control]) => control.element)),
      h("span", { class: "rf-moves" }, later.element, earlier.element, gone.element));
    return { element, draw() {
      element.hidden = i >= layers.length;
      if (element.hidden) return;
      text(name, String(i + 1));
      kind.set({ value: layers[i].kind, options: choices(layers, n, i, "kind").map((value) => ({ value })) });
      for (const [part, control] of parts) {
        const options = choices(layers, n, i, part).map((value) =>
          ({ value: String(value), text: typeof value === "string" ? `${value} (${padding({ ...layers[i], p: value })})` : String(value) }));
        control.set({ value: String(layers[i][part]), options });
      }
      const fits = (stack) => legal(stack, n);
      earlier.set({ disabled: i === 0 || !fits(moved(layers, i, -1)) });
      later.set({ disabled: i === layers.length - 1 || !fits(moved(layers, i, 1)) });
      gone.set({ disabled: layers.length === LIMITS.layers[0] || !fits(removed(layers, i)) });
    } };
  });
  const add = button({ label: "Add a layer", press: () => change(added(layers)) });
  // The last layer stands on top, as in the picture.
  const element = h("fieldset", { class: "rf-layers" }, h("legend", {}, "Layers, as in the picture: the input is below"),
    [...lines].reverse().map((line) => line.element),
    h("div", { class: "cb-row" }, add.element, h("span", { class: "cb-note cb-quiet" }, "Only what leaves a unit in every row is offered; a longer input allows more.")));
  return { element, set(now, length) {
    const held = element.ownerDocument.activeElement;
    layers = now;
    n = length;
    for (const line of lines) line.draw();
    add.set({ disabled: layers.length === LIMITS.layers[1] });
    // The line that had the focus is gone: the reader goes on from here.
    if (element.contains(held) && held.closest("[hidden]")) add.element.focus();
  } };
}

/** The numbers of each row, with the formulas filled in; `blind` leaves them for the reader to find. */
export function numbers() {
  const body = h("tbody");
  const element = h("div", { class: "rf-scroll" }, h("table", { class: "rf-table" },
    h("thead", {}, h("tr", {}, ["row", "units", "field r", "jump j", "start"].map((name) => h("th", { scope: "col" }, name)))), body));
  return { element, set(layers, n, blind) {
    const all = rows(layers, n);
    const cells = (name, row, hide) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, show(row.n)),
      [row.size, row.jump, row.start].map((value) => h("td", {}, hide ? "?" : show(value))));
    body.replaceChildren(cells("input", all[0], false), ...layers.flatMap((layer, l) => {
      const { k, s, d } = layer, p = padding(layer), below = all[l], now = all[l + 1];
      const pads = layer.p === "causal" ? `${p} + ${paddingAfter(layer)}` : `2·${p}`;
      const line = cells(layer.name ? `${l + 1} ${layer.name}` : `layer ${l + 1}`, now, blind);
      const signed = below.start < 0 ? `(${show(below.start)})` : show(below.start);
      return blind ? [line] : [line, h("tr", { class: "rf-how" }, h("td", { colspan: 5 }, [
        `r = ${below.size} + ${d}·(${k} − 1)·${below.jump} = ${now.size}`,
        `j = ${below.jump}·${s} = ${now.jump}`,
        `start = ${signed} + (${d}·(${k} − 1)/2 − ${p})·${below.jump} = ${show(now.start)}`,
        `units = ⌊(${below.n} + ${pads} − ${d}·(${k} − 1) − 1)/${s}⌋ + 1 = ${now.n}`,
      ].map((formula) => h("span", {}, formula))))];
    }));
  } };
}

/** Asks for the field of the top row before it is shown; tried(guess) gives what to say about a guess. */
export function prediction({ tried, giveUp }) {
  const answer = h("input", { type: "text", inputmode: "numeric", autocomplete: "off", "aria-label": "Your prediction, in pixels" });
  const said = h("p", { class: "rf-verdict", role: "status" });
  const element = h("form", { class: "rf-predict", onsubmit: (event) => {
    event.preventDefault();
    const guess = parseNumber(answer.value);
    const read = Number.isInteger(guess) && guess > 0;
    attr(answer, "aria-invalid", !read && "true");
    text(said, read ? tried(guess) : `“${answer.value.trim()}” is not a whole number of pixels: write digits, as in 12.`);
  } },
    h("p", {}, "How many input pixels does one unit of the top row see, from the first to the last? Only the links to the row below are drawn."),
    h("div", { class: "cb-row" }, answer, h("button", { type: "submit", class: "cb-main" }, "Check"), button({ label: "Show me", press: giveUp }).element), said);
  return { element, clear() { answer.value = ""; attr(answer, "aria-invalid", null); text(said, ""); }, say: (message) => text(said, message) };
}
