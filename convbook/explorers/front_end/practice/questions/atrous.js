// Chapter 5: questions on dilation. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { holes, ruling } from "./atrous_stacks.js";
import { count, dot, outputs, products, signed, sum } from "./tools.js";

const reach = (k, d) => d * (k - 1) + 1;

const span = {
  key: "span", title: "What a dilated kernel spans",
  make(rng) {
    const kh = rng.int(2, 9), kw = rng.other(2, 9, kh), d = rng.int(2, 8), h = reach(kh, d), w = reach(kw, d);
    return {
      given: { kh, kw, d },
      prompt: [`A kernel of ${kh} × ${kw} (height × width) has dilation ${d}. How many positions does it span down and across, and how many of the positions in that rectangle does it skip?`],
      fields: [count("Height", h), count("Width", w), count("Skipped", h * w - kh * kw)],
      working: [`height: d(k − 1) + 1 = ${d}·${kh - 1} + 1 = ${h}`, `width: ${d}·${kw - 1} + 1 = ${w}`, `the rectangle holds ${h}·${w} = ${show(h * w)} positions`,
        `the kernel reads ${kh}·${kw} = ${kh * kw} of them`, `It spans ${h} × ${w} and skips ${show(h * w - kh * kw)}.`],
      mistakes: [
        { answer: [d * kh, d * kw, null], why: "After the last tap nothing follows: the span is d(k − 1) + 1, not d·k." },
        { answer: [kh + d * (kh - 1), kw + d * (kw - 1), null], why: "d is the distance between taps. Between two of them lie d − 1 positions, not d." },
        { answer: [kh, kw, null], why: `That is without dilation. The taps stand ${d} apart.` },
        { answer: [w, h, null], why: "Height first, then width." },
        { answer: [null, null, (h - kh) * (w - kw)], why: "Rows with taps are skipped in part, too: take all positions less those that are read." },
        { answer: [null, null, h * w - kh - kw], why: "The kernel reads k_h·k_w positions: multiply." },
      ],
    };
  },
};

const value = {
  key: "value", title: "One output, by hand",
  make(rng) {
    const d = rng.int(2, 3), h = d + 2, w = d + 4, i = rng.int(0, h - d - 1), j = rng.int(0, w - d - 1);
    let x, kernel;
    const at = (step, top, left) => [0, 1].map((u) => [0, 1].map((v) => [x[top + step * u]?.[left + step * v] ?? 0, kernel[u][v]]));
    // Numbers on which forgetting the dilation shows.
    do {
      x = rng.grid(h, w, -2, 5);
      kernel = rng.grid(2, 2, -2, 3);
    } while (dot(at(d, i, j).flat()) === dot(at(1, i, j).flat()) || kernel.flat().includes(0));
    const pairs = at(d, i, j), sums = pairs.map((row) => dot(row));
    return {
      given: { x, kernel, d, i, j },
      prompt: [`Slide the kernel with dilation ${d}, stride 1 and no padding. What is the output in row ${i}, column ${j}? (Rows and columns count from 0.)`,
        { grid: x, label: "Input", role: "input" }, { grid: kernel, label: "Kernel", role: "kernel" }],
      fields: [count("Output", sum(sums))],
      working: [`taps in rows ${i} and ${i + d}, columns ${j} and ${j + d}`, ...pairs.map((row, u) => `row ${i + d * u}: ${products(row)} = ${show(sums[u])}`),
        `${sums.map(signed).join(" + ")} = ${show(sum(sums))}`],
      mistakes: [
        { answer: dot(at(1, i, j).flat()), why: `The dilation was left out: the taps stand ${d} apart.` },
        { answer: dot(at(d + 1, i, j).flat()), why: `The taps stand ${d} apart, with ${d - 1} between them, not ${d}.` },
        { answer: dot(at(d, d * i, d * j).flat()), why: "Dilation does not move the window: it starts at the output's own row and column." },
        { answer: dot(at(d, i, j).flat().map(([a], n) => [a, kernel.flat()[3 - n]])), why: "The kernel was turned by half a turn; networks do not turn it." },
        { answer: dot(at(d, j, i).flat()), why: "Row first, then column." },
      ],
    };
  },
};

const keep = {
  key: "keep", title: "Padding that keeps the size",
  make(rng) {
    const k = rng.pick([3, 5, 7]), d = rng.int(2, 9), n = rng.int(60, 110), p = (d * (k - 1)) / 2;
    return {
      given: { k, d, n },
      prompt: [`A map of ${n} × ${n + 7} goes into`, { code: `nn.Conv2d(64, 64, kernel_size=${k}, dilation=${d}, padding=p)` },
        "For which p is the output as large as the input? And how many columns come out with padding=0?"],
      fields: [count("p", p), count("Columns without padding", outputs(n + 7, k, 1, 0, d))],
      working: [`the kernel spans d(k − 1) + 1 = ${reach(k, d)}, so ${reach(k, d) - 1} columns are lost without padding: ${n + 7} − ${reach(k, d) - 1} = ${n + 7 - reach(k, d) + 1}`,
        `half of it on each side: p = d(k − 1)/2 = ${d}·${k - 1}/2 = ${p}`, `p = ${p}; without padding ${n + 8 - reach(k, d)} columns.`],
      mistakes: [
        { answer: [(k - 1) / 2, null], why: "That keeps the size at dilation 1. The padding grows with the dilation: d(k − 1)/2." },
        { answer: [d * (k - 1), null], why: "That is the padding of both sides together." },
        { answer: [d, null], why: "p = d holds for k = 3 only: in general it is d(k − 1)/2." },
        { answer: [null, outputs(n, k, 1, 0, d)], why: "Those are the rows." },
        { answer: [null, n + 7 - d * k], why: "The kernel spans d(k − 1) + 1, not d·k + 1." },
        { answer: [null, outputs(n + 7, k)], why: "The dilation was left out." },
      ],
    };
  },
};

const field = {
  key: "field", title: "Field of a dilated stack",
  make(rng) {
    const k = rng.pick([3, 3, 5]), rates = Array.from({ length: rng.int(3, 5) }, (_, n) => rng.pick([2 ** n, n + 1, rng.int(1, 6)]));
    const size = 1 + (k - 1) * sum(rates), layers = rates.length;
    return {
      given: { k, rates },
      prompt: [`${layers} layers of ${k} × ${k} follow one another, all with stride 1. Their dilations are ${rates.join(", ")}. How many pixels wide is the receptive field?`],
      fields: [count("Field", size, "pixels")],
      working: [`each layer adds d(k − 1): ${rates.map((d) => `${d}·${k - 1}`).join(" + ")} = ${(k - 1) * sum(rates)}`, `and 1 for the pixel itself: ${size}`],
      mistakes: [
        { answer: size - 1, why: "Add 1: a pixel sees itself before the first layer." },
        { answer: sum(rates.map((d) => reach(k, d))), why: "The spans were added up. Windows overlap: each layer adds one less than it spans." },
        { answer: 1 + (k - 1) * layers, why: "The dilations were left out." },
        { answer: 1 + (k - 1) * rates.reduce((a, b) => a * b, 1), why: "Dilations do not multiply: without strides every jump is 1." },
        { answer: 1 + sum(rates), why: `Each layer adds d(k − 1), with k − 1 = ${k - 1}.` },
        { answer: k ** layers, why: "That is the number of paths." },
      ],
    };
  },
};

const border = {
  key: "border", title: "Taps that stay inside",
  make(rng) {
    const n = rng.pick([33, 65, 49]), d = rng.int(6, 24), i = rng.int(0, d + 3), j = rng.int(0, n - 1);
    const inside = (at) => [-d, 0, d].filter((step) => at + step >= 0 && at + step < n).length;
    const a = inside(i), b = inside(j), far = (at) => (n - at > d ? "inside" : "outside");
    return {
      given: { n, d, i, j },
      prompt: [`A 3 × 3 kernel with dilation ${d} and padding ${d} stands on row ${i}, column ${j} of a map of ${n} × ${n} (both counted from 0). How many of its nine taps lie on the map, and not on zeros around it?`],
      fields: [count("Taps", a * b)],
      working: [`rows ${i - d}, ${i}, ${i + d}: ${a} of them between 0 and ${n - 1}`.replace(/-/g, "−"), `columns ${j - d}, ${j}, ${j + d}: ${b} of them`.replace(/-/g, "−"), `${a}·${b} = ${a * b}`],
      mistakes: [
        { answer: 9, why: "At this place the kernel reaches beyond the border." },
        { answer: a + b, why: "A tap is inside where its row and its column are: multiply." },
        { answer: a * 3, why: "The columns reach beyond the border, too." },
        { answer: 3 * b, why: "The rows reach beyond the border, too." },
        { answer: 1, why: `Only the middle tap would be inside if ${d} steps led outside on every side: below, row ${i + d} is ${far(i)}.` },
      ],
    };
  },
};

const causal = {
  key: "causal", title: "A causal stack",
  make(rng) {
    const k = rng.int(2, 7), m = rng.int(2, 3), n = rng.int(2, 6), r = rng.int(1, 4), rates = Array.from({ length: n }, (_, l) => r * m ** l);
    const last = rates.at(-1), size = 1 + (k - 1) * sum(rates), zeros = last * (k - 1);
    return {
      given: { k, m, n, r },
      prompt: [`A causal stack has ${n} layers of ${k} taps. The dilation starts at ${r} and is multiplied by ${m} from layer to layer. How many samples wide is the receptive field of one output, its own included, and how many zeros stand before the signal in the last layer?`],
      fields: [count("Field", size, "samples"), count("Zeros", zeros)],
      working: [`dilations: ${rates.join(", ")}`, `field: 1 + ${k - 1}·(${rates.join(" + ")}) = ${show(size)}`,
        `last layer: d(k − 1) = ${last}·${k - 1} = ${show(zeros)} zeros, all before the signal`, `${show(size)} samples and ${show(zeros)} zeros.`],
      mistakes: [
        { answer: [size - 1, null], why: "The output's own sample counts." },
        { answer: [1 + n * (k - 1), null], why: "The dilations were left out: that is a stack without them." },
        { answer: [size + m * zeros, null], why: `The first layer has dilation ${r}, so the last one has ${last}.` },
        { answer: [null, zeros / 2], why: "A causal layer has all its padding before the signal." },
        { answer: [null, last], why: "That is the dilation; there are d(k − 1) zeros." },
        { answer: [null, m * zeros], why: `The dilation is multiplied n − 1 times: the last one is ${last}.` },
      ],
    };
  },
};

const strides = {
  key: "strides", title: "A stride replaced by dilation",
  make(rng) {
    const s = rng.int(2, 4), n = 12 * rng.int(2, 5), C = 4 * rng.int(2, 6), D = 4 * rng.other(2, 9, C / 4), k = 3;
    const strided = (n / s) ** 2 * C * D * k * k + (n / s) ** 2 * D * D * k * k, dense = s * s * strided;
    return {
      given: { n, C, D, k, s },
      prompt: [`Two 3 × 3 layers stand on a map of ${n} × ${n}: the first has stride ${s} and makes ${D} channels of ${C}, the second keeps ${D}. Both keep the size but for the stride. `
        + "Now the stride becomes 1, and the second layer gets the dilation that makes it read the same places. How many multiply-adds do both layers take now, and which dilation does the second one need?"],
      fields: [count("MACs", dense), count("Dilation", s)],
      working: [`the map stays ${n} × ${n} = ${show(n * n)} places`, `first: ${show(n * n)}·${D}·${C}·9 = ${show(n * n * C * D * 9)}`,
        `second: ${show(n * n)}·${D}·${D}·9 = ${show(n * n * D * D * 9)}`, `neighbours of the strided map stood ${s} apart, so the dilation is ${s}`,
        `${show(dense)} MACs, ${s * s} times as many as before, and dilation ${s}.`],
      mistakes: [
        { answer: [strided, null], why: `That is with the stride. Without it there are ${s * s} times as many places.` },
        { answer: [s * strided, null], why: `The stride divides both sides by ${s}: without it there are ${s * s} times as many places.` },
        { answer: [2 * dense, null], why: "Those are FLOPs: a multiply-add counts as two." },
        { answer: [n * n * C * D * 9 + (n / s) ** 2 * D * D * 9, null], why: "The second layer's map is larger, too." },
        { answer: [null, 1], why: "With dilation 1 the second layer would see half as far as before." },
        { answer: [null, s * s], why: `One stride of ${s} was taken out, so along each side the taps must stand ${s} apart.` },
      ],
    };
  },
};

export const bank = [span, value, keep, field, holes, ruling, border, causal, strides];

export default practice(bank);
