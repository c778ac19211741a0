// Chapter 2: questions on convolutions in groups. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, outputs } from "./tools.js";

const layerCode = (C, D, k, G, rest = "") => ({ code: `nn.Conv2d(${C}, ${D}, kernel_size=${k}, groups=${G}${rest})` });

const params = {
  key: "parameters", title: "Parameters of a grouped layer",
  make(rng) {
    const G = rng.int(2, 6), n = rng.int(2, 5), D = G * rng.other(2, 6, n), C = G * n, k = rng.pick([1, 3, 5]), each = n * k * k;
    return {
      given: { C, D, k, G },
      prompt: ["How many numbers does this layer learn, its bias counted?", layerCode(C, D, k, G)],
      fields: [count("Parameters", D * each + D)],
      working: [`one kernel is C / G = ${C} / ${G} = ${n} channels deep: ${n}·${k}·${k} = ${each} weights`,
        `there are still ${D} kernels: ${D}·${each} = ${show(D * each)}`, `and ${D} biases: ${show(D * each)} + ${D} = ${show(D * each + D)}`],
      mistakes: [
        { answer: D * each, why: "The bias was left out: one number for each output channel." },
        { answer: D * C * k * k + D, why: `That is the layer without groups. Each kernel reads ${n} of the ${C} channels only.` },
        { answer: (D * each) / G + D, why: `Groups are counted once: each of the ${D} kernels has C / G channels; the number of kernels stays.` },
        { answer: D * each + G, why: "There is one bias for each output channel, not for each group." },
        { answer: (D * each) / G + D / G, why: `That is one group. There are ${G}.` },
        { answer: D * each + C, why: "There is one bias for each output channel, not for each input channel." },
      ],
    };
  },
};

const macs = {
  key: "macs", title: "Multiply-adds of a grouped layer",
  make(rng) {
    const G = rng.int(2, 4), n = rng.int(2, 4), D = G * rng.other(2, 5, n), C = G * n, k = 3, s = rng.int(1, 2), h = rng.int(6, 14), w = rng.other(6, 14, h);
    const oh = outputs(h, k, s, 1), ow = outputs(w, k, s, 1), each = n * 9, total = D * oh * ow * each;
    return {
      given: { C, D, k, G, s, h, w },
      prompt: [`An input of ${C} × ${h} × ${w} (channels × height × width) goes into`, layerCode(C, D, k, G, `,\n stride=${s}, padding=1`), "How many multiply-adds (MACs) does it take?"],
      fields: [count("MACs", total)],
      working: [`output: ${D} × ${oh} × ${ow} = ${show(D * oh * ow)} numbers`, `each sums ${C} / ${G} = ${n} channels of 9 taps: ${each} products`,
        `${show(D * oh * ow)}·${each} = ${show(total)}`],
      mistakes: [
        { answer: total * G, why: "The groups were left out: an output reads the channels of its own group only." },
        { answer: total / G, why: `The cost becomes 1/G, once: each output sums ${n} channels, and there are still ${D} output channels.` },
        { answer: 2 * total, why: "Those are FLOPs: a multiply-add counts as two." },
        { answer: D * h * w * each, why: "Count windows where they stand: the output's size, not the input's." },
        { answer: total / 9, why: "Each channel is read with nine taps." },
      ],
    };
  },
};

const heard = {
  key: "heard", title: "Which inputs an output reads",
  make(rng) {
    const G = rng.int(2, 6), n = rng.int(2, 6), m = rng.other(2, 6, n), d = rng.int(0, G * m - 1), g = Math.floor(d / m);
    return {
      given: { C: G * n, D: G * m, G, d },
      prompt: [layerCode(G * n, G * m, 3, G), `Channels are counted from 0. Which is the first, and which the last input channel that output channel ${d} reads?`],
      fields: [count("First", g * n), count("Last", g * n + n - 1)],
      working: [`a group has ${G * m} / ${G} = ${m} outputs: output ${d} is in group ⌊${d} / ${m}⌋ = ${g}`, `a group has ${G * n} / ${G} = ${n} inputs: group ${g} begins at ${g}·${n} = ${g * n}`,
        `It reads channels ${g * n} to ${g * n + n - 1}.`],
      mistakes: [
        { answer: [null, g * n + n], why: `A group has ${n} inputs, so the last is one before the next group begins.` },
        { answer: [g * n + 1, g * n + n], why: "Channels are counted from 0." },
        { answer: [0, G * n - 1], why: "That is a layer without groups." },
        { answer: [g * m, g * m + m - 1], why: `Those are the outputs of its group. It has ${n} inputs.` },
        { answer: [Math.floor(d / n) * n, Math.floor(d / n) * n + n - 1], why: `Divide by the outputs of a group, ${m}, to find the group.` },
      ],
    };
  },
};

const masked = {
  key: "zeros", title: "Zeros in the dense layer",
  make(rng) {
    const G = rng.int(2, 6), n = rng.int(2, 5), D = G * rng.other(2, 6, n), C = G * n, k = rng.pick([1, 3, 5]), all = D * C * k * k, kept = all / G;
    return {
      given: { C, D, k, G },
      prompt: [layerCode(C, D, k, G), "A dense layer with the same output would hold the same weights, and zeros elsewhere. How many zeros?"],
      fields: [count("Zeros", all - kept)],
      working: [`dense: ${D}·${C}·${k}·${k} = ${show(all)}`, `kept: ${D}·(${C} / ${G})·${k}·${k} = ${show(kept)}`, `${show(all)} − ${show(kept)} = ${show(all - kept)}`],
      mistakes: [
        { answer: kept, why: "Those are the weights that are kept." },
        { answer: all, why: "That is the whole dense weight: take off what is kept." },
        { answer: (all - kept) / (k * k), why: `Each pair of channels has ${k}·${k} taps.` },
        { answer: all - kept / G, why: `Of G·G blocks, G are kept: 1/G of the weights, not 1/G².` },
      ],
    };
  },
};

const place = {
  key: "shuffle", title: "Where a shuffled channel stands",
  make(rng) {
    const g = rng.int(2, 5), n = rng.other(2, 6, g), C = g * n, p = rng.int(1, C - 2), c = rng.int(1, C - 2);
    const i = Math.floor(p / g), j = p % g, from = Math.floor(c / n), at = c % n;
    return {
      given: { g, n, p, c },
      prompt: [`${C} channels go through`, { code: `nn.ChannelShuffle(${g})` }, `Counted from 0: which channel stands at place ${p} afterwards, and at which place does channel ${c} stand?`],
      fields: [count(`At place ${p}`, j * n + i), count(`Channel ${c}`, at * g + from)],
      working: [`${g} groups of ${n}: reshape to (${g}, ${n}), transpose to (${n}, ${g}), flatten`, `place ${p} = ${i}·${g} + ${j}: member ${i} of group ${j}, channel ${j}·${n} + ${i} = ${j * n + i}`,
        `channel ${c} = ${from}·${n} + ${at}: member ${at} of group ${from}, place ${at}·${g} + ${from} = ${at * g + from}`, `Channel ${j * n + i} stands at place ${p}, and channel ${c} at place ${at * g + from}.`],
      mistakes: [
        { answer: [(p % n) * g + Math.floor(p / n), null], why: `That is the place to which channel ${p} goes. Asked is which channel comes to place ${p}.` },
        { answer: [null, (c % g) * n + Math.floor(c / g)], why: `That is the channel that comes to place ${c}. Asked is where channel ${c} goes.` },
        { answer: [p, null], why: "A shuffle moves it." },
        { answer: [null, c], why: "A shuffle moves it." },
        { answer: [i * g + j + 1, null], why: "Channels are counted from 0." },
        { answer: [null, at * n + from], why: `After the transpose a row has ${g} members, one of each group.` },
      ],
    };
  },
};

const mixing = {
  key: "mixing", title: "What two grouped layers let through",
  make(rng) {
    const g = rng.int(2, 6), a = rng.int(2, 6), n = rng.other(2, 7, g), b = rng.int(2, 6), C = g * a, M = g * n, D = g * b, few = Math.min(g, n);
    return {
      given: { C, M, D, g },
      prompt: [{ code: `nn.Conv2d(${C}, ${M}, 1, groups=${g})\nnn.ChannelShuffle(${g})\nnn.Conv2d(${M}, ${D}, 1, groups=${g})` }, "Of how many input channels does each output hear, with the shuffle and without it?"],
      fields: [count("With", few * a), count("Without", a)],
      working: [`without: the inputs of its own group, ${C} / ${g} = ${a}`, `with: it reads ${M} / ${g} = ${n} shuffled channels, of min(${n}, ${g}) = ${few} different groups`,
        `each of those groups brings ${a} inputs: ${few}·${a} = ${few * a}`, `${few * a} with the shuffle, ${a} without.`],
      mistakes: [
        { answer: [C, null], why: `One shuffle mixes all only if a group has at least as many channels between the layers as there are groups; here ${n} < ${g}.` },
        { answer: [n * a, null], why: `There are only ${g} groups to hear of.` },
        { answer: [n, null], why: `Those are the channels that it reads; each of them has heard of ${a} inputs.` },
        { answer: [a, null], why: "That is without the shuffle: it brings channels of other groups together." },
        { answer: [null, C], why: "Without a shuffle the groups never meet." },
        { answer: [null, n], why: `Those are the channels between the layers that it reads. They hear of ${a} inputs in all.` },
      ],
    };
  },
};

const resnext = {
  key: "resnext", title: "Weights of a ResNeXt block",
  make(rng) {
    const N = rng.pick([64, 128, 256, 512]), C = rng.pick([4, 8, 16, 32]), d = rng.int(2, 12), path = N * d + 9 * d * d + d * N;
    return {
      given: { N, C, d },
      prompt: [`A ResNeXt block reads and writes ${N} channels. It has ${C} paths, each ${d} channels wide: 1 × 1, 3 × 3, 1 × 1. How many weights is that, without biases and batch norm?`],
      fields: [count("Weights", C * path)],
      working: [`one path: ${N}·${d} + 9·${d}·${d} + ${d}·${N} = ${show(path)}`, `${C} paths: ${C}·${show(path)} = ${show(C * path)}`],
      mistakes: [
        { answer: path, why: `That is one path. There are ${C}.` },
        { answer: 2 * N * C * d + 9 * C * d * C * d, why: `The 3 × 3 convolution is grouped: each path mixes its own ${d} channels only.` },
        { answer: C * (2 * N * d + d * d), why: "A 3 × 3 kernel has nine taps." },
        { answer: C * (N * d + 9 * d * d), why: "The last 1 × 1 convolution was left out." },
        { answer: C * (2 * N * d + 9 * d), why: `A path's 3 × 3 convolution reads ${d} channels and writes ${d}: d² kernels.` },
      ],
    };
  },
};

const share = {
  key: "share", title: "What the 1 × 1 layers take",
  make(rng) {
    const N = 32 * rng.int(2, 40), w = N / rng.pick([2, 4]), G = rng.pick([1, 2, 4, 8]);
    const points = 2 * N * w, middle = (w * w * 9) / G, percent = (part) => (100 * part) / (points + middle);
    return {
      given: { N, w, G },
      prompt: [`A unit takes ${N} channels to ${w} (1 × 1), convolves them 3 × 3 in ${G} group${G > 1 ? "s" : ""}, and goes back to ${N} (1 × 1). Which share of its multiply-adds is in the two 1 × 1 layers, in percent? One digit after the point.`],
      fields: [{ label: "Share", unit: "%", answer: percent(points), tolerance: 0.06, digits: 1 }],
      working: [`1 × 1 layers: 2·${N}·${w} = ${show(points)} a pixel`, `3 × 3: ${w}·(${w} / ${G})·9 = ${show(middle)} a pixel`,
        `${show(points)} / (${show(points)} + ${show(middle)}) = ${show(percent(points), 1)} %`],
      mistakes: [
        { answer: percent(middle), why: "That is the share of the 3 × 3 layer." },
        { answer: percent(points) / 100, why: "In percent: a hundred times that." },
        { answer: (100 * points) / 2 / (points / 2 + middle), why: "There are two 1 × 1 layers." },
        { answer: (100 * points) / (points + w * w * 9), why: "The 3 × 3 layer has groups." },
        { answer: (100 * points) / (points + middle / 9), why: "A 3 × 3 kernel has nine taps." },
      ],
    };
  },
};

const unit = {
  key: "unit", title: "ShuffleNet's unit with stride 2",
  make(rng) {
    const g = rng.pick([2, 3, 4, 8]), n = 4 * g * rng.int(2, 12), branch = 4 * g * rng.int(1, 9), o = n + branch, m = o / 4;
    const weights = (n * m) / g + 9 * m + (m * branch) / g;
    return {
      given: { n, o, g },
      prompt: [`A ShuffleNet unit with stride 2 reads ${n} channels and gives ${o}, with ${g} groups in both 1 × 1 layers. Inside it is a quarter as wide as its output. How many channels does its last 1 × 1 layer give, and how many weights do its three convolutions have?`],
      fields: [count("Channels", branch), count("Weights", weights)],
      working: [`${n} of the ${o} channels are the pooled input: the branch gives ${o} − ${n} = ${branch}`, `inside: ${o} / 4 = ${m} channels`,
        `first: ${n}·${m} / ${g} = ${show((n * m) / g)}; depthwise: 9·${m} = ${9 * m}; last: ${m}·${branch} / ${g} = ${show((m * branch) / g)}`, `${branch} channels and ${show(weights)} weights.`],
      mistakes: [
        { answer: [o, null], why: "The pooled input is joined to the branch, not added: the branch gives the rest." },
        { answer: [n, null], why: "Those are the channels of the pooled input." },
        { answer: [m, null], why: "That is the inside of the unit: its last layer widens it." },
        { answer: [null, (n * m) / g + 9 * m * m + (m * branch) / g], why: "The 3 × 3 layer is depthwise: nine weights a channel." },
        { answer: [null, n * m + 9 * m + m * branch], why: "Both 1 × 1 layers have groups." },
        { answer: [null, (n * m) / g + 9 * m + (m * o) / g], why: "The last layer makes only what the pooled input does not bring." },
        { answer: [null, (n * m + 9 * m + m * branch) / g], why: `The depthwise layer has nine weights for each of its ${m} channels, whatever g is.` },
      ],
    };
  },
};

export const bank = [params, macs, heard, masked, place, mixing, resnext, share, unit];
export default practice(bank);
