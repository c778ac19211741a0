// The same wires as matrices: weights where a filter reads a channel, blanks elsewhere; and their product, which counts paths.

import { h, svg } from "../base.js";

const SIGN = 20, LEAST = 66, CELLS = [10, 16], READABLE = 17; // a cell this large can hold a count

/** on: {hover(place or null), pick(place)}. A row of a weight matrix is an output of its layer. */
export function matrices(on) {
  const element = h("div", { class: "cw-matrices" });
  let parts = [];

  /** `secret`: the product is not shown. */
  function build(L, width, secret) {
    const last = L.rows.length - 1;
    const all = [
      ...L.info.map((layer, l) => ({ name: L.info.length > 1 ? `W${"₁₂₃"[l]}` : "W", detail: layer.kind, rows: layer.D, columns: layer.C, role: "kernel", at: (i, j) => layer.matrix[i][j], groups: layer.G,
        row: l + 1, from: l, channel: (j) => (l === 1 && L.order ? L.order[j] : j), said: `Weights of layer ${l + 1}: ${layer.D} rows of ${layer.C}, in ${layer.G} block${layer.G > 1 ? "s" : ""} of ${layer.D / layer.G} by ${layer.C / layer.G}.` })).reverse(),
    ];
    if (L.order) all.splice(all.length - 1, 0, { name: "P", detail: "shuffle", rows: L.rows[1], columns: L.rows[1], role: "ink", at: (i, j) => Number(L.order[i] === j), row: 1, from: 1, channel: (j) => j, place: (i) => L.order[i], said: `The shuffle as a permutation matrix: row p has its 1 in the column of the channel that moves to place p, ${L.order.join(", ")}.` });
    const product = { name: all.length > 1 ? "paths" : "paths = W", detail: "output from input", rows: L.rows[last], columns: L.rows[0], role: "output", at: (i, j) => L.paths[i][j], row: last, from: 0, channel: (j) => j, secret,
      said: `How many paths lead to each output (row) from each input (column): ${secret ? "hidden until you check" : L.paths.map((row) => row.join(" ")).join("; ")}.` };
    if (all.length > 1) all.push(product);
    // The largest cells that put all of them in one row; on a phone two in a row.
    const cellOf = (m, cell) => (m === product ? READABLE : cell);
    const wide = (some, cell) => some.reduce((sum, m) => sum + Math.max(LEAST, m.columns * cellOf(m, cell) + 2) + SIGN, 0);
    const fits = (some, room) => { for (let cell = CELLS[1]; cell >= CELLS[0]; cell--) if (wide(some, cell) <= room) return cell; return null; };
    const widest = all.filter((m) => m !== product).sort((a, b) => b.columns - a.columns).slice(0, 2);
    const cell = fits(all, width + SIGN) ?? fits(widest, width) ?? CELLS[0];
    parts = all.map((m) => sheet(m, cellOf(m, cell), on));
    element.replaceChildren(...parts.map((part, i) => h("div", { class: "cw-factor" },
      i ? h("span", { class: "cw-sign", "aria-hidden": "true" }, i === parts.length - 1 ? "=" : "·") : null, part.element)));
  }

  /** Marks the rows and columns of the channels that are found. */
  const paint = (at, found) => parts.forEach((part) => part.mark(at, found));
  return { element, build, paint };
}

function sheet(m, cell, on) {
  const width = m.columns * cell, height = m.rows * cell;
  const biggest = Math.max(1, ...Array.from({ length: m.rows }, (_, i) => Math.max(...Array.from({ length: m.columns }, (_, j) => m.at(i, j)))));
  const cells = [], numbers = [];
  for (let i = 0; i < m.rows; i++) for (let j = 0; j < m.columns; j++) {
    const value = m.at(i, j);
    if (!value || m.secret) continue;
    cells.push(svg("rect", { class: `cw-entry cw-${m.role}`, x: j * cell + 0.5, y: i * cell + 0.5, width: cell - 1, height: cell - 1, "data-cell": `${i},${j}`, "fill-opacity": m.role === "output" ? (0.12 + (0.33 * value) / biggest).toFixed(2) : null }));
    if (m.role === "output") numbers.push(svg("text", { class: "cw-count", x: (j + 0.5) * cell, y: (i + 0.5) * cell, "font-size": (Math.min(0.68, 1.5 / String(value).length) * cell).toFixed(1) }, String(value)));
  }
  const grid = svg("path", { class: "cw-lines", d: [...Array.from({ length: m.rows + 1 }, (_, i) => `M0 ${i * cell}h${width}`), ...Array.from({ length: m.columns + 1 }, (_, j) => `M${j * cell} 0v${height}`)].join("") });
  const blocks = m.groups > 1 ? Array.from({ length: m.groups }, (_, g) => svg("rect", { class: "cw-block", x: (g * width) / m.groups, y: (g * height) / m.groups, width: width / m.groups, height: height / m.groups })) : [];
  const frames = svg("g", { class: "cw-frames" });
  const secret = m.secret ? svg("text", { class: "cw-count", x: width / 2, y: height / 2, "font-size": 20 }, "?") : null;
  const picture = svg("svg", { class: "cw-sheet", role: "img", "aria-label": m.said, width: width + 2, height: height + 2, viewBox: `-1 -1 ${width + 2} ${height + 2}` }, grid, cells, blocks, numbers, frames, secret);
  const element = h("div", { class: "cw-matrix", style: `width:${Math.max(LEAST, width + 2)}px` }, h("p", {}, h("b", {}, m.name), " ", h("span", { class: "cb-muted" }, `${m.rows} × ${m.columns}`)), picture, h("p", { class: "cb-muted cw-detail" }, m.detail));
  const place = (event) => {
    const box = picture.getBoundingClientRect(), i = Math.floor((event.clientY - box.top - 1) / cell);
    return i >= 0 && i < m.rows && !m.secret ? [m.row, m.place ? m.place(i) : i] : null;
  };
  picture.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") on.hover(place(event)); });
  picture.addEventListener("pointerleave", () => on.hover(null));
  picture.addEventListener("click", (event) => { const at = place(event); if (at) on.pick(at); });
  return { element, mark(at, found) {
    frames.replaceChildren();
    if (!at || m.secret) return;
    // Rows where the place lies beyond them, columns where it lies before: what it hears, what it reaches.
    const rows = at[0] >= m.row ? found[m.row] : null, columns = at[0] <= m.from ? found[m.from] : null;
    for (let i = 0; i < m.rows; i++) if (rows?.has(m.place ? m.place(i) : i)) frames.append(svg("rect", { class: "cw-frame", x: 0, y: i * cell, width, height: cell }));
    for (let j = 0; j < m.columns; j++) if (columns?.has(m.channel(j))) frames.append(svg("rect", { class: "cw-frame", x: j * cell, y: 0, width: cell, height }));
  } };
}

