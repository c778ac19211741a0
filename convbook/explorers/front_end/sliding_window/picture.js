// The picture: input, kernel and output side by side, marked for the place that is looked at.

import { attr, h } from "../base.js";
import { arrange, gapFor, minus } from "../one_channel.js";
import { inputAt, marks } from "./geometry.js";
import { MARGIN_IN_CELLS, REST_IN_CELLS, grid } from "../grid.js";
import { cellLabel } from "./words.js";

const numbers = (low, high) => Array.from({ length: high - low }, (_, i) => low + i);
const largest = (rows) => Math.max(1e-9, ...rows.flat().map(Math.abs));
const size = (a, b) => `${a} × ${b}`;

/** on(grid) gives the listeners of one grid. */
export function picture(on) {
  const input = grid({ name: "input", label: "Input", on: on("input") });
  const kernel = grid({ name: "kernel", label: "Kernel", on: on("kernel") });
  const output = grid({ name: "output", label: "Output", on: on("output") });
  const sign = (text) => h("span", { class: "cb-sign", "aria-hidden": "true" }, text);
  const element = h("div", { class: "cb-stage" }, input.element, sign("∗"), kernel.element, sign("="), output.element);
  const grids = { input, kernel, output };

  function draw(L, { at, pinned, shown, width }) {
    const { rows, columns, state } = L;
    const turn = state.true_convolution;
    const found = marks(L, at);
    const { way, cell } = arrange(width, [columns.padded + (rows.remainder ? REST_IN_CELLS : 0), columns.span, columns.o], { margin: MARGIN_IN_CELLS });
    attr(element, "data-way", way);
    const most = { input: largest(L.x), kernel: largest(L.w), output: largest(L.y) };
    const look = (name, value, r, c, kind) => ({
      value: minus(value), label: cellLabel(L, name, r, c), kind,
      is: found[name].get(`${r},${c}`)?.is, badge: found[name].get(`${r},${c}`)?.badge,
      tint: (0.26 * Math.abs(value) / most[name]).toFixed(3),
      pinned: pinned.length > 0 && String(pinned) === `${name},${r},${c}`,
    });

    input.set({
      cell, title: "Input", detail: size(rows.n, columns.n) + (rows.padded > rows.n || columns.padded > columns.n ? ` in ${size(rows.padded, columns.padded)}` : ""),
      rows: numbers(-rows.before, rows.n + rows.after), columns: numbers(-columns.before, columns.n + columns.after),
      rowAt: (r) => r + rows.before, columnAt: (c) => c + columns.before, height: rows.padded, width: columns.padded,
      window: found.window, rest: [rows.remainder, columns.remainder],
      look(r, c) {
        const here = inputAt(L, r, c);
        return look("input", here.value, r, c, `${here.padding ? "padding" : "number"}${here.read ? "" : " cb-unread"}`);
      },
    });

    const along = (axis) => numbers(0, axis.k).map((_, i) => (turn ? axis.k - 1 - i : i));
    const tapAt = (axis) => (i) => axis.d * (turn ? axis.k - 1 - i : i);
    kernel.set({
      cell, title: turn ? "Kernel, turned" : "Kernel", detail: size(rows.k, columns.k) + (rows.d > 1 || columns.d > 1 ? ` in ${size(rows.span, columns.span)}` : ""),
      rows: along(rows), columns: along(columns), rowAt: tapAt(rows), columnAt: tapAt(columns), height: rows.span, width: columns.span,
      look: (r, c) => look("kernel", L.w[r][c], r, c, "number"),
    });

    output.set({
      cell, title: "Output", detail: size(rows.o, columns.o),
      rows: numbers(0, rows.o), columns: numbers(0, columns.o), rowAt: (r) => r, columnAt: (c) => c, height: rows.o, width: columns.o,
      look(r, c) {
        const hidden = r * columns.o + c > shown;
        const cell = look("output", L.y[r][c], r, c, hidden ? "hidden" : "number");
        return hidden ? { ...cell, value: "?", tint: "0.000", label: `Output row ${r}, column ${c}: not reached yet` } : cell;
      },
    });
    element.style.setProperty("--cell", `${cell}px`);
    element.style.setProperty("--gap", `${gapFor(width)}px`);
  }

  return { element, draw, focus: ([name, r, c]) => grids[name].focus([r, c]) };
}
