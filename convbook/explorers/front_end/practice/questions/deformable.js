// Chapter 9: questions on taps that move. Each kind is a pure function of its random numbers.
import { practice } from "../index.js";
import { show } from "../engine.js";
import { count, signed, sum } from "./tools.js";

/** A field that asks for a fraction that is exact in a few digits. */
const exact = (label, answer, digits = 3) => ({ label, unit: "", answer, tolerance: 0.0051, digits });
const places = (v) => (String(Math.abs(v)).split(".")[1] || "").length;
const s = (v) => show(v, places(v));
const bracket = (v) => (v < 0 ? `(${s(v)})` : s(v));
const tidy = (v) => Math.round(v * 1e6) / 1e6;

const channels = {
  key: "channels", title: "Channels of the offset layer",
  make(rng) {
    const kh = rng.int(1, 5), kw = rng.other(2, 5, kh), G = rng.pick([1, 2, 4]), C = G * rng.int(2, 12), modulated = rng.pick([true, false]);
    const each = modulated ? 3 : 2, N = kh * kw, out = each * N * G, params = out * (C * N + 1);
    return {
      given: { kh, kw, G, C, modulated },
      prompt: [`A ${modulated ? "modulated (version 2)" : "version 1"} deformable layer has ${C} input channels, a ${kh} × ${kw} kernel and ${G} deformable group${G > 1 ? "s" : ""}. `
        + "The convolution beside it has the same kernel and a bias. How many output channels does that convolution have, and how many parameters?"],
      fields: [count("Output channels", out), count("Parameters", params)],
      working: [`taps: ${kh}·${kw} = ${N}`, `${modulated ? "dy, dx and a mask" : "dy and dx"} for each tap and group: ${each}·${N}·${G} = ${out} channels`,
        `each has ${C}·${N} = ${C * N} weights and 1 bias: ${out} channels and ${out}·(${C * N} + 1) = ${show(params)} parameters`],
      mistakes: [
        { answer: [N * G, null], why: "Each tap has two numbers, dy and dx." },
        { answer: [(5 - each) * N * G, null], why: modulated ? "A modulated layer has a mask for each tap, too." : "Version 1 has no mask." },
        { answer: [out / G, null], why: `Each of the ${G} deformable groups has offsets of its own.` },
        { answer: [out * C, null], why: "The channels of a group share their offsets." },
        { answer: [null, out * C * N], why: "The bias was left out: one number for each output channel." },
        { answer: [null, out * (C / G * N + 1)], why: "Deformable groups do not split this convolution: it reads all channels." },
        { answer: [null, out * (C + 1)], why: `Its kernel is ${kh} × ${kw}, not 1 × 1.` },
      ],
    };
  },
};

const index = {
  key: "index", title: "Which channel is it?",
  make(rng) {
    const kh = rng.int(2, 4), kw = rng.other(2, 5, kh), G = rng.int(1, 3), o = rng.int(0, G - 1), u = rng.int(0, kh - 1), v = rng.int(0, kw - 1), x = rng.int(0, 1);
    const N = kh * kw, t = u * kw + v, at = (t_, x_) => 2 * (o * N + t_) + x_, name = x ? "dx" : "dy";
    return {
      given: { kh, kw, o, u, v, x },
      prompt: [`A deformable layer has a ${kh} × ${kw} kernel${G > 1 ? ` and ${G} deformable groups` : ""}. Which channel of the offset field is ${name} of the tap in row ${u}, column ${v}`
        + `${G > 1 ? ` of group ${o}` : ""}? (Everything counts from 0.)`],
      fields: [count("Channel", at(t, x))],
      working: [`the tap's number: t = ${u}·${kw} + ${v} = ${t}`, G > 1 ? `taps of earlier groups: ${o}·${N} = ${o * N}` : "there is one group",
        `dy stands at 2·${o * N + t} = ${2 * (o * N + t)}, dx one later: ${name} is channel ${at(t, x)}`],
      mistakes: [
        { answer: at(t, 1 - x), why: "dy comes first, then dx." },
        { answer: at(v * kh + u, x), why: "Taps are counted row after row: t = u·k_w + v." },
        { answer: at(u * kh + v, x), why: "A row of the kernel has k_w taps: t = u·k_w + v." },
        { answer: o * 2 * N + t + x * N, why: "The two are interleaved: dy, dx of tap 0, then dy, dx of tap 1. It is not all dy first." },
        { answer: 2 * t + x, why: "The earlier groups come first, with 2 numbers for each of their taps." },
        { answer: at(t, x) + 1, why: "Channels count from 0." },
      ],
    };
  },
};

const position = {
  key: "position", title: "Where a tap looks",
  make(rng) {
    const k = rng.pick([3, 5]), st = rng.int(1, 2), d = rng.int(1, 3), p = rng.int(0, 2), i = rng.int(1, 6), j = rng.other(1, 6, i), u = rng.int(0, k - 1), v = rng.other(0, k - 1, u);
    const dy = rng.int(-7, 7) / 4 || 0.25, dx = rng.int(-7, 7) / 4 || -0.75, y = st * i - p + d * u, x = st * j - p + d * v;
    return {
      given: { k, st, p, d, i, j, u, v, dy, dx },
      prompt: [`A deformable layer has kernel_size=${k}, stride=${st}, padding=${p}, dilation=${d}. At output row ${i}, column ${j}, its tap in row ${u}, column ${v} has the offset dy = ${s(dy)}, dx = ${s(dx)}. Where does it look?`],
      fields: [exact("Row", y + dy, 2), exact("Column", x + dx, 2)],
      working: ["s·i − p + d·u + dy, and the same along the columns", `row: ${st}·${i} − ${p} + ${d}·${u} + ${bracket(dy)} = ${show(y + dy, 2)}`,
        `row ${show(y + dy, 2)}, column ${st}·${j} − ${p} + ${d}·${v} + ${bracket(dx)} = ${show(x + dx, 2)}`],
      mistakes: [
        { answer: [y, x], why: "That is where the plain convolution looks; add the offset." },
        { answer: [y + dx, x + dy], why: "dy goes to the row, dx to the column." },
        { answer: [y - dy, x - dx], why: "The offset is added: a positive dy goes down." },
        { answer: [y + p + dy, x + p + dx], why: "The padding was left out: window 0 starts at −p." },
        { answer: [i - p + d * u + dy, j - p + d * v + dx], why: "The stride was left out." },
        { answer: [st * i - p + u + dy, st * j - p + v + dx], why: "The dilation was left out: taps stand d apart." },
        { answer: [y + d * dy, x + d * dx], why: "Offsets are in pixels of the input: the dilation does not multiply them." },
      ],
    };
  },
};

/** Four pixels and a place between them, in quarters. */
function square(rng) {
  const r = rng.int(2, 9), q = rng.other(2, 9, r), t = rng.int(1, 3) / 4, across = rng.int(1, 3) / 4;
  const pixels = [0, 1].map(() => rng.row(2, 0, 9).map((v) => 4 * v));
  return { r, q, t, s: across, pixels };
}
const read = (f, t, a) => (1 - t) * (1 - a) * f[0][0] + (1 - t) * a * f[0][1] + t * (1 - a) * f[1][0] + t * a * f[1][1];

const bilinear = {
  key: "bilinear", title: "Reading between the pixels",
  make(rng) {
    let q0, answer;
    do { q0 = square(rng); answer = read(q0.pixels, q0.t, q0.s); } while (new Set(q0.pixels.flat()).size < 4 || Number.isInteger(answer / 4));
    const { r, q, t, s: a, pixels } = q0, w = [(1 - t) * (1 - a), (1 - t) * a, t * (1 - a), t * a];
    return {
      given: { pixels, t, s: a },
      prompt: [`A tap looks at row ${r + t}, column ${q + a}. These are the pixels of rows ${r} and ${r + 1}, columns ${q} and ${q + 1}. What does the tap read?`, { grid: pixels, label: "Pixels", role: "input" }],
      fields: [exact("Value", answer)],
      working: [`t = ${t} down, s = ${a} across`, `weights: ${w.map((v) => s(v)).join(", ")}, together 1`,
        `${w.map((v, n) => `${s(v)}·${pixels.flat()[n]}`).join(" + ")} = ${show(answer, 3)}`],
      mistakes: [
        { answer: read(pixels, a, t), why: "Down belongs to the row, across to the column: they were swapped." },
        { answer: read(pixels, 1 - t, 1 - a), why: "The nearer pixel counts more: its weight is 1 minus the distance." },
        { answer: pixels[Math.round(t)][Math.round(a)], why: "That is the nearest pixel alone." },
        { answer: sum(pixels.flat()) / 4, why: "The four do not count alike: nearer ones count more." },
        { answer: (1 - t) * pixels[0][0] + t * pixels[1][1], why: "All four pixels count, not two." },
      ],
    };
  },
};

const slope = {
  key: "slope", title: "The gradient of an offset",
  make(rng) {
    let q0;
    do { q0 = square(rng); } while (new Set(q0.pixels.flat()).size < 4);
    const { t, s: a, pixels: [[A, B], [Cc, D]] } = q0, g = rng.pick([-3, -2, 2, 3]), w = rng.other(-2, 4, 0);
    const down = (1 - a) * (Cc - A) + a * (D - B), right = (1 - t) * (B - A) + t * (D - Cc);
    return {
      given: { pixels: q0.pixels, t, s: a, g, w },
      prompt: [`A tap lies t = ${t} below and s = ${a} to the right of the upper left one of these four pixels. Its weight is ${s(w)}, and the loss has the gradient ${s(g)} with respect to the output. What is the gradient with respect to dy, and to dx?`,
        { grid: q0.pixels, label: "Pixels", role: "input" }],
      fields: [exact("Gradient of dy", tidy(g * w * down)), exact("Gradient of dx", tidy(g * w * right))],
      working: [`slope downwards: ${1 - a}·(${Cc} − ${A}) + ${a}·(${D} − ${B}) = ${s(down)}`, `slope to the right: ${1 - t}·(${B} − ${A}) + ${t}·(${D} − ${Cc}) = ${s(right)}`,
        `times ${bracket(g)}·${bracket(w)}: ${show(g * w * down, 3)} and ${show(g * w * right, 3)}`],
      mistakes: [
        { answer: [down, right], why: "These are the slopes of the picture; multiply them with the weight and with the output's gradient." },
        { answer: [g * down, g * right], why: "The tap's weight was left out." },
        { answer: [w * down, w * right], why: "The gradient of the output was left out." },
        { answer: [g * w * right, g * w * down], why: "dy asks how the value changes from row to row, dx from column to column." },
        { answer: [-g * w * down, -g * w * right], why: "The lower pixels gain weight when dy grows, the upper ones lose it: lower minus upper." },
        { answer: [g * w * (Cc - A), g * w * (B - A)], why: "Both pairs of pixels count, each with its share." },
      ],
    };
  },
};

const scale = {
  key: "scale", title: "Offsets that stretch the grid",
  make(rng) {
    const a = rng.pick([1.5, 2, 2.5, 3, 0.5]), b = rng.pick([1.25, 1.75, 2.25, 3.5, 0.25]), d = rng.int(1, 3), u = rng.pick([0, 2]), v = rng.pick([0, 2]);
    const y = d * (u - 1), x = d * (v - 1), dy = (a - 1) * y, dx = (b - 1) * x;
    return {
      given: { a, b, d, u, v },
      prompt: [`Offsets shall make the grid of a 3 × 3 kernel with dilation ${d} ${a} times as high and ${b} times as wide, about its middle tap. Which dy and dx does the tap in row ${u}, column ${v} need?`],
      fields: [exact("dy", dy, 2), exact("dx", dx, 2)],
      working: [`it stands at (${s(y)}, ${s(x)}) from the middle and shall stand at (${s(a * y)}, ${s(b * x)})`, `dy = (${a} − 1)·${bracket(y)}, dx = (${b} − 1)·${bracket(x)}`, `dy = ${show(dy, 2)}, dx = ${show(dx, 2)}`],
      mistakes: [
        { answer: [a * y, b * x], why: "That is where the tap shall stand. The offset is the way there from its place on the plain grid." },
        { answer: [-dy, -dx], why: "The offset is new place minus old place." },
        { answer: [(a - 1) * (u - 1), (b - 1) * (v - 1)], why: `The taps stand ${d} apart: the dilation was left out.` },
        { answer: [(b - 1) * y, (a - 1) * x], why: "The height belongs to dy, the width to dx." },
        { answer: [(a - 1) * d * u, (b - 1) * d * v], why: "Measure from the middle tap, not from the corner." },
      ],
    };
  },
};

const mask = {
  key: "mask", title: "The modulated sum",
  make(rng) {
    const w = rng.row(3, -4, 4).map((v) => v || 2), values = rng.row(3, 1, 12).map((v) => v / 2), m = rng.row(3, 1, 9).map((v) => v / 10);
    const terms = w.map((v, n) => v * m[n] * values[n]), answer = tidy(sum(terms)), plain = sum(w.map((v, n) => v * values[n]));
    return {
      given: { w, values, m },
      prompt: ["A modulated layer with one input channel has a 1 × 3 kernel. At one position its taps, each at its own place, read the values below. What is the output, without bias?",
        { table: [0, 1, 2].map((n) => [n, s(w[n]), s(values[n]), s(m[n])]), head: ["tap", "weight", "value read", "mask"] }],
      fields: [exact("Output", answer)],
      working: ["y = sum of weight · mask · value", w.map((v, n) => `${signed(v)}·${s(m[n])}·${s(values[n])}`).join(" + "), `= ${show(answer, 3)}`],
      mistakes: [
        { answer: plain, why: "The masks were left out: each tap's term is multiplied by its own." },
        { answer: answer / sum(m), why: "The masks are not normalised: they need not add up to 1." },
        { answer: sum(w.map((v, n) => m[n] * values[n])), why: "The weights were left out." },
        { answer: sum(w.map((v, n) => v * values[n] / (1 + Math.exp(-m[n])))), why: "The mask is given after the sigmoid; do not apply it again." },
      ],
    };
  },
};

const bins = {
  key: "bins", title: "What a bin covers",
  make(rng) {
    const o = rng.int(2, 4), oh = rng.other(2, 4, o);
    let h, w;
    do { h = rng.int(5, 15); } while (h % oh === 0);
    do { w = rng.int(5, 15); } while (w % o === 0);
    const i = rng.int(0, oh - 1), j = rng.int(0, o - 1), from = (k, n, b) => Math.floor(k * n / b), to = (k, n, b) => Math.ceil((k + 1) * n / b);
    const first = from(i, h, oh), rows = to(i, h, oh) - first, columns = to(j, w, o) - from(j, w, o);
    return {
      given: { h, w, oh, ow: o, i, j },
      prompt: [`A region is ${h} high and ${w} wide and is pooled into ${oh} × ${o} bins. Which is the first row that bin (${i}, ${j}) covers, counted from the region's top, and how many positions does the bin average?`],
      fields: [count("First row", first), count("Positions", rows * columns)],
      working: [`rows: ⌊${i}·${h}/${oh}⌋ = ${first} to below ⌈${i + 1}·${h}/${oh}⌉ = ${first + rows}, so ${rows}`, `columns: ⌊${j}·${w}/${o}⌋ = ${from(j, w, o)} to below ⌈${j + 1}·${w}/${o}⌉ = ${to(j, w, o)}, so ${columns}`,
        `first row ${first}, and ${rows}·${columns} = ${rows * columns} positions`],
      mistakes: [
        { answer: [null, Math.floor(h / oh) * Math.floor(w / o)], why: "A cut that goes through a row gives that row to both bins: floor below, ceiling above." },
        { answer: [Math.ceil(i * h / oh), null], why: "A bin begins at the floor: it takes the row that its cut goes through." },
        { answer: [Math.round(i * h / oh), null], why: "Floor, not rounding." },
        { answer: [null, rows + columns], why: "Rows times columns." },
        { answer: [null, (Math.floor((i + 1) * h / oh) - first) * (Math.floor((j + 1) * w / o) - from(j, w, o))], why: "The end is a ceiling: the row that the cut goes through counts for this bin, too." },
        { answer: [from(j, w, o), null], why: "Rows belong to the height and to the first index of the bin." },
      ],
    };
  },
};

const shift = {
  key: "shift", title: "How far a bin moves",
  make(rng) {
    const h = rng.int(4, 24), w = rng.other(4, 24, h), a = rng.int(-15, 15) / 10 || 0.5, b = rng.int(-15, 15) / 10 || -0.4, gamma = rng.pick([0.1, 0.1, 0.2]);
    const dy = tidy(gamma * a * h), dx = tidy(gamma * b * w);
    return {
      given: { h, w, a, b, gamma },
      prompt: [`In deformable RoI pooling the branch says dy = ${s(a)}, dx = ${s(b)} for a bin of a region that is ${h} pixels high and ${w} wide; γ = ${gamma}. By how many pixels does the bin move, down and to the right?`],
      fields: [exact("Down", dy), exact("Right", dx)],
      working: ["pixels = γ · offset · size of the region", `down: ${gamma}·${bracket(a)}·${h} = ${show(dy, 3)}`, `down ${show(dy, 3)}, right ${gamma}·${bracket(b)}·${w} = ${show(dx, 3)}`],
      mistakes: [
        { answer: [a, b], why: "The branch's numbers are not pixels: multiply them by γ and by the region's size." },
        { answer: [a * h, b * w], why: "γ was left out: it keeps the moves small." },
        { answer: [gamma * a, gamma * b], why: "The size was left out: a large region moves its bins further." },
        { answer: [gamma * a * w, gamma * b * h], why: "The height belongs to dy, the width to dx." },
      ],
    };
  },
};

const maps = {
  key: "maps", title: "Position-sensitive maps",
  make(rng) {
    const k = rng.int(2, 7), classes = rng.int(2, 30), c = rng.int(0, classes), i = rng.int(0, k - 1), j = rng.other(0, k - 1, i);
    const N = k * k, D = classes + 1, map = (c * k + i) * k + j;
    return {
      given: { k, D, c, i, j },
      prompt: [`Position-sensitive RoI pooling makes ${k} × ${k} bins for ${classes} classes and the background. How many score maps must the network compute, and which of them does bin (${i}, ${j}) of class ${c} read? The maps of one class stand together, bin after bin; all counts from 0.`],
      fields: [count("Score maps", N * D), count("Map", map)],
      working: [`${k}² maps for each of ${classes} + 1 classes: ${N}·${D} = ${show(N * D)}`, `the maps of class ${c} start at ${c}·${N} = ${show(c * N)}; bin (${i}, ${j}) is number ${i}·${k} + ${j} = ${i * k + j} of them`,
        `${show(N * D)} maps; it reads map ${show(map)}`],
      mistakes: [
        { answer: [N * classes, null], why: "The background has scores, too." },
        { answer: [N, null], why: "Each class has its own maps." },
        { answer: [D, null], why: `Each of the ${k} × ${k} bins has its own map.` },
        { answer: [2 * N * D, null], why: "Those are the offset maps: two for each score map." },
        { answer: [null, (i * k + j) * D + c], why: "The maps of one class stand together, not those of one bin." },
        { answer: [null, (c * k + j) * k + i], why: "Bins are counted row after row." },
        { answer: [null, map + 1], why: "Maps count from 0." },
      ],
    };
  },
};

export const bank = [position, bilinear, index, channels, scale, slope, mask, bins, shift, maps];

export default practice(bank);
