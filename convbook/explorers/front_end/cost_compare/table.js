// The table: a row a kind, a column a quantity, each number with its bar and its ratio to the standard layer's.

import { attr, h, keep, show, text } from "../base.js";
import { KINDS, QUANTITIES, fits, ordered, share } from "./geometry.js";
import { UNITS, kindName, ratio, short } from "./words.js";

const HEADS = { params: "weights", macs: "MACs", bytes: "bytes", intensity: "FLOPs / byte" };

/** on: {pick(kind), turn(quantity)}. */
export function table(on) {
  const rows = Object.fromEntries(KINDS.map((kind) => {
    const name = h("button", { type: "button", class: "cc-name", "aria-pressed": "false", onclick: () => on.pick(kind) });
    const note = h("span", { class: "cc-shape" });
    const cells = Object.fromEntries(QUANTITIES.map((quantity) => {
      const bar = h("span", { class: "cb-bar" }), value = h("span", { class: "cb-cost" }), against = h("span", { class: "cb-cost-ratio" });
      return [quantity, { bar, value, against, element: h("td", { "data-quantity": quantity }, h("span", { class: "cb-bar-track", "aria-hidden": "true" }, bar), value, " ", against) }];
    }));
    return [kind, { name, note, cells, element: h("tr", { "data-kind": kind }, h("th", { scope: "row" }, name, note), Object.values(cells).map((c) => c.element)) }];
  }));
  const heads = Object.fromEntries(QUANTITIES.map((quantity) => [quantity, h("th", { scope: "col", "data-quantity": quantity }, HEADS[quantity])]));
  const body = h("tbody");
  const element = h("table", { class: "cb-costs cc-table" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "kind"), Object.values(heads))), body);

  /** hidden: the quantity that the reader is asked about, whose column stays shut. */
  function draw(state, costs, hidden) {
    const there = ordered(costs, state.quantity, state.sort && !hidden);
    keep(body, there.map((kind) => rows[kind].element));
    for (const quantity of QUANTITIES) {
      const values = there.map((kind) => costs[kind][quantity]), log = state.scale === "log", shut = hidden === quantity || (hidden && quantity === "intensity") || (hidden === "intensity");
      attr(heads[quantity], "data-chosen", quantity === state.quantity);
      for (const kind of there) {
        const { bar, value, against, element: cell } = rows[kind].cells[quantity], v = costs[kind][quantity];
        attr(cell, "data-chosen", quantity === state.quantity);
        attr(bar, "style", `width: ${shut ? 0 : (100 * share(v, values, log)).toFixed(2)}%`);
        text(value, shut ? "?" : short(v));
        attr(value, "title", shut ? null : `${show(v, 2)} ${UNITS[quantity]}`);
        text(against, shut || kind === "standard" ? "" : ratio(v, costs.standard[quantity]));
      }
    }
    for (const kind of there) {
      const { name, note, element: row } = rows[kind], own = fits(costs, kind);
      text(name, kindName(kind, state));
      attr(name, "aria-pressed", String(state.picked === kind));
      text(note, own ? "" : `gives ${costs[kind].output.join(" × ")}`);
      attr(row, "data-other", !own);
      attr(row, "data-picked", state.picked === kind);
    }
  }
  return { element, draw };
}
