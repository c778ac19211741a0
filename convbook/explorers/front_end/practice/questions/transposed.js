// Chapter 4: questions on the transposed convolution. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, outputs, products, sum } from "./tools.js";

/** Output length of a transposed convolution along one axis. */
const larger = (n, k, s, p = 0, extra = 0, d = 1) => s * (n - 1) + d * (k - 1) + 1 - 2 * p + extra;

const size = {
  key: "size", title: "Output size",
  make(rng) {
    const k = rng.int(2, 6), s = rng.int(2, 4), d = rng.int(1, 2), extra = rng.int(0, s - 1);
    const p = rng.int(0, Math.floor(d * (k - 1) / 2)), h = rng.int(3, 12), w = rng.other(3, 12, h);
    const [oh, ow] = [h, w].map((n) => larger(n, k, s, p, extra, d)), both = (f) => [f(h), f(w)];
    const line = (name, n) => `${name}: ${s}·(${n} − 1) + ${d}·(${k} − 1) + 1 − 2·${p} + ${extra} = ${larger(n, k, s, p, extra, d)}`;
    return {
      given: { h, w, k, s, p, extra, d },
      prompt: [`An image of ${h} × ${w} (height × width) goes into`,
        { code: `nn.ConvTranspose2d(1, 1, kernel_size=${k}, stride=${s},\n padding=${p}, output_padding=${extra}, dilation=${d})` }, "How large is the output?"],
      fields: [count("Height", oh), count("Width", ow)],
      working: ["o = s(n − 1) + d(k − 1) + 1 − 2p + output_padding, for each axis", line("height", h), line("width", w), `The output is ${oh} × ${ow}.`],
      mistakes: [
        { answer: both((n) => larger(n, k, s, p, 0, d)), why: "output_padding adds positions at the far end: add it once." },
        { answer: both((n) => larger(n, k, s, -p, extra, d)), why: "padding makes the output smaller: it is the padding of the convolution that is transposed." },
        { answer: both((n) => larger(n, k, s, 0, extra, d)), why: "The padding was left out: it cuts p positions off each side." },
        { answer: both((n) => larger(n, k, s, p, 2 * extra, d)), why: "output_padding adds positions at one end only, not at both." },
        { answer: both((n) => larger(n, k, s, p, extra, 1)), why: "The dilation was left out: the kernel spans d(k − 1) + 1 positions." },
        { answer: both((n) => larger(n + 1, k, s, p, extra, d)), why: "Between n numbers there are n − 1 steps: s(n − 1), not s·n." },
        { answer: both((n) => outputs(n, k, s, p, d)), why: "That is the size after an ordinary convolution. This one goes the other way." },
        { answer: [ow, oh], why: "Height first, then width." },
      ],
    };
  },
};

const border = {
  key: "border", title: "p and p′",
  make(rng) {
    const k = rng.int(3, 7), d = rng.int(1, 2), s = rng.int(2, 4), p = rng.int(0, k - 2), extra = rng.int(0, s - 1);
    const span = d * (k - 1), before = span - p, after = before + extra;
    return {
      given: { k, d, s, p, extra },
      prompt: ["This layer is computed by zero-insertion: the input is spread, surrounded by a border of zeros, and convolved at stride 1 with the turned kernel.",
        { code: `nn.ConvTranspose1d(1, 1, kernel_size=${k}, stride=${s},\n padding=${p}, output_padding=${extra}, dilation=${d})` },
        "How many zeros stand between two neighbours, how many before the first number, and how many after the last?"],
      fields: [count("Between", s - 1), count("Before", before), count("After", after)],
      working: [`between: s − 1 = ${s} − 1 = ${s - 1}`, `before: p′ = d(k − 1) − p = ${d}·${k - 1} − ${p} = ${before}`,
        `after: p′ + output_padding = ${before} + ${extra} = ${after}`, `${s - 1} between, ${before} before, ${after} after.`],
      mistakes: [
        { answer: [s, null, null], why: "A stride of s puts s − 1 zeros between neighbours." },
        { answer: [null, p, null], why: "That is p, the padding of the convolution that is transposed. Here p′ = d(k − 1) − p is asked." },
        { answer: [null, k - 1 - p, null], why: "The dilation was left out: p′ = d(k − 1) − p." },
        { answer: [null, d * k - p, null], why: "p′ is one kernel span less one position: d(k − 1) − p." },
        { answer: [null, span, null], why: "That is the border without padding; the layer's p makes it smaller." },
        { answer: [null, null, before], why: "output_padding stands after the last number." },
        { answer: [null, after, null], why: "output_padding stands after the last number, not before the first." },
      ],
    };
  },
};

const restore = {
  key: "restore", title: "Back to the size it was",
  make(rng) {
    const k = rng.int(2, 7), s = rng.int(2, 5), p = rng.int(0, Math.floor((k - 1) / 2)), extra = rng.int(0, s - 1);
    const n = k - 2 * p + s * rng.int(3, 12) + extra, small = outputs(n, k, s, p), least = larger(small, k, s, p);
    return {
      given: { n, k, s, p },
      prompt: [`A signal of ${n} numbers goes through`, { code: `nn.Conv1d(1, 1, kernel_size=${k}, stride=${s}, padding=${p})` },
        "and then through the ConvTranspose1d with the same three arguments. How long is the signal between the two layers, and which output_padding makes the result as long as it was?"],
      fields: [count("Between", small), count("output_padding", extra)],
      working: [`between: ⌊(${n} + 2·${p} − ${k}) / ${s}⌋ + 1 = ${small}`, `without output_padding: ${s}·(${small} − 1) + ${k} − 2·${p} = ${least}`,
        `missing: ${n} − ${least} = ${extra}`, `${small} numbers between, output_padding = ${extra}.`],
      mistakes: [
        { answer: [Math.ceil((n + 2 * p - k) / s) + 1, null], why: "A window that does not fit whole is left out: round down." },
        { answer: [small - 1, null], why: "Add 1 at the end: the first window stands before the first step." },
        { answer: [null, s - 1], why: "That is the largest output_padding that this stride allows. Take the one that is missing." },
        { answer: [null, 0], why: "Without output_padding the result is the shortest signal with this output. This one had a remainder." },
        { answer: [null, n - small], why: "Compare with the length after the transposed layer, not with its input." },
        { answer: [null, n % s], why: "Not n modulo s: what counts is the remainder of n + 2p − k." },
      ],
    };
  },
};

const stamps = {
  key: "stamps", title: "One number of the output",
  make(rng) {
    const n = rng.int(3, 5), k = rng.other(3, 5, n), s = rng.int(1, 2), p = rng.int(0, 1);
    const x = rng.row(n, 1, 6), w = rng.row(k, -3, 4).map((v) => v || 5), o = larger(n, k, s, p);
    const found = (t) => x.map((v, i) => [v, w[t + p - s * i]]).filter(([, weight]) => weight !== undefined);
    const several = [...Array(o).keys()].filter((t) => found(t).length > 1), t = rng.pick(several);
    const pairs = found(t), value = (list) => sum(list.map(([a, b]) => a * b));
    const turned = x.map((v, i) => [v, w[k - 1 - (t + p - s * i)]]).filter(([, weight]) => weight !== undefined);
    const uncut = x.map((v, i) => [v, w[t - s * i]]).filter(([, weight]) => weight !== undefined);
    return {
      given: { x, w, s, p, t },
      prompt: [`A transposed convolution of one channel, stride ${s}, padding ${p}:`, { grid: [x], label: "x", role: "input" }, { grid: [w], label: "w", role: "kernel" },
        `What stands at y[${t}]? Everything is counted from 0.`],
      fields: [count(`y[${t}]`, value(pairs))],
      working: [`x[i] stamps w from position ${s}·i − ${p} on; y[${t}] is position ${t + p} before the padding is cut off`,
        `it is reached by ${pairs.length} stamps: ${products(pairs)} = ${show(value(pairs))}`],
      mistakes: [
        { answer: value(turned), why: "A stamp is the kernel as it is. It is turned only when the same layer is computed by zero-insertion." },
        { answer: p ? value(uncut) : NaN, why: `Padding cuts ${p} off the front: y[0] is position ${p} of the stamps.` },
        { answer: value(pairs.slice(0, 1)), why: "Stamps overlap here: add what the others bring." },
        { answer: value(pairs.slice(-1)), why: "Stamps overlap here: add what the others bring." },
        { answer: -value(pairs), why: "Look at the sign." },
      ],
    };
  },
};

const matrix = {
  key: "matrix", title: "The matrix C",
  make(rng) {
    const kh = rng.int(2, 4), kw = rng.other(2, 4, kh), s = rng.int(1, 2), h = rng.int(5, 9), w = rng.other(5, 9, h);
    const [oh, ow] = [outputs(h, kh, s), outputs(w, kw, s)];
    return {
      given: { h, w, kh, kw, s },
      prompt: [`A convolution with a kernel of ${kh} × ${kw}, stride ${s} and no padding reads an image of ${h} × ${w}, one channel. It is written as a matrix C. `
        + "How many rows and columns has Cᵀ, the matrix of the transposed convolution, and how many of its entries hold a weight?"],
      fields: [count("Rows of Cᵀ", h * w), count("Columns of Cᵀ", oh * ow), count("Weights", oh * ow * kh * kw)],
      working: [`C maps ${h}·${w} = ${h * w} numbers to ${oh}·${ow} = ${oh * ow}, so Cᵀ maps ${oh * ow} numbers to ${h * w}`,
        `each column of Cᵀ is one stamp of ${kh}·${kw} = ${kh * kw} weights`, `weights: ${oh * ow}·${kh * kw} = ${show(oh * ow * kh * kw)}`,
        `Cᵀ has ${h * w} rows and ${oh * ow} columns, and ${show(oh * ow * kh * kw)} entries hold a weight.`],
      mistakes: [
        { answer: [oh * ow, h * w, null], why: "That is C. Its transpose has a row for each number of the large image." },
        { answer: [null, null, kh * kw], why: "So many different weights there are; each stands in every column." },
        { answer: [null, null, h * w * oh * ow], why: "Those are all entries. Most of them are zero." },
        { answer: [null, null, h * w * kh * kw], why: "One stamp for each number of the small image, not of the large one." },
      ],
    };
  },
};

const overlap = {
  key: "overlap", title: "Overlaps before any training",
  make(rng) {
    const s = [rng.int(2, 4), rng.int(1, 3)], k = s.map((step) => rng.int(step + 1, 8));
    const few = k.map((n, a) => Math.floor(n / s[a])), many = k.map((n, a) => Math.ceil(n / s[a]));
    const least = few[0] * few[1], most = many[0] * many[1], even = least === most;
    const axis = (name, a) => `${name}: ${k[a]} / ${s[a]} = ${show(k[a] / s[a], 2)}, so ${few[a] === many[a] ? `${few[a]} stamps everywhere` : `${few[a]} or ${many[a]} stamps`}`;
    return {
      given: { kh: k[0], kw: k[1], sh: s[0], sw: s[1] },
      prompt: [{ code: `nn.ConvTranspose2d(1, 1, kernel_size=(${k}),\n stride=(${s}))`.replace(/,(\d)/g, ", $1") },
        "How many stamps lie over one output pixel, far from the border: at least, and at most?"],
      fields: [count("Least", least), count("Most", most)],
      working: [axis("rows", 0), axis("columns", 1), `in two dimensions the counts multiply: ${few[0]}·${few[1]} and ${many[0]}·${many[1]}`,
        `At least ${least}, at most ${most}${even ? ": the same everywhere" : ": an uneven pattern"}.`],
      mistakes: [
        { answer: [few[0] + few[1], many[0] + many[1]], why: "The counts of the two axes multiply; they do not add." },
        { answer: [few[0], many[0]], why: "Those are the rows only. Each meets the columns' count as well." },
        { answer: [few[1], many[1]], why: "Those are the columns only. Each meets the rows' count as well." },
        { answer: [null, k[0] * k[1]], why: "Stamps start a stride apart, so not every tap meets every pixel." },
        { answer: [null, least], why: "Where the stride does not divide the kernel, some positions get one stamp more." },
        { answer: [0, null], why: "The kernel is longer than the stride, so every pixel is reached." },
      ],
    };
  },
};

const cost = {
  key: "cost", title: "Parameters and multiply-adds",
  make(rng) {
    const C = rng.int(2, 12), D = rng.other(2, 12, C), k = rng.int(2, 5), s = rng.other(2, 4, k), h = rng.int(5, 14), w = rng.other(5, 14, h);
    const weights = C * D * k * k, macs = weights * h * w;
    return {
      given: { C, D, k, s, h, w },
      prompt: [`An input of ${C} × ${h} × ${w} goes into`, { code: `nn.ConvTranspose2d(${C}, ${D}, kernel_size=${k}, stride=${s})` },
        "How many numbers does the layer learn, bias counted, and how many multiply-adds does it take if the inserted zeros are never multiplied?"],
      fields: [count("Parameters", weights + D), count("MACs", macs)],
      working: [`weights: ${C}·${D}·${k}·${k} = ${show(weights)}, and ${D} biases`, `each of the ${h}·${w} = ${h * w} input positions stamps once: ${show(weights)} multiply-adds`,
        `${show(weights)}·${h * w} = ${show(macs)}`, `${show(weights + D)} parameters and ${show(macs)} MACs.`],
      mistakes: [
        { answer: [weights, null], why: "The bias was left out: one number for each output channel." },
        { answer: [weights + C, null], why: "One bias for each output channel, not for each input channel." },
        { answer: [null, weights * larger(h, k, s) * larger(w, k, s)], why: "That counts every output position with the whole kernel, as a convolution over inserted zeros would. Count stamps: one an input position." },
        { answer: [null, 2 * macs], why: "Those are FLOPs: a multiply-add counts as two." },
        { answer: [null, weights], why: "That is one input position; each of them stamps." },
      ],
    };
  },
};

const shuffle = {
  key: "shuffle", title: "Sub-pixel convolution",
  make(rng) {
    const C = rng.int(3, 24), D = rng.other(1, 8, C), s = rng.int(2, 4), k = rng.pick([1, 3, 5]), h = rng.int(6, 20);
    const maps = D * s * s, params = maps * (C * k * k + 1);
    return {
      given: { C, D, s, k, h },
      prompt: [`A sub-pixel convolution makes ${D} channels of ${s * h} × ${s * (h + 3)} out of ${C} channels of ${h} × ${h + 3}: a ${k} × ${k} convolution, then pixel shuffle. `
        + "How many channels must the convolution give, and how many numbers does it learn, bias counted?"],
      fields: [count("Channels", maps), count("Parameters", params)],
      working: [`each output channel is put together from ${s}·${s} = ${s * s} channels`, `channels: ${D}·${s * s} = ${maps}`,
        `parameters: ${maps}·(${C}·${k}·${k} + 1) = ${show(params)}`, `${maps} channels, ${show(params)} parameters.`],
      mistakes: [
        { answer: [D * s, null], why: "Rows and columns both grow: s² channels for each output channel." },
        { answer: [D, null], why: "Pixel shuffle takes its new pixels from channels: s² of them for each output channel." },
        { answer: [null, maps * C * k * k], why: "The bias was left out: one number for each channel that the convolution gives." },
        { answer: [null, maps * C * k * k + D], why: "The bias belongs to the convolution: one for each channel before the shuffle." },
        { answer: [null, D * (C * k * k + 1)], why: "Count all the channels that the convolution gives, before the shuffle." },
      ],
    };
  },
};

export const bank = [size, border, restore, stamps, matrix, overlap, cost, shuffle];

export default practice(bank);
