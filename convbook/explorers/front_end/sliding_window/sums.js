// Under the picture: the sum with its numbers, the size formula filled in, the totals, the code.

import { codeBlock, fold, h, status, text } from "../base.js";
import { SIZE_FORMULA, code, explain, sizeWords, totals } from "./words.js";

const pieces = (line) => line.map((p) => (typeof p === "string" ? p : h("span", { class: `cb-n cb-n-${p.role}` }, p.text)));

/** The sum, or what a cell feeds. Its box grows with the layer, not with the step, so that nothing below it jumps. */
export function sumBox() {
  const title = h("p", { class: "cb-sum-title" });
  const lines = h("div", { class: "cb-sum-lines" });
  const spoken = status({ hidden: true });
  const element = h("div", { class: "cb-sum" }, title, lines);
  let drawn = "", layer = "", tallest = 0;
  return {
    element, spoken: spoken.element,
    draw(L, at, { quiet, width }) {
      const said = explain(L, at);
      const key = JSON.stringify(said);
      const size = `${[L.rows.k, L.columns.k, width]}`;
      if (layer !== (layer = size)) { tallest = 0; element.style.minHeight = ""; }
      if (drawn !== (drawn = key)) {
        text(title, said.title);
        lines.className = `cb-sum-lines ${at[0] === "output" ? "cb-mono" : ""}`;
        // A long sum is written smaller before it is broken.
        const letters = Math.max(...said.lines.map((line) => line.reduce((sum, p) => sum + (p.text ?? p).length, 0)));
        lines.style.fontSize = at[0] === "output" ? `${Math.max(10, Math.min(14, (width - 30) / (letters * 0.61)))}px` : "";
        lines.replaceChildren(...said.lines.map((line) => h("p", {}, ...pieces(line))));
      }
      const tall = element.offsetHeight;
      if (tall > tallest) element.style.minHeight = `${(tallest = tall)}px`;
      if (!quiet) spoken.set(said.spoken);
    },
  };
}

export function sizes() {
  const axes = ["height", "width"].map(() => ({ name: h("dt"), formula: h("span"), result: h("b", { class: "cb-n cb-n-output" }), rest: h("span", { class: "cb-muted" }) }));
  const facts = [0, 1, 2].map(() => ({ name: h("dt"), value: h("b"), how: h("span", { class: "cb-muted" }) }));
  const python = codeBlock({ label: "The same layer in PyTorch" });
  const element = h("div", { class: "cb-facts" },
    h("p", { class: "cb-formula" }, h("span", { class: "cb-mono" }, SIZE_FORMULA), h("span", { class: "cb-muted" }, " on each axis: n input, k kernel, p padding, s stride, d dilation")),
    h("dl", { class: "cb-sizes" }, axes.map((a) => [a.name, h("dd", {}, h("span", { class: "cb-mono" }, a.formula, a.result), " ", a.rest)])),
    h("dl", { class: "cb-totals" }, facts.map((f) => h("div", {}, f.name, h("dd", {}, f.value, " ", f.how)))));
  return {
    element,
    code: fold("The same layer in PyTorch", {}, python.element),
    draw(L) {
      axes.forEach((nodes, a) => { for (const [key, value] of Object.entries(sizeWords(L.axes[a]))) text(nodes[key], value); });
      totals(L).forEach((fact, i) => { for (const [key, value] of Object.entries(fact)) text(facts[i][key], value); });
      python.set(code(L));
    },
  };
}
