// The picture: the direct convolution above, the transposed one below, big grid over big grid and small over small, so that
// the same window stands at the same place; then the other two views of the transposed one.

import { attr, h, text } from "../base.js";
import { grid, MARGIN_IN_CELLS } from "../grid.js";
import { gapFor, minus, table } from "../one_channel.js";
import { arrange, exists, isCut, marks, scattered, terms } from "./geometry.js";
import { matrices } from "./matrix.js";
import { label, place } from "./words.js";

const range = (low, high) => Array.from({ length: high - low }, (_, i) => low + i);
const largest = (rows) => Math.max(1e-9, ...rows.flat().map(Math.abs));
const both = (a, b) => (a === b ? String(a) : `${a} (height) and ${b} (width)`);

/** on: {hover, focus, pick, leave} of places ["input", i, j] and ["output", r, c]. */
export function picture(on) {
  const listeners = (toPlace) => ({
    hover: (at) => on.hover(at && toPlace(at)), focus: (at) => on.focus(at && toPlace(at)),
    pick: (at) => { const where = toPlace(at); if (where) on.pick(where); }, leave: on.leave, type() {},
  });
  const [input, output, none] = [(at) => ["input", ...at], (at) => ["output", ...at], () => null];
  let L;
  const G = {
    X: grid({ name: "input", label: "X, input of the direct convolution", on: listeners(output) }),
    w: grid({ name: "kernel", label: "Kernel", on: listeners(none) }),
    z: grid({ name: "output", label: "z, output of the direct convolution", on: listeners(input) }),
    y: grid({ name: "output", label: "y, output of the transposed convolution", on: listeners(output) }),
    stamp: grid({ name: "kernel", label: "Stamp", on: listeners(none) }),
    x: grid({ name: "input", label: "x, input of the transposed convolution", on: listeners(input) }),
    stuffed: grid({ name: "input", label: "x, stretched by zeros", on: listeners(([r, c]) => { const { from } = L.stuffed[r][c]; return from && ["input", ...from]; }) }),
    turned: grid({ name: "kernel", label: "Kernel, turned by half a turn", on: listeners(none) }),
    again: grid({ name: "output", label: "y, by an ordinary convolution", on: listeners(output) }),
  };
  const C = matrices(on);
  const sign = (character, word) => h("span", { class: "cb-sign tv-sign", "aria-hidden": "true" }, character, h("small", {}, word));
  const row = (...children) => h("div", { class: "cb-stage tv-stage" }, children);
  const part = (kind, name, ...children) => {
    const said = h("span", { class: "tv-said" });
    return { said, element: h("section", { class: `tv-part tv-${kind}`, "aria-label": name }, h("p", { class: "tv-heading" }, h("strong", {}, name), " ", said), children) };
  };
  const stages = { direct: row(G.X.element, sign("→", "gathers"), G.w.element, sign("→", ""), G.z.element),
    scatter: row(G.y.element, sign("←", "adds"), G.stamp.element, sign("←", "stamps"), G.x.element),
    insert: row(G.stuffed.element, sign("∗", ""), G.turned.element, sign("=", ""), G.again.element) };
  const parts = {
    direct: part("direct", "Direct convolution, X → z", stages.direct),
    scatter: part("scatter", "Transposed convolution, x → y: stamps", stages.scatter),
    insert: part("insert", "Transposed convolution, x → y: zero-insertion", stages.insert),
    matrix: part("matrix", "Transposed convolution, x → y: the matrix Cᵀ", C.element),
  };
  const element = h("div", { class: "tv-picture" }, Object.values(parts).map((p) => p.element));

  function draw(now, { at, pinned, step, walk, soFar, view, width }) {
    L = now;
    const { rows, columns } = L;
    const found = marks(L, at);
    const shown = shownNumbers(soFar ? { walk, step } : null);
    const most = { X: largest(L.X), z: largest(L.z), x: largest(L.x), y: largest(L.y), w: largest(L.w) };
    const is = (where, r, c) => ({ is: found[where].get(`${r},${c}`)?.is, badge: found[where].get(`${r},${c}`)?.badge });
    const tint = (of, value) => (0.26 * Math.min(1, Math.abs(value) / most[of])).toFixed(3);
    const held = (...where) => pinned.length > 0 && String(pinned) === String(where);
    const size = (a, b) => `${a} × ${b}`;
    const plain = (h0, w0) => ({ rows: range(0, h0), columns: range(0, w0), rowAt: (r) => r, columnAt: (c) => c, height: h0, width: w0 });
    const bordered = { rows: range(-rows.p, rows.o + rows.p), columns: range(-columns.p, columns.o + columns.p), rowAt: (r) => r + rows.p, columnAt: (c) => c + columns.p, height: rows.padded, width: columns.padded };
    const taps = { rows: range(0, rows.k), columns: range(0, columns.k), rowAt: (u) => rows.d * u, columnAt: (v) => columns.d * v, height: rows.span, width: columns.span };
    const fit = (stage, ...counts) => {
      const { way, cell } = arrange(width, counts, { margin: MARGIN_IN_CELLS });
      attr(stage, "data-way", way);
      stage.style.setProperty("--cell", `${cell}px`);
      stage.style.setProperty("--gap", `${gapFor(width)}px`);
      return cell;
    };
    const yLook = (r, c) => {
      const { value, kind, number } = shown(r, c);
      return { value, kind, label: label.y(L, r, c, value), tint: kind === "hidden" ? "0.000" : tint("y", number), pinned: held("output", r, c), ...is("y", r, c) };
    };
    const kernelLook = (u, v) => ({ value: minus(L.w[u][v]), kind: "number", label: `Kernel, ${place(u, v)}: ${minus(L.w[u][v])}`, tint: tint("w", L.w[u][v]), ...is("kernel", u, v) });

    const cell = fit(stages.direct, columns.padded, columns.span, columns.n);
    fit(stages.scatter, columns.padded, columns.span, columns.n);
    G.X.set({ cell, ...bordered, title: "input X", detail: size(rows.o, columns.o), window: found.window, look(r, c) {
      const padding = isCut(L, r, c), value = padding ? 0 : L.X[r][c];
      return { value: minus(value), kind: padding ? "padding" : "number", label: label.X(L, r, c), tint: tint("X", value), pinned: held("output", r, c), ...is("X", r, c) };
    } });
    G.w.set({ cell, ...taps, title: "kernel w", detail: size(rows.k, columns.k), look: kernelLook });
    G.z.set({ cell, ...plain(rows.n, columns.n), title: "output z", detail: size(rows.n, columns.n), look(i, j) {
      const hidden = soFar && walk === "input" && i * columns.n + j > step;
      return { value: hidden ? "?" : minus(L.z[i][j]), kind: hidden ? "hidden" : "number", label: hidden ? `z, ${place(i, j)}: not reached yet` : label.z(L, i, j), tint: hidden ? "0.000" : tint("z", L.z[i][j]), pinned: held("input", i, j), ...is("z", i, j) };
    } });

    for (const name of ["scatter", "insert", "matrix"]) parts[name].element.hidden = view !== name && view !== "all";
    if (view === "scatter" || view === "all") {
      const times = at[0] === "input" ? L.x[at[1]][at[2]] : null;
      G.y.set({ cell, ...bordered, title: "output y", detail: size(rows.o, columns.o) + (rows.p || columns.p ? ` of ${size(rows.padded, columns.padded)}` : ""), window: found.window, look: yLook });
      G.stamp.set({ cell, ...taps, title: times === null ? "kernel w" : `stamp ${minus(times)} · w`, detail: size(rows.k, columns.k), look(u, v) {
        const base = kernelLook(u, v);
        return times === null ? base : { ...base, value: minus(times * L.w[u][v]), label: `Stamp, ${place(u, v)}: ${minus(times * L.w[u][v])}` };
      } });
      G.x.set({ cell, ...plain(rows.n, columns.n), title: "input x", detail: size(rows.n, columns.n), look: (i, j) =>
        ({ value: minus(L.x[i][j]), kind: "number", label: label.x(L, i, j), tint: tint("x", L.x[i][j]), pinned: held("input", i, j), ...is("x", i, j) }) });
    }
    if (view === "insert" || view === "all") {
      const side = fit(stages.insert, columns.stuffed, columns.span, columns.o);
      G.stuffed.set({ cell: side, ...plain(rows.stuffed, columns.stuffed), title: "input x, stretched", detail: size(rows.stuffed, columns.stuffed), window: found.reading, look(r, c) {
        const { value, from, border } = L.stuffed[r][c];
        return { value: minus(value), kind: from ? "number" : border ? "padding" : "number cb-unread", label: label.stuffed(L, r, c), tint: tint("x", value), pinned: Boolean(from) && held("input", ...from), ...is("stuffed", r, c) };
      } });
      G.turned.set({ cell: side, ...taps, title: "kernel w, turned", detail: size(rows.k, columns.k), rows: range(0, rows.k).reverse(), columns: range(0, columns.k).reverse(),
        rowAt: (u) => rows.d * (rows.k - 1 - u), columnAt: (v) => columns.d * (columns.k - 1 - v), look: kernelLook });
      G.again.set({ cell: side, ...plain(rows.o, columns.o), title: "output y", detail: size(rows.o, columns.o), look: yLook });
    }
    if (view === "matrix" || view === "all") C.draw(L, { at, walk, width, shown: table(rows.o, columns.o, (r, c) => shown(r, c).value) });
    captions();
  }

  /** The number of y at a place, as it is now: all of it, or only what the steps so far have made. */
  function shownNumbers(steps) {
    const { rows, columns } = L;
    const sums = steps?.walk === "input" ? scattered(L, steps.step + 1) : L.full;
    return (r, c) => {
      const number = sums[r + rows.p][c + columns.p], cut = isCut(L, r, c);
      const late = steps && (steps.walk === "output" ? !cut && r * columns.o + c > steps.step : !terms(L, r, c).some((t) => t.i * columns.n + t.j <= steps.step));
      return { number, value: late ? (steps.walk === "output" ? "?" : "0") : minus(number), kind: cut ? "padding" : late ? "hidden" : "number" };
    };
  }

  function captions() {
    const { rows, columns } = L;
    const border = rows.p || columns.p ? ` Hatched: p = ${both(rows.p, columns.p)} on each side, ` : "";
    text(parts.direct.said, `Each number of z gathers one window of X.${border && `${border}zeros around X.`}`);
    text(parts.scatter.said, `Each number of x stamps the kernel, times itself, on y, ${both(rows.s, columns.s)} apart; overlaps add.${border && `${border}cut off from y.`}`
      + (rows.extra || columns.extra ? ` output_padding keeps ${both(rows.extra, columns.extra)} more at the far end.` : ""));
    text(parts.insert.said, `s − 1 = ${both(rows.s - 1, columns.s - 1)} zeros between the numbers of x (hollow), p′ = ${both(rows.border, columns.border)} zeros around them (hatched)${rows.extra || columns.extra ? `, ${both(rows.extra, columns.extra)} more at the far end` : ""}; then an ordinary convolution of stride 1.`);
    text(parts.matrix.said, "Numbers in reading order: z = C X goes one way, y = Cᵀ x the other. Red cells are weights, blank ones zeros, hollow ones negative.");
  }

  return { element, draw, shows: (at) => exists(L, at) };
}
