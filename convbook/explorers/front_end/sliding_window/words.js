// What the sliding window says: the sum, the size formula, the names of cells, the layer as code. No DOM here.
//
// A line of text is a list of pieces, each a string or {role, text}: numbers carry the role of the grid they come from.

import { minus } from "../one_channel.js";
import { copies, feeds, inputAt, terms, weightIndex } from "./geometry.js";

export const place = (r, c) => `row ${minus(r)}, column ${minus(c)}`;
const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
const factor = (value) => (value < 0 ? `(${minus(value)})` : minus(value));

/** The name of a cell for those who hear the page. */
export function cellLabel(L, grid, r, c) {
  if (grid === "output") return `Output ${place(r, c)}: ${minus(L.y[r][c])}`;
  if (grid === "kernel") return `Kernel ${place(r, c)}: ${minus(L.w[r][c])}`;
  const { value, from, padding, read } = inputAt(L, r, c);
  const kind = !padding ? "Input" : from ? `Padding, copied from ${place(...from)},` : "Zero padding,";
  return `${kind} ${place(r, c)}: ${minus(value)}${read ? "" : ", not read by any window"}`;
}

/** What to say about one place: {title, lines: [pieces], spoken}. */
export function explain(L, [grid, r, c]) {
  const said = { output: outputWords, kernel: kernelWords, input: inputWords }[grid](L, r, c);
  return { ...said, spoken: `${said.title}. ${said.lines.map((pieces) => pieces.map((p) => p.text ?? p).join("")).join(" ")}` };
}

function outputWords(L, i, j) {
  const all = terms(L, i, j);
  const long = ({ value, weight }) => (minus(value) + factor(weight)).length;
  // Spaces let the terms of one kernel column stand below one another.
  const columns = all[0].map((_, v) => Math.max(...all.map((row) => long(row[v]))));
  const lines = all.map((row, u) => [u ? "+ " : "  ", ...row.flatMap((t, v) => [
    v ? " + " : "", " ".repeat(columns[v] - long(t)),
    { role: t.padding ? "padding" : "input", text: minus(t.value) }, "·", { role: "kernel", text: factor(t.weight) },
  ])]);
  return { title: `Output ${place(i, j)}`, lines: [...lines, ["= ", { role: "output", text: minus(L.y[i][j]) }]] };
}

function kernelWords(L, r, c) {
  const [u, v] = weightIndex(L.state, r, c);
  const { rows, columns } = L;
  const inside = (axis, tap) => Array.from({ length: axis.o }, (_, i) => axis.s * i + axis.d * tap - axis.before).filter((p) => p >= 0 && p < axis.n).length;
  const padding = L.count - inside(rows, u) * inside(columns, v);
  return {
    title: `Kernel ${place(r, c)}`,
    lines: [
      ["The weight ", { role: "kernel", text: minus(L.w[r][c]) }, ` meets ${plural(L.count, "input number")}, one for each output: the outlined ones.`],
      padding ? [`${padding} of them ${padding === 1 ? "stands" : "stand"} in the padding.`] : ["None of them stands in the padding."],
      ["The same weight for all: that is what weight sharing means."],
    ],
  };
}

function inputWords(L, r, c) {
  const here = inputAt(L, r, c), outputs = feeds(L, r, c), twins = copies(L, r, c).length - 1;
  const number = { role: here.padding ? "padding" : "input", text: minus(here.value) };
  const lines = [outputs.length ? ["The number ", number, ` feeds ${plural(outputs.length, "output")}${outputs.length > 1 ? ", each through its own weight" : ""}.`]
    : ["The number ", number, ` is read by no window: ${unread(L, r, c)}.`]];
  if (outputs.length) {
    const listed = outputs.slice(0, 6).flatMap(({ i, j, through }, at) => [at ? ", " : "",
      { role: "output", text: `(${i}, ${j})` }, " by ", { role: "kernel", text: through.map((t) => minus(t.weight)).join(" and ") }]);
    lines.push(["Output ", ...listed, outputs.length > 6 ? `, and ${outputs.length - 6} more` : "", "."]);
  }
  if (here.padding) lines.push([here.from ? `It is padding: a copy of ${place(...here.from)}.` : "It is padding: a zero that is not in the input."]);
  else if (twins) lines.push([`The padding holds ${plural(twins, "copy", "copies")} of it, which ${twins === 1 ? "feeds" : "feed"} outputs too.`]);
  return { title: `${here.padding ? "Padding" : "Input"} ${place(r, c)}`, lines };
}

function unread({ rows, columns }, r, c) {
  const left = (axis, p) => axis.remainder > 0 && p + axis.before >= axis.padded - axis.remainder;
  if (left(rows, r) || left(columns, c)) return "no whole window fits there, it is left over";
  return "the windows step over it";
}

/** The size formula of one axis with its numbers, and what the stride leaves over. */
export function sizeWords({ n, k, s, d, before, after, padded, span, o, remainder, name }) {
  const p = before === after ? `2·${before}` : `(${before} + ${after})`;
  const line = name === "height" ? "row" : "column";
  return {
    name,
    formula: `⌊(${n} + ${p} − ${d}·(${k} − 1) − 1) / ${s}⌋ + 1 = ⌊${padded - span} / ${s}⌋ + 1 = `,
    result: String(o),
    rest: remainder ? `Remainder ${remainder}: ${remainder} ${line}${remainder === 1 ? "" : "s"} left over.`
      : "Remainder 0.",
  };
}

export const SIZE_FORMULA = "o = ⌊(n + 2p − d (k − 1) − 1) / s⌋ + 1";

/** The layer's totals, each with how it is counted. */
export const totals = ({ rows, columns, params, macs }) => [
  { name: "Output", value: `${rows.o} × ${columns.o}`, how: "" },
  { name: "Parameters", value: String(params), how: `= ${rows.k}·${columns.k}, no bias` },
  { name: "MACs", value: macs.toLocaleString("en-US"), how: `= ${rows.o}·${columns.o} outputs · ${rows.k}·${columns.k} taps` },
];

/** The same layer in PyTorch, ready to run; a signal of one row becomes a Conv1d. */
export function code(L) {
  const { rows, columns, state, x, w } = L;
  const line = rows.padded === 1 && rows.k === 1;
  const per = (a, b) => (line ? String(b) : a === b ? String(a) : `(${a}, ${b})`);
  const { padding, padding_mode } = state;
  const options = [
    `kernel_size=${per(rows.k, columns.k)}`,
    per(rows.s, columns.s) !== "1" && `stride=${per(rows.s, columns.s)}`,
    padding === "same" && 'padding="same"',
    typeof padding !== "string" && per(...padding) !== "0" && `padding=${per(...padding)}`,
    per(rows.d, columns.d) !== "1" && `dilation=${per(rows.d, columns.d)}`,
    padding !== "valid" && padding_mode !== "zeros" && `padding_mode="${padding_mode}"`,
    "bias=False",
  ].filter(Boolean);
  const tensor = (values) => `torch.tensor(${line ? `[${values[0].join(", ")}]` : `[\n${values.map((row) => `    [${row.join(", ")}],`).join("\n")}\n]`}, dtype=torch.float32)`;
  const flip = state.true_convolution ? `.flip(${line ? "0" : "0, 1"})` : "";
  return [
    "import torch", "from torch import nn", "",
    `x = ${tensor(x)}`,
    `weight = ${tensor(w)}`, "",
    `layer = nn.Conv${line ? 1 : 2}d(`, "    1, 1,", ...options.map((option) => `    ${option},`), ")",
    flip !== "" && "# nn.Conv does not turn the kernel; true convolution does.",
    `layer.weight.data[0, 0] = weight${flip}`,
    "print(layer(x[None])[0].detach())",
  ].filter((text) => text !== false).join("\n");
}
