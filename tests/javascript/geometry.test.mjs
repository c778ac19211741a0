// The table of cases that convbook.shapes and convbook.cost are held to, read by the explorers' geometry.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as geometry from "../../convbook/explorers/front_end/geometry.js";

const table = JSON.parse(readFileSync(new URL("../cases/shapes.json", import.meta.url), "utf8"));

const IN_JAVASCRIPT = {
  conv_output_size: ({ n, k, ...options }) => geometry.outputSize(n, k, options),
  conv_transpose_output_size: ({ n, k, output_padding, ...options }) =>
    geometry.transposeOutputSize(n, k, { outputPadding: output_padding, ...options }),
  same_padding: ({ n, k, ...options }) => geometry.samePadding(n, k, options),
  padded_indices: ({ n, padding, padding_mode }) => geometry.paddedIndices(n, padding, { mode: padding_mode }),
  conv_taps: ({ n, k, padding_mode, ...options }) => geometry.taps(n, k, { mode: padding_mode, ...options }),
  receptive_field: ({ layers }) => Object.values(geometry.receptiveField(layers)),
  conv_params: ({ in_channels, out_channels, kernel_size, ...options }) =>
    geometry.convParams(in_channels, out_channels, kernel_size, options),
  conv_macs: ({ in_channels, out_channels, kernel_size, output_size, ...options }) =>
    geometry.convMacs(in_channels, out_channels, kernel_size, output_size, options),
};
const PYTHON_ONLY = ["conv_bytes", "arithmetic_intensity"];

for (const { function: name, args, result, error } of table) {
  if (PYTHON_ONLY.includes(name)) continue;
  test(`${name} ${JSON.stringify(args)}`, () => {
    if (error) assert.throws(() => IN_JAVASCRIPT[name](args), { message: error });
    else assert.deepEqual(IN_JAVASCRIPT[name](args), result);
  });
}

test("a small convolution, by hand: stride 2 leaves the last column out", () => {
  const x = [[1, 2, 3, 4], [5, 6, 7, 8]];
  assert.deepEqual(geometry.conv2d(x, [[1, 0, 2]], { stride: [1, 2] }), [[1 + 2 * 3], [5 + 2 * 7]]);
});

test("true convolution turns the kernel by half a turn", () => {
  assert.deepEqual(geometry.conv2d([[1, 2, 3]], [[1, 10]]), [[21, 32]]);
  assert.deepEqual(geometry.conv2d([[1, 2, 3]], [[1, 10]], { flip: true }), [[12, 23]]);
});

test("padding is read by its mode on both axes", () => {
  const options = { padding: [0, 1], mode: "circular" };
  assert.deepEqual(geometry.conv2d([[1, 2, 3], [4, 5, 6]], [[1, 0, 0]], options), [[3, 1, 2], [6, 4, 5]]);
});
