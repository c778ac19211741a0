// The layers among which the chooser chooses: of which steps each is made, and what it cannot do. No DOM here. The same rules as
// convbook.choices.candidates; tests/cases/layer_chooser.json holds the two languages together.

import { convMacs, convParams, outputSize } from "../geometry.js";

const GROUPS = 4, NARROW = 4;
const product = (list) => list.reduce((a, b) => a * b, 1);

/** A step that keeps the size, or divides it by s; k and s are one number or [height, width]. */
function conv(C, D, k = 1, { s = 1, d = 1, G = 1, kind = "conv" } = {}) {
  const both = (v) => (Array.isArray(v) ? v : [v, v]);
  return { kind, C, D, k: both(k), s: both(s), p: both(k).map((n) => Math.floor((d * (n - 1)) / 2)), d: [d, d], G };
}
const plain = (kind, C, D, more = {}) => ({ ...conv(C, D), kind, ...more });

export function outputOf({ kind, k, s, p, d }, size) {
  if (kind === "causal" || kind === "channel_shuffle") return size;
  if (["transposed", "nearest", "bilinear", "pixel_shuffle"].includes(kind)) return size.map((n) => 2 * n);
  if (kind === "average") return [1, 1];
  return size.map((n, a) => outputSize(n, k[a], { stride: s[a], padding: p[a], dilation: d[a] }));
}

/** {params, macs, bytes} of one step on a map of `size`. */
export function priceOf(step, size) {
  const { kind, C, D, k, G } = step, output = outputOf(step, size), ends = C * product(size) + D * product(output);
  if (!["conv", "causal", "deform", "transposed"].includes(kind)) return { params: 0, macs: 0, bytes: 4 * ends };
  let params = convParams(C, D, k, { groups: G, bias: false }), macs = convMacs(C, D, k, kind === "transposed" ? size : output, { groups: G });
  let bytes = 4 * (ends + params);
  if (kind === "deform") {
    const offsets = 2 * product(k), weights = convParams(C, offsets, k, { bias: false });
    params += weights;
    macs += convMacs(C, offsets, k, output);
    bytes += 4 * (C * product(size) + weights + 2 * offsets * product(output));
  }
  return { params, macs, bytes };
}

const row = (steps, lacks = {}) => ({ branches: [steps], lacks });
const no = (impossible) => ({ branches: [], lacks: {}, impossible });
const hears = (heard, C) => (heard >= C ? {} : { mix: `an output hears ${heard} of ${C} channels` });
const squeezed = (C, B) => (B >= C ? {} : { wide: `${C} channels pass through ${B}` });
const divided = (C, D, layer) => (C % GROUPS || D % GROUPS ? no(`${GROUPS} groups must divide ${C} and ${D} channels`) : layer());
const multiple = (C, D, layer) => (D % C ? no(`it gives ${C} channels or a multiple of them, and ${D} are asked`) : layer());
const SPLIT = "its kernels are a column times a row", GRID = "each of four neighbouring pixels is made by weights of its own";
const doublings = (count) => Array.from({ length: count }, (_, i) => 2 ** i);
const bits = (n) => (n ? n.toString(2).length : 0);

function maps(C, D, size, k, s) {
  const B = Math.max(1, Math.floor(D / NARROW)), half = Math.floor(D / 8), quarter = Math.floor(D / 4), n = (k - 1) / 2;
  const chain = (rates) => rates.map((d, i) => conv(i ? D : C, D, 3, { s: i === rates.length - 1 ? s : 1, d }));
  const down = (from, G) => conv(from, D, [k, 1], { s: [s, 1], G }), along = (G) => conv(D, D, [1, k], { s: [1, s], G });
  const layers = {
    standard: row([conv(C, D, k, { s })]),
    stack: k > 3 ? row(chain(Array(n).fill(1))) : no("one 3 × 3 is the standard layer"),
    dilated: k > 3 ? row([conv(C, D, 3, { s, d: n })], { whole: `it reads 9 of the ${k * k} places of its window` }) : no("at dilation 1 it is the standard layer"),
    dilated_stack: k > 5 ? row(chain(doublings(bits(n)))) : no("below a window of 7 it is no smaller than the stack"),
    grouped: divided(C, D, () => row([conv(C, D, k, { s, G: GROUPS })], hears(C / GROUPS, C))),
    depthwise: multiple(C, D, () => row([conv(C, D, k, { s, G: C })], hears(1, C))),
    depthwise_separable: row([conv(C, C, k, { s, G: C }), conv(C, D)]),
    bottleneck: row([conv(C, B), conv(B, B, k, { s }), conv(B, D)], squeezed(C, B)),
    shuffle: C % GROUPS || B % GROUPS || D % GROUPS ? no(`${GROUPS} groups must divide its ${C}, ${B} and ${D} channels`)
      : row([conv(C, B, 1, { G: GROUPS }), plain("channel_shuffle", B, B, { G: GROUPS }), conv(B, B, k, { s, G: B }), conv(B, D, 1, { G: GROUPS })],
        { ...hears((C / GROUPS) * Math.min(GROUPS, B / GROUPS), C), ...squeezed(C, B) }),
    spatially_separable: row([down(C, 1), along(1)], { free: SPLIT }),
    flattened: row([conv(C, D), down(D, D), along(D)], { free: SPLIT }),
    inception: D % 8 ? no(`four branches, two of them reduced, need a multiple of 8 output channels; ${D} are asked`) : k === 3 ? no("its larger kernel would be 3, too")
      : { branches: [[conv(C, quarter, 1, { s })], [conv(C, half), conv(half, quarter, 3, { s })], [conv(C, half), conv(half, quarter, k, { s })],
        [conv(C, C, 3, { s, kind: "max" }), conv(C, quarter)]], lacks: squeezed(C, half) },
    deformable: row([conv(C, D, k, { s, kind: "deform" })]),
    pointwise: row([conv(C, D, 1, { s })]),
  };
  for (const [name, { lacks }] of Object.entries(layers)) {
    if (name !== "deformable") lacks.moves = "its taps stay where they are";
    if (name !== "inception") lacks.scales = "it has one size of window";
  }
  return layers;
}

function double(C, D, size, k) {
  const half = (k - 1) / 2, stamp = (n) => ({ ...conv(C, D, n, { s: 2 }), kind: "transposed", p: [half, half] }), enlarge = (c, how = "nearest") => plain(how, c, c);
  return {
    transposed: row([stamp(k + 1)], { even: GRID }),
    transposed_odd: row([stamp(k)], { even: `its stamps overlap unevenly, and ${GRID}` }),
    pixel_shuffle: row([conv(C, 4 * D, k), plain("pixel_shuffle", 4 * D, D)], { even: GRID }),
    resize_conv: row([enlarge(C), conv(C, D, k)]),
    resize_separable: row([enlarge(C), conv(C, C, k, { G: C }), conv(C, D)]),
    conv_resize: row([conv(C, D, k), enlarge(D, "bilinear")], { fine: "its last step interpolates" }),
    resize: C === D ? row([enlarge(C, "bilinear")], { ...hears(1, C), fine: "it has no weights" }) : no(`it keeps ${C} channels, and ${D} are asked`),
  };
}

function mix(C, D) {
  const B = Math.max(1, Math.floor(Math.min(C, D) / NARROW));
  return {
    pointwise: row([conv(C, D)]),
    pointwise_grouped: divided(C, D, () => row([conv(C, D, 1, { G: GROUPS })], hears(C / GROUPS, C))),
    pointwise_shuffled: divided(C, D, () => row([conv(C, D, 1, { G: GROUPS }), plain("channel_shuffle", D, D, { G: GROUPS }), conv(D, D, 1, { G: GROUPS })],
      hears((C / GROUPS) * Math.min(GROUPS, D / GROUPS), C))),
    pointwise_narrow: row([conv(C, B), conv(B, D)], squeezed(C, B)),
  };
}

function pool(C, D, size) {
  const whole = (d, G) => ({ ...conv(C, d, size, { G }), p: [0, 0] }), average = plain("average", C, C), places = "all places count the same";
  return {
    full: row([whole(D, 1)]),
    average: C === D ? row([average], { ...hears(1, C), places }) : no(`it keeps ${C} channels, and ${D} are asked`),
    average_pointwise: row([average, conv(C, D)], { places }),
    global_depthwise: multiple(C, D, () => row([whole(D, C)], hears(1, C))),
    global_depthwise_pointwise: row([whole(C, C), conv(C, D)]),
  };
}

function sequence(C, D, size, r) {
  const tap = (c, d, { n = 2, rate = 1, G = 1 } = {}) => ({ ...conv(c, d, [1, n], { kind: "causal", G }), p: [0, 0], d: [1, rate] });
  const rates = doublings(bits(r - 1)), from = (i) => (i ? D : C), small = (layer) => (r > 2 ? layer() : no("for a window of 2 it is the long kernel"));
  return {
    long: row([tap(C, D, { n: r })]),
    stack: small(() => row(Array.from({ length: r - 1 }, (_, i) => tap(from(i), D)))),
    dilated: small(() => row([tap(C, D, { rate: r - 1 })], { whole: `it reads 2 of the ${r} steps of its window` })),
    dilated_stack: small(() => row(rates.map((rate, i) => tap(from(i), D, { rate })))),
    long_grouped: divided(C, D, () => row([tap(C, D, { n: r, G: GROUPS })], hears(C / GROUPS, C))),
    long_depthwise: multiple(C, D, () => row([tap(C, D, { n: r, G: C })], hears(1, C))),
    long_separable: row([tap(C, C, { n: r, G: C }), conv(C, D)]),
    dilated_separable: small(() => row(rates.flatMap((rate, i) => [tap(from(i), from(i), { rate, G: from(i) }), conv(from(i), D)]))),
  };
}

/** {name: {branches, lacks: {need: what is missing}, impossible}} for one job, the plain layer first. */
export const layersFor = (job, C, D, size, k) => ({ same: maps, halve: maps, double, mix, pool, sequence })[job](C, D, size, k, job === "halve" ? 2 : 1);
