// The answer as a table: a row an offer, the cheapest first; a column a quantity, with a bar for the one that counts.

import { attr, h, keep, show, text } from "../base.js";
import { share } from "./geometry.js";
import { layerName, ratio, short } from "./words.js";

const HEADS = { params: "weights", macs: "MACs", bytes: "bytes", time: "time" };

/** on: {pick(name)}. */
export function table(on) {
  const heads = Object.fromEntries(Object.entries(HEADS).map(([quantity, head]) => [quantity, h("th", { scope: "col", "data-quantity": quantity }, head)]));
  const rows = {}, body = h("tbody");
  const element = h("table", { class: "cb-costs lc-table" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "layer"), Object.values(heads))), body);

  function row(name) {
    const button = h("button", { type: "button", class: "lc-name", "aria-pressed": "false", onclick: () => on.pick(name) }), bar = h("span", { class: "cb-bar" });
    const cells = Object.fromEntries(Object.keys(HEADS).map((quantity) => {
      const value = h("span", { class: "cb-cost" }), against = h("span", { class: "cb-cost-ratio" });
      return [quantity, { value, against, element: h("td", { "data-quantity": quantity }, value, " ", against) }];
    }));
    return { button, bar, cells, element: h("tr", { "data-layer": name }, h("th", { scope: "row" }, button, h("span", { class: "cb-bar-track", "aria-hidden": "true" }, bar)), Object.values(cells).map((c) => c.element)) };
  }

  function draw(state, { plain, offers }, picked) {
    const names = offers.map(({ name }) => name);
    for (const name of names) rows[name] ??= row(name);
    keep(body, names.map((name) => rows[name].element));
    element.hidden = !names.length;
    for (const [quantity, head] of Object.entries(heads)) attr(head, "data-chosen", quantity === state.by);
    const values = offers.map((offer) => offer[state.by]);
    for (const offer of offers) {
      const { button, bar, cells, element: line } = rows[offer.name];
      text(button, layerName(offer.name, state.job));
      attr(button, "aria-pressed", String(offer.name === picked));
      attr(line, "data-picked", offer.name === picked);
      attr(bar, "style", `width: ${(100 * share(offer[state.by], values)).toFixed(2)}%`);
      for (const [quantity, { value, against, element: cell }] of Object.entries(cells)) {
        attr(cell, "data-chosen", quantity === state.by);
        text(value, quantity === "time" ? "" : short(offer[quantity]));
        attr(value, "title", quantity === "time" ? null : show(offer[quantity]));
        text(against, offer.name === plain.name ? (quantity === "time" ? "1" : "plain") : ratio(offer[quantity], plain[quantity]));
      }
    }
  }
  return { element, draw };
}
