// One module as the paper draws it: input at the bottom, four branches, their outputs joined on top. A box fills with its cost.

import { attr, h, show, svg, text } from "../base.js";
import { drawing } from "./geometry.js";
import { percent, title } from "./words.js";

/** on: {hover(key or null), focus(key or null), pick(key)}. */
export function picture(name, on) {
  const caption = h("p", { class: "ip-name" }, name);
  const wires = svg("g", { "aria-hidden": "true" }), bars = svg("g", { "aria-hidden": "true" }), body = svg("g");
  const canvas = svg("svg", { class: "ip-svg", role: "group", "aria-label": `${name}. Arrow keys move between its layers, Enter keeps one in sight.` }, wires, bars, body);
  const element = h("figure", { class: "ip-module" }, caption, canvas);
  let boxes = new Map(), current = null;

  canvas.addEventListener("keydown", (event) => {
    const keys = [...boxes.keys()], at = keys.indexOf(event.target.dataset?.key);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: 1, ArrowDown: -1 }[event.key];
    const to = step ? keys[Math.min(keys.length - 1, Math.max(0, at + step))] : { Home: keys[0], End: keys.at(-1) }[event.key];
    if (to) boxes.get(to).group.focus({ preventScroll: true });
    else if (event.key === "Enter" || event.key === " ") on.pick(event.target.dataset.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function box(key) {
    const parts = { frame: svg("rect", { class: "ip-frame", rx: 3 }), fill: svg("rect", { class: "ip-fill" }), kind: svg("text", { class: "ip-kind" }), widths: svg("text"), share: svg("text", { class: "ip-share" }) };
    const group = svg("g", {
      class: "ip-layer", "data-key": key, role: "button", tabindex: -1, onclick: () => { group.focus({ preventScroll: true }); on.pick(key); },
      onpointerenter: (event) => { if (event.pointerType !== "touch") on.hover(key); }, onpointerleave: () => on.hover(null),
      onfocus: () => { roving(key); on.focus(group.matches(":focus-visible") ? key : null); }, onblur: () => on.focus(null),
    }, parts.frame, parts.fill, parts.kind, parts.widths, parts.share);
    return { ...parts, group };
  }

  function roving(key) {
    current = boxes.has(key) ? key : boxes.keys().next().value;
    for (const [k, { group }] of boxes) attr(group, "tabindex", k === current ? 0 : -1);
  }

  /** Draws the module; `most` is the dearest layer of both modules, `hidden` keeps the costs secret. */
  function draw(state, { width, what, most, selected, picked, hidden }) {
    const D = drawing(state, width), keys = D.boxes.map((b) => b.layer.key);
    attr(canvas, "viewBox", `0 -2 ${width} ${D.height}`);
    attr(canvas, "width", width);
    if (keys.join() !== [...boxes.keys()].join()) {
      const held = canvas.contains(canvas.ownerDocument.activeElement), before = boxes;
      boxes = new Map(keys.map((key) => [key, before.get(key) ?? box(key)]));
      body.replaceChildren(...[...boxes.values()].map(({ group }) => group));
      roving(current);
      if (held) boxes.get(current).group.focus({ preventScroll: true });
    }
    for (const { layer, x, y, w, h: tall } of D.boxes) {
      const b = boxes.get(layer.key), middle = x + w / 2, cost = layer[what];
      for (const [node, values] of [[b.frame, { x, y, width: w, height: tall }], [b.fill, { x, y, width: hidden || !most ? 0 : (w * cost) / most, height: tall }],
        [b.kind, { x: middle, y: y + 16 }], [b.widths, { x: middle, y: y + 30 }], [b.share, { x: middle, y: y + 44 }]]) {
        for (const [name_, value] of Object.entries(values)) attr(node, name_, value);
      }
      text(b.kind, title(layer));
      text(b.widths, layer.part === "max" ? show(layer.to) : `${layer.from}→${layer.to}`);
      const share = hidden ? "?" : percent(cost, D.priced[what]);
      text(b.share, share);
      attr(b.group, "aria-label", `${title(layer)}, ${layer.from} to ${layer.to} channels, ${hidden ? "cost hidden" : `${share} of the module`}`);
      attr(b.group, "data-part", layer.part);
      attr(b.group, "data-state", layer.key === selected ? "here" : null);
      attr(b.group, "aria-pressed", String(layer.key === picked));
    }
    wires.replaceChildren(...D.wires.map(({ from, to }) => svg("path", { class: "ip-wire", d: `M${from}L${to}` })));
    bars.replaceChildren(
      svg("rect", { class: "ip-input", x: 0, y: D.input.y, width, height: D.input.h, rx: 3 }),
      svg("text", { x: width / 2, y: D.input.y + 17 }, `input: ${show(state.in_channels)} × ${state.input_size.join(" × ")}`),
      svg("text", { class: "ip-note", x: width / 2, y: 10 }, `joined: ${show(D.priced.out)} channels`),
      ...D.joined.flatMap(({ x, y, w, h: tall, out, branch }) => [
        svg("rect", { class: "ip-joined", "data-branch": branch, x, y, width: w, height: tall, rx: 2 }),
        w > 7 * String(out).length + 2 && svg("text", { x: x + w / 2, y: y + 17 }, show(out)),
      ]).filter(Boolean));
  }
  return { element, draw, width: () => Math.floor(element.clientWidth) };
}
