// The feature map with its region, the bins on it, and the averages beside it.

import { attr, h, show, svg, text } from "../base.js";
import { mapOf } from "./geometry.js";

const LABELS = { all: "The region", first: "Its upper left corner", last: "Its lower right corner" };

/** on: {change(part, dx, dy, from), pick(bin), drag(bin, y, x), nudge(bin, down, right)}; distances in pixels of the map. */
export function picture(on) {
  const cells = svg("g", { "aria-hidden": "true" }), over = svg("g"), dots = svg("g", { "aria-hidden": "true" });
  const body = svg("rect", { class: "rb-region", role: "button", tabindex: 0, "data-part": "all", "aria-label": `${LABELS.all}; arrow keys move it` });
  const lines = svg("path", { class: "rb-cut", "aria-hidden": "true" }), covered = svg("rect", { class: "rb-covered", "aria-hidden": "true" });
  const corners = ["first", "last"].map((part) => svg("rect", { class: "rb-corner", role: "button", tabindex: 0, "data-part": part, "aria-label": `${LABELS[part]}; arrow keys move it` }));
  const grips = corners.map(() => svg("rect", { class: "rb-grip", "aria-hidden": "true" })); // a finger needs more than a corner
  const arrow = svg("path", { class: "rb-arrow", "aria-hidden": "true" }), knob = svg("circle", { class: "rb-knob", role: "button", tabindex: 0, r: 8 });
  over.append(body, lines, covered, dots, arrow, ...grips, ...corners, knob);
  const canvas = svg("svg", { class: "rb-svg", role: "group", "aria-label": "Feature map with a region" }, cells, over);
  const element = h("div", { class: "rb-picture" }, canvas);
  let unit = 30, known, held = null, drawn;

  const at = (event) => { const box = canvas.getBoundingClientRect(); return [(event.clientY - box.top - 2) / unit, (event.clientX - box.left - 2) / unit]; };
  canvas.addEventListener("pointerdown", (event) => {
    const target = corners[grips.indexOf(event.target)] ?? event.target, part = target === knob ? "knob" : target.dataset?.part;
    if (!part) return;
    held = { part, from: at(event), roi: drawn.roi, far: false };
    canvas.setPointerCapture(event.pointerId);
    target.focus({ preventScroll: true });
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [y, x] = at(event), dy = y - held.from[0], dx = x - held.from[1];
    if (!held.far && Math.hypot(dy, dx) * unit < 4) return;
    held.far = true;
    if (held.part === "knob") on.drag(drawn.bin, y, x);
    else on.change(held.part, dx, dy, held.roi);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (held && held.part !== "knob" && !held.far) {
      const [y, x] = at(event), b = drawn.all.find((one) => y - drawn.roi[1] < one.row.to && x - drawn.roi[0] < one.column.to);
      if (b) on.pick(b.bin);
    }
    held = null;
  });
  canvas.addEventListener("pointercancel", () => { held = null; });
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target === knob) on.nudge(drawn.bin, ...by);
    else if (event.target.dataset?.part) on.change(event.target.dataset.part, by[1] / 2, by[0] / 2, drawn.roi);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function draw(state) {
    drawn = state;
    const { roi: [x1, y1, x2, y2], bin, all, width, moved, blind } = state, map = mapOf(state, bin), here = all[bin];
    const H = map.length, W = map[0].length;
    unit = Math.min(36, (width - 4) / W);
    const px = (v) => (2 + v * unit).toFixed(1), box = (node, x, y, w, hh) => { attr(node, "x", px(x)); attr(node, "y", px(y)); attr(node, "width", (w * unit).toFixed(1)); attr(node, "height", (hh * unit).toFixed(1)); };
    attr(canvas, "width", (4 + W * unit).toFixed(1));
    attr(canvas, "height", (4 + H * unit).toFixed(1));
    if (known !== (known = `${unit} ${JSON.stringify(map)}`)) {
      const most = Math.max(1, ...map.flat().map(Math.abs));
      cells.replaceChildren(...map.flatMap((row, r) => row.map((v, c) => svg("g", {},
        svg("rect", { class: "rb-cell", x: px(c), y: px(r), width: unit.toFixed(1), height: unit.toFixed(1), "fill-opacity": (0.3 * Math.abs(v) / most).toFixed(3) }),
        svg("text", { x: px(c + 0.5), y: px(r + 0.5), "font-size": Math.min(13, unit * 0.42).toFixed(1) }, show(v))))));
    }
    box(body, x1, y1, x2 - x1, y2 - y1);
    const d = [...new Set(all.map((b) => b.row.to))].slice(0, -1).map((y) => `M${px(x1)} ${px(y1 + y)}H${px(x2)}`).concat([...new Set(all.map((b) => b.column.to))].slice(0, -1).map((x) => `M${px(x1 + x)} ${px(y1)}V${px(y2)}`)).join("");
    attr(lines, "d", d || "M0 0");
    attr(lines, "stroke-dasharray", `${(0.44 * unit).toFixed(1)} ${(0.56 * unit).toFixed(1)}`);  // over the cells' edges: their numbers stay free
    attr(lines, "stroke-dashoffset", (0.22 * unit).toFixed(1));
    box(covered, here.xs[0], here.ys[0], here.xs.length, here.ys.length);
    dots.replaceChildren(...here.ys.flatMap((y) => here.xs.map((x) => svg("circle", { class: "rb-dot", cx: px(x + 0.5), cy: px(y + 0.5 - 0.3), r: Math.max(2, unit * 0.09).toFixed(1) }))));
    [[x1, y1], [x2, y2]].forEach(([x, y], n) => [[corners, 12], [grips, 28]].forEach(([nodes, side]) => box(nodes[n], x - side / 2 / unit, y - side / 2 / unit, side / unit, side / unit)));
    const cy = y1 + (here.row.from + here.row.to) / 2, cx = x1 + (here.column.from + here.column.to) / 2;
    attr(knob, "display", moved ? null : "none");
    attr(knob, "cx", px(cx + here.dx)); attr(knob, "cy", px(cy + here.dy));
    attr(knob, "aria-label", `Bin ${bin}, moved ${show(here.dy)} down and ${show(here.dx)} right; arrow keys move it`);
    attr(arrow, "d", moved && Math.hypot(here.dx, here.dy) * unit > 8 ? `M${px(cx)} ${px(cy)}L${px(cx + here.dx)} ${px(cy + here.dy)}` : "M0 0");
    attr(canvas, "data-blind", blind || null);
  }
  return { element, draw };
}

/** The averages, a button for each bin. */
export function averages(on) {
  const element = h("div", { class: "rb-averages", role: "group", "aria-label": "Pooled region: one number for each bin" });
  let buttons = [];
  return { element, draw({ bins, all, bin, blind }) {
    if (buttons.length !== all.length || element.dataset.bins !== String(bins)) {
      element.dataset.bins = String(bins);
      buttons = all.map((b) => h("button", { type: "button", class: "rb-average", onclick: () => on.pick(b.bin) }));
      element.replaceChildren(...buttons);
      element.style.setProperty("--columns", bins[1]);
    }
    all.forEach((b, k) => {
      const said = blind && k === bin ? "?" : show(b.average, 2);
      text(buttons[k], said);
      attr(buttons[k], "aria-pressed", String(k === bin));
      attr(buttons[k], "aria-label", `Bin row ${b.i}, column ${b.j}: ${said}`);
    });
  } };
}

/** Small pictures of the maps that the bins of a position-sensitive pooling read. */
export function thumbnails(on) {
  const element = h("div", { class: "rb-maps", role: "group", "aria-label": "Score maps, one for each bin" });
  let known;
  return { element, draw(state) {
    element.hidden = !state.sensitive;
    if (!state.sensitive || known === (known = JSON.stringify([state.map, state.bins, state.bin]))) return;
    const held = element.contains(document.activeElement);
    element.style.setProperty("--columns", state.bins[1]);
    element.replaceChildren(...state.all.map(({ bin }) => {
      const map = mapOf(state, bin), u = 5;
      return h("button", { type: "button", "aria-pressed": String(bin === state.bin), "aria-label": `Map ${bin}, read by bin ${bin}`, onclick: () => on.pick(bin) },
        svg("svg", { width: map[0].length * u, height: map.length * u, "aria-hidden": "true" }, map.flatMap((row, r) => row.map((v, c) => svg("rect", { class: "rb-small", x: c * u, y: r * u, width: u, height: u, "fill-opacity": (Math.abs(v) / 10).toFixed(2) })))));
    }));
    if (held) element.children[state.bin].focus();
  } };
}
