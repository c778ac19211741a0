// Channel wiring: builds its parts once, then draws them from the model.

import { alone, button, checkbox, codeBlock, explorer, fold, h, onWidth, status, text, watch, write } from "../base.js";
import { controls, costs } from "./controls.js";
import { exists, layout, question, reach } from "./geometry.js";
import { matrices } from "./matrices.js";
import { wiring } from "./picture.js";
import { asked, code, explain, rowName, summary, verdict } from "./words.js";

const LAYER = ["in_channels", "layers", "shuffle", "size"];
const TRAITS = [...LAYER, "pinned", "predict", "question", "guess", "checked"];
const FRESH = { guess: [], checked: false };

function render({ model, el }) {
  const root = explorer(el, { name: "ChannelWiring", label: "Channel wiring: which channel reads which" });
  const read = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const start = read();
  let hovered = null, focused = null, width = 0, L = layout(start), known = "", built = "";

  /** A reader's action. Another network is another question. */
  function act(values) {
    hovered = null;
    const next = layout({ ...read(), ...values }), pinned = values.pinned ?? model.get("pinned");
    const network = "layers" in values || "in_channels" in values || "shuffle" in values;
    write(model, { ...values, ...(network ? FRESH : {}), pinned: exists(next, pinned) ? pinned : [] });
  }

  const secret = () => model.get("predict") && !model.get("checked");
  const now = () => question(L, model.get("question"));
  const on = {
    hover(at) { if (String(at) !== String(hovered)) { hovered = at; drawPicture(); } },
    focus(at) { focused = at; drawPicture(); },
    pick(at) {
      if (!model.get("predict")) return act({ pinned: String(model.get("pinned")) === String(at) ? [] : at });
      const guess = model.get("guess");
      if (at[0] === now().row && !model.get("checked")) act({ guess: guess.includes(at[1]) ? guess.filter((c) => c !== at[1]) : [...guess, at[1]].sort((a, b) => a - b) });
    },
    leave: () => act({ pinned: [] }),
  };
  const stage = wiring(on), sheets = matrices(on), settings = controls(read, act), table = costs();
  const reset = button({ label: "Reset", press: () => write(model, start) });
  const predict = checkbox({ label: "Predict: hide the wires and ask me", input: (value) => act({ predict: value, pinned: [], ...FRESH }) });
  const check = button({ label: "Check", press: () => act({ checked: true }) });
  const next = button({ label: "Next question", press: () => act({ question: model.get("question") + 1, ...FRESH }) });
  const ask = h("div", { class: "cb-row cw-ask cb-quiet" }, check.element, next.element);
  const said = status(), total = h("p", { class: "cw-summary" });
  said.element.className = "cw-said";
  const python = codeBlock({ label: "The same layers in PyTorch" });
  root.append(
    h("div", { class: "cb-row cb-head" }, h("span", { class: "cb-title" }, "Channel wiring"), settings.example, reset.element),
    settings.element, h("div", { class: "cb-row cw-mode cb-quiet" }, predict.element, ask), said.element, stage.element,
    total, sheets.element, h("div", { class: "cw-costs" }, settings.size, table.element), fold("The same layers in PyTorch", {}, python.element));

  const drawPicture = alone(() => {
    if (!width) return;
    const { pinned, predict: asking, checked, guess, question: number } = read(), hidden = asking && !checked;
    const key = JSON.stringify([L.rows, L.order, L.state.layers, width, hidden]);
    if (built !== (built = key)) {
      stage.build(L, width);
      sheets.build(L, width, hidden);
    }
    const asks = asking ? now() : null;
    const at = asks ? asks.at : [hovered, focused, pinned].find((place) => place?.length && exists(L, place)) ?? null;
    const found = at && !hidden ? reach(L, at) : null;
    stage.paint(L, {
      at, found, pinned, open: !hidden,
      label: ([row, channel], shuffled, place) => `${rowName(L, row)} channel ${channel}${shuffled ? `, at place ${place}` : ""}`,
      guessed: asks && (([row, channel]) => {
        if (row !== asks.row) return { pressed: false };
        const mine = guess.includes(channel), right = asks.answer.includes(channel);
        return { pressed: mine, state: checked ? (right ? "on" : mine ? "wrong" : "off") : mine ? "guess" : null, mark: checked && mine !== right ? (mine ? "✗" : "!") : checked && mine ? "✓" : "" };
      }),
    });
    sheets.paint(found && at, found);
    said.set(asks ? (checked ? verdict(L, number, guess) : asked(L, number)) : at ? explain(L, at) : "Pick a channel, or point at one, to see what it hears and what it reaches.");
  });

  function draw() {
    const state = read();
    if (known !== (known = JSON.stringify(LAYER.map((name) => state[name])))) {
      L = layout(state);
      table.draw(L);
      python.set(code(L));
    }
    text(total, secret() ? "" : summary(L));
    settings.draw(state);
    predict.set(state.predict);
    ask.hidden = !state.predict;
    check.set({ disabled: state.checked });
    drawPicture();
  }

  draw();
  const forget = onWidth(stage.element, (now) => { width = now; drawPicture(); });
  const stop = watch(model, TRAITS, draw);
  return () => { stop(); forget(); root.remove(); };
}

export default { render };
