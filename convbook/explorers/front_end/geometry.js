// How large an output is, which inputs it reads, and what that costs. One axis at a time, no DOM. The same rules as
// convbook.shapes and convbook.cost; tests/cases/shapes.json holds the two languages together.

export const MODES = ["zeros", "reflect", "replicate", "circular"];

const quoted = (value) => (typeof value === "string" ? `'${value}'` : Array.isArray(value) ? `(${value.join(", ")})` : String(value));

function whole(name, value, least) {
  if (typeof value !== "number" || !Number.isInteger(value)) throw new TypeError(`${name}=${quoted(value)} must be an integer`);
  if (value < least) throw new RangeError(`${name}=${value} must be at least ${least}`);
  return value;
}

function sides(name, value) {
  if (!Array.isArray(value)) return [whole(name, value, 0), value];
  if (value.length !== 2) throw new RangeError(`${name}=${quoted(value)} must be one integer, or a pair (before, after)`);
  return value.map((v, i) => whole(`${name}[${i}]`, v, 0));
}

/** Positions from a kernel's first tap to its last, both counted. */
export const span = (k, dilation = 1) => dilation * (k - 1) + 1;

/** floor((n + 2p - d (k - 1) - 1) / s) + 1; padding is one number, or [before, after]. */
export function outputSize(n, k, { stride = 1, padding = 0, dilation = 1 } = {}) {
  whole("n", n, 1); whole("k", k, 1); whole("stride", stride, 1); whole("dilation", dilation, 1);
  const [before, after] = sides("padding", padding);
  const padded = n + before + after, reach = span(k, dilation);
  if (reach > padded) throw new RangeError(`k=${k} with dilation=${dilation} spans ${reach} positions; n=${n} with padding=${quoted(padding)} has only ${padded}`);
  return Math.floor((padded - reach) / stride) + 1;
}

/** s (n - 1) + d (k - 1) + 1 - 2p + output_padding. */
export function transposeOutputSize(n, k, { stride = 1, padding = 0, outputPadding = 0, dilation = 1 } = {}) {
  whole("n", n, 1); whole("k", k, 1); whole("stride", stride, 1); whole("dilation", dilation, 1);
  whole("padding", padding, 0); whole("output_padding", outputPadding, 0);
  if (outputPadding >= Math.max(stride, dilation)) throw new RangeError(`output_padding=${outputPadding} must be less than stride=${stride} or dilation=${dilation}`);
  const o = stride * (n - 1) + span(k, dilation) - 2 * padding + outputPadding;
  if (o < 1) throw new RangeError(`padding=${padding} cuts ${2 * padding} positions from an output of ${o + 2 * padding}; it must leave at least 1`);
  return o;
}

/** [before, after] that give ceil(n / s) outputs; an odd position goes after. */
export function samePadding(n, k, { stride = 1, dilation = 1 } = {}) {
  whole("n", n, 1); whole("k", k, 1); whole("stride", stride, 1); whole("dilation", dilation, 1);
  const total = Math.max(0, stride * (Math.ceil(n / stride) - 1) + span(k, dilation) - n);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/** Which input each position of a padded axis copies; -1 stands for a padded zero. */
export function paddedIndices(n, padding, { mode = "zeros" } = {}) {
  whole("n", n, 1);
  const [before, after] = sides("padding", padding);
  if (typeof mode !== "string") throw new TypeError(`padding_mode=${quoted(mode)} must be a string, one of ${MODES.map(quoted).join(", ")}`);
  if (!MODES.includes(mode)) throw new RangeError(`padding_mode=${quoted(mode)} must be one of ${MODES.map(quoted).join(", ")}`);
  const most = { reflect: n - 1, circular: n }[mode] ?? Infinity;
  if (Math.max(before, after) > most) throw new RangeError(`padding=${quoted(padding)} must be at most ${most} for n=${n} with padding_mode=${quoted(mode)}`);
  const source = {
    zeros: (i) => (i >= 0 && i < n ? i : -1),
    reflect: (i) => n - 1 - Math.abs(n - 1 - Math.abs(i)),
    replicate: (i) => Math.min(Math.max(i, 0), n - 1),
    circular: (i) => (((i % n) + n) % n),
  }[mode];
  return Array.from({ length: before + n + after }, (_, i) => source(i - before));
}

/** Which inputs each output reads along one axis, -1 for a padded zero: taps(...)[output][tap]. */
export function taps(n, k, { stride = 1, padding = 0, dilation = 1, mode = "zeros" } = {}) {
  const o = outputSize(n, k, { stride, padding, dilation });
  const source = paddedIndices(n, padding, { mode });
  return Array.from({ length: o }, (_, i) => Array.from({ length: k }, (_, u) => source[stride * i + dilation * u]));
}

/** {size, jump, start} of a stack of [k, stride, padding, dilation], in input pixels; start is the first field's centre. */
export function receptiveField(layers) {
  let size = 1, jump = 1, start = 0;
  layers.forEach((layer, i) => {
    if (!Array.isArray(layer)) throw new TypeError(`layers[${i}]=${quoted(layer)} must be a tuple (k, stride, padding, dilation)`);
    if (layer.length !== 4) throw new RangeError(`layers[${i}]=${quoted(layer)} must have four entries (k, stride, padding, dilation)`);
    const [k, s, p, d] = layer.map((v, j) => whole(`layers[${i}][${j}]`, v, [1, 1, 0, 1][j]));
    size += d * (k - 1) * jump;
    start += ((d * (k - 1)) / 2 - p) * jump;
    jump *= s;
  });
  return { size, jump, start };
}

const product = (list) => list.reduce((a, b) => a * b, 1);
const axes = (name, value, count) => (Array.isArray(value) ? value.map((v, i) => whole(`${name}[${i}]`, v, 1)) : Array(count).fill(whole(name, value, 1)));

function channels(C, D, G) {
  whole("in_channels", C, 1); whole("out_channels", D, 1); whole("groups", G, 1);
  if (C % G || D % G) throw new RangeError(`groups=${G} must divide in_channels=${C} and out_channels=${D}`);
}

/** D (C / G) k_h k_w, and D more with a bias; one number for the kernel means a square one. */
export function convParams(C, D, kernelSize, { groups = 1, bias = true } = {}) {
  channels(C, D, groups);
  return D * (C / groups) * product(axes("kernel_size", kernelSize, 2)) + (bias ? D : 0);
}

/** D o_h o_w (C / G) k_h k_w, on one image. */
export function convMacs(C, D, kernelSize, outputSize, { groups = 1 } = {}) {
  channels(C, D, groups);
  const count = [kernelSize, outputSize].find(Array.isArray)?.length ?? 2;
  const k = axes("kernel_size", kernelSize, count), o = axes("output_size", outputSize, count);
  if (k.length !== o.length) throw new RangeError(`output_size=${quoted(outputSize)} must be one integer, or a tuple of ${k.length}, one per axis`);
  return D * product(o) * (C / groups) * product(k);
}

/** Correlation of two small arrays of rows; options per axis, [height, width]. `flip` turns the kernel first. */
export function conv2d(x, w, { stride = [1, 1], padding = [0, 0], dilation = [1, 1], mode = "zeros", flip = false } = {}) {
  const kernel = flip ? turned(w) : w;
  const [rows, columns] = [0, 1].map((a) =>
    taps(a ? x[0].length : x.length, a ? w[0].length : w.length, { stride: stride[a], padding: padding[a], dilation: dilation[a], mode }));
  return rows.map((r) => columns.map((c) => {
    let sum = 0;
    r.forEach((i, u) => c.forEach((j, v) => { if (i >= 0 && j >= 0) sum += kernel[u][v] * x[i][j]; }));
    return sum;
  }));
}

/** A kernel turned by half a turn. */
export const turned = (w) => w.map((row) => [...row].reverse()).reverse();
