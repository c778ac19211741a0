// What the penalty explorer says: the optimum and why it lies there, the two forms, the same numbers as code. No DOM here.

import { show } from "../base.js";

export const NAMES = { l1: "L1", l2: "L2", elastic: "elastic net" };
export const WEIGHTS = ["w₁", "w₂"];
const num = (v) => show(v, 3);
const pair = (w) => `(${num(w[0])}, ${num(w[1])})`;
export const zeros = (zero) => (zero[0] ? (zero[1] ? "both" : "w₁") : zero[1] ? "w₂" : "none");

const FORMULA = { l1: "|w₁| + |w₂|", l2: "(w₁² + w₂²)/2" };
export const formula = ({ penalty, mix }) => FORMULA[penalty] ?? `${num(mix)}·(${FORMULA.l1}) + ${num(1 - mix)}·${FORMULA.l2}`;

export function headline(state, L) {
  const vanished = { none: "No weight is zero.", both: "Both weights are exactly zero." }[zeros(L.zero)] ?? `${zeros(L.zero)} is exactly zero.`;
  if (L.slack) return `The bottom of the bowl, ${pair(L.w)}, costs ${num(L.spent)} and lies within the budget: nothing is held back.`;
  return `${NAMES[state.penalty]}, λ = ${num(L.strength)}: the optimum is ${pair(L.w)}. ${vanished}`;
}

/** Why a weight stands where it stands. */
export function reason(L, i) {
  const { m, strength } = L, slope = L.slopes[i], name = WEIGHTS[i], w = L.w[i];
  if (strength === 0) return `${name} = ${num(w)}: at the bottom of the bowl its slope is 0.`;
  if (L.zero[i] && m > 0) return `${name} = 0: for each unit that it moved, the loss would fall by at most ${num(Math.abs(slope))} and the penalty rise by ${num(m * strength)}${m < 1 ? ", λ times the share of L1" : ", which is λ"}.`;
  const parts = [m > 0 ? `${w < 0 ? "−" : ""}${num(m * strength)}` : null, m < 1 ? `${num(strength * (1 - m))}·${w < 0 ? `(${num(w)})` : num(w)}` : null].filter(Boolean);
  const pull = m * strength * Math.sign(w) + strength * (1 - m) * w;
  return `${name} = ${num(w)}: the penalty's slope ${parts.join(" + ")}${parts.length > 1 || m < 1 ? ` = ${num(pull)}` : ""} and the bowl's ${num(slope)} cancel.`;
}

/** With a round bowl each weight is found alone. */
export function byHand(state, L) {
  if (state.stretch !== 1) return "";
  const { m, strength } = L, below = 1 + strength * (1 - m);
  const one = (c, i) => {
    const soft = `${c < 0 ? "−" : ""}max(${num(Math.abs(c))} − ${num(m * strength)}, 0)`;
    return `${WEIGHTS[i]} = ${m > 0 ? soft : num(c)}${m < 1 ? ` / ${num(below)}` : ""} = ${num(L.w[i])}`;
  };
  return `The bowl is round, so each weight is found alone: ${L.c.map(one).join("; ")}.`;
}

export function link(state, L) {
  if (L.slack) return "No strength is needed: λ = 0.";
  if (state.form === "budget") return `A penalty with λ = ${num(L.strength)} has the same optimum, without a budget.`;
  return `A budget of t = ${num(L.spent)} for the penalty has the same optimum, without a λ.`;
}

export function last(L) {
  if (L.last === Infinity) return "However strong this penalty grows, it only shrinks weights: none becomes zero for that.";
  return `From λ = ${num(L.last)} on both weights are zero.`;
}

export const ask = (key, state) => (key === "number"
  ? `A round bowl with its bottom at ${pair(state.centre)}, ${NAMES[state.penalty]} with λ = ${num(state.strength)}. What is w₁ at the optimum?`
  : "Which weights will be exactly zero at the optimum?");

export function verdict(key, state, L, guess) {
  const right = key === "number" ? Math.abs(guess - L.w[0]) <= 0.011 : guess === zeros(L.zero);
  const said = key === "number" ? byHand(state, L) : [0, 1].map((i) => reason(L, i)).join(" ");
  return { right, text: `${right ? "Right." : `Not ${key === "number" ? num(guess) : guess}.`} ${said}` };
}

/** Proximal gradient steps in NumPy that end at the same optimum. */
export function code(state, L) {
  const n = (v) => String(Math.round(v * 1e6) / 1e6 || 0);
  return `import numpy as np

A = np.array([[${n(L.A[0][0])}, ${n(L.A[0][1])}],
              [${n(L.A[1][0])}, ${n(L.A[1][1])}]])  # curvature of the loss
c = np.array([${L.c.map(n).join(", ")}])  # where the loss is least
lam, share = ${n(L.strength)}, ${n(L.m)}  # strength; 1 is L1, 0 is L2

w, step = np.zeros(2), 1 / np.linalg.eigvalsh(A).max()
for _ in range(2000):
    w = w - step * A @ (w - c)  # down the loss
    w = np.sign(w) * np.maximum(abs(w) - step * lam * share, 0)  # soft threshold
    w = w / (1 + step * lam * (1 - share))  # shrinkage
print(w.round(4))  # ${L.w.map((v) => show(v, 4).replace("−", "-")).join(", ")}`;
}
