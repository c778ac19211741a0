// Nine taps of a 3 x 3 kernel on a grey picture, each moved by its own offset and read between the pixels. No DOM here.
//
// A state has image (rows of grey values), kernel (9 weights), offsets (18: dy, dx of tap 0, dy, dx of tap 1, ...), mask (9),
// modulated, dilation and at, the row and column of the output: at stride 1 with padding = dilation it lies on that pixel.

export const LIMITS = { dilation: [1, 3], offset: 16, height: [4, 48], width: [4, 48], weight: 99, grey: 255 };
export const MARGIN = 2; // how much of the zeros outside is drawn
export const KERNELS = {
  "Sobel, left to right": [-1, 0, 1, -2, 0, 2, -1, 0, 1], "mean (times 9)": [1, 1, 1, 1, 1, 1, 1, 1, 1], Laplace: [0, 1, 0, 1, -4, 1, 0, 1, 0], "counting": [1, 2, 3, 4, 5, 6, 7, 8, 9],
};
const range = (n) => Array.from({ length: n }, (_, i) => i);
export const round = (value) => Math.round(value * 100) / 100 || 0;

/** Where tap t stands on the grid of a plain convolution, from the middle: (-d, -d) to (d, d). */
export const base = (t, dilation = 1) => [dilation * (Math.floor(t / 3) - 1), dilation * ((t % 3) - 1)];

function mixed(...numbers) {
  let hash = 0x9e3779b9;
  for (const n of numbers) { hash = Math.imul(hash ^ (n + 0x7f4a7c15), 0x85ebca6b); hash ^= hash >>> 13; }
  return (Math.imul(hash, 0xc2b2ae35) ^ (hash >>> 16)) >>> 0;
}

const offsetsOf = (move, dilation) => range(9).flatMap((t) => { const [y, x] = base(t, dilation), [ny, nx] = move(y, x, t); return [round(ny - y), round(nx - x)]; });

/** What a grid can be turned into; amount: [least, most, step, first], and how an amount is read back from offsets. */
export const PRESETS = {
  plain: { text: "plain: no offsets", make: (d) => offsetsOf((y, x) => [y, x], d) },
  scaled: { text: "scaled", amount: [0.25, 4, 0.25, 1.75], unit: "×", make: (d, s) => offsetsOf((y, x) => [s * y, s * x], d), read: (d, o) => 1 - o[0] / d },
  aspect: { text: "another aspect", amount: [0.25, 4, 0.25, 2.5], unit: "× wide", make: (d, a) => offsetsOf((y, x) => [y, a * x], d), read: (d, o) => 1 - o[1] / d },
  rotated: { text: "rotated", amount: [-90, 90, 5, 30], unit: "angle, °", make: (d, angle) => { const c = Math.cos(angle * Math.PI / 180), s = Math.sin(angle * Math.PI / 180); return offsetsOf((y, x) => [c * y - s * x, s * y + c * x], d); }, read: (d, o) => Math.atan2(-o[10] / d, 1 + o[11] / d) * 180 / Math.PI },
  dilated: { text: "dilated", amount: [2, 6, 1, 2], unit: "apart", make: (d, e) => offsetsOf((y, x) => [e * y / d, e * x / d], d), read: (d, o) => d - o[0] },
  random: { text: "random", amount: [0, 99, 1, 7], unit: "seed", make: (d, seed) => range(18).map((n) => ((mixed(seed, n) % 13) - 6) / 4), read: (d, o) => range(100).find((seed) => String(PRESETS.random.make(d, seed)) === String(o)) },
};

/** {name, amount} of the preset that these offsets are, `preferred` first; null if they are none. */
export function presetOf(offsets, dilation, preferred) {
  const names = Object.keys(PRESETS);
  for (const name of names.includes(preferred) ? [preferred, ...names] : names) {
    const { amount: limits, make, read } = PRESETS[name];
    let amount = read ? read(dilation, offsets) : undefined;
    if (limits && (amount === undefined || Number.isNaN(amount))) continue;
    if (limits) amount = Math.min(limits[1], Math.max(limits[0], Math.round(amount / limits[2]) * limits[2]));
    if (String(make(dilation, amount)) === String(offsets)) return { name, amount };
  }
  return null;
}

/** One number between the pixels: the four around (y, x), the upper two first, each with its place, grey value (0 outside), weight. */
export function corners(image, y, x) {
  const r = Math.floor(y), q = Math.floor(x), t = round(y - r), s = round(x - q);
  return [[0, 0], [0, 1], [1, 0], [1, 1]].map(([a, b]) => {
    const row = r + a, column = q + b, inside = row >= 0 && row < image.length && column >= 0 && column < image[0].length;
    return { row, column, inside, value: inside ? image[row][column] : 0, down: a ? t : 1 - t, across: b ? s : 1 - s, weight: (a ? t : 1 - t) * (b ? s : 1 - s) };
  });
}

export const sample = (image, y, x) => corners(image, y, x).reduce((sum, c) => sum + c.weight * c.value, 0);

/** All nine taps: where each stands without and with its offset, what it reads, its mask, and its term of the sum. */
export function taps({ image, kernel, offsets, mask, modulated, dilation, at }) {
  return range(9).map((t) => {
    const [by, bx] = base(t, dilation), row = at[0] + by, column = at[1] + bx;
    const y = round(row + offsets[2 * t]), x = round(column + offsets[2 * t + 1]), around = corners(image, y, x);
    const value = around.reduce((sum, c) => sum + c.weight * c.value, 0), m = modulated ? mask[t] : 1;
    return { t, row, column, dy: offsets[2 * t], dx: offsets[2 * t + 1], y, x, around, value, mask: m, weight: kernel[t], term: kernel[t] * m * value,
      outside: around.every((c) => !c.inside || c.weight === 0), partly: around.some((c) => !c.inside && c.weight > 0) };
  });
}

export const output = (state) => taps(state).reduce((sum, tap) => sum + tap.term, 0);

/** The output of the plain convolution: the same without offsets and without a mask. */
export const plain = (state) => output({ ...state, offsets: Array(18).fill(0), modulated: false });

/** How the value a tap reads grows with y and with x, to the right at kinks. */
export function slopes(around) {
  const [a, b, c, d] = around.map((one) => one.value), t = around[2].down, s = around[1].across;
  return [(1 - s) * (c - a) + s * (d - b), (1 - t) * (b - a) + t * (d - c)];
}

/** The offset that brings tap t to (y, x), kept within what may be shown. */
export function moved({ offsets, dilation, at, image }, t, y, x) {
  const [by, bx] = base(t, dilation), size = [image.length, image[0].length];
  const clip = (value, n) => Math.min(n - 1 + MARGIN, Math.max(-MARGIN, value));
  const limit = (value) => round(Math.min(LIMITS.offset, Math.max(-LIMITS.offset, value)));
  const next = [...offsets];
  next[2 * t] = limit(clip(y, size[0]) - at[0] - by);
  next[2 * t + 1] = limit(clip(x, size[1]) - at[1] - bx);
  return next;
}

/** The same output out of PyTorch, on the piece of the picture that the taps read. */
export function code(state) {
  const all = taps(state), { image, dilation: d, at } = state;
  const cut = (places, last) => [Math.max(0, Math.min(last, ...places)), Math.min(last, Math.max(0, ...places))];
  const [r0, r1] = cut([at[0], ...all.flatMap((t) => t.around.map((c) => c.row))], image.length - 1);
  const [q0, q1] = cut([at[1], ...all.flatMap((t) => t.around.map((c) => c.column))], image[0].length - 1);
  const rows = range(r1 - r0 + 1).map((r) => `    [${image[r0 + r].slice(q0, q1 + 1).join(", ")}],`);
  const i = at[0] - r0, j = at[1] - q0, pairs = range(9).map((t) => `    ${all[t].dy}, ${all[t].dx},  # tap ${t}: dy, dx`);
  return [
    "import torch", "from convbook.blocks.sampling import deform_conv2d  # or from torchvision.ops", "",
    `# rows ${r0} to ${r1}, columns ${q0} to ${q1} of the picture: all that the taps read`, "x = torch.tensor([", ...rows, "], dtype=torch.float32)", "",
    `offset = torch.zeros(1, 18, *x.shape)`, `offset[0, :, ${i}, ${j}] = torch.tensor([`, ...pairs, "])",
    ...(state.modulated ? ["mask = torch.ones(1, 9, *x.shape)", `mask[0, :, ${i}, ${j}] = torch.tensor([${state.mask.join(", ")}])`] : []),
    `weight = torch.tensor([${state.kernel.map((w) => `${w}.0`.replace(/(\.\d+)\.0$/, "$1")).join(", ")}]).reshape(1, 1, 3, 3)`,
    `y = deform_conv2d(x[None, None], offset, weight, padding=${d}, dilation=${d}${state.modulated ? ", mask=mask" : ""})`, `print(y[0, 0, ${i}, ${j}])`,
  ].join("\n");
}

/** A question on tap t: {key, prompt, answer, working}; turn chooses which. */
export function question(state, t, turn) {
  const tap = taps(state)[t], n = (v) => String(round(v)).replace("-", "−");
  if (turn % 2 === 1) {
    return { key: "index", prompt: `The offset layer has 18 output channels. In which of them stands ${turn % 4 === 1 ? "dx" : "dy"} of tap ${t}?`, answer: 2 * t + (turn % 4 === 1 ? 1 : 0),
      working: `dy of tap t is channel 2t, dx is channel 2t + 1: here 2·${t}${turn % 4 === 1 ? " + 1" : ""} = ${2 * t + (turn % 4 === 1 ? 1 : 0)}.` };
  }
  return { key: "value", prompt: `Tap ${t} looks at row ${n(tap.y)}, column ${n(tap.x)}, among the four pixels shown enlarged. What does it read?`, answer: Math.round(tap.value * 1000) / 1000,
    working: `${tap.around.map((c) => `${n(c.down)}·${n(c.across)}·${c.value}`).join(" + ")} = ${String(Math.round(tap.value * 1000) / 1000).replace("-", "−")}.` };
}
