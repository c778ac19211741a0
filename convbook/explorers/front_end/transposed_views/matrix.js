// The third view: C of the direct convolution, and y = Cᵀ x, as coloured cells; numbers where they have room.

import { attr, h, svg, text } from "../base.js";
import { minus } from "../one_channel.js";

const READABLE = 17; // a cell this large can hold a number

/** on: {hover(place or null), pick(place)}; draw(L, {at, walk, shown: texts of y, width}). */
export function matrices(on) {
  const left = sheet("C, of the direct convolution"), right = sheet("y = Cᵀ x");
  const element = h("div", { class: "tv-matrices" }, left.element, right.element);
  let built = "", L, walk;

  function build(width) {
    const small = L.count.input, big = L.count.output, gap = 26;
    const together = Math.floor((width - 40 - 2 * gap) / (big + small + 2));
    const beside = together >= READABLE;
    const C = Math.min(22, beside ? together : Math.floor((width - 6) / big));
    const T = beside ? C : big <= 30 ? READABLE : Math.max(8, Math.floor(440 / big));
    left.build([{ name: "C", rows: small, columns: big, value: (a, b) => L.C[a][b], role: "kernel", group: [L.columns.n, L.columns.o] }], C, gap,
      `${small} × ${big}`);
    right.build([
      { name: "y", rows: big, columns: 1, role: "output", group: [L.columns.o, 0] }, "=",
      { name: "T", rows: big, columns: small, value: (b, a) => L.C[a][b], role: "kernel", group: [L.columns.o, L.columns.n] }, "·",
      { name: "x", rows: small, columns: 1, value: (a) => L.x.flat()[a], role: "input", group: [L.columns.n, 0] },
    ], T, gap, `${big} × ${small}`);
    attr(left.picture, "aria-label", `The matrix C: ${small} rows, one for each number of z, and ${big} columns, one for each number of X. Each row holds the kernel's ${L.rows.k * L.columns.k} weights.`);
    attr(right.picture, "aria-label", `The transposed matrix, ${big} rows and ${small} columns, times the ${small} numbers of x gives the ${big} numbers of y.`);
  }

  for (const side of [left, right]) {
    const place = (event) => {
      const found = side.at(event);
      if (!found) return null;
      const { name, row, column } = found;
      const input = { C: row, T: column, x: row }[name], output = { C: column, T: row, y: row }[name];
      const where = output === undefined || (input !== undefined && walk === "input") ? ["input", input, L.columns.n] : ["output", output, L.columns.o];
      return [where[0], Math.floor(where[1] / where[2]), where[1] % where[2]];
    };
    side.picture.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") on.hover(place(event)); });
    side.picture.addEventListener("pointerleave", () => on.hover(null));
    side.picture.addEventListener("click", (event) => { const at = place(event); if (at) on.pick(at); });
  }

  return { element, draw(now, { at: [grid, r, c], walk: over, shown, width }) {
    const key = JSON.stringify([now.C, now.x, width]);
    L = now;
    walk = over;
    if (built !== (built = key)) build(width);
    right.write("y", shown.flat());
    const inside = grid === "input" || (r >= 0 && c >= 0 && r < L.rows.o && c < L.columns.o);
    const index = r * (grid === "input" ? L.columns.n : L.columns.o) + c;
    left.frame(inside && (grid === "input" ? { C: ["row", index] } : { C: ["column", index] }));
    right.frame(inside && (grid === "input" ? { T: ["column", index], x: ["row", index] } : { T: ["row", index], y: ["row", index] }));
  } };
}

/** One picture of matrices in a row, with signs between them. */
function sheet(title) {
  const body = svg("g"), frames = svg("g");
  const picture = svg("svg", { class: "tv-sheet", role: "img" }, body, frames);
  const size = h("span", { class: "cb-grid-size" });
  const element = h("div", { class: "tv-block" }, h("p", {}, h("span", { class: "cb-grid-name" }, title), " ", size), h("div", { class: "tv-scroll" }, picture));
  let blocks = {}, cell = 10;

  function build(list, side, gap, said) {
    cell = side;
    blocks = {};
    let x = 1, tall = 0;
    const parts = [];
    for (const block of list) {
      if (typeof block === "string") { parts.push(svg("text", { x: x + gap / 2, y: 18, "text-anchor": "middle", class: "tv-times" }, block)); x += gap; continue; }
      const { name, rows, columns, value, role, group } = block;
      const most = value ? Math.max(1e-9, ...Array.from({ length: rows * columns }, (_, i) => Math.abs(value(Math.floor(i / columns), i % columns)))) : 1;
      const texts = [], cells = [];
      for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
        const v = value ? value(r, c) : 0, at = { x: x + c * cell, y: 1 + r * cell };
        const zero = role === "kernel" && v === 0;
        if (!zero) cells.push(svg("rect", { ...at, width: cell, height: cell, class: `tv-entry tv-${role}${v < 0 ? " tv-negative" : ""}`, "fill-opacity": role === "kernel" ? (v < 0 ? 0.08 : 0.2 + 0.45 * Math.abs(v) / most).toFixed(2) : 0.18 }));
        if (!zero && (cell >= READABLE || !value)) {
          const node = svg("text", { x: at.x + cell / 2, y: at.y + cell / 2, class: "tv-number" });
          letters(node, value ? minus(v) : "");
          texts.push(node);
        }
      }
      let lines = "";
      for (let r = 0; r <= rows; r++) if (r === 0 || r === rows || (group[0] && r % group[0] === 0)) lines += `M${x} ${1 + r * cell}h${columns * cell}`;
      for (let c = 0; c <= columns; c++) if (c === 0 || c === columns || (group[1] && c % group[1] === 0)) lines += `M${x + c * cell} 1v${rows * cell}`;
      parts.push(...cells, svg("path", { class: "tv-lines", d: lines }), ...texts);
      blocks[name] = { x, rows, columns, texts };
      x += columns * cell;
      tall = Math.max(tall, rows * cell);
    }
    body.replaceChildren(...parts);
    attr(picture, "viewBox", `0 0 ${x + 1} ${tall + 2}`);
    attr(picture, "width", x + 1);
    attr(picture, "height", tall + 2);
    text(size, said);
  }

  const letters = (node, value) => {
    text(node, cell >= READABLE || value === "?" ? value : "");
    attr(node, "font-size", Math.min(cell * 0.65, cell * 1.45 / Math.max(1, value.length)).toFixed(1));
  };

  return {
    element, picture, build,
    write: (name, values) => blocks[name].texts.forEach((node, i) => letters(node, values[i])),
    /** {name: ["row" or "column", index]} */
    frame(marked) {
      frames.replaceChildren(...Object.entries(marked || {}).map(([name, [along, index]]) => {
        const { x, rows, columns } = blocks[name];
        const at = along === "row" ? { x, y: 1 + index * cell, width: columns * cell, height: cell } : { x: x + index * cell, y: 1, width: cell, height: rows * cell };
        return svg("rect", { ...at, class: "tv-frame" });
      }));
    },
    at(event) {
      const box = picture.getBoundingClientRect();
      const px = event.clientX - box.left, py = event.clientY - box.top;
      for (const [name, { x, rows, columns }] of Object.entries(blocks)) {
        const row = Math.floor((py - 1) / cell), column = Math.floor((px - x) / cell);
        if (row >= 0 && row < rows && column >= 0 && column < columns) return { name, row, column };
      }
      return null;
    },
  };
}
