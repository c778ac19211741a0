// Practice on the page: one question at a time, its fields, what an answer is worth, the working, the score.
import { attr, button, explorer, h, text, watch, write } from "../base.js";
import { ask, judge, newScore, scored, show } from "./engine.js";

const STATES = { solved: "right", tried: "not right yet", new: "not tried" };

/** The front end of one bank of questions. */
export const practice = (bank) => ({
  render({ model, el }) {
    // Seed 0: other numbers at each visit, but the same ones for as long as the page stands.
    const fresh = 1 + Math.floor(Math.random() * 999_999);
    let score = newScore();
    let attempt = {};
    const attempts = new Map();
    let drawn, question, inputs = [];

    const keys = () => (model.get("kinds").length ? model.get("kinds") : bank.map((kind) => kind.key));
    const now = () => ({ key: model.get("kind") || keys()[0], seed: model.get("seed") || fresh, turn: model.get("turn") });
    const title = (key) => bank.find((kind) => kind.key === key).title;

    const root = explorer(el, { name: "Practice", label: "Practice" });
    const said = h("p", { class: "cb-said cb-unseen", role: "status" });
    const tally = h("span", { class: "cb-muted cb-tally" });
    const dots = h("div", { class: "cb-dots", role: "group", "aria-label": "Kinds of question" });
    const name = h("p", { class: "cb-title" });
    const prompt = h("div", { class: "cb-prompt" });
    const fields = h("span", { class: "cb-fields" });
    const check = h("button", { type: "submit", class: "cb-main" }, "Check");
    const form = h("form", { class: "cb-answer", onsubmit: (event) => { event.preventDefault(); submit(); } }, fields, check);
    const verdict = h("p", { class: "cb-verdict", role: "status" });
    const another = button({ label: "Another one", press: () => go({ turn: now().turn + 1 }) });
    const next = button({ label: "Next kind", press: () => step(1) });
    const toggle = button({ label: "Show the working", press: () => reveal() });
    const working = h("ol", { class: "cb-working", hidden: true });
    root.append(
      h("div", { class: "cb-row" }, h("span", { class: "cb-title" }, "Practice"), tally), dots,
      h("div", { class: "cb-question" }, name, prompt, form, verdict),
      h("div", { class: "cb-row" }, another.element, next.element, toggle.element), working, said);

    function go(values) {
      write(model, values);
      draw();
      text(said, `New question. ${name.textContent}. ${prompt.textContent}`);
      // With a mouse or a keyboard the next thing is to type; on a phone the keyboard would cover the question.
      if (matchMedia("(pointer: fine)").matches) inputs[0].focus();
    }

    function step(by) {
      const all = keys();
      go({ kind: all[(all.indexOf(now().key) + by + all.length) % all.length] });
    }

    function happened(event) {
      if (attempt.done || (event === "shown" && attempt.shown)) return;
      ({ score, attempt } = scored(score, attempt, now().key, event));
      attempts.set(drawn, attempt);
      drawScore();
    }

    function submit() {
      const result = judge(question, inputs.map((input) => input.value));
      attr(verdict, "data-verdict", result.verdict);
      text(verdict, result.text);
      inputs.forEach((input, i) => attr(input, "aria-invalid", (result.fields[i] === false || result.at === i) && "true"));
      if (result.verdict === "right" || result.verdict === "wrong") happened(result.verdict);
      if (result.at !== undefined && matchMedia("(pointer: fine)").matches) inputs[result.at].select();
    }

    function reveal(open = working.hidden) {
      working.hidden = !open;
      attr(toggle.element, "aria-expanded", String(open));
      text(toggle.element, open ? "Hide the working" : "Show the working");
      if (open) happened("shown");
    }

    function drawScore() {
      const { asked, first, streak } = score;
      text(tally, asked ? `${first} of ${asked} right at the first try${streak > 1 ? `, ${streak} in a row` : ""}` : "");
      const { key } = now();
      [...dots.children].forEach((dot) => {
        const state = score.kinds[dot.dataset.key] || "new";
        attr(dot, "data-state", state);
        attr(dot, "aria-current", dot.dataset.key === key && "true");
        attr(dot, "aria-label", `${title(dot.dataset.key)}: ${STATES[state]}`);
        attr(dot, "title", title(dot.dataset.key));
      });
    }

    function draw() {
      const { key, seed, turn } = now();
      const list = keys().join();
      if (dots.dataset.kinds !== list) {
        dots.dataset.kinds = list;
        dots.replaceChildren(...keys().map((k, i) =>
          h("button", { type: "button", class: "cb-dot", "data-key": k, onclick: () => go({ kind: k }) }, String(i + 1))));
      }
      const identity = `${key}:${seed}:${turn}`;
      if (identity !== drawn) {
        drawn = identity;
        attempt = attempts.get(identity) || {};
        question = ask(bank, key, seed, turn);
        Object.assign(root.dataset, { kind: key, seed, turn });
        text(name, question.title);
        prompt.replaceChildren(...question.prompt.map(block));
        // The number keys of some phones have no minus sign: where an answer may be negative, all keys are shown.
        const inputmode = question.prompt.some((part) => part.grid) ? "text" : "decimal";
        inputs = question.fields.map(() => h("input", { type: "text", inputmode, autocomplete: "off", spellcheck: "false", size: 8 }));
        fields.replaceChildren(...question.fields.map(({ label, unit }, i) =>
          h("label", {}, h("span", { class: "cb-caption" }, label), inputs[i], unit && h("span", { class: "cb-caption" }, unit))));
        working.replaceChildren(...question.working.map((line) => h("li", {}, line)));
        working.hidden = true;
        attr(toggle.element, "aria-expanded", "false");
        text(toggle.element, "Show the working");
        text(verdict, "");
        attr(verdict, "data-verdict", null);
      }
      next.element.hidden = keys().length < 2;
      dots.hidden = keys().length < 2;
      drawScore();
    }

    draw();
    const stop = watch(model, ["kinds", "kind", "seed", "turn"], draw);
    return () => { stop(); root.remove(); };
  },
});

/** One paragraph of a prompt. */
function block(part) {
  if (typeof part === "string") return h("p", {}, part);
  if (part.code) return h("p", { class: "cb-mono cb-line" }, part.code);
  if (part.table) {
    return h("div", { class: "cb-scroll" }, h("table", { class: "cb-given" },
      h("thead", {}, h("tr", {}, part.head.map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, part.table.map((row) => h("tr", {}, row.map((v) => h("td", {}, show(v))))))));
  }
  const rows = part.grid.length, columns = part.grid[0].length;
  return h("figure", { class: "cb-numbers", "data-role": part.role },
    h("figcaption", {}, part.label),
    h("table", { "aria-label": `${part.label}, ${rows} × ${columns}` },
      h("thead", {}, h("tr", {}, h("td", {}), part.grid[0].map((_, j) => h("th", { scope: "col" }, j)))),
      h("tbody", {}, part.grid.map((row, i) => h("tr", {}, h("th", { scope: "row" }, i), row.map((v) => h("td", {}, show(v))))))));
}
