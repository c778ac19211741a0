// What all explorers share: elements, controls, a player, a copyable code block, lines that are read aloud.
//
// Every control is {element, set(state)}: built once, then told what to show. It calls `input` only when the reader
// acts, with a value that is legal. Nothing here has an id or listens to the document.

const put = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else attr(node, name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return node;
};

/** Sets an attribute only where it changes; null and false remove it, true leaves it empty. */
export function attr(node, name, value) {
  if (value == null || value === false) { if (node.hasAttribute(name)) node.removeAttribute(name); return; }
  const text = value === true ? "" : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/** Sets an element's text only where it changes. */
export function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

/** An HTML element: h("button", {class: "x", onclick: f}, "text", child). */
export const h = (tag, attributes = {}, ...children) => put(document.createElement(tag), attributes, children);

/** An SVG element, in the same way. */
export const svg = (tag, attributes = {}, ...children) =>
  put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

/** Makes these nodes the children, and touches only those that come, go or move; the one with the focus keeps it. */
export function keep(parent, nodes) {
  const held = parent.ownerDocument.activeElement, wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, i) => { if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null); });
  if (held !== parent.ownerDocument.activeElement && parent.contains(held)) held.focus({ preventScroll: true });
}

/** The root of an explorer, in `el`. */
export function explorer(el, { name, label }) {
  const root = h("div", {
    class: "cb-explorer", "data-explorer": name, role: "group", "aria-label": label,
    // JupyterLab takes arrow keys for itself, unless the very element that has the focus asks it not to.
    onfocusin: (event) => { event.target.setAttribute("data-lm-suppress-shortcuts", "true"); },
  });
  el.append(root);
  return root;
}

/** Calls draw once after any of these traits changed, however many did; returns what stops that. */
export function watch(model, traits, draw) {
  let due = false, over = false;
  const later = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => { due = false; if (!over) draw(); });
  };
  for (const trait of traits) model.on(`change:${trait}`, later);
  return () => { over = true; for (const trait of traits) model.off(`change:${trait}`, later); };
}

/** Calls draw(width) once an element is laid out, and at every new width in CSS pixels: a picture drawn anew keeps the size of
    its text. Returns what stops that. */
export function onWidth(element, draw) {
  let width = 0;
  const measure = () => {
    const now = Math.floor(element.clientWidth);
    if (now && now !== width) draw(width = now);
  };
  const observer = new ResizeObserver(measure);
  observer.observe(element);
  measure();
  return () => observer.disconnect();
}

/** A draw() that is not begun again from within: what is taken away while it has the focus calls back into it. */
export function alone(draw) {
  let busy = false;
  return () => {
    if (busy) return;
    busy = true;
    try { draw(); } finally { busy = false; }
  };
}

/** Writes a reader's action to the model, all of it at once. */
export function write(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

/** A number as it stands in text: −3, 0.25, 1,024; at most `digits` after the point. */
export const show = (value, digits = 3) =>
  (Math.round(value * 10 ** digits) / 10 ** digits || 0).toLocaleString("en-US", { maximumFractionDigits: digits }).replace("-", "−");

/** The number that was typed, with any kind of minus sign, wide digits, and with or without separators (1024, 1,024, 1 024); NaN
    if it is none. */
export function parseNumber(typed) {
  const plain = typed.normalize("NFKC").trim().replace(/[−–]/g, "-").replace(/^\+/, "");
  if (/^-?\d{1,3}(,\d{3})+(\.\d+)?$|^-?\d{1,3}([ '’_]\d{3})+(\.\d+)?$/.test(plain)) return Number(plain.replace(/[, '’_]/g, ""));
  return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}

/** A line that says what was typed wrong and what would fit; empty, it takes no room. */
export function errorLine() {
  const element = h("p", { class: "cb-error", role: "alert" });
  return { element, set: (message) => text(element, message || "") };
}

/** A line that is read aloud when it changes, and not in the middle of a word. */
export function status({ hidden = false } = {}) {
  const element = h("p", { class: hidden ? "cb-status cb-unseen" : "cb-status", role: "status", "aria-live": "polite" });
  return { element, set: (message) => text(element, message) };
}

/** A text field that accepts what `read` accepts. read(text) gives {value} or {error}. What was typed stays as it is
    until it is read, or until the value is changed from elsewhere. */
export function field({ label, read, format = String, input, error, size = 3, mode = "decimal", keydown }) {
  let last, spoilt = false;
  const refuse = (message) => {
    spoilt = Boolean(message);
    attr(node, "aria-invalid", spoilt ? "true" : null);
    error.set(message);
  };
  const commit = () => {
    if (node.value.trim() === format(last) && !spoilt) return true;
    const { value, error: message } = read(node.value);
    refuse(message);
    if (!message) { node.value = format(value); if (value !== last) { last = value; input(value); } }
    return !message;
  };
  const node = h("input", { type: "text", class: "cb-field", inputmode: mode, size, autocomplete: "off", spellcheck: "false", "aria-label": label,
    onchange: commit,
    onkeydown: (event) => { if (keydown) keydown(event, commit); else if (event.key === "Enter") commit(); } });
  return {
    element: node, commit, refuse,
    set(value) {
      if (value === last && (spoilt || node === node.ownerDocument.activeElement)) return;
      last = value;
      refuse("");
      node.value = format(value);
    },
  };
}

/** A slider and a number field for one whole number. set({value, min, max, step, disabled, why, note}); why(value) says why a
    typed value does not fit, note is a short remark under the slider, steps count from min. `error` puts the error line elsewhere. */
export function slider({ label, caption = label, input, step = 1, error: elsewhere }) {
  let now = { value: 0, min: 0, max: 1, step };
  const error = elsewhere ?? errorLine();
  const note = h("span", { class: "cb-note" });
  const range = h("input", { type: "range", "aria-label": label, oninput: () => { input(Number(range.value)); } });
  const read = (typed) => {
    const value = parseNumber(typed);
    const fits = `type a whole number from ${show(now.min)} to ${show(now.max)}${now.step > 1 ? ` in steps of ${now.step}` : ""}`;
    if (!Number.isInteger(value)) return { error: `${label}: “${typed.trim()}” is not a whole number; ${fits}.` };
    if (value >= now.min && value <= now.max && (value - now.min) % now.step === 0) return { value };
    const reason = now.why && now.why(value);
    return { error: now.min === now.max ? `${label}: only ${show(now.min)} fits here${reason ? `, as ${reason}` : ""}.`
      : `${label}: ${show(value)} does not fit${reason ? `, as ${reason}` : ""}; ${fits}.` };
  };
  const number = field({ label: `${label}, number`, read, format: show, input, error, mode: "numeric", keydown: (event, commit) => {
    const by = { ArrowUp: now.step, ArrowDown: -now.step }[event.key];
    if (event.key === "Enter") commit();
    if (!by) return;
    event.preventDefault();
    const value = Math.min(now.max, Math.max(now.min, now.value + by));
    if (value !== now.value) { number.element.value = show(value); commit(); }
  } });
  const element = h("div", { class: "cb-slider" }, h("span", { class: "cb-caption", "aria-hidden": "true" }, caption), range, number.element, note, elsewhere ? null : error.element);
  return {
    element,
    set(state) {
      now = { ...now, ...state };
      const fixed = now.disabled || now.min === now.max;
      // The limits first: a range cuts its value to them.
      attr(range, "min", now.min);
      attr(range, "max", now.max);
      attr(range, "step", now.step);
      range.disabled = Boolean(fixed);
      number.element.disabled = Boolean(now.disabled);
      if (Number(range.value) !== now.value) range.value = now.value;
      attr(range, "value", now.value);
      text(note, now.note || "");
      number.set(now.value);
    },
  };
}

/** A drop-down list. options: [{value, text, disabled}]; set({value, options}). */
export function select({ label, caption = label, options = [], input }) {
  let drawn = "";
  const node = h("select", { "aria-label": label, onchange: () => input(node.value) });
  const element = h("label", { class: "cb-select" }, h("span", { class: "cb-caption" }, caption), node);
  const control = {
    element,
    set({ value, options: list = options }) {
      options = list;
      if (drawn !== (drawn = JSON.stringify(list))) {
        node.replaceChildren(...list.map((o) => h("option", { value: o.value, disabled: o.disabled }, o.text ?? o.value)));
      }
      if (value !== undefined) node.value = value;
    },
  };
  control.set({});
  return control;
}

/** A choice with all its options in sight. options: [{value, text, disabled}]; set({value, options}). */
export function segmented({ label, caption = label, options, input }) {
  const group = `cb-${Math.random().toString(36).slice(2)}`;
  const radios = options.map((o) => h("input", { type: "radio", name: group, value: o.value, onchange: () => input(o.value) }));
  const element = h("div", { class: "cb-segmented", role: "radiogroup", "aria-label": label },
    caption && h("span", { class: "cb-caption", "aria-hidden": "true" }, caption),
    h("span", { class: "cb-segments" }, options.map((o, i) => h("label", {}, radios[i], h("span", {}, o.text ?? o.value)))));
  return {
    element,
    set({ value, options: list = options }) {
      list.forEach((o, i) => { radios[i].disabled = Boolean(o.disabled); radios[i].checked = o.value === value; });
    },
  };
}

export function checkbox({ label, input }) {
  const node = h("input", { type: "checkbox", onchange: () => input(node.checked) });
  return { element: h("label", { class: "cb-checkbox" }, node, h("span", {}, label)), set: (value) => { node.checked = value; } };
}

/** A button; `caption` is what it shows (text or an element), `label` what it is called. One that is disabled while it has the
    focus keeps it until the reader leaves, so that the place on the page is not lost. */
export function button({ label, caption = label, press, kind = "" }) {
  let off = false;
  const element = h("button", { type: "button", class: `cb-button ${kind}`.trim(), "aria-label": caption === label ? null : label, title: caption === label ? null : label,
    onclick: () => { if (!off) press(); }, onblur: () => settle(false) }, caption);
  const settle = (held) => {
    element.disabled = off && !held;
    attr(element, "aria-disabled", off && held && "true");
  };
  return { element, set: ({ disabled = false, label: name, caption: shown }) => {
    off = Boolean(disabled);
    settle(element === element.ownerDocument.activeElement);
    if (name) { attr(element, "aria-label", name); attr(element, "title", name); }
    if (shown && element.firstChild !== shown) element.replaceChildren(shown);
  } };
}

/** A part that can be folded away: fold("Layer", {open: true}, child, ...). */
export const fold = (title, { open = false } = {}, ...children) =>
  h("details", { class: "cb-fold", open }, h("summary", {}, title), h("div", { class: "cb-fold-body" }, ...children));

/** Code with a button that copies it; where the clipboard is closed to us, the code is selected instead. */
export function codeBlock({ label = "Code" } = {}) {
  const code = h("code");
  const said = status();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      said.set("Copied.");
    } catch {
      getSelection().selectAllChildren(code);
      let done = false;
      try { done = document.execCommand("copy"); } catch { /* the reader can still press the keys */ }
      said.set(done ? "Copied." : "Selected: press Ctrl+C, or ⌘C, to copy.");
    }
  };
  const element = h("div", { class: "cb-code" },
    h("pre", { tabindex: 0, role: "region", "aria-label": label }, code),
    h("div", { class: "cb-row" }, button({ label: "Copy", press: copy }).element, said.element));
  return { element, set: (value) => { if (code.textContent !== value) { code.textContent = value; said.set(""); } } };
}

const icon = (d) => svg("svg", { class: "cb-icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" }, svg("path", { d }));

/** Play, pause, step, speed and scrub over `count()` steps. index() is the step now, go(i) is called with the next; speed() is
    in steps a second. Nothing plays until the reader asks, and it stops at the end, off screen and with destroy(). */
export function player({ label = "step", count, index, go, speed, setSpeed, speeds = [1, 2, 4, 8] }) {
  let timer = null;
  const icons = { play: icon("M4 2.5v11l9-5.5z"), pause: icon("M4 2.5h3v11H4zM9 2.5h3v11H9z") };
  const stop = () => { clearTimeout(timer); timer = null; draw(); };
  const next = () => { timer = setTimeout(() => {
    if (index() + 1 >= count()) return stop();
    go(index() + 1);
    next();
  }, 1000 / speed()); };
  const toggle = () => {
    if (timer) return stop();
    if (index() + 1 >= count()) go(0);
    next();
    draw();
  };
  const to = (i) => { if (timer) stop(); go(Math.min(count() - 1, Math.max(0, i))); };
  const play = button({ label: "Play", caption: icons.play, press: toggle, kind: "cb-play" });
  const back = button({ label: `Previous ${label}`, caption: icon("M3 2.5h2v11H3zM13 2.5v11L5.5 8z"), press: () => to(index() - 1) });
  const on = button({ label: `Next ${label}`, caption: icon("M11 2.5h2v11h-2zM3 2.5v11L10.5 8z"), press: () => to(index() + 1) });
  const scrub = h("input", { type: "range", min: 0, step: 1, "aria-label": `Go to ${label}`, oninput: () => to(Number(scrub.value)) });
  const place = h("span", { class: "cb-place" });
  const pace = select({ label: "Speed", caption: "Speed", options: speeds.map((v) => ({ value: String(v), text: `${v} a second` })), input: (v) => setSpeed(Number(v)) });
  const element = h("div", { class: "cb-player", role: "group", "aria-label": `Player, one ${label} at a time` },
    back.element, play.element, on.element, scrub, place, pace.element);
  const draw = () => {
    const i = index(), n = count();
    play.set({ label: timer ? "Pause" : "Play", caption: timer ? icons.pause : icons.play, disabled: n < 2 });
    back.set({ disabled: i <= 0 });
    on.set({ disabled: i >= n - 1 });
    attr(scrub, "max", Math.max(0, n - 1));
    attr(scrub, "aria-valuetext", `${label} ${i + 1} of ${n}`);
    scrub.disabled = n < 2;
    if (Number(scrub.value) !== i) scrub.value = i;
    text(place, `${i + 1} / ${n}`);
    pace.set({ value: String(speed()) });
  };
  const eye = typeof IntersectionObserver === "undefined" ? null
    : new IntersectionObserver((entries) => { if (timer && !entries.at(-1).isIntersecting) stop(); });
  if (eye) eye.observe(element);
  return { element, draw, stop, playing: () => timer !== null, destroy() { clearTimeout(timer); timer = null; if (eye) eye.disconnect(); } };
}
