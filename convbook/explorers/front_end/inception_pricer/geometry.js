// What an Inception module costs, layer by layer, and where its boxes stand. No DOM here.
//
// A state has in_channels, input_size [h, w], n1x1, n3x3 and n5x5 [reduce, width], pool, and reductions: which of the three
// 1 x 1 convolutions are there ("3x3", "5x5", "pool"). None of them is the naive module, all of them the reduced one.

export const LIMITS = { channels: [1, 1024], side: [1, 112], width: [1, 512] };
export const REDUCTIONS = ["3x3", "5x5", "pool"];
export const BRANCHES = { "1x1": "1 × 1", "3x3": "3 × 3", "5x5": "5 × 5", pool: "pool" };
export const TRAITS = ["in_channels", "input_size", "n1x1", "n3x3", "n5x5", "pool", "reductions"];

// GoogLeNet's nine modules: input channels, side, #1x1, (3x3 reduce, 3x3), (5x5 reduce, 5x5), pool projection.
const TABLE_1 = {
  "3a": [192, 28, 64, [96, 128], [16, 32], 32], "3b": [256, 28, 128, [128, 192], [32, 96], 64],
  "4a": [480, 14, 192, [96, 208], [16, 48], 64], "4b": [512, 14, 160, [112, 224], [24, 64], 64],
  "4c": [512, 14, 128, [128, 256], [24, 64], 64], "4d": [512, 14, 112, [144, 288], [32, 64], 64],
  "4e": [528, 14, 256, [160, 320], [32, 128], 128], "5a": [832, 7, 256, [160, 320], [32, 128], 128],
  "5b": [832, 7, 384, [192, 384], [48, 128], 128],
};
const module = ([in_channels, side, n1x1, n3x3, n5x5, pool]) => ({ in_channels, input_size: [side, side], n1x1, n3x3, n5x5, pool, reductions: REDUCTIONS });
export const PRESETS = {
  ...Object.fromEntries(Object.entries(TABLE_1).map(([name, row]) => [`GoogLeNet ${name}`, module(row)])),
  "3a without reductions": { ...module(TABLE_1["3a"]), reductions: [] },
  "the worked example": { in_channels: 2, input_size: [3, 4], n1x1: 1, n3x3: [1, 1], n5x5: [1, 1], pool: 1, reductions: REDUCTIONS },
};

/** The same widths with no 1 x 1 reductions: the naive module. */
export const naive = (state) => ({ ...state, reductions: [] });

/** The layers of each branch, from the input up. A convolution has weights and macs; the pooling has neither. */
export function layers(state) {
  const { in_channels: C, input_size: [h, w], reductions } = state;
  const conv = (branch, part, k, from, to) => ({ key: `${branch} ${part}`, branch, part, k, from, to, weights: k * k * from * to, biases: to, macs: h * w * k * k * from * to });
  const spatial = (branch, k, [reduce, width]) => (reductions.includes(branch)
    ? [conv(branch, "reduce", 1, C, reduce), conv(branch, "main", k, reduce, width)] : [conv(branch, "main", k, C, width)]);
  const pooled = { key: "pool max", branch: "pool", part: "max", k: 3, from: C, to: C, weights: 0, biases: 0, macs: 0 };
  return [
    conv("1x1", "main", 1, C, state.n1x1), ...spatial("3x3", 3, state.n3x3), ...spatial("5x5", 5, state.n5x5),
    pooled, ...(reductions.includes("pool") ? [conv("pool", "project", 1, C, state.pool)] : []),
  ];
}

const total = (list, what) => list.reduce((sum, item) => sum + item[what], 0);

/** Everything that a module costs: {layers, branches: [{branch, out, weights, macs}], out, weights, biases, macs}. */
export function price(state) {
  const all = layers(state);
  const branches = Object.keys(BRANCHES).map((branch) => {
    const own = all.filter((layer) => layer.branch === branch);
    return { branch, out: own.at(-1).to, weights: total(own, "weights"), macs: total(own, "macs") };
  });
  return { layers: all, branches, out: total(branches, "out"), weights: total(all, "weights"), biases: total(all, "biases"), macs: total(all, "macs") };
}

/** What one 1 x 1 convolution does, the rest of the module as it stands: its own cost, and what changes with it. */
export function effect(state, name) {
  const others = state.reductions.filter((r) => r !== name);
  const without = price({ ...state, reductions: others }), with_ = price({ ...state, reductions: [...others, name] });
  const own = with_.layers.find((layer) => layer.branch === name && ["reduce", "project"].includes(layer.part));
  return { weights: with_.weights - without.weights, macs: with_.macs - without.macs, channels: with_.out - without.out, own: { weights: own.weights, macs: own.macs } };
}

/** The branches that cost most, more than one if they tie. */
export function costliest({ branches }, what) {
  const most = Math.max(...branches.map((b) => b[what]));
  return branches.filter((b) => b[what] === most).map((b) => b.branch);
}

export const ratio = (state, what) => price(naive(state))[what] / price(state)[what];

/** A reader's prediction against the truth; the factor counts as right within a tenth of it. */
export function judge(state, what, { branch, factor }) {
  const most = costliest(price(state), what), truth = ratio(state, what);
  return { branch: most.includes(branch), factor: Math.abs(factor - truth) <= 0.1 * truth, most, truth };
}

/** Where the boxes of a module stand on a drawing `width` wide, the input at the bottom as in the paper: {boxes, wires, joined, input, height}. */
export function drawing(state, width) {
  const gap = 8, column = (width - 3 * gap) / 4, box = { w: column, h: 50 };
  const bar = 26, top = 18, rows = { main: top + bar + 30, low: top + bar + 30 + box.h + 26 };
  const input = { x: 0, y: rows.low + box.h + 26, w: width, h: bar };
  const priced = price(state), names = Object.keys(BRANCHES);
  const left = (branch) => names.indexOf(branch) * (column + gap);
  const boxes = priced.layers.map((layer) => ({ layer, x: left(layer.branch), y: ["reduce", "max"].includes(layer.part) ? rows.low : rows.main, ...box }));
  let x = 0;
  const room = width - 3 * 3, joined = priced.branches.map((b) => {
    const w = (room * b.out) / priced.out, segment = { branch: b.branch, out: b.out, x, y: top, w, h: bar };
    x += w + 3;
    return segment;
  });
  const wires = names.flatMap((branch, i) => {
    const own = boxes.filter((b) => b.layer.branch === branch).sort((a, b) => b.y - a.y);
    const middle = left(branch) + column / 2, { x: sx, w, y, h } = joined[i];
    const stops = [[middle, input.y], ...own.flatMap((b) => [[middle, b.y + b.h], [middle, b.y]]), [sx + w / 2, y + h]];
    return Array.from({ length: stops.length / 2 }, (_, n) => ({ from: stops[2 * n], to: stops[2 * n + 1] }));
  });
  return { boxes, wires, joined, input, height: input.y + bar + 4, priced };
}
