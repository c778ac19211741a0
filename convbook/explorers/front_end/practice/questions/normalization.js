// Appendix A2: questions on normalization. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, signed, sum } from "./tools.js";

const near = (label, answer, digits = 2) => ({ label, unit: "", answer, tolerance: 0.0051, digits });
const mean = (list) => sum(list) / list.length;
const variance = (list) => mean(list.map((v) => (v - mean(list)) ** 2));
const added = (list) => list.map(signed).join(" + ");
const METHODS = ["batch norm (training)", "layer norm over (C, H, W)", "instance norm", "group norm"];

const sharing = {
  key: "sharing", title: "How many share a mean",
  make(rng) {
    const N = rng.int(2, 32), G = rng.int(2, 8), C = G * rng.int(2, 8), H = rng.int(3, 14), W = rng.other(3, 14, H), m = rng.int(0, 3);
    const each = [N * H * W, C * H * W, H * W, (C / G) * H * W], means = [C, N, N * C, N * G], all = N * C * H * W;
    const how = [`each channel: ${C} means of ${N}·${H}·${W} = ${show(each[0])} numbers`, `each image: ${N} means of ${C}·${H}·${W} = ${show(each[1])} numbers`,
      `each channel of each image: ${N}·${C} = ${show(means[2])} means of ${H}·${W} = ${show(each[2])} numbers`,
      `each group of each image: ${N}·${G} = ${show(means[3])} means of ${C / G}·${H}·${W} = ${show(each[3])} numbers`];
    return {
      given: { N, C, H, W, G, m },
      prompt: [`An array of ${N} images, ${C} channels and ${H} × ${W} places goes through ${METHODS[m]}${m === 3 ? ` with ${G} groups` : ""}. How many means are computed, and over how many numbers goes each?`],
      fields: [count("Means", means[m]), count("Numbers in each", each[m])],
      working: [`${show(all)} numbers in all`, how[m]],
      mistakes: METHODS.map((name, i) => ({ answer: [means[i], each[i]], why: `That is ${name}.` })).concat([
        { answer: [each[m], means[m]], why: "The two are the other way round." }, { answer: [G, null], why: "Every image has groups of its own." }, { answer: [null, all / (means[m] * 2)], why: "Means times numbers in each is the size of the array." }]),
    };
  },
};

const value = {
  key: "value", title: "One number, normalized by hand",
  make(rng) {
    const m = rng.int(0, 3), draw = () => rng.row(2, 0, 9), x = [0, 1].map(() => [0, 1, 2, 3].map(draw)), n = rng.int(0, 1), c = rng.int(0, 3), w = rng.int(0, 1);
    const first = 2 * Math.floor(c / 2), sets = () => [[...x[0][c], ...x[1][c]], x[n].flat(), x[n][c], [...x[n][first], ...x[n][first + 1]]];
    for (const plane of x.flat()) if (plane[0] === plane[1]) plane[1] = plane[1] === 9 ? 7 : plane[1] + 2;
    const results = sets().map((set) => (x[n][c][w] - mean(set)) / Math.sqrt(variance(set))), set = sets()[m], answer = results[m];
    return {
      given: { x, m, n, c, w },
      prompt: ["Two images of four channels, each 1 × 2, one channel below the other:", { grid: x[0], label: "image 0", role: "input" }, { grid: x[1], label: "image 1", role: "input" },
        `What becomes of the ${x[n][c][w]} in image ${n}, channel ${c}, column ${w} under ${METHODS[m]}${m === 3 ? " with 2 groups" : ""}? Take ε = 0, γ = 1, β = 0. (A fraction, or two decimals.)`],
      fields: [near("Normalized", answer)],
      working: [`mean: (${added(set)}) / ${set.length} = ${show(mean(set), 3)}`, `variance: ${show(variance(set), 3)}, deviation ${show(Math.sqrt(variance(set)), 3)}`,
        `(${x[n][c][w]} − ${show(mean(set), 3)}) / ${show(Math.sqrt(variance(set)), 3)} = ${show(answer, 2)}`],
      mistakes: METHODS.map((name, i) => ({ answer: results[i], why: `That is ${name}.` })).concat([
        { answer: (x[n][c][w] - mean(set)) / variance(set), why: "Divide by the deviation, the root of the variance." },
        { answer: (x[n][c][w] - mean(set)) / Math.sqrt((variance(set) * set.length) / (set.length - 1)), why: "Normalizing divides the sum of squares by the count, not by one fewer." },
        { answer: x[n][c][w] - mean(set), why: "Divide by the deviation, too." }, { answer: -answer, why: "Number minus mean, not the reverse." }]),
    };
  },
};

const running = {
  key: "running", title: "The running statistics",
  make(rng) {
    const old = [rng.int(-3, 5), rng.int(1, 9)], x = rng.row(4, -2, 9), m = rng.pick([0.1, 0.2, 0.25, 0.5]), n = 4;
    if (new Set(x).size === 1) x[0] += 2;
    const found = mean(x), biased = variance(x), spread = (biased * n) / (n - 1), mix = (a, b, share = m) => (1 - share) * a + share * b;
    const answer = [mix(old[0], found), mix(old[1], spread)];
    return {
      given: { old, x, m },
      prompt: [`A channel of nn.BatchNorm2d(…, momentum=${m}) holds the running mean ${show(old[0])} and the running variance ${show(old[1])}. In training it meets a batch whose ${n} numbers in this channel are ${x.map((v) => show(v)).join(", ")}. What does it hold afterwards (two decimals)?`],
      fields: [near("Running mean", answer[0]), near("Running variance", answer[1])],
      working: [`the batch: mean ${show(found, 3)}, sum of squares around it / ${n - 1} = ${show(spread, 3)} (unbiased)`,
        `mean: ${show(1 - m, 2)}·${signed(old[0])} + ${m}·${show(found, 3)}; variance: ${show(1 - m, 2)}·${old[1]} + ${m}·${show(spread, 3)}`, `${show(answer[0], 2)} and ${show(answer[1], 2)}`],
      mistakes: [
        { answer: [null, mix(old[1], biased)], why: "The running variance takes the unbiased one, divided by one fewer than the count." },
        { answer: [mix(old[0], found, 1 - m), mix(old[1], spread, 1 - m)], why: "PyTorch's momentum is the share of the new, not of the old." },
        { answer: [found, spread], why: "Those are the batch's own. The running ones move only a part of the way." },
        { answer: [mix(old[0], found), old[1] + m * spread], why: "The old variance shrinks by 1 − momentum, too." },
      ],
    };
  },
};

const inference = {
  key: "inference", title: "Batch norm in inference",
  make(rng) {
    const s = rng.int(1, 5), mu = rng.int(-4, 9), gamma = rng.pick([-3, -2, 2, 3, 4, 5]), beta = rng.pick([-3, -2, -1, 1, 2, 4]), hat = rng.pick([-3, -2, -1, 1, 2, 3]), x = mu + s * hat, other = rng.int(10, 40);
    const answer = gamma * hat + beta;
    return {
      given: { x, mu, s, gamma, beta },
      prompt: [`Batch norm in model.eval(): running mean ${show(mu)}, running variance ${s * s}, γ = ${show(gamma)}, β = ${show(beta)}, ε = 0. The channel of this batch holds ${show(x)} and ${show(other)}. What becomes of the ${show(x)}?`],
      fields: [count("Output", answer)],
      working: [`x̂ = (${show(x)} − ${signed(mu)}) / √${s * s} = ${show(hat)}; the ${other} plays no part`, `γ x̂ + β = ${signed(gamma)}·${signed(hat)} + ${signed(beta)} = ${show(answer)}`],
      mistakes: [
        { answer: (x < other ? -1 : 1) * gamma + beta, why: "In inference the running statistics count, not those of the batch." },
        { answer: (gamma * (x - mu)) / (s * s) + beta, why: "Divide by the root of the variance." },
        { answer: hat, why: "Scale by γ and shift by β." }, { answer: gamma * (hat + beta), why: "Scale first, then shift." }, { answer: gamma * hat, why: "β is missing." },
        { answer: -gamma * hat + beta, why: "Number minus mean." },
      ],
    };
  },
};

const fold = {
  key: "fold", title: "Fold it into the convolution",
  make(rng) {
    const s = rng.int(1, 5), k = rng.pick([-3, -2, 2, 3, 4]), gamma = k * s, w = rng.pick([-4, -3, -2, 2, 3, 5, 6]), b = rng.int(-4, 6), mu = rng.other(-4, 9, b), beta = rng.pick([-5, -3, -2, 1, 2, 4, 7]);
    const answer = [k * w, k * (b - mu) + beta];
    return {
      given: { w, b, mu, s, gamma, beta },
      prompt: [`A convolution's filter has the weight ${show(w)} (and others) and the bias ${show(b)}. The batch norm after it holds running mean ${show(mu)}, running variance ${s * s}, γ = ${show(gamma)}, β = ${show(beta)}, ε = 0. Both become one convolution: what are that weight and the bias now?`],
      fields: [count("Weight", answer[0]), count("Bias", answer[1])],
      working: [`a = γ / √variance = ${show(gamma)} / ${s} = ${show(k)}`, `weight: ${signed(k)}·${signed(w)} = ${show(answer[0])}`,
        `weight ${show(answer[0])}, bias ${signed(k)}·(${show(b)} − ${signed(mu)}) + ${signed(beta)} = ${show(answer[1])}`],
      mistakes: [
        { answer: [gamma * w, gamma * (b - mu) + beta], why: "Divide γ by the deviation." }, { answer: [null, k * b + beta], why: "The running mean is taken away before the scale." },
        { answer: [null, b - mu + beta], why: "The scale works on b − mean, too." }, { answer: [null, k * (b - mu)], why: "β is missing." }, { answer: [w, null], why: "The filter's weights are scaled." },
        { answer: [null, k * (b - mu + beta)], why: "β comes after the scale." },
      ],
    };
  },
};

const parameters = {
  key: "parameters", title: "What each layer holds",
  make(rng) {
    const C = 8 * rng.int(1, 32), H = rng.int(4, 28), W = rng.other(4, 28, H), G = rng.pick([2, 4, 8]);
    const answer = [4 * C, 2 * C, 2 * C * H * W];
    return {
      given: { C, H, W, G },
      prompt: [`For maps of ${C} × ${H} × ${W}: how many numbers does nn.BatchNorm2d(${C}) hold, learned ones and statistics together (its counter of batches left aside)? And how many do nn.GroupNorm(${G}, ${C}) and nn.LayerNorm((${C}, ${H}, ${W})) learn?`],
      fields: [count("BatchNorm2d, all", answer[0]), count("GroupNorm, learned", answer[1]), count("LayerNorm, learned", answer[2])],
      working: [`batch norm: γ, β, running mean, running variance: 4·${C}`, `group norm: γ and β for each channel, not for each group: 2·${C}`, `layer norm: γ and β for each entry: 2·${C}·${H}·${W}`,
        `${show(answer[0])}, ${show(answer[1])}, ${show(answer[2])}`],
      mistakes: [
        { answer: [2 * C, null, null], why: "It keeps a running mean and a running variance besides γ and β." }, { answer: [null, 2 * G, null], why: "γ and β belong to channels, not to groups." },
        { answer: [null, null, 2 * C], why: "nn.LayerNorm has its own γ and β at every entry of normalized_shape." }, { answer: [null, 4 * C, null], why: "Group norm keeps no statistics." },
        { answer: [null, null, C * H * W], why: "γ and β: two of each." },
      ],
    };
  },
};

const gradient = {
  key: "gradient", title: "The gradient of an input",
  make(rng) {
    const hats = rng.pick([[1, -1, 1, -1], [-1, 1, 1, -1], [1, 1, -1, -1]]), s = rng.pick([1, 2, 4, 5]), g = rng.row(4, -4, 6).map((v) => v * 4), i = rng.int(0, 3);
    const along = mean(g.map((v, j) => v * hats[j])), answer = (g[i] - mean(g) - hats[i] * along) / s;
    return {
      given: { hats, s, g, i },
      prompt: [`Four numbers share a mean and have the deviation ${s}. Normalized they are x̂ = (${hats.map((v) => show(v)).join(", ")}), and the loss's gradient at them is h = (${g.map((v) => show(v)).join(", ")}). What is the gradient at input number ${i}, counted from 0? Take ε = 0, γ = 1.`],
      fields: [near("Gradient", answer)],
      working: [`mean(h) = ${show(mean(g), 2)}, mean(h x̂) = ${show(along, 2)}`, `(h − mean(h) − x̂ mean(h x̂)) / deviation = (${show(g[i])} − ${signed(mean(g))} − ${signed(hats[i])}·${signed(along)}) / ${s} = ${show(answer, 2)}`],
      mistakes: [
        { answer: g[i] / s, why: "That is inference. In training a change of x moves the mean and the variance as well." }, { answer: (g[i] - mean(g)) / s, why: "The variance moves, too: x̂ mean(h x̂) is missing." },
        { answer: answer * s, why: "Divide by the deviation." }, { answer: (g[i] - mean(g) + hats[i] * along) / s, why: "Both terms are taken away." }, { answer: answer + 1, why: "Check the two means." },
      ],
    };
  },
};

const scale = {
  key: "scale", title: "Larger weights, smaller gradients",
  make(rng) {
    const c = rng.pick([2, 3, 4, 5, 8, 10]), after = rng.other(-12, 13, 0), before = c * after, y = rng.int(-40, 40) / 10 || 0.5;
    return {
      given: { c, before, y },
      prompt: [`A convolution without bias stands before a batch norm in training, ε = 0. For one batch an output of the batch norm is ${show(y, 1)} and the loss's gradient at a weight is ${show(before)}. Now all weights of the convolution are multiplied by ${c}. What are that output and that gradient?`],
      fields: [near("Output", y, 1), count("Gradient", after)],
      working: ["the outputs of the convolution grow by the factor, and so do their mean and deviation: nothing changes after the norm", `the gradient is divided by the factor: ${show(before)} / ${c} = ${show(after)}`, `output ${show(y, 1)}, gradient ${show(after)}`],
      mistakes: [
        { answer: [c * y, null], why: "The norm divides the factor away again." }, { answer: [null, before], why: "The same change of the loss now takes a step that is so many times larger: the gradient shrinks." },
        { answer: [null, before * c], why: "It shrinks: a larger weight must move further to change as much." }, { answer: [null, -after], why: "Look at the sign." },
      ],
    };
  },
};

export const bank = [sharing, value, running, inference, fold, parameters, gradient, scale];

export default practice(bank);
