// Chapter 3: questions on depthwise convolution. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, dot, outputs, products, under } from "./tools.js";

const params = {
  key: "parameters", title: "Weights of a depthwise layer",
  make(rng) {
    const C = rng.int(3, 20), m = rng.int(2, 4), h = rng.int(1, 5), w = rng.other(2, 7, h), D = m * C;
    return {
      given: { C, m, h, w },
      prompt: ["How many numbers does this layer learn, its bias counted?", { code: `nn.Conv2d(${C}, ${D}, kernel_size=(${h}, ${w}), groups=${C})` }],
      fields: [count("Parameters", D * (h * w + 1))],
      working: [`${C} groups for ${C} input channels: each filter reads ${C} / ${C} = 1 channel, ${h}·${w} = ${h * w} taps`,
        `${D} filters (the multiplier is ${D} / ${C} = ${m}), each with a bias: ${D}·(${h * w} + 1) = ${show(D * (h * w + 1))}`],
      mistakes: [
        { answer: D * h * w, why: "The bias was left out: one number for each output channel." },
        { answer: C * (h * w + 1), why: `Each channel has ${m} filters of its own: count the ${D} output channels.` },
        { answer: D * (C * h * w + 1), why: "That is the layer without groups. A filter of this one reads a single channel." },
        { answer: D * h * w + C, why: "There is one bias for each output channel, not for each input channel." },
        { answer: D * (m * h * w + 1), why: "A filter is one plane deep, whatever the multiplier." },
      ],
    };
  },
};

const order = {
  key: "order", title: "Which channel an output reads",
  make(rng) {
    const C = rng.int(5, 24), m = rng.int(2, 5), q = rng.int(m + 1, m * C - 2);
    return {
      given: { C, m, q },
      prompt: [{ code: `layer = nn.Conv2d(${C}, ${m * C}, kernel_size=3, groups=${C})` },
        `Which input channel does output channel ${q} read, and which of that channel's filters is it? Count from 0, as Python does.`],
      fields: [count("Input channel", Math.floor(q / m)), count("Its filter", q % m)],
      working: [`the multiplier is ${m * C} / ${C} = ${m}, and the filters of one channel stand together`,
        `${q} = ${Math.floor(q / m)}·${m} + ${q % m}: channel ${Math.floor(q / m)}, its filter ${q % m}`],
      mistakes: [
        { answer: [q % C, Math.floor(q / C)], why: "That is the order in which the first filters of all channels stand together. PyTorch keeps the filters of one channel together." },
        { answer: [q % m, Math.floor(q / m)], why: "The two are exchanged: the quotient is the channel, the remainder is its filter." },
        { answer: [Math.floor(q / m) + 1, null], why: "Channels are counted from 0." },
        { answer: [q, null], why: `Output ${q} is not input ${q}: each channel gives ${m} outputs.` },
      ],
    };
  },
};

const value = {
  key: "value", title: "One number of the output",
  make(rng) {
    const q = rng.int(1, 3), i = rng.int(0, 1), j = rng.int(0, 1), c = Math.floor(q / 2);
    const at = (channel, filter) => dot(under(x[channel], w[filter], i, j).flat());
    let x, w;
    do {
      x = [rng.grid(3, 4, -2, 4), rng.grid(3, 4, -2, 4)];
      w = Array.from({ length: 4 }, () => rng.grid(2, 3, -2, 2));
    } while (at(1 - c, q) === 0); // or adding the channels up would not show
    const pairs = under(x[c], w[q], i, j).flat();
    return {
      given: { x, w, q, i, j },
      prompt: ["Two channels, and a depthwise layer with two filters for each: filters 0 and 1 belong to channel 0, filters 2 and 3 to channel 1. No padding, stride 1.",
        ...x.map((grid, n) => ({ grid, label: `channel ${n}`, role: "input" })), { grid: w[q], label: `filter ${q}`, role: "kernel" },
        `What stands at row ${i}, column ${j} of output channel ${q}?`],
      fields: [count("Output", at(c, q))],
      working: [`output ${q} reads channel ${c} only; the window starts at row ${i}, column ${j}`, `${products(pairs)} = ${show(at(c, q))}`],
      mistakes: [
        { answer: at(0, q) + at(1, q), why: "Channels are not added up here: a depthwise filter reads its own channel only." },
        { answer: at(1 - c, q), why: `Filter ${q} belongs to channel ${c}.` },
        { answer: dot(under(x[c], [...w[q]].reverse().map((row) => [...row].reverse()), i, j).flat()), why: "The kernel is not turned." },
      ],
    };
  },
};

const times = {
  key: "times", title: "Multiply-adds, beside a standard layer",
  make(rng) {
    const C = rng.int(8, 40), k = rng.pick([3, 5]), h = rng.int(9, 20), w = rng.other(9, 20, h), s = rng.int(1, 2), p = (k - 1) / 2;
    const oh = outputs(h, k, s, p), ow = outputs(w, k, s, p), macs = C * oh * ow * k * k;
    return {
      given: { C, k, h, w, s, p },
      prompt: [`An input of ${C} × ${h} × ${w} goes into`, { code: `nn.Conv2d(${C}, ${C}, kernel_size=${k}, stride=${s}, padding=${p}, groups=${C}, bias=False)` },
        "How many multiply-adds does it take, and how many times as many would the same layer take without groups?"],
      fields: [count("MACs", macs), count("Times", C)],
      working: [`output: ${C} × ${oh} × ${ow}, each number a sum of ${k}·${k} = ${k * k} products`, `without groups each number is a sum over all ${C} channels: ${C} times as many`,
        `${C}·${oh}·${ow}·${k * k} = ${show(macs)} multiply-adds; without groups ${C} times as many`],
      mistakes: [
        { answer: [macs * C, null], why: "A depthwise filter reads one channel: there is no factor C for the channels that are summed." },
        { answer: [C * h * w * k * k, null], why: "Count windows where they stand: the output's size, not the input's." },
        { answer: [2 * macs, null], why: "Those are FLOPs: a multiply-add counts as two." },
        { answer: [null, C * C], why: "Only the sum over channels is saved, a factor C. The number of outputs is the same." },
        { answer: [null, k * k], why: "The taps are the same in both layers; what differs is how many channels a filter reads." },
      ],
    };
  },
};

const pair = {
  key: "pair", title: "Depthwise, then pointwise",
  make(rng) {
    const C = rng.int(4, 24), D = rng.other(8, 48, C), k = rng.pick([3, 5]), h = rng.int(6, 15), w = rng.other(6, 15, h);
    const one = C * h * w * k * k, two = D * C * h * w;
    return {
      given: { C, D, k, h, w },
      prompt: [`A ${k} × ${k} depthwise convolution (multiplier 1, padding ${(k - 1) / 2}) and then a 1 × 1 convolution turn ${C} × ${h} × ${w} into ${D} × ${h} × ${w}. How many multiply-adds does each take?`],
      fields: [count("Depthwise", one), count("Pointwise", two)],
      working: [`depthwise: ${C}·${h}·${w} outputs, ${k * k} products each: ${show(one)}`, `pointwise: ${D}·${h}·${w} outputs, ${C} products each: ${show(two)}`,
        `${show(one)} and ${show(two)}`],
      mistakes: [
        { answer: [D * h * w * k * k, null], why: `The depthwise layer still has ${C} channels; the 1 × 1 layer makes ${D} of them.` },
        { answer: [one * C, null], why: "A depthwise filter reads one channel." },
        { answer: [null, two * k * k], why: "A 1 × 1 kernel has one tap." },
        { answer: [null, D * h * w], why: `Each output of the 1 × 1 layer sums over ${C} channels.` },
        { answer: [two, one], why: "The two are exchanged." },
      ],
    };
  },
};

const pooled = {
  key: "pooled", title: "Global depthwise convolution",
  make(rng) {
    const C = rng.pick([64, 96, 128, 256, 320, 512]), h = rng.int(4, 9), w = rng.other(4, 9, h), D = rng.pick([16, 32, 64, 128]);
    return {
      given: { C, h, w, D },
      prompt: [`The last map of a network is ${C} × ${h} × ${w}. How many weights (no bias) does a global depthwise convolution need to turn it into ${C} numbers, and how many a fully connected layer from the whole map to ${D} numbers?`],
      fields: [count("Global depthwise", C * h * w), count("Fully connected", D * C * h * w)],
      working: [`a weight for each place of each channel: ${C}·${h}·${w} = ${show(C * h * w)}`, `fully connected: ${D} numbers, each reading all ${show(C * h * w)}: ${show(D * C * h * w)}`],
      mistakes: [
        { answer: [h * w, null], why: "Each channel has weights of its own." },
        { answer: [C * C * h * w, null], why: "A depthwise filter reads one channel." },
        { answer: [C, null], why: "Each place of the map has a weight: the kernel is as large as the map." },
        { answer: [null, C * D], why: "That is a layer on the pooled numbers; this one reads the whole map." },
        { answer: [null, D * h * w], why: `Every one of the ${D} numbers reads all ${C} channels.` },
      ],
    };
  },
};

const intensity = {
  key: "intensity", title: "FLOPs for each byte",
  make(rng) {
    const C = rng.int(8, 64), k = rng.pick([3, 5, 7]), h = rng.int(7, 20), w = rng.other(7, 20, h), map = C * h * w, weights = C * k * k;
    const bytes = 4 * (2 * map + weights), answer = (2 * map * k * k) / bytes;
    return {
      given: { C, k, h, w },
      prompt: [`A ${k} × ${k} depthwise layer (multiplier 1, padding ${(k - 1) / 2}, no bias) reads and writes ${C} × ${h} × ${w} float32 numbers, 4 bytes each. `
        + "Input and weights are read once, the output is written once. How many FLOPs are done for each byte moved? Give two digits after the point."],
      fields: [{ label: "FLOPs per byte", unit: "", answer, tolerance: Math.max(0.006, 0.003 * answer), digits: 2 }],
      working: [`FLOPs: 2·${C}·${h}·${w}·${k}·${k} = ${show(2 * map * k * k)}`, `bytes: 4·(2·${show(map)} + ${show(weights)}) = ${show(bytes)}`, `${show(2 * map * k * k)} / ${show(bytes)} = ${show(answer, 2)}`],
      mistakes: [
        { answer: answer / 2, why: "A multiply-add is two FLOPs." },
        { answer: answer * 4, why: "That is for each number; a float32 number has 4 bytes." },
        { answer: (2 * map * k * k) / (4 * (map + weights)), why: "The output is written too." },
        { answer: answer * C, why: "That would be so if each output summed over all channels; it reads one." },
        { answer: 1 / answer, why: "That is bytes for each FLOP: turn it over." },
      ],
    };
  },
};

const zeros = {
  key: "zeros", title: "The dense weight that does the same",
  make(rng) {
    const C = rng.int(3, 12), m = rng.int(1, 3), h = rng.int(2, 4), w = rng.other(2, 5, h), all = m * C * C * h * w, own = m * C * h * w;
    return {
      given: { C, m, h, w },
      prompt: [`A depthwise layer turns ${C} channels into ${m * C}, with kernels of ${h} × ${w}. An ordinary convolution without groups shall give the same numbers. How many of its weights are zero?`],
      fields: [count("Zeros", all - own)],
      working: [`the dense weight: ${m * C}·${C}·${h}·${w} = ${show(all)} numbers`, `of which ${m * C}·${h}·${w} = ${show(own)} stand where an output meets its own channel`, `zeros: ${show(all)} − ${show(own)} = ${show(all - own)}`],
      mistakes: [
        { answer: all, why: "Some are not zero: where an output meets its own channel." },
        { answer: own, why: "Those are the weights that are kept." },
        { answer: all - m * C, why: `Where an output meets its own channel stands a whole kernel of ${h}·${w} numbers.` },
        { answer: all - C * h * w, why: `There are ${m * C} filters, each with a kernel that is kept.` },
      ],
    };
  },
};

export const bank = [value, order, params, times, pair, zeros, intensity, pooled];

export default practice(bank);
