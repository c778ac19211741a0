// The plane of the two weights: contours of the bowl, the region of the penalty, the path, and three things to drag; below it
// both weights over the strength.

import { attr, show, svg, text } from "../base.js";
import { LIMITS, ball, contour, reach } from "./geometry.js";

const SIDE = 420, V = LIMITS.view, UNIT = SIDE / (2 * V);
const px = (v) => ((v + V) * UNIT).toFixed(1);
const py = (v) => ((V - v) * UNIT).toFixed(1);
const line = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${px(x)} ${py(y)}`).join("");
const LEVELS = [0.25, 1, 2.5, 5, 10, 20];

/** on: {centre(x, y), tilt(x, y), size(r), nudge(what, right, up, event)}. */
export function plane(on) {
  const region = svg("path", { class: "pg-ball" }), rings = LEVELS.map(() => svg("ellipse", { class: "pg-ring" })), here = svg("ellipse", { class: "pg-here" });
  const ticks = [-3, -2, -1, 1, 2, 3];
  const axes = svg("g", { class: "pg-axes" }, svg("path", { d: `M0 ${SIDE / 2}H${SIDE}M${SIDE / 2} 0V${SIDE}${ticks.map((t) => `M${px(t)} ${SIDE / 2 - 3}v6M${SIDE / 2 - 3} ${py(t)}h6`).join("")}` }),
    ticks.map((t) => [svg("text", { x: px(t), y: SIDE / 2 + 17, "text-anchor": "middle" }, show(t)), svg("text", { x: SIDE / 2 - 8, y: Number(py(t)) + 4, "text-anchor": "end" }, show(t))]),
    svg("text", { class: "pg-name", x: SIDE - 4, y: SIDE / 2 - 8, "text-anchor": "end" }, "w₁"), svg("text", { class: "pg-name", x: SIDE / 2 + 8, y: 14 }, "w₂"));
  const road = svg("path", { class: "pg-road" }), push = svg("path", { class: "pg-push" });
  const best = svg("g", { class: "pg-best" }, svg("circle", { r: 6.5 }), svg("path", { d: "M-3 0H3M0-3V3" }));
  const handle = (what, shape) => svg("g", { class: `pg-handle pg-${what}`, role: "button", tabindex: 0, "data-handle": what }, svg("circle", { class: "pg-touch", r: 20 }), shape);
  const handles = {
    size: handle("size", svg("rect", { x: -6, y: -6, width: 12, height: 12 })),
    tilt: handle("tilt", svg("path", { d: "M0-8L8 0 0 8-8 0Z" })),
    centre: handle("centre", svg("circle", { class: "pg-dot", r: 8 })),
  };
  const canvas = svg("svg", { class: "pg-plane", viewBox: `0 0 ${SIDE} ${SIDE}`, role: "group" },
    svg("rect", { class: "pg-frame", width: SIDE, height: SIDE }), region, rings, here, road, push, axes, best, Object.values(handles));
  let held = null;

  const placeOf = (event) => {
    const box = canvas.getBoundingClientRect(), scale = SIDE / box.width;
    return [((event.clientX - box.left) * scale) / UNIT - V, V - ((event.clientY - box.top) * scale) / UNIT];
  };
  const move = (event) => { const [x, y] = placeOf(event); if (held === "size") on.size(Math.hypot(x, y)); else on[held](x, y); };
  canvas.addEventListener("pointerdown", (event) => {
    const target = event.target.closest("[data-handle]");
    if (!target) return;
    held = target.dataset.handle;
    canvas.setPointerCapture(event.pointerId);
    target.focus({ preventScroll: true });
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => { if (held) move(event); });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { held = null; });
  canvas.addEventListener("click", (event) => { if (!event.target.closest("[data-handle]") && event.detail) on.centre(...placeOf(event)); });
  canvas.addEventListener("keydown", (event) => {
    const target = event.target.closest?.("[data-handle]"), by = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!target || !by || event.altKey || event.ctrlKey || event.metaKey) return;
    on.nudge(target.dataset.handle, ...by);
    event.preventDefault();
    event.stopPropagation();
  });

  function draw(state, L, { blind, points, label }) {
    const [x, y] = L.c, turn = `rotate(${(-state.tilt).toFixed(2)} ${px(x)} ${py(y)})`;
    [...LEVELS, L.loss].forEach((level, i) => {
      const node = i < LEVELS.length ? rings[i] : here, [along, across] = contour(level, state.stretch);
      for (const [name, value] of [["cx", px(x)], ["cy", py(y)], ["rx", (along * UNIT).toFixed(1)], ["ry", (across * UNIT).toFixed(1)], ["transform", turn]]) attr(node, name, value);
    });
    const t = state.form === "budget" ? state.budget : L.spent;
    // The region would give the answer away, unless it was given.
    const shown = !blind || state.form === "budget";
    attr(region, "d", shown && t > 1e-9 ? `${line(ball(L.m, t))}Z` : null);
    attr(here, "display", blind ? "none" : null);
    attr(best, "display", blind ? "none" : null);
    attr(best, "transform", `translate(${px(L.w[0])} ${py(L.w[1])})`);
    attr(road, "d", blind || !state.path ? null : line(points.map((p) => p.w)));
    // Two slopes that cancel: down the bowl, and out of the region.
    const g = L.slopes, long = Math.hypot(...g), to = long > 0.05 ? Math.min(1.1, 0.35 + long / 8) / long : 0;
    const tip = [L.w[0] - g[0] * to, L.w[1] - g[1] * to], turned = Math.atan2(-g[1], -g[0]);
    const barb = (s) => `${(Number(px(tip[0])) - 7 * Math.cos(turned + s)).toFixed(1)} ${(Number(py(tip[1])) + 7 * Math.sin(turned + s)).toFixed(1)}`;
    attr(push, "d", blind || !to ? null : `${line([L.w, tip])}M${barb(0.45)}L${px(tip[0])} ${py(tip[1])}L${barb(-0.45)}`);
    attr(handles.centre, "transform", `translate(${px(x)} ${py(y)})`);
    // Along the long axis of the bowl, on the side that has room.
    const angle = (state.tilt * Math.PI) / 180, [ux, uy] = [Math.cos(angle), Math.sin(angle)], room = (s) => Math.max(Math.abs(x + s * ux), Math.abs(y + s * uy));
    const side = room(1.3) <= V - 0.15 || room(1.3) <= room(-1.3) ? 1.3 : -1.3;
    attr(handles.tilt, "transform", `translate(${px(x + side * ux)} ${py(y + side * uy)})`);
    attr(handles.size, "display", shown ? null : "none");
    // On the side of the axis where the optimum does not lie.
    attr(handles.size, "transform", `translate(${px(Math.min(reach(L.m, t), V - 0.15) * (x > 0 ? -1 : 1))} ${py(0)})`);
    for (const [what, node] of Object.entries(handles)) attr(node, "aria-label", label(what));
    attr(canvas, "aria-label", label("picture"));
  }
  return { element: canvas, draw };
}

const W = 420, H = 158, LEFT = 34, BOTTOM = 34;

/** Both weights over the strength: where a line meets zero it has vanished. */
export function paths(on) {
  const lines = [0, 1].map((i) => svg("path", { class: `pg-line pg-line${i + 1}` })), names = [0, 1].map((i) => svg("text", { class: `pg-name pg-of${i + 1}` }, ["w₁", "w₂"][i]));
  const now = svg("path", { class: "pg-now" }), dots = [0, 1].map((i) => svg("circle", { class: `pg-at${i + 1}`, r: 4.5 }));
  const frame = svg("path", { class: "pg-axis" }), marks = svg("g");
  const canvas = svg("svg", { class: "pg-paths", viewBox: `0 0 ${W} ${H}`, role: "img" }, frame, marks, lines, now, dots, names,
    svg("text", { x: W - 2, y: H - 2, "text-anchor": "end" }, "strength λ (square-root scale)"));
  canvas.addEventListener("click", (event) => {
    const box = canvas.getBoundingClientRect(), at = (((event.clientX - box.left) * W) / box.width - LEFT) / (W - LEFT - 8);
    on.strength(LIMITS.strength[1] * Math.min(1, Math.max(0, at)) ** 2);
  });
  const at = (strength) => LEFT + (W - LEFT - 8) * Math.sqrt(Math.min(strength, LIMITS.strength[1]) / LIMITS.strength[1]);
  return { element: canvas, draw(L, points, blind) {
    const most = Math.max(0.5, ...points.flatMap((p) => p.w.map(Math.abs))), y = (v) => 18 + ((H - BOTTOM - 24) * (most - v)) / (2 * most);
    attr(frame, "d", `M${LEFT} 4V${H - BOTTOM}M${LEFT} ${y(0).toFixed(1)}H${W - 8}`);
    const wanted = [0, 1, 5, 10, 20].map((v) => [at(v), H - BOTTOM + 14, show(v), "middle"]).concat([[LEFT - 5, y(most) + 4, show(most, 1), "end"], [LEFT - 5, y(0) + 4, "0", "end"], [LEFT - 5, y(-most), show(-most, 1), "end"]]);
    if (marks.childNodes.length !== wanted.length) marks.replaceChildren(...wanted.map(() => svg("text")));
    wanted.forEach(([x, down, said, anchor], i) => { const node = marks.childNodes[i]; attr(node, "x", x.toFixed(1)); attr(node, "y", down.toFixed(1)); attr(node, "text-anchor", anchor); text(node, said); });
    const inside = points.filter((p) => p.strength <= LIMITS.strength[1]);
    [0, 1].forEach((i) => {
      attr(lines[i], "d", blind ? null : inside.map((p, n) => `${n ? "L" : "M"}${at(p.strength).toFixed(1)} ${y(p.w[i]).toFixed(1)}`).join(""));
      attr(dots[i], "display", blind ? "none" : null);
      attr(dots[i], "cx", at(L.strength).toFixed(1)); attr(dots[i], "cy", y(L.w[i]).toFixed(1));
      attr(names[i], "display", blind ? "none" : null);
      attr(names[i], "x", LEFT + 6); attr(names[i], "y", (y(L.c[i]) + (L.c[i] > L.c[1 - i] || (L.c[i] === L.c[1 - i] && i === 0) ? -5 : 13)).toFixed(1));
    });
    attr(now, "d", `M${at(L.strength).toFixed(1)} 4V${H - BOTTOM}`);
    attr(canvas, "aria-label", blind ? "Both weights over the strength, hidden until you answer." : `Both weights over the strength λ. At λ = ${show(L.strength)} they are ${show(L.w[0])} and ${show(L.w[1])}.`);
  } };
}

