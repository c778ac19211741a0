// Chapter 1: questions on which numbers meet under a window.
import { show } from "../engine.js";
import { count, dot, outputs, products, signed, sum, turned, under } from "./tools.js";

const entry = (flip) => (rng) => {
  const [h, w] = rng.pick([[4, 5], [5, 4], [4, 6]]), [kh, kw] = rng.pick([[2, 3], [3, 2]]);
  const s = flip ? 1 : rng.int(1, 2), i = rng.int(0, outputs(h, kh, s) - 1), j = rng.int(0, outputs(w, kw, s) - 1);
  let x, kernel;
  // Numbers on which the commonest slip, turning or not turning the kernel, shows.
  do {
    x = rng.grid(h, w, -2, 4);
    kernel = rng.grid(kh, kw, -2, 3);
  } while (dot(under(x, kernel, s * i, s * j).flat()) === dot(under(x, turned(kernel), s * i, s * j).flat()));
  const used = flip ? turned(kernel) : kernel;
  const pairs = under(x, used, s * i, s * j), sums = pairs.map((row) => dot(row)), y = sum(sums);
  const at = (top, left, m) => (top >= 0 && left >= 0 && top + kh <= h && left + kw <= w ? dot(under(x, m, top, left).flat()) : NaN);
  return {
    given: { x, kernel, s, i, j },
    prompt: [`${flip ? "True convolution turns the kernel by half a turn, then slides it" : "Slide the kernel as nn.Conv2d does"}, `
      + `with stride ${s} and no padding. What is the output in row ${i}, column ${j}? (Rows and columns count from 0.)`,
      { grid: x, label: "Input", role: "input" }, { grid: kernel, label: "Kernel", role: "kernel" }],
    fields: [count("Output", y)],
    working: [...(flip ? [`the kernel, turned: ${used.map((row) => row.map((v) => show(v)).join(" ")).join(" / ")}`] : []),
      `the window starts at row ${s * i}, column ${s * j}`,
      ...pairs.map((row, u) => `its row ${u}: ${products(row)} = ${show(sums[u])}`), `${sums.map(signed).join(" + ")} = ${show(y)}`],
    mistakes: [
      { answer: at(s * i, s * j, turned(used)), why: flip ? "The kernel was not turned." : "The kernel was turned by half a turn. That is true convolution; networks do not turn it." },
      { answer: flip ? at(i, j, kernel.map((row) => [...row].reverse())) : NaN, why: "Only left and right were swapped; swap top and bottom too." },
      { answer: flip ? at(i, j, [...kernel].reverse()) : NaN, why: "Only top and bottom were swapped; swap left and right too." },
      { answer: at(i, j, used), why: `The stride was left out: the window starts at row ${s}·${i}, column ${s}·${j}.` },
      { answer: at(s * j, s * i, used), why: "Row first, then column." },
      { answer: at(s * (i - 1), s * (j - 1), used), why: "Rows and columns count from 0." },
    ],
  };
};

export const correlation = { key: "correlation", title: "One output, by hand", make: entry(false) };
export const convolution = { key: "convolution", title: "One output of a true convolution", make: entry(true) };

export const gradient = {
  key: "gradient", title: "Gradient of one weight",
  make(rng) {
    const [h, w] = rng.pick([[3, 4], [4, 3]]), [kh, kw] = rng.pick([[2, 2], [2, 3], [3, 2]].filter(([a, b]) => a < h && b < w));
    const u = rng.int(0, kh - 1), v = rng.int(0, kw - 1);
    let x, grad;
    do {
      x = rng.grid(h, w, -2, 4);
      grad = rng.grid(h - kh + 1, w - kw + 1, -2, 3);
    } while (dot(under(x, grad, u, v).flat()) === dot(under(x, turned(grad), u, v).flat()));
    const pairs = under(x, grad, u, v), sums = pairs.map((row) => dot(row));
    const at = (top, left, g) => (top < kh && left < kw && top >= 0 && left >= 0 ? dot(under(x, g, top, left).flat()) : NaN);
    return {
      given: { x, grad, u, v },
      prompt: [`A ${kh} × ${kw} kernel slid over this input (stride 1, no padding). The loss has this gradient with respect to the output. `
        + `What is its gradient with respect to the weight in row ${u}, column ${v}? (Rows and columns count from 0.)`,
        { grid: x, label: "Input", role: "input" }, { grid: grad, label: "Gradient of the output", role: "output" }],
      fields: [count("Gradient", sum(sums))],
      working: ["output (i, j) used this weight on input (i + " + u + ", j + " + v + "): sum over all outputs",
        ...pairs.map((row, i) => `output row ${i}: ${products(row)} = ${show(sums[i])}`), `${sums.map(signed).join(" + ")} = ${show(sum(sums))}`],
      mistakes: [
        { answer: at(u, v, turned(grad)), why: "The gradient was turned by half a turn. That belongs to the gradient of the input, not of a weight." },
        { answer: at(v, u, grad), why: "Row first, then column." },
        { answer: sum(grad.flat()), why: "That is the gradient of the bias. A weight was multiplied by an input each time." },
        { answer: at(kh - 1 - u, kw - 1 - v, grad), why: "Weight (0, 0) meets the inputs from the top left corner on, not from the bottom right." },
        { answer: x[u][v] * grad[0][0], why: "That is the share of the first output only: the weight is used by every output." },
        { answer: at(u - 1, v - 1, grad), why: "Rows and columns count from 0." },
      ],
    };
  },
};

export const field = {
  key: "field", title: "Receptive field of a stack",
  make(rng) {
    const layers = Array.from({ length: 3 }, () => [rng.int(2, 5), rng.int(1, 2), rng.int(1, 2)]);
    layers[rng.int(0, 1)][1] = 2;
    const lines = [];
    const grow = (reach, step) => layers.reduce(([r, j], [k, s, d]) => step(r, j, reach(k, d), s), [1, 1])[0];
    const whole = (k, d) => d * (k - 1), taps = (k) => k - 1;
    const right = (r, j, reach, s) => [r + reach * j, j * s], flat = (r, j, reach) => [r + reach, 1];
    const early = (r, j, reach, s) => [r + reach * j * s, j * s];
    layers.reduce(([r, j], [k, s, d], i) => {
      const now = r + d * (k - 1) * j;
      lines.push(`layer ${i + 1}: r = ${r} + ${d}·(${k} − 1)·${j} = ${now}, then the jump is ${j}·${s} = ${j * s}`);
      return [now, j * s];
    }, [1, 1]);
    const answer = grow(whole, right);
    return {
      given: { layers },
      prompt: ["Three layers follow each other. How many input pixels, from the first to the last, does one output of layer 3 see along this axis?",
        { table: layers.map((row, i) => [i + 1, ...row]), head: ["layer", "taps k", "stride s", "dilation d"] }],
      fields: [count("Receptive field", answer, "pixels")],
      working: ["start with r = 1 and jump 1; each layer adds d(k − 1) times the jump below it", ...lines, `The field is ${answer} pixels.`],
      mistakes: [
        { answer: grow(whole, flat), why: "The strides were left out: above a stride of 2, a step is two pixels." },
        { answer: grow(taps, right), why: "The dilations were left out: a kernel spans d(k − 1) + 1." },
        { answer: grow(taps, flat), why: "This would be right with every stride and dilation 1." },
        { answer: grow(whole, early), why: "A stride sets the jump of the layers above it, not of its own layer." },
        { answer: sum(layers.map(([k]) => k)), why: "The kernel sizes were added up. Windows overlap: a layer adds d(k − 1) times the jump." },
        { answer: answer - 1, why: "One short: a pixel sees itself, so start at 1." },
      ],
    };
  },
};

export const reads = {
  key: "reads", title: "What an output reads",
  make(rng) {
    const k = rng.int(3, 5), s = rng.int(2, 4), p = rng.int(1, 2), d = rng.int(1, 2), i = rng.int(2, 7);
    const first = s * i - p, last = first + d * (k - 1), n = s * i + d * k + rng.int(2, 9);
    return {
      given: { n, k, s, p, d, i },
      prompt: [`An image with ${n} rows goes into`, { code: `nn.Conv2d(1, 1, kernel_size=${k}, stride=${s}, padding=${p}, dilation=${d})` },
        `Output row ${i} reads which input rows? Give the first and the last. (All rows count from 0.)`],
      fields: [count("First row", first), count("Last row", last)],
      working: [`first: s·i − p = ${s}·${i} − ${p} = ${first}`, `last: ${first} + d(k − 1) = ${first} + ${d}·${k - 1} = ${last}`, `Rows ${first} to ${last}.`],
      mistakes: [
        { answer: [s * i, s * i + last - first], why: "The padding was left out: window 0 starts p rows above the image." },
        { answer: [i - p, i - p + last - first], why: "The stride was left out: windows start s rows apart." },
        { answer: [i, i + last - first], why: "Window i starts at s·i − p." },
        { answer: [first + p + p, null], why: "Padding moves the window up: take p off." },
        { answer: [s * (i - 1) - p, null], why: "Rows count from 0: window 0 starts at −p." },
        { answer: [first, last + 1], why: "One too far: k taps take k − 1 steps." },
        { answer: [first, first + k - 1], why: "The dilation was left out: taps stand d apart." },
        { answer: [first, first + d * k], why: "One step too far: k taps take k − 1 steps." },
      ],
    };
  },
};

/** What stands at position i of an axis of n numbers that was padded, in each mode; null is a zero. */
const MODES = {
  zeros: () => null,
  reflect: (i, n) => (i < 0 ? -i : 2 * n - 2 - i),
  replicate: (i, n) => (i < 0 ? 0 : n - 1),
  circular: (i, n) => (i + n) % n,
};
const MEANING = {
  zeros: "zeros stand outside",
  reflect: "a mirror on the last number, which is not repeated",
  replicate: "the last number, over and over",
  circular: "the row starts again from its other end",
};

export const border = {
  key: "border", title: "Padding modes",
  make(rng) {
    const n = rng.int(4, 6), mode = rng.pick(["reflect", "replicate", "circular"]), right = rng.pick([true, false]);
    // Neighbours differ, so that no two modes give the same numbers by accident.
    const x = rng.row(n, 0, 9).map((v, i) => (v + i * 10) % 100);
    const where = right ? [n, n + 1] : [-2, -1];
    const padded = (m) => where.map((i) => x[MODES[m](i, n)] ?? 0);
    const [a, b] = padded(mode);
    return {
      given: { x, mode, right },
      prompt: [`This row is padded by 2 on each side with padding_mode="${mode}". Which two numbers stand on its ${right ? "right" : "left"}, read from left to right?`,
        { grid: [x], label: "Row", role: "input" }],
      fields: [count("Left one of the two", a), count("Right one of the two", b)],
      working: [`${mode}: ${MEANING[mode]}`, right ? `${x.join(" ")} | ${a} ${b}` : `${a} ${b} | ${x.join(" ")}`, `The two are ${a} and ${b}.`],
      mistakes: [
        ...Object.keys(MODES).filter((m) => m !== mode).map((m) => ({ answer: padded(m), why: `That is "${m}": ${MEANING[m]}.` })),
        { answer: [b, a], why: "The right two numbers, in the wrong order." },
        { answer: right ? [x[n - 1], x[n - 2]] : [x[1], x[0]], why: "The end number itself is not repeated by a mirror that stands on it." },
      ],
    };
  },
};
