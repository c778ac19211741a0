// What the explorer says: sums with their numbers, sizes, names of cells, the layer as code. No DOM here.
//
// A line of text is a list of pieces, each a string or {role, text}: numbers carry the role of the grid they come from.

import { minus } from "../one_channel.js";
import { isCut, stamp, terms } from "./geometry.js";

const at = (r, c) => `(${minus(r)}, ${minus(c)})`;
export const place = (r, c) => `row ${minus(r)}, column ${minus(c)}`;
const factor = (value) => (value < 0 ? `(${minus(value)})` : minus(value));
const N = (role, value, outer = false) => ({ role, text: outer ? factor(value) : minus(value) });
const plural = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** Names of cells, for those who hear the page. */
export const label = {
  X: (L, r, c) => (isCut(L, r, c) ? `Padding of X, ${place(r, c)}: 0` : `X, input of the direct convolution, ${place(r, c)}: ${minus(L.X[r][c])}`),
  z: (L, r, c) => `z, output of the direct convolution, ${place(r, c)}: ${minus(L.z[r][c])}`,
  x: (L, r, c) => `x, input of the transposed convolution, ${place(r, c)}: ${minus(L.x[r][c])}`,
  y: (L, r, c, value) => (isCut(L, r, c) ? `Cut off from y by the padding, ${place(r, c)}: ${value}` : `y, output of the transposed convolution, ${place(r, c)}: ${value}`),
  stuffed: (L, r, c) => {
    const { from, border } = L.stuffed[r][c];
    return from ? `x ${place(...from)}, stretched to ${place(r, c)}: ${minus(L.x[from[0]][from[1]])}` : `${border ? "Border" : "Inserted"} zero, ${place(r, c)}`;
  },
};

/** What to say about a place: {direct, transposed: {title, lines}, spoken}. */
export function explain(L, [grid, r, c], view) {
  const said = grid === "input" ? inputWords(L, r, c) : outputWords(L, r, c, view);
  const flat = ({ title, lines }) => `${title}. ${lines.map((pieces) => pieces.map((p) => p.text ?? p).join("")).join(" ")}`;
  return { ...said, spoken: `Transposed: ${flat(said.transposed)} Direct: ${flat(said.direct)}` };
}

function inputWords(L, i, j) {
  const all = stamp(L, i, j), value = L.x[i][j];
  const { rows, columns } = L, last = all.at(-1).at(-1);
  const cut = all.flat().filter((t) => t.outside).length;
  const sum = all.map((line, u) => [u ? "+ " : "", ...line.flatMap((t, v) => [v ? " + " : "", N(t.outside ? "padding" : "input", t.read), "·", N("kernel", t.weight, true)])]);
  const products = all.map((line) => line.flatMap((t, v) => [v ? ",  " : "", N("input", value), "·", N("kernel", t.weight, true), " = ", N(t.outside ? "padding" : "output", value * t.weight)]));
  return {
    direct: { title: `z${at(i, j)} gathers a window of X`, lines: [...sum, ["= ", N("output", L.z[i][j])]] },
    transposed: {
      title: `x${at(i, j)} = ${minus(value)} stamps ${minus(value)} · w on rows ${minus(all[0][0].r)} to ${minus(last.r)}, columns ${minus(all[0][0].c)} to ${minus(last.c)} of y`,
      lines: [...products, [cut ? `${plural(cut, "product")} ${cut === 1 ? "falls" : "fall"} outside y and ${cut === 1 ? "is" : "are"} cut off.` : "", rows.s < rows.span || columns.s < columns.span ? " Where stamps overlap, they add." : " Stamps do not overlap."]],
    },
  };
}

function outputWords(L, r, c, view) {
  const all = terms(L, r, c), cut = isCut(L, r, c);
  const value = L.full[r + L.rows.p][c + L.columns.p];
  const where = all.flatMap((t, n) => [n ? " + " : "", `x${at(t.i, t.j)}·w${at(t.u, t.v)}`]);
  const numbers = all.flatMap((t, n) => [n ? " + " : "", N("input", t.value, n > 0), "·", N("kernel", t.weight, true)]);
  const rest = L.rows.k * L.columns.k - all.length;
  const zeros = `The window holds ${plural(all.length + rest, "number")}; ${rest === 1 ? "the other one is a zero" : rest ? `the other ${rest} are zeros` : "none of them is an inserted zero"}.`;
  const cell = r * L.columns.o + c;
  return {
    direct: {
      title: cut ? `X${at(r, c)} is padding: a zero` : `X${at(r, c)} = ${minus(L.X[r][c])} is read by ${plural(all.length, "window")}`,
      lines: [all.length ? ["into ", ...all.flatMap((t, n) => [n ? ", " : "", `z${at(t.i, t.j)} times `, N("kernel", t.weight)])] : ["No window reaches it."]],
    },
    transposed: {
      title: `y${at(r, c)}${cut ? ", cut off by the padding," : ""} sums ${plural(all.length, "stamp")}`,
      lines: all.length ? [where, [...numbers, " = ", N(cut ? "padding" : "output", value)],
        cut ? ["It would stand here if the padding p were smaller."] : view === "insert" ? [zeros] : view === "matrix" ? [`Row ${cell} of Cᵀ times x, where that row is not zero.`] : []]
        : [["No stamp reaches it, so it is ", N("output", 0), "."]],
    },
  };
}

export const FORMULAS = { direct: "⌊(n + 2p − d (k − 1) − 1) / s⌋ + 1", transposed: "s (n − 1) + d (k − 1) + 1 − 2p + output_padding", border: "d (k − 1) − p" };

/** Both size formulas of one axis with its numbers, and which sizes the direct convolution cannot tell apart. */
export function sizeWords({ n, k, s, p, extra, d, o, back }) {
  const least = o - extra, sizes = Array.from({ length: s }, (_, e) => least + e);
  return {
    trip: `${o} → ${back} → ${o}`,
    direct: `⌊(${o} + 2·${p} − ${d}·(${k} − 1) − 1) / ${s}⌋ + 1 = ${back}`,
    transposed: `${s}·(${n} − 1) + ${d}·(${k} − 1) + 1 − 2·${p} + ${extra} = ${o}`,
    rest: s === 1 ? `At stride 1 only ${o} gives ${back}: output_padding has nothing to choose.`
      : `${sizes.slice(0, -1).join(", ")} and ${sizes.at(-1)} ${s === 2 ? "both" : "all"} give ${back}; output_padding says which is meant: ${sizes.map((size, e) => `${e} for ${size}`).join(", ")}.`,
  };
}

/** p and p', with their numbers: what each is and where it stands. */
export function paddingWords({ axes }) {
  const per = (get) => { const [a, b] = axes.map(get); return a === b ? String(a) : `${a}, ${b}`; };
  return {
    p: `p = ${per((a) => a.p)}`,
    border: `p′ = d (k − 1) − p = ${per((a) => `${a.d}·(${a.k} − 1) − ${a.p} = ${a.border}`)}`,
    extra: `output_padding = ${per((a) => a.extra)}`,
  };
}

/** The same layer in PyTorch, ready to run, and the ordinary convolution that gives the same numbers. */
export function code(L) {
  const { rows, columns, x, w } = L;
  const per = (name) => { const [a, b] = [rows[name], columns[name]]; return a === b ? String(a) : `(${a}, ${b})`; };
  const option = (key, name, plain) => per(name) !== plain && `${key}=${per(name)}`;
  const tensor = (values) => `torch.tensor([\n${values.map((row) => `    [${row.join(", ")}],`).join("\n")}\n], dtype=torch.float32)`;
  const options = [`kernel_size=${per("k")}`, option("stride", "s", "1"), option("padding", "p", "0"), option("output_padding", "extra", "0"), option("dilation", "d", "1"), "bias=False"].filter(Boolean);
  const dilation = option("dilation", "d", "1");
  return [
    "import torch", "from torch import nn", "from torch.nn import functional as F", "",
    `x = ${tensor(x)}`, `weight = ${tensor(w)}`, "",
    "layer = nn.ConvTranspose2d(", "    1, 1,", ...options.map((line) => `    ${line},`), ")",
    "layer.weight.data[0, 0] = weight", "print(layer(x[None])[0].detach())", "",
    "# The same by zero-insertion: stretch, pad by p', convolve with the turned kernel.",
    `stretched = torch.zeros(${rows.s * (rows.n - 1) + 1}, ${columns.s * (columns.n - 1) + 1})`,
    `stretched[::${rows.s}, ::${columns.s}] = x`,
    `stretched = F.pad(stretched, (${columns.border}, ${columns.border + columns.extra}, ${rows.border}, ${rows.border + rows.extra}))`,
    `print(F.conv2d(stretched[None, None], weight.flip(0, 1)[None, None]${dilation ? `, ${dilation}` : ""})[0, 0])`,
  ].join("\n");
}
