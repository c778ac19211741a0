// Appendix A1: questions on regularization. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, dot, products, signed, sum } from "./tools.js";

const near = (label, answer, digits = 3) => ({ label, answer: Number(answer.toFixed(9)), digits, tolerance: 0.6 * 10 ** -digits });
const list = (v) => `(${v.map((n) => show(n)).join(", ")})`;
const plain = (v, digits = 3) => show(Number(v.toFixed(9)), Math.min(digits, (String(Number(v.toFixed(digits))).split(".")[1] || "").length));
const fixed = (v, digits) => show(Number(v.toFixed(9)), digits);
const soft = (v, t) => Math.sign(v) * Math.max(Math.abs(v) - t, 0) || 0;

const threshold = {
  key: "threshold", title: "Soft threshold",
  make(rng) {
    const t = rng.int(2, 6), small = rng.int(1, t - 1) * rng.pick([-1, 1]), x = [rng.int(t + 1, 15), small, -rng.int(t + 1, 12)];
    const order = rng.pick([[0, 1, 2], [2, 0, 1], [1, 2, 0]]), v = order.map((i) => x[i]), y = v.map((n) => soft(n, t));
    return {
      given: { x: v, t },
      prompt: [`The data want three weights to be ${list(v)}. The loss is (w − x)²/2 for each, and an L1 penalty of strength λ = ${t} is added. Where do the weights end?`],
      fields: y.map((value, i) => count(`w${"₁₂₃"[i]}`, value)),
      working: [`L1 takes λ = ${t} off every |x| and stops at zero`, ...v.map((n, i) => `${show(n)}: |x| − λ = ${show(Math.abs(n) - t)}, so w = ${show(y[i])}`), `the weights end at ${list(y)}`],
      mistakes: [
        { answer: v.map((n) => n - t), why: "The threshold moves a weight towards zero: a negative one goes up." },
        { answer: v.map((n) => (Math.abs(n) > t ? n : 0)), why: "That is a hard threshold, which leaves large weights as they are. L1 takes λ off all of them." },
        { answer: v.map((n) => Math.sign(n) * (Math.abs(n) - t)), why: "It stops at zero: no weight changes its sign." },
        { answer: y.map((n) => -n), why: "A weight keeps the sign that the data want." },
      ],
    };
  },
};

const shrinkage = {
  key: "shrinkage", title: "Shrinkage",
  make(rng) {
    const s = rng.int(1, 7), w = [rng.int(1, 9), -rng.int(1, 9)], x = w.map((v) => v * (1 + s));
    return {
      given: { x, s },
      prompt: [`The data want two weights to be ${list(x)}. The loss is (w − x)²/2 for each, and an L2 penalty λ w²/2 with λ = ${s} is added. Where do the weights end?`],
      fields: [count("w₁", w[0]), count("w₂", w[1])],
      working: [`the slope (w − x) + λ w is zero at w = x / (1 + λ)`, `${show(x[0])} / ${1 + s} = ${show(w[0])} and ${show(x[1])} / ${1 + s} = ${show(w[1])}`],
      mistakes: [
        { answer: x.map((v) => soft(v, s)), why: "That is L1. L2 divides." },
        { answer: x.map((v) => v / s), why: "Divide by 1 + λ: the loss pulls as well." },
        { answer: x.map((v) => v / (1 + 2 * s)), why: "The penalty is λ w²/2, with the half: its slope is λ w." },
        { answer: x.map((v) => v * (1 - s)), why: "That is one step of decay. The best point is x / (1 + λ)." },
      ],
    };
  },
};

const vanish = {
  key: "vanish", title: "How many weights vanish",
  make(rng) {
    const strength = rng.int(2, 6), x = Array.from({ length: 6 }, () => rng.other(-9, 9, 0)).map((v) => (Math.abs(v) === strength ? v + Math.sign(v) : v));
    const gone = x.filter((v) => Math.abs(v) < strength).length;
    return {
      given: { x, strength },
      prompt: [`The loss is ½|w − x|² with x = ${list(x)}: a round bowl over six weights. With an L1 penalty of strength ${strength}, how many weights are exactly zero, and how many with an L2 penalty of the same strength?`],
      fields: [count("L1", gone), count("L2", 0)],
      working: [`with L1 a weight is zero where the data pull with less than λ: |x| < ${strength}`, `that holds for ${list(x.filter((v) => Math.abs(v) < strength)) === "()" ? "none" : list(x.filter((v) => Math.abs(v) < strength))}: ${gone}`, `L2 divides, and no weight becomes zero; so ${gone} and 0`],
      mistakes: [
        { answer: [6 - gone, null], why: "Those are the weights that stay." },
        { answer: [x.filter((v) => v < strength).length, null], why: "The size counts, not the sign: compare |x| with λ." },
        { answer: [null, gone], why: "L2 shrinks every weight by the same factor; none of them reaches zero." },
      ],
    };
  },
};

const group = {
  key: "group", title: "A group loses its length",
  make(rng) {
    const [a, b, c] = rng.pick([[3, 4, 5], [6, 8, 10], [5, 12, 13], [8, 15, 17], [9, 12, 15]]), v = [a * rng.pick([-1, 1]), b * rng.pick([-1, 1])], gone = rng.int(0, 3) === 0;
    const t = gone ? c + rng.int(1, 3) : rng.int(1, c - 1), factor = Math.max(1 - t / c, 0), w = v.map((n) => n * factor || 0);
    return {
      given: { v, t },
      prompt: [`Two weights form a group, ${list(v)}. The group lasso's threshold is ${t}. What is left of the two? (Three digits after the point are enough.)`],
      fields: [near("first", w[0]), near("second", w[1])],
      working: [`the length is √(${a}² + ${b}²) = ${c}`, `it loses ${t}: the factor is max(1 − ${t}/${c}, 0) = ${plain(factor, 4)}`, `${show(v[0])} and ${show(v[1])} times that: ${fixed(w[0], 3)} and ${fixed(w[1], 3)}`],
      mistakes: [
        { answer: v.map((n) => soft(n, t)), why: "That thresholds each weight alone. A group loses length as a whole and keeps its direction." },
        { answer: v.map((n) => n * (1 - t / c)), why: "The length stops at zero." },
        { answer: v.map((n) => n * Math.max(1 - t / (a + b), 0)), why: "The length is the root of the sum of squares." },
        { answer: v.map((n) => n * Math.max(1 - t / (c * c), 0)), why: "The length, not its square." },
      ],
    };
  },
};

const decay = {
  key: "decay", title: "One step with weight decay",
  make(rng) {
    const w = rng.int(2, 9), g = rng.other(-4, 4, 0), lr = rng.pick([0.1, 0.2, 0.5]), wd = rng.pick([0.1, 0.2, 0.4]), end = (1 - lr * wd) * w - lr * g;
    return {
      given: { w, g, lr, wd },
      prompt: [`Plain gradient descent: a weight of ${w}, a gradient of ${show(g)}, learning rate η = ${lr}, weight decay λ = ${wd}. Where is the weight after one step?`],
      fields: [near("w", end)],
      working: [`decay: (1 − ${lr}·${wd})·${w} = ${plain((1 - lr * wd) * w)}`, `step: minus ${lr}·${signed(g)} = ${plain(lr * g)}`, `w = ${fixed(end, 3)}`],
      mistakes: [
        { answer: w - lr * g, why: "The decay is missing." },
        { answer: (1 - wd) * w - lr * g, why: "The decay is multiplied by the learning rate." },
        { answer: (1 - lr * wd) * w + lr * g, why: "Down the slope: minus the gradient." },
        { answer: (1 - lr * wd) * (w - lr * g), why: "The weight before the step decays, not the gradient." },
        { answer: (1 + lr * wd) * w - lr * g, why: "Decay makes a weight smaller." },
      ],
    };
  },
};

const adam = {
  key: "adam", title: "Adam's first step",
  make(rng) {
    const w = rng.int(2, 8), g = rng.int(1, 90) * rng.pick([-1, 1]), lr = rng.pick([0.1, 0.5, 0.25]), wd = rng.pick([0.1, 0.2, 0.4]);
    const inside = w - lr * Math.sign(g + wd * w), beside = (1 - lr * wd) * w - lr * Math.sign(g);
    if (g + wd * w === 0) return adam.make(rng);
    return {
      given: { w, g, lr, wd },
      prompt: [`The first step of Adam (ε = 0) on a weight of ${w} with a gradient of ${show(g)}; learning rate ${lr}, λ = ${wd}. Where does the weight go with L2 inside the gradient, and where with AdamW?`],
      fields: [near("Adam, L2", inside), near("AdamW", beside)],
      working: [`in its first step Adam moves a weight by η = ${lr} against the sign of its gradient`, `L2: the gradient is ${show(g)} + ${wd}·${w} = ${plain(g + wd * w)}, so ${w} ${g + wd * w > 0 ? "−" : "+"} ${lr} = ${plain(inside)}`,
        `AdamW: (1 − ${lr}·${wd})·${w} ${g > 0 ? "−" : "+"} ${lr} = ${plain(beside)}`, `${fixed(inside, 3)} with L2, ${fixed(beside, 3)} with AdamW`],
      mistakes: [
        { answer: [w - lr * (g + wd * w), null], why: "That is plain gradient descent: Adam divides the gradient by its own size." },
        { answer: [null, (1 - lr * wd) * w - lr * g], why: "That is plain gradient descent: Adam divides the gradient by its own size." },
        { answer: [beside, inside], why: "The other way round: AdamW decays beside the step." },
        { answer: [null, w - lr * Math.sign(g)], why: "AdamW also shrinks the weight." },
        { answer: [2 * w - inside, null], why: "Against the sign of the gradient." },
      ],
    };
  },
};

const dropout = {
  key: "dropout", title: "Inverted dropout by hand",
  make(rng) {
    const keepOne = rng.pick([2, 4, 5]), p = 1 - 1 / keepOne, n = 4, x = rng.row(n, 1, 6), w = rng.row(n, -3, 4).map((v) => v || 2), mask = [1, 0, rng.int(0, 1), rng.int(0, 1)];
    const y = keepOne * dot(x.map((v, i) => [v * mask[i], w[i]])), use = dot(x.map((v, i) => [v, w[i]]));
    return {
      given: { x, w, mask, p },
      prompt: [`x = ${list(x)} goes through inverted dropout with p = ${plain(p, 2)}, and then through a layer with weights ${list(w)}. The mask is ${list(mask)}, 1 keeps. What is the layer's output in training, and what in use?`],
      fields: [count("training", y), count("in use", use)],
      working: [`what is kept is divided by 1 − p = ${plain(1 - p, 2)}, so multiplied by ${keepOne}`, `training: ${keepOne}·(${products(x.map((v, i) => [v * mask[i], w[i]]))}) = ${show(y)}`, `in use nothing is dropped and nothing scaled: ${show(use)}`, `${show(y)} in training, ${show(use)} in use`],
      mistakes: [
        { answer: [y / keepOne, null], why: "What is kept is scaled up by 1/(1 − p)." },
        { answer: [null, use / keepOne], why: "Inverted dropout scales in training, so that nothing has to be scaled in use." },
        { answer: [y / keepOne / p, null], why: "Divide by 1 − p, not by p." },
        { answer: [use - y / keepOne, null], why: "1 keeps, 0 drops." },
        { answer: [use, y], why: "The other way round." },
      ],
    };
  },
};

const smoothing = {
  key: "smoothing", title: "Smoothed targets",
  make(rng) {
    const K = rng.int(3, 60), e = rng.int(1, 10) / 20, other = e / K, right = 1 - e + e / K;
    return {
      given: { K, e },
      prompt: [`Label smoothing with ε = ${e} and K = ${K} classes. What is the target of the right class, and what that of every other one (four decimals)?`],
      fields: [near("right class", right, 4), near("each other", other, 4)],
      working: [`each class gets ε/K = ${e}/${K} = ${plain(other, 4)}`, `the right one also 1 − ε = ${plain(1 - e)}`, `so ${fixed(right, 4)} for the right class and ${fixed(other, 4)} for each other`],
      mistakes: [
        { answer: [1 - e, null], why: "The right class has its share of ε as well." },
        { answer: [null, e / (K - 1)], why: "ε is spread over all K classes, the right one included." },
        { answer: [null, e], why: "ε is shared by all classes." },
      ],
    };
  },
};

const patience = {
  key: "patience", title: "When patience runs out",
  make(rng) {
    const wait = rng.int(2, 3), best = rng.int(2, 5), losses = [];
    let value = rng.int(80, 95);
    for (let i = 0; i < best; i++) { losses.push(value); value -= rng.int(3, 9); }
    const low = value;
    losses.push(low);
    for (let i = 1; i < wait; i++) losses.push(low + rng.int(1, 9));
    losses.push(low + rng.int(1, 6));
    const last = best + wait;
    for (let i = 0; i < 3; i++) losses.push(low + rng.int(-9, 9) || low + 1);
    return {
      given: { losses: losses.map((v) => v / 100), wait },
      prompt: [`The validation loss of each epoch, from epoch 0: ${losses.map((v) => (v / 100).toFixed(2)).join(", ")}. With a patience of ${wait}, which epoch's weights are kept, and which is the last epoch that is trained?`],
      fields: [count("kept", best), count("last", last)],
      working: [`the loss is least, so far, at epoch ${best}: ${(low / 100).toFixed(2)}`, `then ${wait} epochs bring nothing better: training ends with epoch ${last}; what would have come later is never seen`, `kept ${best}, last ${last}`],
      mistakes: [
        { answer: [losses.indexOf(Math.min(...losses)), null], why: "Training ended before that epoch." },
        { answer: [null, last + 1], why: "Patience counts the epochs without a better loss; the training ends with the last of them." },
        { answer: [null, last - 1], why: "It waits the full number of epochs." },
        { answer: [last, null], why: "It goes back to the best weights." },
        { answer: [best + 1, last + 1], why: "Count from 0." },
      ],
    };
  },
};

const depth = {
  key: "depth", title: "Expected depth",
  make(rng) {
    const L = rng.int(4, 54), end = rng.int(6, 18) / 20, kept = sum(Array.from({ length: L }, (_, i) => 1 - ((i + 1) / L) * (1 - end)));
    return {
      given: { L, end },
      prompt: [`Stochastic depth with ${L} residual blocks. Block l of L is kept with probability 1 − (l/L)(1 − ${end}), l from 1. How many blocks are kept on average? (Two digits after the point are enough.)`],
      fields: [near("blocks", kept, 2)],
      working: [`the chances to be left out, (l/L)(1 − ${end}), add up to (1 − ${end})·(${L} + 1)/2 = ${plain((1 - end) * (L + 1) / 2)}`, `${L} − ${plain((1 - end) * (L + 1) / 2)} = ${fixed(kept, 2)}`],
      mistakes: [
        { answer: L * end, why: "Only the last block is kept as seldom as that." },
        { answer: L * (1 + end) / 2, why: "The first block is already a little less than certain: l runs from 1 to L." },
        { answer: L - kept, why: "Those are the blocks that are left out." },
      ],
    };
  },
};

export const bank = [threshold, shrinkage, vanish, group, decay, adam, dropout, smoothing, patience, depth];

export default practice(bank);
