// The pictures of the flattened explorer: the filter's planes, the image, each pass, the dense pass; all grids of numbers.

import { attr, h, show, text } from "../base.js";
import { grid, MARGIN_IN_CELLS } from "../grid.js";
import { LIMITS, denseTaps, origins, sources, targets } from "./geometry.js";
import { PASS, nameOf, number, shapeOf, where } from "./words.js";

const range = (n) => Array.from({ length: n }, (_, i) => i);
const largest = (planes) => Math.max(1e-9, ...planes.flat(2).map(Math.abs));
const MOST = LIMITS.taps[1];
const brief = (v) => show(v, Math.abs(v) < 10 ? 2 : 1); // a number in a cell

const sizes = (M) => ({ rows: range(M.length), columns: range(M[0].length), rowAt: (r) => r, columnAt: (c) => c, height: M.length, width: M[0].length });

/** on: {hover, focus, pick} of places: [stage, c, i, j], ["filter", c, i, j], ["dense", i, j] and ["both", i, j]. */
export function picture(on) {
  const listen = (toPlace) => ({ hover: (at) => on.hover(at && toPlace(at)), focus: (at) => on.focus(at && toPlace(at)), pick: (at) => on.pick(toPlace(at)), leave: () => on.pick(null), type() {} });
  const many = (name, label, toPlace) => range(MOST).map((c) => grid({ name, label: `${label}, plane ${c}`, on: listen((at) => toPlace(c, at)) }));
  const part = (kind, grids) => {
    const name = h("strong"), said = h("span", { class: "cb-muted" });
    const element = h("section", { class: `fs-part fs-${kind}` }, h("p", {}, name, " ", said), h("div", { class: "fs-planes" }, grids.map((g) => g.element)));
    return { element, grids, head(title, detail) { text(name, title); text(said, detail); attr(element, "aria-label", title); } };
  };
  const filter = part("filter", many("kernel", "Filter", (c, at) => ["filter", c, ...at]));
  const stages = range(4).map((s) => part(`stage${s}`, many(s ? "output" : "input", s ? `Pass ${s}` : "Input", (c, at) => [s, c, ...at])));
  const dense = part("dense", [grid({ name: "output", label: "Dense pass", on: listen((at) => ["dense", ...at]) })]);
  const both = part("both", [grid({ name: "output", label: "Both triples", on: listen((at) => ["both", ...at]) })]);
  
  /** step: the newest place when later ones are hidden, else null; secret: the last pass and the dense one show no numbers. */
  function draw(L, { at, held, step, secret, width }) {
    const wide = Math.max(...L.stages.map((s) => s.shape[2]), L.X);
    const cell = Math.max(20, Math.min(34, Math.floor((width - 4) / (wide + MARGIN_IN_CELLS))));
    const marks = marked(L, at);
    const set = (part, n, planes, { title, look }) => part.grids.forEach((g, c) => {
      g.element.hidden = c >= n;
      if (c < n) g.set({ cell, ...sizes(planes[c]), title: title(c), detail: "", look: (i, j) => look(c, i, j) });
    });
    const look = (planes, where, hidden, said) => {
      const most = largest(planes);
      return (c, i, j) => {
        const value = planes[c][i][j], late = hidden(c, i, j), found = marks[where]?.get(`${c},${i},${j}`);
        return { value: late ? "?" : brief(value), kind: late ? "hidden" : "number", label: `${said(c, i, j)}: ${late ? "not shown yet" : number(value)}${found?.badge ? `, times ${found.badge.slice(1)}` : ""}`,
          tint: late ? "0.000" : (0.3 * Math.min(1, Math.abs(value) / most)).toFixed(3), badge: late ? "" : found?.badge ?? "", is: found?.is,
          pinned: String(held) === String(where === "dense" || where === "both" ? [where, i, j] : [where, c, i, j]) };
      };
    };
    filter.head(L.two ? "The filter, z⊗y⊗x + z′⊗y′⊗x′" : "The filter, z⊗y⊗x", shapeOf([L.C, L.Y, L.X]));
    set(filter, L.C, L.K, { title: (c) => (L.two ? `plane ${c}` : `${number(L.triples[0][0][c])} · (y⊗x)`), look: look(L.K, "filter", () => false, (c, i, j) => `weight of plane ${c}, row ${i}, column ${j}`) });
    L.stages.forEach((stage, s) => {
      const hidden = (c, i, j) => (secret && s === 3) || (s > 0 && step !== null && after(L, [s, c, i, j], step));
      stages[s].head(s ? `${s}. Pass ${PASS[stage.letter]}` : "Image", shapeOf(stage.shape));
      set(stages[s], stage.shape[0], stage.planes, { title: (c) => (stage.shape[0] > 1 ? `plane ${c}` : nameOf(L, s)), look: look(stage.planes, s, hidden, (c, i, j) => where(L, [s, c, i, j])) });
    });
    dense.head("One dense pass", shapeOf([1, ...L.size]));
    set(dense, 1, [L.whole], { title: () => "image ∗ filter", look: look([L.whole], "dense", () => secret, (c, i, j) => `dense pass, row ${i}, column ${j}`) });
    both.element.hidden = !L.two;
    if (L.two) {
      both.head("Both triples, added", shapeOf([1, ...L.size]));
      set(both, 1, [L.both], { title: () => "six passes", look: look([L.both], "both", () => secret, (c, i, j) => `both triples, row ${i}, column ${j}`) });
    }
  }
  return { filter: filter.element, element: h("div", { class: "fs-picture" }, stages.map((s) => s.element), dense.element, both.element), draw };
}

const after = (L, place, now) => {
  for (let n = 0; n < 4; n++) if (place[n] !== now[n]) return place[n] > now[n];
  return false;
};

/** What is outlined, and how, when the reader points at a place: {stage: Map("c,i,j" -> {is, badge})}. */
export function marked(L, at) {
  const marks = { 0: new Map(), 1: new Map(), 2: new Map(), 3: new Map(), dense: new Map(), both: new Map(), filter: new Map() };
  const [kind, ...rest] = at;
  const reads = (place) => {
    const [s] = place;
    origins(L, place).forEach((keys, stage) => { for (const key of keys) marks[stage].set(key, { is: stage === s ? "focus" : "deep" }); });
    for (const t of s ? sources(L, place) : []) if (t.inside) marks[s - 1].set(`${t.c},${t.i},${t.j}`, { is: "tap", badge: `×${number(t.weight)}` });
    if (s === 3) for (const other of ["dense", "both"]) marks[other].set(`0,${place[2]},${place[3]}`, { is: "focus" });
  };
  const gathers = ([i, j]) => {
    for (const t of denseTaps(L.K, L.image, L.padding, [i, j])) if (t.inside) marks[0].set(`${t.c},${t.i},${t.j}`, { is: "tap", badge: `×${number(t.weight)}` });
    for (const grid of ["dense", "both", 3]) marks[grid].set(`0,${i},${j}`, { is: "focus" });
  };
  if (kind === "filter") marks.filter.set(rest.join(), { is: "focus" });
  else if (kind === "dense") gathers(rest);
  else if (kind === "both") reads([3, 0, ...rest]);
  else if (kind === 0) targets(L, at).forEach((keys, s) => { for (const key of keys) marks[s].set(key, { is: s ? "fed" : "focus" }); });
  else reads(at);
  return marks;
}
