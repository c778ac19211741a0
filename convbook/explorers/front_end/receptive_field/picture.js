// The stack as rows of units, the input at the bottom; the cone of one unit, the counts below it, and their square.
import { attr, h, svg, text } from "../base.js";
import { padding, paddingAfter, rows } from "./geometry.js";

const PITCH = [7.5, 34];
const ROW = 62;
const BARS = 64;
const CIVIDIS = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#fee838"];

export const rowName = (layers, row) => (row === 0 ? "input" : `layer ${row}`);

/** Where everything stands for a stack, an input and a width in CSS pixels. */
function place(layers, n, width) {
  const all = rows(layers, n);
  const gutter = width >= 600 ? 112 : 0;
  const pads = all.map((_, l) => (l < layers.length ? [padding(layers[l]), paddingAfter(layers[l])] : [0, 0]));
  const low = Math.min(...all.map(({ start, jump }, l) => start - pads[l][0] * jump));
  const high = Math.max(...all.map(({ n, start, jump }, l) => start + (n - 1 + pads[l][1]) * jump));
  const pitch = Math.min(PITCH[1], Math.max(PITCH[0], (width - gutter - 2) / (high - low + 1)));
  const used = (high - low + 1) * pitch;
  const left = gutter + Math.max(0, (width - gutter - used) / 2);
  const side = (row) => Math.min(26, pitch * all[row].jump * 0.82);
  const y = (row) => 34 + (layers.length - row) * ROW;
  const x = (row, i) => left + (all[row].start + i * all[row].jump - low + 0.5) * pitch;
  return { all, pads, pitch, side, gutter, x, y, width: Math.max(width, left + used), base: y(0) + 56 + BARS };
}

/** The picture. shown(row, unit) is told what the pointer or the focus is on (null: nothing), pin(row, unit) what was chosen. */
export function picture({ preview, pin }) {
  const cone = svg("path", { class: "rf-cone" });
  const down = svg("path", { class: "rf-down" });
  const up = svg("path", { class: "rf-up" });
  const pads = svg("path", { class: "rf-pads" });
  const hatch = svg("path", { class: "rf-hatch" });
  const body = svg("g");
  const below = svg("g", { class: "rf-below", "aria-hidden": "true" });
  const canvas = svg("svg", { class: "rf-svg", role: "group", "aria-label": "Units of the stack, the input at the bottom. Arrow keys move, Enter pins, Escape lets go." },
    cone, up, down, pads, hatch, body, below);
  const element = h("div", { class: "rf-scroll" }, canvas);
  let p, units = [], marks = [], captions = [], layers, hidden, here = [0, 0];

  const hit = (event) => {
    const box = canvas.getBoundingClientRect();
    const scale = p.width / box.width;
    const px = (event.clientX - box.left) * scale, py = (event.clientY - box.top) * scale;
    const row = Math.min(layers.length, Math.max(0, layers.length - Math.round((py - p.y(layers.length)) / ROW)));
    const i = Math.round((px - p.x(row, 0)) / (p.pitch * p.all[row].jump));
    return [row, Math.min(p.all[row].n - 1, Math.max(0, i))];
  };
  const focus = (row, i) => units[row][i].focus({ preventScroll: false });
  canvas.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") preview("pointer", hit(event)); });
  canvas.addEventListener("pointerleave", () => preview("pointer", null));
  canvas.addEventListener("click", (event) => { const at = hit(event); pin(...at); units[at[0]][at[1]].focus({ preventScroll: true }); });
  canvas.addEventListener("focusin", (event) => { const at = event.target.dataset?.at; if (at) preview("focus", at.split(",").map(Number)); });
  canvas.addEventListener("focusout", () => preview("focus", null));
  canvas.addEventListener("keydown", (event) => {
    const at = event.target.dataset?.at;
    if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
    const [row, i] = at.split(",").map(Number);
    const last = p.all[row].n - 1;
    const beside = (to) => {
      const where = p.all[row].start + i * p.all[row].jump;
      return [to, Math.min(p.all[to].n - 1, Math.max(0, Math.round((where - p.all[to].start) / p.all[to].jump)))];
    };
    const to = {
      ArrowLeft: [row, Math.max(0, i - 1)], ArrowRight: [row, Math.min(last, i + 1)], Home: [row, 0], End: [row, last],
      ArrowUp: beside(Math.min(layers.length, row + 1)), ArrowDown: beside(Math.max(0, row - 1)),
    }[event.key];
    if (to) focus(...to);
    else if (event.key === "Enter" || event.key === " ") pin(row, i);
    else if (event.key === "Escape") pin(null);
    else return;
    event.preventDefault();
  });

  /** Builds the rows: only when the stack, the input's length or the width changed. */
  function build(now, n, width) {
    layers = now;
    p = place(layers, n, width);
    const height = p.base + (p.gutter ? 20 : 36);
    attr(canvas, "viewBox", `0 0 ${p.width} ${height}`);
    attr(canvas, "width", p.width);
    attr(canvas, "height", height);
    let padPath = "", hatchPath = "";
    p.pads.forEach(([before, after], l) => {
      const side = p.side(l), half = side / 2;
      for (let i = -before; i < p.all[l].n + after; i++) {
        if (i === 0) i = p.all[l].n;
        if (i >= p.all[l].n + after) break;
        const x = p.x(l, i) - half, y = p.y(l) - half;
        padPath += `M${x} ${y}h${side}v${side}h${-side}z`;
        hatchPath += `M${x} ${y + side}l${side} ${-side}M${x} ${y + half}l${half} ${-half}M${x + half} ${y + side}l${half} ${-half}`;
      }
    });
    attr(pads, "d", padPath);
    attr(hatch, "d", hatchPath);
    units = [];
    marks = [];
    captions = p.all.map(({ n }, l) => caption(l, rowCaption(l, n)));
    body.replaceChildren(...p.all.map(({ n }, l) => {
      const line = rowCaption(l, n), side = p.side(l);
      units[l] = [];
      marks[l] = [];
      const row = Array.from({ length: n }, (_, i) => {
        const mark = svg("text", { y: 4 });
        marks[l].push(mark);
        const unit = svg("g", {
          class: "rf-unit", "data-at": `${l},${i}`, transform: `translate(${p.x(l, i)} ${p.y(l)})`, role: "button", tabindex: -1,
          "aria-pressed": "false", "aria-label": l ? `Layer ${l}, unit ${i} of 0 to ${n - 1}` : `Input pixel ${i} of 0 to ${n - 1}`,
        }, svg("rect", { x: -side / 2, y: -side / 2, width: side, height: side, rx: Math.min(4, side / 6) }), mark);
        units[l].push(unit);
        return unit;
      });
      return svg("g", { role: "group", class: l ? "rf-row" : "rf-row rf-input", "aria-label": line.join(", ") }, captions[l], row);
    }));
    here = [0, 0];
  }

  function rowCaption(l, n) {
    if (!l) return ["input", `${n} pixels`];
    const { kind, k, s, p: pad, d, name } = layers[l - 1];
    const what = [kind === "pool" ? `pool ${k}` : pad === "causal" ? `causal ${k}` : `conv ${k}`, s > 1 && `stride ${s}`, d > 1 && `dilation ${d}`].filter(Boolean).join(", ");
    return [name || `layer ${l}`, what, `${n} unit${n > 1 ? "s" : ""}`];
  }

  function caption(l, parts) {
    const y = p.y(l);
    if (!p.gutter) return svg("text", { class: "rf-caption", x: 2, y: y - p.side(l) / 2 - 6, "aria-hidden": "true" }, parts.slice(0, 2).join(" · "));
    const lines = parts.length > 2 && parts[1].length > 15 ? [parts[0], ...parts[1].split(", ").map((t, i, all) => (i < all.length - 1 ? `${t},` : t)), parts[2]] : parts;
    return svg("text", { class: "rf-caption", x: 2, y: y - 6.5 * (lines.length - 1) + 4, "aria-hidden": "true" },
      lines.map((t, i) => svg("tspan", { x: 2, dy: i ? 13 : 0, class: i ? "" : "rf-strong" }, t)));
  }

  /** Marks what belongs to one unit. While a prediction is open (blind) only its links to the row below are shown. */
  function paint({ row, unit, counts, above, links, field, pinned, blind }) {
    hidden = blind;
    attr(units[here[0]]?.[here[1]] ?? units[0][0], "tabindex", -1);
    here = [row, unit];
    attr(units[row][unit], "tabindex", 0);
    p.all.forEach(({ n }, l) => {
      for (let i = 0; i < n; i++) {
        const seen = counts[l][i] > 0 && !(blind && l < row - 1);
        const hole = l === 0 && row > 0 && !seen && !blind && i >= field.first && i <= field.last;
        const state = l === row && i === unit ? "here" : seen ? "in" : l > row && above[l][i] && !blind ? "above" : hole ? "hole" : "";
        attr(units[l][i], "data-state", state || null);
        attr(units[l][i], "aria-pressed", String(Boolean(pinned) && pinned[0] === l && pinned[1] === i));
        const label = seen && l > 0 && l < row && !blind ? String(counts[l][i]) : "";
        text(marks[l][i], label.length * 6.5 < p.side(l) - 6 ? label : "");
      }
    });
    let downPath = "", upPath = "";
    links.forEach((pairs, l) => {
      if (!pairs.length || (blind && l !== row)) return;
      let d = "";
      for (const [i, at] of pairs) d += `M${p.x(l, i)} ${p.y(l) + p.side(l) / 2}L${p.x(l - 1, at)} ${p.y(l - 1) - p.side(l - 1) / 2}`;
      if (l <= row) downPath += d;
      else upPath += d;
    });
    if (!p.gutter) sideCaptions(row, unit, links);
    attr(down, "d", downPath);
    // Hundreds of links would be one red field: the more there are, the fainter each is drawn.
    attr(down, "opacity", Math.max(0.25, Math.min(0.75, 12 / Math.sqrt(Math.max(1, links.flat().length)))).toFixed(2));
    attr(up, "d", upPath);
    attr(cone, "d", row && !blind ? outline(row, unit, links) : null);
    below.replaceChildren(...ruler(), ...(blind ? [] : bars(counts[0], field, row)));
  }

  /** On a narrow page a row's caption stands over it, at the side where the links leave more room. */
  function sideCaptions(row, unit, links) {
    captions.forEach((caption, l) => {
      const at = l > row ? links[l].map(([i]) => p.x(l, i)) : l === row ? [p.x(l, unit)] : links[l + 1].map(([i]) => p.x(l + 1, i));
      const right = p.width <= element.clientWidth && Math.min(...at) - 2 < p.width - Math.max(...at);
      attr(caption, "x", right ? p.width - 2 : 2);
      attr(caption, "text-anchor", right ? "end" : null);
    });
  }

  /** The cone: down its left side along the first position read in each row, up its right side along the last. */
  function outline(row, unit, links) {
    const left = [], right = [];
    for (let l = row; l >= 0; l--) {
      const at = l === row ? [unit] : links[l + 1].map(([, at]) => at);
      left.push(`${p.x(l, Math.min(...at)) - p.side(l) / 2} ${p.y(l)}`);
      right.unshift(`${p.x(l, Math.max(...at)) + p.side(l) / 2} ${p.y(l)}`);
    }
    return `M${[...left, ...right].join("L")}z`;
  }

  /** Numbers of the pixels under the base line. */
  function ruler() {
    const n = p.all[0].n;
    const step = [1, 2, 5, 10].find((s) => s * p.pitch >= 17);
    const parts = [svg("path", { class: "rf-base", d: `M${p.x(0, 0) - p.pitch / 2} ${p.base}H${p.x(0, n - 1) + p.pitch / 2}` })];
    if (!hidden) parts.push(svg("text", { class: "rf-caption", x: 2, y: p.gutter ? p.base - 12 : p.base + 30 }, p.gutter ? "paths from a pixel" : "Bars: paths from each pixel up to the unit"));
    for (let i = 0; i < n; i += step) parts.push(svg("text", { class: "rf-tick", x: p.x(0, i), y: p.base + 14 }, String(i)));
    return parts;
  }

  /** The width of the field, and a bar for each pixel in it: the number of paths that reach it. */
  function bars(counts, { first, last, size, most }, row) {
    const n = counts.length, parts = [];
    const from = Math.max(first, 0), to = Math.min(last, n - 1);
    const a = Math.max(p.x(0, first) - p.side(0) / 2, 2), b = Math.min(p.x(0, last) + p.side(0) / 2, p.width - 2);
    const y = p.y(0) + p.side(0) / 2 + 9;
    parts.push(svg("path", { class: "rf-bracket", d: `M${a} ${y - 4}v8M${a} ${y}H${b}M${b} ${y - 4}v8` }));
    const said = row ? `sees ${size} pixel${size > 1 ? "s" : ""}` : "itself";
    const middle = Math.min(Math.max((a + b) / 2, said.length * 3.4), p.width - said.length * 3.4);
    parts.push(svg("text", { class: "rf-said", x: middle, y: y + 15 }, said));
    const wide = Math.max(3, p.pitch * 0.62), letters = Math.min(11, p.pitch * 1.15).toFixed(1);
    for (let i = from; i <= to; i++) {
      const x = p.x(0, i), count = counts[i];
      const tall = count ? Math.max(3, (BARS - 18) * (count / most)) : 0;
      if (count) parts.push(svg("rect", { class: "rf-bar", x: x - wide / 2, y: p.base - tall, width: wide, height: tall }));
      else parts.push(svg("circle", { class: "rf-none", cx: x, cy: p.base - 6, r: Math.min(4, wide / 2) }));
      const digits = String(count), turn = digits.length * 0.6 * letters > p.pitch - 1;
      if (count && row) parts.push(svg("text", turn
        ? { class: "rf-count rf-turned", "font-size": letters, transform: `translate(${x + letters * 0.34} ${p.base - tall - 3}) rotate(-90)` }
        : { class: "rf-count", "font-size": letters, x, y: p.base - tall - 3 }, digits));
    }
    return parts;
  }

  return { element, build, paint, hasFocus: () => canvas.contains(canvas.ownerDocument.activeElement), focus };
}

/** The counts along rows times the counts along columns: how often each pixel of an image is read. */
export function square() {
  const canvas = h("canvas", { class: "rf-square", role: "img" });
  const say = h("figcaption");
  const element = h("figure", { class: "rf-heat" }, canvas, say);
  return {
    element,
    draw(counts, { read, holes, inside, most }) {
      const n = counts.length, cell = Math.max(2, Math.floor(168 / n)), seen = counts.flatMap((c, i) => (c ? [i] : []));
      canvas.width = canvas.height = n * cell * 2;
      canvas.style.width = `${n * cell}px`;
      const ink = canvas.getContext("2d");
      ink.scale(2, 2);
      const gap = cell > 4 ? 1 : 0.5, style = getComputedStyle(canvas);
      const soft = style.getPropertyValue("--cb-padding") || "#ccc";
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const value = counts[i] * counts[j] / (most * most);
          ink.fillStyle = value ? shade(value) : soft;
          if (value) ink.fillRect(j * cell, i * cell, cell - gap, cell - gap);
          else ink.fillRect((j + 0.4) * cell, (i + 0.4) * cell, Math.max(1, cell * 0.15), Math.max(1, cell * 0.15));
        }
      }
      const all = inside * inside, whole = (value) => value.toLocaleString("en-US");
      const least = seen.length ? Math.min(...seen.map((i) => counts[i])) : 0;
      const numbers = `${most * most === least * least ? `Each pixel is read along ${whole(most * most)} path${most > 1 ? "s" : ""}`
        : `Paths to a pixel: ${whole(least * least)} (dark) to ${whole(most * most)} (bright)`}. `
        + (holes ? `${whole(all - read * read)} of ${inside} × ${inside} = ${whole(all)} pixels are never read.` : `All ${inside} × ${inside} = ${whole(all)} are read.`);
      attr(canvas, "aria-label", `The same field in two dimensions. ${numbers}`);
      text(say, `The same in 2D. ${numbers}`);
    },
  };
}

function shade(value) {
  const at = value * (CIVIDIS.length - 1), i = Math.min(CIVIDIS.length - 2, Math.floor(at));
  const [a, b] = [CIVIDIS[i], CIVIDIS[i + 1]].map((c) => [1, 3, 5].map((o) => parseInt(c.slice(o, o + 2), 16)));
  return `rgb(${a.map((v, c) => Math.round(v + (b[c] - v) * (at - i))).join()})`;
}
