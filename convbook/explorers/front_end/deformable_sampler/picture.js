// The picture with the nine taps on it, the four pixels around one of them, and the list of the offset channels.

import { attr, h, show, svg, text } from "../base.js";
import { MARGIN } from "./geometry.js";

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

/** on: {drag(t, y, x), pick(t), nudge(t, down, right), home(t), centre(row, column)}. */
export function picture(on) {
  const pixels = svg("g", { "aria-hidden": "true" }), marks = svg("g", { "aria-hidden": "true" }), handles = svg("g");
  const canvas = svg("svg", { class: "ds-svg", role: "group", "aria-label": "Picture with nine taps. Tab to a tap; arrow keys move it, Home takes its offset away, a digit picks another tap." }, pixels, marks, handles);
  const element = h("div", { class: "ds-picture" }, canvas);
  let unit = 10, size = [1, 1], known, held = null;

  const grid = Array.from({ length: 9 }, () => svg("circle", { class: "ds-base" }));
  const arrows = Array.from({ length: 9 }, () => svg("path", { class: "ds-arrow" }));
  const middle = svg("rect", { class: "ds-middle" });
  marks.append(middle, ...grid, ...arrows);
  const knobs = Array.from({ length: 9 }, (_, t) => svg("g", { class: "ds-tap", role: "button", "data-tap": t, tabindex: -1 }, svg("circle", { class: "ds-touch" }), svg("circle", { class: "ds-dot" }), svg("text", {}, String(t))));
  handles.append(...knobs);

  const placeAt = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientY - box.top) / unit - MARGIN - 0.5, (event.clientX - box.left) / unit - MARGIN - 0.5];
  };
  canvas.addEventListener("pointerdown", (event) => {
    const knob = event.target.closest("[data-tap]");
    if (!knob) return;
    held = Number(knob.dataset.tap);
    canvas.setPointerCapture(event.pointerId);
    knob.focus({ preventScroll: true });
    on.pick(held);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => { if (held !== null) on.drag(held, ...placeAt(event)); });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { held = null; });
  canvas.addEventListener("click", (event) => {
    if (event.target.closest("[data-tap]") || event.target === canvas) return;
    const [y, x] = placeAt(event).map(Math.round);
    if (y >= 0 && x >= 0 && y < size[0] && x < size[1]) on.centre(y, x);
  });
  canvas.addEventListener("keydown", (event) => {
    const knob = event.target.closest?.("[data-tap]");
    if (!knob || event.altKey || event.ctrlKey || event.metaKey) return;
    const t = Number(knob.dataset.tap), by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (by) on.nudge(t, ...by);
    else if (event.key === "Home") on.home(t);
    else if (/^[0-8]$/.test(event.key)) { on.pick(Number(event.key)); knobs[Number(event.key)].focus({ preventScroll: true }); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  /** all: the taps; label(tap) names one. */
  function draw({ image, at, tap: here, width, all, label }) {
    size = [image.length, image[0].length];
    unit = Math.min(22, width / (size[1] + 2 * MARGIN));
    const px = (v) => ((v + MARGIN + 0.5) * unit).toFixed(1);
    if (known !== (known = `${unit} ${JSON.stringify(image)}`)) {
      attr(canvas, "width", (unit * (size[1] + 2 * MARGIN)).toFixed(1));
      attr(canvas, "height", (unit * (size[0] + 2 * MARGIN)).toFixed(1));
      pixels.replaceChildren(svg("rect", { class: "ds-zeros", width: (unit * (size[1] + 2 * MARGIN)).toFixed(1), height: (unit * (size[0] + 2 * MARGIN)).toFixed(1) }),
        ...image.flatMap((row, r) => row.map((v, c) => svg("rect", { x: px(c - 0.5), y: px(r - 0.5), width: (unit + 0.2).toFixed(1), height: (unit + 0.2).toFixed(1), fill: `rgb(${v},${v},${v})` }))));
    }
    for (const [name, value] of [["x", px(at[1] - 0.5)], ["y", px(at[0] - 0.5)], ["width", unit], ["height", unit]]) attr(middle, name, value);
    const radius = clamp(unit * 0.42, 7, 9);
    all.forEach((tap, t) => {
      // A tap far outside stands at the edge, hollow.
      const y = clamp(tap.y, -MARGIN, size[0] - 1 + MARGIN), x = clamp(tap.x, -MARGIN, size[1] - 1 + MARGIN);
      attr(grid[t], "cx", px(tap.column)); attr(grid[t], "cy", px(tap.row)); attr(grid[t], "r", Math.max(2, unit * 0.2).toFixed(1));
      const [dy, dx] = [y - tap.row, x - tap.column], long = Math.hypot(dy, dx) * unit, stop = long > radius + 3 ? 1 - (radius + 1) / long : 0;
      const [ey, ex] = [tap.row + dy * stop, tap.column + dx * stop], a = Math.atan2(dy, dx), tip = (s) => `${(Number(px(ex)) - 5 * Math.cos(a + s)).toFixed(1)} ${(Number(px(ey)) - 5 * Math.sin(a + s)).toFixed(1)}`;
      attr(arrows[t], "d", stop ? `M${px(tap.column)} ${px(tap.row)}L${px(ex)} ${px(ey)}M${tip(0.5)}L${px(ex)} ${px(ey)}L${tip(-0.5)}` : "M0 0");
      attr(knobs[t], "transform", `translate(${px(x)} ${px(y)})`);
      attr(knobs[t], "data-state", `${t === here ? "here" : ""} ${tap.outside ? "outside" : ""}`.trim() || null);
      attr(knobs[t], "tabindex", t === here ? 0 : -1);
      attr(knobs[t], "aria-label", label(tap));
      attr(knobs[t], "aria-pressed", String(t === here));
      const [touch, dot, name] = knobs[t].children;
      attr(touch, "r", 15); attr(dot, "r", radius.toFixed(1)); attr(name, "font-size", (radius * 1.5).toFixed(1));
    });
    // What is looked at lies on top.
    if (handles.lastChild !== knobs[here] && !handles.contains(document.activeElement)) handles.append(knobs[here]);
  }
  return { element, draw };
}

/** The four pixels around a tap, enlarged: its share of each is the area on the far side. */
export function zoom() {
  const S = 84, cells = [0, 1, 2, 3].map(() => [svg("rect", { width: S, height: S }), svg("text", { class: "ds-grey" }), svg("text", { class: "ds-share" })]);
  const cross = svg("path", { class: "ds-cross" }), dot = svg("circle", { class: "ds-dot", r: 6 });
  const canvas = svg("svg", { class: "ds-zoom", viewBox: `-2 -2 ${2 * S + 4} ${2 * S + 4}`, role: "img" }, cells.flat(), cross, dot);
  const note = h("figcaption");
  const element = h("figure", { class: "ds-figure" }, canvas, note);
  return { element, draw(tap, blind) {
    tap.around.forEach((c, n) => {
      const [box, grey, share] = cells[n], y = n > 1 ? S : 0, x = n % 2 ? S : 0;
      attr(box, "x", x); attr(box, "y", y); attr(box, "class", c.inside ? "ds-pixel" : "ds-pixel ds-none");
      attr(box, "fill", c.inside ? `rgb(${c.value},${c.value},${c.value})` : null);
      const ink = !c.inside ? "currentColor" : c.value > 118 ? "#101010" : "#fefefe";
      for (const [node, dy, said] of [[grey, n > 1 ? S - 24 : 20, c.inside ? c.value : "0 (outside)"], [share, n > 1 ? S - 8 : 36, blind ? "× ?" : `× ${show(c.weight, 4)}`]]) {
        attr(node, "x", n % 2 ? x + S - 6 : x + 6); attr(node, "y", y + dy); attr(node, "text-anchor", n % 2 ? "end" : "start"); attr(node, "style", `fill:${ink}`); text(node, String(said));
      }
    });
    // The pixels' centres are the middles of the four cells; the tap lies between them.
    const py = S / 2 + S * tap.around[2].down, px = S / 2 + S * tap.around[1].across;
    attr(cross, "d", `M${S / 2} ${py}H${1.5 * S}M${px} ${S / 2}V${1.5 * S}M${S / 2} ${S / 2}H${1.5 * S}V${1.5 * S}H${S / 2}Z`);
    attr(dot, "cx", px); attr(dot, "cy", py);
    const [a, , , d] = tap.around;
    attr(canvas, "aria-label", `The four pixels around tap ${tap.t}: ${tap.around.map((c) => `${c.value}${blind ? "" : ` times ${show(c.weight, 4)}`}`).join(", ")}`);
    text(note, `rows ${show(a.row)} and ${show(d.row)}, columns ${show(a.column)} and ${show(d.column)}; the square joins the pixels' centres`);
  } };
}

/** The 18 channels of the offset layer at this position, in their order. */
export function channels(on) {
  const cells = Array.from({ length: 9 }, (_, t) => h("button", { type: "button", class: "ds-pair", onclick: () => on.pick(t) }));
  const element = h("div", { class: "ds-channels", role: "group", "aria-label": "Channels of the offset layer" }, cells);
  return { element, draw(all, here) {
    all.forEach((tap, t) => {
      attr(cells[t], "aria-pressed", String(t === here));
      attr(cells[t], "aria-label", `Tap ${t}: channel ${2 * t}, dy = ${show(tap.dy)}; channel ${2 * t + 1}, dx = ${show(tap.dx)}`);
      const wanted = `tap ${t}|[${2 * t}] dy ${show(tap.dy)}|[${2 * t + 1}] dx ${show(tap.dx)}`;
      if (cells[t].dataset.said !== wanted) {
        cells[t].dataset.said = wanted;
        cells[t].replaceChildren(...wanted.split("|").map((part, n) => h("span", { class: n ? "cb-mono" : "ds-name" }, part)));
      }
    });
  } };
}
