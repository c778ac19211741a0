// Chapter 6: questions on separable convolutions. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, signed } from "./tools.js";

const percentage = (label, answer) => ({ label, unit: "%", answer, tolerance: 0.06, digits: 1 });
const rows = (K) => K.map((row) => row.map((v) => show(v)).join(" ")).join(" / ");

const steps = {
  key: "steps", title: "The two steps",
  make(rng) {
    const k = rng.pick([3, 5]), C = rng.int(3, 24), D = rng.other(16, 128, C), h = rng.int(k + 3, 20), w = rng.other(k + 3, 20, h);
    const oh = h - k + 1, ow = w - k + 1, at = oh * ow, first = at * C * k * k, second = at * C * D;
    return {
      given: { k, C, D, h, w },
      prompt: [`An input of ${C} × ${h} × ${w} (channels × height × width) goes through a depthwise separable convolution: a ${k} × ${k} filter for each channel, no padding, stride 1; `
        + `then a 1 × 1 convolution to ${D} channels. How many multiply-adds does each step make?`],
      fields: [count("Depthwise", first), count("Pointwise", second)],
      working: [`both steps write maps of ${oh} × ${ow} = ${at} places`, `depthwise: ${at}·${C}·${k}·${k} = ${show(first)}`,
        `pointwise: ${at}·${C}·${D} = ${show(second)}`, `${show(first)} and ${show(second)}.`],
      mistakes: [
        { answer: [first * C, null], why: `Each filter reads one channel only: its kernel is ${k} × ${k} × 1, not ${k} × ${k} × ${C}.` },
        { answer: [first * D, null], why: `There are ${C} filters in the first step, one for each input channel. The ${D} come in the second.` },
        { answer: [h * w * C * k * k, h * w * C * D], why: "Count the places where the kernel stands: without padding they are fewer than the pixels." },
        { answer: [null, second * k * k], why: "The second step has a 1 × 1 kernel." },
        { answer: [null, h * w * C * D], why: "The second step reads the first one's output, which is smaller than the input." },
        { answer: [first / C, second / C], why: `Both steps work on all ${C} channels.` },
        { answer: [second, first], why: "The other way round: filtering comes first, mixing second." },
      ],
    };
  },
};

const share = {
  key: "share", title: "Its share of the cost",
  make(rng) {
    const h = rng.pick([3, 5, 7]), N = rng.int(4, 40) * rng.pick([1, 4, 16]), D = rng.other(3, 200, N), answer = 100 * (1 / N + 1 / h ** 2);
    return {
      given: { h, N, D },
      prompt: [`A layer with ${D} input channels and ${N} output channels has kernels of ${h} × ${h}. It is replaced by a depthwise separable one. `
        + "How many per cent of the multiply-adds are left? Give one digit after the point."],
      fields: [percentage("Left", answer)],
      working: [`1/N + 1/h² = 1/${N} + 1/${h * h}`, "the input channels cancel: both layers read them all", `${show(100 / N, 2)} % + ${show(100 / h ** 2, 2)} % = ${show(answer, 1)} %`],
      mistakes: [
        { answer: 100 / h ** 2, why: "That is the limit for very many output channels: add 1/N." },
        { answer: 100 / N, why: "That is the depthwise step alone: add 1/h² for the pointwise one." },
        { answer: 100 * (1 / N + 1 / h), why: "A kernel has h² taps." },
        { answer: 100 * (1 / D + 1 / h ** 2), why: "The output channels count, not the input channels." },
        { answer: 100 - answer, why: "That is what is saved. The question is what is left." },
      ],
    };
  },
};

const rules = {
  key: "rules", title: "Which step rules",
  make(rng) {
    const h = rng.int(2, 11), w = rng.other(2, 11, h), C = rng.int(4, 64);
    return {
      given: { h, w, C },
      prompt: [`A depthwise separable convolution with ${C} input channels has filters of ${h} × ${w}. What is the smallest number of output channels at which the pointwise step costs more than the depthwise one?`],
      fields: [count("Output channels", h * w + 1)],
      working: [`at each place: depthwise ${C}·${h}·${w}, pointwise ${C}·N`, `equal at N = ${h}·${w} = ${h * w}`, `so the pointwise step costs more from N = ${h * w + 1} on.`],
      mistakes: [
        { answer: h * w, why: "There both steps cost the same: one channel more." },
        { answer: h + 1, why: `The filter has ${h}·${w} taps. It is the square of the kernel's side that N must pass, not the side.` },
        { answer: C * h * w + 1, why: "The input channels count in both steps, and cancel." },
        { answer: C + 1, why: "The input channels count in both steps, and cancel." },
      ],
    };
  },
};

const pair = {
  key: "pair", title: "Parameters of a MobileNet pair",
  make(rng) {
    const C = 8 * rng.int(2, 32), D = 8 * rng.other(4, 64, C / 8), k = rng.pick([3, 5]), weights = k * k * C + C * D, total = weights + 2 * C + 2 * D;
    return {
      given: { C, D, k },
      prompt: [`A pair as in MobileNet: a depthwise ${k} × ${k} convolution on ${C} channels, batch norm, ReLU; a 1 × 1 convolution to ${D} channels, batch norm, ReLU. `
        + "No biases. How many numbers does it learn? (Batch norm learns two for each channel.)"],
      fields: [count("Parameters", total)],
      working: [`depthwise: ${k}·${k}·${C} = ${show(k * k * C)}, its batch norm 2·${C} = ${2 * C}`, `pointwise: ${C}·${D} = ${show(C * D)}, its batch norm 2·${D} = ${2 * D}`,
        `together ${show(total)}`],
      mistakes: [
        { answer: weights, why: "The scales and shifts of both batch norms are learned, too." },
        { answer: weights + 2 * D, why: "MobileNet has a batch norm after the depthwise step as well." },
        { answer: weights + C + D, why: "Batch norm learns two numbers for each channel, a scale and a shift." },
        { answer: k * k * C * D + 2 * D, why: "That is the ordinary convolution." },
        { answer: k * k * C * C + C * D + 2 * C + 2 * D, why: "Each depthwise filter reads one channel." },
      ],
    };
  },
};

const passes = {
  key: "passes", title: "Two passes",
  make(rng) {
    const m = rng.pick([3, 5, 7]), h = rng.int(m + 2, 30), w = rng.other(m + 2, 30, h), oh = h - m + 1, ow = w - m + 1;
    const first = oh * w * m, second = oh * ow * m;
    return {
      given: { m, h, w },
      prompt: [`An image of ${h} × ${w} (height × width) is filtered by a separable ${m} × ${m} kernel: first the ${m} × 1 column, then the 1 × ${m} row. `
        + "Stride 1, no padding. How many multiplications does each pass make?"],
      fields: [count("Column", first), count("Row", second)],
      working: [`the column stands in ${oh} rows and all ${w} columns: ${oh}·${w}·${m} = ${show(first)}`,
        `the row, on what that left (${oh} × ${w}), stands in ${oh}·${ow} places: ${oh}·${ow}·${m} = ${show(second)}`, `${show(first)} and ${show(second)}.`],
      mistakes: [
        { answer: [oh * ow * m, null], why: "In the first pass nothing is lost to the left and right: a column is one pixel wide." },
        { answer: [null, oh * w * m], why: `The row does not fit everywhere: it has ${ow} places from left to right.` },
        { answer: [null, h * ow * m], why: `The first pass has already made the image lower: ${oh} rows are left.` },
        { answer: [h * ow * m, null], why: "Down first: the column loses rows, not columns." },
        { answer: [h * w * m, h * w * m], why: "Count the places where the kernel stands, not the pixels." },
        { answer: [first * m, second * m], why: `Each pass has ${m} taps, not ${m}·${m}.` },
      ],
    };
  },
};

const even = {
  key: "even", title: "How many terms still pay",
  make(rng) {
    const m = rng.pick([5, 7, 9, 11]), N = rng.int(m + 4, 96), o = N - m + 1, direct = o * o * m * m, one = m * o * (2 * N - m + 1);
    const answer = Math.ceil(direct / one) - 1;
    return {
      given: { m, N },
      prompt: [`A ${m} × ${m} kernel is written as a sum of r columns times rows, and a ${N} × ${N} image is filtered by r pairs of passes (stride 1, no padding). `
        + "What is the largest r for which that takes fewer multiplications than the kernel itself?"],
      fields: [count("r", answer)],
      working: [`at once: ${o}·${o}·${m}·${m} = ${show(direct)}`, `one pair: ${m}·${o}·(2·${N} − ${m} + 1) = ${show(one)}`,
        `${show(direct)} / ${show(one)} = ${show(direct / one, 2)}: the largest r below it is ${answer}.`],
      mistakes: [
        { answer: answer + 1, why: "That many pairs no longer cost less." },
        { answer: m, why: `With r = ${m} any kernel is exact. But ${m} pairs of passes cost more than the kernel.` },
        { answer: Math.floor(m / 2) === answer ? NaN : Math.floor(m / 2), why: "m/2 is the limit for very large images. Here the first pass is clearly wider than the second." },
      ],
    };
  },
};

const hidden = {
  key: "hidden", title: "The number that makes it separable",
  make(rng) {
    const h = rng.int(3, 4), w = rng.other(2, 5, h), nonzero = (v) => v || 1;
    const column = rng.row(h, -3, 3).map(nonzero), row = rng.row(w, -3, 4).map(nonzero);
    const u = rng.int(1, h - 1), v = rng.int(1, w - 1), K = column.map((a) => row.map((b) => a * b)), answer = K[u][v];
    const seen = K.map((line, i) => line.map((value, j) => (i === u && j === v ? 0 : value)));
    return {
      given: { K: seen, u, v },
      prompt: [`This kernel is separable, a column times a row. But the number in row ${u}, column ${v} (counted from 0) was wiped out and reads 0. What was it?`,
        { grid: seen, label: "Kernel", role: "kernel" }],
      fields: [count("Number", answer)],
      working: ["in a separable kernel every row is a multiple of every other",
        `row ${u} is ${signed(K[u][0])} / ${signed(K[0][0])} times row 0`, `${signed(K[0][v])}·${signed(K[u][0])} / ${signed(K[0][0])} = ${show(answer)}`],
      mistakes: [
        { answer: -answer, why: "Mind the sign." },
        { answer: K[0][v], why: "Rows are multiples of each other; they need not be equal." },
        { answer: K[0][v] * K[u][0], why: `Divide by the number in the corner, ${show(K[0][0])}.` },
        { answer: K[0][v] + K[u][0] - K[0][0], why: "That makes the differences fit. In a separable kernel the ratios fit." },
      ],
    };
  },
};

const rank = {
  key: "rank", title: "How many columns times rows",
  make(rng) {
    const m = 4, terms = rng.int(1, 3), own = () => { let v; do v = rng.row(m, -2, 3); while (v.filter(Boolean).length < 2); return v; };
    let K, least;
    do {
      const parts = Array.from({ length: terms }, () => [own(), own()]);
      K = Array.from({ length: m }, (_, i) => Array.from({ length: m }, (_, j) => parts.reduce((sum, [a, b]) => sum + a[i] * b[j], 0)));
      least = eliminate(K);
    } while (least.rank !== terms);
    return {
      given: { K },
      prompt: ["Of how many columns times rows, at least, is this kernel the sum? (That is its rank.)", { grid: K, label: "Kernel", role: "kernel" }],
      fields: [count("Rank", terms)],
      working: ["subtract multiples of one row from the others, until no row can be made 0 any more", `what stays: ${rows(least.rows)}`, `${terms} row${terms > 1 ? "s" : ""} stay${terms > 1 ? "" : "s"}: rank ${terms}.`],
      mistakes: [
        { answer: 4, why: "Four would always do. Look for rows that are combinations of the others." },
        { answer: terms - 1, why: "So few are not enough: some row is no combination of them." },
        { answer: terms + 1, why: "Fewer will do: one of these rows is a combination of the others." },
      ],
    };
  },
};

/** Gauss: the rows that stay, and how many. Whole numbers all the way, divided by their common factor. */
function eliminate(K) {
  const gcd = (a, b) => (b ? gcd(b, a % b) : Math.abs(a)), all = K.map((row) => [...row]), kept = [];
  for (let j = 0; j < K[0].length; j++) {
    const at = all.findIndex((row) => row[j]);
    if (at < 0) continue;
    const [pivot] = all.splice(at, 1), shared = pivot.reduce(gcd, 0);
    const row = pivot.map((v) => v / shared || 0);
    kept.push(row);
    for (const [i, other] of all.entries()) all[i] = other.map((v, c) => v * row[j] - row[c] * other[j]);
  }
  return { rank: kept.length, rows: kept };
}

const error = {
  key: "error", title: "What is left out",
  make(rng) {
    const n = rng.int(3, 5), s = rng.row(n, 1, 12).sort((a, b) => b - a), r = rng.int(1, n - 1);
    const whole = s.reduce((sum, v) => sum + v * v, 0), left = s.slice(r).reduce((sum, v) => sum + v * v, 0), answer = 100 * Math.sqrt(left / whole);
    return {
      given: { s, r },
      prompt: [`A kernel has the singular values ${s.join(", ")}. It is replaced by its best sum of ${r} column${r > 1 ? "s" : ""} times row${r > 1 ? "s" : ""}. `
        + "How large is the error, |K − Kᵣ| / |K|, in per cent? Give one digit after the point."],
      fields: [percentage("Error", answer)],
      working: [`left out: √(${s.slice(r).map((v) => `${v}²`).join(" + ")}) = √${left}`, `all: √(${s.map((v) => `${v}²`).join(" + ")}) = √${whole}`, `√(${left}/${whole}) = ${show(answer, 1)} %`],
      mistakes: [
        { answer: (100 * left) / whole, why: "That is the share of the squares: take the root." },
        { answer: (100 * s.slice(r).reduce((a, b) => a + b, 0)) / s.reduce((a, b) => a + b, 0), why: "Squares are added, not the values themselves." },
        { answer: 100 * Math.sqrt(1 - left / whole), why: "That is what was kept." },
        { answer: (100 * s[r]) / s[0], why: "All values that are left out count, and all of them are the measure." },
        { answer: 100 * Math.sqrt(left / (whole - left)), why: "Divide by the whole kernel, not by what was kept." },
      ],
    };
  },
};

const dense = {
  key: "dense", title: "As one dense kernel",
  make(rng) {
    const C = rng.int(2, 3), D = rng.other(2, 4, C), filters = Array.from({ length: C }, () => rng.grid(2, 3, -3, 4).map((row) => row.map((v) => v || 2)));
    const mix = rng.grid(D, C, -3, 3).map((row) => row.map((v) => v || 1)), d = rng.int(0, D - 1), c = rng.int(0, C - 1), i = rng.int(0, 1), j = rng.int(0, 2);
    const answer = mix[d][c] * filters[c][i][j];
    return {
      given: { filters, mix, d, c, i, j },
      prompt: [`A depthwise separable convolution, with nothing between its steps, has these filters for its ${C} input channels and this 1 × 1 weight (a row for each output channel). `
        + `The same layer as one dense convolution: what is its weight [${d}, ${c}, ${i}, ${j}] (output channel, input channel, row, column, counted from 0)?`,
        ...filters.map((f, n) => ({ grid: f, label: `Filter of channel ${n}`, role: "kernel" })), { grid: mix, label: "1 × 1 weight", role: "kernel" }],
      fields: [count("Weight", answer)],
      working: [`w[${d}, ${c}] is the filter of channel ${c}, times the number that mixes channel ${c} into output ${d}`, `${signed(filters[c][i][j])}·${signed(mix[d][c])} = ${show(answer)}`],
      mistakes: [
        { answer: filters[c][i][j], why: "That is the filter alone: the mixing weight multiplies it." },
        { answer: mix[d][c] + filters[c][i][j], why: "The two steps multiply." },
        { answer: c < D && d < C ? mix[c][d] * filters[d][i][j] : NaN, why: "Output channel first, then input channel." },
        { answer: mix[d].reduce((sum, v, n) => sum + v * filters[n][i][j], 0), why: "Do not sum over the input channels: each has a weight of its own. The layer sums when it runs." },
        { answer: -answer, why: "Mind the sign." },
      ],
    };
  },
};

export const bank = [steps, share, rules, pair, dense, passes, even, hidden, rank, error];

export default practice(bank);
