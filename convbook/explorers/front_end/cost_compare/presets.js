// Layers of real networks; tests/unit/test_cost_compare.py finds each of them in its network.

const layer = (text, in_channels, out_channels, kernel_size, size, { stride = 1, padding = Math.floor(kernel_size / 2), groups = 1, multiplier = 1 } = {}) =>
  ({ text, in_channels, out_channels, kernel_size, size, stride, padding, groups, multiplier });

export const PRESETS = {
  notes: layer("the notes: 7 × 7 × 3 to 5 × 5 × 128", 3, 128, 3, [7, 7], { padding: 0 }),
  mobilenet: layer("MobileNet, 512 channels", 512, 512, 3, [14, 14]),
  mobilenet_first: layer("MobileNet, first pair", 32, 64, 3, [112, 112]),
  mobilenet_stride: layer("MobileNet, a stride of 2", 128, 256, 3, [56, 56], { stride: 2 }),
  mobilefacenet: layer("MobileFaceNet, global depthwise", 512, 512, 7, [7, 7], { padding: 0 }),
  resnext: layer("ResNeXt, 32 groups", 128, 128, 3, [56, 56], { groups: 32 }),
  alexnet: layer("AlexNet, conv2 in 2 groups", 96, 256, 5, [27, 27], { groups: 2 }),
  shufflenet: layer("ShuffleNet, 1 × 1 in 3 groups", 240, 60, 1, [28, 28], { groups: 3 }),
  xception: layer("Xception, middle flow", 728, 728, 3, [19, 19]),
  inception: layer("Inception v3, 7 × 7 taken apart", 192, 192, 7, [17, 17]),
  multiplier: layer("multiplier 8 on a colour photograph", 3, 24, 3, [60, 80], { multiplier: 8 }),
};
