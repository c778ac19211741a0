// Questions with fresh numbers, what an answer is worth, and the score of a visit. No DOM here.
//
// A kind is {key, title, make}; make(rng) gives {given, prompt, fields, working, mistakes}:
//   given      the numbers, by name: a test recomputes the answer from them
//   prompt     paragraphs: text, {code}, {grid, label, role} or {table, head}
//   fields     [{label, unit, answer, tolerance}]; tolerance 0 means a whole number, exactly
//   working    lines; the last one states the answer
//   mistakes   [{answer, why}]: one number, or one a field, null where any will do

import { parseNumber } from "../base.js";

/** Random numbers that the same seed repeats (mulberry32), with the draws that questions need. */
export function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low, high) => low + Math.floor(next() * (high - low + 1));
  return {
    int,
    pick: (list) => list[int(0, list.length - 1)],
    /** A number of the range that is not `other`: rows and columns never equal. */
    other: (low, high, other) => {
      const value = int(low, high - 1);
      return value < other ? value : value + 1;
    },
    row: (length, low, high) => Array.from({ length }, () => int(low, high)),
    grid: (h, w, low, high) => Array.from({ length: h }, () => Array.from({ length: w }, () => int(low, high))),
  };
}

/** Question number `turn` of one kind. The same bank, key, seed and turn give the same question. */
export function ask(bank, key, seed, turn) {
  const kind = bank.find((kind) => kind.key === key);
  let mixed = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(turn + 1, 0x85ebca6b);
  for (const letter of key) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193);
  const question = kind.make(generator(mixed));
  const { fields } = question;
  const seen = [];
  const mistakes = question.mistakes
    .map(({ answer, why }) => ({ answer: [answer].flat(), why }))
    .filter(({ answer }) => answer.every((a) => a === null || Number.isFinite(a)))
    .filter(({ answer }) => !matches(fields, answer, fields.map((f) => f.answer)))
    .filter(({ answer }) => !seen.includes(String(answer)) && seen.push(String(answer)));
  return { ...question, key, title: kind.title, mistakes };
}

const matches = (fields, wanted, values) =>
  fields.every((f, i) => wanted[i] == null || Math.abs(values[i] - wanted[i]) <= (f.tolerance || 0) + 1e-9);

/** 1,024 and −3 as they stand in the text; `digits` after the point. */
export const show = (value, digits = 0) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");

/** What was typed into a field: a number or a fraction of two (3/8), with its unit after it or without; NaN if it is neither. */
export function readAnswer(text, { unit = "" }) {
  const plain = text.normalize("NFKC").trim();
  const [over, under = "1", ...more] = (unit && plain.endsWith(unit) ? plain.slice(0, -unit.length) : plain).split(/[/⁄]/);
  const value = parseNumber(over) / parseNumber(under);
  return more.length || !Number.isFinite(value) ? NaN : value;
}

/** What typed answers are worth: {verdict: "empty" | "unread" | "right" | "wrong", fields: [true, false, ...], text}. */
export function judge({ fields, mistakes }, typed) {
  const blank = typed.findIndex((text) => !text.trim());
  if (blank >= 0) return { verdict: "empty", fields: [], at: blank, text: `Type a number for “${fields[blank].label}”.` };
  const values = typed.map((text, i) => readAnswer(text, fields[i]));
  const unread = values.findIndex(Number.isNaN);
  if (unread >= 0) {
    const comma = /^-?\d+,\d+$/.test(typed[unread].trim());
    const how = comma ? "a comma only parts thousands; write the decimal point as a dot" : "write digits, as in 1024 or 2.5";
    return { verdict: "unread", fields: [], at: unread, text: `“${typed[unread].trim()}” is not read as a number: ${how}.` };
  }
  const good = fields.map((f, i) => matches([f], [f.answer], [values[i]]));
  if (good.every(Boolean)) return { verdict: "right", fields: good, text: `Right: ${answerText(fields)}.` };
  const at = good.indexOf(false);
  const known = mistakes.find((m) => matches(fields, m.answer, values));
  if (known) return { verdict: "wrong", fields: good, at, text: `Not ${typed.length > 1 ? "quite" : show(values[0], decimals(values[0]))}. ${known.why}` };
  const names = (want) => fields.filter((_, i) => good[i] === want).map((f) => f.label).join(" and ");
  const part = good.some(Boolean) ? `Right: ${names(true)}. Not yet: ${names(false)}.` : "Not yet.";
  return { verdict: "wrong", fields: good, at, text: `${part} Try again, or look at the working.` };
}

const decimals = (value) => Math.min(3, (String(value).split(".")[1] || "").length);

/** All answers of a question, as one line. */
export const answerText = (fields) =>
  fields.map((f) => show(f.answer, f.digits || 0) + (f.unit ? ` ${f.unit}` : "")).join(" and ");

/** Score of a visit. A question counts once an answer is judged or its working shown. */
export const newScore = () => ({ asked: 0, first: 0, streak: 0, kinds: {} });

/** The score after one event on a question: "right", "wrong" or "shown"; attempt is what happened on it before. */
export function scored(score, attempt, key, event) {
  const opening = !attempt.events;
  const first = opening && event === "right";
  const solved = event === "right" && !attempt.shown;
  return {
    score: {
      asked: score.asked + (opening ? 1 : 0),
      first: score.first + (first ? 1 : 0),
      streak: first ? score.streak + 1 : opening ? 0 : score.streak,
      kinds: { ...score.kinds, [key]: solved || score.kinds[key] === "solved" ? "solved" : "tried" },
    },
    attempt: {
      events: (attempt.events || 0) + 1,
      shown: attempt.shown || event === "shown",
      done: attempt.done || event === "right",
    },
  };
}
