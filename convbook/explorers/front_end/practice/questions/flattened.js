// Chapter 8: questions on the flattened convolution. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, dot, products, signed, sum } from "./tools.js";

const nonzero = (rng, n) => rng.row(n, -3, 4).map((v) => v || 5);
const list = (v) => `(${v.map((n) => show(n)).join(", ")})`;
const times = (...v) => v.map(signed).join("·");

const weight = {
  key: "weight", title: "One weight of the filter",
  make(rng) {
    const C = rng.int(2, 4), Y = rng.int(2, 3), X = rng.other(2, 4, Y);
    const z = nonzero(rng, C), y = nonzero(rng, Y), x = nonzero(rng, X), [c, i, j] = [C, Y, X].map((n) => rng.int(0, n - 1));
    const value = z[c] * y[i] * x[j];
    return {
      given: { z, y, x, c, i, j },
      prompt: [`A filter is the outer product of z = ${list(z)} across the channels, y = ${list(y)} down the rows, x = ${list(x)} along the columns. `
        + `What stands at w[${c}, ${i}, ${j}] (channel, row, column, all counted from 0)?`],
      fields: [count("w", value)],
      working: [`w[${c}, ${i}, ${j}] = z[${c}]·y[${i}]·x[${j}] = ${times(z[c], y[i], x[j])} = ${show(value)}`],
      mistakes: [
        { answer: z[c] + y[i] + x[j], why: "An outer product multiplies: one number of each vector." },
        { answer: z[c] * (y[j] ?? NaN) * (x[i] ?? NaN), why: "Row first, then column: y belongs to rows, x to columns." },
        { answer: y[i] * x[j], why: "z was left out: it scales the whole plane." },
        { answer: (z[c - 1] ?? NaN) * (y[i - 1] ?? NaN) * (x[j - 1] ?? NaN), why: "Count from 0." },
        { answer: -value, why: "Look at the signs." },
      ],
    };
  },
};

const passes = {
  key: "passes", title: "Three passes by hand",
  make(rng) {
    const C = rng.int(2, 3), planes = Array.from({ length: C }, () => rng.grid(2, 3, 0, 4)), z = rng.row(C, -2, 3).map((v) => v || 1), y = nonzero(rng, 2), x = rng.row(3, -2, 3);
    if (!x.some(Boolean)) x[0] = 2;
    const L = planes[0].map((row, i) => row.map((_, j) => sum(planes.map((p, c) => z[c] * p[i][j]))));
    const V = L[0].map((_, j) => y[0] * L[0][j] + y[1] * L[1][j]), value = dot(V.map((v, j) => [x[j], v]));
    return {
      given: { planes, z, y, x },
      prompt: [`A window of ${C} channels, each 2 × 3:`, ...planes.map((grid, c) => ({ grid, label: `channel ${c}`, role: "input" })),
        `z = ${list(z)}, y = ${list(y)}, x = ${list(x)}. Which number do the passes L, V, H make of it, without padding?`],
      fields: [count("After H", value)],
      working: [`after L: (${L[0].map((v) => show(v)).join(", ")}) over (${L[1].map((v) => show(v)).join(", ")})`, `after V: ${V.map((v, j) => `${products([[y[0], L[0][j]], [y[1], L[1][j]]])} = ${show(v)}`).join("; ")}`,
        `after H: ${products(V.map((v, j) => [x[j], v]))} = ${show(value)}`],
      mistakes: [
        { answer: dot(V.map((v, j) => [x[2 - j], v])), why: "The vector is not turned: this is cross-correlation, as in every library." },
        { answer: dot(L[0].map((_, j) => [x[j], y[1] * L[0][j] + y[0] * L[1][j]])), why: "The first number of y belongs to the upper row." },
        { answer: dot(V.map((_, j) => [x[j], sum(planes.map((p) => y[0] * p[0][j] + y[1] * p[1][j]))])), why: "L weighs the channels by z before it adds them." },
        { answer: sum(V), why: "That adds up the numbers after V; H multiplies them by x first." },
        { answer: -value, why: "Look at the signs." },
      ],
    };
  },
};

const missing = {
  key: "missing", title: "Complete a filter of rank 1",
  make(rng) {
    const y = [rng.int(1, 3), rng.int(1, 4)], x = [rng.int(1, 3), rng.int(2, 4), rng.int(1, 5)], z = [1, rng.other(2, 5, 4) * rng.pick([-1, 1])];
    const plane = (f) => y.map((a) => x.map((b) => f * a * b)), i = 1, j = rng.int(1, 2), value = z[1] * y[i] * x[j];
    return {
      given: { plane: plane(1), seen: z[1] * y[0] * x[0], i, j },
      prompt: ["A filter of two channels is one outer product of three vectors. This is its channel 0:", { grid: plane(1), label: "channel 0", role: "kernel" },
        `In channel 1 the upper left number is ${show(z[1] * y[0] * x[0])}. What stands there in row ${i}, column ${j}?`],
      fields: [count(`w[1, ${i}, ${j}]`, value)],
      working: ["every plane of a filter of rank 1 is a multiple of every other", `channel 1 = ${show(z[1] * y[0] * x[0])} / ${show(y[0] * x[0])} = ${show(z[1])} times channel 0`,
        `${show(z[1])}·${show(y[i] * x[j])} = ${show(value)}`],
      mistakes: [
        { answer: y[i] * x[j] + z[1] * y[0] * x[0] - y[0] * x[0], why: "The planes differ by a factor, not by an amount that is added." },
        { answer: z[1] * y[0] * x[0] * y[i] * x[j], why: "Divide first: the factor between the planes is the ratio of the two numbers that you know." },
        { answer: y[i] * x[j], why: "That is channel 0. Channel 1 is a multiple of it." },
        { answer: -value, why: "Look at the sign of the factor." },
      ],
    };
  },
};

const parameters = {
  key: "parameters", title: "Weights of a flattened layer",
  make(rng) {
    const C = rng.int(3, 64), F = rng.other(8, 128, C), Y = rng.int(2, 6), X = rng.other(2, 7, Y), stages = rng.int(1, 3);
    const first = F * (C + Y + X), more = F * (F + Y + X), flat = first + (stages - 1) * more, whole = C * Y * X * F;
    return {
      given: { C, F, Y, X, stages },
      prompt: [`A layer from ${C} to ${F} channels with filters of ${Y} × ${X} is replaced by ${stages === 1 ? "one stage" : `${stages} stages`} of L, V, H. Biases are left aside. `
        + "How many weights does the flattened layer have, and how many the standard one?"],
      fields: [count("Flattened", flat), count("Standard", whole)],
      working: [`first stage: ${F}·(${C} + ${Y} + ${X}) = ${show(first)}`, ...(stages > 1 ? [`each further one reads ${F} channels: ${F}·(${F} + ${Y} + ${X}) = ${show(more)}`] : []),
        `standard: ${C}·${Y}·${X}·${F} = ${show(whole)}`, `${show(flat)} weights against ${show(whole)}.`],
      mistakes: [
        { answer: [stages * first, null], why: "Only the first stage reads the layer's input channels. Each further one reads F channels." },
        { answer: [flat / F, null], why: "Each of the F filters has its own three vectors." },
        { answer: [F * C * (Y + X), null], why: "V and H are not repeated for every input channel: L has made one plane of them." },
        { answer: [first + (stages - 1) * F * (Y + X), null], why: "Every stage begins with L, which mixes all the channels it reads." },
        { answer: [null, Y * X * F], why: "A standard filter has a plane for every input channel." },
        { answer: [null, C * Y * X], why: "That is one filter; there are F of them." },
      ],
    };
  },
};

const full = {
  key: "full", title: "Full borders",
  make(rng) {
    const H = rng.int(5, 16), W = rng.other(6, 20, H), Y = rng.int(2, 5), X = rng.other(2, 5, Y), stages = rng.int(1, 3);
    const size = [H + stages * (Y - 1), W + stages * (X - 1)];
    return {
      given: { H, W, Y, X, stages },
      prompt: [`An image of ${H} × ${W} goes through ${stages === 1 ? "one stage" : `${stages} stages`} of L, V, H, with y of ${Y} and x of ${X} numbers, in “full” mode: every place where the vector touches the image at all. How large is the output?`],
      fields: [count("Height", size[0]), count("Width", size[1])],
      working: [`V adds Y − 1 = ${Y - 1} rows, H adds X − 1 = ${X - 1} columns, at every stage`, `height: ${H} + ${stages}·${Y - 1} = ${size[0]}`, `width: ${W} + ${stages}·${X - 1} = ${size[1]}`, `The output is ${size[0]} × ${size[1]}.`],
      mistakes: [
        { answer: [H - stages * (Y - 1), W - stages * (X - 1)], why: "That is “valid”, without padding. In “full” mode the output grows." },
        { answer: [H + stages * 2 * (Y - 1), W + stages * 2 * (X - 1)], why: "Y − 1 zeros go on each side, and the window takes Y − 1 away again: Y − 1 more in all." },
        { answer: [H, W], why: "That is “same”." },
        { answer: [H + stages * Y, W + stages * X], why: "A vector of Y numbers adds Y − 1 rows." },
        { answer: [H + Y - 1, W + X - 1], why: "Every stage adds rows and columns again." },
        { answer: [size[1], size[0]], why: "Height first, then width." },
      ],
    };
  },
};

const macs = {
  key: "macs", title: "Multiply-adds of a stage",
  make(rng) {
    const C = rng.int(2, 12), F = rng.other(2, 16, C), H = rng.int(6, 14), W = rng.other(6, 14, H), Y = rng.int(2, 4), X = rng.other(2, 5, Y);
    const [o, p] = [H - Y + 1, W - X + 1], L = F * C * H * W, V = F * Y * o * W, h = F * X * o * p, whole = F * C * Y * X * o * p;
    return {
      given: { C, F, H, W, Y, X },
      prompt: [`One stage of L, V, H without padding: ${C} channels of ${H} × ${W} in, ${F} filters, y of ${Y} numbers, x of ${X}. How many multiply-adds does it take, and how many the standard layer that it is equal to?`],
      fields: [count("Three passes", L + V + h), count("Standard", whole)],
      working: [`L: ${F}·${H}·${W} places × ${C} = ${show(L)}`, `V: ${F}·${o}·${W} places × ${Y} = ${show(V)}`, `H: ${F}·${o}·${p} places × ${X} = ${show(h)}`,
        `standard: ${F}·${o}·${p} places × ${C}·${Y}·${X} = ${show(whole)}`, `${show(L + V + h)} against ${show(whole)}.`],
      mistakes: [
        { answer: [F * o * p * (C + Y + X), null], why: "L still works at every pixel of the image, and V at every column: the map shrinks pass by pass." },
        { answer: [F * H * W * (C + Y + X), null], why: "Without padding V and H make fewer numbers than the image has." },
        { answer: [L + F * Y * o * W * C + F * X * o * p * C, null], why: "After L there is one plane for each filter, not one for each input channel." },
        { answer: [null, F * C * Y * X * H * W], why: "Without padding the output has (H − Y + 1)·(W − X + 1) places." },
        { answer: [2 * (L + V + h), 2 * whole], why: "Those are FLOPs: a multiply-add counts as two." },
        { answer: [(L + V + h) / F, whole / F], why: "That is one filter; there are F of them." },
      ],
    };
  },
};

const terms = {
  key: "terms", title: "How many triples still save weights",
  make(rng) {
    const C = rng.int(3, 48), Y = rng.int(2, 6), X = rng.other(3, 7, Y), one = C + Y + X, whole = C * Y * X, most = Math.ceil(whole / one) - 1;
    return {
      given: { C, Y, X },
      prompt: [`A filter of ${C} × ${Y} × ${X} is written as a sum of r outer products of three vectors. For how large an r are there still fewer numbers than in the filter?`],
      fields: [count("Largest r", most)],
      working: [`the filter: ${C}·${Y}·${X} = ${whole}`, `each triple: ${C} + ${Y} + ${X} = ${one}`, `${whole} / ${one} = ${show(whole / one, 2)}, so at most r = ${most}`],
      mistakes: [
        { answer: most + 1, why: "At that r it is no longer fewer." },
        { answer: Math.floor(whole / (C * Y)), why: "A triple has C + Y + X numbers: they are added, not multiplied." },
        { answer: Math.min(C, Y, X), why: "The shortest side limits the rank of a matrix. A filter with three axes can need more, and here only numbers are counted." },
        { answer: Y * X, why: "Y·X triples are always enough to write the filter exactly. Here we ask when they take fewer numbers than it has." },
      ],
    };
  },
};

const start = {
  key: "start", title: "What the start leaves over",
  make(rng) {
    const stages = rng.int(1, 2), keep = rng.int(2, 4), left = rng.int(2, 60), all = keep ** (3 * stages), before = left * all;
    return {
      given: { stages, keep, before },
      prompt: [`At its start every 1D convolution of a flattened layer keeps 1/${keep} of the variance of its input. The layer has ${stages === 1 ? "one stage" : "two stages"} of L, V, H; nothing stands between the passes. `
        + `The input has the variance ${show(before)}. Which variance has the output?`],
      fields: [count("Variance", left)],
      working: [`${stages === 1 ? "one stage has" : "two stages have"} ${3 * stages} convolutions`, `${Array(3 * stages).fill(keep).join("·")} = ${show(all)}`, `${show(before)} / ${show(all)} = ${show(left)}`],
      mistakes: [
        { answer: before / (3 * stages * keep), why: "Shares multiply: each convolution keeps a part of what the one before it left." },
        { answer: before / keep, why: "That is one pass; a stage has three." },
        { answer: before / keep ** stages, why: "A stage has three convolutions, L, V and H." },
        { answer: before / keep ** 3, why: "That is one stage." },
        { answer: all, why: "That is the factor. Divide the input's variance by it." },
      ],
    };
  },
};

export const bank = [weight, passes, missing, parameters, full, macs, terms, start];

export default practice(bank);
