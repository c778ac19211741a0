// Rows of stamps: the input on top, then each layer as a pile of the stamps that hit each position; and the square in 2D.

import { attr, h, svg, text } from "../base.js";
import { laid, minus, squared, stampLength } from "./geometry.js";

const CIVIDIS = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#fee838"];
const BOX = 24, HEAD = 40;

/** on: {hover(place or null), focus(place or null), pick(place), leave()}; a place is [row, index], row 0 the input. */
export function picture(on) {
  const shade = svg("path", { class: "oc-shade" });
  const body = svg("g"), lines = svg("g", { "aria-hidden": "true" });
  const canvas = svg("svg", { class: "oc-svg", role: "group", "aria-label": "Positions, the input on top. Arrow keys move, Enter pins, Escape lets go." }, shade, body, lines);
  const element = h("div", { class: "oc-scroll" }, canvas);
  let P, units = [], bars = [], current = [0, 0];

  const placeAt = (event) => {
    const box = canvas.getBoundingClientRect(), px = event.clientX - box.left, py = event.clientY - box.top;
    const row = P.rows.findIndex(({ bottom }) => py <= bottom + 8);
    if (row < 0) return null;
    const i = Math.round((px - P.x(row, 0)) / (P.rows[row].jump * P.pitch));
    return i >= 0 && i < P.rows[row].n ? [row, i] : null;
  };
  canvas.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") on.hover(placeAt(event)); });
  canvas.addEventListener("pointerleave", () => on.hover(null));
  canvas.addEventListener("click", (event) => { const at = placeAt(event); if (at) { on.pick(at); focus(at); } });
  canvas.addEventListener("focusin", (event) => { const at = event.target.dataset?.at; if (at) on.focus(event.target.matches(":focus-visible") ? at.split(",").map(Number) : null); });
  canvas.addEventListener("focusout", () => on.focus(null));
  canvas.addEventListener("keydown", (event) => {
    if (!event.target.dataset?.at || event.altKey || event.ctrlKey || event.metaKey) return;
    const [row, i] = event.target.dataset.at.split(",").map(Number), last = P.rows[row].n - 1;
    const beside = (to) => (P.rows[to] ? [to, Math.min(P.rows[to].n - 1, Math.max(0, Math.round((P.x(row, i) - P.x(to, 0)) / (P.rows[to].jump * P.pitch))))] : [row, i]);
    const to = { ArrowLeft: [row, Math.max(0, i - 1)], ArrowRight: [row, Math.min(last, i + 1)], Home: [row, 0], End: [row, last], ArrowUp: beside(row - 1), ArrowDown: beside(row + 1) }[event.key];
    if (to) focus(to);
    else if (event.key === "Enter" || event.key === " ") on.pick([row, i]);
    else if (event.key === "Escape") on.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const focus = ([row, i]) => units[row][i].focus({ preventScroll: true });

  function build(L, width) {
    const { layers, method } = L.state;
    const rows = L.rows.map(({ n }) => ({ n, jump: 1, start: 0 }));
    for (let l = layers.length - 1; l >= 0; l--) {
      rows[l].jump = rows[l + 1].jump * layers[l].s;
      rows[l].start = rows[l + 1].start + rows[l + 1].jump * (stampLength(layers[l], method) - 1) / 2;
    }
    const pitch = Math.min(36, (width - 4) / rows.at(-1).n), tall = layers.length === 1 ? 110 : 62;
    const left = Math.max(2, (width - rows.at(-1).n * pitch) / 2);
    let y = 22;
    rows.forEach((row, l) => {
      row.height = l ? tall : BOX;
      row.bottom = y + (l ? HEAD : 0) + row.height;
      row.wide = Math.min(l ? Infinity : 34, row.jump * pitch * (l ? 0.94 : 0.8));
      y = row.bottom;
    });
    P = { rows, pitch, width, x: (l, i) => left + (rows[l].start + i * rows[l].jump + 0.5) * pitch };
    attr(canvas, "width", width);
    attr(canvas, "height", y + 42);
    const captions = rows.map((row, l) => svg("text", { class: "oc-caption", x: 2, y: row.bottom - row.height - (l ? 22 : 7), "aria-hidden": "true" },
      l ? `layer ${l}: k = ${layers[l - 1].k}, s = ${layers[l - 1].s}, ${row.n} positions` : `input: ${row.n} ones`));
    bars = rows.map(() => ["even", "odd", "plain", "here"].map((kind) => svg("path", { class: `oc-bar oc-${kind}` })));
    units = rows.map((row, l) => Array.from({ length: row.n }, (_, i) => svg("g", { class: `oc-unit ${l ? "" : "oc-input"}`, role: "button", tabindex: -1, "data-at": `${l},${i}`, "aria-pressed": "false" },
      svg("rect", { x: P.x(l, i) - row.wide / 2, y: row.bottom - row.height, width: row.wide, height: row.height, rx: l ? 1 : 3 }),
      svg("text", { x: P.x(l, i), y: l ? 0 : row.bottom - row.height / 2, class: "oc-count", "font-size": Math.min(12, Math.max(9, row.jump * pitch * 0.75)).toFixed(1) }))));
    body.replaceChildren(...rows.map((row, l) => svg("g", { role: "group", "aria-label": l ? `Layer ${l}` : "Input" }, captions[l], bars[l], units[l])));
    lines.replaceChildren(...footer(L));
    current = [0, 0];
  }

  /** Under the last row: numbers of the positions, and its interior. */
  function footer(L) {
    const { bottom, n } = P.rows.at(-1), last = P.rows.length - 1, { top } = L;
    const step = [1, 2, 5, 10, 20].find((s) => s * P.pitch >= 16);
    const ticks = Array.from({ length: Math.ceil(n / step) }, (_, i) => svg("text", { class: "oc-tick", x: P.x(last, i * step), y: bottom + 13 }, String(i * step)));
    const a = P.x(last, top.first) - P.pitch / 2, b = P.x(last, top.last) + P.pitch / 2, y = bottom + 21;
    return [...ticks, svg("path", { class: "oc-bracket", d: `M${a} ${y - 3}v6M${a} ${y}H${b}M${b} ${y - 3}v6` }), svg("text", { class: "oc-tick oc-interior", x: (a + b) / 2, y: y + 14 }, "interior")];
  }

  /** label(row, i) names a place; laidNow gives how many stamps of each layer are laid. */
  function paint(L, { place: [row, i], pinned, laidNow, label }) {
    attr(units[current[0]]?.[current[1]] ?? units[0][0], "tabindex", -1);
    current = [row, i];
    attr(units[row][i], "tabindex", 0);
    L.rows.forEach((now, l) => {
      const { height, bottom, wide } = P.rows[l];
      const values = l ? laid(now, laidNow[l - 1]) : now.values;
      const high = Math.max(1e-9, ...now.values), low = Math.min(0, ...now.values), scale = height / (high - low), zero = bottom + low * scale;
      const paths = { even: "", odd: "", plain: "", here: "" };
      // A pile needs parts that are not negative; else one bar from the zero line.
      const piled = l > 0 && now.hits.flat().every((hit) => hit.value * hit.weight >= 0);
      units[l].forEach((unit, t) => {
        const x = P.x(l, t) - wide / 2;
        let y = zero;
        if (piled) for (const hit of now.hits[t].filter((one) => one.i < laidNow[l - 1])) {
          const tall = hit.value * hit.weight * scale;
          y -= tall;
          const d = `M${x} ${y}h${wide}v${tall}h${-wide}z`;
          paths[hit.i % 2 ? "odd" : "even"] += d;
          if (row === l - 1 && hit.i === i) paths.here += d;
        } else if (l) {
          paths.plain += `M${x} ${zero}h${wide}v${-values[t] * scale}h${-wide}z`;
          y = Math.min(zero, zero - values[t] * scale);
        }
        const node = unit.lastChild, said = minus(values[t]);
        const room = Math.max(P.rows[l].jump * P.pitch, l ? 0 : 22), fits = room >= 11 && said.length * 6.2 <= room;
        text(node, fits ? (l ? said : "1") : "");
        if (l) attr(node, "y", y - 5);
        attr(unit, "data-state", l === row && t === i ? "here" : null);
        attr(unit, "aria-pressed", String(pinned.length > 0 && pinned[0] === l && pinned[1] === t));
        attr(unit, "aria-label", label(l, t, said));
      });
      bars[l].forEach((path) => attr(path, "d", l ? paths[path.getAttribute("class").split("oc-").at(-1)] : null));
    });
    attr(shade, "d", stampShade(L, row, i));
  }

  /** From a number down to the positions that its stamp covers. */
  function stampShade(L, row, i) {
    const below = L.rows[row + 1];
    if (!below) return null;
    const { s } = L.state.layers[row], first = s * i, last = first + below.stamp.length - 1, { height, bottom, wide } = P.rows[row + 1], here = P.rows[row];
    const a = P.x(row + 1, first) - wide / 2, b = P.x(row + 1, last) + wide / 2;
    return `M${P.x(row, i) - here.wide / 2} ${here.bottom}H${P.x(row, i) + here.wide / 2}L${b} ${bottom - height - 14}V${bottom}H${a}V${bottom - height - 14}z`;
  }

  return { element, build, paint, hasFocus: () => canvas.contains(canvas.ownerDocument.activeElement), focus: () => focus(current) };
}

/** The last row times itself: what the same layers with square kernels do to an image of ones. */
export function square() {
  const canvas = h("canvas", { class: "oc-square", role: "img" });
  const caption = h("figcaption");
  const element = h("figure", { class: "oc-figure" }, canvas, caption);
  return { element, draw(L, said) {
    const { values, n } = L.top, cell = Math.max(2, Math.floor(264 / n)), side = cell * n, sharp = Math.min(3, Math.ceil(globalThis.devicePixelRatio || 1));
    const products = values.flatMap((a) => values.map((b) => a * b));
    const low = Math.min(...products), high = Math.max(...products);
    const longest = Math.max(...products.map((value) => minus(value).length)), written = cell >= (longest < 3 ? 15 : 7 * longest);
    canvas.width = canvas.height = side * sharp;
    canvas.style.width = canvas.style.height = `${side}px`;
    const ink = canvas.getContext("2d");
    ink.scale(sharp, sharp);
    ink.textAlign = "center";
    ink.textBaseline = "middle";
    products.forEach((value, at) => {
      const share = high > low ? (value - low) / (high - low) : 0.5, x = (at % n) * cell, y = Math.floor(at / n) * cell;
      ink.fillStyle = colour(share);
      ink.fillRect(x, y, cell, cell);
      if (!written) return;
      const digits = minus(value);
      ink.fillStyle = share > 0.5 ? "#000" : "#fff";
      ink.font = `${Math.min(12, (cell - 2) / longest / 0.6)}px system-ui, sans-serif`;
      ink.fillText(digits, x + cell / 2, y + cell / 2 + 0.5);
    });
    const [least, most] = squared(L);
    attr(canvas, "aria-label", `${n} × ${n} positions in two dimensions; inside from ${minus(least)} to ${minus(most)}.`);
    text(caption, `${said} Dark: smallest, bright: largest.`);
  } };
}

function colour(share) {
  const at = share * (CIVIDIS.length - 1), i = Math.min(CIVIDIS.length - 2, Math.floor(at));
  const [a, b] = [CIVIDIS[i], CIVIDIS[i + 1]].map((c) => [1, 3, 5].map((o) => parseInt(c.slice(o, o + 2), 16)));
  return `rgb(${a.map((v, c) => Math.round(v + (b[c] - v) * (at - i))).join()})`;
}
