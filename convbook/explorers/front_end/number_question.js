// A question whose answer is one number, typed and judged at once, with a score.

import { button, errorLine, field, h, parseNumber, show, status, text } from "./base.js";

/** judge(value) returns {right, working}; another() prepares the next question; changed() is called when there is a verdict.
    A question is open until it is answered: `open()`; `renew()` opens it again. */
export function numberQuestion({ kind, next, judge, another, changed }) {
  let answered = false, typed, score = [0, 0];
  const prompt = h("p"), error = errorLine(), verdict = status();
  const answer = field({ label: "Your answer", size: 6, error, format: (v) => (v === undefined ? "" : show(v)), input(value) { typed = value; decide(); },
    read(said) { const value = parseNumber(said); return Number.isNaN(value) ? { error: `“${said.trim()}” is not a number.` } : { value }; } });
  const decide = () => {
    if (answered || typed === undefined) return;
    answered = true;
    const { right, working } = judge(typed);
    score = [score[0] + (right ? 1 : 0), score[1] + 1];
    verdict.set(`${right ? "Right." : "Not quite."} ${working} (${score[0]} of ${score[1]} right)`);
    changed();
  };
  const renew = () => { answered = false; verdict.set(""); };
  const check = button({ label: "Check", press: () => { if (answer.commit()) decide(); } });
  const more = button({ label: next, press() {
    renew();
    typed = undefined;
    answer.set(undefined);
    answer.element.value = "";
    another();
    changed();
  } });
  const element = h("div", { class: kind }, prompt, h("div", { class: "cb-row cb-quiet" }, answer.element, check.element, more.element), error.element, verdict.element);
  return {
    element, renew, open: () => !answered,
    set(ask) {
      text(prompt, ask);
      check.set({ disabled: answered });
    },
  };
}
