// One grid of numbers as SVG: cells that can be pointed at, walked through with the arrow keys, and picked.

import { attr, h, keep, svg, text } from "./base.js";

const SIZE = 40; // one cell, in the units of the drawing
const MARGIN = 20; // room for the numbers of rows and columns
const REST = 18; // room for the words beside what is left over
export const MARGIN_IN_CELLS = MARGIN / SIZE, REST_IN_CELLS = REST / SIZE;
const BADGED = 0.65; // a smaller cell has no room for a badge beside its number
const HATCH = "M0 10L10 0M0 20L20 0M0 30L30 0M0 40L40 0M10 40L40 10M20 40L40 20M30 40L40 30";

/** on: {hover(place or null), focus(place or null), pick(place), type(place, key), leave()}; a place is [row, column]. */
export function grid({ name, label, on }) {
  const frame = svg("rect", { class: "cb-window", rx: 3 });
  const around = svg("g", { "aria-hidden": "true" });
  const table = svg("g", { role: "rowgroup" });
  const picture = svg("svg", { role: "grid", "aria-label": label }, around, table, frame);
  const lines = new Map();
  const heading = h("span", { class: "cb-grid-name" }, label);
  const detail = h("span", { class: "cb-grid-size" });
  const element = h("div", { class: `cb-grid cb-grid-${name}` }, h("div", { class: "cb-grid-title" }, heading, " ", detail), picture);
  let cells = new Map(), shape = "", now = null, current = null;

  const placeAt = (event) => {
    const node = event.target.closest("[data-cell]");
    return node && picture.contains(node) ? node.dataset.cell.split(",").map(Number) : null;
  };

  picture.addEventListener("pointerover", (event) => { if (event.pointerType !== "touch") on.hover(placeAt(event)); });
  picture.addEventListener("pointerleave", () => on.hover(null));
  picture.addEventListener("click", (event) => { const at = placeAt(event); if (at) { rove(at); on.pick(at); } });
  picture.addEventListener("focusin", (event) => { const at = placeAt(event); if (at) { rove(at); on.focus(event.target.matches(":focus-visible") ? at : null); } });
  picture.addEventListener("focusout", () => on.focus(null));
  picture.addEventListener("keydown", (event) => {
    const at = placeAt(event);
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    const { rows, columns } = now;
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
      Home: [0, -Infinity], End: [0, Infinity], PageUp: [-Infinity, 0], PageDown: [Infinity, 0] }[event.key];
    if (step) {
      // Positions, not indices: in a dilated kernel the next cell stands further on.
      const go = (list, from, by) => list[Math.min(list.length - 1, Math.max(0, list.indexOf(from) + by))];
      cells.get(`${go(rows, at[0], step[0])},${go(columns, at[1], step[1])}`)?.node.focus();
    } else if (event.key === "Enter" || event.key === " ") on.pick(at);
    else if (event.key === "Escape") on.leave();
    else if (/^[-\d.−]$/.test(event.key) || event.key === "F2") on.type(at, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function rove(at) {
    if (current) cells.get(current)?.node.setAttribute("tabindex", -1);
    current = String(at);
    cells.get(current)?.node.setAttribute("tabindex", 0);
  }

  /** Rows and columns are lists of positions where cells stand, of height x width places. Cells that stay are kept. */
  function build({ rows, columns, rowAt, columnAt, height, width, rest }) {
    const held = current && cells.get(current)?.node.contains(picture.ownerDocument.activeElement);
    const kept = new Map(), taken = new Set();
    keep(table, rows.map((r) => {
      const line = lines.get(r) ?? svg("g", { role: "row" });
      lines.set(r, line);
      keep(line, columns.map((c) => {
        const key = `${r},${c}`, y = rowAt(r), x = columnAt(c);
        const parts = cells.get(key) ?? newCell(key);
        taken.add(`${y},${x}`);
        kept.set(key, parts);
        attr(parts.node, "transform", `translate(${MARGIN + x * SIZE} ${MARGIN + y * SIZE})`);
        return parts.node;
      }));
      return line;
    }));
    cells = kept;
    const between = [];
    if (taken.size < height * width) for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      if (!taken.has(`${y},${x}`)) between.push(svg("rect", { class: "cb-between", x: MARGIN + x * SIZE + 4, y: MARGIN + y * SIZE + 4, width: SIZE - 8, height: SIZE - 8, rx: 2 }));
    }
    const names = [
      ...rows.map((r) => svg("text", { class: "cb-index", x: MARGIN - 5, y: MARGIN + (rowAt(r) + 0.5) * SIZE, "text-anchor": "end", "dominant-baseline": "central" }, String(r).replace("-", "−"))),
      ...columns.map((c) => svg("text", { class: "cb-index", x: MARGIN + (columnAt(c) + 0.5) * SIZE, y: MARGIN - 6, "text-anchor": "middle" }, String(c).replace("-", "−"))),
    ];
    around.replaceChildren(...[between, names, leftOver(height, width, rest)].flat(2).filter(Boolean));
    attr(picture, "viewBox", `0 0 ${sizeOf(width, rest[0])} ${sizeOf(height, rest[1])}`);
    rove(cells.has(current) ? current.split(",") : [rows.find((r) => r >= 0) ?? rows[0], columns.find((c) => c >= 0) ?? columns[0]]);
    if (held) cells.get(current).node.focus();
  }

  return {
    element,
    /** state: {rows, columns, rowAt, columnAt, height, width, cell: pixels, title, detail, window, look(r, c)};
        rest: rows and columns at the end that are left over; look gives {value, label, is, kind, badge, tint, pinned} of a cell. */
    set(state) {
      now = state = { rest: [0, 0], ...state };
      const next = JSON.stringify([state.rows, state.columns, state.height, state.width, state.rest, state.rows.map(state.rowAt), state.columns.map(state.columnAt)]);
      if (shape !== (shape = next)) build(state);
      const scale = state.cell / SIZE;
      attr(picture, "width", sizeOf(state.width, state.rest[0]) * scale);
      attr(picture, "height", sizeOf(state.height, state.rest[1]) * scale);
      text(heading, state.title);
      text(detail, state.detail);
      picture.style.setProperty("--scale", scale);
      for (const r of state.rows) for (const c of state.columns) paint(cells.get(`${r},${c}`), state.look(r, c), scale);
      attr(frame, "visibility", state.window ? null : "hidden");
      if (state.window) {
        const { r, c, h: tall, w: wide } = state.window;
        const place = { x: MARGIN + state.columnAt(c) * SIZE, y: MARGIN + state.rowAt(r) * SIZE, width: wide * SIZE, height: tall * SIZE };
        for (const [key, value] of Object.entries(place)) attr(frame, key, value);
      }
    },
    focus(at) { cells.get(String(at))?.node.focus(); },
  };
}

function newCell(key) {
  const box = svg("rect", { class: "cb-box", x: 1, y: 1, width: SIZE - 2, height: SIZE - 2, rx: 2 });
  const number = svg("text", { x: SIZE / 2, y: SIZE / 2, "text-anchor": "middle", "dominant-baseline": "central" });
  return { node: svg("g", { role: "gridcell", tabindex: -1, "data-cell": key }, box, number), box, number, badge: null, hatch: null, drawn: {} };
}

/** Rows that are left over are named on the right, columns below. */
const sizeOf = (count, rest) => MARGIN + count * SIZE + (rest ? REST : 0);

function leftOver(height, width, [rows, columns]) {
  const right = MARGIN + width * SIZE, bottom = MARGIN + height * SIZE;
  const y = bottom - rows * SIZE, x = right - columns * SIZE;
  return [
    rows > 0 && [svg("path", { class: "cb-rest", d: `M${right + 2} ${y + 2}h4V${bottom - 2}h-4` }),
      svg("text", { class: "cb-index", "text-anchor": "end", transform: `translate(${right + 16} ${y + 2}) rotate(-90)` }, "left over")],
    columns > 0 && [svg("path", { class: "cb-rest", d: `M${x + 2} ${bottom + 2}v4H${right - 2}v-4` }),
      svg("text", { class: "cb-index", "text-anchor": "end", x: right, y: bottom + 17 }, "left over")],
  ];
}

/** The size of letters in the units of the drawing: `plain`, or what makes `least` pixels where cells are small, if so many of them fit. */
const letters = (count, plain, least, scale) => Math.min(Math.max(plain, least / scale), (SIZE - 4) / (0.62 * Math.max(1, count)));

/** Writes to the page only what is not there already: most cells stay as they are from one step to the next. */
function paint(parts, { value, label, kind, is, badge = "", tint, pinned }, scale) {
  const { node, box, number, drawn } = parts, mark = scale >= BADGED ? badge : "";
  const once = (key, next, write) => { if (drawn[key] !== next) { drawn[key] = next; write(next); } };
  once("class", `cb-cell ${kind ? `cb-${kind}` : ""} ${is ? `cb-is-${is}` : ""} ${pinned ? "cb-pinned" : ""}`, (v) => node.setAttribute("class", v));
  once("label", label, (v) => node.setAttribute("aria-label", v));
  once("selected", pinned ? "true" : "false", (v) => node.setAttribute("aria-selected", v));
  once("value", value, (v) => { number.textContent = v; });
  once("size", letters(value.length, 16, 11, scale), (v) => number.setAttribute("font-size", v.toFixed(1)));
  // Most cells need neither hatch nor badge: they are made when first needed.
  const hatched = kind.startsWith("padding");
  if (hatched && !parts.hatch) box.after(parts.hatch = svg("path", { class: "cb-hatch", d: HATCH }));
  if (mark && !parts.badge) node.append(parts.badge = svg("text", { class: "cb-badge", x: SIZE - 4, y: SIZE - 5, "text-anchor": "end" }));
  once("badge", mark, (v) => {
    if (parts.badge) parts.badge.textContent = v;
    number.setAttribute("y", v ? SIZE / 2 - 5 : SIZE / 2);
  });
  if (mark) once("badge size", letters(mark.length, 10, 10, scale), (v) => parts.badge.setAttribute("font-size", v.toFixed(1)));
  once("tint", tint, (v) => box.setAttribute("fill-opacity", v));
}
