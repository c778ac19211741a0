// The cube, drawn as three faces; and the same numbers as one small grid for each channel of each image.

import { attr, h, show, svg } from "../base.js";
import { grid, MARGIN_IN_CELLS } from "../grid.js";
import { LIMITS, cube } from "./geometry.js";
import { NAMES, number, placeName } from "./words.js";

const range = (n) => Array.from({ length: n }, (_, i) => i);
const brief = (v) => show(v, Math.abs(v) < 10 ? 2 : 1);

/** The cube. on: {hover(place or null), pick(place)}. It repeats what the grids hold, so it is a picture to those who hear the page. */
export function solid(on) {
  const cells = svg("g"), names = svg("g", { class: "nc-names" });
  const picture = svg("svg", { role: "img", class: "nc-cube" }, cells, names);
  const element = h("div", { class: "nc-solid" }, picture);
  const placeAt = (event) => event.target.closest("[data-at]")?.dataset.at.split(",").map(Number) ?? null;
  picture.addEventListener("pointerover", (event) => { if (event.pointerType !== "touch") on.hover(placeAt(event)); });
  picture.addEventListener("pointerleave", () => on.hover(null));
  picture.addEventListener("click", (event) => { const at = placeAt(event); if (at) on.pick(at); });
  let built = "", faces = [];
  return {
    element,
    draw(L, { at, secret, width }) {
      const box = cube(L.shape, Math.min(width, 330) - 30, 270);
      if (built !== (built = JSON.stringify([L.shape, width]))) {
        faces = box.cells.map((cell) => ({ ...cell, node: svg("polygon", { "data-at": cell.at.join(), points: cell.points.map((p) => p.map((v) => v.toFixed(1)).join()).join(" ") }) }));
        cells.replaceChildren(...faces.map((face) => face.node));
        const [N, C, H, W] = L.shape, label = ([x, y], said, dx, dy, anchor) => svg("text", { x: x + dx, y: y + dy, "text-anchor": anchor }, said);
        names.replaceChildren(label(box.names.images, `N = ${N}`, -8, 18, "middle"), label(box.names.channels, `C = ${C}`, 12, 18, "start"),
          svg("text", { "text-anchor": "middle", transform: `translate(-9 ${box.names.places[1].toFixed(1)}) rotate(-90)` }, `H·W = ${H * W}`));
        attr(picture, "viewBox", `-24 -4 ${(box.size[0] + 34).toFixed(1)} ${(box.size[1] + 28).toFixed(1)}`);
        attr(picture, "width", Math.round(box.size[0] + 34));
        attr(picture, "height", Math.round(box.size[1] + 28));
      }
      const mine = L.of(at);
      for (const { node, face, at: place } of faces) {
        const set = L.of(place), inside = !secret && set === mine;
        attr(node, "class", `nc-${face}${secret ? "" : ` nc-tone${set.tone}`}${inside ? (L.fixed ? " nc-fixed" : " nc-shared") : ""}${String(place) === String(at) ? " nc-here" : ""}`);
      }
      attr(picture, "aria-label", `The array as a cube of ${L.shape[0]} images, ${L.shape[1]} channels and ${L.shape[2] * L.shape[3]} places, for ${NAMES[L.method]}. The grids after it hold the same numbers.`);
    },
  };
}

/** One grid a channel and image. on: {hover, focus, pick} of places [n, c, h, w], and type(key). */
export function numbers(on) {
  const [most, channels] = [LIMITS.images[1], LIMITS.channels[1]];
  const planes = range(most).map((n) => range(channels).map((c) => grid({ name: "input", label: `image ${n}, channel ${c}`, on: {
    hover: (at) => on.hover(at && [n, c, ...at]), focus: (at) => on.focus(at && [n, c, ...at]), pick: (at) => on.pick([n, c, ...at]), leave() {}, type: () => on.type([n, c]),
  } })));
  const rows = planes.map((row, n) => h("div", { class: "nc-image", role: "group", "aria-label": `image ${n}` }, row.map((g) => g.element)));
  const element = h("div", { class: "nc-numbers" }, rows);
  return {
    element,
    focus: ([n, c, row, column]) => planes[n][c].focus([row, column]),
    draw(L, { at, picked, secret, shown, width }) {
      const [N, C, H, W] = L.shape, mine = L.of(at);
      const cell = Math.max(26, Math.min(38, Math.floor((width - 14 * C) / (C * (W + MARGIN_IN_CELLS)))));
      const value = { x: L.value, normalised: L.normalised, y: L.y }[shown];
      planes.forEach((row, n) => {
        rows[n].hidden = n >= N;
        if (n < N) row.forEach((g, c) => {
          g.element.hidden = c >= C;
          if (c >= C) return;
          g.set({ cell, rows: range(H), columns: range(W), rowAt: (i) => i, columnAt: (i) => i, height: H, width: W, title: `n ${n}, c ${c}`, detail: "",
            look: (i, j) => {
              const place = [n, c, i, j], set = L.of(place), inside = !secret && set === mine, here = String(place) === String(at), hidden = secret && shown !== "x";
              return { value: hidden ? "?" : brief(value(place)), kind: inside ? (L.fixed ? "nc-fixed" : "nc-shared") : secret ? "number" : `nc-tone${set.tone}`,
                is: here ? "focus" : "", tint: null, pinned: String(place) === String(picked),
                label: `${placeName(place)}: ${hidden ? "not shown yet" : number(value(place))}${inside && !here && !L.fixed ? ", shares the mean" : ""}` };
            } });
        });
      });
    },
  };
}

/** All means and variances, as a table. */
export function means() {
  const body = h("tbody"), head = h("tr", {}, ["set", "numbers", "mean", "variance"].map((name) => h("th", { scope: "col" }, name)));
  const element = h("div", { class: "nc-scroll", tabindex: 0, role: "region", "aria-label": "All means and variances" }, h("table", { class: "nc-table" }, h("thead", {}, head), body));
  const named = { batch: (k) => `c ${k[0]}`, layer: (k) => `n ${k[0]}`, instance: (k) => `n ${k[0]}, c ${k[1]}`, group: (k) => `n ${k[0]}, group ${k[1]}`, position: (k) => `n ${k[0]}, row ${k[1]}, column ${k[2]}` };
  return {
    element,
    draw(L, at, before) {
      const mine = L.of(at);
      body.replaceChildren(...[...L.sets].map(([name, set]) => {
        const old = before?.sets.get(name), moved = old && (Math.abs(old.mean - set.mean) > 1e-12 || Math.abs(old.var - set.var) > 1e-12);
        return h("tr", { class: set === mine ? "nc-mine" : null }, h("th", { scope: "row" }, `${named[L.method](set.key)}${moved ? " (moved)" : before && !old ? " (new)" : ""}`),
          h("td", {}, L.fixed ? "running" : show(set.places.length)), h("td", {}, number(set.mean)), h("td", {}, number(set.var)));
      }));
    },
  };
}

