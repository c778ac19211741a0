// What the rank explorer says: verdicts, sums with their numbers, the filters as code. No DOM here.

import { show } from "../base.js";
import { puzzle } from "./geometry.js";

export const percent = (share) => (share > 0 && share < 0.0005 ? "under 0.1 %" : `${show(100 * share, 1)} %`);
const times = (n) => (n === 1 ? "single column times row" : `sum of ${n} columns times rows`);
export const shape = ([a, b]) => `${a} × ${b}`;

/** The kernel and its best sum of r, in a sentence. */
export function headline(L) {
  const { rank, r, error, most } = L;
  if (!rank) return "A kernel of zeros: rank 0. Draw something.";
  const first = `This ${shape(L.sides)} kernel has rank ${rank}${rank === 1 ? ": it is separable" : rank === most ? ", the most it can have" : ""}.`;
  if (!error) return `${first} With r = ${r} the sum is the kernel itself, to rounding${r > rank ? `; ${rank} would do` : ""}.`;
  return `${first} The best ${times(r)} misses it by ${percent(error)}.`;
}

/** Eckart and Young's formula, filled in. */
export function errorSum({ s, r, error, rank }) {
  if (!rank) return "";
  const squares = (list) => list.map((v) => `${show(v, 2)}²`).join(" + ");
  const left = s.slice(r).filter((v) => v > 1e-9 * s[0]);
  return `|K − Kᵣ| / |K| = √(${left.length ? squares(left) : "0"}) / √(${squares(s.filter((v) => v > 1e-9 * s[0]))}) = ${percent(error)}. No sum of ${r} is closer (Eckart and Young).`;
}

/** What the photograph shows. */
export function photoWords({ span, off, K, near, error }) {
  const total = (M) => M.flat().reduce((sum, v) => sum + v, 0), gone = Math.abs(total(K)) < 1e-9 && Math.abs(total(near)) > 1e-6;
  return `Largest difference: ${show(off, 1)}, beside a largest response of ${show(span, 1)} (${percent(span ? off / span : 0)}).`
    + (error && gone ? ` The numbers of K sum to 0, those of the sum of r to ${show(total(near), 2)}: now even a flat grey answers.` : "");
}

/** Both costs with their numbers, and how many terms still save. */
export function costWords({ sides: [kh, kw], cost: c, r, state: { image_size: N } }) {
  const ratio = c.passes / c.direct;
  return {
    direct: `${c.oh}·${c.ow} places × ${kh}·${kw} taps = ${show(c.direct)}`,
    passes: `${r > 1 ? `${r} × ` : ""}(${c.oh}·${N} places × ${kh}, then ${c.oh}·${c.ow} places × ${kw}) = ${r > 1 ? `${r} × ${show(c.pair)} = ` : ""}${show(c.passes)}`,
    verdict: `${r === 1 ? "One pair of passes costs" : `${r} pairs of passes cost`} ${percent(ratio)} of the kernel at once: ${ratio < 1 ? "cheaper" : ratio > 1 ? "dearer" : "even"}. `
      + (c.most >= 1 ? `Up to r = ${c.most} it saves; the break-even lies at r = ${show(c.breakEven, 2)}.` : `It never saves here; the break-even lies at r = ${show(c.breakEven, 2)}.`),
  };
}

/** A fresh question: a kernel of small whole numbers and how many terms it takes. */
export function question(seed) {
  const terms = 1 + ((seed * 7 + 3) % 3);
  return { kernel: puzzle(3 + 2 * (seed % 2), terms, seed), terms };
}

/** The answer to a prediction. */
export function verdict(L, guess) {
  const why = L.rank === 1 ? "every row is a multiple of one row" : `its rows are combinations of ${L.rank} rows, and of no fewer`;
  return `${guess === L.rank ? "Right" : `Not ${guess}`}: it takes ${L.rank}, as ${why}.`;
}

const python = (M) => `[${M.map((row) => `[${row.map((v) => Number(v.toFixed(4))).join(", ")}]`).join(", ")}]`;

/** The same two ways to filter, ready to run. */
export const code = (L) => `import torch
from torch.nn.functional import conv2d

K = torch.tensor(${python(L.K)}, dtype=torch.float64)
U, s, Vt = torch.linalg.svd(K, full_matrices=False)
r = ${L.r}
columns = (U[:, :r] * s[:r].sqrt()).T[:, None, :, None]  # (r, 1, ${L.sides[0]}, 1)
rows = (Vt[:r] * s[:r].sqrt()[:, None])[:, None, None, :]  # (r, 1, 1, ${L.sides[1]})

x = torch.rand(1, 1, ${L.state.image_size}, ${L.state.image_size}, dtype=torch.float64)
at_once = conv2d(x, K[None, None])
passes = conv2d(conv2d(x, columns), rows, groups=r).sum(dim=1, keepdim=True)
print(f"{(at_once - passes).abs().max():.3f} of {at_once.abs().max():.3f}")
print(f"{s[r:].norm() / s.norm():.4f}")  # the error of the kernel itself
`;
