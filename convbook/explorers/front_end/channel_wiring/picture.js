// Rows of channels and the wires between them, the input on top. A shuffle is a row more: the same channels in another order.

import { attr, h, svg, text } from "../base.js";

const LAYER_GAP = 92, SHUFFLE_GAP = 62, RADIUS = 13, PITCH = 46, SIDE = 132, GUTTER = 18;

/** The rows as drawn: which row of the network, and which of its channels stands where. */
function visualRows(L) {
  const plain = L.rows.map((n, row) => ({ row, order: Array.from({ length: n }, (_, i) => i), shuffled: false }));
  if (L.order) plain.splice(2, 0, { row: 1, order: L.order, shuffled: true });
  return plain;
}

/** on: {hover(place or null), focus(place or null), pick(place), leave()}; a place is [row, channel]. */
export function wiring(on) {
  const bands = svg("g", { "aria-hidden": "true" }), wires = svg("g", { "aria-hidden": "true" }), body = svg("g"), captions = svg("g", { "aria-hidden": "true" });
  const canvas = svg("svg", { class: "cw-svg", role: "group", "aria-label": "Channels, the input on top. Arrow keys move, Enter picks, Escape lets go." }, bands, wires, captions, body);
  const element = h("div", { class: "cw-picture" }, canvas);
  let V = [], lines = [], nodes = [], current = [0, 0], radius = RADIUS, marks = [];

  const placeAt = (event) => event.target.closest?.("[data-at]")?.dataset.at.split(",").map(Number);
  const toPlace = (at) => at && V[at[0]] && [V[at[0]].row, V[at[0]].order[at[1]]];
  canvas.addEventListener("pointerover", (event) => { if (event.pointerType !== "touch") on.hover(toPlace(placeAt(event)) ?? null); });
  canvas.addEventListener("pointerleave", () => on.hover(null));
  canvas.addEventListener("click", (event) => { const at = placeAt(event); if (at) { rove(at); on.pick(toPlace(at)); } });
  canvas.addEventListener("focusin", (event) => { const at = placeAt(event); if (at) { rove(at); on.focus(event.target.matches(":focus-visible") ? toPlace(at) : null); } });
  canvas.addEventListener("focusout", () => on.focus(null));
  canvas.addEventListener("keydown", (event) => {
    const at = placeAt(event);
    if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
    const [v, i] = at, last = V[v].order.length - 1;
    const beside = (to) => (V[to] ? [to, Math.min(V[to].order.length - 1, Math.floor(((i + 0.5) / (last + 1)) * V[to].order.length))] : at);
    const to = { ArrowLeft: [v, Math.max(0, i - 1)], ArrowRight: [v, Math.min(last, i + 1)], Home: [v, 0], End: [v, last], ArrowUp: beside(v - 1), ArrowDown: beside(v + 1) }[event.key];
    if (to) nodes[to[0]][to[1]].focus({ preventScroll: true });
    else if (event.key === "Enter" || event.key === " ") on.pick(toPlace(at));
    else if (event.key === "Escape") on.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function rove(at) {
    if (nodes[current[0]]?.[current[1]]) attr(nodes[current[0]][current[1]], "tabindex", -1);
    current = at;
    attr(nodes[at[0]][at[1]], "tabindex", 0);
  }

  function build(L, width) {
    const held = canvas.contains(canvas.ownerDocument.activeElement);
    const beside = width >= 600, side = beside ? SIDE : GUTTER, most = Math.max(...L.rows), area = Math.min(width - side - 4, PITCH * most);
    const left = side + Math.max(2, (width - side - area) / 2);
    radius = Math.min(RADIUS, (area / most) * 0.45);
    V = visualRows(L);
    let y = Math.max(radius + 8, beside ? 0 : 26); // upright names need more room than dots
    V.forEach((row, v) => {
      if (v) y += row.shuffled ? SHUFFLE_GAP : LAYER_GAP;
      row.y = y;
      row.pitch = area / row.order.length;
      row.x = (i) => left + (i + 0.5) * row.pitch;
    });
    attr(canvas, "width", width);
    attr(canvas, "height", y + Math.max(radius + 6, beside ? 0 : 26));
    drawBands(L);
    lines = V.slice(1).map((row) => (row.shuffled ? { shuffle: true, row } : { l: row.row - 1, row }));
    wires.replaceChildren(...lines.flatMap((line) => [
      line.all = svg("path", { class: `cw-wire ${line.shuffle ? "cw-move" : ""}` }), line.lit = svg("path", { class: `cw-wire cw-lit ${line.shuffle ? "cw-move" : ""}` })]));
    nodes = V.map((row, v) => row.order.map((channel, i) => svg("g", { class: "cw-node", role: "button", tabindex: -1, "data-at": `${v},${i}`, "aria-pressed": "false", transform: `translate(${row.x(i)} ${row.y})` },
      svg("rect", { class: "cw-hit", x: -row.pitch / 2, y: -radius - 9, width: row.pitch, height: 2 * radius + 18 }),
      svg("circle", { r: radius }), svg("text", { "font-size": Math.min(12, radius * 1.05) }, String(channel)))));
    marks = nodes.map((all) => all.map((node) => { const mark = svg("text", { class: "cw-mark", x: radius * 0.85, y: -radius * 0.75 }); node.append(mark); return mark; }));
    body.replaceChildren(...V.map((row, v) => svg("g", { role: "group", "aria-label": rowLabel(row, L), class: `cw-row-${row.row === 0 ? "input" : row.row === L.rows.length - 1 ? "output" : "middle"}` }, nodes[v])));
    captions.replaceChildren(...V.flatMap((row, v) => caption(row, v, L, beside)));
    current = V[current[0]]?.order[current[1]] === undefined ? [0, 0] : current;
    rove(current);
    if (held) nodes[current[0]][current[1]].focus({ preventScroll: true });
  }

  const rowLabel = (row, L) => (row.shuffled ? "Row of the shuffled channels" : row.row === 0 ? "Row of the input" : row.row === L.rows.length - 1 ? "Row of the output" : `Row of layer ${row.row}`);

  /** Beside the rows; on a phone only their names, turned upright, since the controls say the rest. */
  function caption(row, v, L, beside) {
    const n = row.order.length, name = row.shuffled ? "shuffled" : row.row === 0 ? "input" : row.row === L.rows.length - 1 ? "output" : `layer ${row.row}`;
    if (!beside) return [svg("text", { class: "cw-caption cw-name cw-upright", transform: `translate(12 ${row.y}) rotate(-90)` }, name)];
    const what = row.shuffled ? null : `${n} channel${n === 1 ? "" : "s"}`;
    const layer = row.row > 0 && !row.shuffled ? L.info[row.row - 1] : null;
    const between = row.shuffled ? "shuffle" : layer ? `${layer.k} × ${layer.k}, ${layer.G > 1 && layer.G < layer.C ? `${layer.G} groups` : layer.kind.split(",")[0]}` : null;
    const middle = v ? (V[v - 1].y + row.y) / 2 : 0;
    return [svg("text", { class: "cw-caption", x: 2, y: row.y + 4 }, svg("tspan", { class: "cw-name" }, name), what && ` · ${what}`),
      between && svg("text", { class: "cw-caption cw-between", x: 2, y: middle + 4 }, between)].filter(Boolean);
  }

  /** A group is a band from its inputs to its outputs. */
  function drawBands(L) {
    bands.replaceChildren(...V.slice(1).flatMap((row, v) => {
      if (row.shuffled) return [];
      const above = V[v], { G } = L.info[row.row - 1];
      return Array.from({ length: G }, (_, g) => {
        const edge = (r, at) => r.x(0) - r.pitch / 2 + (at * r.order.length * r.pitch) / G;
        const inset = Math.min(3, above.pitch * 0.06 * above.order.length / G), a = above.y, b = row.y;
        return svg("path", { class: "cw-band", d: `M${edge(above, g) + inset} ${a}H${edge(above, g + 1) - inset}L${edge(row, g + 1) - inset} ${b}H${edge(row, g) + inset}z` });
      });
    }));
  }

  /** found: the channels of each row that hear or are heard, or null; at: the place looked at; open: whether wires are shown. */
  function paint(L, { at, found, pinned, open, label, guessed }) {
    for (const line of lines) {
      const { row } = line, above = V[V.indexOf(row) - 1];
      let all = "", lit = "";
      row.order.forEach((to, i) => above.order.forEach((from, j) => {
        const linked = line.shuffle ? from === to : L.linked[line.l][to][from];
        if (!linked) return;
        const d = `M${above.x(j)} ${above.y}L${row.x(i)} ${row.y}`;
        if (found && found[above.row].has(from) && found[row.row].has(to)) lit += d;
        else all += d;
      }));
      attr(line.all, "d", open ? all : null);
      attr(line.lit, "d", open ? lit : null);
    }
    attr(wires, "class", found ? "cw-some" : null);
    V.forEach((row, v) => row.order.forEach((channel, i) => {
      const node = nodes[v][i], place = [row.row, channel];
      const here = at && at[0] === row.row && at[1] === channel, guess = guessed?.(place);
      attr(node, "data-state", here ? "here" : guess?.state ?? (found ? (found[row.row].has(channel) ? "on" : "off") : null));
      attr(node, "aria-pressed", String(guess ? guess.pressed : pinned.length > 0 && pinned[0] === row.row && pinned[1] === channel));
      attr(node, "aria-label", label(place, row.shuffled, i));
      text(marks[v][i], guess?.mark ?? "");
    }));
  }

  return { element, build, paint };
}
