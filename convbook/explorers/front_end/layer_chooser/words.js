// What the chooser says: names, needs, warnings, sentences, PyTorch code. No DOM here.

import { show } from "../base.js";
import { short } from "../cost_compare/words.js";
import { relaxed } from "./geometry.js";

export { short };

export const JOB_NAMES = { same: "keep the size of the map", halve: "halve the map", double: "double the map", mix: "mix channels, place by place",
  pool: "one number for each channel", sequence: "a sequence, past only" };
export const NEED_NAMES = { mix: "every output hears every channel", wide: "no channels squeezed out on the way", free: "kernels of any shape", whole: "a window without holes",
  moves: "taps that follow the picture", scales: "windows of several sizes", even: "no checkerboard from the start", fine: "weights at the new resolution",
  places: "some places count more" };
export const QUANTITY_NAMES = { params: "weights", macs: "MACs", bytes: "bytes", time: "time" };

// name: [what it is called, when not to take it, [page, what the link says]].
const PAGES = { 1: "01_vanilla", 2: "02_grouped", 3: "03_depthwise", 4: "04_transposed", 5: "05_atrous", 6: "06_separable", 7: "07_inception", 8: "08_flattened", 9: "09_deformable" };
export const LAYERS = {
  standard: ["standard", "it is the measure of all others: the most weights and, for a large window, the most work", 1],
  stack: ["stack of 3 × 3", "what lies in memory for training grows with each layer; put a ReLU between them, or they are one larger kernel", 7],
  dilated: ["one dilated 3 × 3", "what falls into its holes is not seen, and neighbours are made from other pixels", 5],
  dilated_stack: ["dilated stack, 1 2 4 …", "it keeps the resolution, so it keeps the cost of every later layer, too", 5],
  grouped: ["grouped, 4 groups", "groups never meet unless something mixes them afterwards", 2],
  depthwise: ["depthwise", "it mixes nothing by itself, and it waits for memory", 3],
  depthwise_separable: ["depthwise separable", "its time falls less than its MACs; in a narrow network it lacks capacity", 6],
  bottleneck: ["bottleneck, 1 × 1 – k × k – 1 × 1", "all that passes must fit into a quarter of the channels", 2],
  shuffle: ["ShuffleNet unit", "three small convolutions and a copy: few MACs, many bytes", 2],
  spatially_separable: ["spatially separable, k × 1 – 1 × k", "diagonals are not among its kernels, channel by channel; the saving is small at 3", 6],
  flattened: ["flattened, 1 × 1 – k × 1 – 1 × k", "three thin steps wait for memory, and its start needs care", 8],
  inception: ["Inception module", "many small layers; their widths must be found by hand", 7],
  deformable: ["deformable", "the slowest here for its MACs: it gathers single values; it needs data to learn where to look", 9],
  pointwise: ["pointwise, 1 × 1", "it never looks around", 1],
  transposed: ["transposed, even kernel", "four kernels take turns: a checkerboard until training removes it, and often after", 4],
  transposed_odd: ["transposed, odd kernel", "its stamps overlap unevenly: a checkerboard before any training", 4],
  pixel_shuffle: ["pixel shuffle", "four times the filters; start it with ICNR, or the four differ from the first step", 4],
  resize_conv: ["resize, then convolve", "all its work is done on the large map: four times the MACs", 4],
  resize_separable: ["resize, then separable", "few MACs on large maps: it waits for memory", 4],
  conv_resize: ["convolve, then resize", "it interpolates at the end: no detail finer than the small map", 4],
  resize: ["bilinear resize", "nothing is learned, nothing is mixed", 4],
  pointwise_grouped: ["pointwise, 4 groups", "groups never meet", 2],
  pointwise_shuffled: ["pointwise grouped – shuffle – grouped", "two layers and a copy for one matrix", 2],
  pointwise_narrow: ["pointwise, through a quarter", "the matrix has a quarter of the rank", 1],
  full: ["kernel as large as the map", "one size of map, and most of a network's weights", 1],
  average: ["average", "no weights, no places", 3],
  average_pointwise: ["average, then 1 × 1", "where something was is lost", 3],
  global_depthwise: ["global depthwise", "one size of map; sensitive to where things are", 3],
  global_depthwise_pointwise: ["global depthwise, then 1 × 1", "one size of map; sensitive to where things are", 3],
  long: ["one long kernel", "weights and work grow with the window", 1],
  long_grouped: ["long kernel, 4 groups", "groups never meet", 2],
  long_depthwise: ["long depthwise kernel", "it mixes nothing by itself", 3],
  long_separable: ["long depthwise, then 1 × 1", "its weights grow with the window: for thousands of steps take a dilated stack", 6],
  dilated_separable: ["dilated separable stack", "many thin steps", 5],
};
// Two jobs have these, in other words.
const IN_SEQUENCES = { stack: ["stack of short kernels", "the window grows by one step a layer", 5], dilated: ["one dilated kernel of 2", "it sees two steps, and nothing between them", 5],
  dilated_stack: ["dilated stack, 1 2 4 …", "its layers have to be kept in step; there is more latency than in one kernel", 5] };

const about = (name, job) => (job === "sequence" && IN_SEQUENCES[name]) || LAYERS[name];
export const layerName = (name, job) => about(name, job)[0];
export const warning = (name, job) => about(name, job)[1];
export const chapter = (name, job) => about(name, job)[2];
export const page = (number) => `${PAGES[number]}.html`;

/** A value beside the plain layer's: 1/8.2, 1.28×. */
export function ratio(value, plain) {
  if (value === plain) return "the same";
  if (!value) return "none";
  const times = plain / value;
  return times > 1 ? `1/${show(times, times < 10 ? 1 : 0)}` : `${show(1 / times, 2)}×`;
}

const amount = (offer, by) => (by === "time" ? "time" : `${short(offer[by])} ${QUANTITY_NAMES[by]}`);
const capital = (words) => words[0].toUpperCase() + words.slice(1);

/** The answer, in a sentence or two. */
export function answer(state, { plain, offers, out }) {
  const { by, job } = state;
  if (!offers.length) {
    const wishes = relaxed(state).map((wish) => (wish === "budget" ? "the budget" : `“${NEED_NAMES[wish]}”`));
    return `No layer here does all of this. ${wishes.length ? `Give up one: ${wishes.join(", or ")}.` : "Give up two of the wishes."}`;
  }
  const [first, second] = offers, count = Object.keys(out).length + offers.length;
  const against = first.name === plain.name ? "the plain layer itself" : by === "time" ? `${ratio(first.time, plain.time)} of the plain layer's bound` : `${ratio(first[by], plain[by])} of the plain layer's`.replace(/^(\S+×) of/, "$1");
  const next = second ? ` Next: ${layerName(second.name, job)}${by === "time" ? "" : `, ${amount(second, by)}`}.` : "";
  return `${capital(layerName(first.name, job))}: ${by === "time" ? "" : `${amount(first, by)}, `}${against}. ${offers.length} of ${count} layers do what you ask.${next}`;
}

const both = ([a, b]) => (a === b ? String(a) : `(${a}, ${b})`);

/** One step's modules in PyTorch. */
function modules({ kind, C, D, k, s, p, d, G }) {
  const options = (...more) => [C, D, both(k), Math.max(...s) > 1 && `stride=${both(s)}`, Math.max(...p) > 0 && `padding=${both(p)}`, Math.max(...d) > 1 && Math.max(...k) > 1 && `dilation=${both(d)}`, G > 1 && `groups=${G}`, ...more, "bias=False"].filter(Boolean).join(", ");
  return {
    conv: () => [`nn.Conv2d(${options()})`],
    deform: () => [`DeformConv2d(${options()})`],
    transposed: () => [`nn.ConvTranspose2d(${options(k[0] % 2 && "output_padding=1")})`],
    causal: () => [k[1] > 1 && `nn.ConstantPad1d((${d[1] * (k[1] - 1)}, 0), 0.0)`, `nn.Conv1d(${[C, D, k[1], d[1] > 1 && `dilation=${d[1]}`, G > 1 && `groups=${G}`, "bias=False"].filter(Boolean).join(", ")})`].filter(Boolean),
    channel_shuffle: () => [`nn.ChannelShuffle(${G})`],
    pixel_shuffle: () => ["nn.PixelShuffle(2)"],
    nearest: () => ['nn.Upsample(scale_factor=2, mode="nearest")'],
    bilinear: () => ['nn.Upsample(scale_factor=2, mode="bilinear")'],
    average: () => ["nn.AdaptiveAvgPool2d(1)"],
    max: () => [`nn.MaxPool2d(3, stride=${s[0]}, padding=1)`],
  }[kind]();
}

/** Lines of a Sequential; a step that comes more than three times in a row is written once. */
function lines(branch, indent) {
  const steps = branch.map((step) => modules(step.kind === "conv" && branch.some((s) => s.kind === "causal") ? { ...step, kind: "causal" } : step)), found = [];
  for (let i = 0, run; i < steps.length; i += run) {
    for (run = 1; i + run < steps.length && String(steps[i + run]) === String(steps[i]); run++);
    if (run > 3) found.push(`*(part for _ in range(${run}) for part in (`, ...steps[i].map((part) => `    ${part},`), ")),");
    else for (let n = 0; n < run; n++) found.push(...steps[i].map((part) => `${part},`));
  }
  return found.map((line) => indent + line);
}

/** The picked layer in PyTorch, with what it must print. */
export function code({ branches, output, params }, { job, in_channels: C, size }) {
  const line = job === "sequence", deforms = branches.flat().some(({ kind }) => kind === "deform"), biases = deforms ? 2 * branches[0][0].k[0] * branches[0][0].k[1] : 0;
  const made = branches.length === 1 ? `layer = nn.Sequential(\n${lines(branches[0], "    ").join("\n")}\n)`
    : `branches = nn.ModuleList([\n${branches.map((branch) => `    nn.Sequential(\n${lines(branch, "        ").join("\n")}\n    ),`).join("\n")}\n])`;
  const run = branches.length === 1 ? "layer(x)" : "torch.cat([branch(x) for branch in branches], dim=1)";
  return `import torch
from torch import nn
${deforms ? "from convbook.blocks import DeformConv2d  # makes its own offsets, with biases\n" : ""}
${made}
x = torch.zeros(1, ${C}, ${line ? size[1] : size.join(", ")})
print(tuple(${run}.shape))  # (1, ${line ? [output[0], output[2]].join(", ") : output.join(", ")})
print(sum(w.numel() for w in ${branches.length === 1 ? "layer" : "branches"}.parameters()))  # ${params + biases}`;
}
