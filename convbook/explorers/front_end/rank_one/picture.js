// The pictures of the rank explorer: kernels as tinted numbers, a kernel to type or to draw, bars, terms, photographs.

import { attr, field, h, parseNumber, show, svg, text } from "../base.js";

// The theme's signed colours: purple below zero, light grey at zero, orange above.
const SIGNED = [[59, 31, 107], [128, 115, 172], [243, 241, 238], [224, 130, 20], [127, 59, 8]];

/** The colour of a share from -1 to 1, and whether white stands on it better than black. */
export function colour(share) {
  const at = 2 + 2 * Math.max(-1, Math.min(1, share)), i = Math.min(3, Math.floor(at)), part = at - i;
  const rgb = SIGNED[i].map((v, c) => Math.round(v + (SIGNED[i + 1][c] - v) * part));
  return { rgb, dark: 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2] < 130 };
}

const paint = (node, share) => {
  const { rgb, dark } = colour(share);
  node.style.background = `rgb(${rgb.join()})`;
  node.style.color = dark ? "#fff" : "#000";
};
const largest = (M) => Math.max(1e-12, ...M.flat().map(Math.abs));
const digits = (m) => (m > 5 ? 1 : 2);

/** Numbers in a tinted grid, to read. `scale` is what counts as full colour. */
export function numbers(title) {
  const body = h("div", { class: "ro-grid", role: "img" }), caption = h("figcaption", {}, title);
  const note = h("span", { class: "cb-note" });
  let shape = "", cells = [];
  return { element: h("figure", { class: "ro-kernel" }, caption, body, note), set({ M, scale, label, said = "", name = title }) {
    if (shape !== (shape = `${M.length},${M[0].length}`)) {
      cells = M.map((row) => row.map(() => h("span", { class: "ro-cell" })));
      body.replaceChildren(...cells.flat());
      body.style.setProperty("--columns", M[0].length);
    }
    M.forEach((row, i) => row.forEach((v, j) => { text(cells[i][j], show(v, digits(M[0].length))); paint(cells[i][j], v / scale); }));
    attr(body, "aria-label", label);
    text(caption, name);
    text(note, said);
  } };
}

/** The kernel itself: a field for each number, and pens that draw. change(i, j, value) is called with a legal number;
    `pen()` is null where the reader types, else the number that is drawn. */
export function editor({ title, error, limit, pen, change }) {
  const body = h("div", { class: "ro-grid ro-own", role: "group", "aria-label": title });
  let shape = "", fields = [], drawing = false;
  const read = (typed) => {
    const value = parseNumber(typed);
    return Math.abs(value) <= limit ? { value } : { error: `“${typed.trim()}” does not fit; type a number from −${limit} to ${limit}.` };
  };
  const cell = (i, j) => field({ label: `Row ${i}, column ${j}`, read, error, size: 3, format: (v) => show(v, 2), input: (value) => change(i, j, value), keydown(event, commit) {
    if (event.key === "Enter") commit();
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key], next = { ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (by) {
      event.preventDefault();
      const { value } = read(event.target.value);
      if (value !== undefined && Math.abs(value + by) <= limit) { event.target.value = show(value + by, 2); commit(); }
    } else if (next && event.ctrlKey) {
      event.preventDefault();
      fields[i + next[0]]?.[j + next[1]]?.element.focus();
    }
  } });
  const stroke = (event) => {
    const node = body.ownerDocument.elementFromPoint(event.clientX, event.clientY);
    fields.forEach((row, i) => row.forEach((f, j) => { if (f.element === node) change(i, j, pen()); }));
  };
  body.addEventListener("pointerdown", (event) => {
    if (pen() === null) return;
    event.preventDefault();
    drawing = true;
    // A finger is captured by the cell it came down on: let go, so that it can go on to the next.
    if (event.target.hasPointerCapture?.(event.pointerId)) event.target.releasePointerCapture(event.pointerId);
    body.setPointerCapture?.(event.pointerId);
    stroke(event);
  });
  body.addEventListener("pointermove", (event) => { if (drawing) stroke(event); });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) body.addEventListener(end, () => { drawing = false; });
  return { element: h("figure", { class: "ro-kernel" }, h("figcaption", {}, title), body), set(M, drawn) {
    const scale = largest(M);
    if (shape !== (shape = `${M.length},${M[0].length}`)) {
      fields = M.map((row, i) => row.map((_, j) => cell(i, j)));
      body.replaceChildren(...fields.flat().map((f) => f.element));
      body.style.setProperty("--columns", M[0].length);
    }
    body.classList.toggle("ro-drawing", drawn);
    M.forEach((row, i) => row.forEach((v, j) => { fields[i][j].set(v); fields[i][j].element.readOnly = drawn; paint(fields[i][j].element, v / scale); }));
  } };
}

/** Singular values as bars; the kept ones are full, the others hollow. pick(i) is called with the bar that is pressed. */
export function bars(pick) {
  const body = svg("svg", { class: "ro-bars", role: "group", "aria-label": "Singular values" });
  let count = 0, all = [];
  return { element: body, set(s, r) {
    const width = 46, height = 96, top = Math.max(s[0], 1e-12);
    if (count !== (count = s.length)) {
      all = s.map((_, i) => {
        const parts = { bar: svg("rect", { class: "ro-bar", x: i * width + 6, width: width - 12 }), number: svg("text", { x: i * width + width / 2 }),
          name: svg("text", { class: "ro-tick", x: i * width + width / 2, y: height + 34 }, `σ${"₁₂₃₄₅₆₇"[i]}`) };
        const unit = svg("g", { class: "ro-unit", role: "button", tabindex: 0, onclick: () => pick(i + 1), onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(i + 1); } } },
          svg("rect", { class: "ro-hit", x: i * width, y: 0, width, height: height + 40 }), parts.bar, parts.number, parts.name);
        return { ...parts, unit };
      });
      body.replaceChildren(...all.map((one) => one.unit));
      attr(body, "viewBox", `0 0 ${width * s.length} ${height + 40}`);
      attr(body, "width", width * s.length);
      attr(body, "height", height + 40);
    }
    s.forEach((v, i) => {
      const tall = (v / top) * height, { bar, number, unit } = all[i];
      attr(bar, "y", 18 + height - tall);
      attr(bar, "height", Math.max(tall, v ? 1 : 0));
      attr(bar, "data-kept", i < r ? "yes" : "no");
      text(number, show(v, v >= 100 ? 0 : 2));
      attr(number, "y", 13 + height - tall);
      attr(unit, "aria-pressed", String(i < r));
      attr(unit, "aria-label", `Singular value ${i + 1}: ${show(v, 3)}${i < r ? ", kept" : ", left out"}. Keep ${i + 1}.`);
    });
  } };
}

/** Each kept term: its column on the left, its row on top, their product in the corner between. */
export function terms() {
  const body = h("div", { class: "ro-terms" });
  return { element: body, set(L) {
    const scale = largest(L.columns.slice(0, 1).flatMap((c) => c.map((a) => L.rows[0].map((b) => a * b))));
    const cell = (v, full, kind) => { const node = h("span", { class: `ro-dot ${kind}` }); paint(node, v / full); return node; };
    body.replaceChildren(...L.columns.slice(0, L.r).map((column, i) => {
      const row = L.rows[i], a = largest([column]), b = largest([row]), list = (v) => v.map((x) => show(x, 2)).join(", ");
      const grid = h("div", { class: "ro-term", role: "img", "aria-label": `Term ${i + 1}: column ${list(column)} times row ${list(row)}` },
        h("span"), row.map((v) => cell(v, b, "ro-row")), column.map((v, u) => [cell(v, a, "ro-column"), row.map((w) => cell(v * w, scale, ""))]));
      grid.style.setProperty("--columns", row.length + 1);
      return h("figure", { class: "ro-part" }, grid, h("figcaption", {}, `${i ? "+ " : ""}term ${i + 1}`));
    }));
  } };
}

/** A picture whose numbers may have a sign; `share(v)` says how bright (or how coloured) a number is. */
export function photograph(title) {
  const canvas = h("canvas", { class: "ro-photo", role: "img" }), caption = h("figcaption");
  return { element: h("figure", { class: "ro-shot" }, canvas, caption), set(M, { span, signed, label, said }) {
    canvas.width = M[0].length;
    canvas.height = M.length;
    const ink = canvas.getContext("2d"), data = ink.createImageData(canvas.width, canvas.height);
    M.flat().forEach((v, n) => {
      const rgb = signed ? colour(v / (span || 1)).rgb : Array(3).fill(Math.round(255 * Math.max(0, Math.min(1, v / (span || 1)))));
      data.data.set([...rgb, 255], 4 * n);
    });
    ink.putImageData(data, 0, 0);
    attr(canvas, "aria-label", label);
    caption.replaceChildren(h("strong", {}, title), ` ${said}`);
  } };
}
