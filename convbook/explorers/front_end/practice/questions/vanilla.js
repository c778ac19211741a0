// Chapter 1: questions on the ordinary convolution. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, outputs } from "./tools.js";
import { border, convolution, correlation, field, gradient, reads } from "./vanilla_windows.js";

const size = {
  key: "size", title: "Output size, with a stride",
  make(rng) {
    const k = rng.int(2, 7), s = rng.int(2, 4), p = rng.int(0, Math.floor(k / 2));
    // The height always leaves a remainder: that is what the floor is for.
    const h = k - 2 * p + s * rng.int(3, 9) + rng.int(1, s - 1), w = rng.other(8, 40, h);
    const both = (f) => [f(h), f(w)];
    const line = (name, n) =>
      `${name}: ⌊(${n} + 2·${p} − ${k}) / ${s}⌋ + 1 = ⌊${n + 2 * p - k} / ${s}⌋ + 1 = ${outputs(n, k, s, p)}`;
    const [oh, ow] = both((n) => outputs(n, k, s, p));
    return {
      given: { h, w, k, s, p },
      prompt: [`An image of ${h} × ${w} (height × width) goes into`,
        { code: `nn.Conv2d(1, 1, kernel_size=${k}, stride=${s}, padding=${p})` }, "How large is the output?"],
      fields: [count("Height", oh), count("Width", ow)],
      working: ["o = ⌊(n + 2p − k) / s⌋ + 1, for each axis", line("height", h), line("width", w), `The output is ${oh} × ${ow}.`],
      mistakes: [
        { answer: both((n) => Math.ceil((n + 2 * p - k) / s) + 1), why: "A window that does not fit whole is left out: round down, not up." },
        { answer: both((n) => outputs(n, k, s, p) - 1), why: "Add 1 at the end: the first window stands before the first step." },
        { answer: both((n) => Math.floor((n + p - k) / s) + 1), why: "Padding is added on both sides: 2p." },
        { answer: both((n) => outputs(n, k, s)), why: "The padding was left out: add 2p to the length first." },
        { answer: both((n) => outputs(n, k, 1, p)), why: "The stride was left out: windows start s apart." },
        { answer: [ow, oh], why: "Height first, then width." },
      ],
    };
  },
};

const dilation = {
  key: "dilation", title: "Output size, with a dilation",
  make(rng) {
    const k = rng.int(2, 5), d = rng.int(2, 4), s = rng.int(1, 3), p = rng.int(0, 3);
    const n = d * k + rng.int(6, 24), reach = d * (k - 1) + 1;
    const o = outputs(n, k, s, p, d), wide = (m) => Math.floor((n + 2 * p - m) / s) + 1;
    return {
      given: { n, k, s, p, d },
      prompt: [`A signal of ${n} numbers goes into`,
        { code: `nn.Conv1d(1, 1, kernel_size=${k}, stride=${s}, padding=${p}, dilation=${d})` }, "How many numbers come out?"],
      fields: [count("Output length", o)],
      working: [`the kernel spans d(k − 1) + 1 = ${d}·${k - 1} + 1 = ${reach} positions`, `the padded signal has ${n} + 2·${p} = ${n + 2 * p}`,
        `⌊(${n + 2 * p} − ${reach}) / ${s}⌋ + 1 = ⌊${n + 2 * p - reach} / ${s}⌋ + 1 = ${o}`],
      mistakes: [
        { answer: wide(k), why: `The dilation was left out: the ${k} taps stand ${d} apart.` },
        { answer: wide(d * k), why: "The kernel does not span d·k: after the last tap nothing follows. It spans d(k − 1) + 1." },
        { answer: wide(k + (k - 1) * d), why: "d is the distance between taps; d − 1 positions are skipped between them, not d." },
        { answer: Math.ceil((n + 2 * p - reach) / s) + 1, why: "A window that does not fit whole is left out: round down." },
        { answer: o - 1, why: "Add 1 at the end: the first window stands before the first step." },
        { answer: Math.floor((n + p - reach) / s) + 1, why: "Padding is added on both sides: 2p." },
      ],
    };
  },
};

const same = {
  key: "same", title: "Padding “same”, even kernel",
  make(rng) {
    const k = rng.pick([2, 4, 6, 8]), d = rng.pick([1, 1, 2, 3]), n = rng.int(20, 40);
    const total = d * (k - 1), before = Math.floor(total / 2), after = total - before;
    return {
      given: { n, k, d },
      prompt: [`A signal of ${n} numbers meets a kernel of ${k} taps with dilation ${d} and stride 1. The output must be as long as the input. `
        + "PyTorch's padding=\"same\" puts an odd position after the signal. How much padding stands on each side?"],
      fields: [count("Before", before), count("After", after)],
      working: [`needed in all: d(k − 1) = ${d}·${k - 1} = ${total}`, `before: ⌊${total} / 2⌋ = ${before}`,
        `after: the rest, ${total} − ${before}`, `Padding: ${before} before, ${after} after.`],
      mistakes: [
        { answer: [after, before], why: "The extra position goes after, not before." },
        { answer: [total, total], why: `${total} is needed in all, not on each side.` },
        { answer: [k / 2, k / 2], why: "An even kernel cannot be padded alike on both sides: that makes the output one too long." },
        { answer: [Math.floor((k - 1) / 2), k - 1 - Math.floor((k - 1) / 2)], why: "The dilation was left out: the total is d(k − 1)." },
        { answer: [before, before], why: `${before} and ${before} make ${2 * before}; ${total} is needed.` },
      ],
    };
  },
};

const params = {
  key: "parameters", title: "Parameters of a layer",
  make(rng) {
    const h = rng.int(1, 5), w = rng.other(1, 7, h), C = rng.int(2, 12), D = rng.other(4, 32, C), each = h * w * C;
    return {
      given: { h, w, C, D },
      prompt: ["How many numbers does this layer learn, its bias counted?", { code: `nn.Conv2d(${C}, ${D}, kernel_size=(${h}, ${w}))` }],
      fields: [count("Parameters", D * each + D)],
      working: [`one output channel: ${h}·${w} taps on ${C} input channels, ${h}·${w}·${C} = ${each} weights, and 1 bias`,
        `${D} output channels: ${D}·(${each} + 1) = ${show(D * (each + 1))}`],
      mistakes: [
        { answer: D * each, why: "The bias was left out: one number for each output channel." },
        { answer: D * each + 1, why: "Each output channel has its own bias." },
        { answer: D * each + C, why: "There is one bias for each output channel, not for each input channel." },
        { answer: D * (each + C), why: "One bias for each output channel, not for each pair of channels." },
        { answer: D * (h * w + 1), why: `Each kernel reaches through all ${C} input channels.` },
        { answer: each + 1, why: `That is one output channel. There are ${D}, each with weights of its own.` },
      ],
    };
  },
};

const macs = {
  key: "macs", title: "Multiply-adds of a layer",
  make(rng) {
    const C = rng.int(2, 8), D = rng.other(4, 16, C), k = rng.pick([2, 3, 4, 5]), s = rng.int(1, 3), p = rng.int(0, 2);
    const h = rng.int(8, 20), w = rng.other(8, 20, h), oh = outputs(h, k, s, p), ow = outputs(w, k, s, p);
    const each = C * k * k, total = D * oh * ow * each;
    return {
      given: { C, D, k, s, p, h, w },
      prompt: [`An input of ${C} × ${h} × ${w} (channels × height × width) goes into`,
        { code: `nn.Conv2d(${C}, ${D}, kernel_size=${k}, stride=${s}, padding=${p})` }, "How many multiply-adds (MACs) does it take?"],
      fields: [count("MACs", total)],
      working: [`output: ${D} × ${oh} × ${ow} = ${show(D * oh * ow)} numbers`, `each is a sum of ${C}·${k}·${k} = ${each} products`,
        `${show(D * oh * ow)}·${each} = ${show(total)}`],
      mistakes: [
        { answer: 2 * total, why: "Those are FLOPs: a multiply-add counts as two." },
        { answer: D * h * w * each, why: "Count windows where they stand: the output's size, not the input's." },
        { answer: total / C, why: `Each output sums over all ${C} input channels.` },
        { answer: total / D, why: `That is one output channel; there are ${D}.` },
        { answer: total + D * oh * ow, why: "Adding the bias is not counted as a multiply-add." },
        { answer: total / (k * k), why: `Each output reads ${k}·${k} taps, not one.` },
      ],
    };
  },
};

const reduce = {
  key: "reduction", title: "What a 1 × 1 reduction saves",
  make(rng) {
    const k = rng.pick([3, 5]), M = rng.pick([4, 8, 16]), C = M * rng.int(3, 8), D = rng.other(3, 8, C / M) * M;
    const h = rng.int(5, 14), w = rng.other(5, 14, h), at = h * w;
    const direct = at * C * D * k * k, first = at * C * M, second = at * M * D * k * k, saved = direct - first - second;
    return {
      given: { k, C, M, D, h, w },
      prompt: [`A ${k} × ${k} convolution makes ${D} channels of ${C}, on a map that stays ${h} × ${w}. `
        + `Instead, a 1 × 1 convolution first brings the ${C} channels down to ${M}, and the ${k} × ${k} convolution makes ${D} of those ${M}. How many MACs are saved?`],
      fields: [count("MACs saved", saved)],
      working: [`direct: ${h}·${w}·${C}·${D}·${k}·${k} = ${show(direct)}`, `1 × 1: ${h}·${w}·${C}·${M} = ${show(first)}`,
        `${k} × ${k}: ${h}·${w}·${M}·${D}·${k}·${k} = ${show(second)}`, `${show(direct)} − ${show(first)} − ${show(second)} = ${show(saved)}`],
      mistakes: [
        { answer: direct - second, why: "The 1 × 1 layer costs something too: take it off." },
        { answer: first + second, why: "That is what the two layers cost. The question is what they save." },
        { answer: direct, why: "That is the direct layer. Take off what the two layers cost." },
        { answer: 2 * saved, why: "Those are FLOPs: a multiply-add counts as two." },
        { answer: saved / at, why: `That is the saving at one position; there are ${h}·${w} = ${at}.` },
      ],
    };
  },
};

const volume = {
  key: "volume", title: "A 3D layer",
  make(rng) {
    const C = rng.int(2, 6), D = rng.other(4, 16, C), kd = rng.int(2, 5), k = rng.other(2, 5, kd);
    const t = rng.int(8, 16), h = rng.int(20, 40), each = C * kd * k * k, deep = outputs(t, kd);
    return {
      given: { C, D, kd, k, t, h },
      prompt: [`A film of ${C} channels, ${t} frames, each ${h} × ${h + 8}, goes into`,
        { code: `nn.Conv3d(${C}, ${D}, kernel_size=(${kd}, ${k}, ${k}))` }, "How many numbers does the layer learn, bias counted, and how many frames come out?"],
      fields: [count("Parameters", D * (each + 1)), count("Frames", deep)],
      working: [`one output channel: ${C}·${kd}·${k}·${k} = ${each} weights and 1 bias`, `parameters: ${D}·(${each} + 1) = ${show(D * (each + 1))}`,
        `frames: ${t} − ${kd} + 1 = ${deep}`, `${show(D * (each + 1))} parameters and ${deep} frames.`],
      mistakes: [
        { answer: [D * each, null], why: "The bias was left out: one number for each output channel." },
        { answer: [D * (each / C + 1), null], why: `A 3D kernel slides over the frames, and still sums all ${C} channels: count them.` },
        { answer: [D * (each / kd + 1), null], why: `The kernel is ${kd} frames deep as well.` },
        { answer: [each + 1, null], why: `That is one output channel; there are ${D}.` },
        { answer: [null, t], why: `There is no padding: a kernel ${kd} frames deep has fewer places to stand than there are frames.` },
        { answer: [null, t - kd], why: "Add 1: the first window stands before the first step." },
      ],
    };
  },
};

const linear = {
  key: "linear", title: "A fully connected layer as a convolution",
  make(rng) {
    const C = rng.int(4, 32), h = rng.int(3, 7), w = rng.other(3, 7, h), D = rng.pick([10, 20, 50, 100]);
    const H = h + rng.int(2, 9), W = w + rng.int(2, 9), weights = D * C * h * w;
    return {
      given: { C, h, w, D, H, W },
      prompt: [`A map of ${C} × ${h} × ${w} is flattened and goes into a Linear layer with ${D} outputs and no bias. Written as a convolution, it takes larger maps too.`,
        `How many weights does it have, and how large is its output on a map of ${C} × ${H} × ${W}?`],
      fields: [count("Weights", weights), count("Output height", H - h + 1), count("Output width", W - w + 1)],
      working: [`the kernel covers the whole map: ${h} × ${w}, through ${C} channels`, `weights: ${D}·${C}·${h}·${w} = ${show(weights)}, the same as Linear's`,
        `height: ${H} − ${h} + 1 = ${H - h + 1}`, `width: ${W} − ${w} + 1 = ${W - w + 1}`,
        `${show(weights)} weights; each of its ${D} channels is ${H - h + 1} × ${W - w + 1}.`],
      mistakes: [
        { answer: [weights + D, null, null], why: "There is no bias in this layer." },
        { answer: [h * w * C, null, null], why: `That is one output; there are ${D}.` },
        { answer: [D * h * w, null, null], why: `Each kernel reaches through ${C} channels.` },
        { answer: [D * C * H * W, null, null], why: `The weights do not grow with the map: the kernel is ${h} × ${w}.` },
        { answer: [null, H - h, W - w], why: "Add 1: the first window stands before the first step." },
        { answer: [null, 1, 1], why: `On a map of ${h} × ${w} it is 1 × 1. A larger map has more places for the window.` },
        { answer: [null, W - w + 1, H - h + 1], why: "Height first, then width." },
      ],
    };
  },
};

const intensity = {
  key: "intensity", title: "Arithmetic intensity",
  make(rng) {
    const C = rng.int(2, 16), D = rng.other(2, 16, C), k = rng.pick([1, 3, 5]), h = rng.int(6, 14), w = rng.other(6, 14, h);
    const weights = D * C * k * k, multiply = h * w * weights, read = C * h * w, written = D * h * w;
    const bytes = 4 * (read + weights + written), answer = (2 * multiply) / bytes;
    return {
      given: { C, D, k, h, w },
      prompt: [`A layer turns ${C} × ${h} × ${w} into ${D} × ${h} × ${w} float32 numbers (4 bytes each) with a ${k} × ${k} kernel, padding ${(k - 1) / 2} and no bias. `
        + "Input and weights are read once, the output is written once. How many FLOPs are done for each byte moved? Give two digits after the point."],
      fields: [{ label: "FLOPs per byte", unit: "", answer, tolerance: Math.max(0.006, 0.006 * answer), digits: 2 }],
      working: [`MACs: ${D}·${h}·${w}·${C}·${k}·${k} = ${show(multiply)}, so ${show(2 * multiply)} FLOPs`,
        `numbers moved: ${show(read)} in, ${show(weights)} weights, ${show(written)} out`,
        `bytes: 4·(${show(read)} + ${show(weights)} + ${show(written)}) = ${show(bytes)}`, `${show(2 * multiply)} / ${show(bytes)} = ${show(answer, 2)}`],
      mistakes: [
        { answer: answer / 2, why: "A multiply-add is two FLOPs." },
        { answer: answer * 4, why: "That is for each number; a float32 number has 4 bytes." },
        { answer: answer * 2, why: "That is four times the MACs over the bytes: a multiply-add is two FLOPs, not four." },
        { answer: (2 * multiply) / (4 * (read + written)), why: "The weights are read too." },
        { answer: (2 * multiply) / (4 * (read + weights)), why: "The output is written too." },
        { answer: 1 / answer, why: "That is bytes for each FLOP: turn it over." },
      ],
    };
  },
};

export const bank = [
  correlation, convolution, size, same, border, dilation, reads, params, volume, macs, reduce, linear, field, gradient, intensity,
];

export default practice(bank);
