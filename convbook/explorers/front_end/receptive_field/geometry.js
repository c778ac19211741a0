// What a unit of a stack of layers sees, along one axis. No DOM here.
//
// A layer is {kind, k, s, p, d, name}: k taps, stride s, padding p on each side (a number, "auto", or "causal": before only), dilation d.
// Row 0 is the input; row l is what layer l gives, so layer l is layers[l - 1] and joins row l to row l - 1.

export const LIMITS = { layers: [1, 6], n: [4, 64], k: [1, 7], s: [1, 4], p: [0, 24], d: [1, 8] };
export const KINDS = ["conv", "pool"];
export const NEW_LAYER = { kind: "conv", k: 3, s: 1, p: "auto", d: 1, name: "" };

const layer = (k, s = 1, p = 0, d = 1, kind = "conv") => ({ kind, k, s, p, d, name: "" });
const three = layer(3, 1, "auto");
const halve = layer(2, 2, 0, 1, "pool");

export const PRESETS = [
  { name: "Three 3-tap layers", n: 13, layers: [layer(3), layer(3), layer(3)],
    note: "Together they see 7 pixels, as one 7-tap layer does. In 2D that is 3 · 9 = 27 weights in place of 49." },
  { name: "VGG, first two stages", n: 24, layers: [three, three, halve, three, three, halve],
    note: "After the first pooling, one step of a unit is two pixels: each layer that follows widens the field twice as fast." },
  { name: "Stride 2, three times", n: 29, layers: [layer(3, 2, 1), layer(3, 2, 1), layer(3, 2, 1)],
    note: "The jump doubles at every layer, so the field grows 3, 7, 15." },
  { name: "Dilations 1, 2, 4, 8", n: 37, layers: [layer(3), layer(3, 1, 0, 2), layer(3, 1, 0, 4), layer(3, 1, 0, 8)],
    note: "Doubling the dilation reads each of 31 pixels, with no stride. Few paths start at each: 5 at most." },
  { name: "Dilations 2, 2, 2 (gridding)", n: 21, layers: [layer(3, 1, 0, 2), layer(3, 1, 0, 2), layer(3, 1, 0, 2)],
    note: "The field is 13 wide, but every other pixel in it is never read." },
  { name: "Dilations 1, 2, 5 (no holes)", n: 25, layers: [layer(3), layer(3, 1, 0, 2), layer(3, 1, 0, 5)],
    note: "Three layers as before, and now no pixel between the first and the last is left out." },
  { name: "ResNet, its first layers", n: 40, layers: [layer(7, 2, 3), layer(3, 2, 1, 1, "pool"), three, three],
    note: "Two strides come first, so that each later 3-tap layer adds 8 pixels." },
  { name: "Dilations 1, 2, 8 (too large a step)", n: 31, layers: [layer(3), layer(3, 1, 0, 2), layer(3, 1, 0, 8)],
    note: "Starting at 1 is not enough: from 2 to 8 is too far, and two pixels fall between." },
  { name: "Dilations 2, 4, 8 (a common factor)", n: 37, layers: [layer(3, 1, 0, 2), layer(3, 1, 0, 4), layer(3, 1, 0, 8)],
    note: "Every dilation is even, so every path ends on an even distance: half of the field is lost." },
  { name: "Causal, 2 taps, dilations 1, 2, 4, 8", n: 24, layers: [1, 2, 4, 8].map((d) => layer(2, 1, "causal", d)),
    note: "All padding stands before the signal, so no unit reads what comes later. Four layers of two taps see 2⁴ = 16 samples." },
];

/** Positions from a kernel's first tap to its last, both counted. */
export const span = ({ k, d }) => d * (k - 1) + 1;

/** "auto" is half the span on each side: at stride 1 an odd kernel then gives as many units as it reads. */
export const padding = (layer) => (layer.p === "auto" ? Math.floor((span(layer) - 1) / 2) : layer.p === "causal" ? span(layer) - 1 : layer.p);

/** Padding after the row: as much as before it, but none in a causal layer, whose units read nothing that comes later. */
export const paddingAfter = (layer) => (layer.p === "causal" ? 0 : padding(layer));

/** Only a convolution whose padding stays within the limit. */
const mayBeCausal = (layer) => layer.kind === "conv" && span(layer) - 1 <= LIMITS.p[1];

/** Whether the stack is meant for signals in time: one causal layer is enough. */
export const inTime = (layers) => layers.some(({ p }) => p === "causal");

/** More padding than this gives windows with nothing but padding in them; pooling takes half a window at most. */
export const paddingMax = (layer) =>
  Math.min(LIMITS.p[1], layer.kind === "pool" ? Math.floor(span(layer) / 2) : span(layer) - 1);

/** Of each row, the input first: its n units, what one of them sees (size), how far apart they see (jump), and the
    centre of what unit 0 sees (start), in pixels, where input pixel i is centred at i. Same rule as shapes.py. */
export function rows(layers, n) {
  const all = [{ n, size: 1, jump: 1, start: 0 }];
  for (const layer of layers) {
    const { n, size, jump, start } = all.at(-1);
    const reach = span(layer) - 1;
    const p = padding(layer);
    all.push({
      n: Math.floor((n + p + paddingAfter(layer) - reach - 1) / layer.s) + 1,
      size: size + reach * jump,
      jump: jump * layer.s,
      start: start + (reach / 2 - p) * jump,
    });
  }
  return all;
}

export const legal = (layers, n) => rows(layers, n).every((row) => row.n >= 1);

/** The shortest input that leaves a unit in every row; Infinity where the longest that is offered does not. */
export function shortestInput(layers) {
  for (let n = LIMITS.n[0]; n <= LIMITS.n[1]; n++) if (legal(layers, n)) return n;
  return Infinity;
}

/** The stack with one number of one layer changed; padding that no longer fits is cut to what does. */
export function changed(layers, index, name, value) {
  return layers.map((old, i) => {
    if (i !== index) return old;
    const now = { ...old, [name]: value };
    if (now.p === "causal" && !mayBeCausal(now)) return { ...now, p: "auto" };
    return typeof now.p === "string" ? now : { ...now, p: Math.min(now.p, paddingMax(now)) };
  });
}

/** Values of k, s, p, d or kind of one layer that leave a unit in every row: no other can be chosen. */
export function choices(layers, n, index, name) {
  let values = KINDS;
  if (name === "p") values = ["auto", ...(mayBeCausal(layers[index]) ? ["causal"] : []), ...Array(paddingMax(layers[index]) + 1).keys()];
  else if (name !== "kind") values = between(LIMITS[name]);
  return values.filter((value) => legal(changed(layers, index, name, value), n));
}

const between = ([low, high]) => Array.from({ length: high - low + 1 }, (_, i) => low + i);

export const added = (layers) => [...layers, { ...NEW_LAYER }];
export const removed = (layers, index) => layers.filter((_, i) => i !== index);
export function moved(layers, index, step) {
  const now = [...layers];
  [now[index], now[index + step]] = [now[index + step], now[index]];
  return now;
}

/** Everything joined to one unit. Below it: counts[l][i], the number of paths from unit i of row l up to it, and
    lost[l], the paths that end in the padding of row l. Above it: above[l][i], whether unit i of row l reads it.
    links[l] holds the [unit of row l, position in row l - 1] of each connection, positions in the padding too. */
export function cone(layers, n, row, unit) {
  const all = rows(layers, n);
  const counts = all.map(({ n }) => Array(n).fill(0));
  const above = all.map(({ n }) => Array(n).fill(false));
  const lost = all.map(() => 0);
  const links = all.map(() => []);
  counts[row][unit] = 1;
  above[row][unit] = true;
  for (let l = row; l > 0; l--) {
    for (let i = 0; i < all[l].n; i++) {
      if (!counts[l][i]) continue;
      for (const at of taps(layers[l - 1], i)) {
        links[l].push([i, at]);
        if (at >= 0 && at < all[l - 1].n) counts[l - 1][at] += counts[l][i];
        else lost[l - 1] += counts[l][i];
      }
    }
  }
  for (let l = row + 1; l < all.length; l++) {
    for (let i = 0; i < all[l].n; i++) {
      const read = taps(layers[l - 1], i).filter((at) => above[l - 1][at]);
      above[l][i] = read.length > 0;
      links[l].push(...read.map((at) => [i, at]));
    }
  }
  return { counts, above, lost, links };
}

/** Positions in the row below that unit i of a layer reads; negative or too large means padding. */
export function taps(layer, i) {
  return Array.from({ length: layer.k }, (_, u) => layer.s * i - padding(layer) + layer.d * u);
}

/** The field of one unit in words' numbers: its first and last pixel, how many are inside the input, read, and holes. */
export function coverage(layers, n, row, unit, counts) {
  const { size, jump, start } = rows(layers, n)[row];
  const first = start + unit * jump - (size - 1) / 2;
  const last = first + size - 1;
  const inside = Math.max(0, Math.min(last, n - 1) - Math.max(first, 0) + 1);
  const read = counts.filter((c) => c > 0).length;
  return {
    size, first, last, inside, read,
    outside: size - inside,
    holes: inside - read,
    paths: counts.reduce((a, b) => a + b, 0),
    most: Math.max(...counts),
  };
}

/** Distances, in pixels from the first, that one unit of the top row reads where no border is near, and how many are left out. */
export function reach(layers) {
  let seen = new Set([0]);
  for (const layer of [...layers].reverse()) {
    seen = new Set([...seen].flatMap((i) => Array.from({ length: layer.k }, (_, u) => layer.s * i + layer.d * u)));
  }
  const read = [...seen].sort((a, b) => a - b);
  return { read, holes: read.at(-1) + 1 - read.length };
}

/** The rule of hybrid dilated convolution: gaps M_n, ..., M_2 from the top layer down; {gaps, gap: M_2, k, promised: M_2 <= k}.
    null where it does not speak: fewer than two layers, a stride, a pooling, unequal kernels, or no dilation at all. */
export function hdc(layers) {
  const { k } = layers[0];
  if (layers.length < 2 || layers.some((l) => l.s > 1 || l.kind !== "conv" || l.k !== k) || layers.every((l) => l.d === 1)) return null;
  const rates = layers.map((l) => l.d), gaps = [rates.at(-1)];
  for (const r of rates.slice(1, -1).reverse()) gaps.push(Math.max(gaps.at(-1) - 2 * r, 2 * r - gaps.at(-1), r));
  return { gaps, gap: gaps.at(-1), k, promised: gaps.at(-1) <= k };
}

/** The unit of a row that is shown until the reader picks another: the middle one, in time the latest. */
export const middle = (layers, n, row) => (inTime(layers) ? rows(layers, n)[row].n - 1 : Math.floor((rows(layers, n)[row].n - 1) / 2));

/** The unit of another row that sees nearest to the same place; what the up and down arrows lead to. */
export function nearest(layers, n, row, unit, to) {
  const all = rows(layers, n);
  const place = all[row].start + unit * all[row].jump;
  return Math.min(all[to].n - 1, Math.max(0, Math.round((place - all[to].start) / all[to].jump)));
}

/** Why a guess of the field is not the field: the likeliest slip first, or only its side. */
export function guessHint(layers, n, guess) {
  const size = rows(layers, n).at(-1).size;
  const grown = (reach, step) => {
    let r = 1;
    let j = 1;
    for (const layer of layers) [r, j] = step(r, j, layer, reach(layer));
    return r;
  };
  const own = (l) => span(l) - 1;
  const taps = (l) => l.k - 1;
  const right = (r, j, l, reach) => [r + reach * j, j * l.s];
  const flat = (r, j, l, reach) => [r + reach, 1];
  const early = (r, j, l, reach) => [r + reach * j * l.s, j * l.s];
  const top = cone(layers, n, layers.length, middle(layers, n, layers.length)).counts[0];
  const slips = [
    [grown(own, flat), "Every jump was taken as 1. After a stride, a step of one unit is several input pixels."],
    [grown(taps, right), "The dilation was left out. A kernel of k taps spans d(k − 1) + 1 positions."],
    [grown(taps, flat), "This would be right with no stride and no dilation: each layer adds d(k − 1) times its jump."],
    [grown(own, early), "A layer's own stride was used too early: it sets the jump of the layers above, not of itself."],
    [layers.reduce((sum, l) => sum + l.k, 0), "The kernel sizes were added up. Windows overlap: a layer adds one pixel less than it spans."],
    [layers.reduce((product, l) => product * l.k, 1), "That is the number of paths. Many paths lead to the same pixel: a field grows by adding, not by multiplying."],
    [top.filter((c) => c > 0).length, "That is how many pixels are read. The field is measured from the first to the last, with the holes."],
    [size - 1, "One short. The field starts at 1: a pixel sees itself."],
  ];
  const slip = slips.find(([value]) => value === guess && value !== size);
  return slip ? slip[1] : guess < size ? "The field is larger." : "The field is smaller.";
}

/** The same stack in PyTorch: in 2D, or in 1D if a layer is causal. */
export function code(layers) {
  const axes = inTime(layers) ? "1d" : "2d";
  const lines = layers.map((layer) => {
    const { kind, k, s, d, name } = layer;
    const p = padding(layer);
    const options = [
      s > 1 && kind === "conv" && `stride=${s}`,
      kind === "pool" && `stride=${s}`,
      p > 0 && layer.p !== "causal" && `padding=${p}`,
      d > 1 && `dilation=${d}`,
    ].filter(Boolean);
    const call = kind === "conv" ? [`nn.Conv${axes}(c, c`, k, ...options] : [`nn.MaxPool${axes}(${k}`, ...options];
    const before = p > 0 && layer.p === "causal" ? `    nn.ConstantPad1d((${p}, 0), 0.0),\n` : "";
    return `${before}    ${call.join(", ")}),${name ? `  # ${name}` : ""}`;
  });
  return ["from torch import nn", "", "c = 16  # channels do not change what a unit sees", "stack = nn.Sequential(", ...lines, ")"]
    .join("\n");
}
