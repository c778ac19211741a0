// A stack of layers on the page: what each unit reads, and along how many paths.
import { attr, button, checkbox, codeBlock, explorer, fold, h, onWidth, select, slider, status, text, watch, write } from "../base.js";
import { LIMITS, PRESETS, code, cone, coverage, guessHint, hdc, inTime, middle, reach, rows, shortestInput } from "./geometry.js";
import { numbers, prediction, stackControls } from "./controls.js";
import { picture, rowName, square } from "./picture.js";

const TRAITS = ["layers", "input_size", "unit", "predict"];
const PADDING = 2; // pixels that style.css puts around the picture, on each side
const plural = (count, one) => `${count.toLocaleString("en-US")} ${one}${count === 1 ? "" : "s"}`;

function render({ model, el }) {
  const root = explorer(el, { name: "ReceptiveField", label: "Receptive field of a stack of layers" });
  const start = Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  let layers, n, built = "", solved = "", width = 0;
  const looks = { pointer: null, focus: null };

  const preset = select({ label: "Example", options: [], input: (name) => {
    const found = PRESETS.find((p) => p.name === name);
    if (found) act({ layers: found.layers, input_size: found.n, unit: [] });
  } });
  const length = slider({ label: "Input length", caption: "Input", input: (value) => act({ input_size: value, unit: [] }) });
  const predict = checkbox({ label: "Let me predict first", input: (on) => { solved = ""; guess.clear(); act({ predict: on }); } });
  const reset = button({ label: "Reset", press: () => { solved = ""; act(start); } });
  const note = h("p", { class: "cb-muted rf-note", role: "status" });
  const stage = picture({
    preview: (how, at) => {
      if (String(looks[how]) === String(at)) return;
      looks[how] = at;
      drawUnit();
      if (how === "focus" && at) spoken.set(facts.textContent);
    },
    pin: (row, unit) => {
      const old = model.get("unit");
      if (row === null ? !old.length : false) return;
      const again = row === null || (old[0] === row && old[1] === unit);
      act({ unit: again ? [] : [row, unit] });
      draw();
      spoken.set(`${again ? "No longer pinned" : "Pinned"}. ${facts.textContent}`);
    },
  });
  const facts = h("div", { class: "rf-facts" });
  const heat = square();
  const guess = prediction({
    giveUp: () => { solved = ""; act({ predict: false }); },
    tried: (value) => {
      const size = rows(layers, n).at(-1).size;
      if (value !== size) return `Not ${value}. ${guessHint(layers, n, value)}`;
      solved = key();
      draw();
      return "";
    },
  });
  const spoken = status({ hidden: true });
  const controls = stackControls({ change: (now) => act({ layers: now, unit: [] }) });
  const table = numbers();
  const source = codeBlock({ label: "The stack in PyTorch" });
  const answer = h("div", { class: "rf-answer" }, facts, heat.element);
  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Receptive field"), preset.element, reset.element),
    h("div", { class: "rf-top" }, length.element, h("span", { class: "cb-quiet" }, predict.element)), note,
    stage.element, guess.element, answer, controls.element,
    fold("The numbers, layer by layer", { open: el.clientWidth > 480 }, table.element), fold("In PyTorch", {}, source.element), spoken.element);

  const key = () => JSON.stringify([model.get("layers"), model.get("input_size")]);
  const blind = () => model.get("predict") && solved !== key();

  function act(values) {
    looks.pointer = null;
    if (values.layers || values.input_size) guess.clear();
    write(model, values);
  }

  function shownUnit() {
    const all = rows(layers, n);
    const within = (at) => at && at.length && at[0] < all.length && at[1] < all[at[0]].n;
    return [looks.pointer, looks.focus, model.get("unit")].find(within) || [layers.length, middle(layers, n, layers.length)];
  }

  function draw() {
    layers = model.get("layers");
    n = model.get("input_size");
    const same = PRESETS.find((p) => p.n === n && JSON.stringify(p.layers) === JSON.stringify(layers.map(({ kind, k, s, p, d, name }) => ({ kind, k, s, p, d, name }))));
    preset.set({ value: same ? same.name : "", options: [...PRESETS.map(({ name }) => ({ value: name })), ...(same ? [] : [{ value: "", text: "your own" }])] });
    const right = model.get("predict") && !blind();
    text(note, right ? `Right: one unit of the top row sees ${rows(layers, n).at(-1).size} pixels.` : same && !blind() ? same.note : "");
    attr(note, "data-right", right && "");
    length.set({ value: n, min: shortestInput(layers), max: LIMITS.n[1], why: () => "every row needs a unit" });
    predict.set(model.get("predict"));
    controls.set(layers, n);
    table.set(layers, n, blind());
    source.set(code(layers));
    guess.element.hidden = !blind();
    answer.hidden = blind();
    const signature = `${key()}${width}`;
    if (signature !== built) {
      built = signature;
      const kept = stage.hasFocus();
      stage.build(layers, n, width || 640);
      if (kept) stage.focus(...shownUnit());
    }
    drawUnit();
  }

  function drawUnit() {
    const [row, unit] = shownUnit();
    const found = cone(layers, n, row, unit);
    const field = coverage(layers, n, row, unit, found.counts[0]);
    const pinned = model.get("unit");
    stage.paint({ row, unit, ...found, field, pinned: pinned.length ? pinned : null, blind: blind() });
    if (blind()) return;
    facts.replaceChildren(...sentences(row, unit, found, field, pinned.length && pinned[0] === row && pinned[1] === unit));
    heat.element.hidden = inTime(layers);
    heat.draw(found.counts[0], field);
  }

  function sentences(row, unit, { counts, above }, field, pinned) {
    const { size, first, last, read, holes, inside, outside, paths, most } = field;
    const upper = above.slice(row + 1).map((list, i) => `${plural(list.filter(Boolean).length, "unit")} of layer ${row + 1 + i}`).filter((line) => !line.startsWith("0"));
    const who = row ? `Unit ${unit} of ${rowName(layers, row)}` : `Input pixel ${unit}`;
    return [
      h("p", { class: "rf-who" }, h("strong", {}, who), pinned ? " (pinned)" : ""),
      row > 0 && h("p", {}, "sees ", h("strong", { class: "rf-size" }, plural(size, "pixel")), `, from ${first} to ${last}`.replace(/-/g, "−"), outside ? `; ${outside} of them outside the input` : "", "."),
      row > 0 && h("p", { class: "rf-read" }, holes ? `${holes} of ${inside} pixels are never read: the hollow ones.` : inside === 1 ? "It reads that pixel." : `Each of ${outside ? `the ${inside} inside` : `these ${inside}`} is read.`),
      row > 0 && h("p", { class: "rf-paths" }, paths === 1 ? "One path leads up to it." : most === 1 ? `${plural(paths, "path")} lead up to it, one from each pixel that is read.`
        : `${plural(paths, "path")} lead up to it; ${most.toLocaleString("en-US")} of them start at pixel ${counts[0].indexOf(most)}, the most.`),
      upper.length > 0 && h("p", { class: "rf-upper" }, `Read in turn by ${upper.join(", ")}.`),
      row === 0 && !upper.length && h("p", {}, "No unit of layer 1 reads it."),
      ruling(hdc(layers), reach(layers).holes),
    ].filter(Boolean);
  }

  /** What the rule of hybrid dilated convolution says about the whole stack, beside what is counted. */
  function ruling(rule, holes) {
    if (!rule) return null;
    const counted = holes ? `${plural(holes, "hole")} counted` : "no hole counted";
    const verdict = rule.promised === !holes ? (holes ? "expects holes" : "promises none") : rule.promised ? "promises none, and is wrong" : "expects holes, and is wrong";
    return h("p", { class: "rf-rule" }, `HDC rule for the stack: largest gap M₂ = ${rule.gap} ${rule.promised ? "≤" : ">"} k = ${rule.k}; it ${verdict}: ${counted}.`,
      rule.promised && holes ? " The rule takes for granted that the first dilation is 1." : "");
  }

  draw();
  const forget = onWidth(stage.element, (now) => { width = now - 2 * PADDING; draw(); });
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); forget(); root.remove(); };
}

export default { render };
