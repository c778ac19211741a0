// Chapter 10: questions on later blocks and on what they cost. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, sum } from "./tools.js";

const access = {
  key: "access", title: "Numbers moved",
  make(rng) {
    const a = rng.int(2, 9), m = rng.int(1, 3), n = rng.other(2, 6, m), C = a * m * m, D = a * n * n, h = rng.int(5, 24), w = rng.other(5, 24, h), even = a * m * n;
    const moved = (c, d) => h * w * (c + d) + c * d, here = moved(C, D), least = moved(even, even);
    return {
      given: { C, D, h, w },
      prompt: [`A 1 × 1 convolution from ${C} to ${D} channels on a map of ${h} × ${w}, no bias. Count each number of its input, its output and its weights once.`,
        `How many numbers does it move? And a layer with as many inputs as outputs that makes the same multiply-adds?`],
      fields: [count("This layer", here), count("Equal widths", least)],
      working: [`input and output: ${h}·${w}·(${C} + ${D}) = ${show(h * w * (C + D))}; weights: ${C}·${D} = ${show(C * D)}`,
        `equal widths with the same product: √(${C}·${D}) = ${even}`, `this layer ${show(here)}; equal widths ${h}·${w}·(${even} + ${even}) + ${even}·${even} = ${show(least)}.`],
      mistakes: [
        { answer: [h * w * C * D, null], why: "Those are the multiply-adds, not the numbers that are moved." },
        { answer: [here - C * D, null], why: "The weights have to be read too." },
        { answer: [h * w * C + C * D, null], why: "The output has to be written too." },
        { answer: [null, moved((C + D) / 2, (C + D) / 2)], why: "The same multiply-adds ask for the same product of widths, not for the same sum." },
        { answer: [null, 2 * h * w * even], why: "The weights have to be read too." },
      ],
    };
  },
};

const groups = {
  key: "groups", title: "Groups at equal multiply-adds",
  make(rng) {
    const C = 12 * rng.int(2, 6), d = 12 * rng.int(1, 4), G = rng.pick([2, 3, 4]), h = rng.int(4, 16), w = rng.other(4, 16, h), D = d * G;
    const one = h * w * (C + d) + C * d, many = h * w * (C + D) + C * d;
    return {
      given: { C, d, G, h, w },
      prompt: [`A 1 × 1 convolution reads ${C} channels and gives ${d}, on a map of ${h} × ${w}, no bias. A second one reads the same input in ${G} groups, and is made wider until it makes the same multiply-adds.`,
        "How many channels does the second give? How many numbers does each move: its input, its output, its weights?"],
      fields: [count("Channels", D), count("Without groups", one), count("In groups", many)],
      working: [`the same multiply-adds: ${C}·D / ${G} = ${C}·${d}, so D = ${G}·${d} = ${D}`, `without: ${h}·${w}·(${C} + ${d}) + ${C}·${d} = ${show(one)}`,
        `${D} channels; ${show(one)} against ${h}·${w}·(${C} + ${D}) + ${C}·${D} / ${G} = ${show(many)}.`],
      mistakes: [
        { answer: [d, null, null], why: `In ${G} groups each output reads only a part of the input, so that more outputs cost the same.` },
        { answer: [d * G * G, null, null], why: `The number of multiply-adds falls to 1/${G}, so ${G} times as many channels make up for it.` },
        { answer: [null, null, h * w * (C + D) + C * D], why: `In groups there are only ${C}·${D} / ${G} weights.` },
        { answer: [null, null, one], why: "The output has more channels now, and they have to be written." },
        { answer: [null, h * w * (C + d), null], why: "The weights have to be read too." },
      ],
    };
  },
};

const thin = {
  key: "thin", title: "A row and a column",
  make(rng) {
    const n = rng.pick([3, 5, 7]), C = 2 * rng.int(4, 30), K = 2 * rng.int(3, 30) + 1, D = 2 * rng.other(4, 30, C / 2), full = n * n * C * D, pair = n * C * K + n * K * D;
    return {
      given: { n, C, K, D },
      prompt: [`A ${n} × ${n} convolution from ${C} to ${D} channels is replaced by a 1 × ${n} convolution from ${C} to ${K} channels and a ${n} × 1 convolution from ${K} to ${D}.`,
        "How many weights has each form, biases left aside?"],
      fields: [count(`${n} × ${n}`, full), count("The pair", pair)],
      working: [`${n}·${n}·${C}·${D} = ${show(full)}`, `pair: ${n}·${C}·${K} + ${n}·${K}·${D} = ${show(n * C * K)} + ${show(n * K * D)}`, `${show(full)} against ${show(pair)}.`],
      mistakes: [
        { answer: [null, 2 * n * C * D], why: `That holds where all widths are equal. Here there are ${K} channels between.` },
        { answer: [null, n * C * K], why: "That is the first of the two." },
        { answer: [null, n * n * (C * K + K * D)], why: `Each of the two kernels has ${n} taps, not ${n * n}.` },
        { answer: [null, full], why: `A row and a column are two layers of ${n} taps each: add their weights up.` },
        { answer: [full + D, null], why: "Biases are left aside." },
      ],
    };
  },
};

const halving = {
  key: "halving", title: "Three ways to halve a map",
  make(rng) {
    const C = 2 * rng.int(2, 12), h = 2 * rng.int(3, 10), w = 2 * rng.other(3, 10, h / 2), small = (h / 2) * (w / 2), each = 9 * C * 2 * C;
    const [first, last, both] = [each * h * w, each * small, 9 * C * C * small];
    return {
      given: { C, h, w },
      prompt: [`A map with ${C} channels and ${h} × ${w} pixels is to become one with ${2 * C} channels and ${h / 2} × ${w / 2} pixels. Its 3 × 3 convolutions are padded by 1.`,
        `How many multiply-adds take: a convolution to ${2 * C} channels, then pooling; pooling, then that convolution; a convolution of stride 2 to ${C} channels beside a pooling, joined?`],
      fields: [count("Convolution first", first), count("Pooling first", last), count("Side by side", both)],
      working: [`9·${C}·${2 * C}·${h}·${w} = ${show(first)}`, `9·${C}·${2 * C}·${h / 2}·${w / 2} = ${show(last)}`, `9·${C}·${C}·${h / 2}·${w / 2} = ${show(both)}`,
        `${show(first)}, ${show(last)} and ${show(both)}.`],
      mistakes: [
        { answer: [last, first, null], why: "The convolution is cheaper on the smaller map: after the pooling." },
        { answer: [null, first / 2, null], why: "Half the height and half the width: a quarter of the places." },
        { answer: [null, null, last], why: `Half of the ${2 * C} channels come from the pooling, which makes no multiply-adds.` },
        { answer: [null, null, first / 2], why: "With stride 2 the convolution is computed at a quarter of the places." },
        { answer: [first / 9, null, null], why: "Each kernel has nine taps." },
      ],
    };
  },
};

const smooth = {
  key: "smooth", title: "A softened label",
  make(rng) {
    const K = rng.pick([4, 5, 8, 10, 16, 20, 25, 40, 50]), percent = rng.int(1, 45), e = percent / 100, wrong = e / K, right = 1 - e + wrong;
    const gap = Math.log(right / wrong), near = (label, answer, digits) => ({ label, unit: "", answer, digits, tolerance: 0.6 * 10 ** -digits });
    return {
      given: { K, e },
      prompt: [`Labels of ${K} classes are smoothed with ε = ${show(e, 2)}, evenly over all classes.`,
        "What is asked of the right class, and what of each wrong one (four decimals)? How far above the others must the right logit stand for the softmax to be just that (two decimals)?"],
      fields: [near("Right class", right, 4), near("Each wrong class", wrong, 4), near("Distance of the logits", gap, 2)],
      working: [`each class gets ε/K = ${show(e, 2)}/${K} = ${show(wrong, 4)}`, `the right one has 1 − ε more: ${show(right, 4)}`,
        `the softmax turns distances into ratios: ln(${show(right, 4)}/${show(wrong, 4)}); so ${show(right, 4)}, ${show(wrong, 4)} and ${show(gap, 2)}.`],
      mistakes: [
        { answer: [1 - e, null, null], why: "ε is spread over all classes, the right one too." },
        { answer: [1, null, null], why: "That is the label before it is smoothed." },
        { answer: [null, e / (K - 1), null], why: "ε is spread over all classes, the right one too." },
        { answer: [null, e, null], why: `ε is shared by ${K} classes.` },
        { answer: [null, null, right / wrong], why: "That is the ratio of the two; the distance of the logits is its logarithm." },
        { answer: [null, null, Math.log10(right / wrong)], why: "The softmax has the natural logarithm." },
      ],
    };
  },
};

const unit = {
  key: "unit", title: "A unit of ShuffleNet v2",
  make(rng) {
    const C = 2 * rng.int(6, 60), h = rng.int(7, 28), w = rng.other(7, 28, h), m = C / 2, weights = 2 * m * m + 9 * m;
    return {
      given: { C, h, w },
      prompt: [`A unit of ShuffleNet v2 with stride 1 reads ${C} channels on a map of ${h} × ${w}.`,
        "How many weights has it, biases and batch norm left aside? And how many multiply-adds?"],
      fields: [count("Weights", weights), count("Multiply-adds", weights * h * w)],
      working: [`half of the channels pass: ${m} are worked on`, `two 1 × 1 convolutions and a depthwise 3 × 3: 2·${m}·${m} + 9·${m} = ${show(weights)}`, `${show(weights)} weights, ${show(weights)}·${h}·${w} = ${show(weights * h * w)} multiply-adds.`],
      mistakes: [
        { answer: [2 * C * C + 9 * C, null], why: "Half of the channels pass by untouched." },
        { answer: [m * m + 9 * m, null], why: "There are two 1 × 1 convolutions, before and after the depthwise one." },
        { answer: [2 * m * m + 9 * m * m, null], why: "The 3 × 3 convolution is depthwise: nine weights for each channel." },
        { answer: [weights + m * m, null], why: "The left half has no convolution of its own at stride 1." },
        { answer: [null, weights], why: "Each weight is used at every place of the map." },
      ],
    };
  },
};

const place = {
  key: "place", title: "Where a channel goes",
  make(rng) {
    const C = 2 * rng.int(4, 40), c = rng.int(1, C - 2), half = C / 2, to = c < half ? 2 * c : 2 * (c - half) + 1, from = c % 2 ? half + (c - 1) / 2 : c / 2;
    return {
      given: { C, c },
      prompt: [`Left and right half of a ShuffleNet v2 unit are joined to ${C} channels, then shuffled in two groups. Channels count from 0.`,
        `Where does channel ${c} go? And which channel comes to place ${c}?`],
      fields: [count("It goes to", to), count("There comes", from)],
      working: [`the left half, 0 to ${half - 1}, goes to even places, the right half to odd ones`, c < half ? `${c} is number ${c} of the left half: 2·${c} = ${to}` : `${c} is number ${c - half} of the right half: 2·${c - half} + 1 = ${to}`,
        c % 2 ? `place ${c} is odd: number ${(c - 1) / 2} of the right half, channel ${half} + ${(c - 1) / 2} = ${from}` : `place ${c} is even: number ${c / 2} of the left half, channel ${from}`, `It goes to ${to}; there comes ${from}.`],
      mistakes: [
        { answer: [from, to], why: "The two questions are mixed up: the shuffle deals halves out to even and odd places, not the other way." },
        { answer: [c < half ? 2 * c + 1 : 2 * (c - half), null], why: "The left half goes to even places, the right half to odd ones." },
        { answer: [(c + half) % C, null], why: "The halves are not swapped, they take turns." },
        { answer: [c, null], why: "Only the first and the last channel stay where they are." },
        { answer: [null, (c + half) % C], why: "The halves are not swapped, they take turns." },
      ],
    };
  },
};

const reuse = {
  key: "reuse", title: "Channels that pass untouched",
  make(rng) {
    const n = rng.int(1, 5), C = 2 ** n * rng.int(2, 120), left = C / 2 ** n;
    return {
      given: { C, n },
      prompt: [`${n === 1 ? "One unit" : `${n} units`} of ShuffleNet v2 with stride 1, ${show(C)} channels wide.`, "How many channels of the input reach the end untouched? And how many channels of the end have been worked on at least once?"],
      fields: [count("Untouched", left), count("Worked on", C - left)],
      working: ["each unit lets half of what it gets pass, and the shuffle deals old and new channels out evenly", `${show(C)} / 2^${n} = ${show(left)}`, `${show(left)} untouched, ${show(C)} − ${show(left)} = ${show(C - left)} worked on.`],
      mistakes: [
        { answer: [C / 2, null], why: "That is so after one unit." },
        { answer: [C / (2 * n), null], why: "Each unit halves what is left: a power of 2." },
        { answer: [0, C], why: "Half of the channels pass each unit." },
        { answer: [C, 0], why: "The other half is worked on." },
        { answer: [C - left, left], why: "The two are swapped." },
      ],
    };
  },
};

const inverted = {
  key: "inverted", title: "An inverted bottleneck",
  make(rng) {
    const C = 4 * rng.int(2, 16), D = 4 * rng.other(2, 16, C / 4), t = rng.int(2, 6), h = rng.int(4, 14), w = rng.other(4, 14, h), m = t * C, parts = [C * m, 9 * m, m * D], weights = sum(parts);
    return {
      given: { C, D, t, h, w },
      prompt: [`A block of MobileNet v2 widens ${C} channels ${t} times with a 1 × 1 convolution, filters them with a 3 × 3 depthwise one, stride 1, and narrows them to ${D} with a 1 × 1 one. The map has ${h} × ${w} pixels.`,
        "How many weights, biases and batch norm left aside? How many multiply-adds?"],
      fields: [count("Weights", weights), count("Multiply-adds", weights * h * w)],
      working: [`inside there are ${t}·${C} = ${m} channels`, `${C}·${m} + 9·${m} + ${m}·${D} = ${parts.map((p) => show(p)).join(" + ")} = ${show(weights)}`, `${show(weights)} weights, times ${h}·${w}: ${show(weights * h * w)} multiply-adds.`],
      mistakes: [
        { answer: [C * m + 9 * m * m + m * D, null], why: "The 3 × 3 convolution is depthwise: nine weights for each channel." },
        { answer: [9 * m + m * D, null], why: "The 1 × 1 convolution that widens has weights too." },
        { answer: [C * C + 9 * C + C * D, null], why: `Inside the block there are ${t} times as many channels.` },
        { answer: [C * m + 9 * C + m * D, null], why: "The depthwise convolution works on the widened channels." },
        { answer: [null, weights], why: "Each weight is used at every place of the map." },
      ],
    };
  },
};

export const bank = [access, groups, thin, halving, smooth, unit, place, reuse, inverted];

export default practice(bank);
