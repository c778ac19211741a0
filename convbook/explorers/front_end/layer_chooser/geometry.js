// Which layers do what is asked, the cheapest first, and why the others fall out. No DOM here. The same rules as convbook.choices.
//
// A state has the traits' names: job, in_channels, out_channels, size ([height, width]; [1, length] for a sequence), reach,
// needs (a list), by, budget, ridge.

import { layersFor, outputOf, priceOf } from "./candidates.js";

export const JOBS = ["same", "halve", "double", "mix", "pool", "sequence"];
export const NEEDS = { mix: JOBS, wide: ["same", "halve", "mix"], free: ["same", "halve"], whole: ["same", "halve", "sequence"], moves: ["same", "halve"],
  scales: ["same", "halve"], even: ["double"], fine: ["double"], places: ["pool"] };
export const QUANTITIES = ["params", "macs", "bytes", "time"];
export const BUDGETS = [1, 2, 4, 8];
const SEES = ["same", "halve", "sequence"];
export const USES_REACH = [...SEES, "double"];

const LIMITS = { channels: [1, 1024], side: [1, 256], length: [1, 4096], map: [3, 31], window: [2, 512], ridge: [1, 200] };

export const asked = (job) => Object.keys(NEEDS).filter((need) => NEEDS[need].includes(job));

function priced(name, branches, size, ridge) {
  const total = { params: 0, macs: 0, bytes: 0, time: 0 }, fields = [];
  let D = 0, here = size;
  for (const branch of branches) {
    here = size;
    for (const step of branch) {
      const { params, macs, bytes } = priceOf(step, here);
      total.params += params;
      total.macs += macs;
      total.bytes += bytes;
      total.time += Math.max(macs, ridge * bytes);
      here = outputOf(step, here);
    }
    fields.push(1 + branch.reduce((sum, step) => sum + step.d[1] * (step.k[1] - 1), 0));
    D += branch.at(-1).D;
  }
  return { name, branches, output: [D, ...here], field: Math.max(...fields), ...total };
}

/** {plain, offers: [the cheapest first], out: {name: why}}. */
export function choose({ job, in_channels: C, out_channels: D, size, reach, needs, by, budget, ridge }) {
  const layers = layersFor(job, C, D, size, reach), there = {}, out = {};
  for (const [name, { branches, impossible }] of Object.entries(layers)) if (!impossible) there[name] = priced(name, branches, size, ridge);
  const first = Object.values(there)[0];
  for (const [name, { lacks, impossible }] of Object.entries(layers)) {
    let reasons = impossible ? [impossible] : Object.keys(NEEDS).filter((need) => needs.includes(need) && need in lacks).map((need) => lacks[need]);
    if (!impossible && SEES.includes(job) && there[name].field < reach) reasons.unshift(`its window is ${there[name].field}, and ${reach} is asked`);
    if (!reasons.length && budget > 1 && budget * there[name][by] > first[by]) reasons = [`over the budget: ${(Math.floor((100 * there[name][by]) / first[by] + 0.5) / 100).toFixed(2)} of the plain layer's ${by}`];
    if (reasons.length) out[name] = reasons.join("; ");
  }
  return { plain: first, offers: Object.values(there).filter(({ name }) => !(name in out)).sort((a, b) => a[by] - b[by]), out };
}

/** Which single wish, given up, lets some layer in: needs by name, and "budget". */
export function relaxed(state) {
  const without = (need) => choose({ ...state, needs: state.needs.filter((other) => other !== need) }).offers.length;
  return [...state.needs.filter(without), ...(state.budget > 1 && choose({ ...state, budget: 1 }).offers.length ? ["budget"] : [])];
}

/** Limits of one setting. */
export function limits({ job }, name) {
  const line = job === "sequence";
  return { in_channels: LIMITS.channels, out_channels: LIMITS.channels, ridge: LIMITS.ridge, height: line ? [1, 1] : LIMITS.side,
    width: line ? LIMITS.length : LIMITS.side, reach: line ? LIMITS.window : LIMITS.map }[name];
}

const within = (value, [low, high]) => Math.min(high, Math.max(low, value));

/** The state with one thing changed, and what then no longer fits changed with it. */
export function changed(state, name, value) {
  if (name === "height" || name === "width") return { ...state, size: state.size.map((n, a) => (a === (name === "width" ? 1 : 0) ? value : n)) };
  const next = { ...state, [name]: value };
  if (name !== "job") return next;
  const line = value === "sequence", was = state.job === "sequence";
  next.needs = state.needs.filter((need) => NEEDS[need].includes(value));
  if (line && !was) { next.size = [1, 1000]; next.reach = 64; }
  if (!line && was) { next.size = [56, 56]; next.reach = 3; }
  if (!line) next.reach = within(next.reach, limits(next, "reach"));
  return next;
}

/** Share of a bar's full length; the scale is logarithmic, and the shortest keeps a twentieth. */
export function share(value, values) {
  const most = Math.max(...values), least = Math.min(...values.filter((v) => v > 0));
  if (value <= 0) return 0;
  return most === least ? 1 : 0.05 + 0.95 * (Math.log(value / least) / Math.log(most / least));
}
