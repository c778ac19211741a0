// Chapter 7: questions on modules with several branches. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, sum } from "./tools.js";

const module = (rng) => {
  const C = 4 * rng.int(3, 12), n1 = 4 * rng.int(1, 8), r3 = 4 * rng.int(1, 4), n3 = 4 * rng.int(5, 9), r5 = 2 * rng.int(1, 3), n5 = 4 * rng.int(2, 4), p = 4 * rng.int(1, 5) + 2;
  return { C, n1, r3, n3, r5, n5, p };
};
const said = ({ C, n1, r3, n3, r5, n5, p }) => `An Inception module reads ${C} channels. Its branches: 1 × 1 to ${n1}; 1 × 1 to ${r3}, then 3 × 3 to ${n3}; `
  + `1 × 1 to ${r5}, then 5 × 5 to ${n5}; 3 × 3 max pooling, then 1 × 1 to ${p}.`;

const weights = {
  key: "weights", title: "The weights of a module",
  make(rng) {
    const m = module(rng), { C, n1, r3, n3, r5, n5, p } = m;
    const parts = [C * n1, C * r3, 9 * r3 * n3, C * r5, 25 * r5 * n5, C * p], total = sum(parts), out = n1 + n3 + n5 + p;
    return {
      given: m,
      prompt: [said(m), "How many weights are there, biases left aside, and how many channels come out?"],
      fields: [count("Weights", total), count("Channels out", out)],
      working: [`1 × 1: ${C}·${n1} = ${show(parts[0])}`, `3 × 3 branch: ${C}·${r3} + 9·${r3}·${n3} = ${show(parts[1] + parts[2])}`,
        `5 × 5 branch: ${C}·${r5} + 25·${r5}·${n5} = ${show(parts[3] + parts[4])}`, `pooling has no weights; its projection: ${C}·${p} = ${show(parts[5])}`,
        `${show(total)} weights; ${n1} + ${n3} + ${n5} + ${p} = ${out} channels.`],
      mistakes: [
        { answer: [total - parts[5], null], why: "The 1 × 1 convolution after the pooling has weights too." },
        { answer: [total - parts[1] - parts[3], null], why: "The 1 × 1 reductions have weights too." },
        { answer: [C * n1 + 9 * C * n3 + 25 * C * n5, null], why: "That is the naive module: here the large kernels read the reduced channels." },
        { answer: [total + out + r3 + r5, null], why: "Biases are left aside here." },
        { answer: [null, n1 + n3 + n5 + C], why: "The pooled channels are projected before they are joined." },
        { answer: [null, out + r3 + r5], why: "Only the ends of the branches are joined, not what is between." },
      ],
    };
  },
};

const naive = {
  key: "naive", title: "Naive modules in a stack",
  make(rng) {
    const C = 2 * rng.int(4, 16), n1 = 2 * rng.int(1, 6), n3 = 2 * rng.int(7, 12), n5 = 2 * rng.int(1, 5) + 1, n = rng.int(2, 5), grow = n1 + n3 + n5, out = C + n * grow;
    return {
      given: { C, n1, n3, n5, n },
      prompt: [`Naive modules, without any 1 × 1 reduction or projection: 1 × 1 to ${n1}, 3 × 3 to ${n3}, 5 × 5 to ${n5}, and the pooled input. The first reads ${C} channels, and each next one reads what the one before gives.`,
        `How many channels leave module number ${n}?`],
      fields: [count("Channels", out)],
      working: [`each module adds ${n1} + ${n3} + ${n5} = ${grow} channels, since the pooling passes all of its input on`, `${C} + ${n}·${grow} = ${out}`],
      mistakes: [
        { answer: grow, why: "The pooling passes on all channels that come in." },
        { answer: C + grow, why: `That leaves the first module; there are ${n}.` },
        { answer: n * grow, why: "The channels of the first input are still there: the pooling passes them on." },
        { answer: C + (n - 1) * grow, why: `That enters module number ${n}.` },
        { answer: C + n * (n1 + n3 + n5 + C), why: "Counted twice: each module adds its three convolutions to what it reads." },
      ],
    };
  },
};

const align = {
  key: "align", title: "Branches that fit together",
  make(rng) {
    const k = rng.pick([5, 7, 9, 11]), p = rng.other(0, (k - 1) / 2 + 1, (k - 1) / 2), h = rng.int(12, 30), w = rng.other(12, 30, h);
    const o = (n) => n + 2 * p - k + 1, right = (k - 1) / 2;
    return {
      given: { k, p, h, w },
      prompt: [`A branch with a ${k} × ${k} convolution, stride 1 and padding ${p}, reads a map of ${h} × ${w} (height × width).`, "How large is its output? And which padding would keep the size, so that it can be joined with a 1 × 1 branch?"],
      fields: [count("Height", o(h)), count("Width", o(w)), count("Padding that fits", right)],
      working: [`height: ${h} + 2·${p} − ${k} + 1 = ${o(h)}`, `width: ${w} + 2·${p} − ${k} + 1 = ${o(w)}`, `the size stays for 2p = k − 1: p = (${k} − 1) / 2 = ${right}`,
        `The output is ${o(h)} × ${o(w)}; padding ${right} would fit.`],
      mistakes: [
        { answer: [o(h) - 1, o(w) - 1, null], why: "Add 1 at the end: the first window stands before the first step." },
        { answer: [o(h) - p, o(w) - p, null], why: "Padding is added on both sides: 2p." },
        { answer: [o(w), o(h), null], why: "Height first, then width." },
        { answer: [h, w, null], why: "Only with the padding that fits the size stays." },
        { answer: [null, null, k - 1], why: "k − 1 in all, half of it on each side." },
        { answer: [null, null, (k + 1) / 2], why: "A kernel reaches (k − 1) / 2 to each side of its middle." },
      ],
    };
  },
};

const reduce = {
  key: "worth", title: "How far to reduce",
  make(rng) {
    let k, C, D;
    do { k = rng.pick([3, 5]); C = 8 * rng.int(2, 16); D = 8 * rng.int(1, 12); } while (C === D || (k * k * C * D) % (C + k * k * D) === 0);
    const direct = k * k * C * D, each = C + k * k * D, most = Math.floor(direct / each);
    return {
      given: { k, C, D },
      prompt: [`A ${k} × ${k} convolution makes ${D} channels of ${C}. A 1 × 1 convolution before it brings the ${C} channels down to r.`, "What is the largest r for which the two together have fewer weights than the direct one? Biases left aside."],
      fields: [count("Largest r", most)],
      working: [`direct: ${k}·${k}·${C}·${D} = ${show(direct)}`, `reduced: ${C}·r + ${k}·${k}·r·${D} = ${show(each)}·r`, `r < ${show(direct)} / ${show(each)} = ${show(direct / each, 2)}, so r = ${most}`],
      mistakes: [
        { answer: most + 1, why: "Round down: with one more it costs more than the direct one." },
        { answer: C - 1, why: "The 1 × 1 layer costs something too." },
        { answer: Math.floor(direct / (k * k * D)), why: `The 1 × 1 layer has ${C} weights for each of its channels too.` },
        { answer: Math.floor((C * D) / (C + D)), why: `The second layer has ${k}·${k} taps.` },
      ],
    };
  },
};

const pair = {
  key: "pair", title: "Two 3 × 3 for a 5 × 5",
  make(rng) {
    const C = 2 * rng.int(4, 20), D = 2 * rng.other(4, 20, C / 2), M = 2 * rng.int(2, 20) + 1, large = 25 * C * D, small = 9 * C * M + 9 * M * D;
    return {
      given: { C, M, D },
      prompt: [`A 5 × 5 convolution turns ${C} channels into ${D}. It is replaced by a 3 × 3 convolution from ${C} to ${M} channels and a 3 × 3 convolution from ${M} to ${D}.`,
        "How many weights has each form, biases left aside?"],
      fields: [count("5 × 5", large), count("Both 3 × 3", small)],
      working: [`5·5·${C}·${D} = ${show(large)}`, `3·3·${C}·${M} + 3·3·${M}·${D} = ${show(9 * C * M)} + ${show(9 * M * D)} = ${show(small)}`, `${show(large)} against ${show(small)}.`],
      mistakes: [
        { answer: [null, 18 * C * D], why: `That holds where all widths are equal. Here there are ${M} channels between.` },
        { answer: [null, 9 * C * M], why: "That is the first of the two." },
        { answer: [null, 81 * C * M * D], why: "Weights of layers in a row are added, not multiplied." },
        { answer: [25 * (C + D), null], why: "Every output channel has a plane for every input channel: multiply." },
        { answer: [large + D, null], why: "Biases are left aside." },
      ],
    };
  },
};

const choose = (n, k) => Array.from({ length: k }, (_, i) => i).reduce((c, i) => (c * (n - i)) / (i + 1), 1);

const field = {
  key: "field", title: "Fields of many sizes",
  make(rng) {
    const n = rng.int(2, 6), g = rng.int(1, 2 * n - 1), jump = 2 ** rng.int(1, 4), first = jump + 2 * rng.int(1, 12) + 1;
    const f = first + 2 * g * jump, ways = choose(2 * n, g), largest = first + 4 * n * jump;
    return {
      given: { n, first, jump, f },
      prompt: [`The layers before a stack of Inception modules see ${first} × ${first} pixels at each place, and neighbouring places lie ${jump} pixels apart. ${n} modules with stride 1 follow. `
        + "Each route through a module has a kernel of 1, 3 or 5, or the pooling with its window of 3.",
        `How many routes lead through all ${n}? What is the largest receptive field of a route? And how many routes see exactly ${f} × ${f}?`],
      fields: [count("Routes", 4 ** n), count("Largest field", largest), count(`Routes with ${f}`, ways)],
      working: [`4 branches in each: 4^${n} = ${show(4 ** n)} routes`, `the largest takes the 5 × 5 each time: ${first} + 4·${n}·${jump} = ${largest}`,
        `a module adds 0, 2, 2 or 4 steps of ${jump}: as two coins do, each worth 0 or 2`, `${f} = ${first} + 2·${g}·${jump}: ${g} of ${2 * n} coins`,
        `${show(4 ** n)} routes; at most ${largest} pixels; ${show(ways)} ways to ${f}.`],
      mistakes: [
        { answer: [4 * n, null, null], why: "At each module there is a choice among 4: multiply." },
        { answer: [3 ** n, null, null], why: "The pooling is a branch too: four, not three." },
        { answer: [null, first + 5 * n * jump, null], why: "A kernel of 5 adds 4 steps to the field." },
        { answer: [null, first + 4 * n, null], why: `Each step is ${jump} pixels wide.` },
        { answer: [null, 1 + 4 * n * jump, null], why: `Before the modules a place sees ${first} pixels already.` },
        { answer: [null, null, choose(n, g)], why: "Two branches, the 3 × 3 and the pooling, both add 2." },
      ],
    };
  },
};

const zeros = {
  key: "zeros", title: "The branches as one convolution",
  make(rng) {
    const C = rng.int(3, 9), n1 = rng.int(2, 9), n3 = rng.other(2, 9, n1), n5 = rng.int(2, 9), all = 25 * C * (n1 + n3 + n5), fixed = C * (24 * n1 + 16 * n3);
    return {
      given: { C, n1, n3, n5 },
      prompt: [`A 1 × 1, a 3 × 3 and a 5 × 5 convolution read the same ${C} channels and give ${n1}, ${n3} and ${n5}. Joined, they are one 5 × 5 convolution whose kernels have zeros around the small ones.`,
        "How many entries has its weight, and how many of them are such zeros?"],
      fields: [count("Entries", all), count("Zeros", fixed)],
      working: [`entries: 25·${C}·(${n1} + ${n3} + ${n5}) = ${show(all)}`, `zeros: 24 of 25 for each 1 × 1 plane, 16 of 25 for each 3 × 3 plane: ${C}·(24·${n1} + 16·${n3}) = ${show(fixed)}`, `${show(all)} entries, ${show(fixed)} of them zero.`],
      mistakes: [
        { answer: [C * (n1 + 9 * n3 + 25 * n5), null], why: "Those are the weights that are learned." },
        { answer: [null, all - fixed], why: "Those are the entries that are not zero." },
        { answer: [null, C * (24 * n1 + 22 * n3)], why: "A 3 × 3 kernel fills 9 of 25 entries: 16 are zero." },
        { answer: [null, 24 * n1 + 16 * n3], why: `Each kernel has ${C} planes.` },
        { answer: [25 * (n1 + n3 + n5), null], why: `Each kernel has ${C} planes.` },
      ],
    };
  },
};

const pooling = {
  key: "pooling", title: "The pooling branch, by hand",
  make(rng) {
    const [h, w] = rng.pick([[3, 4], [4, 3], [4, 5]]);
    let x, i, j, y;
    do {
      x = rng.grid(h, w, -9, 4);
      i = rng.pick([0, h - 1]);
      j = rng.int(0, w - 1);
      y = Math.max(...around(x, i, j));
    } while (y >= 0);
    const factor = rng.pick([-3, -2, 2, 3]), bias = rng.other(-4, 4, 0), out = factor * y + bias, with0 = bias;
    return {
      given: { x, i, j, factor, bias },
      prompt: [`The pooling branch of a module: nn.MaxPool2d(3, stride=1, padding=1), then a 1 × 1 convolution with the weight ${show(factor)} and the bias ${show(bias)}, no ReLU. The input has one channel.`,
        `What is the output in row ${i}, column ${j}? (Rows and columns count from 0.)`, { grid: x, label: "Input", role: "input" }],
      fields: [count("Output", out)],
      working: [`the window around row ${i}, column ${j} holds ${around(x, i, j).map((v) => show(v)).join(", ")}; max pooling pads with −∞, so the border never wins`, `largest: ${show(y)}`, `${show(factor)}·(${show(y)}) + (${show(bias)}) = ${show(out)}`],
      mistakes: [
        { answer: with0, why: "Max pooling does not pad with zeros, but with −∞: the largest number that is really there wins." },
        { answer: y, why: "That is the pooled number; the 1 × 1 convolution comes after it." },
        { answer: factor * y, why: "The bias was left out." },
        { answer: factor * x[i][j] + bias, why: "The window is 3 × 3: take the largest of the neighbours too." },
        { answer: factor * Math.min(...around(x, i, j)) + bias, why: "That is the smallest of the window." },
        { answer: Math.max(0, out), why: "There is no ReLU here." },
      ],
    };
  },
};
const around = (x, i, j) => x.slice(Math.max(0, i - 1), i + 2).flatMap((row) => row.slice(Math.max(0, j - 1), j + 2));

const auxiliary = {
  key: "auxiliary", title: "An auxiliary head",
  make(rng) {
    const C = 16 * rng.int(16, 40), M = 32 * rng.int(2, 5), hidden = 128 * rng.int(2, 8), classes = 10 * rng.int(1, 20);
    const parts = [(C + 1) * M, (16 * M + 1) * hidden, (hidden + 1) * classes], total = sum(parts);
    return {
      given: { C, M, hidden, classes },
      prompt: [`An auxiliary head reads ${C} channels, averaged down to 4 × 4. It has a 1 × 1 convolution to ${M} channels, a fully connected layer to ${hidden}, and one to ${classes} classes, each with biases.`,
        "How many parameters does it add to training?"],
      fields: [count("Parameters", total)],
      working: [`1 × 1: ${C}·${M} + ${M} = ${show(parts[0])}`, `first fully connected: 4·4·${M}·${hidden} + ${hidden} = ${show(parts[1])}`, `second: ${hidden}·${classes} + ${classes} = ${show(parts[2])}`, `${show(total)} in all; none of them is there at inference.`],
      mistakes: [
        { answer: C * M + 16 * M * hidden + hidden * classes, why: "Each layer has biases too, one for each output." },
        { answer: parts[0] + (M + 1) * hidden + parts[2], why: `The map is still 4 × 4: the fully connected layer reads 16·${M} numbers.` },
        { answer: (16 * C + 1) * M + parts[1] + parts[2], why: "A convolution's weights do not grow with the map." },
        { answer: 0, why: "At inference, yes. In training it has parameters." },
      ],
    };
  },
};

export const bank = [weights, naive, align, reduce, pair, field, zeros, pooling, auxiliary];

export default practice(bank);
